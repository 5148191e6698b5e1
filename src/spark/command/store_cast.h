// Casts of values to the columns they are stored in (spark.sql.storeAssignmentPolicy): what each policy allows, and the
// errors Spark gives for the rest. Pure functions, thread-safe.
#pragma once

#include <string>

#include "base/status.h"
#include "engine/plan/expression.h"

namespace deltic::spark::command {

// The error of a cast that ANSI mode has not: DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION where functions convert,
// CAST_WITHOUT_SUGGESTION else. `sql_expr` as in an error message, without quotes.
Status NotCastable(const std::string& sql_expr, const types::DataType& from, const types::DataType& to);

// `value` as a column of type `target` stores it under `policy` (ANSI, LEGACY or STRICT; case does not matter). `name`
// is the value's own. CANNOT_UP_CAST_DATATYPE where STRICT would lose something.
Result<engine::ExprPtr> StoredInColumn(const engine::ExprPtr& value, const std::string& name,
                                       const types::DataType& target, const std::string& policy,
                                       const std::string& time_zone);

}  // namespace deltic::spark::command
