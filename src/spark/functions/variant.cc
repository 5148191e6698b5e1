// Rows of the variant family (Spark 4).
#include "spark/functions/variant.h"

#include <algorithm>

#include "spark/functions/aggregate.h"
#include "spark/functions/coercion.h"
#include "spark/functions/ddl_schema.h"
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

using engine::Column;
using engine::MakeBool;
using engine::MakeString;
using Generated = FunctionRow::Generated;

constexpr auto kString = TypeId::kString;
constexpr auto kVariant = TypeId::kVariant;

// Nothing but a string: Spark casts no other type for these.
Result<ExprPtr> StringArg(const FunctionCall& call, size_t index, const FunctionContext& context) {
  const ExprPtr& arg = call.args[index];
  if (arg->type.IsString()) return arg;
  if (arg->type.Is(TypeId::kNull)) return CastTo(arg, kString, context);
  return UnexpectedInputType(call, index, "\"STRING\"");
}

Result<ExprPtr> VariantArg(const FunctionCall& call, const FunctionContext& context) {
  const ExprPtr& arg = call.args[0];
  if (arg->type.Is(kVariant)) return arg;
  if (arg->type.Is(TypeId::kNull)) return CastTo(arg, kVariant, context);
  return UnexpectedInputType(call, 0, "\"VARIANT\"");
}

Status CannotCast(const FunctionCall& call, const DataType& from, const DataType& to) {
  return Error("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", {{"sqlExpr", "\"" + CallSql(call) + "\""},
                                                             {"srcType", "\"" + from.Sql() + "\""},
                                                             {"targetType", "\"" + to.Sql() + "\""}});
}

template <bool kFail>
Result<ExprPtr> ParseJson(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto text, StringArg(call, 0, context));
  const bool nullable = !kFail || text->nullable;
  return Exact("spark_parse_json", {std::move(text), MakeBool(kFail)}, kVariant, nullable);
}

// The type of a constant text.
Result<DataType> TypeArgument(const FunctionCall& call, size_t index) {
  const auto text = ConstantString(call.args[index]);
  if (!text) {
    return Error("INVALID_SCHEMA.NON_STRING_LITERAL", {{"inputSchema", "\"" + ExprSql(call.args[index]) + "\""}});
  }
  auto type = ParseDdlSchema(*text);
  if (type.ok() || text->find_first_of(" <(:,") != std::string::npos || text->empty()) return type;
  std::string name = *text;
  for (char& c : name) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return Error("UNSUPPORTED_DATATYPE", {{"typeName", "\"" + name + "\""}});
}

template <bool kFail>
Result<ExprPtr> VariantGet(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto variant, VariantArg(call, context));
  ASSIGN_OR_RETURN(auto path, StringArg(call, 1, context));
  DataType type = kVariant;
  if (call.args.size() > 2) {
    ASSIGN_OR_RETURN(type, TypeArgument(call, 2));
  }
  if (!IsVariantCompatible(type, true)) return CannotCast(call, kVariant, type);
  type = type.AsNullable();
  return Exact("spark_variant_get",
               {std::move(variant), std::move(path), engine::MakeNull(type), MakeString(type.Json()),
                MakeString(context.time_zone), MakeBool(kFail)},
               type, true);
}

Result<ExprPtr> IsVariantNull(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto variant, VariantArg(call, context));
  return Exact("spark_is_variant_null", {std::move(variant)}, TypeId::kBoolean, false);
}

Result<ExprPtr> SchemaOfVariant(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto variant, VariantArg(call, context));
  const bool nullable = variant->nullable;
  return Exact("spark_schema_of_variant", {std::move(variant)}, kString, nullable);
}

// The distinct schemas of the rows, merged.
Result<ExprPtr> SchemaOfVariantAgg(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto variant, VariantArg(call, context));
  auto schema = Exact("spark_variant_schema", {std::move(variant)}, kString, true);
  auto all = MakeAggregate(call, "list", {std::move(schema)}, DataType::Array(kString), true);
  all->distinct = true;
  return Exact("spark_variant_schema_sql", {ExprPtr(std::move(all))}, kString, false);
}

Result<ExprPtr> ToVariantObject(const FunctionCall& call, const FunctionContext&) {
  const ExprPtr& value = call.args[0];
  if (!value->type.IsNested() || !IsVariantCompatible(value->type, true)) {
    return CannotCast(call, value->type, kVariant);
  }
  return Exact("spark_to_variant", {value, MakeString(value->type.Json())}, kVariant, value->nullable);
}

