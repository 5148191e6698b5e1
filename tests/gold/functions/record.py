"""Records what real Spark answers to `SELECT <line>` for every line of the family files beside this script.

    python record.py [family ...]      (the oracle's Python: pyspark 3.5.5; ANSI off, session zone UTC)

<family>.sql   one expression per line, optionally with FROM …; blank lines and lines that start with -- are skipped
<family>.json  a list in the same order: {"sql", "type", "nullable", "value"} of the first column of the first row,
               or {"sql", "error", "errorClass"}
Values are encoded as: decimal {"decimal": "1.00"}, date {"date": iso}, timestamp {"timestamp": iso Z},
timestamp_ntz {"timestamp_ntz": iso}, binary {"binary": base64}, NaN, infinities and -0.0 {"double": repr},
day-time interval {"micros": n}, map {"map": [[k, v], …]}, struct {"struct": {…}}.
"""
import base64
import datetime as dt
import json
import math
import os
import pathlib
import sys
import time

os.environ["TZ"] = "UTC"
time.tzset()

from pyspark.sql import SparkSession, types as T  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


def encode(v, t):
    if v is None:
        return None
    if isinstance(t, T.StructType):
        return {"struct": {f.name: encode(v[i], f.dataType) for i, f in enumerate(t.fields)}}
    if isinstance(t, T.ArrayType):
        return [encode(x, t.elementType) for x in v]
    if isinstance(t, T.MapType):
        pairs = ([encode(k, t.keyType), encode(x, t.valueType)] for k, x in v.items())
        return {"map": sorted(pairs, key=lambda p: json.dumps(p, sort_keys=True))}
    if isinstance(t, T.DecimalType):
        return {"decimal": format(v, "f")}
    if isinstance(t, T.TimestampNTZType):
        return {"timestamp_ntz": v.isoformat(timespec="microseconds")}
    if isinstance(t, T.TimestampType):
        return {"timestamp": v.isoformat(timespec="microseconds") + "Z"}
    if isinstance(t, T.DateType):
        return {"date": v.isoformat()}
    if isinstance(t, T.DayTimeIntervalType):
        return {"micros": v // dt.timedelta(microseconds=1)}
    if isinstance(t, T.BinaryType):
        return {"binary": base64.b64encode(bytes(v)).decode()}
    if isinstance(t, (T.DoubleType, T.FloatType)):
        if math.isnan(v) or math.isinf(v) or (v == 0 and math.copysign(1, v) < 0):
            return {"double": repr(v)}
    return v


def answer(spark, sql):
    try:
        df = spark.sql("SELECT " + sql)
        field = df.schema.fields[0]
        rows = df.collect()
        value = encode(rows[0][0], field.dataType) if rows else None
        return {"sql": sql, "type": field.dataType.simpleString(), "nullable": field.nullable, "value": value}
    except Exception as error:  # every failure is an answer
        get = getattr(error, "getErrorClass", None)
        condition = get() if get else None
        return {"sql": sql, "error": type(error).__name__, "errorClass": condition}


def main():
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.ansi.enabled", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    wanted = set(sys.argv[1:])
    for path in sorted(HERE.glob("*.sql")):
        if wanted and path.stem not in wanted:
            continue
        lines = [line.strip() for line in path.read_text().splitlines()]
        out = [answer(spark, line) for line in lines if line and not line.startswith("--")]
        text = ",\n".join(json.dumps(row, ensure_ascii=False) for row in out)
        path.with_suffix(".json").write_text("[\n" + text + "\n]\n")
        print(path.stem, len(out), sum("error" in row for row in out), flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
