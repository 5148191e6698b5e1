"""Streaming queries beyond Delta to Delta: other sources and sinks, Python functions, state, managers, listeners. Passes on
real Spark too."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from pyspark.errors import AnalysisException, IllegalArgumentException, StreamingQueryException
from pyspark.sql import functions as F

from tests.python.streaming import failure, one_test, until
from tests.rows import rows, sorted_rows


@pytest.fixture
def tables(spark, delta_table_path):
    yield from one_test(spark, delta_table_path)


@pytest.fixture
def name(table_name):
    return table_name


class TestMemory:
    def test_rows_under_the_querys_name(self, tables, spark, name):
        tables.add(1, 2)
        query = tables.read().writeStream.format("memory").queryName(name).start()
        query.processAllAvailable()
        assert sorted_rows(spark.table(name)) == [(1, "v1"), (2, "v2")]
        tables.add(3)
        query.processAllAvailable()
        assert rows(spark.sql(f"SELECT sum(id) AS s FROM {name}")) == [(6,)]
        assert query.name == name
        sink = query.lastProgress["sink"]
        assert (sink["description"], sink["numOutputRows"]) == ("MemorySink", 1)
        query.stop()
        assert spark.table(name).count() == 3

    def test_many_batches(self, tables, spark, name):
        for i in range(20):
            tables.add(i)
        frame = tables.read(maxFilesPerTrigger=1)
        query = frame.writeStream.format("memory").queryName(name).trigger(availableNow=True).start()
        query.awaitTermination()
        assert sorted(r[0] for r in spark.table(name).collect()) == list(range(20))

    def test_update_mode_without_state_appends(self, tables, spark, name):
        tables.add(1)
        query = tables.read().writeStream.format("memory").outputMode("update").queryName(name).start()
        query.processAllAvailable()
        assert spark.table(name).count() == 1

    def test_it_needs_a_name(self, tables):
        tables.add(1)
        with pytest.raises(AnalysisException, match="queryName must be specified for memory sink"):
            tables.read().writeStream.format("memory").start()

    def test_it_has_no_partitions(self, tables, name):
        tables.add(1)
        with pytest.raises(AnalysisException, match="'memory' does not support partitioning"):
            tables.read().writeStream.format("memory").partitionBy("v").queryName(name).start()

    def test_it_does_not_recover(self, tables, name):
        tables.add(1)
        writer = tables.read().writeStream.format("memory").option("checkpointLocation", tables.checkpoint)
        query = writer.queryName(name).start()
        query.processAllAvailable()
        query.stop()
        with pytest.raises(AnalysisException, match="This query does not support recovering from checkpoint location"):
            writer.queryName(name).start()


class TestForeachBatch:
    def test_each_batch(self, tables):
        for i in range(3):
            tables.add(i)
        target = tables.target

        def write(frame, batch_id):
            assert not frame.isStreaming
            out = frame.select("id", "v", F.lit(batch_id).alias("batch"), F.lit(frame.count()).alias("n"))
            out.write.format("delta").mode("append").save(target)

        writer = tables.read(maxFilesPerTrigger=2).writeStream.foreachBatch(write)
        query = writer.option("checkpointLocation", tables.checkpoint).trigger(availableNow=True).start()
        query.awaitTermination()
        assert [r[2:] for r in tables.rows()] == [(0, 2), (0, 2), (1, 1)]
        sink = query.lastProgress["sink"]
        assert (sink["description"], sink["numOutputRows"]) == ("ForeachBatchSink", -1)

    def test_merge_into_a_table(self, tables, spark):
        tables.add(1, 2)
        spark.sql("SELECT 1L AS id, 'old' AS v").write.format("delta").save(tables.target)
        target = tables.target

        def merge(frame, _):
            frame.createOrReplaceTempView("news")
            frame.sparkSession.sql(
                f"MERGE INTO delta.`{target}` t USING news s ON t.id = s.id "
                "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
            )

        query = tables.read().writeStream.foreachBatch(merge).option("checkpointLocation", tables.checkpoint)
        query.trigger(availableNow=True).start().awaitTermination()
        assert tables.rows() == [(1, "v1"), (2, "v2")]

    def test_an_error_in_the_function(self, tables):
        tables.add(1)

        def fail(frame, batch_id):
            raise ValueError("boom")

        query = tables.read().writeStream.foreachBatch(fail).option("checkpointLocation", tables.checkpoint)
        query = query.trigger(availableNow=True).start()
        text = failure(query.awaitTermination)
        assert "ValueError: boom" in text
        assert "ValueError: boom" in str(query.exception())
        assert not query.isActive
        assert query.status["message"].startswith("Terminated with exception: ")
        assert tables.batches("offsets") == [0]
        assert not list((Path(tables.checkpoint) / "commits").glob("[0-9]*"))


class TestForeach:
    def test_a_function_of_a_row(self, tables, tmp_path):
        tables.add(1, 2)
        home = str(tmp_path)

        def process(row):
            open(f"{home}/{row.id}-{row['v']}", "w").close()

        query = tables.read().writeStream.foreach(process).option("checkpointLocation", tables.checkpoint)
        query.trigger(availableNow=True).start().awaitTermination()
        assert sorted(p.name for p in tmp_path.iterdir()) == ["1-v1", "2-v2"]

    def test_an_object(self, tables, tmp_path):
        tables.add(1, 2)
        home = str(tmp_path)

        class Writer:
            def open(self, partition_id, epoch_id):
                open(f"{home}/open-{epoch_id}", "w").close()
                return True

            def process(self, row):
                open(f"{home}/row-{row.id}", "w").close()

            def close(self, error):
                open(f"{home}/close-{error}", "w").close()

        query = tables.read().writeStream.foreach(Writer()).option("checkpointLocation", tables.checkpoint)
        query = query.trigger(availableNow=True).start()
        query.awaitTermination()
        assert sorted(p.name for p in tmp_path.iterdir()) == ["close-None", "open-0", "row-1", "row-2"]
        assert query.lastProgress["sink"]["numOutputRows"] == 2

    def test_an_error(self, tables):
        tables.add(1)

        def process(row):
            raise ValueError(f"not {row.id}")

        query = tables.read().writeStream.foreach(process).option("checkpointLocation", tables.checkpoint)
        assert "ValueError: not 1" in failure(query.trigger(availableNow=True).start().awaitTermination)


class TestRate:
    def test_rows_of_each_second(self, spark, name):
        frame = spark.readStream.format("rate").option("rowsPerSecond", 10).load()
        assert frame.isStreaming
        assert [(f.name, f.dataType.simpleString()) for f in frame.schema] == [
            ("timestamp", "timestamp"),
            ("value", "bigint"),
        ]
        query = frame.writeStream.format("memory").queryName(name).trigger(processingTime="1 second").start()
        until(lambda: query.lastProgress is not None and query.lastProgress["batchId"] >= 2)
        query.stop()
        batches = query.recentProgress
        assert batches[0]["numInputRows"] == 0
        assert all(b["numInputRows"] % 10 == 0 for b in batches)
        source = batches[1]["sources"][0]
        assert source["description"].startswith(
            "RateStreamV2[rowsPerSecond=10, rampUpTimeSeconds=0, numPartitions=default"
        )
        got = [tuple(r) for r in spark.table(name).orderBy("value").limit(20).collect()]
        assert [value for _, value in got] == list(range(len(got)))
        steps = {(b[0] - a[0]).total_seconds() for a, b in zip(got, got[1:])}
        assert steps == {0.1}

    def test_bad_options(self, spark):
        with pytest.raises(
            IllegalArgumentException, match="Invalid value '0'. The option 'rowsPerSecond' must be positive"
        ):
            spark.readStream.format("rate").option("rowsPerSecond", 0).load().schema  # noqa: B018

    def test_no_schema(self, spark):
        with pytest.raises(Exception, match="RateStreamProvider source does not support user-specified schema"):
            spark.readStream.format("rate").schema("a int").load().schema  # noqa: B018


class TestFiles:
    def test_new_files_of_a_directory(self, tables, spark, tmp_path):
        home = tmp_path / "in"
        home.mkdir()
        (home / "a.json").write_text('{"a":1}\n{"a":2}\n')
        (home / "_hidden.json").write_text('{"a":9}\n')
        frame = spark.readStream.schema("a int").json(str(home))
        query = tables.run(frame)
        assert query.lastProgress["sources"][0]["description"] == f"FileStreamSource[file:{home}]"
        assert tables.rows() == [(1,), (2,)]
        (home / "b.json").write_text('{"a":3}\n')
        tables.run(frame)
        assert tables.rows() == [(1,), (2,), (3,)]
        assert tables.offsets(1) == [{"logOffset": 1}]
        log = (Path(tables.checkpoint) / "sources" / "0" / "1").read_text().split("\n")
        entry = json.loads(log[1])
        assert (log[0], entry["path"], entry["batchId"]) == ("v1", f"file://{home}/b.json", 1)

    def test_a_few_at_a_time(self, tables, spark, tmp_path):
        home = tmp_path / "in"
        home.mkdir()
        for i in range(12):
            (home / f"{i:02}.csv").write_text(f"{i},x\n")
            os.utime(home / f"{i:02}.csv", (1_700_000_000 + i, 1_700_000_000 + i))
        frame = spark.readStream.schema("a int, b string").option("maxFilesPerTrigger", 1).csv(str(home))
        query = tables.run(frame)
        assert [p["numInputRows"] for p in query.recentProgress] == [1] * 12
        assert tables.ids() == list(range(12))
        assert (Path(tables.checkpoint) / "sources" / "0" / "9.compact").exists()
        (home / "99.csv").write_text("99,y\n")
        tables.run(frame)
        assert tables.ids() == [*range(12), 99]


class TestTables:
    def test_from_a_table_into_a_new_one(self, tables, spark, name):
        tables.add(1, 2)
        query = tables.writer(tables.read()).trigger(availableNow=True).toTable(name)
        query.awaitTermination()
        assert sorted_rows(spark.table(name)) == [(1, "v1"), (2, "v2")]
        history = spark.sql(f"DESCRIBE HISTORY {name}").select("operation").collect()
        assert [h[0] for h in history] == ["STREAMING UPDATE", "CREATE TABLE"]
        tables.checkpoint += "-2"
        tables.run(spark.readStream.table(name))
        assert tables.ids() == [1, 2]

    def test_a_table_that_is_not_there(self, spark):
        with pytest.raises(AnalysisException, match="TABLE_OR_VIEW_NOT_FOUND"):
            spark.readStream.table("no_such_table").schema  # noqa: B018

    def test_a_temporary_view_over_a_stream(self, tables, spark, name):
        tables.add(1, 2)
        tables.read().createOrReplaceTempView(f"{name}_s")
        assert spark.table(f"{name}_s").isStreaming
        tables.run(spark.sql(f"SELECT id + 1 AS id FROM {name}_s WHERE id > 1"))
        assert tables.rows() == [(3,)]


class TestChangeFeed:
    @pytest.fixture
    def changed(self, tables, spark):
        tables.add(0, 1, 2)
        spark.sql(f"UPDATE delta.`{tables.source}` SET v = 'x' WHERE id = 1")
        spark.sql(f"DELETE FROM delta.`{tables.source}` WHERE id = 2")
        return tables

    def feed(self, tables, spark, name, **options):
        frame = tables.read(readChangeFeed="true", **options)
        assert frame.columns == ["id", "v", "_change_type", "_commit_version", "_commit_timestamp"]
        writer = frame.drop("_commit_timestamp").writeStream.format("memory").queryName(name)
        query = writer.option("checkpointLocation", tables.checkpoint).trigger(availableNow=True).start()
        query.awaitTermination()
        return sorted_rows(spark.table(name))

    def test_from_the_first_version(self, changed, spark, name):
        assert self.feed(changed, spark, name, startingVersion=0) == sorted(
            [
                (0, "v0", "insert", 0),
                (1, "v1", "insert", 0),
                (2, "v2", "insert", 0),
                (1, "v1", "update_preimage", 1),
                (1, "x", "update_postimage", 1),
                (2, "v2", "delete", 2),
            ]
        )

    def test_of_some_versions(self, changed, spark, name):
        got = self.feed(changed, spark, name, startingVersion=1)
        assert [row[2:] for row in got] == [("update_preimage", 1), ("update_postimage", 1), ("delete", 2)]

    def test_without_a_start_the_table_comes_as_inserts(self, changed, spark, name):
        assert self.feed(changed, spark, name) == [(0, "v0", "insert", 2), (1, "x", "insert", 2)]

    def test_commits_one_by_one(self, changed, spark, name):
        got = self.feed(changed, spark, name, startingVersion=0, maxFilesPerTrigger=1)
        assert len(got) == 6
        assert len(changed.batches("offsets")) >= 3

    def test_a_table_without_a_feed(self, tables, spark, name):
        spark.sql("SELECT 1L AS id, 'a' AS v").write.format("delta").option("delta.enableChangeDataFeed", "false").save(
            tables.source
        )
        with pytest.raises(StreamingQueryException, match="DELTA_MISSING_CHANGE_DATA"):
            self.feed(tables, spark, name, startingVersion=0)


class TestAggregation:
    def counts(self, frame):
        return frame.groupBy("v").agg(
            F.count("*").alias("n"), F.sum("id").alias("s"), F.min("id").alias("lo"), F.max("id").alias("hi"),
            F.avg("id").alias("mean"),
        )  # fmt: skip

    def add(self, tables, *pairs):
        frame = tables.spark.createDataFrame(pairs, "id bigint, v string").coalesce(1)
        frame.write.format("delta").mode("append").save(tables.source)

    def test_complete_into_a_table(self, tables):
        self.add(tables, (1, "a"), (2, "b"), (None, "b"))
        query = tables.writer(self.counts(tables.read()), "complete").trigger(availableNow=True).start(tables.target)
        query.awaitTermination()
        assert tables.rows() == [("a", 1, 1, 1, 1, 1.0), ("b", 2, 2, 2, 2, 2.0)]
        state = query.lastProgress["stateOperators"][0]
        assert (state["operatorName"], state["numRowsTotal"], state["numRowsUpdated"]) == ("stateStoreSave", 2, 2)
        self.add(tables, (5, "a"), (7, None))
        query = tables.writer(self.counts(tables.read()), "complete").trigger(availableNow=True).start(tables.target)
        query.awaitTermination()
        assert tables.rows() == [("a", 2, 6, 1, 5, 3.0), ("b", 2, 2, 2, 2, 2.0), (None, 1, 7, 7, 7, 7.0)]
        info = tables.commit(1)["commitInfo"]
        assert info["operationParameters"]["outputMode"] == "Complete"
        assert (info["isBlindAppend"], info["operationMetrics"]["numOutputRows"]) == (False, "3")
        state = query.lastProgress["stateOperators"][0]
        assert (state["numRowsTotal"], state["numRowsUpdated"]) == (3, 2)

    def test_update_gives_what_changed(self, tables, spark, name):
        self.add(tables, (1, "a"), (2, "b"))
        frame = tables.read().groupBy("v").count()
        query = frame.writeStream.format("memory").outputMode("update").queryName(name).start()
        query.processAllAvailable()
        self.add(tables, (3, "b"), (4, "c"))
        query.processAllAvailable()
        assert sorted_rows(spark.table(name)) == [("a", 1), ("b", 1), ("b", 2), ("c", 1)]

    def test_without_groups(self, tables, spark, name):
        self.add(tables, (1, "a"), (2, "b"))
        frame = tables.read().agg(F.count("*").alias("n"), F.sum("id").alias("s"))
        query = frame.writeStream.format("memory").outputMode("complete").queryName(name).start()
        query.processAllAvailable()
        assert rows(spark.table(name)) == [(2, 3)]
        self.add(tables, (10, "c"))
        query.processAllAvailable()
        assert rows(spark.table(name)) == [(3, 13)]

    def test_sorted_when_complete(self, tables, spark, name):
        self.add(tables, (1, "b"), (2, "a"), (3, "b"))
        frame = tables.read().groupBy("v").count().orderBy(F.desc("count"))
        query = frame.writeStream.format("memory").outputMode("complete").queryName(name).start()
        query.processAllAvailable()
        assert rows(spark.table(name)) == [("b", 2), ("a", 1)]

    def test_a_batch_that_runs_again(self, tables):
        self.add(tables, (1, "a"))
        frame = tables.read().groupBy("v").count()
        tables.writer(frame, "complete").trigger(availableNow=True).start(tables.target).awaitTermination()
        self.add(tables, (2, "a"))
        tables.writer(frame, "complete").trigger(availableNow=True).start(tables.target).awaitTermination()
        (Path(tables.checkpoint) / "commits" / "1").unlink()
        self.add(tables, (3, "a"))
        tables.writer(frame, "complete").trigger(availableNow=True).start(tables.target).awaitTermination()
        assert tables.rows() == [("a", 3)]

    def test_distinct_rows(self, tables, spark, name):
        self.add(tables, (1, "a"), (1, "a"), (2, None))
        query = tables.read().distinct().writeStream.format("memory").queryName(name).start()
        query.processAllAvailable()
        self.add(tables, (1, "a"), (2, None), (3, "c"))
        query.processAllAvailable()
        assert sorted_rows(spark.table(name)) == [(1, "a"), (2, None), (3, "c")]
        assert query.lastProgress["stateOperators"][0]["operatorName"] == "dedupe"

    def test_one_row_for_each_key(self, tables):
        self.add(tables, (1, "a"), (1, "b"))
        tables.run(tables.read().dropDuplicates(["id"]).select("id"))
        self.add(tables, (1, "c"), (2, "d"))
        tables.run(tables.read().dropDuplicates(["id"]).select("id"))
        assert tables.rows() == [(1,), (2,)]

    def test_distinct_aggregates(self, tables, name):
        self.add(tables, (1, "a"))
        frame = tables.read().groupBy("v").agg(F.countDistinct("id"))
        with pytest.raises(AnalysisException, match="Distinct aggregations are not supported on streaming DataFrames"):
            frame.writeStream.format("memory").outputMode("complete").queryName(name).start()

    def test_two_aggregations(self, tables, name):
        self.add(tables, (1, "a"))
        frame = tables.read().groupBy("v").count().groupBy("count").count()
        with pytest.raises(AnalysisException, match="Detected pattern of possible 'correctness' issue"):
            frame.writeStream.format("memory").outputMode("update").queryName(name).start()

    def test_limits_in_update_mode(self, tables, name):
        self.add(tables, (1, "a"))
        frame = tables.read().groupBy("v").count().limit(2)
        with pytest.raises(
            AnalysisException, match="Limits are not supported on streaming DataFrames/Datasets in Update"
        ):
            frame.writeStream.format("memory").outputMode("update").queryName(name).start()


class TestWatermark:
    def add(self, tables, *values):
        text = " UNION ALL ".join(f"SELECT TIMESTAMP'2024-01-01 {t}' AS t, {k} AS k" for t, k in values)
        tables.spark.sql(text).coalesce(1).write.format("delta").mode("append").save(tables.source)

    def windows(self, tables):
        counted = tables.read().withWatermark("t", "1 minute").groupBy(F.window("t", "5 minutes"), "k").count()
        return counted.select(F.date_format("window.start", "HH:mm").alias("start"), "k", "count")

    def test_windows_are_given_out_when_they_are_over(self, tables):
        self.add(tables, ("00:00:00", 1), ("00:10:00", 2))
        query = tables.run(self.windows(tables))
        assert tables.rows() == [("00:00", 1, 1)]
        first, second = query.recentProgress
        assert first["eventTime"] == {
            "avg": "2024-01-01T00:05:00.000Z",
            "max": "2024-01-01T00:10:00.000Z",
            "min": "2024-01-01T00:00:00.000Z",
            "watermark": "1970-01-01T00:00:00.000Z",
        }
        assert (second["batchId"], second["numInputRows"]) == (1, 0)
        assert second["eventTime"] == {"watermark": "2024-01-01T00:09:00.000Z"}
        state = second["stateOperators"][0]
        assert (state["numRowsTotal"], state["numRowsUpdated"], state["numRowsRemoved"]) == (1, 0, 1)
        commits = Path(tables.checkpoint) / "commits"
        assert (commits / "0").read_text() == 'v1\n{"nextBatchWatermarkMs":1704067740000}'
        # One that is too late, and one that ends what was left.
        self.add(tables, ("01:00:00", 3), ("00:01:00", 9))
        query = tables.run(self.windows(tables))
        assert tables.rows() == [("00:00", 1, 1), ("00:10", 2, 1)]
        assert query.recentProgress[0]["stateOperators"][0]["numRowsDroppedByWatermark"] == 1
        assert [p["batchId"] for p in query.recentProgress] == [2, 3]

    def test_it_must_be_a_time(self, tables):
        tables.add(1)
        with pytest.raises(AnalysisException, match="EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE"):
            tables.read().withWatermark("id", "1 minute").schema  # noqa: B018

    def test_it_must_not_be_negative(self, tables):
        self.add(tables, ("00:00:00", 1))
        with pytest.raises(IllegalArgumentException, match=r"delay threshold \(-1 minute\) should not be negative"):
            tables.read().withWatermark("t", "-1 minute").schema  # noqa: B018


class TestManager:
    def test_a_running_query(self, tables, spark, name):
        tables.add(1)
        query = tables.writer(tables.read()).queryName(name).start(tables.target)
        query.processAllAvailable()
        until(lambda: query.status["message"] == "Waiting for data to arrive")
        assert query.isActive
        assert [q.name for q in spark.streams.active] == [name]
        assert spark.streams.get(query.id).runId == query.runId
        assert spark.streams.get("00000000-0000-0000-0000-000000000000") is None
        assert query.awaitTermination(0.2) is False
        query.explain()
        query.stop()
        assert not query.isActive and spark.streams.active == []
        assert query.awaitTermination(1) is True
        assert query.exception() is None

    def test_waiting_for_any(self, tables, spark):
        tables.add(1)
        spark.streams.resetTerminated()
        query = tables.writer(tables.read()).start(tables.target)
        assert spark.streams.awaitAnyTermination(0.2) is False
        query.stop()
        assert spark.streams.awaitAnyTermination(10) is True
        spark.streams.resetTerminated()
        assert spark.streams.awaitAnyTermination(0.2) is False

    def test_names_are_unique(self, tables, name):
        tables.add(1)
        tables.writer(tables.read()).queryName(name).start(tables.target)
        other = tables.read().writeStream.format("delta").option("checkpointLocation", f"{tables.checkpoint}-2")
        with pytest.raises(
            IllegalArgumentException, match=f"Cannot start query with name {name} as a query with that name"
        ):
            other.queryName(name).start(f"{tables.target}-2")

    def test_a_second_run_of_a_checkpoint_stops_the_first(self, tables):
        tables.add(1)
        first = tables.writer(tables.read()).start(tables.target)
        first.processAllAvailable()
        second = tables.writer(tables.read()).start(tables.target)
        second.processAllAvailable()
        assert (first.isActive, second.isActive, first.id == second.id) == (False, True, True)
        assert tables.ids() == [1]

    def test_a_running_query_sees_new_data(self, tables):
        tables.add(1)
        query = tables.writer(tables.read()).trigger(processingTime="100 milliseconds").start(tables.target)
        query.processAllAvailable()
        tables.add(2)
        until(lambda: query.lastProgress["batchId"] == 1)
        assert tables.ids() == [1, 2]

    @pytest.mark.parametrize("options", [{}, {"readChangeFeed": "true", "startingVersion": "0"}])
    def test_a_commit_that_needs_another_reader(self, tables, options):
        tables.add(1, **{"delta.enableChangeDataFeed": "true"})
        frame = tables.read(**options).select("id", "v")
        query = tables.writer(frame).trigger(processingTime="100 milliseconds").start(tables.target)
        query.processAllAvailable()
        add = tables.commit(0, tables.source)["add"]
        protocol = {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": ["foo"], "writerFeatures": ["foo"]}
        log = Path(tables.source) / "_delta_log"
        (log / "new").write_text(f"{json.dumps({'protocol': protocol})}\n{json.dumps({'add': add})}\n")
        (log / "new").rename(log / f"{1:020d}.json")
        assert "DELTA_UNSUPPORTED_FEATURES_FOR_READ" in failure(lambda: query.awaitTermination(30))
        assert tables.ids() == [1]


class TestListeners:
    def test_events(self, tables, spark, name):
        if not hasattr(spark.streams, "_sqlb") and not hasattr(spark, "_jvm"):
            pytest.skip("PySpark 3.5's Spark Connect client runs listeners on the server")
        from pyspark.sql.streaming import StreamingQueryListener

        events = []

        class Listener(StreamingQueryListener):
            def onQueryStarted(self, event):
                events.append(("started", event.name))

            def onQueryProgress(self, event):
                events.append(("progress", event.progress.batchId, event.progress.numInputRows))

            def onQueryIdle(self, event):
                events.append(("idle",))

            def onQueryTerminated(self, event):
                events.append(("terminated", event.exception))

        tables.add(1, 2)
        listener = Listener()
        spark.streams.addListener(listener)
        try:
            query = tables.writer(tables.read()).queryName(name).trigger(availableNow=True).start(tables.target)
            query.awaitTermination()
            until(lambda: any(e[0] == "terminated" for e in events))
        finally:
            spark.streams.removeListener(listener)
        assert events == [("started", name), ("progress", 0, 2), ("terminated", None)]


class TestProgressJson:
    def test_it_reads_as_json(self, tables):
        tables.add(1)
        query = tables.run()
        progress = query.lastProgress
        text = progress.json if hasattr(progress, "json") else json.dumps(progress)
        assert json.loads(text)["batchId"] == 0
