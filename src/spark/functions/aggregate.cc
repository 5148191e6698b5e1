// Counting, summing, extremes and collecting.
#include "spark/functions/aggregate.h"

#include <algorithm>
#include <cmath>

#include "engine/plan/decimal_rules.h"
#include "spark/functions/coercion.h"
#include "spark/functions/lambda_rewrite.h"
#include "spark/functions/signature.h"
#include "spark/functions/variant.h"

namespace deltic::spark::functions {

std::shared_ptr<engine::Aggregate> MakeAggregate(const FunctionCall& call, std::string function,
                                                 std::vector<ExprPtr> args, DataType type, bool nullable) {
  auto node = std::make_shared<engine::Aggregate>(std::move(function), std::move(args), std::move(type), nullable);
  node->distinct = call.distinct;
  node->filter = call.filter;
  return node;
}

void Restrict(engine::Aggregate* aggregate, ExprPtr condition) {
  if (!aggregate->filter) {
    aggregate->filter = std::move(condition);
    return;
  }
  bool nullable = aggregate->filter->nullable || condition->nullable;
  aggregate->filter =
      engine::MakeCall("and", {aggregate->filter, std::move(condition)}, TypeId::kBoolean, nullable, true);
}

namespace {

ExprPtr NotNull(const ExprPtr& expr) { return engine::MakeCall("isnotnull", {expr}, TypeId::kBoolean, false, true); }

ExprPtr AllNotNull(const std::vector<ExprPtr>& args) {
  ExprPtr all;
  for (const ExprPtr& arg : args) {
    if (!arg->nullable) continue;
    ExprPtr one = NotNull(arg);
    all = all ? engine::MakeCall("and", {all, one}, TypeId::kBoolean, false, true) : one;
  }
  return all;
}

Result<ExprPtr> Count(const FunctionCall& call, const FunctionContext&) {
  std::vector<ExprPtr> args = call.args;
  bool constant = std::all_of(args.begin(), args.end(), [](const ExprPtr& a) {
    return engine::IsLiteral(a) && !a->As<engine::Literal>().value.IsNull();
  });
  if (!call.distinct && constant) return ExprPtr(MakeAggregate(call, "count_star", {}, TypeId::kLong, false));
  if (args.size() == 1) return ExprPtr(MakeAggregate(call, "count", std::move(args), TypeId::kLong, false));
  // Rows where every argument is set; distinct tuples of them.
  ExprPtr all = AllNotNull(args);
  std::vector<ExprPtr> counted;
  if (call.distinct) {
    std::vector<types::StructField> fields;
    std::vector<ExprPtr> parts;
    for (size_t i = 0; i < args.size(); ++i) {
      std::string name = "f" + std::to_string(i);
      fields.push_back({name, args[i]->type, args[i]->nullable, "{}"});
      parts.push_back(engine::MakeString(name));
      parts.push_back(args[i]);
    }
    counted.push_back(engine::MakeCall("named_struct", std::move(parts), DataType::Struct(std::move(fields)), false));
  }
  auto node = MakeAggregate(call, call.distinct ? "count" : "count_star", std::move(counted), TypeId::kLong, false);
  if (all) Restrict(node.get(), all);
  return ExprPtr(node);
}

Result<ExprPtr> CountIf(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr condition, CoerceArg(call, 0, TypeId::kBoolean, context));
  ExprPtr counted = std::make_shared<engine::Case>(
      std::vector<std::pair<ExprPtr, ExprPtr>>{{condition, engine::MakeBool(true)}}, nullptr, TypeId::kBoolean, true);
  return ExprPtr(MakeAggregate(call, "count", {counted}, TypeId::kLong, false));
}

constexpr std::string_view kSummable = "(\"NUMERIC\" or \"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\")";

// The argument of sum or avg: a number or an ANSI interval.
Result<ExprPtr> Summand(const FunctionCall& call, const FunctionContext& context) {
  const ExprPtr& arg = call.args[0];
  if (arg->type.IsNumeric() || arg->type.Is(TypeId::kDayTimeInterval) || arg->type.Is(TypeId::kYearMonthInterval)) {
    return arg;
  }
  if (arg->type.IsString() || arg->type.Is(TypeId::kNull)) return CastTo(arg, TypeId::kDouble, context);
  return UnexpectedInputType(call, 0, std::string(kSummable));
}

Result<ExprPtr> SumWith(const FunctionCall& call, const FunctionContext& context, bool ansi, bool is_try) {
  ASSIGN_OR_RETURN(ExprPtr arg, Summand(call, context));
  const DataType& type = arg->type;
  std::string suffix = is_try ? "_try" : ansi ? "_ansi" : "";
  if (type.IsIntegral()) {
    ExprPtr wide = CastTo(arg, TypeId::kLong, context);
    return ExprPtr(MakeAggregate(call, "spark_sum_long" + suffix, {wide}, TypeId::kLong, true));
  }
  if (type.Is(TypeId::kDecimal)) {
    DataType sum = DataType::Decimal(std::min(type.precision() + 10, engine::kMaxDecimalPrecision), type.scale());
    // Ten more digits cannot overflow; only sums that hit the 38 digits need the checked kernel.
    bool native = type.precision() + 10 <= engine::kMaxDecimalPrecision;
    return ExprPtr(
        MakeAggregate(call, native ? "sum" : "spark_sum_decimal" + (is_try ? "" : suffix), {arg}, sum, true));
  }
  if (type.Is(TypeId::kDayTimeInterval)) {
    return ExprPtr(MakeAggregate(call, is_try ? "spark_sum_long_try" : "spark_sum_long_ansi", {arg}, type, true));
  }
  if (type.Is(TypeId::kYearMonthInterval)) {
    return ExprPtr(MakeAggregate(call, is_try ? "spark_sum_int_try" : "spark_sum_int_ansi", {arg}, type, true));
  }
  return ExprPtr(MakeAggregate(call, "sum", {CastTo(arg, TypeId::kDouble, context)}, TypeId::kDouble, true));
}

Result<ExprPtr> Sum(const FunctionCall& call, const FunctionContext& context) {
  return SumWith(call, context, context.ansi, false);
}
Result<ExprPtr> TrySum(const FunctionCall& call, const FunctionContext& context) {
  return SumWith(call, context, false, true);
}
Result<ExprPtr> SumDistinct(const FunctionCall& call, const FunctionContext& context) {
  FunctionCall distinct = call;
  distinct.distinct = true;
  return SumWith(distinct, context, context.ansi, false);
}

Result<ExprPtr> AvgWith(const FunctionCall& call, const FunctionContext& context, bool ansi) {
  ASSIGN_OR_RETURN(ExprPtr arg, Summand(call, context));
  const DataType& type = arg->type;
  if (type.Is(TypeId::kDecimal)) {
    engine::DecimalShape shape = engine::BoundedDecimal(type.precision() + 4, type.scale() + 4);
    return ExprPtr(MakeAggregate(call, ansi ? "spark_avg_decimal_ansi" : "spark_avg_decimal", {arg},
                                 DataType::Decimal(shape.precision, shape.scale), true));
  }
  if (type.Is(TypeId::kDayTimeInterval)) {
    return ExprPtr(MakeAggregate(call, "spark_avg_day_time", {arg}, DataType::DayTimeInterval(), true));
  }
  if (type.Is(TypeId::kYearMonthInterval)) {
    return ExprPtr(MakeAggregate(call, "spark_avg_year_month", {arg}, DataType::YearMonthInterval(), true));
  }
  return ExprPtr(MakeAggregate(call, "avg", {CastTo(arg, TypeId::kDouble, context)}, TypeId::kDouble, true));
}

Result<ExprPtr> Avg(const FunctionCall& call, const FunctionContext& context) {
  return AvgWith(call, context, context.ansi);
}
Result<ExprPtr> TryAvg(const FunctionCall& call, const FunctionContext& context) {
  return AvgWith(call, context, false);
}

Result<ExprPtr> Product(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr arg, CoerceArg(call, 0, TypeId::kDouble, context));
  return ExprPtr(MakeAggregate(call, "product", {arg}, TypeId::kDouble, true));
}

