#include "engine/lower_relation.h"

#include <algorithm>

#include "duckdb/common/optionally_owned_ptr.hpp"
#include "duckdb/common/types/column/column_data_collection.hpp"
#include "duckdb/parser/query_node/set_operation_node.hpp"
#include "duckdb/parser/tableref/column_data_ref.hpp"
#include "engine/arrow_input.h"
#include "engine/file_scan.h"
#include "engine/functions/throw.h"
#include "engine/plan/python_relation.h"
#include "engine/plan/stream_relation.h"
#include "engine/python_source.h"
#include "engine/range_scan.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

using duckdb::make_uniq;
using duckdb::unique_ptr;
using functions::ThrowStatus;

// Plans nested deeper would exhaust the stack of DuckDB's planner.
constexpr int kMaxRelationDepth = 2000;
// Largest computed column that is repeated instead of nested (DuckDB shares equal subexpressions).
constexpr int kMaxRepeatedNodes = 48;
constexpr int kMaxInlinedNodes = 400;

bool IsTrivial(const duckdb::ParsedExpression& e) {
  return e.GetExpressionClass() == duckdb::ExpressionClass::COLUMN_REF ||
         e.GetExpressionClass() == duckdb::ExpressionClass::CONSTANT;
}

bool IsColumnNamed(const duckdb::ParsedExpression& e, const std::string& name) {
  if (e.GetExpressionClass() != duckdb::ExpressionClass::COLUMN_REF) return false;
  const auto& names = e.Cast<duckdb::ColumnRefExpression>().column_names;
  return names.size() == 1 && names[0] == name;
}

duckdb::JoinType ToDuckJoin(JoinType type) {
  switch (type) {
    case JoinType::kInner:
    case JoinType::kCross: return duckdb::JoinType::INNER;
    case JoinType::kLeftOuter: return duckdb::JoinType::LEFT;
    case JoinType::kRightOuter: return duckdb::JoinType::RIGHT;
    case JoinType::kFullOuter: return duckdb::JoinType::OUTER;
    case JoinType::kLeftSemi: return duckdb::JoinType::SEMI;
    case JoinType::kLeftAnti: return duckdb::JoinType::ANTI;
  }
  return duckdb::JoinType::INVALID;
}

}  // namespace

Lowering::Lowering(LoweringContext context)
    : context_(std::move(context)),
      expressions_([this](const RelPtr& plan) -> unique_ptr<duckdb::QueryNode> { return Close(Lower(plan)); }) {}

unique_ptr<duckdb::SelectStatement> Lowering::LowerQuery(const RelPtr& plan) {
  Block block = Lower(plan);
  ColumnEnv env = EnvOf(block);
  std::vector<std::pair<ColumnId, DuckExpr>> exact;
  for (const auto& column : plan->output) {
    auto it = env.find(column.id);
    if (it == env.end()) ThrowStatus(InternalError("output column " + ColumnName(column.id) + " is not produced"));
    exact.emplace_back(column.id, CastTo(it->second->Copy(), ToDuckType(column.type)));
  }
  // A sort key or window may name any FROM column, so replacing the select list is safe.
  block.select = std::move(exact);
  auto statement = make_uniq<duckdb::SelectStatement>();
  statement->node = Close(std::move(block));
  return statement;
}

ColumnEnv Lowering::EnvOf(const Block& block) {
  ColumnEnv env;
  for (const auto& [id, expr] : block.select) env.emplace(id, expr.get());
  return env;
}

unique_ptr<duckdb::SelectNode> Lowering::Close(Block block) {
  auto node = make_uniq<duckdb::SelectNode>();
  node->from_table = std::move(block.from);
  node->where_clause = std::move(block.where);
  for (auto& [id, expr] : block.select) {
    expr->SetAlias(ColumnName(id));
    node->select_list.push_back(std::move(expr));
  }
  if (node->select_list.empty()) {
    auto dummy = Constant(duckdb::Value::INTEGER(1));
    dummy->SetAlias("no_columns");
    node->select_list.push_back(std::move(dummy));
  }
  if (!block.order.empty()) {
    auto order = make_uniq<duckdb::OrderModifier>();
    order->orders = std::move(block.order);
    node->modifiers.push_back(std::move(order));
  }
  if (block.limited) {
    auto limit = make_uniq<duckdb::LimitModifier>();
    if (block.limit) limit->limit = Constant(duckdb::Value::BIGINT(*block.limit));
    if (block.offset > 0) limit->offset = Constant(duckdb::Value::BIGINT(block.offset));
    node->modifiers.push_back(std::move(limit));
  }
  return node;
}

