"""Secrets are planted wherever a user may put them, and looked for wherever the server says, keeps or writes something:
its log, error texts, SET and SHOW, plans, the history, commit files and objects."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest
from deltic import DelticServer, get_session
from pyspark.errors import PySparkException

from tests.fixtures.servers import Minio

pytestmark = pytest.mark.deltic

USER = "PLANTEDUSER0001"
PASSWORD = "pl4ntedP4ssw0rdXYZ"
HIDDEN = "pl4ntedValue"  # the beginning of everything else that is planted
REDACTED = "*********(redacted)"
CLEAN_ENV = {name: "" for name in os.environ if name.startswith("AWS_")} | {
    "HOME": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true",
}
# Spark's spark.redaction.regex, Hadoop's hadoop.security.sensitive-config-keys, and the names of delta-rs and AWS.
KEYS = [
    "fs.s3a.access.key",
    "fs.s3a.secret.key",
    "fs.s3a.session.token",
    "fs.s3a.bucket.x.access.key",
    "fs.s3a.bucket.x.secret.key",
    "fs.s3a.bucket.x.session.token",
    "spark.hadoop.fs.s3a.bucket.x.secret.key",
    "fs.s3a.proxy.password",
    "fs.s3a.encryption.key",
    "fs.s3a.bucket.x.encryption.key",
    "fs.s3.awsAccessKeyId",
    "fs.s3.awsSecretAccessKey",
    "fs.s3a.awsAccessKeyId",
    "fs.s3a.awsSecretAccessKey",
    "fs.s3n.awsSecretAccessKey",
    "fs.azure.account.key.x.dfs.core.windows.net",
    "AWS_ACCESS_KEY_ID",
    "aws_secret_access_key",
    "AWS_SESSION_TOKEN",
    "spark.ssl.keyPassword",
    "spark.ssl.keyStorePassword",
    "ssl.server.keystore.pass",
    "hadoop.security.credential.provider.path",
    "dfs.adls.oauth2.credential",
    "my.password",
    "MY.Secret.value",
    "oauth.token",
]
NEEDS_QUOTES = "fs.s3a.server-side-encryption.key"


class OwnMinio(Minio):
    def environment(self):
        return super().environment() | {"MINIO_ROOT_USER": USER, "MINIO_ROOT_PASSWORD": PASSWORD}

    def conf(self, endpoint=None):
        keys = {"spark.hadoop.fs.s3a.access.key": USER, "spark.hadoop.fs.s3a.secret.key": PASSWORD}
        return super().conf(endpoint) | keys


@pytest.fixture(scope="module")
def minio():
    server = OwnMinio()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def server(minio, tmp_path_factory):
    home = tmp_path_factory.mktemp("secrets")
    conf = minio.conf() | {"spark.sql.warehouse.dir": str(home / "warehouse")}
    with DelticServer(
        conf=conf, env=CLEAN_ENV, cwd=home, log_file=home / "log", extra_args=["--log-level", "debug"]
    ) as running:
        running.home = home
        yield running


@pytest.fixture
def session(server):
    spark = get_session(server)
    yield spark
    spark.stop()


def clean(text) -> str:
    """The text, in which nothing is that was planted."""
    text = str(text)
    for planted in (USER, PASSWORD, HIDDEN):
        assert planted not in text, text
    return text


def refused(run) -> str:
    """The text of the error, which shows nothing that was planted."""
    with pytest.raises(PySparkException) as caught:
        run()
    return clean(caught.value)


@pytest.fixture(autouse=True)
def nothing_is_kept(server, minio):
    """After each test: the log, the files below the server's home and the objects hold nothing that was planted."""
    yield
    for directory in (server.home, minio.home / "data"):
        found = subprocess.run(
            ["grep", "-rlE", f"{USER}|{PASSWORD}|{HIDDEN}", str(directory)], capture_output=True, text=True
        ).stdout
        assert found == "", found


