"""Servers that write one table on MinIO at the same time through a failing network (tests/concurrent_writers.py)."""

from __future__ import annotations

import pytest

from tests.concurrent_writers import UPDATES_LOSE_TO, run
from tests.fixtures.servers import Minio, Toxiproxy

pytestmark = pytest.mark.deltic


def test_no_row_is_lost_or_doubled():
    minio, toxiproxy = Minio(), Toxiproxy()
    try:
        report = run(6, 3, 3, minio, toxiproxy)
    finally:
        toxiproxy.stop()
        minio.stop()
    assert not report.wrong
    assert report.rows >= 6 * 3 - report.told.total()
    assert report.commits >= 6 * 3 + 3 * 3 - report.told.total()
    assert set(report.told) & UPDATES_LOSE_TO or not report.told  # three that count on one file race
