// Window expressions: function OVER (PARTITION BY … ORDER BY … frame), with Spark's default frames and checks.
#include <algorithm>
#include <array>

#include "spark/functions/variant.h"
#include "spark/resolve/expression_binder.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::resolve {

using engine::SortKey;
using engine::WindowExpr;
using engine::WindowFrame;
using functions::FunctionKind;
using plan::ExpressionKind;

namespace {

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsRanking(std::string_view name) {
  return IsOneOf(name, {"row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile"});
}
bool IsOffset(std::string_view name) { return IsOneOf(name, {"lag", "lead"}); }

const plan::UnresolvedFunction* WindowedCall(const plan::Window& window) {
  const plan::Expression* f = window.function.get();
  while (f->kind == ExpressionKind::kAlias) f = f->As<plan::Alias>().child.get();
  return f->kind == ExpressionKind::kFunction ? &f->As<plan::UnresolvedFunction>() : nullptr;
}

// A constant offset as a value: negative is PRECEDING. False for intervals and anything not a plain number.
bool NumberOf(const ExprPtr& e, double* value) {
  if (!engine::IsLiteral(e)) return false;
  const auto& v = e->As<engine::Literal>().value.v;
  if (const auto* i = std::get_if<int64_t>(&v)) {
    *value = static_cast<double>(*i);
    return true;
  }
  if (const auto* d = std::get_if<double>(&v)) {
    *value = *d;
    return true;
  }
  if (const auto* d = std::get_if<engine::Int128>(&v)) {
    *value = static_cast<double>(*d);
    return true;
  }
  return false;
}

}  // namespace

Result<ExprPtr> ExpressionBinder::BindWindow(const plan::Window& window) {
  const plan::UnresolvedFunction* call = WindowedCall(window);
  const functions::FunctionRow* row = call == nullptr ? nullptr : functions::FindFunction(call->name);
  if (call != nullptr && row == nullptr) return BindCall(*call, true);  // the unknown-function error
  if (row == nullptr || (row->kind != FunctionKind::kAggregate && row->kind != FunctionKind::kWindow)) {
    return Error("UNSUPPORTED_EXPR_FOR_WINDOW", {{"sqlExpr", QuotedSql(window.function)}});
  }
  if (call->is_distinct) {
    return Error("DISTINCT_WINDOW_FUNCTION_UNSUPPORTED", {{"windowExpr", "\"" + sql::PrettyName(window) + "\""}});
  }
  ASSIGN_OR_RETURN(ExprPtr function, BindCall(*call, true));
  std::vector<ExprPtr> partition;
  for (const auto& p : window.partition_by) {
    ASSIGN_OR_RETURN(ExprPtr key, BindTree(p));
    if (!functions::IsOrderable(key->type)) {
      return Error("EXPRESSION_TYPE_IS_NOT_ORDERABLE", {{"expr", QuotedSql(p)}, {"exprType", QuotedType(key->type)}});
    }
    partition.push_back(std::move(key));
  }
  std::vector<SortKey> order;
  for (const auto& o : window.order_by) {
    ASSIGN_OR_RETURN(SortKey key, BindSortKey(o));
    order.push_back(std::move(key));
  }
  Status failed;
  ExprPtr result = Rewrite(function, [&](const ExprPtr& e) -> ExprPtr {
    if (!failed.ok() || (e->kind != ExprKind::kAggregate && e->kind != ExprKind::kWindow)) return nullptr;
    std::shared_ptr<WindowExpr> w;
    if (e->kind == ExprKind::kAggregate) {
      const auto& a = e->As<engine::Aggregate>();
      w = std::make_shared<WindowExpr>(a.function, a.args, a.type, a.nullable);
      w->is_aggregate = true;
      w->filter = a.filter;
      w->distinct = a.distinct;
    } else {
      w = std::make_shared<WindowExpr>(e->As<WindowExpr>());
    }
    w->partition_by = partition;
    w->order_by = order;
    Result<WindowFrame> frame = BindFrame(window, *w, &w->order_by);
    if (!frame.ok()) {
      failed = frame.status();
      return e;
    }
    w->frame = std::move(frame).value();
    return w;
  });
  RETURN_IF_ERROR(failed);
  return result;
}

