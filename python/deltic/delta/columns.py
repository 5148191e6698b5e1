"""Arguments of DeltaTable's methods: conditions and assignments as columns, and checks of plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from pyspark.sql.connect import functions
from pyspark.sql.connect.column import Column

from deltic.delta import messages

if TYPE_CHECKING:
    from pyspark.sql.connect.client import SparkConnectClient

# A Column, or an expression as SQL text.
ColumnLike: TypeAlias = "str | Column"


def as_column(value: ColumnLike, what: str) -> Column:
    """`value` as a column; text is an SQL expression. Raises TypeError for anything else, naming it `what`."""
    if isinstance(value, Column):
        return value
    if isinstance(value, str):
        return functions.expr(value)
    raise TypeError(
        f"{what} must be a Spark SQL Column or a string (expression in SQL syntax), found to be of type {type(value)}"
    )


def as_condition(value: ColumnLike | None) -> Column | None:
    return None if value is None else as_column(value, "'condition'")


def as_assignments(mapping: Mapping[str, ColumnLike] | None, what: str) -> list[tuple[Column, Column]]:
    """{column name: value} as pairs of columns. Raises ValueError for None, TypeError for keys or values of no use."""
    if mapping is None:
        raise ValueError(f"{what} cannot be None")
    if not isinstance(mapping, dict):
        raise TypeError(f"{what} must be a dict, found to be {type(mapping)}")
    pairs = []
    for name, value in mapping.items():
        if not isinstance(name, str):
            raise TypeError(
                f"Keys of dict in {what} must contain only strings with column names, "
                f"found '{name}' of type '{type(name)}'"
            )
        if not isinstance(value, (str, Column)):
            raise TypeError(
                f"Values of dict in {what} must contain only Spark SQL Columns or strings (expressions in SQL syntax) "
                f"as values, found '{value}' of type '{type(value)}'"
            )
        pairs.append((functions.col(name), as_column(value, what)))
    return pairs


def add_assignments(target, pairs: list[tuple[Column, Column]], client: SparkConnectClient) -> None:
    """Appends the pairs to a repeated field of Assignment messages."""
    target.extend(
        messages.Assignment(field=field.to_plan(client), value=value.to_plan(client)) for field, value in pairs
    )


def check_type(value: object, wanted: type, name: str) -> None:
    """Raises ValueError, as delta-spark does, when `value` is no `wanted`; a bool is no int."""
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        kind = {int: "an int", str: "a string", bool: "a boolean", dict: "a dict"}[wanted]
        raise ValueError(f"{name} needs to be {kind} but got '{type(value)}'.")
