"""A table on MinIO written and read by our server, by DuckDB's httpfs and by delta-rs, in one run on one machine.

    ~/.cache/deltic/venv-4/bin/python bench/s3.py [--rows 1000000] [--times 5]

Wants MinIO (tools/servers/minio install) and DuckDB's httpfs extension (environment bench, or --httpfs FILE). Times are
medians in milliseconds. Every write goes to a fresh path. Reads aggregate all columns and are cold: DuckDB's cache of
remote files is off, and ours holds no data files of this size.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "python")]
from tests.fixtures.servers import PASSWORD, USER, Minio  # noqa: E402

CACHE = Path(os.environ.get("DELTIC_CACHE", Path.home() / ".cache" / "deltic"))
COLUMNS = "id, id % 1000 AS g, 'name-' || CAST(id * 7919 AS string) AS name, id / 7.0D AS v"
DUCK_COLUMNS = "i AS id, i % 1000 AS g, 'name-' || CAST(i * 7919 AS varchar) AS name, i / 7.0::double AS v"
SUMS = "SELECT count(*), sum(id), count(DISTINCT g), max(name), sum(v) FROM "


def median_ms(work: Callable[[], object], times: int) -> float:
    work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


class Deltic:
    def __init__(self, minio: Minio, rows: int) -> None:
        from deltic import DelticServer, get_session

        self.server = DelticServer(conf=minio.conf()).start()
        self.spark = get_session(self.server)
        self.rows, self.path = rows, ""

    def write(self) -> None:
        self.path = f"s3a://delta/{uuid.uuid4().hex}"
        self.spark.range(self.rows).createOrReplaceTempView("numbers")
        self.spark.sql(f"SELECT {COLUMNS} FROM numbers").write.format("delta").save(self.path)

    def read(self) -> object:
        return self.spark.sql(f"{SUMS} delta.`{self.path}`").collect()[0]

    def close(self) -> None:
        self.server.stop()


class DuckDb:
    def __init__(self, minio: Minio, rows: int, extension: Path) -> None:
        import duckdb

        self.connection = duckdb.connect(config={"allow_unsigned_extensions": True})
        self.connection.execute(f"LOAD '{extension}'")
        self.connection.execute("SET enable_external_file_cache = false")
        self.connection.execute(
            f"CREATE SECRET (TYPE s3, KEY_ID '{USER}', SECRET '{PASSWORD}', ENDPOINT '127.0.0.1:{minio.port}', "
            "URL_STYLE 'path', USE_SSL false)"
        )
        self.rows, self.path = rows, ""

    def write(self) -> None:
        self.path = f"s3://delta/{uuid.uuid4().hex}.parquet"
        self.connection.execute(
            f"COPY (SELECT {DUCK_COLUMNS} FROM range({self.rows}) r(i)) TO '{self.path}' (FORMAT parquet)"
        )

    def read(self) -> object:
        return self.connection.execute(f"{SUMS} read_parquet('{self.path}')").fetchone()

    def close(self) -> None:
        self.connection.close()


class DeltaRs:
    """Its rows are made beforehand; reading ends with the rows in Arrow's memory."""

    def __init__(self, minio: Minio, rows: int) -> None:
        import duckdb

        self.options = minio.delta_rs()
        self.table = duckdb.sql(f"SELECT {DUCK_COLUMNS} FROM range({rows}) r(i)").to_arrow_table()
        self.path = ""

    def write(self) -> None:
        from deltalake import write_deltalake

        self.path = f"s3://delta/{uuid.uuid4().hex}"
        write_deltalake(self.path, self.table, storage_options=self.options)

    def read(self) -> object:
        from deltalake import DeltaTable

        return DeltaTable(self.path, storage_options=self.options).to_pyarrow_table().num_rows

    def close(self) -> None:
        pass


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--httpfs", type=Path, help="the httpfs.duckdb_extension file")
    options = parser.parse_args()
    extension = options.httpfs or next(CACHE.glob("venv-bench/lib/*/site-packages/**/httpfs.duckdb_extension"), None)
    minio = Minio()
    try:
        engines = {"deltic": lambda: Deltic(minio, options.rows), "delta-rs": lambda: DeltaRs(minio, options.rows)}
        if extension is not None:
            engines["duckdb httpfs"] = lambda: DuckDb(minio, options.rows, extension)
        else:
            print("no httpfs extension: DuckDB is left out", file=sys.stderr)
        print(f"{'engine':<15}{'write ms':>10}{'read ms':>10}   ({options.rows} rows, medians of {options.times})")
        for name, make in engines.items():
            engine = make()
            try:
                written = median_ms(engine.write, options.times)
                print(f"{name:<15}{written:>10.1f}{median_ms(engine.read, options.times):>10.1f}", flush=True)
            finally:
                engine.close()
    finally:
        minio.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
