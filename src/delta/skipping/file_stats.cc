#include "delta/skipping/file_stats.h"

#include <simdjson.h>

#include "base/json_writer.h"

namespace deltic::delta {
namespace {

// Null counts that said "all of `live` rows" say "all of `physical` rows".
void AppendNullCounts(simdjson::dom::object counts, int64_t live, int64_t physical, JsonWriter* json) {
  json->BeginObject();
  for (const auto [name, value] : counts) {
    json->Key(name);
    simdjson::dom::object nested;
    int64_t count = 0;
    if (value.get(nested) == simdjson::SUCCESS) {
      AppendNullCounts(nested, live, physical, json);
    } else if (value.get(count) == simdjson::SUCCESS && count == live) {
      json->Int(physical);
    } else {
      json->Raw(simdjson::minify(value));
    }
  }
  json->EndObject();
}

}  // namespace

std::optional<int64_t> PhysicalRows(const std::string& stats) {
  if (stats.empty()) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  int64_t rows = 0;
  if (parser.parse(stats).get(root) != simdjson::SUCCESS) return std::nullopt;
  if (root["numRecords"].get(rows) != simdjson::SUCCESS || rows < 0) return std::nullopt;
  return rows;
}

std::optional<int64_t> LiveRows(const AddFile& file) {
  auto rows = PhysicalRows(file.stats);
  if (rows && file.deletion_vector) *rows -= file.deletion_vector->cardinality;
  return rows;
}

std::string WithWideBounds(const std::string& stats, int64_t deleted) {
  simdjson::dom::parser parser;
  simdjson::dom::object root;
  if (parser.parse(stats).get(root) != simdjson::SUCCESS) return stats;
  bool tight = false;
  if (root["tightBounds"].get(tight) != simdjson::SUCCESS) tight = false;
  int64_t physical = 0;
  if (root["numRecords"].get(physical) != simdjson::SUCCESS) tight = false;
  JsonWriter json;
  json.BeginObject();
  for (const auto [name, value] : root) {
    if (name == "tightBounds") continue;
    json.Key(name);
    simdjson::dom::object counts;
    if (name == "nullCount" && tight && deleted > 0 && value.get(counts) == simdjson::SUCCESS) {
      AppendNullCounts(counts, physical - deleted, physical, &json);
    } else {
      json.Raw(simdjson::minify(value));
    }
  }
  return json.Key("tightBounds").Bool(false).EndObject().Take();
}

std::string OnlyRowCount(int64_t physical_rows) {
  return "{\"numRecords\":" + std::to_string(physical_rows) + ",\"tightBounds\":false}";
}

}  // namespace deltic::delta
