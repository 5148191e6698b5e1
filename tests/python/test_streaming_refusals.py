"""Streaming queries that Spark and Delta refuse: at the start, before anything is written, or when the log is not what it
was. Passes on real Spark too."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyspark.errors import AnalysisException, IllegalArgumentException

from tests.python.streaming import failure, one_test


@pytest.fixture
def tables(spark, delta_table_path):
    yield from one_test(spark, delta_table_path)


class TestRefusals:
    @pytest.fixture(autouse=True)
    def some_rows(self, tables):
        tables.add(0, 1)

    def test_no_checkpoint(self, tables):
        with pytest.raises(AnalysisException, match="checkpointLocation must be specified either through option"):
            tables.read().writeStream.format("delta").start(tables.target)
        assert not Path(tables.target).exists()

    def test_no_path(self, tables):
        with pytest.raises(IllegalArgumentException, match="'path' is not specified"):
            tables.writer(tables.read()).start()

    def test_an_unknown_mode(self, tables):
        with pytest.raises(IllegalArgumentException, match="Unknown output mode foo. Accepted output modes are"):
            tables.writer(tables.read(), "foo").start(tables.target)

    @pytest.mark.parametrize(
        ("mode", "text"),
        [
            ("update", "does not support Update output mode"),
            ("complete", "Complete output mode not supported when there are no streaming aggregations"),
        ],
    )
    def test_output_modes(self, tables, mode, text):
        with pytest.raises(AnalysisException, match=text):
            tables.writer(tables.read(), mode).start(tables.target)
        assert not Path(tables.target).exists()

    @pytest.mark.parametrize(
        ("change", "text"),
        [
            (
                lambda df, s: df.orderBy("id"),
                "Sorting is not supported on streaming DataFrames/Datasets, unless it is on",
            ),
            (lambda df, s: df.sample(0.5), "Sampling is not supported on streaming DataFrames/Datasets"),
            (
                lambda df, s: df.groupBy("v").count(),
                "Append output mode not supported when there are streaming aggregations on streaming "
                "DataFrames/DataSets without watermark",
            ),
            (
                lambda df, s: df.union(s),
                "Union between streaming and batch DataFrames/Datasets is not supported",
            ),
            (
                lambda df, s: s.join(df, "id", "left"),
                "LeftOuter join with a streaming DataFrame/Dataset on the right and a static DataFrame/Dataset on the "
                "left is not supported",
            ),
            (
                lambda df, s: df.join(s, "id", "right"),
                "RightOuter join with a streaming DataFrame/Dataset on the left and a static DataFrame/DataSet on the "
                "right not supported",
            ),
            (lambda df, s: df.intersect(df), "Intersect of streaming DataFrames/Datasets is not supported"),
            (lambda df, s: df.selectExpr("*", "row_number() OVER (ORDER BY id) AS r"), "NON_TIME_WINDOW_NOT_SUPPORTED"),
        ],
    )
    def test_operations(self, tables, spark, change, text):
        static = spark.read.format("delta").load(tables.source)
        with pytest.raises(AnalysisException) as raised:
            tables.writer(change(tables.read(), static)).start(tables.target)
        assert text in str(raised.value)
        assert not Path(tables.target).exists()

    def test_a_partition_column_that_is_not_there(self, tables):
        with pytest.raises(AnalysisException, match=r"Partition column zz not found in existing columns \(id, v\)"):
            tables.writer(tables.read()).partitionBy("zz").start(tables.target)

    def test_a_bad_trigger(self, tables):
        with pytest.raises(IllegalArgumentException):
            tables.writer(tables.read()).trigger(processingTime="blah").start(tables.target)
        with pytest.raises(IllegalArgumentException, match="the interval of trigger should not be negative"):
            tables.writer(tables.read()).trigger(processingTime="-1 second").start(tables.target)

    def test_a_batch_query_over_a_stream(self, tables):
        frame = tables.read()
        assert frame.isStreaming
        with pytest.raises(AnalysisException, match="Queries with streaming sources must be executed with writeStream"):
            frame.collect()
        with pytest.raises(AnalysisException, match="can not be called on streaming Dataset/DataFrame"):
            frame.write.format("delta").save(tables.target)
        assert not Path(tables.target).exists()

    def test_a_stream_over_a_batch_query(self, tables, spark):
        with pytest.raises(AnalysisException, match="WRITE_STREAM_NOT_ALLOWED|can be called only on streaming"):
            tables.writer(spark.read.format("delta").load(tables.source)).start(tables.target)

    def test_a_source_that_is_not_there(self, tables):
        with pytest.raises(AnalysisException, match="DELTA_SCHEMA_NOT_SET|Table schema is not set"):
            tables.spark.readStream.format("delta").load(f"{tables.source}-none").schema  # noqa: B018

    def test_a_source_with_a_schema(self, tables):
        with pytest.raises(AnalysisException, match="Delta does not support specifying the schema at read time"):
            tables.spark.readStream.format("delta").schema("a int").load(tables.source).schema  # noqa: B018

    def test_time_travel(self, tables):
        with pytest.raises(AnalysisException, match="Cannot time travel views, subqueries, streams"):
            tables.read(versionAsOf=0).schema  # noqa: B018

    def test_files_without_a_schema(self, tables):
        with pytest.raises(IllegalArgumentException, match="Schema must be specified when creating a streaming source"):
            tables.spark.readStream.format("json").load(tables.source).schema  # noqa: B018


class TestLogThatWasCleaned:
    @pytest.fixture
    def lagging(self, tables):
        """A query that has read version 0 of a table that is at version 12 now."""
        tables.add(0)
        tables.run()
        for i in range(1, 13):
            tables.add(i)
        return tables

    def without(self, tables, *versions: int):
        """A copy of the source without these commits."""
        copy = f"{tables.source}-copy"
        shutil.copytree(tables.source, copy)
        for version in versions:
            (Path(copy) / "_delta_log" / f"{version:020d}.json").unlink()
        return copy

    def test_its_start_is_gone(self, lagging):
        lagging.source = self.without(lagging, 0, 1, 2, 3, 4)
        assert "[DELTA_LOG_FILE_NOT_FOUND_FOR_STREAMING_SOURCE] If you never deleted it" in failure(lagging.run)
        assert lagging.ids() == [0]

    def test_what_comes_next_is_gone(self, lagging):
        lagging.source = self.without(lagging, 1, 2, 3, 4)
        text = failure(lagging.run)
        assert "[DELTA_MISSING_FILES_UNEXPECTED_VERSION]" in text
        assert lagging.ids() == [0]

    def test_what_is_gone_can_be_left_out(self, lagging):
        lagging.source = self.without(lagging, 1, 2, 3, 4)
        lagging.run(lagging.read(failOnDataLoss="false"))
        assert lagging.ids() == [0, *range(5, 13)]
