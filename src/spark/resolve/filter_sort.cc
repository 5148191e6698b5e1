// Filters (WHERE, HAVING), ORDER BY, LIMIT/OFFSET, tail, deduplication, sampling, repartition, observe.
#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "spark/functions/variant.h"
#include "spark/resolve/aggregate_builder.h"
#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

using engine::SortKey;
using plan::ExpressionKind;
using plan::ExpressionPtr;

Result<Node> Binder::ExposeMissing(const Node& node, const std::set<ColumnId>& missing) {
  if (missing.empty()) return node;
  Node exposed = node;
  exposed.rel = ExposeColumns(node.rel, missing);
  if (exposed.rel == nullptr) {
    std::string input;
    for (const Column& c : node.rel->output) input += (input.empty() ? "\"" : ", \"") + c.name + "\"";
    return Error("MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_MISSING_FROM_INPUT",
                 {{"missingAttributes", "a column of another relation"}, {"input", input}, {"operator", "query"}});
  }
  return exposed;
}

namespace {

// `root` with the aggregation `old` replaced; nodes between take over its output.
RelPtr ReplaceAggregate(const RelPtr& root, const engine::Rel* old, const RelPtr& replacement) {
  if (root.get() == old) return replacement;
  const std::vector<RelPtr> children = ChildrenOf(*root);
  if (children.size() != 1) return root;
  RelPtr child = ReplaceAggregate(children[0], old, replacement);
  if (child == children[0]) return root;
  RelPtr rebuilt = RebuildRel(root, {child}, [](const ExprPtr& e) { return e; }, [](const Column& c) { return c; });
  if (root->kind != RelKind::kProject && root->kind != RelKind::kAggregate) {
    std::const_pointer_cast<engine::Rel>(rebuilt)->output = child->output;  // the copy made just above
  }
  return rebuilt;
}

}  // namespace

// An expression of HAVING or ORDER BY over the aggregation below: aggregates it still lacks are added.
Result<ExprPtr> Binder::LiftAggregates(Node* node, const Scope& scope, const ExprPtr& expr) {
  if (node->aggregate == nullptr) return expr;
  std::set<ColumnId> allowed;
  for (const Column& c : node->rel->output) allowed.insert(c.id);
  const bool own = !HasAggregate(expr) && scope.missing.empty() && !Any(expr, [](const ExprPtr& e) {
    return e->kind == ExprKind::kCall &&
           (e->As<engine::Call>().function == "grouping" || e->As<engine::Call>().function == "grouping_id");
  });
  if (own) return expr;
  AggregateBuilder builder(this, *node->aggregate);
  ASSIGN_OR_RETURN(ExprPtr lifted, builder.Lift(expr, allowed));
  auto rel = builder.BuildRel();
  if (rel->output.size() != node->aggregate->rel->output.size()) {
    node->rel = ReplaceAggregate(node->rel, node->aggregate->rel.get(), rel);
    node->aggregate = std::make_shared<AggregateInfo>(builder.Info(rel));
  }
  std::set<ColumnId> ids;
  CollectColumnIds(lifted, &ids);
  std::set<ColumnId> needed;
  for (const Column& c : node->aggregate->rel->output) {
    if (ids.count(c.id) > 0 && allowed.count(c.id) == 0) needed.insert(c.id);
  }
  ASSIGN_OR_RETURN(Node exposed, ExposeMissing(*node, needed));
  node->rel = exposed.rel;
  return lifted;
}

