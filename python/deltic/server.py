"""A deltic server process as an object.

Invariants: the process is this object's own child; it is stopped by its process id and never by name; what it prints
is always drained, so it cannot block on a full pipe. Thread rule: start() and stop() from one thread; the properties
may be read from any.
"""

from __future__ import annotations

import atexit
import collections
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path

from deltic.main_module import name_main_module

_READY = re.compile(r"deltic server listening on (sc://(?P<host>[^\s/]+):(?P<port>\d+))")
# Settings that must not show in `ps`.
_SECRET = re.compile(r"secret|password|token|credential|(access|account|encryption|private)[._]?key", re.IGNORECASE)
_LOG_LINES_KEPT = 400
_LOG_LINES_SHOWN = 40


class ServerError(RuntimeError):
    """The server could not be found, started, reached or stopped. The text ends with its last log lines and a hint."""


def find_binary(binary: str | os.PathLike[str] | None = None) -> Path:
    """The path of the deltic binary.

    Looked for in this order: `binary`; $DELTIC_BINARY; the one packed in this package; build/release/deltic of the
    source tree that holds this package; `deltic` on $PATH.

    Raises:
        ServerError: none of them is an executable file. A binary that is named but missing is an error at once, so
            that a mistyped path is not hidden by another binary.
    """
    for origin, named in (("binary=", binary), ("DELTIC_BINARY=", os.environ.get("DELTIC_BINARY"))):
        if named:
            path = Path(named)
            if not _is_executable(path):
                raise ServerError(f"{origin}{named} is not an executable file")
            return path.resolve()
    package = Path(__file__).resolve().parent
    candidates = [package / "_bin" / "deltic", package.parent.parent / "build" / "release" / "deltic"]
    for path in candidates:
        if _is_executable(path):
            return path
    on_path = shutil.which("deltic")
    if on_path:
        return Path(on_path)
    looked = ", ".join(str(path) for path in candidates)
    raise ServerError(
        f"no deltic binary: looked for {looked} and on PATH. Build it with ./dev build deltic, "
        "or set DELTIC_BINARY to it."
    )


def _is_executable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