Status CheckOrdering(const FunctionCall& call, const ExprPtr& arg, std::string_view function) {
  if (IsOrderable(arg->type)) return Status::Ok();
  return Error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", {{"functionName", types::QuoteIdentifier(function)},
                                                           {"dataType", "\"" + arg->type.Sql() + "\""},
                                                           {"sqlExpr", "\"" + CallSql(call) + "\""}});
}

Result<ExprPtr> Max(const FunctionCall& call, const FunctionContext&) {
  RETURN_IF_ERROR(CheckOrdering(call, call.args[0], "max"));
  return ExprPtr(MakeAggregate(call, "max", call.args, call.args[0]->type, true));
}
Result<ExprPtr> Min(const FunctionCall& call, const FunctionContext&) {
  RETURN_IF_ERROR(CheckOrdering(call, call.args[0], "min"));
  return ExprPtr(MakeAggregate(call, "min", call.args, call.args[0]->type, true));
}

Result<ExprPtr> ExtremeBy(const FunctionCall& call, std::string_view name, std::string function) {
  RETURN_IF_ERROR(CheckOrdering(call, call.args[1], name));
  return ExprPtr(MakeAggregate(call, std::move(function), call.args, call.args[0]->type, true));
}
// max_by(x, y, k): the values at the k greatest orderings, the greatest first; NULL when no ordering is set
// (Spark 4.2).
Result<ExprPtr> ExtremesBy(const FunctionCall& call, std::string_view name, bool greatest) {
  constexpr int64_t kMost = 100000;
  const ExprPtr& ordering = call.args[1];
  RETURN_IF_ERROR(CheckOrdering(call, ordering, name));
  if (call.distinct) return Unsupported(std::string(name) + "(DISTINCT …) of several values");
  if (!call.args[2]->type.IsIntegral()) return UnexpectedInputType(call, 2, "\"INT\"");
  ASSIGN_OR_RETURN(const auto count, LiteralInt(call, 2, "k"));
  if (count.value_or(0) < 1 || *count > kMost) {
    return Error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
                 {{"sqlExpr", "\"" + CallSql(call) + "\""},
                  {"exprName", "`k`"},
                  {"valueRange", "[1, " + std::to_string(kMost) + "]"},
                  {"currentValue", count.has_value() ? std::to_string(*count) : "NULL"}});
  }
  // Collected with their orderings, which windows cannot do in an order.
  const ExprPtr& value = call.args[0];
  const DataType pair =
      DataType::Struct({{"ordering", ordering->type, ordering->nullable}, {"value", value->type, true}});
  const DataType pairs = DataType::Array(pair, false);
  const ExprPtr made = engine::MakeCall(
      "named_struct", {engine::MakeString("ordering"), ordering, engine::MakeString("value"), value}, pair, false);
  auto node = MakeAggregate(call, "list", {made}, pairs, true);
  if (ordering->nullable) Restrict(node.get(), NotNull(ordering));
  const ExprPtr sorted = Exact("spark_sort_array", {node, engine::MakeBool(!greatest)}, pairs, true);
  const ExprPtr first =
      Exact("spark_slice", {sorted, engine::MakeInt(1), engine::MakeInt(static_cast<int32_t>(*count))}, pairs, true);
  const auto element = NewLambdaVariable(pair, false);
  return engine::MakeCall("list_transform", {first, LambdaOf({element}, FieldOf(element, pair.fields()[1]))},
                          DataType::Array(value->type, true), true);
}
// The value may be NULL; only rows whose ordering is NULL are skipped: DuckDB's *_null forms.
Result<ExprPtr> MaxBy(const FunctionCall& call, const FunctionContext&) {
  return call.args.size() > 2 ? ExtremesBy(call, "max_by", true) : ExtremeBy(call, "max_by", "arg_max_null");
}
Result<ExprPtr> MinBy(const FunctionCall& call, const FunctionContext&) {
  return call.args.size() > 2 ? ExtremesBy(call, "min_by", false) : ExtremeBy(call, "min_by", "arg_min_null");
}

