"""The servers that bench/run.py measures, each started the way its users start it.

Every engine is a context manager with `url`, `pid`, `start_s` (process start to the first answer of SELECT 1, the client's
import and session not counted) and `memory_bytes()`. One runs at a time.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from deltic import DelticServer

CACHE = Path(os.environ.get("DELTIC_CACHE", Path.home() / ".cache" / "deltic"))
START_TIMEOUT_S = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def first_select(url: str, deadline: float) -> None:
    """Sends SELECT 1 by bare gRPC until it is answered. Raises TimeoutError."""
    import uuid

    import grpc
    from pyspark.sql.connect import proto

    request = proto.ExecutePlanRequest(session_id=str(uuid.uuid4()))
    request.user_context.user_id = "bench"
    request.plan.root.sql.query = "SELECT 1"
    address = url.removeprefix("sc://")
    host, port = address.rsplit(":", 1)
    while True:
        try:
            socket.create_connection((host, int(port)), 1).close()
            with grpc.insecure_channel(address) as channel:
                list(proto.SparkConnectServiceStub(channel).ExecutePlan(request, timeout=60))
            return
        except (OSError, grpc.RpcError) as error:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{url} did not answer: {error}")
            time.sleep(0.002)


def resident_bytes(pid: int, field: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    return 0


class Engine:
    """A server process. Subclasses say in command() how it is started."""

    name = ""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"sc://127.0.0.1:{self.port}"
        self._log = tempfile.TemporaryFile("w+")
        self._process: subprocess.Popen[str] | None = None
        self.start_s = 0.0

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def memory_bytes(self, peak: bool = False) -> int:
        return resident_bytes(self.pid, "VmHWM:" if peak else "VmRSS:")

    def __enter__(self) -> Engine:
        began = time.perf_counter()
        self._process = subprocess.Popen(
            self.command(), cwd=self.home, env=self.environment(), stdin=subprocess.DEVNULL, stdout=self._log,
            stderr=subprocess.STDOUT, text=True)  # fmt: skip
        try:
            first_select(self.url, began + START_TIMEOUT_S)
        except BaseException:
            self.__exit__()
            self._log.seek(0)
            print(self._log.read()[-3000:])
            raise
        self.start_s = time.perf_counter() - began
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class Deltic(Engine):
    """Ours, change data feed on, as it comes."""

    name = "deltic"
    conf: dict[str, str] = {}

    def command(self) -> list[str]:
        server = DelticServer(port=self.port, conf={"spark.sql.warehouse.dir": str(self.home / "wh"), **self.conf})
        from deltic import find_binary

        return [str(find_binary()), *server._arguments()]


class Sail(Engine):
    """pysail, as `sail spark server` comes."""

    name = "sail"

    def command(self) -> list[str]:
        return [str(CACHE / "venv-bench" / "bin" / "sail"), "spark", "server", "--port", str(self.port)]


class Spark(Engine):
    """Real Spark's Connect server with Delta Lake, change data feed on (tools/oracle/start_connect.sh)."""

    name = "spark"

    def command(self) -> list[str]:
        return [str(CACHE / "oracle" / "start_connect.sh"), "--conf", "spark.sql.catalogImplementation=in-memory"]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "ORACLE_PORT": str(self.port), "ORACLE_WAREHOUSE": str(self.home / "wh"),
                "ORACLE_MEM": "4g"}  # fmt: skip


ENGINES = {engine.name: engine for engine in (Deltic, Sail, Spark)}
