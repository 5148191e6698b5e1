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
