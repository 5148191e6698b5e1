// The watermark of a query: how late the event times seen so far let new ones be. Each withWatermark has its own; the
// query's is the least of them, or the greatest by spark.sql.streaming.multipleWatermarkPolicy. It never goes back.
// Used by one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/plan/relation.h"

namespace deltic::spark::streaming {

class WatermarkTracker {
 public:
  explicit WatermarkTracker(bool takes_greatest) : takes_greatest_(takes_greatest) {}

  // Where a plan declares watermarks.
  static std::vector<engine::RelPtr> FindAll(const engine::RelPtr& plan);

  int64_t current_ms() const { return current_ms_; }
  void Restore(int64_t watermark_ms) { current_ms_ = watermark_ms; }
  // Looks at the event times of a batch. `*seen`: max, min and avg for the progress report.
  Status Observe(engine::Engine* engine, const engine::RelPtr& plan, const std::vector<engine::RelPtr>& rows,
                 const engine::QueryOptions& options, std::map<std::string, std::string>* seen);

 private:
  const bool takes_greatest_;
  int64_t current_ms_ = 0;
  std::map<size_t, int64_t> each_ms_;  // by place in the plan
};

}  // namespace deltic::spark::streaming
