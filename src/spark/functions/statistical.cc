// Moments, correlation, regression and percentiles.
#include "spark/functions/aggregate.h"
#include "spark/functions/coercion.h"
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

// One aggregate per number of doubles it takes; the engine's kernels follow Spark's update formulas.
Result<ExprPtr> Doubles(const FunctionCall& call, const FunctionContext& context, std::string kernel, DataType type,
                        bool nullable) {
  std::vector<ExprPtr> args;
  for (size_t i = 0; i < call.args.size(); ++i) {
    ASSIGN_OR_RETURN(ExprPtr arg, CoerceArg(call, i, TypeId::kDouble, context));
    args.push_back(std::move(arg));
  }
  return ExprPtr(MakeAggregate(call, std::move(kernel), std::move(args), std::move(type), nullable));
}

Result<ExprPtr> Statistic(const FunctionCall& call, const FunctionContext& context, const char* kernel) {
  return Doubles(call, context, kernel, TypeId::kDouble, true);
}

Result<ExprPtr> StddevSamp(const FunctionCall& c, const FunctionContext& x) {
  return Statistic(c, x, "spark_stddev_samp");
}
Result<ExprPtr> StddevPop(const FunctionCall& c, const FunctionContext& x) {
  return Statistic(c, x, "spark_stddev_pop");
}
Result<ExprPtr> VarSamp(const FunctionCall& c, const FunctionContext& x) { return Statistic(c, x, "spark_var_samp"); }
Result<ExprPtr> VarPop(const FunctionCall& c, const FunctionContext& x) { return Statistic(c, x, "spark_var_pop"); }
Result<ExprPtr> Skewness(const FunctionCall& c, const FunctionContext& x) { return Statistic(c, x, "spark_skewness"); }
Result<ExprPtr> Kurtosis(const FunctionCall& c, const FunctionContext& x) { return Statistic(c, x, "spark_kurtosis"); }
Result<ExprPtr> Corr(const FunctionCall& c, const FunctionContext& x) { return Statistic(c, x, "spark_corr"); }
Result<ExprPtr> CovarSamp(const FunctionCall& c, const FunctionContext& x) {
  return Statistic(c, x, "spark_covar_samp");
}
Result<ExprPtr> CovarPop(const FunctionCall& c, const FunctionContext& x) { return Statistic(c, x, "spark_covar_pop"); }
Result<ExprPtr> RegrAvgX(const FunctionCall& c, const FunctionContext& x) { return Statistic(c, x, "spark_regr_avgx"); }
Result<ExprPtr> RegrAvgY(const FunctionCall& c, const FunctionContext& x) { return Statistic(c, x, "spark_regr_avgy"); }
Result<ExprPtr> RegrR2(const FunctionCall& c, const FunctionContext& x) { return Statistic(c, x, "spark_regr_r2"); }
Result<ExprPtr> RegrSlope(const FunctionCall& c, const FunctionContext& x) {
  return Statistic(c, x, "spark_regr_slope");
}
Result<ExprPtr> RegrIntercept(const FunctionCall& c, const FunctionContext& x) {
  return Statistic(c, x, "spark_regr_intercept");
}
Result<ExprPtr> RegrSxx(const FunctionCall& c, const FunctionContext& x) { return Statistic(c, x, "spark_regr_sxx"); }
Result<ExprPtr> RegrSyy(const FunctionCall& c, const FunctionContext& x) { return Statistic(c, x, "spark_regr_syy"); }
Result<ExprPtr> RegrSxy(const FunctionCall& c, const FunctionContext& x) { return Statistic(c, x, "spark_regr_sxy"); }
Result<ExprPtr> RegrCount(const FunctionCall& c, const FunctionContext& x) {
  return Doubles(c, x, "spark_regr_count", TypeId::kLong, false);
}

// The constant percentages of a call: one number or an array of them, as array<double>.
struct Percentages {
  ExprPtr array;
  bool is_array = false;
};

