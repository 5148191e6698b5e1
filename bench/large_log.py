"""A synthetic log of a large table: no data file exists, which a query that skips every file does not notice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

SIDECARS = 8
ROW_GROUP = 50_000
SCHEMA = {
    "type": "struct",
    "fields": [
        {"name": name, "type": kind, "nullable": True, "metadata": {}}
        for name, kind in (("id", "long"), ("v", "string"), ("d", "double"), ("p", "string"))
    ],
}
CLASSIC_PROTOCOL = {"minReaderVersion": 1, "minWriterVersion": 2}
V2_PROTOCOL = {
    "minReaderVersion": 3,
    "minWriterVersion": 7,
    "readerFeatures": ["v2Checkpoint"],
    "writerFeatures": ["v2Checkpoint", "appendOnly", "invariants"],
}
METADATA = {
    "id": "6d1c2a50-0000-4000-8000-000000000001",
    "format": {"provider": "parquet", "options": {}},
    "schemaString": json.dumps(SCHEMA, separators=(",", ":")),
    "partitionColumns": ["p"],
    "configuration": {},
    "createdTime": 1700000000000,
}


def stats(number: int) -> str:
    low = number * 1000
    return (
        f'{{"numRecords":1000,"minValues":{{"id":{low},"v":"value-{low:012d}","d":{number}.25}},'
        f'"maxValues":{{"id":{low + 999},"v":"value-{low + 999:012d}","d":{number}.75}},'
        '"nullCount":{"id":0,"v":0,"d":0}}'
    )


def path(number: int) -> str:
    return f"p={number % 100}/part-{number:05d}-6d1c2a50-{number:012d}-c000.snappy.parquet"


def size(number: int) -> int:
    return 100000 + number % 1000


def modified(number: int) -> int:
    return 1700000000000 + number


def add(number: int) -> dict:
    """The add action of a new file, as a commit has it; in checkpoints dataChange is false (adds)."""
    return {
        "path": path(number),
        "partitionValues": {"p": str(number % 100)},
        "size": size(number),
        "modificationTime": modified(number),
        "dataChange": True,
        "stats": stats(number),
    }


class LargeLog:
    """The log of the table at `path`: version 0 is a checkpoint of `files` add files, `commits` more add one each.

    V2 checkpoints have a top level in JSON and their files in sidecars; classic ones are one Parquet file.
    """

    def __init__(self, path: Path, files: int, commits: int = 100, v2: bool = True) -> None:
        self.path, self.files, self.commits = path, files, commits
        self.log = path / "_delta_log"
        self.protocol = V2_PROTOCOL if v2 else CLASSIC_PROTOCOL
        self.metadata = METADATA | {"configuration": {"delta.checkpointPolicy": "v2"} if v2 else {}}
        (self.log / "_sidecars").mkdir(parents=True)
        self._commit(0, [{"protocol": self.protocol}, {"metaData": self.metadata}])
        self._v2_checkpoint() if v2 else self._classic_checkpoint()
        (self.log / "_last_checkpoint").write_text(json.dumps({"version": 0, "size": files + 2}))
        self.append(commits)

    def append(self, commits: int = 1) -> None:
        """Commits of one new file each."""
        first = max(int(file.name[:20]) for file in self.log.glob("*[0-9].json")) + 1
        for version in range(first, first + commits):
            self._commit(version, [{"add": add(self.files + version)}])

    def rewind(self) -> None:
        """Takes away what came after the first `commits`."""
        for file in self.log.glob("*[0-9].json"):
            if int(file.name[:20]) > self.commits:
                file.unlink()

    def _commit(self, version: int, actions: list[dict]) -> None:
        info = {"commitInfo": {"timestamp": 1700000000000 + version, "operation": "WRITE", "operationParameters": {}}}
        text = "".join(json.dumps(action, separators=(",", ":")) + "\n" for action in [info, *actions])
        (self.log / f"{version:020d}.json").write_text(text)

    def _v2_checkpoint(self) -> None:
        import pyarrow.parquet as pq

        top: list[dict] = [{"checkpointMetadata": {"version": 0}}, {"protocol": self.protocol}]
        top.append({"metaData": self.metadata})
        for number, part in enumerate(parts(self.files, -(-self.files // SIDECARS)), 1):
            name = f"{0:020d}.checkpoint.{number:010d}.{SIDECARS:010d}.6d1c2a50-0000-4000-8000-{number:012d}.parquet"
            file = self.log / "_sidecars" / name
            with pq.ParquetWriter(file, adds(range(0)).schema, compression="snappy") as writer:
                for group in parts(len(part), ROW_GROUP):
                    writer.write_table(adds(part[group.start : group.stop]), row_group_size=ROW_GROUP)
            size = file.stat().st_size
            top.append({"sidecar": {"path": name, "sizeInBytes": size, "modificationTime": 1700000000000}})
        text = "".join(json.dumps(action, separators=(",", ":")) + "\n" for action in top)
        (self.log / f"{0:020d}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json").write_text(text)

    def _classic_checkpoint(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        texts = pa.map_(pa.string(), pa.string())
        meta_type = pa.struct(
            [
                ("id", pa.string()),
                ("format", pa.struct([("provider", pa.string()), ("options", texts)])),
                ("schemaString", pa.string()),
                ("partitionColumns", pa.list_(pa.string())),
                ("configuration", texts),
                ("createdTime", pa.int64()),
            ]
        )
        protocol_type = pa.struct([("minReaderVersion", pa.int32()), ("minWriterVersion", pa.int32())])
        add_type = adds(range(0)).schema.field("add").type
        schema = pa.schema([("add", add_type), ("metaData", meta_type), ("protocol", protocol_type)])
        state = dict(self.metadata, format={"provider": "parquet", "options": []}, configuration=[])
        with pq.ParquetWriter(self.log / f"{0:020d}.checkpoint.parquet", schema, compression="snappy") as writer:
            writer.write_table(pa.Table.from_pylist([{"protocol": self.protocol}, {"metaData": state}], schema))
            for part in parts(self.files, ROW_GROUP):
                rows = adds(part)
                for field in list(schema)[1:]:
                    rows = rows.append_column(field, pa.nulls(len(part), field.type))
                writer.write_table(rows, row_group_size=ROW_GROUP)


def parts(count: int, size: int) -> Iterator[range]:
    """0 to count in ranges of `size`."""
    return (range(first, min(first + size, count)) for first in range(0, count, size))


def adds(numbers: range):
    """The add actions of these files as an Arrow table with one column."""
    import pyarrow as pa

    offsets = pa.array(range(len(numbers) + 1), pa.int32())
    keys = pa.array(["p"] * len(numbers), pa.string())
    values = pa.array([str(number % 100) for number in numbers], pa.string())
    columns = {
        "path": pa.array(map(path, numbers), pa.string()),
        "partitionValues": pa.MapArray.from_arrays(offsets, keys, values),
        "size": pa.array([size(number) for number in numbers], pa.int64()),
        "modificationTime": pa.array([modified(number) for number in numbers], pa.int64()),
        "dataChange": pa.array([False] * len(numbers), pa.bool_()),
        "stats": pa.array(map(stats, numbers), pa.string()),
    }
    return pa.table({"add": pa.StructArray.from_arrays(list(columns.values()), list(columns))})
