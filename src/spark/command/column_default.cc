#include "spark/command/column_default.h"

#include <algorithm>

#include "delta/spec/field_metadata.h"
#include "spark/functions/coercion.h"
#include "spark/functions/variant.h"
#include "spark/resolve/expression_binder.h"
#include "spark/resolve/tree.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::command {
namespace {

using plan::ExpressionPtr;
using plan::RelationPtr;
using types::StructField;

bool IsDefaultKeyword(const ExpressionPtr& expr) {
  if (expr->kind != plan::ExpressionKind::kAttribute) return false;
  const auto& parts = expr->As<plan::UnresolvedAttribute>().parts;
  return parts.size() == 1 && types::EqualsIgnoreCase(parts[0], "DEFAULT");
}

bool HasDefaultInside(const ExpressionPtr& expr) {
  bool found = IsDefaultKeyword(expr);
  if (found) return true;
  resolve::MapPlanChildren(expr, [&](const ExpressionPtr& child) {
    found = found || HasDefaultInside(child);
    return child;
  });
  return found;
}

Result<ExpressionPtr> DefaultOf(const StructField& field, const TableExpressions& expressions) {
  const std::string text = field.MetadataString(delta::kCurrentDefault);
  if (text.empty()) return ExpressionPtr(std::make_shared<plan::Literal>(engine::Value{}, types::DataType()));
  return expressions.Parse(text);
}

// One list of values with its DEFAULTs replaced; *changed says so.
Result<std::vector<ExpressionPtr>> ReplaceList(const std::vector<ExpressionPtr>& values,
                                               const std::vector<StructField>& columns,
                                               const TableExpressions& expressions, bool* changed) {
  std::vector<ExpressionPtr> out = values;
  for (size_t i = 0; i < out.size(); i++) {
    ExpressionPtr value = out[i];
    const bool aliased = value->kind == plan::ExpressionKind::kAlias;
    if (aliased) value = value->As<plan::Alias>().child;
    if (IsDefaultKeyword(value)) {
      if (i >= columns.size()) continue;
      ASSIGN_OR_RETURN(out[i], DefaultOf(columns[i], expressions));
      *changed = true;
    } else if (HasDefaultInside(value)) {
      return Error("_LEGACY_ERROR_TEMP_1339");
    }
  }
  return out;
}

}  // namespace

Result<std::string> CheckDefault(const std::string& sql, const StructField& field, const std::string& statement,
                                 TableExpressions* expressions) {
  const auto invalid = [&](const char* why, ErrorParams more = {}) {
    ErrorParams params{
        {"statement", statement}, {"colName", types::QuoteIdentifier(field.name)}, {"defaultValue", sql}};
    for (auto& param : more) params.push_back(std::move(param));
    return Error(std::string("INVALID_DEFAULT_VALUE.") + why, std::move(params));
  };
  ASSIGN_OR_RETURN(const ExpressionPtr parsed, expressions->Parse(sql));
  const auto no_rows = std::make_shared<engine::OneRowRel>();
  const auto bound = expressions->Resolve(parsed, no_rows);
  if (!bound.ok()) return invalid("UNRESOLVED_EXPRESSION");
  if (resolve::HasSubquery(*bound)) return invalid("SUBQUERY_EXPRESSION");
  const bool random = resolve::Any(*bound, [](const engine::ExprPtr& node) {
    return node->kind == engine::ExprKind::kCall &&
           (node->As<engine::Call>().function.find("spark_rand") == 0 ||
            node->As<engine::Call>().function.find("uuid") != std::string::npos);
  });
  if (random) return invalid("NOT_CONSTANT");
  const types::DataType target = field.type.IsString() ? types::DataType(types::TypeId::kString) : field.type;
  if (!functions::CanStoreAssign((*bound)->type, target)) {
    return invalid("DATA_TYPE",
                   {{"expectedType", "\"" + target.Sql() + "\""}, {"actualType", "\"" + (*bound)->type.Sql() + "\""}});
  }
  if (functions::HoldsVariant(target)) return sql;  // variants have no literals
  ASSIGN_OR_RETURN(const engine::Value value, expressions->resolver()->EvaluateConstant(parsed, target));
  return sql::SqlLiteral(value, target);
}

bool MayHaveDefaults(const RelationPtr& query) {
  const auto any = [](const std::vector<ExpressionPtr>& values) {
    return std::any_of(values.begin(), values.end(), HasDefaultInside);
  };
  if (query->kind == plan::RelationKind::kProject) return any(query->As<plan::Project>().exprs);
  if (query->kind != plan::RelationKind::kInlineTable) return false;
  const auto& rows = query->As<plan::InlineTable>().rows;
  return std::any_of(rows.begin(), rows.end(), any);
}

Result<RelationPtr> ReplaceDefaults(const RelationPtr& query, const std::vector<StructField>& columns,
                                    const TableExpressions& expressions) {
  bool changed = false;
  if (query->kind == plan::RelationKind::kInlineTable) {
    auto table = std::make_shared<plan::InlineTable>(query->As<plan::InlineTable>());
    for (auto& row : table->rows) {
      ASSIGN_OR_RETURN(row, ReplaceList(row, columns, expressions, &changed));
    }
    return changed ? RelationPtr(table) : query;
  }
  if (query->kind == plan::RelationKind::kProject) {
    auto project = std::make_shared<plan::Project>(query->As<plan::Project>());
    ASSIGN_OR_RETURN(project->exprs, ReplaceList(project->exprs, columns, expressions, &changed));
    return changed ? RelationPtr(project) : query;
  }
  return query;
}

}  // namespace deltic::spark::command
