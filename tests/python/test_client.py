"""What a PySpark client sends and gets: data, actions, sessions, errors. Expected values are Spark's: this file passes on real Spark too
(DELTIC_TEST_MASTER=local[2])."""

from __future__ import annotations

import datetime as dt
import decimal
import math

import pandas as pd
import pyspark
import pytest
from pyspark.errors import IllegalArgumentException, PySparkException
from pyspark.sql import Row
from pyspark.sql import functions as F
from pyspark.sql import types as T

from tests.errors import condition
from tests.rows import rows, sorted_rows

D = decimal.Decimal
UTC_NOON = dt.datetime(2025, 6, 1, 12, 0, 0, 123456)

# type, values: every type that a client can send and get back
TYPES = [
    ("boolean", [True, False, None]),
    ("tinyint", [-128, 127, None]),
    ("smallint", [-32768, 32767, None]),
    ("int", [-(2**31), 2**31 - 1, None]),
    ("bigint", [-(2**63), 2**63 - 1, None]),
    ("float", [1.5, -0.25, None]),
    ("double", [1.1, -2.5e300, None]),
    ("decimal(10,2)", [D("12345678.91"), D("-0.01"), None]),
    ("decimal(38,18)", [D("12345678901234567890.123456789012345678"), None]),
    ("string", ["", "héllo ☃ \U0001f600", "a\nb", None]),
    ("binary", [b"", b"\x00\xff", None]),
    ("date", [dt.date(1970, 1, 1), dt.date(2025, 12, 31), dt.date(1600, 2, 29), None]),
    ("timestamp", [UTC_NOON, dt.datetime(1969, 12, 31, 23, 59, 59), None]),
    ("timestamp_ntz", [UTC_NOON, dt.datetime(1900, 1, 1), None]),
    ("interval day to second", [dt.timedelta(days=1, seconds=2, microseconds=3), dt.timedelta(days=-1), None]),
    ("array<int>", [[1, None, 3], [], None]),
    ("array<array<string>>", [[["a"], [], None], None]),
    ("map<string,int>", [{"a": 1, "b": None}, {}, None]),
    ("struct<a:int,b:string>", [(1, "x"), (None, None), None]),
    ("struct<a:struct<b:array<date>>>", [(([dt.date(2025, 1, 1)],),), ((None,),), None]),
    ("array<struct<k:string,v:double>>", [[("a", 1.0), None], None]),
    ("map<int,array<string>>", [{1: ["x", None]}, None]),
]


