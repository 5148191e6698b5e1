// Rows of the collection family: arrays and maps.
#include <atomic>

#include "spark/functions/coercion.h"
#include "spark/functions/lambda_rewrite.h"
#include "spark/functions/signature.h"
#include "spark/functions/variant.h"

namespace deltic::spark::functions {
namespace {

using engine::MakeBool;
using engine::MakeCall;
using engine::MakeInt;
using engine::MakeLong;
using engine::MakeString;

constexpr auto kBoolean = TypeId::kBoolean;
constexpr auto kInteger = TypeId::kInteger;
constexpr auto kString = TypeId::kString;

Result<ExprPtr> ArrayArg(const FunctionCall& call, size_t index, const FunctionContext& context) {
  return CoerceTo(call, index, Arg::kArray, context);
}

// The array at `array_index` and the value at `value_index` brought to one element type.
Status UnifyElement(const FunctionCall& call, ExprPtr* array, ExprPtr* value, const FunctionContext& context) {
  const DataType& element = (*array)->type.element();
  if (element.SameType((*value)->type)) return Status::Ok();
  const auto common = WidestCommonType(element, (*value)->type, context.ansi);
  if (!common.has_value() || (element.IsString() != (*value)->type.IsString() && !element.Is(TypeId::kNull) &&
                              !(*value)->type.Is(TypeId::kNull))) {
    return Error("DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES",
                 {{"sqlExpr", "\"" + call.name + "\""},
                  {"functionName", "`" + types::ToLower(call.name) + "`"},
                  {"dataType", "\"ARRAY\""},
                  {"leftType", "\"" + (*array)->type.Sql() + "\""},
                  {"rightType", "\"" + (*value)->type.Sql() + "\""}});
  }
  *array = CastTo(*array, DataType::Array(*common, (*array)->type.contains_null()), context);
  *value = CastTo(*value, *common, context);
  return Status::Ok();
}

Result<ExprPtr> BuildArray(const FunctionCall& call, const FunctionContext& context) {
  if (call.args.empty()) return MakeCall("list_value", {}, DataType::Array(TypeId::kNull, false), false);
  std::vector<ExprPtr> args = call.args;
  RETURN_IF_ERROR(CoerceSame(&args, "array", context));
  const bool contains_null = AnyNullable(args);
  const auto type = DataType::Array(args[0]->type, contains_null);
  return MakeCall("list_value", std::move(args), type, false);
}

// array_contains, array_position, array_remove: NULL when an argument is NULL.
ScalarBuilder WithValue(const char* kernel, std::optional<DataType> result) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto array, ArrayArg(call, 0, context));
    ExprPtr value = call.args[1];
    if (value->type.Is(TypeId::kNull)) {
      return Error("DATATYPE_MISMATCH.NULL_TYPE",
                   {{"sqlExpr", "\"" + call.name + "\""}, {"functionName", "`" + types::ToLower(call.name) + "`"}});
    }
    RETURN_IF_ERROR(UnifyElement(call, &array, &value, context));
    bool nullable = array->nullable || value->nullable;
    if (result.has_value() && result->Is(kBoolean)) nullable = nullable || array->type.contains_null();
    const DataType type = result.has_value() ? *result : array->type;
    return Exact(kernel, {std::move(array), std::move(value)}, type, nullable);
  };
}

ScalarBuilder AddElement(const char* kernel) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto array, ArrayArg(call, 0, context));
    ExprPtr value = call.args[1];
    RETURN_IF_ERROR(UnifyElement(call, &array, &value, context));
    const bool contains_null = array->type.contains_null() || value->nullable;
    const auto type = DataType::Array(array->type.element(), contains_null);
    const bool nullable = array->nullable;
    return Exact(kernel, {std::move(array), std::move(value)}, type, nullable);
  };
}

Result<ExprPtr> BuildArrayInsert(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto array, ArrayArg(call, 0, context));
  ASSIGN_OR_RETURN(auto position, CoerceTo(call, 1, Arg::kInt, context));
  ExprPtr value = call.args[2];
  RETURN_IF_ERROR(UnifyElement(call, &array, &value, context));
  const auto type = DataType::Array(array->type.element(), true);
  const bool nullable = array->nullable || position->nullable;
  return Exact("spark_array_insert", {std::move(array), std::move(position), std::move(value)}, type, nullable);
}