namespace {

Status CheckCondition(const ExprPtr& condition, const ExpressionPtr& written, ExpressionBinder* binder) {
  if (condition->type.Is(TypeId::kBoolean)) return Status::Ok();
  return Error("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", {{"sqlExpr", "\"" + binder->NameOf(written) + "\""},
                                                        {"filter", "\"" + binder->NameOf(written) + "\""},
                                                        {"type", QuotedType(condition->type)}});
}

// The aggregate calls inside an expression, as SQL.
std::string AggregateCalls(const ExpressionPtr& expr, ExpressionBinder* binder) {
  std::string list;
  std::function<ExpressionPtr(const ExpressionPtr&)> visit = [&](const ExpressionPtr& e) -> ExpressionPtr {
    if (e->kind == ExpressionKind::kFunction) {
      const auto* row = functions::FindFunction(e->As<plan::UnresolvedFunction>().name);
      if (row != nullptr && row->kind == functions::FunctionKind::kAggregate) {
        list += (list.empty() ? "" : ", ") + binder->QualifiedSql(e);
        return e;
      }
    }
    return MapPlanChildren(e, visit);
  };
  visit(expr);
  return list;
}

}  // namespace

Result<Node> Binder::BindFilter(const plan::Filter& filter, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(Node child, Bind(filter.child, env));
  const std::vector<Column> visible = child.rel->output;
  Scope scope = MakeScope(child, env, log_start);
  scope.search_below = child.aggregate == nullptr;
  scope.aggregate = child.aggregate.get();
  scope.allow_grouping = child.aggregate != nullptr;
  ExpressionBinder binder(this, &scope);
  ASSIGN_OR_RETURN(ExpressionPtr prepared, binder.Prepare(filter.condition));
  Result<ExprPtr> bound = binder.Bind(prepared);
  if (bound.status().Is("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS")) {
    return Error("UNSUPPORTED_GENERATOR.OUTSIDE_SELECT", {{"plan", "'Filter " + binder.NameOf(prepared)}});
  }
  ASSIGN_OR_RETURN(ExprPtr condition, std::move(bound));
  RETURN_IF_ERROR(CheckCondition(condition, prepared, &binder));
  if (HasWindow(condition)) {
    return Error("_LEGACY_ERROR_TEMP_1034", {{"clauseName", filter.is_having ? "HAVING" : "WHERE"}});
  }
  Node input = child;
  if (child.aggregate != nullptr) {
    ASSIGN_OR_RETURN(condition, LiftAggregates(&input, scope, condition));
  } else if (HasAggregate(condition)) {
    return Error("INVALID_WHERE_CONDITION", {{"condition", "\"" + binder.NameOf(prepared) + "\""},
                                             {"expressionList", AggregateCalls(prepared, &binder)}});
  } else {
    ASSIGN_OR_RETURN(input, ExposeMissing(child, scope.missing));
  }
  Node result = input;
  if (filter.is_having) result.aggregate = nullptr;
  result.rel = ProjectTo(std::make_shared<engine::FilterRel>(input.rel, condition), visible);
  return result;
}

// --- order -------------------------------------------------------------------------------------------
namespace {

// ORDER BY ALL, unless a column is called so (Spark's ResolveOrderByAll).
const plan::SortOrder* OrderByAll(const plan::Sort& sort, const std::vector<Column>& visible) {
  if (!sort.global || sort.order.size() != 1 || sort.order[0]->kind != ExpressionKind::kSortOrder) return nullptr;
  const auto& order = sort.order[0]->As<plan::SortOrder>();
  if (order.child->kind != ExpressionKind::kAttribute) return nullptr;
  const auto& parts = order.child->As<plan::UnresolvedAttribute>().parts;
  if (parts.size() != 1 || !types::EqualsIgnoreCase(parts[0], "all")) return nullptr;
  const bool is_column = std::any_of(visible.begin(), visible.end(),
                                     [](const Column& c) { return types::EqualsIgnoreCase(c.name, "all"); });
  return is_column ? nullptr : &order;
}

bool NullsFirst(const plan::SortOrder& order) {
  using Nulls = plan::SortOrder::Nulls;
  return order.nulls == Nulls::kDefault ? order.ascending : order.nulls == Nulls::kFirst;
}

// A key that is a visible column: by its position, or one of all.
Result<SortKey> ColumnKey(const Column& column, const SortKey& how) {
  if (!functions::IsOrderable(column.type)) {
    const std::string sql = "\"" + column.name + (how.ascending ? " ASC" : " DESC") + " NULLS " +
                            (how.nulls_first ? "FIRST" : "LAST") + "\"";
    return Error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                 {{"sqlExpr", sql}, {"functionName", "`sortorder`"}, {"dataType", QuotedType(column.type)}});
  }
  SortKey key = how;
  key.expr = ColumnRef(column);
  return key;
}

}  // namespace

