"""Rows keep their ids and the version that last changed them through every command that rewrites files (PROTOCOL.md › Row
Tracking), with us and with real Spark 3.5.5 + Delta 3.3.2 taking turns on one table."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pytest

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"
IDS = "_metadata.row_id AS row_id, _metadata.row_commit_version AS row_version"
TRACKED = {"delta.enableRowTracking": "true"}
KINDS = {
    "rewriting": TRACKED,
    "change_feed": {**TRACKED, "delta.enableChangeDataFeed": "true"},
    "vectors": {**TRACKED, "delta.enableDeletionVectors": "true", "delta.enableChangeDataFeed": "true"},
    "mapped_by_name": {**TRACKED, "delta.columnMapping.mode": "name"},
    "mapped_by_id": {**TRACKED, "delta.columnMapping.mode": "id"},
}


@pytest.fixture(scope="module")
def home():
    path = tempfile.mkdtemp(prefix="deltic-rows-")
    yield Path(path)
    shutil.rmtree(path, ignore_errors=True)


def commits(path) -> list[Path]:
    return sorted(path for path in Path(path, "_delta_log").glob("*.json") if path.stem.isdigit())


def latest(path) -> int:
    return int(commits(path)[-1].stem)


def actions(path, version) -> list[dict]:
    text = Path(path, "_delta_log", f"{version:020d}.json").read_text()
    return [json.loads(line) for line in text.splitlines()]


def mark(path) -> int:
    """The highest row id that the table has given out."""
    found = [-1]
    for commit in commits(path):
        for action in actions(path, int(commit.stem)):
            domain = action.get("domainMetadata", {})
            if domain.get("domain") == "delta.rowTracking":
                found.append(json.loads(domain["configuration"])["rowIdHighWaterMark"])
    return found[-1]


class Tracked:
    """A table and what its rows' ids and versions must be: {id: (row_id, version)}."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.target = f"delta.`{path}`"
        self.rows: dict[int, tuple[int, int]] = {}
        self.mark = -1

    def check(self, spark, changed=(), gone=(), new=()) -> None:
        """After one command: `changed` keep their ids, all others both, `new` have ids above all before."""
        version = latest(self.path)
        found = {r.id: (r.row_id, r.row_version) for r in spark.sql(f"SELECT id, {IDS} FROM {self.target}").collect()}
        for id in gone:
            del self.rows[id]
        for id in changed:
            self.rows[id] = (self.rows[id][0], version)
        for id in new:
            assert found[id][0] > self.mark and found[id][1] == version, id
            self.rows[id] = found[id]
        assert found == self.rows
        assert len({row_id for row_id, _ in found.values()}) == len(found)
        self.mark = mark(self.path)
        assert max(row_id for row_id, _ in found.values()) <= self.mark


def create(spark, path, properties, partitioned="") -> Tracked:
    text = ", ".join(f"'{key}' = '{value}'" for key, value in properties.items())
    spark.sql(
        f"CREATE TABLE delta.`{path}` (id BIGINT, v STRING, p INT) USING delta {partitioned} TBLPROPERTIES ({text})"
    )
    return Tracked(path)


def insert(spark, table, ids, p=1) -> None:
    values = ", ".join(f"({id}L, 'v{id}', {p})" for id in ids)
    spark.sql(f"INSERT INTO {table.target} VALUES {values}")
    table.check(spark, new=ids)


