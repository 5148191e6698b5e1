"""The times of commits, for history, time travel, the change feed and RESTORE. Passes on deltic and on real Spark."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from pyspark.errors import AnalysisException

from tests.rows import sorted_rows


class TestTimesOfFilesThatGoBack:
    """Commits without their time in them take their files', which a copy or a clock set back disorders. delta-spark counts
    a commit that is not later than the one before it as one millisecond later (DeltaHistoryManager)."""

    BEGIN = dt.datetime(2023, 11, 14, 22, 13, 20)
    FILES = (100, 50, 60, 200, 200, 150)  # seconds since then
    COUNTED = (100, 100.001, 100.002, 200, 200.001, 200.002)

    @pytest.fixture
    def disordered(self, spark_session, delta_table_path):
        for version in range(len(self.FILES)):
            spark_session.range(version, version + 1).write.format("delta").mode("append").save(delta_table_path)
        for version, seconds in enumerate(self.FILES):
            time = (self.BEGIN - dt.datetime(1970, 1, 1)).total_seconds() + seconds
            os.utime(Path(delta_table_path, "_delta_log", f"{version:020}.json"), (time, time))
        return delta_table_path

    def at(self, seconds: float) -> str:
        return str(self.BEGIN + dt.timedelta(seconds=seconds))

    def test_history(self, spark_session, disordered):
        entries = spark_session.sql(f"DESCRIBE HISTORY delta.`{disordered}`").orderBy("version").collect()
        assert [str(entry.timestamp) for entry in entries] == [self.at(seconds) for seconds in self.COUNTED]

    @pytest.mark.parametrize(
        "seconds, version",
        [(100, 0), (100.0005, 0), (100.001, 1), (100.0015, 1), (100.002, 2), (150, 2), (199.999, 2), (200, 3),
         (200.001, 4), (200.002, 5)],
    )  # fmt: skip
    def test_a_time(self, spark_session, disordered, seconds, version):
        reader = spark_session.read.format("delta").option("timestampAsOf", self.at(seconds))
        assert reader.load(disordered).count() == version + 1

    @pytest.mark.parametrize(
        "seconds, text", [(99.999, "is before the earliest version available"), (200.003, "is after the latest commit")]
    )
    def test_a_time_outside(self, spark_session, disordered, seconds, text):
        with pytest.raises(AnalysisException, match=text):
            reader = spark_session.read.format("delta").option("timestampAsOf", self.at(seconds))
            reader.load(disordered).collect()

    def test_the_feed_of_a_time(self, spark_session, disordered):
        reader = spark_session.read.format("delta").option("readChangeFeed", "true")
        feed = reader.option("startingTimestamp", self.at(100.002)).option("endingTimestamp", self.at(200.001))
        found = sorted((row._commit_version, str(row._commit_timestamp)) for row in feed.load(disordered).collect())
        assert found == [(version, self.at(self.COUNTED[version])) for version in (2, 3, 4)]

    def test_back_to_a_time(self, spark_session, disordered):
        spark_session.sql(f"RESTORE TABLE delta.`{disordered}` TO TIMESTAMP AS OF '{self.at(150)}'")
        assert sorted_rows(spark_session.read.format("delta").load(disordered).select("id")) == [(0,), (1,), (2,)]