Result<Node> Binder::BindSort(const plan::Sort& sort, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(Node child, Bind(sort.child, env));
  const std::vector<Column> visible = child.rel->output;
  std::vector<SortKey> keys;
  Node input = child;
  if (const plan::SortOrder* all = OrderByAll(sort, visible)) {
    SortKey how;
    how.ascending = all->ascending;
    how.nulls_first = NullsFirst(*all);
    for (const Column& column : visible) {
      ASSIGN_OR_RETURN(SortKey key, ColumnKey(column, how));
      keys.push_back(std::move(key));
    }
    Node result = input;
    result.rel = ProjectTo(std::make_shared<engine::SortRel>(input.rel, std::move(keys)), visible);
    return result;
  }
  for (const ExpressionPtr& order : sort.order) {
    Scope scope = MakeScope(child, env, log_start);
    scope.search_below = child.aggregate == nullptr;
    scope.aggregate = child.aggregate.get();
    scope.allow_grouping = child.aggregate != nullptr;
    ExpressionBinder binder(this, &scope);
    ASSIGN_OR_RETURN(ExpressionPtr prepared, binder.Prepare(order));
    const ExpressionPtr& item =
        prepared->kind == ExpressionKind::kSortOrder ? prepared->As<plan::SortOrder>().child : prepared;
    std::vector<ExpressionPtr> items{prepared};
    if (item->kind == ExpressionKind::kStar) {
      items.clear();
      for (const Column& c : visible) {
        auto column = std::make_shared<plan::UnresolvedAttribute>(std::vector<std::string>{c.name});
        items.push_back(column);
      }
    }
    for (const ExpressionPtr& each : items) {
      ASSIGN_OR_RETURN(SortKey key, binder.BindSortKey(each));
      if (item->kind == ExpressionKind::kLiteral && item->As<plan::Literal>().type.Is(TypeId::kInteger)) {
        const auto* position = std::get_if<int64_t>(&item->As<plan::Literal>().value.v);
        if (position == nullptr || *position < 1 || *position > static_cast<int64_t>(visible.size())) {
          return Error("ORDER_BY_POS_OUT_OF_RANGE", {{"index", position ? std::to_string(*position) : "NULL"},
                                                     {"size", std::to_string(visible.size())}});
        }
        ASSIGN_OR_RETURN(key, ColumnKey(visible[static_cast<size_t>(*position) - 1], key));
      }
      if (HasWindow(key.expr)) {
        return Error("UNSUPPORTED_EXPR_FOR_OPERATOR", {{"invalidExprSqls", "\"" + binder.NameOf(item) + "\""}});
      }
      if (child.aggregate != nullptr) {
        ASSIGN_OR_RETURN(key.expr, LiftAggregates(&input, scope, key.expr));
      } else if (HasAggregate(key.expr)) {
        return Error("UNSUPPORTED_EXPR_FOR_OPERATOR", {{"invalidExprSqls", QuotedSql(item)}});
      } else {
        ASSIGN_OR_RETURN(input, ExposeMissing(input, scope.missing));
      }
      keys.push_back(std::move(key));
    }
  }
  Node result = input;
  result.rel = ProjectTo(std::make_shared<engine::SortRel>(input.rel, std::move(keys)), visible);
  return result;
}