std::optional<double> NumberOf(const engine::Value& value, const DataType& type) {
  if (const auto* d = std::get_if<double>(&value.v)) return *d;
  if (const auto* i = std::get_if<int64_t>(&value.v)) return static_cast<double>(*i);
  if (const auto* u = std::get_if<engine::Int128>(&value.v)) {
    double divisor = 1;
    for (int i = 0; i < type.scale(); ++i) divisor *= 10;
    return static_cast<double>(*u) / divisor;
  }
  return std::nullopt;
}

// The numbers of a literal, of an array literal, or of a call that makes an array of literals.
bool CollectNumbers(const ExprPtr& expr, std::vector<double>* out) {
  const ExprPtr* e = &expr;
  while ((*e)->kind == engine::ExprKind::kCast) e = &(*e)->As<engine::Cast>().child;
  if (engine::IsLiteral(*e)) {
    const auto& literal = (*e)->As<engine::Literal>();
    if (const auto* list = std::get_if<std::shared_ptr<const engine::ValueList>>(&literal.value.v)) {
      for (const engine::Value& v : **list) {
        auto n = NumberOf(v, literal.type.element());
        if (!n) return false;
        out->push_back(*n);
      }
      return true;
    }
    auto n = NumberOf(literal.value, literal.type);
    if (n) out->push_back(*n);
    return n.has_value();
  }
  if ((*e)->kind != engine::ExprKind::kCall || !(*e)->type.Is(TypeId::kArray)) return false;
  for (const ExprPtr& item : (*e)->As<engine::Call>().args) {
    if (!CollectNumbers(item, out)) return false;
  }
  return true;
}

Result<Percentages> PercentagesOf(const FunctionCall& call, const ExprPtr& expr) {
  std::vector<double> numbers;
  std::string sql = "\"" + CallSql(call) + "\"";
  if (!CollectNumbers(expr, &numbers)) {
    return Error("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", {{"sqlExpr", sql},
                                                          {"inputName", "percentage"},
                                                          {"inputType", "\"" + expr->type.Sql() + "\""},
                                                          {"inputExpr", "\"" + ExprSql(expr) + "\""}});
  }
  auto list = std::make_shared<engine::ValueList>();
  for (double n : numbers) {
    if (!(n >= 0.0 && n <= 1.0)) {
      return Error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", sql},
                                                            {"exprName", "percentage"},
                                                            {"valueRange", "[0.0, 1.0]"},
                                                            {"currentValue", ExprSql(expr)}});
    }
    list->emplace_back().v = n;
  }
  Percentages out;
  out.is_array = expr->type.Is(TypeId::kArray);
  out.array = std::make_shared<engine::Literal>(engine::Value{std::shared_ptr<const engine::ValueList>(list)},
                                                DataType::Array(TypeId::kDouble, false));
  return out;
}

// array → its single element, for a percentage that was no array.
ExprPtr Single(ExprPtr array, bool is_array) {
  if (is_array) return array;
  DataType element = array->type.element();
  return engine::MakeCall("list_extract", {std::move(array), engine::MakeLong(1)}, element, true);
}

Result<ExprPtr> PercentileOf(const FunctionCall& call, const FunctionContext& context, const ExprPtr& value,
                             const ExprPtr& percentage, const ExprPtr& frequency, std::string kernel) {
  ASSIGN_OR_RETURN(Percentages p, PercentagesOf(call, percentage));
  const DataType& type = value->type;
  DataType result = TypeId::kDouble;
  ExprPtr number;
  if (type.Is(TypeId::kYearMonthInterval) || type.Is(TypeId::kDayTimeInterval)) {
    result = type.Is(TypeId::kYearMonthInterval) ? DataType::YearMonthInterval() : DataType::DayTimeInterval();
    kernel += type.Is(TypeId::kYearMonthInterval) ? "_year_month" : "_day_time";
    number = engine::MakeCall("spark_interval_number", {value}, TypeId::kDouble, value->nullable);
  } else if (type.IsNumeric() || type.IsString() || type.Is(TypeId::kNull)) {
    number = CastTo(value, TypeId::kDouble, context);
  } else {
    return UnexpectedInputType(call, 0, "(\"NUMERIC\" or \"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\")");
  }
  std::vector<ExprPtr> args{number, p.array, frequency};
  auto node = MakeAggregate(call, std::move(kernel), std::move(args), DataType::Array(result, false), true);
  return Single(node, p.is_array);
}

