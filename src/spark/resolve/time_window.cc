// window() and session_window() in a select list or GROUP BY (Spark's TimeWindowing and SessionWindowing): the windows
// of a row become a column of the relation below, rows outside every window go, and rows of several windows repeat.
#include "spark/functions/time_window.h"

#include <algorithm>

#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

using engine::ProjectRel;
using plan::ExpressionKind;
using plan::ExpressionPtr;

namespace {

bool IsWindowCall(const plan::Expression& e) {
  if (e.kind != ExpressionKind::kFunction) return false;
  const auto& name = e.As<plan::UnresolvedFunction>().name;
  return types::EqualsIgnoreCase(name, "window") || types::EqualsIgnoreCase(name, "session_window");
}

void CollectCalls(const ExpressionPtr& expr, std::vector<ExpressionPtr>* calls) {
  if (IsWindowCall(*expr)) {
    calls->push_back(expr);
    return;
  }
  MapPlanChildren(expr, [&](const ExpressionPtr& child) {
    CollectCalls(child, calls);
    return child;
  });
}

ExprPtr Both(const ExprPtr& a, const ExprPtr& b) {
  return engine::MakeCall("and", {a, b}, TypeId::kBoolean, a->nullable || b->nullable, true);
}

ExprPtr NotNull(const ExprPtr& e) { return engine::MakeCall("isnotnull", {e}, TypeId::kBoolean, false, true); }

ExprPtr Compare(const char* op, const ExprPtr& a, const ExprPtr& b) {
  return engine::MakeCall(op, {a, b}, TypeId::kBoolean, a->nullable || b->nullable, true);
}

// `rel` with one more column.
RelPtr Append(const RelPtr& rel, const Column& column, ExprPtr value) {
  std::vector<Column> output = rel->output;
  std::vector<ExprPtr> exprs;
  for (const Column& c : output) exprs.push_back(ColumnRef(c));
  output.push_back(column);
  exprs.push_back(std::move(value));
  return std::make_shared<ProjectRel>(rel, std::move(output), std::move(exprs));
}

// What is noted with the time (a watermark) holds for its windows.
std::string WindowMetadata(const engine::Rel& rel, const ExprPtr& time) {
  std::string metadata = "{";
  for (const Column& c : rel.output) {
    const bool is_time = time->kind == ExprKind::kColumn && time->As<engine::ColumnExpr>().id == c.id;
    if (is_time && c.metadata.size() > 2) metadata = c.metadata.substr(0, c.metadata.rfind('}')) + ",";
  }
  return metadata + R"("spark.timeWindow":true})";
}

std::shared_ptr<engine::WindowExpr> Over(const char* aggregate, const ExprPtr& value,
                                         const std::vector<ExprPtr>& partition) {
  auto over = std::make_shared<engine::WindowExpr>(aggregate, std::vector<ExprPtr>{value}, value->type, true);
  over->is_aggregate = true;
  over->partition_by = partition;
  over->frame.end = engine::WindowFrame::Bound::kUnboundedFollowing;
  return over;
}

// An aggregate over the rows before the current one (`until_current`: and the current one), by start of session.
ExprPtr Running(const char* aggregate, const ExprPtr& value, const std::vector<ExprPtr>& partition,
                const ExprPtr& order, bool until_current) {
  auto over = Over(aggregate, value, partition);
  over->order_by.push_back({order, true, true});
  over->frame.unit = engine::WindowFrame::Unit::kRows;
  over->frame.end = until_current ? engine::WindowFrame::Bound::kCurrentRow : engine::WindowFrame::Bound::kPreceding;
  if (!until_current) over->frame.end_offset = engine::MakeLong(1);
  return over;
}

}  // namespace

std::vector<ExpressionPtr> Binder::TimeWindowCalls(const std::vector<ExpressionPtr>& exprs) {
  std::vector<ExpressionPtr> calls;
  for (const ExpressionPtr& e : exprs) CollectCalls(e, &calls);
  return calls;
}