// Two arrays of one type.
ScalarBuilder TwoArrays(const char* kernel, std::optional<DataType> result) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    std::vector<ExprPtr> args;
    for (size_t i = 0; i < 2; i++) {
      ASSIGN_OR_RETURN(auto arg, ArrayArg(call, i, context));
      args.push_back(std::move(arg));
    }
    RETURN_IF_ERROR(CoerceSame(&args, call.name, context));
    bool nullable = AnyNullable(args);
    const bool left_null = args[0]->type.contains_null();
    const bool right_null = args[1]->type.contains_null();
    const std::string_view name = kernel;
    bool contains_null = left_null;
    if (name == "spark_array_union") contains_null = left_null || right_null;
    if (name == "spark_array_intersect") contains_null = left_null && right_null;
    if (result.has_value()) nullable = nullable || left_null || right_null;
    const DataType type = result.has_value() ? *result : DataType::Array(args[0]->type.element(), contains_null);
    return Exact(kernel, std::move(args), type, nullable);
  };
}

// One array in, the same type out.
// A function that compares elements of its first argument, which maps and variants cannot be.
ScalarBuilder Comparing(ScalarBuilder build) {
  return [build = std::move(build)](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    const DataType& type = call.args[0]->type;
    if (type.Is(TypeId::kArray) && !IsOrderable(type.element())) {
      const bool sorts = types::EqualsIgnoreCase(call.name, "sort_array");
      const DataType& compared = sorts ? type : type.element();
      std::string sql = CallSql(call);
      if (sorts && call.args.size() == 1) sql.insert(sql.size() - 1, ", true");
      return Error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", {{"functionName", "`" + types::ToLower(call.name) + "`"},
                                                               {"dataType", "\"" + compared.Sql() + "\""},
                                                               {"sqlExpr", "\"" + sql + "\""}});
    }
    return build(call, context);
  };
}

ScalarBuilder SameArray(const char* kernel) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto array, ArrayArg(call, 0, context));
    auto type = array->type;
    if (std::string_view(kernel) == "spark_array_compact") type = DataType::Array(type.element(), false);
    const bool nullable = array->nullable;
    return Exact(kernel, {std::move(array)}, type, nullable);
  };
}

ScalarBuilder Extreme(const char* kernel) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto array, ArrayArg(call, 0, context));
    const auto type = array->type.element();
    return Exact(kernel, {std::move(array)}, type, true);
  };
}

Result<ExprPtr> BuildSortArray(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto array, ArrayArg(call, 0, context));
  ExprPtr ascending = MakeBool(true);
  if (call.args.size() > 1) {
    ASSIGN_OR_RETURN(ascending, CoerceTo(call, 1, Arg::kBoolean, context));
    if (!engine::IsLiteral(ascending)) return NonFoldable(call, 1, "ascendingOrder", "BOOLEAN");
  }
  const auto type = array->type;
  const bool nullable = array->nullable;
  return Exact("spark_sort_array", {std::move(array), std::move(ascending)}, type, nullable);
}

Result<ExprPtr> BuildArrayJoin(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kStringArray, Arg::kString, Arg::kString}, context));
  const bool nullable = AnyNullable(args);
  const bool given = args.size() > 2;
  if (!given) args.push_back(MakeString(""));
  args.push_back(MakeBool(given));
  return Exact("spark_array_join", std::move(args), kString, nullable);
}

Result<ExprPtr> BuildArrayRepeat(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto count, CoerceTo(call, 1, Arg::kInt, context));
  const auto type = DataType::Array(call.args[0]->type, call.args[0]->nullable);
  const bool nullable = count->nullable;
  return MakeCall("spark_array_repeat", {call.args[0], std::move(count)}, type, nullable);
}

Result<ExprPtr> BuildSlice(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kArray, Arg::kInt, Arg::kInt}, context));
  const auto type = args[0]->type;
  const bool nullable = AnyNullable(args);
  return Exact("spark_slice", std::move(args), type, nullable);
}

