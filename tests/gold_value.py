"""Values of Spark as JSON, the encoding of tests/gold: null, boolean, integer, string, list, {"f": "1.5"} (float, double),
{"dec": "1.20"}, {"date": "2020-01-31"}, {"ts": microseconds since 1970}, {"ntz": microseconds}, {"bin": hex},
{"map": [[key, value], …]}, {"row": [fields]} or {"iv": an interval's text}."""

from __future__ import annotations

import datetime
import decimal

_EPOCH = datetime.datetime(1970, 1, 1)


def as_gold(value, data_type):
    """A collected value of a Spark type as the recorded JSON has it."""
    from pyspark.sql import types as t

    if value is None or isinstance(value, bool) or isinstance(data_type, (t.StringType, t.IntegralType)):
        return value
    if isinstance(value, float):
        return {"f": repr(value)}
    if isinstance(value, decimal.Decimal):
        return {"dec": format(value, "f")}
    if isinstance(data_type, t.TimestampType):
        return {"ts": _micros(value)}
    if isinstance(data_type, t.TimestampNTZType):
        return {"ntz": _micros(value)}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, (bytes, bytearray)):
        return {"bin": value.hex()}
    if isinstance(data_type, t.ArrayType):
        return [as_gold(item, data_type.elementType) for item in value]
    if isinstance(data_type, t.MapType):
        pairs = [[as_gold(k, data_type.keyType), as_gold(v, data_type.valueType)] for k, v in value.items()]
        return {"map": pairs}
    if isinstance(data_type, t.StructType):
        return {"row": [as_gold(item, f.dataType) for item, f in zip(value, data_type.fields, strict=True)]}
    return {"iv": str(value)}


def _micros(moment: datetime.datetime) -> int:
    return (moment - _EPOCH) // datetime.timedelta(microseconds=1)
