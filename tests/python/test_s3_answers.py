"""What servers and networks answer that they should not: retried within the budget, or a clear error with the path;
never a partial commit, never a wrong row. MinIO's own answers, spoiled on the way."""

from __future__ import annotations

import uuid

import pytest
from pyspark.errors import PySparkException

from tests.fixtures.counting_proxy import CountingProxy, Refusal
from tests.fixtures.servers import PASSWORD
from tests.python.test_s3 import connect, ids, start

pytestmark = pytest.mark.deltic

QUICK = {"fs.s3a.retry.interval": "5ms", "fs.s3a.attempts.maximum": "4", "fs.s3a.connection.timeout": "1s"}


@pytest.fixture(scope="module")
def deltic(minio):
    with start({**minio.conf(), "deltic.remoteFileCache.enabled": "false"}) as server:
        yield server


@pytest.fixture(scope="module")
def spark(deltic):
    """A session that nothing stands in the way of."""
    session = connect(deltic)
    yield session
    session.stop()


@pytest.fixture
def proxy(minio):
    with CountingProxy(minio.port) as proxy:
        yield proxy


@pytest.fixture
def spoiled(deltic, proxy):
    """A session that goes through the proxy."""
    session = connect(deltic, **{"fs.s3a.endpoint": proxy.endpoint, **QUICK})
    yield session
    session.stop()


@pytest.fixture
def path() -> str:
    return f"s3a://delta/{uuid.uuid4().hex}"


def is_commit(method: str, url: str) -> bool:
    return method == "PUT" and "_delta_log" in url and url.split("?")[0].endswith(".json")


def is_data_read(method: str, url: str) -> bool:
    return method == "GET" and url.split("?")[0].endswith(".parquet")


def once(matches, fault):
    """The fault for the first request that matches."""
    left = [fault]
    return lambda method, url: left.pop() if left and matches(method, url) else None


def always(matches, fault):
    return lambda method, url: fault if matches(method, url) else None


PASSING = [
    Refusal(429, "TooManyRequests", headers=(("Retry-After", "0"),)),
    Refusal(503, "SlowDown"),
    Refusal(500, "InternalError"),
    Refusal(502, "BadGateway"),
    Refusal(503, "ServiceUnavailable", done=True),
]
FINAL = [
    (Refusal(400, "ExpiredToken"), "session token has expired"),
    (Refusal(403, "AccessDenied"), "Access is denied"),
    (Refusal(404, "NoSuchBucket"), "bucket does not exist"),
    (Refusal(507, "XMinioStorageFull"), "storage is full"),
    (
        Refusal(301, "PermanentRedirect", headers=(("x-amz-bucket-region", "eu-west-1"),)),
        "not in region us-east-1 but in eu-west-1",
    ),
    (
        Refusal(307, "TemporaryRedirect", details="<Endpoint>b.s3.eu-west-1.amazonaws.com</Endpoint>"),
        "served by b.s3.eu-west-1.amazonaws.com",
    ),
    (Refusal(400, "AuthorizationHeaderMalformed", details="<Region>eu-west-1</Region>"), "but in eu-west-1"),
]


def names(case) -> str:
    refusal = case[0] if isinstance(case, tuple) else case
    return f"{refusal.status}-{refusal.code}{'-done' if refusal.done else ''}"


