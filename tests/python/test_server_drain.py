"""A server that is told to stop while it works, gets its memory back, and takes settings from the environment."""

from __future__ import annotations

import os
import signal
import time
import uuid

import grpc
import pytest
from deltic import DelticServer, ServerError, get_session
from pyspark.sql.connect import proto

from tests.rows import rows

pytestmark = pytest.mark.deltic
PATIENCE_S = 60
ROWS = 3_000_000


@pytest.fixture
def start(tmp_path):
    """Starts servers that are stopped after the test: start(**arguments of DelticServer)."""
    servers = []

    def started(**arguments) -> DelticServer:
        servers.append(DelticServer(cwd=tmp_path, **arguments).start())
        return servers[-1]

    yield started
    for server in servers:
        server.stop()


class Client:
    """A raw Spark Connect client: streams that nobody reads, requests to a server that stops."""

    def __init__(self, server: DelticServer) -> None:
        self._server = server
        self._channel = grpc.insecure_channel(server.url.removeprefix("sc://"))
        self._stub = proto.SparkConnectServiceStub(self._channel)
        self.session_id = str(uuid.uuid4())

    def request(self) -> proto.ExecutePlanRequest:
        request = proto.ExecutePlanRequest(session_id=self.session_id, operation_id=str(uuid.uuid4()))
        request.user_context.user_id = "drain"
        return request

    def rows(self, count: int):
        request = self.request()
        request.plan.root.range.end, request.plan.root.range.step = count, 1
        return self._stub.ExecutePlan(request)

    def sql(self, query: str):
        request = self.request()
        request.plan.root.sql.query = query
        return self._stub.ExecutePlan(request)

    def interrupt(self) -> list[str]:
        request = proto.InterruptRequest(session_id=self.session_id)
        request.user_context.user_id = "drain"
        request.interrupt_type = proto.InterruptRequest.INTERRUPT_TYPE_ALL
        return list(self._stub.Interrupt(request).interrupted_ids)

    def close(self) -> None:
        self._channel.close()

    def until(self, reached) -> bool:
        """Asks the server, which takes its time, until `reached(answer or error)`."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                answer = list(self.sql("SELECT count(*) FROM range(100000) WHERE id % 7 = 3"))
            except grpc.RpcError as error:
                answer = error
            if reached(answer):
                return True
        return False


@pytest.fixture
def client():
    clients = []

    def of(server: DelticServer) -> Client:
        clients.append(Client(server))
        return clients[-1]

    yield of
    for one in clients:
        one.close()


def count(stream) -> int:
    return sum(answer.arrow_batch.row_count for answer in stream if answer.HasField("arrow_batch"))


class TestDrain:
    def test_a_running_query_finishes(self, start, client):
        server = start(shutdown_grace_s=PATIENCE_S)
        stream = client(server).rows(ROWS)
        first = next(answer for answer in stream if answer.HasField("arrow_batch")).arrow_batch.row_count
        os.kill(server.pid, signal.SIGTERM)
        assert first < ROWS
        assert first + count(stream) == ROWS
        assert server._process.wait(PATIENCE_S) == 0

    def test_new_work_is_refused_meanwhile(self, start, client):
        server = start(shutdown_grace_s=PATIENCE_S)
        busy = client(server)
        stream = busy.rows(400_000_000)
        next(stream)
        os.kill(server.pid, signal.SIGTERM)
        refused = []
        assert busy.until(lambda answer: isinstance(answer, grpc.RpcError) and refused.append(answer) is None)
        assert refused[0].code() == grpc.StatusCode.UNAVAILABLE
        assert "stop" in refused[0].details().lower()
        assert next(stream).HasField("arrow_batch")  # while work that was there goes on
        stream.cancel()
        assert server._process.wait(PATIENCE_S) == 0

    def test_a_query_past_the_grace_is_cancelled(self, start, client):
        server = start(shutdown_grace_s=1)
        stream = client(server).sql(
            "SELECT count(*) FROM range(1000000) a JOIN range(1000000) b ON a.id % 7 <= b.id % 7"
        )
        stream.initial_metadata()
        os.kill(server.pid, signal.SIGTERM)
        with pytest.raises(grpc.RpcError) as caught:
            list(stream)
        assert caught.value.code() in (grpc.StatusCode.INTERNAL, grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE)
        assert "OPERATION_CANCELED" in caught.value.details() or "cancel" in caught.value.details().lower()
        assert server._process.wait(PATIENCE_S) == 0

    def test_a_second_signal_ends_the_grace(self, start, client):
        server = start(shutdown_grace_s=3600)
        busy = client(server)
        stream = busy.rows(400_000_000)
        next(stream)
        os.kill(server.pid, signal.SIGTERM)
        assert busy.until(lambda answer: isinstance(answer, grpc.RpcError))
        os.kill(server.pid, signal.SIGTERM)
        assert server._process.wait(PATIENCE_S) == 0
        with pytest.raises(grpc.RpcError):
            count(stream)


class TestMemory:
    """What a query that ends early has taken is given back; limits are relative to what it took."""

    GREEDY = (
        "SELECT max(size(l)) FROM (SELECT id % 1000 AS k, collect_list(repeat('x', 100)) AS l FROM {rows} GROUP BY k)"
    )
    TAKEN = 300 * 2**20

    @pytest.mark.parametrize("how", ["interrupt", "abandon"])
    def test_a_query_that_ends_early(self, start, client, how):
        server = start()
        other, greedy = client(server), client(server)
        assert other.until(lambda answer: isinstance(answer, list))
        before = server.memory_bytes()
        stream = greedy.sql(self.GREEDY.format(rows="range(400000000)"))
        stream.initial_metadata()
        assert other.until(lambda _: server.memory_bytes() - before > self.TAKEN)
        if how == "interrupt":
            assert greedy.interrupt()
            with pytest.raises(grpc.RpcError):
                list(stream)
        else:
            stream.cancel()
        assert other.until(lambda _: server.memory_bytes() - before < self.TAKEN // 2), server.memory_bytes() - before


class TestEnvironment:
    def test_settings(self, start, tmp_path):
        properties = tmp_path / "my.conf"
        properties.write_text("spark.sql.session.timeZone UTC\nspark.sql.shuffle.partitions 11\nmy.key file\n")
        server = start(
            env={
                "DELTIC_SERVER_PROPERTIES_FILE": str(properties),
                "DELTIC_SERVER_CONF": "spark.sql.session.timeZone=Asia/Tokyo;my.other=a=b",
                "DELTIC_SERVER_THREADS": "1",
                "DELTIC_SERVER_MEMORY_LIMIT": "512m",
                "DELTIC_SERVER_WAREHOUSE_DIR": str(tmp_path / "here"),
            },
            conf={"spark.sql.shuffle.partitions": "12"},
        )
        spark = get_session(server)
        assert spark.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"  # over the file
        assert spark.conf.get("spark.sql.shuffle.partitions") == "12"  # --conf over both
        assert spark.conf.get("my.key") == "file"
        assert spark.conf.get("my.other") == "a=b"
        assert spark.conf.get("spark.sql.warehouse.dir").endswith("/here")
        spark.sql("CREATE TABLE placed (id INT) USING delta")
        assert (tmp_path / "here" / "placed" / "_delta_log").is_dir()
        assert rows(spark.range(3)) == [(0,), (1,), (2,)]
        spark.stop()

    @pytest.mark.parametrize(
        "name,value",
        [
            ("DELTIC_SERVER_MEMORY_LIMIT", "12"),
            ("DELTIC_SERVER_THREADS", "many"),
            ("DELTIC_SERVER_CONF", "spark.sql.session.timeZone"),
            ("DELTIC_SERVER_CONF", "spark.sql.session.timeZone=Mars/Olympus"),
            ("DELTIC_SERVER_PROPERTIES_FILE", "/nowhere/my.conf"),
            ("DELTIC_SERVER_LOG_LEVEL", "loud"),
        ],
    )
    def test_a_bad_one_is_named(self, start, name, value):
        with pytest.raises(ServerError) as caught:
            start(env={name: value}, start_timeout_s=10)
        assert value.rpartition("=")[2] in str(caught.value)

    def test_idle_sessions_are_a_setting(self, start):
        server = start(conf={"spark.connect.session.manager.defaultSessionTimeout": "90s"})
        spark = get_session(server)
        assert spark.conf.get("spark.connect.session.manager.defaultSessionTimeout") == "90s"
        spark.stop()
        with pytest.raises(ServerError) as caught:
            start(conf={"spark.connect.session.manager.defaultSessionTimeout": "soon"}, start_timeout_s=10)
        assert "soon" in str(caught.value)
