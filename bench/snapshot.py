"""Opening a table of a million files: our server, delta-rs and DuckDB's delta extension, each in a process of its own.

    bench/snapshot.py                      1,000,000 add files in a checkpoint, then 100 commits of one file
    bench/snapshot.py --files 100000       smaller; --engine deltic only ours

The log is synthetic (no data file exists), written to a temporary directory. "open" is a query that needs the whole file
list and reads no file: a filter on a partition that holds nothing. "again" is the same query once more, "refresh" after
one more commit. Memory is the process's peak beyond what it had before the table was opened.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
SCHEMA = {
    "type": "struct",
    "fields": [
        {"name": name, "type": kind, "nullable": True, "metadata": {}}
        for name, kind in (("id", "long"), ("v", "string"), ("d", "double"), ("p", "string"))
    ],
}
PROTOCOL = {"minReaderVersion": 1, "minWriterVersion": 2}
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


def add(number: int) -> dict:
    return {
        "path": f"p={number % 100}/part-{number:05d}-6d1c2a50-{number:012d}-c000.snappy.parquet",
        "partitionValues": {"p": str(number % 100)},
        "size": 100000 + number % 1000,
        "modificationTime": 1700000000000 + number,
        "dataChange": False,
        "stats": stats(number),
    }


def commit(log: Path, version: int, actions: list[dict]) -> None:
    info = {"commitInfo": {"timestamp": 1700000000000 + version, "operation": "WRITE", "operationParameters": {}}}
    lines = [json.dumps(action, separators=(",", ":")) for action in [info, *actions]]
    (log / f"{version:020d}.json").write_text("\n".join(lines) + "\n")


def generate(path: Path, files: int, commits: int) -> None:
    """A log: version 0 as a checkpoint with `files` adds, then `commits` commits that add one file each."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    log = path / "_delta_log"
    log.mkdir(parents=True)
    commit(log, 0, [{"protocol": PROTOCOL}, {"metaData": METADATA}])
    texts = pa.map_(pa.string(), pa.string())
    add_type = pa.struct(
        [
            ("path", pa.string()),
            ("partitionValues", texts),
            ("size", pa.int64()),
            ("modificationTime", pa.int64()),
            ("dataChange", pa.bool_()),
            ("stats", pa.string()),
        ]
    )
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
    schema = pa.schema([("add", add_type), ("metaData", meta_type), ("protocol", protocol_type)])
    state = dict(METADATA, format={"provider": "parquet", "options": []}, configuration=[])
    with pq.ParquetWriter(log / f"{0:020d}.checkpoint.parquet", schema, compression="snappy") as writer:
        head = [{"protocol": PROTOCOL}, {"metaData": state}]
        writer.write_table(pa.Table.from_pylist(head, schema))
        for first in range(0, files, 50000):
            numbers = range(first, min(first + 50000, files))
            rows = [{"add": dict(add(n), partitionValues=list(add(n)["partitionValues"].items()))} for n in numbers]
            writer.write_table(pa.Table.from_pylist(rows, schema), row_group_size=50000)
    (log / "_last_checkpoint").write_text(json.dumps({"version": 0, "size": files + 2}))
    for version in range(1, commits + 1):
        commit(log, version, [{"add": dict(add(files + version), dataChange=True)}])


def peak_kib() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    return 0


def timed(work) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def run_delta_rs(path: str, append) -> dict:
    import deltalake

    before = peak_kib()
    table = None

    def first():
        nonlocal table
        table = deltalake.DeltaTable(path)
        assert table.file_uris([("p", "=", "none")]) == []

    result = {"open": timed(first)}
    result["again"] = timed(lambda: table.file_uris([("p", "=", "none")]))
    append()
    result["refresh"] = timed(lambda: (table.update_incremental(), table.file_uris([("p", "=", "none")])))
    return result | {"peak_mib": (peak_kib() - before) / 1024}


def run_duckdb(path: str, append) -> dict:
    import duckdb
    import duckdb_extension_delta

    connection = duckdb.connect()
    file = next(Path(duckdb_extension_delta.__file__).parent.rglob("*.duckdb_extension"))
    connection.execute(f"LOAD '{file}'")
    before = peak_kib()

    def query():
        assert connection.execute(f"SELECT id FROM delta_scan('{path}') WHERE p = 'none'").fetchall() == []

    result = {"open": timed(query), "again": timed(query)}
    append()
    return result | {"refresh": timed(query), "peak_mib": (peak_kib() - before) / 1024}


def run_deltic(path: str, append) -> dict:
    from deltic import get_session
    from engines import Deltic

    with tempfile.TemporaryDirectory() as home, Deltic(Path(home)) as engine:
        spark = get_session(engine.url, app_name="bench")
        spark.sql("SELECT 1").collect()
        before = engine.memory_bytes(peak=True)

        def query():
            assert spark.sql(f"SELECT id FROM delta.`{path}` WHERE p = 'none'").collect() == []

        result = {"open": timed(query), "again": timed(query)}
        append()
        result["refresh"] = timed(query)
        result |= {"peak_mib": (engine.memory_bytes(peak=True) - before) / 2**20}
        spark.stop()  # the client would look for its server when the process ends
        return result


ENGINES = {"deltic": run_deltic, "delta-rs": run_delta_rs, "duckdb": run_duckdb}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1_000_000)
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--engine", choices=list(ENGINES), action="append")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--next", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:  # one engine, in this process
        table, number = options.inside, options.next
        log = Path(table) / "_delta_log"
        append = lambda: commit(log, number, [{"add": dict(add(9_000_000 + number), dataChange=True)}])  # noqa: E731
        print(json.dumps(ENGINES[options.engine[0]](table, append)))
        return
    with tempfile.TemporaryDirectory(prefix="deltic-snapshot-") as folder:
        table = Path(folder) / "table"
        generate(table, options.files, options.commits)
        print(f"{options.files} files in a checkpoint, {options.commits} commits; milliseconds, MiB")
        for turn, engine in enumerate(options.engine or ENGINES, 1):
            command = [sys.executable, __file__, "--engine", engine, "--inside", str(table)]
            command += ["--next", str(options.commits + turn)]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                print(f"{engine}: {done.stderr.strip().splitlines()[-1]}")
                continue
            print(engine, {name: round(value, 1) for name, value in json.loads(done.stdout).items()})


if __name__ == "__main__":
    main()
