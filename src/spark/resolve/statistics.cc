// DataFrame.stat: describe, summary, crosstab, cov, corr, approxQuantile, freqItems, sampleBy.
#include <algorithm>

#include "base/random.h"
#include "spark/resolve/aggregate_builder.h"
#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

using plan::ExpressionPtr;

namespace {

ExpressionPtr Attribute(const std::string& name) {
  return std::make_shared<plan::UnresolvedAttribute>(std::vector<std::string>{name});
}
ExpressionPtr Fn(std::string name, std::vector<ExpressionPtr> args) {
  return std::make_shared<plan::UnresolvedFunction>(std::move(name), std::move(args));
}
ExpressionPtr Text(std::string text) {
  return std::make_shared<plan::Literal>(engine::Value{std::move(text)}, TypeId::kString);
}
ExpressionPtr Double(double value) { return std::make_shared<plan::Literal>(engine::Value{value}, TypeId::kDouble); }
ExpressionPtr CastOf(ExpressionPtr e, DataType type) {
  return std::make_shared<plan::Cast>(std::move(e), std::move(type));
}
ExpressionPtr Named(ExpressionPtr e, std::string name) {
  return std::make_shared<plan::Alias>(std::move(e), std::vector<std::string>{std::move(name)});
}

Status Requirement(const std::string& text) {
  return Error("_LEGACY_ERROR_TEMP_1332", {{"errorMessage", "requirement failed: " + text}});
}

// "25%" → 0.25; -1 when it is not a percentile.
double Percentile(const std::string& statistic) {
  if (statistic.size() < 2 || statistic.back() != '%') return -1;
  try {
    size_t used = 0;
    const double value = std::stod(statistic.substr(0, statistic.size() - 1), &used) / 100.0;
    return used + 1 == statistic.size() && value >= 0 && value <= 1 ? value : -1;
  } catch (const std::exception&) {
    return -1;
  }
}

Result<ExprPtr> Statistic(Binder* binder, const std::string& statistic, const Column& column) {
  ExprPtr value = ColumnRef(column);
  if (const double p = Percentile(statistic); p >= 0) {
    const bool number = !value->type.IsString() && !value->type.Is(TypeId::kDecimal);
    if (!number) value = functions::CastTo(value, TypeId::kDouble, binder->context());
    return binder->CallFunction("percentile_approx", {value, engine::MakeDouble(p), engine::MakeInt(10000)});
  }
  if (statistic == "count_distinct") {
    functions::FunctionCall call;
    call.name = "count";
    call.args = {value};
    call.distinct = true;
    return functions::BuildFunction(*functions::FindFunction("count"), call, binder->context());
  }
  if (statistic == "count" || statistic == "approx_count_distinct" || statistic == "min" || statistic == "max") {
    return binder->CallFunction(statistic, {value});
  }
  if (statistic == "mean" || statistic == "stddev") {
    if (value->type.IsString()) value = functions::CastTo(value, TypeId::kDouble, binder->context());
    return binder->CallFunction(statistic == "mean" ? "avg" : "stddev_samp", {value});
  }
  return Error("_ILLEGAL_ARGUMENT", {}, statistic + " is not a recognised statistic.");
}

}  // namespace

Result<Node> Binder::BindDescribe(const plan::StatFunction& stat, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(stat.child, env));
  std::vector<std::string> statistics = stat.statistics;
  if (stat.kind == plan::RelationKind::kDescribe) {
    statistics = {"count", "mean", "stddev", "min", "max"};
  } else if (statistics.empty()) {
    statistics = {"count", "mean", "stddev", "min", "25%", "50%", "75%", "max"};
  }
  for (const std::string& name : stat.columns) {
    ASSIGN_OR_RETURN(ExprPtr known, BindIn(Attribute(name), child, env));
  }
  std::vector<Column> selected;
  for (const Column& c : child.rel->output) {
    const bool named = stat.columns.empty() || std::any_of(stat.columns.begin(), stat.columns.end(),
                                                           [&](const auto& n) { return SameName(n, c.name); });
    if (named && (c.type.IsNumeric() || c.type.IsString())) selected.push_back(c);
  }
  AggregateBuilder builder(this, child);
  std::vector<NamedExpr> cells;
  for (const std::string& s : statistics) {
    for (const Column& c : selected) {
      ASSIGN_OR_RETURN(ExprPtr value, Statistic(this, s, c));
      cells.push_back({functions::CastTo(value, TypeId::kString, context()), s + "_" + c.name});
    }
  }
  // One row of all cells, stacked into one row per statistic.
  Node one{std::make_shared<engine::OneRowRel>(), {}, nullptr, nullptr};
  if (!cells.empty()) {
    ASSIGN_OR_RETURN(one, builder.BuildSelect(std::move(cells)));
  }
  std::vector<ExprPtr> args{engine::MakeInt(static_cast<int32_t>(statistics.size()))};
  size_t cell = 0;
  for (const std::string& s : statistics) {
    args.push_back(engine::MakeString(s));
    for (size_t i = 0; i < selected.size(); ++i) args.push_back(ColumnRef(one.rel->output[cell++]));
  }
  std::vector<Column> output = one.rel->output;
  std::vector<NamedExpr> items;
  auto add = [&](const std::string& name) {
    output.push_back(NewColumn(name, TypeId::kString, true));
    items.push_back({ColumnRef(output.back()), name, "{}", {}, true});
  };
  add("summary");
  for (const Column& c : selected) add(c.name);
  Node generated;
  generated.rel = std::make_shared<engine::GenerateRel>(one.rel, std::move(output),
                                                        engine::GenerateRel::Generator::kStack, std::move(args), false);
  Node result = Project(generated, std::move(items));
  result.below = nullptr;
  return result;
}

