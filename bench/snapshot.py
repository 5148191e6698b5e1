"""Large tables: our server, delta-rs and DuckDB's delta extension, by turns, each in processes of its own.

    ./dev bench -w snapshot -w skipping    as part of the benchmark, or alone, with PYTHONPATH=python:
    bench/snapshot.py                      1,000,000 add files in a V2 checkpoint with sidecars, then 100 commits
    bench/snapshot.py --skipping           filters on the statistics of 100,000 files
    bench/snapshot.py --files 100000       smaller; --classic another checkpoint; --engine deltic only ours

The log is synthetic (bench/large_log.py). "open" is a query that needs the whole file list and reads no file: a filter on a
partition that holds nothing. "again" is the same query once more; "first refresh" after one more commit, "refresh" after
each of some more, "refresh after 20 commits" after so many at once. A skipping query finds by statistics that no file can
hold a row; each looks for new commits first. "memory" is the process's peak beyond what it had before the table was opened.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent))
from large_log import LargeLog  # noqa: E402

if TYPE_CHECKING:
    from run import Run

FILES, COMMITS, SKIPPED_FILES = 1_000_000, 100, 100_000
TURNS = 3
OPENING = "p = 'none'"
SKIPPING = {
    "a number": "id < 0",
    "a text": "v = 'zzz'",
    "a double": "d < -1",
    "and a partition": "p = '5' AND id < 0",
    "one of some": "id IN (-1, -2)",
}
MEMORY = "memory (MiB)"
# Sends a query with this filter, and fails when a row comes.
Query = Callable[[str], None]


def peak_kib() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    return 0


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def ask_for_commits(count: int) -> None:
    """The process that made the log makes more of it; it says when."""
    print(json.dumps({"commits": count}), flush=True)
    sys.stdin.readline()


def open_and_refresh(query: Query) -> dict[str, float]:
    found = {"open": timed(lambda: query(OPENING)), "again": timed(lambda: query(OPENING))}
    times = []
    for _ in range(4):
        ask_for_commits(1)
        times.append(timed(lambda: query(OPENING)))
    found["first refresh"], found["refresh"] = times[0], statistics.median(times[1:])
    ask_for_commits(20)
    found["refresh after 20 commits"] = timed(lambda: query(OPENING))
    return found


def skip(query: Query) -> dict[str, float]:
    found = {"open": timed(lambda: query(OPENING)), "first": timed(lambda: query(next(iter(SKIPPING.values()))))}
    for name, condition in SKIPPING.items():
        found[name] = statistics.median(timed(lambda condition=condition: query(condition)) for _ in range(5))
    return found


def by_delta_rs(path: str, work: Callable[[Query], dict[str, float]]) -> dict[str, float]:
    import deltalake

    before = peak_kib()
    table = None

    def query(condition: str) -> None:
        nonlocal table
        if table is None:
            table = deltalake.DeltaTable(path)
        else:
            table.update_incremental()
        if condition == OPENING:
            assert table.file_uris([("p", "=", "none")]) == []
            return
        rows = deltalake.QueryBuilder().register("t", table).execute(f"SELECT id FROM t WHERE {condition}")
        assert sum(batch.num_rows for batch in rows) == 0

    return work(query) | {MEMORY: (peak_kib() - before) / 1024}


def by_duckdb(path: str, work: Callable[[Query], dict[str, float]]) -> dict[str, float]:
    import duckdb
    import duckdb_extension_delta

    connection = duckdb.connect()
    (file,) = Path(duckdb_extension_delta.__file__).parent.rglob("*.duckdb_extension")
    connection.execute(f"LOAD '{file}'")
    before = peak_kib()

    def query(condition: str) -> None:
        assert connection.execute(f"SELECT id FROM delta_scan('{path}') WHERE {condition}").fetchall() == []

    return work(query) | {MEMORY: (peak_kib() - before) / 1024}


def by_deltic(path: str, work: Callable[[Query], dict[str, float]]) -> dict[str, float]:
    from deltic import get_session
    from engines import Deltic

    with tempfile.TemporaryDirectory() as home, Deltic(Path(home)) as engine:
        spark = get_session(engine.url, app_name="bench")
        spark.sql("SELECT 1").collect()
        before = engine.memory_bytes(peak=True)

        def query(condition: str) -> None:
            assert spark.sql(f"SELECT id FROM delta.`{path}` WHERE {condition}").collect() == []

        found = work(query) | {MEMORY: (engine.memory_bytes(peak=True) - before) / 2**20}
        spark.stop()  # the client would look for its server when the process ends
        return found


ENGINES = {"deltic": by_deltic, "delta-rs": by_delta_rs, "duckdb": by_duckdb}
WORKS = {"open": open_and_refresh, "skip": skip}


def measure(log: LargeLog, work: str, engines: list[str], turns: int = TURNS) -> dict[str, dict[str, float]]:
    """Engine → what → the median of `turns` processes, milliseconds or MiB; an engine that fails is left out."""
    taken: dict[str, list[dict[str, float]]] = {engine: [] for engine in engines}
    for _ in range(turns):
        for engine in engines:
            found = in_a_process(log, work, engine)
            log.rewind()
            if found is not None:
                taken[engine].append(found)
    return {
        engine: {name: statistics.median(one[name] for one in found) for name in found[0]}
        for engine, found in taken.items()
        if found
    }


def in_a_process(log: LargeLog, work: str, engine: str) -> dict[str, float] | None:
    command = [sys.executable, __file__, "--inside", str(log.path), "--work", work, "--engine", engine]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        for line in process.stdout:
            said = json.loads(line)
            if "commits" not in said:
                return said
            log.append(said["commits"])
            process.stdin.write("\n")
            process.stdin.flush()
        print(f"{engine}: {process.stderr.read().strip().splitlines()[-1:]}", file=sys.stderr)
    return None


def ratios(found: dict[str, dict[str, float]]) -> dict[str, float]:
    """Ours divided by each peer's."""
    ours = found.get("deltic", {})
    return {
        f"{what}: ours / {engine}": ours[what] / theirs[what]
        for engine, theirs in found.items()
        for what in ours
        if engine != "deltic" and theirs.get(what)
    }


