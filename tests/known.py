"""Differences from Spark that are known and not yet gone. A test marked so must fail on the deltic server: one that
passes unexpectedly fails the run, so that the mark is removed with the difference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fixtures.config import SparkConfig


def known_difference(
    reason: str, raises: type[BaseException] | tuple = (Exception, pytest.fail.Exception)
) -> pytest.MarkDecorator:
    """Marks a test as failing on deltic for `reason`; on real Spark it has to pass."""
    return pytest.mark.xfail(SparkConfig().master_url == "deltic", reason=reason, strict=True, raises=raises)


def known_list(path: Path) -> dict[str, str]:
    """Case → reason, from a JSON object; no file is no differences."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
