"""delta.exceptions: what a lost race of commits raises, and how Spark Connect clients get there.

Delta's JVM classes io.delta.exceptions.X arrive as Python's delta.exceptions.X. The classes are siblings, as in
delta-spark: DeltaConcurrentModificationException is not the base of the others.
"""

from __future__ import annotations

import importlib
import json
import sys

from pyspark.errors import PySparkException


class DeltaConcurrentModificationException(PySparkException):
    """A conflict of commits that is none of the others."""


class ConcurrentWriteException(PySparkException):
    """Another transaction wrote after this one read the table."""


class MetadataChangedException(PySparkException):
    """The table's metadata changed since it was read."""


class ProtocolChangedException(PySparkException):
    """The table's protocol changed since it was read."""


class ConcurrentAppendException(PySparkException):
    """Files were added that this transaction would have read."""


class ConcurrentDeleteReadException(PySparkException):
    """Another transaction deleted what this one read."""


class ConcurrentDeleteDeleteException(PySparkException):
    """Another transaction deleted what this one deletes."""


class ConcurrentTransactionException(PySparkException):
    """Another writer of the same idempotent transaction was faster."""


# Specific ones first: the server names the base class of each too.
NAMES = [
    "ConcurrentWriteException",
    "MetadataChangedException",
    "ProtocolChangedException",
    "ConcurrentAppendException",
    "ConcurrentDeleteReadException",
    "ConcurrentDeleteDeleteException",
    "ConcurrentTransactionException",
    "DeltaConcurrentModificationException",
]
__all__ = sorted(NAMES)

_JAVA = "io.delta.exceptions."
_classes: dict[str, type] = {}


def _base_class(name: str) -> type:
    """The class that user code catches: the installed delta-spark's, else this module's."""
    for module in ("delta.connect.exceptions", "delta.exceptions"):
        try:
            found = getattr(importlib.import_module(module), name, None)
        except ImportError:
            continue
        if found is not None:
            return found
    return globals()[name]


def connect_class(name: str) -> type:
    """The class to raise for io.delta.exceptions.<name>: the one that user code catches, without its need of a JVM."""
    if name not in _classes:
        from pyspark.errors.exceptions.connect import SparkConnectGrpcException

        base = _base_class(name)
        body: dict[str, object] = {"__doc__": base.__doc__, "__module__": base.__module__}
        captured = sys.modules.get("pyspark.errors.exceptions.captured")
        if captured is not None and issubclass(base, captured.CapturedException):
            # delta-spark 3's classes ask the JVM for their text.
            body["__init__"] = PySparkException.__init__
            for method in ("__str__", "getErrorClass", "getMessageParameters", "getSqlState"):
                body[method] = getattr(PySparkException, method)
        _classes[name] = type(name, (SparkConnectGrpcException, base), body)
    return _classes[name]


def _convert_35(original):
    """PySpark 3.5's convert_exception(info, message), with Delta's classes first."""

    def convert_exception(info, message):
        classes = json.loads(info.metadata["classes"]) if "classes" in info.metadata else []
        for name in NAMES:
            if _JAVA + name in classes:
                return connect_class(name)(message)
        return original(info, message)

    convert_exception.deltic = True
    return convert_exception


class _OnUse:
    """Stands in PySpark 4's table of classes, so that delta.exceptions is imported when it is needed only."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *args, **kwargs):
        return connect_class(self._name)(*args, **kwargs)


def teach(module) -> None:
    """Makes pyspark.errors.exceptions.connect, `module`, raise Delta's classes. May be called again."""
    table = getattr(module, "EXCEPTION_CLASS_MAPPING", None)
    if table is not None:  # PySpark 4
        for name in NAMES:
            table.setdefault(_JAVA + name, _OnUse(name))
        return
    if not getattr(module.convert_exception, "deltic", False):
        module.convert_exception = _convert_35(module.convert_exception)
    client = sys.modules.get("pyspark.sql.connect.client.core")
    if client is not None:  # it has imported the function by name
        client.convert_exception = module.convert_exception
