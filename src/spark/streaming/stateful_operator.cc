#include "spark/streaming/stateful_operator.h"

#include <set>

#include "spark/resolve/tree.h"
#include "spark/resolve/watermark_delay.h"
#include "spark/streaming/memory_sink.h"
#include "spark/streaming/partial_aggregate.h"
#include "spark/streaming/stream_plan.h"

namespace deltic::spark::streaming {
namespace {

using engine::AggregateRel;
using engine::Column;
using engine::ColumnId;
using engine::DistinctRel;
using engine::ExprPtr;
using engine::FilterRel;
using engine::ProjectRel;
using engine::Rel;
using engine::RelKind;
using engine::RelPtr;
using types::TypeId;

bool IsStateful(const Rel& rel) {
  return (rel.kind == RelKind::kAggregate || rel.kind == RelKind::kDistinct) && IsStreaming(rel);
}

void Collect(const RelPtr& rel, std::vector<RelPtr>* out) {
  if (IsStateful(*rel)) out->push_back(rel);
  for (const RelPtr& child : resolve::ChildrenOf(*rel)) Collect(child, out);
}

// Columns with a watermark, anywhere below.
void EventTimes(const Rel& rel, std::set<ColumnId>* out) {
  for (const Column& column : rel.output) {
    if (resolve::WatermarkDelayMs(column.metadata).has_value()) out->insert(column.id);
  }
  for (const RelPtr& child : resolve::ChildrenOf(rel)) EventTimes(*child, out);
}

std::vector<ExprPtr> KeysOf(const Rel& rel) {
  if (rel.kind == RelKind::kAggregate) return rel.As<AggregateRel>().groups;
  if (!rel.As<DistinctRel>().keys.empty()) return rel.As<DistinctRel>().keys;
  std::vector<ExprPtr> keys;
  for (const Column& column : rel.output) keys.push_back(resolve::ColumnRef(column));
  return keys;
}

// Which of the keys tells the event time: a column, or a window over it. -1: none does.
int EventTimeKey(const Rel& rel) {
  std::set<ColumnId> event_times;
  EventTimes(rel, &event_times);
  if (event_times.empty()) return -1;
  const std::vector<ExprPtr> keys = KeysOf(rel);
  for (size_t i = 0; i < keys.size(); i++) {
    std::set<ColumnId> used;
    resolve::CollectColumnIds(keys[i], &used);
    for (const ColumnId id : used) {
      if (event_times.contains(id)) return static_cast<int>(i);
    }
  }
  return -1;
}

// key <= watermark; a window is over when its end is.
ExprPtr IsOver(const ExprPtr& key, int64_t watermark_ms) {
  ExprPtr time = key;
  if (key->type.Is(TypeId::kStruct)) {
    const auto& end = key->type.fields()[1];
    time = engine::MakeCall("struct_field", {key, engine::MakeString(end.name)}, end.type, true);
  }
  const ExprPtr limit = std::make_shared<engine::Literal>(engine::Value{watermark_ms * 1000}, time->type);
  const ExprPtr over = engine::MakeCall("<=", {time, limit}, TypeId::kBoolean, true, true);
  return engine::MakeCall("coalesce", {over, engine::MakeBool(false)}, TypeId::kBoolean, false, true);
}

RelPtr Where(const RelPtr& rel, const ExprPtr& condition, bool wanted) {
  if (wanted) return std::make_shared<FilterRel>(rel, condition);
  return std::make_shared<FilterRel>(rel, engine::MakeCall("not", {condition}, TypeId::kBoolean, false, true));
}

RelPtr Project(const RelPtr& rel, std::vector<Column> output, std::vector<ExprPtr> exprs) {
  return std::make_shared<ProjectRel>(rel, std::move(output), std::move(exprs));
}

RelPtr UnionAll(const RelPtr& left, const RelPtr& right) {
  std::vector<Column> output = left->output;
  for (size_t i = 0; i < output.size(); i++) {
    output[i].id = engine::FreshColumnId();
    output[i].nullable |= right->output[i].nullable;
  }
  return std::make_shared<engine::SetOpRel>(engine::SetOpRel::Op::kUnion, true, left, right, std::move(output));
}

Column NewColumn(std::string name, types::DataType type) {
  return {engine::FreshColumnId(), std::move(name), std::move(type), true};
}

// `rel` with a constant behind its columns.
RelPtr WithFlag(const RelPtr& rel, bool value) {
  std::vector<Column> output;
  std::vector<ExprPtr> exprs;
  for (const Column& column : rel->output) {
    output.push_back(NewColumn(column.name, column.type));
    exprs.push_back(resolve::ColumnRef(column));
  }
  output.push_back(NewColumn("changed", TypeId::kBoolean));
  exprs.push_back(engine::MakeBool(value));
  return Project(rel, std::move(output), std::move(exprs));
}

// The first `count` columns.
RelPtr First(const RelPtr& rel, size_t count) {
  std::vector<Column> output(rel->output.begin(), rel->output.begin() + static_cast<ptrdiff_t>(count));
  std::vector<ExprPtr> exprs;
  for (Column& column : output) {
    exprs.push_back(resolve::ColumnRef(column));
    column.id = engine::FreshColumnId();
  }
  return Project(rel, std::move(output), std::move(exprs));
}

std::vector<types::StructField> FieldsOf(const std::vector<Column>& columns) {
  std::vector<types::StructField> out;
  for (const Column& column : columns) out.push_back({column.name, column.type, true, "{}"});
  return out;
}

// An aggregation in parts: what one batch gives, and how it is read.
struct Parts {
  std::vector<Column> columns;  // of keys and parts, named for the state
  std::vector<std::shared_ptr<const engine::Aggregate>> aggregates;
  std::vector<std::string> merges;
  std::vector<PartialAggregate> functions;
};

Result<Parts> PartsOf(const AggregateRel& aggregate) {
  Parts out;
  for (size_t i = 0; i < aggregate.groups.size(); i++) {
    out.columns.push_back(NewColumn("k" + std::to_string(i), aggregate.groups[i]->type));
  }
  for (const ExprPtr& expr : aggregate.aggregates) {
    ASSIGN_OR_RETURN(PartialAggregate split, Split(std::static_pointer_cast<const engine::Aggregate>(expr)));
    for (size_t i = 0; i < split.parts.size(); i++) {
      out.columns.push_back(NewColumn("v" + std::to_string(out.aggregates.size()), split.parts[i]->type));
      out.aggregates.push_back(split.parts[i]);
      out.merges.push_back(split.merges[i]);
    }
    out.functions.push_back(std::move(split));
  }
  return out;
}

// State and batch, both with a flag last, joined by key.
RelPtr Merge(const Parts& parts, size_t keys, const RelPtr& all) {
  std::vector<Column> output;
  for (const Column& column : parts.columns) output.push_back(NewColumn(column.name, column.type));
  output.push_back(NewColumn("changed", TypeId::kBoolean));
  auto merged = std::make_shared<AggregateRel>(all, std::move(output));
  for (size_t i = 0; i < keys; i++) merged->groups.push_back(resolve::ColumnRef(all->output[i]));
  for (size_t i = 0; i < parts.merges.size(); i++) {
    const Column& part = all->output[keys + i];
    merged->aggregates.push_back(std::make_shared<engine::Aggregate>(
        parts.merges[i], std::vector<ExprPtr>{resolve::ColumnRef(part)}, part.type, true));
  }
  merged->aggregates.push_back(std::make_shared<engine::Aggregate>(
      "bool_or", std::vector<ExprPtr>{resolve::ColumnRef(all->output.back())}, TypeId::kBoolean, true));
  return merged;
}

// The aggregation's own columns out of keys and parts.
RelPtr Values(const Parts& parts, const AggregateRel& aggregate, const RelPtr& merged) {
  std::vector<ExprPtr> exprs;
  const size_t keys = aggregate.groups.size();
  for (size_t i = 0; i < keys; i++) exprs.push_back(resolve::ColumnRef(merged->output[i]));
  size_t next = keys;
  for (const PartialAggregate& function : parts.functions) {
    std::vector<ExprPtr> columns;
    for (size_t i = 0; i < function.parts.size(); i++) columns.push_back(resolve::ColumnRef(merged->output[next++]));
    exprs.push_back(function.value(columns));
  }
  return Project(merged, aggregate.output, std::move(exprs));
}

}  // namespace

std::vector<RelPtr> StatefulOperator::FindAll(const RelPtr& plan) {
  std::vector<RelPtr> out;
  Collect(plan, &out);
  return out;
}

Status StatefulOperator::Check(const Rel& operation) {
  if (operation.kind != RelKind::kAggregate) return Status::Ok();
  return PartsOf(operation.As<AggregateRel>()).status();
}

bool StatefulOperator::HasEventTime(const Rel& operation) { return EventTimeKey(operation) >= 0; }

Result<RelPtr> StatefulOperator::Keep(const RelPtr& rows, const StatefulBatch& batch) {
  return session_->server()->engine->Materialize(rows, batch.options);
}

Result<int64_t> StatefulOperator::Count(const RelPtr& rows, const StatefulBatch& batch) {
  return CountRows(session_->server()->engine, rows, batch.options);
}

Result<RelPtr> StatefulOperator::Run(const RelPtr& plan, const std::vector<RelPtr>& rows, const StatefulBatch& batch,
                                     StateProgress* progress) {
  return Replace(plan, rows, batch, progress);
}

Result<RelPtr> StatefulOperator::Replace(const RelPtr& plan, const std::vector<RelPtr>& rows,
                                         const StatefulBatch& batch, StateProgress* progress) {
  if (IsStateful(*plan)) {
    if (plan->kind == RelKind::kAggregate) return Aggregate(plan->As<AggregateRel>(), rows, batch, progress);
    return Deduplicate(plan->As<DistinctRel>(), rows, batch, progress);
  }
  std::vector<RelPtr> children = resolve::ChildrenOf(*plan);
  bool changed = false;
  for (RelPtr& child : children) {
    ASSIGN_OR_RETURN(RelPtr replaced, Replace(child, rows, batch, progress));
    changed |= replaced != child;
    child = std::move(replaced);
  }
  if (!changed) return plan;
  return resolve::RebuildRel(
      plan, children, [](const ExprPtr& expr) { return expr; }, [](const Column& column) { return column; });
}

Result<RelPtr> StatefulOperator::Aggregate(const AggregateRel& aggregate, const std::vector<RelPtr>& rows,
                                           const StatefulBatch& batch, StateProgress* progress) {
  ASSIGN_OR_RETURN(const Parts parts, PartsOf(aggregate));
  const size_t keys = aggregate.groups.size();
  const int event_key = mode_ == OutputMode::kComplete ? -1 : EventTimeKey(aggregate);
  const auto over = [&](const RelPtr& rel, int64_t watermark_ms) {
    return IsOver(resolve::ColumnRef(rel->output[static_cast<size_t>(event_key)]), watermark_ms);
  };
  auto partial = std::make_shared<AggregateRel>(StreamPlan::WithRows(aggregate.child, rows), parts.columns);
  partial->groups = aggregate.groups;
  for (const auto& part : parts.aggregates) partial->aggregates.push_back(part);
  ASSIGN_OR_RETURN(RelPtr fresh, Keep(partial, batch));
  progress->operator_name = "stateStoreSave";
  if (event_key >= 0) {
    ASSIGN_OR_RETURN(progress->rows_dropped_by_watermark,
                     Count(Where(fresh, over(fresh, batch.watermark.late_ms), true), batch));
    fresh = Where(fresh, over(fresh, batch.watermark.late_ms), false);
  }
  ASSIGN_OR_RETURN(const RelPtr state, store_.Read(batch.id, FieldsOf(parts.columns)));
  ASSIGN_OR_RETURN(const RelPtr merged,
                   Keep(Merge(parts, keys, UnionAll(WithFlag(state, false), WithFlag(fresh, true))), batch));
  const ExprPtr changed = resolve::ColumnRef(merged->output.back());
  ASSIGN_OR_RETURN(progress->rows_updated, Count(Where(merged, changed, true), batch));
  RelPtr left = merged;
  RelPtr given = mode_ == OutputMode::kUpdate ? Where(merged, changed, true) : merged;
  if (event_key >= 0) {
    const ExprPtr ended = over(merged, batch.watermark.evict_ms);
    ASSIGN_OR_RETURN(progress->rows_removed, Count(Where(merged, ended, true), batch));
    left = Where(merged, ended, false);
    if (mode_ == OutputMode::kAppend) given = Where(merged, ended, true);
  }
  ASSIGN_OR_RETURN(progress->rows_total, Count(left, batch));
  RETURN_IF_ERROR(store_.Write(batch.id + 1, First(left, parts.columns.size()), batch.options));
  return Values(parts, aggregate, given);
}

Result<RelPtr> StatefulOperator::Deduplicate(const DistinctRel& distinct, const std::vector<RelPtr>& rows,
                                             const StatefulBatch& batch, StateProgress* progress) {
  const std::vector<ExprPtr> keys = KeysOf(distinct);
  const int event_key = EventTimeKey(distinct);
  progress->operator_name = "dedupe";
  std::vector<Column> columns;
  for (size_t i = 0; i < keys.size(); i++) columns.push_back(NewColumn("k" + std::to_string(i), keys[i]->type));
  ASSIGN_OR_RETURN(
      RelPtr fresh,
      Keep(std::make_shared<DistinctRel>(StreamPlan::WithRows(distinct.child, rows), distinct.keys), batch));
  if (event_key >= 0) {
    const ExprPtr late = IsOver(keys[static_cast<size_t>(event_key)], batch.watermark.late_ms);
    ASSIGN_OR_RETURN(progress->rows_dropped_by_watermark, Count(Where(fresh, late, true), batch));
    fresh = Where(fresh, late, false);
  }
  ASSIGN_OR_RETURN(const RelPtr state, store_.Read(batch.id, FieldsOf(columns)));
  ExprPtr same;
  for (size_t i = 0; i < keys.size(); i++) {
    const ExprPtr one =
        engine::MakeCall("<=>", {keys[i], resolve::ColumnRef(state->output[i])}, TypeId::kBoolean, false, true);
    same = same == nullptr ? one : engine::MakeCall("and", {same, one}, TypeId::kBoolean, false, true);
  }
  ASSIGN_OR_RETURN(
      const RelPtr seen_first,
      Keep(std::make_shared<engine::JoinRel>(engine::JoinType::kLeftAnti, fresh, state, same, fresh->output), batch));
  ASSIGN_OR_RETURN(progress->rows_updated, Count(seen_first, batch));
  std::vector<ExprPtr> key_exprs = keys;
  RelPtr all = UnionAll(state, Project(seen_first, columns, std::move(key_exprs)));
  if (event_key >= 0) {
    const ExprPtr ended =
        IsOver(resolve::ColumnRef(all->output[static_cast<size_t>(event_key)]), batch.watermark.evict_ms);
    ASSIGN_OR_RETURN(progress->rows_removed, Count(Where(all, ended, true), batch));
    all = Where(all, ended, false);
  }
  RETURN_IF_ERROR(store_.Write(batch.id + 1, First(all, columns.size()), batch.options));
  ASSIGN_OR_RETURN(progress->rows_total, Count(all, batch));
  return seen_first;
}

}  // namespace deltic::spark::streaming
