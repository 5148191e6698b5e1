"""What the tests of statements that change rows share: tables to change, and what changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.rows import changes, sorted_rows

CDF = {"delta.enableChangeDataFeed": "true"}
VECTORS = {"delta.enableDeletionVectors": "true"}
PLAIN = {"delta.enableChangeDataFeed": "false"}
KINDS = {"plain": PLAIN, "cdf": CDF, "vectors": {**PLAIN, **VECTORS}, "both": {**CDF, **VECTORS}}
COLUMNS = "id BIGINT, v STRING, n INT"
ROWS = "(1L,'a',10),(2L,'b',20),(3L,'a',30),(4L,'b',40),(5L,NULL,50)"


def create(spark, path, columns=COLUMNS, properties=PLAIN, partitioned="", values=ROWS):
    listed = ", ".join(f"'{key}' = '{value}'" for key, value in properties.items())
    by = f"PARTITIONED BY ({partitioned})" if partitioned else ""
    spark.sql(f"CREATE TABLE delta.`{path}` ({columns}) USING delta {by} TBLPROPERTIES ({listed})")
    spark.sql(f"INSERT INTO delta.`{path}` SELECT /*+ COALESCE(1) */ * FROM VALUES {values}")
    return f"delta.`{path}`"


def affected(spark, statement):
    result = spark.sql(statement)
    assert result.columns == ["num_affected_rows"]
    return result.collect()[0][0]


def table(spark, target):
    return sorted_rows(spark.sql(f"SELECT * FROM {target}"))


def last(spark, target):
    """Operation, parameters without expression ids, metrics without times and sizes, of the latest version."""
    row = spark.sql(f"DESCRIBE HISTORY {target} LIMIT 1").collect()[0]
    parameters = {key: re.sub(r"#\d+L?", "", value) for key, value in row.operationParameters.items()}
    metrics = {
        key: int(value)
        for key, value in row.operationMetrics.items()
        if not key.endswith("TimeMs") and not key.endswith("Bytes")
    }
    return row.version, row.operation, parameters, metrics


def feed(spark, path, version, *columns):
    df = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", version).load(path)
    return [row[1:] for row in changes(df, *columns)]


def actions(path, version, kind):
    lines = (Path(path) / "_delta_log" / f"{version:020d}.json").read_text().splitlines()
    return [action[kind] for action in map(json.loads, lines) if kind in action]


def metric_defaults(**given):
    names = (
        "numRemovedFiles numAddedFiles numCopiedRows numAddedChangeFiles numDeletionVectorsAdded "
        "numDeletionVectorsRemoved numDeletionVectorsUpdated"
    )
    return {**dict.fromkeys(names.split(), 0), **given}
