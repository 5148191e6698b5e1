// When a streaming query runs its batches. Plain data.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"

namespace deltic::spark::streaming {

struct Trigger {
  enum class Kind : uint8_t {
    kProcessingTime,  // a batch every interval, or as fast as possible
    kOnce,            // one batch of all there is
    kAvailableNow,    // batches under the sources' limits until all that was there at the start is read
  };
  Kind kind = Kind::kProcessingTime;
  int64_t interval_ms = 0;

  // The first moment after `now_ms` at which an interval begins; moments are aligned to the epoch.
  int64_t Next(int64_t now_ms) const {
    return interval_ms <= 0 ? now_ms : now_ms / interval_ms * interval_ms + interval_ms;
  }
};

// "10 seconds"; Spark's texts for what is no interval or a negative one.
Result<Trigger> ProcessingTime(const std::string& interval);

}  // namespace deltic::spark::streaming