def change(spark, table) -> None:
    """Every command that moves rows."""
    insert(spark, table, range(20))
    insert(spark, table, range(20, 30), 2)
    target = table.target
    spark.sql(f"UPDATE {target} SET v = 'u' WHERE id IN (3, 25)")
    table.check(spark, changed=[3, 25])
    spark.sql(f"DELETE FROM {target} WHERE id IN (4, 29)")
    table.check(spark, gone=[4, 29])
    spark.sql(
        f"MERGE INTO {target} t USING (SELECT CAST(id AS BIGINT) AS id FROM VALUES (5), (6), (7), (40) AS s(id)) s "
        "ON t.id = s.id WHEN MATCHED AND s.id = 6 THEN DELETE WHEN MATCHED THEN UPDATE SET v = 'm' "
        "WHEN NOT MATCHED THEN INSERT (id, v, p) VALUES (s.id, 'new', 1) "
        "WHEN NOT MATCHED BY SOURCE AND t.id = 25 THEN UPDATE SET v = 'b' "
        "WHEN NOT MATCHED BY SOURCE AND t.id = 0 THEN DELETE"
    )
    table.check(spark, changed=[5, 7, 25], gone=[6, 0], new=[40])
    spark.sql(f"OPTIMIZE {target}")
    table.check(spark)
    spark.sql(f"UPDATE {target} SET v = 'all' WHERE p = 2")
    table.check(spark, changed=[20, 21, 22, 23, 24, 25, 26, 27, 28])
    spark.sql(f"DELETE FROM {target} WHERE id = 9")
    table.check(spark, gone=[9])
    spark.sql(f"REORG TABLE {target} APPLY (PURGE)")
    table.check(spark)
    new = spark.createDataFrame([(10, "r", 1), (50, "r", 1)], "id bigint, v string, p int")
    new.write.format("delta").mode("overwrite").option("replaceWhere", "id = 10 OR id = 50").save(table.path)
    row_id = table.rows[10][0]
    table.check(spark, gone=[10], new=[10, 50])
    assert table.rows[10][0] != row_id  # another row
    insert(spark, table, [60, 61, 62])
    spark.sql(f"OPTIMIZE {target} ZORDER BY (id)")
    table.check(spark)


class TestCommands:
    @pytest.mark.parametrize("kind", list(KINDS))
    def test_rows_keep_their_ids(self, spark, home, kind):
        table = create(spark, str(home / kind), KINDS[kind])
        change(spark, table)
        stated = [actions(table.path, version)[0]["commitInfo"] for version in range(latest(table.path) + 1)]
        rewriting = [info for info in stated if info["operation"] in ("UPDATE", "DELETE", "MERGE", "OPTIMIZE", "REORG")]
        assert {info["tags"]["delta.rowTracking.preserved"] for info in rewriting} == {"true"}
        assert not any("tags" in info for info in stated if info["operation"] == "WRITE")

    def test_partitions(self, spark, home):
        table = create(spark, str(home / "parts"), KINDS["vectors"], "PARTITIONED BY (p)")
        change(spark, table)
        spark.sql(f"UPDATE {table.target} SET p = 3 WHERE id = 21")
        table.check(spark, changed=[21])

    def test_a_large_merge(self, spark, home):
        table = create(spark, str(home / "large"), KINDS["rewriting"])
        spark.range(0, 300000, 1, 1).selectExpr("id", "concat(id, repeat('x', 40)) v", "1 p").write.format(
            "delta"
        ).mode("append").save(table.path)
        before = dict(spark.sql(f"SELECT id, {IDS} FROM {table.target} WHERE id < 10").select("id", "row_id").collect())
        spark.sql(
            f"MERGE INTO {table.target} t USING (SELECT id FROM range(0, 6)) s ON t.id = s.id AND s.id < 5 "
            "WHEN MATCHED AND s.id = 1 THEN DELETE WHEN MATCHED THEN UPDATE SET v = 'm' "
            "WHEN NOT MATCHED THEN INSERT (id, v) VALUES (-1, 'n')"
        )
        found = {r.id: r for r in spark.sql(f"SELECT id, {IDS} FROM {table.target} WHERE id < 10").collect()}
        assert sorted(found) == [-1, 0, 2, 3, 4, 5, 6, 7, 8, 9]
        assert {id: row.row_id for id, row in found.items() if id >= 0} == {i: r for i, r in before.items() if i != 1}
        assert {id: row.row_version for id, row in found.items()} == {
            id: 2 if id in (-1, 0, 2, 3, 4) else 1 for id in found
        }
        assert found[-1].row_id >= 300000

    def test_statistics_and_change_files_have_the_tables_columns_only(self, spark, home):
        table = create(spark, str(home / "columns"), KINDS["change_feed"])
        insert(spark, table, range(5))
        spark.sql(f"UPDATE {table.target} SET v = 'u' WHERE id = 1")
        table.check(spark, changed=[1])
        added = [action["add"] for action in actions(table.path, 2) if "add" in action]
        assert set(json.loads(added[0]["stats"])["nullCount"]) == {"id", "v", "p"}
        feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 2).load(table.path)
        assert set(feed.columns) == {"id", "v", "p", "_change_type", "_commit_version", "_commit_timestamp"}
        assert sorted(spark.read.format("delta").load(table.path).columns) == ["id", "p", "v"]


