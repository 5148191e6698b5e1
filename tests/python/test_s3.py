"""Delta tables and files on real S3 servers: MinIO, the Versity gateway, and MinIO behind Toxiproxy.

Other engines check what lies there: pyarrow's S3 client, delta-rs, and DuckDB's results of the same data.
"""

from __future__ import annotations

import concurrent.futures
import os
import threading
import uuid

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import functions as F

from tests.fixtures.counting_proxy import CountingProxy
from tests.fixtures.servers import PASSWORD, TlsMinio, Toxiproxy, Versity
from tests.rows import sorted_rows

pytestmark = pytest.mark.deltic

CLEAN_ENV = {name: "" for name in os.environ if name.startswith("AWS_")} | {
    "HOME": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def start(conf, **arguments):
    from deltic import DelticServer

    return DelticServer(conf=conf, env=CLEAN_ENV | arguments.pop("env", {}), **arguments).start()


def connect(server, **conf):
    from deltic import get_session

    return get_session(server, conf=conf)


@pytest.fixture(scope="module")
def versity():
    server = Versity()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def toxiproxy():
    server = Toxiproxy()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def deltic(minio):
    with start({"spark.sql.warehouse.dir": "s3a://warehouse/managed", **minio.conf()}) as server:
        yield server


@pytest.fixture(scope="module")
def spark(deltic):
    session = connect(deltic)
    yield session
    session.stop()


@pytest.fixture(params=["minio", "versity"])
def store(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def on_store(store, minio, spark, deltic):
    """A session whose s3a:// paths lead to the store of this test."""
    if store is minio:
        yield spark
        return
    conf = {key.removeprefix("spark.hadoop."): value for key, value in store.conf().items()}
    session = connect(deltic, **conf)
    yield session
    session.stop()


@pytest.fixture
def path() -> str:
    return f"s3a://delta/{uuid.uuid4().hex}"


def below(path: str) -> str:
    return path.split("://", 1)[1]


def ids(df) -> list[int]:
    return [row.id for row in df.orderBy("id").collect()]


class TestDelta:
    def test_life_of_a_table(self, on_store, store, path):
        spark = on_store
        spark.range(3).write.format("delta").save(path)
        spark.range(3, 5).write.format("delta").mode("append").save(path)
        spark.range(7, 9).write.format("delta").mode("overwrite").save(path)
        assert ids(spark.read.format("delta").load(path)) == [7, 8]
        assert ids(spark.read.format("delta").option("versionAsOf", 1).load(path)) == [0, 1, 2, 3, 4]
        feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0).load(path)
        changes = sorted((r.id, r._change_type, r._commit_version) for r in feed.collect())
        assert [c for c in changes if c[2] == 1] == [(3, "insert", 1), (4, "insert", 1)]
        assert [c for c in changes if c[2] == 2 and c[1] == "delete"] == [(i, "delete", 2) for i in range(5)]
        assert spark.sql(f"DESCRIBE HISTORY delta.`{path}`").count() == 3
        log = [key for key in store.keys(below(path)) if key.startswith("_delta_log/") and key.endswith(".json")]
        assert log == [f"_delta_log/{version:020}.json" for version in range(3)]

    @pytest.mark.parametrize("scheme", ["s3", "s3n"])
    def test_other_schemes(self, spark, path, scheme):
        other = path.replace("s3a:", scheme + ":")
        spark.range(2).write.format("delta").save(other)
        assert ids(spark.read.format("delta").load(path)) == [0, 1]

    def test_partitions(self, on_store, store, path):
        df = on_store.range(20).withColumn("p", F.concat(F.lit("a b/"), (F.col("id") % 3).cast("string")))
        df.write.format("delta").partitionBy("p").save(path)
        back = on_store.read.format("delta").load(path)
        assert sorted_rows(back) == sorted_rows(df)
        assert ids(back.where("p = 'a b/1'")) == [1, 4, 7, 10, 13, 16, 19]
        data = [key for key in store.keys(below(path)) if not key.startswith("_delta_log/")]
        assert {key.split("/")[0] for key in data} == {"p=a b%2F0", "p=a b%2F1", "p=a b%2F2"}

    def test_checkpoint(self, on_store, store, path, minio, deltic):
        for i in range(12):
            on_store.range(i, i + 1).write.format("delta").mode("append").save(path)
        keys = store.keys(below(path))
        assert f"_delta_log/{10:020}.checkpoint.parquet" in keys
        assert "_delta_log/_last_checkpoint" in keys
        assert not [key for key in keys if ".tmp" in key]
        with start(store.conf()) as fresh:  # with nothing in memory, from the checkpoint
            assert ids(connect(fresh).read.format("delta").load(path)) == list(range(12))

    def test_delta_rs_reads_and_writes(self, on_store, store, path):
        deltalake = pytest.importorskip("deltalake")
        pa = pytest.importorskip("pyarrow")
        on_store.range(4).write.format("delta").option("delta.enableChangeDataFeed", "false").save(path)
        s3 = path.replace("s3a:", "s3:")
        table = deltalake.DeltaTable(s3, storage_options=store.delta_rs())
        assert sorted(pa.table(table.to_pyarrow_table())["id"].to_pylist()) == [0, 1, 2, 3]
        deltalake.write_deltalake(table, pa.table({"id": pa.array([9], pa.int64())}), mode="append")
        assert ids(on_store.read.format("delta").load(path)) == [0, 1, 2, 3, 9]

    @pytest.mark.parametrize("hashes", [1, 4])  # 4: files that are larger than what is read of them at once
    def test_compaction(self, on_store, store, path, hashes):
        parquet = pytest.importorskip("pyarrow.parquet")
        for start in (0, 10_000, 20_000):
            text = ", ".join(f"sha2(CAST(id * {factor + 1} AS STRING), 512)" for factor in range(hashes))
            frame = on_store.range(start, start + 10_000, 1, 1).selectExpr("id", "id % 2 p", f"concat({text}) s")
            frame.write.format("delta").mode("append").partitionBy("p").save(path)
        before = sorted_rows(on_store.read.format("delta").load(path))
        on_store.sql(f"OPTIMIZE delta.`{path}`").collect()
        back = on_store.read.format("delta").load(path)
        assert back.select("_metadata.file_path").distinct().count() == 2
        assert sorted_rows(back) == before and len(before) == 30_000
        merged = 0
        for key in store.keys(below(path)):
            if key.endswith(".parquet") and not key.startswith("_delta_log/"):
                with store.file_system().open_input_file(f"{below(path)}/{key}") as file:
                    merged += parquet.ParquetFile(file).metadata.created_by.startswith("Deltic")
        assert merged == 2  # their pages are copied (test_compaction_merge.py)

    def test_large_file_in_parts(self, spark, minio, path):
        df = spark.range(3_000_000).select("id", F.sha2(F.col("id").cast("string"), 256).alias("h"))
        df.write.format("delta").save(path)
        assert spark.read.format("delta").load(path).agg(F.sum("id"), F.countDistinct("h")).collect()[0][:] == (
            4_499_998_500_000,
            3_000_000,
        )
        assert any(
            minio.file_system().get_file_info(below(path) + "/" + k).size > 50 << 20 for k in minio.keys(below(path))
        )


class TestRequests:
    def test_of_a_commit(self, minio, path):
        """One listing: the commit before is ours. Then the data, the commit and its checksum."""
        with CountingProxy(minio.port) as proxy, start(minio.conf(proxy.endpoint)) as server:
            session = connect(server)
            session.sql(f"CREATE TABLE delta.`{path}` (id BIGINT) USING delta")
            session.sql(f"INSERT INTO delta.`{path}` VALUES (1)")
            frame = session.createDataFrame([(3,)], "id bigint")
            for append in (
                lambda: session.sql(f"INSERT INTO delta.`{path}` VALUES (2)"),
                lambda: frame.write.format("delta").mode("append").save(path),
            ):
                proxy.requests.clear()
                append()
                kinds = ["list" if "list-type" in url else url.rsplit(".", 1)[-1] for _, url in proxy.requests]
                methods = [method for method, _ in proxy.requests]
                assert kinds == ["list", "parquet", "json", "crc"]
                assert methods == ["GET", "PUT", "PUT", "PUT"]
            session.stop()

    def test_of_a_first_open(self, spark, minio, path):
        """The hint and the log's names at the same time, then the commits and the checksum."""
        for i in range(3):
            spark.range(i, i + 1).write.format("delta").mode("append").save(path)
        steps = [("_last_checkpoint", "list"), (*(f"{version:020}.json" for version in range(3)), f"{2:020}.crc")]
        with CountingProxy(minio.port) as proxy, start(minio.conf(proxy.endpoint)) as server:
            session = connect(server)
            together = {name: threading.Barrier(len(step)) for step in steps for name in [step[0]]}

            def wait_for_the_others(_, url):
                name = "list" if "list-type" in url else url.rsplit("/", 1)[-1]
                step = next(step for step in steps if name in step)
                together[step[0]].wait(timeout=60)

            proxy.fault = wait_for_the_others
            session.read.format("delta").load(path).schema  # noqa: B018
            assert len(proxy.requests) == 6
            proxy.fault = None
            proxy.requests.clear()
            session.read.format("delta").load(path).schema  # noqa: B018
            assert ["list-type" in url for _, url in proxy.requests] == [True]
            session.stop()

    @pytest.mark.parametrize("of", ["history", "changes"])
    def test_commits_are_read_together(self, spark, minio, path, of):
        spark.sql(f"CREATE TABLE delta.`{path}` (id BIGINT) TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true')")
        for i in range(2):
            spark.sql(f"INSERT INTO delta.`{path}` VALUES ({i})")
        with CountingProxy(minio.port) as proxy, start(minio.conf(proxy.endpoint)) as server:
            session = connect(server)
            session.read.format("delta").load(path).schema  # noqa: B018
            together = threading.Barrier(3)

            def wait_for_the_others(_, url):
                commits = sum(url.endswith(".json") for _, url in proxy.requests)
                alone = of == "changes" and commits == 1  # the version where the feed starts
                if url.endswith(".json") and not alone:
                    together.wait(timeout=60)

            proxy.requests.clear()
            proxy.fault = wait_for_the_others
            if of == "history":
                assert len(session.sql(f"DESCRIBE HISTORY delta.`{path}`").collect()) == 3
            else:
                feed = session.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0)
                assert ids(feed.load(path)) == [0, 1]
            proxy.fault = None
            session.stop()

    def test_of_files(self, minio, path):
        """Whether something is there is one request, and none where it makes no difference."""
        with CountingProxy(minio.port) as proxy, start(minio.conf(proxy.endpoint)) as server:
            session = connect(server)
            frame = session.range(3)
            for mode, expected in (
                ("error", ["GET", "PUT", "PUT"]),
                ("append", ["PUT", "PUT"]),
                ("overwrite", ["GET", "PUT", *["DELETE"] * 3, "PUT"]),
            ):
                proxy.requests.clear()
                frame.coalesce(1).write.mode(mode).parquet(path)
                assert [method for method, _ in proxy.requests] == expected
            proxy.requests.clear()
            frame.write.mode("ignore").parquet(path)
            with pytest.raises(PySparkException, match="PATH_ALREADY_EXISTS"):
                frame.write.parquet(path)
            assert [method for method, _ in proxy.requests] == ["GET", "GET"]
            session.stop()


