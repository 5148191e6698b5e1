"""Keeps PySpark 3.5's Connect client from waiting for itself.

Its sessions share one pool of threads that send ReleaseExecute, and a session that is collected as garbage closes that
pool and waits for its threads, in whichever thread the collector happens to run. In a thread of the pool itself, or in
gRPC's, that wait never ends, and every later query of the process waits with it. Spark 4's client is not affected.
"""

from __future__ import annotations

import threading


def wait_only_in_the_main_thread() -> None:
    """Lets only the main thread close the pool; other threads leave it for the next session. Safe to call again."""
    from pyspark.sql.connect.client import reattach

    iterator = reattach.ExecutePlanResponseReattachableIterator
    if not hasattr(iterator, "shutdown") or getattr(iterator, "_deltic_waits", False):
        return
    close_and_wait = iterator.shutdown

    def shutdown(cls: type) -> None:
        if threading.current_thread() is threading.main_thread():
            close_and_wait()

    iterator.shutdown = classmethod(shutdown)
    iterator._deltic_waits = True
