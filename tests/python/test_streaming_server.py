"""Streaming queries and the server they run in: killed, stopped, with sessions that end; and checkpoints that real Spark
and the server continue in turn."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest
from deltic import DelticServer, get_session
from pyspark.errors import AnalysisException

from tests.python.streaming import Tables, until

pytestmark = pytest.mark.deltic


@pytest.fixture
def base(tmp_path):
    return str(tmp_path / "t")


def started(home) -> DelticServer:
    return DelticServer(cwd=home, conf={"spark.sql.warehouse.dir": str(Path(home) / "warehouse")}).start()


def killed(server: DelticServer, spark) -> None:
    """The server ends as by a power cut; its client does not go on asking for it."""
    spark.client._channel.close()
    os.kill(server.pid, signal.SIGKILL)
    server._process.wait(10)
    server.stop()


class TestConsole:
    def test_rows_are_on_the_server_s_output(self, tmp_path, base):
        log = tmp_path / "log"
        with DelticServer(cwd=tmp_path, log_file=log) as server:
            tables = Tables(get_session(server), base)
            tables.add(1, 2)
            tables.read().writeStream.format("console").trigger(availableNow=True).start().awaitTermination()
            df = tables.spark.range(30).selectExpr("id", "repeat('x', 30) AS s")
            df.write.format("console").option("numRows", 2).option("truncate", "false").save()
        line = "-------------------------------------------\n"
        streamed = "+---+---+\n| id|  v|\n+---+---+\n|  1| v1|\n|  2| v2|\n+---+---+\n"
        written = (
            "+---+------------------------------+\n|id |s                             |\n+---+------------------------------+\n"
            f"|0  |{'x' * 30}|\n|1  |{'x' * 30}|\n+---+------------------------------+\nonly showing top 2 rows\n"
        )
        text = log.read_text()
        assert f"{line}Batch: 0\n{line}{streamed}" in text
        assert written in text


class TestKilled:
    @pytest.mark.parametrize("batches", [1, 4, 9])
    def test_each_row_once_however_often_it_dies(self, tmp_path, base, batches):
        """Killed at any moment, again and again, while batches run: every row arrives exactly once."""
        rows = 60
        server = started(tmp_path)
        tables = Tables(get_session(server), base)
        for i in range(rows):
            tables.add(i)
        done = Path(tables.checkpoint) / "commits"
        for _ in range(4):
            writer = tables.writer(tables.read(maxFilesPerTrigger=1)).trigger(processingTime="0 seconds")
            before = len(list(done.glob("[0-9]*"))) if done.exists() else 0
            writer.start(tables.target)
            until(lambda before=before: done.exists() and len(list(done.glob("[0-9]*"))) >= before + batches)
            killed(server, tables.spark)
            server = started(tmp_path)
            tables.spark = get_session(server)
        try:
            tables.run(tables.read(maxFilesPerTrigger=7))
            assert tables.ids() == list(range(rows))
        finally:
            server.stop()

    def test_what_it_wrote_before_it_died_is_not_written_again(self, tmp_path, base):
        server = started(tmp_path)
        tables = Tables(get_session(server), base)
        tables.add(1, 2)
        tables.run()
        killed(server, tables.spark)
        # It died between the sink's commit and the commit log.
        (Path(tables.checkpoint) / "commits" / "0").unlink()
        server = started(tmp_path)
        try:
            tables.spark = get_session(server)
            tables.add(3)
            tables.run()
            assert tables.ids() == [1, 2, 3]
            assert tables.batches("commits") == [0, 1]
        finally:
            server.stop()


class TestStopped:
    def test_sigterm_stops_running_queries(self, tmp_path, base):
        server = started(tmp_path)
        tables = Tables(get_session(server), base)
        tables.add(1)
        query = tables.writer(tables.read()).start(tables.target)
        query.processAllAvailable()
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < 10
        assert tables.batches("commits") == [0]

    def test_the_end_of_a_session_stops_its_queries(self, tmp_path, base):
        server = started(tmp_path)
        try:
            first, second = get_session(server), get_session(server)
            tables = Tables(first, base)
            tables.add(1)
            query = tables.writer(tables.read()).start(tables.target)
            query.processAllAvailable()
            first.stop()
            tables.spark = second
            tables.add(2)
            tables.run()
            assert tables.ids() == [1, 2]
        finally:
            server.stop()

    def test_a_query_of_another_session_on_the_same_checkpoint_is_stopped(self, tmp_path, base):
        server = started(tmp_path)
        try:
            tables = Tables(get_session(server), base)
            tables.add(1)
            query = tables.writer(tables.read()).start(tables.target)
            query.processAllAvailable()
            other = Tables(get_session(server), base)
            other.run()
            assert not query.isActive and query.exception() is None
        finally:
            server.stop()


class TestRefusedByName:
    @pytest.fixture
    def tables(self, spark, delta_table_path):
        tables = Tables(spark, delta_table_path)
        tables.add(1)
        return tables

    @pytest.mark.parametrize(
        ("change", "what"),
        [
            (lambda df: df.join(df.withColumnRenamed("v", "w"), "id"), "joins between two streaming DataFrames"),
            (lambda df: df.limit(1), "limits on streaming DataFrames in Append output mode"),
        ],
    )
    def test_operations(self, tables, change, what):
        with pytest.raises(Exception, match=what):
            tables.writer(change(tables.read())).start(tables.target)
        assert not Path(tables.target).exists()

    @pytest.mark.parametrize("format", ["parquet", "csv", "kafka"])
    def test_sinks(self, tables, format):
        writer = tables.read().writeStream.format(format).option("checkpointLocation", tables.checkpoint)
        with pytest.raises(Exception, match=f"the streaming sink '{format}'"):
            writer.start(tables.target)

    @pytest.mark.parametrize("format", ["kafka", "socket"])
    def test_sources(self, tables, format):
        with pytest.raises(Exception, match=f"the streaming source '{format}'"):
            tables.spark.readStream.format(format).load().schema  # noqa: B018

    def test_sources_that_do_not_stream(self, tables):
        with pytest.raises(Exception, match="Data source jdbc does not support streamed reading"):
            tables.spark.readStream.format("jdbc").load().schema  # noqa: B018

    def test_unknown_sources(self, tables):
        with pytest.raises(Exception, match="DATA_SOURCE_NOT_FOUND"):
            tables.spark.readStream.format("nonsense").load().schema  # noqa: B018
        with pytest.raises(Exception, match="DATA_SOURCE_NOT_FOUND"):
            tables.writer(tables.read()).format("nonsense").start(tables.target)

    def test_the_continuous_trigger(self, tables):
        with pytest.raises(Exception, match="the continuous trigger"):
            tables.writer(tables.read()).trigger(continuous="1 second").start(tables.target)

    @pytest.mark.parametrize("option", ["excludeRegex", "schemaTrackingLocation"])
    def test_options(self, tables, option):
        with pytest.raises(Exception, match=option):
            tables.run(tables.read(**{option: "x"}))

    def test_state_that_spark_keeps(self, tables):
        """A checkpoint with Spark's state files is not guessed at."""
        frame = tables.read().groupBy("v").count()
        tables.writer(frame, "complete").trigger(availableNow=True).start(tables.target).awaitTermination()
        state = Path(tables.checkpoint) / "state" / "0"
        for path in state.iterdir():
            path.unlink()
        (state / "0").mkdir()
        (state / "0" / "1.delta").write_bytes(b"LZ4Block")
        tables.add(2)
        query = tables.writer(frame, "complete").trigger(availableNow=True).start(tables.target)
        with pytest.raises(Exception, match="A stateful query that Apache Spark began cannot be continued by Deltic"):
            query.awaitTermination()


