"""The DataFrame API as PySpark users call it. Expected values are Spark's: this file passes on real Spark too
(DELTIC_TEST_MASTER=local[2])."""

from __future__ import annotations

import datetime as dt
import decimal
import math

import pandas as pd
import pyspark
import pytest
from pyspark.errors import AnalysisException
from pyspark.sql import Row, Window
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


@pytest.fixture(scope="module")
def spark(spark_session):
    return spark_session


@pytest.fixture(scope="module")
def staff(spark):
    return spark.createDataFrame(
        [
            (1, "Ann", "dev", 100.0, dt.date(2020, 1, 1)),
            (2, "Bob", "dev", 80.0, dt.date(2021, 5, 1)),
            (3, "Cid", "ops", 70.0, None),
            (4, "Dee", "ops", None, dt.date(2019, 3, 3)),
            (5, "Eve", None, 90.0, dt.date(2022, 7, 7)),
        ],
        "id int, name string, team string, pay double, since date",
    )


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


class TestSelect:
    def test_columns_and_stars(self, staff):
        assert staff.select("*").columns == ["id", "name", "team", "pay", "since"]
        assert staff.select("id", F.col("name"), staff.team, staff["pay"]).columns == ["id", "name", "team", "pay"]
        assert staff.select(F.lit(1), "*").columns == ["1", "id", "name", "team", "pay", "since"]

    def test_select_expr(self, staff):
        df = staff.where("id = 1").selectExpr("id + 1 AS next", "upper(name)", "pay / 3")
        assert df.columns == ["next", "upper(name)", "(pay / 3)"]
        assert rows(df) == [(2, "ANN", 100.0 / 3)]

    def test_filter(self, staff):
        assert rows(staff.filter((F.col("team") == "dev") & (F.col("pay") > 90)).select("name")) == [("Ann",)]
        assert rows(staff.where("team = 'ops' OR name LIKE 'E%'").select("id").orderBy("id")) == [(3,), (4,), (5,)]
        assert rows(staff.filter(~F.col("team").isin("dev")).select("id").orderBy("id")) == [(3,), (4,)]

    def test_with_column(self, staff):
        df = staff.withColumn("pay", F.col("pay") * 2).withColumn("double_id", F.col("id") * 2)
        assert df.columns == ["id", "name", "team", "pay", "since", "double_id"]
        assert rows(df.where("id = 1").select("pay", "double_id")) == [(200.0, 2)]

    def test_with_columns(self, staff):
        df = staff.withColumns({"a": F.col("id") + 1, "name": F.lower("name")})
        assert rows(df.where("id = 2").select("a", "name")) == [(3, "bob")]

    def test_rename_and_drop(self, staff):
        df = staff.withColumnRenamed("pay", "salary").drop("since", F.col("team"), "not_there")
        assert df.columns == ["id", "name", "salary"]
        assert staff.toDF("a", "b", "c", "d", "e").columns == ["a", "b", "c", "d", "e"]
        assert staff.withColumnsRenamed({"id": "key", "nope": "x"}).columns[0] == "key"

    def test_alias(self, staff):
        a, b = staff.alias("a"), staff.alias("b")
        joined = a.join(b, F.col("a.id") == F.col("b.id") + 1).select("a.name", F.col("b.name").alias("before"))
        assert sorted_rows(joined) == [("Bob", "Ann"), ("Cid", "Bob"), ("Dee", "Cid"), ("Eve", "Dee")]

    def test_cast(self, spark):
        df = spark.createDataFrame([("12", "x", 3.9, "2025-01-02")], "a string, b string, c double, d string")
        got = df.select(
            F.col("a").cast("int"), F.col("b").cast("int"), F.col("c").cast(T.IntegerType()), F.col("d").cast("date"),
            F.col("c").cast("string"), F.col("c").cast("decimal(5,1)"), F.col("a").cast("boolean"),
        )  # fmt: skip
        assert rows(got) == [(12, None, 3, dt.date(2025, 1, 2), "3.9", D("3.9"), None)]

    def test_when(self, staff):
        level = F.when(F.col("pay") >= 100, "high").when(F.col("pay") >= 80, "mid").otherwise("low")
        assert rows(staff.orderBy("id").select(level.alias("l"))) == [("high",), ("mid",), ("low",), ("low",), ("mid",)]
        assert rows(staff.orderBy("id").limit(2).select(F.when(F.col("id") == 1, "x"))) == [("x",), (None,)]

    def test_null_semantics(self, staff):
        df = staff.orderBy("id").select(
            (F.col("team") == "dev"), F.col("team").eqNullSafe(None), F.coalesce("team", F.lit("none")), F.isnull("pay")
        )
        assert rows(df) == [
            (True, False, "dev", False), (True, False, "dev", False), (False, False, "ops", False),
            (False, False, "ops", True), (None, True, "none", False),
        ]  # fmt: skip

    def test_arithmetic(self, spark):
        df = spark.sql("SELECT 7 AS a, 2 AS b, CAST(7 AS BIGINT) AS l, CAST(1.10 AS DECIMAL(5,2)) AS d")
        got = df.select(F.col("a") / F.col("b"), F.col("a") % F.col("b"), -F.col("a"), F.col("a") + F.col("l"),
                        F.col("d") * F.col("d"), F.col("a") / 0, F.col("a") ** 2)  # fmt: skip
        assert rows(got) == [(3.5, 1, -7, 14, D("1.2100"), None, 49.0)]
        assert got.schema[4].dataType == T.DecimalType(11, 4)

    def test_nested_access(self, spark):
        df = spark.createDataFrame([((1, {"k": [10, 20]}),)], "s struct<a:int,m:map<string,array<int>>>")
        assert rows(df.select("s.a", F.col("s.m")["k"][1], F.col("s").getField("a"), F.col("s.m").getItem("zz"))) == [
            (1, 20, 1, None)
        ]
        assert df.select("s.*").columns == ["a", "m"]

    def test_explode(self, spark):
        df = spark.createDataFrame([(1, ["a", "b"]), (2, []), (3, None)], "id int, xs array<string>")
        assert rows(df.select("id", F.explode("xs").alias("x"))) == [(1, "a"), (1, "b")]
        assert sorted_rows(df.select("id", F.explode_outer("xs").alias("x"))) == [
            (1, "a"), (1, "b"), (2, None), (3, None),
        ]  # fmt: skip

    def test_higher_order_functions(self, spark):
        df = spark.createDataFrame([([1, 2, 3, None],)], "xs array<int>")
        got = df.select(
            F.transform("xs", lambda x: x + 1), F.filter("xs", lambda x: x > 1),
            F.exists("xs", lambda x: x > 2), F.aggregate(F.array(F.lit(1), F.lit(2)), F.lit(0), lambda a, x: a + x),
        )  # fmt: skip
        assert rows(got) == [([2, 3, 4, None], [2, 3], True, 3)]

    def test_common_functions(self, spark):
        df = spark.sql("SELECT 'Ab c' AS s, DATE'2024-02-29' AS d, TIMESTAMP'2025-06-01 12:34:56' AS t, -2.5D AS x")
        got = df.select(
            F.upper("s"), F.length("s"), F.concat_ws("-", "s", F.lit("z")), F.substring("s", 1, 2),
            F.regexp_replace("s", "[a-z]", "_"), F.split("s", " "), F.date_add("d", 1), F.year("d"),
            F.date_format("t", "yyyy/MM/dd HH:mm"), F.date_trunc("hour", "t"), F.abs("x"), F.round("x"), F.floor("x"),
            F.to_date(F.lit("2025-03-04")), F.greatest(F.lit(1), F.lit(3)), F.md5("s"),
        )  # fmt: skip
        assert rows(got) == [
            (
                "AB C", 4, "Ab c-z", "Ab", "A_ _", ["Ab", "c"], dt.date(2024, 3, 1), 2024, "2025/06/01 12:34",
                dt.datetime(2025, 6, 1, 12), 2.5, -3.0, -3, dt.date(2025, 3, 4), 3, "b034d76a0440ea9425ba32c91faa816b",
            )
        ]  # fmt: skip


