// Rows of the higher-order family: functions that take lambdas, rewritten to the engine's list functions.
#include "spark/functions/coercion.h"
#include "spark/functions/lambda_rewrite.h"
#include "spark/functions/signature.h"
#include "spark/functions/variant.h"

namespace deltic::spark::functions {
namespace {

using engine::MakeBool;
using engine::MakeCall;
using engine::MakeLong;
using engine::MakeNull;
using engine::MakeString;

constexpr auto kBoolean = TypeId::kBoolean;
constexpr auto kInteger = TypeId::kInteger;

using LambdaParams = std::vector<std::pair<DataType, bool>>;

const engine::Lambda& LambdaAt(const FunctionCall& call, size_t index) {
  return call.args[index]->As<engine::Lambda>();
}

bool IsLambda(const ExprPtr& expr) { return expr != nullptr && expr->kind == engine::ExprKind::kLambda; }

Status NeedsLambda(const FunctionCall& call, size_t index) { return UnexpectedInputType(call, index, "\"LAMBDA\""); }

DataType EntryType(const DataType& map) {
  return DataType::Struct({{"key", map.key(), false}, {"value", map.value(), map.contains_null()}});
}

ExprPtr EntriesOf(const ExprPtr& map) {
  return MakeCall("spark_map_entries", {map}, DataType::Array(EntryType(map->type), false), map->nullable, true);
}

// A lambda over one struct variable whose fields stand for the lambda's parameters.
ExprPtr OverFields(const engine::Lambda& lambda, const ExprPtr& variable, const std::vector<ExprPtr>& values) {
  std::map<engine::ColumnId, ExprPtr> replacements;
  for (size_t i = 0; i < lambda.params.size(); i++) replacements[lambda.params[i]] = values[i];
  return LambdaOf({variable}, Substitute(lambda.body, replacements));
}

ExprPtr Transform(const ExprPtr& list, const ExprPtr& lambda, const DataType& element, bool element_nullable) {
  return MakeCall("list_transform", {list, lambda}, DataType::Array(element, element_nullable), list->nullable);
}

// The engine's lambda for (x) or (x, index): its index starts at 1 and is a long.
ExprPtr Indexed(const engine::Lambda& lambda, const DataType& element, bool nullable) {
  if (lambda.params.size() < 2) return std::make_shared<engine::Lambda>(lambda.params, lambda.body);
  const auto x = NewLambdaVariable(element, nullable);
  const auto i = NewLambdaVariable(TypeId::kLong, false);
  const auto from_zero = MakeCall("spark_add_micros", {i, MakeLong(-1)}, TypeId::kLong, false, true);
  const ExprPtr index = std::make_shared<engine::Cast>(from_zero, kInteger, false, engine::CastMode::kLegacy, "UTC");
  return LambdaOf({x, i}, Substitute(lambda.body, {{lambda.params[0], x}, {lambda.params[1], index}}));
}

Result<LambdaParams> ArrayElement(const std::vector<ExprPtr>& args, size_t, size_t count) {
  if (args.empty() || args[0] == nullptr || !args[0]->type.Is(TypeId::kArray)) {
    return Error("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                 {{"sqlExpr", "\"lambda\""},
                  {"paramIndex", "1"},
                  {"requiredType", "\"ARRAY\""},
                  {"inputSql", args.empty() || args[0] == nullptr ? "" : "\"" + ExprSql(args[0]) + "\""},
                  {"inputType", args.empty() || args[0] == nullptr ? "" : "\"" + args[0]->type.Sql() + "\""}});
  }
  LambdaParams out = {{args[0]->type.element(), args[0]->type.contains_null()}};
  if (count > 1) out.emplace_back(kInteger, false);
  return out;
}

Result<LambdaParams> ComparatorParams(const std::vector<ExprPtr>& args, size_t index, size_t) {
  ASSIGN_OR_RETURN(auto out, ArrayElement(args, index, 1));
  out.push_back(out[0]);
  return out;
}

Result<LambdaParams> MapEntry(const std::vector<ExprPtr>& args, size_t, size_t) {
  if (args.empty() || args[0] == nullptr || !args[0]->type.Is(TypeId::kMap)) {
    return Error("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                 {{"sqlExpr", "\"lambda\""},
                  {"paramIndex", "1"},
                  {"requiredType", "\"MAP\""},
                  {"inputSql", args.empty() || args[0] == nullptr ? "" : "\"" + ExprSql(args[0]) + "\""},
                  {"inputType", args.empty() || args[0] == nullptr ? "" : "\"" + args[0]->type.Sql() + "\""}});
  }
  return LambdaParams{{args[0]->type.key(), false}, {args[0]->type.value(), args[0]->type.contains_null()}};
}