Result<ExprPtr> BuildShuffle(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto array, ArrayArg(call, 0, context));
  const auto type = array->type;
  const bool nullable = array->nullable;
  int64_t seed = context.query_start_micros;
  if (call.args.size() > 1) {  // Spark 4
    if (!call.args[1]->type.IsIntegral() && !call.args[1]->type.Is(TypeId::kNull)) {
      return UnexpectedInputType(call, 1, "(\"INT\" or \"BIGINT\")");
    }
    ASSIGN_OR_RETURN(const auto given, LiteralInt(call, 1, "seed"));
    seed = given.value_or(0);
  }
  return Exact("spark_shuffle", {std::move(array), MakeLong(seed)}, type, nullable);
}

Result<ExprPtr> BuildFlatten(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto array, ArrayArg(call, 0, context));
  if (!array->type.element().Is(TypeId::kArray)) return UnexpectedInputType(call, 0, "\"ARRAY\" of \"ARRAY\"");
  const auto type = array->type.element();
  const bool nullable = array->nullable || array->type.contains_null();
  return Exact("spark_flatten", {std::move(array)}, type, nullable);
}

Result<ExprPtr> BuildArraysZip(const FunctionCall& call, const FunctionContext& context) {
  std::vector<types::StructField> fields;
  std::vector<ExprPtr> args;
  for (size_t i = 0; i < call.args.size(); i++) {
    ASSIGN_OR_RETURN(auto arg, ArrayArg(call, i, context));
    fields.push_back({std::to_string(i), arg->type.element(), true});
    args.push_back(std::move(arg));
  }
  const bool nullable = AnyNullable(args);
  if (args.empty()) return MakeCall("list_value", {}, DataType::Array(DataType::Struct({}), false), false);
  return MakeCall("spark_arrays_zip", std::move(args), DataType::Array(DataType::Struct(fields), false), nullable);
}

// size: -1 for NULL unless ANSI is on (spark.sql.legacy.sizeOfNull).
Result<ExprPtr> BuildSize(const FunctionCall& call, const FunctionContext& context) {
  const auto& input = call.args[0];
  if (!input->type.Is(TypeId::kArray) && !input->type.Is(TypeId::kMap) && !input->type.Is(TypeId::kNull)) {
    return UnexpectedInputType(call, 0, "(\"ARRAY\" or \"MAP\")");
  }
  if (input->type.Is(TypeId::kNull)) return context.ansi ? engine::MakeNull(kInteger) : MakeInt(-1);
  auto size = Exact("spark_size", {input}, kInteger, input->nullable);
  if (!input->nullable || context.ansi) return size;
  return MakeCall("coalesce", {size, MakeInt(-1)}, kInteger, false);
}

Result<ExprPtr> BuildArraySize(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto array, ArrayArg(call, 0, context));
  const bool nullable = array->nullable;
  return Exact("spark_size", {std::move(array)}, kInteger, nullable);
}

Result<ExprPtr> MapValue(const FunctionCall& call, const FunctionContext& context) {
  const auto& map = call.args[0];
  ExprPtr key = call.args[1];
  if (!key->type.SameType(map->type.key())) {
    auto cast = ImplicitCast(key, map->type.key(), context);
    if (!cast.has_value()) {
      return Error("DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES",
                   {{"sqlExpr", "\"" + call.name + "\""},
                    {"functionName", "`" + types::ToLower(call.name) + "`"},
                    {"dataType", "\"MAP\""},
                    {"leftType", "\"" + map->type.Sql() + "\""},
                    {"rightType", "\"" + key->type.Sql() + "\""}});
    }
    key = *cast;
  }
  return Exact("spark_map_get", {map, std::move(key)}, map->type.value(), true);
}

// Can an array element be NULL? Spark knows it is not for a constant index into an array(…) call.
bool ElementNullable(const ExprPtr& array, const ExprPtr& index, int64_t base) {
  if (array->kind != engine::ExprKind::kCall || array->nullable) return true;
  const auto& call = array->As<engine::Call>();
  const auto at = ConstantInt(index);
  if (call.function != "list_value" || !at.has_value()) return true;
  const auto size = static_cast<int64_t>(call.args.size());
  const int64_t position = base == 1 && *at < 0 ? size + *at : *at - base;
  return position < 0 || position >= size || call.args[static_cast<size_t>(position)]->nullable;
}