class TestJoins:
    @pytest.fixture(scope="class")
    def teams(self, spark):
        return spark.createDataFrame([("dev", "Berlin"), ("ops", "Oslo"), ("hr", "Rome")], "team string, city string")

    EXPECTED = {
        "inner": [(1, "Berlin"), (2, "Berlin"), (3, "Oslo"), (4, "Oslo")],
        "left": [(1, "Berlin"), (2, "Berlin"), (3, "Oslo"), (4, "Oslo"), (5, None)],
        "right": [(1, "Berlin"), (2, "Berlin"), (3, "Oslo"), (4, "Oslo"), (None, "Rome")],
        "outer": [(1, "Berlin"), (2, "Berlin"), (3, "Oslo"), (4, "Oslo"), (5, None), (None, "Rome")],
    }

    @pytest.mark.parametrize("how", ["inner", "left", "right", "outer"])
    def test_using(self, staff, teams, how):
        df = staff.join(teams, "team", how)
        assert df.columns == ["team", "id", "name", "pay", "since", "city"]
        assert sorted_rows(df.select("id", "city")) == sorted(self.EXPECTED[how], key=repr)

    def test_semi_and_anti(self, staff, teams):
        assert sorted_rows(staff.join(teams, "team", "left_semi").select("id")) == [(1,), (2,), (3,), (4,)]
        assert rows(staff.join(teams, "team", "left_anti").select("id")) == [(5,)]

    def test_on_a_condition(self, staff, teams):
        df = staff.join(teams, (staff.team == teams.team) & (staff.pay > 75), "left").orderBy("id")
        assert rows(df.select(staff.id, teams.city)) == [(1, "Berlin"), (2, "Berlin"), (3, None), (4, None), (5, None)]

    def test_cross(self, staff, teams):
        assert staff.crossJoin(teams).count() == 15
        assert staff.join(teams, how="cross").count() == 15

    def test_on_two_columns(self, spark):
        left = spark.createDataFrame([(1, "a", 10), (1, "b", 20)], "i int, s string, l int")
        right = spark.createDataFrame([(1, "b", 200), (2, "a", 300)], "i int, s string, r int")
        assert rows(left.join(right, ["i", "s"])) == [(1, "b", 20, 200)]

    def test_an_ambiguous_column(self, staff, teams):
        with pytest.raises(AnalysisException) as caught:
            staff.join(teams, staff.team == teams.team).select("team").collect()
        assert condition(caught.value) == "AMBIGUOUS_REFERENCE"