Result<LambdaParams> ZipParams(const std::vector<ExprPtr>& args, size_t index, size_t) {
  ASSIGN_OR_RETURN(auto out, ArrayElement(args, index, 1));
  ASSIGN_OR_RETURN(auto second, ArrayElement({args.size() > 1 ? args[1] : nullptr}, index, 1));
  return LambdaParams{{out[0].first, true}, {second[0].first, true}};
}

Result<LambdaParams> MapZipParams(const std::vector<ExprPtr>& args, size_t index, size_t count) {
  ASSIGN_OR_RETURN(auto a, MapEntry(args, index, count));
  ASSIGN_OR_RETURN(auto b, MapEntry({args.size() > 1 ? args[1] : nullptr}, index, count));
  return LambdaParams{a[0], {a[1].first, true}, {b[1].first, true}};
}

// aggregate: the merge lambda sees the accumulator and an element, the finish lambda the accumulator.
Result<LambdaParams> AggregateParams(const std::vector<ExprPtr>& args, size_t index, size_t) {
  if (args.size() < 2 || args[1] == nullptr) return InternalError("aggregate without a start");
  if (index == 3) return LambdaParams{{args[1]->type, true}};
  ASSIGN_OR_RETURN(auto element, ArrayElement(args, index, 1));
  return LambdaParams{{args[1]->type, true}, element[0]};
}

Result<ExprPtr> BuildTransform(const FunctionCall& call, const FunctionContext&) {
  if (!IsLambda(call.args[1])) return NeedsLambda(call, 1);
  const auto& lambda = LambdaAt(call, 1);
  const auto& array = call.args[0]->type;
  return Transform(call.args[0], Indexed(lambda, array.element(), array.contains_null()), lambda.body->type,
                   lambda.body->nullable);
}

Result<ExprPtr> BuildFilter(const FunctionCall& call, const FunctionContext&) {
  if (!IsLambda(call.args[1])) return NeedsLambda(call, 1);
  const auto& array = call.args[0]->type;
  if (!LambdaAt(call, 1).body->type.Is(kBoolean) && !LambdaAt(call, 1).body->type.Is(TypeId::kNull)) {
    return UnexpectedInputType(call, 1, "\"BOOLEAN\"");
  }
  return MakeCall("list_filter", {call.args[0], Indexed(LambdaAt(call, 1), array.element(), array.contains_null())},
                  array, call.args[0]->nullable);
}

ScalarBuilder Quantifier(const char* kernel) {
  return [=](const FunctionCall& call, const FunctionContext&) -> Result<ExprPtr> {
    if (!IsLambda(call.args[1])) return NeedsLambda(call, 1);
    const auto& lambda = LambdaAt(call, 1);
    if (!lambda.body->type.Is(kBoolean)) return UnexpectedInputType(call, 1, "\"BOOLEAN\"");
    auto flags = Transform(call.args[0], call.args[1], kBoolean, lambda.body->nullable);
    const bool nullable = call.args[0]->nullable || lambda.body->nullable;
    return Exact(kernel, {std::move(flags)}, kBoolean, nullable);
  };
}

// aggregate(array, start, merge[, finish]). The engine's reduce needs one type for accumulator and elements, so
// both travel in a struct: {a: accumulator, x: element}.
Result<ExprPtr> BuildAggregate(const FunctionCall& call, const FunctionContext& context) {
  if (!IsLambda(call.args[2]) || (call.args.size() > 3 && !IsLambda(call.args[3]))) return NeedsLambda(call, 2);
  const auto& array = call.args[0];
  const DataType accumulator = call.args[1]->type;
  const DataType element = array->type.element();
  const auto& merge = LambdaAt(call, 2);
  if (!merge.body->type.SameType(accumulator)) {
    if (merge.body->type.AsNullable().SameType(accumulator.AsNullable()) == false) {
      return UnexpectedInputType(call, 2, "\"" + accumulator.Sql() + "\"");
    }
  }
  const std::vector<types::StructField> fields = {{"a", accumulator, true}, {"x", element, true}};
  const DataType pair = DataType::Struct(fields);
  const auto make_pair = [&](ExprPtr a, ExprPtr x) {
    return MakeCall("named_struct", {MakeString("a"), std::move(a), MakeString("x"), std::move(x)}, pair, false);
  };
  const auto null_of = [&](const DataType& type) -> ExprPtr {
    return std::make_shared<engine::Cast>(MakeNull(TypeId::kNull), type, true, engine::CastMode::kLegacy,
                                          context.time_zone);
  };
  const auto x = NewLambdaVariable(element, array->type.contains_null());
  const auto wrapped = Transform(array, LambdaOf({x}, make_pair(null_of(accumulator), x)), pair, false);
  const auto state = NewLambdaVariable(pair, false);
  const auto next = NewLambdaVariable(pair, false);
  const auto merged = Substitute(
      merge.body, {{merge.params[0], FieldOf(state, fields[0])}, {merge.params[1], FieldOf(next, fields[1])}});
  const auto step = LambdaOf({state, next}, make_pair(merged, null_of(element)));
  const auto reduced =
      MakeCall("list_reduce", {wrapped, step, make_pair(call.args[1], null_of(element))}, pair, array->nullable);
  ExprPtr result = FieldOf(reduced, fields[0]);
  if (call.args.size() < 4) return result;
  // The finish lambda may use the accumulator many times: evaluate it once, as a list of one.
  const auto& finish = LambdaAt(call, 3);
  const auto one = MakeCall("list_value", {result}, DataType::Array(accumulator, true), false);
  const auto finished = Transform(one, call.args[3], finish.body->type, finish.body->nullable);
  auto value = Exact("spark_getitem", {finished, MakeLong(0), MakeBool(false)}, finish.body->type, true);
  if (!array->nullable) return value;
  std::vector<std::pair<ExprPtr, ExprPtr>> branches = {{MakeCall("isnotnull", {array}, kBoolean, false), value}};
  return ExprPtr(std::make_shared<engine::Case>(std::move(branches), nullptr, finish.body->type, true));
}