Result<ExprPtr> Percentile(const FunctionCall& call, const FunctionContext& context) {
  ExprPtr frequency = engine::MakeLong(1);
  if (call.args.size() == 3) {
    if (!call.args[2]->type.IsIntegral()) return UnexpectedInputType(call, 2, "\"INTEGRAL\"");
    frequency = CastTo(call.args[2], TypeId::kLong, context);
  }
  return PercentileOf(call, context, call.args[0], call.args[1], frequency, "spark_percentile");
}

Result<ExprPtr> Median(const FunctionCall& call, const FunctionContext& context) {
  return PercentileOf(call, context, call.args[0], engine::MakeDouble(0.5), engine::MakeLong(1), "spark_percentile");
}

Result<ExprPtr> WithinGroup(const FunctionCall& call, const FunctionContext& context, const char* kernel) {
  if (call.within_group.size() != 1) {
    return Error("INVALID_INVERSE_DISTRIBUTION_FUNCTION.WITHIN_GROUP_MISSING",
                 {{"funcName", types::QuoteIdentifier(types::ToLower(call.name))}});
  }
  const engine::SortKey& key = call.within_group[0];
  return PercentileOf(call, context, key.expr, call.args[0], engine::MakeLong(1),
                      std::string(kernel) + (key.ascending ? "" : "_desc"));
}
Result<ExprPtr> PercentileCont(const FunctionCall& call, const FunctionContext& context) {
  return WithinGroup(call, context, "spark_percentile");
}
Result<ExprPtr> PercentileDisc(const FunctionCall& call, const FunctionContext& context) {
  return WithinGroup(call, context, "spark_percentile_disc");
}

// Exact, so within any accuracy that was asked for.
Result<ExprPtr> PercentileApprox(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(Percentages p, PercentagesOf(call, call.args[1]));
  if (call.args.size() == 3) {
    ASSIGN_OR_RETURN(auto accuracy, LiteralInt(call, 2, "accuracy"));
    if (!accuracy || *accuracy <= 0 || *accuracy > INT32_MAX) {
      return Error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", "\"" + CallSql(call) + "\""},
                                                            {"exprName", "accuracy"},
                                                            {"valueRange", "(0, 2147483647]"},
                                                            {"currentValue", ExprSql(call.args[2])}});
    }
  }
  ExprPtr value = call.args[0];
  const DataType& t = value->type;
  bool ordered = t.IsNumeric() || t.Is(TypeId::kDate) || t.Is(TypeId::kTimestamp) || t.Is(TypeId::kTimestampNtz) ||
                 t.Is(TypeId::kDayTimeInterval) || t.Is(TypeId::kYearMonthInterval);
  if (!ordered) {
    ASSIGN_OR_RETURN(value, CoerceArg(call, 0, TypeId::kDouble, context));
  }
  auto node = MakeAggregate(call, "quantile_disc", {value, p.array}, DataType::Array(value->type, false), true);
  return Single(node, p.is_array);
}

// With the flag the smallest of the most frequent values: of values in order, that is the first.
Result<ExprPtr> Mode(const FunctionCall& call, const FunctionContext&) {
  auto node = MakeAggregate(call, "mode", {call.args[0]}, call.args[0]->type, true);
  if (call.args.size() < 2) return ExprPtr(node);
  if (!call.args[1]->type.Is(TypeId::kBoolean)) return UnexpectedInputType(call, 1, "\"BOOLEAN\"");
  if (!engine::IsLiteral(call.args[1])) return NonFoldable(call, 1, "deterministic", "BOOLEAN");
  const engine::Value& flag = call.args[1]->As<engine::Literal>().value;
  if (flag.IsNull()) {
    return Error("DATATYPE_MISMATCH.UNEXPECTED_NULL",
                 {{"sqlExpr", "\"" + CallSql(call) + "\""}, {"exprName", "deterministic"}});
  }
  if (std::get<bool>(flag.v)) node->order_by = {engine::SortKey{call.args[0], true, true}};
  return ExprPtr(node);
}

