"""Overwrites by condition and by partition: replaceWhere, INSERT … REPLACE WHERE, writeTo().overwrite, INSERT … PARTITION.
Expected values are those of real Spark 3.5.5 + Delta 3.3.2, where this file passes too (DELTIC_TEST_MASTER=local[2])."""

from __future__ import annotations

import pytest

from tests.errors import condition
from tests.python.dml import CDF, COLUMNS, KINDS, actions, create, feed, last, table


class TestReplaceWhere:
    SCHEMA = "id bigint, v string, n int"

    def replace(self, spark, path, rows, text, schema=SCHEMA, **options):
        writer = spark.createDataFrame(rows, schema).coalesce(1).write.format("delta").mode("overwrite")
        for key, value in options.items():
            writer = writer.option(key, value)
        writer.option("replaceWhere", text).save(path)

    @pytest.mark.parametrize("kind", KINDS)
    def test_data_columns(self, spark, delta_table_path, kind):
        values = "(1L,'a',10),(2L,'b',20),(3L,'a',30)"
        target = create(spark, delta_table_path, properties=KINDS[kind], values=values)
        self.replace(spark, delta_table_path, [(9, "a", 90)], "v = 'a'")
        assert table(spark, target) == [(2, "b", 20), (9, "a", 90)]
        version, operation, parameters, metrics = last(spark, target)
        assert (version, operation) == (2, "WRITE")
        assert parameters == {"mode": "Overwrite", "partitionBy": "[]", "predicate": "v = 'a'"}
        assert metrics == {
            "numFiles": 2,
            "numOutputRows": 2,
            "numCopiedRows": 1,
            "numDeletedRows": 2,
            "numRemovedFiles": int("delta.enableDeletionVectors" not in KINDS[kind]),
            "numAddedChangeFiles": 2 if kind == "cdf" else 0,
        }
        if kind in ("cdf", "both"):
            assert feed(spark, delta_table_path, 2, "id", "v", "n") == [
                ("delete", 1, "a", 10),
                ("delete", 3, "a", 30),
                ("insert", 9, "a", 90),
            ]

    def test_partition_columns(self, spark, delta_table_path):
        values = "(1L,'a',10,'x'),(2L,'b',20,'x'),(3L,'a',30,'y')"
        target = create(spark, delta_table_path, COLUMNS + ", p STRING", CDF, "p", values)
        schema = self.SCHEMA + ", p string"
        self.replace(spark, delta_table_path, [(7, "k", 1, "x")], "p = 'x'", schema)
        assert table(spark, target) == [(3, "a", 30, "y"), (7, "k", 1, "x")]
        assert actions(delta_table_path, 2, "cdc") == []
        assert last(spark, target)[3]["numDeletedRows"] == 2
        rows = [(7, "k", 1, "y"), (8, "k", 2, "x")]
        self.replace(spark, delta_table_path, rows, "p IN ('x','y') AND n < 5", schema)
        assert table(spark, target) == [(3, "a", 30, "y"), (7, "k", 1, "y"), (8, "k", 2, "x")]
        assert feed(spark, delta_table_path, 3, "id", "p") == [
            ("delete", 7, "x"),
            ("insert", 7, "y"),
            ("insert", 8, "x"),
        ]
        with pytest.raises(Exception) as error:
            self.replace(
                spark, delta_table_path, [(7, "k", 1, "x")], "p = 'x'", schema, partitionOverwriteMode="dynamic"
            )
        assert condition(error.value) == "DELTA_REPLACE_WHERE_WITH_DYNAMIC_PARTITION_OVERWRITE"

    @pytest.mark.parametrize(
        "row,text,expected",
        [
            ((8, "c", 1), "v = 'a'", "DELTA_REPLACE_WHERE_MISMATCH"),
            ((8, None, 1), "v = 'a'", "DELTA_REPLACE_WHERE_MISMATCH"),
            ((8, "a", 1), "nope = 1", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
            ((8, "a", 1), "n +", "DELTA_FAILED_RECOGNIZE_PREDICATE"),
        ],
    )
    def test_errors(self, spark, delta_table_path, row, text, expected):
        target = create(spark, delta_table_path)
        with pytest.raises(Exception) as error:
            self.replace(spark, delta_table_path, [row], text)
        assert condition(error.value) == expected
        if expected == "DELTA_REPLACE_WHERE_MISMATCH":
            shown = "null" if row[1] is None else row[1]
            assert (
                f"CHECK constraint EXPRESSION(('v = a)) (v = 'a') violated by row with values:\n - v : {shown}"
                in str(error.value)
            )
        assert last(spark, target)[0] == 1

    @pytest.mark.parametrize(
        ("row", "text"),
        [
            ((1, "a", -1), "CHECK constraint pos (n > 0) violated by row with values:\n - n : -1"),
            ((None, "a", 1), "NOT NULL constraint violated for column: id."),
            ((1, "abcdef", 1), 'Value "abcdef" exceeds char/varchar type length limitation.'),
        ],
    )
    def test_other_rules(self, spark, delta_table_path, row, text):
        """WriteIntoDelta tells of any row that may not be in the table as of one that the condition is not true for."""
        columns = "id BIGINT NOT NULL, v VARCHAR(3), n INT"
        target = create(spark, delta_table_path, columns=columns, values="(1L,'a',10)")
        spark.sql(f"ALTER TABLE {target} ADD CONSTRAINT pos CHECK (n > 0)")
        with pytest.raises(Exception) as error:
            self.replace(spark, delta_table_path, [row], "n < 100")
        assert condition(error.value) == "DELTA_REPLACE_WHERE_MISMATCH"
        assert text in str(error.value)
        assert last(spark, target)[0] == 2

    def test_nothing_to_do(self, spark, delta_table_path):
        target = create(spark, delta_table_path)
        self.replace(spark, delta_table_path, [], "v = 'zzz'")
        assert last(spark, target)[0] == 1

    def test_schema_evolution(self, spark, delta_table_path):
        target = create(spark, delta_table_path, values="(1L,'a',10),(2L,'b',20)")
        schema = self.SCHEMA + ", extra int"
        self.replace(spark, delta_table_path, [(7, "a", 1, 5)], "v = 'a'", schema, mergeSchema="true")
        assert table(spark, target) == [(2, "b", 20, None), (7, "a", 1, 5)]

    @pytest.mark.parametrize("kind", KINDS)
    def test_as_many_files_as_parts(self, spark, delta_table_path, kind):
        values = "(1L,'a',10),(2L,'b',20)"
        target = create(spark, delta_table_path, properties=KINDS[kind], values=values)
        rows = spark.range(30).selectExpr("id", "'a' AS v", "1 AS n").repartition(3)
        rows.write.format("delta").mode("overwrite").option("replaceWhere", "v = 'a'").save(delta_table_path)
        assert len({f["path"] for f in actions(delta_table_path, 2, "add") if '"numRecords":10' in f["stats"]}) == 3
        assert len(table(spark, target)) == 31

    @pytest.mark.parametrize(
        "insert",
        [
            "INSERT INTO {t} SELECT /*+ REPARTITION(3) */ id, 'a', 1 FROM range(30)",
            "INSERT OVERWRITE {t} SELECT /*+ REPARTITION(3) */ id, 'a', 1 FROM range(30)",
            "INSERT INTO {t} REPLACE WHERE v = 'a' SELECT /*+ REPARTITION(3) */ id, 'a', 1 FROM range(30)",
        ],
    )
    def test_as_many_files_as_parts_in_sql(self, spark, delta_table_path, insert):
        target = create(spark, delta_table_path, values="(2L,'b',20)")
        spark.sql(insert.format(t=target))
        assert len(actions(delta_table_path, 2, "add")) == 3

    def test_sql(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} ({COLUMNS}, p STRING) USING delta PARTITIONED BY (p)")
        spark.sql(f"INSERT INTO {table_name} VALUES (1,'a',1,'x'),(2,'b',2,'y')")
        spark.sql(f"INSERT INTO {table_name} REPLACE WHERE p = 'x' SELECT 5L,'q',5,'x'")
        assert table(spark, table_name) == [(2, "b", 2, "y"), (5, "q", 5, "x")]
        assert last(spark, table_name)[2] == {"mode": "Overwrite", "partitionBy": "[]", "predicate": "(p = 'x')"}
        with pytest.raises(Exception) as error:
            spark.sql(f"INSERT INTO {table_name} REPLACE WHERE p = 'x' SELECT 5L,'q',5,'y'").collect()
        assert condition(error.value) == "DELTA_REPLACE_WHERE_MISMATCH"
        spark.sql(f"INSERT INTO {table_name} REPLACE WHERE n > 100 VALUES (6L,'r',600,'x')")
        assert len(table(spark, table_name)) == 3
        spark.sql(f"INSERT INTO {table_name} REPLACE WHERE true SELECT 7L,'q','5','y'")
        assert table(spark, table_name) == [(7, "q", 5, "y")]
        assert last(spark, table_name)[2] == {"mode": "Overwrite", "partitionBy": "[]"}

    def test_write_to(self, spark, table_name):
        from pyspark.sql import functions as F

        schema = self.SCHEMA + ", p string"
        spark.sql(f"CREATE TABLE {table_name} ({COLUMNS}, p STRING) USING delta PARTITIONED BY (p)")
        spark.sql(f"INSERT INTO {table_name} VALUES (1,'a',1,'x'),(2,'b',2,'y')")
        spark.createDataFrame([(20, "w", 1, "x")], schema).writeTo(table_name).overwrite(F.col("p") == "x")
        assert table(spark, table_name) == [(2, "b", 2, "y"), (20, "w", 1, "x")]
        assert last(spark, table_name)[2]["predicate"] == "(p = 'x')"
        with pytest.raises(Exception) as error:
            spark.createDataFrame([(21, "w", 1, "q")], schema).writeTo(table_name).overwrite(F.col("p") == "x")
        assert condition(error.value) == "DELTA_REPLACE_WHERE_MISMATCH"
        spark.createDataFrame([(22, "w", 5, "q")], schema).writeTo(table_name).overwrite(F.col("n").isin(1, 5))
        assert table(spark, table_name) == [(2, "b", 2, "y"), (22, "w", 5, "q")]
        spark.createDataFrame([(23, "w", 5, "q")], schema).writeTo(table_name).overwrite(F.lit(True))
        assert table(spark, table_name) == [(23, "w", 5, "q")]


class TestInsertPartition:
    def test_one_column(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} ({COLUMNS}, p STRING) USING delta PARTITIONED BY (p)")
        spark.sql(f"INSERT INTO {table_name} PARTITION (p = 'x') SELECT 10L,'q',1")
        spark.sql(f"INSERT INTO {table_name} PARTITION (p = 'x') (id) SELECT 11L")
        spark.sql(f"INSERT INTO {table_name} PARTITION (p) SELECT 12L,'q',1,'y'")
        assert table(spark, table_name) == [(10, "q", 1, "x"), (11, None, None, "x"), (12, "q", 1, "y")]
        spark.sql(f"INSERT OVERWRITE {table_name} PARTITION (p = 'x') SELECT 13L,'q',1")
        assert table(spark, table_name) == [(12, "q", 1, "y"), (13, "q", 1, "x")]
        assert last(spark, table_name)[2] == {"mode": "Overwrite", "partitionBy": "[]", "predicate": "(p <=> 'x')"}
        spark.sql(f"INSERT INTO {table_name} PARTITION (p = NULL) SELECT 14L,'q',1")
        spark.sql(f"INSERT INTO {table_name} PARTITION (P = 5) SELECT 15L,'q',1")
        assert table(spark, table_name)[2:] == [(14, "q", 1, None), (15, "q", 1, "5")]
        spark.sql(f"INSERT OVERWRITE {table_name} PARTITION (p) SELECT 16L,'q',1,'n'")
        assert table(spark, table_name) == [(16, "q", 1, "n")]

    def test_two_columns(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} (id BIGINT, a INT, b STRING) USING delta PARTITIONED BY (a, b)")
        spark.sql(f"INSERT INTO {table_name} PARTITION (a = 1, b) SELECT 1L, 'x'")
        spark.sql(f"INSERT INTO {table_name} PARTITION (b = 'y', a) SELECT 2L, 2")
        spark.sql(f"INSERT INTO {table_name} PARTITION (a = '7', b = 8) VALUES (6L)")
        assert table(spark, table_name) == [(1, 1, "x"), (2, 2, "y"), (6, 7, "8")]
        spark.sql(f"INSERT OVERWRITE {table_name} PARTITION (a = 1, b) SELECT 4L, 'y'")
        assert table(spark, table_name) == [(2, 2, "y"), (4, 1, "y"), (6, 7, "8")]
        key = "spark.sql.sources.partitionOverwriteMode"
        spark.conf.set(key, "dynamic")
        try:
            spark.sql(f"INSERT OVERWRITE {table_name} PARTITION (a = 1, b) SELECT 9L, 'n'")
        finally:
            spark.conf.unset(key)
        assert table(spark, table_name) == [(2, 2, "y"), (4, 1, "y"), (6, 7, "8"), (9, 1, "n")]

    @pytest.mark.parametrize(
        "clause,expected",
        [
            ("INTO {t} PARTITION (nope = 'x') SELECT 10L,'q',1", "NON_PARTITION_COLUMN"),
            ("INTO {t} PARTITION (v = 'x') SELECT 10L,1,'p'", "NON_PARTITION_COLUMN"),
            (
                "OVERWRITE {t} PARTITION (p = 'x') IF NOT EXISTS SELECT 10L,'q',1",
                "UNSUPPORTED_FEATURE.INSERT_PARTITION_SPEC_IF_NOT_EXISTS",
            ),
        ],
    )
    def test_errors(self, spark, table_name, clause, expected):
        spark.sql(f"CREATE TABLE {table_name} ({COLUMNS}, p STRING) USING delta PARTITIONED BY (p)")
        with pytest.raises(Exception) as error:
            spark.sql("INSERT " + clause.format(t=table_name)).collect()
        assert condition(error.value) == expected


class TestComputedColumns:
    """Columns that the rows lack: the condition may speak of them, and the change feed has them."""

    def create(self, DeltaTable, spark, path, properties=CDF):
        builder = DeltaTable.create(spark).location(path)
        for name, value in {"delta.enableDeletionVectors": "false", **properties}.items():
            builder = builder.property(name, value)
        return builder

    def replace(self, spark, path, rows, schema, text):
        writer = spark.createDataFrame(rows, schema).coalesce(1).write.format("delta").mode("overwrite")
        writer.option("replaceWhere", text).save(path)

    def test_generated_column_in_the_feed(self, spark, delta_table_path):
        from delta.tables import DeltaTable

        builder = self.create(DeltaTable, spark, delta_table_path).addColumn("a", "INT").addColumn("v", "STRING")
        builder.addColumn("c", "INT", generatedAlwaysAs="a * 10").execute()
        rows = spark.createDataFrame([(1, "x"), (2, "y")], "a int, v string").coalesce(1)
        rows.write.format("delta").mode("append").save(delta_table_path)
        self.replace(spark, delta_table_path, [(2, "n")], "a int, v string", "a = 2")
        assert table(spark, f"delta.`{delta_table_path}`") == [(1, "x", 10), (2, "n", 20)]
        assert actions(delta_table_path, 2, "cdc") != []
        assert feed(spark, delta_table_path, 2, "a", "v", "c") == [("delete", 2, "y", 20), ("insert", 2, "n", 20)]

    def test_identity_column_in_the_feed(self, spark, delta_table_path):
        from delta.tables import DeltaTable, IdentityGenerator

        builder = self.create(DeltaTable, spark, delta_table_path).addColumn("a", "INT").addColumn("v", "STRING")
        builder.addColumn("i", "BIGINT", generatedAlwaysAs=IdentityGenerator(start=5, step=10)).execute()
        target = f"delta.`{delta_table_path}`"
        spark.sql(f"INSERT INTO {target} (a, v) SELECT /*+ COALESCE(1) */ * FROM VALUES (1, 'x'), (2, 'y')")
        first = dict((row[0], row[2]) for row in table(spark, target))
        self.replace(spark, delta_table_path, [(2, "n")], "a int, v string", "a = 2")
        (one, two) = table(spark, target)
        assert (one, two[:2]) == ((1, "x", first[1]), (2, "n"))
        assert two[2] > max(first.values()) and two[2] % 10 == 5
        assert actions(delta_table_path, 2, "cdc") != []
        expected = [("delete", 2, "y", first[2]), ("insert", 2, "n", two[2])]
        assert feed(spark, delta_table_path, 2, "a", "v", "i") == expected
        spark.sql(f"INSERT INTO {target} (a, v) VALUES (3, 'z')")
        assert table(spark, target)[2][2] > two[2]

    def test_default_column_in_the_feed(self, spark, delta_table_path):
        properties = {**CDF, "delta.enableDeletionVectors": "false", "delta.feature.allowColumnDefaults": "supported"}
        columns = "a INT, v STRING, b INT DEFAULT 7"
        target = create(spark, delta_table_path, columns, properties, values="(1,'x',1),(2,'y',2)")
        self.replace(spark, delta_table_path, [(2, "n")], "a int, v string", "a = 2")
        assert table(spark, target) == [(1, "x", 1), (2, "n", 7)]
        assert actions(delta_table_path, 2, "cdc") != []
        assert feed(spark, delta_table_path, 2, "a", "v", "b") == [("delete", 2, "y", 2), ("insert", 2, "n", 7)]

    def test_condition_on_a_generated_partition(self, spark, delta_table_path):
        from delta.tables import DeltaTable

        builder = self.create(DeltaTable, spark, delta_table_path).addColumn("n", "INT").addColumn("v", "STRING")
        builder.addColumn("p", "BIGINT", generatedAlwaysAs="n DIV 10").partitionedBy("p").execute()
        rows = spark.createDataFrame([(11, "x"), (21, "y")], "n int, v string")
        rows.write.format("delta").mode("append").save(delta_table_path)
        self.replace(spark, delta_table_path, [(12, "n")], "n int, v string", "p = 1")
        assert table(spark, f"delta.`{delta_table_path}`") == [(12, "n", 1), (21, "y", 2)]
        with pytest.raises(Exception) as error:
            self.replace(spark, delta_table_path, [(22, "n")], "n int, v string", "p = 1")
        assert condition(error.value) == "DELTA_REPLACE_WHERE_MISMATCH"
        self.replace(spark, delta_table_path, [(13, "d")], "n int, v string", "n < 20 AND p = 1")
        assert table(spark, f"delta.`{delta_table_path}`") == [(13, "d", 1), (21, "y", 2)]

    def test_condition_on_a_default(self, spark, delta_table_path):
        properties = {**CDF, "delta.feature.allowColumnDefaults": "supported"}
        columns = "a INT, b INT DEFAULT 7"
        target = create(spark, delta_table_path, columns, properties, values="(1,7),(2,8)")
        self.replace(spark, delta_table_path, [(3,)], "a int", "b = 7")
        assert table(spark, target) == [(2, 8), (3, 7)]
        with pytest.raises(Exception) as error:
            self.replace(spark, delta_table_path, [(3,)], "a int", "b = 8")
        assert condition(error.value) == "DELTA_REPLACE_WHERE_MISMATCH"


class TestDynamicPartitions:
    @pytest.fixture
    def dynamic(self, spark):
        key = "spark.sql.sources.partitionOverwriteMode"
        spark.conf.set(key, "dynamic")
        yield
        spark.conf.unset(key)

    @pytest.fixture
    def parts(self, spark, table_name, dynamic):
        spark.sql(f"CREATE TABLE {table_name} (id BIGINT, p BIGINT) USING delta PARTITIONED BY (p)")
        spark.sql(f"INSERT INTO {table_name} VALUES (1, 1), (2, 2)")
        return table_name

    def test_a_replaced_table_keeps_nothing(self, spark, parts):
        spark.sql(f"CREATE OR REPLACE TABLE {parts} USING delta PARTITIONED BY (p) AS SELECT 9L AS id, 1L AS p")
        assert table(spark, parts) == [(9, 1)]
        df = spark.sql("SELECT 8L AS id, 2L AS p")
        df.writeTo(parts).using("delta").partitionedBy("p").createOrReplace()
        assert table(spark, parts) == [(8, 2)]
        df = spark.sql("SELECT 7L AS id, 1L AS p")
        df.write.format("delta").mode("overwrite").partitionBy("p").saveAsTable(parts)  # replaces partitions
        assert table(spark, parts) == [(7, 1), (8, 2)]

    def test_no_other_schema(self, spark, parts):
        df = spark.sql("SELECT 9L AS id, 1L AS p, 'x' AS v")
        writer = df.write.format("delta").mode("overwrite").partitionBy("p").option("overwriteSchema", "true")
        with pytest.raises(Exception) as error:
            writer.saveAsTable(parts)
        assert condition(error.value) == "DELTA_OVERWRITE_SCHEMA_WITH_DYNAMIC_PARTITION_OVERWRITE"
        assert table(spark, parts) == [(1, 1), (2, 2)]
        writer.option("partitionOverwriteMode", "static").saveAsTable(parts)
        assert table(spark, parts) == [(9, 1, "x")]


class TestWithoutDataChange:
    """dataChange=false: rows are arranged anew."""

    COLUMNS = COLUMNS + ", p STRING"

    def write(self, spark, path, rows, mode="overwrite", schema=COLUMNS, **options):
        writer = spark.createDataFrame(rows, schema).coalesce(1).write.format("delta").mode(mode)
        writer.option("dataChange", "false").options(**options).save(path)

    @pytest.fixture
    def target(self, spark, delta_table_path):
        values = "(1L,'a',10,'x'),(2L,'b',20,'x'),(3L,'a',30,'y')"
        return create(spark, delta_table_path, self.COLUMNS, CDF, "p", values)

    def test_of_a_partition(self, spark, target, delta_table_path):
        rows = [(2, "b", 20, "x"), (1, "a", 10, "x")]
        self.write(spark, delta_table_path, rows, replaceWhere="p = 'x'")
        for kind in ("add", "remove"):
            assert [action["dataChange"] for action in actions(delta_table_path, 2, kind)] == [False]
        assert feed(spark, delta_table_path, 2, "id") == []
        assert table(spark, target) == [(1, "a", 10, "x"), (2, "b", 20, "x"), (3, "a", 30, "y")]

    @pytest.mark.parametrize("mode", ["overwrite", "append"])
    def test_not_by_data(self, spark, target, delta_table_path, mode):
        with pytest.raises(Exception) as error:
            self.write(spark, delta_table_path, [(1, "a", 10, "x")], mode, replaceWhere="p = 'x' AND v = 'a'")
        assert condition(error.value) == "DELTA_REPLACE_WHERE_WITH_FILTER_DATA_CHANGE_UNSET"
        assert str(error.value).split("Filters: ")[1].startswith("('v = a)")
        assert last(spark, target)[0] == 1

    @pytest.mark.parametrize(
        "mode,option,operation",
        [
            ("append", "mergeSchema", "Change the Delta table schema"),
            ("overwrite", "overwriteSchema", "Overwrite the Delta table schema or change the partition schema"),
        ],
    )
    def test_no_other_schema(self, spark, target, delta_table_path, mode, option, operation):
        row = (1, "a", 10, "x", 5)
        with pytest.raises(Exception) as error:
            self.write(spark, delta_table_path, [row], mode, self.COLUMNS + ", w INT", **{option: "true"})
        assert condition(error.value) == "DELTA_DATA_CHANGE_FALSE"
        assert f"Attempted operation: '{operation}'" in str(error.value)
        assert last(spark, target)[0] == 1

    def test_no_new_table(self, spark, delta_table_path):
        with pytest.raises(Exception) as error:
            self.write(spark, delta_table_path, [(1, "a", 10, "x")])
        assert condition(error.value) == "DELTA_DATA_CHANGE_FALSE"
        assert "Attempted operation: 'Create a Delta table'" in str(error.value)


class TestAppendOnly:
    def test_an_empty_table_is_not_overwritten(self, spark, delta_table_path):
        target = f"delta.`{delta_table_path}`"
        spark.sql(f"CREATE TABLE {target} ({COLUMNS}) USING delta TBLPROPERTIES ('delta.appendOnly' = 'true')")
        rows = spark.createDataFrame([(1, "a", 10)], COLUMNS)
        for write in (
            lambda: rows.write.format("delta").mode("overwrite").save(delta_table_path),
            lambda: spark.sql(f"INSERT OVERWRITE {target} VALUES (1L, 'a', 10)").collect(),
        ):
            with pytest.raises(Exception) as error:
                write()
            assert condition(error.value) == "DELTA_CANNOT_MODIFY_APPEND_ONLY"
        assert spark.sql(f"DESCRIBE HISTORY {target}").count() == 1
        rows.write.format("delta").mode("append").save(delta_table_path)
        assert table(spark, target) == [(1, "a", 10)]
