"""A two-minute tour: `python -m deltic.quickstart`.

Starts a deltic server, writes a Delta table with PySpark, changes it, and prints its change feed and its history.
Everything is in a temporary folder that is removed at the end; `--keep DIR` writes the table to DIR and leaves it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the tour; the exit status. Raises nothing that a user should have to read a traceback for."""
    parser = argparse.ArgumentParser(prog="python -m deltic.quickstart", description=__doc__.split("\n\n")[1])
    parser.add_argument("--keep", metavar="DIR", help="write the table to DIR and leave it there")
    options = parser.parse_args(arguments)
    try:
        import pyspark
    except ImportError:
        print(
            "PySpark is missing: pip install 'pyspark[connect]==3.5.9', or pyspark-client for Spark 4.", file=sys.stderr
        )
        return 1
    from deltic import DelticServer, ServerError, get_session

    with nullcontext(options.keep) if options.keep else tempfile.TemporaryDirectory(prefix="deltic-") as home:
        os.makedirs(home, exist_ok=True)
        table = os.path.join(os.path.abspath(home), "people")
        if os.path.exists(table):
            print(f"{table} exists already: name another folder with --keep.", file=sys.stderr)
            return 1
        import pyspark.sql.connect.proto  # noqa: F401 - the client's own loading is not the server's time

        began = time.perf_counter()
        try:
            server = DelticServer(cwd=home).start()
            took_ms = (time.perf_counter() - began) * 1000
        except ServerError as error:
            print(error, file=sys.stderr)
            return 1
        with server:
            spark = get_session(server, app_name="quickstart")
            heading("A server")
            print(
                f"{server.url} answered its first request after {took_ms:.0f} ms: "
                f"Spark {spark.version}'s rules, PySpark {pyspark.__version__}, no JVM.\n"
            )
            tour(spark, table)
            spark.stop()
        if options.keep:
            print(f"The table is in {table}; any Delta Lake reader can open it.")
    return 0


def heading(text: str, code: str = "") -> None:
    """Prints a section's title, and the code that the reader would write for it."""
    title = f"── {text} " + "─" * max(0, 76 - len(text))
    print(title if "NO_COLOR" in os.environ or not sys.stdout.isatty() else f"\033[1m{title}\033[0m")
    for line in code.strip().splitlines():
        print(f"   {line}")
    if code:
        print()


def tour(spark, table: str) -> None:
    """The tour itself: version 0 is written, 1 appends, 2 overwrites."""
    heading(
        "A Delta table",
        """
df = spark.createDataFrame([(1, "Alice", "Berlin"), (2, "Bob", "Oslo")], ["id", "name", "city"])
df.write.format("delta").save(table)
""",
    )
    df = spark.createDataFrame([(1, "Alice", "Berlin"), (2, "Bob", "Oslo")], ["id", "name", "city"])
    df.write.format("delta").save(table)
    spark.read.format("delta").load(table).orderBy("id").show()

    heading(
        "Two changes: a row is added, then everybody moves",
        """
df.write.format("delta").mode("append").save(table)
moved.write.format("delta").mode("overwrite").save(table)
""",
    )
    more = spark.createDataFrame([(3, "Carol", "Rome")], ["id", "name", "city"])
    more.write.format("delta").mode("append").save(table)
    moved = spark.createDataFrame([(1, "Alice", "Lisbon"), (3, "Carol", "Lisbon")], ["id", "name", "city"])
    moved.write.format("delta").mode("overwrite").save(table)
    spark.read.format("delta").load(table).orderBy("id").show()

    heading(
        "The change feed: what every commit did to every row",
        """
spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0).load(table)
""",
    )
    feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0).load(table)
    feed.orderBy("_commit_version", "_change_type", "id").show(truncate=False)

    heading(
        "Time travel: the table as it was",
        """
spark.read.format("delta").option("versionAsOf", 0).load(table)
""",
    )
    spark.read.format("delta").option("versionAsOf", 0).load(table).orderBy("id").show()

    heading(
        "Its history",
        """
spark.sql(f"DESCRIBE HISTORY delta.`{table}`")
""",
    )
    history = spark.sql(f"DESCRIBE HISTORY delta.`{table}`")
    history.selectExpr(
        "version",
        "timestamp",
        "operation",
        "operationParameters['mode'] AS mode",
        "operationMetrics['numOutputRows'] AS rows",
    ).show(truncate=False)


if __name__ == "__main__":
    sys.exit(main())