// --- limit and tail ----------------------------------------------------------------------------------
Result<std::optional<int64_t>> Binder::LimitValue(const ExpressionPtr& expr, const char* name, const Env& env) {
  if (expr == nullptr) return std::optional<int64_t>();
  Node none{std::make_shared<engine::OneRowRel>(), {}, nullptr, nullptr};
  Scope scope = MakeScope(none, env, log_.size());
  ExpressionBinder binder(this, &scope);
  ASSIGN_OR_RETURN(ExpressionPtr prepared, binder.Prepare(expr));
  Result<ExprPtr> bound = binder.Bind(prepared);
  const std::string sql = QuotedSql(prepared);
  if (!bound.ok() || HasSubquery(bound.value()) || HasAggregate(bound.value())) {
    if (!bound.ok() && bound.status().condition().rfind("UNRESOLVED_COLUMN", 0) != 0) return bound.status();
    return Error("INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE", {{"name", name}, {"expr", sql}});
  }
  if (!bound.value()->type.Is(TypeId::kInteger) && !bound.value()->type.Is(TypeId::kByte) &&
      !bound.value()->type.Is(TypeId::kShort)) {
    return Error("INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE",
                 {{"name", name}, {"expr", sql}, {"dataType", QuotedType(bound.value()->type)}});
  }
  ASSIGN_OR_RETURN(engine::Value value, Evaluate(bound.value()));
  if (value.IsNull()) return Error("INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL", {{"name", name}, {"expr", sql}});
  const int64_t count = std::get<int64_t>(value.v);
  if (count < 0) {
    return Error("INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE",
                 {{"name", name}, {"expr", sql}, {"v", std::to_string(count)}});
  }
  return std::optional<int64_t>(count);
}

Result<Node> Binder::BindLimit(const plan::Limit& limit, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(limit.child, env));
  ASSIGN_OR_RETURN(std::optional<int64_t> count, LimitValue(limit.limit, "limit", env));
  ASSIGN_OR_RETURN(std::optional<int64_t> offset, LimitValue(limit.offset, "offset", env));
  Node result = child;
  result.rel = std::make_shared<engine::LimitRel>(child.rel, count, offset.value_or(0));
  result.aggregate = nullptr;
  return result;
}

Result<Node> Binder::BindTail(const plan::Tail& tail, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(tail.child, env));
  if (tail.count < 0) {
    return Error(
        "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE",
        {{"name", "tail"}, {"expr", "\"" + std::to_string(tail.count) + "\""}, {"v", std::to_string(tail.count)}});
  }
  Node result = child;
  result.aggregate = nullptr;
  int64_t offset = 0;
  if (!analyze_only_) {
    // The rows are kept so that the count and the result agree even when the input is not repeatable.
    ASSIGN_OR_RETURN(RelPtr kept, engine_->Materialize(child.rel, RunOptions()));
    Column rows = NewColumn("count", TypeId::kLong, false);
    auto count = std::make_shared<engine::AggregateRel>(kept, std::vector<Column>{rows});
    count->aggregates = {
        std::make_shared<engine::Aggregate>("count_star", std::vector<ExprPtr>{}, TypeId::kLong, false)};
    ASSIGN_OR_RETURN(auto counted, Run(count, 1));
    offset = std::max<int64_t>(0, std::get<int64_t>(counted.at(0).at(0).v) - tail.count);
    result.rel = kept;
    std::vector<ExprPtr> exprs;
    for (const Column& c : kept->output) exprs.push_back(ColumnRef(c));
    result.rel = std::make_shared<engine::ProjectRel>(kept, child.rel->output, std::move(exprs));
    result.below = nullptr;
    result.hidden.clear();
  }
  result.rel = std::make_shared<engine::LimitRel>(result.rel, tail.count, offset);
  return result;
}