unique_ptr<duckdb::SubqueryRef> Lowering::Wrap(unique_ptr<duckdb::QueryNode> node) {
  auto statement = make_uniq<duckdb::SelectStatement>();
  statement->node = std::move(node);
  return make_uniq<duckdb::SubqueryRef>(std::move(statement), NextAlias());
}

unique_ptr<duckdb::TableRef> Lowering::AsTable(Block block) {
  bool plain = !block.where && block.order.empty() && !block.limited && block.from &&
               block.from->type != duckdb::TableReferenceType::JOIN &&
               block.from->type != duckdb::TableReferenceType::EMPTY_FROM;
  for (const auto& [id, expr] : block.select) plain = plain && IsColumnNamed(*expr, ColumnName(id));
  if (plain) return std::move(block.from);
  return Wrap(Close(std::move(block)));
}

Lowering::Block Lowering::Over(unique_ptr<duckdb::TableRef> from, const std::vector<Column>& columns) {
  Block block;
  block.from = std::move(from);
  for (const auto& c : columns) block.select.emplace_back(c.id, ColumnByName(ColumnName(c.id)));
  return block;
}

Lowering::Block Lowering::Leaf(unique_ptr<duckdb::TableRef> ref, const std::vector<Column>& columns) {
  ref->alias = NextAlias();
  for (const auto& c : columns) ref->column_name_alias.push_back(ColumnName(c.id));
  return Over(std::move(ref), columns);
}

Lowering::Block Lowering::Nest(Block block, const std::vector<Column>& columns) {
  return Over(AsTable(std::move(block)), columns);
}

Lowering::Block Lowering::Lower(const RelPtr& rel) {
  if (++depth_ > kMaxRelationDepth) ThrowStatus(Unsupported("plan nested more than 2000 levels"));
  Block block = LowerNode(rel);
  --depth_;
  return block;
}

Lowering::Block Lowering::LowerNode(const RelPtr& rel) {
  switch (rel->kind) {
    case RelKind::kOneRow: {
      Block block;
      block.from = make_uniq<duckdb::EmptyTableRef>();
      return block;
    }
    case RelKind::kValues: return LowerValues(rel->As<ValuesRel>());
    case RelKind::kArrow: return LowerArrow(rel->As<ArrowRel>());
    case RelKind::kRange: return LowerRange(rel->As<RangeRel>());
    case RelKind::kFiles: return LowerFiles(rel->As<FilesRel>());
    case RelKind::kProject: return LowerProject(rel->As<ProjectRel>());
    case RelKind::kFilter: return LowerFilter(rel->As<FilterRel>());
    case RelKind::kJoin: return LowerJoin(rel->As<JoinRel>());
    case RelKind::kAggregate: return LowerAggregate(rel->As<AggregateRel>());
    case RelKind::kSort: return LowerSort(rel->As<SortRel>());
    case RelKind::kLimit: return LowerLimit(rel->As<LimitRel>());
    case RelKind::kSetOp: return LowerSetOp(rel->As<SetOpRel>());
    case RelKind::kDistinct: return LowerDistinct(rel->As<DistinctRel>());
    case RelKind::kSample: return LowerSample(rel->As<SampleRel>());
    case RelKind::kGenerate: return LowerGenerate(rel->As<GenerateRel>());
    case RelKind::kCached: return LowerCached(rel->As<CachedRel>());
    case RelKind::kPython: return LowerPython(rel->As<PythonRel>());
    case RelKind::kStream: {
      const std::string text = "Queries with streaming sources must be executed with writeStream.start();\n";
      ThrowStatus(Error("_STREAMING_OPERATION", {}, text + rel->As<StreamRel>().spec->display));
    }
  }
  ThrowStatus(InternalError("unknown relation kind"));
}