class TestClonesAcrossStores:
    @pytest.mark.parametrize("direction", ["here", "there"])
    def test_files_elsewhere_are_read_and_changed(self, spark, path, tmp_path, direction):
        local = str(tmp_path / "table")
        source, clone = (path, local) if direction == "here" else (local, path)
        spark.sql(
            f"CREATE TABLE delta.`{source}` (id BIGINT) USING delta "
            "TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"
        )
        spark.range(0, 10, 1, 1).write.format("delta").mode("append").save(source)
        spark.sql(f"DELETE FROM delta.`{source}` WHERE id = 3")
        spark.sql(f"CREATE TABLE delta.`{clone}` SHALLOW CLONE delta.`{source}`")
        assert ids(spark.read.format("delta").load(clone)) == [0, 1, 2, 4, 5, 6, 7, 8, 9]
        spark.sql(f"DELETE FROM delta.`{clone}` WHERE id = 4")
        spark.sql(f"UPDATE delta.`{clone}` SET id = 50 WHERE id = 5")
        spark.sql(f"INSERT INTO delta.`{clone}` VALUES (60)")
        assert ids(spark.read.format("delta").load(clone)) == [0, 1, 2, 6, 7, 8, 9, 50, 60]
        spark.sql(f"OPTIMIZE delta.`{clone}`")
        assert ids(spark.read.format("delta").load(clone)) == [0, 1, 2, 6, 7, 8, 9, 50, 60]
        assert ids(spark.read.format("delta").load(source)) == [0, 1, 2, 4, 5, 6, 7, 8, 9]


