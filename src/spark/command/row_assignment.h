// SET clauses: the new values of a table's columns, with the casts and struct rebuilding of delta-spark's
// UpdateExpressionsSupport. For UPDATE and the update and insert clauses of MERGE. Free functions; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "engine/plan/relation.h"
#include "spark/plan/dml.h"
#include "spark/resolve/resolver.h"

namespace deltic::spark::command {

// One assignment after binding: a column of the target, or a field in it.
struct BoundAssignment {
  engine::ColumnId column = 0;
  std::vector<std::string> fields;  // below the column, as the schema spells them; empty: the whole column
  engine::ExprPtr value;            // not yet cast
  plan::ExpressionPtr written;      // null: DEFAULT
};

// `target`: the table's columns, what the left sides refer to. `input`: what the values may use; in UPDATE the same.
// DEFAULT stands for the column's default. Aggregates and windows are refused.
Result<std::vector<BoundAssignment>> BindAssignments(resolve::Resolver* resolver,
                                                     const std::vector<plan::Assignment>& assignments,
                                                     const engine::RelPtr& target, const engine::RelPtr& input);

// The value of each of `columns` after the assignments, of the column's type; untouched ones are themselves.
// DELTA_CONFLICT_SET_COLUMN when two assignments overlap.
Result<std::vector<engine::ExprPtr>> AssignedValues(const std::vector<engine::Column>& columns,
                                                    const std::vector<BoundAssignment>& assignments,
                                                    const std::string& time_zone);

// `value` as a value of type `target` under ANSI store assignment; struct fields by name.
// DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION, DELTA_UPDATE_SCHEMA_MISMATCH_EXPRESSION.
Result<engine::ExprPtr> StoredValue(const engine::ExprPtr& value, const types::DataType& target,
                                    const std::string& time_zone);

// The error of running a plan with assigned values: an overflow is reported as UPDATE and MERGE do
// (DELTA_CAST_OVERFLOW_IN_TABLE_WRITE); others are as they are.
Status AssignmentError(Status status, const std::vector<engine::Column>& columns,
                       const std::vector<BoundAssignment>& assignments);

}  // namespace deltic::spark::command
