"""Keeps PySpark 3.5's Connect client from waiting for itself.

Its sessions share one pool of threads that send ReleaseExecute, and a session that is collected as garbage closes that
pool and waits for its threads, in whichever thread and wherever in it the collector happens to run: in a thread of the
pool itself, in gRPC's, or in the main thread while that holds a lock of gRPC that a release needs. Then the wait never
ends. Spark 4's client is not affected.

Without that wait a release may be under way when its session closes the channel: no news for anybody, as the server frees
what a session ran when it ends.
"""

from __future__ import annotations

import warnings


def keep_the_release_pool() -> None:
    """Leaves the pool, whose threads are daemons, to the sessions that follow. Safe to call again."""
    from pyspark.sql.connect.client import reattach

    iterator = reattach.ExecutePlanResponseReattachableIterator
    if hasattr(iterator, "shutdown"):
        iterator.shutdown = classmethod(lambda cls: None)
        warnings.filterwarnings(
            "ignore", r"(?s)ReleaseExecute failed with exception:.*(Channel closed|closed channel)", UserWarning
        )
