"""A table's whole life with its change data feed: loaded, updated, deleted from, merged into, optimized, vacuumed,
restored; and a consumer that follows the feed and must end with the same rows. The same file passes on every engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from delta.tables import DeltaTable
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from tests.fixtures.delta_spark import DeltaSparkManager
from tests.rows import sorted_rows

SCHEMA = "id bigint, name string, city string, amount decimal(10,2), at timestamp"
CHANGE_COLUMNS = ("_change_type", "_commit_version", "_commit_timestamp")


def customers(spark: SparkSession, ids, city: str = "Bern", amount: float = 10.0) -> DataFrame:
    """Rows of SCHEMA, in one file when written."""
    rows = [(i, f"name {i}", city, amount + i) for i in ids]
    df = spark.createDataFrame(rows, "id bigint, name string, city string, amount double").coalesce(1)
    return df.select(
        "id",
        "name",
        "city",
        F.col("amount").cast("decimal(10,2)").alias("amount"),
        F.expr("timestamp_seconds(id)").alias("at"),
    )


class Consumer:
    """Follows a table by its change feed alone and keeps its rows: {id: row}."""

    def __init__(self, manager: DeltaSparkManager, path: str) -> None:
        self.manager, self.path = manager, path
        self.next_version = 0
        self.rows: dict[int, tuple] = {}
        self.seen: list[tuple[int, str]] = []

    def catch_up(self, to: int) -> None:
        """Applies the changes up to version `to`, version by version: what goes before what comes."""
        feed = self.manager.read_delta_cdf(self.path, self.next_version, to)
        names = [name for name in feed.columns if name not in CHANGE_COLUMNS]
        changes = feed.collect()
        for version in sorted({row["_commit_version"] for row in changes}):
            of_version = [row for row in changes if row["_commit_version"] == version]
            for row in of_version:
                assert row["_commit_timestamp"] is not None
                if row["_change_type"] in ("delete", "update_preimage"):
                    gone = self.rows.pop(row["id"])
                    assert gone == tuple(row[name] for name in names), "the feed must say what the row was"
            for row in of_version:
                if row["_change_type"] in ("insert", "update_postimage"):
                    assert row["id"] not in self.rows, "a row came that is already there"
                    self.rows[row["id"]] = tuple(row[name] for name in names)
            self.seen += [(version, row["_change_type"]) for row in of_version]
        self.next_version = to + 1

    def types(self, version: int) -> dict[str, int]:
        found = [kind for at, kind in self.seen if at == version]
        return {kind: found.count(kind) for kind in sorted(set(found))}


class Workflow:
    """The table under test and the consumer that follows it."""

    def __init__(self, manager: DeltaSparkManager, path: str) -> None:
        self.manager, self.path = manager, path
        self.spark = manager.get_spark_session()
        self.consumer = Consumer(manager, path)

    @property
    def table(self) -> DeltaTable:
        return DeltaTable.forPath(self.spark, self.path)

    @property
    def version(self) -> int:
        return self.table.history(1).collect()[0]["version"]

    def follows(self) -> int:
        """The consumer catches up and must hold the table's rows. The version it came to."""
        version = self.version
        if version >= self.consumer.next_version:
            self.consumer.catch_up(version)
        assert sorted(self.consumer.rows.values(), key=repr) == sorted_rows(self.manager.read_delta_table(self.path))
        return version


@pytest.fixture(params=["rewriting", "deletion vectors"])
def workflow(delta_spark: DeltaSparkManager, delta_table_path: str, request) -> Iterator[Workflow]:
    """A table of the customers 0 to 9, partitioned by city, at version 0."""
    spark = delta_spark.get_spark_session()
    vectors = request.param == "deletion vectors"
    default = "spark.databricks.delta.properties.defaults.enableDeletionVectors"
    spark.conf.set(default, str(vectors).lower())
    try:
        df = customers(spark, range(5)).unionByName(customers(spark, range(5, 10), "Rome")).coalesce(1)
        delta_spark.create_delta_table(df, delta_table_path, partition_by=["city"])
    finally:
        spark.conf.unset(default)
    yield Workflow(delta_spark, delta_table_path)


