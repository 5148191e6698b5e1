#include "spark/command/identity_marks.h"

#include <simdjson.h>

#include <map>
#include <optional>
#include <string>

#include "base/json_writer.h"
#include "delta/spec/schema.h"

namespace deltic::spark::command {
namespace {

constexpr std::string_view kMark = "delta.identity.highWaterMark";
constexpr std::string_view kStep = "delta.identity.step";

std::optional<int64_t> Number(const std::string& metadata, std::string_view key) {
  simdjson::dom::parser parser;
  int64_t value = 0;
  if (parser.parse(metadata)[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::string WithMark(const std::string& metadata, int64_t mark) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(metadata).get(object) != simdjson::SUCCESS) return metadata;
  JsonWriter json;
  json.BeginObject();
  for (const auto [key, value] : object) {
    if (key != kMark) json.Key(key).Raw(simdjson::minify(value));
  }
  json.Key(kMark).Int(mark);
  return json.EndObject().Take();
}

}  // namespace

void MergeIdentityMarks(const delta::Metadata& current, delta::Metadata* metadata) {
  std::map<std::string, int64_t> marks;
  const auto current_mode = delta::MappingModeOf(current);
  for (const auto& field : current.schema.fields()) {
    if (const auto mark = Number(field.metadata, kMark)) marks[delta::PhysicalName(field, current_mode)] = *mark;
  }
  if (marks.empty()) return;
  bool changed = false;
  std::vector<types::StructField> fields = metadata->schema.fields();
  const auto mode = delta::MappingModeOf(*metadata);
  for (auto& field : fields) {
    const auto step = Number(field.metadata, kStep);
    const auto found = marks.find(delta::PhysicalName(field, mode));
    if (!step.has_value() || found == marks.end()) continue;
    const auto own = Number(field.metadata, kMark);
    const bool ahead = !own.has_value() || (*step > 0 ? found->second > *own : found->second < *own);
    if (!ahead) continue;
    field.metadata = WithMark(field.metadata, found->second);
    changed = true;
  }
  if (!changed) return;
  metadata->schema = types::DataType::Struct(std::move(fields));
  metadata->schema_string = metadata->schema.Json();
}

}  // namespace deltic::spark::command
