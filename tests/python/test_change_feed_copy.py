"""A table's change feed written into another table: its columns have the names that the target's own feed would need.
Errors and results are those of real Spark 3.5.5 + Delta 3.3.2, where these tests pass too."""

from __future__ import annotations

import pytest

from tests.errors import condition
from tests.rows import rows

DEFAULT = "spark.databricks.delta.properties.defaults.enableChangeDataFeed"
FEED = "delta.enableChangeDataFeed"
COLUMNS = ["id", "v", "_change_type", "_commit_version", "_commit_timestamp"]
OCCUPIED = "DELTA_TABLE_ALREADY_CONTAINS_CDC_COLUMNS"
RESERVED = "RESERVED_CDC_COLUMNS_ON_WRITE"


@pytest.fixture(scope="module")
def source(spark, home):
    path = f"{home}/source"
    spark.sql(f"CREATE TABLE delta.`{path}` (id INT, v STRING) USING delta TBLPROPERTIES ('{FEED}' = 'true')")
    spark.sql(f"INSERT INTO delta.`{path}` VALUES (1, 'a'), (2, 'b')")
    spark.sql(f"DELETE FROM delta.`{path}` WHERE id = 1")
    return path


@pytest.fixture
def default(spark):
    """Nobody has set the default of new tables; the fixture sets it."""
    before = spark.conf.get(DEFAULT, "unset")
    spark.conf.unset(DEFAULT)
    yield lambda value: spark.conf.set(DEFAULT, value)
    if before == "unset":
        spark.conf.unset(DEFAULT)
    else:
        spark.conf.set(DEFAULT, before)


def feed(spark, source):
    return spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0).load(source)


def stream(spark, source, target: str, checkpoint: str, **options) -> None:
    reader = spark.readStream.format("delta").option("readChangeFeed", "true").option("startingVersion", 0)
    writer = reader.load(source).writeStream.format("delta").option("checkpointLocation", checkpoint)
    writer = writer.options(**options).trigger(availableNow=True)
    query = writer.start(target) if "/" in target else writer.toTable(target)
    query.awaitTermination()


def has_feed(spark, name: str) -> bool:
    shown = spark.sql(f"DESCRIBE DETAIL {name}").collect()[0]
    return shown.properties.get(FEED) == "true" or "changeDataFeed" in (shown.tableFeatures or [])


def copied(spark, name: str) -> None:
    """The feed is all in the table, which has none of its own."""
    table = spark.table(name)
    assert table.columns == COLUMNS
    assert sorted(rows(table.select("id", "_change_type", "_commit_version"))) == [
        (1, "delete", 2),
        (1, "insert", 1),
        (2, "insert", 1),
    ]
    assert not has_feed(spark, name)


@pytest.mark.usefixtures("default")
class TestANewTableHasNoFeedThatNobodyAskedFor:
    def test_save(self, spark, source, delta_table_path):
        feed(spark, source).write.format("delta").save(delta_table_path)
        copied(spark, f"delta.`{delta_table_path}`")
        # And more of it.
        feed(spark, source).write.format("delta").mode("append").save(delta_table_path)
        assert spark.read.format("delta").load(delta_table_path).count() == 6

    def test_save_as_table(self, spark, source, table_name):
        feed(spark, source).write.format("delta").saveAsTable(table_name)
        copied(spark, table_name)

    def test_write_to(self, spark, source, table_name):
        feed(spark, source).writeTo(table_name).using("delta").create()
        copied(spark, table_name)
        feed(spark, source).writeTo(table_name).using("delta").createOrReplace()
        copied(spark, table_name)

    def test_ctas(self, spark, source, table_name):
        query = f"AS SELECT * FROM table_changes_by_path('{source}', 0)"
        spark.sql(f"CREATE TABLE {table_name} USING delta {query}")
        copied(spark, table_name)
        spark.sql(f"CREATE OR REPLACE TABLE {table_name} USING delta TBLPROPERTIES ('x' = 'y') {query}")
        copied(spark, table_name)

    def test_create(self, spark, table_name):
        spark.sql(f"CREATE TABLE {table_name} (id INT, _change_type STRING) USING delta")
        assert not has_feed(spark, table_name)

    def test_stream(self, spark, source, delta_table_path):
        stream(spark, source, f"{delta_table_path}/t", f"{delta_table_path}/c")
        copied(spark, f"delta.`{delta_table_path}/t`")

    def test_stream_to_table(self, spark, source, delta_table_path, table_name):
        stream(spark, source, table_name, f"{delta_table_path}/c")
        copied(spark, table_name)

    def test_names_of_another_case_are_free(self, spark, table_name):
        spark.sql(
            f"CREATE TABLE {table_name} (id INT, _Change_Type STRING) USING delta TBLPROPERTIES ('{FEED}' = 'true')"
        )
        assert has_feed(spark, table_name)