// a[i] from 0, m[k].
Result<ExprPtr> BuildGetItem(const FunctionCall& call, const FunctionContext& context) {
  const auto& child = call.args[0];
  if (child->type.Is(TypeId::kMap)) return MapValue(call, context);
  if (!child->type.Is(TypeId::kArray)) return UnexpectedInputType(call, 0, "(\"ARRAY\" or \"MAP\")");
  if (!call.args[1]->type.IsIntegral()) return UnexpectedInputType(call, 1, "\"INTEGRAL\"");
  const auto type = child->type.element();
  const bool fails = context.ansi && types::ToLower(call.name) != "get";
  return Exact("spark_getitem", {child, CastTo(call.args[1], TypeId::kLong, context), MakeBool(fails)}, type,
               ElementNullable(child, call.args[1], 0));
}

Result<ExprPtr> ElementAt(const FunctionCall& call, const FunctionContext& context, bool fails) {
  const auto& child = call.args[0];
  if (child->type.Is(TypeId::kMap)) return MapValue(call, context);
  if (!child->type.Is(TypeId::kArray)) return UnexpectedInputType(call, 0, "(\"ARRAY\" or \"MAP\")");
  ASSIGN_OR_RETURN(auto index, CoerceTo(call, 1, Arg::kInt, context));
  const auto type = child->type.element();
  return Exact("spark_element_at", {child, CastTo(index, TypeId::kLong, context), MakeBool(fails)}, type,
               ElementNullable(child, index, 1));
}
Result<ExprPtr> BuildElementAt(const FunctionCall& call, const FunctionContext& context) {
  return ElementAt(call, context, context.ansi);
}
Result<ExprPtr> BuildTryElementAt(const FunctionCall& call, const FunctionContext& context) {
  return ElementAt(call, context, false);
}

// array_of_structs.field
Result<ExprPtr> BuildArrayStructField(const FunctionCall& call, const FunctionContext&) {
  const auto& array = call.args[0];
  const auto name = ConstantString(call.args[1]);
  if (!array->type.Is(TypeId::kArray) || !array->type.element().Is(TypeId::kStruct) || !name.has_value()) {
    return UnexpectedInputType(call, 0, "\"ARRAY<STRUCT>\"");
  }
  const auto& structure = array->type.element();
  const int index = structure.FieldIndex(*name);
  if (index < 0) {
    return Error("FIELD_NOT_FOUND", {{"fieldName", types::QuoteIdentifier(*name)}, {"fields", structure.Sql()}});
  }
  const auto& field = structure.fields()[static_cast<size_t>(index)];
  const auto element = NewLambdaVariable(structure, array->type.contains_null());
  const ExprPtr body = FieldOf(element, field);
  const auto type = DataType::Array(field.type, field.nullable || array->type.contains_null());
  return MakeCall("list_transform", {array, LambdaOf({element}, body)}, type, array->nullable);
}

// --- sequence ---------------------------------------------------------------------------------------------
Result<ExprPtr> BuildSequence(const FunctionCall& call, const FunctionContext& context) {
  std::vector<ExprPtr> bounds = {call.args[0], call.args[1]};
  const bool with_step = call.args.size() > 2;
  for (auto& bound : bounds) {
    if (bound->type.IsString()) bound = CastTo(bound, TypeId::kTimestamp, context);
  }
  if (bounds[0]->type.IsIntegral() && bounds[1]->type.IsIntegral()) {
    std::vector<ExprPtr> all = bounds;
    if (with_step) all.push_back(call.args[2]);
    RETURN_IF_ERROR(CoerceSame(&all, call.name, context));
    const auto type = all[0]->type;
    const bool nullable = AnyNullable(all);
    for (auto& arg : all) arg = CastTo(arg, TypeId::kLong, context);
    if (!with_step) all.push_back(MakeLong(0));
    all.push_back(MakeBool(!with_step));
    // A long sequence is cast to the element type the bounds have.
    return MakeCall("spark_sequence", std::move(all), DataType::Array(type, false), nullable);
  }
  RETURN_IF_ERROR(CoerceSame(&bounds, call.name, context));
  const auto type = bounds[0]->type;
  if (!type.Is(TypeId::kDate) && !type.Is(TypeId::kTimestamp) && !type.Is(TypeId::kTimestampNtz)) {
    return Error("DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES",
                 {{"sqlExpr", "\"" + call.name + "\""},
                  {"functionName", "`sequence`"},
                  {"startType", "(\"TIMESTAMP\" or \"TIMESTAMP_NTZ\" or \"DATE\")"},
                  {"stepType", "(\"INTERVAL\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL DAY TO SECOND\")"},
                  {"otherStartType", "\"INTEGRAL\""}});
  }
  ExprPtr step = Exact("spark_default_day_step", {MakeBool(true)}, TypeId::kCalendarInterval, false);
  if (with_step) {
    step = call.args[2];
    if (step->type.Is(TypeId::kDayTimeInterval)) {
      step = Exact("spark_dt_to_interval", {step}, TypeId::kCalendarInterval, step->nullable);
    } else if (step->type.Is(TypeId::kYearMonthInterval)) {
      step = Exact("spark_ym_to_interval", {step}, TypeId::kCalendarInterval, step->nullable);
    } else {
      ASSIGN_OR_RETURN(step, CoerceTo(call, 2, Arg::kCalendarInterval, context));
    }
  }
  const bool nullable = AnyNullable(bounds) || step->nullable;
  const bool instants = type.Is(TypeId::kTimestamp);
  return MakeCall(type.Is(TypeId::kDate) ? "spark_sequence_date" : "spark_sequence_time",
                  {bounds[0], bounds[1], std::move(step), MakeString(instants ? context.time_zone : "UTC")},
                  DataType::Array(type, false), nullable, true);
}