Lowering::Block Lowering::LowerValues(const ValuesRel& rel) {
  if (rel.rows.empty() || rel.output.empty()) {
    Block block;
    auto ref = make_uniq<duckdb::ExpressionListRef>();
    for (size_t i = 0; i < std::max<size_t>(rel.rows.size(), 1); ++i) {
      duckdb::vector<DuckExpr> row;
      for (const auto& c : rel.output) row.push_back(Constant(duckdb::Value(ToDuckType(c.type))));
      if (row.empty()) row.push_back(Constant(duckdb::Value::INTEGER(1)));
      ref->values.push_back(std::move(row));
    }
    ref->alias = NextAlias();
    for (const auto& c : rel.output) ref->expected_names.push_back(ColumnName(c.id));
    if (rel.output.empty()) ref->expected_names.push_back("no_columns");
    block = Over(std::move(ref), rel.output);
    if (rel.rows.empty()) block.where = Constant(duckdb::Value::BOOLEAN(false));
    return block;
  }
  auto ref = make_uniq<duckdb::ExpressionListRef>();
  for (const auto& row : rel.rows) {
    duckdb::vector<DuckExpr> values;
    for (size_t i = 0; i < row.size(); ++i) {
      auto value = expressions_.Lower(row[i], nullptr);
      values.push_back(std::move(value));
    }
    ref->values.push_back(std::move(values));
  }
  for (const auto& c : rel.output) {
    ref->expected_types.push_back(ToDuckType(c.type));
    ref->expected_names.push_back(ColumnName(c.id));
  }
  ref->alias = NextAlias();
  return Over(std::move(ref), rel.output);
}

Lowering::Block Lowering::LowerArrow(const ArrowRel& rel) {
  if (rel.output.empty()) ThrowStatus(Unsupported("local relation without columns"));
  auto source = ArrowSource::Open(rel.ipc_stream);
  keep_alive_.push_back(source);
  return Scan(*source, rel.output);
}

Lowering::Block Lowering::Scan(const ArrowSource& source, const std::vector<Column>& output) {
  auto ref = make_uniq<duckdb::TableFunctionRef>();
  ref->function = source.ScanCall();
  Block block = Leaf(std::move(ref), output);
  if (source.Schema().size() != output.size()) {
    ThrowStatus(InternalError("Arrow data and its schema differ in width"));
  }
  for (size_t i = 0; i < output.size(); ++i) {
    if (source.NeedsCast(i, ToDuckType(output[i].type))) {
      block.select[i].second = source.Converted(i, std::move(block.select[i].second), output[i].type);
      block.sizes[output[i].id] = 2;
    }
  }
  return block;
}

Lowering::Block Lowering::LowerPython(const PythonRel& rel) {
  auto source = std::make_shared<PythonSource>(rel, context_.options, context_.start);
  keep_alive_.push_back(source);
  return Scan(*source, rel.output);
}

Lowering::Block Lowering::LowerRange(const RangeRel& rel) {
  auto ref = make_uniq<duckdb::TableFunctionRef>();
  duckdb::vector<DuckExpr> args;
  args.push_back(Constant(duckdb::Value::BIGINT(rel.start)));
  args.push_back(Constant(duckdb::Value::BIGINT(rel.end)));
  args.push_back(Constant(duckdb::Value::BIGINT(rel.step)));
  ref->function = Function(kRangeScanFunction, std::move(args));
  return Leaf(std::move(ref), rel.output);
}

Lowering::Block Lowering::LowerFiles(const FilesRel& rel) {
  FileScan scan = MakeFileScan(rel);
  for (auto& owned : scan.keep_alive) keep_alive_.push_back(std::move(owned));
  if (!scan.ref) {  // no files: no rows
    return LowerValues(ValuesRel(rel.output, {}));
  }
  if (scan.ref->type != duckdb::TableReferenceType::JOIN) {
    scan.ref->alias = NextAlias();
    for (const auto& name : scan.column_names) scan.ref->column_name_alias.push_back(name);
  }
  Block block;
  block.from = std::move(scan.ref);
  for (size_t i = 0; i < rel.output.size(); ++i) {
    block.select.emplace_back(
        rel.output[i].id, scan.columns[i] ? std::move(scan.columns[i]) : ColumnByName(ColumnName(rel.output[i].id)));
    if (!IsTrivial(*block.select.back().second)) block.sizes[rel.output[i].id] = 4;
  }
  return block;
}

