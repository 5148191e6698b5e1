"""Real Spark + Delta Lake as a process that answers questions, one JSON line each. Used as a module and run as a script.

The process starts in about 20 s and uses 2 GB: one for all tests (the `oracle` fixture), never one per test.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HOME = Path(os.environ.get("DELTIC_CACHE", Path.home() / ".cache" / "deltic")) / "oracle"
ROOT = Path(__file__).resolve().parents[1]


class OracleError(RuntimeError):
    """What Spark raised: the first lines of its message."""


class Oracle:
    """The handle of the process; a context manager. Used from one thread.

    `conf`: settings besides its own; with S3A's among them the jars of Hadoop's S3 client are loaded.
    """

    def __init__(self, conf: Mapping[str, str] | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="deltic-oracle-")
        self._log = open(Path(self._folder.name) / "log", "w+")
        # A Connect client's process tells its children to be one too; this child is not.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SPARK_")}
        environment |= {"TZ": "UTC", "PYTHONPATH": f"{ROOT}:{HOME}", "ORACLE_WAREHOUSE": self._folder.name}
        environment["ORACLE_CONF"] = json.dumps(dict(conf or {}))
        self._process = subprocess.Popen(
            [str(HOME / "venv" / "bin" / "python"), str(Path(__file__).resolve())],
            cwd=HOME,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=environment,
        )

    def read(self, path: str, **options: object) -> dict:
        """A Delta table: {"schema": …, "rows": [{column: value}]}, rows encoded and sorted (tests/encoding.py)."""
        return self._ask({"do": "read", "path": path, "options": {k: str(v) for k, v in options.items()}})

    def sql(self, query: str) -> dict:
        """The result of a statement, as read() gives it."""
        return self._ask({"do": "sql", "query": query})

    def stream(self, source: str, target: str, checkpoint: str, **options: object) -> None:
        """Runs a streaming query from one Delta table into another until all that is there is read."""
        options = {k: str(v) for k, v in options.items()}
        self._ask({"do": "stream", "source": source, "target": target, "checkpoint": checkpoint, "options": options})

    def close(self) -> None:
        """Ends the process; it has ended when this returns."""
        if self._process.poll() is None:
            self._process.stdin.close()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process.stdout.close()
        self._log.close()
        self._folder.cleanup()

    def __enter__(self) -> Oracle:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, question: dict) -> dict:
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self._log.flush()
            self._log.seek(0)
            raise RuntimeError("real Spark ended:\n" + self._log.read()[-4000:])
        answer = json.loads(line)
        if "error" in answer:
            raise OracleError(answer["error"])
        return answer


def _serve() -> None:
    # Spark's JVM and its Python print to stdout too: answers go to a copy of it, everything else to stderr.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import time

    time.tzset()
    from oracle_session import get_spark

    from tests.encoding import encode_rows

    warehouse = os.environ["ORACLE_WAREHOUSE"]
    os.chdir(warehouse)
    conf = json.loads(os.environ["ORACLE_CONF"])
    s3 = any(key.startswith("spark.hadoop.fs.s3a.") for key in conf)
    spark = get_spark(os.path.join(warehouse, "warehouse"), driver_memory="2g", app="interop", s3=s3, conf={
        "spark.databricks.delta.snapshotPartitions": "2", "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.shuffle.partitions": "2", **conf})  # fmt: skip
    for line in sys.stdin:
        question = json.loads(line)
        try:
            if question["do"] == "read":
                df = spark.read.format("delta").options(**question["options"]).load(question["path"])
            elif question["do"] == "stream":
                source = spark.readStream.format("delta").options(**question["options"]).load(question["source"])
                writer = source.writeStream.format("delta").option("checkpointLocation", question["checkpoint"])
                writer.trigger(availableNow=True).start(question["target"]).awaitTermination()
                df = spark.sql("SELECT 1")
            else:
                df = spark.sql(question["query"])
            answer = {"schema": json.loads(df.schema.json()), "rows": encode_rows(df)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {str(error)[:2000]}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    spark.stop()


if __name__ == "__main__":
    _serve()