@pytest.mark.oracle
class TestRealSpark:
    def test_real_spark_and_we_write_one_table(self, spark, minio, path):
        from tests.encoding import encode_rows
        from tests.oracle import Oracle

        with Oracle(minio.conf()) as oracle:
            df = spark.range(8).withColumn("p", F.col("id") % 2)
            df.write.format("delta").partitionBy("p").save(path)
            assert oracle.read(path)["rows"] == encode_rows(df)
            oracle.sql(f"INSERT INTO delta.`{path}` SELECT id + 100, p FROM delta.`{path}`")
            oracle.sql(f"DELETE FROM delta.`{path}` WHERE id = 3")
            spark.range(200, 203).withColumn("p", F.lit(5).cast("long")).write.format("delta").mode("append").save(path)
            back = spark.read.format("delta").load(path)
            assert oracle.read(path)["rows"] == encode_rows(back)
            assert sorted(r.id for r in back.collect()) == [0, 1, 2, 4, 5, 6, 7, *range(100, 108), 200, 201, 202]
            changes = oracle.read(path, readChangeFeed="true", startingVersion=0)
            ours = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0).load(path)
            assert changes["rows"] == encode_rows(ours)


class TestWarehouse:
    def test_managed_tables(self, spark, minio, deltic):
        spark.sql("CREATE DATABASE IF NOT EXISTS lake")
        spark.range(3).write.saveAsTable("lake.numbers")
        spark.range(2).write.saveAsTable("plain_numbers")
        assert [r.tableName for r in spark.sql("SHOW TABLES IN lake").collect()] == ["numbers"]
        assert minio.keys("warehouse/managed/lake.db/numbers/_delta_log")
        with start({"spark.sql.warehouse.dir": "s3a://warehouse/managed", **minio.conf()}) as other:
            again = connect(other)
            assert ids(again.table("lake.numbers")) == [0, 1, 2]
            assert ids(again.table("plain_numbers")) == [0, 1]
            again.sql("DROP TABLE lake.numbers")
        assert not minio.keys("warehouse/managed/lake.db/numbers")
        spark.sql("DROP TABLE plain_numbers")


