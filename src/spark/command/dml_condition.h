// Conditions of statements that change rows: binding with the checks that DELETE, UPDATE and MERGE make, and their text
// in the table's history. Free functions; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "engine/engine.h"
#include "engine/plan/relation.h"
#include "spark/plan/expression.h"
#include "spark/resolve/resolver.h"

namespace deltic::spark::command {

// A boolean over `columns`; null for null. `operation` (DELETE, UPDATE) is named in errors. DELTA_UNSUPPORTED_SUBQUERY,
// UNSUPPORTED_EXPR_FOR_OPERATOR (aggregates, windows), DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN.
Result<engine::ExprPtr> BindCondition(resolve::Resolver* resolver, const plan::ExpressionPtr& condition,
                                      const engine::RelPtr& columns, const std::string& operation);

// Refuses aggregates and windows, which no expression of these statements may hold.
Status CheckRowExpression(const engine::ExprPtr& expr, const plan::ExpressionPtr& written);
// Functions like rand() make a statement's rows another at every look: INVALID_NON_DETERMINISTIC_EXPRESSIONS, with
// `shown`, the text of all expressions of the statement.
bool HasRandom(const engine::ExprPtr& expr);
Status RandomExpressions(const std::vector<std::string>& shown);

// As Catalyst's sql has it, with columns under their qualified names: (spark_catalog.default.t.id IN (listquery())).
std::string ConditionSql(const engine::ExprPtr& expr, const std::vector<engine::Column>& columns);

// The expression with what has no columns in it as constants, as the optimizer leaves it for the history.
engine::ExprPtr FoldConstants(engine::Engine* engine, const engine::ExprPtr& expr);

// As Catalyst prints it: (id#7L = 5). `columns` names the column ids; where `written` is the expression that was bound,
// columns are spelled as it spells them.
std::string PredicateText(const engine::ExprPtr& expr, const std::vector<engine::Column>& columns,
                          const plan::ExpressionPtr& written = nullptr);
// ["…"] of one predicate; [] of none.
std::string PredicateList(const engine::ExprPtr& expr, const std::vector<engine::Column>& columns,
                          const plan::ExpressionPtr& written = nullptr);

}  // namespace deltic::spark::command
