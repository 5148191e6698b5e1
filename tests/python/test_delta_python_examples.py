"""The Python of Delta's documentation that test_delta_documentation.py leaves out: builders with generated and identity
columns, options of readers and writers, compaction by rewriting, streams. Passes on deltic and on real Spark."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from delta.tables import DeltaTable, IdentityGenerator
from pyspark.sql import functions as F
from pyspark.sql.types import DateType, LongType

from tests.errors import condition
from tests.rows import changes, sorted_rows

EVENTS = "id int, at timestamp, kind string"


def days_ago(path: str, version: int, days: int) -> None:
    """Makes a version of the table at `path` so old."""
    then = dt.datetime.now(dt.timezone.utc) - dt.timedelta(days=days)
    os.utime(Path(path, "_delta_log", f"{version:020d}.json"), (then.timestamp(), then.timestamp()))


def rows_at(spark, path: str, *columns: str) -> list[tuple]:
    return sorted_rows(spark.read.format("delta").load(path).select(*(columns or ("*",))))


class TestBuilders:
    FEED = "spark.databricks.delta.properties.defaults.enableChangeDataFeed"

    @pytest.fixture
    def feed(self, spark):
        """Nobody has set the default of the change feed; the fixture sets it."""
        before = spark.conf.get(self.FEED, "unset")
        spark.conf.unset(self.FEED)
        yield lambda value: spark.conf.set(self.FEED, value)
        if before == "unset":
            spark.conf.unset(self.FEED)
        else:
            spark.conf.set(self.FEED, before)

    def people(self, spark, path) -> DeltaTable:
        builder = DeltaTable.createOrReplace(spark).addColumn("id", "INT")
        builder = builder.addColumn("lastName", "STRING", comment="surname")
        return builder.property("description", "table with people data").location(path).execute()

    def test_properties_and_location(self, spark, feed, delta_table_path):
        """The feed that a table has by nobody's doing need not be asked for to replace it."""
        for _ in range(2):
            table = self.people(spark, delta_table_path)
        assert table.detail().collect()[0]["properties"]["description"] == "table with people data"
        assert table.toDF().schema["lastName"].metadata == {"comment": "surname"}

    @pytest.mark.parametrize("value", ["true", "false"])
    def test_replacing_by_path_without_a_default(self, spark, feed, delta_table_path, value):
        """A table at a path that is not in the catalog must have the very properties that are given; one that the
        session's default gave it is none of these (CreateDeltaTableCommand.verifyTableMetadata)."""
        feed(value)
        self.people(spark, delta_table_path)
        with pytest.raises(Exception) as caught:
            self.people(spark, delta_table_path)
        assert condition(caught.value) == "DELTA_CREATE_TABLE_WITH_DIFFERENT_PROPERTY"

    def test_partitions_of_generated_columns(self, spark, table_name):
        builder = DeltaTable.create(spark).tableName(table_name)
        for name, kind in (("eventId", "BIGINT"), ("eventType", "STRING"), ("eventTime", "TIMESTAMP")):
            builder = builder.addColumn(name, kind)
        builder = builder.addColumn("eventDate", DateType(), generatedAlwaysAs="CAST(eventTime AS DATE)")
        for part in ("YEAR", "MONTH", "DAY"):
            builder = builder.addColumn(part.lower(), "INT", generatedAlwaysAs=f"{part}(eventTime)")
        builder.partitionedBy("eventType", "eventDate", "year", "month", "day").execute()
        spark.sql(
            f"INSERT INTO {table_name} (eventId, eventType, eventTime) VALUES (1, 'a', TIMESTAMP'2020-10-01 11:00:00'), "
            "(2, 'a', TIMESTAMP'2020-10-02 11:00:00')"
        )
        found = spark.sql(
            f'SELECT eventId, year, month, day FROM {table_name} WHERE eventTime >= "2020-10-01 00:00:00" '
            'AND eventTime <= "2020-10-01 12:00:00"'
        )
        assert sorted_rows(found) == [(1, 2020, 10, 1)]

    def test_identity_columns(self, spark, table_name):
        builder = DeltaTable.create(spark).tableName(table_name).addColumn("v", "STRING")
        for name, arguments in (
            ("id_col1", {"generatedAlwaysAs": IdentityGenerator()}),
            ("id_col2", {"generatedAlwaysAs": IdentityGenerator(start=-1, step=1)}),
            ("id_col3", {"generatedByDefaultAs": IdentityGenerator()}),
            ("id_col4", {"generatedByDefaultAs": IdentityGenerator(start=-1, step=1)}),
        ):
            builder = builder.addColumn(name, dataType=LongType(), **arguments)
        builder.execute()
        spark.sql(f"INSERT INTO {table_name} (v) VALUES ('a')")
        assert sorted_rows(spark.table(table_name)) == [("a", 1, -1, 1, -1)]

    def test_old_ids_are_taken_over(self, spark, table_name):
        DeltaTable.create(spark).tableName(table_name).addColumn(
            "id", dataType=LongType(), generatedByDefaultAs=IdentityGenerator(start=5, step=1)
        ).addColumn("some_value", dataType=LongType()).execute()
        old = spark.createDataFrame([(1, 10), (2, 20)], "id long, some_value long")
        old.write.format("delta").mode("append").saveAsTable(table_name)
        new = spark.createDataFrame([(30,)], "some_value long").coalesce(1)
        new.write.format("delta").mode("append").saveAsTable(table_name)
        assert sorted_rows(spark.table(table_name)) == [(1, 10), (2, 20), (5, 30)]


