#include "spark/command/update_expressions.h"

#include <algorithm>

#include "spark/command/store_cast.h"
#include "spark/functions/coercion.h"
#include "spark/functions/lambda_rewrite.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::command {
namespace {

using engine::Column;
using engine::ExprPtr;
using types::DataType;
using types::StructField;
using types::TypeId;

bool SameName(const std::string& a, const std::string& b, const StoreRules& rules) {
  return rules.case_sensitive ? a == b : types::EqualsIgnoreCase(a, b);
}

ExprPtr Field(const ExprPtr& value, const StructField& field) {
  return engine::MakeCall("struct_field", {value, engine::MakeString(field.name)}, field.type,
                          value->nullable || field.nullable);
}

ExprPtr MakeStruct(const std::vector<StructField>& fields, const std::vector<ExprPtr>& values, const DataType& type) {
  std::vector<ExprPtr> args;
  for (size_t i = 0; i < fields.size(); i++) {
    args.push_back(engine::MakeString(fields[i].name));
    args.push_back(values[i]);
  }
  return engine::MakeCall("named_struct", std::move(args), type, false);
}

// As delta-spark does, a NULL struct of another shape becomes a struct of NULLs.
Result<ExprPtr> CastStruct(const ExprPtr& value, const DataType& type, const StoreRules& rules) {
  const auto& from = value->type.fields();
  const auto& to = type.fields();
  const bool surplus =
      std::any_of(from.begin(), from.end(), [&](const StructField& f) { return type.FieldIndex(f.name) < 0; });
  if (surplus || (from.size() != to.size() && !rules.evolve)) {
    return Error("DELTA_UPDATE_SCHEMA_MISMATCH_EXPRESSION",
                 {{"fromCatalog", value->type.SimpleString()}, {"toCatalog", type.SimpleString()}});
  }
  std::vector<ExprPtr> values;
  for (const StructField& field : to) {
    const int at = value->type.FieldIndex(field.name);
    if (at < 0) {
      values.push_back(engine::MakeNull(field.type));
      continue;
    }
    ASSIGN_OR_RETURN(ExprPtr converted, CastForColumn(Field(value, from[static_cast<size_t>(at)]), field.type, rules));
    values.push_back(std::move(converted));
  }
  return MakeStruct(to, values, type);
}

Result<ExprPtr> CallFunction(const char* name, std::vector<ExprPtr> args, const StoreRules& rules) {
  functions::FunctionCall call;
  call.name = name;
  call.args = std::move(args);
  return functions::BuildFunction(*functions::FindFunction(name), call, rules.context);
}

Result<ExprPtr> PlainCast(const ExprPtr& value, const DataType& type, const StoreRules& rules) {
  const bool ansi = rules.mode != engine::CastMode::kLegacy;
  if (!functions::CanCast(value->type.AsNullable(), type.AsNullable(), ansi)) {
    return NotCastable(functions::ExprSql(value), value->type, type);
  }
  return ExprPtr(std::make_shared<engine::Cast>(value, type, true, rules.mode, rules.context.time_zone));
}

Result<ExprPtr> CastArray(const ExprPtr& value, const DataType& type, const StoreRules& rules) {
  const ExprPtr element = functions::NewLambdaVariable(value->type.element(), true);
  ASSIGN_OR_RETURN(ExprPtr converted, CastForColumn(element, type.element(), rules));
  return CallFunction("transform", {value, functions::LambdaOf({element}, std::move(converted))}, rules);
}

Result<ExprPtr> CastMap(ExprPtr value, const DataType& type, const StoreRules& rules) {
  const auto convert = [&](const char* function, bool key) -> Status {
    const DataType from = key ? value->type.key() : value->type.value();
    const DataType& to = key ? type.key() : type.value();
    if (from.SameType(to)) return Status::Ok();
    const ExprPtr k = functions::NewLambdaVariable(value->type.key(), false);
    const ExprPtr v = functions::NewLambdaVariable(value->type.value(), true);
    ASSIGN_OR_RETURN(ExprPtr converted, CastForColumn(key ? k : v, to, rules));
    ASSIGN_OR_RETURN(value, CallFunction(function, {value, functions::LambdaOf({k, v}, std::move(converted))}, rules));
    return Status::Ok();
  };
  RETURN_IF_ERROR(convert("transform_keys", true));
  RETURN_IF_ERROR(convert("transform_values", false));
  return value;
}

Status MissingColumn(const std::vector<std::string>& prefix, const std::string& name,
                     const std::vector<StructField>& schema) {
  std::string dotted;
  for (const auto& part : prefix) dotted += part + ".";
  std::string list;
  for (const auto& field : schema) {
    list += (list.empty() ? "" : ", ") + types::QuoteIdentifier(dotted + field.name);
  }
  return Error("DELTA_MISSING_SET_COLUMN",
               {{"columnName", types::QuoteIdentifier(dotted + name)}, {"columnList", "[" + list + "]"}});
}

Status Conflict(const std::vector<std::string>& prefix, const std::vector<ColumnAssignment>& assignments) {
  std::string list;
  for (const auto& assignment : assignments) {
    std::string path;
    for (const auto& part : prefix) path += (path.empty() ? "" : ".") + part;
    for (const auto& part : assignment.path) path += (path.empty() ? "" : ".") + part;
    list += (list.empty() ? "" : ", ") + types::QuoteIdentifier(path);
  }
  return Error("DELTA_CONFLICT_SET_COLUMN", {{"columnList", "[" + list + "]"}});
}

struct NamedValue {
  std::string name;
  ExprPtr value;
};

Result<std::vector<ExprPtr>> Assign(const std::vector<StructField>& schema, const std::vector<NamedValue>& row,
                                    const std::vector<ColumnAssignment>& assignments,
                                    const std::vector<std::string>& prefix, const StoreRules& rules);

// The value of one column or field some of whose own fields are assigned.
Result<ExprPtr> AssignFields(const StructField& field, const ExprPtr& current,
                             const std::vector<ColumnAssignment>& assignments, std::vector<std::string> prefix,
                             const StoreRules& rules) {
  prefix.push_back(field.name);
  if (!field.type.Is(TypeId::kStruct)) {
    std::string path;
    for (const auto& part : prefix) path += (path.empty() ? "" : ".") + part;
    return Error("DELTA_UNSUPPORTED_FIELD_UPDATE_NON_STRUCT",
                 {{"columnName", types::QuoteIdentifier(path)}, {"dataType", field.type.Sql()}});
  }
  std::vector<NamedValue> inner;
  if (current != nullptr && current->type.Is(TypeId::kStruct)) {
    for (const auto& own : current->type.fields()) inner.push_back({own.name, Field(current, own)});
  }
  std::vector<ColumnAssignment> below = assignments;
  for (auto& assignment : below) assignment.path.erase(assignment.path.begin());
  ASSIGN_OR_RETURN(const auto values, Assign(field.type.fields(), inner, below, prefix, rules));
  return MakeStruct(field.type.fields(), values, field.type);
}

Result<std::vector<ExprPtr>> Assign(const std::vector<StructField>& schema, const std::vector<NamedValue>& row,
                                    const std::vector<ColumnAssignment>& assignments,
                                    const std::vector<std::string>& prefix, const StoreRules& rules) {
  for (const auto& assignment : assignments) {
    const bool known = std::any_of(schema.begin(), schema.end(), [&](const StructField& f) {
      return SameName(f.name, assignment.path.front(), rules);
    });
    if (!known) return MissingColumn(prefix, assignment.path.front(), schema);
  }
  std::vector<ExprPtr> out;
  for (const StructField& field : schema) {
    std::vector<ColumnAssignment> here;
    bool whole = false;
    for (const auto& assignment : assignments) {
      if (!SameName(assignment.path.front(), field.name, rules)) continue;
      whole = whole || assignment.path.size() == 1;
      here.push_back(assignment);
    }
    const auto own =
        std::find_if(row.begin(), row.end(), [&](const NamedValue& v) { return SameName(v.name, field.name, rules); });
    const ExprPtr current = own == row.end() ? nullptr : own->value;
    ExprPtr value;
    if (here.empty()) {
      if (current == nullptr) {
        value = engine::MakeNull(field.type);
      } else {
        ASSIGN_OR_RETURN(value, CastForColumn(current, field.type, rules));
      }
    } else if (whole) {
      if (here.size() > 1) return Conflict(prefix, here);
      ASSIGN_OR_RETURN(value, CastForColumn(here[0].value, field.type, rules));
    } else {
      ASSIGN_OR_RETURN(value, AssignFields(field, current, here, prefix, rules));
    }
    out.push_back(std::move(value));
  }
  return out;
}

}  // namespace

