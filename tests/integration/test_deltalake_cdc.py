"""Delta tables and their change data feed, as a PySpark user writes them. Passes on deltic and on real Spark."""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from pathlib import Path

import pytest
from pyspark.errors import AnalysisException

from tests.errors import condition
from tests.fixtures.delta_spark import DeltaSparkManager
from tests.rows import changes, rows, sorted_rows


def people(spark, *names: str, first_id: int = 1):
    """(id bigint, name string), ids counted up from first_id."""
    return spark.createDataFrame([(first_id + i, name) for i, name in enumerate(names)], ["id", "name"])


def commit_file(path: str, version: int) -> Path:
    return Path(path) / "_delta_log" / f"{version:020}.json"


def actions(path: str, version: int) -> list[dict]:
    return [json.loads(line) for line in commit_file(path, version).read_text().splitlines()]


def history(spark, path: str):
    return spark.sql(f"DESCRIBE HISTORY delta.`{path}`").orderBy("version").collect()


class TestDocumentedSnippets:
    """The calls of the testing guide, word for word but for the table's base path."""

    def test_with_spark(self, spark_session, warehouse_uri):
        data = [(1, "Alice"), (2, "Bob")]
        df = spark_session.createDataFrame(data, ["id", "name"])
        df.write.format("delta").mode("overwrite").save(f"{warehouse_uri}test_table")
        assert sorted_rows(spark_session.read.format("delta").load(f"{warehouse_uri}test_table")) == data

    def test_with_delta_manager(self, delta_spark, warehouse_uri):
        df = delta_spark.get_spark_session().createDataFrame([(1, "test")], ["id", "value"])
        delta_spark.create_delta_table(df, f"{warehouse_uri}my_table")
        result_df = delta_spark.read_delta_table(f"{warehouse_uri}my_table")
        assert rows(result_df) == [(1, "test")]
        assert result_df.columns == ["id", "value"]

    def test_isolated_table(self, spark_session, delta_table_path):
        df = spark_session.createDataFrame([(1, "test")], ["id", "value"])
        df.write.format("delta").save(delta_table_path)
        assert rows(spark_session.read.format("delta").load(delta_table_path)) == [(1, "test")]

    def test_cdf(self, delta_spark, warehouse_uri, capsys):
        table_path = f"{warehouse_uri}cdf_test_{uuid.uuid4().hex}"
        df1 = delta_spark.get_spark_session().createDataFrame([(1, "Alice")], ["id", "name"])
        delta_spark.create_delta_table(df1, table_path)
        df2 = delta_spark.get_spark_session().createDataFrame([(1, "Alice Updated")], ["id", "name"])
        df2.write.format("delta").mode("overwrite").save(table_path)

        changes_df = delta_spark.read_delta_cdf(table_path, starting_version=0, ending_version=1)

        assert changes_df.columns == ["id", "name", "_change_type", "_commit_version", "_commit_timestamp"]
        assert changes(changes_df, "id", "name") == [
            (0, "insert", 1, "Alice"),
            (1, "delete", 1, "Alice"),
            (1, "insert", 1, "Alice Updated"),
        ]
        changes_df.show()
        assert "Alice Updated" in capsys.readouterr().out

    def test_custom_delta(self, warehouse_uri):
        manager = DeltaSparkManager()
        spark = manager.get_spark_session()
        df = spark.createDataFrame([(1, "2025-01", "data1"), (2, "2025-02", "data2")], ["id", "month", "value"])
        manager.create_delta_table(df, f"{warehouse_uri}partitioned_table", partition_by=["month"])
        table = manager.read_delta_table(f"{warehouse_uri}partitioned_table")
        assert sorted_rows(table) == [(1, "2025-01", "data1"), (2, "2025-02", "data2")]
        assert rows(table.where("month = '2025-02'").select("value")) == [("data2",)]
        manager.stop_spark_session()

    def test_time_travel_queries(self, spark_session, delta_table_path):
        spark, table_path = spark_session, delta_table_path
        people(spark, "old").write.format("delta").save(table_path)
        people(spark, "new").write.format("delta").mode("overwrite").save(table_path)
        # Commits carry the time of their files: put them on both sides of the documented date.
        for version, day in ((0, dt.datetime(2025, 10, 29)), (1, dt.datetime(2025, 10, 31))):
            seconds = day.replace(tzinfo=dt.timezone.utc).timestamp()
            os.utime(commit_file(table_path, version), (seconds, seconds))
            (Path(table_path) / "_delta_log" / f".{version:020}.json.crc").unlink(missing_ok=True)

        df = spark.read.format("delta").option("versionAsOf", 0).load(table_path)
        assert rows(df) == [(1, "old")]
        df = spark.read.format("delta").option("timestampAsOf", "2025-10-30").load(table_path)
        assert rows(df) == [(1, "old")]
        df = spark.read.format("delta").option("timestampAsOf", "2025-10-31").load(table_path)
        assert rows(df) == [(1, "new")]
        assert rows(spark.sql(f"SELECT * FROM delta.`{table_path}` TIMESTAMP AS OF '2025-10-30 12:00:00'")) == [
            (1, "old")
        ]

    def test_table_history(self, spark_session, delta_table_path, capsys):
        from delta.tables import DeltaTable

        spark, table_path = spark_session, delta_table_path
        people(spark, "a").write.format("delta").save(table_path)
        people(spark, "b").write.format("delta").mode("overwrite").save(table_path)

        delta_table = DeltaTable.forPath(spark, table_path)
        history = delta_table.history()
        history.show()

        assert capsys.readouterr().out.count("WRITE") == 2
        assert rows(history.select("version")) == [(1,), (0,)]

    def test_optimize_and_vacuum(self, spark_session, delta_table_path):
        from delta.tables import DeltaTable

        spark, table_path = spark_session, delta_table_path
        for name in ("a", "b"):
            people(spark, name).coalesce(1).write.format("delta").mode("append").save(table_path)

        delta_table = DeltaTable.forPath(spark, table_path)
        # Compact small files
        delta_table.optimize().executeCompaction()
        # Remove old files (older than 7 days)
        delta_table.vacuum(168)  # hours

        assert delta_table.detail().collect()[0].numFiles == 1
        assert sorted_rows(spark.read.format("delta").load(table_path)) == [(1, "a"), (1, "b")]


