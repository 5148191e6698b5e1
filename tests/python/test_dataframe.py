"""The DataFrame API as PySpark users call it. Expected values are Spark's: this file passes on real Spark too
(DELTIC_TEST_MASTER=local[2])."""

from __future__ import annotations

import datetime as dt
import decimal
import math

import pytest
from pyspark.errors import AnalysisException
from pyspark.sql import Window
from pyspark.sql import functions as F
from pyspark.sql import types as T

from tests.errors import condition
from tests.rows import rows, sorted_rows

D = decimal.Decimal


class TestSelect:
    def test_columns_and_stars(self, staff):
        assert staff.select("*").columns == ["id", "name", "team", "pay", "since"]
        assert staff.select("id", F.col("name"), staff.team, staff["pay"]).columns == ["id", "name", "team", "pay"]
        assert staff.select(F.lit(1), "*").columns == ["1", "id", "name", "team", "pay", "since"]

    def test_stars_are_shown_as_columns(self, spark):
        df = spark.createDataFrame([(1, 2)], ["a", "b"])
        assert df.select(F.hash("*"), F.struct("*"), F.array("*"), F.concat("*")).columns == [
            "hash(a, b)", "struct(a, b)", "array(a, b)", "concat(a, b)",
        ]  # fmt: skip
        shown = spark.sql("SELECT concat(*), coalesce(*), greatest(t.*), count(*) OVER () FROM VALUES (1, 2) t(a, b)")
        assert shown.columns[:3] == ["concat(a, b)", "coalesce(a, b)", "greatest(a, b)"]

    def test_arguments_that_are_shown_or_not(self, spark):
        shown = spark.sql("SELECT round(2.5), bround(2.5), round(2.5, 1), approx_count_distinct(id, 0.1) FROM range(1)")
        assert shown.columns == ["round(2.5, 0)", "bround(2.5, 0)", "round(2.5, 1)", "approx_count_distinct(id)"]

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

    def test_a_long_chain_of_columns(self, spark):
        df = spark.range(1)
        for i in range(80):
            df = df.withColumn(f"c{i}", F.col("id") + i)
        assert len(df.columns) == 81
        assert rows(df.select("c0", "c79")) == [(0, 79)]

    def test_a_deep_expression(self, spark):
        total = F.col("id")
        for i in range(30):
            total = total + F.lit(i)
        assert rows(spark.range(1).select(total)) == [(sum(range(30)),)]

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

    def test_two_generators(self, spark):
        df = spark.createDataFrame([(1, ["a", "b"], [10, 20])], "id int, xs array<string>, ys array<int>")
        expected = [("a", 10), ("a", 20), ("b", 10), ("b", 20)]
        assert sorted_rows(df.select(F.explode("xs"), F.explode("ys"))) == expected
        added = df.withColumns({"x": F.explode("xs"), "n": F.lit(1), "y": F.explode("ys")})
        assert added.columns == ["id", "xs", "ys", "x", "n", "y"]
        assert sorted_rows(added.select("x", "y")) == expected
        replaced = df.withColumns({"ys": F.explode("ys"), "xs": F.explode("xs")})
        assert sorted_rows(replaced) == [(1, "a", 10), (1, "a", 20), (1, "b", 10), (1, "b", 20)]

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

    @pytest.mark.parametrize(
        ("pattern", "columns"),
        [
            ("`(Col1)?+.+`", ["Col2", "other"]),  # the example of Spark's documentation: a possessive quantifier
            ("`col.`", ["Col1", "Col2"]),
            ("`.*`", ["Col1", "Col2", "other"]),
            ("`o|other`", ["other"]),
            ("`ol`", []),
            ("Col2", ["Col2"]),
            ("t.`Col1`", ["Col1"]),
        ],
    )
    def test_columns_by_regular_expression(self, spark, pattern, columns):
        df = spark.createDataFrame([("a", 1, 2)], ["Col1", "Col2", "other"]).alias("t")
        assert df.select(df.colRegex(pattern)).columns == columns


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
        df = staff.select(
            "id", F.row_number().over(w), F.sum("pay").over(Window.partitionBy("team")), F.lag("id").over(w)
        )
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
        n = df.sample(fraction=0.1, seed=3).count()  # pyspark-client 4.2 forgets the seed of sample(0.1, seed=3)
        assert 700 < n < 1300
        assert df.sample(fraction=0.0, seed=1).count() == 0
        assert df.sample(withReplacement=False, fraction=1.0, seed=1).count() == 10_000
        assert df.sample(fraction=0.1, seed=3).count() == n

    def test_random_split(self, spark):
        parts = spark.range(1000).randomSplit([0.3, 0.7], seed=5)
        assert sum(p.count() for p in parts) == 1000
        assert 200 < parts[0].count() < 400

    def test_repartition_keeps_the_rows(self, spark):
        assert spark.range(100).repartition(4).count() == 100
        assert spark.range(100).repartition(4, "id").coalesce(1).count() == 100


