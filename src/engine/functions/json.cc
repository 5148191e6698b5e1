// JSON kernels: paths, fields, lengths and keys.
#include "engine/functions/json_path.h"
#include "engine/functions/json_value.h"
#include "engine/functions/kernel.h"
#include "engine/functions/list_access.h"
#include "engine/functions/register.h"

namespace deltic::engine::functions {
namespace {

using duckdb::FlatVector;
using duckdb::LogicalType;
using duckdb::Vector;
using std::string;
using std::string_view;
using Kind = JsonValue::Kind;

// Appends `count` slots to a list child and gives the offset of the first.
idx_t Extend(Vector& list, idx_t at, idx_t count) {
  const idx_t offset = duckdb::ListVector::GetListSize(list);
  duckdb::ListVector::Reserve(list, offset + count);
  duckdb::ListVector::SetListSize(list, offset + count);
  FlatVector::GetData<duckdb::list_entry_t>(list)[at] = {offset, count};
  return offset;
}

std::optional<string> JsonField(string_view text, string_view name) {
  const auto json = ParseJson(text, false);
  if (!json.has_value() || !json->Is(Kind::kObject)) return std::nullopt;
  for (const auto& [key, member] : json->members) {
    if (key != name) continue;
    if (member.Is(Kind::kNull)) return std::nullopt;
    if (member.Is(Kind::kString)) return member.text;
    string out;
    WriteJson(member, &out);
    return out;
  }
  return std::nullopt;
}

void ObjectKeys(duckdb::DataChunk& args, Vector& result) {
  for (idx_t row = 0; row < args.size(); row++) {
    const auto text = args.data[0].GetValue(row);
    const auto json = text.IsNull() ? std::nullopt : ParseJson(duckdb::StringValue::Get(text), false);
    if (!json.has_value() || !json->Is(Kind::kObject)) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    const idx_t offset = Extend(result, row, json->members.size());
    auto& child = duckdb::ListVector::GetEntry(result);
    for (size_t i = 0; i < json->members.size(); i++) {
      FlatVector::GetData<duckdb::string_t>(child)[offset + i] =
          duckdb::StringVector::AddString(child, json->members[i].first);
    }
  }
}

}  // namespace

void RegisterJsonKernels(duckdb::ExtensionLoader& sink) {
  Add(sink, "spark_get_json_object", [](string_view text, string_view path) -> std::optional<string> {
    const auto json = ParseJson(text, false);
    return json.has_value() ? EvaluateJsonPath(*json, path) : std::nullopt;
  });
  Add(sink, "spark_json_field",
      [](std::optional<string_view> text, std::optional<string_view> name) -> std::optional<string> {
        return text.has_value() && name.has_value() ? JsonField(*text, *name) : std::nullopt;
      });
  Add(sink, "spark_json_array_length", [](string_view text) -> std::optional<int32_t> {
    const auto json = ParseJson(text, false);
    if (!json.has_value() || !json->Is(Kind::kArray)) return std::nullopt;
    return static_cast<int32_t>(json->items.size());
  });
  AddGeneric(
      sink, "spark_json_object_keys", 1, [](const auto&) { return LogicalType::LIST(LogicalType::VARCHAR); },
      ObjectKeys);
}

}  // namespace deltic::engine::functions
