#include "spark/streaming/offset_log.h"

#include <simdjson.h>

#include "base/json_writer.h"
#include "base/random.h"
#include "spark/catalog/table_path.h"

namespace deltic::spark::streaming {
namespace {

constexpr char kVersionLine[] = "v1\n";
// A source that has no offset yet.
constexpr char kNoOffset[] = "-";

Status Malformed(const std::string& path, const std::string& why) {
  return Error("_STREAMING_STATE", {}, "Failed to read log file " + catalog::DisplayPath(path) + ". " + why);
}

}  // namespace

Status OffsetLog::Add(int64_t batch, const BatchOffsets& offsets) {
  JsonWriter json;
  json.BeginObject();
  json.Key("batchWatermarkMs").Int(offsets.watermark_ms);
  json.Key("batchTimestampMs").Int(offsets.timestamp_ms);
  json.Key("conf").BeginObject();
  for (const auto& [key, value] : offsets.conf) json.Key(key).String(value);
  json.EndObject().EndObject();
  std::string text = kVersionLine + json.Take();
  for (const std::string& offset : offsets.offsets) text += "\n" + (offset.empty() ? kNoOffset : offset);
  return log_.Add(batch, text);
}

Result<std::optional<BatchOffsets>> OffsetLog::Get(int64_t batch) const {
  ASSIGN_OR_RETURN(const auto text, log_.Get(batch));
  if (!text.has_value()) return std::optional<BatchOffsets>();
  const std::string path = log_.PathOf(batch);
  ASSIGN_OR_RETURN(const auto lines, LogLines(*text, path));
  if (lines.empty()) return Malformed(path, "Incomplete log file");
  BatchOffsets out;
  simdjson::dom::parser parser;
  simdjson::dom::object metadata;
  // An empty line is the metadata of the oldest queries.
  if (!lines[0].empty()) {
    if (parser.parse(lines[0]).get(metadata) != simdjson::SUCCESS) return Malformed(path, "Malformed batch metadata");
    int64_t number = 0;
    if (metadata["batchWatermarkMs"].get(number) == simdjson::SUCCESS) out.watermark_ms = number;
    if (metadata["batchTimestampMs"].get(number) == simdjson::SUCCESS) out.timestamp_ms = number;
    simdjson::dom::object conf;
    if (metadata["conf"].get(conf) == simdjson::SUCCESS) {
      for (const auto [key, value] : conf) {
        std::string_view setting;
        if (value.get(setting) == simdjson::SUCCESS) out.conf[std::string(key)] = std::string(setting);
      }
    }
  }
  for (size_t i = 1; i < lines.size(); i++) out.offsets.push_back(lines[i] == kNoOffset ? "" : lines[i]);
  return std::optional<BatchOffsets>(std::move(out));
}

Status CommitLog::Add(int64_t batch, int64_t next_watermark_ms) {
  Status status = log_.Add(
      batch, kVersionLine + std::string("{\"nextBatchWatermarkMs\":") + std::to_string(next_watermark_ms) + "}");
  return status.Is("CONCURRENT_STREAM_LOG_UPDATE") ? Status::Ok() : status;
}

Result<std::optional<int64_t>> CommitLog::NextWatermark(int64_t batch) const {
  ASSIGN_OR_RETURN(const auto text, log_.Get(batch));
  if (!text.has_value()) return std::optional<int64_t>();
  ASSIGN_OR_RETURN(const auto lines, LogLines(*text, log_.PathOf(batch)));
  int64_t watermark = 0;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (!lines.empty() && parser.parse(lines[0]).get(object) == simdjson::SUCCESS) {
    if (object["nextBatchWatermarkMs"].get(watermark) != simdjson::SUCCESS) watermark = 0;
  }
  return std::optional<int64_t>(watermark);
}

Result<std::string> QueryIdOf(storage::ObjectStore* store, const std::string& checkpoint) {
  const std::string path = storage::JoinPath(checkpoint, "metadata");
  for (int attempt = 0; attempt < 2; attempt++) {
    auto text = store->Get(path);
    if (text.ok()) {
      simdjson::dom::parser parser;
      simdjson::dom::object object;
      std::string_view id;
      if (parser.parse(*text).get(object) != simdjson::SUCCESS || object["id"].get(id) != simdjson::SUCCESS) {
        return Malformed(path, "Error reading stream metadata");
      }
      return std::string(id);
    }
    if (!text.status().Is("PATH_NOT_FOUND")) return text.status();
    std::string id = Random::System()->Uuid();
    ASSIGN_OR_RETURN(const auto outcome, store->PutIfAbsent(path, "{\"id\":" + JsonQuote(id) + "}"));
    if (outcome == storage::PutOutcome::kCreated) return id;
  }
  return InternalError("the metadata of the checkpoint " + checkpoint + " comes and goes");
}

std::map<std::string, std::string> RecordedConf(const session::RuntimeConf& conf) {
  std::map<std::string, std::string> out = {
      {"spark.sql.shuffle.partitions", "200"},
      {"spark.sql.streaming.stateStore.providerClass",
       "org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider"},
      {"spark.sql.streaming.multipleWatermarkPolicy", "min"},
      {"spark.sql.streaming.flatMapGroupsWithState.stateFormatVersion", "2"},
      {"spark.sql.streaming.aggregation.stateFormatVersion", "2"},
      {"spark.sql.streaming.join.stateFormatVersion", "2"},
      {"spark.sql.streaming.stateStore.compression.codec", "lz4"},
      {"spark.sql.streaming.stateStore.rocksdb.formatVersion", "5"},
      {"spark.sql.streaming.statefulOperator.useStrictDistribution", "true"},
      {"spark.sql.optimizer.pruneFiltersCanPruneStreamingSubplan", "false"},
  };
  for (auto& [key, value] : out) value = conf.GetString(key, value);
  return out;
}

}  // namespace deltic::spark::streaming
