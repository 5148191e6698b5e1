// Conditions of statements that change rows: binding with the checks that DELETE, UPDATE and MERGE make, and their text
// in the table's history. Free functions; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "engine/plan/relation.h"
#include "spark/plan/expression.h"
#include "spark/resolve/resolver.h"

namespace deltic::spark::command {

// A boolean over `columns`; null for null. DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN, UNSUPPORTED_EXPR_FOR_OPERATOR
// (aggregates, windows), INVALID_NON_DETERMINISTIC_EXPRESSIONS.
Result<engine::ExprPtr> BindCondition(resolve::Resolver* resolver, const plan::ExpressionPtr& condition,
                                      const engine::RelPtr& columns);

// Refuses what no expression of these statements may hold: aggregates, windows, functions like rand().
Status CheckRowExpression(const engine::ExprPtr& expr, const plan::ExpressionPtr& written);

// As Catalyst prints it: (id#7L = 5). `columns` names the column ids.
std::string PredicateText(const engine::ExprPtr& expr, const std::vector<engine::Column>& columns);
// ["…"] of one predicate; [] of none.
std::string PredicateList(const engine::ExprPtr& expr, const std::vector<engine::Column>& columns);

}  // namespace deltic::spark::command