// --- maps ---------------------------------------------------------------------------------------------------
Result<ExprPtr> BuildMap(const FunctionCall& call, const FunctionContext& context) {
  if (call.args.size() % 2 != 0) {
    return Error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", "`map`"},
                                                       {"expectedNum", "2n (n > 0)"},
                                                       {"actualNum", std::to_string(call.args.size())},
                                                       {"docroot", "https://spark.apache.org/docs/latest"}});
  }
  std::vector<ExprPtr> keys;
  std::vector<ExprPtr> values;
  for (size_t i = 0; i < call.args.size(); i++) (i % 2 == 0 ? keys : values).push_back(call.args[i]);
  if (keys.empty()) {
    return MakeCall("spark_map_from_arrays",
                    {MakeCall("list_value", {}, DataType::Array(TypeId::kNull, false), false),
                     MakeCall("list_value", {}, DataType::Array(TypeId::kNull, false), false)},
                    DataType::Map(TypeId::kNull, TypeId::kNull, false), false);
  }
  RETURN_IF_ERROR(CoerceSame(&keys, "map", context));
  RETURN_IF_ERROR(CheckMapKey(keys[0]->type, call));
  RETURN_IF_ERROR(CoerceSame(&values, "map", context));
  const bool value_null = AnyNullable(values);
  const DataType key_type = keys[0]->type;
  const DataType value_type = values[0]->type;
  auto key_list = MakeCall("list_value", std::move(keys), DataType::Array(key_type, false), false);
  auto value_list = MakeCall("list_value", std::move(values), DataType::Array(value_type, value_null), false);
  return Exact("spark_map_from_arrays", {std::move(key_list), std::move(value_list)},
               DataType::Map(key_type, value_type, value_null), false);
}

Result<ExprPtr> BuildMapFromArrays(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kArray}, context));
  RETURN_IF_ERROR(CheckMapKey(args[0]->type.element(), call));
  const auto type = DataType::Map(args[0]->type.element(), args[1]->type.element(), args[1]->type.contains_null());
  const bool nullable = AnyNullable(args);
  return Exact("spark_map_from_arrays", std::move(args), type, nullable);
}

Result<ExprPtr> BuildMapFromEntries(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto array, ArrayArg(call, 0, context));
  const auto& entry = array->type.element();
  if (!entry.Is(TypeId::kStruct) || entry.fields().size() != 2) {
    return UnexpectedInputType(call, 0, "\"ARRAY\" of pair \"STRUCT\"");
  }
  RETURN_IF_ERROR(CheckMapKey(entry.fields()[0].type, call));
  const auto type = DataType::Map(entry.fields()[0].type, entry.fields()[1].type, entry.fields()[1].nullable);
  const bool nullable = array->nullable || array->type.contains_null();
  return Exact("spark_map_from_entries", {std::move(array)}, type, nullable);
}

DataType EntryType(const DataType& map) {
  return DataType::Struct({{"key", map.key(), false}, {"value", map.value(), map.contains_null()}});
}

