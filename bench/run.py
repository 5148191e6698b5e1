"""Our server beside Sail and real Spark, in one run on one machine.

    ./dev bench                        everything, ours beside sail and spark
    ./dev bench -e deltic -e sail      only these engines
    ./dev bench -w select -w commits   only these works (--list names them)
    ./dev bench --rows 1000000         smaller tables

Times are medians in milliseconds through PySpark's client, measured by the client; memory is the server's resident set.
Absolute numbers drift with the machine, so compare columns of one run. Results go to bench/results/*.json too.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from compaction import optimize  # noqa: E402
from engines import CACHE, ENGINES, Deltic, Engine  # noqa: E402
from row_changes import big_merge, ten_row_changes  # noqa: E402
from snapshot import skipping, snapshot  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results"
MIB = 2**20


class Run:
    """One engine's session, and the results so far: work → milliseconds (or MiB)."""

    def __init__(self, engine: Engine, home: Path, rows: int) -> None:
        from deltic import get_session

        self.engine, self.home, self.rows = engine, home, rows
        self.results: dict[str, float] = {}
        self.spark = get_session(engine.url, app_name="bench")
        self.stub, self.raw_session = None, str(uuid.uuid4())  # of batches_of
        self._tables = 0

    def path(self) -> str:
        """A path where nothing is yet."""
        self._tables += 1
        return str(self.home / f"table{self._tables}")

    def measure(self, name: str, work: Callable[[], object], times: int, warm: int = 1) -> None:
        """The median of `times` runs after `warm` unmeasured ones."""
        self.measure_by_turns({name: work}, times, warm)

    def measure_by_turns(self, works: dict[str, Callable[[], object]], times: int, warm: int = 1) -> None:
        """As measure() of each, the works taking turns, so that a slower minute of the machine is one of all of them."""
        taken: dict[str, list[float]] = {name: [] for name in works}
        for turn in range(warm + times):
            for name, work in works.items():
                began = time.perf_counter()
                work()
                if turn >= warm:
                    taken[name].append((time.perf_counter() - began) * 1000)
        self.results.update({name: statistics.median(all_of_it) for name, all_of_it in taken.items()})

    def delta(self, path: str):
        return self.spark.read.format("delta").load(path)


def select(run: Run) -> None:
    run.spark.sql("SELECT 1").collect()
    run.results["memory after the first query (MiB)"] = run.engine.memory_bytes() / MIB
    run.measure("SELECT 1, warm", lambda: run.spark.sql("SELECT 1").collect(), times=50, warm=5)


def ten_rows(run: Run) -> None:
    data = [(i, f"name {i}", i * 1.5) for i in range(10)]
    df = run.spark.createDataFrame(data, "id bigint, name string, score double")
    few = 15 if run.engine.name != "spark" else 5
    run.measure("10 rows: create", lambda: df.write.format("delta").save(run.path()), times=few, warm=3)
    path = run.path()
    df.write.format("delta").save(path)
    run.measure("10 rows: append", lambda: df.write.format("delta").mode("append").save(path), times=few, warm=3)
    path = run.path()
    df.write.format("delta").save(path)
    run.measure("10 rows: read", lambda: run.delta(path).collect(), times=few * 2, warm=3)
    run.measure("10 rows: overwrite", lambda: df.write.format("delta").mode("overwrite").save(path), times=few, warm=2)


def commits(run: Run) -> None:
    df = run.spark.createDataFrame([(1, "x")], "id bigint, name string")
    path = run.path()

    def work() -> None:
        for _ in range(100):
            df.write.format("delta").mode("append").save(path)

    run.measure("100 one-row commits", work, times=1, warm=0)