Result<ExprPtr> Positional(const FunctionCall& call, std::string function, bool nullable) {
  bool ignore_nulls = call.ignore_nulls;
  if (call.args.size() == 2) {
    const ExprPtr& flag = call.args[1];
    const bool* value = engine::IsLiteral(flag) ? std::get_if<bool>(&flag->As<engine::Literal>().value.v) : nullptr;
    if (value == nullptr) return UnexpectedInputType(call, 1, "\"BOOLEAN\"");
    ignore_nulls = ignore_nulls || *value;
  }
  const ExprPtr& arg = call.args[0];
  auto node = MakeAggregate(call, std::move(function), {arg}, arg->type, nullable);
  if (ignore_nulls && arg->nullable) Restrict(node.get(), NotNull(arg));
  return ExprPtr(node);
}
Result<ExprPtr> First(const FunctionCall& call, const FunctionContext&) { return Positional(call, "first", true); }
Result<ExprPtr> Last(const FunctionCall& call, const FunctionContext&) { return Positional(call, "last", true); }

// collect_list and collect_set skip NULLs and give an empty array for no rows.
Result<ExprPtr> Collect(const FunctionCall& call, bool distinct) {
  const ExprPtr& arg = call.args[0];
  DataType type = DataType::Array(arg->type, false);
  auto node = MakeAggregate(call, "list", {arg}, type, true);
  node->distinct = call.distinct || distinct;
  if (arg->nullable) Restrict(node.get(), NotNull(arg));
  ExprPtr empty = std::make_shared<engine::Literal>(engine::Value{std::make_shared<const engine::ValueList>()}, type);
  return engine::MakeCall("coalesce", {node, empty}, type, false, true);
}
Result<ExprPtr> CollectList(const FunctionCall& call, const FunctionContext&) { return Collect(call, false); }
Result<ExprPtr> CollectSet(const FunctionCall& call, const FunctionContext&) {
  if (HoldsMap(call.args[0]->type)) {
    return Error(
        "DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE",
        {{"sqlExpr", "\"" + CallSql(call) + "\""}, {"functionName", "`collect_set`"}, {"dataType", "\"MAP\""}});
  }
  return Collect(call, true);
}

