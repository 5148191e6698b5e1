#include "spark/command/row_assignment.h"

#include <algorithm>
#include <optional>

#include "spark/command/dml_condition.h"
#include "spark/command/store_cast.h"
#include "spark/command/update_expressions.h"
#include "spark/functions/coercion.h"
#include "spark/sql/parser.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::command {
namespace {

using engine::ExprKind;
using engine::ExprPtr;
using types::DataType;
using types::StructField;
using types::TypeId;

ExprPtr FieldOf(const ExprPtr& value, const StructField& field) {
  return engine::MakeCall("struct_field", {value, engine::MakeString(field.name)}, field.type,
                          value->nullable || field.nullable);
}

// A struct of the type from its fields' values; NULL where `source` is NULL (null: never).
ExprPtr BuildStruct(const DataType& type, const std::vector<ExprPtr>& values, const ExprPtr& source) {
  std::vector<ExprPtr> args;
  for (size_t i = 0; i < values.size(); i++) {
    args.push_back(engine::MakeString(type.fields()[i].name));
    args.push_back(values[i]);
  }
  ExprPtr built = engine::MakeCall("named_struct", std::move(args), type, false);
  if (source == nullptr || !source->nullable) return built;
  const ExprPtr is_null = engine::MakeCall("isnull", {source}, TypeId::kBoolean, false);
  return std::make_shared<engine::Case>(std::vector<std::pair<ExprPtr, ExprPtr>>{{is_null, engine::MakeNull(type)}},
                                        built, type, true);
}

Status StructMismatch(const DataType& from, const DataType& to) {
  return Error("DELTA_UPDATE_SCHEMA_MISMATCH_EXPRESSION",
               {{"fromCatalog", from.SimpleString()}, {"toCatalog", to.SimpleString()}});
}

bool HoldsStructs(const DataType& type) { return type.Is(TypeId::kArray) && type.element().Is(TypeId::kStruct); }

std::string PathText(const std::string& column, const std::vector<std::string>& fields) {
  std::string out = column;
  for (const auto& field : fields) out += "." + field;
  return "`" + out + "`";
}

// The column and fields that the left side of an assignment resolved to.
Result<BoundAssignment> TargetOf(const ExprPtr& left) {
  BoundAssignment out;
  ExprPtr at = left;
  while (at->kind == ExprKind::kCall && at->As<engine::Call>().function == "struct_field") {
    const auto& call = at->As<engine::Call>();
    out.fields.insert(out.fields.begin(), std::get<std::string>(call.args[1]->As<engine::Literal>().value.v));
    at = call.args[0];
  }
  if (at->kind != ExprKind::kColumn) return Error("_LEGACY_ERROR_TEMP_DELTA_0009", {{"optionalPrefixMessage", ""}});
  out.column = at->As<engine::ColumnExpr>().id;
  return out;
}

bool IsDefault(const plan::ExpressionPtr& value) {
  if (value->kind != plan::ExpressionKind::kAttribute) return false;
  const auto& parts = value->As<plan::UnresolvedAttribute>().parts;
  return parts.size() == 1 && types::EqualsIgnoreCase(parts[0], "default");
}

// The default of a column, or NULL.
Result<ExprPtr> DefaultOf(resolve::Resolver* resolver, const engine::RelPtr& target, const BoundAssignment& assignment,
                          const engine::RelPtr& input) {
  for (const auto& column : target->output) {
    if (column.id != assignment.column || !assignment.fields.empty()) continue;
    const std::string text = StructField{"", column.type, true, column.metadata}.MetadataString("CURRENT_DEFAULT");
    if (text.empty()) return engine::MakeNull(column.type);
    ASSIGN_OR_RETURN(const auto parsed, sql::ParseExpression(text, resolver->options().parser));
    return resolver->ResolveExpression(parsed, input);
  }
  return Error("_LEGACY_ERROR_TEMP_1340");
}

// The value at `base` once the assignments, whose first `depth` fields lead to it, are applied.
Result<ExprPtr> Assigned(const ExprPtr& base, const std::vector<const BoundAssignment*>& assignments, size_t depth,
                         const std::string& time_zone) {
  if (assignments.empty()) return base;
  if (assignments.size() == 1 && assignments[0]->fields.size() == depth) {
    return StoredValue(assignments[0]->value, base->type, time_zone);
  }
  if (!base->type.Is(TypeId::kStruct)) return Error("_LEGACY_ERROR_TEMP_DELTA_0009", {{"optionalPrefixMessage", ""}});
  std::vector<ExprPtr> values;
  for (const StructField& field : base->type.fields()) {
    std::vector<const BoundAssignment*> below;
    for (const auto* a : assignments) {
      if (types::EqualsIgnoreCase(a->fields[depth], field.name)) below.push_back(a);
    }
    ASSIGN_OR_RETURN(ExprPtr value, Assigned(FieldOf(base, field), below, depth + 1, time_zone));
    values.push_back(std::move(value));
  }
  // Assigning a field of a NULL struct makes a struct, as delta-spark does.
  return BuildStruct(base->type, values, nullptr);
}

bool Overlap(const BoundAssignment& a, const BoundAssignment& b) {
  if (a.column != b.column) return false;
  const size_t common = std::min(a.fields.size(), b.fields.size());
  return std::equal(a.fields.begin(), a.fields.begin() + static_cast<ptrdiff_t>(common), b.fields.begin(),
                    [](const auto& x, const auto& y) { return types::EqualsIgnoreCase(x, y); });
}

}  // namespace