ScalarBuilder MapPart(const char* kernel) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto map, CoerceTo(call, 0, Arg::kMap, context));
    const std::string_view name = kernel;
    DataType type = DataType::Array(EntryType(map->type), false);
    if (name == "spark_map_keys") type = DataType::Array(map->type.key(), false);
    if (name == "spark_map_values") type = DataType::Array(map->type.value(), map->type.contains_null());
    const bool nullable = map->nullable;
    return MakeCall(kernel, {std::move(map)}, type, nullable, true);
  };
}

Result<ExprPtr> BuildMapConcat(const FunctionCall& call, const FunctionContext& context) {
  if (call.args.empty()) {
    const auto none = MakeCall("list_value", {}, DataType::Array(kString, false), false);
    return Exact("spark_map_from_arrays", {none, none}, DataType::Map(kString, kString, false), false);
  }
  std::vector<ExprPtr> args = call.args;
  for (size_t i = 0; i < args.size(); i++) {
    if (!args[i]->type.Is(TypeId::kMap)) {
      return Error("DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES", {{"sqlExpr", "\"" + call.name + "\""},
                                                               {"functionName", "`map_concat`"},
                                                               {"dataType", "\"" + args[i]->type.Sql() + "\""}});
    }
  }
  RETURN_IF_ERROR(CoerceSame(&args, call.name, context));
  const bool nullable = AnyNullable(args);
  bool value_null = false;
  std::vector<ExprPtr> entries;
  const DataType map = args[0]->type;
  for (const auto& arg : args) {
    value_null = value_null || arg->type.contains_null();
    entries.push_back(
        MakeCall("spark_map_entries", {arg}, DataType::Array(EntryType(map), false), arg->nullable, true));
  }
  auto all = Exact("spark_array_concat", std::move(entries), DataType::Array(EntryType(map), false), nullable);
  return Exact("spark_map_from_entries", {std::move(all)}, DataType::Map(map.key(), map.value(), value_null), nullable);
}

Result<ExprPtr> BuildMapContainsKey(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto map, CoerceTo(call, 0, Arg::kMap, context));
  if (call.args[1]->type.Is(TypeId::kNull)) {
    return Error("DATATYPE_MISMATCH.NULL_TYPE",
                 {{"sqlExpr", "\"" + call.name + "\""}, {"functionName", "`map_contains_key`"}});
  }
  auto key = ImplicitCast(call.args[1], map->type.key(), context);
  if (!key.has_value()) {
    return Error("DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES", {{"sqlExpr", "\"" + call.name + "\""},
                                                               {"functionName", "`map_contains_key`"},
                                                               {"dataType", "\"MAP\""},
                                                               {"leftType", "\"" + map->type.Sql() + "\""},
                                                               {"rightType", "\"" + call.args[1]->type.Sql() + "\""}});
  }
  return Exact("spark_map_contains_key", {std::move(map), *key}, kBoolean, true);
}

