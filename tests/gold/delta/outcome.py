"""Runs one Delta case on an engine and tells all that a user can see of it, as plain JSON values."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from tests.gold.delta import alter, create, dml, feed, insert, maintenance, merge_shapes, options, statements, write
from tests.gold.delta.case import BUILT, FIRST, KINDS, SECOND, Case, Scene
from tests.gold.outcome import cause, message_parameters, stable_metrics, stable_parameters, text, without_ids

CASES: list[Case] = [
    *(
        *dml.CASES,
        *insert.CASES,
        *write.CASES,
        *create.CASES,
        *alter.CASES,
        *maintenance.CASES,
        *feed.CASES,
        *merge_shapes.CASES,
        *statements.CASES,
        *options.CASES,
    )
]
# Fields of results that differ between engines and runs.
_UNSTABLE_FIELD = re.compile(r"[tT]ime|[sS]ize|[bB]ytes|min$|max$|avg$|userId|userName|clusterId|engineInfo|Parallel")
_FILES = re.compile(r"[fF]iles")


def runs() -> dict[str, Any]:
    """Name of a case → what runs it on a session."""
    out = {f"{case.name}-{kind}": partial(outcome, case=case, kind=kind) for case in CASES for kind in case.on}
    assert len(out) == sum(len(case.on) for case in CASES), "two cases have one name"
    return out


def outcome(spark, case: Case, kind: str) -> dict[str, Any]:
    """{"result", "rows", "schema", "detail", "commits", "changes", "look"}; with "error" instead of "result" if it failed."""
    home = Path(tempfile.mkdtemp(prefix="case-"))
    home.chmod(0o777)
    scene = Scene(spark, f"c_{case.name}_{kind}", home)
    try:
        make(scene, kind)
        for step in case.setup:
            run(scene, step)
        before = version(scene)
        out = done(scene, case)
        out["commits"] = commits(scene, before, case.files)
        out |= seen(scene, before, case.files)
        for query in case.look:
            out.setdefault("look", []).append(
                attempt(scene, lambda query=query: rows_of(scene, scene.sql(query), case))
            )
        return out
    finally:
        for name in (scene.t, scene.t + "_u"):
            for what in ("TABLE", "VIEW"):
                try:
                    spark.sql(f"DROP {what} IF EXISTS {name}")
                except Exception:  # it is the other of the two
                    pass
        shutil.rmtree(home, ignore_errors=True)


def make(scene: Scene, kind: str) -> None:
    columns, clauses = KINDS[kind]
    scene.spark.sql(f"DROP TABLE IF EXISTS {scene.t}")
    if not columns:
        return
    if kind in BUILT:
        BUILT[kind](scene)
    else:
        scene.spark.sql(f"CREATE TABLE {scene.t} ({columns}) USING delta {clauses}")
    for values in (FIRST, SECOND):
        scene.spark.sql(f"INSERT INTO {scene.t} (id, v, n) SELECT /*+ COALESCE(1) */ * FROM VALUES {values}")


def run(scene: Scene, step, args: Any = None):
    """What a step gives: a DataFrame (already run if it is a statement's) or something else."""
    if callable(step):
        return step(scene)
    statement = scene.fill(step)
    df = scene.spark.sql(statement) if args is None else scene.spark.sql(statement, args=args)
    df.collect()
    return df


def done(scene: Scene, case: Case) -> dict[str, Any]:
    try:
        for key, value in case.conf.items():
            scene.spark.conf.set(key, value)
        *earlier, last = case.steps
        for step in earlier:
            run(scene, step)
        return {"result": rows_of(scene, run(scene, last, case.args), case)}
    except Exception as error:
        return failure(scene, error)
    finally:
        for key in case.conf:
            scene.spark.conf.unset(key)


def failure(scene: Scene, error: Exception) -> dict[str, Any]:
    out: dict[str, Any] = {"error": cause(error) or type(error).__name__, "message": clean(scene, str(error))[:400]}
    parameters = message_parameters(error)
    if parameters is not None:
        out["with"] = {k: clean(scene, str(v)) for k, v in sorted(parameters.items())}
    return out


def attempt(scene: Scene, what) -> Any:
    try:
        return what()
    except Exception as error:
        return failure(scene, error)


def clean(scene: Scene, value: str) -> str:
    """Text without what is another at every run: the scene's names, expression and file ids, times."""
    value = value.replace(f"file:{scene.home}", "{home}").replace(str(scene.home), "{home}")
    value = re.sub(rf"(?:file:)?/[^\s'`,\"]*/{scene.t}(?![\w])", "{path}", value)
    value = re.sub(r"part-\d{5}-[^ '`,\"]*parquet", "{file}", without_ids(value).replace(scene.t, "{t}"))
    return re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z)?", "{time}", value)