Result<ExprPtr> BooleanFold(const FunctionCall& call, const FunctionContext& context, std::string function) {
  ASSIGN_OR_RETURN(ExprPtr arg, CoerceArg(call, 0, TypeId::kBoolean, context));
  return ExprPtr(MakeAggregate(call, std::move(function), {arg}, TypeId::kBoolean, true));
}
Result<ExprPtr> BoolAnd(const FunctionCall& call, const FunctionContext& context) {
  return BooleanFold(call, context, "bool_and");
}
Result<ExprPtr> BoolOr(const FunctionCall& call, const FunctionContext& context) {
  return BooleanFold(call, context, "bool_or");
}

Result<ExprPtr> BitFold(const FunctionCall& call, std::string function) {
  ExprPtr arg = call.args[0];
  if (!arg->type.IsIntegral()) return UnexpectedInputType(call, 0, "\"INTEGRAL\"");
  return ExprPtr(MakeAggregate(call, std::move(function), {arg}, arg->type, true));
}
Result<ExprPtr> BitAndAll(const FunctionCall& call, const FunctionContext&) { return BitFold(call, "bit_and"); }
Result<ExprPtr> BitOrAll(const FunctionCall& call, const FunctionContext&) { return BitFold(call, "bit_or"); }
Result<ExprPtr> BitXorAll(const FunctionCall& call, const FunctionContext&) { return BitFold(call, "bit_xor"); }

// The relative standard deviation that approx_count_distinct is asked for.
Result<double> WantedError(const FunctionCall& call) {
  if (call.args.size() < 2) return 0.05;
  const auto* literal = engine::IsLiteral(call.args[1]) ? &call.args[1]->As<engine::Literal>() : nullptr;
  if (literal == nullptr) return UnexpectedInputType(call, 1, "\"DOUBLE\"");
  if (const auto* d = std::get_if<double>(&literal->value.v)) return *d;
  const auto* unscaled = std::get_if<engine::Int128>(&literal->value.v);
  if (unscaled == nullptr) return UnexpectedInputType(call, 1, "\"DOUBLE\"");
  auto wanted = static_cast<double>(*unscaled);
  for (int i = 0; i < literal->type.scale(); ++i) wanted /= 10;
  return wanted;
}

// With as many registers as Spark's HyperLogLog++ takes for the error that is asked for; the estimates differ within
// it.
Result<ExprPtr> ApproxCountDistinct(const FunctionCall& call, const FunctionContext&) {
  ASSIGN_OR_RETURN(const double wanted, WantedError(call));
  constexpr double kErrorOfARegister = 1.106;
  constexpr double kFewestBits = 4;
  constexpr double kMostBits = 21;
  const double bits = std::ceil(2 * std::log2(kErrorOfARegister / wanted));
  if (!(bits >= kFewestBits)) {
    return Error("_LEGACY_ERROR_TEMP_1332",
                 {{"errorMessage",
                   "requirement failed: HLL++ requires at least 4 bits for addressing. Use a lower error, at most "
                   "39%."}});
  }
  const ExprPtr& value = call.args[0];
  const bool hashable = value->type.IsAtomic() && !value->type.IsInterval() && !HoldsVariant(value->type);
  if (!hashable || bits > kMostBits) {
    auto node = MakeAggregate(call, "count", {value}, TypeId::kLong, false);
    node->distinct = true;
    return ExprPtr(node);
  }
  // Zeros of both signs are one value.
  const bool signed_zeros = value->type.Is(TypeId::kDouble) || value->type.Is(TypeId::kFloat);
  const ExprPtr hashed =
      signed_zeros ? engine::MakeCall("+", {value, std::make_shared<engine::Literal>(engine::Value{0.0}, value->type)},
                                      value->type, value->nullable)
                   : value;
  std::vector<std::pair<ExprPtr, ExprPtr>> branches;
  branches.emplace_back(engine::MakeCall("isnull", {value}, TypeId::kBoolean, false), engine::MakeNull(TypeId::kLong));
  const ExprPtr key = std::make_shared<engine::Case>(
      std::move(branches), Exact("spark_xxhash64", {hashed}, TypeId::kLong, false), TypeId::kLong, true);
  const ExprPtr sketch = MakeAggregate(call, "spark_hll_sketch_agg_long",
                                       {key, engine::MakeInt(static_cast<int32_t>(bits))}, TypeId::kBinary, false);
  const ExprPtr estimate = Exact("spark_hll_sketch_estimate", {sketch}, TypeId::kLong, true);
  return engine::MakeCall("coalesce", {estimate, engine::MakeLong(0)}, TypeId::kLong, false);
}

