// Ordering rows along a space-filling curve, so that files hold rows that are near each other in several columns
// (delta-spark's MultiDimClustering): Z-order, or Hilbert for two and more columns. Free function, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/plan/relation.h"
#include "spark/command/handlers.h"

namespace deltic::spark::command {

struct CurveOrder {
  std::vector<std::string> columns;  // logical names, dotted for nested fields
  bool hilbert = false;
  int64_t files = 1;
};

// `rows` with one more column, engine::kFileGroup: the file that a row belongs to, at most `order.files` of about equal
// row counts. Ranges come from a sample; memory is bounded by it.
Result<engine::RelPtr> GroupAlongCurve(const CommandContext& context, const engine::RelPtr& rows,
                                       const CurveOrder& order);

}  // namespace deltic::spark::command
