"""Files written to S3: what is asked and put, and in which order. MinIO behind a proxy that sees every request."""

from __future__ import annotations

import threading
import uuid

import pytest
from pyspark.errors import PySparkException

from tests.fixtures.counting_proxy import CountingProxy, Refusal
from tests.python.test_s3 import connect, ids, start

pytestmark = pytest.mark.deltic

MARKER = "mapreduce.fileoutputcommitter.marksuccessfuljobs"


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


def parquet(frame):
    return frame.coalesce(1).write.format("parquet")


def partitioned(frame):
    return frame.withColumn("p", frame.id % 2).write.partitionBy("p").format("parquet")


def csv(frame):
    return frame.write.format("csv")


def large(frame):
    """In several parts: its upload begins while rows are encoded."""
    return parquet(frame.sparkSession.range(2_000_000).selectExpr("id", "xxhash64(id) AS h"))


def is_list(method: str, url: str) -> bool:
    return method == "GET" and "list-type" in url


def changes(proxy) -> list[str]:
    return [f"{method} {url}" for method, url in proxy.requests if method != "GET"]


@pytest.mark.parametrize("writer", [parquet, partitioned, csv, large])
class TestNothingIsPutBeforeTheAnswer:
    @pytest.mark.parametrize("mode", ["error", "ignore", "overwrite"])
    def test_when_there_is_none(self, spark, proxy, path, writer, mode):
        proxy.fault = lambda method, url: Refusal(403, "AccessDenied") if is_list(method, url) else None
        with pytest.raises(PySparkException, match="Access is denied"):
            writer(spark.range(3)).mode(mode).save(path)
        assert changes(proxy) == []

    def test_when_something_is_there(self, spark, proxy, path, writer):
        parquet(spark.range(5)).save(path)
        proxy.requests.clear()
        with pytest.raises(PySparkException, match="PATH_ALREADY_EXISTS"):
            writer(spark.range(3)).save(path)
        writer(spark.range(3)).mode("ignore").save(path)
        assert changes(proxy) == []
        assert ids(spark.read.parquet(path)) == [0, 1, 2, 3, 4]


class TestRows:
    def test_are_read_before_the_answer(self, spark, proxy, path):
        source = path + "-source"
        spark.range(4).write.format("delta").save(source)
        read = threading.Event()
        waited = []

        def answer_when_rows_are_read(method: str, url: str):
            if method == "GET" and ".parquet" in url:
                read.set()
            elif is_list(method, url) and "_delta_log" not in url:
                waited.append(read.wait(timeout=60))

        proxy.fault = answer_when_rows_are_read
        parquet(spark.read.format("delta").load(source)).save(path)
        assert waited == [True]
        proxy.fault = None
        assert ids(spark.read.parquet(path)) == [0, 1, 2, 3]

    def test_that_nobody_wants_are_not_waited_for(self, spark, path):
        parquet(spark.range(5)).save(path)
        endless = spark.range(10**14).selectExpr("sum(xxhash64(id) % 7) AS id")
        too_late = threading.Timer(60, spark.interruptAll)
        too_late.start()
        parquet(endless).mode("ignore").save(path)
        with pytest.raises(PySparkException, match="PATH_ALREADY_EXISTS"):
            parquet(endless).save(path)
        too_late.cancel()
        assert ids(spark.read.parquet(path)) == [0, 1, 2, 3, 4]

    def test_that_fail_do_not_hide_what_is_there(self, spark, path):
        parquet(spark.range(5)).save(path)
        failing = spark.range(3).selectExpr("cast(raise_error('no row') AS INT) AS id")
        parquet(failing).mode("ignore").save(path)
        with pytest.raises(PySparkException, match="PATH_ALREADY_EXISTS"):
            parquet(failing).save(path)
        with pytest.raises(PySparkException, match="no row"):
            parquet(failing).save(path + "-new")


class TestMarker:
    """Hadoop's setting: the server's, the session's, or of the write; Spark puts all three into its configuration."""

    def test_of_the_write(self, spark, proxy, path):
        parquet(spark.range(3)).mode("append").option(MARKER, "false").save(path)
        assert [method for method, _ in proxy.requests] == ["PUT"]
        assert ids(spark.read.parquet(path)) == [0, 1, 2]

    def test_of_the_session(self, deltic, minio, path):
        session = connect(deltic, **{MARKER: "false"})
        csv(session.range(3)).save(path)
        names = minio.keys(path.removeprefix("s3a://"))
        assert len(names) == 1 and names[0].startswith("part-")
        parquet(session.range(3)).option(MARKER, "true").save(path + "-marked")
        assert "_SUCCESS" in minio.keys(path.removeprefix("s3a://") + "-marked")
        session.stop()

    def test_of_the_server(self, minio, path):
        with start({**minio.conf(), f"spark.hadoop.{MARKER}": "False"}) as server:
            session = connect(server)
            parquet(session.range(3)).mode("overwrite").save(path)
            names = minio.keys(path.removeprefix("s3a://"))
            assert len(names) == 1 and names[0].endswith(".parquet")
            session.stop()


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