class TestColumns:
    def test_fields_of_the_hidden_column(self, spark, home):
        table = create(spark, str(home / "fields"), KINDS["rewriting"])
        insert(spark, table, range(3))
        found = spark.sql(f"SELECT _metadata FROM {table.target}").schema["_metadata"].dataType.fieldNames()
        assert found[:6] == ["file_path", "file_name", "file_size", "file_block_start", "file_block_length",
                             "file_modification_time"]  # fmt: skip
        assert found[6:] == ["row_index", "row_id", "base_row_id", "default_row_commit_version", "row_commit_version"]
        df = spark.read.format("delta").load(table.path)
        rows = df.where("_metadata.row_id >= 1").select("id", "_metadata.row_id", "_metadata.base_row_id").collect()
        assert sorted(rows) == [(1, 1, 0), (2, 2, 0)]

    def test_aggregates_without_groups(self, spark, home):
        table = create(spark, str(home / "aggregates"), KINDS["rewriting"])
        insert(spark, table, range(3))
        ask = f"SELECT count(DISTINCT _metadata.row_id), max(_metadata.row_id), count(_metadata) FROM {table.target}"
        assert [tuple(row) for row in spark.sql(ask).collect()] == [(3, 2, 3)]
        ask = f"SELECT explode(collect_set(_metadata.row_id)) FROM {table.target} WHERE id = 1"
        assert [tuple(row) for row in spark.sql(ask).collect()] == [(1,)]

    @pytest.mark.deltic
    def test_a_table_of_real_spark(self, spark, home):
        shutil.copytree(GOLDEN / "row_tracking" / "table", home / "golden")
        found = spark.sql(f"SELECT id, {IDS} FROM delta.`{home / 'golden'}` ORDER BY id").collect()
        # What its files hold: id 1 was updated in version 2, the others are of version 1.
        assert found == [(0, 0, 1), (1, 1, 2), (3, 3, 1), (4, 4, 1), (5, 5, 1)]

    def test_without_row_tracking(self, spark, home):
        path = str(home / "untracked")
        spark.range(3).write.format("delta").save(path)
        with pytest.raises(Exception, match="(?i)row_id"):
            spark.sql(f"SELECT _metadata.row_id FROM delta.`{path}`").collect()


class TestEnabling:
    def test_existing_rows_get_ids(self, spark, home):
        path = str(home / "later")
        table = create(spark, path, {"delta.enableDeletionVectors": "true"})
        for first in (0, 10):
            values = ", ".join(f"({id}L, 'v', 1)" for id in range(first, first + 10))
            spark.sql(f"INSERT INTO {table.target} VALUES {values}")
        spark.sql(f"DELETE FROM {table.target} WHERE id = 3")
        spark.sql(f"ALTER TABLE {table.target} SET TBLPROPERTIES ('delta.enableRowTracking' = 'true')")
        stated = [actions(path, version)[0]["commitInfo"] for version in range(latest(path) + 1)]
        assert [info["operation"] for info in stated[4:]] == [
            "UPGRADE PROTOCOL",
            "ROW TRACKING BACKFILL",
            "SET TBLPROPERTIES",
        ]
        assert stated[-1]["tags"]["rowTrackingEnablementOnly"] == "true"
        backfill = latest(path) - 1
        found = spark.sql(f"SELECT id, {IDS} FROM {table.target}").collect()
        assert {r.row_version for r in found} == {backfill}
        assert len({r.row_id for r in found}) == 19 and max(r.row_id for r in found) <= mark(path) == 19
        table.rows = {r.id: (r.row_id, r.row_version) for r in found}
        table.mark = mark(path)
        spark.sql(f"UPDATE {table.target} SET v = 'u' WHERE id = 5")
        table.check(spark, changed=[5])
        insert(spark, table, [30])

    def test_setting_it_again_changes_nothing(self, spark, home):
        table = create(spark, str(home / "again"), KINDS["rewriting"])
        insert(spark, table, range(3))
        spark.sql(f"ALTER TABLE {table.target} SET TBLPROPERTIES ('delta.enableRowTracking' = 'true', 'x' = 'y')")
        assert "tags" not in actions(table.path, latest(table.path))[0]["commitInfo"]
        table.check(spark)

    def test_columns_mapped_no_more(self, spark, home):
        table = create(spark, str(home / "unmapped"), KINDS["mapped_by_name"])
        insert(spark, table, range(5))
        spark.sql(f"UPDATE {table.target} SET v = 'u' WHERE id = 1")
        table.check(spark, changed=[1])
        spark.sql(f"ALTER TABLE {table.target} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'none')")
        table.check(spark)