Result<Generated> Explode(const FunctionCall& call, const FunctionContext& context, bool outer) {
  ASSIGN_OR_RETURN(auto variant, VariantArg(call, context));
  const DataType row =
      DataType::Struct({{"pos", TypeId::kInteger, false}, {"key", kString, true}, {"value", kVariant, false}});
  Generated out;
  out.generator = engine::GenerateRel::Generator::kInline;
  out.outer = outer;
  out.args.push_back(Exact("spark_variant_items", {std::move(variant)}, DataType::Array(row, false), true));
  for (const auto& field : row.fields()) {
    Column column;
    column.name = field.name;
    column.type = field.type;
    column.nullable = outer || field.nullable;
    out.columns.push_back(std::move(column));
  }
  return out;
}
Result<Generated> VariantExplode(const FunctionCall& call, const FunctionContext& context) {
  return Explode(call, context, false);
}
Result<Generated> VariantExplodeOuter(const FunctionCall& call, const FunctionContext& context) {
  return Explode(call, context, true);
}

FunctionRow GeneratorRow(std::string_view name,
                         Result<Generated> (*generate)(const FunctionCall&, const FunctionContext&),
                         std::string_view doc) {
  FunctionRow row = Row(name, {}, 1, 1, nullptr, "4.0.0", doc);
  row.kind = FunctionKind::kGenerator;
  row.generate = generate;
  return row;
}

}  // namespace

bool IsVariantCompatible(const DataType& type, bool nested) {
  switch (type.id()) {
    case TypeId::kBoolean:
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kDecimal:
    case TypeId::kString:
    case TypeId::kBinary:
    case TypeId::kDate:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kVariant: return true;
    case TypeId::kArray: return IsVariantCompatible(type.element(), nested);
    case TypeId::kMap: return nested && type.key().IsString() && IsVariantCompatible(type.value(), nested);
    case TypeId::kStruct:
      return nested && std::all_of(type.fields().begin(), type.fields().end(),
                                   [](const types::StructField& f) { return IsVariantCompatible(f.type, true); });
    default: return false;
  }
}

bool HoldsVariant(const DataType& type) {
  switch (type.id()) {
    case TypeId::kVariant: return true;
    case TypeId::kArray: return HoldsVariant(type.element());
    case TypeId::kMap: return HoldsVariant(type.key()) || HoldsVariant(type.value());
    case TypeId::kStruct:
      return std::any_of(type.fields().begin(), type.fields().end(),
                         [](const types::StructField& f) { return HoldsVariant(f.type); });
    default: return false;
  }
}

bool HoldsMap(const DataType& type) {
  switch (type.id()) {
    case TypeId::kMap: return true;
    case TypeId::kArray: return HoldsMap(type.element());
    case TypeId::kStruct:
      return std::any_of(type.fields().begin(), type.fields().end(),
                         [](const types::StructField& f) { return HoldsMap(f.type); });
    default: return false;
  }
}

Status CheckMapKey(const DataType& key, const FunctionCall& call) {
  if (!HoldsMap(key) && !HoldsVariant(key)) return Status::Ok();
  return Error("DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE",
               {{"sqlExpr", "\"" + CallSql(call) + "\""}, {"keyType", "\"" + key.Sql() + "\""}});
}

std::span<const FunctionRow> VariantFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Row("parse_json", {}, 1, 1, ParseJson<true>, "4.0.0", "Variant of a JSON text."),
      Row("try_parse_json", {}, 1, 1, ParseJson<false>, "4.0.0", "parse_json with NULL for a malformed text."),
      Row("variant_get", {}, 2, 3, VariantGet<true>, "4.0.0", "What is at a path of a variant, as a type."),
      Row("try_variant_get", {}, 2, 3, VariantGet<false>, "4.0.0", "variant_get with NULL for a failed cast."),
      Row("is_variant_null", {}, 1, 1, IsVariantNull, "4.0.0", "Whether a variant is the JSON null."),
      Row("schema_of_variant", {}, 1, 1, SchemaOfVariant, "4.0.0", "Schema of a variant."),
      Row("to_variant_object", {}, 1, 1, ToVariantObject, "4.0.0", "Variant of an array, a map or a struct."),
      AggregateRow("schema_of_variant_agg", {}, 1, 1, SchemaOfVariantAgg, "4.0.0", "Merged schema of variants."),
      GeneratorRow("variant_explode", VariantExplode, "A row per field or element of a variant."),
      GeneratorRow("variant_explode_outer", VariantExplodeOuter,
                   "variant_explode that keeps rows without fields or elements."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