class TestSettings:
    def test_set_shows_no_secret(self, session):
        for i, key in enumerate([*KEYS, NEEDS_QUOTES]):
            session.conf.set(key, f"{HIDDEN}{i}")
            name = f"`{key}`" if key == NEEDS_QUOTES else key
            assert session.sql(f"SET {name}").collect()[0].value == REDACTED, key
            assert session.sql(f"SET {name}={HIDDEN}{i}").collect()[0].value == REDACTED, key
        shown = {row.key: row.value for row in session.sql("SET").collect()}
        clean(shown)
        assert all(shown[key] == REDACTED for key in KEYS)
        clean(session.sql("SET -v").collect())

    def test_the_owner_reads_what_it_set(self, session):
        session.conf.set("fs.s3a.session.token", f"{HIDDEN}t")
        assert session.conf.get("fs.s3a.session.token") == f"{HIDDEN}t"

    def test_ordinary_settings_are_shown(self, session):
        for key in ("fs.s3a.endpoint", "spark.sql.shuffle.partitions", "my.key", "fs.s3a.path.style.access"):
            session.conf.set(key, "17")
            assert session.sql(f"SET {key}").collect()[0].value == "17"

    def test_a_statement_that_does_not_parse(self, session, server):
        """Whoever sent it sees it again; the log does not have it."""
        with pytest.raises(PySparkException, match="INVALID_SET_SYNTAX"):
            session.sql(f"SET {NEEDS_QUOTES}={HIDDEN}").collect()
        tick = threading.Event()
        for _ in range(1000):  # the log is written by a thread
            if "INVALID_SET_SYNTAX" in (server.home / "log").read_text():
                break
            tick.wait(0.01)
        assert "INVALID_SET_SYNTAX" in (server.home / "log").read_text()


class TestPaths:
    LOGIN = f"s3a://{USER}:{PASSWORD}@delta"
    SLASH = f"s3a://{USER}:{HIDDEN}/{PASSWORD}@delta"

    @pytest.mark.parametrize("root", [LOGIN, SLASH, LOGIN.replace("s3a", "s3"), f"s3n://{USER}:{PASSWORD}"])
    def test_a_login_in_a_path(self, session, root):
        path = f"{root}/t"
        for run in (
            lambda: session.sql(f"SELECT * FROM delta.`{path}`").collect(),
            lambda: session.sql(f"SELECT * FROM parquet.`{path}`").collect(),
            lambda: session.read.format("delta").load(path).collect(),
            lambda: session.read.format("delta").load(f"{path}@v1").collect(),
            lambda: session.read.parquet(path).collect(),
            lambda: session.read.csv(f"{path}/*.csv").collect(),
            lambda: session.readStream.format("delta").load(path).schema,
            lambda: session.range(1).write.format("delta").save(path),
            lambda: session.range(1).write.mode("append").parquet(path),
            lambda: session.range(1).write.format("delta").option("path", path).saveAsTable("with_login"),
            lambda: session.sql(f"CREATE TABLE with_login (a INT) USING delta LOCATION '{path}'"),
            lambda: session.sql(f"CREATE TABLE with_login USING delta LOCATION '{path}' AS SELECT 1 AS a"),
            lambda: session.sql(f"CREATE TABLE delta.`{path}` (a INT) USING delta"),
            lambda: session.sql(f"CREATE DATABASE with_login LOCATION '{path}'"),
            lambda: session.sql(f"OPTIMIZE delta.`{path}`"),
            lambda: session.sql(f"VACUUM '{path}'"),
            lambda: session.sql(f"DESCRIBE HISTORY '{path}'"),
            lambda: session.sql(f"DESCRIBE DETAIL delta.`{path}`"),
            lambda: session.sql(f"CONVERT TO DELTA parquet.`{path}`"),
            lambda: session.sql(f"DELETE FROM delta.`{path}`"),
        ):
            text = refused(run)
            assert "login details" in text and REDACTED in text, text

    def test_a_stream_to_a_path_with_a_login(self, session, server):
        rate = session.readStream.format("rate").load()
        writer = rate.writeStream.format("delta")
        text = refused(lambda: writer.option("checkpointLocation", f"{self.LOGIN}/c").start(f"{server.home}/sink"))
        assert "login details" in text
        text = refused(lambda: writer.option("checkpointLocation", f"{server.home}/c").start(f"{self.LOGIN}/t"))
        assert "login details" in text

    def test_an_at_sign_in_a_name(self, session):
        path = "s3a://delta/who@where:here"
        session.range(3).write.format("delta").save(path)
        assert session.read.format("delta").load(path).count() == 3