def rows_of(scene: Scene, got, case: Case) -> Any:
    """A result as JSON: rows as objects, sorted, without unstable fields."""
    if not hasattr(got, "collect") or not hasattr(got, "schema"):
        return None
    rows = [stable(scene, row, case) for row in got.collect()]
    return sorted(rows, key=repr)


def stable(scene: Scene, value: Any, case: Case) -> Any:
    from pyspark.sql import Row

    if isinstance(value, Row):
        return {
            name: stable(scene, value[i], case)
            for i, name in enumerate(value.__fields__)
            if not _UNSTABLE_FIELD.search(name) and (case.files or not _FILES.search(name))
        }
    if isinstance(value, dict):
        value = stable_parameters(value) if all(isinstance(v, str) for v in value.values()) else value
        return {str(k): stable(scene, v, case) for k, v in sorted(value.items()) if not _UNSTABLE_FIELD.search(str(k))}
    if isinstance(value, (list, tuple)):
        return [stable(scene, item, case) for item in value]
    if isinstance(value, str):
        return clean(scene, value)
    if isinstance(value, dt.datetime) and value.year > 2020:
        return "{time}"
    return value if value is None or isinstance(value, (bool, int)) else text(value)


def version(scene: Scene) -> int:
    """The table's version, -1 when there is none."""
    try:
        return scene.spark.sql(f"DESCRIBE HISTORY {scene.t} LIMIT 1").collect()[0]["version"]
    except Exception:
        return -1


def commits(scene: Scene, before: int, files: bool) -> list[dict[str, Any]]:
    """What the history says of the versions after `before`, oldest first."""
    try:
        history = scene.spark.sql(f"DESCRIBE HISTORY {scene.t}").collect()
    except Exception:
        return []
    return [
        {
            "version": row["version"],
            "operation": row["operation"],
            "parameters": {k: clean(scene, v) for k, v in stable_parameters(row["operationParameters"]).items()},
            "metrics": {
                k: v for k, v in stable_metrics(row["operationMetrics"]).items() if files or not _FILES.search(k)
            },
            "read": row["readVersion"],
            "isolation": row["isolationLevel"],
            "blind": row["isBlindAppend"],
            "user": row["userMetadata"],
        }
        for row in sorted(history, key=lambda row: row["version"])
        if row["version"] > before
    ]


def seen(scene: Scene, before: int, files: bool) -> dict[str, Any]:
    """The table after it: rows, schema, what DESCRIBE DETAIL says, and its change feed."""
    try:
        df = scene.spark.table(scene.t)
        out: dict[str, Any] = {"schema": schema_of(df.schema.jsonValue()["fields"])}
        out["rows"] = sorted(clean(scene, text(row)) for row in df.collect())
        detail = scene.spark.sql(f"DESCRIBE DETAIL {scene.t}").collect()[0].asDict(recursive=True)
    except Exception as error:
        return {"gone": cause(error)}
    out["detail"] = {
        key: without_uuids(detail[key])
        for key in (
            *("format", "partitionColumns", "clusteringColumns", "properties", "description"),
            *("minReaderVersion", "minWriterVersion", "tableFeatures", *(["numFiles"] if files else [])),
        )
        if key in detail
    }
    now = version(scene)
    if now > before and detail.get("properties", {}).get("delta.enableChangeDataFeed") == "true":
        out["changes"] = attempt(scene, lambda: changes(scene, max(before + 1, 0)))
    return out


def changes(scene: Scene, start: int) -> list[str]:
    df = scene.spark.sql(f"SELECT * FROM table_changes('{scene.t}', {start})").drop("_commit_timestamp")
    return sorted(text(row) for row in df.collect())


def schema_of(fields: Iterable[dict]) -> list[str]:
    """One text a column: name, type, nullability and metadata that users give."""
    return [
        " ".join(
            [
                f["name"],
                f["type"] if isinstance(f["type"], str) else str(f["type"]["type"]),
                *([] if f["nullable"] else ["NOT NULL"]),
                *[f"{k}={v}" for k, v in sorted(f["metadata"].items()) if not k.startswith("delta.") and "__" not in k],
            ]
        )
        for f in fields
    ]


def without_uuids(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_uuids(v) for k, v in sorted(value.items())}
    if isinstance(value, list):
        return sorted(value) if all(isinstance(v, str) for v in value) else value
    return without_ids(value) if isinstance(value, str) else value
