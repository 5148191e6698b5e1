"""What Spark 4's functions add to those of 3.5: arguments that 4.x clients send, also where users do not give them. The
values are those of PySpark 4.2's documentation and of the rules in Spark's source."""

from __future__ import annotations

import pyspark
import pytest
from pyspark.sql import functions as F

from tests.errors import condition
from tests.rows import rows

pytestmark = pytest.mark.deltic


class TestShuffle:
    """The permutation of a seed is Spark's."""

    @pytest.mark.parametrize(
        "array,seed,expected",
        [
            ("array(1, 20, 3, 5)", "123", [5, 1, 20, 3]),
            ("array(1, 20, NULL, 5)", "234", [None, 5, 20, 1]),
            ("array(1, 2, 2, 3, 3, 3)", "345L", [2, 3, 3, 1, 2, 3]),
            ("array()", "1", []),
            ("CAST(NULL AS ARRAY<INT>)", "1", None),
        ],
    )
    def test_of_a_seed(self, spark, array, seed, expected):
        df = spark.sql(f"SELECT shuffle({array}, {seed})")
        assert rows(df) == [(expected,)]

    def test_the_seed_is_not_in_the_name(self, spark):
        assert spark.sql("SELECT shuffle(array(1), 7)").columns == ["shuffle(array(1))"]

    def test_without_a_seed(self, spark):
        df = spark.sql("SELECT array(1, 2, 2, 3) AS data")
        assert sorted(rows(df.select(F.shuffle("data")))[0][0]) == [1, 2, 2, 3]  # 4.x clients draw one
        assert sorted(rows(spark.sql("SELECT shuffle(array(3, 1, 2))"))[0][0]) == [1, 2, 3]

    def test_rows_differ(self, spark):
        df = spark.sql("SELECT shuffle(transform(array(1, 2, 3, 4, 5, 6, 7, 8), x -> x + id - id), 5) FROM range(20)")
        assert len({tuple(row[0]) for row in rows(df)}) > 1

    @pytest.mark.parametrize("seed,expected", [("'a'", "UNEXPECTED_INPUT_TYPE"), ("id", "NON_FOLDABLE_INPUT")])
    def test_wrong_seeds(self, spark, seed, expected):
        with pytest.raises(Exception) as caught:
            spark.sql(f"SELECT shuffle(array(1, 2), {seed}) FROM range(1)").collect()
        assert condition(caught.value) == f"DATATYPE_MISMATCH.{expected}"


class TestSeveralExtremes:
    """max_by(x, y, k) and min_by(x, y, k)."""

    @pytest.fixture
    def df(self, spark):
        data = [("a", 10, 1), ("b", 50, 1), ("c", 20, 2), (None, 60, 2), ("z", None, 2), ("d", 40, 1)]
        df = spark.createDataFrame(data, "x string, y int, g int")
        df.createOrReplaceTempView("later_extremes")
        return df

    def test_documented(self, spark):
        spark.createDataFrame([("a", 10), ("b", 50), ("c", 20), ("d", 40)], "x string, y int").createOrReplaceTempView(
            "later_documented"
        )
        got = spark.sql("SELECT max_by(x, y, 2), min_by(x, y, 2) FROM later_documented")
        assert got.columns == ["max_by(x, y, 2)", "min_by(x, y, 2)"]
        assert rows(got) == [(["b", "d"], ["a", "c"])]

    @pytest.mark.skipif(pyspark.__version__ < "4.2", reason="the argument k is PySpark 4.2's")
    def test_of_the_client(self, df):
        assert rows(df.agg(F.max_by("x", "y", 2), F.min_by("x", "y", 2))) == [([None, "b"], ["a", "c"])]

    def test_values_may_be_null_and_orderings_count_when_they_are_not(self, spark, df):
        got = spark.sql("SELECT g, max_by(x, y, 10) FROM later_extremes GROUP BY g")
        assert sorted(rows(got)) == [(1, ["b", "d", "a"]), (2, [None, "c"])]

    def test_of_nothing(self, spark, df):
        query = "SELECT max_by(x, y, 2), min_by(x, y, 2) FROM later_extremes WHERE"
        assert rows(spark.sql(f"{query} y IS NULL")) == [(None, None)]
        assert rows(spark.sql(f"{query} false")) == [(None, None)]

    def test_filtered_and_ordered_otherwise(self, spark, df):
        query = "SELECT max_by(x, y, 2) FILTER (WHERE g = 1), max_by(y, x, 2), min_by(struct(x, y), y, 1) FROM later_extremes"
        assert rows(spark.sql(query)) == [(["b", "d"], [None, 40], [("a", 10)])]

    def test_over_windows(self, spark, df):
        query = "SELECT y, max_by(y, y, 2) OVER (PARTITION BY g ORDER BY y) FROM later_extremes WHERE y IS NOT NULL"
        assert sorted(rows(spark.sql(query))) == [
            (10, [10]),
            (20, [20]),
            (40, [40, 10]),
            (50, [50, 40]),
            (60, [60, 20]),
        ]

    @pytest.mark.parametrize(
        "k,expected",
        [
            ("0", "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE"),
            ("100001", "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE"),
            ("y", "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT"),
            ("map()", "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE"),
            ("1, 2", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION"),
        ],
    )
    def test_wrong_counts(self, spark, df, k, expected):
        with pytest.raises(Exception) as caught:
            spark.sql(f"SELECT max_by(x, y, {k}) FROM later_extremes").collect()
        assert condition(caught.value) == expected

    def test_orderings_that_do_not_compare(self, spark, df):
        with pytest.raises(Exception) as caught:
            spark.sql("SELECT max_by(x, map(y, 1), 2) FROM later_extremes").collect()
        assert condition(caught.value) == "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"

    def test_distinct_is_refused(self, spark, df):
        with pytest.raises(Exception) as caught:
            spark.sql("SELECT max_by(DISTINCT x, y, 2) FROM later_extremes").collect()
        assert condition(caught.value) == "UNSUPPORTED_FEATURE"
