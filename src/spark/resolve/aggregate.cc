// GROUP BY in all its forms: expressions, ordinals, aliases, ALL, ROLLUP, CUBE, GROUPING SETS; from SQL and Connect.
#include <algorithm>

#include "spark/functions/variant.h"
#include "spark/resolve/aggregate_builder.h"
#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

using plan::ExpressionKind;
using plan::ExpressionPtr;
using GroupType = plan::Aggregate::GroupType;
using Analytics = plan::GroupingAnalytics::Kind;
using ExpressionSets = std::vector<std::vector<ExpressionPtr>>;

namespace {

// Every set as lists of expressions: prefixes, subsets, or as written.
ExpressionSets ExpandSets(Analytics kind, const ExpressionSets& elements) {
  if (kind == Analytics::kGroupingSets) return elements;
  ExpressionSets sets;
  const size_t n = elements.size();
  auto join = [&](auto chosen) {
    std::vector<ExpressionPtr> set;
    for (size_t i = 0; i < n; ++i) {
      if (chosen(i)) set.insert(set.end(), elements[i].begin(), elements[i].end());
    }
    sets.push_back(std::move(set));
  };
  if (kind == Analytics::kRollup) {
    for (size_t k = n + 1; k-- > 0;) join([&](size_t i) { return i < k; });
  } else {
    for (size_t mask = (size_t{1} << n); mask-- > 0;) join([&](size_t i) { return (mask >> (n - 1 - i)) & 1; });
  }
  return sets;
}

ExpressionSets Cross(const ExpressionSets& a, const ExpressionSets& b) {
  ExpressionSets out;
  for (const auto& x : a) {
    for (const auto& y : b) {
      out.push_back(x);
      out.back().insert(out.back().end(), y.begin(), y.end());
    }
  }
  return out;
}

struct GroupList {
  std::vector<ExpressionPtr> groups;  // all grouping expressions, in order of appearance
  ExpressionSets sets;                // empty: plain GROUP BY
};

Result<GroupList> FlattenGroups(const plan::Aggregate& a) {
  GroupList out;
  auto analytics = [&](Analytics kind, const ExpressionSets& elements) -> Status {
    if (kind == Analytics::kCube && elements.size() > 12) {
      return Error("GROUPING_SIZE_LIMIT_EXCEEDED", {{"maxSize", "12"}});
    }
    ExpressionSets expanded = ExpandSets(kind, elements);
    out.sets = out.sets.empty() ? expanded : Cross(out.sets, expanded);
    for (const auto& e : elements) out.groups.insert(out.groups.end(), e.begin(), e.end());
    return Status::Ok();
  };
  auto single = [](const std::vector<ExpressionPtr>& list) {
    ExpressionSets sets;
    for (const ExpressionPtr& e : list) sets.push_back({e});
    return sets;
  };
  if (a.group_type == GroupType::kRollup || a.group_type == GroupType::kCube) {
    RETURN_IF_ERROR(
        analytics(a.group_type == GroupType::kRollup ? Analytics::kRollup : Analytics::kCube, single(a.groups)));
    return out;
  }
  if (a.group_type == GroupType::kGroupingSets) {
    out.groups = a.groups;
    out.sets = a.grouping_sets;
    for (const auto& set : a.grouping_sets) out.groups.insert(out.groups.end(), set.begin(), set.end());
    return out;
  }
  std::vector<ExpressionPtr> plain;
  bool any = false;
  for (const ExpressionPtr& g : a.groups) {
    if (g->kind == ExpressionKind::kGroupingAnalytics) {
      any = true;
    } else {
      plain.push_back(g);
    }
  }
  if (!any) {
    out.groups = a.groups;
    return out;
  }
  out.groups = plain;
  out.sets = {plain};
  for (const ExpressionPtr& g : a.groups) {
    if (g->kind != ExpressionKind::kGroupingAnalytics) continue;
    const auto& analytic = g->As<plan::GroupingAnalytics>();
    RETURN_IF_ERROR(analytics(analytic.analytics, analytic.sets));
  }
  return out;
}

std::optional<int64_t> Ordinal(const ExpressionPtr& e) {
  if (e->kind != ExpressionKind::kLiteral || !e->As<plan::Literal>().type.Is(TypeId::kInteger)) return std::nullopt;
  const auto* value = std::get_if<int64_t>(&e->As<plan::Literal>().value.v);
  return value == nullptr ? std::nullopt : std::optional<int64_t>(*value);
}

// Binds grouping expressions, seeing ordinals and aliases of the select list.
class GroupBinder {
 public:
  GroupBinder(Binder* binder, Scope* scope, const std::vector<ExpressionPtr>& select)
      : binder_(binder), scope_(scope), select_(select) {}