Result<ExprPtr> BuildZipWith(const FunctionCall& call, const FunctionContext&) {
  if (!IsLambda(call.args[2])) return NeedsLambda(call, 2);
  const auto& lambda = LambdaAt(call, 2);
  const std::vector<types::StructField> fields = {{"0", call.args[0]->type.element(), true},
                                                  {"1", call.args[1]->type.element(), true}};
  const DataType pair = DataType::Struct(fields);
  const bool nullable = call.args[0]->nullable || call.args[1]->nullable;
  const auto zipped =
      MakeCall("spark_arrays_zip", {call.args[0], call.args[1]}, DataType::Array(pair, false), nullable);
  const auto variable = NewLambdaVariable(pair, false);
  const auto mapped = OverFields(lambda, variable, {FieldOf(variable, fields[0]), FieldOf(variable, fields[1])});
  return Transform(zipped, mapped, lambda.body->type, lambda.body->nullable);
}

// The lambda of a map function over an entry variable.
ExprPtr EntryLambda(const engine::Lambda& lambda, const DataType& map) {
  const auto entry_type = EntryType(map);
  const auto entry = NewLambdaVariable(entry_type, false);
  return OverFields(lambda, entry, {FieldOf(entry, entry_type.fields()[0]), FieldOf(entry, entry_type.fields()[1])});
}

Result<ExprPtr> BuildMapFilter(const FunctionCall& call, const FunctionContext&) {
  if (!IsLambda(call.args[1])) return NeedsLambda(call, 1);
  const auto& map = call.args[0];
  const auto entries = EntriesOf(map);
  auto kept =
      MakeCall("list_filter", {entries, EntryLambda(LambdaAt(call, 1), map->type)}, entries->type, map->nullable);
  return Exact("spark_map_from_entries", {std::move(kept)}, map->type, map->nullable);
}

ScalarBuilder TransformMap(bool keys) {
  return [=](const FunctionCall& call, const FunctionContext&) -> Result<ExprPtr> {
    if (!IsLambda(call.args[1])) return NeedsLambda(call, 1);
    const auto& map = call.args[0];
    const auto& lambda = LambdaAt(call, 1);
    if (keys) RETURN_IF_ERROR(CheckMapKey(lambda.body->type, call));
    auto changed = Transform(EntriesOf(map), EntryLambda(lambda, map->type), lambda.body->type, lambda.body->nullable);
    const DataType kept =
        keys ? DataType::Array(map->type.value(), map->type.contains_null()) : DataType::Array(map->type.key(), false);
    auto other = MakeCall(keys ? "spark_map_values" : "spark_map_keys", {map}, kept, map->nullable, true);
    const auto type = keys ? DataType::Map(lambda.body->type, map->type.value(), map->type.contains_null())
                           : DataType::Map(map->type.key(), lambda.body->type, lambda.body->nullable);
    if (keys) std::swap(changed, other);
    return Exact("spark_map_from_arrays", {std::move(other), std::move(changed)}, type, map->nullable);
  };
}

