"""The corpora of this folder that record.py records and tests replay."""

from __future__ import annotations

from pathlib import Path

from tests.gold.corpus import Corpus

HERE = Path(__file__).resolve().parent


def corpus(name: str) -> Corpus:
    """`merge` or `delta`."""
    if name == "merge":
        from tests.gold.merge.outcome import runs
    elif name == "delta":
        from tests.gold.delta.outcome import runs
    else:
        raise ValueError(f"no corpus is called {name!r}")
    return Corpus(HERE / name / f"{name}.json", runs())