bool Lowering::CanInline(const Block& block, const std::vector<ExprFacts>& facts,
                         const std::vector<ExprPtr>& exprs) const {
  std::unordered_map<ColumnId, int> uses;
  int total = 0;
  bool subquery = false;
  for (const auto& f : facts) {
    for (const auto& [id, n] : f.uses) uses[id] += n;
    total += f.nodes;
    subquery = subquery || f.has_subquery;
  }
  std::unordered_map<ColumnId, int> passed;  // uses as a bare column
  for (const auto& e : exprs) {
    if (e->kind == ExprKind::kColumn) ++passed[e->As<ColumnExpr>().id];
  }
  for (const auto& [id, expr] : block.select) {
    // A subquery's plan sees the FROM columns by name only.
    if (subquery && !IsColumnNamed(*expr, ColumnName(id))) return false;
    auto used = uses.find(id);
    if (used == uses.end() || IsTrivial(*expr)) continue;
    int n = used->second;
    if (block.impure.contains(id)) {
      if (n != 1 || passed[id] != 1) return false;
      continue;
    }
    auto size = block.sizes.find(id);
    int nodes = size == block.sizes.end() ? kMaxRepeatedNodes : size->second;
    if (n > 1 && nodes > kMaxRepeatedNodes) return false;
    if (n - passed[id] > 0 && nodes > kMaxInlinedNodes) return false;
    total += n * nodes;
    if (total > 20000) return false;
  }
  return true;
}

Lowering::Block Lowering::LowerProject(const ProjectRel& rel) {
  Block block = Lower(rel.child);
  std::vector<ExprFacts> facts;
  std::vector<bool> is_volatile;
  bool any_window = false;
  bool all_columns = true;
  for (const auto& e : rel.exprs) {
    bool v = false;
    facts.push_back(FactsOf(e, context_.is_volatile, &v));
    is_volatile.push_back(v);
    any_window = any_window || facts.back().has_window;
    all_columns = all_columns && e->kind == ExprKind::kColumn;
  }
  bool any_volatile = std::find(is_volatile.begin(), is_volatile.end(), true) != is_volatile.end();
  bool merge = CanInline(block, facts, rel.exprs);
  if (block.limited && !all_columns) merge = false;
  if (any_window && (block.windowed || !block.order.empty())) merge = false;
  if (any_volatile && (block.where || !block.order.empty())) merge = false;
  if (!merge) block = Nest(std::move(block), rel.child->output);

  ColumnEnv env = EnvOf(block);
  std::vector<std::pair<ColumnId, DuckExpr>> select;
  std::unordered_map<ColumnId, int> impure, sizes;
  for (size_t i = 0; i < rel.exprs.size(); ++i) {
    ColumnId id = rel.output[i].id;
    select.emplace_back(id, expressions_.Lower(rel.exprs[i], &env));
    int nodes = 0;
    for (const auto& [used, n] : facts[i].uses) {
      if (auto it = block.sizes.find(used); it != block.sizes.end()) nodes += n * it->second;
      if (block.impure.contains(used)) impure[id] = 1;
    }
    nodes += facts[i].nodes;
    if (!IsTrivial(*select.back().second)) sizes[id] = nodes;
    if (facts[i].has_window || facts[i].has_subquery || is_volatile[i]) impure[id] = 1;
  }
  block.select = std::move(select);
  block.impure = std::move(impure);
  block.sizes = std::move(sizes);
  block.windowed = block.windowed || any_window;
  return block;
}

Lowering::Block Lowering::LowerFilter(const FilterRel& rel) {
  Block block = Lower(rel.child);
  bool is_volatile = false;
  std::vector<ExprFacts> facts{FactsOf(rel.predicate, context_.is_volatile, &is_volatile)};
  bool merge = !block.limited && !block.windowed && CanInline(block, facts, {});
  // Evaluating a volatile column before or after the filter is observable.
  if (!block.impure.empty() || (is_volatile && !block.order.empty())) merge = false;
  if (!merge) block = Nest(std::move(block), rel.child->output);
  ColumnEnv env = EnvOf(block);
  block.where = Conjoin(std::move(block.where), expressions_.Lower(rel.predicate, &env));
  return block;
}

Lowering::Block Lowering::LowerJoin(const JoinRel& rel) {
  auto join =
      make_uniq<duckdb::JoinRef>(rel.condition == nullptr && rel.type == JoinType::kInner ? duckdb::JoinRefType::CROSS
                                 : rel.type == JoinType::kCross ? duckdb::JoinRefType::CROSS
                                                                : duckdb::JoinRefType::REGULAR);
  join->left = AsTable(Lower(rel.left));
  join->right = AsTable(Lower(rel.right));
  join->type = ToDuckJoin(rel.type);
  if (rel.condition) {
    if (join->ref_type == duckdb::JoinRefType::CROSS) join->ref_type = duckdb::JoinRefType::REGULAR;
    join->condition = expressions_.Lower(rel.condition, nullptr);
  } else if (join->ref_type == duckdb::JoinRefType::REGULAR) {
    join->condition = Constant(duckdb::Value::BOOLEAN(true));
  }
  return Over(std::move(join), rel.output);
}

