"""A Delta table on MinIO read and written by our server beside DuckDB's httpfs and delta-rs, in one run on one machine.

    ~/.cache/deltic/venv-4/bin/python bench/s3.py [--megabytes 200] [--times 7] [--latency-ms 20] [--case NAME]
    ~/.cache/deltic/venv-4/bin/python bench/s3.py --requests      the requests of each case in place of times

Wants MinIO and Toxiproxy (tools/servers/NAME install) and DuckDB's httpfs extension (environment bench, or --httpfs FILE).
Both engines read the same objects: DuckDB is given the list of the table's files, so it need not read a log. Both write
the rows of the same local files. In cold cases the caches of remote files are off in both; in cases named "again" they
are on, as they are by default.
"append, no _SUCCESS" asks of the server what httpfs asks of it: one request for a small file. As they are by default,
our writes look whether something is there and mark their end, as Spark's do, and httpfs does neither.
Runs of the engines alternate. Times are medians in milliseconds; a ratio below 1 means that ours is faster. With
--latency-ms the cases run once more through Toxiproxy, which delays every piece of data by that much each way.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "python")]
from tests.fixtures.counting_proxy import CountingProxy  # noqa: E402
from tests.fixtures.servers import PASSWORD, USER, Minio, Toxiproxy  # noqa: E402

CACHE = Path(os.environ.get("DELTIC_CACHE", Path.home() / ".cache" / "deltic"))
FILES = 4
BYTES_OF_ROW = 97  # as written, about
SMALL_ROWS = 10_000  # of the small write, whose data goes out with one request
# Twelve columns; `id` is sorted, `g` and `h` are not, so that only `id` lets row groups be skipped.
COLUMNS = [
    "id",
    "hash(id) % 1000 AS g",
    "concat('name-', hash(id)) AS name",
    *(f"xxhash64(id, {i}) AS n{i}" for i in range(4)),
    *(f"xxhash64(id, {i}) / 7.0D AS v{i}" for i in range(4)),
    "hash(id, 1) % 5000 AS h",
]
SUMS = ", ".join(
    ["sum(id)", "sum(g)", "max(name)", *(f"max(n{i})" for i in range(4)), *(f"max(v{i})" for i in range(4))]
)
MARKER = "mapreduce.fileoutputcommitter.marksuccessfuljobs"
READS = {
    "full scan": f"SELECT count(*), {SUMS}, sum(h) FROM {{t}}",
    "projection of 3 of 12": "SELECT sum(g), max(n2), sum(h) FROM {t}",
    "filter, one row group": "SELECT count(*), max(n1), max(name) FROM {t} WHERE id BETWEEN {low} AND {high}",
    "filter, no skipping": "SELECT count(*), max(n1), max(name) FROM {t} WHERE h = 77",
    "limit 10": "SELECT id, name FROM {t} LIMIT 10",
}


class Deltic:
    """Our server. `memory` is its cache of remote files."""

    def __init__(self, conf: dict[str, str], memory: bool) -> None:
        from deltic import DelticServer, get_session

        off = {} if memory else {"deltic.remoteFileCache.enabled": "false"}
        self.server = DelticServer(conf={**conf, **off}).start()
        self.spark = get_session(self.server)

    def read(self, query: str, path: str, _: list[str]) -> object:
        return self.spark.sql(query.replace("{t}", f"delta.`{path}`")).collect()

    def make(self, rows: int, path: str) -> None:
        for i in range(FILES):
            part = self.spark.range(rows * i // FILES, rows * (i + 1) // FILES).selectExpr(*COLUMNS)
            part.coalesce(1).write.format("delta").mode("append").save(path)

    def append(self, path: str) -> None:
        self.spark.range(10).write.format("delta").mode("append").save(path)

    def open(self, path: str) -> None:
        assert self.spark.read.format("delta").load(path).schema is not None

    def close(self) -> None:
        self.server.stop()


class DuckDb:
    def __init__(self, port: int, extension: Path, memory: bool) -> None:
        import duckdb

        self.connection = duckdb.connect(config={"allow_unsigned_extensions": True})
        self.connection.execute(f"LOAD '{extension}'")
        self.connection.execute(f"SET enable_external_file_cache = {str(memory).lower()}")
        self.connection.execute(
            f"CREATE SECRET (TYPE s3, KEY_ID '{USER}', SECRET '{PASSWORD}', ENDPOINT '127.0.0.1:{port}', "
            "URL_STYLE 'path', USE_SSL false)"
        )

    def read(self, query: str, _: str, files: list[str]) -> object:
        return self.connection.execute(query.replace("{t}", f"read_parquet({files})")).fetchall()

    def write(self, local: str, path: str) -> None:
        self.connection.execute(f"COPY (SELECT * FROM read_parquet('{local}/*.parquet')) TO '{path}' (FORMAT parquet)")

    def close(self) -> None:
        self.connection.close()


class DeltaRs:
    def __init__(self, options: dict[str, str]) -> None:
        import pyarrow

        self.options = options
        self.table = pyarrow.table({"id": list(range(10))})

    def append(self, path: str) -> None:
        from deltalake import write_deltalake

        write_deltalake(path.replace("s3a:", "s3:"), self.table, mode="append", storage_options=self.options)

    def open(self, path: str) -> None:
        from deltalake import DeltaTable

        assert DeltaTable(path.replace("s3a:", "s3:"), storage_options=self.options).schema() is not None


def alternate(works: dict[str, Callable[[], object]], times: int) -> dict[str, float]:
    """Median milliseconds of each work, run in turns after one unmeasured run of each."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(times + 1):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if turn:
                taken[name].append((time.perf_counter() - began) * 1000)
    return {name: statistics.median(values) for name, values in taken.items()}


