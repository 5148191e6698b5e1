#include "spark/command/row_constraints.h"

#include <simdjson.h>

#include <algorithm>
#include <optional>

#include "delta/spec/field_metadata.h"
#include "delta/spec/schema.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::command {
namespace {

using engine::ExprPtr;
using engine::RelPtr;
using plan::ExpressionPtr;
using types::DataType;
using types::StructField;
using types::TypeId;

constexpr std::string_view kConstraintPrefix = "delta.constraints.";

ExpressionPtr Column(std::vector<std::string> path) {
  return std::make_shared<plan::UnresolvedAttribute>(std::move(path));
}

ExpressionPtr Function(std::string name, std::vector<ExpressionPtr> args) {
  return std::make_shared<plan::UnresolvedFunction>(std::move(name), std::move(args));
}

// {"expression":{"expression":"x > 3"}} → x > 3; empty when the field has no invariant. One that says something else
// may forbid what is about to be written (delta-spark Invariants.getFromSchema).
Result<std::string> InvariantText(const StructField& field) {
  if (!field.HasMetadata(delta::kInvariants)) return std::string();
  const std::string rule = field.MetadataString(delta::kInvariants);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view text;
  if (parser.parse(rule).get(root) != simdjson::SUCCESS ||
      root["expression"]["expression"].get(text) != simdjson::SUCCESS || text.empty()) {
    return Error("DELTA_UNRECOGNIZED_INVARIANT", {{"column", field.name}});
  }
  return std::string(text);
}

// NOT NULL and invariants of the fields that structs alone lead to, outermost first.
Status AddFieldRules(const DataType& type, const std::vector<std::string>& prefix, const TableExpressions& expressions,
                     std::vector<RowConstraint>* out) {
  for (const StructField& field : type.fields()) {
    std::vector<std::string> path = prefix;
    path.push_back(field.name);
    if (!field.nullable) {
      out->push_back({RowConstraint::Kind::kNotNull, "", path, Function("isnotnull", {Column(path)})});
    } else {
      ASSIGN_OR_RETURN(const auto text, InvariantText(field));
      if (!text.empty()) {
        ASSIGN_OR_RETURN(ExpressionPtr check, expressions.Parse(text));
        std::string name = "EXPRESSION(" + ExpressionSql(*check) + ")";
        out->push_back({RowConstraint::Kind::kCheck, std::move(name), path, std::move(check)});
      }
    }
    if (field.type.Is(TypeId::kStruct)) RETURN_IF_ERROR(AddFieldRules(field.type, path, expressions, out));
  }
  return Status::Ok();
}

// `value` IS NULL OR its strings are no longer than the CHAR/VARCHAR type says; null when there is nothing to check.
// `depth` names lambda variables.
ExpressionPtr LengthCheck(const ExpressionPtr& value, const DataType& type, int depth) {
  ExpressionPtr holds;
  if (type.Is(TypeId::kChar) || type.Is(TypeId::kVarchar)) {
    auto limit = std::make_shared<plan::Literal>(engine::Value{int64_t{type.length()}}, TypeId::kInteger);
    holds = Function("<=", {Function("length", {value}), std::move(limit)});
  } else if (type.Is(TypeId::kStruct)) {
    for (const StructField& field : type.fields()) {
      ExpressionPtr child;
      if (value->kind == plan::ExpressionKind::kAttribute) {
        std::vector<std::string> path = value->As<plan::UnresolvedAttribute>().parts;
        path.push_back(field.name);
        child = Column(std::move(path));
      } else {
        child = std::make_shared<plan::UnresolvedExtractValue>(
            value, std::make_shared<plan::Literal>(engine::Value{field.name}, TypeId::kString));
      }
      ExpressionPtr inner = LengthCheck(child, field.type, depth);
      if (inner != nullptr) holds = holds == nullptr ? inner : Function("and", {holds, inner});
    }
    return holds;  // a field of a NULL struct is NULL
  } else if (type.IsNested()) {
    const std::string variable = "__deltic_v" + std::to_string(depth);
    const auto each = [&](const ExpressionPtr& items, const DataType& item) {
      ExpressionPtr body = LengthCheck(Column({variable}), item, depth + 1);
      if (body == nullptr) return;
      ExpressionPtr all =
          Function("forall", {items, std::make_shared<plan::LambdaFunction>(body, std::vector<std::string>{variable})});
      holds = holds == nullptr ? all : Function("and", {holds, all});
    };
    if (type.Is(TypeId::kArray)) each(value, type.element());
    if (type.Is(TypeId::kMap)) {
      each(Function("map_keys", {value}), type.key());
      each(Function("map_values", {value}), type.value());
    }
  }
  return holds == nullptr ? nullptr : Function("or", {Function("isnull", {value}), holds});
}

Status AddLengthRules(const DataType& schema, std::vector<RowConstraint>* out) {
  for (const StructField& field : schema.fields()) {
    DataType type = field.type;
    if (const std::string text = field.MetadataString(delta::kCharVarcharType); !text.empty()) {
      ASSIGN_OR_RETURN(type, sql::ParseDataType(text));
    }
    if (ExpressionPtr check = LengthCheck(Column({field.name}), type, 0); check != nullptr) {
      out->push_back({RowConstraint::Kind::kLength, "", {field.name}, std::move(check)});
    }
  }
  return Status::Ok();
}

bool IsTrueOf(const ExprPtr& holds) {
  const auto* value = engine::IsLiteral(holds) ? &holds->As<engine::Literal>().value.v : nullptr;
  return value != nullptr && std::holds_alternative<bool>(*value) && std::get<bool>(*value);
}

std::string Dotted(const std::vector<std::string>& path) {
  std::string out;
  for (const auto& part : path) out += (out.empty() ? "" : ".") + part;
  return out;
}

// `value`, checked by one constraint.
Result<ExprPtr> Checked(ExprPtr value, const RowConstraint& constraint, const RelPtr& rows,
                        TableExpressions* expressions) {
  ASSIGN_OR_RETURN(const ExprPtr holds, expressions->Resolve(constraint.check, rows));
  if (!holds->type.Is(TypeId::kBoolean)) {
    return Error("DELTA_NON_BOOLEAN_CHECK_CONSTRAINT",
                 {{"name", constraint.name}, {"expr", ExpressionSql(*constraint.check)}});
  }
  if (IsTrueOf(holds)) return value;
  const DataType type = value->type;
  const bool nullable = value->nullable;
  if (constraint.kind == RowConstraint::Kind::kNotNull) {
    return engine::MakeCall("spark_check_not_null", {value, holds, engine::MakeString(Dotted(constraint.path))}, type,
                            nullable);
  }
  const ExprPtr sql = engine::MakeString(ExpressionSql(*constraint.check));
  if (constraint.kind == RowConstraint::Kind::kLength) {
    ASSIGN_OR_RETURN(const ExprPtr shown, expressions->Resolve(Column(constraint.path), rows));
    return engine::MakeCall("spark_check_length", {value, holds, sql, shown}, type, nullable);
  }
  std::vector<ExprPtr> args{value, holds, engine::MakeString(constraint.name), sql};
  std::vector<std::vector<std::string>> columns = ReferencedColumns(constraint.check);
  std::sort(columns.begin(), columns.end());
  for (const auto& path : columns) {
    const auto shown = expressions->Resolve(Column(path), rows);
    if (!shown.ok()) continue;  // a lambda's variable
    args.push_back(engine::MakeString(Dotted(path)));
    args.push_back(*shown);
  }
  return engine::MakeCall("spark_check_row", std::move(args), type, nullable);
}

}  // namespace

