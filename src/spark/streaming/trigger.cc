#include "spark/streaming/trigger.h"

#include "spark/sql/datetime_text.h"

namespace deltic::spark::streaming {

Result<Trigger> ProcessingTime(const std::string& interval) {
  const auto parsed = sql::ParseIntervalText(interval);
  if (!parsed.ok()) {
    const std::string& text = parsed.status().detail();
    return Error("_STREAMING_ARGUMENT", {}, text.empty() ? "Error parsing '" + interval + "' to interval" : text);
  }
  if (parsed->months != 0) {
    return Error("_STREAMING_ARGUMENT", {}, "Doesn't support month or year interval: " + interval);
  }
  Trigger trigger;
  trigger.interval_ms = int64_t{86'400'000} * parsed->days + parsed->micros / 1000;
  if (trigger.interval_ms < 0) {
    return Error("_STREAMING_ARGUMENT", {}, "requirement failed: the interval of trigger should not be negative");
  }
  return trigger;
}

}  // namespace deltic::spark::streaming