class DelticServer:
    """One `deltic server` process on this machine; also a context manager that starts and stops it.

    Args:
        binary: the deltic binary; see find_binary().
        port: TCP port; 0 lets the server choose a free one.
        conf: Spark settings given to the server as --conf, e.g. {"spark.sql.warehouse.dir": "/data/warehouse"};
            secret ones (keys, passwords, tokens) by the environment, which `ps` does not show.
        properties_file: a spark-defaults.conf that the server reads; `conf` wins over it.
        token: bearer token that every client must send. Like `env`, it is handed over without showing in `ps`.
        cwd: working directory of the server, which relative table paths start from; default: this process's.
        env: environment variables added to this process's own.
        log_file: a file that also receives everything the server prints; None keeps the last lines in memory only.
        start_timeout_s: seconds until the server must have answered a first request.
        shutdown_grace_s: whole seconds that running queries get to finish after SIGTERM.
        stop_timeout_s: seconds between SIGTERM and SIGKILL; at least shutdown_grace_s and some.
    """

    def __init__(
        self,
        *,
        binary: str | os.PathLike[str] | None = None,
        port: int = 0,
        conf: Mapping[str, str] | None = None,
        properties_file: str | os.PathLike[str] | None = None,
        token: str | None = None,
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
        log_file: str | os.PathLike[str] | None = None,
        extra_args: Sequence[str] = (),
        start_timeout_s: float = 30.0,
        shutdown_grace_s: int = 2,
        stop_timeout_s: float = 20.0,
    ) -> None:
        self._binary = binary
        self._port = port
        self._conf = dict(conf or {})
        self._properties_file = properties_file
        self._token = token
        self._cwd = cwd
        self._env = dict(env or {})
        self._log_file = log_file
        self._extra_args = list(extra_args)
        self._start_timeout_s = start_timeout_s
        self._shutdown_grace_s = shutdown_grace_s
        self._stop_timeout_s = stop_timeout_s
        self._process: subprocess.Popen[str] | None = None
        self._drain: threading.Thread | None = None
        self._lines: collections.deque[str] = collections.deque(maxlen=_LOG_LINES_KEPT)
        self._listening = threading.Event()
        self._url: str | None = None
        self._sessions: weakref.WeakSet = weakref.WeakSet()

    # --- what it is ---

    @property
    def url(self) -> str:
        """The Spark Connect URL, `sc://host:port`. Raises ServerError before start()."""
        if self._url is None:
            raise ServerError("the deltic server has not been started")
        return self._url

    @property
    def port(self) -> int:
        """The TCP port in use. Raises ServerError before start()."""
        return int(self.url.rsplit(":", 1)[1])

    @property
    def pid(self) -> int | None:
        """Process id, None when no process runs."""
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        """True while the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def log_tail(self) -> str:
        """The last lines that the server printed."""
        return "\n".join(list(self._lines)[-_LOG_LINES_SHOWN:])

    def memory_bytes(self, *, peak: bool = False) -> int:
        """Resident memory of the process in bytes, now or at its peak. Raises ServerError when it does not run."""
        if not self.running:
            raise ServerError("the deltic server does not run")
        field = "VmHWM:" if peak else "VmRSS:"
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1]) * 1024
        raise ServerError(f"/proc/{self.pid}/status has no {field}")

    # --- life ---

    def start(self) -> DelticServer:
        """Starts the process and returns once it has answered a request. Does nothing when it runs already.

        Raises:
            ServerError: no binary, the process ended, or no answer within start_timeout_s. No process is left behind.
        """
        if self.running:
            return self
        binary = find_binary(self._binary)
        deadline = time.monotonic() + self._start_timeout_s
        self._lines.clear()
        self._listening.clear()
        self._url = None
        # Python functions run in this Python, unless told otherwise: it has the PySpark of the client.
        environment = {"PYSPARK_PYTHON": sys.executable, **os.environ, **self._env}
        if self._token is not None:
            environment["DELTIC_SERVER_TOKEN"] = self._token
        secrets = [f"{key}={value}" for key, value in self._conf.items() if self._is_private(key)]
        if secrets:
            environment["DELTIC_SERVER_CONF"] = ";".join([environment.get("DELTIC_SERVER_CONF", ""), *secrets])
        self._process = subprocess.Popen(
            [str(binary), *self._arguments()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self._cwd,
            env=environment,
            text=True,
            errors="replace",
            bufsize=1,
        )
        atexit.register(self.stop)
        self._drain = threading.Thread(
            target=self._read_output, args=(self._process,), daemon=True, name=f"deltic-log-{self._process.pid}"
        )
        self._drain.start()
        try:
            self._listening.wait(max(0.0, deadline - time.monotonic()))
            if self._url is None:
                raise ServerError(self._failure("did not start listening"))
            self._first_answer(deadline)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> int | None:
        """Asks the process to end (SIGTERM) and waits; ends it (SIGKILL) after stop_timeout_s.

        Returns its exit status, negative for a signal; None when there was no process. May be called again.
        """
        process, self._process = self._process, None
        atexit.unregister(self.stop)
        sessions, self._sessions = list(self._sessions), weakref.WeakSet()
        if process is None:
            return None
        if process.poll() is None:
            for session in sessions:
                if not getattr(getattr(session, "client", None), "is_closed", False):
                    session.stop()  # type: ignore[attr-defined]
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(self._stop_timeout_s)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._drain is not None:
            self._drain.join(timeout=5)
            self._drain = None
        return process.returncode

    def __enter__(self) -> DelticServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def adopt(self, session: object) -> None:
        """Has stop() end this PySpark session first: a Spark 4 client left open retries for minutes when Python ends."""
        self._sessions.add(session)

    # --- parts ---

    def _is_private(self, key: str) -> bool:
        """Goes by the environment, where pairs are separated by semicolons, and not by the command line."""
        return _SECRET.search(key) is not None and ";" not in self._conf[key]

    def _arguments(self) -> list[str]:
        arguments = ["server", "--port", str(self._port), "--shutdown-grace", str(self._shutdown_grace_s)]
        if self._properties_file is not None:
            arguments += ["--properties-file", os.fspath(self._properties_file)]
        for key, value in self._conf.items():
            if not self._is_private(key):
                arguments += ["--conf", f"{key}={value}"]
        return arguments + self._extra_args

    def _read_output(self, process: subprocess.Popen[str]) -> None:
        log = open(self._log_file, "a", encoding="utf-8") if self._log_file is not None else None
        try:
            assert process.stdout is not None
            for line in process.stdout:
                self._lines.append(line.rstrip("\n"))
                if log is not None:
                    log.write(line)
                    log.flush()
                found = _READY.search(line)
                if found and self._url is None:
                    self._url = found.group(1)
                    self._listening.set()
        finally:
            if log is not None:
                log.close()
            process.stdout.close()
            self._listening.set()

    def _first_answer(self, deadline: float) -> None:
        import grpc

        name_main_module()
        from pyspark.sql.connect import proto

        request = proto.AnalyzePlanRequest(session_id=str(uuid.uuid4()))
        request.spark_version.SetInParent()
        metadata = [] if self._token is None else [("authorization", f"Bearer {self._token}")]
        with grpc.insecure_channel(self.url.removeprefix("sc://")) as channel:
            stub = proto.SparkConnectServiceStub(channel)
            try:
                stub.AnalyzePlan(
                    request, timeout=max(0.1, deadline - time.monotonic()), wait_for_ready=True, metadata=metadata
                )
            except grpc.RpcError as error:
                raise ServerError(self._failure(f"gave no first answer ({error.code().name}: {error.details()})"))

    def _failure(self, what: str) -> str:
        if self._process is not None and self._listening.is_set() and self._url is None:
            try:  # its output has ended, so it is about to
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                pass
        status = self._process.poll() if self._process else None
        if status is None:
            state = f"process {self.pid} still runs after {self._start_timeout_s:g} s"
        else:
            if self._drain is not None:
                self._drain.join(timeout=5)
            state = f"process ended with status {status}"
        text = f"deltic server {what}; {state}.\nIt printed last:\n{self.log_tail or '(nothing)'}"
        return f"{text}\nHint: {self._hint(status)}"

    def _hint(self, status: int | None) -> str:
        tail = self.log_tail.lower()
        if "address already in use" in tail or "in use" in tail:
            return "another process has this port; port=0 lets the server choose a free one."
        if "error while loading shared libraries" in tail:
            return "the binary does not find a library: build it here with ./dev build deltic."
        if status is None:
            return "the machine may be busy: raise start_timeout_s."
        if status < 0:
            return f"it was ended by {signal.Signals(-status).name}."
        return "run the same command by hand: " + " ".join([str(find_binary(self._binary)), *self._arguments()])
