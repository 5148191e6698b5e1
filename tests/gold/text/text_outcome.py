"""Runs one case on an engine and tells all that a user can see of it, as plain JSON values."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
import zlib
from pathlib import Path
from typing import Any

from text_case import Expression, Parse, Read, Write

from tests.errors import condition
from tests.gold_value import as_gold


class CannotAsk(Exception):
    """The client has no way to say this."""


def cause(error: Exception) -> str:
    """The condition of an error; real Spark wraps those of tasks."""
    named = [name for name in re.findall(r"\[([A-Z][A-Z0-9_.]+)\]", str(error)) if name != "TASK_WRITE_FAILED"]
    return named[0] if named else condition(error)


def failed(error: Exception, folder: str) -> dict[str, Any]:
    out: dict[str, Any] = {"error": cause(error), "message": str(error).replace(folder, "{folder}")[:400]}
    record = re.search(r"(?:record parsing: |Malformed CSV record: )(.*?)\.?\n", str(error))
    if record:
        out["record"] = record.group(1).removesuffix(".")
    return out


def shape(schema) -> list:
    return [[field.name, field.dataType.simpleString(), field.nullable] for field in schema.fields]


def table(df, ordered: bool) -> dict[str, Any]:
    collected = df.collect()  # first: PySpark 3.5's Connect cannot show every schema that a query fails over
    schema = df.schema
    found = [[as_gold(row[i], f.dataType) for i, f in enumerate(schema.fields)] for row in collected]
    return {"schema": shape(schema), "rows": found if ordered else sorted(found, key=lambda r: json.dumps(r))}


def read(spark, case: Read, folder: str) -> dict[str, Any]:
    for name, data in case.files.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    reader = spark.read.format(case.format).options(**case.options)
    if case.schema:
        reader = reader.schema(case.schema)
    df = reader.load(folder)
    if case.where:
        df = df.where(case.where)
    if case.select:
        df = df.selectExpr(*[f"{text} AS v{i}" for i, text in enumerate(case.select)])
    return table(df, ordered=len(case.files) == 1)


def parse(spark, case: Parse) -> dict[str, Any]:
    reader = spark.read.options(**case.options)
    if case.schema:
        reader = reader.schema(case.schema)
    if type(spark).__module__.startswith("pyspark.sql.connect"):
        import pyspark

        if pyspark.__version__ < "4.1":
            raise CannotAsk("reading a DataFrame of strings")
        lines = spark.createDataFrame([(line,) for line in case.lines], "value string").coalesce(1)
    else:
        lines = spark.sparkContext.parallelize(case.lines, 1)
    return table(getattr(reader, case.format)(lines), ordered=True)


def contents(path: Path) -> str:
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    if path.suffix == ".deflate":
        data = zlib.decompress(data)
    return data.decode("latin-1")


def write(spark, case: Write, folder: str) -> dict[str, Any]:
    target = Path(folder) / "out"
    writer = spark.sql(case.query).coalesce(1).write.format(case.format).options(**case.options)
    if case.partition:
        writer = writer.partitionBy(*case.partition)
    writer.save(str(target))
    files = [p for p in sorted(target.rglob("*")) if p.is_file() and p.name[0] not in "._"]
    return {
        "files": [[str(p.parent.relative_to(target)), re.sub(r"^part-[^.]*", "", p.name), contents(p)] for p in files]
    }


def outcome(spark, case) -> dict[str, Any]:
    """{"schema", "rows"}, {"files"} or {"error", "message"[, "record"]}."""
    with tempfile.TemporaryDirectory(prefix="text-case-") as folder:
        Path(folder).chmod(0o777)
        for key, value in case.conf.items() if not isinstance(case, Parse) else ():
            spark.conf.set(key, value)
        try:
            if isinstance(case, Read):
                return read(spark, case, folder)
            if isinstance(case, Parse):
                return parse(spark, case)
            if isinstance(case, Write):
                return write(spark, case, folder)
            assert isinstance(case, Expression)
            return table(spark.sql("SELECT " + case.sql), ordered=True)
        except CannotAsk:
            raise
        except Exception as error:
            return failed(error, folder)
        finally:
            for key in case.conf if not isinstance(case, Parse) else ():
                spark.conf.unset(key)
