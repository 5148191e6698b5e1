"""install(): makes `import delta` work on Spark Connect sessions, whichever delta-spark is there or none.

- No delta-spark: `delta` and its modules are this package's.
- delta-spark with PySpark 3.5: its own classes serve classic sessions as before; the entry points of its DeltaTable
  (forPath, forName, create, …) give ours for Spark Connect sessions, which it cannot serve.
- delta-spark 4 with PySpark 4: it speaks Delta Connect itself and is left alone.
- In all cases Delta's concurrency errors arrive as delta.exceptions' classes.

Nothing of PySpark or delta is imported before the user's code does: modules are changed as they are loaded, by a finder
in sys.meta_path; those already loaded at once. install() may be called again; it cannot be undone.
"""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable
from types import ModuleType

# Module of delta-spark → ours, loaded in its place when there is none, or when it does not import.
_OURS = {
    "delta": "deltic.delta.package",
    "delta.tables": "deltic.delta.tables",
    "delta.exceptions": "deltic.delta.exceptions",
    "delta.pip_utils": "deltic.delta.session_builder",
}
_ENTRY_POINTS = (
    "convertToDelta",
    "forPath",
    "forName",
    "create",
    "createIfNotExists",
    "replace",
    "createOrReplace",
    "isDeltaTable",
)


def _pyspark_major() -> int:
    import pyspark

    return int(pyspark.__version__.split(".")[0])


def _is_connect(session: object) -> bool:
    """Whether a session is a Spark Connect one; None is, when the only active session is."""
    connect = sys.modules.get("pyspark.sql.connect.session")
    if connect is None:
        return False
    if session is not None:
        return isinstance(session, connect.SparkSession)
    classic = sys.modules.get("pyspark.sql.session")
    if classic is not None and getattr(classic.SparkSession, "_instantiatedSession", None) is not None:
        return False
    return connect.SparkSession.getActiveSession() is not None


def _dispatch(real: Callable, name: str) -> classmethod:
    @functools.wraps(real)
    def entry_point(cls, sparkSession=None, *args, **kwargs):
        if _is_connect(sparkSession):
            from deltic.delta.tables import DeltaTable

            return getattr(DeltaTable, name)(sparkSession, *args, **kwargs)
        if sparkSession is None:
            return real(cls, *args, **kwargs)
        return real(cls, sparkSession, *args, **kwargs)

    return classmethod(entry_point)


def _share_tables(module: ModuleType) -> None:
    """delta.tables of delta-spark: Connect sessions get our DeltaTable."""
    if hasattr(module, "_deltic_shared") or (_pyspark_major() >= 4 and hasattr(module, "is_remote")):
        return
    for name in _ENTRY_POINTS:
        bound = getattr(module.DeltaTable, name, None)
        if bound is not None:
            setattr(module.DeltaTable, name, _dispatch(bound.__func__, name))
    module._deltic_shared = True


def _share_pip_utils(module: ModuleType) -> None:
    """delta.pip_utils of delta-spark: a builder of a Connect session needs no jars."""
    real = module.configure_spark_with_delta_pip

    @functools.wraps(real)
    def configure_spark_with_delta_pip(spark_session_builder, *args, **kwargs):
        import os

        options = getattr(spark_session_builder, "_options", {})
        if "spark.remote" in options or ("SPARK_REMOTE" in os.environ and "spark.master" not in options):
            return spark_session_builder
        return real(spark_session_builder, *args, **kwargs)

    module.configure_spark_with_delta_pip = configure_spark_with_delta_pip


def _teach_errors(module: ModuleType) -> None:
    from deltic.delta.exceptions import teach

    teach(module)


# What is done to a module when it has been loaded.
_AFTER: dict[str, Callable[[ModuleType], None]] = {
    "delta.tables": _share_tables,
    "delta.pip_utils": _share_pip_utils,
    "pyspark.errors.exceptions.connect": _teach_errors,
}


class _OurLoader(importlib.abc.Loader):
    """Loads a module of ours under delta-spark's name."""

    def __init__(self, ours: str) -> None:
        self._ours = ours

    def exec_module(self, module: ModuleType) -> None:
        ours = importlib.import_module(self._ours)
        for name, value in vars(ours).items():
            if not name.startswith("__") or name in ("__all__", "__doc__"):
                setattr(module, name, value)


class _ThenLoader(importlib.abc.Loader):
    """Another loader's work, then ours; ours instead when the module cannot be imported with this PySpark."""

    def __init__(self, loader: importlib.abc.Loader, name: str) -> None:
        self._loader = loader
        self._name = name

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        try:
            self._loader.exec_module(module)
        except ImportError:
            if self._name not in _OURS or _pyspark_major() >= 4:
                raise
            _OurLoader(_OURS[self._name]).exec_module(module)
            return
        if self._name in _AFTER:
            _AFTER[self._name](module)

    def __getattr__(self, name: str):
        return getattr(self._loader, name)  # get_data, get_source, … of the loader that it stands for


class _First(importlib.abc.MetaPathFinder):
    """Before the other finders: the modules that are changed when loaded."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in _AFTER and fullname not in _OURS:
            return None
        for finder in sys.meta_path:
            if isinstance(finder, (_First, _Last)) or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is None:
                continue
            if spec.loader is None or not hasattr(spec.loader, "exec_module"):
                return None  # a folder that happens to be called so
            spec.loader = _ThenLoader(spec.loader, fullname)
            return spec
        return None


class _Last(importlib.abc.MetaPathFinder):
    """After the other finders: `delta` when nobody else has it."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in _OURS:
            return None
        if fullname != "delta" and importlib.util.find_spec("pyspark") is None:
            return None
        return importlib.machinery.ModuleSpec(fullname, _OurLoader(_OURS[fullname]), is_package=fullname == "delta")


def install() -> None:
    """Makes `from delta.tables import DeltaTable` work on Spark Connect sessions. See the module's text."""
    if any(isinstance(finder, _First) for finder in sys.meta_path):
        return
    sys.meta_path.insert(0, _First())
    sys.meta_path.append(_Last())
    for name, change in _AFTER.items():
        if name in sys.modules:
            change(sys.modules[name])
