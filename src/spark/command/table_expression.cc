#include "spark/command/table_expression.h"

#include <algorithm>
#include <map>

#include "spark/resolve/expression_binder.h"
#include "spark/resolve/tree.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::command {
namespace {

using engine::ColumnId;
using engine::ExprPtr;

// The resolver counts ids from one, as the resolver of the rows did: a lambda variable could shadow a column.
ExprPtr WithFreshLambdaIds(const ExprPtr& expr) {
  std::map<ColumnId, ColumnId> fresh;
  const auto id_of = [&](ColumnId id) {
    const auto [entry, added] = fresh.emplace(id, 0);
    if (added) entry->second = engine::FreshColumnId();
    return entry->second;
  };
  const std::function<ExprPtr(const ExprPtr&)> rename = [&](const ExprPtr& node) -> ExprPtr {
    if (node->kind == engine::ExprKind::kLambdaVariable) {
      const auto& variable = node->As<engine::LambdaVariable>();
      return std::make_shared<engine::LambdaVariable>(id_of(variable.id), variable.type, variable.nullable);
    }
    if (node->kind != engine::ExprKind::kLambda) return nullptr;
    const auto& lambda = node->As<engine::Lambda>();
    std::vector<ColumnId> params;
    for (const ColumnId id : lambda.params) params.push_back(id_of(id));
    return std::make_shared<engine::Lambda>(std::move(params), resolve::Rewrite(lambda.body, rename));
  };
  return resolve::Rewrite(expr, rename);
}

void CollectColumns(const plan::ExpressionPtr& expr, std::vector<std::vector<std::string>>* out) {
  if (expr->kind == plan::ExpressionKind::kAttribute) {
    const auto& parts = expr->As<plan::UnresolvedAttribute>().parts;
    if (std::find(out->begin(), out->end(), parts) == out->end()) out->push_back(parts);
    return;
  }
  resolve::MapPlanChildren(expr, [&](const plan::ExpressionPtr& child) {
    CollectColumns(child, out);
    return child;
  });
}

}  // namespace

TableExpressions::TableExpressions(session::Session* session)
    : session_(session),
      catalog_(session),
      resolver_(std::make_unique<resolve::Resolver>(&catalog_, session->server()->engine, session->views(),
                                                    session->MakeResolveOptions(), false)) {}

Result<plan::ExpressionPtr> TableExpressions::Parse(std::string_view sql) const {
  return sql::ParseExpression(sql, resolver_->options().parser);
}

Result<ExprPtr> TableExpressions::Resolve(const plan::ExpressionPtr& expr, const engine::RelPtr& rows) {
  ASSIGN_OR_RETURN(const ExprPtr bound, resolver_->ResolveExpression(expr, rows));
  return WithFreshLambdaIds(bound);
}

ExprPtr TableExpressions::StoreAs(const ExprPtr& expr, const types::DataType& type) const {
  if (expr->type.SameType(type, true)) return expr;
  return std::make_shared<engine::Cast>(expr, type, true, engine::CastMode::kStore,
                                        session_->conf().GetString("spark.sql.session.timeZone", "UTC"));
}

std::vector<std::vector<std::string>> ReferencedColumns(const plan::ExpressionPtr& expr) {
  std::vector<std::vector<std::string>> out;
  CollectColumns(expr, &out);
  return out;
}

std::string ExpressionSql(const plan::Expression& expr) {
  sql::PrettyOptions options;
  options.sql_literals = true;
  options.attribute = [](const plan::UnresolvedAttribute& attribute) {
    std::string out;
    for (const auto& part : attribute.parts) out += (out.empty() ? "" : ".") + types::QuoteIfNeeded(part);
    return out;
  };
  return sql::PrettySql(expr, options);
}

}  // namespace deltic::spark::command