Result<StoreRules> MakeStoreRules(const session::RuntimeConf& conf, functions::FunctionContext context) {
  StoreRules rules;
  rules.context = std::move(context);
  rules.case_sensitive = conf.GetBool("spark.sql.caseSensitive", false);
  const std::string policy = types::ToLower(conf.GetString("spark.sql.storeAssignmentPolicy", "ANSI"));
  if (policy == "strict") return Unsupported("spark.sql.storeAssignmentPolicy STRICT in UPDATE and MERGE");
  if (policy == "legacy") rules.mode = engine::CastMode::kLegacy;
  return rules;
}

Result<ExprPtr> CastForColumn(const ExprPtr& value, const DataType& type, const StoreRules& rules) {
  if (value->type.Is(TypeId::kNull) && engine::IsLiteral(value)) return engine::MakeNull(type);
  if (value->type.SameType(type)) {
    if (value->type.SameType(type, /*case_sensitive=*/true)) return value;
    return ExprPtr(std::make_shared<engine::Cast>(value, type, value->nullable, rules.mode, rules.context.time_zone));
  }
  if (value->type.Is(TypeId::kStruct) && type.Is(TypeId::kStruct)) return CastStruct(value, type, rules);
  if (value->type.Is(TypeId::kArray) && type.Is(TypeId::kArray) && value->type.element().Is(TypeId::kStruct) &&
      type.element().Is(TypeId::kStruct)) {
    return CastArray(value, type, rules);
  }
  const bool castable = functions::CanCast(value->type.AsNullable(), type.AsNullable(), false);
  if (value->type.Is(TypeId::kMap) && type.Is(TypeId::kMap) && !castable) return CastMap(value, type, rules);
  return PlainCast(value, type, rules);
}

Result<std::vector<ExprPtr>> AssignColumns(const std::vector<StructField>& schema, const std::vector<Column>& row,
                                           const std::vector<ColumnAssignment>& assignments, const StoreRules& rules) {
  std::vector<NamedValue> values;
  for (const Column& column : row) values.push_back({column.name, resolve::ColumnRef(column)});
  return Assign(schema, values, assignments, {}, rules);
}

Result<std::vector<ExprPtr>> CarryColumns(const std::vector<StructField>& schema, const std::vector<Column>& row,
                                          const StoreRules& rules) {
  return AssignColumns(schema, row, {}, rules);
}

bool IsDeterministic(const ExprPtr& expr) {
  static constexpr std::string_view kVolatile[] = {"spark_rand", "spark_randn", "spark_shuffle", "uuid",
                                                   "spark_monotonically_increasing_id"};
  return !resolve::Any(expr, [](const ExprPtr& e) {
    return e->kind == engine::ExprKind::kCall &&
           std::find(std::begin(kVolatile), std::end(kVolatile), e->As<engine::Call>().function) != std::end(kVolatile);
  });
}

}  // namespace deltic::spark::command
