// Lambdas that the function table itself makes: Spark's higher-order functions are rewritten to the engine's
// list functions by new lambdas over new variables. Variables made here have negative ids, which the resolver
// never uses. Thread-safe.
#pragma once

#include <map>
#include <vector>

#include "spark/functions/signature.h"

namespace deltic::spark::functions {

// A lambda variable with an id of its own.
ExprPtr NewLambdaVariable(DataType type, bool nullable);
// params -> body; every param is a LambdaVariable.
ExprPtr LambdaOf(const std::vector<ExprPtr>& params, ExprPtr body);
// `expr` with lambda variables replaced. Bounded by the depth the resolver allows.
ExprPtr Substitute(const ExprPtr& expr, const std::map<engine::ColumnId, ExprPtr>& replacements);

}  // namespace deltic::spark::functions
