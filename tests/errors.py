"""The error condition of a Spark exception, the same way for every client and engine."""

from __future__ import annotations

import re

import pyspark

from tests.fixtures.config import SparkConfig

_BRACKETED = re.compile(r"\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)?)\]")


def condition(error: BaseException) -> str:
    """E.g. TABLE_OR_VIEW_NOT_FOUND; empty when the error has none.

    The text comes first: PySpark 3.5's classes leave the condition out for some errors that name it in their message.
    """
    found = _BRACKETED.search(str(error))
    if found:
        return found.group(1)
    for getter in ("getCondition", "getErrorClass"):
        try:
            value = getattr(error, getter, lambda: None)()
        except Exception:  # classic PySpark asks Java's exception, whose class may not know the question
            value = None
        if value:
            return value
    return ""


def seen(name: str) -> str:
    """What condition() finds on this client of an error of condition `name`.

    Connect's 3.5 client learns of a condition only from the message, which does not show Spark's legacy ones.
    """
    over_connect = SparkConfig().master_url == "deltic" or SparkConfig().master_url.startswith("sc://")
    hidden = name.startswith("_LEGACY_") and over_connect and pyspark.__version__ < "4"
    return "" if hidden else name