  Result<NamedExpr> BindGroup(const ExpressionPtr& group) {
    ExpressionBinder binder(binder_, scope_);
    ASSIGN_OR_RETURN(ExpressionPtr prepared, binder.Prepare(group));
    meant_ = prepared;
    ASSIGN_OR_RETURN(NamedExpr item, BindPrepared(&binder, prepared));
    while (meant_->kind == ExpressionKind::kAlias) meant_ = meant_->As<plan::Alias>().child;
    RETURN_IF_ERROR(CheckOrderable(item.expr->type, binder.NameOf(meant_)));
    return item;
  }

  static Status CheckOrderable(const types::DataType& type, const std::string& sql) {
    if (functions::IsOrderable(type)) return Status::Ok();
    return Error("GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
                 {{"sqlExpr", "\"" + sql + "\""}, {"dataType", QuotedType(type)}});
  }

 private:
  Result<NamedExpr> BindPrepared(ExpressionBinder* binder, const ExpressionPtr& prepared) {
    if (auto position = Ordinal(prepared); position && !select_.empty()) return BindOrdinal(*position);
    if (prepared->kind == ExpressionKind::kAttribute) {
      const auto& attribute = prepared->As<plan::UnresolvedAttribute>();
      ASSIGN_OR_RETURN(auto found, binder->Lookup(attribute.parts, attribute.plan_id, false));
      if (!found && attribute.parts.size() == 1) {
        for (const ExpressionPtr& s : select_) {
          if (s->kind != ExpressionKind::kAlias) continue;
          const auto& alias = s->As<plan::Alias>();
          if (alias.names.size() == 1 && binder_->SameName(alias.names[0], attribute.parts[0])) return Selected(s);
        }
      }
    }
    ASSIGN_OR_RETURN(NamedExpr item, binder->BindNamed(prepared));
    if (HasAggregate(item.expr)) return Error("GROUP_BY_AGGREGATE", {{"sqlExpr", binder->QualifiedSql(prepared)}});
    if (HasWindow(item.expr)) return Error("_LEGACY_ERROR_TEMP_1034", {{"clauseName", "GROUP BY"}});
    return item;
  }

  Result<NamedExpr> BindOrdinal(int64_t position) {
    for (const ExpressionPtr& s : select_) {
      if (s->kind == ExpressionKind::kStar) return Error("STAR_GROUP_BY_POS");
    }
    if (position < 1 || position > static_cast<int64_t>(select_.size())) {
      return Error("GROUP_BY_POS_OUT_OF_RANGE",
                   {{"index", std::to_string(position)}, {"size", std::to_string(select_.size())}});
    }
    const ExpressionPtr& item = select_[static_cast<size_t>(position) - 1];
    meant_ = item;
    ExpressionBinder binder(binder_, scope_);
    ASSIGN_OR_RETURN(NamedExpr bound, binder.BindNamed(item));
    if (HasAggregate(bound.expr)) {
      const ExpressionPtr& plain = item->kind == ExpressionKind::kAlias ? item->As<plan::Alias>().child : item;
      return Error("GROUP_BY_POS_AGGREGATE",
                   {{"index", std::to_string(position)},
                    {"aggExpr", binder.QualifiedSql(plain) + " AS " + types::QuoteIfNeeded(bound.name)}});
    }
    return bound;
  }

