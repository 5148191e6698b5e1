// What the rows of a Delta table must satisfy before they are written, and the projection that enforces it: CHECK
// constraints, NOT NULL (nested too), column invariants, CHAR/VARCHAR lengths (delta-spark Constraints.getAll, in its
// order). NULL is not true: a check that yields NULL fails. Pure but for parsing; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "delta/spec/actions.h"
#include "spark/command/table_expression.h"

namespace deltic::spark::command {

struct RowConstraint {
  enum class Kind : uint8_t { kCheck, kNotNull, kLength };
  Kind kind = Kind::kCheck;
  std::string name;               // kCheck: of the constraint
  std::vector<std::string> path;  // kNotNull: the column; kLength: its top-level column
  plan::ExpressionPtr check;      // must be true
};

// True when a table has constraints at all: the test that keeps plain writes free of the rest.
bool HasConstraints(const delta::Metadata& metadata);
// All of the table's; a constraint whose text does not parse is the parser's error.
Result<std::vector<RowConstraint>> ConstraintsOf(const delta::Metadata& metadata, const TableExpressions& expressions);

// The same rows, each checked when it is produced: DELTA_VIOLATE_CONSTRAINT_WITH_VALUES,
// DELTA_NOT_NULL_CONSTRAINT_VIOLATED, DELTA_EXCEED_CHAR_VARCHAR_LIMIT. Never evaluated on rows that are not written.
Result<engine::RelPtr> EnforceConstraints(const engine::RelPtr& rows, const std::vector<RowConstraint>& constraints,
                                          TableExpressions* expressions);

}  // namespace deltic::spark::command
