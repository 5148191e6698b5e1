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