Result<ExprPtr> ListAgg(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr arg, CoerceArg(call, 0, TypeId::kString, context));
  ExprPtr separator = engine::MakeString("");
  if (call.args.size() == 2) {
    ASSIGN_OR_RETURN(auto text, LiteralString(call, 1, "delimiter"));
    if (text) separator = engine::MakeString(*text);
  }
  auto node = MakeAggregate(call, "string_agg", {arg, separator}, TypeId::kString, true);
  node->order_by = call.within_group;
  return ExprPtr(node);
}

}  // namespace

std::span<const FunctionRow> AggregateFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      AggregateRow("count", {}, 1, -1, Count, "1.0.0", "Rows where every argument is not NULL; count(*): all rows."),
      AggregateRow("count_if", {}, 1, 1, CountIf, "3.0.0", "Rows where the condition is true."),
      AggregateRow("sum", {}, 1, 1, Sum, "1.0.0", "The sum."),
      AggregateRow("try_sum", {}, 1, 1, TrySum, "3.3.0", "The sum, NULL on overflow."),
      AggregateRow("sum_distinct", {}, 1, 1, SumDistinct, "3.2.0", "The sum of distinct values."),
      AggregateRow("avg", {"mean"}, 1, 1, Avg, "1.0.0", "The mean."),
      AggregateRow("try_avg", {}, 1, 1, TryAvg, "3.3.0", "The mean, NULL on overflow."),
      AggregateRow("product", {}, 1, 1, Product, "3.2.0", "The product."),
      AggregateRow("max", {}, 1, 1, Max, "1.0.0", "The greatest value."),
      AggregateRow("min", {}, 1, 1, Min, "1.0.0", "The least value."),
      AggregateRow("max_by", {}, 2, 3, MaxBy, "3.0.0",
                   "The value at the greatest ordering; or those at the k greatest."),
      AggregateRow("min_by", {}, 2, 3, MinBy, "3.0.0", "The value at the least ordering; or those at the k least."),
      AggregateRow("first", {"first_value"}, 1, 2, First, "2.0.0", "The first value; optionally skipping NULLs."),
      AggregateRow("last", {"last_value"}, 1, 2, Last, "2.0.0", "The last value; optionally skipping NULLs."),
      AggregateRow("any_value", {}, 1, 2, First, "3.4.0", "Some value; optionally not NULL."),
      AggregateRow("collect_list", {"array_agg"}, 1, 1, CollectList, "2.0.0",
                   "An array of the values that are not NULL."),
      AggregateRow("collect_set", {}, 1, 1, CollectSet, "2.0.0", "An array of the distinct values that are not NULL."),
      AggregateRow("bool_and", {"every"}, 1, 1, BoolAnd, "3.0.0", "True if all values are true."),
      AggregateRow("bool_or", {"any", "some"}, 1, 1, BoolOr, "3.0.0", "True if some value is true."),
      AggregateRow("bit_and", {}, 1, 1, BitAndAll, "3.0.0", "Bitwise and of all values."),
      AggregateRow("bit_or", {}, 1, 1, BitOrAll, "3.0.0", "Bitwise or of all values."),
      AggregateRow("bit_xor", {}, 1, 1, BitXorAll, "3.0.0", "Bitwise exclusive or of all values."),
      AggregateRow("approx_count_distinct", {}, 1, 2, ApproxCountDistinct, "1.6.0",
                   "Estimated number of distinct values."),
      AggregateRow("listagg", {"string_agg"}, 1, 2, ListAgg, "4.0.0", "The texts joined by a delimiter."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