class TestFiles:
    def test_round_trips(self, on_store, path):
        df = on_store.createDataFrame([(1, "a"), (2, "b,c"), (3, None)], "id int, s string")
        df.write.parquet(path + "/parquet")
        df.write.option("header", True).csv(path + "/csv")
        df.write.json(path + "/json")
        df.select("s").where("s is not null").write.text(path + "/text")
        assert sorted_rows(on_store.read.parquet(path + "/parquet")) == sorted_rows(df)
        csv = on_store.read.option("header", True).schema("id int, s string").csv(path + "/csv")
        assert sorted_rows(csv) == sorted_rows(df)
        json = on_store.read.json(path + "/json").select(F.col("id").cast("int"), "s")
        assert sorted_rows(json) == sorted_rows(df)
        assert sorted(r.value for r in on_store.read.text(path + "/text").collect()) == ["a", "b,c"]
        inferred = on_store.read.option("header", True).option("inferSchema", True).csv(path + "/csv")
        assert inferred.schema.simpleString() == "struct<id:int,s:string>"

    def test_partitioned_and_globs(self, on_store, path):
        df = on_store.range(6).withColumn("p", F.col("id") % 2)
        df.write.partitionBy("p").parquet(path)
        assert sorted_rows(on_store.read.parquet(path).select("id", F.col("p").cast("long"))) == sorted_rows(df)
        assert ids(on_store.read.parquet(path + "/p=*")) == list(range(6))
        name = on_store.read.parquet(path).select(F.col("_metadata.file_path").alias("n")).first().n
        assert name.startswith(path + "/p=")

    def test_overwrite_removes_the_old(self, on_store, store, path):
        on_store.range(5).write.parquet(path)
        on_store.range(2).write.mode("overwrite").parquet(path)
        assert ids(on_store.read.parquet(path)) == [0, 1]


