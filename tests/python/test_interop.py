"""Tables that we write, read by others: real Spark 3.5.5 + Delta 3.3.2, delta-rs and DuckDB's delta extension; and tables
that Spark writes, continued by us and read by Spark again."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import shutil
from pathlib import Path

import pytest

from tests.encoding import encode_rows
from tests.rows import changes, sorted_rows

pytestmark = [pytest.mark.deltic]
D = decimal.Decimal

EVERY_TYPE = """b boolean, t tinyint, s smallint, i int, l bigint, f float, d double, d5 decimal(5,2), d18 decimal(18,6),
    d38 decimal(38,10), st string, bin binary, day date, ts timestamp, ntz timestamp_ntz,
    a array<int>, m map<string,int>, n struct<x:int,y:array<struct<z:string>>>"""
EVERY_VALUE = [
    (
        True, 127, 32767, 2**31 - 1, 2**63 - 1, 1.5, 3.141592653589793, D("999.99"), D("123456789012.123456"),
        D("1234567890123456789012345678.0123456789"), "héllo ✓", b"\x00\xff", dt.date(2024, 2, 29),
        dt.datetime(2024, 2, 29, 23, 59, 59, 999999), dt.datetime(2024, 2, 29, 23, 59, 59, 999999),
        [1, None, 3], {"k": 1, "n": None}, (7, [("q",), None]),
    ),
    (
        False, -128, -32768, -(2**31), -(2**63), float("nan"), float("-inf"), D("-999.99"), D("-0.000001"),
        D("-1.0000000000"), "", b"", dt.date(1970, 1, 1), dt.datetime(1970, 1, 1), dt.datetime(1600, 1, 1),
        [], {}, (None, None),
    ),
    (None,) * 18,
]  # fmt: skip


@pytest.fixture(scope="module")
def ours(spark, home):
    """Tables written by us, by name."""
    tables = {name: str(home / name) for name in ("plain", "typed", "parted", "long", "wider", "empty", "sql")}

    def write(name, data, schema, mode="append", partition_by=(), **options):
        frame = spark.createDataFrame(data, schema)
        frame.write.format("delta").mode(mode).options(**options).partitionBy(*partition_by).save(tables[name])

    write("plain", [(1, "a"), (2, "b")], "id bigint, v string")
    write("plain", [(3, "c"), (4, None)], "id bigint, v string")
    write("plain", [(10, "x")], "id bigint, v string", "overwrite")
    write("typed", EVERY_VALUE, EVERY_TYPE)
    parts = [(1, "x", dt.date(2025, 1, 1), True), (2, "y z/%=:", dt.date(2025, 1, 2), False), (3, None, None, None)]
    write("parted", parts, "id int, p string, d date, b boolean", partition_by=("p", "d", "b"))
    for version in range(13):
        write("long", [(version, f"n{version}")], "id bigint, v string")
    write("wider", [(1, "a")], "id bigint, v string")
    write("wider", [(2, "b", 1.5)], "id bigint, v string, w double", mergeSchema="true")
    write("empty", [], "id bigint, v string")
    spark.sql(
        f"CREATE TABLE delta.`{tables['sql']}` (id BIGINT NOT NULL COMMENT 'the id', v STRING) USING delta "
        "COMMENT 'made in SQL' TBLPROPERTIES ('my.key' = 'x')"
    )
    spark.sql(f"INSERT INTO delta.`{tables['sql']}` VALUES (1, 'a'), (2, NULL)")
    return tables


NAMES = ["plain", "typed", "parted", "long", "wider", "empty", "sql"]


@pytest.mark.oracle
class TestRealSparkReads:
    @pytest.mark.parametrize("name", NAMES)
    def test_rows_and_schema(self, spark, oracle, ours, name):
        df = spark.read.format("delta").load(ours[name])
        theirs = oracle.read(ours[name])
        assert theirs["schema"] == json.loads(df.schema.json())
        assert theirs["rows"] == encode_rows(df)

    def test_every_value_is_what_was_written(self, spark, oracle, ours):
        written = spark.createDataFrame(EVERY_VALUE, EVERY_TYPE)
        assert oracle.read(ours["typed"])["rows"] == encode_rows(written)

    @pytest.mark.parametrize("name,versions", [("plain", 3), ("long", 13), ("wider", 2), ("sql", 2)])
    def test_every_version(self, spark, oracle, ours, name, versions):
        for version in (v for v in range(versions) if v < 3 or v > 9):
            df = spark.read.format("delta").option("versionAsOf", version).load(ours[name])
            assert oracle.read(ours[name], versionAsOf=version)["rows"] == encode_rows(df)

    @pytest.mark.parametrize("name", ["plain", "typed", "parted", "wider", "sql"])
    def test_change_feed(self, spark, oracle, ours, name):
        options = {"readChangeFeed": "true", "startingVersion": "0"}
        df = spark.read.format("delta").options(**options).load(ours[name])
        theirs = oracle.read(ours[name], **options)
        assert theirs["schema"] == json.loads(df.schema.json())
        assert theirs["rows"] == encode_rows(df)

    @pytest.mark.parametrize("name", ["plain", "parted", "sql"])
    def test_history(self, spark, oracle, ours, name):
        keep = [
            "version",
            "timestamp",
            "operation",
            "operationParameters",
            "readVersion",
            "isolationLevel",
            "isBlindAppend",
        ]
        mine = encode_rows(spark.sql(f"DESCRIBE HISTORY delta.`{ours[name]}`").select(*keep))
        theirs = [
            {key: row[key] for key in keep} for row in oracle.sql(f"DESCRIBE HISTORY delta.`{ours[name]}`")["rows"]
        ]
        assert sorted(theirs, key=lambda row: row["version"]) == sorted(mine, key=lambda row: row["version"])

    def test_filters_skip_files_rightly(self, oracle, ours):
        for condition, count in (("id = 7", 1), ("v > 'n5'", 4), ("id BETWEEN 3 AND 11", 9), ("v IS NULL", 0)):
            found = oracle.sql(f"SELECT * FROM delta.`{ours['long']}` WHERE {condition}")
            assert len(found["rows"]) == count
        found = oracle.sql(f"SELECT id FROM delta.`{ours['parted']}` WHERE p = 'y z/%=:' AND d = '2025-01-02'")
        assert found["rows"] == [{"id": 2}]

    @pytest.mark.parametrize("name", ["plain", "parted", "wider", "long"])
    def test_spark_goes_on_writing(self, spark, oracle, ours, home, name):
        path = str(home / f"{name}_continued_by_spark")
        shutil.copytree(ours[name], path)
        before = spark.read.format("delta").load(path).count()
        oracle.sql(f"INSERT INTO delta.`{path}` SELECT * FROM delta.`{path}` WHERE id >= 1")
        oracle.sql(f"UPDATE delta.`{path}` SET id = id + 100 WHERE id >= 2")
        oracle.sql(f"DELETE FROM delta.`{path}` WHERE id = 1")
        df = spark.read.format("delta").load(path)
        assert before > 0
        assert encode_rows(df) == oracle.read(path)["rows"]
        options = {"readChangeFeed": "true", "startingVersion": "0"}
        feed = spark.read.format("delta").options(**options).load(path)
        assert encode_rows(feed) == oracle.read(path, **options)["rows"]

    def test_taking_turns(self, spark, oracle, home):
        path = str(home / "turns")
        oracle.sql(f"CREATE TABLE delta.`{path}` (id BIGINT, p STRING) USING delta PARTITIONED BY (p)")
        for turn in range(6):
            if turn % 2:
                oracle.sql(f"INSERT INTO delta.`{path}` VALUES ({turn}, 'spark')")
            else:
                spark.createDataFrame([(turn, "deltic")], "id bigint, p string").write.format("delta").mode(
                    "append"
                ).save(path)
        oracle.sql(f"DELETE FROM delta.`{path}` WHERE id = 3")
        spark.createDataFrame([(9, "deltic")], "id bigint, p string").write.format("delta").mode("append").save(path)
        df = spark.read.format("delta").load(path)
        assert sorted_rows(df) == [
            (0, "deltic"),
            (1, "spark"),
            (2, "deltic"),
            (4, "deltic"),
            (5, "spark"),
            (9, "deltic"),
        ]
        assert encode_rows(df) == oracle.read(path)["rows"]
        feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0).load(path)
        assert encode_rows(feed) == oracle.read(path, readChangeFeed="true", startingVersion=0)["rows"]

    def test_a_table_with_deletion_vectors_of_spark(self, spark, oracle, home):
        path = str(home / "dv")
        oracle.sql(
            f"CREATE TABLE delta.`{path}` (id BIGINT) USING delta TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"
        )
        oracle.sql(f"INSERT INTO delta.`{path}` SELECT id FROM range(0, 1000, 1, 1)")
        oracle.sql(f"DELETE FROM delta.`{path}` WHERE id % 10 = 3")
        df = spark.read.format("delta").load(path)
        assert df.count() == 900
        assert encode_rows(df) == oracle.read(path)["rows"]
        spark.range(1000, 1010).write.format("delta").mode("append").save(path)
        assert len(oracle.read(path)["rows"]) == 910


class TestDeltaRsReads:
    @pytest.mark.parametrize("name", NAMES)
    def test_rows(self, spark, ours, name):
        deltalake = pytest.importorskip("deltalake")
        pa = pytest.importorskip("pyarrow")
        table = deltalake.DeltaTable(ours[name])
        arrow = pa.table(table.to_pyarrow_table())
        mine = spark.read.format("delta").load(ours[name])
        assert arrow.num_rows == mine.count()
        if name != "typed":
            theirs = sorted((tuple(row[c] for c in mine.columns) for row in arrow.to_pylist()), key=repr)
            assert theirs == sorted_rows(mine)
        else:
            assert [f.name for f in table.schema().fields] == mine.columns
            assert sorted(arrow.column("l").to_pylist(), key=repr) == sorted(
                [r[0] for r in mine.select("l").collect()], key=repr
            )
            assert sorted(map(repr, arrow.column("d38").to_pylist())) == sorted(
                repr(r[0]) for r in mine.select("d38").collect()
            )
            assert sorted(map(repr, arrow.column("n").to_pylist())) == sorted(
                repr(r[0].asDict(True) if r[0] is not None else None) for r in mine.select("n").collect()
            )

    def test_versions_and_history(self, spark, ours):
        deltalake = pytest.importorskip("deltalake")
        table = deltalake.DeltaTable(ours["plain"], version=1)
        assert table.to_pyarrow_table().num_rows == 4
        latest = deltalake.DeltaTable(ours["plain"])
        assert latest.version() == 2
        assert [entry["operation"] for entry in latest.history()] == ["WRITE"] * 3

    def test_change_feed(self, spark, ours):
        deltalake = pytest.importorskip("deltalake")
        pa = pytest.importorskip("pyarrow")
        feed = pa.table(deltalake.DeltaTable(ours["plain"]).load_cdf(starting_version=0, ending_version=2))
        theirs = sorted(
            ((r["_commit_version"], r["_change_type"], r["id"], r["v"]) for r in feed.to_pylist()), key=repr
        )
        mine = (
            spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0).load(ours["plain"])
        )
        assert theirs == changes(mine, "id", "v")

    def test_delta_rs_goes_on_writing(self, spark, ours, home):
        deltalake = pytest.importorskip("deltalake")
        pa = pytest.importorskip("pyarrow")
        path = str(home / "continued_by_delta_rs")
        spark.createDataFrame([(1, "a")], "id bigint, v string").write.format("delta").option(
            "delta.enableChangeDataFeed", "false"
        ).save(path)
        deltalake.write_deltalake(path, pa.table({"id": pa.array([2], pa.int64()), "v": ["b"]}), mode="append")
        spark.createDataFrame([(3, "c")], "id bigint, v string").write.format("delta").mode("append").save(path)
        assert sorted_rows(spark.read.format("delta").load(path)) == [(1, "a"), (2, "b"), (3, "c")]
        assert deltalake.DeltaTable(path).to_pyarrow_table().num_rows == 3


class TestDuckDbReads:
    @pytest.fixture(scope="class")
    def duck(self):
        duckdb = pytest.importorskip("duckdb")
        extension = pytest.importorskip("duckdb_extension_delta")
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        files = list(Path(extension.__file__).parent.rglob("*.duckdb_extension"))
        assert files, "the delta extension's package holds no extension"
        connection.execute(f"LOAD '{files[0]}'")
        yield connection
        connection.close()

    @pytest.mark.parametrize("name", NAMES)
    def test_rows(self, spark, duck, ours, name):
        mine = spark.read.format("delta").load(ours[name])
        if name == "typed":
            columns = ["b", "t", "s", "i", "l", "d5", "d18", "d38", "st", "day", "ntz", "a"]
        else:
            columns = mine.columns
        text = ", ".join(columns)
        theirs = sorted(duck.execute(f"SELECT {text} FROM delta_scan('{ours[name]}')").fetchall(), key=repr)
        assert theirs == sorted_rows(mine.select(*columns))

    def test_a_filter(self, duck, ours):
        assert duck.execute(f"SELECT v FROM delta_scan('{ours['long']}') WHERE id = 11").fetchall() == [("n11",)]
