"""The error condition of a Spark exception, the same way for every client and engine."""

from __future__ import annotations

import re

_BRACKETED = re.compile(r"\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)?)\]")


def condition(error: BaseException) -> str:
    """E.g. TABLE_OR_VIEW_NOT_FOUND; empty when the error has none.

    The text comes first: PySpark 3.5's classes leave the condition out for some errors that name it in their message.
    """
    found = _BRACKETED.search(str(error))
    if found:
        return found.group(1)
    for getter in ("getCondition", "getErrorClass"):
        value = getattr(error, getter, lambda: None)()
        if value:
            return value
    return ""