class TestTimeTravel:
    @pytest.fixture
    def events(self, spark, delta_table_path) -> str:
        """Version 0 (two days old): users 111 and 222; version 1: no 111, and 222 spoiled; version 2: 333 too."""
        users = spark.createDataFrame([(111, "a"), (222, "b")], "userId int, v string").coalesce(1)
        users.write.format("delta").save(delta_table_path)
        days_ago(delta_table_path, 0, 2)
        table = DeltaTable.forPath(spark, delta_table_path)
        table.delete("userId = 111")
        table.update("userId = 222", {"v": "'spoiled'"})
        return delta_table_path

    def yesterday(self, spark):
        return spark.sql("SELECT CAST(date_sub(current_date(), 1) AS STRING)").collect()[0][0]

    def test_deleted_rows_brought_back(self, spark, events):
        df = spark.read.format("delta").option("timestampAsOf", self.yesterday(spark)).load(events)
        df.where("userId = 111").write.format("delta").mode("append").save(events)
        assert rows_at(spark, events) == [(111, "a"), (222, "spoiled")]

    def test_wrong_updates_mended(self, spark, events):
        df = spark.read.format("delta").option("timestampAsOf", self.yesterday(spark)).load(events)
        df.createOrReplaceTempView("my_table_yesterday")
        spark.sql(
            f"MERGE INTO delta.`{events}` target USING my_table_yesterday source ON source.userId = target.userId "
            "WHEN MATCHED THEN UPDATE SET *"
        )
        assert rows_at(spark, events) == [(222, "b")]

    def test_the_latest_version(self, spark, events):
        history = spark.sql(f"DESCRIBE HISTORY delta.`{events}`")
        latest = history.selectExpr("max(version)").collect()[0][0]
        assert latest == 2
        assert spark.read.format("delta").option("versionAsOf", latest).load(events).count() == 1

    def test_new_users_since(self, spark, events):
        before = spark.read.format("delta").option("timestampAsOf", self.yesterday(spark)).load(events)
        now = spark.read.format("delta").load(events)
        assert now.select("userId").distinct().count() - before.select("userId").distinct().count() == -1