Result<ExprPtr> HistogramNumeric(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto bins, LiteralInt(call, 1, "nb"));
  if (!bins || *bins < 2) {
    return Error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", "\"" + CallSql(call) + "\""},
                                                          {"exprName", "nb"},
                                                          {"valueRange", "[2, 2147483647]"},
                                                          {"currentValue", ExprSql(call.args[1])}});
  }
  const DataType& t = call.args[0]->type;
  if (!t.IsNumeric()) return UnexpectedInputType(call, 0, "\"NUMERIC\"");
  std::vector<ExprPtr> args{CastTo(call.args[0], TypeId::kDouble, context),
                            engine::MakeInt(static_cast<int32_t>(*bins))};
  auto bin = [](DataType x) {
    return DataType::Array(DataType::Struct({{"x", std::move(x), true, "{}"}, {"y", TypeId::kDouble, true, "{}"}}),
                           true);
  };
  auto node = MakeAggregate(call, "spark_histogram_numeric", std::move(args), bin(TypeId::kDouble), true);
  // Spark gives x back in the type of the values.
  return CastTo(node, bin(t), context);
}

}  // namespace

std::span<const FunctionRow> StatisticalFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      AggregateRow("stddev", {"stddev_samp", "std"}, 1, 1, StddevSamp, "1.6.0", "Sample standard deviation."),
      AggregateRow("stddev_pop", {}, 1, 1, StddevPop, "1.6.0", "Population standard deviation."),
      AggregateRow("variance", {"var_samp"}, 1, 1, VarSamp, "1.6.0", "Sample variance."),
      AggregateRow("var_pop", {}, 1, 1, VarPop, "1.6.0", "Population variance."),
      AggregateRow("skewness", {}, 1, 1, Skewness, "1.6.0", "Skewness."),
      AggregateRow("kurtosis", {}, 1, 1, Kurtosis, "1.6.0", "Excess kurtosis."),
      AggregateRow("corr", {}, 2, 2, Corr, "1.6.0", "Pearson correlation."),
      AggregateRow("covar_samp", {}, 2, 2, CovarSamp, "2.0.0", "Sample covariance."),
      AggregateRow("covar_pop", {}, 2, 2, CovarPop, "2.0.0", "Population covariance."),
      AggregateRow("regr_avgx", {}, 2, 2, RegrAvgX, "3.3.0", "Mean of x where both are set."),
      AggregateRow("regr_avgy", {}, 2, 2, RegrAvgY, "3.3.0", "Mean of y where both are set."),
      AggregateRow("regr_count", {}, 2, 2, RegrCount, "3.3.0", "Rows where both are set."),
      AggregateRow("regr_r2", {}, 2, 2, RegrR2, "3.3.0", "Coefficient of determination."),
      AggregateRow("regr_slope", {}, 2, 2, RegrSlope, "3.4.0", "Slope of the regression line."),
      AggregateRow("regr_intercept", {}, 2, 2, RegrIntercept, "3.4.0", "Intercept of the regression line."),
      AggregateRow("regr_sxx", {}, 2, 2, RegrSxx, "3.4.0", "Sum of squares of x."),
      AggregateRow("regr_syy", {}, 2, 2, RegrSyy, "3.4.0", "Sum of squares of y."),
      AggregateRow("regr_sxy", {}, 2, 2, RegrSxy, "3.4.0", "Sum of products of x and y."),
      AggregateRow("percentile", {}, 2, 3, Percentile, "2.1.0", "Exact percentile, interpolated."),
      AggregateRow("percentile_approx", {"approx_percentile"}, 2, 3, PercentileApprox, "2.1.0",
                   "Percentile of the values."),
      AggregateRow("percentile_cont", {}, 1, 1, PercentileCont, "3.4.0", "WITHIN GROUP percentile, interpolated."),
      AggregateRow("percentile_disc", {}, 1, 1, PercentileDisc, "3.4.0", "WITHIN GROUP percentile, one of the values."),
      AggregateRow("median", {}, 1, 1, Median, "3.4.0", "The median."),
      AggregateRow("mode", {}, 1, 2, Mode, "3.4.0",
                   "The most frequent value; by Spark 4's flag the smallest of several."),
      AggregateRow("histogram_numeric", {}, 2, 2, HistogramNumeric, "3.3.0", "A histogram with at most n bins."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