@pytest.mark.oracle
class TestRealSparkAndUs:
    @pytest.fixture
    def tables(self, spark):
        home = tempfile.mkdtemp(prefix="deltic-streaming-")
        yield Tables(spark, f"{home}/t")
        shutil.rmtree(home, ignore_errors=True)

    def theirs(self, oracle, tables, **options):
        oracle.stream(tables.source, tables.target, tables.checkpoint, **options)

    def test_spark_continues_our_checkpoint(self, tables, oracle):
        tables.add(1)
        tables.add(2)
        tables.run(tables.read(maxFilesPerTrigger=1))
        tables.add(3)
        self.theirs(oracle, tables)
        assert tables.ids() == [1, 2, 3]
        assert tables.batches("commits") == [0, 1, 2]

    def test_we_continue_sparks_checkpoint(self, tables, oracle):
        tables.add(1)
        tables.add(2)
        self.theirs(oracle, tables, maxFilesPerTrigger=1)
        tables.add(3)
        tables.run()
        assert tables.ids() == [1, 2, 3]
        assert tables.batches("commits") == [0, 1, 2]

    def test_in_turn_within_the_initial_snapshot(self, tables, oracle):
        """Each engine counts the files of the initial snapshot in the same order."""
        for i in range(6):
            tables.add(i)
        tables.run(tables.read(maxFilesPerTrigger=4))
        for batch in (1,):
            for log in ("offsets", "commits"):
                (Path(tables.checkpoint) / log / str(batch)).unlink()
        kept = Path(tables.target) / "_delta_log" / f"{1:020d}.json"
        kept.unlink()
        kept.with_suffix(".crc").unlink()  # of the commit that is to be made again
        shutil.copytree(tables.target, f"{tables.target}-2")
        tables.target += "-2"
        self.theirs(oracle, tables)
        assert tables.ids() == list(range(6))

    def test_a_batch_of_ours_is_not_written_again_by_spark(self, tables, oracle):
        tables.add(1)
        tables.run()
        (Path(tables.checkpoint) / "commits" / "0").unlink()
        self.theirs(oracle, tables)
        assert tables.ids() == [1]

    def test_a_batch_of_sparks_is_not_written_again_by_us(self, tables, oracle):
        tables.add(1)
        self.theirs(oracle, tables)
        (Path(tables.checkpoint) / "commits" / "0").unlink()
        (Path(tables.checkpoint) / "commits" / ".0.crc").unlink()
        tables.run()
        assert tables.ids() == [1]
        tables.add(2)
        self.theirs(oracle, tables)
        assert tables.ids() == [1, 2]


def test_listing_a_stream_is_refused(spark, delta_table_path):
    tables = Tables(spark, delta_table_path)
    tables.add(1)
    with pytest.raises(AnalysisException, match="Queries with streaming sources must be executed"):
        tables.read().count()
