"""Tables written by real Spark 3.5.5 + Delta 3.3.2 (variant_*: Spark 4.1.1 + Delta 4.1.0; tests/data/golden, made by
tools/oracle/make_golden.py) read back.

Every expected value was read by Spark itself. `_commit_timestamp` is compared only where commits carry their time, since
files that are copied lose theirs.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pyspark
import pytest
from pyspark.errors import PySparkException
from pyspark.sql import functions as F

from tests.encoding import encode_rows
from tests.fixtures.config import SparkConfig

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"
PACKED = [path.name.removesuffix(".tar.gz") for path in GOLDEN.glob("*.tar.gz")]
TABLES = sorted([path.parent.name for path in GOLDEN.glob("*/expected.json")] + PACKED)


@pytest.fixture(scope="module", params=TABLES)
def golden(request, tmp_path_factory):
    """(path of the table, what Spark read from it)"""
    if request.param.startswith("variant_") and (pyspark.__version__ < "4" or SparkConfig().master_url != "deltic"):
        pytest.skip("VARIANT needs Spark 4")
    folder = GOLDEN / request.param
    if request.param in PACKED:
        unpacked = tmp_path_factory.mktemp("golden")
        with tarfile.open(GOLDEN / f"{request.param}.tar.gz") as archive:
            # Python 3.11.2, Debian 12's, has no filters; the archive is this repository's own.
            archive.extractall(unpacked, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        folder = unpacked / request.param
    return str(folder / "table"), json.loads((folder / "expected.json").read_text())


def load(spark, path: str, **options):
    return spark.read.format("delta").options(**options).load(path)


def schema_of(df) -> dict:
    return json.loads(df.schema.json())


def test_it_is_said_what_each_proves():
    """tests/data/README.md has a row for every table, and none for another."""
    rows = (GOLDEN.parent / "README.md").read_text().split("|---|---|\n")[1].splitlines()
    named = [name.strip() for row in rows for name in row.split("|")[1].split(",")]
    assert sorted(named) == TABLES
    assert all(len(row.split("|")[2].strip()) > 10 for row in rows)


def test_latest(spark, golden):
    path, expected = golden
    df = load(spark, path)
    assert schema_of(df) == expected["schema"]
    assert df.count() == expected["count"]
    if "rows" in expected:
        assert encode_rows(df) == expected["rows"]
    else:
        total = df.select(F.sum(F.xxhash64(*df.columns).cast("decimal(38,0)"))).collect()[0][0]
        assert str(total) == expected["rows_agg"]["hash_sum"]


def test_every_version(spark, golden):
    path, expected = golden
    for version, then in expected["versions"].items():
        if "error" in then:
            with pytest.raises(PySparkException):
                load(spark, path, versionAsOf=version).collect()
            continue
        df = load(spark, path, versionAsOf=version)
        assert schema_of(df) == then["schema"], f"version {version}"
        assert df.count() == then["count"], f"version {version}"
        if "rows" in then:
            assert encode_rows(df) == then["rows"], f"version {version}"


def test_changes(spark, golden):
    path, expected = golden
    if "cdf" not in expected:
        with pytest.raises(PySparkException) as caught:
            load(spark, path, readChangeFeed="true", startingVersion=expected["latest_version"]).collect()
        assert "DELTA_MISSING_CHANGE_DATA" in str(caught.value)
        return
    feed = expected["cdf"]
    bounds = {"startingVersion": feed["startingVersion"], "endingVersion": feed["endingVersion"]}
    df = load(spark, path, readChangeFeed="true", **bounds)
    assert schema_of(df) == feed["schema"]
    in_commits = expected["detail"]["properties"].get("delta.enableInCommitTimestamps") == "true"
    then = [{k: v for k, v in row.items() if k != "_commit_timestamp_ms"} for row in feed["rows"]]
    now = sorted(
        encode_rows(df.drop("_commit_timestamp")),
        key=lambda row: (row["_commit_version"], json.dumps(row, sort_keys=True)),
    )
    order = lambda row: (row["_commit_version"], json.dumps(row, sort_keys=True))  # noqa: E731
    assert sorted(now, key=order) == sorted(then, key=order)
    if in_commits:
        times = df.select(
            "_commit_version", (F.col("_commit_timestamp").cast("double") * 1000).cast("long").alias("ms")
        )
        assert {(row[0], row[1]) for row in times.collect()} == {
            (row["_commit_version"], row["_commit_timestamp_ms"]) for row in feed["rows"]
        }


def test_changes_that_spark_refuses(spark, golden):
    path, expected = golden
    for version, message in expected.get("cdf_errors", {}).items():
        with pytest.raises(PySparkException) as caught:
            bounds = {"startingVersion": version, "endingVersion": expected["latest_version"]}
            load(spark, path, readChangeFeed="true", **bounds).collect()
        if "[" in message:
            condition = message[message.index("[") : message.index("]") + 1]
            assert condition in str(caught.value)


def test_history(spark, golden):
    path, expected = golden
    now = spark.sql(f"DESCRIBE HISTORY delta.`{path}`").orderBy("version").collect()
    assert [(row.version, row.operation) for row in now] == [
        (entry["version"], entry["operation"]) for entry in expected["history"]
    ]
    for row, entry in zip(now, expected["history"], strict=True):
        for field in ("operationParameters", "operationMetrics", "isBlindAppend", "isolationLevel", "readVersion",
                      "userMetadata", "engineInfo"):  # fmt: skip
            assert getattr(row, field) == entry[field], f"version {row.version}: {field}"


def test_detail(spark, golden):
    path, expected = golden
    now = spark.sql(f"DESCRIBE DETAIL delta.`{path}`").collect()[0].asDict()
    then = dict(expected["detail"])
    for one in (now, then):
        one["tableFeatures"] = sorted(one.get("tableFeatures") or [])
    assert {key: now.get(key) for key in then} == then
