"""Records what real Spark answers to `SELECT <line> AS v` for every line of the family files beside this script.

    python record.py family …      (the oracle's Python: pyspark 3.5.5; ANSI off, session zone America/Los_Angeles)

The family variant was recorded by Spark 4.1.1 (tools/oracle/setup-4): Spark 3.5 has no VARIANT.

<family>.sql   one expression per line; aggregates as scalar subqueries: (SELECT sum(a) FROM VALUES (1) t(a))
<family>.json  a list in the same order: {"sql", "type", "nullable", "value"} or {"sql", "error", "message"}, where
               error is Spark's condition, "?" when it has none
Values: float {"float": repr}, decimal {"decimal": text}, binary {"binary": hex}, date {"date": iso},
timestamp {"timestamp": text, in UTC}, day-time interval {"micros": n}, map {"map": [[k, v], …]}, struct {"struct": […]},
variant {"variant": [hex of its value, hex of its metadata]}.
"""

import datetime
import decimal
import json
import os
import pathlib
import sys
import time

os.environ["TZ"] = "UTC"
time.tzset()

from pyspark.sql import SparkSession  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


def encode(v):
    if v is None or isinstance(v, (bool, str, int)):
        return v
    if isinstance(v, float):
        return {"float": repr(v)}
    if isinstance(v, decimal.Decimal):
        return {"decimal": str(v)}
    if isinstance(v, (bytes, bytearray)):
        return {"binary": bytes(v).hex()}
    if isinstance(v, datetime.datetime):
        return {"timestamp": v.isoformat(sep=" ")}
    if isinstance(v, datetime.date):
        return {"date": v.isoformat()}
    if isinstance(v, datetime.timedelta):
        return {"micros": v // datetime.timedelta(microseconds=1)}
    if isinstance(v, dict):
        return {"map": [[encode(k), encode(x)] for k, x in v.items()]}
    if isinstance(v, tuple):
        return {"struct": [encode(x) for x in v]}
    if isinstance(v, list):
        return [encode(x) for x in v]
    if type(v).__name__ == "VariantVal":
        return {"variant": [v.value.hex(), v.metadata.hex()]}
    return {"other": str(v)}


def answer(spark, sql):
    try:
        df = spark.sql(f"SELECT {sql} AS v")
        field = df.schema.fields[0]
        value = encode(df.collect()[0][0])
        return {"sql": sql, "type": field.dataType.simpleString(), "nullable": field.nullable, "value": value}
    except Exception as error:  # every failure is an answer
        get = getattr(error, "getErrorClass", None)
        return {"sql": sql, "error": (get() if get else None) or "?", "message": str(error)[:300]}


def main():
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "America/Los_Angeles")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.ansi.enabled", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    for family in sys.argv[1:]:
        path = HERE / f"{family}.sql"
        lines = [line.strip() for line in path.read_text().splitlines()]
        out = [answer(spark, line) for line in lines if line and not line.startswith("--")]
        text = ",\n".join(json.dumps(row, ensure_ascii=False) for row in out)
        path.with_suffix(".json").write_text("[\n" + text + "\n]\n")
        print(family, len(out), sum("error" in row for row in out), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