// Tumbling windows: one column more. Sliding ones: a row for each window that may hold the time.
Result<RelPtr> Binder::SlideWindows(const RelPtr& rel, const functions::FunctionCall& call, Column* column) {
  ASSIGN_OR_RETURN(const functions::TimeWindow window, functions::ParseTimeWindow(call, context()));
  const ExprPtr latest = functions::WindowStart(window);
  const RelPtr timed =
      window.time->nullable ? RelPtr(std::make_shared<engine::FilterRel>(rel, NotNull(window.time))) : rel;
  if (window.tumbling()) {
    const ExprPtr value = functions::WindowStruct(window, latest);
    *column = NewColumn("window", value->type, false, WindowMetadata(*rel, window.time));
    return Append(timed, *column, value);
  }
  constexpr int64_t kMostWindows = 1000000;
  if (window.overlapping() > kMostWindows) return Unsupported("more than 1000000 windows for one time");
  auto steps = std::make_shared<engine::ValueList>();
  for (int64_t i = 0; i < window.overlapping(); ++i) steps->emplace_back().v = -i * window.slide;
  ExprPtr shifts = std::make_shared<engine::Literal>(engine::Value{std::shared_ptr<const engine::ValueList>(steps)},
                                                     DataType::Array(TypeId::kLong, false));
  const Column shift = NewColumn("window_shift", TypeId::kLong, false);
  std::vector<Column> output = rel->output;
  output.push_back(shift);
  RelPtr repeated =
      std::make_shared<engine::GenerateRel>(timed, std::move(output), engine::GenerateRel::Generator::kExplodeArray,
                                            std::vector<ExprPtr>{std::move(shifts)}, false);
  const ExprPtr start =
      engine::MakeCall("spark_add_micros", {latest, ColumnRef(shift)}, TypeId::kLong, latest->nullable, true);
  const ExprPtr value = functions::WindowStruct(window, start);
  *column = NewColumn("window", value->type, true, WindowMetadata(*rel, window.time));
  const ExprPtr end = functions::FieldOf(value, value->type.fields()[1]);
  return Append(std::make_shared<engine::FilterRel>(repeated, Compare("<", window.time, end)), *column, value);
}

// Sessions of rows with equal `partition`, merged where they overlap or touch.
Result<RelPtr> Binder::MergeSessions(const RelPtr& rel, const functions::FunctionCall& call,
                                     const std::optional<std::vector<ExprPtr>>& partition, Column* column) {
  ASSIGN_OR_RETURN(const functions::SessionWindow session, functions::ParseSessionWindow(call, context()));
  const Column start = NewColumn("session_start", session.time->type, session.time->nullable);
  const Column end = NewColumn("session_end", session.end->type, true);
  RelPtr rows = Append(Append(rel, start, session.time), end, session.end);
  rows = std::make_shared<engine::FilterRel>(
      rows, Both(NotNull(ColumnRef(start)), Compare(">", ColumnRef(end), ColumnRef(start))));
  ExprPtr first = ColumnRef(start);
  ExprPtr last = ColumnRef(end);
  if (partition) {
    const Column reached = NewColumn("session_reached", end.type, true);
    rows = Append(rows, reached, Running("max", last, *partition, first, false));
    const ExprPtr opens = engine::MakeCall(
        "coalesce", {Compare(">", first, ColumnRef(reached)), engine::MakeBool(true)}, TypeId::kBoolean, false, true);
    const ExprPtr count =
        std::make_shared<engine::Case>(std::vector<std::pair<ExprPtr, ExprPtr>>{{opens, engine::MakeLong(1)}},
                                       engine::MakeLong(0), TypeId::kLong, false);
    const Column number = NewColumn("session_number", TypeId::kLong, true);
    rows = Append(rows, number, Running("spark_sum_long", count, *partition, first, true));
    std::vector<ExprPtr> members = *partition;
    members.push_back(ColumnRef(number));
    first = Over("min", first, members);
    last = Over("max", last, members);
    const Column merged_start = NewColumn("session_start", start.type, true);
    const Column merged_end = NewColumn("session_end", end.type, true);
    rows = Append(rows, merged_start, first);
    rows = Append(rows, merged_end, last);
    first = ColumnRef(merged_start);
    last = ColumnRef(merged_end);
  }
  const ExprPtr value = functions::SessionStruct(first, last);
  *column = NewColumn("session_window", value->type, false, R"({"spark.sessionWindow":true})");
  return Append(rows, *column, value);
}