class TestGroups:
    def test_group_by(self, staff):
        df = staff.groupBy("team").agg(F.count("*").alias("n"), F.sum("pay"), F.avg("pay"), F.max("name"))
        assert df.columns == ["team", "n", "sum(pay)", "avg(pay)", "max(name)"]
        assert sorted_rows(df) == [
            ("dev", 2, 180.0, 90.0, "Bob"), ("ops", 2, 70.0, 70.0, "Dee"), (None, 1, 90.0, 90.0, "Eve"),
        ]  # fmt: skip

    def test_shortcuts(self, staff):
        assert sorted_rows(staff.groupBy("team").count()) == [("dev", 2), ("ops", 2), (None, 1)]
        assert sorted_rows(staff.groupBy("team").max("pay")) == [("dev", 100.0), ("ops", 70.0), (None, 90.0)]
        assert staff.groupBy("team").agg({"pay": "min", "*": "count"}).columns[0] == "team"

    def test_global(self, staff):
        got = staff.agg(F.count("team"), F.countDistinct("team"), F.sum("id"), F.collect_set("team"), F.first("name"))
        (row,) = rows(got)
        assert row[:3] == (4, 2, 15)
        assert sorted(row[3]) == ["dev", "ops"]

    def test_of_no_rows(self, staff):
        none = staff.where("id > 100")
        assert rows(none.agg(F.count("*"), F.sum("id"), F.max("name"))) == [(0, None, None)]
        assert rows(none.groupBy("team").count()) == []

    def test_statistics(self, spark):
        df = spark.createDataFrame([(1.0,), (2.0,), (3.0,), (4.0,)], "v double")
        got = rows(df.select(F.stddev("v"), F.var_pop("v"), F.skewness("v"), F.expr("percentile(v, 0.5)")))[0]
        assert got[0] == pytest.approx(1.2909944487358056)
        assert got[1:] == (1.25, 0.0, 2.5)

    def test_pivot(self, staff):
        df = staff.where("team IS NOT NULL").groupBy("team").pivot("id", [1, 2, 3]).agg(F.max("name"))
        assert df.columns == ["team", "1", "2", "3"]
        assert sorted_rows(df) == [("dev", "Ann", "Bob", None), ("ops", None, None, "Cid")]

    def test_rollup_and_cube(self, staff):
        known = staff.where("team IS NOT NULL")
        assert sorted_rows(known.rollup("team").count()) == [("dev", 2), ("ops", 2), (None, 4)]
        assert known.cube("team", "id").count().count() == 4 + 4 + 2 + 1

    def test_window(self, staff):
        w = Window.partitionBy("team").orderBy(F.col("pay").desc())
        df = staff.select("id", F.row_number().over(w), F.sum("pay").over(Window.partitionBy("team")), F.lag("id").over(w))
        assert rows(df.orderBy("id")) == [
            (1, 1, 180.0, None), (2, 2, 180.0, 1), (3, 1, 70.0, None), (4, 2, 70.0, 3), (5, 1, 90.0, None),
        ]  # fmt: skip

    def test_window_frame(self, spark):
        w = Window.orderBy("id").rowsBetween(-1, Window.currentRow)
        assert rows(spark.range(4).select(F.sum("id").over(w))) == [(0,), (1,), (3,), (5,)]


