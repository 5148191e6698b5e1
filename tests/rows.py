"""Rows of DataFrames as plain values, for comparing."""

from __future__ import annotations


def plain(value):
    """A collected value with rows as tuples, and lists and maps of them, all the way down."""
    from pyspark.sql import Row

    if isinstance(value, Row):
        return tuple(plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, bytearray):
        return bytes(value)
    return value


def rows(df) -> list[tuple]:
    """The rows in the order they came."""
    return [plain(row) for row in df.collect()]


def sorted_rows(df) -> list[tuple]:
    """The rows sorted by their text, which any mix of types and nulls has."""
    return sorted(rows(df), key=repr)


def changes(df, *columns: str) -> list[tuple]:
    """(version, change type, columns…) of a change feed, sorted."""
    return sorted_rows(df.select("_commit_version", "_change_type", *columns))