class TestCreateDataFrame:
    @pytest.mark.parametrize("type_text,values", TYPES, ids=[t for t, _ in TYPES])
    def test_every_type_comes_back(self, spark, type_text, values):
        df = spark.createDataFrame([(i, v) for i, v in enumerate(values)], f"i int, v {type_text}")
        assert df.schema["v"].dataType.simpleString() == type_text
        assert [row[1] for row in sorted(rows(df))] == values

    @pytest.mark.parametrize("type_text,values", TYPES, ids=[t for t, _ in TYPES])
    def test_every_type_through_a_filter(self, spark, type_text, values):
        df = spark.createDataFrame([(i, v) for i, v in enumerate(values)], f"i int, v {type_text}")
        assert rows(df.where(F.col("v").isNull()).select("i")) == [(len(values) - 1,)]

    def test_null_type(self, spark):
        df = spark.sql("SELECT NULL AS n")
        assert df.schema["n"].dataType == T.NullType()
        assert rows(df) == [(None,)]

    def test_special_doubles(self, spark):
        got = rows(spark.createDataFrame([(math.nan,), (math.inf,), (-math.inf,), (-0.0,)], "v double"))
        assert math.isnan(got[0][0]) and got[1:3] == [(math.inf,), (-math.inf,)]
        assert math.copysign(1, got[3][0]) == -1

    def test_from_rows(self, spark):
        df = spark.createDataFrame([Row(id=1, name="a", tags=["x"]), Row(id=2, name=None, tags=[])])
        assert df.schema.simpleString() == "struct<id:bigint,name:string,tags:array<string>>"
        assert rows(df) == [(1, "a", ["x"]), (2, None, [])]
        first = df.first()
        assert first == Row(id=1, name="a", tags=["x"])
        assert first.name == "a" and first["id"] == 1 and first.asDict()["tags"] == ["x"]

    def test_from_tuples_with_names(self, spark):
        df = spark.createDataFrame([(1, 2.5, True, dt.date(2025, 1, 1))], ["a", "b", "c", "d"])
        assert df.schema.simpleString() == "struct<a:bigint,b:double,c:boolean,d:date>"

    def test_a_ddl_schema(self, spark):
        # With and without colons, as the documentation of createDataFrame and DataType.fromDDL has it.
        for text in ("name: string, age: int", "name string, age int", "struct<name: string, age: int>"):
            df = spark.createDataFrame([("Ann", 1)], text)
            assert df.schema.simpleString() == "struct<name:string,age:int>"
            assert rows(df) == [("Ann", 1)]
        empty = spark.createDataFrame([], "a: array<short>, b: decimal(  16 , 8   ) ")
        assert empty.schema.simpleString() == "struct<a:array<smallint>,b:decimal(16,8)>"
        with pytest.raises(PySparkException) as caught:
            spark.createDataFrame([(1,)], "a: int,")
        assert condition(caught.value) == "PARSE_SYNTAX_ERROR"

    def test_from_tuples_without_names(self, spark):
        assert spark.createDataFrame([(1, "a")]).columns == ["_1", "_2"]

    def test_from_dicts(self, spark):
        df = spark.createDataFrame([{"b": 1, "a": "x"}, {"a": "y", "b": 2}])
        assert sorted_rows(df.select("a", "b")) == [("x", 1), ("y", 2)]

    def test_from_a_list_of_atoms(self, spark):
        df = spark.createDataFrame([1, 2, 3], T.IntegerType())
        assert df.columns == ["value"]
        assert rows(df) == [(1,), (2,), (3,)]

    def test_from_pandas(self, spark):
        frame = pd.DataFrame(
            {
                "i": pd.array([1, 2], dtype="int64"),
                "s": ["a", None],
                "t": pd.to_datetime(["2025-01-01 00:00:01", None]),
                "f": [1.5, 2.5],
            }
        )
        df = spark.createDataFrame(frame)
        assert df.schema.simpleString() == "struct<i:bigint,s:string,t:timestamp,f:double>"
        got = rows(df)
        assert got[0] == (1, "a", dt.datetime(2025, 1, 1, 0, 0, 1), 1.5)
        assert got[1][:3] == (2, None, None)

    def test_from_pandas_with_a_schema(self, spark):
        df = spark.createDataFrame(pd.DataFrame({"x": [1, 2]}), "y int")
        assert df.schema.simpleString() == "struct<y:int>"
        assert rows(df) == [(1,), (2,)]

    @pytest.mark.skipif(pyspark.__version__ < "4", reason="PySpark 3.5 does not take Arrow tables")
    def test_from_arrow(self, spark):
        import pyarrow as pa

        table = pa.table({"i": pa.array([1, None], pa.int32()), "s": ["a", "b"], "l": [[1.5], []]})
        df = spark.createDataFrame(table)
        assert df.schema.simpleString() == "struct<i:int,s:string,l:array<double>>"
        assert rows(df) == [(1, "a", [1.5]), (None, "b", [])]
        assert df.toArrow().column("i").to_pylist() == [1, None]

    def test_empty(self, spark):
        df = spark.createDataFrame([], "a int, b struct<c:string>")
        assert df.count() == 0 and df.isEmpty()
        assert df.schema.simpleString() == "struct<a:int,b:struct<c:string>>"

    def test_a_nullability_that_the_data_breaks(self, spark):
        schema = T.StructType([T.StructField("a", T.IntegerType(), False)])
        with pytest.raises(Exception):  # noqa: B017 - the clients raise different classes
            spark.createDataFrame([(None,)], schema).collect()

    def test_nullability_is_kept(self, spark):
        schema = T.StructType([T.StructField("a", T.IntegerType(), False), T.StructField("b", T.StringType(), True)])
        assert spark.createDataFrame([(1, None)], schema).schema == schema

    def test_many_rows(self, spark):
        data = [(i, f"name {i}", i * 0.5) for i in range(20_000)]
        df = spark.createDataFrame(pd.DataFrame(data, columns=["i", "s", "d"]))
        assert rows(df.agg(F.sum("i"), F.countDistinct("s"), F.max("d"))) == [(199990000, 20000, 9999.5)]

    def test_range(self, spark):
        assert rows(spark.range(3)) == [(0,), (1,), (2,)]
        assert rows(spark.range(2, 8, 3)) == [(2,), (5,)]
        assert rows(spark.range(5, 0, -2)) == [(5,), (3,), (1,)]
        assert spark.range(10, numPartitions=3).count() == 10
        assert spark.range(1).schema == T.StructType([T.StructField("id", T.LongType(), False)])


