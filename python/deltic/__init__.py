"""Delta Lake behind Spark Connect, without a JVM.

    from deltic import DelticServer, get_session

    with DelticServer() as server:                 # the deltic binary, on a free port of 127.0.0.1
        spark = get_session(server)                # an ordinary PySpark session
        spark.range(3).write.format("delta").save("/tmp/t")

The package holds the handle of a server process (`deltic.server`), sessions on it (`deltic.session`), a pytest plugin
(`deltic.pytest_plugin`), and delta-spark's DeltaTable for PySpark 3.5 (`deltic.delta`), which install() puts behind
`from delta.tables import DeltaTable`. Queries, tables and change feeds are PySpark's own calls: nothing here wraps them.
"""

from deltic.delta_hook import install
from deltic.server import DelticServer, ServerError, find_binary
from deltic.session import get_session

__all__ = ["DelticServer", "ServerError", "find_binary", "get_session", "install"]
__version__ = "0.1.0"