std::vector<FunctionRow> ArrayRows() {
  return {
      Row("array", {}, 0, -1, BuildArray, "1.1.0", "Array of the arguments."),
      Row("array_contains", {}, 2, 2, Comparing(WithValue("spark_array_contains", kBoolean)), "1.5.0",
          "Whether the array has the value."),
      Row("array_position", {}, 2, 2, Comparing(WithValue("spark_array_position", TypeId::kLong)), "2.4.0",
          "1-based position of the value, 0 if absent."),
      Row("array_remove", {}, 2, 2, Comparing(WithValue("spark_array_remove", std::nullopt)), "2.4.0",
          "Array without the value."),
      Row("array_append", {}, 2, 2, AddElement("spark_array_append"), "3.4.0", "Array with the value at the end."),
      Row("array_prepend", {}, 2, 2, AddElement("spark_array_prepend"), "3.5.0", "Array with the value at the front."),
      Row("array_insert", {}, 3, 3, BuildArrayInsert, "3.4.0", "Array with the value at a position."),
      Row("array_compact", {}, 1, 1, SameArray("spark_array_compact"), "3.4.0", "Array without NULLs."),
      Row("array_distinct", {}, 1, 1, Comparing(SameArray("spark_array_distinct")), "2.4.0",
          "Array without duplicates."),
      Row("array_union", {}, 2, 2, Comparing(TwoArrays("spark_array_union", std::nullopt)), "2.4.0",
          "Elements of either array."),
      Row("array_intersect", {}, 2, 2, Comparing(TwoArrays("spark_array_intersect", std::nullopt)), "2.4.0",
          "Elements of both arrays."),
      Row("array_except", {}, 2, 2, Comparing(TwoArrays("spark_array_except", std::nullopt)), "2.4.0",
          "Elements of the first array only."),
      Row("arrays_overlap", {}, 2, 2, Comparing(TwoArrays("spark_arrays_overlap", kBoolean)), "2.4.0",
          "Whether the arrays share an element."),
      Row("arrays_zip", {}, 0, -1, BuildArraysZip, "2.4.0", "Arrays as one array of structs."),
      Row("array_join", {}, 2, 3, BuildArrayJoin, "2.4.0", "Elements joined to a string."),
      Row("array_max", {}, 1, 1, Comparing(Extreme("spark_array_max")), "2.4.0", "Largest element."),
      Row("array_min", {}, 1, 1, Comparing(Extreme("spark_array_min")), "2.4.0", "Smallest element."),
      Row("array_repeat", {}, 2, 2, BuildArrayRepeat, "2.4.0", "The value n times."),
      Row("sort_array", {}, 1, 2, Comparing(BuildSortArray), "1.5.0", "Sorted array, NULLs first when ascending."),
      Row("slice", {}, 3, 3, BuildSlice, "2.4.0", "Part of an array."),
      Row("shuffle", {}, 1, 2, BuildShuffle, "2.4.0", "Array in random order; that of a seed."),
      Row("flatten", {}, 1, 1, BuildFlatten, "2.4.0", "Array of arrays as one array."),
      Row("sequence", {}, 2, 3, BuildSequence, "2.4.0", "Array from start to stop by a step."),
      Row("array_size", {}, 1, 1, BuildArraySize, "3.3.0", "Number of elements, NULL for NULL."),
      Row("size", {"cardinality"}, 1, 1, BuildSize, "1.5.0", "Number of elements, -1 for NULL."),
      Row("element_at", {}, 2, 2, BuildElementAt, "2.4.0", "Element by 1-based index, or map value."),
      Row("try_element_at", {}, 2, 2, BuildTryElementAt, "3.5.0", "element_at, NULL when out of range."),
      Row("get", {}, 2, 2, BuildGetItem, "3.4.0", "Element by 0-based index, NULL when out of range."),
      Row("getitem", {}, 2, 2, BuildGetItem, "1.0.0", "a[i] and m[k]."),
      Row("get_array_struct_field", {}, 2, 2, BuildArrayStructField, "1.0.0", "A field of every struct of an array."),
  };
}

std::vector<FunctionRow> MapRows() {
  return {
      Row("map", {}, 0, -1, BuildMap, "2.0.0", "Map of key and value arguments."),
      Row("map_from_arrays", {}, 2, 2, BuildMapFromArrays, "2.4.0", "Map of an array of keys and one of values."),
      Row("map_from_entries", {}, 1, 1, BuildMapFromEntries, "2.4.0", "Map of an array of pairs."),
      Row("map_entries", {}, 1, 1, MapPart("spark_map_entries"), "3.0.0", "Array of a map's pairs."),
      Row("map_keys", {}, 1, 1, MapPart("spark_map_keys"), "2.0.0", "Array of a map's keys."),
      Row("map_values", {}, 1, 1, MapPart("spark_map_values"), "2.0.0", "Array of a map's values."),
      Row("map_concat", {}, 0, -1, BuildMapConcat, "2.4.0", "Union of maps."),
      Row("map_contains_key", {}, 2, 2, BuildMapContainsKey, "3.3.0", "Whether the map has the key."),
      Row("str_to_map", {}, 1, 3,
          Lower({"spark_str_to_map",
                 {Arg::kString, Arg::kString, Arg::kString},
                 DataType::Map(kString, kString),
                 Nulls::kAny,
                 {MakeString(","), MakeString(":")}}),
          "2.0.1", "Map from text."),
  };
}

}  // namespace

std::span<const FunctionRow> CollectionFunctions() {
  static const std::vector<FunctionRow>* const rows = [] {
    auto* all = new std::vector<FunctionRow>(ArrayRows());
    for (auto& row : MapRows()) all->push_back(std::move(row));
    return all;
  }();
  return *rows;
}

}  // namespace deltic::spark::functions