class TestActions:
    def test_show(self, spark, capsys):
        spark.createDataFrame([(1, "a"), (22, None)], "id int, name string").show()
        assert capsys.readouterr().out == (
            "+---+----+\n| id|name|\n+---+----+\n|  1|   a|\n| 22|NULL|\n+---+----+\n\n"
        )  # fmt: skip

    def test_show_truncated(self, spark, capsys):
        df = spark.createDataFrame([("x" * 30,), ("y",)], "s string")
        df.show(1)
        assert capsys.readouterr().out == (
            "+--------------------+\n|                   s|\n+--------------------+\n|xxxxxxxxxxxxxxxxx...|\n"
            "+--------------------+\nonly showing top 1 row\n\n"
        )
        df.show(truncate=False)
        assert "x" * 30 in capsys.readouterr().out
        df.show(n=1, truncate=5, vertical=True)
        assert capsys.readouterr().out == "-RECORD 0----\n s   | xx... \nonly showing top 1 row\n\n"

    def test_show_of_every_kind_of_value(self, spark, capsys):
        spark.sql(
            "SELECT array(1, NULL) AS a, map('k', 1) AS m, named_struct('x', 1, 'y', 'z') AS s, "
            "CAST(1.50 AS DECIMAL(5,2)) AS d, DATE'2025-01-02' AS dt, TIMESTAMP'2025-01-02 03:04:05' AS t, "
            "1.0D AS f, true AS b, X'0AFF' AS bin"
        ).show(truncate=False)
        line = capsys.readouterr().out.splitlines()[3]
        assert [cell.strip() for cell in line.strip("|").split("|")] == [
            "[1, NULL]", "{k -> 1}", "{1, z}", "1.50", "2025-01-02", "2025-01-02 03:04:05", "1.0", "true", "[0A FF]",
        ]  # fmt: skip

    def test_print_schema(self, spark, capsys):
        df = spark.createDataFrame([], "a int, b array<struct<c:string>>, m map<string,decimal(5,2)>")
        df.printSchema()
        assert capsys.readouterr().out == (
            "root\n |-- a: integer (nullable = true)\n |-- b: array (nullable = true)\n"
            " |    |-- element: struct (containsNull = true)\n |    |    |-- c: string (nullable = true)\n"
            " |-- m: map (nullable = true)\n |    |-- key: string\n"
            " |    |-- value: decimal(5,2) (valueContainsNull = true)\n\n"
        )

    def test_explain(self, staff, capsys):
        staff.where("id > 1").explain()
        assert "Physical Plan" in capsys.readouterr().out
        staff.explain(extended=True)
        text = capsys.readouterr().out
        assert "Parsed Logical Plan" in text and "Optimized Logical Plan" in text

    def test_counts(self, staff):
        assert staff.count() == 5
        assert staff.isEmpty() is False and staff.limit(0).isEmpty() is True

    def test_to_pandas(self, spark):
        frame = spark.createDataFrame(
            [(1, "a", dt.datetime(2025, 1, 1)), (2, None, None)], "i int, s string, t timestamp"
        ).toPandas()
        assert list(frame.columns) == ["i", "s", "t"]
        assert frame["i"].tolist() == [1, 2]
        assert str(frame["i"].dtype) == "int32"
        assert str(frame["t"].dtype).startswith("datetime64[")
        assert frame["s"].tolist() == ["a", None]

    def test_to_pandas_of_no_rows(self, spark):
        frame = spark.range(0).toPandas()
        assert len(frame) == 0 and list(frame.columns) == ["id"]

    def test_to_local_iterator(self, spark):
        assert sum(row.id for row in spark.range(1000).toLocalIterator()) == 499500

    def test_dtypes_and_schema(self, staff):
        assert staff.dtypes == [
            ("id", "int"),
            ("name", "string"),
            ("team", "string"),
            ("pay", "double"),
            ("since", "date"),
        ]
        assert staff.schema["pay"] == T.StructField("pay", T.DoubleType(), True)

    def test_describe_and_summary(self, staff):
        got = {row.summary: (row.id, row.name) for row in staff.select("id", "name").describe().collect()}
        assert got["count"] == ("5", "5") and got["min"] == ("1", "Ann") and got["mean"] == ("3.0", None)
        assert [row.summary for row in staff.select("id").summary().collect()] == [
            "count", "mean", "stddev", "min", "25%", "50%", "75%", "max",
        ]  # fmt: skip

    def test_summary_keeps_the_types_of_percentiles(self, spark):
        # The table of the documentation of DataFrame.summary.
        people = spark.createDataFrame([(11, 37.8), (12, 44.1), (13, 40.3)], ["age", "weight"])
        got = rows(people.summary("count", "min", "25%", "75%", "max"))
        assert got == [("count", "3", "3"), ("min", "11", "37.8"), ("25%", "11", "37.8"), ("75%", "13", "44.1"),
                       ("max", "13", "44.1")]  # fmt: skip

    def test_summary_of_other_types(self, spark):
        df = spark.createDataFrame([(1, "x", True, D("1.50"))], "i bigint, s string, b boolean, x decimal(5,2)")
        assert rows(df.summary()) == [
            ("count", "1", "1", "1"), ("mean", "1.0", None, "1.500000"), ("stddev", None, None, None),
            ("min", "1", "x", "1.50"), ("25%", "1", None, "1.5"), ("50%", "1", None, "1.5"), ("75%", "1", None, "1.5"),
            ("max", "1", "x", "1.50"),
        ]  # fmt: skip
        with pytest.raises(IllegalArgumentException, match="nope is not a recognised statistic"):
            df.summary("count", "nope").collect()

    def test_cache(self, spark):
        df = spark.range(10).cache()
        assert df.count() == 10
        assert df.is_cached
        df.unpersist()
        assert rows(df.agg(F.sum("id"))) == [(45,)]

    def test_corr_crosstab(self, spark):
        df = spark.createDataFrame([(1.0, 2.0), (2.0, 4.0), (3.0, 6.5)], "a double, b double")
        assert df.stat.corr("a", "b") == pytest.approx(0.9979, abs=1e-3)