Lowering::Block Lowering::LowerAggregate(const AggregateRel& rel) {
  Block block = Lower(rel.child);
  std::vector<ExprPtr> all = rel.groups;
  all.insert(all.end(), rel.aggregates.begin(), rel.aggregates.end());
  std::vector<ExprFacts> facts;
  bool is_volatile = false;
  for (const auto& e : all) facts.push_back(FactsOf(e, context_.is_volatile, &is_volatile));
  if (block.limited || block.windowed || !block.order.empty() || !block.impure.empty() || is_volatile ||
      !CanInline(block, facts, {})) {
    block = Nest(std::move(block), rel.child->output);
  }
  if (is_volatile) {
    // GROUP BY rand() in the select list must be the grouped value: compute it below.
    std::vector<std::pair<ColumnId, DuckExpr>> below = std::move(block.select);
    ColumnEnv env;
    for (const auto& [id, e] : below) env.emplace(id, e.get());
    block.select.clear();
    for (size_t i = 0; i < rel.groups.size(); ++i) {
      block.select.emplace_back(rel.output[i].id, expressions_.Lower(rel.groups[i], &env));
    }
    for (auto& item : below) block.select.push_back(std::move(item));
    block = Over(Wrap(Close(std::move(block))), rel.child->output);
  }
  ColumnEnv env = EnvOf(block);
  auto node = make_uniq<duckdb::SelectNode>();
  auto group_expr = [&](size_t i) {
    auto e = is_volatile ? ColumnByName(ColumnName(rel.output[i].id)) : expressions_.Lower(rel.groups[i], &env);
    // A bare constant would mean a column position.
    if (e->GetExpressionClass() == duckdb::ExpressionClass::CONSTANT) {
      e = CastTo(std::move(e), ToDuckType(rel.groups[i]->type));
    }
    return e;
  };
  for (size_t i = 0; i < rel.groups.size(); ++i) {
    auto e = group_expr(i);
    auto shown = e->Copy();
    shown->SetAlias(ColumnName(rel.output[i].id));
    node->select_list.push_back(std::move(shown));
    node->groups.group_expressions.push_back(std::move(e));
  }
  size_t out = rel.groups.size();
  for (const auto& a : rel.aggregates) {
    auto e = expressions_.LowerAggregate(a->As<Aggregate>(), &env);
    e->SetAlias(ColumnName(rel.output[out++].id));
    node->select_list.push_back(std::move(e));
  }
  if (rel.grouping_sets.empty()) {
    duckdb::GroupingSet set;
    for (size_t i = 0; i < rel.groups.size(); ++i) set.insert(i);
    if (!set.empty()) node->groups.grouping_sets.push_back(std::move(set));
  }
  for (const auto& indexes : rel.grouping_sets) {
    duckdb::GroupingSet set;
    for (int i : indexes) set.insert(static_cast<duckdb::idx_t>(i));
    node->groups.grouping_sets.push_back(std::move(set));
  }
  if (rel.grouping_id) {
    DuckExpr id;
    if (rel.groups.empty()) {
      id = Constant(duckdb::Value::BIGINT(0));
    } else {
      auto grouping = make_uniq<duckdb::OperatorExpression>(duckdb::ExpressionType::GROUPING_FUNCTION);
      for (size_t i = 0; i < rel.groups.size(); ++i) grouping->children.push_back(group_expr(i));
      id = std::move(grouping);
    }
    id = CastTo(std::move(id), duckdb::LogicalType::BIGINT);
    id->SetAlias(ColumnName(rel.output.back().id));
    node->select_list.push_back(std::move(id));
  }
  if (rel.groups.empty() && rel.aggregates.empty()) {  // still exactly one row
    auto count = Function("count_star", {});
    count->SetAlias("no_columns");
    node->select_list.push_back(std::move(count));
  }
  node->where_clause = std::move(block.where);
  node->from_table = std::move(block.from);
  return Over(Wrap(std::move(node)), rel.output);
}

