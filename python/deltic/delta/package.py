"""The names of the package `delta` itself. Not in __init__, since PySpark's modules use parts of deltic.delta while
they are being imported."""

from deltic.delta.session_builder import configure_spark_with_delta_pip
from deltic.delta.tables import DeltaTable

__all__ = ["DeltaTable", "configure_spark_with_delta_pip"]