def big(run: Run) -> None:
    """rows × (id, group, price, name, day): written, grouped, looked up."""
    source = run.spark.range(run.rows).selectExpr(
        "id", "id % 1000 AS grp", "(id * 7919 % 100003) / 7.0D AS price", "concat('name ', CAST(id % 5000 AS STRING)) AS name",
        "date_add(DATE'2020-01-01', CAST(id % 1500 AS INT)) AS day")  # fmt: skip
    paths = []

    def write() -> None:
        paths.append(run.path())
        source.write.format("delta").save(paths[-1])
        if len(paths) > 1:
            shutil.rmtree(paths.pop(0))

    run.measure(f"write {run.rows:,} rows × 5", write, times=3 if run.engine.name != "spark" else 1, warm=1)
    path = paths[-1]
    query = "grp, count(*) AS n, sum(price) AS total, max(day) AS last"

    def group() -> None:
        got = run.delta(path).groupBy("grp").agg(*_expressions(query)).collect()
        assert len(got) == 1000

    works: dict[str, Callable[[], object]] = {"group-by, 1000 groups": group}
    if run.engine.name == "deltic":
        text = f"SELECT {query} FROM delta.`{path}` GROUP BY grp"
        works["group-by: the server's answer alone"] = lambda: list(batches_of(run, text))
    works["group-by: DuckDB in-process on the same files"] = duckdb_group(path, query)
    run.measure_by_turns(works, times=15, warm=2)
    needle = run.rows // 2 + 7
    run.measure("point lookup", lambda: run.delta(path).where(f"id = {needle}").collect(), times=15, warm=3)
    run.results["peak memory so far (MiB)"] = run.engine.memory_bytes(peak=True) / MIB


def _expressions(query: str) -> list:
    from pyspark.sql import functions as F

    return [F.expr(part) for part in query.split(", ")[1:]]


def duckdb_group(path: str, query: str) -> Callable[[], object]:
    """The same query by DuckDB in this process, on the same files."""
    import duckdb

    connection = duckdb.connect()
    text = f"SELECT {query} FROM '{path}/*.parquet' GROUP BY grp"
    return lambda: connection.execute(text).fetchall()


def batches_of(run: Run, text: str) -> Iterator:
    """The Arrow batches of a query as they arrive, without PySpark's client around them; one channel and session a run."""
    import grpc
    from pyspark.sql.connect import proto

    if run.stub is None:
        options = [("grpc.max_receive_message_length", 128 * MIB)]
        run.stub = proto.SparkConnectServiceStub(
            grpc.insecure_channel(run.engine.url.removeprefix("sc://"), options=options)
        )
    request = proto.ExecutePlanRequest(session_id=run.raw_session, operation_id=str(uuid.uuid4()))
    request.user_context.user_id = "bench"
    request.plan.root.sql.query = text
    for response in run.stub.ExecutePlan(request, timeout=600):
        yield response.arrow_batch


def stream(run: Run) -> None:
    """A result of about 3 GB, read batch by batch by a client that keeps nothing. The server must not keep it either."""
    rows = 60_000_000 if run.rows >= 5_000_000 else run.rows * 4
    text = f"SELECT id, id * 2 AS a, id * 3 AS b, id * 5 AS c, id * 7 AS d, id * 11 AS e FROM range({rows})"
    before, most, received, got = run.engine.memory_bytes(), 0, 0, 0
    began = time.perf_counter()
    for batch in batches_of(run, text):
        received += len(batch.data)
        got += batch.row_count
        most = max(most, run.engine.memory_bytes())
    assert got == rows, f"{got} rows of {rows}"
    run.results["stream: MiB received"] = received / MIB
    run.results["stream: milliseconds"] = (time.perf_counter() - began) * 1000
    run.results["stream: server grew by (MiB)"] = max(0, most - before) / MIB


WORKS: dict[str, Callable[[Run], None]] = {
    "select": select, "ten-rows": ten_rows, "ten-row-changes": ten_row_changes, "commits": commits, "big": big,
    "big-merge": big_merge, "optimize": optimize, "snapshot": snapshot, "skipping": skipping, "stream": stream,
}  # fmt: skip