class TestNestedOrder:
    """NULLs inside of structs and arrays come first, as everywhere: ordered by a struct is ordered by its fields."""

    @pytest.fixture(scope="class")
    def frame(self, spark):
        df = spark.sql(
            "SELECT id, CASE WHEN id % 997 = 0 THEN NULL ELSE CAST((id * 7919) % 5003 - 2500 AS INT) END AS a, "
            "CASE WHEN id BETWEEN 5000 AND 5010 THEN NULL ELSE CAST((id * 31) % 97 AS STRING) END AS s, "
            "CASE WHEN id % 701 = 0 THEN double('NaN') WHEN id % 703 = 0 THEN NULL ELSE (id * 13 % 109) - 50.5D END AS d "
            "FROM range(20000)"
        )
        df.createOrReplaceTempView("nested_order")
        return df

    @pytest.mark.parametrize(
        ("key", "fields"),
        [
            ("struct(a, s, id)", ("a", "s", "id")),
            ("struct(struct(a, s), d, id)", ("a", "s", "d", "id")),
            ("struct(s, struct(struct(d)), id)", ("s", "d", "id")),
            ("array(a, CAST(id AS INT))", ("a", "id")),
            ("struct(array(s), id)", ("s", "id")),
        ],
    )
    @pytest.mark.parametrize("order", ["ASC NULLS FIRST", "DESC NULLS LAST"])
    def test_is_that_of_the_fields(self, spark, frame, key, fields, order):
        by_fields = ", ".join(f"{field} {order}" for field in fields)
        numbers = (
            f"SELECT row_number() OVER (ORDER BY {key} {order}) AS x, row_number() OVER (ORDER BY {by_fields}) AS y "
            "FROM nested_order"
        )
        assert rows(spark.sql(f"SELECT count(*) FROM ({numbers}) WHERE x <> y")) == [(0,)]

    def test_extremes(self, spark, frame):
        df = spark.sql("SELECT max(struct(a, id)), min(struct(a, id)), max_by(id, struct(s, id)) FROM nested_order")
        by_fields = "SELECT {f} FROM nested_order ORDER BY {o} LIMIT 1"
        expected = tuple(
            rows(spark.sql(by_fields.format(f=f, o=o)))[0][0]
            for f, o in [
                ("struct(a, id)", "a DESC, id DESC"),
                ("struct(a, id)", "a, id"),
                ("id", "s DESC, id DESC"),
            ]
        )
        assert rows(df) == [expected]


class TestMaps:
    """Maps have no order, so they are no keys."""

    @pytest.fixture(scope="class")
    def maps(self, spark):
        return spark.range(2).select("id", F.create_map(F.lit(1), "id").alias("m"))

    @pytest.mark.parametrize(
        ("make", "expected"),
        [
            (lambda m: m.groupBy("m").count(), "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE"),
            (lambda m: m.groupBy(F.struct("m")).count(), "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE"),
            (lambda m: m.rollup("m").count(), "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE"),
            (lambda m: m.orderBy("m"), "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"),
            (lambda m: m.orderBy(F.array("m").desc()), "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"),
            (lambda m: m.sortWithinPartitions("m"), "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"),
            (lambda m: m.join(m.alias("b"), "m"), "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"),
            (lambda m: m.select(F.array_distinct(F.array("m"))), "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"),
            (lambda m: m.select(F.sort_array(F.array("m"))), "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"),
            (lambda m: m.distinct(), "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE"),
            (lambda m: m.dropDuplicates(["m"]), "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE"),
            (lambda m: m.select(F.array("m")).distinct(), "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE"),
            (lambda m: m.intersect(m), "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE"),
            (lambda m: m.exceptAll(m), "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE"),
        ],
    )
    def test_refused(self, maps, make, expected):
        with pytest.raises(AnalysisException) as caught:
            make(maps).collect()
        assert condition(caught.value) == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("SELECT map(1, id) m FROM range(2) GROUP BY 1", "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE"),
            ("SELECT DISTINCT map(1, 'a') m", "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE"),
            ("SELECT map(1, 1) UNION SELECT map(1, 2)", "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE"),
            ("SELECT id FROM range(2) ORDER BY map(1, id)", "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"),
            ("SELECT rank() OVER (ORDER BY map(1, id)) FROM range(2)", "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE"),
        ],
    )
    def test_refused_in_sql(self, spark, query, expected):
        with pytest.raises(AnalysisException) as caught:
            spark.sql(query).collect()
        assert condition(caught.value) == expected

    @pytest.mark.parametrize(
        "call",
        [
            "count(DISTINCT m)",
            "count(DISTINCT id, m)",
            "count(DISTINCT struct(m))",
            "collect_list(DISTINCT m)",
            "count(DISTINCT m) FILTER (WHERE id < 5)",
        ],
    )
    def test_not_counted_as_distinct_values(self, maps, call):
        with pytest.raises(Exception) as caught:
            maps.selectExpr(call).collect()
        assert "keys cannot be map type" in str(caught.value)

    def test_where_distinct_changes_nothing(self, maps):
        assert rows(maps.selectExpr("first(DISTINCT m) IS NULL", "any_value(DISTINCT m) IS NULL")) == [(False, False)]

    def test_carried_along(self, maps):
        assert rows(maps.dropDuplicates(["id"]).orderBy("id")) == [(0, {1: 0}), (1, {1: 1})]
        assert rows(maps.union(maps).orderBy("id").select("m").limit(3)) == [({1: 0},), ({1: 0},), ({1: 1},)]


