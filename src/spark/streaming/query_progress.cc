#include "spark/streaming/query_progress.h"

#include <cstdio>

#include "base/json_writer.h"
#include "spark/sql/datetime_text.h"

namespace deltic::spark::streaming {
namespace {

// Spark leaves rates out that are no number; here they are zero, as its JSON shows them.
double Rate(int64_t rows, int64_t millis) {
  return millis <= 0 ? 0.0 : static_cast<double>(rows) * 1000.0 / static_cast<double>(millis);
}

void StringOrNull(JsonWriter* json, const char* key, const std::string& value) {
  json->Key(key);
  value.empty() ? json->Null() : json->String(value);
}

void Offset(JsonWriter* json, const char* key, const std::string& value) {
  json->Key(key);
  value.empty() ? json->Null() : json->Raw(value);
}

void State(const StateProgress& state, JsonWriter* json) {
  json->BeginObject();
  json->Key("operatorName").String(state.operator_name);
  json->Key("numRowsTotal").Int(state.rows_total);
  json->Key("numRowsUpdated").Int(state.rows_updated);
  json->Key("allUpdatesTimeMs").Int(0);
  json->Key("numRowsRemoved").Int(state.rows_removed);
  json->Key("allRemovalsTimeMs").Int(0);
  json->Key("commitTimeMs").Int(0);
  json->Key("memoryUsedBytes").Int(0);
  json->Key("numRowsDroppedByWatermark").Int(state.rows_dropped_by_watermark);
  json->Key("numShufflePartitions").Int(1);
  json->Key("numStateStoreInstances").Int(1);
  json->Key("customMetrics").BeginObject().EndObject();
  json->EndObject();
}

}  // namespace

int64_t QueryProgress::InputRows() const {
  int64_t rows = 0;
  for (const SourceProgress& source : sources) rows += source.input_rows;
  return rows;
}

std::string QueryProgress::Json() const {
  const int64_t between = last_trigger_start_ms < 0 ? 0 : trigger_start_ms - last_trigger_start_ms;
  const int64_t taken = trigger_end_ms - trigger_start_ms;
  const auto rates = [&](int64_t rows, JsonWriter* json) {
    json->Key("numInputRows").Int(rows);
    json->Key("inputRowsPerSecond").Double(Rate(rows, between));
    json->Key("processedRowsPerSecond").Double(Rate(rows, taken));
  };
  JsonWriter json;
  json.BeginObject();
  json.Key("id").String(id);
  json.Key("runId").String(run_id);
  StringOrNull(&json, "name", name);
  json.Key("timestamp").String(FormatInstant(trigger_start_ms));
  json.Key("batchId").Int(batch_id);
  json.Key("batchDuration").Int(taken);
  rates(InputRows(), &json);
  json.Key("durationMs").BeginObject();
  for (const auto& [key, millis] : durations_ms) json.Key(key).Int(millis);
  json.EndObject();
  if (!event_time.empty()) {
    json.Key("eventTime").BeginObject();
    for (const auto& [key, value] : event_time) json.Key(key).String(value);
    json.EndObject();
  }
  json.Key("stateOperators").BeginArray();
  for (const StateProgress& operator_state : state) State(operator_state, &json);
  json.EndArray();
  json.Key("sources").BeginArray();
  for (const SourceProgress& source : sources) {
    json.BeginObject();
    json.Key("description").String(source.description);
    Offset(&json, "startOffset", source.start_offset);
    Offset(&json, "endOffset", source.end_offset);
    Offset(&json, "latestOffset", source.latest_offset);
    rates(source.input_rows, &json);
    json.EndObject();
  }
  json.EndArray();
  json.Key("sink").BeginObject();
  json.Key("description").String(sink);
  json.Key("numOutputRows").Int(output_rows);
  json.EndObject();
  return json.EndObject().Take();
}

std::string FormatInstant(int64_t millis) {
  constexpr int64_t kSecond = 1000;
  const int64_t seconds = millis >= 0 ? millis / kSecond : -((-millis + kSecond - 1) / kSecond);
  std::string text = sql::FormatTimestamp(seconds * 1'000'000);
  const size_t space = text.find(' ');
  if (space != std::string::npos) text[space] = 'T';
  char fraction[16];
  std::snprintf(fraction, sizeof(fraction), ".%03dZ", static_cast<int>(millis - seconds * kSecond));
  return text + fraction;
}

std::string StartedEventJson(const std::string& id, const std::string& run_id, const std::string& name,
                             int64_t now_ms) {
  JsonWriter json;
  json.BeginObject();
  json.Key("id").String(id);
  json.Key("runId").String(run_id);
  StringOrNull(&json, "name", name);
  json.Key("timestamp").String(FormatInstant(now_ms));
  return json.EndObject().Take();
}

std::string ProgressEventJson(const std::string& progress_json) {
  JsonWriter json;
  json.BeginObject();
  json.Key("progress").Raw(progress_json);
  return json.EndObject().Take();
}

std::string IdleEventJson(const std::string& id, const std::string& run_id, int64_t now_ms) {
  JsonWriter json;
  json.BeginObject();
  json.Key("id").String(id);
  json.Key("runId").String(run_id);
  json.Key("timestamp").String(FormatInstant(now_ms));
  return json.EndObject().Take();
}

std::string TerminatedEventJson(const std::string& id, const std::string& run_id, const std::string& exception,
                                const std::string& error_class) {
  JsonWriter json;
  json.BeginObject();
  json.Key("id").String(id);
  json.Key("runId").String(run_id);
  StringOrNull(&json, "exception", exception);
  StringOrNull(&json, "errorClassOnException", error_class);
  return json.EndObject().Take();
}

}  // namespace deltic::spark::streaming
