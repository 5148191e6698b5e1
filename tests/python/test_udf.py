"""Python functions: UDFs, pandas UDFs, functions over batches and groups. Passes on real Spark too."""

from __future__ import annotations

import datetime as dt
import decimal
import os
import time
from collections.abc import Iterator

import pandas as pd
import pyarrow as pa
import pytest
from pyspark.errors import PythonException, UnsupportedOperationException
from pyspark.sql import Row, Window
from pyspark.sql import functions as F
from pyspark.sql import types as T

from tests.rows import rows, sorted_rows


class TestRowByRow:
    def test_a_lambda(self, spark):
        plus = F.udf(lambda x: None if x is None else x + 1, "long")
        df = spark.createDataFrame([(1,), (None,), (3,)], "id long")
        assert rows(df.select(plus("id").alias("n"))) == [(2,), (None,), (4,)]

    def test_a_decorated_function_keeps_its_name(self, spark):
        @F.udf
        def shout(text):
            return text.upper() + "!"

        df = spark.createDataFrame([("a",)], "s string").select(shout("s"))
        assert df.columns == ["shout(s)"]
        assert rows(df) == [("A!",)]

    def test_beside_other_columns(self, spark):
        twice = F.udf(lambda x: x * 2, "long")
        df = spark.range(5).withColumn("b", F.col("id") * 10).withColumn("c", twice("b")).filter(F.col("c") > 20)
        assert rows(df) == [(2, 20, 40), (3, 30, 60), (4, 40, 80)]

    def test_more_rows_than_a_batch(self, spark):
        plus = F.udf(lambda x: x + 1, "long")
        df = spark.range(25_000).select(plus("id").alias("n"))
        assert rows(df.agg(F.sum("n"), F.count("n"))) == [(25_000 * 25_001 // 2, 25_000)]

    def test_nested_and_shared(self, spark):
        plus = F.udf(lambda x: x + 1, "long")
        times = F.udf(lambda x, y: x * y, "long")
        df = spark.range(3).select(times(plus("id"), plus(plus("id"))).alias("n"), plus("id").alias("m"))
        assert rows(df) == [(2, 1), (6, 2), (12, 3)]

    def test_without_arguments(self, spark):
        seven = F.udf(lambda: 7, "int")
        assert rows(spark.range(2).select(seven().alias("n"))) == [(7,), (7,)]

    def test_types_in_and_out(self, spark):
        moment = dt.datetime(2025, 1, 2, 3, 4, 5, 678)
        df = spark.createDataFrame(
            [
                (
                    True,
                    1,
                    2.5,
                    decimal.Decimal("1.20"),
                    "t",
                    bytearray(b"x"),
                    dt.date(2025, 1, 2),
                    [1, None],
                    {"k": 1},
                    (1, "y"),
                )
            ],
            "b boolean, i int, d double, n decimal(10,2), s string, x binary, day date, a array<int>,"
            " m map<string,int>, r struct<p:int,q:string>",
        )
        for name in df.columns:
            kind = df.schema[name].dataType
            same = F.udf(lambda v: v, kind)
            shown = F.udf(lambda v: type(v).__name__, "string")
            out = df.select(same(name).alias(name), shown(name))
            assert rows(out)[0][0] == rows(df.select(name))[0][0], name
        assert moment

    def test_what_a_function_sees(self, spark):
        df = spark.createDataFrame(
            [(1, 1.5, decimal.Decimal("2.50"), b"x", dt.date(2025, 1, 2), [1], {"k": 1}, (1, "y"))],
            "i int, d double, n decimal(10,2), x binary, day date, a array<int>, m map<string,int>,"
            " r struct<p:int,q:string>",
        )
        seen = F.udf(lambda *values: ",".join(type(v).__name__ for v in values), "string")
        assert rows(df.select(seen(*df.columns))) == [("int,float,Decimal,bytearray,date,list,dict,Row",)]

    def test_values_of_another_type_become_null(self, spark):
        def check(value, kind):
            return rows(spark.range(1).select(F.udf(lambda _: value, kind)("id")))[0][0]

        assert check("x", "int") is None
        assert check(1, "double") is None
        assert check(1.5, "int") is None
        assert check(True, "int") is None
        assert check(1, "boolean") is None
        assert check(1, "string") == "1"
        assert check(True, "string") == "true"
        assert check(1.0, "string") == "1.0"
        assert check([1, None], "string") == "[1, null]"
        assert check(300, "byte") == 44
        assert check([1, "x"], "array<int>") == [1, None]

    def test_structs_come_back(self, spark):
        pair = F.udf(lambda x: (x, str(x)), "struct<n:long,s:string>")
        assert rows(spark.range(2).select(pair("id").alias("p")).select("p.n", "p.s")) == [(0, "0"), (1, "1")]
        row = F.udf(lambda x: Row(n=x), "struct<n:long>")
        assert rows(spark.range(1).select(row("id")["n"])) == [(0,)]

    def test_dates(self, spark):
        tomorrow = F.udf(lambda d: d + dt.timedelta(days=1), T.DateType())
        df = spark.createDataFrame([(dt.date(2024, 2, 28),)], "d date")
        assert rows(df.select(tomorrow("d"))) == [(dt.date(2024, 2, 29),)]

    def test_in_every_clause(self, spark):
        even = F.udf(lambda x: x % 2 == 0, "boolean")
        third = F.udf(lambda x: x % 3, "long")
        df = spark.range(6)
        assert rows(df.filter(even("id"))) == [(0,), (2,), (4,)]
        assert rows(df.orderBy(third("id"), "id")) == [(0,), (3,), (1,), (4,), (2,), (5,)]
        assert sorted_rows(df.groupBy(third("id").alias("k")).agg(F.sum("id"))) == [(0, 3), (1, 5), (2, 7)]
        assert rows(df.agg(F.sum(third("id")))) == [(6,)]
        assert sorted_rows(df.groupBy().agg(F.max("id").alias("m")).select(third("m"))) == [(2,)]
        other = df.withColumnRenamed("id", "other")
        joined = df.join(other, third(df["id"] + other["other"]) == 0).filter("id < 2")
        assert sorted_rows(joined) == [(0, 0), (0, 3), (1, 2), (1, 5)]
        running = F.sum(third("id")).over(Window.orderBy("id"))
        assert rows(df.select(running)) == [(0,), (1,), (3,), (3,), (4,), (6,)]

    def test_a_registered_name_is_shown_as_registered(self, spark):
        spark.udf.register("intX2", lambda x: x * 2, "int")
        assert spark.sql("SELECT INTx2(1), intX2(2) AS y").columns == ["intX2(1)", "y"]
        assert spark.range(1).select(F.call_udf("intx2", "id")).columns == ["intX2(id)"]

    def test_registered(self, spark):
        spark.udf.register("plus_one", lambda x: x + 1, "int")
        assert rows(spark.sql("SELECT plus_one(id) FROM range(2)")) == [(1,), (2,)]
        assert rows(spark.range(1).selectExpr("PLUS_ONE(41)")) == [(42,)]

    def test_an_error_has_the_traceback(self, spark):
        def divide(x):
            return 1 // x

        with pytest.raises(PythonException) as caught:
            spark.range(2).select(F.udf(divide, "long")("id")).collect()
        assert "ZeroDivisionError" in str(caught.value) and "divide" in str(caught.value)
        assert rows(spark.range(1)) == [(0,)]

    def test_a_limit_ends_it_early(self, spark):
        plus = F.udf(lambda x: x + 1, "long")
        assert rows(spark.range(10_000_000).select(plus("id").alias("n")).limit(2)) == [(1,), (2,)]

    def test_written_to_a_table(self, spark, delta_table_path):
        plus = F.udf(lambda x: x + 1, "long")
        spark.range(3).select(plus("id").alias("n")).write.format("delta").save(delta_table_path)
        assert sorted_rows(spark.read.format("delta").load(delta_table_path)) == [(1,), (2,), (3,)]

    def test_shown(self, spark, capsys):
        spark.range(1).select(F.udf(lambda x: "v", "string")("id").alias("c")).show()
        assert "|  v|" in capsys.readouterr().out


class TestPandas:
    def test_series_to_series(self, spark):
        @F.pandas_udf("double")
        def half(values: pd.Series) -> pd.Series:
            return values / 2

        assert rows(spark.range(3).select(half("id").alias("h"), "id")) == [(0.0, 0), (0.5, 1), (1.0, 2)]

    def test_iterators(self, spark):
        @F.pandas_udf("long")
        def plus(batches: Iterator[pd.Series]) -> Iterator[pd.Series]:
            for batch in batches:
                yield batch + 1

        df = spark.range(25_000).select(plus("id").alias("n"))
        assert rows(df.agg(F.sum("n"))) == [(25_000 * 25_001 // 2,)]

    def test_strings_and_nulls(self, spark):
        @F.pandas_udf("string")
        def upper(values: pd.Series) -> pd.Series:
            return values.str.upper()

        df = spark.createDataFrame([("a",), (None,)], "s string")
        assert rows(df.select(upper("s"))) == [("A",), (None,)]

    def test_aggregates(self, spark):
        @F.pandas_udf("double")
        def mean(values: pd.Series) -> float:
            return values.mean()

        df = spark.createDataFrame([("a", 1.0), ("a", 2.0), ("b", 5.0)], "k string, v double")
        assert sorted_rows(df.groupBy("k").agg(mean("v").alias("m"))) == [("a", 1.5), ("b", 5.0)]
        assert rows(df.agg(mean("v"))) == [(pytest.approx(8 / 3),)]

    def test_a_wrong_length(self, spark):
        @F.pandas_udf("long")
        def shorter(values: pd.Series) -> pd.Series:
            return values.head(1)

        with pytest.raises(PythonException):
            spark.range(3).select(shorter("id")).collect()


class TestBatches:
    def test_map_in_pandas(self, spark):
        def keep(frames):
            for frame in frames:
                yield frame[frame.id > 1]

        assert rows(spark.range(4).mapInPandas(keep, "id long")) == [(2,), (3,)]

    def test_map_in_pandas_to_another_schema(self, spark):
        def count(frames):
            for frame in frames:
                yield pd.DataFrame({"n": [len(frame)], "s": ["x"]})

        out = spark.range(5).mapInPandas(count, "n long, s string")
        assert out.schema.simpleString() == "struct<n:bigint,s:string>"
        assert rows(out.agg(F.sum("n"))) == [(5,)]

    def test_map_in_arrow(self, spark):
        def twice(batches):
            for batch in batches:
                yield pa.RecordBatch.from_arrays([pa.array([v.as_py() * 2 for v in batch.column(0)])], ["id"])

        assert rows(spark.range(3).mapInArrow(twice, "id long")) == [(0,), (2,), (4,)]

    def test_a_generator_without_results(self, spark):
        def nothing(frames):
            for _ in frames:
                pass
            return iter(())

        assert rows(spark.range(3).mapInPandas(nothing, "id long")) == []


class TestGroups:
    @pytest.fixture
    def pay(self, spark):
        return spark.createDataFrame([("a", 1.0), ("b", 2.0), ("a", 3.0), (None, 4.0)], "k string, v double")

    def test_apply_in_pandas(self, pay):
        def centre(frame):
            return frame.assign(v=frame.v - frame.v.mean())

        out = pay.groupBy("k").applyInPandas(centre, "k string, v double")
        assert sorted_rows(out) == [("a", -1.0), ("a", 1.0), ("b", 0.0), (None, 0.0)]

    def test_with_the_key(self, pay):
        def summary(key, frame):
            return pd.DataFrame({"k": [key[0]], "n": [len(frame)]})

        assert sorted_rows(pay.groupBy("k").applyInPandas(summary, "k string, n long")) == [
            ("a", 2),
            ("b", 1),
            (None, 1),
        ]

    def test_keys_that_are_expressions(self, spark):
        def summary(key, frame):
            return pd.DataFrame({"k": [key[0]], "n": [int(frame.id.sum())]})

        out = spark.range(5).groupBy((F.col("id") % 2).alias("p")).applyInPandas(summary, "k long, n long")
        assert sorted_rows(out) == [(0, 6), (1, 4)]

    def test_many_groups(self, spark):
        def count(key, frame):
            return pd.DataFrame({"k": [key[0]], "n": [len(frame)]})

        df = spark.range(20_000).withColumn("k", F.col("id") % 50)
        out = df.groupBy("k").applyInPandas(count, "k long, n long")
        assert rows(out.agg(F.count("*"), F.min("n"), F.max("n"))) == [(50, 400, 400)]


class TestTables:
    def test_a_table_function(self, spark):
        @F.udtf(returnType="n int, s string")
        class Split:
            def eval(self, count: int):
                for i in range(count):
                    yield i, str(i)

        assert rows(Split(F.lit(2))) == [(0, "0"), (1, "1")]

    def test_registered(self, spark):
        class Count:
            def eval(self, count: int):
                for i in range(count):
                    yield (i,)

        spark.udtf.register("count_to", F.udtf(Count, returnType="n int"))
        assert rows(spark.sql("SELECT n FROM count_to(3)")) == [(0,), (1,), (2,)]

    @pytest.mark.deltic
    def test_over_the_columns_of_other_tables(self, spark):
        class Count:
            def eval(self, count: int):
                yield (count,)

        spark.udtf.register("one_count", F.udtf(Count, returnType="n: int"))
        with pytest.raises(UnsupportedOperationException, match="LATERAL columns as arguments"):
            spark.sql("SELECT * FROM VALUES (0), (1) t(x), LATERAL one_count(x)").collect()


@pytest.mark.deltic
class TestWorkers:
    def test_a_worker_that_dies(self, spark):
        def die(_):
            os._exit(1)

        with pytest.raises(Exception, match="exited unexpectedly"):
            spark.range(1).select(F.udf(die, "long")("id")).collect()
        assert rows(spark.range(1).select(F.udf(lambda x: x, "long")("id"))) == [(0,)]

    def test_workers_are_used_again(self, spark):
        pid = F.udf(lambda _: os.getpid(), "long")
        assert rows(spark.range(1).select(pid("id"))) == rows(spark.range(1).select(pid("id")))

    def test_an_interrupt_ends_the_function(self, spark):
        import threading

        def slow(_):
            time.sleep(60)

        started = time.monotonic()
        failure: list[BaseException] = []

        def run():
            try:
                spark.range(1).select(F.udf(slow, "long")("id")).collect()
            except BaseException as e:
                failure.append(e)

        thread = threading.Thread(target=run)
        thread.start()
        while thread.is_alive() and time.monotonic() - started < 30:
            spark.interruptAll()
            thread.join(0.2)
        assert not thread.is_alive() and failure
        assert "OPERATION_CANCELED" in str(failure[0]) or "cancel" in str(failure[0]).lower()

    def test_a_python_that_is_none(self, spark):
        spark.conf.set("spark.pyspark.python", "/nowhere/python")
        try:
            with pytest.raises(Exception, match="/nowhere/python"):
                spark.range(1).select(F.udf(lambda x: x, "long")("id")).collect()
        finally:
            spark.conf.unset("spark.pyspark.python")