class TestCommits:
    @pytest.mark.parametrize("refusal", [*PASSING, Refusal(409, "ConditionalRequestConflict")], ids=names)
    def test_a_passing_refusal_is_retried(self, spark, spoiled, proxy, path, refusal):
        spark.range(3).write.format("delta").save(path)
        proxy.fault = once(is_commit, refusal)
        spoiled.range(3, 5).write.format("delta").mode("append").save(path)
        assert ids(spark.read.format("delta").load(path)) == [0, 1, 2, 3, 4]
        history = spark.sql(f"DESCRIBE HISTORY delta.`{path}`").collect()
        assert sorted(r.version for r in history) == [0, 1]

    @pytest.mark.parametrize(("refusal", "words"), FINAL, ids=lambda case: names(case) if type(case) is Refusal else "")
    def test_a_final_refusal_names_path_and_version(self, spark, spoiled, proxy, path, refusal, words):
        spark.range(3).write.format("delta").save(path)
        proxy.fault = always(is_commit, refusal)
        with pytest.raises(PySparkException) as caught:
            spoiled.range(3, 5).write.format("delta").mode("append").save(path)
        text = str(caught.value)
        assert path in text and "00000000000000000001.json" in text and words in text and refusal.code in text, text
        assert PASSWORD not in text.replace(f"{path}", "")
        proxy.fault = None
        assert ids(spark.read.format("delta").load(path)) == [0, 1, 2]
        spoiled.range(3, 5).write.format("delta").mode("append").save(path)
        assert ids(spark.read.format("delta").load(path)) == [0, 1, 2, 3, 4]

    def test_412_is_a_lost_race(self, spark, spoiled, proxy, path):
        spark.range(3).write.format("delta").save(path)

        def race(method: str, url: str):
            if is_commit(method, url) and not raced:
                raced.append(url)
                spark.range(10, 12).write.format("delta").mode("append").save(path)
            return None

        raced: list[str] = []
        proxy.fault = race
        spoiled.range(3, 5).write.format("delta").mode("append").save(path)
        assert ids(spark.read.format("delta").load(path)) == [0, 1, 2, 3, 4, 10, 11]
        assert sorted(r.version for r in spark.sql(f"DESCRIBE HISTORY delta.`{path}`").collect()) == [0, 1, 2]

    @pytest.mark.parametrize("refusal", [Refusal(503, "SlowDown"), Refusal(429, "TooManyRequests")], ids=names)
    def test_a_refusal_that_does_not_pass_ends(self, spark, spoiled, proxy, path, refusal):
        spark.range(3).write.format("delta").save(path)
        proxy.fault = always(is_commit, refusal)
        with pytest.raises(PySparkException) as caught:
            spoiled.range(3, 5).write.format("delta").mode("append").save(path)
        text = str(caught.value)
        assert path in text and "4 attempts" in text and refusal.code in text, text
        # Each put is tried four times, and a commit puts no more than three times.
        assert sum(is_commit(*request) for request in proxy.requests) <= 12
        assert ids(spark.read.format("delta").load(path)) == [0, 1, 2]

    def test_a_data_file_that_does_not_fit_leaves_no_commit(self, spark, spoiled, proxy, path):
        spark.range(3).write.format("delta").save(path)
        proxy.fault = always(lambda m, u: m in ("PUT", "POST") and ".parquet" in u, Refusal(507, "XMinioStorageFull"))
        with pytest.raises(PySparkException) as caught:
            spoiled.range(3, 5).write.format("delta").mode("append").save(path)
        assert path in str(caught.value) and "storage is full" in str(caught.value)
        assert not any(is_commit(*request) for request in proxy.requests)
        assert ids(spark.read.format("delta").load(path)) == [0, 1, 2]

    def test_a_part_that_fails_aborts_its_upload(self, spark, deltic, proxy, minio, path):
        settings = {"fs.s3a.endpoint": proxy.endpoint, "fs.s3a.multipart.size": "5M", **QUICK}
        session = connect(deltic, **settings)
        proxy.fault = always(lambda m, u: "partNumber=2" in u, Refusal(403, "AccessDenied"))
        wide = session.range(1_500_000).selectExpr("id", "xxhash64(id) AS h").coalesce(1)
        with pytest.raises(PySparkException, match="Access is denied"):
            wide.write.format("delta").save(path)
        assert any(method == "DELETE" and "uploadId" in url for method, url in proxy.requests)
        assert not minio.keys(path.removeprefix("s3a://"))
        session.stop()


class TestReads:
    ROWS = 400_000

    @pytest.fixture(scope="class")
    def table(self, spark):
        """Several row groups, longer than what is fetched whole."""
        path = f"s3a://delta/{uuid.uuid4().hex}"
        rows = spark.range(self.ROWS).selectExpr("id", "xxhash64(id) AS h").coalesce(1)
        rows.write.format("delta").save(path)
        return path

    def total(self, session, path):
        row = session.sql(f"SELECT count(*) AS n, sum(id) AS s, sum(h % 1000) AS h FROM delta.`{path}`").collect()[0]
        return tuple(row)

    @pytest.mark.parametrize("fault", ["truncate", "stall", *PASSING], ids=lambda f: f if type(f) is str else names(f))
    def test_a_fault_that_passes(self, spark, spoiled, proxy, table, fault):
        left = [1 if fault == "stall" else 3]  # each costs the timeout

        def spoil(method: str, url: str):
            if not is_data_read(method, url) or left[0] == 0:
                return None
            left[0] -= 1
            return fault

        proxy.fault = spoil
        assert self.total(spoiled, table) == self.total(spark, table)
        assert left[0] == 0

    @pytest.mark.parametrize("fault", ["truncate", "shift"])
    def test_a_fault_that_stays_is_an_error_with_the_path(self, spoiled, proxy, table, fault):
        proxy.fault = always(is_data_read, fault)
        with pytest.raises(PySparkException) as caught:
            self.total(spoiled, table)
        assert table in str(caught.value)

    @pytest.mark.parametrize(("refusal", "words"), FINAL, ids=lambda case: names(case) if type(case) is Refusal else "")
    def test_a_refused_read_names_the_file(self, spoiled, proxy, table, refusal, words):
        proxy.fault = always(is_data_read, refusal)
        with pytest.raises(PySparkException) as caught:
            self.total(spoiled, table)
        text = str(caught.value)
        assert table in text and ".parquet" in text and words in text, text

    @pytest.mark.parametrize("fault", ["truncate", "shift", Refusal(400, "ExpiredToken")], ids=str)
    def test_a_log_that_cannot_be_read_is_no_older_version(self, spark, spoiled, proxy, path, fault):
        spark.range(3).write.format("delta").save(path)
        spark.range(3, 5).write.format("delta").mode("append").save(path)
        proxy.fault = always(lambda m, u: m == "GET" and "00000000000000000001.json" in u, fault)
        if fault == "shift":  # a whole object has no range that could be wrong
            assert ids(spoiled.read.format("delta").load(path)) == [0, 1, 2, 3, 4]
            return
        with pytest.raises(PySparkException) as caught:
            spoiled.read.format("delta").load(path).collect()
        assert path in str(caught.value)
