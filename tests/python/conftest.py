"""Fixtures that several files here share."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def spark(spark_session):
    return spark_session


@pytest.fixture(scope="session")
def oracle():
    """Real Spark in a process of its own, one for all tests (tests/oracle.py)."""
    from tests.oracle import Oracle

    with Oracle() as running:
        yield running


@pytest.fixture(scope="module")
def minio():
    """A MinIO server with the buckets warehouse and delta (tests/fixtures/servers.py)."""
    from tests.fixtures.servers import Minio

    server = Minio()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def home():
    """A directory for the tables of a module."""
    path = tempfile.mkdtemp(prefix="deltic-home-")
    yield Path(path)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def staff(spark):
    return spark.createDataFrame(
        [
            (1, "Ann", "dev", 100.0, dt.date(2020, 1, 1)),
            (2, "Bob", "dev", 80.0, dt.date(2021, 5, 1)),
            (3, "Cid", "ops", 70.0, None),
            (4, "Dee", "ops", None, dt.date(2019, 3, 3)),
            (5, "Eve", None, 90.0, dt.date(2022, 7, 7)),
        ],
        "id int, name string, team string, pay double, since date",
    )


@pytest.fixture
def the_server_lives_on(spark, delta_spark):
    """Afterwards the server is the one that it was, and answers."""
    pid = delta_spark.engine.server.pid
    yield
    assert delta_spark.engine.server.running and delta_spark.engine.server.pid == pid
    assert [tuple(row) for row in spark.sql("SELECT 1").collect()] == [(1,)]
