"""Writes that widen the types of a table's columns, as delta-spark 3.3.2 does on Spark 3.5: byte, short, int."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.errors import condition
from tests.rows import sorted_rows


def fails(spark, statement: str, expected: str) -> None:
    with pytest.raises(Exception) as caught:
        spark.sql(statement).collect()
    assert condition(caught.value) == expected


def schema_fields(path: str) -> dict[str, dict]:
    """The fields of the latest schema in the log, by name."""
    log = sorted(Path(path, "_delta_log").glob("*.json"))
    metadata = [a["metaData"] for f in log for a in map(json.loads, f.read_text().splitlines()) if "metaData" in a]
    return {field["name"]: field for field in json.loads(metadata[-1]["schemaString"])["fields"]}


@pytest.fixture
def evolving(spark):
    """Statements evolve the schemas of their tables once it was called."""
    conf = "spark.databricks.delta.schema.autoMerge.enabled"
    yield lambda: spark.conf.set(conf, "true")
    spark.conf.unset(conf)


class TestTypeWidening:
    @pytest.fixture
    def table(self, spark, delta_table_path):
        name = f"delta.`{delta_table_path}`"
        spark.sql(
            f"CREATE TABLE {name} (b TINYINT, s SMALLINT, i INT) USING delta "
            "TBLPROPERTIES ('delta.enableTypeWidening' = 'true')"
        )
        spark.sql(f"INSERT INTO {name} VALUES (1, 2, 3)")
        return name

    def append(self, spark, path, select):
        spark.sql(f"SELECT {select}").write.format("delta").mode("append").option("mergeSchema", "true").save(path)

    def test_merge_schema_widens(self, spark, table, delta_table_path):
        self.append(spark, delta_table_path, "CAST(70000 AS INT) s")
        changes = schema_fields(delta_table_path)["s"]["metadata"]["delta.typeChanges"]
        assert changes == [{"toType": "integer", "fromType": "short", "tableVersion": 2}]
        assert sorted_rows(spark.table(table)) == [(1, 2, 3), (None, 70000, None)]

    MERGE = (
        "MERGE INTO {t} t USING (SELECT CAST(70000 AS INT) s, 3 i UNION ALL SELECT 7, 4) u ON t.i = u.i "
        "WHEN MATCHED THEN UPDATE SET s = u.s WHEN NOT MATCHED THEN INSERT (s, i) VALUES (u.s, u.i)"
    )

    def test_merge_widens(self, spark, table, delta_table_path, evolving):
        """ResolveDeltaMergeInto.scala: mergeSchemas with allowTypeWidening. The other rows are copied."""
        spark.sql(f"INSERT INTO {table} VALUES (5, 6, 9)")
        evolving()
        spark.sql(self.MERGE.format(t=table))
        changes = schema_fields(delta_table_path)["s"]["metadata"]["delta.typeChanges"]
        assert changes == [{"toType": "integer", "fromType": "short", "tableVersion": 3}]
        assert sorted_rows(spark.table(table)) == [(1, 70000, 3), (5, 6, 9), (None, 7, 4)]
        assert schema_fields(delta_table_path)["b"]["type"] == "byte"

    def test_merge_without_evolution_does_not(self, spark, table):
        fails(spark, self.MERGE.format(t=table), "DELTA_CAST_OVERFLOW_IN_TABLE_WRITE")

    @pytest.mark.parametrize(
        ("columns", "select", "expected"),
        [
            ("", "CAST(3 AS SMALLINT), CAST(70000 AS INT), 9", (3, 70000, 9)),
            ("(s, i)", "CAST(70000 AS INT), 9L", (None, 70000, 9)),
            ("BY NAME", "70000 AS s, 9 AS i", (None, 70000, 9)),
        ],
    )
    def test_insert_widens(self, spark, table, delta_table_path, evolving, columns, select, expected):
        """DeltaAnalysis.addCastToColumn keeps the type of the query where the schema evolves and the table widens."""
        insert = f"INSERT INTO {table} {columns} SELECT {select}"
        fails(spark, insert, "CAST_OVERFLOW_IN_TABLE_INSERT")
        evolving()
        spark.sql(insert)
        fields = schema_fields(delta_table_path)
        change = {"toType": "integer", "fromType": "short", "tableVersion": 2}
        assert fields["s"]["metadata"]["delta.typeChanges"] == [change]
        assert (fields["b"]["type"], fields["i"]["type"]) == ("byte" if expected[0] is None else "short", "integer")
        assert sorted_rows(spark.table(table)) == sorted([(1, 2, 3), expected], key=repr)

    def test_to_long_is_not_done(self, spark, table, delta_table_path):
        with pytest.raises(Exception) as caught:
            self.append(spark, delta_table_path, "CAST(7 AS BIGINT) s")
        assert condition(caught.value) == "DELTA_FAILED_TO_MERGE_FIELDS"


class TestTablesThatDoNotWiden:
    """SchemaMergingUtils.mergeDataTypes: Parquet files hold TINYINT, SMALLINT and INT alike."""

    def append(self, spark, path, select, merge="false"):
        rows = spark.sql(f"SELECT {select}")
        rows.write.format("delta").mode("append").option("mergeSchema", merge).save(path)

    def test_narrower_values(self, spark, delta_table_path):
        spark.sql(f"CREATE TABLE delta.`{delta_table_path}` (i INT, s SMALLINT, a ARRAY<INT>) USING delta")
        self.append(spark, delta_table_path, "1S i, 2Y s, array(3S) a")
        table = spark.read.format("delta").load(delta_table_path)
        assert table.schema.simpleString() == "struct<i:int,s:smallint,a:array<int>>"
        assert sorted_rows(table.selectExpr("i", "s", "a[0]")) == [(1, 2, 3)]

    def test_wider_values(self, spark, delta_table_path):
        spark.sql(f"CREATE TABLE delta.`{delta_table_path}` (s SMALLINT) USING delta")
        self.append(spark, delta_table_path, "1S s")
        with pytest.raises(Exception) as caught:
            self.append(spark, delta_table_path, "70000 s")
        assert "A schema mismatch detected" in str(caught.value)
        self.append(spark, delta_table_path, "70000 s", "true")
        assert schema_fields(delta_table_path)["s"] == {
            "name": "s",
            "type": "integer",
            "nullable": True,
            "metadata": {},
        }
        assert sorted_rows(spark.read.format("delta").load(delta_table_path)) == [(1,), (70000,)]


class TestWhatOtherExpressionsUse:
    """ImplicitMetadataOperation.checkDependentExpressions: no write changes the type of a column that CHECK constraints or
    generated columns use."""

    CONSTRAINT = "DELTA_CONSTRAINT_DATA_TYPE_MISMATCH"
    GENERATED = "DELTA_GENERATED_COLUMNS_DATA_TYPE_MISMATCH"

    @pytest.fixture
    def checked(self, spark, delta_table_path):
        """Makes a table of the columns that has the constraint; returns its name in SQL."""

        def make(columns: str, *constraints: str) -> str:
            name = f"delta.`{delta_table_path}`"
            properties = "TBLPROPERTIES ('delta.enableTypeWidening' = 'true')"
            spark.sql(f"CREATE TABLE {name} ({columns}) USING delta {properties}")
            for i, constraint in enumerate(constraints):
                spark.sql(f"ALTER TABLE {name} ADD CONSTRAINT c{i} CHECK ({constraint})")
            return name

        return make

    def append(self, spark, path, select, merge="true"):
        rows = spark.sql(f"SELECT {select}")
        rows.write.format("delta").mode("append").option("mergeSchema", merge).save(path)

    def refused(self, expected: str, text: str, write) -> None:
        with pytest.raises(Exception) as caught:
            write()
        assert condition(caught.value) == expected
        assert text in str(caught.value)

    def test_append(self, spark, checked, delta_table_path):
        checked("s SMALLINT, b TINYINT", "s > 0")
        text = "Column s has data type SMALLINT and cannot be altered to data type INT"
        self.refused(self.CONSTRAINT, text, lambda: self.append(spark, delta_table_path, "70000 s"))
        self.refused(
            self.CONSTRAINT, "delta.constraints.c0 -> s > 0", lambda: self.append(spark, delta_table_path, "7 s")
        )
        # A column that nothing uses.
        self.append(spark, delta_table_path, "7S s, 7000 b")
        assert sorted_rows(spark.read.format("delta").load(delta_table_path)) == [(7, 7000)]

    @pytest.mark.parametrize("merge", ["true", "false"])
    def test_whatever_the_type(self, spark, checked, delta_table_path, merge):
        """The check comes before the types are compared."""
        checked("s SMALLINT", "s > 0")
        text = "cannot be altered to data type STRING"
        self.refused(self.CONSTRAINT, text, lambda: self.append(spark, delta_table_path, "'x' s", merge))

    @pytest.mark.parametrize("columns", ["", "(s, b)", "BY NAME"])
    def test_insert(self, spark, checked, evolving, columns):
        table = checked("s SMALLINT, b TINYINT", "s > 0")
        evolving()
        fails(spark, f"INSERT INTO {table} {columns} SELECT 70000 s, 1Y b", self.CONSTRAINT)
        spark.sql(f"INSERT INTO {table} {columns} SELECT 7S s, 7000 b")
        assert sorted_rows(spark.table(table)) == [(7, 7000)]

    @pytest.mark.parametrize(
        "clause",
        ["WHEN MATCHED THEN UPDATE SET s = u.s", "WHEN MATCHED THEN UPDATE SET *", "WHEN NOT MATCHED THEN INSERT *"],
    )
    def test_merge(self, spark, checked, evolving, clause):
        table = checked("s SMALLINT, b TINYINT", "s > 0")
        spark.sql(f"INSERT INTO {table} VALUES (1, 1)")
        evolving()
        merge = f"MERGE INTO {table} t USING (SELECT 70000 s, CAST({{b}} AS TINYINT) b) u ON t.b = u.b {clause}"
        fails(spark, merge.format(b=1), self.CONSTRAINT)
        same = f"MERGE INTO {table} t USING (SELECT 7S s, 1Y b) u ON t.b = u.b {clause}"
        spark.sql(same)
        assert spark.table(table).schema["s"].dataType.simpleString() == "smallint"

    @pytest.mark.parametrize(
        ("columns", "constraint", "column"),
        [("s SMALLINT", "s > 0", "s"), ("a ARRAY<SMALLINT>", "size(a) > 0", "a.element")],
    )
    def test_alter_table(self, spark, checked, columns, constraint, column):
        table = checked(columns, constraint)
        alter = f"ALTER TABLE {table} ALTER COLUMN {column} TYPE INT"
        fails(spark, alter, "DELTA_CONSTRAINT_DEPENDENT_COLUMN_CHANGE")

    def test_generated_columns(self, spark, delta_table_path, evolving):
        from delta.tables import DeltaTable

        builder = DeltaTable.create(spark).location(delta_table_path).property("delta.enableTypeWidening", "true")
        builder = builder.addColumn("s", "SMALLINT").addColumn("k", "INT")
        builder.addColumn("g", "INT", generatedAlwaysAs="CAST(s AS INT) + 1").execute()
        self.append(spark, delta_table_path, "5S s, 1 k", "false")
        text = "g -> CAST(s AS INT) + 1"
        self.refused(self.GENERATED, text, lambda: self.append(spark, delta_table_path, "70000 s, 1 k"))
        evolving()
        table = f"delta.`{delta_table_path}`"
        clause = "WHEN MATCHED THEN UPDATE SET s = u.s"
        fails(spark, f"MERGE INTO {table} t USING (SELECT 70000 s, 1 k) u ON t.k = u.k {clause}", self.GENERATED)
        fails(spark, f"ALTER TABLE {table} ALTER COLUMN s TYPE INT", "DELTA_GENERATED_COLUMNS_DEPENDENT_COLUMN_CHANGE")

    COLUMNS = (
        "st STRUCT<x: SMALLINT, y: SMALLINT>, a ARRAY<SMALLINT>, m MAP<STRING, SMALLINT>, "
        "sa ARRAY<STRUCT<q: SMALLINT, r: SMALLINT>>"
    )
    ROW = {
        "st": "named_struct('x', {}, 'y', {})",
        "a": "array({})",
        "m": "map('k', {})",
        "sa": "array(named_struct('q', {}, 'r', {}))",
    }

    @pytest.mark.parametrize(
        ("column", "values", "name"),
        [
            ("st", ("1", "1S"), "st.x"),
            ("st", ("1S", "1"), None),
            ("a", ("1",), "a.element"),
            ("m", ("1",), "m.value"),
            ("sa", ("1", "1S"), "sa.element.q"),
            ("sa", ("1S", "1"), None),
        ],
    )
    def test_inside_columns(self, spark, checked, delta_table_path, column, values, name):
        """SchemaUtils.collectUsedColumns: an expression uses what it reads, of a column that it reads whole all."""
        checked(self.COLUMNS, "st.x > 0", "size(a) > 0", "m['k'] > 0", "sa[0].q > 0")
        given = dict.fromkeys(self.ROW, ("1S", "1S")) | {column: values}
        select = ", ".join(f"{expression.format(*given[c])} {c}" for c, expression in self.ROW.items())
        if name is None:
            self.append(spark, delta_table_path, select)
            return
        text = f"Column {name} has data type SMALLINT and cannot be altered to data type INT"
        self.refused(self.CONSTRAINT, text, lambda: self.append(spark, delta_table_path, select))
