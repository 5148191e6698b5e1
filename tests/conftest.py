"""Fixtures of all tests. The engine is chosen by DELTIC_TEST_MASTER: see tests/fixtures/config.py."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

# PySpark shows timestamps in the machine's time zone; expected values are UTC.
os.environ["TZ"] = "UTC"
time.tzset()

# A pytest-xdist worker's __main__ has neither a spec nor a file, which pyspark-client 4.2 takes for a doctest run.
if not hasattr(sys.modules["__main__"], "__file__"):
    sys.modules["__main__"].__file__ = "pytest-xdist-worker"

import deltic  # noqa: E402
import pytest  # noqa: E402

from tests.fixtures.config import SparkConfig  # noqa: E402
from tests.fixtures.delta_spark import DeltaSparkManager  # noqa: E402
from tests.fixtures.sanitizers import Reports  # noqa: E402

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WITH_REAL_SPARK = "RealSpark"  # in the name of every class whose tests want real Spark (marker oracle)

deltic.install()  # DeltaTable for PySpark 3.5's Spark Connect sessions
_reports = Reports()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Generator[None, None, None]:
    """Fails a test during which a server's sanitizer reported something; fixtures are gone by then."""
    yield
    text = _reports.new_text()
    if text:
        pytest.fail(f"a sanitizer's report:\n{text}", pytrace=False)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Files stay together, and so do all tests that want real Spark: one worker starts it, once."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return WITH_REAL_SPARK if WITH_REAL_SPARK in nodeid else super()._split_scope(nodeid)

    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from tests.fixtures.engine import ORACLE_HOME

    on_deltic = SparkConfig().master_url == "deltic"
    for item in items:
        wants, named = item.get_closest_marker("oracle") is not None, WITH_REAL_SPARK in item.nodeid
        assert wants == named, f"{item.nodeid}: the marker oracle goes with a class of a name like TestRealSpark"
        if item.get_closest_marker("deltic") and not on_deltic:
            item.add_marker(pytest.mark.skip(reason="only for the deltic server that the fixtures start"))
        if item.get_closest_marker("oracle") and not (ORACLE_HOME / ".done").exists():
            item.add_marker(pytest.mark.skip(reason="real Spark is not installed: tools/setup-python oracle"))


@pytest.fixture(scope="session")
def delta_spark() -> Iterator[DeltaSparkManager]:
    """A DeltaSparkManager for the whole test session."""
    manager = DeltaSparkManager()
    manager.get_spark_session()
    yield manager
    manager.stop_spark_session()


@pytest.fixture(scope="session")
def spark_session(delta_spark: DeltaSparkManager) -> SparkSession:
    """A Spark session with Delta Lake for the whole test session."""
    return delta_spark.get_spark_session()


@pytest.fixture(scope="session")
def warehouse_uri(delta_spark: DeltaSparkManager) -> str:
    """s3a://warehouse/, or what stands for it on this engine; ends in a slash."""
    return delta_spark.warehouse_uri


@pytest.fixture
def delta_table_path(request: pytest.FixtureRequest) -> Iterator[str]:
    """A path where nothing is yet; what the test writes there is removed afterwards."""
    name = re.sub(r"\W+", "_", request.node.name)[:40]
    home = Path(tempfile.mkdtemp(prefix=f"delta-{name}-", dir=os.environ.get("DELTIC_TEST_TABLES")))
    home.chmod(0o777)  # a server of another user may write there
    yield str(home / "table")
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def table_name(spark_session: SparkSession, request: pytest.FixtureRequest) -> Iterator[str]:
    """A name that no table or view has; the table is dropped afterwards."""
    name = "t_" + re.sub(r"\W+", "_", request.node.name.lower())[:50] + f"_{os.getpid()}"
    spark_session.sql(f"DROP TABLE IF EXISTS {name}")
    yield name
    spark_session.sql(f"DROP TABLE IF EXISTS {name}")
