"""Delta statements and DataFrame calls: what real Spark + Delta recorded for every case of tests/gold/delta."""

from __future__ import annotations

import pytest

from tests.gold.corpora import corpus

DELTA = corpus("delta")


@pytest.mark.parametrize("name", DELTA.parameters())
def test_recorded_by_real_spark(spark, name):
    DELTA.check(spark, name)
