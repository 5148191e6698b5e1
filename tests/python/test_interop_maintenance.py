"""Tables that we optimised, restored, cloned, converted and vacuumed, read by real Spark 3.5.5 + Delta 3.3.2, delta-rs and
DuckDB's delta extension; and tables of Spark that we maintain and Spark goes on with."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.encoding import encode_rows
from tests.errors import condition
from tests.python.test_maintenance import KINDS, REFUSED, append, delta, golden, live_files, load
from tests.rows import sorted_rows

pytestmark = [pytest.mark.deltic]
NAMES = ["optimised", "parted", "zordered", "restored", "cloned", "converted", "vacuumed", "purged"]


@pytest.fixture(scope="module")
def ours(spark, home):
    """Tables written and maintained by us, by name."""
    tables = {name: str(home / name) for name in NAMES}
    for name in ("optimised", "parted", "zordered", "restored", "vacuumed"):
        for i in range(3):
            append(spark, tables[name], i * 10, i * 10 + 10, ["p"] if name == "parted" else ())
    spark.sql(f"OPTIMIZE {delta(tables['optimised'])}")
    spark.sql(f"OPTIMIZE {delta(tables['parted'])} WHERE p = 1")
    try:
        spark.conf.set("spark.databricks.delta.optimize.maxFileSize", "1000")
        spark.sql(f"OPTIMIZE {delta(tables['zordered'])} ZORDER BY (id, p)")
    finally:
        spark.conf.unset("spark.databricks.delta.optimize.maxFileSize")
    spark.sql(f"RESTORE TABLE {delta(tables['restored'])} TO VERSION AS OF 1")
    spark.sql(f"CREATE TABLE {delta(tables['cloned'])} SHALLOW CLONE {delta(tables['parted'])}")
    append(spark, tables["cloned"], 50, 52, ["p"])
    frame = spark.range(0, 9, 1, 1).selectExpr("id", "cast(id % 2 as int) p", "concat('s', id) s")
    frame.write.partitionBy("p").parquet(tables["converted"])
    spark.sql(f"CONVERT TO DELTA parquet.`{tables['converted']}` PARTITIONED BY (p INT)")
    spark.sql(f"OPTIMIZE {delta(tables['vacuumed'])}")
    for file in Path(tables["vacuumed"]).glob("*.parquet"):
        os.utime(file, (1, 1))
    try:
        spark.conf.set("spark.databricks.delta.retentionDurationCheck.enabled", "false")
        spark.sql(f"VACUUM {delta(tables['vacuumed'])} RETAIN 0 HOURS")
    finally:
        spark.conf.unset("spark.databricks.delta.retentionDurationCheck.enabled")
    shutil.copytree(Path(__file__).parents[1] / "data" / "golden" / "dv_ondisk" / "table", tables["purged"])
    spark.sql(f"REORG TABLE {delta(tables['purged'])} APPLY (PURGE)")
    return tables


@pytest.mark.oracle
class TestRealSparkReads:
    @pytest.mark.parametrize("name", NAMES)
    def test_rows(self, spark, oracle, ours, name):
        theirs = oracle.read(ours[name])
        assert theirs["rows"] and theirs["rows"] == encode_rows(load(spark, ours[name]))

    @pytest.mark.parametrize("name", ["optimised", "parted", "restored", "cloned", "converted"])
    def test_change_feed(self, spark, oracle, ours, name):
        options = {"readChangeFeed": "true", "startingVersion": "0"}
        assert oracle.read(ours[name], **options)["rows"] == encode_rows(load(spark, ours[name], **options))

    def test_filters_use_our_statistics_rightly(self, oracle, ours):
        for name, where, count in (
            ("zordered", "id > 25", 4),
            ("converted", "id = 5 AND p = 1", 1),
            ("converted", "s = 's8'", 1),
            ("parted", "p = 1 AND id < 5", 2),
            ("restored", "id >= 19", 1),
        ):
            assert len(oracle.sql(f"SELECT * FROM {delta(ours[name])} WHERE {where}")["rows"]) == count

    def test_spark_goes_on(self, spark, oracle, ours, home):
        for name in ("optimised", "restored", "converted", "vacuumed"):
            path = str(home / f"{name}_continued")
            shutil.copytree(ours[name], path)
            oracle.sql(f"UPDATE {delta(path)} SET s = 'u' WHERE id = 3")
            oracle.sql(f"DELETE FROM {delta(path)} WHERE id = 4")
            oracle.sql(f"OPTIMIZE {delta(path)} ")
            assert oracle.read(path)["rows"] == encode_rows(load(spark, path))

    def test_a_table_of_spark(self, spark, oracle, home):
        path = str(home / "of_spark")
        oracle.sql(
            f"CREATE TABLE {delta(path)} (id BIGINT, p INT) USING delta PARTITIONED BY (p) "
            "TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"
        )
        for i in range(3):
            oracle.sql(
                f"INSERT INTO {delta(path)} SELECT id, cast(id % 2 AS INT) FROM range({i * 100}, {i * 100 + 100})"
            )
        oracle.sql(f"DELETE FROM {delta(path)} WHERE id % 10 = 3")
        (row,) = spark.sql(f"OPTIMIZE {delta(path)}").collect()
        assert row.metrics.numFilesAdded == 2 and row.metrics.deletionVectorStats.numDeletionVectorRowsRemoved == 30
        assert len(oracle.read(path)["rows"]) == 270
        spark.sql(f"RESTORE TABLE {delta(path)} TO VERSION AS OF 4")
        assert len(oracle.read(path)["rows"]) == 270
        spark.sql(f"RESTORE TABLE {delta(path)} TO VERSION AS OF 3")
        assert len(oracle.read(path)["rows"]) == 300

    def test_files_that_we_put_together(self, spark, oracle, home):
        """Files of real Spark and of ours, large enough that their pages are copied (test_compaction_merge.py)."""
        path = str(home / "put_together")
        columns = (
            "id, CAST(id % 40 AS STRING) few, nullif(concat('unique ', id), 'unique 7') s, CAST(id % 9 AS DECIMAL(20, 3)) d, "
            "array(id, NULL) l, named_struct('a', map(CAST(id % 5 AS STRING), id)) t, id / 3 f, id % 2 = 0 b"
        )
        for start in (0, 6000):
            rows = f"SELECT {columns} FROM range({start}, {start + 6000}, 1, 1)"
            oracle.sql(
                f"CREATE TABLE {delta(path)} USING delta AS {rows}"
                if start == 0
                else f"INSERT INTO {delta(path)} {rows}"
            )
        summary = (
            f"SELECT count(*), sum(xxhash64(id, few, s, d, l, f, b)), sum(t.a[CAST(id % 5 AS STRING)]), count(s), count(l) "
            f"FROM {delta(path)}"
        )
        before = oracle.sql(summary)["rows"]
        spark.sql(f"OPTIMIZE {delta(path)}").collect()
        (file,) = (Path(path) / name for name in live_files(path))
        assert pytest.importorskip("pyarrow.parquet").ParquetFile(file).metadata.created_by.startswith("Deltic")
        assert oracle.sql(summary)["rows"] == before
        assert len(oracle.sql(f"SELECT * FROM {delta(path)} WHERE few = '3' AND id > 11000")["rows"]) == 25


@pytest.mark.oracle
class TestRealSparkReadsEveryKind:
    # In the oracle's process real Spark 3.5.5 fails on column defaults, in its own golden table too: its executor threads,
    # which evaluate them, have no session.
    @pytest.mark.parametrize("name", [name for name in KINDS if name != "default_columns"])
    def test_real_spark_reads_what_we_rewrote(self, spark, oracle, home, name):
        path = golden(name, str(home / f"golden_{name}"))
        try:
            spark.sql(f"OPTIMIZE {delta(path)}").collect()
        except Exception as error:
            if condition(error) not in REFUSED:
                raise
            pytest.skip(f"refused by name: {str(error)[:200]}")
        assert oracle.read(path)["rows"] == encode_rows(load(spark, path))


class TestDeltaRsReads:
    @pytest.mark.parametrize("name", [name for name in NAMES if name not in ("cloned", "purged")])
    def test_rows(self, spark, ours, name):
        deltalake = pytest.importorskip("deltalake")
        pa = pytest.importorskip("pyarrow")
        arrow = pa.table(deltalake.DeltaTable(ours[name]).to_pyarrow_table())
        mine = load(spark, ours[name])
        theirs = sorted((tuple(row[c] for c in mine.columns) for row in arrow.to_pylist()), key=repr)
        assert theirs == sorted_rows(mine)

    def test_history(self, spark, ours):
        deltalake = pytest.importorskip("deltalake")
        assert [entry["operation"] for entry in deltalake.DeltaTable(ours["vacuumed"]).history()] == [
            "VACUUM END",
            "VACUUM START",
            "OPTIMIZE",
            "WRITE",
            "WRITE",
            "WRITE",
        ]


class TestDuckDbReads:
    # A clone's files have absolute paths, "file:/…" as real Spark writes them, which DuckDB's extension takes for relative.
    @pytest.mark.parametrize("name", [name for name in NAMES if name != "cloned"])
    def test_rows(self, spark, ours, name):
        duckdb = pytest.importorskip("duckdb")
        extension = pytest.importorskip("duckdb_extension_delta")
        with duckdb.connect() as connection:
            (file,) = Path(extension.__file__).parent.rglob("*.duckdb_extension")
            connection.execute(f"LOAD '{file}'")
            mine = load(spark, ours[name])
            columns = ", ".join(mine.columns)
            theirs = connection.execute(f"SELECT {columns} FROM delta_scan('{ours[name]}')").fetchall()
        assert sorted(theirs, key=repr) == sorted_rows(mine)