def start_times(names: list[str], home: Path) -> dict[str, float]:
    """Median of process starts to the first SELECT 1, in milliseconds; the engines take turns, the first does not count."""
    taken: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(10):
        for name in names:
            if name == "spark" and turn != 1:
                continue
            with ENGINES[name](home / name) as running:
                if turn > 0:
                    taken[name].append(running.start_s * 1000)
    return {name: statistics.median(all_of_it) for name, all_of_it in taken.items()}


def measure(name: str, works: list[str], rows: int, home: Path) -> tuple[dict[str, float], dict[str, str]]:
    """All works on one engine in the directory `home`; (results, work → why it failed)."""
    failed: dict[str, str] = {}
    with ENGINES[name](home) as running:
        run = Run(running, home, rows)
        for work in works:
            print(f"  {name}: {work} …", file=sys.stderr, flush=True)
            if work == "stream" and name == "spark":
                continue  # its JVM grows to its heap's limit whatever it keeps
            try:
                WORKS[work](run)
            except Exception as error:
                failed[work] = f"{type(error).__name__}: {str(error).splitlines()[0][:200]}"
        run.results["peak memory (MiB)"] = running.memory_bytes(peak=True) / MIB
        run.spark.stop()
    return run.results, failed


def table(results: dict[str, dict[str, float]]) -> str:
    """The results side by side, with ours divided by each other engine's."""
    names = list(results)
    works = list(dict.fromkeys(work for one in results.values() for work in one))
    others = [name for name in names if name != Deltic.name] if Deltic.name in names else []
    head = ["", *names, *(f"ours / {name}" for name in others)]
    lines = [head]
    for work in works:
        line = [work]
        for name in names:
            value = results[name].get(work)
            line.append("" if value is None else f"{value:,.1f}")
        for name in others:
            ours, theirs = results[Deltic.name].get(work), results[name].get(work)
            line.append(f"{ours / theirs:.2f}" if ours is not None and theirs else "")
        lines.append(line)
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    text = []
    for line in lines:
        text.append("  ".join([line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:]))]))
    text.insert(1, "─" * len(text[0]))
    return "\n".join(text)


def use_the_client_all_servers_know() -> None:
    """Goes on in the environment of PySpark 3.5: Spark 4's client asks for settings that Sail and Spark 3.5 lack."""
    import pyspark

    python = CACHE / "venv-35" / "bin" / "python"
    if pyspark.__version__ < "4":
        return
    if not python.exists():
        sys.exit("bench/run.py wants PySpark 3.5: tools/setup-python client-35")
    os.execv(python, [str(python), *sys.argv])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("-e", "--engine", action="append", choices=list(ENGINES), help="may be repeated; default: all")
    parser.add_argument("-w", "--work", action="append", choices=list(WORKS), help="may be repeated; default: all")
    parser.add_argument("--rows", type=int, default=5_000_000, help="rows of the big table")
    parser.add_argument("--list", action="store_true", help="name the works and stop")
    options = parser.parse_args()
    if options.list:
        print("\n".join(WORKS))
        return 0
    use_the_client_all_servers_know()
    names = options.engine or list(ENGINES)
    results: dict[str, dict[str, float]] = {}
    failures: dict[str, dict[str, str]] = {}
    # Kept until all have run: some file systems make files slowly for a while after many were removed.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=os.environ.get("BENCH_TMP")) as home:
        for name in names:
            (Path(home) / name).mkdir()
        for name, start in start_times(names, Path(home)).items():
            results[name] = {"start to first SELECT 1": start}
        for name in names:
            found, failures[name] = measure(name, options.work or list(WORKS), options.rows, Path(home) / name)
            results[name].update(found)
    print(table(results))
    for name, failed in failures.items():
        for work, why in failed.items():
            print(f"{name} could not do {work}: {why}")
    RESULTS.mkdir(exist_ok=True)
    now = datetime.datetime.now(datetime.timezone.utc)
    file = RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps({"time": now.isoformat(), "cores": os.cpu_count(), "rows": options.rows,
                                "results": results, "failures": failures}, indent=1))  # fmt: skip
    print(f"kept in {file}")
    return 1 if failures.get(Deltic.name) else 0


if __name__ == "__main__":
    sys.exit(main())