class TestSetsAndOrder:
    def test_distinct(self, spark):
        df = spark.createDataFrame([(1, "a"), (1, "a"), (1, "b"), (None, None), (None, None)], "i int, s string")
        assert sorted_rows(df.distinct()) == [(1, "a"), (1, "b"), (None, None)]
        assert df.dropDuplicates(["i"]).count() == 2
        assert df.drop_duplicates().count() == 3

    def test_order_by(self, staff):
        assert [r.id for r in staff.orderBy("pay").collect()] == [4, 3, 2, 5, 1]
        assert [r.id for r in staff.orderBy(F.col("pay").desc()).collect()] == [1, 5, 2, 3, 4]
        assert [r.id for r in staff.sort(F.asc_nulls_last("pay")).collect()] == [3, 2, 5, 1, 4]
        assert [r.id for r in staff.orderBy("team", F.desc("id")).collect()] == [5, 2, 1, 4, 3]
        assert [r.id for r in staff.orderBy(["team", "id"], ascending=[False, True]).collect()] == [3, 4, 1, 2, 5]

    def test_limit_offset_tail(self, spark):
        df = spark.range(10).orderBy("id")
        assert rows(df.limit(2)) == [(0,), (1,)]
        assert rows(df.offset(8)) == [(8,), (9,)]
        assert rows(df.offset(3).limit(2)) == [(3,), (4,)]
        assert [r.id for r in df.tail(2)] == [8, 9]
        assert [r.id for r in df.take(1)] == [0] and df.head().id == 0 and df.head(2)[1].id == 1
        assert rows(df.limit(0)) == []

    def test_union(self, spark):
        a = spark.createDataFrame([(1, "a")], "i int, s string")
        b = spark.createDataFrame([(1, "a"), (2, "b")], "x bigint, y string")
        both = a.union(b)
        assert both.schema.simpleString() == "struct<i:bigint,s:string>"
        assert sorted_rows(both) == [(1, "a"), (1, "a"), (2, "b")]
        assert a.unionAll(b).count() == 3

    def test_union_by_name(self, spark):
        a = spark.createDataFrame([(1, "a")], "i int, s string")
        b = spark.createDataFrame([("b", 2)], "s string, i int")
        assert sorted_rows(a.unionByName(b)) == [(1, "a"), (2, "b")]
        c = spark.createDataFrame([(3, True)], "i int, flag boolean")
        df = a.unionByName(c, allowMissingColumns=True)
        assert df.columns == ["i", "s", "flag"]
        assert sorted_rows(df) == [(1, "a", None), (3, None, True)]

    def test_union_of_other_widths(self, spark):
        with pytest.raises(AnalysisException) as caught:
            spark.range(1).union(spark.range(1).select("id", "id")).collect()
        assert condition(caught.value) == "NUM_COLUMNS_MISMATCH"

    def test_intersect_and_except(self, spark):
        a = spark.createDataFrame([(1,), (1,), (2,), (None,)], "i int")
        b = spark.createDataFrame([(1,), (None,), (3,)], "i int")
        assert sorted_rows(a.intersect(b)) == [(1,), (None,)]
        assert sorted_rows(a.subtract(b)) == [(2,)]
        assert sorted_rows(a.exceptAll(b)) == [(1,), (2,)]
        assert sorted_rows(a.intersectAll(b)) == [(1,), (None,)]

    def test_sample(self, spark):
        df = spark.range(10_000)
        n = df.sample(0.1, seed=3).count()
        assert 700 < n < 1300
        assert df.sample(fraction=0.0, seed=1).count() == 0
        assert df.sample(withReplacement=False, fraction=1.0, seed=1).count() == 10_000
        assert df.sample(0.1, seed=3).count() == n

    def test_random_split(self, spark):
        parts = spark.range(1000).randomSplit([0.3, 0.7], seed=5)
        assert sum(p.count() for p in parts) == 1000
        assert 200 < parts[0].count() < 400

    def test_repartition_keeps_the_rows(self, spark):
        assert spark.range(100).repartition(4).count() == 100
        assert spark.range(100).repartition(4, "id").coalesce(1).count() == 100


