"""What a user sees of a statement, as plain JSON values that engines can be compared by."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.errors import condition
from tests.rows import plain

# Times and sizes differ between engines; so does how many files a write makes.
UNSTABLE = re.compile(r"Ms$|Bytes|Size$|^sizeOf|^tableSize")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MILLIS = re.compile(r"\b1[5-9]\d{11}\b")  # a time as properties have it
_CONDITION = re.compile(r"\[([A-Z][A-Z0-9_.]+)\]")
_WRAPPERS = ("TASK_WRITE_FAILED",)


def text(value: Any) -> str:
    return repr(plain(value))


def without_ids(value: str) -> str:
    """Text without the numbers of columns (id#12L → id#), UUIDs and times in milliseconds."""
    return _MILLIS.sub("MILLIS", _UUID.sub("UUID", re.sub(r"#\d+", "#", value)))


def stable_parameters(parameters: dict[str, str]) -> dict[str, str]:
    return {k: _sorted_object(without_ids(v)) for k, v in parameters.items() if v is not None}


def _sorted_object(value: str) -> str:
    """A JSON object's text with its keys in order; other texts as they are."""
    if not value.startswith("{"):
        return value
    try:
        return json.dumps(json.loads(value), sort_keys=True)
    except ValueError:
        return value


def stable_metrics(metrics: dict[str, str] | None) -> dict[str, str]:
    return {k: v for k, v in sorted((metrics or {}).items()) if not UNSTABLE.search(k)}


def cause(error: BaseException) -> str:
    """The condition of an error; real Spark wraps those of tasks."""
    named = [name for name in _CONDITION.findall(str(error)) if name not in _WRAPPERS]
    return named[0] if named else condition(error)


def message_parameters(error: BaseException) -> dict[str, str] | None:
    """The parameters of its message; None where the client does not learn them."""
    name = cause(error)
    for origin in _causes(getattr(error, "_origin", None) or getattr(error, "java_exception", None)):
        try:  # a plain Java exception does not know the questions
            if origin.getErrorClass() == name:
                return dict(origin.getMessageParameters())
        except Exception:
            continue
    try:
        given = getattr(error, "getMessageParameters", lambda: None)()
    except Exception:  # a plain Java exception of classic PySpark
        return None
    return dict(given) if given else None


def _causes(origin):
    """A Java exception of classic PySpark and what caused it."""
    for _ in range(20):
        if origin is None:
            return
        yield origin
        origin = origin.getCause()
