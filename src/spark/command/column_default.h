// DEFAULT values of columns: checking their text, and standing in for the DEFAULT keyword of INSERT. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "spark/command/table_expression.h"

namespace deltic::spark::command {

// Checks that `sql` is a constant that a column of `field`'s type takes: INVALID_DEFAULT_VALUE.* naming `statement`
// ("CREATE TABLE"). Returns the constant as a SQL literal, which is what rows written before hold (EXISTS_DEFAULT).
Result<std::string> CheckDefault(const std::string& sql, const types::StructField& field, const std::string& statement,
                                 TableExpressions* expressions);

// The query is a VALUES list or SELECT with the keyword DEFAULT in it.
bool MayHaveDefaults(const plan::RelationPtr& query);
// A query for INSERT with each DEFAULT of its VALUES or select list replaced by the default of the column it goes to
// (`columns`, by position): NULL where there is none. DEFAULT inside an expression: _LEGACY_ERROR_TEMP_1339.
Result<plan::RelationPtr> ReplaceDefaults(const plan::RelationPtr& query,
                                          const std::vector<types::StructField>& columns,
                                          const TableExpressions& expressions);

}  // namespace deltic::spark::command
