"""OPTIMIZE of a table of many small files, beside delta-rs in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from run import Run

FILES = 100
ROWS = 20_000  # of each file

DELTA_RS = """
import sys, time
from deltalake import DeltaTable, WriterProperties
properties = WriterProperties(compression=sys.argv[2]) if len(sys.argv) > 2 else None
began = time.perf_counter()
done = DeltaTable(sys.argv[1]).optimize.compact(writer_properties=properties)
print((time.perf_counter() - began) * 1000)
assert done["numFilesRemoved"] == 100, done
"""


def optimize(run: Run) -> None:
    """100 files of 20,000 rows each into one. delta-rs compresses with zstd unless told otherwise, the others with snappy."""
    table = run.path()
    for i in range(FILES):
        run.spark.range(i * ROWS, (i + 1) * ROWS).selectExpr(
            "id", "id % 1000 AS grp", "(id * 7919 % 100003) / 7.0D AS price",
            "concat('name ', CAST(id % 5000 AS STRING)) AS name"
        ).coalesce(1).write.format("delta").mode("append").save(table)  # fmt: skip
    times = 3 if run.engine.name != "spark" else 1
    copies = [run.path() for _ in range(times)]
    peers = {name: run.path() for name in ("", "SNAPPY")} if run.engine.name == "deltic" else {}
    for path in [*copies, *peers.values()]:
        shutil.copytree(table, path)
    left = list(copies)
    run.measure(
        f"optimize {FILES} files",
        lambda: run.spark.sql(f"OPTIMIZE delta.`{left.pop()}`").collect(),
        times=times,
        warm=0,
    )
    for codec, path in peers.items():
        command = [sys.executable, "-c", DELTA_RS, path, *([codec] if codec else [])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            run.results[f"that: delta-rs in-process{', ' + codec.lower() if codec else ''}"] = float(done.stdout)
        else:
            print(done.stderr[-500:], file=sys.stderr)
    for path in [table, *copies, *peers.values()]:
        shutil.rmtree(path, ignore_errors=True)
