"""Runs one MERGE case on an engine and tells all that a user can see of it, as plain JSON values."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.gold.merge.cases import CASES, TABLES, Case
from tests.gold.outcome import cause, stable_metrics, stable_parameters, text
from tests.rows import plain


def runs() -> dict[str, Any]:
    """Name of a case → what runs it on a session."""
    return {f"{case.name}-{table}": partial(outcome, case=case, table=table) for case in CASES for table in case.tables}


def outcome(spark, case: Case, table: str) -> dict[str, Any]:
    """{"result", "rows", "schema", "changes", "version", "parameters", "metrics"} or {"error", "message"}."""
    t, s = f"target_{case.name}_{table}", f"source_{case.name}_{table}"
    properties = TABLES[table] | case.properties
    listed = ", ".join(f"'{k}' = '{v}'" for k, v in properties.items())
    partition = f"PARTITIONED BY ({case.partition})" if case.partition else ""
    spark.sql(f"DROP TABLE IF EXISTS {t}")
    spark.sql(f"CREATE TABLE {t} ({case.target}) USING delta {partition} TBLPROPERTIES ({listed})")
    try:
        for values in case.files:
            spark.sql(f"INSERT INTO {t} SELECT /*+ COALESCE(1) */ * FROM VALUES {values}")
        if case.source:
            spark.sql(f"CREATE OR REPLACE TEMP VIEW {s} AS SELECT * FROM VALUES {case.source} AS x({case.columns})")
        for statement in case.setup:
            spark.sql(statement.format(t=t, s=s)).collect()
        before = spark.sql(f"DESCRIBE HISTORY {t} LIMIT 1").collect()[0]["version"]
        for key, value in case.conf.items():
            spark.conf.set(key, value)
        try:
            done = spark.sql(case.merge.format(t=t, s=s)).collect()
        except Exception as error:
            return {"error": cause(error), "message": str(error).replace(t, "{t}").replace(s, "{s}")[:400]}
        finally:
            for key in case.conf:
                spark.conf.unset(key)
        return {"result": [plain(row) for row in done]} | seen(spark, t, before, properties)
    finally:
        spark.sql(f"DROP TABLE IF EXISTS {t}")
        spark.catalog.dropTempView(s)


def seen(spark, t: str, before: int, properties: dict[str, str]) -> dict[str, Any]:
    """The table after the merge, and what the merge's commits say; `before` is the version it found."""
    df = spark.table(t)
    history = spark.sql(f"DESCRIBE HISTORY {t} LIMIT 1").collect()[0]
    out: dict[str, Any] = {
        "schema": df.schema.simpleString(),
        "rows": sorted(text(row) for row in df.collect()),
        "commits": history["version"] - before,
    }
    if history["version"] == before:
        return out
    out["operation"] = history["operation"]
    out["blind"] = history["isBlindAppend"]
    out["parameters"] = stable_parameters(history["operationParameters"])
    out["metrics"] = stable_metrics(history["operationMetrics"])
    if properties["delta.enableChangeDataFeed"] == "true":
        changes = spark.sql(f"SELECT * FROM table_changes('{t}', {before + 1})")
        columns = [c for c in changes.columns if c not in ("_commit_version", "_commit_timestamp")]
        out["changes"] = sorted(text(row) for row in changes.select(*columns).collect())
    return out
