"""Commits that lose: a write is held up by a Python function while another one commits, and fails with Delta's own
exception or not at all. No clock decides: the function waits for a file.

What is told is what delta-spark's ConflictChecker finds first: another protocol, other metadata, another transaction of the
same application, files added to what was read, files removed of what was read, files removed twice."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import delta.exceptions
import pytest
from delta.tables import DeltaTable
from pyspark.sql import functions as F

from tests.rows import sorted_rows


@pytest.fixture
def table(spark, delta_table_path) -> str:
    """(id, v, p): two rows in each of the partitions a and b, one file each."""
    rows = [(1, "x", "a"), (2, "y", "a"), (3, "x", "b"), (4, "y", "b")]
    df = spark.createDataFrame(rows, "id int, v string, p string").coalesce(1)
    df.write.format("delta").partitionBy("p").save(delta_table_path)
    return delta_table_path


@pytest.fixture
def wait(delta_table_path):
    """A function of Spark that says in a file that it runs, and gives its argument once another file is there."""
    started, go = Path(f"{delta_table_path}.started"), Path(f"{delta_table_path}.go")
    names = (str(started), str(go))

    @F.udf("string")
    def held(value):
        import pathlib
        import threading

        pathlib.Path(names[0]).touch()
        tick = threading.Event()
        for _ in range(6000):
            if pathlib.Path(names[1]).exists():
                return value
            tick.wait(0.01)
        raise TimeoutError("nobody let it go on")

    held.is_waiting, held.let_go = started.exists, go.touch
    yield held
    go.touch()


class Leased:
    """A file that others can open only when it is let go: a lease of Linux (fcntl(2))."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_RDONLY)
        fcntl.fcntl(self.file, fcntl.F_SETSIG, signal.SIGURG)  # sent when somebody waits; nobody minds it
        fcntl.fcntl(self.file, fcntl.F_SETLEASE, fcntl.F_WRLCK)

    def is_waiting(self) -> bool:
        """Does somebody wait for it?"""
        return fcntl.fcntl(self.file, fcntl.F_GETLEASE) != fcntl.F_WRLCK

    def let_go(self) -> None:
        fcntl.fcntl(self.file, fcntl.F_SETLEASE, fcntl.F_UNLCK)

    def __enter__(self) -> Leased:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.file)


