"""Tables that we write with each feature of the log (row tracking, in-commit timestamps, V2 and classic checkpoints,
checksums, transactions, log clean-up), read by real Spark 3.5.5 + Delta 3.3.2, delta-rs and DuckDB; then Spark writes on
and we read again."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest

from tests.encoding import encode_rows
from tests.rows import sorted_rows

pytestmark = [pytest.mark.deltic]

# Name → table properties of a table of five appends, two of them in each partition.
FEATURES = {
    "plain": {},
    "row_tracking": {"delta.enableRowTracking": "true"},
    "in_commit_timestamps": {"delta.enableInCommitTimestamps": "true"},
    "checkpoint_classic": {"delta.checkpointInterval": "2"},
    "checkpoint_stats_struct": {
        "delta.checkpointInterval": "2",
        "delta.checkpoint.writeStatsAsStruct": "true",
        "delta.checkpoint.writeStatsAsJson": "false",
    },
    "checkpoint_v2": {"delta.checkpointInterval": "2", "delta.checkpointPolicy": "v2"},
    "everything": {
        "delta.enableRowTracking": "true",
        "delta.enableInCommitTimestamps": "true",
        "delta.checkpointInterval": "2",
        "delta.checkpointPolicy": "v2",
        "delta.enableChangeDataFeed": "true",
    },
}
COMMITS = 6


def log_files(path) -> list[str]:
    return sorted(name for name in os.listdir(Path(path) / "_delta_log") if not name.startswith("."))


def actions(path, version: int) -> list[dict]:
    text = (Path(path) / "_delta_log" / f"{version:020d}.json").read_text()
    return [json.loads(line) for line in text.splitlines()]


def make(spark, path, properties) -> str:
    listed = ", ".join(f"'{key}' = '{value}'" for key, value in properties.items())
    tail = f" TBLPROPERTIES ({listed})" if listed else ""
    spark.sql(f"CREATE TABLE delta.`{path}` (id BIGINT, v STRING, day DATE) USING delta PARTITIONED BY (day){tail}")
    for turn in range(5):
        day = "NULL" if turn == 4 else f"DATE'2025-01-0{turn // 2 + 1}'"
        spark.sql(f"INSERT INTO delta.`{path}` VALUES ({turn}, 'v{turn}', {day}), ({turn + 100}, NULL, {day})")
    return str(path)


@pytest.fixture(scope="module")
def tables(spark, home):
    return {name: make(spark, home / name, properties) for name, properties in FEATURES.items()}


def only_from_checkpoint(path, home) -> str:
    """A copy of the table without the commits before its last checkpoint."""
    copy = tempfile.mkdtemp(prefix=Path(path).name + "_cut", dir=home)
    shutil.copytree(path, copy, dirs_exist_ok=True)
    last = json.loads((Path(copy) / "_delta_log" / "_last_checkpoint").read_text())["version"]
    for name in log_files(copy):
        if name[:20].isdigit() and int(name[:20]) < last:
            os.remove(Path(copy) / "_delta_log" / name)
    return copy


class TestWhatIsWritten:
    def test_checksums_beside_every_commit(self, tables):
        for path in tables.values():
            names = log_files(path)
            assert [f"{v:020d}.crc" in names for v in range(COMMITS)] == [True] * COMMITS
            last = json.loads((Path(path) / "_delta_log" / f"{COMMITS - 1:020d}.crc").read_text())
            assert (last["numFiles"], last["numMetadata"], last["numProtocol"]) == (5, 1, 1)

    def test_row_ids(self, tables):
        path = tables["row_tracking"]
        bases = [a["add"]["baseRowId"] for v in range(1, COMMITS) for a in actions(path, v) if "add" in a]
        assert bases == [0, 2, 4, 6, 8]
        domain = next(a["domainMetadata"] for a in actions(path, COMMITS - 1) if "domainMetadata" in a)
        assert domain == {
            "domain": "delta.rowTracking",
            "configuration": '{"rowIdHighWaterMark":9,"domainName":"delta.rowTracking"}',
            "removed": False,
        }

    def test_in_commit_timestamps_come_first_and_ascend(self, tables):
        infos = [actions(tables["in_commit_timestamps"], v)[0]["commitInfo"] for v in range(COMMITS)]
        times = [info["inCommitTimestamp"] for info in infos]
        assert times == sorted(set(times))

    def test_checkpoints(self, tables):
        names = log_files(tables["checkpoint_classic"])
        assert [n for n in names if "checkpoint" in n] == [
            "00000000000000000002.checkpoint.parquet",
            "00000000000000000004.checkpoint.parquet",
            "_last_checkpoint",
        ]
        v2 = [n for n in log_files(tables["checkpoint_v2"]) if ".checkpoint." in n]
        assert len(v2) == 2 and all(n.endswith(".json") for n in v2)
        assert len(os.listdir(Path(tables["checkpoint_v2"]) / "_delta_log" / "_sidecars")) == 2

    def test_cut_logs_are_still_whole_for_us(self, spark, tables, home):
        for name in ("checkpoint_classic", "checkpoint_stats_struct", "checkpoint_v2", "everything"):
            copy = only_from_checkpoint(tables[name], home)
            mine = spark.read.format("delta").load(copy)
            assert sorted_rows(mine) == sorted_rows(spark.read.format("delta").load(tables[name]))
            assert spark.read.format("delta").load(copy).where("id = 3").count() == 1
            shutil.rmtree(copy)

    def test_idempotent_writes(self, spark, home):
        path = str(home / "txn")
        for version in (1, 1, 2):
            frame = spark.createDataFrame([(version,)], "id bigint")
            frame.write.format("delta").mode("append").options(txnAppId="app", txnVersion=version).save(path)
        assert sorted_rows(spark.read.format("delta").load(path)) == [(1,), (2,)]
        checksum = json.loads((Path(path) / "_delta_log" / f"{1:020d}.crc").read_text())
        assert [(t["appId"], t["version"]) for t in checksum["setTransactions"]] == [("app", 2)]

    def test_log_clean_up(self, spark, home):
        path = home / "cleaned"
        make(spark, path, {"delta.checkpointInterval": "2", "delta.logRetentionDuration": "interval 1 days"})
        old = time.time() - 5 * 86400
        for name in log_files(path):
            if name[:20].isdigit() and int(name[:20]) <= 3:
                os.utime(path / "_delta_log" / name, (old + int(name[:20]), old + int(name[:20])))
        spark.sql(f"INSERT INTO delta.`{path}` VALUES (5, 'v5', NULL)")  # version 6: a checkpoint, then clean-up
        names = log_files(path)
        # Commit 3 is the last old one, and 2 the checkpoint before it.
        assert not [n for n in names if n[:20].isdigit() and int(n[:20]) < 2]
        assert f"{2:020d}.json" in names
        assert spark.read.format("delta").load(str(path)).count() == 11


@pytest.mark.oracle
class TestRealSpark:
    @pytest.mark.parametrize("name", list(FEATURES))
    def test_reads_rows_and_history(self, spark, oracle, tables, name):
        assert oracle.read(tables[name])["rows"] == encode_rows(spark.read.format("delta").load(tables[name]))
        keep = ["version", "timestamp", "operation", "readVersion", "isolationLevel", "isBlindAppend"]
        mine = encode_rows(spark.sql(f"DESCRIBE HISTORY delta.`{tables[name]}`").select(*keep))
        theirs = oracle.sql(f"DESCRIBE HISTORY delta.`{tables[name]}`")["rows"]
        theirs = [{key: row[key] for key in keep} for row in theirs]
        assert sorted(theirs, key=lambda r: r["version"]) == sorted(mine, key=lambda r: r["version"])

    @pytest.mark.parametrize("name", ["checkpoint_classic", "checkpoint_stats_struct", "checkpoint_v2", "everything"])
    def test_reads_a_table_that_begins_with_our_checkpoint(self, spark, oracle, tables, home, name):
        copy = only_from_checkpoint(tables[name], home)
        assert oracle.read(copy)["rows"] == encode_rows(spark.read.format("delta").load(tables[name]))
        found = oracle.sql(f"SELECT id FROM delta.`{copy}` WHERE day = DATE'2025-01-02' AND id < 100")["rows"]
        assert found == [{"id": 2}, {"id": 3}]
        oracle.sql(f"INSERT INTO delta.`{copy}` VALUES (7, 's', NULL)")
        assert oracle.read(copy)["rows"] == encode_rows(spark.read.format("delta").load(copy))

    def test_sees_the_row_ids(self, oracle, tables):
        found = oracle.sql(
            "SELECT id, _metadata.row_id AS r, _metadata.row_commit_version AS c "
            f"FROM delta.`{tables['row_tracking']}` WHERE id < 100"
        )["rows"]
        assert sorted((row["id"], row["r"], row["c"]) for row in found) == [(n, 2 * n, n + 1) for n in range(5)]

    @pytest.mark.parametrize("name", list(FEATURES))
    def test_goes_on_writing(self, spark, oracle, tables, home, name):
        path = str(home / f"{name}_continued")
        shutil.copytree(tables[name], path)
        oracle.sql(f"INSERT INTO delta.`{path}` VALUES (50, 'spark', DATE'2025-01-01')")
        oracle.sql(f"UPDATE delta.`{path}` SET v = 'u' WHERE id = 1")
        oracle.sql(f"DELETE FROM delta.`{path}` WHERE id = 2")
        assert encode_rows(spark.read.format("delta").load(path)) == oracle.read(path)["rows"]
        spark.sql(f"INSERT INTO delta.`{path}` VALUES (60, 'deltic', NULL)")
        assert encode_rows(spark.read.format("delta").load(path)) == oracle.read(path)["rows"]
        if FEATURES[name].get("delta.enableRowTracking"):
            ids = oracle.sql(f"SELECT _metadata.row_id AS r FROM delta.`{path}`")["rows"]
            assert len({row["r"] for row in ids}) == len(ids)

    def test_in_commit_timestamps_turned_on_later(self, spark, oracle, home):
        path = str(home / "later")
        make(spark, path, {})
        spark.sql(f"ALTER TABLE delta.`{path}` SET TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true')")
        spark.sql(f"INSERT INTO delta.`{path}` VALUES (70, 'x', NULL)")
        metadata = next(a["metaData"] for a in actions(path, COMMITS) if "metaData" in a)
        assert metadata["configuration"]["delta.inCommitTimestampEnablementVersion"] == str(COMMITS)
        assert encode_rows(spark.read.format("delta").load(path)) == oracle.read(path)["rows"]
        oracle.sql(f"INSERT INTO delta.`{path}` VALUES (71, 'y', NULL)")
        keep = ["version", "timestamp"]
        mine = encode_rows(spark.sql(f"DESCRIBE HISTORY delta.`{path}`").select(*keep))
        theirs = [{k: r[k] for k in keep} for r in oracle.sql(f"DESCRIBE HISTORY delta.`{path}`")["rows"]]
        assert sorted(theirs, key=str) == sorted(mine, key=str)


def delta_rs_ids(path) -> list[int]:
    """The ids that delta-rs reads, with its own engine: its PyArrow reader does not know V2 checkpoints."""
    deltalake = pytest.importorskip("deltalake")
    pa = pytest.importorskip("pyarrow")
    query = deltalake.QueryBuilder().register("t", deltalake.DeltaTable(path)).execute("SELECT id FROM t")
    return sorted(pa.table(query).column("id").to_pylist())


class TestOthers:
    @pytest.mark.parametrize("name", list(FEATURES))
    def test_delta_rs(self, spark, tables, home, name):
        path = tables[name]
        mine = sorted(r[0] for r in spark.read.format("delta").load(path).select("id").collect())
        assert delta_rs_ids(path) == mine
        if "checkpoint" in name:
            copy = only_from_checkpoint(path, home)
            assert delta_rs_ids(copy) == mine
            shutil.rmtree(copy)

    @pytest.mark.parametrize("name", list(FEATURES))
    def test_duckdb(self, spark, tables, name):
        duckdb = pytest.importorskip("duckdb")
        extension = pytest.importorskip("duckdb_extension_delta")
        connection = duckdb.connect()
        file = next(Path(extension.__file__).parent.rglob("*.duckdb_extension"))
        connection.execute(f"LOAD '{file}'")
        theirs = connection.execute(f"SELECT id FROM delta_scan('{tables[name]}')").fetchall()
        mine = sorted(r[0] for r in spark.read.format("delta").load(tables[name]).select("id").collect())
        assert sorted(r[0] for r in theirs) == mine
        connection.close()
