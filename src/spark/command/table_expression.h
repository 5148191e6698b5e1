// SQL text that a table's metadata holds (CHECK constraints, generation expressions, invariants, defaults), parsed and
// resolved over rows. One instance per command; not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/relation.h"
#include "spark/command/query_catalog.h"
#include "spark/plan/expression.h"
#include "spark/session/session.h"

namespace deltic::spark::command {

class TableExpressions {
 public:
  explicit TableExpressions(session::Session* session);

  Result<plan::ExpressionPtr> Parse(std::string_view sql) const;
  // Over the columns of `rows`, by name. Its lambda variables have ids that no relation has.
  Result<engine::ExprPtr> Resolve(const plan::ExpressionPtr& expr, const engine::RelPtr& rows);
  // `expr` cast to `type` as a stored value is (ANSI store assignment).
  engine::ExprPtr StoreAs(const engine::ExprPtr& expr, const types::DataType& type) const;
  resolve::Resolver* resolver() { return resolver_.get(); }

 private:
  session::Session* const session_;
  QueryCatalog catalog_;
  std::unique_ptr<resolve::Resolver> resolver_;
};

// The columns that an unresolved expression names, each once, in order: {"s", "x"}.
std::vector<std::vector<std::string>> ReferencedColumns(const plan::ExpressionPtr& expr);

// As Spark prints an expression in messages: literals as SQL, every operator in parentheses.
std::string ExpressionSql(const plan::Expression& expr);

}  // namespace deltic::spark::command