Lowering::Block Lowering::LowerSort(const SortRel& rel) {
  Block block = Lower(rel.child);
  std::vector<ExprFacts> facts;
  bool is_volatile = false;
  for (const auto& k : rel.keys) facts.push_back(FactsOf(k.expr, context_.is_volatile, &is_volatile));
  bool merge = !block.limited && block.impure.empty() && CanInline(block, facts, {});
  if (!merge) block = Nest(std::move(block), rel.child->output);
  ColumnEnv env = EnvOf(block);
  block.order.clear();
  for (const auto& k : rel.keys) block.order.push_back(expressions_.LowerSortKey(k, &env));
  return block;
}

Lowering::Block Lowering::LowerLimit(const LimitRel& rel) {
  Block block = Lower(rel.child);
  if (block.limited) block = Nest(std::move(block), rel.child->output);
  block.limited = true;
  block.limit = rel.limit;
  block.offset = rel.offset;
  return block;
}

Lowering::Block Lowering::LowerSetOp(const SetOpRel& rel) {
  auto node = make_uniq<duckdb::SetOperationNode>();
  switch (rel.op) {
    case SetOpRel::Op::kUnion: node->setop_type = duckdb::SetOperationType::UNION; break;
    case SetOpRel::Op::kIntersect: node->setop_type = duckdb::SetOperationType::INTERSECT; break;
    case SetOpRel::Op::kExcept: node->setop_type = duckdb::SetOperationType::EXCEPT; break;
  }
  node->setop_all = rel.all;
  // Left-deep chains of UNION ALL become one flat node.
  std::vector<RelPtr> children{rel.right};
  RelPtr left = rel.left;
  while (rel.op == SetOpRel::Op::kUnion && rel.all && left->kind == RelKind::kSetOp &&
         left->As<SetOpRel>().op == SetOpRel::Op::kUnion && left->As<SetOpRel>().all) {
    children.push_back(left->As<SetOpRel>().right);
    left = left->As<SetOpRel>().left;
  }
  children.push_back(left);
  std::reverse(children.begin(), children.end());
  for (const auto& child : children) {
    Block block = Lower(child);
    ColumnEnv env = EnvOf(block);
    std::vector<std::pair<ColumnId, DuckExpr>> select;
    for (size_t i = 0; i < child->output.size(); ++i) {
      auto it = env.find(child->output[i].id);
      if (it == env.end()) ThrowStatus(InternalError("set operation child lacks a column"));
      // Literal constants would be re-typed by DuckDB; the cast is free otherwise.
      select.emplace_back(rel.output[i].id, CastTo(it->second->Copy(), ToDuckType(rel.output[i].type)));
    }
    block.select = std::move(select);
    node->children.push_back(Close(std::move(block)));
  }
  auto ref = Wrap(std::move(node));
  for (const auto& c : rel.output) ref->column_name_alias.push_back(ColumnName(c.id));
  return Over(std::move(ref), rel.output);
}

Lowering::Block Lowering::LowerDistinct(const DistinctRel& rel) {
  Block block = Lower(rel.child);
  if (block.limited || !block.order.empty() || !block.impure.empty()) {
    block = Nest(std::move(block), rel.child->output);
  }
  ColumnEnv env = EnvOf(block);
  auto distinct = make_uniq<duckdb::DistinctModifier>();
  for (const auto& k : rel.keys) {
    auto key = expressions_.Lower(k, &env);
    if (key->GetExpressionClass() == duckdb::ExpressionClass::CONSTANT) continue;
    distinct->distinct_on_targets.push_back(std::move(key));
  }
  auto node = Close(std::move(block));
  node->modifiers.insert(node->modifiers.begin(), std::move(distinct));
  return Over(Wrap(std::move(node)), rel.output);
}

Lowering::Block Lowering::LowerCached(const CachedRel& rel) {
  keep_alive_.push_back(rel.table);
  auto& rows = *static_cast<duckdb::ColumnDataCollection*>(rel.table.get());
  auto ref = make_uniq<duckdb::ColumnDataRef>(duckdb::optionally_owned_ptr<duckdb::ColumnDataCollection>(rows));
  for (const auto& c : rel.output) ref->expected_names.push_back(ColumnName(c.id));
  return Leaf(std::move(ref), rel.output);
}

}  // namespace deltic::engine
