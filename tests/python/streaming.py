"""One test's streaming query between Delta tables."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.errors import StreamingQueryException

from tests.rows import sorted_rows


class Tables:
    """Source, target and checkpoint of one test, and the query between them."""

    def __init__(self, spark, base: str) -> None:
        self.spark = spark
        self.source, self.target, self.checkpoint = f"{base}/source", f"{base}/target", f"{base}/checkpoint"

    def add(self, *ids: int, **options) -> None:
        """One more file in the source, in a commit of its own."""
        frame = self.spark.createDataFrame([(i, f"v{i}") for i in ids], "id bigint, v string").coalesce(1)
        frame.write.format("delta").mode("append").options(**options).save(self.source)

    def read(self, **options):
        return self.spark.readStream.format("delta").options(**options).load(self.source)

    def writer(self, frame, mode: str = "append", **options):
        writer = frame.writeStream.format("delta").outputMode(mode).option("checkpointLocation", self.checkpoint)
        return writer.options(**options)

    def run(self, frame=None, target: str | None = None, **options):
        """Everything that is there, to the end."""
        writer = self.writer(self.read() if frame is None else frame, **options)
        query = writer.trigger(availableNow=True).start(target or self.target)
        query.awaitTermination()
        return query

    def rows(self, target: str | None = None):
        return sorted_rows(self.spark.read.format("delta").load(target or self.target))

    def ids(self, target: str | None = None) -> list[int]:
        return sorted(row[0] for row in self.rows(target))

    def offsets(self, batch: int) -> list[dict]:
        """The sources' offsets of a batch, as they are in the checkpoint."""
        version, _, *offsets = (Path(self.checkpoint) / "offsets" / str(batch)).read_text().split("\n")
        assert version == "v1"
        return [json.loads(offset) for offset in offsets]

    def places(self) -> list[tuple]:
        """(version, index, of the initial snapshot) at the end of each batch."""
        return [
            (o["reservoirVersion"], o["index"], o["isStartingVersion"])
            for batch in self.batches("offsets")
            for o in self.offsets(batch)
        ]

    def batches(self, log: str) -> list[int]:
        return sorted(int(p.name) for p in (Path(self.checkpoint) / log).iterdir() if p.name.isdigit())

    def commit(self, version: int, table: str | None = None) -> dict:
        """The actions of a commit of the target, by kind; the last of each."""
        text = (Path(table or self.target) / "_delta_log" / f"{version:020d}.json").read_text()
        return {kind: action for line in text.splitlines() for kind, action in json.loads(line).items()}


def one_test(spark, base: str) -> Iterator[Tables]:
    """The body of a fixture: what still runs afterwards is stopped."""
    yield Tables(spark, base)
    for query in spark.streams.active:
        query.stop()


def failure(run) -> str:
    """The text of the StreamingQueryException that `run` raises."""
    with pytest.raises(StreamingQueryException) as raised:
        run()
    return str(raised.value)


def until(condition, seconds: float = 30):
    """Waits for a condition of a query that runs by itself."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)