class Bench:
    def __init__(self, options: argparse.Namespace, minio: Minio, extension: Path) -> None:
        self.options, self.minio, self.extension = options, minio, extension
        self.rows = options.megabytes * 1_000_000 // BYTES_OF_ROW
        self.path = f"s3a://delta/{uuid.uuid4().hex}"
        maker = Deltic(minio.conf(), memory=False)
        maker.make(self.rows, self.path)
        self.files = [f.replace("s3a:", "s3:") for f in maker.spark.read.format("delta").load(self.path).inputFiles()]
        self.files.sort()
        self.scratch = tempfile.TemporaryDirectory()
        self.local, self.local_small = f"{self.scratch.name}/large", f"{self.scratch.name}/small"
        for local, count in ((self.local, self.rows), (self.local_small, SMALL_ROWS)):
            maker.spark.range(count).selectExpr(*COLUMNS).coalesce(1).write.parquet(local)
        maker.close()
        stored = minio.file_system().get_file_info([f.removeprefix("s3://") for f in self.files])
        print(f"{self.rows} rows, {len(self.files)} files, {sum(f.size for f in stored) / 1e6:.0f} MB", flush=True)

    def query(self, name: str) -> str:
        low = self.rows * 5 // 8
        return READS[name].replace("{low}", str(low)).replace("{high}", str(low + 100))

    def engines(self, endpoint: str, memory: bool) -> tuple[Deltic, DuckDb, DeltaRs]:
        port = int(endpoint.rsplit(":", 1)[1])
        options = self.minio.delta_rs() | {"AWS_ENDPOINT_URL": endpoint}
        return Deltic(self.minio.conf(endpoint), memory), DuckDb(port, self.extension, memory), DeltaRs(options)

    def cases(self, endpoint: str):
        """(name, peer, works of ours and the peer) of every case; engines are closed between cold and warm ones."""
        for memory in (False, True):
            ours, duck, rust = self.engines(endpoint, memory)
            for name in READS:
                query = self.query(name)
                reads = [partial(engine.read, query, self.path, self.files) for engine in (ours, duck)]
                yield name + (", again" if memory else ""), "httpfs", *reads
            if not memory:
                yield from self.writes(ours, duck, rust)
                yield from self.first_appends(endpoint, rust)
            ours.close()
            duck.close()

    def writes(self, ours: Deltic, duck: DuckDb, rust: DeltaRs):
        tables = [f"s3a://delta/{uuid.uuid4().hex}" for _ in range(3)]
        for path in tables:
            ours.append(path)
        yield "append of 10 rows", "delta-rs", lambda: ours.append(tables[0]), lambda: rust.append(tables[1])
        fresh = [f"s3a://delta/{uuid.uuid4().hex}" for _ in range(self.options.times + 1)]
        for path in fresh:
            rust.append(path)
        left = list(fresh)
        yield "open of a table", "delta-rs", lambda: ours.open(left.pop()), lambda: rust.open(fresh[0])
        for size, local in (("large", self.local), ("small", self.local_small)):
            frame = ours.spark.read.parquet(local).coalesce(1)
            # httpfs looks at nothing and marks nothing: one request for a small file.
            alike = frame.write.format("parquet").mode("append").option(MARKER, "false")
            for name, writer in (
                (f"{size} file: append, no _SUCCESS", alike),
                (f"{size} file: look, data, _SUCCESS", frame.write.format("parquet")),
                (f"{size} write to a new table", frame.write.format("delta")),
            ):
                yield (
                    name,
                    "httpfs",
                    lambda writer=writer: writer.save(f"s3a://delta/{uuid.uuid4().hex}"),
                    lambda local=local: duck.write(local, f"s3://delta/{uuid.uuid4().hex}.parquet"),
                )

    def first_appends(self, endpoint: str, rust: DeltaRs):
        """Of a server that has not written to the bucket before; it was started, and has answered, before."""
        name = "first append of a server"
        if self.options.case and self.options.case not in name:
            return
        tables = [f"s3a://delta/{uuid.uuid4().hex}" for _ in range(2)]
        for path in tables:
            rust.append(path)
        servers = [Deltic(self.minio.conf(endpoint), False) for _ in range(self.options.times + 1)]
        for server in servers:
            server.spark.range(1).collect()
        fresh = iter(servers)
        yield name, "delta-rs", lambda: next(fresh).append(tables[0]), lambda: rust.append(tables[1])
        for server in servers:
            server.close()

    def times(self, endpoint: str, title: str) -> None:
        print(f"\n{title}\n{'case':<38}{'ours':>9}{'peer':>9}{'ratio':>8}  peer")
        for name, peer, ours, other in self.cases(endpoint):
            if self.options.case and self.options.case not in name:
                continue
            if peer == "httpfs" and "scan" in name:
                assert [tuple(row) for row in ours()] == other(), name
            took = alternate({"ours": ours, "peer": other}, self.options.times)
            ratio = took["ours"] / took["peer"]
            print(f"{name:<38}{took['ours']:>9.1f}{took['peer']:>9.1f}{ratio:>8.2f}  {peer}", flush=True)

    def requests(self) -> None:
        with CountingProxy(self.minio.port) as proxy:
            for name, peer, ours, other in self.cases(proxy.endpoint):
                if self.options.case and self.options.case not in name:
                    continue
                for who, work in (("ours", ours), (peer, other)):
                    work()
                    proxy.requests.clear()
                    work()
                    print(f"\n{name}: {who}, {len(proxy.requests)} requests", flush=True)
                    for method, url in proxy.requests:
                        object_name, _, query = url.rsplit("/", 1)[1].partition("?")
                        print(f"    {method} {object_name} {query[:60]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--latency-ms", type=int, default=0)
    parser.add_argument("--case", help="only cases whose name has this in it")
    parser.add_argument("--requests", action="store_true")
    parser.add_argument("--httpfs", type=Path, help="the httpfs.duckdb_extension file")
    options = parser.parse_args()
    extension = options.httpfs or next(CACHE.glob("venv-bench/lib/*/site-packages/**/httpfs.duckdb_extension"), None)
    if extension is None:
        parser.error("no httpfs extension: tools/setup bench, or --httpfs FILE")
    servers = [Minio()]
    try:
        bench = Bench(options, servers[0], extension)
        if options.requests:
            bench.requests()
            return 0
        bench.times(servers[0].endpoint, "MinIO, same machine")
        if options.latency_ms > 0:
            servers.append(Toxiproxy())
            endpoint = servers[1].proxy("slow", servers[0].port)
            for stream in ("downstream", "upstream"):
                servers[1].toxic("slow", "latency", stream, latency=options.latency_ms)
            bench.times(endpoint, f"MinIO, {options.latency_ms} ms away")
    finally:
        for server in reversed(servers):
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
