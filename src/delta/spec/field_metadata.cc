#include "delta/spec/field_metadata.h"

#include <simdjson.h>

#include "base/json_writer.h"

namespace deltic::delta {
namespace {

// Calls `each` with the keys and JSON values of the object, in order; nothing for what is no object.
void ForEachEntry(const std::string& metadata,
                  const std::function<void(std::string_view key, const std::string& json)>& each) {
  if (metadata.empty() || metadata == "{}") return;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(metadata).get(object) != simdjson::SUCCESS) return;
  for (const auto [key, value] : object) each(key, simdjson::minify(value));
}

}  // namespace

std::string WithFieldMetadata(const std::string& metadata, std::string_view key, std::string_view json_value) {
  JsonWriter json;
  json.BeginObject();
  bool found = false;
  ForEachEntry(metadata, [&](std::string_view existing, const std::string& value) {
    const bool same = existing == key;
    found = found || same;
    json.Key(existing).Raw(same ? json_value : std::string_view(value));
  });
  if (!found) json.Key(key).Raw(json_value);
  return json.EndObject().Take();
}

std::string WithFieldText(const std::string& metadata, std::string_view key, std::string_view text) {
  return WithFieldMetadata(metadata, key, JsonQuote(text));
}

std::string WithFieldNumber(const std::string& metadata, std::string_view key, int64_t value) {
  return WithFieldMetadata(metadata, key, std::to_string(value));
}

std::string WithoutFieldMetadata(const std::string& metadata, const std::function<bool(std::string_view)>& dropped) {
  JsonWriter json;
  json.BeginObject();
  ForEachEntry(metadata, [&](std::string_view key, const std::string& value) {
    if (!dropped(key)) json.Key(key).Raw(value);
  });
  return json.EndObject().Take();
}

std::string WithoutFieldKey(const std::string& metadata, std::string_view key) {
  return WithoutFieldMetadata(metadata, [&](std::string_view candidate) { return candidate == key; });
}

std::string FieldMetadataJson(const std::string& metadata, std::string_view key) {
  std::string out;
  ForEachEntry(metadata, [&](std::string_view existing, const std::string& value) {
    if (existing == key) out = value;
  });
  return out;
}

}  // namespace deltic::delta