class TestSettings:
    def test_sessions_do_not_share_stores(self, deltic, spark, versity, path):
        other = connect(deltic, **{k.removeprefix("spark.hadoop."): v for k, v in versity.conf().items()})
        spark.range(1).write.format("delta").save(path)
        with pytest.raises(PySparkException):
            other.read.format("delta").load(path).collect()
        other.range(5).write.format("delta").save(path)
        assert ids(spark.read.format("delta").load(path)) == [0]
        assert ids(other.read.format("delta").load(path)) == [0, 1, 2, 3, 4]

    def test_bucket_settings(self, minio, versity, path):
        own = {f"spark.hadoop.fs.s3a.bucket.delta.{k}": v for k, v in (("endpoint", versity.endpoint),)}
        with start({**minio.conf(), **own}) as server:
            session = connect(server)
            session.range(2).write.format("delta").save(path)
            session.range(2).write.format("delta").save(path.replace("//delta", "//warehouse"))
        assert versity.keys(below(path))
        assert not minio.keys(below(path))
        assert minio.keys(below(path).replace("delta/", "warehouse/", 1))

    @pytest.mark.parametrize("how", ["environment", "settings"])
    def test_names_of_aws_and_delta_rs(self, minio, path, how):
        names = minio.delta_rs()
        with start({}, env=names if how == "environment" else {}) as server:
            session = connect(server, **(names if how == "settings" else {}))
            session.range(3).write.format("delta").save(path)
            assert ids(session.read.format("delta").load(path)) == [0, 1, 2]

    def test_spark_defaults(self, minio, path, tmp_path):
        file = tmp_path / "spark-defaults.conf"
        file.write_text("".join(f"{key} {value}\n" for key, value in minio.conf().items()))
        with start({}, properties_file=file) as server:
            session = connect(server)
            session.range(2).write.format("delta").save(path)
        assert minio.keys(below(path))

    def test_wrong_values_are_refused(self, deltic, path):
        session = connect(deltic, **{"fs.s3a.connection.timeout": "soon"})
        with pytest.raises(PySparkException, match="fs.s3a.connection.timeout"):
            session.read.format("delta").load(path).collect()
        session = connect(deltic, **{"fs.s3a.encryption.algorithm": "SSE-C"})
        with pytest.raises(PySparkException, match="SSE-C"):
            session.read.format("delta").load(path).collect()


