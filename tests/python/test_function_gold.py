"""Expressions whose type, nullability and value real Spark recorded (tests/gold/functions/*.json), one test each.

Recorded as [{"sql", "type", "nullable", "value"}, or {"sql", "error", "message"}]. Expressions are sent many at a time,
and one by one where a group fails, so that a failure names its expression.
"""

from __future__ import annotations

import datetime
import decimal
import json
from pathlib import Path

import pyspark
import pytest

from tests.encoding import encode
from tests.errors import condition
from tests.fixtures.config import SparkConfig
from tests.known import known_difference, known_list

GOLD = Path(__file__).resolve().parents[1] / "gold" / "functions"
FAMILIES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(GOLD.glob("*.json"))
    if path.stem != "known"
}
TIME_ZONE = "America/Los_Angeles"  # of the session that recorded
GROUP = 40


def as_recorded(value):
    """A collected value in the encoding of the records."""
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, decimal.Decimal):
        return {"decimal": str(value)}
    if isinstance(value, (bytes, bytearray)):
        return {"binary": bytes(value).hex()}
    if isinstance(value, datetime.datetime):
        return {"timestamp": value.isoformat(sep=" ")}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {"micros": value // datetime.timedelta(microseconds=1)}
    if isinstance(value, dict):
        return {"map": [[as_recorded(k), as_recorded(v)] for k, v in value.items()]}
    if isinstance(value, tuple):
        return {"struct": [as_recorded(item) for item in value]}
    if isinstance(value, list):
        return [as_recorded(item) for item in value]
    if type(value).__name__ == "VariantVal":
        return {"variant": [bytes(value.value).hex(), bytes(value.metadata).hex()]}
    return {"other": str(value)}


def without_order(value):
    """The same with the entries of maps sorted: PySpark's classic client, which recorded, gives them in any order."""
    if isinstance(value, list):
        return [without_order(item) for item in value]
    if isinstance(value, dict):
        out = {key: without_order(item) for key, item in value.items()}
        if "map" in out:
            out["map"] = sorted(out["map"], key=lambda entry: json.dumps(entry, sort_keys=True))
        return out
    return value


class Answers:
    """Expression → (type, nullable, value) or the exception, asked for a family at a time."""

    def __init__(self, spark) -> None:
        self._spark = spark
        self._families: dict[str, dict[str, object]] = {}

    def of(self, family: str, sql: str):
        if family not in self._families:
            known: dict[str, object] = {}
            texts = list(dict.fromkeys(case["sql"] for case in FAMILIES[family] if "error" not in case))
            for at in range(0, len(texts), GROUP):
                self._ask(texts[at : at + GROUP], known)
            self._families[family] = known
        if sql not in self._families[family]:
            self._ask([sql], self._families[family])
        return self._families[family][sql]

    def _ask(self, texts: list[str], known: dict[str, object]) -> None:
        try:
            df = self._spark.sql("SELECT " + ", ".join(f"{text} AS v{i}" for i, text in enumerate(texts)))
            fields, (row,) = df.schema.fields, df.collect()
        except Exception as error:
            if len(texts) == 1:
                known[texts[0]] = error
                return
            half = len(texts) // 2
            self._ask(texts[:half], known)
            self._ask(texts[half:], known)
            return
        for text, field, value in zip(texts, fields, row, strict=True):
            values = (as_recorded(value), encode(value, field.dataType))  # families were recorded in either encoding
            known[text] = (field.dataType.simpleString(), field.nullable, values)


@pytest.fixture(scope="module")
def answers(delta_spark):
    from tests.fixtures.delta_spark import DeltaSparkManager

    manager = DeltaSparkManager(delta_spark.spark_config)
    spark = manager.get_spark_session()
    spark.conf.set("spark.sql.session.timeZone", TIME_ZONE)
    yield Answers(spark)
    manager.stop_spark_session()


KNOWN = known_list(GOLD / "known.json")
CASES = [
    pytest.param(
        family,
        case,
        id=f"{family}-{i}-{case['sql'][:40]}".encode("ascii", "replace").decode(),
        marks=[known_difference(KNOWN[case["sql"]])] if case["sql"] in KNOWN else [],
    )
    for family, cases in FAMILIES.items()
    for i, case in enumerate(cases)
]


@pytest.mark.parametrize("family,case", CASES)
def test_expression(answers, family, case):
    if family == "variant" and (pyspark.__version__ < "4" or SparkConfig().master_url != "deltic"):
        pytest.skip("VARIANT needs Spark 4")
    got = answers.of(family, case["sql"])
    if "error" in case:
        assert isinstance(got, Exception), f"{case['sql']} is {got}, Spark raises {case['error']}: {case['message']}"
        named = case["error"].isupper() and not case["error"].startswith("_LEGACY")
        if named:  # a public condition, not a class or a number of Spark's own
            assert condition(got) == case["error"], f"{case['sql']}: {got}"
        return
    if isinstance(got, Exception):
        raise AssertionError(f"{case['sql']} raises {str(got)[:300]}; Spark has {case['value']}") from None
    assert got[0] == case["type"], case["sql"]
    assert without_order(case["value"]) in [without_order(value) for value in got[2]], (
        f"{case['sql']} is {got[2][0]}, Spark has {case['value']}"
    )
    assert got[1] == case["nullable"], f"{case['sql']}: nullable"