bool HasConstraints(const delta::Metadata& metadata) {
  const auto check = metadata.configuration.lower_bound(std::string(kConstraintPrefix));
  if (check != metadata.configuration.end() && check->first.starts_with(kConstraintPrefix)) return true;
  return delta::HasNotNull(metadata.schema) || delta::HasFieldMetadata(metadata.schema, delta::kInvariants) ||
         delta::HasFieldMetadata(metadata.schema, delta::kCharVarcharType);
}

Result<std::vector<RowConstraint>> ConstraintsOf(const delta::Metadata& metadata, const TableExpressions& expressions) {
  std::vector<RowConstraint> out;
  for (auto it = metadata.configuration.lower_bound(std::string(kConstraintPrefix));
       it != metadata.configuration.end() && it->first.starts_with(kConstraintPrefix); ++it) {
    ASSIGN_OR_RETURN(ExpressionPtr check, expressions.Parse(it->second));
    out.push_back({RowConstraint::Kind::kCheck, it->first.substr(kConstraintPrefix.size()), {}, std::move(check)});
  }
  RETURN_IF_ERROR(AddFieldRules(metadata.schema, {}, expressions, &out));
  RETURN_IF_ERROR(AddLengthRules(metadata.schema, &out));
  return out;
}

Result<RelPtr> EnforceConstraints(const RelPtr& rows, const std::vector<RowConstraint>& constraints,
                                  TableExpressions* expressions) {
  if (constraints.empty() || rows->output.empty()) return rows;
  // In a projection, not a filter: a filter could be moved below a join and see rows that are never written.
  ExprPtr first = resolve::ColumnRef(rows->output[0]);
  const ExprPtr plain = first;
  for (const auto& constraint : constraints) {
    ASSIGN_OR_RETURN(first, Checked(std::move(first), constraint, rows, expressions));
  }
  if (first == plain) return rows;
  std::vector<engine::Column> output = rows->output;
  std::vector<ExprPtr> exprs;
  for (auto& column : output) {
    exprs.push_back(exprs.empty() ? first : resolve::ColumnRef(column));
    column.id = engine::FreshColumnId();
  }
  return RelPtr(std::make_shared<engine::ProjectRel>(rows, std::move(output), std::move(exprs)));
}

}  // namespace deltic::spark::command
