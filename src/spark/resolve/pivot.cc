// PIVOT: one aggregation by groups and pivot value, then one that spreads the values into columns.
#include <algorithm>

#include "spark/resolve/aggregate_builder.h"
#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

namespace {

constexpr int64_t kMaxPivotValues = 10000;  // spark.sql.pivotMaxValues

struct PivotValue {
  ExprPtr value;
  std::string name;
};

Result<std::string> ValueName(Binder* binder, const ExprPtr& value) {
  ASSIGN_OR_RETURN(engine::Value text, binder->Evaluate(functions::CastTo(value, TypeId::kString, binder->context())));
  return text.IsNull() ? std::string("null") : std::get<std::string>(text.v);
}

Result<std::vector<PivotValue>> GivenValues(Binder* binder, const std::vector<plan::ExpressionPtr>& values,
                                            const DataType& type, const Env& env) {
  std::vector<PivotValue> out;
  Node none{std::make_shared<engine::OneRowRel>(), {}, nullptr, nullptr};
  for (const plan::ExpressionPtr& v : values) {
    Scope scope = binder->MakeScope(none, env, 0);
    ExpressionBinder expressions(binder, &scope);
    Result<NamedExpr> item = expressions.BindNamed(v);
    if (!item.ok()) {
      if (item.status().condition().rfind("UNRESOLVED_COLUMN", 0) == 0) {
        return Error("NON_LITERAL_PIVOT_VALUES", {{"expression", QuotedSql(v)}});
      }
      return item.status();
    }
    ExprPtr value = item.value().expr;
    if (!functions::CanCast(value->type, type, binder->context().ansi)) {
      return Error("PIVOT_VALUE_DATA_TYPE_MISMATCH", {{"value", functions::ExprSql(value)},
                                                      {"valueType", value->type.SimpleString()},
                                                      {"pivotType", type.SimpleString()}});
    }
    std::string name = item.value().name;
    if (v->kind != plan::ExpressionKind::kAlias) {
      ASSIGN_OR_RETURN(name, ValueName(binder, value));
    }
    out.push_back({functions::CastTo(value, type, binder->context()), std::move(name)});
  }
  return out;
}

Result<std::vector<PivotValue>> DistinctValues(Binder* binder, const Node& child, const ExprPtr& pivot,
                                               const std::string& name) {
  Node values = binder->Project(child, {{pivot, name}});
  auto distinct = std::make_shared<engine::DistinctRel>(values.rel, std::vector<ExprPtr>{});
  auto limited = std::make_shared<engine::LimitRel>(distinct, kMaxPivotValues + 1, 0);
  auto sorted = std::make_shared<engine::SortRel>(
      limited, std::vector<engine::SortKey>{{ColumnRef(limited->output[0]), true, true}});
  ASSIGN_OR_RETURN(auto rows, binder->Run(sorted, kMaxPivotValues + 1));
  if (static_cast<int64_t>(rows.size()) > kMaxPivotValues) {
    return Error("_LEGACY_ERROR_TEMP_1324", {{"pivotColumn", name},
                                             {"maxValues", std::to_string(kMaxPivotValues)},
                                             {"config", "spark.sql.pivotMaxValues"}});
  }
  std::vector<PivotValue> out;
  for (auto& row : rows) {
    ExprPtr value = std::make_shared<engine::Literal>(std::move(row[0]), pivot->type);
    ASSIGN_OR_RETURN(std::string text, ValueName(binder, value));
    out.push_back({std::move(value), std::move(text)});
  }
  return out;
}

}  // namespace

Result<Node> Binder::BindPivot(const plan::Aggregate& aggregate, const Node& child, const Env& env, size_t log_start) {
  Scope scope = MakeScope(child, env, log_start);
  ExpressionBinder binder(this, &scope);
  if (aggregate.pivot_column == nullptr) return InternalError("a pivot without its column");
  ASSIGN_OR_RETURN(NamedExpr pivot, binder.BindNamed(aggregate.pivot_column));
  if (pivot.expr->type.Is(TypeId::kMap)) {
    return Error("INCOMPARABLE_PIVOT_COLUMN", {{"columnName", types::QuoteIdentifier(pivot.name)}});
  }
  ASSIGN_OR_RETURN(std::vector<NamedExpr> groups, binder.BindList(aggregate.groups));
  ASSIGN_OR_RETURN(std::vector<NamedExpr> aggregates, binder.BindList(aggregate.aggregates));
  for (const NamedExpr& a : aggregates) {
    if (!HasAggregate(a.expr)) return Error("_LEGACY_ERROR_TEMP_1006", {{"sql", a.name}});
  }
  if (aggregate.is_sql && aggregate.groups.empty()) {
    // SQL's PIVOT groups by whatever it does not mention.
    std::set<ColumnId> mentioned;
    CollectColumnIds(pivot.expr, &mentioned);
    for (const NamedExpr& a : aggregates) CollectColumnIds(a.expr, &mentioned);
    for (const Column& c : child.rel->output) {
      if (mentioned.count(c.id) == 0) groups.push_back({ColumnRef(c), c.name, c.metadata, c.qualifier, true});
    }
  }
  std::vector<PivotValue> values;
  if (aggregate.pivot_values.empty()) {
    ASSIGN_OR_RETURN(values, DistinctValues(this, child, pivot.expr, pivot.name));
  } else {
    ASSIGN_OR_RETURN(values, GivenValues(this, aggregate.pivot_values, pivot.expr->type, env));
  }
  // By groups and pivot value.
  std::vector<NamedExpr> first = groups;
  first.push_back({pivot.expr, pivot.name});
  first.insert(first.end(), aggregates.begin(), aggregates.end());
  AggregateBuilder by_value(this, child);
  for (const NamedExpr& g : groups) by_value.AddGroup(g.expr, g.name);
  by_value.AddGroup(pivot.expr, pivot.name);
  ASSIGN_OR_RETURN(Node partial, by_value.BuildSelect(std::move(first)));
  partial.aggregate = nullptr;
  // Spread: at most one row of `partial` per group and value.
  const std::vector<Column>& columns = partial.rel->output;
  AggregateBuilder spread(this, partial);
  std::vector<NamedExpr> items;
  for (size_t g = 0; g < groups.size(); ++g) {
    spread.AddGroup(ColumnRef(columns[g]), columns[g].name);
    items.push_back({ColumnRef(columns[g]), groups[g].name, groups[g].metadata, groups[g].qualifier, true});
  }
  for (const PivotValue& v : values) {
    ASSIGN_OR_RETURN(ExprPtr matches, CallFunction("<=>", {ColumnRef(columns[groups.size()]), v.value}));
    for (size_t a = 0; a < aggregates.size(); ++a) {
      ASSIGN_OR_RETURN(ExprPtr value, CallFunction("first", {ColumnRef(columns[groups.size() + 1 + a])}));
      value = Rewrite(value, [&](const ExprPtr& e) -> ExprPtr {
        if (e->kind != ExprKind::kAggregate) return nullptr;
        auto copy = std::make_shared<engine::Aggregate>(e->As<engine::Aggregate>());
        copy->filter = matches;
        copy->nullable = true;
        return copy;
      });
      items.push_back({value, aggregates.size() == 1 ? v.name : v.name + "_" + aggregates[a].name});
    }
  }
  ASSIGN_OR_RETURN(Node result, spread.BuildSelect(std::move(items)));
  result.aggregate = nullptr;
  return result;
}

}  // namespace deltic::spark::resolve