Result<Node> Binder::BindCrosstab(const plan::StatFunction& stat, const Env& env) {
  if (stat.columns.size() != 2) return InternalError("crosstab needs two columns");
  auto text = [](const std::string& name) {
    return Fn("when", {Fn("isnull", {Attribute(name)}), Text("null"), CastOf(Attribute(name), TypeId::kString)});
  };
  auto pivot = std::make_shared<plan::Aggregate>(stat.child);
  pivot->group_type = plan::Aggregate::GroupType::kPivot;
  pivot->groups = {Named(text(stat.columns[0]), stat.columns[0] + "_" + stat.columns[1])};
  pivot->pivot_column = Named(text(stat.columns[1]), stat.columns[1]);
  pivot->aggregates = {Named(Fn("count", {Double(1)}), "count")};
  auto fill = std::make_shared<plan::NaFill>(pivot);
  fill->values = {std::make_shared<plan::Literal>(engine::Value{int64_t{0}}, TypeId::kLong)};
  return Bind(fill, env);
}

Result<Node> Binder::BindCovCorr(const plan::StatFunction& stat, const Env& env) {
  if (stat.columns.size() != 2) return InternalError("cov and corr need two columns");
  const bool cov = stat.kind == plan::RelationKind::kCov;
  if (!cov && !stat.method.empty() && stat.method != "pearson") {
    return Requirement("Currently only the calculation of the Pearson Correlation coefficient is supported.");
  }
  ASSIGN_OR_RETURN(Node child, Bind(stat.child, env));
  std::vector<ExprPtr> args;
  for (const std::string& name : stat.columns) {
    ASSIGN_OR_RETURN(ExprPtr column, BindIn(Attribute(name), child, env));
    if (!column->type.IsNumeric()) {
      return Requirement(std::string("Currently ") + (cov ? "covariance" : "correlation") +
                         " calculation for columns with dataType " + column->type.SimpleString() + " not supported.");
    }
    ASSIGN_OR_RETURN(ExprPtr value, CallFunction("coalesce", {functions::CastTo(column, TypeId::kDouble, context()),
                                                              engine::MakeDouble(0)}));
    args.push_back(std::move(value));
  }
  ASSIGN_OR_RETURN(ExprPtr value, CallFunction(cov ? "covar_samp" : "corr", args));
  AggregateBuilder builder(this, child);
  ASSIGN_OR_RETURN(Node result, builder.BuildSelect({{value, cov ? "cov" : "corr"}}));
  result.aggregate = nullptr;
  return result;
}

Result<Node> Binder::BindApproxQuantile(const plan::StatFunction& stat, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(stat.child, env));
  for (double p : stat.probabilities) {
    if (!(p >= 0 && p <= 1)) return Requirement("percentile should be in the range [0.0, 1.0]");
  }
  if (stat.relative_error < 0) {
    return Requirement("Relative Error must be non-negative but got " + std::to_string(stat.relative_error));
  }
  const auto accuracy = static_cast<int32_t>(
      std::clamp(stat.relative_error > 0 ? 1.0 / stat.relative_error : 2147483647.0, 1.0, 2147483647.0));
  const DataType list = DataType::Array(TypeId::kDouble, false);
  std::vector<ExprPtr> per_column;
  for (const std::string& name : stat.columns) {
    ASSIGN_OR_RETURN(ExprPtr column, BindIn(Attribute(name), child, env));
    if (!column->type.IsNumeric()) {
      return Requirement("Quantile calculation for column " + name + " with data type " + column->type.SimpleString() +
                         " is not supported.");
    }
    ExprPtr value = functions::CastTo(column, TypeId::kDouble, context());
    ASSIGN_OR_RETURN(value, CallFunction("nanvl", {value, engine::MakeNull(TypeId::kDouble)}));
    std::vector<ExprPtr> quantiles;
    for (double p : stat.probabilities) {
      ASSIGN_OR_RETURN(ExprPtr q,
                       CallFunction("percentile_approx", {value, engine::MakeDouble(p), engine::MakeInt(accuracy)}));
      quantiles.push_back(std::move(q));
    }
    ASSIGN_OR_RETURN(ExprPtr made, CallFunction("array", quantiles));
    if (!quantiles.empty()) {
      auto none =
          std::make_shared<engine::Literal>(engine::Value{std::make_shared<const engine::ValueList>()}, made->type);
      std::vector<std::pair<ExprPtr, ExprPtr>> branches{
          {engine::MakeCall("isnull", {quantiles[0]}, TypeId::kBoolean, false), none}};
      made = std::make_shared<engine::Case>(std::move(branches), made, made->type, false);
    }
    per_column.push_back(std::move(made));
  }
  ASSIGN_OR_RETURN(ExprPtr all, CallFunction("array", per_column));
  all = std::make_shared<engine::Cast>(all, DataType::Array(list, false), false, engine::CastMode::kLegacy,
                                       context().time_zone);
  AggregateBuilder builder(this, child);
  ASSIGN_OR_RETURN(Node result, builder.BuildSelect({{all, "approx_quantile"}}));
  result.aggregate = nullptr;
  return result;
}

