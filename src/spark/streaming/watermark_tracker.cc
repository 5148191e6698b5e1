#include "spark/streaming/watermark_tracker.h"

#include <algorithm>

#include "spark/resolve/tree.h"
#include "spark/resolve/watermark_delay.h"
#include "spark/streaming/query_progress.h"
#include "spark/streaming/stream_plan.h"

namespace deltic::spark::streaming {
namespace {

using engine::Column;
using engine::RelPtr;
using types::TypeId;

// The column for which this very relation declares a watermark; null: none.
const Column* DeclaredBy(const engine::Rel& rel) {
  if (rel.kind != engine::RelKind::kProject) return nullptr;
  const auto& below = rel.As<engine::ProjectRel>().child->output;
  for (const Column& column : rel.output) {
    const auto delay = resolve::WatermarkDelayMs(column.metadata);
    if (!delay.has_value()) continue;
    const auto same = std::find_if(below.begin(), below.end(), [&](const Column& c) { return c.id == column.id; });
    if (same != below.end() && resolve::WatermarkDelayMs(same->metadata) != delay) return &column;
  }
  return nullptr;
}

void Collect(const RelPtr& rel, std::vector<RelPtr>* out) {
  if (DeclaredBy(*rel) != nullptr) out->push_back(rel);
  for (const RelPtr& child : resolve::ChildrenOf(*rel)) Collect(child, out);
}

// max, min and mean of a column, in microseconds.
RelPtr Extremes(const RelPtr& rel, const Column& column) {
  const auto value = engine::MakeCall("epoch_us", {resolve::ColumnRef(column)}, TypeId::kLong, true);
  const auto real =
      std::make_shared<engine::Cast>(value, types::DataType(TypeId::kDouble), true, engine::CastMode::kLegacy, "UTC");
  std::vector<Column> output = {{engine::FreshColumnId(), "max", TypeId::kLong},
                                {engine::FreshColumnId(), "min", TypeId::kLong},
                                {engine::FreshColumnId(), "avg", TypeId::kDouble}};
  auto out = std::make_shared<engine::AggregateRel>(rel, std::move(output));
  const auto add = [&](const char* function, engine::ExprPtr arg, TypeId type) {
    out->aggregates.push_back(
        std::make_shared<engine::Aggregate>(function, std::vector<engine::ExprPtr>{std::move(arg)}, type, true));
  };
  add("max", value, TypeId::kLong);
  add("min", value, TypeId::kLong);
  add("avg", real, TypeId::kDouble);
  return out;
}

}  // namespace

std::vector<RelPtr> WatermarkTracker::FindAll(const RelPtr& plan) {
  std::vector<RelPtr> out;
  Collect(plan, &out);
  return out;
}

Status WatermarkTracker::Observe(engine::Engine* engine, const RelPtr& plan, const std::vector<RelPtr>& rows,
                                 const engine::QueryOptions& options, std::map<std::string, std::string>* seen) {
  const std::vector<RelPtr> declared = FindAll(plan);
  for (size_t place = 0; place < declared.size(); place++) {
    const Column* column = DeclaredBy(*declared[place]);
    const RelPtr extremes = Extremes(StreamPlan::WithRows(declared[place], rows), *column);
    ASSIGN_OR_RETURN(const auto result, engine->Collect(extremes, options, 1));
    if (result.empty() || result[0][0].IsNull()) {
      each_ms_.emplace(place, 0);
      continue;
    }
    const int64_t greatest_ms = std::get<int64_t>(result[0][0].v) / 1000;
    (*seen)["max"] = FormatInstant(greatest_ms);
    (*seen)["min"] = FormatInstant(std::get<int64_t>(result[0][1].v) / 1000);
    (*seen)["avg"] = FormatInstant(static_cast<int64_t>(std::get<double>(result[0][2].v) / 1000));
    const int64_t own = greatest_ms - resolve::WatermarkDelayMs(column->metadata).value_or(0);
    int64_t& kept = each_ms_.emplace(place, own).first->second;
    kept = std::max(kept, own);
  }
  if (each_ms_.empty()) return Status::Ok();
  const auto order = [](const auto& a, const auto& b) { return a.second < b.second; };
  const int64_t chosen = (takes_greatest_ ? std::max_element(each_ms_.begin(), each_ms_.end(), order)
                                          : std::min_element(each_ms_.begin(), each_ms_.end(), order))
                             ->second;
  current_ms_ = std::max(current_ms_, chosen);
  return Status::Ok();
}

}  // namespace deltic::spark::streaming