class TestSaveModes:
    def test_append(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        people(spark_session, "b", first_id=2).write.format("delta").mode("append").save(delta_table_path)
        assert sorted_rows(spark_session.read.format("delta").load(delta_table_path)) == [(1, "a"), (2, "b")]

    def test_overwrite(self, spark_session, delta_table_path):
        people(spark_session, "a", "b").write.format("delta").save(delta_table_path)
        people(spark_session, "c").write.format("delta").mode("overwrite").save(delta_table_path)
        assert rows(spark_session.read.format("delta").load(delta_table_path)) == [(1, "c")]

    @pytest.mark.parametrize("mode", [None, "error"])  # Connect clients do not know "errorifexists"
    def test_error_if_exists(self, spark_session, delta_table_path, mode):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        writer = people(spark_session, "b").write.format("delta")
        if mode:
            writer = writer.mode(mode)
        with pytest.raises(AnalysisException) as caught:
            writer.save(delta_table_path)
        assert condition(caught.value) == "DELTA_PATH_EXISTS"
        assert rows(spark_session.read.format("delta").load(delta_table_path)) == [(1, "a")]
        assert not commit_file(delta_table_path, 1).exists()

    def test_ignore(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").mode("ignore").save(delta_table_path)
        people(spark_session, "b").write.format("delta").mode("ignore").save(delta_table_path)
        assert rows(spark_session.read.format("delta").load(delta_table_path)) == [(1, "a")]

    def test_overwrite_with_its_own_rows(self, spark_session, delta_table_path):
        people(spark_session, "a", "b", "c").write.format("delta").save(delta_table_path)
        table = spark_session.read.format("delta").load(delta_table_path)
        table.where("id > 1").write.format("delta").mode("overwrite").save(delta_table_path)
        assert sorted_rows(spark_session.read.format("delta").load(delta_table_path)) == [(2, "b"), (3, "c")]

    def test_an_empty_table_keeps_its_schema(self, spark_session, delta_table_path):
        people(spark_session, "a").where("id > 1").write.format("delta").save(delta_table_path)
        table = spark_session.read.format("delta").load(delta_table_path)
        assert rows(table) == []
        assert table.schema.simpleString() == "struct<id:bigint,name:string>"

    def test_replace_where(self, spark_session, delta_table_path):
        people(spark_session, "a", "b", "c").write.format("delta").save(delta_table_path)
        writer = people(spark_session, "B", first_id=2).write.format("delta").mode("overwrite")
        writer.option("replaceWhere", "id = 2").save(delta_table_path)
        assert sorted_rows(spark_session.read.format("delta").load(delta_table_path)) == [(1, "a"), (2, "B"), (3, "c")]


class TestPartitions:
    def test_partition_by(self, spark_session, delta_table_path):
        df = spark_session.createDataFrame(
            [(1, "x", dt.date(2025, 1, 1)), (2, "y z/%", dt.date(2025, 1, 2)), (3, None, None)],
            "id int, p string, d date",
        )
        df.write.format("delta").partitionBy("p", "d").save(delta_table_path)
        table = spark_session.read.format("delta").load(delta_table_path)
        assert sorted_rows(table) == sorted(rows(df), key=repr)
        assert rows(table.where("p = 'y z/%'").select("id")) == [(2,)]
        assert rows(table.where("d IS NULL").select("id")) == [(3,)]
        assert actions(delta_table_path, 0)[1].get("metaData", actions(delta_table_path, 0)[2].get("metaData"))[
            "partitionColumns"
        ] == ["p", "d"]

    def test_other_partitioning_of_an_existing_table_is_refused(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        with pytest.raises(AnalysisException):
            people(spark_session, "b").write.format("delta").mode("append").partitionBy("name").save(delta_table_path)

    def test_unknown_partition_column(self, spark_session, delta_table_path):
        with pytest.raises(AnalysisException):
            people(spark_session, "a").write.format("delta").partitionBy("nope").save(delta_table_path)
        assert not commit_file(delta_table_path, 0).exists()


class TestTimeTravel:
    @pytest.fixture
    def three_versions(self, spark_session, delta_table_path):
        for version, name in enumerate("abc"):
            people(spark_session, name, first_id=version).write.format("delta").mode("append").save(delta_table_path)
        return delta_table_path

    def test_by_version(self, spark_session, delta_spark, three_versions):
        for version in range(3):
            assert delta_spark.read_delta_table(three_versions, version).count() == version + 1
        assert spark_session.sql(f"SELECT * FROM delta.`{three_versions}` VERSION AS OF 1").count() == 2
        assert spark_session.sql(f"SELECT * FROM delta.`{three_versions}@v0`").count() == 1

    def test_by_the_timestamps_of_history(self, spark_session, three_versions):
        for entry in history(spark_session, three_versions):
            reader = spark_session.read.format("delta").option("timestampAsOf", str(entry.timestamp))
            assert reader.load(three_versions).count() == entry.version + 1

    def test_a_version_that_does_not_exist(self, spark_session, three_versions):
        with pytest.raises(AnalysisException) as caught:
            spark_session.read.format("delta").option("versionAsOf", 3).load(three_versions).collect()
        assert "Cannot time travel Delta table to version 3. Available versions: [0, 2]" in str(caught.value)

    def test_a_time_after_the_last_commit(self, spark_session, three_versions):
        with pytest.raises(AnalysisException) as caught:
            spark_session.read.format("delta").option("timestampAsOf", "2999-01-01").load(three_versions).collect()
        assert "is after the latest commit timestamp of" in str(caught.value)

    def test_a_time_before_the_first_commit(self, spark_session, three_versions):
        with pytest.raises(AnalysisException) as caught:
            spark_session.read.format("delta").option("timestampAsOf", "1999-01-01").load(three_versions).collect()
        assert "is before the earliest version available" in str(caught.value)

    def test_a_time_that_is_none(self, spark_session, three_versions):
        with pytest.raises(AnalysisException) as caught:
            spark_session.read.format("delta").option("timestampAsOf", "tomorrow-ish").load(three_versions).collect()
        assert condition(caught.value) == "DELTA_TIMESTAMP_INVALID"

    def test_version_and_time_together(self, spark_session, three_versions):
        reader = spark_session.read.format("delta").option("versionAsOf", 1).option("timestampAsOf", "2025-01-01")
        with pytest.raises((AnalysisException, ValueError, Exception)) as caught:
            reader.load(three_versions).collect()
        assert condition(caught.value) == "DELTA_ONEOF_IN_TIMETRAVEL"


class TestSchema:
    def test_a_new_column_is_refused(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        wider = spark_session.createDataFrame([(2, "b", 1.5)], "id bigint, name string, score double")
        with pytest.raises(AnalysisException) as caught:
            wider.write.format("delta").mode("append").save(delta_table_path)
        assert "schema mismatch" in str(caught.value)
        assert not commit_file(delta_table_path, 1).exists()

    def test_merge_schema(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        wider = spark_session.createDataFrame([(2, "b", 1.5)], "id bigint, name string, score double")
        wider.write.format("delta").mode("append").option("mergeSchema", "true").save(delta_table_path)
        table = spark_session.read.format("delta").load(delta_table_path)
        assert table.schema.simpleString() == "struct<id:bigint,name:string,score:double>"
        assert sorted_rows(table) == [(1, "a", None), (2, "b", 1.5)]

    def test_missing_columns_become_null(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        spark_session.createDataFrame([(2,)], "id bigint").write.format("delta").mode("append").save(delta_table_path)
        assert sorted_rows(spark_session.read.format("delta").load(delta_table_path)) == [(1, "a"), (2, None)]

    def test_overwrite_schema(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        other = spark_session.createDataFrame([(True, "x")], "flag boolean, name string")
        with pytest.raises(AnalysisException):
            other.write.format("delta").mode("overwrite").save(delta_table_path)
        other.write.format("delta").mode("overwrite").option("overwriteSchema", "true").save(delta_table_path)
        table = spark_session.read.format("delta").load(delta_table_path)
        assert table.schema.simpleString() == "struct<flag:boolean,name:string>"
        assert rows(table) == [(True, "x")]
        old = spark_session.read.format("delta").option("versionAsOf", 0).load(delta_table_path)
        assert old.schema.simpleString() == "struct<id:bigint,name:string>"

    def test_columns_are_matched_by_name(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        swapped = spark_session.createDataFrame([("b", 2)], "name string, id bigint")
        swapped.write.format("delta").mode("append").save(delta_table_path)
        assert sorted_rows(spark_session.read.format("delta").load(delta_table_path)) == [(1, "a"), (2, "b")]

    def test_another_integer_type_is_refused_by_path_and_cast_by_name(
        self, spark_session, delta_table_path, table_name
    ):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        narrow = spark_session.createDataFrame([(2, "b")], "id int, name string")
        with pytest.raises(AnalysisException) as caught:
            narrow.write.format("delta").mode("append").save(delta_table_path)
        assert condition(caught.value) == "DELTA_FAILED_TO_MERGE_FIELDS"
        spark_session.sql(f"CREATE TABLE {table_name} USING delta LOCATION '{delta_table_path}'")
        narrow.write.insertInto(table_name)
        table = spark_session.table(table_name)
        assert table.schema.simpleString() == "struct<id:bigint,name:string>"
        assert sorted_rows(table) == [(1, "a"), (2, "b")]


class TestChangeDataFeed:
    @pytest.fixture
    def path(self, spark_session, delta_table_path):
        """0: a, b · 1: + c · 2: overwritten by d"""
        people(spark_session, "a", "b").write.format("delta").save(delta_table_path)
        people(spark_session, "c", first_id=3).write.format("delta").mode("append").save(delta_table_path)
        people(spark_session, "d", first_id=4).write.format("delta").mode("overwrite").save(delta_table_path)
        return delta_table_path

    ALL = [
        (0, "insert", 1, "a"),
        (0, "insert", 2, "b"),
        (1, "insert", 3, "c"),
        (2, "delete", 1, "a"),
        (2, "delete", 2, "b"),
        (2, "delete", 3, "c"),
        (2, "insert", 4, "d"),
    ]

    def expected(self, first: int, last: int) -> list[tuple]:
        return [row for row in self.ALL if first <= row[0] <= last]

    @pytest.mark.parametrize("first,last", [(0, None), (1, None), (0, 0), (1, 1), (0, 2), (2, 2)])
    def test_version_bounds(self, delta_spark, path, first, last):
        feed = delta_spark.read_delta_cdf(path, starting_version=first, ending_version=last)
        assert changes(feed, "id", "name") == self.expected(first, 2 if last is None else last)

    def test_schema(self, delta_spark, path):
        assert delta_spark.read_delta_cdf(path).schema.simpleString() == (
            "struct<id:bigint,name:string,_change_type:string,_commit_version:bigint,_commit_timestamp:timestamp>"
        )

    def test_timestamp_bounds(self, spark_session, path):
        times = [str(entry.timestamp) for entry in history(spark_session, path)]
        reader = spark_session.read.format("delta").option("readChangeFeed", "true")
        feed = reader.option("startingTimestamp", times[1]).load(path)
        assert changes(feed, "id", "name") == self.expected(1, 2)
        reader = spark_session.read.format("delta").option("readChangeFeed", "true")
        feed = reader.option("startingTimestamp", times[0]).option("endingTimestamp", times[1]).load(path)
        assert changes(feed, "id", "name") == self.expected(0, 1)
        reader = spark_session.read.format("delta").option("readChangeFeed", "true")
        feed = reader.option("startingVersion", 0).option("endingTimestamp", times[0]).load(path)
        assert changes(feed, "id", "name") == self.expected(0, 0)

    def test_commit_timestamps_are_those_of_history(self, spark_session, delta_spark, path):
        times = {entry.version: entry.timestamp for entry in history(spark_session, path)}
        feed = delta_spark.read_delta_cdf(path).select("_commit_version", "_commit_timestamp").distinct()
        assert dict(rows(feed)) == times

    def test_table_changes_in_sql(self, spark_session, path, table_name):
        spark_session.sql(f"CREATE TABLE {table_name} USING delta LOCATION '{path}'")
        assert changes(spark_session.sql(f"SELECT * FROM table_changes('{table_name}', 0)"), "id", "name") == self.ALL
        feed = spark_session.sql(f"SELECT * FROM table_changes('{table_name}', 1, 1)")
        assert changes(feed, "id", "name") == self.expected(1, 1)

    def test_table_changes_by_path_in_sql(self, spark_session, path):
        feed = spark_session.sql(f"SELECT * FROM table_changes_by_path('{path}', 1, 2)")
        assert changes(feed, "id", "name") == self.expected(1, 2)

    def test_a_feed_is_an_ordinary_dataframe(self, delta_spark, path):
        feed = delta_spark.read_delta_cdf(path)
        assert sorted_rows(feed.groupBy("_change_type").count()) == [("delete", 3), ("insert", 4)]
        assert rows(feed.where("_change_type = 'insert' AND _commit_version = 2").select("name")) == [("d",)]

    def test_an_end_after_the_last_version_is_the_last(self, delta_spark, path):
        assert changes(delta_spark.read_delta_cdf(path, 0, 99), "id", "name") == self.ALL

    def test_a_start_after_the_last_version(self, delta_spark, path):
        with pytest.raises(Exception) as caught:
            delta_spark.read_delta_cdf(path, starting_version=3).collect()
        assert condition(caught.value) == "DELTA_INVALID_CDC_RANGE" or "Start version" in str(caught.value)

    def test_an_end_before_the_start(self, delta_spark, path):
        with pytest.raises(Exception) as caught:
            delta_spark.read_delta_cdf(path, starting_version=2, ending_version=1).collect()
        assert condition(caught.value) == "DELTA_INVALID_CDC_RANGE"

    def test_no_start(self, spark_session, path):
        with pytest.raises(AnalysisException) as caught:
            spark_session.read.format("delta").option("readChangeFeed", "true").load(path).collect()
        assert condition(caught.value) == "DELTA_NO_START_FOR_CDC_READ"

    def test_a_table_without_change_data_feed(self, delta_spark, spark_session, delta_table_path):
        writer = people(spark_session, "a").write.format("delta").option("delta.enableChangeDataFeed", "false")
        writer.save(delta_table_path)
        with pytest.raises(AnalysisException) as caught:
            delta_spark.read_delta_cdf(delta_table_path).collect()
        assert condition(caught.value) == "DELTA_MISSING_CHANGE_DATA"

    def test_partitioned(self, delta_spark, spark_session, delta_table_path):
        df = spark_session.createDataFrame([(1, "x"), (2, "y")], "id int, p string")
        delta_spark.create_delta_table(df, delta_table_path, partition_by=["p"])
        df.where("id = 1").write.format("delta").mode("overwrite").save(delta_table_path)
        feed = delta_spark.read_delta_cdf(delta_table_path, 0)
        assert changes(feed, "id", "p") == [
            (0, "insert", 1, "x"),
            (0, "insert", 2, "y"),
            (1, "delete", 1, "x"),
            (1, "delete", 2, "y"),
            (1, "insert", 1, "x"),
        ]
        assert changes(feed.where("p = 'y'"), "id") == [(0, "insert", 2), (1, "delete", 2)]

    def test_after_a_column_was_added(self, delta_spark, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        wider = spark_session.createDataFrame([(2, "b", 1.5)], "id bigint, name string, score double")
        wider.write.format("delta").mode("append").option("mergeSchema", "true").save(delta_table_path)
        feed = delta_spark.read_delta_cdf(delta_table_path)
        assert changes(feed, "id", "name", "score") == [(0, "insert", 1, "a", None), (1, "insert", 2, "b", 1.5)]


class TestHistoryAndDetail:
    def test_history(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").partitionBy("name").save(delta_table_path)
        people(spark_session, "b").write.format("delta").mode("append").save(delta_table_path)
        people(spark_session, "c").write.format("delta").mode("overwrite").save(delta_table_path)
        entries = history(spark_session, delta_table_path)
        assert [(e.version, e.operation) for e in entries] == [(0, "WRITE"), (1, "WRITE"), (2, "WRITE")]
        assert entries[0].operationParameters == {"mode": "ErrorIfExists", "partitionBy": '["name"]'}
        assert entries[1].operationParameters["mode"] == "Append"
        assert entries[2].operationParameters["mode"] == "Overwrite"
        assert [e.isBlindAppend for e in entries] == [True, True, False]
        assert [e.readVersion for e in entries] == [None, 0, 1]
        assert [e.operationMetrics["numOutputRows"] for e in entries] == ["1", "1", "1"]
        assert all(e.isolationLevel == "Serializable" for e in entries)
        now = dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)
        assert all(abs(now - e.timestamp) < dt.timedelta(minutes=10) for e in entries)

    def test_history_columns_and_limit(self, spark_session, delta_table_path):
        for _ in range(3):
            spark_session.range(1).write.format("delta").mode("append").save(delta_table_path)
        df = spark_session.sql(f"DESCRIBE HISTORY delta.`{delta_table_path}` LIMIT 2")
        assert [row.version for row in df.collect()] == [2, 1]
        assert df.columns == [
            "version", "timestamp", "userId", "userName", "operation", "operationParameters", "job", "notebook",
            "clusterId", "readVersion", "isolationLevel", "isBlindAppend", "operationMetrics", "userMetadata",
            "engineInfo",
        ]  # fmt: skip

    def test_user_metadata(self, spark_session, delta_table_path):
        writer = spark_session.range(1).write.format("delta").option("userMetadata", "first load")
        writer.save(delta_table_path)
        assert history(spark_session, delta_table_path)[0].userMetadata == "first load"

    def test_detail(self, spark_session, delta_table_path):
        people(spark_session, "a", "b").coalesce(1).write.format("delta").save(delta_table_path)
        detail = spark_session.sql(f"DESCRIBE DETAIL delta.`{delta_table_path}`").collect()[0]
        assert detail.format == "delta"
        assert detail.name is None
        assert detail.location == f"file:{delta_table_path}"
        assert detail.partitionColumns == []
        assert detail.numFiles == 1
        files = [f for f in Path(delta_table_path).iterdir() if f.suffix == ".parquet"]
        assert detail.sizeInBytes == sum(f.stat().st_size for f in files)

    def test_describe_table(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        described = rows(spark_session.sql(f"DESCRIBE TABLE delta.`{delta_table_path}`"))
        assert described[:2] == [("id", "bigint", None), ("name", "string", None)]


class TestLog:
    def test_a_checkpoint_after_ten_commits(self, spark_session, delta_spark, delta_table_path):
        for version in range(12):
            people(spark_session, f"n{version}", first_id=version).write.format("delta").mode("append").save(
                delta_table_path
            )
        log = Path(delta_table_path) / "_delta_log"
        assert (log / f"{10:020}.checkpoint.parquet").exists()
        assert json.loads((log / "_last_checkpoint").read_text())["version"] == 10
        assert delta_spark.read_delta_table(delta_table_path).count() == 12
        assert delta_spark.read_delta_table(delta_table_path, 4).count() == 5
        assert delta_spark.read_delta_cdf(delta_table_path, 9, 11).count() == 3

    def test_a_table_is_read_from_its_checkpoint(self, spark_session, delta_spark, delta_table_path):
        for version in range(12):
            people(spark_session, f"n{version}", first_id=version).write.format("delta").mode("append").save(
                delta_table_path
            )
        copy = delta_table_path + "_copy"
        import shutil

        shutil.copytree(delta_table_path, copy)
        for version in range(10):
            commit_file(copy, version).unlink()
            (Path(copy) / "_delta_log" / f".{version:020}.json.crc").unlink(missing_ok=True)
        assert delta_spark.read_delta_table(copy).count() == 12
        with pytest.raises(AnalysisException):
            delta_spark.read_delta_table(copy, 3).collect()

    def test_commit_contents(self, spark_session, delta_table_path):
        people(spark_session, "a", "b").coalesce(1).write.format("delta").save(delta_table_path)
        by_kind = {kind: action for line in actions(delta_table_path, 0) for kind, action in line.items()}
        assert by_kind["protocol"] == {
            "minReaderVersion": 1,
            "minWriterVersion": 7,
            "writerFeatures": by_kind["protocol"]["writerFeatures"],
        }
        assert sorted(by_kind["protocol"]["writerFeatures"]) == ["appendOnly", "changeDataFeed", "invariants"]
        assert by_kind["metaData"]["configuration"]["delta.enableChangeDataFeed"] == "true"
        assert [f["name"] for f in json.loads(by_kind["metaData"]["schemaString"])["fields"]] == ["id", "name"]
        stats = json.loads(by_kind["add"]["stats"])
        assert stats["numRecords"] == 2
        assert stats["minValues"] == {"id": 1, "name": "a"}
        assert stats["maxValues"] == {"id": 2, "name": "b"}
        assert stats["nullCount"] == {"id": 0, "name": 0}
        assert (Path(delta_table_path) / by_kind["add"]["path"]).stat().st_size == by_kind["add"]["size"]


class TestErrors:
    def test_a_path_without_a_table(self, spark_session, delta_table_path):
        with pytest.raises(AnalysisException) as caught:
            spark_session.read.format("delta").load(delta_table_path).collect()
        assert condition(caught.value) in ("PATH_NOT_FOUND", "DELTA_PATH_DOES_NOT_EXIST", "DELTA_TABLE_NOT_FOUND")
        assert delta_table_path in str(caught.value)

    def test_a_path_without_a_table_in_sql(self, spark_session, delta_table_path):
        with pytest.raises(AnalysisException):
            spark_session.sql(f"SELECT * FROM delta.`{delta_table_path}`").collect()

    def test_a_folder_of_parquet_is_no_table(self, spark_session, delta_table_path):
        spark_session.range(3).write.parquet(delta_table_path)
        with pytest.raises(AnalysisException) as caught:
            spark_session.read.format("delta").load(delta_table_path).collect()
        assert condition(caught.value) in ("DELTA_TABLE_NOT_FOUND", "DELTA_MISSING_DELTA_TABLE")

    def test_an_unknown_column(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        with pytest.raises(AnalysisException) as caught:
            spark_session.read.format("delta").load(delta_table_path).select("nam").collect()
        assert condition(caught.value) == "UNRESOLVED_COLUMN.WITH_SUGGESTION"
        assert "`name`" in str(caught.value)

    def test_an_unknown_table(self, spark_session):
        with pytest.raises(AnalysisException) as caught:
            spark_session.table("no_such_table_at_all").collect()
        assert condition(caught.value) == "TABLE_OR_VIEW_NOT_FOUND"

    def test_an_unknown_format(self, spark_session, delta_table_path):
        with pytest.raises(Exception) as caught:
            spark_session.read.format("no_such_format").load(delta_table_path).collect()
        assert condition(caught.value) == "DATA_SOURCE_NOT_FOUND"

    def test_a_type_that_cannot_be_stored(self, spark_session, delta_table_path):
        people(spark_session, "a").write.format("delta").save(delta_table_path)
        wrong = spark_session.createDataFrame([(["x"], "b")], "id array<string>, name string")
        with pytest.raises(AnalysisException) as caught:
            wrong.write.format("delta").mode("append").save(delta_table_path)
        assert condition(caught.value) == "DELTA_FAILED_TO_MERGE_FIELDS"
        assert not commit_file(delta_table_path, 1).exists()