class TestMissingValues:
    @pytest.fixture(scope="class")
    def holes(self, spark):
        return spark.createDataFrame([(1, "a", 1.0), (None, "b", None), (3, None, math.nan)], "i int, s string, d double")

    def test_drop(self, holes):
        assert rows(holes.na.drop()) == [(1, "a", 1.0)]
        assert holes.dropna(how="all").count() == 3
        assert holes.dropna(thresh=2).count() == 1
        assert sorted_rows(holes.na.drop(subset=["i"]).select("i")) == [(1,), (3,)]

    def test_fill(self, holes):
        assert rows(holes.na.fill(0).orderBy("s").select("i", "s", "d")) == [(3, None, 0.0), (1, "a", 1.0), (0, "b", 0.0)]
        assert sorted_rows(holes.fillna("?").select("s")) == [("?",), ("a",), ("b",)]
        assert sorted_rows(holes.fillna({"i": 9, "s": "z"}).select("i", "s")) == [(1, "a"), (3, "z"), (9, "b")]

    def test_replace(self, holes):
        assert sorted_rows(holes.na.replace({"a": "A", "b": "B"}).select("s")) == [("A",), ("B",), (None,)]
        assert sorted_rows(holes.replace(1, 100, "i").select("i")) == [(100,), (3,), (None,)]


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
        frame = spark.createDataFrame([(1, "a", dt.datetime(2025, 1, 1)), (2, None, None)], "i int, s string, t timestamp").toPandas()
        assert list(frame.columns) == ["i", "s", "t"]
        assert frame["i"].tolist() == [1, 2]
        assert str(frame["i"].dtype) == "int32"
        assert str(frame["t"].dtype) == "datetime64[ns]"
        assert frame["s"].tolist() == ["a", None]

    def test_to_pandas_of_no_rows(self, spark):
        frame = spark.range(0).toPandas()
        assert len(frame) == 0 and list(frame.columns) == ["id"]

    def test_to_local_iterator(self, spark):
        assert sum(row.id for row in spark.range(1000).toLocalIterator()) == 499500

    def test_dtypes_and_schema(self, staff):
        assert staff.dtypes == [("id", "int"), ("name", "string"), ("team", "string"), ("pay", "double"), ("since", "date")]
        assert staff.schema["pay"] == T.StructField("pay", T.DoubleType(), True)

    def test_describe_and_summary(self, staff):
        got = {row.summary: (row.id, row.name) for row in staff.select("id", "name").describe().collect()}
        assert got["count"] == ("5", "5") and got["min"] == ("1", "Ann") and got["mean"] == ("3.0", None)
        assert [row.summary for row in staff.select("id").summary().collect()] == [
            "count", "mean", "stddev", "min", "25%", "50%", "75%", "max",
        ]  # fmt: skip

    def test_cache(self, spark):
        df = spark.range(10).cache()
        assert df.count() == 10
        assert df.is_cached
        df.unpersist()
        assert rows(df.agg(F.sum("id"))) == [(45,)]

    def test_corr_crosstab(self, spark):
        df = spark.createDataFrame([(1.0, 2.0), (2.0, 4.0), (3.0, 6.5)], "a double, b double")
        assert df.stat.corr("a", "b") == pytest.approx(0.9979, abs=1e-3)