def race(wait, held_up: Callable[[], object], meanwhile: Callable[[], object]) -> BaseException | None:
    """What `held_up` raises when `meanwhile` commits between its reading and its commit."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            held_up()
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    tick = threading.Event()
    for _ in range(6000):
        if wait.is_waiting() or not thread.is_alive():
            break
        tick.wait(0.01)
    assert wait.is_waiting(), failed
    try:
        meanwhile()
    finally:
        wait.let_go()
        thread.join(120)
    assert not thread.is_alive()
    return failed[0] if failed else None


def update(spark, table: str, wait) -> Callable[[], object]:
    """Changes the rows of partition a, by a MERGE whose source waits."""
    source = spark.createDataFrame([(1, "x!"), (2, "y!")], "id int, v string").coalesce(1)
    source = source.select("id", wait("v").alias("v"))
    merge = DeltaTable.forPath(spark, table).alias("t").merge(source.alias("s"), "t.id = s.id AND t.p = 'a'")
    return merge.whenMatchedUpdate(set={"v": "s.v"}).execute


def rows_of(spark, table: str) -> list[tuple]:
    return sorted_rows(spark.read.format("delta").load(table))


class TestAnUpdateLoses:
    def lost(self, spark, table, wait, statement: str, expected: str) -> None:
        before = rows_of(spark, table)
        error = race(
            wait, update(spark, table, wait), lambda: spark.sql(statement.format(t=f"delta.`{table}`")).collect()
        )
        assert isinstance(error, getattr(delta.exceptions, expected)), repr(error)
        assert not any("!" in str(row) for row in rows_of(spark, table)), before

    def test_to_an_append_into_its_partition(self, spark, table, wait):
        self.lost(spark, table, wait, "INSERT INTO {t} VALUES (9, 'new', 'a')", "ConcurrentAppendException")

    def test_to_a_delete_of_its_file(self, spark, table, wait):
        """The rows that stay are written anew, into the partition that was read: that is what is told."""
        self.lost(spark, table, wait, "DELETE FROM {t} WHERE id = 2", "ConcurrentAppendException")

    def test_to_a_delete_of_everything(self, spark, table, wait):
        self.lost(spark, table, wait, "DELETE FROM {t}", "ConcurrentDeleteReadException")

    def test_to_another_schema(self, spark, table, wait):
        self.lost(spark, table, wait, "ALTER TABLE {t} ADD COLUMN w INT", "MetadataChangedException")

    def test_to_a_feature_dropped(self, spark, table, wait):
        """What it writes was made for another protocol. That other features come does not matter."""
        supported = "ALTER TABLE {t} SET TBLPROPERTIES ('delta.feature.vacuumProtocolCheck' = 'supported')"
        spark.sql(supported.format(t=f"delta.`{table}`"))
        self.lost(spark, table, wait, "ALTER TABLE {t} DROP FEATURE vacuumProtocolCheck", "ProtocolChangedException")


class TestANewTableLoses:
    def test_to_another_protocol(self, spark, table, wait):
        """Both bring a protocol."""
        spark.range(1).select(F.lit(8).alias("id"), wait(F.lit("v")).alias("v")).createOrReplaceTempView("conflicts_8")
        target = f"delta.`{table}`"
        replace = f"""CREATE OR REPLACE TABLE {target} USING delta
            TBLPROPERTIES ('delta.feature.domainMetadata' = 'supported') AS SELECT * FROM conflicts_8"""
        add = f"ALTER TABLE {target} SET TBLPROPERTIES ('delta.feature.vacuumProtocolCheck' = 'supported')"
        error = race(wait, lambda: spark.sql(replace).collect(), lambda: spark.sql(add).collect())
        assert isinstance(error, delta.exceptions.ProtocolChangedException), repr(error)
        assert [row[0] for row in rows_of(spark, table)] == [1, 2, 3, 4]


class TestADynamicOverwriteLoses:
    """It reads no file of the partitions that it replaces, only that they are as they were."""

    def overwrite(self, spark, table, wait, statement: str) -> BaseException | None:
        rows = spark.range(1).select(F.lit(8).alias("id"), wait(F.lit("new")).alias("v"), F.lit("a").alias("p"))
        writer = rows.write.format("delta").mode("overwrite").option("partitionOverwriteMode", "dynamic")
        meanwhile = statement.format(t=f"delta.`{table}`")
        return race(wait, lambda: writer.save(table), lambda: spark.sql(meanwhile).collect())

    def test_to_a_delete_of_its_partition(self, spark, table, wait):
        """Both remove the same file, and neither puts another in its place."""
        error = self.overwrite(spark, table, wait, "DELETE FROM {t} WHERE p = 'a'")
        assert isinstance(error, delta.exceptions.ConcurrentDeleteDeleteException), repr(error)
        assert rows_of(spark, table) == [(3, "x", "b"), (4, "y", "b")]

    def test_to_an_append_into_its_partition(self, spark, table, wait):
        error = self.overwrite(spark, table, wait, "INSERT INTO {t} VALUES (9, 'late', 'a')")
        assert isinstance(error, delta.exceptions.ConcurrentAppendException), repr(error)
        assert [row[0] for row in rows_of(spark, table)] == [1, 2, 3, 4, 9]

    def test_to_nothing_elsewhere(self, spark, table, wait):
        assert self.overwrite(spark, table, wait, "DELETE FROM {t} WHERE p = 'b'") is None
        assert rows_of(spark, table) == [(8, "new", "a")]


class TestOptimizeLoses:
    """Held up by one of its files, which it cannot open yet."""

    def optimize(self, spark, table, statement: str) -> BaseException | None:
        append(spark, table, (9, "late", "a"))
        target = f"delta.`{table}`"
        optimize = f"OPTIMIZE {target} WHERE p = 'a'"
        with Leased(next((Path(table) / "p=a").glob("*.parquet"))) as file:
            meanwhile = statement.format(t=target)
            return race(file, lambda: spark.sql(optimize).collect(), lambda: spark.sql(meanwhile).collect())

    def test_to_a_delete_of_its_files(self, spark, table):
        """It has read what it removes."""
        error = self.optimize(spark, table, "DELETE FROM {t} WHERE p = 'a'")
        assert isinstance(error, delta.exceptions.ConcurrentDeleteReadException), repr(error)
        assert rows_of(spark, table) == [(3, "x", "b"), (4, "y", "b")]

    @pytest.mark.parametrize(
        "statement",
        ["INSERT INTO {t} VALUES (10, 'later', 'a')", "ALTER TABLE {t} SET TBLPROPERTIES ('my.key' = 'x')"],
    )
    def test_to_nothing_that_leaves_its_files(self, spark, table, statement):
        """It changes no row, and begins again when it has to."""
        assert self.optimize(spark, table, statement) is None
        assert {1, 2, 3, 4, 9} <= {row[0] for row in rows_of(spark, table)}
        assert spark.sql(f"DESCRIBE HISTORY delta.`{table}` LIMIT 1").collect()[0].operation == "OPTIMIZE"


class TestAReadOfTheTableItselfLoses:
    """Rows of partition b come out of the table, through a function that waits, and go to partition a: who changes b
    meanwhile changes what should have been written."""

    def source(self, spark, table, wait):
        rows = spark.read.format("delta").load(table).where("p = 'b'")
        return rows.select("id", wait("v").alias("v"), F.lit("a").alias("p"))

    def lost(self, spark, table, wait, held_up) -> None:
        error = race(wait, held_up, lambda: spark.sql(f"DELETE FROM delta.`{table}` WHERE p = 'b'").collect())
        assert isinstance(error, delta.exceptions.ConcurrentDeleteReadException), repr(error)
        assert rows_of(spark, table) == [(1, "x", "a"), (2, "y", "a")]

    def test_by_an_append(self, spark, table, wait):
        writer = self.source(spark, table, wait).write.format("delta").mode("append")
        self.lost(spark, table, wait, lambda: writer.save(table))

    def test_by_an_append_with_a_subquery(self, spark, table, wait):
        spark.read.format("delta").load(table).where("p = 'b'").createOrReplaceTempView("conflicts_b")
        new = spark.range(3, 5, 1, 1).select(
            F.col("id").cast("int"), wait(F.lit("n")).alias("v"), F.lit("a").alias("p")
        )
        new.createOrReplaceTempView("conflicts_new")
        statement = f"INSERT INTO delta.`{table}` SELECT * FROM conflicts_new WHERE id IN (SELECT id FROM conflicts_b)"
        self.lost(spark, table, wait, lambda: spark.sql(statement).collect())

    def test_by_replace_where(self, spark, table, wait):
        writer = self.source(spark, table, wait).write.format("delta").mode("overwrite")
        self.lost(spark, table, wait, lambda: writer.option("replaceWhere", "p = 'a'").save(table))

    @pytest.mark.parametrize("inserts_only", [True, False])
    def test_by_a_merge(self, spark, table, wait, inserts_only):
        source = self.source(spark, table, wait)
        merge = DeltaTable.forPath(spark, table).alias("t").merge(source.alias("s"), "t.id = s.id AND t.p = 'a'")
        if not inserts_only:
            merge = merge.whenMatchedDelete()
        self.lost(spark, table, wait, merge.whenNotMatchedInsertAll().execute)


class TestBothWin:
    def test_rows_of_one_partition_and_a_delete_of_another(self, spark, table, wait):
        """What a write reads of its own table is what its partition filter leaves."""
        rows = spark.read.format("delta").load(table).where("p = 'b'")
        writer = rows.select("id", wait("v").alias("v"), F.lit("c").alias("p")).write.format("delta").mode("append")
        delete = f"DELETE FROM delta.`{table}` WHERE p = 'a'"
        assert race(wait, lambda: writer.save(table), lambda: spark.sql(delete).collect()) is None
        assert rows_of(spark, table) == [(3, "x", "b"), (3, "x", "c"), (4, "y", "b"), (4, "y", "c")]

    def test_rows_of_some_files_and_a_delete_of_another(self, spark, table, wait):
        """And of its files those that statistics leave."""
        rows = spark.read.format("delta").load(table).where("id > 2")
        writer = rows.select("id", wait("v").alias("v"), F.lit("c").alias("p")).write.format("delta").mode("append")
        delete = f"DELETE FROM delta.`{table}` WHERE p = 'a'"
        assert race(wait, lambda: writer.save(table), lambda: spark.sql(delete).collect()) is None
        assert rows_of(spark, table) == [(3, "x", "b"), (3, "x", "c"), (4, "y", "b"), (4, "y", "c")]

    def test_a_merge_from_another_partition_and_a_delete_of_a_third(self, spark, table, wait):
        append(spark, table, (5, "z", "c"))
        rows = spark.read.format("delta").load(table).where("p = 'b'")
        source = rows.select("id", wait("v").alias("v"), F.lit("a").alias("p"))
        merge = DeltaTable.forPath(spark, table).alias("t").merge(source.alias("s"), "t.id = s.id AND t.p = 'a'")
        delete = f"DELETE FROM delta.`{table}` WHERE p = 'c'"
        assert race(wait, merge.whenNotMatchedInsertAll().execute, lambda: spark.sql(delete).collect()) is None
        expected = [(1, "x", "a"), (2, "y", "a"), (3, "x", "a"), (3, "x", "b"), (4, "y", "a"), (4, "y", "b")]
        assert rows_of(spark, table) == expected

    def test_an_update_and_an_append_into_another_partition(self, spark, table, wait):
        assert race(wait, update(spark, table, wait), lambda: append(spark, table, (9, "new", "b"))) is None
        assert rows_of(spark, table) == [(1, "x!", "a"), (2, "y!", "a"), (3, "x", "b"), (4, "y", "b"), (9, "new", "b")]

    def test_updates_of_two_partitions(self, spark, table, wait):
        other = f"UPDATE delta.`{table}` SET v = 'other' WHERE p = 'b'"
        assert race(wait, update(spark, table, wait), lambda: spark.sql(other).collect()) is None
        assert rows_of(spark, table) == [(1, "x!", "a"), (2, "y!", "a"), (3, "other", "b"), (4, "other", "b")]

    def test_two_appends(self, spark, table, wait):
        def held_up():
            df = spark.range(1).select(F.lit(8).alias("id"), wait(F.lit("slow")).alias("v"), F.lit("a").alias("p"))
            df.write.format("delta").mode("append").save(table)

        assert race(wait, held_up, lambda: append(spark, table, (9, "new", "a"))) is None
        assert [row[0] for row in rows_of(spark, table)] == [1, 2, 3, 4, 8, 9]


class TestIdempotentWrites:
    def test_two_writes_of_one_application(self, spark, table, wait):
        options = {"txnAppId": "job", "txnVersion": "7"}

        def held_up():
            df = spark.range(1).select(F.lit(8).alias("id"), wait(F.lit("slow")).alias("v"), F.lit("a").alias("p"))
            df.write.format("delta").mode("append").options(**options).save(table)

        error = race(wait, held_up, lambda: append(spark, table, (9, "new", "a"), **options))
        assert isinstance(error, delta.exceptions.ConcurrentTransactionException), repr(error)
        assert [row[0] for row in rows_of(spark, table)] == [1, 2, 3, 4, 9]


def append(spark, table: str, row: tuple, **options) -> None:
    df = spark.createDataFrame([row], "id int, v string, p string")
    df.write.format("delta").mode("append").options(**options).save(table)
