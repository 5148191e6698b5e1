"""DeltaOptimizeBuilder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deltic.delta.messages import run_to_frame

if TYPE_CHECKING:
    from pyspark.sql.connect.dataframe import DataFrame
    from pyspark.sql.connect.session import SparkSession


class DeltaOptimizeBuilder:
    """OPTIMIZE of a table. Made by DeltaTable.optimize(); `table` is its DeltaTable message."""

    def __init__(self, spark: SparkSession, table) -> None:
        self._spark = spark
        self._table = table
        self._filters: list[str] = []

    def where(self, partitionFilter: str) -> DeltaOptimizeBuilder:
        """Limits it to partitions: a condition on partition columns as SQL text. All that are given count."""
        self._filters.append(partitionFilter)
        return self

    def executeCompaction(self) -> DataFrame:
        """Joins small files; the paths and metrics as one row."""
        return self._execute([])

    def executeZOrderBy(self, *cols: str | list[str] | tuple[str, ...]) -> DataFrame:
        """Rewrites files in Z-order of the columns, given one by one or as one list; the metrics as one row."""
        names = cols[0] if len(cols) == 1 and isinstance(cols[0], (list, tuple)) else cols
        for name in names:
            if not isinstance(name, str):
                raise TypeError(f"Z-order column must be str. Found {name} with type {type(name)}")
        return self._execute(list(names))

    def _execute(self, zorder_columns: list[str]) -> DataFrame:
        def fill(message, client) -> None:
            message.optimize_table.table.CopyFrom(self._table)
            message.optimize_table.partition_filters.extend(self._filters)
            message.optimize_table.zorder_columns.extend(zorder_columns)

        return run_to_frame(fill, self._spark)