// Spark keeps at most 1/support counters per column (Karp, Schenker, Papadimitriou), so up to that many distinct
// values are all reported; of more, those that are surely frequent.
Result<Node> Binder::BindFreqItems(const plan::StatFunction& stat, const Env& env) {
  if (!(stat.support >= 1e-4 && stat.support <= 1.0)) {
    return Requirement("Support must be in [1e-4, 1], but got " + std::to_string(stat.support) + ".");
  }
  const auto counters = static_cast<int64_t>(1 / stat.support);
  ASSIGN_OR_RETURN(Node child, Bind(stat.child, env));
  RelPtr all;
  std::vector<Column> output;
  for (const std::string& name : stat.columns) {
    ASSIGN_OR_RETURN(ExprPtr column, BindIn(Attribute(name), child, env));
    const Node input = child;
    AggregateBuilder counting(this, input);
    counting.AddGroup(column, name);
    ASSIGN_OR_RETURN(ExprPtr rows, CallFunction("count", {engine::MakeInt(1)}));
    ASSIGN_OR_RETURN(Node counted, counting.BuildSelect({{column, name}, {rows, "rows"}}));
    ExprPtr count = ColumnRef(counted.rel->output[1]);
    auto over_all = [&](const char* function, std::vector<ExprPtr> args) {
      auto w = std::make_shared<engine::WindowExpr>(function, std::move(args), TypeId::kLong, true);
      w->is_aggregate = true;
      w->frame.unit = engine::WindowFrame::Unit::kRows;
      w->frame.end = engine::WindowFrame::Bound::kUnboundedFollowing;
      return w;
    };
    ExprPtr distinct = over_all("count_star", {});
    ExprPtr maximum = over_all("max", {count});
    Node windowed = Project(
        counted,
        {{ColumnRef(counted.rel->output[0]), name}, {count, "rows"}, {distinct, "distinct_values"}, {maximum, "most"}});
    const std::vector<Column>& w = windowed.rel->output;
    ASSIGN_OR_RETURN(ExprPtr few, CallFunction("<=", {ColumnRef(w[2]), engine::MakeLong(counters)}));
    ASSIGN_OR_RETURN(ExprPtr scaled, CallFunction("*", {ColumnRef(w[1]), engine::MakeLong(counters + 1)}));
    ASSIGN_OR_RETURN(ExprPtr frequent, CallFunction(">", {scaled, ColumnRef(w[3])}));
    ASSIGN_OR_RETURN(ExprPtr keep, CallFunction("or", {few, frequent}));
    Node kept;
    kept.rel = std::make_shared<engine::FilterRel>(windowed.rel, keep);
    ASSIGN_OR_RETURN(ExprPtr collected, CallFunction("collect_list", {ColumnRef(w[0])}));
    AggregateBuilder collecting(this, kept);
    ASSIGN_OR_RETURN(Node items, collecting.BuildSelect({{collected, name + "_freqItems"}}));
    IdMap ids;
    RelPtr fresh = CloneWithIds(items.rel, [this] { return NewId(); }, &ids);
    output.insert(output.end(), fresh->output.begin(), fresh->output.end());
    all = all == nullptr ? fresh
                         : std::make_shared<engine::JoinRel>(engine::JoinType::kCross, all, fresh, nullptr, output);
  }
  if (all == nullptr) all = std::make_shared<engine::OneRowRel>();
  return Node{all, {}, nullptr, nullptr};
}

Result<Node> Binder::BindSampleBy(const plan::StatFunction& stat, const Env& env) {
  std::vector<ExpressionPtr> cases;
  for (const auto& [stratum, fraction] : stat.fractions) {
    if (!(fraction >= 0 && fraction <= 1)) {
      return Requirement("Fractions must be in [0, 1], but got " + std::to_string(fraction) + ".");
    }
    cases.push_back(Fn("<=>", {stat.column, stratum}));
    cases.push_back(Double(fraction));
  }
  const int64_t seed = stat.seed ? *stat.seed : engine::DrawSeed();
  cases.push_back(Double(0));
  ExpressionPtr wanted = cases.size() == 1 ? Double(0) : Fn("when", std::move(cases));
  ExpressionPtr drawn = Fn("rand", {std::make_shared<plan::Literal>(engine::Value{seed}, TypeId::kLong)});
  return Bind(std::make_shared<plan::Filter>(stat.child, Fn("<", {drawn, wanted})), env);
}

}  // namespace deltic::spark::resolve
