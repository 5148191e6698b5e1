"""Values of Spark as JSON, the encoding of tests/data/golden/*/expected.json (head of tools/oracle/make_golden.py)."""

from __future__ import annotations

import base64
import json
import math


def encode(value, data_type):
    """A collected value of a Spark type as golden JSON has it."""
    from pyspark.sql import types as T

    if value is None:
        return None
    if isinstance(data_type, T.StructType):
        return {"struct": {f.name: encode(value[i], f.dataType) for i, f in enumerate(data_type.fields)}}
    if isinstance(data_type, T.ArrayType):
        return [encode(item, data_type.elementType) for item in value]
    if isinstance(data_type, T.MapType):
        pairs = [[encode(k, data_type.keyType), encode(v, data_type.valueType)] for k, v in value.items()]
        return {"map": sorted(pairs, key=lambda pair: json.dumps(pair, sort_keys=True))}
    if isinstance(data_type, T.DecimalType):
        return {"decimal": format(value, "f")}
    if isinstance(data_type, T.TimestampNTZType):
        return {"timestamp_ntz": value.isoformat(timespec="microseconds")}
    if isinstance(data_type, T.TimestampType):
        return {"timestamp": value.isoformat(timespec="microseconds") + "Z"}
    if isinstance(data_type, T.DateType):
        return {"date": value.isoformat()}
    if isinstance(data_type, T.BinaryType):
        return {"binary": base64.b64encode(bytes(value)).decode()}
    if isinstance(data_type, (T.DoubleType, T.FloatType)):
        special = math.isnan(value) or math.isinf(value) or (value == 0 and math.copysign(1, value) < 0)
        return {"double": repr(value)} if special else value
    if data_type.typeName() == "variant":
        return {"variant": value.toJson()}
    return value


def encode_rows(df) -> list[dict]:
    """The rows as {column: value}, sorted by their JSON text."""
    schema = df.schema
    out = [{f.name: encode(row[i], f.dataType) for i, f in enumerate(schema.fields)} for row in df.collect()]
    return sorted(out, key=lambda row: json.dumps(row, sort_keys=True))