class TestSessionAndViews:
    def test_temp_view(self, spark, staff):
        staff.createOrReplaceTempView("staff_view")
        assert rows(spark.sql("SELECT count(*) FROM staff_view WHERE pay > 75")) == [(3,)]
        assert spark.catalog.tableExists("staff_view")
        with pytest.raises(AnalysisException) as caught:
            staff.createTempView("staff_view")
        assert condition(caught.value) == "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS"
        assert spark.catalog.dropTempView("staff_view") is True
        assert spark.catalog.dropTempView("staff_view") is False

    def test_global_temp_view(self, spark, staff):
        staff.createOrReplaceGlobalTempView("staff_global")
        assert spark.table("global_temp.staff_global").count() == 5
        spark.catalog.dropGlobalTempView("staff_global")

    def test_sql_parameters(self, spark):
        assert rows(spark.sql("SELECT :a + 1, :b", args={"a": 1, "b": "x"})) == [(2, "x")]
        assert rows(spark.sql("SELECT ? * 2", args=[21])) == [(42,)]

    def test_sql_clauses(self, spark, staff):
        staff.createOrReplaceTempView("staff_sql")
        got = spark.sql(
            "WITH paid AS (SELECT * FROM staff_sql WHERE pay IS NOT NULL) "
            "SELECT team, sum(pay) AS total FROM paid GROUP BY team HAVING sum(pay) > 75 ORDER BY total DESC LIMIT 2"
        )
        assert rows(got) == [("dev", 180.0), (None, 90.0)]
        assert rows(spark.sql("SELECT id FROM staff_sql WHERE pay = (SELECT max(pay) FROM staff_sql)")) == [(1,)]
        assert rows(spark.sql("SELECT name FROM staff_sql s WHERE EXISTS (SELECT 1 FROM staff_sql t WHERE t.id = s.id + 4)")) == [("Ann",)]
        assert rows(spark.sql("SELECT x FROM staff_sql LATERAL VIEW explode(array(id, id * 10)) t AS x WHERE id = 2")) == [(2,), (20,)]
        spark.catalog.dropTempView("staff_sql")

    def test_values(self, spark):
        assert rows(spark.sql("SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(n, s) ORDER BY n DESC")) == [(2, "b"), (1, "a")]

    def test_conf(self, spark):
        spark.conf.set("spark.sql.shuffle.partitions", "7")
        assert spark.conf.get("spark.sql.shuffle.partitions") == "7"
        spark.conf.unset("spark.sql.shuffle.partitions")
        assert spark.conf.get("no.such.key", "fallback") == "fallback"
        assert spark.conf.isModifiable("spark.sql.shuffle.partitions") is True
        with pytest.raises(Exception) as caught:
            spark.conf.get("no.such.key")
        assert condition(caught.value) == "SQL_CONF_NOT_FOUND"

    def test_time_zone(self, spark):
        spark.conf.set("spark.sql.session.timeZone", "America/New_York")
        try:
            assert rows(spark.sql("SELECT CAST(TIMESTAMP'2025-01-01 00:00:00Z' AS STRING)")) == [("2024-12-31 19:00:00",)]
        finally:
            spark.conf.set("spark.sql.session.timeZone", "UTC")

    def test_catalog(self, spark, table_name):
        spark.range(1).write.format("delta").saveAsTable(table_name)
        assert spark.catalog.currentDatabase() == "default"
        assert table_name in [table.name for table in spark.catalog.listTables()]
        assert [column.name for column in spark.catalog.listColumns(table_name)] == ["id"]
        assert spark.catalog.tableExists(table_name)
        assert "default" in [database.name for database in spark.catalog.listDatabases()]

    def test_show_tables(self, spark, table_name):
        spark.range(1).write.format("delta").saveAsTable(table_name)
        assert ("default", table_name, False) in rows(spark.sql("SHOW TABLES"))

    def test_database(self, spark):
        spark.sql("CREATE DATABASE IF NOT EXISTS client_db")
        spark.sql("CREATE TABLE client_db.t (a INT) USING delta")
        spark.sql("INSERT INTO client_db.t VALUES (1)")
        spark.sql("USE client_db")
        assert rows(spark.table("t")) == [(1,)]
        spark.sql("USE default")
        spark.sql("DROP DATABASE client_db CASCADE")
        assert spark.catalog.databaseExists("client_db") is False

    def test_the_same_plan_twice(self, staff):
        df = staff.where("id < 3")
        assert rows(df) == rows(df)

    def test_input_files_and_metadata(self, spark, delta_table_path):
        spark.range(3).coalesce(1).write.format("delta").save(delta_table_path)
        files = spark.read.format("delta").load(delta_table_path).inputFiles()
        assert len(files) == 1 and files[0].endswith(".parquet")


