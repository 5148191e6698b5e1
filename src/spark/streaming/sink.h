// The seam of streaming sinks: where a query's rows go, batch by batch. A batch may come again after a restart, with
// the same number and the same rows. Used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/status.h"
#include "engine/engine.h"
#include "engine/plan/relation.h"

namespace deltic::spark::streaming {

enum class OutputMode : uint8_t { kAppend, kComplete, kUpdate };

// "Append", "Complete", "Update".
const char* OutputModeName(OutputMode mode);
// Any case; Spark's error for anything else. Empty: append.
Result<OutputMode> ParseOutputMode(const std::string& text);

struct SinkBatch {
  int64_t id = 0;
  engine::RelPtr rows;
  engine::QueryOptions options;
  std::function<bool()> interrupted;
};

class Sink {
 public:
  virtual ~Sink() = default;
  // As Spark shows it: "DeltaSink[/tmp/t]".
  virtual std::string description() const = 0;
  // The rows written; -1: not told.
  virtual Result<int64_t> Add(const SinkBatch& batch) = 0;
  // Called once before the first batch; `rows` has the columns of all batches.
  virtual Status Begin(const std::string& /*query_id*/, const engine::Rel& /*rows*/) { return Status::Ok(); }
};

}  // namespace deltic::spark::streaming
