"""CSV, JSON and text: what real Spark recorded for every case (tests/gold/text). Passes on real Spark too
(DELTIC_TEST_MASTER=local[2])."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.errors import seen
from tests.known import known_difference, known_list

GOLD = Path(__file__).resolve().parents[1] / "gold" / "text"
sys.path.insert(0, str(GOLD))
from text_cases import CASES  # noqa: E402
from text_outcome import CannotAsk, outcome  # noqa: E402

RECORDED = json.loads((GOLD / "text.json").read_text(encoding="utf-8"))
KNOWN = known_list(GOLD / "known.json")
PARAMETERS = [
    pytest.param(case, id=case.name, marks=[known_difference(KNOWN[case.name])] if case.name in KNOWN else [])
    for case in CASES
    if case.name in RECORDED
]


@pytest.fixture(scope="module")
def spark(delta_spark):
    from tests.fixtures.delta_spark import DeltaSparkManager

    manager = DeltaSparkManager(delta_spark.spark_config)
    yield manager.get_spark_session()
    manager.stop_spark_session()


@pytest.mark.parametrize("case", PARAMETERS)
def test_recorded_by_real_spark(spark, case):
    expected = RECORDED[case.name]
    try:
        got = json.loads(json.dumps(outcome(spark, case)))
    except CannotAsk as reason:
        pytest.skip(f"this client cannot: {reason}")
    if "error" not in expected:
        assert got == expected
        return
    assert "error" in got, got
    if expected["error"]:  # else an exception of Java's or Spark's own without a condition
        assert got["error"] == seen(expected["error"]), got
    assert got.get("record") == expected.get("record"), got
