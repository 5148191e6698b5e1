#include "spark/streaming/delta_source_offset.h"

#include <simdjson.h>

#include "base/json_writer.h"

namespace deltic::spark::streaming {
namespace {

constexpr int64_t kBaseInJson = -1;
constexpr int64_t kReservedVersion = 2;
constexpr int64_t kNewestVersion = 3;

}  // namespace

std::string OffsetJson(const DeltaSourceOffset& offset, const std::string& table_id) {
  JsonWriter json;
  json.BeginObject();
  json.Key("sourceVersion").Int(1);
  json.Key("reservoirId").String(table_id);
  json.Key("reservoirVersion").Int(offset.version);
  json.Key("index").Int(offset.index == DeltaSourceOffset::kBase ? kBaseInJson : offset.index);
  json.Key("isStartingVersion").Bool(offset.initial_snapshot);
  return json.EndObject().Take();
}

Result<DeltaSourceOffset> ParseOffset(const std::string& json, const std::string& table_id) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  int64_t source_version = 0;
  std::string_view id;
  DeltaSourceOffset offset;
  const bool whole = parser.parse(json).get(object) == simdjson::SUCCESS &&
                     object["sourceVersion"].get(source_version) == simdjson::SUCCESS &&
                     object["reservoirId"].get(id) == simdjson::SUCCESS &&
                     object["reservoirVersion"].get(offset.version) == simdjson::SUCCESS &&
                     object["index"].get(offset.index) == simdjson::SUCCESS &&
                     object["isStartingVersion"].get(offset.initial_snapshot) == simdjson::SUCCESS;
  if (!whole) return Error("DELTA_INVALID_SOURCE_OFFSET_FORMAT");
  if (source_version > kNewestVersion) {
    return Error("DELTA_INVALID_FORMAT_FROM_SOURCE_VERSION", {{"expectedVersion", std::to_string(kNewestVersion)},
                                                              {"realVersion", std::to_string(source_version)}});
  }
  if (source_version < 1 || source_version == kReservedVersion) {
    return Error("DELTA_INVALID_SOURCE_VERSION", {{"version", std::to_string(source_version)}});
  }
  if (id != table_id) {
    return Error("DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE",
                 {{"newTableId", table_id}, {"oldTableId", std::string(id)}});
  }
  if (source_version < kNewestVersion && offset.index == kBaseInJson) offset.index = DeltaSourceOffset::kBase;
  return offset;
}

}  // namespace deltic::spark::streaming
