"""A workaround for how pyspark-client 4.2 looks at `__main__`."""

from __future__ import annotations

import sys


def name_main_module() -> None:
    """Gives `__main__` a file where it has none (python -c, a pytest-xdist worker).

    pyspark-client 4.2 takes a main module with neither file nor spec for a doctest run and looks for a Spark home then.
    """
    main = sys.modules["__main__"]
    if getattr(main, "__spec__", None) is None and not hasattr(main, "__file__"):
        main.__file__ = "<deltic>"
