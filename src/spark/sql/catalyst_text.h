// An unresolved expression as Catalyst's toString shows it, e.g. (('p = 1) AND 's LIKE a%): the form in which
// delta-spark records partition predicates in a table's history. Pure functions; thread-safe.
#pragma once

#include <functional>
#include <string>

#include "spark/plan/expression.h"

namespace deltic::spark::sql {

std::string CatalystText(const plan::Expression& expression);

// Calls `each` for the expression and everything inside it, relations of subqueries not entered.
void ForEachExpression(const plan::ExpressionPtr& expression, const std::function<void(const plan::Expression&)>& each);

}  // namespace deltic::spark::sql
