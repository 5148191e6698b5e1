"""DeltaMergeBuilder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deltic.delta.columns import ColumnLike, add_assignments, as_assignments, as_condition
from deltic.delta.messages import Action, run_to_frame

if TYPE_CHECKING:
    from pyspark.sql.connect.column import Column
    from pyspark.sql.connect.dataframe import DataFrame
    from pyspark.sql.connect.plan import LogicalPlan
    from pyspark.sql.connect.session import SparkSession


class DeltaMergeBuilder:
    """The clauses of a MERGE in the order given; execute() runs it. Made by DeltaTable.merge()."""

    def __init__(self, spark: SparkSession, target: LogicalPlan, source: LogicalPlan, condition: Column) -> None:
        self._spark = spark
        self._target = target
        self._source = source
        self._condition = condition
        self._schema_evolution = False
        # Field of the MergeIntoTable message → (action field, condition, assignments) of each clause.
        self._clauses: dict[str, list[tuple[str, Column | None, list]]] = {
            "matched_actions": [],
            "not_matched_actions": [],
            "not_matched_by_source_actions": [],
        }

    def _add(self, field: str, action: str, condition: ColumnLike | None, assignments: list) -> DeltaMergeBuilder:
        self._clauses[field].append((action, as_condition(condition), assignments))
        return self

    def whenMatchedUpdate(
        self, condition: ColumnLike | None = None, set: dict[str, ColumnLike] | None = None
    ) -> DeltaMergeBuilder:
        """Updates matched rows that fulfil the condition: column name → value."""
        pairs = as_assignments(set, "'set' in whenMatchedUpdate")
        return self._add("matched_actions", "update_action", condition, pairs)

    def whenMatchedUpdateAll(self, condition: ColumnLike | None = None) -> DeltaMergeBuilder:
        """Updates all columns of matched rows with the source's columns of the same name."""
        return self._add("matched_actions", "update_star_action", condition, [])

    def whenMatchedDelete(self, condition: ColumnLike | None = None) -> DeltaMergeBuilder:
        """Deletes matched rows that fulfil the condition."""
        return self._add("matched_actions", "delete_action", condition, [])

    def whenNotMatchedInsert(
        self, condition: ColumnLike | None = None, values: dict[str, ColumnLike] | None = None
    ) -> DeltaMergeBuilder:
        """Inserts source rows without a match: column name → value."""
        pairs = as_assignments(values, "'values' in whenNotMatchedInsert")
        return self._add("not_matched_actions", "insert_action", condition, pairs)

    def whenNotMatchedInsertAll(self, condition: ColumnLike | None = None) -> DeltaMergeBuilder:
        """Inserts source rows without a match, column by column of the same name."""
        return self._add("not_matched_actions", "insert_star_action", condition, [])

    def whenNotMatchedBySourceUpdate(
        self, condition: ColumnLike | None = None, set: dict[str, ColumnLike] | None = None
    ) -> DeltaMergeBuilder:
        """Updates target rows that no source row matches: column name → value."""
        pairs = as_assignments(set, "'set' in whenNotMatchedBySourceUpdate")
        return self._add("not_matched_by_source_actions", "update_action", condition, pairs)

    def whenNotMatchedBySourceDelete(self, condition: ColumnLike | None = None) -> DeltaMergeBuilder:
        """Deletes target rows that no source row matches."""
        return self._add("not_matched_by_source_actions", "delete_action", condition, [])

    def withSchemaEvolution(self) -> DeltaMergeBuilder:
        """Lets the source's new columns be added to the table."""
        self._schema_evolution = True
        return self

    def execute(self) -> DataFrame:
        """Runs the MERGE once; its metrics as one row."""

        def fill(message, client) -> None:
            merge = message.merge_into_table
            merge.target.CopyFrom(self._target.plan(client))
            merge.source.CopyFrom(self._source.plan(client))
            merge.condition.CopyFrom(self._condition.to_plan(client))
            merge.with_schema_evolution = self._schema_evolution
            for field, clauses in self._clauses.items():
                for name, condition, assignments in clauses:
                    action = Action()
                    if condition is not None:
                        action.condition.CopyFrom(condition.to_plan(client))
                    part = getattr(action, name)
                    part.SetInParent()
                    if assignments:
                        add_assignments(part.assignments, assignments, client)
                    getattr(merge, field).append(action)

        return run_to_frame(fill, self._spark)
