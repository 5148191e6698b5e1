"""OPTIMIZE, ZORDER, VACUUM, RESTORE, SHALLOW CLONE, CONVERT TO DELTA, GENERATE and REORG. Expected values are those of
delta-spark 3.3.2: this file passes on real Spark too (DELTIC_TEST_MASTER=local[2])."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from pyspark.sql import functions as F

from tests.errors import condition
from tests.rows import rows, sorted_rows

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
SIZE_KEYS = {"minFileSize", "p25FileSize", "p50FileSize", "p75FileSize", "maxFileSize"}


def delta(path: str) -> str:
    return f"delta.`{path}`"


def load(spark, path: str, **options):
    return spark.read.format("delta").options(**options).load(path)


def append(spark, path: str, start: int, end: int, partition_by=(), **options) -> None:
    frame = spark.range(start, end, 1, 1).selectExpr("id", "cast(id % 2 as int) p", "concat('s', id) s")
    frame.write.format("delta").mode("append").partitionBy(*partition_by).options(**options).save(path)


def history(spark, table: str):
    """The entries by version; operationParameters with the JSON texts in them read."""
    entries = {}
    for row in spark.sql(f"DESCRIBE HISTORY {table}").collect():
        entries[row.version] = row
    return entries


def last(spark, table: str):
    return max(history(spark, table).items())[1]


def live_files(path: str) -> set[str]:
    """The live files of a table without checkpoints, by replaying its log."""
    live: set[str] = set()
    for commit in sorted((Path(path) / "_delta_log").glob("*.json")):
        actions = [json.loads(line) for line in commit.read_text().splitlines()]
        live -= {a["remove"]["path"] for a in actions if "remove" in a}
        live |= {a["add"]["path"] for a in actions if "add" in a}
    return live


def actions(path: str, version: int, kind: str) -> list[dict]:
    text = (Path(path) / "_delta_log" / f"{version:020d}.json").read_text()
    return [a[kind] for a in map(json.loads, text.splitlines()) if kind in a]


@pytest.fixture
def conf(spark):
    """Sets settings for one test."""
    changed = []

    def set_conf(key: str, value: str) -> None:
        changed.append((key, spark.conf.get(key, None)))
        spark.conf.set(key, value)

    yield set_conf
    for key, value in reversed(changed):
        if value is None:
            spark.conf.unset(key)
        else:
            spark.conf.set(key, value)


def golden(name: str, path: str) -> str:
    shutil.copytree(GOLDEN / name / "table", path)
    return path


def fails(spark, statement: str, expected: str, kind: str | None = None) -> None:
    with pytest.raises(Exception) as caught:
        spark.sql(statement).collect()
    assert condition(caught.value) == expected, str(caught.value)[:500]
    if kind is not None and type(caught.value).__name__ != "Py4JJavaError":
        assert kind in [base.__name__ for base in type(caught.value).__mro__]


class TestOptimize:
    def test_small_files_become_one(self, spark, delta_table_path):
        for i in range(4):
            append(spark, delta_table_path, i * 10, i * 10 + 10)
        before = sorted_rows(load(spark, delta_table_path))
        (row,) = spark.sql(f"OPTIMIZE {delta(delta_table_path)}").collect()
        assert row.path == f"file:{delta_table_path}"
        m = row.metrics
        assert (m.numFilesAdded, m.numFilesRemoved, m.partitionsOptimized, m.numBins, m.numBatches) == (1, 4, 1, 1, 1)
        assert (m.totalConsideredFiles, m.totalFilesSkipped) == (4, 0)
        assert (m.filesAdded.totalFiles, m.filesRemoved.totalFiles) == (1, 4)
        assert m.filesAdded.min == m.filesAdded.max == m.filesAdded.totalSize == m.filesAdded.avg
        assert m.filesRemoved.avg == m.filesRemoved.totalSize / 4
        assert (m.numTableColumns, m.numTableColumnsWithStats) == (3, 3)
        assert m.zOrderStats is None and m.clusteringStats is None and m.deletionVectorStats is None
        assert m.autoCompactParallelismStats is None and m.preserveInsertionOrder is False
        assert sorted_rows(load(spark, delta_table_path)) == before
        assert len(live_files(delta_table_path)) == 1
        entry = last(spark, delta(delta_table_path))
        assert (entry.version, entry.operation, entry.readVersion) == (4, "OPTIMIZE", 3)
        assert (entry.isolationLevel, entry.isBlindAppend) == ("SnapshotIsolation", False)
        assert entry.operationParameters == {"predicate": "[]", "zOrderBy": "[]", "clusterBy": "[]", "auto": "false"}
        metrics = entry.operationMetrics
        assert {k: metrics[k] for k in metrics if k.startswith("num")} == {
            "numAddedFiles": "1",
            "numRemovedFiles": "4",
            "numAddedBytes": str(m.filesAdded.totalSize),
            "numRemovedBytes": str(m.filesRemoved.totalSize),
            "numDeletionVectorsRemoved": "0",
        }
        assert {metrics[k] for k in SIZE_KEYS} == {str(m.filesAdded.totalSize)}
        assert all(not a["dataChange"] for kind in ("add", "remove") for a in actions(delta_table_path, 4, kind))

    def test_schema_of_the_result(self, spark, delta_table_path):
        append(spark, delta_table_path, 0, 3)
        schema = spark.sql(f"OPTIMIZE {delta(delta_table_path)}").schema
        sizes = "struct<min:bigint,max:bigint,avg:double,totalFiles:bigint,totalSize:bigint>"
        z_files = "struct<num:bigint,size:bigint>"
        c_files = "struct<numFiles:bigint,size:bigint>"
        assert schema.simpleString() == (
            f"struct<path:string,metrics:struct<numFilesAdded:bigint,numFilesRemoved:bigint,filesAdded:{sizes},"
            f"filesRemoved:{sizes},partitionsOptimized:bigint,zOrderStats:struct<strategyName:string,"
            f"inputCubeFiles:{z_files},inputOtherFiles:{z_files},inputNumCubes:bigint,mergedFiles:{z_files},"
            f"numOutputCubes:bigint,mergedNumCubes:bigint>,clusteringStats:struct<inputZCubeFiles:{c_files},"
            f"inputOtherFiles:{c_files},inputNumZCubes:bigint,mergedFiles:{c_files},numOutputZCubes:bigint>,"
            "numBins:bigint,numBatches:bigint,totalConsideredFiles:bigint,totalFilesSkipped:bigint,"
            "preserveInsertionOrder:boolean,numFilesSkippedToReduceWriteAmplification:bigint,"
            "numBytesSkippedToReduceWriteAmplification:bigint,startTimeMs:bigint,endTimeMs:bigint,"
            "totalClusterParallelism:bigint,totalScheduledTasks:bigint,autoCompactParallelismStats:"
            "struct<maxClusterActiveParallelism:bigint,minClusterActiveParallelism:bigint,"
            "maxSessionActiveParallelism:bigint,minSessionActiveParallelism:bigint>,deletionVectorStats:"
            "struct<numDeletionVectorsRemoved:bigint,numDeletionVectorRowsRemoved:bigint>,numTableColumns:bigint,"
            "numTableColumnsWithStats:bigint>>"
        )
        metrics = schema["metrics"].dataType
        assert not metrics["numBins"].nullable and not metrics["filesAdded"].dataType["avg"].nullable
        assert metrics["filesAdded"].dataType["min"].nullable and metrics["zOrderStats"].nullable

    def test_nothing_to_do_commits_nothing(self, spark, delta_table_path):
        append(spark, delta_table_path, 0, 10)
        (row,) = spark.sql(f"OPTIMIZE '{delta_table_path}'").collect()
        m = row.metrics
        assert (m.numFilesAdded, m.numFilesRemoved, m.numBins, m.totalConsideredFiles, m.totalFilesSkipped) == (
            0,
            0,
            0,
            1,
            1,
        )
        assert (m.filesAdded.min, m.filesAdded.max, m.filesAdded.avg) == (None, None, 0.0)
        assert last(spark, delta(delta_table_path)).version == 0

    def test_partitions_and_predicate(self, spark, delta_table_path):
        for i in range(3):
            append(spark, delta_table_path, i * 10, i * 10 + 10, ["p"])
        before = sorted_rows(load(spark, delta_table_path))
        (row,) = spark.sql(f"OPTIMIZE {delta(delta_table_path)} WHERE p = 1").collect()
        m = row.metrics
        assert (m.numFilesAdded, m.numFilesRemoved, m.partitionsOptimized, m.totalConsideredFiles) == (1, 3, 1, 3)
        entry = last(spark, delta(delta_table_path))
        assert entry.operationParameters["predicate"] == '["(\'p = 1)"]'
        files = live_files(delta_table_path)
        assert sorted(f.split("/")[0] for f in files) == ["p=0"] * 3 + ["p=1"]
        (row,) = spark.sql(f"OPTIMIZE {delta(delta_table_path)} WHERE p IS NOT NULL AND p IN (0, 7)").collect()
        assert (row.metrics.numFilesAdded, row.metrics.numFilesRemoved) == (1, 3)
        entry = last(spark, delta(delta_table_path))
        assert entry.operationParameters["predicate"] == "[\"(isnotnull('p) AND 'p IN (0,7))\"]"
        assert sorted_rows(load(spark, delta_table_path)) == before
        (row,) = spark.sql(f"OPTIMIZE {delta(delta_table_path)} WHERE p > 1").collect()
        assert (row.metrics.totalConsideredFiles, row.metrics.numFilesAdded) == (0, 0)

    def test_all_partitions_at_once(self, spark, delta_table_path):
        frame = spark.range(0, 60, 1, 1).selectExpr(
            "id", "cast(id % 3 as string) p", "if(id % 5 = 0, null, date'2025-01-01') d"
        )
        for i in range(2):
            frame.where(F.col("id") % 2 == i).write.format("delta").mode("append").partitionBy("p", "d").save(
                delta_table_path
            )
        (row,) = spark.sql(f"OPTIMIZE {delta(delta_table_path)}").collect()
        assert (row.metrics.numFilesAdded, row.metrics.partitionsOptimized, row.metrics.numBins) == (6, 6, 6)
        assert sorted_rows(load(spark, delta_table_path)) == sorted_rows(frame)
        assert sorted_rows(load(spark, delta_table_path).where("d is null and p = '1'").select("id")) == [
            (10,),
            (25,),
            (40,),
            (55,),
        ]

    def test_file_sizes_are_settings(self, spark, delta_table_path, conf):
        for i in range(4):
            append(spark, delta_table_path, i * 10, i * 10 + 10)
        sizes = [(Path(delta_table_path) / f).stat().st_size for f in live_files(delta_table_path)]
        conf("spark.databricks.delta.optimize.maxFileSize", str(2 * max(sizes) + 10))
        (row,) = spark.sql(f"OPTIMIZE {delta(delta_table_path)}").collect()
        assert (row.metrics.numFilesAdded, row.metrics.numFilesRemoved, row.metrics.numBins) == (2, 4, 2)
        conf("spark.databricks.delta.optimize.minFileSize", "10")
        (row,) = spark.sql(f"OPTIMIZE {delta(delta_table_path)}").collect()
        assert (row.metrics.numFilesAdded, row.metrics.totalConsideredFiles) == (0, 2)
        assert load(spark, delta_table_path).count() == 40

    def test_change_feed_does_not_see_it(self, spark, delta_table_path):
        for i in range(2):
            append(spark, delta_table_path, i * 2, i * 2 + 2)
        spark.sql(f"OPTIMIZE {delta(delta_table_path)}")
        feed = load(spark, delta_table_path, readChangeFeed="true", startingVersion="0")
        assert sorted_rows(feed.groupBy("_commit_version", "_change_type").count()) == [
            (0, "insert", 2),
            (1, "insert", 2),
        ]
        assert load(spark, delta_table_path, versionAsOf="1").count() == 4

    def test_deletion_vectors_go(self, spark, delta_table_path):
        golden("dv_ondisk", delta_table_path)
        before = sorted_rows(load(spark, delta_table_path))
        (row,) = spark.sql(f"REORG TABLE {delta(delta_table_path)} APPLY (PURGE)").collect()
        assert row.metrics.deletionVectorStats.numDeletionVectorsRemoved == row.metrics.numFilesRemoved > 0
        assert sorted_rows(load(spark, delta_table_path)) == before
        entry = last(spark, delta(delta_table_path))
        assert (entry.operation, entry.operationParameters) == ("REORG", {"predicate": "[]", "applyPurge": "true"})
        assert entry.operationMetrics["numDeletionVectorsRemoved"] == str(row.metrics.numFilesRemoved)
        (row,) = spark.sql(f"REORG TABLE {delta(delta_table_path)} APPLY (PURGE)").collect()
        assert (row.metrics.numFilesAdded, row.metrics.numFilesRemoved) == (0, 0)
        assert last(spark, delta(delta_table_path)).version == entry.version

    def test_purge_leaves_the_ids_of_rows(self, spark, delta_table_path):
        """Real Spark commits nothing: the columns that hold ids are no leftovers."""
        table = delta(delta_table_path)
        spark.sql(f"CREATE TABLE {table} (a INT) USING delta TBLPROPERTIES ('delta.enableRowTracking' = 'true')")
        for i in range(2):
            spark.sql(f"INSERT INTO {table} VALUES ({i})")
        spark.sql(f"OPTIMIZE {table}")
        (row,) = spark.sql(f"REORG TABLE {table} APPLY (PURGE)").collect()
        assert (row.metrics.numFilesAdded, row.metrics.numFilesRemoved) == (0, 0)
        assert spark.sql(f"DESCRIBE HISTORY {table}").first().operation == "OPTIMIZE"

    def test_many_deleted_rows_make_a_file_worth_rewriting(self, spark, delta_table_path, conf):
        table = delta(delta_table_path)
        spark.sql(
            f"CREATE TABLE {table} (id BIGINT, p INT) USING delta "
            "TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"
        )
        for i in range(2):
            frame = spark.range(i * 100, i * 100 + 100, 1, 1).selectExpr("id", "cast(id % 2 as int) p")
            frame.write.format("delta").mode("append").save(delta_table_path)
        spark.sql(f"DELETE FROM {table} WHERE id % 3 = 1")
        conf("spark.databricks.delta.optimize.minFileSize", "1")
        conf("spark.databricks.delta.optimize.maxDeletedRowsRatio", "0.5")
        (row,) = spark.sql(f"OPTIMIZE {table}").collect()
        assert row.metrics.numFilesRemoved == 0
        conf("spark.databricks.delta.optimize.maxDeletedRowsRatio", "0.3")
        (row,) = spark.sql(f"OPTIMIZE {table}").collect()
        assert (row.metrics.numFilesAdded, row.metrics.numFilesRemoved) == (1, 2)
        vectors = row.metrics.deletionVectorStats
        assert (vectors.numDeletionVectorsRemoved, vectors.numDeletionVectorRowsRemoved) == (2, 67)
        assert sorted(rows(load(spark, delta_table_path).select("id"))) == [(i,) for i in range(200) if i % 3 != 1]
        feed = load(spark, delta_table_path, readChangeFeed="true", startingVersion="4")
        assert rows(feed) == []

    def test_a_named_table(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} (a INT, b STRING) USING delta")
        for i in range(3):
            spark.sql(f"INSERT INTO {table_name} VALUES ({i}, 'x')")
        (row,) = spark.sql(f"OPTIMIZE {table_name}").collect()
        assert row.metrics.numFilesRemoved == 3
        assert sorted_rows(spark.table(table_name)) == [(0, "x"), (1, "x"), (2, "x")]

    def test_errors(self, spark, delta_table_path, table_name):
        append(spark, delta_table_path, 0, 2, ["p"])
        table = delta(delta_table_path)
        fails(spark, f"OPTIMIZE {table} WHERE id = 1", "DELTA_NON_PARTITION_COLUMN_REFERENCE", "AnalysisException")
        fails(spark, f"OPTIMIZE {table} WHERE nope = 1", "DELTA_NON_PARTITION_COLUMN_REFERENCE")
        fails(spark, f"OPTIMIZE {table} WHERE p =", "DELTA_FAILED_RECOGNIZE_PREDICATE")
        fails(spark, f"OPTIMIZE {table} WHERE p IN (SELECT 1)", "DELTA_UNSUPPORTED_SUBQUERY_IN_PARTITION_PREDICATES")
        fails(spark, f"OPTIMIZE {table} FULL", "DELTA_OPTIMIZE_FULL_NOT_SUPPORTED", "UnsupportedOperationException")
        fails(
            spark,
            f"OPTIMIZE {table} ZORDER BY (nope)",
            "DELTA_ZORDERING_COLUMN_DOES_NOT_EXIST",
            "IllegalArgumentException",
        )
        fails(
            spark, f"OPTIMIZE {table} ZORDER BY (p)", "DELTA_ZORDERING_ON_PARTITION_COLUMN", "IllegalArgumentException"
        )
        fails(spark, f"OPTIMIZE {delta(delta_table_path + '_missing')}", "DELTA_MISSING_DELTA_TABLE")
        fails(spark, f"OPTIMIZE {table_name}", "TABLE_OR_VIEW_NOT_FOUND")
        fails(spark, f"REORG TABLE {table} WHERE id = 1 APPLY (PURGE)", "DELTA_NON_PARTITION_COLUMN_REFERENCE")
        fails(spark, "REORG TABLE x APPLY (FOO)", "PARSE_SYNTAX_ERROR", "ParseException")


# Every kind of table: what a rewrite must carry over (names and ids of columns, defaults, nested types, …).
KINDS = [
    "plain", "partitioned", "nested", "primitives", "char_varchar", "column_mapping_name", "column_mapping_id",
    "generated_columns", "identity_columns", "check_constraints", "default_columns", "in_commit_timestamps",
    "checkpoint_v2_json", "clustering", "merge_schema", "type_widening", "stats_columns", "dv_inline", "dv_ondisk",
    "row_tracking", "update_delete_merge_nocdf", "cdf_partitioned",
]  # fmt: skip
REFUSED = {"DELTA_UNSUPPORTED_FEATURES_FOR_WRITE", "UNSUPPORTED_FEATURE"}


class TestEveryKindOfTable:
    @pytest.mark.parametrize("name", KINDS)
    def test_optimize_and_restore_keep_the_rows(self, spark, delta_table_path, name):
        golden(name, delta_table_path)
        table = delta(delta_table_path)
        before = repr(sorted_rows(load(spark, delta_table_path)))  # NaN is itself there
        schema = load(spark, delta_table_path).schema
        version = last(spark, table).version
        try:
            spark.sql(f"OPTIMIZE {table}").collect()
            spark.sql(f"REORG TABLE {table} APPLY (PURGE)").collect()
        except Exception as error:
            if condition(error) not in REFUSED:
                raise
            pytest.skip(f"refused by name: {str(error)[:200]}")
        assert repr(sorted_rows(load(spark, delta_table_path))) == before
        assert load(spark, delta_table_path).schema == schema
        spark.sql(f"RESTORE TABLE {table} TO VERSION AS OF {version}").collect()
        assert repr(sorted_rows(load(spark, delta_table_path))) == before


class TestZOrder:
    def test_one_file_a_partition(self, spark, delta_table_path):
        for i in range(3):
            append(spark, delta_table_path, i * 10, i * 10 + 10, ["p"])
        before = sorted_rows(load(spark, delta_table_path))
        (row,) = spark.sql(f"OPTIMIZE {delta(delta_table_path)} ZORDER BY (id, s)").collect()
        m = row.metrics
        assert (m.numFilesAdded, m.numFilesRemoved, m.partitionsOptimized, m.numBins) == (2, 6, 2, 2)
        size = m.filesRemoved.totalSize
        assert m.zOrderStats.asDict(True) == {
            "strategyName": "all",
            "inputCubeFiles": {"num": 0, "size": 0},
            "inputOtherFiles": {"num": 6, "size": size},
            "inputNumCubes": 0,
            "mergedFiles": {"num": 6, "size": size},
            "numOutputCubes": 2,
            "mergedNumCubes": None,
        }
        assert sorted_rows(load(spark, delta_table_path)) == before
        assert last(spark, delta(delta_table_path)).operationParameters["zOrderBy"] == '["id","s"]'

    def test_several_files_skip_rows(self, spark, delta_table_path, conf):
        frame = spark.range(0, 20000, 1, 1).selectExpr(
            "(id * 7919) % 20000 a", "(id * 104729) % 20000 b", "concat('n', id % 500) s", "id"
        )
        frame.write.format("delta").save(delta_table_path)
        (only,) = live_files(delta_table_path)
        conf("spark.databricks.delta.optimize.maxFileSize", str((Path(delta_table_path) / only).stat().st_size // 8))
        spark.sql(f"OPTIMIZE {delta(delta_table_path)} ZORDER BY (a, b)")
        adds = actions(delta_table_path, 1, "add")
        assert 6 <= len(adds) <= 9
        assert sorted_rows(load(spark, delta_table_path)) == sorted_rows(frame)
        for column in ("a", "b"):
            ranges = [
                json.loads(add["stats"])["maxValues"][column] - json.loads(add["stats"])["minValues"][column]
                for add in adds
            ]
            assert sum(ranges) / len(ranges) < 0.8 * 20000

    def test_a_column_without_statistics(self, spark, delta_table_path, conf):
        frame = spark.range(10).selectExpr("id", "id + 1 b")
        frame.write.format("delta").option("delta.dataSkippingNumIndexedCols", "1").save(delta_table_path)
        fails(spark, f"OPTIMIZE {delta(delta_table_path)} ZORDER BY b", "DELTA_ZORDERING_ON_COLUMN_WITHOUT_STATS")
        conf("spark.databricks.delta.optimize.zorder.checkStatsCollection.enabled", "false")
        spark.sql(f"OPTIMIZE {delta(delta_table_path)} ZORDER BY b")
        assert load(spark, delta_table_path).count() == 10


class TestAutoCompact:
    @pytest.mark.parametrize("by_property", [True, False])
    def test_after_enough_small_files(self, spark, delta_table_path, conf, by_property):
        conf("spark.databricks.delta.autoCompact.minNumFiles", "3")
        options = {"delta.autoOptimize.autoCompact": "true"} if by_property else {}
        if not by_property:
            conf("spark.databricks.delta.autoCompact.enabled", "true")
        for i in range(3):
            append(spark, delta_table_path, i * 10, i * 10 + 10, **options)
        entry = last(spark, delta(delta_table_path))
        assert (entry.version, entry.operation, entry.operationParameters["auto"]) == (3, "OPTIMIZE", "true")
        assert entry.operationMetrics["numRemovedFiles"] == "3"
        append(spark, delta_table_path, 30, 40)
        assert last(spark, delta(delta_table_path)).operation == "WRITE"
        append(spark, delta_table_path, 40, 50)
        assert last(spark, delta(delta_table_path)).operation == "OPTIMIZE"
        assert sorted_rows(load(spark, delta_table_path).select("id")) == sorted([(i,) for i in range(50)], key=repr)

    def test_only_partitions_that_got_files(self, spark, delta_table_path, conf):
        for i in range(3):
            append(spark, delta_table_path, i * 2, i * 2 + 1, ["p"])
        conf("spark.databricks.delta.autoCompact.minNumFiles", "2")
        conf("spark.databricks.delta.autoCompact.enabled", "true")
        append(spark, delta_table_path, 1, 2, ["p"])
        assert last(spark, delta(delta_table_path)).operation == "WRITE"


class TestVacuum:
    def test_removed_files_go_and_live_ones_stay(self, spark, delta_table_path, conf):
        conf("spark.databricks.delta.retentionDurationCheck.enabled", "false")
        for i in range(3):
            append(spark, delta_table_path, i * 10, i * 10 + 10, ["p"])
        before = sorted_rows(load(spark, delta_table_path))
        spark.sql(f"OPTIMIZE {delta(delta_table_path)}")
        root = Path(delta_table_path)
        old = {f"file:{f}" for f in root.glob("p=*/*.parquet")} - {
            f"file:{root / f}" for f in live_files(delta_table_path)
        }
        (root / "stray.txt").write_text("hello")
        (root / "_hidden").mkdir()
        (root / "_hidden" / "x").write_text("kept")
        (root / "p=7").mkdir()
        for file in [*root.glob("p=*/*.parquet"), root / "stray.txt"]:
            os.utime(file, (1, 1))
        assert {
            r.path for r in spark.sql(f"VACUUM {delta(delta_table_path)} RETAIN 0 HOURS DRY RUN").collect()
        } == old | {
            f"file:{root}/stray.txt",
            f"file:{root}/p=7",
        }
        assert rows(spark.sql(f"VACUUM {delta(delta_table_path)} RETAIN 0 HOURS")) == [(f"file:{root}",)]
        assert {str(f.relative_to(root)) for f in root.glob("p=*/*.parquet")} == live_files(delta_table_path)
        assert not (root / "stray.txt").exists() and not (root / "p=7").exists()
        assert (root / "_hidden" / "x").exists()
        assert sorted_rows(load(spark, delta_table_path)) == before
        entries = history(spark, delta(delta_table_path))
        start, end = entries[4], entries[5]
        assert start.operationParameters == {
            "retentionCheckEnabled": "false",
            "defaultRetentionMillis": "604800000",
            "specifiedRetentionMillis": "0",
        }
        assert (start.operation, start.operationMetrics["numFilesToDelete"]) == ("VACUUM START", "8")
        assert (end.operation, end.operationParameters) == ("VACUUM END", {"status": "COMPLETED"})
        assert end.operationMetrics == {"numDeletedFiles": "8", "numVacuumedDirectories": "4"}
        assert (end.readVersion, end.isolationLevel, end.isBlindAppend) == (4, "SnapshotIsolation", True)
        with pytest.raises(Exception) as caught:
            load(spark, delta_table_path, versionAsOf="1").collect()
        assert "does not exist" in str(caught.value)
        with pytest.raises(Exception) as caught:
            spark.sql(f"RESTORE TABLE {delta(delta_table_path)} TO VERSION AS OF 1").collect()
        assert "Not all files from version 1 are available in file system" in str(caught.value)

    def test_young_files_stay(self, spark, delta_table_path):
        for i in range(2):
            append(spark, delta_table_path, i * 10, i * 10 + 10)
        spark.sql(f"OPTIMIZE {delta(delta_table_path)}")
        assert rows(spark.sql(f"VACUUM {delta(delta_table_path)} DRY RUN")) == []
        assert load(spark, delta_table_path, versionAsOf="0").count() == 10

    def test_lite_follows_the_log(self, spark, delta_table_path, conf):
        conf("spark.databricks.delta.retentionDurationCheck.enabled", "false")
        for i in range(2):
            append(spark, delta_table_path, i * 10, i * 10 + 10)
        old = live_files(delta_table_path)
        spark.sql(f"OPTIMIZE {delta(delta_table_path)}")
        root = Path(delta_table_path)
        (root / "stray.txt").write_text("hello")
        os.utime(root / "stray.txt", (1, 1))
        found = spark.sql(f"VACUUM {delta(delta_table_path)} LITE RETAIN 0 HOURS DRY RUN").collect()
        assert {r.path for r in found} == {f"file:{root}/{f}" for f in old}
        spark.sql(f"VACUUM {delta(delta_table_path)} LITE RETAIN 0 HOURS")
        assert {f.name for f in root.glob("*.parquet")} == live_files(delta_table_path)
        assert (root / "stray.txt").exists()
        info = json.loads((root / "_delta_log" / "_last_vacuum_info").read_text())
        assert info == {"latestCommitVersionOutsideOfRetentionWindow": 2}

    def test_retention_is_checked(self, spark, delta_table_path):
        append(spark, delta_table_path, 0, 2)
        for clause in ("RETAIN 1 HOURS", "RETAIN 0 HOURS DRY RUN"):
            with pytest.raises(Exception) as caught:
                spark.sql(f"VACUUM {delta(delta_table_path)} {clause}").collect()
            assert type(caught.value).__name__ == "IllegalArgumentException"
            assert "requirement failed: Are you sure you would like to vacuum files with such a low retention" in str(
                caught.value
            )
            assert 'please use a value not less than "168 hours"' in str(caught.value)
        with pytest.raises(Exception, match="Retention for Vacuum can't be less than 0"):
            spark.sql(f"VACUUM {delta(delta_table_path)} RETAIN -1 HOURS").collect()

    def test_errors(self, spark, delta_table_path, table_name):
        spark.range(2).write.parquet(delta_table_path)
        fails(spark, f"VACUUM '{delta_table_path}'", "DELTA_TABLE_ONLY_OPERATION", "AnalysisException")
        fails(spark, f"VACUUM {table_name}", "TABLE_OR_VIEW_NOT_FOUND")
        fails(spark, f"VACUUM {table_name} LITE FULL", "DUPLICATE_CLAUSES", "ParseException")
        fails(spark, f"VACUUM {table_name} RETAIN 1 HOURS RETAIN 2 HOURS", "DUPLICATE_CLAUSES")
        fails(spark, f"VACUUM {table_name} RETAIN HOURS", "PARSE_SYNTAX_ERROR")