Result<std::shared_ptr<const TimeWindowColumn>> Binder::PlanTimeWindow(
    Node* child, const std::vector<ExpressionPtr>& calls, const Env& env, size_t log_start,
    const std::optional<std::vector<ExprPtr>>& partition) {
  Scope scope = MakeScope(*child, env, log_start);
  ExpressionBinder binder(this, &scope);
  auto planned = std::make_shared<TimeWindowColumn>();
  functions::FunctionCall first;
  for (const ExpressionPtr& written : calls) {
    const auto& call = written->As<plan::UnresolvedFunction>();
    const functions::FunctionRow* row = functions::FindFunction(call.name);
    ASSIGN_OR_RETURN(functions::FunctionCall bound, binder.BindArguments(call, row));
    if (first.name.empty()) {
      RETURN_IF_ERROR(functions::CheckArgumentCount(*row, bound));
      first = bound;
      planned->function = types::ToLower(call.name);
      planned->args = bound.args;
      continue;
    }
    const bool same = types::EqualsIgnoreCase(call.name, first.name) && bound.args.size() == first.args.size() &&
                      std::equal(bound.args.begin(), bound.args.end(), first.args.begin(), SameExpr);
    if (!same) return Error("_LEGACY_ERROR_TEMP_1039", {});
  }
  ASSIGN_OR_RETURN(const Node input, ExposeMissing(*child, scope.missing));
  RelPtr rel = input.rel;
  const functions::ScopedColumnNames names([&input](ColumnId id) -> std::string {
    for (const Column& c : input.rel->output) {
      if (c.id == id) return c.name;
    }
    return {};
  });
  if (planned->function == "window") {
    ASSIGN_OR_RETURN(rel, SlideWindows(rel, first, &planned->column));
  } else {
    ASSIGN_OR_RETURN(rel, MergeSessions(rel, first, partition, &planned->column));
  }
  // Stars do not see the column; names and the calls do.
  child->rel = std::make_shared<ProjectRel>(rel, child->rel->output, [&] {
    std::vector<ExprPtr> visible;
    for (const Column& c : child->rel->output) visible.push_back(ColumnRef(c));
    return visible;
  }());
  child->hidden.push_back({planned->column, false});
  return std::shared_ptr<const TimeWindowColumn>(planned);
}

// The column that stands for a call, when it was planned; null otherwise.
Result<ExprPtr> ExpressionBinder::BindTimeWindow(const plan::UnresolvedFunction& call) {
  if (scope_->time_window == nullptr) return ExprPtr();
  const TimeWindowColumn& planned = *scope_->time_window;
  if (types::ToLower(call.name) != planned.function) return ExprPtr();
  ASSIGN_OR_RETURN(functions::FunctionCall bound, BindArguments(call, functions::FindFunction(call.name)));
  const bool same = bound.args.size() == planned.args.size() &&
                    std::equal(bound.args.begin(), bound.args.end(), planned.args.begin(), SameExpr);
  if (!same) return ExprPtr();
  const auto& output = scope_->node->rel->output;
  const bool visible =
      std::any_of(output.begin(), output.end(), [&](const Column& c) { return c.id == planned.column.id; });
  if (!visible) scope_->missing.insert(planned.column.id);
  return ColumnRef(planned.column);
}

}  // namespace deltic::spark::resolve