Result<ExprPtr> StoredValue(const ExprPtr& value, const DataType& target_type, const std::string& time_zone) {
  const DataType target = target_type.IsString() ? DataType(TypeId::kString) : target_type;
  if (value->type.Is(TypeId::kNull)) return engine::MakeNull(target);
  if (value->type.SameType(target, /*case_sensitive=*/true)) return value;
  if (value->type.Is(TypeId::kStruct) && target.Is(TypeId::kStruct)) {
    if (value->type.fields().size() != target.fields().size()) return StructMismatch(value->type, target);
    std::vector<ExprPtr> values;
    for (const StructField& field : target.fields()) {
      const int index = value->type.FieldIndex(field.name);
      if (index < 0) return StructMismatch(value->type, target);
      const StructField& source = value->type.fields()[static_cast<size_t>(index)];
      ASSIGN_OR_RETURN(ExprPtr stored, StoredValue(FieldOf(value, source), field.type, time_zone));
      values.push_back(std::move(stored));
    }
    return BuildStruct(target, values, value);
  }
  // delta-spark goes by name in arrays of structs, and by position in what is nested otherwise.
  if (HoldsStructs(value->type) && HoldsStructs(target)) {
    StoreRules rules;
    rules.context.time_zone = time_zone;
    return CastForColumn(value, target, rules);
  }
  if (!functions::CanCast(value->type, target, true)) {
    return NotCastable(functions::ExprSql(value), value->type, target);
  }
  const bool nullable = value->nullable;
  return ExprPtr(std::make_shared<engine::Cast>(value, target, nullable, engine::CastMode::kStore, time_zone));
}

Result<std::vector<BoundAssignment>> BindAssignments(resolve::Resolver* resolver,
                                                     const std::vector<plan::Assignment>& assignments,
                                                     const engine::RelPtr& target, const engine::RelPtr& input) {
  std::vector<BoundAssignment> out;
  for (const auto& assignment : assignments) {
    const auto name = std::make_shared<plan::UnresolvedAttribute>(assignment.column);
    ASSIGN_OR_RETURN(const ExprPtr left, resolver->ResolveExpression(name, target));
    ASSIGN_OR_RETURN(BoundAssignment bound, TargetOf(left));
    if (IsDefault(assignment.value)) {
      ASSIGN_OR_RETURN(bound.value, DefaultOf(resolver, target, bound, input));
    } else {
      ASSIGN_OR_RETURN(bound.value, resolver->ResolveExpression(assignment.value, input));
      RETURN_IF_ERROR(CheckRowExpression(bound.value, assignment.value));
      bound.written = assignment.value;
    }
    out.push_back(std::move(bound));
  }
  return out;
}

Result<std::vector<ExprPtr>> AssignedValues(const std::vector<engine::Column>& columns,
                                            const std::vector<BoundAssignment>& assignments,
                                            const std::string& time_zone) {
  const auto text = [&](const BoundAssignment& a) {
    const auto column = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.id == a.column; });
    return PathText(column == columns.end() ? "" : column->name, a.fields);
  };
  for (size_t i = 0; i < assignments.size(); i++) {
    for (size_t j = i + 1; j < assignments.size(); j++) {
      if (!Overlap(assignments[i], assignments[j])) continue;
      return Error("DELTA_CONFLICT_SET_COLUMN",
                   {{"columnList", "[" + text(assignments[i]) + ", " + text(assignments[j]) + "]"}});
    }
  }
  std::vector<ExprPtr> out;
  for (const auto& column : columns) {
    std::vector<const BoundAssignment*> of_column;
    for (const auto& a : assignments) {
      if (a.column == column.id) of_column.push_back(&a);
    }
    const ExprPtr base = std::make_shared<engine::ColumnExpr>(column.id, column.type, column.nullable);
    ASSIGN_OR_RETURN(ExprPtr value, Assigned(base, of_column, 0, time_zone));
    out.push_back(std::move(value));
  }
  return out;
}

Status AssignmentError(Status status, const std::vector<engine::Column>& columns,
                       const std::vector<BoundAssignment>& assignments) {
  if (!status.Is("CAST_OVERFLOW_IN_TABLE_INSERT")) return status;
  // The kernel knows types only: the column is the first that is assigned such a value.
  std::string name;
  for (const auto& column : columns) {
    for (const auto& a : assignments) {
      const bool fits = a.column == column.id && status.Param("sourceType") == "\"" + a.value->type.Sql() + "\"";
      if (fits && name.empty()) name = PathText(column.name, a.fields);
    }
  }
  return Error("DELTA_CAST_OVERFLOW_IN_TABLE_WRITE",
               {{"sourceType", std::string(status.Param("sourceType"))},
                {"targetType", std::string(status.Param("targetType"))},
                {"columnName", name},
                {"storeAssignmentPolicyFlag", "spark.sql.storeAssignmentPolicy"},
                {"updateAndMergeCastingFollowsAnsiEnabledFlag",
                 "spark.databricks.delta.updateAndMergeCastingFollowsAnsiEnabledFlag"},
                {"ansiEnabledFlag", "spark.sql.ansi.enabled"}});
}

}  // namespace deltic::spark::command