class TestRowsInLists:
    """IN of rows and structs, as real Spark 3.5.5 answers."""

    @pytest.fixture
    def answers(self, spark):
        values = "VALUES (1, 'a'), (2, 'b'), (CAST(NULL AS INT), 'c') AS tv(y, z)"
        spark.sql(f"CREATE OR REPLACE TEMP VIEW tv AS SELECT * FROM {values}")
        yield lambda where: sorted_rows(spark.sql(f"SELECT y FROM tv WHERE {where}"))
        spark.catalog.dropTempView("tv")

    @pytest.mark.parametrize(
        ("where", "found"),
        [
            ("struct(y) IN (SELECT y FROM tv)", [1, 2]),
            ("struct(y, z) IN (SELECT y, z FROM tv WHERE y = 1)", [1]),
            ("(y, z) IN (SELECT y, z FROM tv WHERE y = 1)", [1]),
            ("(struct(y), z) IN (SELECT struct(y), z FROM tv WHERE y = 1)", [1]),
            ("(y, z) IN ((1, 'a'))", [1]),
            ("struct(y) IN (struct(1), struct(2))", [1, 2]),
        ],
    )
    def test_found(self, answers, where, found):
        assert answers(where) == [(y,) for y in found]

    @pytest.mark.parametrize(
        ("where", "difference", "text"),
        [
            ("struct(y) IN (SELECT struct(y) FROM tv)", "DATA_TYPE", "[(tv.y:int, `struct(y)`:struct<y:int>)]"),
            ("struct(y AS a) IN (SELECT struct(y AS b) FROM tv)", "DATA_TYPE", '"(y IN (listquery()))"'),
            (
                "struct(y, z) IN (SELECT struct(y, z) FROM tv)",
                "LENGTH",
                "\"(named_struct('y', y, 'z', z) IN (listquery()))\"",
            ),
            (
                "named_struct('y', y, 'z', z) IN (SELECT y, z FROM tv)",
                "LENGTH",
                'Left hand side columns(length: 1): ["named_struct(y, y, z, z)"]',
            ),
        ],
    )
    def test_refused(self, answers, where, difference, text):
        with pytest.raises(Exception) as caught:
            answers(where)
        assert condition(caught.value) == f"DATATYPE_MISMATCH.IN_SUBQUERY_{difference}_MISMATCH"
        assert text in str(caught.value)
