"""Python functions in statements that change rows of Delta tables. Passes on real Spark too."""

from __future__ import annotations

import re

import pytest
from delta.tables import DeltaTable
from pyspark.errors import AnalysisException, PythonException
from pyspark.sql import functions as F

from tests.errors import condition
from tests.rows import sorted_rows


def odd(column):
    return F.udf(lambda x: x is not None and x % 2 == 1, "boolean")(column)


def loud(column):
    return F.udf(lambda s: None if s is None else s.upper() + "!", "string")(column)


def plus_ten(column):
    return F.udf(lambda x: None if x is None else x + 10, "int")(column)


def same(left, right):
    return F.udf(lambda a, b: a == b, "boolean")(left, right)


# Rows of several files: Spark 3.5 finds the files with input_file_name(), which beside a Python function names the wrong
# ones, and changes too little.
KINDS = {
    "plain": "TBLPROPERTIES ('delta.enableDeletionVectors' = 'false')",
    "vectors": "TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
    "partitioned": "PARTITIONED BY (v)",
    "feed": "TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')",
}


@pytest.fixture(params=[pytest.param(k, marks=[pytest.mark.deltic] if k == "partitioned" else []) for k in KINDS])
def table(request, spark, table_name) -> str:
    """(id, v): (1, a), (2, b), (3, c) in one file, or one of each partition."""
    spark.udf.register("py_odd", lambda x: x is not None and x % 2 == 1, "boolean")
    spark.udf.register("py_loud", lambda s: None if s is None else s.upper() + "!", "string")
    spark.sql(f"CREATE TABLE {table_name} (id INT, v STRING) USING delta {KINDS[request.param]}")
    spark.sql(f"INSERT INTO {table_name} SELECT /*+ COALESCE(1) */ * FROM VALUES (1, 'a'), (2, 'b'), (3, 'c')")
    return table_name


def rows(spark, table: str) -> list[tuple]:
    return sorted_rows(spark.table(table))


def source(spark):
    return spark.createDataFrame([(2, "B"), (3, "C"), (9, "Z")], "id int, v string")


def merging(spark, table: str, on):
    return DeltaTable.forName(spark, table).alias("t").merge(source(spark).alias("s"), on)


