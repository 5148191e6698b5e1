"""Records what real Spark 3.5.5 answers to the queries of <file>.sql into <file>.sql.json.

Run with the oracle's Python: `venv/bin/python record_queries.py queries …` (see tools/setup oracle). Each query
starts after a line `-- name`; temporary views of the first block (`-- setup`) are visible to all.
A recorded value is null, a boolean, an integer, a string, a list, {"f": "1.5"} (float, double), {"dec": "1.20"},
{"date": "2020-01-31"}, {"ts": micros since 1970}, {"ntz": micros}, {"bin": hex}, {"map": [[key, value], …]},
{"row": [fields]} or {"iv": text of an interval}.
"""

import datetime
import decimal
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
EPOCH = datetime.datetime(1970, 1, 1)


def encode(value, dtype):
    from pyspark.sql import types as t

    if value is None or isinstance(value, bool) or isinstance(dtype, (t.StringType, t.IntegralType)):
        return value
    if isinstance(value, float):
        return {"f": repr(value)}
    if isinstance(value, decimal.Decimal):
        return {"dec": format(value, "f")}
    if isinstance(dtype, t.TimestampType):
        return {"ts": round((value - EPOCH).total_seconds() * 1_000_000)}
    if isinstance(dtype, t.TimestampNTZType):
        return {"ntz": round((value - EPOCH).total_seconds() * 1_000_000)}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, (bytes, bytearray)):
        return {"bin": value.hex()}
    if isinstance(dtype, t.ArrayType):
        return [encode(v, dtype.elementType) for v in value]
    if isinstance(dtype, t.MapType):
        return {"map": [[encode(k, dtype.keyType), encode(v, dtype.valueType)] for k, v in value.items()]}
    if isinstance(dtype, t.StructType):
        return {"row": [encode(v, f.dataType) for v, f in zip(value, dtype.fields)]}
    return {"iv": str(value)}


def read_queries(path):
    name, lines, out = None, [], []
    for line in open(path, encoding="utf-8"):
        if line.startswith("-- "):
            if name is not None:
                out.append((name, "".join(lines).strip().rstrip(";")))
            name, lines = line[3:].strip(), []
        else:
            lines.append(line)
    out.append((name, "".join(lines).strip().rstrip(";")))
    return out


def record(spark, path):
    recorded = []
    for name, sql in read_queries(path):
        if name == "setup":
            for statement in sql.split(";"):
                spark.sql(statement)
            continue
        entry = {"name": name, "sql": sql}
        try:
            df = spark.sql(sql)
            entry["schema"] = json.loads(df.schema.json())
            entry["rows"] = [[encode(v, f.dataType) for v, f in zip(row, df.schema.fields)] for row in df.collect()]
        except Exception as error:  # every failure is an answer worth recording
            condition = getattr(error, "getErrorClass", lambda: None)()
            entry.pop("schema", None)
            entry["error"] = {
                "condition": condition,
                "params": dict(getattr(error, "getMessageParameters", lambda: {})() or {}),
            }
            if condition is None:
                entry["error"]["text"] = str(error).splitlines()[0][:300]
        recorded.append(entry)
    with open(path + ".json", "w", encoding="utf-8") as out:
        out.write("[\n" + ",\n".join(json.dumps(e, ensure_ascii=False) for e in recorded) + "\n]\n")


def main():
    os.environ["TZ"] = "UTC"
    sys.path.insert(0, os.environ.get("DELTIC_ORACLE", os.getcwd()))
    from oracle_session import get_spark

    spark = get_spark(os.path.join(os.environ.get("TMPDIR", "/tmp"), "record-queries-warehouse"))
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    for name in sys.argv[1:] or ["queries", "windows"]:
        record(spark, os.path.join(HERE, name + ".sql"))
    spark.stop()


if __name__ == "__main__":
    main()