class TestWrites:
    def test_replace_where(self, spark, delta_table_path):
        old = spark.createDataFrame([(1, "2017-01-05"), (2, "2018-01-01")], "id int, start_date string")
        old.write.format("delta").save(delta_table_path)
        new = spark.createDataFrame([(9, "2017-01-06")], "id int, start_date string")
        new.write.format("delta").mode("overwrite").option(
            "replaceWhere", "start_date >= '2017-01-01' AND start_date <= '2017-01-31'"
        ).save(delta_table_path)
        assert rows_at(spark, delta_table_path, "id") == [(2,), (9,)]

    def test_dynamic_partitions_of_a_table(self, spark, table_name):
        df = spark.createDataFrame([(1, "a"), (2, "b")], "id int, p string")
        df.write.format("delta").partitionBy("p").saveAsTable(table_name)
        one = spark.createDataFrame([(9, "b")], "id int, p string")
        one.write.format("delta").mode("overwrite").option("partitionOverwriteMode", "dynamic").saveAsTable(table_name)
        assert sorted_rows(spark.table(table_name)) == [(1, "a"), (9, "b")]

    def test_rows_of_a_file_are_limited(self, spark, delta_table_path):
        spark.range(100).coalesce(1).write.format("delta").mode("append").option("maxRecordsPerFile", "30").save(
            delta_table_path
        )
        assert DeltaTable.forPath(spark, delta_table_path).detail().collect()[0]["numFiles"] == 4

    def test_user_metadata(self, spark, delta_table_path):
        for mode in ("append", "overwrite"):
            spark.range(1).write.format("delta").mode(mode).option("userMetadata", f"said {mode}").save(
                delta_table_path
            )
        history = DeltaTable.forPath(spark, delta_table_path).history().collect()
        assert [row["userMetadata"] for row in history] == ["said overwrite", "said append"]

    def test_a_column_s_type_changed_by_rewriting(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} USING delta AS SELECT 1 AS id, '1999-12-31' AS birthDate")
        df = spark.read.table(table_name).withColumn("birthDate", F.col("birthDate").cast("date"))
        df.write.format("delta").mode("overwrite").option("overwriteSchema", "true").saveAsTable(table_name)
        assert sorted_rows(spark.table(table_name)) == [(1, dt.date(1999, 12, 31))]

    def test_schema_and_partitions_replaced(self, spark, table_name, delta_table_path):
        for columns in ("id int, p string", "id int, p string, q string"):
            names = [part.split()[0] for part in columns.split(", ")]
            df = spark.createDataFrame([(1, "a", "b")[: len(names)]], columns)
            df.write.format("delta").mode("overwrite").option("overwriteSchema", "true").option(
                "path", delta_table_path
            ).partitionBy(names[-1]).saveAsTable(table_name)
        detail = spark.sql(f"DESCRIBE DETAIL {table_name}").collect()[0]
        assert detail["partitionColumns"] == ["q"] and detail["location"].endswith(delta_table_path)

    def test_options_of_file_systems(self, spark, delta_table_path):
        key = "fs.azure.account.key.one.dfs.core.windows.net"
        spark.range(3).write.format("delta").option(key, "a").save(delta_table_path)
        df = spark.read.format("delta").option(key, "b").load(delta_table_path)
        df.union(df).write.format("delta").mode("overwrite").option(key, "c").save(delta_table_path)
        assert len(rows_at(spark, delta_table_path)) == 6

    def test_compaction_by_rewriting(self, spark, delta_table_path):
        for i in range(3):
            spark.range(i * 10, i * 10 + 10).write.format("delta").mode("append").save(delta_table_path)
        df = spark.read.format("delta").load(delta_table_path).repartition(2)
        df.write.option("dataChange", "false").format("delta").mode("overwrite").save(delta_table_path)
        table = DeltaTable.forPath(spark, delta_table_path)
        assert table.detail().collect()[0]["numFiles"] == 2
        assert rows_at(spark, delta_table_path) == sorted([(i,) for i in range(30)], key=repr)
        reader = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 3)
        if table.detail().collect()[0]["properties"].get("delta.enableChangeDataFeed") == "true":
            assert changes(reader.load(delta_table_path), "id") == []

    def test_compaction_of_a_partition(self, spark, delta_table_path):
        for year in ("2018", "2019", "2019"):
            df = spark.range(10).withColumn("year", F.lit(year))
            df.write.format("delta").mode("append").partitionBy("year").save(delta_table_path)
        df = spark.read.format("delta").load(delta_table_path).where("year = '2019'").repartition(1)
        df.write.option("dataChange", "false").format("delta").mode("overwrite").option(
            "replaceWhere", "year = '2019'"
        ).save(delta_table_path)
        df = spark.read.format("delta").load(delta_table_path).where("year = '2019'")
        assert (df.count(), df.select(F.input_file_name()).distinct().count()) == (20, 1)

    def test_ported_from_parquet(self, spark, tmp_path, delta_table_path, table_name):
        spark.range(3).write.parquet(str(tmp_path / "pipeline"))
        data = spark.read.format("parquet").load(str(tmp_path / "pipeline"))
        data.write.format("delta").save(delta_table_path)
        spark.sql(f"CREATE TABLE {table_name} USING DELTA LOCATION '{delta_table_path}'")
        assert spark.table(table_name).count() == 3


