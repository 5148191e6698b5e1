"""window(), session_window() and window_time() of the DataFrame API; the SQL forms are in tests/gold/sql/windows.sql."""

from __future__ import annotations

import pytest
from pyspark.sql import functions as F

from tests.rows import rows

MINUTES = [("a", 0, 1), ("a", 4, 2), ("b", 6, 3), ("b", 17, 4), ("b", None, 5)]


@pytest.fixture(scope="module")
def events(spark):
    df = spark.createDataFrame(MINUTES, "k string, minute int, v int")
    return df.select(
        "k", "v", F.expr("TIMESTAMP '2024-05-01 00:00:00' + make_interval(0, 0, 0, 0, 0, minute)").alias("ts")
    )


def minutes(column: str):
    return F.minute(column)


def test_tumbling(events):
    counted = events.groupBy(F.window("ts", "5 minutes")).agg(F.sum("v").alias("v"))
    assert counted.columns == ["window", "v"]
    result = counted.select(minutes("window.start"), minutes("window.end"), "v").orderBy(F.col("window.start"))
    assert rows(result) == [(0, 5, 3), (5, 10, 3), (15, 20, 4)]


def test_sliding_with_keys(events):
    counted = events.groupBy("k", F.window("ts", "10 minutes", "5 minutes").alias("w")).agg(F.count("*").alias("n"))
    result = counted.select("k", minutes("w.start"), "n").orderBy("k", F.col("w.start"))
    assert rows(result) == [("a", 55, 2), ("a", 0, 2), ("b", 0, 1), ("b", 5, 1), ("b", 10, 1), ("b", 15, 1)]


def test_session(events):
    counted = events.groupBy("k", F.session_window("ts", "5 minutes")).agg(F.sum("v").alias("v"))
    result = counted.select("k", minutes("session_window.start"), minutes("session_window.end"), "v")
    assert rows(result.orderBy("k", "v")) == [("a", 0, 9, 3), ("b", 6, 11, 3), ("b", 17, 22, 4)]


def test_session_of_a_gap_per_row(events):
    gap = F.when(F.col("k") == "a", "3 minutes").otherwise("15 minutes")
    counted = events.groupBy("k", F.session_window("ts", gap)).count()
    assert rows(counted.select("k", "count").orderBy("k", "count")) == [("a", 1), ("a", 1), ("b", 2)]


def test_as_a_column(events):
    df = events.withColumn("w", F.window("ts", "5 minutes"))
    assert df.columns == ["k", "v", "ts", "w"]
    assert rows(df.select("v", minutes("w.start")).orderBy("v")) == [(1, 0), (2, 0), (3, 5), (4, 15)]
    selected = events.select("v", F.window("ts", "5 minutes"))
    assert selected.columns == ["v", "window"] and selected.count() == 4


def test_windows_of_windows(events):
    inner = events.groupBy(F.window("ts", "5 minutes")).agg(F.sum("v").alias("v"))
    outer = inner.groupBy(F.window(F.window_time("window"), "10 minutes").alias("w")).agg(F.sum("v").alias("v"))
    assert rows(outer.select(minutes("w.start"), "v").orderBy("v")) == [(10, 4), (0, 6)]


def test_having_and_order(events):
    counted = events.groupBy(F.window("ts", "5 minutes")).count().filter("count > 1")
    assert rows(counted.select("count")) == [(2,)]
