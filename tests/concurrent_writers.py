"""Many server processes that write one table on MinIO through a network that fails: does every row arrive once, and does
every lost race say what it lost to? Used by tests/python/test_s3_concurrency.py; at full size:

    ~/.cache/deltic/venv-4/bin/python -m tests.concurrent_writers [--appenders 40] [--updaters 8] [--commits 5]
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import dataclasses
import os
import sys
import threading
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "python")]

from tests.fixtures.servers import Minio, Toxiproxy  # noqa: E402

# What delta-spark raises when a transaction here lost a race. Rows appended blindly depend on nothing: never. An update has
# read the partition of the counters or the whole table, and whatever wins before it has put a file there: another update
# the counters' new one, beside the removed one that would be looked for next, an append its rows. So it is always told of
# the file that was added (ConflictChecker.scala, checkForAddedFilesThatShouldHaveBeenReadByCurrentTxn comes first).
APPENDS_LOSE_TO: set[str] = set()
UPDATES_LOSE_TO = {"ConcurrentAppendException"}
RACES = {
    "ConcurrentAppendException",
    "ConcurrentDeleteReadException",
    "ConcurrentDeleteDeleteException",
    "ConcurrentTransactionException",
    "ConcurrentWriteException",
    "MetadataChangedException",
    "ProtocolChangedException",
}
TOXICS = (
    ("latency", "downstream", 0.3, {"latency": 20, "jitter": 20}),
    ("reset_peer", "upstream", 0.02, {"timeout": 3}),
    ("limit_data", "downstream", 0.02, {"bytes": 900}),
    ("slow_close", "downstream", 0.1, {"delay": 100}),
)
QUICK = {
    "spark.hadoop.fs.s3a.connection.timeout": "5s",
    "spark.hadoop.fs.s3a.retry.interval": "20ms",
    "spark.databricks.delta.properties.defaults.enableChangeDataFeed": "false",
}
COUNTERS = 8
LONGEST_TRIES = 400


@dataclasses.dataclass
class Report:
    """What the writers were told, and what the table says."""

    seconds: float = 0.0
    commits: int = 0
    rows: int = 0
    told: collections.Counter = dataclasses.field(default_factory=collections.Counter)  # by what was raised
    wrong: list[str] = dataclasses.field(default_factory=list)
    memory_mb: float = 0.0


class Run:
    """One table and its writers, each with a `deltic server` process of its own."""

    def __init__(self, endpoint: str, minio: Minio, commits: int) -> None:
        self.path = f"s3a://delta/{uuid.uuid4().hex}"
        self.conf = {**minio.conf(endpoint), **QUICK}
        self.commits = commits
        self.lock = threading.Lock()
        self.report = Report()
        self.appended: set[tuple[int, int]] = set()  # told that they are in the table
        self.doubtful: set[tuple[int, int]] = set()  # told that nobody knows
        self.counted: collections.Counter = collections.Counter()
        self.maybe_counted: collections.Counter = collections.Counter()
        self.ready: threading.Barrier | None = None

    def start(self):
        from deltic import DelticServer

        clean = {name: "" for name in os.environ if name.startswith("AWS_")} | {"HOME": "/nonexistent"}
        return DelticServer(conf=self.conf, env=clean, start_timeout_s=240).start()

    def attempt(self, statement, loses_to: set[str]) -> str:
        """ "" when it is done, "unknown" when nobody knows, else the name of the race that it lost: one of `loses_to`."""
        from delta import exceptions

        try:
            statement()
            return ""
        except Exception as error:
            name = next((name for name in RACES if isinstance(error, getattr(exceptions, name))), type(error).__name__)
            text = str(error)
            with self.lock:
                self.report.told[name] += 1
                lost = name in loses_to
                if not lost and (name in RACES or ("IO_ERROR" not in text and "S3" not in text)):
                    self.report.wrong.append(f"{name}: {text[:300]}")
            return name if name in RACES else "unknown"

    def append(self, writer: int, spark) -> None:
        for number in range(self.commits):
            row = (writer, number)
            outcome = self.attempt(
                lambda row=row: spark.sql(f"INSERT INTO delta.`{self.path}` VALUES ('rows', {row[0]}, {row[1]}, 0)"),
                APPENDS_LOSE_TO,
            )
            with self.lock:
                (self.doubtful if outcome else self.appended).add(row)

    def update(self, writer: int, spark) -> None:
        """Counts on until it was told so often enough. Every fourth update looks at the whole table."""
        done = 0
        for attempt in range(LONGEST_TRIES):
            counter = (writer + done) % COUNTERS
            everywhere = attempt % 4 == 3
            where = f"writer = {counter} AND n < 0" if everywhere else f"part = 'counters' AND writer = {counter}"
            change = "n = n - 1, seen = seen + 1" if everywhere else "seen = seen + 1"
            statement = f"UPDATE delta.`{self.path}` SET {change} WHERE {where}"
            outcome = self.attempt(lambda text=statement: spark.sql(text), UPDATES_LOSE_TO)
            with self.lock:
                if outcome == "":
                    self.counted[counter] += 1
                elif outcome == "unknown":
                    self.maybe_counted[counter] += 1
            done += outcome == ""
            if done == self.commits:
                return
        with self.lock:
            self.report.wrong.append(f"updater {writer} made {done} of {self.commits} updates")

    def work(self, role, writer: int) -> None:
        from deltic import get_session

        with self.start() as server:
            session = get_session(server)
            self.ready.wait(600)
            role(writer, session)
            with self.lock:
                self.report.memory_mb += server.memory_bytes(peak=True) / 2**20
            session.stop()

    def run(self, appenders: int, updaters: int, minio: Minio) -> Report:
        import deltic
        from deltic import DelticServer, get_session

        deltic.install()  # errors are delta's exceptions
        with DelticServer(conf={**minio.conf(), **QUICK}).start() as server:  # no faults here
            spark = get_session(server)
            spark.sql(
                f"CREATE TABLE delta.`{self.path}` (part STRING, writer INT, n INT, seen INT) USING delta "
                "PARTITIONED BY (part)"
            )
            values = ", ".join(f"('counters', {counter}, -1, 0)" for counter in range(COUNTERS))
            spark.sql(f"INSERT INTO delta.`{self.path}` VALUES {values}")
            self.ready = threading.Barrier(appenders + updaters + 1)
            with concurrent.futures.ThreadPoolExecutor(appenders + updaters) as pool:
                work = [pool.submit(self.work, self.append, writer) for writer in range(appenders)]
                work += [pool.submit(self.work, self.update, writer) for writer in range(updaters)]
                self.ready.wait(600)
                began = time.monotonic()
                for each in work:
                    each.result()
                self.report.seconds = time.monotonic() - began
            self.check(spark)
            spark.stop()
        return self.report

    def check(self, spark) -> None:
        report = self.report
        rows = collections.Counter(
            (r.writer, r.n)
            for r in spark.sql(f"SELECT writer, n FROM delta.`{self.path}` WHERE part = 'rows'").collect()
        )
        report.rows = sum(rows.values())
        report.wrong += [f"row {row} is there {times} times" for row, times in rows.items() if times > 1]
        report.wrong += [f"row {row} is lost" for row in self.appended if row not in rows]
        report.wrong += [f"row {row} is of nobody" for row in rows if row not in self.appended | self.doubtful]
        seen = spark.sql(f"SELECT writer, seen FROM delta.`{self.path}` WHERE part = 'counters'").collect()
        if len(seen) != COUNTERS:
            report.wrong.append(f"{len(seen)} counters")
        for row in seen:
            least = self.counted[row.writer]
            if not least <= row.seen <= least + self.maybe_counted[row.writer]:
                report.wrong.append(f"counter {row.writer} is {row.seen}, told {least}")
        versions = [row.version for row in spark.sql(f"DESCRIBE HISTORY delta.`{self.path}`").collect()]
        report.commits = len(versions) - 2
        if sorted(versions) != list(range(len(versions))):
            report.wrong.append("versions are missing")


def run(appenders: int, updaters: int, commits: int, minio: Minio, toxiproxy: Toxiproxy) -> Report:
    """Every writer makes `commits` commits; the report's `wrong` is empty when all is right."""
    name = uuid.uuid4().hex
    endpoint = toxiproxy.proxy(name, minio.port)
    for kind, stream, toxicity, attributes in TOXICS:
        toxiproxy.toxic(name, kind, stream, toxicity, **attributes)
    return Run(endpoint, minio, commits).run(appenders, updaters, minio)


def main() -> int:
    """Runs at the size asked for and prints the report; 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--appenders", type=int, default=40)
    parser.add_argument("--updaters", type=int, default=8)
    parser.add_argument("--commits", type=int, default=5)
    arguments = parser.parse_args()
    minio, toxiproxy = Minio(), Toxiproxy()
    try:
        report = run(arguments.appenders, arguments.updaters, arguments.commits, minio, toxiproxy)
    finally:
        toxiproxy.stop()
        minio.stop()
    print(
        f"{arguments.appenders} appending and {arguments.updaters} updating servers: {report.commits} commits in "
        f"{report.seconds:.1f} s, {report.rows} rows, {report.memory_mb:.0f} MB at their peaks"
    )
    print("told:", ", ".join(f"{name} {count}" for name, count in report.told.most_common()) or "nothing but success")
    print("\n".join(report.wrong) if report.wrong else "every row once, every counter right")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