  Result<NamedExpr> Selected(const ExpressionPtr& item) {
    meant_ = item;
    ExpressionBinder binder(binder_, scope_);
    ASSIGN_OR_RETURN(NamedExpr bound, binder.BindNamed(item));
    if (HasAggregate(bound.expr)) return Error("GROUP_BY_AGGREGATE", {{"sqlExpr", binder.QualifiedSql(item)}});
    return bound;
  }

  Binder* binder_;
  Scope* scope_;
  const std::vector<ExpressionPtr>& select_;
  ExpressionPtr meant_;  // the expression that the last group stands for
};

}  // namespace

// Event-time windows among the groups and the select list; sessions are merged within the other groups.
Result<std::shared_ptr<const TimeWindowColumn>> Binder::WindowOfAggregate(Node* child, const plan::Aggregate& aggregate,
                                                                          const std::vector<ExpressionPtr>& groups,
                                                                          const Env& env, size_t log_start) {
  const auto may_be_window = [](const ExpressionPtr& e) {
    return e->kind == ExpressionKind::kExpressionString || !TimeWindowCalls({e}).empty();
  };
  if (std::none_of(groups.begin(), groups.end(), may_be_window) &&
      std::none_of(aggregate.aggregates.begin(), aggregate.aggregates.end(), may_be_window)) {
    return std::shared_ptr<const TimeWindowColumn>();
  }
  Scope scope = MakeScope(*child, env, log_start);
  std::vector<ExpressionPtr> exprs;
  std::vector<ExpressionPtr> others;
  std::vector<ExpressionPtr> select;
  ExpressionBinder binder(this, &scope);
  for (const ExpressionPtr& group : groups) {
    ASSIGN_OR_RETURN(ExpressionPtr prepared, binder.Prepare(group));
    if (TimeWindowCalls({prepared}).empty()) others.push_back(prepared);
    exprs.push_back(std::move(prepared));
  }
  for (const ExpressionPtr& item : aggregate.aggregates) {
    ASSIGN_OR_RETURN(ExpressionPtr prepared, binder.Prepare(item));
    select.push_back(prepared);
    exprs.push_back(std::move(prepared));
  }
  const std::vector<ExpressionPtr> calls = TimeWindowCalls(exprs);
  if (calls.empty()) return std::shared_ptr<const TimeWindowColumn>();
  std::vector<ExprPtr> partition;
  static const std::vector<ExpressionPtr> kNoSelect;
  GroupBinder group_binder(this, &scope, aggregate.is_sql ? select : kNoSelect);
  const bool session = types::EqualsIgnoreCase(calls[0]->As<plan::UnresolvedFunction>().name, "session_window");
  for (const ExpressionPtr& group : others) {
    if (!session) break;
    ASSIGN_OR_RETURN(NamedExpr item, group_binder.BindGroup(group));
    partition.push_back(std::move(item.expr));
  }
  auto planned = PlanTimeWindow(child, calls, env, log_start, partition);
  if (planned.ok() || !aggregate.is_sql || !planned.status().condition().starts_with("DATATYPE_MISMATCH")) {
    return planned;
  }
  // Without the window its fields are unknown names, which Spark reports first.
  Scope without = MakeScope(*child, env, log_start);
  ASSIGN_OR_RETURN(std::vector<NamedExpr> items, BindSelectList(select, &without));
  return planned;
}

