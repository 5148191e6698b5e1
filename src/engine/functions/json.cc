// JSON kernels: paths, reading into typed values and writing them.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "duckdb/common/types/decimal.hpp"
#include "engine/functions/datetime_pattern.h"
#include "engine/functions/json_path.h"
#include "engine/functions/json_value.h"
#include "engine/functions/kernel.h"
#include "engine/functions/list_access.h"
#include "engine/functions/register.h"
#include "engine/functions/string_parts.h"
#include "engine/functions/throw.h"
#include "engine/functions/time_zone.h"
#include "types/data_type.h"

namespace deltic::engine::functions {
namespace {

using duckdb::FlatVector;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Vector;
using std::string;
using std::string_view;
using Kind = JsonValue::Kind;

// --- from_json ------------------------------------------------------------------------------------------------
template <typename T>
bool StoreInteger(const JsonValue& json, Vector& out, idx_t at) {
  int64_t number = 0;
  const auto* end = json.text.data() + json.text.size();
  if (!json.IsInteger() || std::from_chars(json.text.data(), end, number).ec != std::errc() ||
      number < std::numeric_limits<T>::min() || number > std::numeric_limits<T>::max()) {
    return false;
  }
  FlatVector::GetData<T>(out)[at] = static_cast<T>(number);
  return true;
}

template <typename T>
bool StoreFloat(const JsonValue& json, Vector& out, idx_t at) {
  double number = 0;
  if (json.Is(Kind::kString)) {
    if (json.text == "NaN")
      number = std::numeric_limits<double>::quiet_NaN();
    else if (json.text == "Infinity" || json.text == "+INF" || json.text == "+Infinity" || json.text == "INF")
      number = HUGE_VAL;
    else if (json.text == "-Infinity" || json.text == "-INF")
      number = -HUGE_VAL;
    else
      return false;
  } else if (json.Is(Kind::kNumber)) {
    std::from_chars(json.text.data(), json.text.data() + json.text.size(), number);
  } else {
    return false;
  }
  FlatVector::GetData<T>(out)[at] = static_cast<T>(number);
  return true;
}

bool Store(const JsonValue& json, const LogicalType& type, Vector& out, idx_t at);

// Appends `count` slots to a list child and gives the offset of the first.
idx_t Extend(Vector& list, idx_t at, idx_t count) {
  const idx_t offset = duckdb::ListVector::GetListSize(list);
  duckdb::ListVector::Reserve(list, offset + count);
  duckdb::ListVector::SetListSize(list, offset + count);
  FlatVector::GetData<duckdb::list_entry_t>(list)[at] = {offset, count};
  return offset;
}

void StoreOrNull(const JsonValue& json, const LogicalType& type, Vector& out, idx_t at) {
  if (json.Is(Kind::kNull) || !Store(json, type, out, at)) FlatVector::SetNull(out, at, true);
}

bool StoreStruct(const JsonValue& json, const LogicalType& type, Vector& out, idx_t at) {
  if (!json.Is(Kind::kObject)) return false;
  const auto& fields = duckdb::StructType::GetChildTypes(type);
  auto& children = duckdb::StructVector::GetEntries(out);
  for (size_t i = 0; i < fields.size(); i++) {
    const JsonValue* found = nullptr;
    for (const auto& [name, member] : json.members) {
      if (name == fields[i].first) found = &member;
    }
    if (found == nullptr)
      FlatVector::SetNull(*children[i], at, true);
    else
      StoreOrNull(*found, fields[i].second, *children[i], at);
  }
  return true;
}

// Stores `json` as `type`; false when the token does not fit (the slot is then NULL).
bool Store(const JsonValue& json, const LogicalType& type, Vector& out, idx_t at) {
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
      if (!json.Is(Kind::kTrue) && !json.Is(Kind::kFalse)) return false;
      FlatVector::GetData<bool>(out)[at] = json.Is(Kind::kTrue);
      return true;
    case LogicalTypeId::TINYINT: return StoreInteger<int8_t>(json, out, at);
    case LogicalTypeId::SMALLINT: return StoreInteger<int16_t>(json, out, at);
    case LogicalTypeId::INTEGER: return StoreInteger<int32_t>(json, out, at);
    case LogicalTypeId::BIGINT: return StoreInteger<int64_t>(json, out, at);
    case LogicalTypeId::FLOAT: return StoreFloat<float>(json, out, at);
    case LogicalTypeId::DOUBLE: return StoreFloat<double>(json, out, at);
    case LogicalTypeId::VARCHAR: {
      string text;
      if (json.Is(Kind::kString))
        text = json.text;
      else if (json.Is(Kind::kNumber))
        text = json.text;
      else
        WriteJson(json, &text);
      FlatVector::GetData<duckdb::string_t>(out)[at] =
          duckdb::StringVector::AddStringOrBlob(out, text.data(), text.size());
      return true;
    }
    case LogicalTypeId::LIST: {
      if (!json.Is(Kind::kArray)) return false;
      const idx_t offset = Extend(out, at, json.items.size());
      auto& child = duckdb::ListVector::GetEntry(out);
      for (size_t i = 0; i < json.items.size(); i++) {
        StoreOrNull(json.items[i], duckdb::ListType::GetChildType(type), child, offset + i);
      }
      return true;
    }
    case LogicalTypeId::MAP: {
      if (!json.Is(Kind::kObject)) return false;
      const idx_t offset = Extend(out, at, json.members.size());
      auto& keys = duckdb::MapVector::GetKeys(out);
      auto& values = duckdb::MapVector::GetValues(out);
      for (size_t i = 0; i < json.members.size(); i++) {
        JsonValue key;
        key.kind = Kind::kString;
        key.text = json.members[i].first;
        StoreOrNull(key, duckdb::MapType::KeyType(type), keys, offset + i);
        StoreOrNull(json.members[i].second, duckdb::MapType::ValueType(type), values, offset + i);
      }
      return true;
    }
    case LogicalTypeId::STRUCT: return StoreStruct(json, type, out, at);
    default: return false;
  }
}

// from_json(text, typed NULL, fail-fast): a malformed document gives a struct of NULLs, or NULL for other types.
void FromJson(duckdb::DataChunk& args, Vector& result) {
  duckdb::UnifiedVectorFormat texts;
  args.data[0].ToUnifiedFormat(args.size(), texts);
  const auto mode = args.data[2].GetValue(0);
  const bool fail_fast = !mode.IsNull() && mode.GetValue<bool>();
  const LogicalType& type = result.GetType();
  for (idx_t row = 0; row < args.size(); row++) {
    const auto at = texts.sel->get_index(row);
    if (!texts.validity.RowIsValid(at)) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    const auto text = KernelType<string_view>::Read(duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(texts)[at]);
    if (text.find_first_not_of(" \t\r\n") == string_view::npos) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    const auto json = ParseJson(text, false);
    if (json.has_value() && !json->Is(Kind::kNull) && Store(*json, type, result, row)) continue;
    if (fail_fast) {
      ThrowStatus(Error("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                        {{"badRecord", "[null]"}, {"failFastMode", "FAILFAST"}}));
    }
    if (type.id() != LogicalTypeId::STRUCT) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    for (auto& child : duckdb::StructVector::GetEntries(result)) FlatVector::SetNull(*child, row, true);
  }
}

// --- to_json --------------------------------------------------------------------------------------------------
struct WriteOptions {
  string zone;
  string timestamp_pattern;
  string date_pattern;
  string ntz_pattern;
  bool keep_nulls = false;
};

void WriteTime(int64_t micros, bool instant, const string& pattern, const WriteOptions& options, string* out) {
  int64_t local = micros;
  int64_t offset = 0;
  if (instant) {
    const auto zone = Zone::Find(options.zone);
    if (!zone.ok()) ThrowStatus(zone.status());
    offset = (*zone)->OffsetAt(micros);
    local = (*zone)->ToLocal(micros);
  }
  WriteJsonString(CachedPattern(pattern, false).Format({local, offset, options.zone, options.zone}), out);
}

void WriteValue(const duckdb::RecursiveUnifiedVectorFormat& f, idx_t row, const WriteOptions& options, string* out);

bool IsNullAt(const duckdb::RecursiveUnifiedVectorFormat& f, idx_t row) {
  return !f.unified.validity.RowIsValid(f.unified.sel->get_index(row));
}

template <typename T>
const T& At(const duckdb::RecursiveUnifiedVectorFormat& f, idx_t row) {
  return duckdb::UnifiedVectorFormat::GetData<T>(f.unified)[f.unified.sel->get_index(row)];
}

string KeyText(const duckdb::RecursiveUnifiedVectorFormat& f, idx_t row, const WriteOptions& options) {
  string text;
  WriteValue(f, row, options, &text);
  if (text.size() >= 2 && text.front() == '"') {
    const auto parsed = ParseJson(text, true);
    if (parsed.has_value()) return parsed->text;
  }
  return text;
}

void WriteNested(const duckdb::RecursiveUnifiedVectorFormat& f, idx_t row, const WriteOptions& options, string* out) {
  const auto id = f.logical_type.id();
  if (id == LogicalTypeId::STRUCT) {
    const idx_t at = f.unified.sel->get_index(row);
    const auto& fields = duckdb::StructType::GetChildTypes(f.logical_type);
    out->push_back('{');
    bool first = true;
    for (size_t i = 0; i < fields.size(); i++) {
      if (IsNullAt(f.children[i], at) && !options.keep_nulls) continue;
      if (!first) out->push_back(',');
      first = false;
      WriteJsonString(fields[i].first, out);
      out->push_back(':');
      WriteValue(f.children[i], at, options, out);
    }
    out->push_back('}');
    return;
  }
  const auto entry = At<duckdb::list_entry_t>(f, row);
  out->push_back(id == LogicalTypeId::MAP ? '{' : '[');
  for (idx_t i = 0; i < entry.length; i++) {
    if (i > 0) out->push_back(',');
    if (id == LogicalTypeId::MAP) {
      const auto& pair = f.children[0];
      const idx_t at = pair.unified.sel->get_index(entry.offset + i);
      WriteJsonString(KeyText(pair.children[0], at, options), out);
      out->push_back(':');
      WriteValue(pair.children[1], at, options, out);
    } else {
      WriteValue(f.children[0], entry.offset + i, options, out);
    }
  }
  out->push_back(id == LogicalTypeId::MAP ? '}' : ']');
}

void WriteDouble(double value, string text, string* out) {
  if (std::isfinite(value))
    *out += text;
  else
    WriteJsonString(text, out);
}

string JavaFloat(float value) {
  if (!std::isfinite(value)) return JavaDouble(value);
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  double shortest = 0;
  std::from_chars(buffer, end, shortest);
  return JavaDouble(shortest);
}

void WriteDecimal(const duckdb::RecursiveUnifiedVectorFormat& f, idx_t row, string* out) {
  const auto width = duckdb::DecimalType::GetWidth(f.logical_type);
  const auto scale = duckdb::DecimalType::GetScale(f.logical_type);
  switch (f.logical_type.InternalType()) {
    case duckdb::PhysicalType::INT16:
      *out += duckdb::Decimal::ToString(int64_t{At<int16_t>(f, row)}, width, scale);
      break;
    case duckdb::PhysicalType::INT32:
      *out += duckdb::Decimal::ToString(int64_t{At<int32_t>(f, row)}, width, scale);
      break;
    case duckdb::PhysicalType::INT64: *out += duckdb::Decimal::ToString(At<int64_t>(f, row), width, scale); break;
    default: *out += duckdb::Decimal::ToString(At<duckdb::hugeint_t>(f, row), width, scale); break;
  }
}

void WriteValue(const duckdb::RecursiveUnifiedVectorFormat& f, idx_t row, const WriteOptions& options, string* out) {
  if (IsNullAt(f, row)) {
    *out += "null";
    return;
  }
  switch (f.logical_type.id()) {
    case LogicalTypeId::BOOLEAN: *out += At<bool>(f, row) ? "true" : "false"; break;
    case LogicalTypeId::TINYINT: *out += std::to_string(At<int8_t>(f, row)); break;
    case LogicalTypeId::SMALLINT: *out += std::to_string(At<int16_t>(f, row)); break;
    case LogicalTypeId::INTEGER: *out += std::to_string(At<int32_t>(f, row)); break;
    case LogicalTypeId::BIGINT: *out += std::to_string(At<int64_t>(f, row)); break;
    case LogicalTypeId::FLOAT: WriteDouble(At<float>(f, row), JavaFloat(At<float>(f, row)), out); break;
    case LogicalTypeId::DOUBLE: WriteDouble(At<double>(f, row), JavaDouble(At<double>(f, row)), out); break;
    case LogicalTypeId::VARCHAR:
      WriteJsonString(KernelType<string_view>::Read(At<duckdb::string_t>(f, row)), out);
      break;
    case LogicalTypeId::DATE:
      WriteTime(At<int32_t>(f, row) * kMicrosPerDay, false, options.date_pattern, options, out);
      break;
    case LogicalTypeId::TIMESTAMP_TZ:
      WriteTime(At<int64_t>(f, row), true, options.timestamp_pattern, options, out);
      break;
    case LogicalTypeId::TIMESTAMP: WriteTime(At<int64_t>(f, row), false, options.ntz_pattern, options, out); break;
    case LogicalTypeId::LIST:
    case LogicalTypeId::MAP:
    case LogicalTypeId::STRUCT: WriteNested(f, row, options, out); break;
    case LogicalTypeId::DECIMAL: WriteDecimal(f, row, out); break;
    case LogicalTypeId::BLOB:
      WriteJsonString(Base64(KernelType<string_view>::Read(At<duckdb::string_t>(f, row))), out);
      break;
    default: *out += "null"; break;  // the row refuses intervals
  }
}

// to_json(value, zone, timestamp pattern, date pattern, ntz pattern, keep nulls).
void ToJson(duckdb::DataChunk& args, Vector& result) {
  duckdb::RecursiveUnifiedVectorFormat format;
  Vector::RecursiveToUnifiedFormat(args.data[0], args.size(), format);
  WriteOptions options;
  const auto text = [&](idx_t c) { return duckdb::StringValue::Get(args.data[c].GetValue(0)); };
  if (args.size() > 0) {
    options = {text(1), text(2), text(3), text(4), args.data[5].GetValue(0).GetValue<bool>()};
  }
  string out;
  for (idx_t row = 0; row < args.size(); row++) {
    if (IsNullAt(format, row)) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    out.clear();
    WriteValue(format, row, options, &out);
    FlatVector::GetData<duckdb::string_t>(result)[row] =
        duckdb::StringVector::AddStringOrBlob(result, out.data(), out.size());
  }
}

// --- schema_of_json -------------------------------------------------------------------------------------------
string MergeTypes(const string& a, const string& b) {
  if (a == b || b == "VOID") return a;
  if (a == "VOID") return b;
  const auto numeric = [](const string& t) { return t == "BIGINT" || t == "DOUBLE"; };
  return numeric(a) && numeric(b) ? "DOUBLE" : "STRING";
}

string SchemaOf(const JsonValue& json) {
  switch (json.kind) {
    case Kind::kNull: return "STRING";
    case Kind::kTrue:
    case Kind::kFalse: return "BOOLEAN";
    case Kind::kString: return "STRING";
    case Kind::kNumber: {
      if (!json.IsInteger()) return "DOUBLE";
      if (json.text.size() < 19) return "BIGINT";
      return "DECIMAL(" + std::to_string(json.text.size() - (json.text[0] == '-' ? 1 : 0)) + ",0)";
    }
    case Kind::kArray: {
      string element = "VOID";
      for (const auto& item : json.items) element = MergeTypes(element, SchemaOf(item));
      return "ARRAY<" + (element == "VOID" ? string("STRING") : element) + ">";
    }
    default: break;
  }
  auto members = json.members;
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  string out = "STRUCT<";
  for (size_t i = 0; i < members.size(); i++) {
    if (i > 0) out += ", ";
    out += types::QuoteIfNeeded(members[i].first) + ": " + SchemaOf(members[i].second);
  }
  return out + ">";
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
  Add(sink, "spark_schema_of_json", [](string_view text) -> std::optional<string> {
    const auto json = ParseJson(text, false);
    return json.has_value() ? SchemaOf(*json) : string("STRUCT<_corrupt_record: STRING>");
  });
  AddGeneric(
      sink, "spark_json_object_keys", 1, [](const auto&) { return LogicalType::LIST(LogicalType::VARCHAR); },
      ObjectKeys);
  AddGeneric(sink, "spark_from_json", 3, [](const auto& types) { return types[1]; }, FromJson);
  AddGeneric(sink, "spark_to_json", 6, [](const auto&) { return LogicalType::VARCHAR; }, ToJson);
}

}  // namespace deltic::engine::functions
