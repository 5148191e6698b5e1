"""PySpark sessions on a deltic server, for PySpark 3.5 and Spark 4 clients alike."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from deltic.main_module import name_main_module
from deltic.release_pool import keep_the_release_pool
from deltic.server import DelticServer

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession

_lock = threading.Lock()
_embedded: DelticServer | None = None


def embedded_server() -> DelticServer:
    """The server that this process shares: started at the first call, stopped when the process ends.

    Raises ServerError when it cannot be started. Safe from any thread.
    """
    global _embedded
    with _lock:
        if _embedded is None or not _embedded.running:
            _embedded = DelticServer().start()
        return _embedded


def get_session(
    server: DelticServer | str | None = None,
    *,
    app_name: str = "deltic",
    conf: Mapping[str, str] | None = None,
) -> SparkSession:
    """A new PySpark session.

    Args:
        server: a DelticServer, a `sc://` URL, or None for embedded_server().
        app_name: the application's name.
        conf: session settings, set before the session is returned.

    Every call makes a session of its own: temporary views and settings are not shared. Neither $SPARK_REMOTE nor a
    running classic session matters. `pyspark.sql.functions` work with it. End it with its stop().

    Raises:
        ServerError: the embedded server could not be started.
        pyspark.errors.PySparkException: the server refuses a setting.
    """
    if server is None:
        server = embedded_server()
    url = server if isinstance(server, str) else server.url
    # PySpark's own builder, not the one of pyspark.sql.connect: it also makes pyspark.sql.functions speak Connect.
    name_main_module()
    from pyspark.sql import SparkSession

    keep_the_release_pool()
    session = SparkSession.builder.remote(url).appName(app_name).create()
    if isinstance(server, DelticServer):
        server.adopt(session)
    for key, value in (conf or {}).items():
        session.conf.set(key, value)
    return session
