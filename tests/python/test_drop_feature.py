"""ALTER TABLE DROP FEATURE: what a feature left in the table goes at once, the feature itself when no version that can
still be read uses it. Time passes by making the log's files older."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest

from tests.encoding import encode_rows
from tests.errors import condition

FAST = "spark.databricks.delta.tableFeatures.dev.fastDropFeature.enabled"
HOURS = 3600


@pytest.fixture(scope="module")
def home():
    path = tempfile.mkdtemp(prefix="deltic-drop-")
    yield Path(path)
    shutil.rmtree(path, ignore_errors=True)


def names(path) -> list[str]:
    return sorted(name for name in os.listdir(Path(path, "_delta_log")) if name[:20].isdigit())


def age(path, hours: float) -> None:
    """As if the table had been left alone for so long."""
    then = time.time() - hours * HOURS
    for name in names(path):
        os.utime(Path(path, "_delta_log", name), (then + int(name[:20]), then + int(name[:20])))


def features(spark, path) -> list[str]:
    return spark.sql(f"DESCRIBE DETAIL delta.`{path}`").collect()[0].tableFeatures


def last(spark, path):
    row = spark.sql(f"DESCRIBE HISTORY delta.`{path}` LIMIT 1").collect()[0]
    return row.version, row.operation, row.operationParameters


def refused(spark, statement) -> str:
    with pytest.raises(Exception) as caught:
        spark.sql(statement)
    return condition(caught.value)


PROPERTIES = {
    "v2Checkpoint": {"delta.checkpointPolicy": "v2", "delta.checkpointInterval": "2"},
    "columnMapping": {"delta.columnMapping.mode": "name"},
    "typeWidening-preview": {"delta.enableTypeWidening": "true"},
}


def create(spark, path, feature) -> str:
    """A table whose versions use the feature; returns its quoted name."""
    text = ", ".join(f"'{key}' = '{value}'" for key, value in PROPERTIES[feature].items())
    target = f"delta.`{path}`"
    spark.sql(f"CREATE TABLE {target} (id BIGINT, n SMALLINT, v STRING) USING delta TBLPROPERTIES ({text})")
    spark.sql(f"INSERT INTO {target} VALUES (1L, 10, 'a'), (2L, 20, 'b')")
    if feature == "columnMapping":
        spark.sql(f"ALTER TABLE {target} RENAME COLUMN v TO w")
    if feature == "typeWidening-preview":
        spark.sql(f"ALTER TABLE {target} ALTER COLUMN n TYPE INT")
    spark.sql(f"INSERT INTO {target} VALUES (3L, 30, 'c')")
    return target


class TestWithHistory:
    @pytest.mark.parametrize("feature", list(PROPERTIES))
    def test_waits_then_truncates(self, spark, home, feature):
        path = str(home / feature)
        target = create(spark, path, feature)
        rows = encode_rows(spark.table(target))
        drop = f"ALTER TABLE {target} DROP FEATURE `{feature}`"
        assert refused(spark, drop) == "DELTA_FEATURE_DROP_WAIT_FOR_RETENTION_PERIOD"
        version, operation, _ = last(spark, path)
        assert operation == "Empty Commit"
        assert f"{version:020d}.checkpoint.parquet" in names(path)  # a classic one
        assert feature in features(spark, path)
        assert encode_rows(spark.table(target)) == rows
        assert refused(spark, drop) == "DELTA_FEATURE_DROP_HISTORICAL_VERSIONS_EXIST"
        assert refused(spark, drop + " TRUNCATE HISTORY") == "DELTA_FEATURE_DROP_HISTORICAL_VERSIONS_EXIST"
        age(path, 26)
        assert refused(spark, drop) == "DELTA_FEATURE_DROP_HISTORICAL_VERSIONS_EXIST"  # within the log's retention
        spark.sql(drop + " TRUNCATE HISTORY")
        assert feature not in (features(spark, path) or [])
        _, operation, parameters = last(spark, path)
        assert (operation, parameters["featureName"], parameters["truncateHistory"]) == (
            "DROP FEATURE",
            feature,
            "true",
        )
        assert min(int(name[:20]) for name in names(path)) >= version
        assert encode_rows(spark.table(target)) == rows
        spark.sql(f"INSERT INTO {target} VALUES (4L, 40, 'd')")
        assert spark.table(target).count() == 4

    def test_after_the_logs_retention(self, spark, home):
        path = str(home / "expired")
        target = create(spark, path, "columnMapping")
        drop = f"ALTER TABLE {target} DROP FEATURE columnMapping"
        assert refused(spark, drop) == "DELTA_FEATURE_DROP_WAIT_FOR_RETENTION_PERIOD"
        age(path, 32 * 24)
        spark.sql(drop)
        assert "columnMapping" not in (features(spark, path) or [])
        assert last(spark, path)[2]["truncateHistory"] == "false"

    def test_without_traces_it_goes_at_once(self, spark, home):
        path = str(home / "vacuum")
        target = f"delta.`{path}`"
        spark.sql(
            f"CREATE TABLE {target} (id BIGINT) USING delta TBLPROPERTIES ('delta.feature.vacuumProtocolCheck' = "
            "'supported', 'delta.enableInCommitTimestamps' = 'true')"
        )
        spark.sql(f"ALTER TABLE {target} DROP FEATURE vacuumProtocolCheck")
        truncate = f"ALTER TABLE {target} DROP FEATURE inCommitTimestamp TRUNCATE HISTORY"
        assert refused(spark, truncate) == "DELTA_FEATURE_DROP_HISTORY_TRUNCATION_NOT_ALLOWED"
        spark.sql(f"ALTER TABLE {target} DROP FEATURE inCommitTimestamp")
        left = features(spark, path) or []
        assert "vacuumProtocolCheck" not in left and "inCommitTimestamp" not in left


class TestBehindCheckpoints:
    def test_goes_at_once_and_its_history_is_protected(self, spark, home):
        path = str(home / "fast")
        target = create(spark, path, "typeWidening-preview")
        rows = encode_rows(spark.table(target))
        spark.conf.set(FAST, "true")
        try:
            spark.sql(f"ALTER TABLE {target} DROP FEATURE `typeWidening-preview`")
        finally:
            spark.conf.unset(FAST)
        assert "typeWidening-preview" not in features(spark, path) and "checkpointProtection" in features(spark, path)
        version, operation, _ = last(spark, path)
        assert operation == "DROP FEATURE"
        assert [n for n in names(path) if n.endswith("checkpoint.parquet")] == [
            f"{v:020d}.checkpoint.parquet" for v in range(version - 3, version + 1)
        ]
        properties = spark.sql(f"DESCRIBE DETAIL {target}").collect()[0].properties
        assert properties["delta.requireCheckpointProtectionBeforeVersion"] == str(version)
        assert encode_rows(spark.table(target)) == rows
        drop = f"ALTER TABLE {target} DROP FEATURE checkpointProtection"
        assert refused(spark, drop) == "DELTA_FEATURE_CAN_ONLY_DROP_CHECKPOINT_PROTECTION_WITH_HISTORY_TRUNCATION"
        drop += " TRUNCATE HISTORY"
        assert refused(spark, drop) == "DELTA_FEATURE_DROP_CHECKPOINT_PROTECTION_WAIT_FOR_RETENTION_PERIOD"
        age(path, 26)
        spark.sql(drop)
        assert "checkpointProtection" not in (features(spark, path) or [])
        properties = spark.sql(f"DESCRIBE DETAIL {target}").collect()[0].properties
        assert "delta.requireCheckpointProtectionBeforeVersion" not in properties
        assert encode_rows(spark.table(target)) == rows


@pytest.mark.deltic
@pytest.mark.oracle
class TestRealSpark:
    @pytest.mark.parametrize("feature", list(PROPERTIES))
    def test_ends_what_we_began_and_the_other_way_round(self, spark, oracle, home, feature):
        for first in ("deltic", "spark"):
            path = str(home / f"{first}_{feature}")
            target = create(spark, path, feature)
            rows = oracle.read(path)["rows"]
            drop = f"ALTER TABLE {target} DROP FEATURE `{feature}`"
            begin, end = (spark.sql, oracle.sql) if first == "deltic" else (oracle.sql, spark.sql)
            with pytest.raises(Exception, match="DELTA_FEATURE_DROP_WAIT_FOR_RETENTION_PERIOD"):
                begin(drop)
            age(path, 26)
            end(drop + " TRUNCATE HISTORY")
            assert oracle.read(path)["rows"] == rows == encode_rows(spark.table(target))
            assert feature not in (oracle.sql(f"DESCRIBE DETAIL {target}")["rows"][0]["tableFeatures"] or [])