Result<Node> Binder::BindAggregate(const plan::Aggregate& aggregate, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(Node child, Bind(aggregate.child, env));
  if (aggregate.group_type == GroupType::kPivot) return BindPivot(aggregate, child, env, log_start);
  ASSIGN_OR_RETURN(GroupList list, FlattenGroups(aggregate));
  std::shared_ptr<const TimeWindowColumn> time_window;
  ASSIGN_OR_RETURN(time_window, WindowOfAggregate(&child, aggregate, list.groups, env, log_start));
  Scope scope = MakeScope(child, env, log_start);
  scope.allow_grouping = true;
  scope.time_window = time_window.get();
  std::vector<ExpressionPtr> select;
  for (size_t i = 0; i < aggregate.aggregates.size(); ++i) {
    ExpressionBinder binder(this, &scope);
    ASSIGN_OR_RETURN(ExpressionPtr prepared, binder.Prepare(aggregate.aggregates[i]));
    select.push_back(std::move(prepared));
  }
  static const std::vector<ExpressionPtr> kNoSelect;
  GroupBinder groups(this, &scope, aggregate.is_sql ? select : kNoSelect);
  std::vector<NamedExpr> bound_groups;
  for (const ExpressionPtr& g : list.groups) {
    ASSIGN_OR_RETURN(NamedExpr item, groups.BindGroup(g));
    bound_groups.push_back(std::move(item));
  }
  std::vector<std::vector<NamedExpr>> bound_sets;
  for (const auto& set : list.sets) {
    bound_sets.emplace_back();
    for (const ExpressionPtr& g : set) {
      ASSIGN_OR_RETURN(NamedExpr item, groups.BindGroup(g));
      bound_sets.back().push_back(std::move(item));
    }
  }
  for (size_t i = 0; i < select.size(); ++i) {
    if (ExpressionBinder::GeneratorOf(select[i]) == nullptr) continue;
    plan::Aggregate prepared = aggregate;
    prepared.aggregates = select;
    if (!list.sets.empty() || !aggregate.is_sql) return Unsupported("a generator in an aggregation of this form");
    ASSIGN_OR_RETURN(child, ExposeMissing(child, scope.missing));
    AggregateBuilder builder(this, child);
    for (const NamedExpr& g : bound_groups) builder.AddGroup(g.expr, g.name);
    return builder.BuildGenerator(prepared, i, env, log_start);
  }
  ASSIGN_OR_RETURN(std::vector<NamedExpr> items, BindSelectList(select, &scope));
  if (aggregate.group_by_all) {
    for (const NamedExpr& item : items) {
      if (HasAggregate(item.expr)) continue;
      RETURN_IF_ERROR(GroupBinder::CheckOrderable(item.expr->type, item.name));
      bound_groups.push_back(item);
    }
  }
  if (!scope.missing.empty()) {
    ASSIGN_OR_RETURN(child, ExposeMissing(child, scope.missing));
  }
  AggregateBuilder builder(this, child);
  for (const NamedExpr& g : bound_groups) builder.AddGroup(g.expr, g.name);
  if (!bound_sets.empty()) {
    std::vector<std::vector<int>> sets;
    for (const auto& set : bound_sets) {
      sets.emplace_back();
      for (const NamedExpr& g : set) {
        const int index = builder.AddGroup(g.expr, g.name);
        if (std::find(sets.back().begin(), sets.back().end(), index) == sets.back().end()) {
          sets.back().push_back(index);
        }
      }
    }
    builder.SetGroupingSets(std::move(sets));
  }
  if (!aggregate.is_sql) {
    std::vector<NamedExpr> all;
    std::vector<ExprPtr> seen;
    for (const NamedExpr& g : bound_groups) {
      if (aggregate.group_type == GroupType::kGroupingSets &&
          std::any_of(seen.begin(), seen.end(), [&](const ExprPtr& s) { return SameExpr(s, g.expr); })) {
        continue;
      }
      seen.push_back(g.expr);
      all.push_back(g);
    }
    std::move(items.begin(), items.end(), std::back_inserter(all));
    items = std::move(all);
  }
  return builder.BuildSelect(std::move(items));
}

}  // namespace deltic::spark::resolve