class TestTls:
    def test_certificates_are_verified(self, path):
        minio = TlsMinio()
        try:
            conf = {**minio.conf(), "spark.hadoop.fs.s3a.connection.ssl.enabled": "true"}
            with start(conf, env={"AWS_CA_BUNDLE": str(minio.certificate)}) as server:
                session = connect(server)
                session.range(3).write.format("delta").save(path)
                assert ids(session.read.format("delta").load(path)) == [0, 1, 2]
            with start(conf) as server, pytest.raises(PySparkException, match="certificate"):
                connect(server).read.format("delta").load(path).collect()
        finally:
            minio.stop()


class TestErrors:
    SECRET = "n0t-the-secret-key"

    def check(self, caught, *words):
        text = str(caught.value)
        for word in words:
            assert word in text, text
        assert self.SECRET not in text
        assert "s3a+" not in text

    def test_missing_bucket(self, spark):
        with pytest.raises(PySparkException) as caught:
            spark.read.format("delta").load("s3a://nowhere/t").collect()
        self.check(caught, "s3a://nowhere/t", "bucket does not exist")
        with pytest.raises(PySparkException) as caught:
            spark.range(1).write.format("delta").save("s3a://nowhere/t")
        self.check(caught, "s3a://nowhere/t", "bucket does not exist")

    def test_wrong_key(self, deltic, spark, path):
        spark.range(1).write.format("delta").save(path)
        session = connect(deltic, **{"fs.s3a.secret.key": self.SECRET})
        for act in (
            lambda: session.read.format("delta").load(path).collect(),
            lambda: session.range(1).write.format("delta").mode("append").save(path),
            lambda: session.read.parquet(path).collect(),
        ):
            with pytest.raises(PySparkException) as caught:
                act()
            self.check(caught, path, "SignatureDoesNotMatch")
        assert ids(spark.read.format("delta").load(path)) == [0]

    def test_bad_session_token(self, deltic, path):
        session = connect(deltic, **{"fs.s3a.session.token": self.SECRET})
        with pytest.raises(PySparkException) as caught:
            session.range(1).write.format("delta").save(path)
        self.check(caught, path)

    def test_no_credentials(self, minio, path):
        conf = {k: v for k, v in minio.conf().items() if not k.endswith(".key")}
        with start(conf) as server, pytest.raises(PySparkException) as caught:
            connect(server).read.format("delta").load(path).collect()
        self.check(caught, path, "no credentials", "fs.s3a.access.key")

    def test_nobody_listens(self, deltic, path):
        session = connect(deltic, **{"fs.s3a.endpoint": "http://127.0.0.1:9", "fs.s3a.attempts.maximum": "2"})
        with pytest.raises(PySparkException) as caught:
            session.read.format("delta").load(path).collect()
        self.check(caught, path, "127.0.0.1:9")

    def test_missing_table(self, spark, path):
        with pytest.raises(PySparkException) as caught:
            spark.read.format("delta").load(path).collect()
        self.check(caught, path)

    def test_native_paths_are_not_taken(self, spark):
        with pytest.raises(PySparkException):
            spark.read.parquet("s3a+00000000000000000000000000000000://delta/x").collect()

    def test_secrets_are_never_shown(self, spark, path):
        spark.range(3).write.format("delta").save(path)
        df = spark.read.format("delta").load(path)
        texts = [
            str(spark.sql("SET").collect()),
            str(spark.sql(f"DESCRIBE DETAIL delta.`{path}`").collect()),
            str(spark.sql(f"DESCRIBE HISTORY delta.`{path}`").collect()),
            df._explain_string(mode="extended") if hasattr(df, "_explain_string") else "",
            str(df.select("_metadata.file_path").collect()),
            str(df.inputFiles()),
        ]
        secret_settings = [r for r in spark.sql("SET").collect() if "secret" in r.key]
        assert secret_settings
        assert all(PASSWORD not in r.value for r in secret_settings)
        for text in texts:
            assert "s3a+" not in text


