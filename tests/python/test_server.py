"""The server as a process: starting, settings, tokens, stopping, sessions; and the Python package around it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import uuid
from pathlib import Path

import grpc
import pytest
from deltic import DelticServer, ServerError, find_binary, get_session
from pyspark.sql.connect import proto

from tests.rows import rows

pytestmark = pytest.mark.deltic
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("server")
    with DelticServer(cwd=home, conf={"spark.sql.warehouse.dir": str(home / "warehouse")}) as running:
        yield running


@pytest.fixture
def session(server):
    spark = get_session(server)
    yield spark
    spark.stop()


def spark_version(url: str, metadata=()) -> str:
    request = proto.AnalyzePlanRequest(session_id=str(uuid.uuid4()))
    request.spark_version.SetInParent()
    with grpc.insecure_channel(url.removeprefix("sc://")) as channel:
        stub = proto.SparkConnectServiceStub(channel)
        return stub.AnalyzePlan(request, timeout=10, metadata=metadata).spark_version.version


class TestLife:
    def test_start_answer_stop(self, tmp_path):
        server = DelticServer(cwd=tmp_path)
        with server:
            assert server.running and server.pid and server.port > 0
            assert server.url == f"sc://127.0.0.1:{server.port}"
            assert spark_version(server.url).startswith("3.5.")
            assert 10 < server.memory_bytes() / 2**20 < 500
            pid = server.pid
        assert not server.running and server.pid is None
        assert not Path(f"/proc/{pid}").exists()

    def test_sigterm_ends_it_with_status_zero(self, tmp_path):
        server = DelticServer(cwd=tmp_path).start()
        assert server.stop() == 0
        assert server.stop() is None

    def test_sigint_ends_it_too(self, tmp_path):
        server = DelticServer(cwd=tmp_path).start()
        os.kill(server.pid, signal.SIGINT)
        assert server._process.wait(10) == 0
        server.stop()

    def test_sigterm_while_a_query_runs(self, tmp_path):
        server = DelticServer(cwd=tmp_path).start()
        with grpc.insecure_channel(server.url.removeprefix("sc://")) as channel:
            stub = proto.SparkConnectServiceStub(channel)
            request = proto.ExecutePlanRequest(session_id=str(uuid.uuid4()))
            request.user_context.user_id = "t"
            request.plan.root.sql.query = (
                "SELECT count(*) FROM range(1000000) a JOIN range(1000000) b ON a.id % 7 <= b.id % 7"
            )
            stream = stub.ExecutePlan(request)
            stream.initial_metadata()
            assert server.stop() == 0
            with pytest.raises(grpc.RpcError):
                list(stream)

    def test_a_second_start_of_one_handle_is_harmless(self, tmp_path):
        with DelticServer(cwd=tmp_path) as server:
            pid = server.pid
            assert server.start().pid == pid

    def test_two_servers(self, tmp_path):
        with DelticServer(cwd=tmp_path) as one, DelticServer(cwd=tmp_path) as two:
            assert one.port != two.port
            assert spark_version(one.url) == spark_version(two.url)

    def test_a_port_in_use(self, server):
        with pytest.raises(ServerError) as caught:
            DelticServer(port=server.port, start_timeout_s=10).start()
        assert str(server.port) in str(caught.value)
        assert "Hint: another process has this port" in str(caught.value)

    def test_a_chosen_port(self, tmp_path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with DelticServer(cwd=tmp_path, port=port) as server:
            assert server.port == port

    def test_an_unknown_option(self):
        with pytest.raises(ServerError) as caught:
            DelticServer(extra_args=["--no-such-option"], start_timeout_s=10).start()
        assert "--no-such-option" in str(caught.value)

    def test_only_loopback_is_listened_on(self, server):
        listening = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
        port = f":{server.port:04X} "
        found = [
            line.split()[1].split(":")[0]
            for line in listening.splitlines()
            if port in line.split("  ")[0]
            or (len(line.split()) > 3 and line.split()[1].endswith(port.strip()) and line.split()[3] == "0A")
        ]
        assert found and all(
            address in ("0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F")
            for address in found
        )


class TestBinary:
    def test_found(self):
        assert os.access(find_binary(), os.X_OK)

    def test_a_missing_one_is_an_error(self, monkeypatch):
        with pytest.raises(ServerError, match="nowhere"):
            find_binary("/nowhere/deltic")
        monkeypatch.setenv("DELTIC_BINARY", "/nowhere/else")
        with pytest.raises(ServerError, match="DELTIC_BINARY=/nowhere/else"):
            find_binary()

    def test_a_binary_that_is_something_else(self):
        with pytest.raises(ServerError) as caught:
            DelticServer(binary="/bin/false", start_timeout_s=10).start()
        assert "ended with status 1" in str(caught.value)

    def test_a_binary_that_never_answers(self, tmp_path):
        script = tmp_path / "sleeper"
        script.write_text("#!/bin/sh\necho half way\nexec sleep 60\n")
        script.chmod(0o755)
        with pytest.raises(ServerError) as caught:
            DelticServer(binary=script, start_timeout_s=0.5).start()
        assert "half way" in str(caught.value) and "start_timeout_s" in str(caught.value)

    def test_version_and_help(self):
        for arguments in (["version"], ["--help"], ["server", "--help"]):
            done = subprocess.run([find_binary(), *arguments], capture_output=True, text=True, timeout=10)
            assert done.returncode == 0, done.stderr
            assert done.stdout.strip()


class TestSettings:
    def test_conf(self, tmp_path):
        with DelticServer(cwd=tmp_path, conf={"spark.sql.session.timeZone": "Asia/Tokyo", "my.own.key": "a=b c"}) as s:
            spark = get_session(s)
            assert spark.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
            assert spark.conf.get("my.own.key") == "a=b c"
            assert rows(spark.sql("SELECT CAST(TIMESTAMP'2025-01-01 00:00:00Z' AS STRING)")) == [
                ("2025-01-01 09:00:00",)
            ]
            spark.stop()

    def test_properties_file(self, tmp_path):
        properties = tmp_path / "spark-defaults.conf"
        properties.write_text(
            "# a comment\nspark.sql.session.timeZone   Asia/Tokyo\nspark.sql.shuffle.partitions=11\n\nmy.key some value\n"
        )
        conf = {"spark.sql.shuffle.partitions": "12"}
        with DelticServer(cwd=tmp_path, properties_file=properties, conf=conf) as server:
            spark = get_session(server)
            assert spark.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
            assert spark.conf.get("my.key") == "some value"
            assert spark.conf.get("spark.sql.shuffle.partitions") == "12"
            spark.stop()

    def test_a_properties_file_that_is_missing(self):
        with pytest.raises(ServerError) as caught:
            DelticServer(properties_file="/nowhere/spark-defaults.conf", start_timeout_s=10).start()
        assert "/nowhere/spark-defaults.conf" in str(caught.value)

    def test_a_conf_that_is_no_setting(self):
        with pytest.raises(ServerError) as caught:
            DelticServer(conf={"spark.sql.session.timeZone": "Mars/Olympus"}, start_timeout_s=10).start()
        assert "Mars/Olympus" in str(caught.value)

    def test_static_settings_cannot_be_changed(self, session):
        session.range(1).count()  # a builder's settings come before the first plan and are recorded
        with pytest.raises(Exception) as caught:
            session.conf.set("spark.sql.warehouse.dir", "/elsewhere")
        assert "CANNOT_MODIFY_CONFIG" in str(caught.value) or "static" in str(caught.value)

    def test_the_documented_settings_are_accepted(self, tmp_path):
        conf = {
            "spark.jars.packages": "io.delta:delta-spark_2.12:3.3.2,org.apache.hadoop:hadoop-aws:3.3.4",
            "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
            "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
            "spark.databricks.delta.optimizeWrite.enabled": "true",
            "spark.driver.memory": "2g",
            "spark.executor.memory": "2g",
            "spark.hadoop.fs.s3a.fast.upload": "true",
            "spark.hadoop.fs.s3a.block.size": "128M",
            "spark.hadoop.fs.s3a.multipart.size": "100M",
        }
        with DelticServer(cwd=tmp_path, conf=conf) as server:
            spark = get_session(server)
            assert rows(spark.range(1)) == [(0,)]
            spark.stop()

    def test_relative_table_paths_start_at_the_servers_folder(self, server, session):
        session.range(2).write.format("delta").save("relative_table")
        assert (Path(server._cwd) / "relative_table" / "_delta_log").is_dir()
        assert session.read.format("delta").load("relative_table").count() == 2


class TestToken:
    @pytest.fixture(scope="class")
    def guarded(self, tmp_path_factory):
        with DelticServer(cwd=tmp_path_factory.mktemp("guarded"), token="s3cret-token") as server:
            yield server

    def test_the_right_token(self, guarded):
        assert spark_version(guarded.url, [("authorization", "Bearer s3cret-token")])

    @pytest.mark.parametrize("metadata", [[], [("authorization", "Bearer wrong")], [("authorization", "s3cret-token")]])
    def test_any_other(self, guarded, metadata):
        with pytest.raises(grpc.RpcError) as caught:
            spark_version(guarded.url, metadata)
        assert caught.value.code() == grpc.StatusCode.UNAUTHENTICATED

    def test_the_token_is_not_shown(self, guarded):
        assert "s3cret-token" not in Path(f"/proc/{guarded.pid}/cmdline").read_text()
        assert "s3cret-token" not in guarded.log_tail


class TestTls:
    @pytest.fixture(scope="class")
    def secured(self, tmp_path_factory):
        home = tmp_path_factory.mktemp("tls")
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
        made += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
        subprocess.run(made, cwd=home, check=True, capture_output=True)
        arguments = ["--port", "0", "--tls-cert", str(home / "cert.pem"), "--tls-key", str(home / "key.pem")]
        # Not DelticServer, whose first question is asked in plain text.
        process = subprocess.Popen(
            [str(find_binary()), "server", *arguments],
            cwd=home,
            env={**os.environ, "DELTIC_SERVER_TOKEN": "s3cret-token"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        port = next(line.rsplit(":", 1)[1].strip() for line in process.stdout if "listening on" in line)
        yield int(port), (home / "cert.pem").read_bytes()
        process.terminate()
        assert process.wait(20) == 0
        process.stdout.close()

    def version(self, port, credentials, metadata) -> str:
        request = proto.AnalyzePlanRequest(session_id=str(uuid.uuid4()))
        request.spark_version.SetInParent()
        with grpc.secure_channel(f"localhost:{port}", credentials) as channel:
            stub = proto.SparkConnectServiceStub(channel)
            return stub.AnalyzePlan(request, timeout=10, metadata=metadata).spark_version.version

    def test_a_token_over_tls(self, secured):
        port, certificate = secured
        credentials = grpc.ssl_channel_credentials(certificate)
        assert self.version(port, credentials, [("authorization", "Bearer s3cret-token")]).startswith("3.5.")
        with pytest.raises(grpc.RpcError) as caught:
            self.version(port, credentials, [])
        assert caught.value.code() == grpc.StatusCode.UNAUTHENTICATED

    def test_plain_text_is_refused(self, secured):
        port, _ = secured
        with pytest.raises(grpc.RpcError):
            spark_version(f"sc://localhost:{port}", [("authorization", "Bearer s3cret-token")])


class TestStreams:
    """Raw ExecutePlan streams against slow, broken and returning clients."""

    @pytest.fixture
    def stub(self, server):
        with grpc.insecure_channel(server.url.removeprefix("sc://")) as channel:
            yield proto.SparkConnectServiceStub(channel)

    def request(self, rows: int) -> proto.ExecutePlanRequest:
        request = proto.ExecutePlanRequest(session_id=str(uuid.uuid4()), operation_id=str(uuid.uuid4()))
        request.user_context.user_id = "streams"
        request.plan.root.range.end, request.plan.root.range.step = rows, 1
        request.request_options.add().reattach_options.reattachable = True
        return request

    def count(self, responses) -> tuple[int, str, bool]:
        total, last, complete = 0, "", False
        for response in responses:
            last = response.response_id
            total += response.arrow_batch.row_count if response.HasField("arrow_batch") else 0
            complete = complete or response.HasField("result_complete")
        return total, last, complete

    def test_reattach_after_a_dropped_stream(self, stub):
        request = self.request(3_000_000)
        stream = stub.ExecutePlan(request)
        seen, last = 0, ""
        for response in stream:
            last = response.response_id
            if response.HasField("arrow_batch"):
                seen += response.arrow_batch.row_count
                break
        stream.cancel()
        again = proto.ReattachExecuteRequest(
            session_id=request.session_id, operation_id=request.operation_id, last_response_id=last
        )
        again.user_context.user_id = "streams"
        complete = False
        while not complete:
            total, last, complete = self.count(stub.ReattachExecute(again))
            seen += total
            again.last_response_id = last
        assert seen == 3_000_000

    def test_a_slow_client_does_not_fill_the_server(self, server, stub):
        before = server.memory_bytes()
        stream = stub.ExecutePlan(self.request(400_000_000))
        assert next(stream).session_id
        for _ in range(20):
            assert spark_version(server.url)
        peak = server.memory_bytes()
        stream.cancel()
        assert peak - before < 400 * 2**20


class TestSessions:
    def test_views_and_settings_are_their_own(self, server):
        one, two = get_session(server), get_session(server)
        one.range(1).createOrReplaceTempView("mine")
        one.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
        assert one.catalog.tableExists("mine") and not two.catalog.tableExists("mine")
        assert two.conf.get("spark.sql.session.timeZone") != "Asia/Tokyo"
        one.stop()
        assert rows(two.range(1)) == [(0,)]
        two.stop()

    def test_tables_are_shared(self, server):
        one, two = get_session(server), get_session(server)
        one.range(3).write.format("delta").saveAsTable("shared_table")
        assert two.table("shared_table").count() == 3
        two.sql("DROP TABLE shared_table")
        assert not one.catalog.tableExists("shared_table")
        one.stop()
        two.stop()

    def test_conf_of_get_session(self, server):
        spark = get_session(server, conf={"spark.sql.session.timeZone": "Asia/Tokyo"})
        assert spark.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
        spark.stop()

    def test_a_named_remote_without_spark_remote(self, server):
        program = (
            "from pyspark.sql import SparkSession, functions as F\n"
            f"spark = SparkSession.builder.remote({server.url!r}).getOrCreate()\n"
            "print(spark.range(3).select(F.sum('id')).collect()[0][0])\n"
            "spark.stop()\n"
        )
        assert run_python(program) == "3"

    def test_spark_remote(self, server):
        program = (
            "from pyspark.sql import SparkSession\n"
            "spark = SparkSession.builder.appName('x').getOrCreate()\n"
            "print(spark.sql('SELECT 41 + 1').collect()[0][0])\n"
            "spark.stop()\n"
        )
        assert run_python(program, SPARK_REMOTE=server.url) == "42"

    def test_the_embedded_server_of_a_process(self):
        program = (
            "from deltic import get_session\n"
            "from deltic.session import embedded_server\n"
            "a, b = get_session(), get_session()\n"
            "assert embedded_server() is embedded_server()\n"
            "print(a.range(2).count() + b.range(3).count(), embedded_server().pid)\n"
        )
        total, pid = run_python(program).split()
        assert total == "5"
        assert not Path(f"/proc/{pid}").exists()

    def test_a_builder_with_deltas_settings(self, server):
        program = (
            "from pyspark.sql import SparkSession\n"
            "spark = (SparkSession.builder.appName('cdc-test')\n"
            "    .config('spark.jars.packages', 'io.delta:delta-spark_2.12:3.3.2')\n"
            "    .config('spark.sql.extensions', 'io.delta.sql.DeltaSparkSessionExtension')\n"
            "    .config('spark.sql.catalog.spark_catalog', 'org.apache.spark.sql.delta.catalog.DeltaCatalog')\n"
            "    .getOrCreate())\n"
            "print(spark.range(4).count())\n"
            "spark.stop()\n"
        )
        assert run_python(program, SPARK_REMOTE=server.url) == "4"


def run_python(program: str, **env: str) -> str:
    """What the program prints; its own process, since a Spark client is set up once per process."""
    environment = {k: v for k, v in os.environ.items() if k not in ("SPARK_REMOTE", "SPARK_CONNECT_MODE_ENABLED")}
    environment["PYTHONPATH"] = str(ROOT / "python")
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:  # pyspark-client 4.2 cannot be imported under -c
        script.write(program)
        script.flush()
        done = subprocess.run(
            [sys.executable, script.name], env={**environment, **env}, capture_output=True, text=True, timeout=120
        )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class TestPytestPlugin:
    def run_pytest(self, tmp_path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "test_it.py").write_text(textwrap.dedent(text))
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "python"), "PYTHONDONTWRITEBYTECODE": "1"}
        for name in ("PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST", "SPARK_REMOTE", "SPARK_CONNECT_MODE_ENABLED"):
            environment.pop(name, None)
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "deltic.pytest_plugin", "-p", "no:cacheprovider", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    FIXTURES = """
        import os

        def test_server(deltic_server):
            assert deltic_server.running

        def test_session(spark_session, deltic_session, deltic_table_path):
            assert spark_session is deltic_session
            spark_session.range(3).write.format("delta").save(deltic_table_path)
            assert os.path.isdir(deltic_table_path)
            assert spark_session.read.format("delta").load(deltic_table_path).count() == 3
    """

    def test_fixtures(self, tmp_path):
        done = self.run_pytest(tmp_path, self.FIXTURES)
        assert "2 passed" in done.stdout, done.stdout + done.stderr

    def test_under_xdist(self, tmp_path):
        done = self.run_pytest(tmp_path, self.FIXTURES, "-n", "2")
        assert "2 passed" in done.stdout, done.stdout + done.stderr

    def test_conf_and_log_dir(self, tmp_path):
        text = """
            def test_conf(spark_session):
                assert spark_session.conf.get("spark.sql.shuffle.partitions") == "3"
                assert spark_session.conf.get("my.key") == "ini"
        """
        (tmp_path / "pytest.ini").write_text(
            "[pytest]\ndeltic_conf =\n  my.key=ini\n  spark.sql.shuffle.partitions=2\n"
        )
        done = self.run_pytest(
            tmp_path,
            text,
            "--deltic-conf",
            "spark.sql.shuffle.partitions=3",
            "--deltic-log-dir",
            str(tmp_path / "logs"),
        )
        assert "1 passed" in done.stdout, done.stdout + done.stderr
        assert "listening" in (tmp_path / "logs" / "deltic-main.log").read_text()

    def test_remote(self, tmp_path, server):
        text = """
            def test_remote(deltic_server, spark_session):
                assert isinstance(deltic_server, str)
                assert spark_session.range(2).count() == 2
        """
        done = self.run_pytest(tmp_path, text, "--deltic-remote", server.url)
        assert "1 passed" in done.stdout, done.stdout + done.stderr

    def test_a_setting_without_a_value(self, tmp_path):
        done = self.run_pytest(tmp_path, "def test_it(deltic_server): pass", "--deltic-conf", "nonsense")
        assert "KEY=VALUE" in done.stdout


class TestQuickstart:
    def test_it_runs(self, tmp_path):
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
        for name in ("SPARK_REMOTE", "SPARK_CONNECT_MODE_ENABLED"):
            environment.pop(name, None)
        done = subprocess.run(
            [sys.executable, "-m", "deltic.quickstart"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "_change_type" in done.stdout and "WRITE" in done.stdout
        assert done.stderr == ""
        assert list(tmp_path.iterdir()) == []
