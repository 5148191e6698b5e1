#include "spark/streaming/unsupported_operations.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "engine/plan/python_relation.h"
#include "spark/resolve/canonical_plan.h"
#include "spark/resolve/tree.h"
#include "spark/resolve/watermark_delay.h"
#include "spark/streaming/stateful_operator.h"
#include "spark/streaming/stream_plan.h"
#include "spark/streaming/watermark_tracker.h"

namespace deltic::spark::streaming {
namespace {

using engine::JoinRel;
using engine::JoinType;
using engine::Rel;
using engine::RelKind;
using engine::RelPtr;
using engine::SetOpRel;

Status NotSupported(const Rel& rel, const std::string& text) {
  return Error("_STREAMING_OPERATION", {}, text + ";\n" + resolve::PlanTree(rel));
}

Status CheckJoin(const JoinRel& join) {
  const bool left = IsStreaming(*join.left);
  const bool right = IsStreaming(*join.right);
  if (left && right) return Unsupported("joins between two streaming DataFrames");
  switch (join.type) {
    case JoinType::kInner:
    case JoinType::kCross: return Status::Ok();
    case JoinType::kLeftOuter:
    case JoinType::kLeftSemi:
      if (!right) return Status::Ok();
      return NotSupported(join, std::string(join.type == JoinType::kLeftOuter ? "LeftOuter" : "LeftSemi") +
                                    " join with a streaming DataFrame/Dataset on the right and a static "
                                    "DataFrame/Dataset on the left is not supported");
    case JoinType::kRightOuter:
      if (!left) return Status::Ok();
      return NotSupported(join,
                          "RightOuter join with a streaming DataFrame/Dataset on the left and a static "
                          "DataFrame/DataSet on the right not supported");
    case JoinType::kFullOuter:
      return NotSupported(join, std::string("FullOuter joins with streaming DataFrames/Datasets on the ") +
                                    (left ? "left" : "right") + " and a static DataFrame/Dataset on the " +
                                    (left ? "right" : "left") + " is not supported");
    case JoinType::kLeftAnti:
      if (!right) return Status::Ok();
      return NotSupported(join, "LeftAnti joins with a streaming DataFrame/Dataset on the right are not supported");
  }
  return Status::Ok();
}

Status CheckSetOperation(const SetOpRel& set) {
  const bool left = IsStreaming(*set.left);
  const bool right = IsStreaming(*set.right);
  switch (set.op) {
    case SetOpRel::Op::kUnion:
      if (left == right) return Status::Ok();
      return NotSupported(set, "Union between streaming and batch DataFrames/Datasets is not supported");
    case SetOpRel::Op::kIntersect:
      if (!left || !right) return Status::Ok();
      return NotSupported(set, "Intersect of streaming DataFrames/Datasets is not supported");
    case SetOpRel::Op::kExcept:
      if (right) return NotSupported(set, "Except on a streaming DataFrame/Dataset on the right is not supported");
      if (!set.all) return Unsupported("EXCEPT DISTINCT on streaming DataFrames");
      return Status::Ok();
  }
  return Status::Ok();
}

Status CheckWindows(const engine::ProjectRel& project) {
  for (size_t i = 0; i < project.exprs.size(); i++) {
    if (!resolve::HasWindow(project.exprs[i])) continue;
    std::string function = "window";
    resolve::Any(project.exprs[i], [&](const engine::ExprPtr& expr) {
      if (expr->kind != engine::ExprKind::kWindow) return false;
      function = expr->As<engine::WindowExpr>().function;
      return true;
    });
    for (char& c : function) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return Error("NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING",
                 {{"windowFunc", function + "()"},
                  {"columnName", types::QuoteIdentifier(project.output[i].name)},
                  {"windowSpec", resolve::PlanTree(project)}});
  }
  return Status::Ok();
}

Status CheckAggregation(const engine::AggregateRel& aggregate) {
  for (const auto& expr : aggregate.aggregates) {
    if (!expr->As<engine::Aggregate>().distinct) continue;
    return NotSupported(aggregate,
                        "Distinct aggregations are not supported on streaming DataFrames/Datasets. Consider using "
                        "approx_count_distinct() instead.");
  }
  if (!aggregate.grouping_sets.empty()) return Unsupported("grouping sets on streaming DataFrames");
  return Status::Ok();
}

Status CheckOne(const Rel& rel, OutputMode mode, bool aggregated) {
  switch (rel.kind) {
    case RelKind::kJoin: return CheckJoin(rel.As<JoinRel>());
    case RelKind::kSetOp: return CheckSetOperation(rel.As<SetOpRel>());
    case RelKind::kProject: return CheckWindows(rel.As<engine::ProjectRel>());
    case RelKind::kAggregate: return CheckAggregation(rel.As<engine::AggregateRel>());
    case RelKind::kSample: return NotSupported(rel, "Sampling is not supported on streaming DataFrames/Datasets");
    case RelKind::kSort:
      if (aggregated && mode == OutputMode::kComplete) return Status::Ok();
      return NotSupported(rel,
                          "Sorting is not supported on streaming DataFrames/Datasets, unless it is on aggregated "
                          "DataFrame/Dataset in Complete output mode");
    case RelKind::kLimit:
      if (mode == OutputMode::kUpdate) {
        return NotSupported(rel, "Limits are not supported on streaming DataFrames/Datasets in Update output mode");
      }
      if (aggregated && mode == OutputMode::kComplete) return Status::Ok();
      return Unsupported("limits on streaming DataFrames in Append output mode");
    case RelKind::kPython:
      if (rel.As<engine::PythonRel>().shape == engine::PythonRel::Shape::kPerGroup ||
          rel.As<engine::PythonRel>().transform->task().grouped) {
        return Unsupported("Python functions over groups of streaming DataFrames");
      }
      return Status::Ok();
    default: return Status::Ok();
  }
}

Status CheckAll(const Rel& rel, OutputMode mode, bool aggregated) {
  for (const RelPtr& child : resolve::ChildrenOf(rel)) RETURN_IF_ERROR(CheckAll(*child, mode, aggregated));
  return IsStreaming(rel) ? CheckOne(rel, mode, aggregated) : Status::Ok();
}

}  // namespace

Status CheckOperations(const RelPtr& plan, OutputMode mode) {
  if (!IsStreaming(*plan)) return Error("WRITE_STREAM_NOT_ALLOWED");
  const std::vector<RelPtr> stateful = StatefulOperator::FindAll(plan);
  const auto is_aggregation = [](const RelPtr& rel) { return rel->kind == RelKind::kAggregate; };
  const auto aggregation = std::find_if(stateful.begin(), stateful.end(), is_aggregation);
  const bool aggregated = aggregation != stateful.end();
  if (mode == OutputMode::kComplete && !aggregated) {
    return NotSupported(*plan,
                        "Complete output mode not supported when there are no streaming aggregations on streaming "
                        "DataFrames/Datasets");
  }
  if (mode == OutputMode::kAppend && aggregated && !StatefulOperator::HasEventTime(**aggregation)) {
    return NotSupported(**aggregation,
                        "Append output mode not supported when there are streaming aggregations on streaming "
                        "DataFrames/DataSets without watermark");
  }
  if (std::count_if(stateful.begin(), stateful.end(), is_aggregation) > 1 && mode != OutputMode::kAppend) {
    return NotSupported(
        **aggregation,
        "Detected pattern of possible 'correctness' issue due to global watermark. The query contains "
        "stateful operation which can emit rows older than the current watermark plus allowed late "
        "record delay, which are \"late rows\" in downstream stateful operations and these rows can be "
        "discarded. Please refer the programming guide doc for more details. If you understand the "
        "possible risk of correctness issue and still need to run the query, you can disable this check "
        "by setting the config `spark.sql.streaming.statefulOperator.checkCorrectness.enabled` to "
        "false.");
  }
  RETURN_IF_ERROR(CheckAll(*plan, mode, aggregated));
  if (stateful.size() > 1) return Unsupported("several stateful operators in one streaming query");
  for (const RelPtr& operation : stateful) RETURN_IF_ERROR(StatefulOperator::Check(*operation));
  for (const RelPtr& declared : WatermarkTracker::FindAll(plan)) {
    for (const auto& column : declared->output) {
      if (resolve::WatermarkDelayMs(column.metadata).has_value() && column.type.Is(types::TypeId::kStruct)) {
        return Unsupported("watermarks on windows");
      }
    }
  }
  return Status::Ok();
}

}  // namespace deltic::spark::streaming
