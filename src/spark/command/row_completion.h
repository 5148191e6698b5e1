// Rows that lack columns of their Delta table, completed: generated columns are computed, identity columns numbered,
// the others get their DEFAULT or NULL (delta-spark ColumnWithDefaultExprUtils). Pure; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "delta/spec/actions.h"
#include "spark/command/row_constraints.h"
#include "spark/command/table_expression.h"

namespace deltic::spark::command {

// An identity column that a write numbers: first, first + step, ….
struct NumberedColumn {
  std::string name;
  int64_t first = 1;
  int64_t step = 1;
};

struct CompletedRows {
  engine::RelPtr rows;                     // every column of the table
  std::vector<RowConstraint> constraints;  // generated columns that the rows brought along must hold what they generate
  std::vector<NumberedColumn> numbered;
};

// False when the rows have all columns and none of them is generated.
bool NeedsCompletion(const engine::Rel& rows, const delta::Metadata& metadata);
// Missing NOT NULL columns: DELTA_MISSING_NOT_NULL_COLUMN_VALUE.
Result<CompletedRows> CompleteRows(const engine::RelPtr& rows, const delta::Metadata& metadata,
                                   TableExpressions* expressions);

// The metadata after `rows` rows were numbered.
delta::Metadata WithHighWaterMarks(const delta::Metadata& metadata, const std::vector<NumberedColumn>& numbered,
                                   int64_t rows);

bool IsIdentity(const types::StructField& field);
bool IsGenerated(const types::StructField& field);

}  // namespace deltic::spark::command