class TestMissingValues:
    @pytest.fixture(scope="class")
    def holes(self, spark):
        return spark.createDataFrame(
            [(1, "a", 1.0), (None, "b", None), (3, None, math.nan)], "i int, s string, d double"
        )

    def test_drop(self, holes):
        assert rows(holes.na.drop()) == [(1, "a", 1.0)]
        assert holes.dropna(how="all").count() == 3
        assert holes.dropna(thresh=2).count() == 1
        assert sorted_rows(holes.na.drop(subset=["i"]).select("i")) == [(1,), (3,)]

    def test_fill(self, holes):
        assert rows(holes.na.fill(0).orderBy("s").select("i", "s", "d")) == [
            (3, None, 0.0),
            (1, "a", 1.0),
            (0, "b", 0.0),
        ]
        assert sorted_rows(holes.fillna("?").select("s")) == [("?",), ("a",), ("b",)]
        assert sorted_rows(holes.fillna({"i": 9, "s": "z"}).select("i", "s")) == [(1, "a"), (3, "z"), (9, "b")]

    def test_replace(self, holes):
        assert sorted_rows(holes.na.replace({"a": "A", "b": "B"}).select("s")) == [("A",), ("B",), (None,)]
        assert sorted_rows(holes.replace(1, 100, "i").select("i")) == [(100,), (3,), (None,)]


class TestApproxCountDistinct:
    """The estimate is within three of the standard deviations that were asked for; few values are counted exactly."""

    @pytest.mark.parametrize(
        "value", ["id", "CAST(id AS STRING)", "id / 7.0D", "date_add(DATE'2020-01-01', CAST(id AS INT))"]
    )
    @pytest.mark.parametrize("distinct", [3, 1000, 20_000])
    def test_is_near(self, spark, value, distinct):
        df = spark.range(3 * distinct).selectExpr(f"id % {distinct} AS id").selectExpr(f"{value} AS v")
        for error in (0.05, 0.01):
            (got,) = df.agg(F.approx_count_distinct("v", error)).collect()[0]
            assert abs(got - distinct) <= 3 * error * distinct

    def test_groups_nulls_and_zeros(self, spark):
        df = spark.sql("SELECT * FROM VALUES (1, 0.0D), (1, -0.0D), (1, NULL), (2, NULL), (3, 2.0D), (3, 1.0D) t(g, v)")
        counts = df.groupBy("g").agg(F.approx_count_distinct("v")).orderBy("g")
        assert rows(counts) == [(1, 1), (2, 0), (3, 2)]
        assert rows(df.filter("g > 5").agg(F.approx_count_distinct("v"))) == [(0,)]

    def test_an_error_that_is_too_large(self, spark):
        with pytest.raises(Exception, match="at most 39%"):
            spark.range(5).agg(F.approx_count_distinct("id", 0.5)).collect()


def test_the_corrupt_record_column_of_the_session(spark):
    spark.conf.set("spark.sql.columnNameOfCorruptRecord", "bad")
    try:
        df = spark.sql("SELECT * FROM VALUES ('{\"a\": 1}'), ('{\"a\": oops}') t(s)")
        assert rows(df.select(F.from_json("s", "a int, bad string").alias("j")).select("j.*").orderBy("a")) == [
            (None, '{"a": oops}'),
            (1, None),
        ]
        assert rows(spark.sql("SELECT from_csv('x', 'a int, bad string').bad")) == [("x",)]
    finally:
        spark.conf.unset("spark.sql.columnNameOfCorruptRecord")