@pytest.mark.deltic
@pytest.mark.oracle
class TestRealSpark:
    def seen(self, oracle, path):
        found = oracle.sql(f"SELECT id, {IDS} FROM delta.`{path}`")["rows"]
        return {row["id"]: (row["row_id"], row["row_version"]) for row in found}

    @pytest.mark.parametrize("kind", list(KINDS))
    def test_takes_turns(self, spark, oracle, home, kind):
        table = create(spark, str(home / f"turns_{kind}"), KINDS[kind])
        change(spark, table)
        assert self.seen(oracle, table.path) == table.rows
        oracle.sql(f"UPDATE {table.target} SET v = 'spark' WHERE id IN (12, 26)")
        table.check(spark, changed=[12, 26])
        oracle.sql(f"DELETE FROM {table.target} WHERE id = 13")
        table.check(spark, gone=[13])
        oracle.sql(
            f"MERGE INTO {table.target} t USING (SELECT explode(array(14L, 70L)) AS id) s ON t.id = s.id "
            "WHEN MATCHED THEN UPDATE SET v = 's' WHEN NOT MATCHED THEN INSERT (id, v, p) VALUES (s.id, 'n', 1)"
        )
        table.check(spark, changed=[14], new=[70])
        spark.sql(f"UPDATE {table.target} SET v = 'deltic' WHERE id IN (14, 15)")
        table.check(spark, changed=[14, 15])
        oracle.sql(f"OPTIMIZE {table.target}")
        table.check(spark)
        spark.sql(f"DELETE FROM {table.target} WHERE id = 16")
        table.check(spark, gone=[16])
        assert self.seen(oracle, table.path) == table.rows

    def test_goes_on_after_our_backfill(self, spark, oracle, home):
        path = str(home / "spark_later")
        table = create(spark, path, {"x": "y"})
        spark.sql(f"INSERT INTO {table.target} VALUES (1L, 'a', 1), (2L, 'b', 1)")
        spark.sql(f"ALTER TABLE {table.target} SET TBLPROPERTIES ('delta.enableRowTracking' = 'true')")
        found = spark.sql(f"SELECT id, {IDS} FROM {table.target}").collect()
        table.rows = {r.id: (r.row_id, r.row_version) for r in found}
        table.mark = mark(path)
        assert self.seen(oracle, path) == table.rows
        oracle.sql(f"UPDATE {table.target} SET v = 'u' WHERE id = 1")
        table.check(spark, changed=[1])

    def test_the_hidden_column(self, spark, oracle, home):
        table = create(spark, str(home / "spark_fields"), KINDS["rewriting"])
        insert(spark, table, range(3))
        query = f"SELECT _metadata FROM {table.target}"
        theirs = oracle.sql(query)["schema"]["fields"][0]["type"]["fields"]
        mine = spark.sql(query).schema["_metadata"].dataType.fields
        assert [(f.name, f.dataType.jsonValue()) for f in mine] == [(f["name"], f["type"]) for f in theirs]
