"""A corpus: named cases, what real Spark + Delta did with each (a JSON file of one line per case), and the known
differences. Recording and replaying are the same for every corpus; what a case is and how it runs is its own affair."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.errors import seen
from tests.known import known_difference, known_list

Run = Callable[[Any], dict[str, Any]]  # a session → the outcome of one case on it


def _nameless(error: str) -> bool:
    return not re.fullmatch(r"[A-Z0-9_.]+", error)


def _first_line(message: str) -> str:
    return re.sub(r"^\(\S+\) ", "", message.strip()).split("\n")[0].strip()


def comparable(expected: Any, got: Any) -> tuple[Any, Any]:
    """Both without what cannot be compared: the texts of errors, and parameters that this client does not learn."""
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        pairs = [comparable(e, g) for e, g in zip(expected, got)]
        return [e for e, _ in pairs], [g for _, g in pairs]
    if not isinstance(expected, dict) or not isinstance(got, dict):
        return expected, got
    if "error" in expected:
        told = {"message"} | ({"with"} if "with" not in expected or "with" not in got else set())
        if _nameless(expected["error"]) and got.get("error") != expected["error"]:
            # An exception without a condition: here the error may have one, so the text has to be the same.
            expected = expected | {"text": _first_line(expected.get("message", ""))}
            got = got | {"text": _first_line(got.get("message", ""))}
            told |= {"error"} if "error" in got else set()
        hidden = "error" in got and not seen(expected["error"])
        told |= {"error"} if hidden else set()
        expected = {k: v for k, v in expected.items() if k not in told}
        got = {k: v for k, v in got.items() if k not in told}
    both = {k: comparable(expected[k], got[k]) for k in expected.keys() & got.keys()}
    return (
        {k: both[k][0] if k in both else v for k, v in expected.items()},
        {k: both[k][1] if k in both else v for k, v in got.items()},
    )


class Corpus:
    """`runs`: name of a case → how to run it. Recorded outcomes are in `recorded`, known differences in known.json beside."""

    def __init__(self, recorded: Path, runs: Mapping[str, Run]) -> None:
        self.path = recorded
        self.runs = runs
        self.recorded = json.loads(recorded.read_text(encoding="utf-8")) if recorded.exists() else {}
        self.known = known_list(recorded.parent / "known.json")

    def parameters(self) -> list:
        """pytest parameters, one per recorded case; the known differences are marked as such."""
        import pyspark
        import pytest

        stale = sorted(set(self.known) - set(self.recorded)) + sorted(set(self.recorded) - set(self.runs))
        assert not stale, f"{self.path.parent.name}: neither a case nor recorded: {stale}"
        unseen = () if pyspark.__version__ >= "4" else ("parameters: ",)  # Connect's 3.5 client does not learn them
        marks = {n: [known_difference(reason)] for n, reason in self.known.items() if not reason.startswith(unseen)}
        return [pytest.param(name, id=name, marks=marks.get(name, [])) for name in self.runs if name in self.recorded]

    def check(self, session, name: str) -> None:
        """Runs a case and compares what it did with what was recorded. Raises AssertionError."""
        got = json.loads(json.dumps(self.runs[name](session)))
        expected, got = comparable(self.recorded[name], got)
        assert got == expected

    def record(self, sessions: list, wanted: set[str], enter: Callable[[Any], None]) -> None:
        """Runs the cases that start or end with one of `wanted`, else those not yet recorded, side by side, one per session.

        `enter` makes a session the calling thread's own.
        """
        chosen = [
            name
            for name in self.runs
            if (
                any(name.startswith(part) or name.endswith(part) for part in wanted)
                if wanted
                else name not in self.recorded
            )
        ]
        seen_before: dict[str, int] = {}
        rank = {}
        for name in chosen:  # the first kind of every case, then the second of every case …
            case = name.rsplit("-", 1)[0]
            rank[name] = seen_before[case] = seen_before.get(case, 0) + 1
        chosen.sort(key=rank.__getitem__)
        free, lock = list(sessions), threading.Lock()

        def one(name: str) -> None:
            with lock:
                session = free.pop()
            try:
                enter(session)
                outcome = self.runs[name](session)
            finally:
                with lock:
                    free.append(session)
            with lock:
                self.recorded[name] = outcome
                self.save()

        with ThreadPoolExecutor(len(sessions)) as pool:
            for name, future in [(name, pool.submit(one, name)) for name in chosen]:
                if future.exception() is not None:
                    print(f"{name}: {future.exception()}")

    def save(self) -> None:
        lines = [
            f"{json.dumps(name)}: {json.dumps(self.recorded[name], ensure_ascii=False)}"
            for name in self.runs
            if name in self.recorded
        ]
        written = self.path.with_suffix(".part")  # a recording that is stopped leaves whole what it had
        written.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        written.replace(self.path)