class TestEveryStep:
    def test_load(self, workflow):
        assert workflow.follows() == 0
        assert workflow.consumer.types(0) == {"insert": 10}
        assert dict(workflow.table.detail().collect()[0]["properties"])["delta.enableChangeDataFeed"] == "true"

    def test_append(self, workflow):
        customers(workflow.spark, range(10, 13)).write.format("delta").mode("append").save(workflow.path)
        workflow.follows()
        assert workflow.consumer.types(1) == {"insert": 3}

    def test_update(self, workflow):
        workflow.table.update(F.col("id") % 5 == 0, {"amount": F.col("amount") + 1})
        workflow.follows()
        assert workflow.consumer.types(1) == {"update_postimage": 2, "update_preimage": 2}

    def test_update_of_the_partition_column(self, workflow):
        workflow.table.update("id < 3", {"city": F.lit("Oslo")})
        workflow.follows()
        assert workflow.consumer.types(1) == {"update_postimage": 3, "update_preimage": 3}

    def test_delete_of_rows(self, workflow):
        workflow.table.delete("id IN (1, 7)")
        workflow.follows()
        assert workflow.consumer.types(1) == {"delete": 2}

    def test_delete_of_a_partition(self, workflow):
        workflow.table.delete("city = 'Rome'")
        workflow.follows()
        assert workflow.consumer.types(1) == {"delete": 5}

    def test_merge(self, workflow):
        source = customers(workflow.spark, [3, 4, 20, 21], amount=500.0)
        merge = workflow.table.alias("t").merge(source.alias("s"), "t.id = s.id")
        merge = merge.whenMatchedDelete("s.id = 4").whenMatchedUpdateAll().whenNotMatchedInsertAll()
        merge.whenNotMatchedBySourceUpdate("t.id = 9", {"name": "'gone'"}).execute()
        workflow.follows()
        assert workflow.consumer.types(1) == {"delete": 1, "insert": 2, "update_postimage": 2, "update_preimage": 2}

    def test_overwrite(self, workflow):
        customers(workflow.spark, range(2)).write.format("delta").mode("overwrite").save(workflow.path)
        workflow.follows()
        assert workflow.consumer.types(1) == {"delete": 10, "insert": 2}

    def test_overwrite_of_a_part(self, workflow):
        rome = customers(workflow.spark, [5, 30], "Rome")
        rome.write.format("delta").mode("overwrite").option("replaceWhere", "city = 'Rome'").save(workflow.path)
        workflow.follows()
        assert workflow.consumer.types(1) == {"delete": 5, "insert": 2}

    def test_optimize_changes_no_row(self, workflow):
        for i in range(10, 13):
            customers(workflow.spark, [i]).write.format("delta").mode("append").save(workflow.path)
        workflow.table.optimize().executeCompaction()
        workflow.follows()
        assert workflow.consumer.types(workflow.version) == {}
        workflow.table.optimize().executeZOrderBy("id")
        workflow.follows()

    def test_restore(self, workflow):
        before = sorted_rows(workflow.manager.read_delta_table(workflow.path))
        workflow.table.delete("id < 4")
        workflow.table.restoreToVersion(0)
        assert sorted_rows(workflow.manager.read_delta_table(workflow.path)) == before
        workflow.follows()

    def test_new_column(self, workflow):
        workflow.follows()
        wider = customers(workflow.spark, [40]).withColumn("note", F.lit("new"))
        wider.write.format("delta").mode("append").option("mergeSchema", "true").save(workflow.path)
        feed = workflow.manager.read_delta_cdf(workflow.path, 0)
        assert "note" in feed.columns
        assert [row["note"] for row in feed.where("_commit_version = 1").collect()] == ["new"]


