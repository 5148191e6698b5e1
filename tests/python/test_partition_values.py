"""Partition values of the log: what others write is read as they mean it, and what we write means the same to them."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.encoding import encode_rows

pytestmark = [pytest.mark.deltic]

ZONE = "America/New_York"
NOON = dt.datetime(2024, 1, 2, 12, 0)


@pytest.fixture
def in_new_york(spark):
    spark.conf.set("spark.sql.session.timeZone", ZONE)
    yield spark
    spark.conf.set("spark.sql.session.timeZone", "UTC")


def respell(path, **values) -> None:
    """Changes what the log's adds say of their partition: text → text."""
    for log in sorted(Path(path, "_delta_log").glob("*.json")):
        actions = [json.loads(line) for line in log.read_text().splitlines()]
        for action in actions:
            partition = action.get("add", {}).get("partitionValues", {})
            for name, texts in values.items():
                if partition.get(name) in texts:
                    partition[name] = texts[partition[name]]
        log.write_text("".join(json.dumps(action) + "\n" for action in actions))
        log.with_suffix(".crc").unlink(missing_ok=True)


def written(path) -> set[str]:
    lines = [
        json.loads(line) for log in Path(path, "_delta_log").glob("*.json") for line in log.read_text().splitlines()
    ]
    return {value for line in lines if "add" in line for value in line["add"]["partitionValues"].values()}


def one_of(spark, path, kind, value):
    spark.sql(f"CREATE TABLE delta.`{path}` (id INT, p {kind}) USING delta PARTITIONED BY (p)")
    spark.sql(f"INSERT INTO delta.`{path}` VALUES (1, {value})")


class TestReading:
    def test_a_timestamp_without_zone_is_the_sessions(self, spark, delta_table_path, in_new_york):
        one_of(spark, delta_table_path, "TIMESTAMP", "TIMESTAMP'2024-01-02 12:00:00'")
        assert written(delta_table_path) == {"2024-01-02T17:00:00.000000Z"}
        respell(delta_table_path, p={"2024-01-02T17:00:00.000000Z": "2024-01-02 12:00:00"})
        table = spark.read.format("delta").load(delta_table_path)
        assert table.where("p = TIMESTAMP'2024-01-02 12:00:00'").count() == 1
        assert table.selectExpr("CAST(p AS STRING)").collect()[0][0] == "2024-01-02 12:00:00"
        spark.conf.set("spark.sql.session.timeZone", "UTC")
        assert spark.read.format("delta").load(delta_table_path).collect()[0]["p"] == NOON

    def test_decimals_as_java_spells_them(self, spark, delta_table_path):
        one_of(spark, delta_table_path, "DECIMAL(38, 18)", "0")
        respell(delta_table_path, p={"0.000000000000000000": "0E-18"})
        assert spark.read.format("delta").load(delta_table_path).collect()[0]["p"] == Decimal(0)

    def test_bytes_are_utf_8(self, spark, delta_table_path):
        one_of(spark, delta_table_path, "BINARY", "X'C3A9'")
        assert written(delta_table_path) == {"é"}
        assert spark.read.format("delta").load(delta_table_path).collect()[0]["p"] == b"\xc3\xa9"


@pytest.mark.parametrize(
    ("kind", "value", "ours", "theirs"),
    [
        ("TIMESTAMP", "TIMESTAMP'2024-01-02 12:00:00'", "2024-01-02T12:00:00.000000Z", "2024-01-02 12:00:00"),
        ("DECIMAL(38, 18)", "CAST('0.0000001' AS DECIMAL(38, 18))", "0.000000100000000000", "1.00000000000E-7"),
    ],
)
def test_a_partition_is_overwritten_however_it_is_spelled(spark, delta_table_path, kind, value, ours, theirs):
    one_of(spark, delta_table_path, kind, value)
    respell(delta_table_path, p={ours: theirs})
    frame = spark.sql(f"SELECT 2 AS id, {value} AS p")
    frame.write.format("delta").mode("overwrite").option("partitionOverwriteMode", "dynamic").save(delta_table_path)
    assert [row.id for row in spark.read.format("delta").load(delta_table_path).collect()] == [2]


@pytest.mark.oracle
class TestRealSpark:
    def test_timestamps_mean_the_same_in_every_zone(self, spark, oracle, home, in_new_york):
        path = str(home / "zones")
        one_of(spark, path, "TIMESTAMP", "TIMESTAMP'2024-01-02 12:00:00'")
        for zone in ("UTC", ZONE):
            for session in (spark.sql, oracle.sql):
                session(f"SET spark.sql.session.timeZone = {zone}")
            query = f"SELECT unix_micros(p) AS at FROM delta.`{path}`"
            assert oracle.sql(query)["rows"] == encode_rows(spark.sql(query)) == [{"at": 1704214800000000}]
        oracle.sql("SET spark.sql.session.timeZone = UTC")
