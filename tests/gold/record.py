"""Records what real Spark + Delta does with the cases of a corpus, into the JSON file of its folder.

python tests/gold/record.py merge|delta [prefix …]   (the oracle's Python, see tools/oracle; the cases whose names start
so, else those not yet recorded)
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.gold.corpora import corpus  # noqa: E402

SIDE_BY_SIDE = 3


def enter(session) -> None:
    session._jvm.SparkSession.setActiveSession(session._jsparkSession)


def main() -> None:
    from tests.oracle import HOME

    sys.path.insert(0, str(HOME))
    from oracle_session import get_spark

    name, *wanted = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="record-") as home:
        conf = {
            "spark.sql.shuffle.partitions": "1",
            "spark.default.parallelism": "1",
            "spark.databricks.delta.snapshotPartitions": "1",
            "spark.sql.sources.parallelPartitionDiscovery.parallelism": "2",  # else VACUUM lists in 10,000 tasks
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.driver.extraJavaOptions": "-Duser.timezone=UTC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m",
            "spark.sql.catalogImplementation": "in-memory",
            "spark.sql.legacy.createHiveTableByDefault": "false",
            "spark.sql.sources.default": "delta",
        }
        spark = get_spark(f"{home}/warehouse", conf=conf)
        corpus(name).record([spark.newSession() for _ in range(SIDE_BY_SIDE)], set(wanted), enter)
        spark.stop()


if __name__ == "__main__":
    main()
