"""Works that change rows: UPDATE, DELETE and MERGE of small and of large tables, with the change feed on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from run import Run

CHANGE_FEED = "delta.enableChangeDataFeed"
VECTORS = "delta.enableDeletionVectors"


def ten_row_changes(run: Run) -> None:
    """One statement on a fresh table of ten rows each time; making the table is not measured. Sail: no change feed."""
    few = 15 if run.engine.name != "spark" else 4
    warm = 3 if run.engine.name != "spark" else 1
    data = [(i, f"name {i}", i * 1.5) for i in range(10)]
    df = run.spark.createDataFrame(data, "id bigint, name string, score double")
    run.spark.createDataFrame([(i, f"new {i}", 0.5) for i in range(5, 15)], df.schema).createOrReplaceTempView(
        "ten_source"
    )
    paths: list[str] = []

    def make() -> None:
        for _ in range(few + warm):
            paths.append(run.path())
            writer = df.write.format("delta")
            # Sail writes no change feed and refuses the property.
            (writer if run.engine.name == "sail" else writer.option(CHANGE_FEED, "true")).save(paths[-1])

    statements = {
        "update": "UPDATE {t} SET score = score + 1 WHERE id < 5",
        "delete": "DELETE FROM {t} WHERE id < 5",
        "merge": "MERGE INTO {t} t USING ten_source s ON t.id = s.id "
        "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
    }
    for name, statement in statements.items():
        make()
        run.measure(
            f"10 rows: {name}",
            lambda text=statement: run.spark.sql(text.format(t=f"delta.`{paths.pop()}`")).collect(),
            times=few,
            warm=warm,
        )


def big_table(run: Run, path: str, vectors: bool) -> None:
    source = run.spark.range(run.rows).selectExpr(
        "id", "id % 1000 AS grp", "(id * 7919 % 100003) / 7.0D AS price", "concat('name ', CAST(id % 5000 AS STRING)) AS name",
        "date_add(DATE'2020-01-01', CAST(id % 1500 AS INT)) AS day")  # fmt: skip
    writer = source.write.format("delta").option(CHANGE_FEED, "true")
    (writer.option(VECTORS, "true") if vectors else writer).save(path)


def big_merge(run: Run) -> None:
    """2 % as many source rows as the table has, half of which update rows spread over it and half insert new ones."""
    count = run.rows // 50
    step = run.rows // (count // 2)
    source = run.home / "merge_source"
    run.spark.sql(
        f"SELECT id * {step} AS id, CAST(1 AS BIGINT) AS grp, 0.5D AS price, 'merged' AS name, DATE'2030-01-01' AS day "
        f"FROM range({count // 2}) UNION ALL "
        f"SELECT id + {run.rows} AS id, CAST(2 AS BIGINT) AS grp, 1.5D AS price, 'inserted' AS name, DATE'2031-01-01' AS day "
        f"FROM range({count // 2})"
    ).write.parquet(str(source))
    run.spark.read.parquet(str(source)).createOrReplaceTempView("big_source")
    times = 3 if run.engine.name != "spark" else 1
    for vectors in (True, False):
        kind = "deletion vectors" if vectors else "rewriting files"
        paths = [run.path() for _ in range(times)]
        big_table(run, paths[0], vectors)
        for path in paths[1:]:
            shutil.copytree(paths[0], path)
        if not vectors and run.engine.name == "deltic":
            peer = run.path()
            shutil.copytree(paths[0], peer)
        left = list(paths)
        run.measure(
            f"merge {count:,} into {run.rows:,}, change feed, {kind}",
            lambda left=left: run.spark.sql(
                f"MERGE INTO delta.`{left.pop()}` t USING big_source s ON t.id = s.id "
                "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
            ).collect(),
            times=times,
            warm=0,
        )
        feed = run.spark.read.format("delta").options(readChangeFeed="true", startingVersion="1").load(paths[0])
        sums = feed.groupBy("_change_type").agg({"id": "sum", "price": "max", "name": "max"})
        run.measure(f"change feed of that merge, {kind}", lambda sums=sums: sums.collect(), times=5, warm=1)
        for path in paths:
            shutil.rmtree(path, ignore_errors=True)
    run.results["peak memory after the merges (MiB)"] = run.engine.memory_bytes(peak=True) / 2**20
    if run.engine.name == "deltic":
        delta_rs(run, peer, source)
        shutil.rmtree(peer, ignore_errors=True)


DELTA_RS = """
import sys, time
import pyarrow.parquet as pq
from deltalake import DeltaTable
source = pq.read_table(sys.argv[2])
began = time.perf_counter()
merge = DeltaTable(sys.argv[1]).merge(source, "t.id = s.id", source_alias="s", target_alias="t")
merge.when_matched_update_all().when_not_matched_insert_all().execute()
print((time.perf_counter() - began) * 1000)
"""


def delta_rs(run: Run, path: str, source: Path) -> None:
    """The same merge by delta-rs, in its own process; it rewrites files and records the changes."""
    command = [sys.executable, "-c", DELTA_RS, path, str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        run.results["that merge: delta-rs in-process, change feed"] = float(done.stdout)
    else:
        print(done.stderr[-500:], file=sys.stderr)
