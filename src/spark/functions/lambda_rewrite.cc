#include "spark/functions/lambda_rewrite.h"

#include <atomic>

namespace deltic::spark::functions {
namespace {

std::vector<ExprPtr> SubstituteAll(const std::vector<ExprPtr>& exprs,
                                   const std::map<engine::ColumnId, ExprPtr>& replacements) {
  std::vector<ExprPtr> out;
  out.reserve(exprs.size());
  for (const auto& expr : exprs) out.push_back(Substitute(expr, replacements));
  return out;
}

}  // namespace

ExprPtr NewLambdaVariable(DataType type, bool nullable) {
  static std::atomic<engine::ColumnId> next{-1};
  return std::make_shared<engine::LambdaVariable>(next.fetch_sub(1), std::move(type), nullable);
}

ExprPtr LambdaOf(const std::vector<ExprPtr>& params, ExprPtr body) {
  std::vector<engine::ColumnId> ids;
  ids.reserve(params.size());
  for (const auto& param : params) ids.push_back(param->As<engine::LambdaVariable>().id);
  return std::make_shared<engine::Lambda>(std::move(ids), std::move(body));
}

ExprPtr Substitute(const ExprPtr& expr, const std::map<engine::ColumnId, ExprPtr>& replacements) {
  if (expr == nullptr) return expr;
  switch (expr->kind) {
    case engine::ExprKind::kLambdaVariable: {
      const auto it = replacements.find(expr->As<engine::LambdaVariable>().id);
      return it == replacements.end() ? expr : it->second;
    }
    case engine::ExprKind::kCall: {
      const auto& call = expr->As<engine::Call>();
      return engine::MakeCall(call.function, SubstituteAll(call.args, replacements), call.type, call.nullable,
                              call.exact_type);
    }
    case engine::ExprKind::kCast: {
      const auto& cast = expr->As<engine::Cast>();
      return std::make_shared<engine::Cast>(Substitute(cast.child, replacements), cast.type, cast.nullable, cast.mode,
                                            cast.time_zone);
    }
    case engine::ExprKind::kCase: {
      const auto& c = expr->As<engine::Case>();
      std::vector<std::pair<ExprPtr, ExprPtr>> branches;
      for (const auto& [condition, value] : c.branches) {
        branches.emplace_back(Substitute(condition, replacements), Substitute(value, replacements));
      }
      return std::make_shared<engine::Case>(std::move(branches), Substitute(c.otherwise, replacements), c.type,
                                            c.nullable);
    }
    case engine::ExprKind::kLambda: {
      const auto& lambda = expr->As<engine::Lambda>();
      return std::make_shared<engine::Lambda>(lambda.params, Substitute(lambda.body, replacements));
    }
    default: return expr;  // literals and columns; lambda bodies hold no aggregates, windows or subqueries
  }
}

}  // namespace deltic::spark::functions