class TestFaults:
    """Through Toxiproxy."""

    QUICK = {"fs.s3a.connection.timeout": "2s", "fs.s3a.retry.interval": "50ms"}

    @pytest.fixture
    def proxy(self, toxiproxy, minio):
        name = uuid.uuid4().hex
        endpoint = toxiproxy.proxy(name, minio.port)
        return name, endpoint

    @pytest.fixture
    def faulty(self, deltic, proxy):
        session = connect(deltic, **{"fs.s3a.endpoint": proxy[1], **self.QUICK})
        yield session
        session.stop()

    @pytest.mark.parametrize(
        ("kind", "stream", "toxicity", "attributes"),
        [
            ("latency", "downstream", 1.0, {"latency": 60, "jitter": 30}),
            ("reset_peer", "downstream", 0.3, {"timeout": 0}),
            ("reset_peer", "upstream", 0.3, {"timeout": 5}),
            ("slow_close", "downstream", 1.0, {"delay": 300}),
            ("limit_data", "downstream", 0.3, {"bytes": 700}),
            ("slicer", "downstream", 1.0, {"average_size": 64, "size_variation": 32, "delay": 10}),
            ("timeout", "downstream", 0.2, {"timeout": 100}),
        ],
    )
    def test_writes_and_reads_come_through(
        self, spark, faulty, toxiproxy, proxy, path, kind, stream, toxicity, attributes
    ):
        toxiproxy.toxic(proxy[0], kind, stream, toxicity, **attributes)
        for i in range(4):
            faulty.range(i * 10, i * 10 + 10).write.format("delta").mode("append").save(path)
            assert faulty.read.format("delta").load(path).count() == i * 10 + 10
        toxiproxy.heal(proxy[0], kind if stream == "downstream" else f"{kind}_{stream}")
        assert ids(spark.read.format("delta").load(path)) == list(range(40))
        assert spark.sql(f"DESCRIBE HISTORY delta.`{path}`").count() == 4

    def test_a_dead_server_fails_the_write_and_leaves_the_table(self, spark, faulty, toxiproxy, proxy, path):
        faulty.range(3).write.format("delta").save(path)
        faulty.conf.set("fs.s3a.attempts.maximum", "2")
        toxiproxy.enable(proxy[0], False)
        with pytest.raises(PySparkException) as caught:
            faulty.range(3, 6).write.format("delta").mode("append").save(path)
        assert path in str(caught.value)
        toxiproxy.enable(proxy[0], True)
        assert ids(faulty.read.format("delta").load(path)) == [0, 1, 2]
        faulty.range(3, 6).write.format("delta").mode("append").save(path)
        assert ids(spark.read.format("delta").load(path)) == list(range(6))

    def test_a_silent_server_times_out(self, faulty, toxiproxy, proxy, path):
        faulty.conf.set("fs.s3a.attempts.maximum", "1")
        toxiproxy.toxic(proxy[0], "timeout", timeout=0)
        with pytest.raises(PySparkException) as caught:
            faulty.read.format("delta").load(path).collect()
        assert path in str(caught.value)


class TestRaces:
    def test_many_writers_lose_and_double_nothing(self, store, path):
        writers, appends = 3, 6
        servers = [start(store.conf()) for _ in range(writers)]
        try:
            connect(servers[0]).range(0).write.format("delta").save(path)

            def run(number: int) -> None:
                session = connect(servers[number])
                for i in range(appends):
                    first = (number * appends + i) * 10
                    session.range(first, first + 10).write.format("delta").mode("append").save(path)

            with concurrent.futures.ThreadPoolExecutor(writers) as pool:
                list(pool.map(run, range(writers)))
            session = connect(servers[0])
            assert ids(session.read.format("delta").load(path)) == list(range(writers * appends * 10))
            versions = [r.version for r in session.sql(f"DESCRIBE HISTORY delta.`{path}`").collect()]
            assert sorted(versions) == list(range(writers * appends + 1))
        finally:
            for server in servers:
                server.stop()
