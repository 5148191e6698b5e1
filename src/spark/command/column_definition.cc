#include "spark/command/column_definition.h"

#include <algorithm>
#include <array>
#include <optional>

#include "delta/spec/field_metadata.h"
#include "delta/spec/schema.h"
#include "spark/command/column_default.h"
#include "spark/command/schema_edit.h"
#include "spark/command/table_expression.h"
#include "spark/functions/registry.h"
#include "spark/resolve/expression_binder.h"

namespace deltic::spark::command {
namespace {

using plan::ColumnDefinition;
using plan::ExpressionKind;
using plan::ExpressionPtr;
using types::DataType;
using types::StructField;
using types::TypeId;

// Functions whose value is not the same for the same row, and those that a generated column cannot use.
bool IsRandom(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kNames = {"rand",
                                                             "random",
                                                             "randn",
                                                             "uuid",
                                                             "shuffle",
                                                             "monotonically_increasing_id",
                                                             "input_file_name",
                                                             "spark_partition_id",
                                                             "randstr"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool IsOfTheQuery(std::string_view name) {
  static constexpr std::array<std::string_view, 11> kNames = {"current_date",
                                                              "curdate",
                                                              "current_timestamp",
                                                              "now",
                                                              "localtimestamp",
                                                              "current_user",
                                                              "user",
                                                              "current_database",
                                                              "current_catalog",
                                                              "current_timezone",
                                                              "current_schema"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Status CheckGenerationNode(const ExpressionPtr& expr) {
  const auto refuse = [&] {
    return Error("DELTA_UNSUPPORTED_EXPRESSION_GENERATED_COLUMN", {{"expression", ExpressionSql(*expr)}});
  };
  if (expr->kind == ExpressionKind::kSubquery || expr->kind == ExpressionKind::kWindow) return refuse();
  if (expr->kind == ExpressionKind::kAttribute) {
    const auto& parts = expr->As<plan::UnresolvedAttribute>().parts;
    return parts.size() == 1 && IsOfTheQuery(types::ToLower(parts[0])) ? refuse() : Status::Ok();
  }
  if (expr->kind == ExpressionKind::kFunction) {
    const std::string name = types::ToLower(expr->As<plan::UnresolvedFunction>().name);
    const functions::FunctionRow* row = functions::FindFunction(name);
    if (IsRandom(name)) {
      return Error("DELTA_NON_DETERMINISTIC_EXPRESSION_IN_GENERATED_COLUMN", {{"expr", ExpressionSql(*expr)}});
    }
    if (row != nullptr && row->kind == functions::FunctionKind::kAggregate) {
      return Error("DELTA_AGGREGATE_IN_GENERATED_COLUMN", {{"sqlExpr", ExpressionSql(*expr)}});
    }
    if (IsOfTheQuery(name) || (row != nullptr && row->kind == functions::FunctionKind::kGenerator)) return refuse();
  }
  Status status;
  resolve::MapPlanChildren(expr, [&](const ExpressionPtr& child) {
    if (status.ok()) status = CheckGenerationNode(child);
    return child;
  });
  return status;
}

// No rows of the columns that generation expressions may use.
engine::RelPtr BaseColumns(const std::vector<ColumnDefinition>& columns) {
  std::vector<engine::Column> output;
  for (const auto& column : columns) {
    if (!column.generated_sql.empty()) continue;
    const DataType type = column.type.IsString() ? DataType(TypeId::kString) : column.type;
    output.push_back({engine::FreshColumnId(), column.name, type, column.nullable});
  }
  return std::make_shared<engine::ValuesRel>(std::move(output), std::vector<std::vector<engine::ExprPtr>>());
}

Status CheckGenerated(const ColumnDefinition& column, const engine::RelPtr& base, TableExpressions* expressions) {
  if (column.identity) return Error("DELTA_IDENTITY_COLUMNS_WITH_GENERATED_EXPRESSION");
  ASSIGN_OR_RETURN(const ExpressionPtr parsed, expressions->Parse(column.generated_sql));
  RETURN_IF_ERROR(CheckGenerationNode(parsed));
  const auto bound = expressions->Resolve(parsed, base);
  if (!bound.ok()) {
    if (bound.status().condition().starts_with("UNRESOLVED_COLUMN")) {
      return Error("DELTA_INVALID_GENERATED_COLUMN_REFERENCES");
    }
    return bound.status();
  }
  const DataType declared = column.type.IsString() ? DataType(TypeId::kString) : column.type;
  if ((*bound)->type.SameType(declared)) return Status::Ok();
  return Error("DELTA_GENERATED_COLUMNS_EXPR_TYPE_MISMATCH",
               {{"columnName", column.name}, {"expressionType", (*bound)->type.Sql()}, {"columnType", declared.Sql()}});
}

// "integer" for INT, as Delta names types.
std::string TypeName(const DataType& type) {
  std::string json = type.Json();
  if (json.size() > 1 && json.front() == '"') json = json.substr(1, json.size() - 2);
  return json;
}

Status CheckIdentity(const ColumnDefinition& column, const plan::CreateTable& command) {
  if (!column.type.Is(TypeId::kLong)) {
    return Error("DELTA_IDENTITY_COLUMNS_UNSUPPORTED_DATA_TYPE", {{"dataType", TypeName(column.type)}});
  }
  if (column.identity_step == 0) return Error("DELTA_IDENTITY_COLUMNS_ILLEGAL_STEP");
  for (const auto& partition : command.partition_by) {
    if (!types::EqualsIgnoreCase(partition, column.name)) continue;
    return Error("DELTA_IDENTITY_COLUMNS_PARTITION_NOT_SUPPORTED", {{"colName", column.name}});
  }
  return Status::Ok();
}

bool AllowsDefaults(const plan::CreateTable& command) {
  return std::any_of(command.properties.begin(), command.properties.end(), [](const auto& property) {
    return types::EqualsIgnoreCase(property.first, "delta.feature.allowColumnDefaults");
  });
}

Status CheckNestedNotNull(const StructField& field) {
  const auto check = [&](const DataType& type, const char* what) -> Status {
    if (!delta::HasNotNull(type)) return Status::Ok();
    return Error("DELTA_NESTED_NOT_NULL_CONSTRAINT",
                 {{"nestType", what},
                  {"parent", field.name},
                  {"configKey", "spark.databricks.delta.constraints.allowUnenforcedNotNull.enabled"},
                  {"nestedPrettyJson", type.Json()}});
  };
  switch (field.type.id()) {
    case TypeId::kArray: return check(field.type.element(), "element");
    case TypeId::kMap: RETURN_IF_ERROR(check(field.type.key(), "key")); return check(field.type.value(), "value");
    case TypeId::kStruct:
      for (const auto& inner : field.type.fields()) RETURN_IF_ERROR(CheckNestedNotNull(inner));
      return Status::Ok();
    default: return Status::Ok();
  }
}

}  // namespace

Result<std::vector<StructField>> FieldsOf(session::Session* session, const plan::CreateTable& command) {
  std::vector<StructField> out;
  const bool computed = std::any_of(command.columns.begin(), command.columns.end(), [](const auto& column) {
    return !column.generated_sql.empty() || !column.default_sql.empty();
  });
  std::optional<TableExpressions> expressions;
  engine::RelPtr base;
  if (computed) {
    expressions.emplace(session);
    base = BaseColumns(command.columns);
  }
  for (const auto& column : command.columns) {
    StructField field{column.name, column.type, column.nullable, "{}"};
    RETURN_IF_ERROR(CheckNestedNotNull(field));
    if (column.has_comment) field.metadata = delta::WithFieldText(field.metadata, "comment", column.comment);
    if (!column.generated_sql.empty()) {
      RETURN_IF_ERROR(CheckGenerated(column, base, &*expressions));
      field.metadata = delta::WithFieldText(field.metadata, delta::kGenerationExpression, column.generated_sql);
    }
    if (column.identity) {
      RETURN_IF_ERROR(CheckIdentity(column, command));
      field.metadata = delta::WithFieldNumber(field.metadata, delta::kIdentityStart, column.identity_start);
      field.metadata = delta::WithFieldNumber(field.metadata, delta::kIdentityStep, column.identity_step);
      field.metadata = delta::WithFieldMetadata(field.metadata, delta::kIdentityAllowExplicitInsert,
                                                column.identity_always ? "false" : "true");
    }
    if (!column.default_sql.empty()) {
      if (!AllowsDefaults(command)) {
        return Error("WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED", {{"commandType", "CREATE TABLE"}});
      }
      ASSIGN_OR_RETURN(const std::string literal,
                       CheckDefault(column.default_sql, field, "CREATE TABLE", &*expressions));
      field.metadata = delta::WithFieldText(field.metadata, delta::kExistsDefault, literal);
      field.metadata = delta::WithFieldText(field.metadata, delta::kCurrentDefault, column.default_sql);
    }
    out.push_back(std::move(field));
  }
  return out;
}

}  // namespace deltic::spark::command