class TestErrors:
    @pytest.mark.parametrize(
        "query,expected",
        [
            ("SELECT nope FROM range(1)", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
            ("SELECT nope", "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION"),
            ("SELECT no_such_function(1)", "UNRESOLVED_ROUTINE"),
            ("SELECT * FROM no_such_table", "TABLE_OR_VIEW_NOT_FOUND"),
            ("SELECT abs()", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION"),
            ("SELECT 1 + array(1)", "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"),
            ("SELECT id, count(*) FROM range(3)", "MISSING_GROUP_BY"),
            ("SELECT id, id + 1 FROM range(3) GROUP BY id + 1", "MISSING_AGGREGATION"),
            ("SELECT sum(max(id)) FROM range(3)", "NESTED_AGGREGATE_FUNCTION"),
            ("SELECT 1 UNION SELECT 1, 2", "NUM_COLUMNS_MISMATCH"),
            ("SELECT (SELECT id FROM range(3))", "SCALAR_SUBQUERY_TOO_MANY_ROWS"),
            ("SELECT CAST(DATE'2025-01-01' AS INT)", "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"),
            ("SELEC 1", "PARSE_SYNTAX_ERROR"),
            ("SELECT 1 FROM", "PARSE_SYNTAX_ERROR"),
        ],
    )
    def test_conditions(self, spark, query, expected):
        with pytest.raises(Exception) as caught:
            spark.sql(query).collect()
        assert condition(caught.value) == expected

    def test_parse_errors_are_their_own_class(self, spark):
        from pyspark.errors import ParseException

        with pytest.raises(ParseException):
            spark.sql("SELEC 1")

    def test_ansi_mode(self, spark):
        assert rows(spark.sql("SELECT CAST('x' AS INT), 1 / 0, array(1)[5]")) == [(None, None, None)]
        spark.conf.set("spark.sql.ansi.enabled", "true")
        try:
            for query, expected in (
                ("SELECT CAST('x' AS INT)", "CAST_INVALID_INPUT"),
                ("SELECT 1 / 0", "DIVIDE_BY_ZERO"),
                ("SELECT array(1)[5]", "INVALID_ARRAY_INDEX"),
                ("SELECT 2147483647 + 1", "ARITHMETIC_OVERFLOW"),
            ):
                with pytest.raises(Exception) as caught:
                    spark.sql(query).collect()
                assert condition(caught.value) == expected
        finally:
            spark.conf.set("spark.sql.ansi.enabled", "false")
