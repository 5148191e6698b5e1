"""Pytest fixtures for tests on a deltic server: one server per test process, so `pytest -n` needs nothing more.

Fixtures
    deltic_server       session   the running DelticServer, or the URL given by --deltic-remote as a str
    deltic_session      session   a PySpark session on it
    spark_session       session   the same session, under the name that pytest-spark uses
    deltic_table_path   function  a path for a table, unique and removed after the test

A fixture of the same name in a conftest.py wins over these, as always in pytest.

With the plugin, `from delta.tables import DeltaTable` works on these sessions with every PySpark: see deltic.install().

Options (command line, else ini without the dashes)
    --deltic-binary PATH   deltic_binary   the deltic binary
    --deltic-remote URL    deltic_remote   use a server that runs already, e.g. sc://localhost:15002
    --deltic-conf K=V      deltic_conf     a Spark setting of the server; may be repeated, or one per line
    --deltic-log-dir DIR   deltic_log_dir  keep the server's output in DIR/deltic-<worker>.log
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from deltic.delta_hook import install
from deltic.server import DelticServer
from deltic.session import get_session

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("deltic", "deltic server")
    group.addoption("--deltic-binary", metavar="PATH", help="the deltic binary")
    group.addoption("--deltic-remote", metavar="URL", help="use the Spark Connect server at this sc:// URL")
    group.addoption("--deltic-conf", metavar="K=V", action="append", help="a Spark setting of the server")
    group.addoption("--deltic-log-dir", metavar="DIR", help="keep the server's output there")
    parser.addini("deltic_binary", "the deltic binary")
    parser.addini("deltic_remote", "use the Spark Connect server at this sc:// URL")
    parser.addini("deltic_conf", "Spark settings of the server, one K=V per line", type="linelist")
    parser.addini("deltic_log_dir", "keep the server's output there")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    install()  # a conftest.py may import delta


def pytest_configure() -> None:
    install()  # a plugin that a conftest.py names is loaded later


def _option(config: pytest.Config, name: str):
    return config.getoption(name) or config.getini(name) or None


def server_conf(config: pytest.Config) -> dict[str, str]:
    """The settings of --deltic-conf and deltic_conf; the command line wins.

    Raises pytest.UsageError for a setting without `=`.
    """
    conf: dict[str, str] = {}
    for setting in [*config.getini("deltic_conf"), *(config.getoption("deltic_conf") or [])]:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            raise pytest.UsageError(f"deltic_conf wants KEY=VALUE, not {setting!r}")
        conf[key.strip()] = value.strip()
    return conf


@pytest.fixture(scope="session")
def deltic_server(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DelticServer | str]:
    """A running server: this process's own, or the URL given by --deltic-remote."""
    remote = _option(pytestconfig, "deltic_remote")
    if remote:
        yield remote
        return
    home = tmp_path_factory.mktemp("deltic")
    log_dir = _option(pytestconfig, "deltic_log_dir")
    log_file = None
    if log_dir:
        os.makedirs(log_dir, exist_ok=True)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        log_file = os.path.join(log_dir, f"deltic-{worker}.log")
    conf = {"spark.sql.warehouse.dir": str(home / "spark-warehouse"), **server_conf(pytestconfig)}
    with DelticServer(binary=_option(pytestconfig, "deltic_binary"), conf=conf, cwd=home, log_file=log_file) as server:
        yield server


@pytest.fixture(scope="session")
def deltic_session(deltic_server: DelticServer | str) -> Iterator[SparkSession]:
    """A PySpark session on deltic_server."""
    session = get_session(deltic_server, app_name="pytest")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def spark_session(deltic_session: SparkSession) -> SparkSession:
    """deltic_session, under the name that pytest-spark uses."""
    return deltic_session


@pytest.fixture
def deltic_table_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A path where nothing is yet; whatever the test writes there is removed afterwards."""
    name = re.sub(r"\W+", "_", request.node.name)[:40]
    path = tmp_path_factory.mktemp(name) / "table"
    yield str(path)
    shutil.rmtree(path.parent, ignore_errors=True)
