"""Structured Streaming from and into Delta tables: offsets, checkpoints, exactly once, limits, errors. Passes on real Spark
too, whose answers the expected values are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pyspark.sql import functions as F

from tests.python.streaming import Tables, failure, one_test
from tests.rows import rows


@pytest.fixture
def tables(spark, delta_table_path):
    yield from one_test(spark, delta_table_path)


class TestDeltaToDelta:
    def test_all_rows_then_only_new_ones(self, tables):
        tables.add(0, 1, 2)
        tables.add(3, 4)
        query = tables.run()
        assert tables.ids() == [0, 1, 2, 3, 4]
        assert not query.isActive and query.exception() is None and not query.name
        assert query.status == {"message": "Stopped", "isDataAvailable": False, "isTriggerActive": False}
        tables.add(5)
        again = tables.run()
        assert tables.ids() == [0, 1, 2, 3, 4, 5]
        assert (again.id, again.runId != query.runId) == (query.id, True)
        assert tables.places() == [(2, -1, False), (3, -1, False)]

    def test_the_checkpoint_is_sparks(self, tables):
        tables.add(0, 1)
        query = tables.run()
        checkpoint = Path(tables.checkpoint)
        assert json.loads((checkpoint / "metadata").read_text()) == {"id": query.id}
        assert (checkpoint / "commits" / "0").read_text() == 'v1\n{"nextBatchWatermarkMs":0}'
        version, metadata, offset = (checkpoint / "offsets" / "0").read_text().split("\n")
        assert version == "v1"
        assert list(json.loads(metadata)) == ["batchWatermarkMs", "batchTimestampMs", "conf"]
        assert json.loads(metadata)["conf"]["spark.sql.streaming.aggregation.stateFormatVersion"] == "2"
        table_id = tables.commit(0, tables.source)["metaData"]["id"]
        assert offset == (
            f'{{"sourceVersion":1,"reservoirId":"{table_id}","reservoirVersion":1,"index":-1,"isStartingVersion":false}}'
        )

    def test_the_commit(self, tables):
        tables.add(0, 1)
        query = tables.run()
        commit = tables.commit(0)
        info = commit["commitInfo"]
        assert info["operation"] == "STREAMING UPDATE"
        assert info["operationParameters"] == {"outputMode": "Append", "queryId": query.id, "epochId": "0"}
        assert (info["isBlindAppend"], info["isolationLevel"]) == (True, "Serializable")
        metrics = info["operationMetrics"]
        assert sorted(metrics) == ["numAddedFiles", "numOutputBytes", "numOutputRows", "numRemovedFiles"]
        assert (metrics["numOutputRows"], metrics["numRemovedFiles"]) == ("2", "0")
        assert (commit["txn"]["appId"], commit["txn"]["version"]) == (query.id, 0)

    def test_nothing_new(self, tables):
        tables.add(0)
        tables.run()
        query = tables.run()
        assert tables.batches("offsets") == [0]
        (progress,) = query.recentProgress
        assert (progress["batchId"], progress["numInputRows"]) == (1, 0)
        assert progress["sources"][0]["startOffset"] == progress["sources"][0]["endOffset"]

    def test_transformed(self, tables):
        tables.add(1, 2, 3, 4)
        frame = tables.read().filter("id % 2 = 0").select((F.col("id") * 10).alias("ten"), F.upper("v").alias("V"))
        tables.run(frame)
        assert tables.rows() == [(20, "V2"), (40, "V4")]

    def test_joined_with_a_static_table(self, tables, spark):
        tables.add(1, 2)
        names = f"{tables.source}-names"
        spark.createDataFrame([(1, "one"), (2, "two")], "id bigint, name string").write.format("delta").save(names)
        frame = tables.read().join(spark.read.format("delta").load(names), "id").select("id", "name")
        tables.run(frame)
        assert tables.rows() == [(1, "one"), (2, "two")]

    def test_a_union_of_two_streams(self, tables):
        tables.add(1)
        other = Tables(tables.spark, f"{tables.source}-other")
        other.add(7, 8)
        tables.run(tables.read().union(other.read()))
        assert tables.ids() == [1, 7, 8]
        ids = [tables.commit(0, t.source)["metaData"]["id"] for t in (tables, other)]
        assert [o["reservoirId"] for o in tables.offsets(0)] == ids

    def test_partitions(self, tables):
        tables.add(1, 2)
        writer = tables.writer(tables.read()).partitionBy("v").trigger(availableNow=True)
        writer.start(tables.target).awaitTermination()
        assert tables.commit(0)["metaData"]["partitionColumns"] == ["v"]
        assert tables.rows() == [(1, "v1"), (2, "v2")]

    def test_column_names_and_types_of_many_kinds(self, tables, spark):
        frame = spark.sql(
            "SELECT 1 AS i, CAST(1.5 AS DECIMAL(10,2)) AS d, DATE'2024-01-02' AS day, TIMESTAMP'2024-01-02 03:04:05' AS t, "
            "array(1, NULL) AS a, named_struct('x', 1, 'y', 'z') AS s, map('k', 1) AS m, CAST(NULL AS STRING) AS n"
        )
        frame.write.format("delta").partitionBy("day").save(tables.source)
        tables.run()
        assert rows(spark.read.format("delta").load(tables.target)) == rows(
            spark.read.format("delta").load(tables.source)
        )


class TestProgress:
    def test_of_a_batch(self, tables):
        tables.add(0, 1, 2)
        query = tables.run()
        progress = query.lastProgress
        assert (progress["id"], progress["runId"], progress["name"]) == (query.id, query.runId, None)
        assert (progress["batchId"], progress["numInputRows"], progress["stateOperators"]) == (0, 3, [])
        assert set(progress["durationMs"]) == {
            *("addBatch", "commitOffsets", "getBatch", "latestOffset", "queryPlanning", "triggerExecution", "walCommit")
        }
        (source,) = progress["sources"]
        assert source["description"] == f"DeltaSource[file:{tables.source}]"
        end = source["endOffset"]
        end = json.loads(end) if isinstance(end, str) else end
        assert (end["reservoirVersion"], end["index"]) == (1, -1)
        assert source["numInputRows"] == 3
        assert progress["sink"]["description"] == f"DeltaSink[{tables.target}]"
        assert progress["sink"]["numOutputRows"] == -1

    def test_one_for_each_batch(self, tables):
        for i in range(3):
            tables.add(i)
        query = tables.run(tables.read(maxFilesPerTrigger=1))
        assert [(p["batchId"], p["numInputRows"]) for p in query.recentProgress] == [(0, 1), (1, 1), (2, 1)]


class TestLimits:
    def test_files(self, tables):
        for i in range(3):
            tables.add(i)
        tables.run(tables.read(maxFilesPerTrigger=1))
        assert tables.places() == [(2, 0, True), (2, 1, True), (3, -1, False)]
        assert tables.ids() == [0, 1, 2]

    def test_bytes(self, tables):
        for i in range(3):
            tables.add(i)
        tables.run(tables.read(maxBytesPerTrigger="1b"))
        assert tables.places() == [(2, 0, True), (2, 1, True), (3, -1, False)]

    def test_new_commits_in_parts(self, tables):
        tables.add(0)
        tables.run(tables.read(maxFilesPerTrigger=1))
        tables.add(1)
        tables.add(2)
        tables.run(tables.read(maxFilesPerTrigger=1))
        assert tables.places() == [(1, -1, False), (2, -1, False), (3, -1, False)]
        assert tables.ids() == [0, 1, 2]

    def test_once_takes_all(self, tables):
        for i in range(3):
            tables.add(i)
        writer = tables.writer(tables.read(maxFilesPerTrigger=1)).trigger(once=True)
        writer.start(tables.target).awaitTermination()
        assert tables.places() == [(3, -1, False)]
        assert tables.ids() == [0, 1, 2]


class TestStart:
    @pytest.fixture(autouse=True)
    def three_versions(self, tables):
        for i in range(3):
            tables.add(i)

    def test_at_a_version(self, tables):
        tables.run(tables.read(startingVersion=1))
        assert tables.ids() == [1, 2]
        assert tables.places() == [(3, -1, False)]

    def test_at_the_latest(self, tables):
        frame = tables.read(startingVersion="latest")
        query = tables.run(frame)
        assert not Path(tables.target).exists()
        (progress,) = query.recentProgress
        assert (progress["numInputRows"], progress["batchId"]) == (0, 0)

    def test_at_a_time_before_all(self, tables):
        tables.run(tables.read(startingTimestamp="2020-01-01"))
        assert tables.ids() == [0, 1, 2]

    @pytest.mark.parametrize("start", [{"startingVersion": 99}, {"startingTimestamp": "2090-01-01"}])
    def test_after_the_latest_when_that_is_allowed(self, tables, spark, start):
        name = "spark.databricks.delta.changeDataFeed.timestampOutOfRange.enabled"
        spark.conf.set(name, "true")
        try:
            tables.run(tables.read(**start))
            assert not Path(tables.target).exists()
            tables.add(3)
            tables.run(tables.read(**start))
        finally:
            spark.conf.unset(name)
        assert not Path(tables.target).exists()

    def test_before_the_first_checkpoint_of_a_cleaned_log(self, tables):
        for i in range(3, 17):
            tables.add(i)
        log = Path(tables.source) / "_delta_log"
        for version in range(8):
            (log / f"{version:020d}.json").unlink()
            (log / f"{version:020d}.crc").unlink()
        tables.run(tables.read(startingVersion=9))
        assert tables.ids() == list(range(9, 17))
        tables.checkpoint += "-3"
        text = failure(lambda: tables.run(tables.read(startingVersion=3)))
        assert "Cannot time travel Delta table to version 3. Available versions: [8, 16]." in text

    def test_the_start_counts_only_once(self, tables):
        tables.run(tables.read(startingVersion=2))
        tables.add(9)
        tables.run(tables.read(startingVersion=0))
        assert tables.ids() == [2, 9]

    @pytest.mark.parametrize(
        ("options", "text"),
        [
            ({"startingVersion": 77}, "Cannot time travel Delta table to version 77. Available versions: [0, 2]."),
            (
                {"startingVersion": 1, "startingTimestamp": "2020-01-01"},
                "[DELTA_STARTING_VERSION_AND_TIMESTAMP_BOTH_SET] Please either provide 'startingVersion' or "
                "'startingTimestamp'",
            ),
            ({"startingTimestamp": "2090-01-01"}, "[DELTA_TIMESTAMP_GREATER_THAN_COMMIT]"),
            ({"startingTimestamp": "soon"}, "[DELTA_TIMESTAMP_INVALID]"),
            (
                {"startingVersion": "-1"},
                "[DELTA_ILLEGAL_OPTION] Invalid value '-1' for option 'startingVersion', must be greater than or equal to "
                "zero",
            ),
            (
                {"maxFilesPerTrigger": 0},
                "[DELTA_ILLEGAL_OPTION] Invalid value '0' for option 'maxFilesPerTrigger', must be a positive integer",
            ),
            (
                {"maxBytesPerTrigger": "x"},
                "[DELTA_ILLEGAL_OPTION] Invalid value 'x' for option 'maxBytesPerTrigger', must be a size configuration "
                "such as '10g'",
            ),
            (
                {"ignoreChanges": "yes"},
                "[DELTA_ILLEGAL_OPTION] Invalid value 'yes' for option 'ignoreChanges', must be 'true' or 'false'",
            ),
        ],
    )
    def test_bad_options(self, tables, options, text):
        assert text in failure(lambda: tables.run(tables.read(**options)))
        assert not Path(tables.target).exists()


class TestChangesInTheSource:
    @pytest.fixture
    def updated(self, tables, spark):
        tables.add(0, 1, 2)
        spark.sql(f"UPDATE delta.`{tables.source}` SET v = 'x' WHERE id = 1")

    @pytest.fixture
    def deleted(self, tables, spark):
        tables.add(0, 1, 2)
        spark.sql(f"DELETE FROM delta.`{tables.source}`")

    @pytest.mark.usefixtures("updated")
    def test_an_update(self, tables):
        text = failure(lambda: tables.run(tables.read(startingVersion=0)))
        assert (
            "[DELTA_SOURCE_TABLE_IGNORE_CHANGES] Detected a data update (for example UPDATE (Map(predicate -> [" in text
        )
        assert "in the source table at version 1. This is currently not supported." in text
        assert f"The source table can be found at path file:{tables.source}." in text
        assert not Path(tables.target).exists()

    @pytest.mark.usefixtures("updated")
    def test_an_update_taken_as_it_is(self, tables):
        tables.run(tables.read(startingVersion=0, ignoreChanges="true"))
        assert tables.rows() == [(0, "v0"), (0, "v0"), (1, "v1"), (1, "x"), (2, "v2"), (2, "v2")]

    @pytest.mark.usefixtures("updated")
    def test_an_update_skipped(self, tables):
        tables.run(tables.read(startingVersion=0, skipChangeCommits="true"))
        assert tables.rows() == [(0, "v0"), (1, "v1"), (2, "v2")]
        assert tables.places() == [(2, -1, False)]

    @pytest.mark.usefixtures("updated")
    def test_an_update_is_not_allowed_by_ignore_deletes(self, tables):
        text = failure(lambda: tables.run(tables.read(startingVersion=0, ignoreDeletes="true")))
        assert "[DELTA_SOURCE_TABLE_IGNORE_CHANGES]" in text

    @pytest.mark.usefixtures("deleted")
    def test_a_delete(self, tables):
        text = failure(lambda: tables.run(tables.read(startingVersion=0)))
        assert "[DELTA_SOURCE_IGNORE_DELETE] Detected deleted data (for example part-00000-" in text
        assert "from streaming source at version 1. This is currently not supported." in text

    @pytest.mark.usefixtures("deleted")
    @pytest.mark.parametrize("option", ["ignoreDeletes", "ignoreChanges", "skipChangeCommits"])
    def test_a_delete_ignored(self, tables, option):
        tables.run(tables.read(startingVersion=0, **{option: "true"}))
        assert tables.ids() == [0, 1, 2]

    @pytest.mark.usefixtures("updated")
    def test_a_new_query_sees_the_table_as_it_is(self, tables):
        tables.run()
        assert tables.rows() == [(0, "v0"), (1, "x"), (2, "v2")]

    def test_optimize_adds_nothing(self, tables, spark):
        tables.add(0)
        tables.add(1)
        tables.run()
        spark.sql(f"OPTIMIZE delta.`{tables.source}`").collect()
        tables.add(2)
        tables.run()
        assert tables.ids() == [0, 1, 2]


class TestSchema:
    def test_a_new_column_stops_the_query(self, tables, spark):
        tables.add(0)
        query = tables.writer(tables.read()).start(tables.target)
        query.processAllAvailable()
        wider = spark.sql("SELECT 1L AS id, 'a' AS v, 1 AS extra").write.format("delta").mode("append")
        wider.option("mergeSchema", "true").save(tables.source)
        text = failure(query.processAllAvailable)
        assert "[DELTA_SCHEMA_CHANGED_WITH_VERSION] Detected schema change in version 1:" in text
        assert " |-- extra: integer (nullable = true)" in text
        assert query.exception() is not None and not query.isActive
        assert query.status["message"].startswith("Terminated with exception: [DELTA_SCHEMA_CHANGED_WITH_VERSION]")
        # Started again, it goes on with the new schema.
        tables.run(mergeSchema="true")
        assert tables.rows() == [(0, "v0", None), (1, "a", 1)]

    def test_earlier_versions_with_fewer_columns(self, tables, spark):
        tables.add(0)
        wider = spark.sql("SELECT 1L AS id, 'a' AS v, 1 AS extra").write.format("delta").mode("append")
        wider.option("mergeSchema", "true").save(tables.source)
        tables.run(tables.read(startingVersion=0))
        assert tables.rows() == [(0, "v0", None), (1, "a", 1)]

    def test_another_schema(self, tables, spark):
        tables.add(0)
        tables.run()
        other = spark.sql("SELECT 'x' AS id").write.format("delta").mode("overwrite")
        other.option("overwriteSchema", "true").save(tables.source)
        text = failure(lambda: tables.run(tables.read(ignoreChanges="true")))
        assert "[DELTA_SCHEMA_CHANGED_WITH_VERSION] Detected schema change in version 0:" in text
        assert tables.ids() == [0]

    def test_another_table(self, tables):
        tables.add(0)
        tables.run()
        other = Tables(tables.spark, f"{tables.source}-other")
        other.add(1)
        text = failure(lambda: tables.run(other.read()))
        assert "[DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE]" in text
        assert tables.ids() == [0]

    def test_another_number_of_sources(self, tables):
        tables.add(0)
        tables.run(tables.read().union(tables.read()))
        text = failure(tables.run)
        assert "There are [2] sources in the checkpoint offsets and now there are [1] sources requested" in text

    def test_the_sink_has_other_columns(self, tables, spark):
        tables.add(0)
        spark.sql("SELECT 1L AS id, 1 AS other").write.format("delta").save(tables.target)
        text = failure(tables.run)
        assert "A schema mismatch detected when writing to the Delta table" in text
        assert tables.rows() == [(1, 1)]

    def test_the_sink_has_another_type(self, tables, spark):
        tables.add(0)
        spark.sql("SELECT 1 AS id, 'a' AS v").write.format("delta").save(tables.target)
        assert "[DELTA_FAILED_TO_MERGE_FIELDS] Failed to merge fields 'id' and 'id'" in failure(tables.run)

    def test_the_sink_has_other_partitions(self, tables):
        tables.add(0)
        tables.run()
        other = tables.writer(tables.read()).partitionBy("id").option("checkpointLocation", f"{tables.checkpoint}-2")
        text = failure(other.trigger(availableNow=True).start(tables.target).awaitTermination)
        assert "Partition columns do not match the partition columns of the table." in text

    def test_null_columns(self, tables):
        tables.add(0)
        text = failure(lambda: tables.run(tables.read().select(F.lit(None).alias("n"))))
        assert "[DELTA_NULL_SCHEMA_IN_STREAMING_WRITE] Delta doesn't accept NullTypes" in text


class TestExactlyOnce:
    def test_a_batch_that_was_written_but_not_noted(self, tables):
        tables.add(0, 1)
        tables.run()
        (Path(tables.checkpoint) / "commits" / "0").unlink()
        query = tables.run()
        assert tables.ids() == [0, 1]
        assert [p["batchId"] for p in query.recentProgress] == [0]
        assert tables.batches("commits") == [0]

    def test_a_batch_that_was_planned_but_not_written(self, tables):
        tables.add(0, 1)
        tables.run()
        (Path(tables.checkpoint) / "commits" / "0").unlink()
        shutil.rmtree(tables.target)
        # What came since belongs to the next batch.
        tables.add(2)
        tables.run(target=f"{tables.target}-2")
        assert tables.ids(f"{tables.target}-2") == [0, 1, 2]
        assert tables.batches("commits") == [0, 1]
        metrics = [tables.commit(v, f"{tables.target}-2")["commitInfo"]["operationMetrics"] for v in (0, 1)]
        assert [m["numOutputRows"] for m in metrics] == ["2", "1"]

    def test_limits_do_not_change_a_planned_batch(self, tables):
        for i in range(3):
            tables.add(i)
        tables.run(tables.read(maxFilesPerTrigger=2))
        assert tables.places() == [(2, 1, True), (3, -1, False)]
        for batch in (0, 1):
            (Path(tables.checkpoint) / "commits" / str(batch)).unlink()
        (Path(tables.checkpoint) / "offsets" / "1").unlink()
        shutil.rmtree(tables.target)
        tables.run(tables.read(maxFilesPerTrigger=1), target=f"{tables.target}-2")
        assert tables.places() == [(2, 1, True), (3, -1, False)]
        assert tables.ids(f"{tables.target}-2") == [0, 1, 2]

    def test_a_damaged_log(self, tables):
        tables.add(0)
        tables.run()
        offsets = Path(tables.checkpoint) / "offsets"
        (offsets / "0").write_text("v9\n{}\n")
        (offsets / ".0.crc").unlink(missing_ok=True)
        text = failure(tables.run)
        assert f"Failed to read log file file:{offsets}/0. UnsupportedLogVersion" in text
        assert "maximum supported log version is v1, but encountered v9" in text
