"""Files written to S3: what is asked and put, and in which order. MinIO behind a proxy that sees every request."""

from __future__ import annotations

import threading
import uuid

import pytest

from tests.fixtures.counting_proxy import CountingProxy
from tests.python.test_s3 import connect, ids, start

pytestmark = pytest.mark.deltic


@pytest.fixture(scope="module")
def proxy(minio):
    with CountingProxy(minio.port) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def deltic(minio, proxy):
    with start({**minio.conf(proxy.endpoint), "deltic.remoteFileCache.enabled": "false"}) as server:
        yield server


@pytest.fixture(scope="module")
def spark(deltic):
    session = connect(deltic)
    yield session
    session.stop()


@pytest.fixture(autouse=True)
def quiet(proxy):
    proxy.requests.clear()
    yield
    proxy.fault = None


@pytest.fixture
def path() -> str:
    return f"s3a://delta/{uuid.uuid4().hex}"


def is_list(method: str, url: str) -> bool:
    return method == "GET" and "list-type" in url


class TestFirstCommit:
    """Of a server in a bucket that is not Amazon's: it finds out whether If-None-Match is looked at."""

    @pytest.mark.parametrize("there", [False, True])
    def test_is_preceded_by_the_check_which_holds_nothing_up(self, spark, minio, proxy, path, there):
        if there:
            spark.range(2).write.format("delta").save(path)
        with start(minio.conf(proxy.endpoint)) as server:
            session = connect(server)
            frame = session.range(2, 4)
            probed = threading.Event()
            committed = threading.Event()
            waited = []

            def in_this_order(method: str, url: str):
                if "/.deltic-condition-" in url and method == "PUT":
                    probed.set()
                elif method == "DELETE":
                    waited.append(committed.wait(timeout=60))
                elif is_list(method, url):
                    waited.append(probed.wait(timeout=60))
                elif url.endswith(".json") and method == "PUT":
                    committed.set()

            proxy.requests.clear()
            proxy.fault = in_this_order
            frame.write.format("delta").mode("append").save(path)
            assert committed.is_set() and waited and all(waited)
            puts = [url.rsplit("/", 1)[1] for method, url in proxy.requests if method == "PUT"]
            commit = puts.index(f"{int(there):020}.json")
            assert sum(name.startswith(".deltic-condition-") for name in puts[:commit]) == 2
            proxy.fault = None
            assert ids(session.read.format("delta").load(path)) == ([0, 1, 2, 3] if there else [2, 3])
            session.stop()