class TestChangeFeed:
    def test_times_and_paths(self, spark, delta_table_path):
        writer = spark.range(2).write.format("delta").option("delta.enableChangeDataFeed", "true")
        writer.save(delta_table_path)
        DeltaTable.forPath(spark, delta_table_path).delete("id = 0")
        reader = spark.read.format("delta").option("readChangeFeed", "true")
        since = reader.option("startingTimestamp", "2021-04-21 05:45:46").load(delta_table_path)
        everything = [(0, "insert", 0), (0, "insert", 1), (1, "delete", 0)]
        assert changes(since, "id") == everything
        until = reader.option("startingVersion", 0).option("endingVersion", 1).load(delta_table_path)
        assert changes(until, "id") == everything

    def test_streams(self, spark, delta_table_path, tmp_path):
        writer = spark.range(2).write.format("delta").option("delta.enableChangeDataFeed", "true")
        writer.save(delta_table_path)
        DeltaTable.forPath(spark, delta_table_path).delete("id = 0")
        seen = {}
        for name, options in (("all", {"startingVersion": 0}), ("snapshot", {})):
            reader = spark.readStream.format("delta").option("readChangeFeed", "true").options(**options)
            out = str(tmp_path / name)
            feed = reader.load(delta_table_path).select("id", F.col("_change_type").alias("change"))
            query = feed.writeStream.format("delta").option("checkpointLocation", str(tmp_path / f"{name}_checkpoint"))
            query.trigger(availableNow=True).start(out).awaitTermination()
            seen[name] = sorted_rows(spark.read.format("delta").load(out))
        assert seen == {
            "all": [(0, "delete"), (0, "insert"), (1, "insert")],
            "snapshot": [(1, "insert")],
        }


class TestUtilities:
    @pytest.mark.parametrize("inventory", ["{view}", "(SELECT * FROM {view})"])
    def test_vacuum_by_inventory(self, spark, delta_table_path, inventory):
        """Only what the inventory lists can go, and of that only what is no table's file and old enough."""
        spark.range(3).coalesce(1).write.format("delta").save(delta_table_path)
        for name in ("listed.parquet", "young.parquet", "unlisted.parquet"):
            Path(delta_table_path, name).write_text("x")
        live = next(path.name for path in Path(delta_table_path).glob("part-*.parquet"))
        now = int(dt.datetime.now(dt.timezone.utc).timestamp() * 1000)
        rows = [("listed.parquet", 0), ("young.parquet", now), (live, 0), ("_delta_log/00000000000000000000.json", 0)]
        spark.createDataFrame(
            [(f"file:{delta_table_path}/{name}", 1, False, at) for name, at in rows],
            "path string, length bigint, isDir boolean, modificationTime bigint",
        ).createOrReplaceTempView("vacuum_inventory")
        vacuum = f"VACUUM delta.`{delta_table_path}` USING INVENTORY " + inventory.format(view="vacuum_inventory")
        dry = spark.sql(f"{vacuum} DRY RUN").collect()
        assert [row["path"] for row in dry] == [f"file:{delta_table_path}/listed.parquet"]
        spark.sql(vacuum).collect()
        left = {path.name for path in Path(delta_table_path).glob("*.parquet")}
        assert left == {"young.parquet", "unlisted.parquet", live}
        assert rows_at(spark, delta_table_path) == [(0,), (1,), (2,)]

    def test_an_inventory_without_its_columns(self, spark, delta_table_path):
        spark.range(3).write.format("delta").save(delta_table_path)
        with pytest.raises(Exception, match="DELTA_INVALID_INVENTORY_SCHEMA"):
            spark.sql(f"VACUUM delta.`{delta_table_path}` USING INVENTORY (SELECT 'a' AS path) DRY RUN").collect()