def report(run: Run, title: str, found: dict[str, dict[str, float]]) -> None:
    for engine, theirs in found.items():
        for what, value in theirs.items():
            run.results[f"{title}: {what}{'' if engine == 'deltic' else f', {engine}'}"] = value
    run.results.update({f"{title}: {what}": ratio for what, ratio in ratios(found).items()})


def snapshot(run: Run) -> None:
    """Opens and refreshes a table of a million files beside delta-rs and DuckDB: in our turn, since they are no servers."""
    in_our_turn(run, "open", FILES)


def skipping(run: Run) -> None:
    in_our_turn(run, "skip", SKIPPED_FILES)


def in_our_turn(run: Run, work: str, files: int) -> None:
    if run.engine.name != "deltic":
        return
    if run.rows < 5_000_000:  # a smaller benchmark
        files //= 10
    log = LargeLog(Path(run.path()), files, COMMITS)
    report(run, f"{files:,} files, {work}", measure(log, work, list(ENGINES)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int)
    parser.add_argument("--commits", type=int, default=COMMITS)
    parser.add_argument("--turns", type=int, default=TURNS, help="processes of each engine")
    parser.add_argument("--classic", action="store_true", help="a checkpoint of one Parquet file")
    parser.add_argument("--skipping", dest="work", action="store_const", const="skip", default="open")
    parser.add_argument("--engine", choices=list(ENGINES), action="append")
    parser.add_argument("--inside", help=argparse.SUPPRESS)  # one engine, in this process
    parser.add_argument("--work", dest="work", choices=list(WORKS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(ENGINES[options.engine[0]](options.inside, WORKS[options.work])))
        return
    files = options.files or (FILES if options.work == "open" else SKIPPED_FILES)
    with tempfile.TemporaryDirectory(prefix="deltic-snapshot-") as folder:
        log = LargeLog(Path(folder) / "table", files, options.commits, v2=not options.classic)
        kind = "classic" if options.classic else "V2"
        print(
            f"{files} files in a {kind} checkpoint, {options.commits} commits; milliseconds, medians of {options.turns}",
            flush=True,
        )
        found = measure(log, options.work, options.engine or list(ENGINES), options.turns)
    for engine, theirs in found.items():
        print(engine, {name: round(value, 1) for name, value in theirs.items()})
    print({name: round(value, 2) for name, value in ratios(found).items()})


if __name__ == "__main__":
    main()
