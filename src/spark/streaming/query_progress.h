// What a streaming query reports of one trigger (Spark's StreamingQueryProgress) and the events of its life, as JSON.
// Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace deltic::spark::streaming {

struct SourceProgress {
  std::string description;
  std::string start_offset, end_offset, latest_offset;  // JSON; empty: null
  int64_t input_rows = 0;
};

struct StateProgress {
  std::string operator_name;
  int64_t rows_total = 0;
  int64_t rows_updated = 0;
  int64_t rows_removed = 0;
  int64_t rows_dropped_by_watermark = 0;
};

struct QueryProgress {
  std::string id, run_id;
  std::string name;  // empty: none
  int64_t trigger_start_ms = 0;
  int64_t trigger_end_ms = 0;
  int64_t last_trigger_start_ms = -1;
  int64_t batch_id = 0;
  std::map<std::string, int64_t> durations_ms;
  std::map<std::string, std::string> event_time;  // max, min, avg, watermark
  std::vector<StateProgress> state;
  std::vector<SourceProgress> sources;
  std::string sink;
  int64_t output_rows = -1;

  int64_t InputRows() const;
  // With batchDuration, which Spark has since 4.0 and clients of 4.x ask for.
  std::string Json() const;
};

// "2026-11-26T00:01:10.085Z"
std::string FormatInstant(int64_t millis);

// Events as listeners get them.
std::string StartedEventJson(const std::string& id, const std::string& run_id, const std::string& name, int64_t now_ms);
std::string ProgressEventJson(const std::string& progress_json);
std::string IdleEventJson(const std::string& id, const std::string& run_id, int64_t now_ms);
// `exception` and `error_class` empty: null.
std::string TerminatedEventJson(const std::string& id, const std::string& run_id, const std::string& exception,
                                const std::string& error_class);

}  // namespace deltic::spark::streaming