class TestWholeLife:
    def test_a_consumer_ends_with_the_same_rows(self, workflow):
        """Every kind of change in turn; the consumer reads the feed now and then, as a job does."""
        spark, path = workflow.spark, workflow.path
        workflow.follows()
        customers(spark, range(10, 30), "Oslo").write.format("delta").mode("append").save(path)
        workflow.table.update("id % 3 = 0", {"amount": "amount * 2", "name": "upper(name)"})
        workflow.follows()
        workflow.table.delete("id % 7 = 1")
        source = customers(spark, range(25, 40), "Oslo", amount=900.0)
        (
            workflow.table.alias("t")
            .merge(source.alias("s"), "t.id = s.id")
            .whenMatchedUpdateAll(condition="s.id % 2 = 0")
            .whenMatchedDelete()
            .whenNotMatchedInsertAll()
            .execute()
        )
        workflow.follows()
        workflow.table.optimize().executeCompaction()
        workflow.table.update("city = 'Oslo'", {"city": "'Paris'"})
        rome = customers(spark, [7, 8], "Rome", amount=1.0)
        rome.write.format("delta").mode("overwrite").option("replaceWhere", "city = 'Rome'").save(path)
        workflow.follows()
        good = workflow.version
        workflow.table.delete()
        workflow.follows()
        assert workflow.consumer.rows == {}
        workflow.table.restoreToVersion(good)
        last = workflow.follows()
        workflow.table.vacuum(168)
        assert sorted_rows(workflow.manager.read_delta_table(path)) == sorted(workflow.consumer.rows.values(), key=repr)
        # A consumer that starts only now reads the whole story and comes to the same rows.
        late = Consumer(workflow.manager, path)
        late.catch_up(last)
        assert late.rows == workflow.consumer.rows

    def test_history_tells_what_was_done(self, workflow):
        workflow.table.update("id = 1", {"name": "'x'"})
        workflow.table.delete("id = 2")
        workflow.table.restoreToVersion(0)
        history = workflow.table.history().orderBy("version").collect()
        assert [row["operation"] for row in history] == ["WRITE", "UPDATE", "DELETE", "RESTORE"]
        assert [row["version"] for row in history] == [0, 1, 2, 3]

    def test_time_travel_agrees_with_the_feed(self, workflow):
        """The rows of any version are those of the feed up to it."""
        workflow.table.update("id < 5", {"name": "'x'"})
        workflow.table.delete("id = 8")
        customers(workflow.spark, [50, 51]).write.format("delta").mode("append").save(workflow.path)
        for version in range(4):
            consumer = Consumer(workflow.manager, workflow.path)
            consumer.catch_up(version)
            there = sorted_rows(workflow.manager.read_delta_table(workflow.path, version))
            assert sorted(consumer.rows.values(), key=repr) == there

    def test_feed_by_sql(self, workflow, table_name):
        spark = workflow.spark
        spark.sql(f"CREATE TABLE {table_name} USING delta LOCATION '{workflow.path}'")
        spark.sql(f"UPDATE {table_name} SET name = 'sql' WHERE id = 3")
        changes = spark.sql(f"SELECT id, name, _change_type FROM table_changes('{table_name}', 1, 1)")
        assert sorted_rows(changes) == [(3, "name 3", "update_preimage"), (3, "sql", "update_postimage")]

    def test_a_downstream_table(self, workflow, table_name):
        """The feed merged into another table, which then equals the first."""
        spark = workflow.spark
        spark.sql(
            f"CREATE TABLE {table_name} (id BIGINT, name STRING, city STRING, amount DECIMAL(10,2), at TIMESTAMP) USING delta"
        )
        workflow.table.update("id = 1", {"name": "'x'"})
        workflow.table.delete("id = 2")
        customers(spark, [60]).write.format("delta").mode("append").save(workflow.path)
        feed = workflow.manager.read_delta_cdf(workflow.path, 0).where("_change_type <> 'update_preimage'")
        latest = feed.selectExpr(
            "*", "row_number() OVER (PARTITION BY id ORDER BY _commit_version DESC, _change_type DESC) AS k"
        ).where("k = 1")
        merge = DeltaTable.forName(spark, table_name).alias("t").merge(latest.alias("s"), "t.id = s.id")
        values = {name: f"s.{name}" for name in ("id", "name", "city", "amount", "at")}
        (
            merge.whenMatchedDelete("s._change_type = 'delete'")
            .whenMatchedUpdate(set=values)
            .whenNotMatchedInsert("s._change_type <> 'delete'", values)
            .execute()
        )
        assert sorted_rows(spark.table(table_name)) == sorted_rows(workflow.manager.read_delta_table(workflow.path))
