"""A disk that is full: the server runs in a mount namespace of its own, where its tables lie on a small tmpfs.

With every amount of room that is left, a command is done or refused: the error names the file and says that no room is
left, nothing of the command stays, and the table goes on. The test sees the server's disk through /proc/PID/root.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from deltic import DelticServer, find_binary, get_session
from pyspark.errors import PySparkException

pytestmark = pytest.mark.deltic

PAGE = 4096
NO_ROOM = "No space left on device"
KINDS = {
    "data file": r"/part-[^/]*\.parquet",
    "change file": r"/_change_data/cdc-[^/]*\.parquet",
    "deletion vector": r"/deletion_vector_[^/]*\.bin",
    "commit": r"/_delta_log/\d{20}\.json",
}
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]


class Disk:
    """What the server's small disk holds, seen from outside of its namespace."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.filler = root / "filler"

    def fill(self, pages_left: int) -> None:
        """Exactly so many pages are free afterwards."""
        self.make_room()
        with self.filler.open("wb") as file:
            state = os.statvfs(self.root)
            free = state.f_bavail * state.f_frsize
            file.write(b"x" * max(0, free - pages_left * PAGE))

    def make_room(self) -> None:
        self.filler.unlink(missing_ok=True)

    def files(self) -> set[str]:
        paths = (path for path in self.root.rglob("*") if path.is_file() and path != self.filler)
        return {str(path.relative_to(self.root)) for path in paths}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("full-disk")
    small = home / "small"
    small.mkdir()
    mount = f"mount -t tmpfs -o size=3m tmpfs {shlex.quote(str(small))}"
    try:
        tried = subprocess.run([*NAMESPACE, mount], capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no unshare here")
    if tried.returncode != 0:
        pytest.skip(f"no mount namespace of our own: {tried.stderr.strip()}")
    wrapper = home / "deltic"
    command = shlex.join([*NAMESPACE, f'{mount} && exec {shlex.quote(str(find_binary()))} "$@"', "deltic"])
    wrapper.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    wrapper.chmod(0o755)
    conf = {"spark.sql.warehouse.dir": str(home / "warehouse")}
    with DelticServer(binary=wrapper, cwd=home, conf=conf, log_file=home / "log") as running:
        running.small, running.log = small, home / "log"
        yield running


@pytest.fixture(scope="module")
def disk(server):
    # The wrapper becomes the server: every step is an exec.
    return Disk(Path(f"/proc/{server.pid}/root{server.small}"))


@pytest.fixture(scope="module")
def session(server):
    spark = get_session(server)
    yield spark
    spark.stop()


@pytest.fixture
def table(server, session, disk, request):
    """A table of four rows with deletion vectors and a change feed; a checkpoint comes with every third commit."""
    path = f"{server.small}/{request.node.name}"
    properties = "'delta.enableDeletionVectors' = 'true', 'delta.checkpointInterval' = '3'"
    session.sql(f"CREATE TABLE delta.`{path}` (id BIGINT, v STRING) USING delta TBLPROPERTIES ({properties})")
    session.sql(f"INSERT INTO delta.`{path}` VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')")
    yield path
    disk.make_room()


def refusal(run) -> str | None:
    """The text of the error that a command ends with; None: it was done."""
    try:
        run()
    except PySparkException as error:
        return str(error)
    return None


def rows(session, path):
    return sorted(tuple(row) for row in session.read.format("delta").load(path).collect())


def version(session, path) -> int:
    return session.sql(f"DESCRIBE HISTORY delta.`{path}`").agg({"version": "max"}).collect()[0][0]


def kind(text: str) -> str:
    """What had no room, by the name in the error."""
    assert NO_ROOM in text, text
    for name, pattern in KINDS.items():
        if re.search(pattern, text):
            return name
    raise AssertionError(f"the error names no file: {text}")


class TestFullDisk:
    COMMANDS = (
        ("INSERT INTO {} SELECT id + 100, 'new' FROM range(3)", "data file"),
        ("UPDATE {} SET v = 'changed' WHERE id = 2", "data file"),
        ("DELETE FROM {} WHERE id = 3", "deletion vector"),
        (
            "MERGE INTO {} t USING (SELECT id FROM range(4, 7)) s ON t.id = s.id "
            "WHEN MATCHED THEN UPDATE SET v = 'm' WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, 'n')",
            "data file",
        ),
    )

    @pytest.mark.parametrize(("command", "first"), COMMANDS, ids=["insert", "update", "delete", "merge"])
    def test_a_command_is_done_or_leaves_nothing(self, session, disk, table, command, first):
        before, at = rows(session, table), version(session, table)
        statement = command.format(f"delta.`{table}`")
        full = set()
        for pages in range(12):
            held = disk.files()
            disk.fill(pages)
            text = refusal(lambda: session.sql(statement).collect())
            disk.make_room()
            if text is None:
                break
            full.add(kind(text))
            assert table in text
            assert disk.files() == held, "something of the command was left"
            assert (rows(session, table), version(session, table)) == (before, at)
        assert text is None, "it never had room enough"
        assert first in full and "commit" in full, full
        assert version(session, table) == at + 1
        assert rows(session, table) != before
        # The table goes on.
        session.sql(f"INSERT INTO delta.`{table}` VALUES (1000, 'end')")
        assert (1000, "end") in rows(session, table)
        assert version(session, table) == at + 2

    def test_a_change_file(self, server, session, disk):
        """Many rows go and few stay: there is room for the new data file and none for the change file."""
        path = f"{server.small}/changes"
        session.sql(
            f"CREATE TABLE delta.`{path}` (id BIGINT, v STRING) USING delta "
            "TBLPROPERTIES ('delta.enableDeletionVectors' = 'false', 'delta.enableChangeDataFeed' = 'true')"
        )
        session.sql(f"INSERT INTO delta.`{path}` SELECT id, uuid() FROM range(20000)")
        held = disk.files()
        disk.fill(12)
        text = refusal(lambda: session.sql(f"DELETE FROM delta.`{path}` WHERE id >= 10").collect())
        disk.make_room()
        assert kind(text) == "change file"
        assert disk.files() == held
        assert (session.read.format("delta").load(path).count(), version(session, path)) == (20000, 1)
        session.sql(f"DELETE FROM delta.`{path}` WHERE id >= 10")
        assert session.read.format("delta").load(path).count() == 10

    def test_checksum_and_checkpoint_can_be_missing(self, server, session, disk, table):
        log = f"{Path(table).name}/_delta_log"
        missing = set()
        for _ in range(30):
            at = version(session, table) + 1
            for pages in range(2, 8):  # one for the data, one for the commit
                disk.fill(pages)
                text = refusal(
                    lambda at=at: session.sql(f"INSERT INTO delta.`{table}` VALUES ({at}, 'more')").collect()
                )
                disk.make_room()
                if text is None:
                    break
            assert text is None, text
            names = disk.files()
            assert f"{log}/{at:020d}.json" in names
            if f"{log}/{at:020d}.crc" not in names:
                missing.add("checksum")
            if at % 3 == 0 and f"{log}/{at:020d}.checkpoint.parquet" not in names:
                missing.add("checkpoint")
            left = {name for name in names if name.startswith(log) and re.search(r"tmp|/\.", name)}
            assert not left, left
            assert version(session, table) == at
            if missing == {"checksum", "checkpoint"}:
                break
        assert missing == {"checksum", "checkpoint"}
        said = Path(server.log).read_text()
        assert NO_ROOM in said and ".crc" in said
        expected = rows(session, table)
        for i in range(3):  # one of them makes the checkpoint that was missing
            session.sql(f"INSERT INTO delta.`{table}` VALUES ({-i}, 'last')")
        assert any("checkpoint" in name for name in disk.files() if name.startswith(log))
        assert len(rows(session, table)) == len(expected) + 3

    def test_optimize(self, session, disk, table):
        for i in range(3):
            session.sql(f"INSERT INTO delta.`{table}` VALUES ({i}, 'o')")
        before, at, held = rows(session, table), version(session, table), disk.files()
        disk.fill(0)
        assert kind(refusal(lambda: session.sql(f"OPTIMIZE delta.`{table}`").collect())) == "data file"
        disk.make_room()
        assert (rows(session, table), version(session, table), disk.files()) == (before, at, held)
        session.sql(f"OPTIMIZE delta.`{table}`")
        assert rows(session, table) == before

    def test_a_new_table(self, server, session, disk):
        path = f"{server.small}/new"
        disk.fill(0)
        try:
            for run in (
                lambda: session.range(3).write.format("delta").save(path),
                lambda: session.range(3).write.parquet(f"{path}-files"),
                lambda: session.sql(f"CREATE TABLE delta.`{path}` (id BIGINT) USING delta"),
            ):
                text = refusal(run)
                assert text is not None and NO_ROOM in text and path in text, text
        finally:
            disk.make_room()
        assert not [name for name in disk.files() if name.startswith("new")]
        session.range(3).write.format("delta").save(path)
        assert rows(session, path) == [(0,), (1,), (2,)]