class TestTables:
    def test_what_is_said_of_a_table(self, session):
        path = "s3a://delta/said"
        session.range(3).write.format("delta").save(path)
        frame = session.read.format("delta").load(path)
        for statement in (
            "DESCRIBE DETAIL {}",
            "DESCRIBE HISTORY {}",
            "DESCRIBE EXTENDED {}",
            "SHOW TBLPROPERTIES {}",
            "EXPLAIN EXTENDED SELECT * FROM {}",
            "SELECT *, _metadata.file_path, input_file_name() FROM {}",
            "UPDATE {} SET id = 5 WHERE id = 1",
            "OPTIMIZE {}",
            "VACUUM {} DRY RUN",
        ):
            assert "s3a+" not in clean(session.sql(statement.format(f"delta.`{path}`")).collect())
        clean(frame.inputFiles())
        if hasattr(frame, "_explain_string"):
            assert "s3a+" not in clean(frame._explain_string(mode="extended"))

    def test_a_wrong_key(self, session):
        session.conf.set("fs.s3a.secret.key", f"{HIDDEN}wrong")
        refused(lambda: session.read.format("delta").load("s3a://delta/none").collect())
        refused(lambda: session.range(1).write.format("delta").save("s3a://delta/none"))
        session.conf.set("fs.s3a.session.token", f"{HIDDEN}token")
        refused(lambda: session.read.parquet("s3a://delta/none").collect())

    def test_properties(self, session, server, tmp_path):
        """Spark hides them in DESCRIBE EXTENDED and SHOW TBLPROPERTIES; the table has them as they are."""
        path = tmp_path / "t"  # not below the home, where nothing may be kept
        session.sql(
            f"CREATE TABLE delta.`{path}` (a INT) USING delta "
            f"TBLPROPERTIES ('my.password' = '{HIDDEN}1', 'fs.s3a.access.key' = '{HIDDEN}2', 'url' = 'u', 'plain' = 'p')"
        )
        shown = {row.key: row.value for row in session.sql(f"SHOW TBLPROPERTIES delta.`{path}`").collect()}
        clean(shown)
        assert [shown[key] for key in ("my.password", "fs.s3a.access.key", "url")] == [REDACTED] * 3
        assert shown["plain"] == "p"
        one = session.sql(f"SHOW TBLPROPERTIES delta.`{path}` ('my.password')").collect()
        assert one[0].value == REDACTED
        described = clean(session.sql(f"DESCRIBE EXTENDED delta.`{path}`").collect())
        assert f"my.password={REDACTED}" in described and "plain=p" in described
        session.conf.set("spark.sql.redaction.options.regex", "(?i)PLAIN")
        shown = {row.key: row.value for row in session.sql(f"SHOW TBLPROPERTIES delta.`{path}`").collect()}
        assert (shown["plain"], shown["url"], shown["my.password"]) == (REDACTED, "u", REDACTED)


class TestOptions:
    """Settings of a store that come with one reader or writer are refused; those the session has anyway are not."""

    PATH = "s3a://delta/options"

    @pytest.fixture(autouse=True)
    def some_rows(self, session):
        session.range(3).write.format("delta").mode("overwrite").save(self.PATH)
        session.range(3).write.mode("overwrite").parquet(f"{self.PATH}-files")

    def test_other_values(self, session):
        options = {"fs.s3a.secret.key": f"{HIDDEN}o"}
        sql_options = f"OPTIONS ('fs.s3a.secret.key' = '{HIDDEN}o')"
        reader = session.read.options(**options)
        for run in (
            lambda: reader.format("delta").load(self.PATH).collect(),
            lambda: reader.parquet(f"{self.PATH}-files").collect(),
            lambda: session.readStream.options(**options).format("delta").load(self.PATH).schema,
            lambda: session.readStream.options(**options).format("text").load(self.PATH).schema,
            lambda: session.range(1).write.options(**options).format("delta").mode("append").save(self.PATH),
            lambda: session.range(1).write.options(**options).mode("append").parquet(f"{self.PATH}-files"),
            lambda: session.range(1).write.options(**options, path=f"{self.PATH}-new").saveAsTable("with_options"),
            lambda: session.sql(
                f"CREATE TABLE with_options (a INT) USING delta {sql_options} LOCATION '{self.PATH}-new'"
            ),
            lambda: session.sql(
                f"CREATE TABLE with_options USING parquet {sql_options} LOCATION '{self.PATH}-new' AS SELECT 1 AS a"
            ),
        ):
            text = refused(run)
            assert "fs.s3a.secret.key" in text and "on the session" in text, text
        assert session.read.format("delta").load(self.PATH).count() == 3
        with pytest.raises(PySparkException, match="PATH_NOT_FOUND|DELTA_"):
            session.read.format("delta").load(f"{self.PATH}-new").collect()

    def test_the_sessions_own(self, session):
        options = {"fs.s3a.secret.key": PASSWORD, "fs.s3a.access.key": USER}
        assert session.read.options(**options).format("delta").load(self.PATH).count() == 3
        session.range(1).write.options(**options).format("delta").mode("append").save(self.PATH)
        session.conf.set("fs.s3a.connection.maximum", "7")
        assert session.read.option("fs.s3a.connection.maximum", 7).format("delta").load(self.PATH).count() == 4

    def test_local_paths_need_no_store(self, session, tmp_path):
        path = Path(tmp_path) / "t"
        session.range(3).write.option("fs.s3a.secret.key", f"{HIDDEN}l").format("delta").save(str(path))
        assert session.read.option("fs.s3a.secret.key", f"{HIDDEN}l").format("delta").load(str(path)).count() == 3
        assert HIDDEN not in "".join(f.read_text() for f in (path / "_delta_log").glob("*.json"))