// --- distinct, sample --------------------------------------------------------------------------------
Result<Node> Binder::BindDeduplicate(const plan::Deduplicate& dedup, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(dedup.child, env));
  if (dedup.within_watermark) return Unsupported("dropDuplicatesWithinWatermark on a batch DataFrame");
  std::vector<ExprPtr> keys;
  for (const std::string& name : dedup.columns) {
    bool found = false;
    for (const Column& c : child.rel->output) {
      if (!SameName(c.name, name)) continue;
      keys.push_back(ColumnRef(c));
      found = true;
    }
    if (!found) {
      std::string fields;
      for (const Column& c : child.rel->output) fields += (fields.empty() ? "" : ", ") + c.name;
      return Error("_LEGACY_ERROR_TEMP_1201", {{"colName", name}, {"fieldNames", fields}});
    }
  }
  for (const Column& c : child.rel->output) {
    const bool key = keys.empty() || std::any_of(keys.begin(), keys.end(), [&](const ExprPtr& k) {
                       return k->As<engine::ColumnExpr>().id == c.id;
                     });
    const bool variant = functions::HoldsVariant(c.type);
    if (key && (variant || functions::HoldsMap(c.type))) {
      return Error(variant ? "UNSUPPORTED_FEATURE.SET_OPERATION_ON_VARIANT_TYPE"
                           : "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE",
                   {{"colName", types::QuoteIdentifier(c.name)}, {"dataType", QuotedType(c.type)}});
    }
  }
  Node result;
  result.rel = std::make_shared<engine::DistinctRel>(child.rel, std::move(keys));
  return result;
}

Result<Node> Binder::BindSample(const plan::Sample& sample, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(sample.child, env));
  Node result = child;
  result.aggregate = nullptr;
  if (sample.rows) {
    result.rel = std::make_shared<engine::LimitRel>(child.rel, *sample.rows, 0);
    return result;
  }
  const double eps = 1e-6;
  const bool valid = sample.with_replacement
                         ? sample.upper - sample.lower >= -eps
                         : sample.lower >= -eps && sample.upper <= 1 + eps && sample.lower <= sample.upper + eps;
  if (!valid) {
    return Error(
        "_LEGACY_ERROR_TEMP_1332",
        {{"errorMessage",
          "requirement failed: Sampling fraction (" + std::to_string(sample.upper - sample.lower) + ") must be " +
              (sample.with_replacement ? "nonnegative with replacement" : "on interval [0, 1] without replacement")}});
  }
  const int64_t seed = sample.seed ? *sample.seed : engine::DrawSeed();
  result.rel =
      std::make_shared<engine::SampleRel>(child.rel, sample.lower, sample.upper, sample.with_replacement, seed);
  return result;
}

Result<Node> Binder::BindRepartition(const plan::Repartition& repartition, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(Node child, Bind(repartition.child, env));
  Scope scope = MakeScope(child, env, log_start);
  // Columns below a projection are seen, as in ORDER BY.
  scope.search_below = child.aggregate == nullptr;
  ExpressionBinder binder(this, &scope);
  for (const ExpressionPtr& e : repartition.exprs) {
    ASSIGN_OR_RETURN(SortKey key, binder.BindSortKey(e));
  }
  return child;
}

Result<Node> Binder::BindCollectMetrics(const plan::CollectMetrics& metrics, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(Node child, Bind(metrics.child, env));
  Scope scope = MakeScope(child, env, log_start);
  ASSIGN_OR_RETURN(std::vector<NamedExpr> items, BindSelectList(metrics.metrics, &scope));
  AggregateBuilder builder(this, child);
  ASSIGN_OR_RETURN(Node row, builder.BuildSelect(std::move(items)));
  for (const auto& [name, rel] : observed_) {
    if (name == metrics.name) return Error("DUPLICATED_METRICS_NAME", {{"metricName", metrics.name}});
  }
  observed_.emplace_back(metrics.name, row.rel);
  return child;
}

}  // namespace deltic::spark::resolve