class TestDeleteAndUpdate:
    def test_delete(self, spark, table):
        spark.sql(f"DELETE FROM {table} WHERE py_odd(id)")
        assert rows(spark, table) == [(2, "b")]

    def test_delete_by_a_column(self, spark, table):
        DeltaTable.forName(spark, table).delete(odd("id") & (F.col("id") > 1))
        assert rows(spark, table) == [(1, "a"), (2, "b")]

    def test_delete_by_the_partition_column(self, spark, table):
        DeltaTable.forName(spark, table).delete(F.udf(lambda v: v == "b", "boolean")("v"))
        assert rows(spark, table) == [(1, "a"), (3, "c")]

    def test_the_history_s_text(self, spark, table):
        spark.sql(f"DELETE FROM {table} WHERE id > 1 AND py_odd(id)")
        predicate = spark.sql(f"DESCRIBE HISTORY {table} LIMIT 1").collect()[0]["operationParameters"]["predicate"]
        assert re.sub(r"#\d+", "#", predicate) == '["((id# > 1) AND py_odd(id#)#)"]'

    def test_update_some(self, spark, table):
        spark.sql(f"UPDATE {table} SET v = py_loud(v) WHERE py_odd(id)")
        assert rows(spark, table) == [(1, "A!"), (2, "b"), (3, "C!")]

    def test_update_all(self, spark, table):
        DeltaTable.forName(spark, table).update(set={"v": loud("v"), "id": plus_ten("id")})
        assert rows(spark, table) == [(11, "A!"), (12, "B!"), (13, "C!")]

    def test_a_function_of_a_function(self, spark, table):
        DeltaTable.forName(spark, table).update(odd(plus_ten("id")), {"v": loud(loud("v"))})
        assert rows(spark, table) == [(1, "A!!"), (2, "b"), (3, "C!!")]

    def test_one_that_is_not_deterministic(self, spark, table):
        other = F.udf(lambda x: x > 1, "boolean").asNondeterministic()
        for change in (lambda t: t.delete(other("id")), lambda t: t.update(other("id"), {"v": F.lit("x")})):
            with pytest.raises(AnalysisException) as caught:
                change(DeltaTable.forName(spark, table))
            assert condition(caught.value) == "INVALID_NON_DETERMINISTIC_EXPRESSIONS"

    def test_one_that_fails(self, spark, table):
        with pytest.raises(PythonException, match="ZeroDivisionError"):
            DeltaTable.forName(spark, table).update(set={"id": F.udf(lambda x: x // 0, "int")("id")})
        assert rows(spark, table) == [(1, "a"), (2, "b"), (3, "c")]


class TestMerge:
    def test_conditions_and_values(self, spark, table):
        merge = merging(spark, table, "t.id = s.id").whenMatchedUpdate(odd("s.id"), {"v": loud("s.v")})
        merge = merge.whenNotMatchedInsert(odd("s.id"), {"id": plus_ten("s.id"), "v": loud("s.v")})
        merge.whenNotMatchedBySourceDelete(odd("t.id")).execute()
        assert rows(spark, table) == [(19, "Z!"), (2, "b"), (3, "C!")]

    def test_by_source_update(self, spark, table):
        merging(spark, table, "t.id = s.id").whenNotMatchedBySourceUpdate(odd("t.id"), {"v": loud("t.v")}).execute()
        assert rows(spark, table) == [(1, "A!"), (2, "b"), (3, "c")]

    def test_keys_of_each_side(self, spark, table):
        merge = merging(spark, table, plus_ten("t.id") == plus_ten("s.id"))
        merge.whenMatchedUpdate(set={"v": "s.v"}).whenNotMatchedInsertAll().execute()
        assert rows(spark, table) == [(1, "a"), (2, "B"), (3, "C"), (9, "Z")]

    def test_inserts_alone(self, spark, table):
        merging(spark, table, plus_ten("t.id") == plus_ten("s.id")).whenNotMatchedInsertAll().execute()
        assert rows(spark, table) == [(1, "a"), (2, "b"), (3, "c"), (9, "Z")]

    def test_a_function_of_both_sides_as_the_condition_of_inserts(self, spark, table):
        with pytest.raises(AnalysisException) as caught:
            merging(spark, table, same("t.id", "s.id")).whenNotMatchedInsertAll().execute()
        assert condition(caught.value) == "UNSUPPORTED_FEATURE.PYTHON_UDF_IN_ON_CLAUSE"
        assert "LEFT ANTI JOIN" in str(caught.value)

    def test_as_sql(self, spark, table):
        source(spark).createOrReplaceTempView("py_source")
        spark.sql(
            f"MERGE INTO {table} t USING py_source s ON t.id = s.id WHEN MATCHED AND py_odd(t.id) THEN UPDATE SET "
            "v = py_loud(s.v) WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, py_loud(s.v))"
        )
        assert rows(spark, table) == [(1, "a"), (2, "b"), (3, "C!"), (9, "Z!")]


class TestElsewhere:
    def test_rows_to_insert(self, spark, table_name):
        spark.udf.register("py_loud", lambda s: s.upper() + "!", "string")
        spark.sql(f"CREATE TABLE {table_name} (id INT, v STRING) USING delta")
        spark.sql(f"INSERT INTO {table_name} SELECT 1, py_loud('a')")
        assert rows(spark, table_name) == [(1, "A!")]
        with pytest.raises(AnalysisException) as caught:
            spark.sql(f"INSERT INTO {table_name} VALUES (2, py_loud('b'))")
        assert condition(caught.value) == "INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE"

    def test_replace_where(self, spark, table):
        with pytest.raises(AnalysisException, match="cannot translate expression to source filter"):
            spark.sql(f"INSERT INTO {table} REPLACE WHERE py_odd(id) SELECT 5, 'n'")
        assert rows(spark, table) == [(1, "a"), (2, "b"), (3, "c")]

    @pytest.mark.deltic  # Spark takes them, and the table cannot be written by a session without the function
    def test_constraints(self, spark, table):
        with pytest.raises(Exception, match="Python functions in CHECK constraints"):
            spark.sql(f"ALTER TABLE {table} ADD CONSTRAINT odd CHECK (py_odd(id))").collect()


class TestChangeFeed:
    def test_changes_are_what_the_table_got(self, spark, table_name):
        """The table and its feed get the same values."""
        spark.sql(
            f"CREATE TABLE {table_name} (id INT) USING delta TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')"
        )
        spark.sql(f"INSERT INTO {table_name} VALUES (1), (2), (3)")
        DeltaTable.forName(spark, table_name).update("id < 3", {"id": plus_ten("id")})
        feed = spark.sql(f"SELECT id, _change_type FROM table_changes('{table_name}', 2)")
        assert sorted_rows(feed) == [
            (1, "update_preimage"), (11, "update_postimage"), (12, "update_postimage"), (2, "update_preimage"),
        ]  # fmt: skip


class TestJoins:
    """Functions of one side's columns are called below a join, whatever its type."""

    def frames(self, spark):
        left = spark.createDataFrame([(1,), (2,), (3,)], "a int")
        return left, spark.createDataFrame([(12,), (13,), (14,)], "b int")

    @pytest.mark.parametrize(
        ("how", "expected"),
        [
            ("inner", [(2, 12), (3, 13)]),
            ("left", [(1, None), (2, 12), (3, 13)]),
            ("right", [(2, 12), (3, 13), (None, 14)]),
            ("full", [(1, None), (2, 12), (3, 13), (None, 14)]),
            ("left_semi", [(2,), (3,)]),
            ("left_anti", [(1,)]),
        ],
    )
    def test_of_one_side(self, spark, how, expected):
        left, right = self.frames(spark)
        assert sorted_rows(left.join(right, plus_ten("a") == F.col("b"), how)) == expected

    def test_of_both_sides(self, spark):
        left, right = self.frames(spark)
        assert sorted_rows(left.join(right, same(F.col("a") + 10, "b"), "inner")) == [(2, 12), (3, 13)]