class TestAFeedThatWasAskedFor:
    """Delta's errors: which one depends on whether the session's default gave the table its feed."""

    def test_by_an_option(self, spark, default, source, delta_table_path):
        with pytest.raises(Exception) as caught:
            feed(spark, source).write.format("delta").option(FEED, "true").save(delta_table_path)
        assert condition(caught.value) == OCCUPIED

    def test_by_a_property(self, spark, default, source, table_name):
        with pytest.raises(Exception) as caught:
            feed(spark, source).writeTo(table_name).using("delta").tableProperty(FEED, "true").create()
        assert condition(caught.value) == OCCUPIED
        query = f"AS SELECT * FROM table_changes_by_path('{source}', 0)"
        with pytest.raises(Exception) as caught:
            spark.sql(f"CREATE TABLE {table_name} USING delta TBLPROPERTIES ('{FEED}' = 'true') {query}")
        assert condition(caught.value) == OCCUPIED

    def test_by_the_session(self, spark, default, source, delta_table_path, table_name):
        default("true")
        with pytest.raises(Exception) as caught:
            feed(spark, source).write.format("delta").save(delta_table_path)
        assert condition(caught.value) == RESERVED
        with pytest.raises(Exception) as caught:
            feed(spark, source).write.format("delta").saveAsTable(table_name)
        assert condition(caught.value) == RESERVED
        with pytest.raises(Exception) as caught:
            spark.sql(f"CREATE TABLE {table_name}_b (id INT, _change_type STRING) USING delta")
        assert condition(caught.value) == RESERVED

    def test_refused_by_the_session(self, spark, default, source, delta_table_path):
        default("false")
        feed(spark, source).write.format("delta").save(delta_table_path)
        copied(spark, f"delta.`{delta_table_path}`")

    def test_of_a_table_that_is_there(self, spark, default, source, delta_table_path):
        t = f"delta.`{delta_table_path}`"
        spark.sql(f"CREATE TABLE {t} (id INT, v STRING) USING delta TBLPROPERTIES ('{FEED}' = 'true')")
        for mode, option in (("append", "mergeSchema"), ("overwrite", "overwriteSchema")):
            with pytest.raises(Exception) as caught:
                feed(spark, source).write.format("delta").mode(mode).option(option, "true").save(delta_table_path)
            assert condition(caught.value) == RESERVED
        with pytest.raises(Exception) as caught:
            spark.sql(f"ALTER TABLE {t} ADD COLUMN _change_type STRING")
        assert condition(caught.value) == RESERVED

    def test_later(self, spark, default, source, delta_table_path):
        feed(spark, source).write.format("delta").save(delta_table_path)
        with pytest.raises(Exception) as caught:
            spark.sql(f"ALTER TABLE delta.`{delta_table_path}` SET TBLPROPERTIES ('{FEED}' = 'true')")
        assert condition(caught.value) == OCCUPIED
