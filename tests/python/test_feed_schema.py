"""The schema of a change feed."""

from __future__ import annotations

import pytest

from tests.errors import condition


class TestFeedSchema:
    """CDCReader.getBatchSchemaModeForTable: whose schema a feed of mapped columns is read with."""

    @pytest.fixture
    def feed(self, spark, delta_table_path):
        """Version 1 adds a row; 2 changes the columns as the caller says. The feed of version 1."""
        mode = "spark.databricks.delta.changeDataFeed.defaultSchemaModeForColumnMappingTable"
        table = f"delta.`{delta_table_path}`"
        properties = "'delta.columnMapping.mode' = 'name', 'delta.enableChangeDataFeed' = 'true'"
        spark.sql(f"CREATE TABLE {table} (id INT, v INT) USING delta TBLPROPERTIES ({properties})")
        spark.sql(f"INSERT INTO {table} VALUES (1, 10)")

        def read(change: str, value: str) -> list[dict]:
            spark.sql(f"ALTER TABLE {table} {change}")
            spark.conf.set(mode, value)
            reader = spark.read.format("delta").option("readChangeFeed", "true")
            reader = reader.option("startingVersion", 1).option("endingVersion", 1)
            return [
                {k: x for k, x in r.asDict().items() if k[0] != "_"} for r in reader.load(delta_table_path).collect()
            ]

        yield read
        spark.conf.unset(mode)

    @pytest.mark.parametrize(
        ("mode", "row"),
        [
            ("endVersion", {"id": 1, "v": 10}),
            ("latest", {"id": 1, "v": 10, "w": None}),
            ("LEGACY", {"id": 1, "v": 10, "w": None}),
        ],
    )
    def test_a_column_that_came_later(self, feed, mode, row):
        assert feed("ADD COLUMNS (w INT)", mode) == [row]

    def test_a_column_that_went(self, feed):
        assert feed("DROP COLUMN v", "endVersion") == [{"id": 1, "v": 10}]

    def test_the_latest_schema_without_a_column_that_went(self, feed):
        with pytest.raises(Exception) as caught:
            feed("DROP COLUMN v", "latest")
        assert condition(caught.value) == "DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_DATA_SCHEMA"

    def test_the_end_alone_is_mapped(self, spark, delta_table_path):
        """CDCReader.getCDCRelation: the schema of the end counts when columns are mapped at the start, the end or now."""
        table = f"delta.`{delta_table_path}`"
        spark.sql(f"CREATE TABLE {table} (id INT) USING delta TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')")
        spark.sql(f"INSERT INTO {table} VALUES (1)")
        versions = "'delta.minReaderVersion' = '2', 'delta.minWriterVersion' = '5'"
        spark.sql(f"ALTER TABLE {table} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name', {versions})")
        spark.sql(f"INSERT INTO {table} VALUES (2)")
        spark.sql(f"ALTER TABLE {table} ADD COLUMN c STRING")
        spark.sql(f"INSERT INTO {table} VALUES (3, 'x')")
        spark.sql(f"RESTORE TABLE {table} TO VERSION AS OF 1")

        def feed(start: int, end: int) -> list[dict]:
            reader = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", start)
            changes = reader.option("endingVersion", end).load(delta_table_path).orderBy("id").collect()
            return [{k: x for k, x in r.asDict().items() if k[0] != "_"} for r in changes]

        assert feed(1, 5) == [{"id": 1, "c": None}, {"id": 2, "c": None}, {"id": 3, "c": "x"}]
        assert feed(1, 3) == [{"id": 1}, {"id": 2}]
        assert feed(0, 1) == [{"id": 1}]
        with pytest.raises(Exception) as caught:
            feed(1, 6)
        assert condition(caught.value) == "DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE"