Result<WindowFrame> ExpressionBinder::BindFrame(const plan::Window& window, const WindowExpr& function,
                                                std::vector<SortKey>* order) {
  const std::string name = types::ToLower(WindowedCall(window)->name);
  using Bound = WindowFrame::Bound;
  WindowFrame frame;
  const bool ordered = !order->empty();
  if ((IsRanking(name) || IsOffset(name)) && !function.is_aggregate) {
    if (!ordered) return Error("_LEGACY_ERROR_TEMP_1037", {{"wf", sql::PrettyName(*window.function)}});
    if (window.has_frame) {
      const bool standard = window.rows && window.start.kind == plan::WindowBound::Kind::kUnboundedPreceding &&
                            window.end.kind == plan::WindowBound::Kind::kCurrentRow && IsRanking(name);
      if (!standard && IsOffset(name)) {
        return Error("_LEGACY_ERROR_TEMP_1035", {{"prettyName", name}});
      }
      if (!standard) {
        return Error("_LEGACY_ERROR_TEMP_1036",
                     {{"wf", "specifiedwindowframe"},
                      {"required", "specifiedwindowframe(RowFrame, unboundedpreceding$(), currentrow$())"}});
      }
    }
    if (IsOffset(name)) {
      frame.unit = WindowFrame::Unit::kRows;
      frame.end = Bound::kUnboundedFollowing;
      return frame;
    }
    frame.unit = WindowFrame::Unit::kRows;
    return frame;
  }
  if (!window.has_frame) {
    frame.unit = ordered ? WindowFrame::Unit::kRange : WindowFrame::Unit::kRows;
    frame.end = ordered ? Bound::kCurrentRow : Bound::kUnboundedFollowing;
    return frame;
  }
  frame.unit = window.rows ? WindowFrame::Unit::kRows : WindowFrame::Unit::kRange;
  const std::string sql = "\"" + sql::PrettyName(window) + "\"";
  const bool valued =
      window.start.kind == plan::WindowBound::Kind::kValue || window.end.kind == plan::WindowBound::Kind::kValue;
  if (!window.rows && valued && !ordered) {
    return Error("DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER", {{"sqlExpr", sql}});
  }
  if (!window.rows && valued && order->size() > 1) {
    return Error("DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER", {{"sqlExpr", sql}, {"orderSpec", sql}});
  }
  auto bind = [&](const plan::WindowBound& bound, Bound* kind, ExprPtr* offset) -> Status {
    switch (bound.kind) {
      case plan::WindowBound::Kind::kUnboundedPreceding: *kind = Bound::kUnboundedPreceding; return Status::Ok();
      case plan::WindowBound::Kind::kUnboundedFollowing: *kind = Bound::kUnboundedFollowing; return Status::Ok();
      case plan::WindowBound::Kind::kCurrentRow: *kind = Bound::kCurrentRow; return Status::Ok();
      case plan::WindowBound::Kind::kValue: break;
    }
    bool preceding = false;
    ASSIGN_OR_RETURN(*offset, BindFrameOffset(bound, window, *order, &preceding));
    *kind = *offset == nullptr ? Bound::kCurrentRow : (preceding ? Bound::kPreceding : Bound::kFollowing);
    return Status::Ok();
  };
  RETURN_IF_ERROR(bind(window.start, &frame.start, &frame.start_offset));
  RETURN_IF_ERROR(bind(window.end, &frame.end, &frame.end_offset));
  if (!window.rows && !ordered) {
    // A range frame without order: every row is a peer of every other.
    frame.unit = WindowFrame::Unit::kRows;
    frame.start = Bound::kUnboundedPreceding;
    frame.end = Bound::kUnboundedFollowing;
  }
  const bool wrong = frame.start > frame.end || (frame.start == Bound::kUnboundedFollowing) ||
                     (frame.end == Bound::kUnboundedPreceding);
  if (wrong) {
    return Error("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_INVALID_BOUND",
                 {{"sqlExpr", sql}, {"upper", "\"upper bound\""}, {"lower", "\"lower bound\""}});
  }
  return frame;
}

// A non-negative offset; null for an offset of zero (the current row).
Result<ExprPtr> ExpressionBinder::BindFrameOffset(const plan::WindowBound& bound, const plan::Window& window,
                                                  const std::vector<SortKey>& order, bool* preceding) {
  ASSIGN_OR_RETURN(ExprPtr value, BindTree(bound.value));
  std::set<ColumnId> ids;
  CollectColumnIds(value, &ids);
  if (!ids.empty()) {
    return Error("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WITHOUT_FOLDABLE",
                 {{"sqlExpr", "\"" + sql::PrettyName(window) + "\""},
                  {"location", &bound == &window.start ? "lower" : "upper"},
                  {"expression", QuotedSql(bound.value)}});
  }
  if (!engine::IsLiteral(value)) {
    DataType type = value->type;
    ASSIGN_OR_RETURN(engine::Value constant, binder_->Evaluate(value));
    value = std::make_shared<engine::Literal>(std::move(constant), type);
  }
  double number = 0;
  const bool numeric = NumberOf(value, &number);
  if (!numeric && window.rows) {
    return Error("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE",
                 {{"sqlExpr", "\"" + sql::PrettyName(window) + "\""},
                  {"location", &bound == &window.start ? "lower" : "upper"},
                  {"exprType", QuotedType(value->type)},
                  {"expectedType", "\"INT\""}});
  }
  *preceding = numeric && number < 0;
  if (numeric && number == 0) return ExprPtr();
  if (*preceding) {
    ASSIGN_OR_RETURN(value, binder_->CallFunction("negative", {value}));
  }
  if (window.rows) return functions::CastTo(value, TypeId::kLong, binder_->context());
  const DataType& key = order[0].expr->type;
  if (key.IsNumeric() && value->type.IsNumeric()) {
    value = functions::CastTo(value, key, binder_->context());
  } else if (key.IsNumeric() != value->type.IsNumeric() && !key.Is(TypeId::kDate)) {
    return Error("DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE", {{"sqlExpr", "\"" + sql::PrettyName(window) + "\""},
                                                                {"orderSpecType", QuotedType(key)},
                                                                {"valueBoundaryType", QuotedType(value->type)}});
  }
  if (!engine::IsLiteral(value)) {
    DataType type = value->type;
    ASSIGN_OR_RETURN(engine::Value constant, binder_->Evaluate(value));
    value = std::make_shared<engine::Literal>(std::move(constant), type);
  }
  return value;
}

}  // namespace deltic::spark::resolve