Result<ExprPtr> BuildMapZipWith(const FunctionCall& call, const FunctionContext&) {
  if (!IsLambda(call.args[2])) return NeedsLambda(call, 2);
  const auto& lambda = LambdaAt(call, 2);
  const auto& a = call.args[0]->type;
  const auto& b = call.args[1]->type;
  const std::vector<types::StructField> fields = {
      {"key", a.key(), false}, {"a", a.value(), true}, {"b", b.value(), true}};
  const DataType entry = DataType::Struct(fields);
  const bool nullable = call.args[0]->nullable || call.args[1]->nullable;
  const auto zipped =
      MakeCall("spark_zip_maps", {call.args[0], call.args[1]}, DataType::Array(entry, false), nullable, true);
  const auto variable = NewLambdaVariable(entry, false);
  const auto mapped = OverFields(
      lambda, variable, {FieldOf(variable, fields[0]), FieldOf(variable, fields[1]), FieldOf(variable, fields[2])});
  auto values = Transform(zipped, mapped, lambda.body->type, lambda.body->nullable);
  const auto key_variable = NewLambdaVariable(entry, false);
  auto keys = Transform(zipped, LambdaOf({key_variable}, FieldOf(key_variable, fields[0])), a.key(), false);
  return Exact("spark_map_from_arrays", {std::move(keys), std::move(values)},
               DataType::Map(a.key(), lambda.body->type, lambda.body->nullable), nullable);
}

Result<ExprPtr> BuildArraySort(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto array, CoerceTo(call, 0, Arg::kArray, context));
  if (call.args.size() > 1) {
    if (!IsLambda(call.args[1])) return NeedsLambda(call, 1);
    const auto& compare = LambdaAt(call, 1);
    if (!compare.body->type.Is(kInteger)) return UnexpectedInputType(call, 1, "\"INT\"");
    // The engine has no sort by lambda: all pairs are compared first.
    const auto x = NewLambdaVariable(array->type.element(), array->type.contains_null());
    const auto y = NewLambdaVariable(array->type.element(), array->type.contains_null());
    const auto body = Substitute(compare.body, {{compare.params[0], x}, {compare.params[1], y}});
    const auto line = Transform(array, LambdaOf({y}, body), kInteger, body->nullable);
    const auto matrix = Transform(array, LambdaOf({x}, line), line->type, line->nullable);
    return Exact("spark_sort_by_matrix", {array, matrix}, array->type, array->nullable);
  }
  const auto type = array->type;
  if (!IsOrderable(type.element())) {  // of the comparator that Spark makes
    return Error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                 {{"sqlExpr", "\"(namedlambdavariable() < namedlambdavariable())\""},
                  {"functionName", "`<`"},
                  {"dataType", "\"" + type.element().Sql() + "\""}});
  }
  const bool nullable = array->nullable;
  return Exact("spark_array_sort", {std::move(array)}, type, nullable);
}

FunctionRow LambdaRow(std::string_view name, std::vector<std::string_view> aliases, int min_args, int max_args,
                      ScalarBuilder build,
                      std::function<Result<LambdaParams>(const std::vector<ExprPtr>&, size_t, size_t)> params,
                      std::string_view since, std::string_view doc) {
  FunctionRow row = Row(name, std::move(aliases), min_args, max_args, std::move(build), since, doc);
  row.lambda_params = std::move(params);
  return row;
}

}  // namespace

std::span<const FunctionRow> HigherOrderFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      LambdaRow("transform", {}, 2, 2, BuildTransform, ArrayElement, "2.4.0", "Every element through a lambda."),
      LambdaRow("filter", {}, 2, 2, BuildFilter, ArrayElement, "2.4.0", "Elements for which a lambda is true."),
      LambdaRow("exists", {}, 2, 2, Quantifier("spark_any_true"), ArrayElement, "2.4.0",
                "Whether a lambda holds for an element."),
      LambdaRow("forall", {}, 2, 2, Quantifier("spark_all_true"), ArrayElement, "3.0.0",
                "Whether a lambda holds for all elements."),
      LambdaRow("aggregate", {"reduce"}, 3, 4, BuildAggregate, AggregateParams, "2.4.0", "Array folded by a lambda."),
      LambdaRow("zip_with", {}, 3, 3, BuildZipWith, ZipParams, "2.4.0", "Two arrays merged by a lambda."),
      LambdaRow("map_filter", {}, 2, 2, BuildMapFilter, MapEntry, "3.0.0", "Entries for which a lambda is true."),
      LambdaRow("map_zip_with", {}, 3, 3, BuildMapZipWith, MapZipParams, "3.0.0", "Two maps merged by a lambda."),
      LambdaRow("transform_keys", {}, 2, 2, TransformMap(true), MapEntry, "3.0.0", "Map with keys through a lambda."),
      LambdaRow("transform_values", {}, 2, 2, TransformMap(false), MapEntry, "3.0.0",
                "Map with values through a lambda."),
      LambdaRow("array_sort", {}, 1, 2, BuildArraySort, ComparatorParams, "2.4.0", "Sorted array, NULLs last."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
