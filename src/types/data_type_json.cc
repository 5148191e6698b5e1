// JSON form of DataType: writing, and reading with simdjson (PROTOCOL.md › Schema Serialization Format).
#include <simdjson.h>

#include <cctype>
#include <cstdlib>

#include "base/json_writer.h"
#include "types/data_type.h"

namespace deltic::types {
namespace {

// Deeper schemas are refused: the reader recurses once per level.
constexpr int kMaxDepth = 200;

void Write(const DataType& type, JsonWriter* json);

std::string PrimitiveJsonName(const DataType& type) {
  switch (type.id()) {
    case TypeId::kByte: return "byte";
    case TypeId::kShort: return "short";
    case TypeId::kInteger: return "integer";
    case TypeId::kLong: return "long";
    default: return type.SimpleString();
  }
}

void Write(const DataType& type, JsonWriter* json) {
  switch (type.id()) {
    case TypeId::kArray:
      json->BeginObject().Key("type").String("array").Key("elementType");
      Write(type.element(), json);
      json->Key("containsNull").Bool(type.contains_null()).EndObject();
      return;
    case TypeId::kMap:
      json->BeginObject().Key("type").String("map").Key("keyType");
      Write(type.key(), json);
      json->Key("valueType");
      Write(type.value(), json);
      json->Key("valueContainsNull").Bool(type.contains_null()).EndObject();
      return;
    case TypeId::kStruct:
      json->BeginObject().Key("type").String("struct").Key("fields").BeginArray();
      for (const auto& field : type.fields()) {
        json->BeginObject().Key("name").String(field.name).Key("type");
        Write(field.type, json);
        json->Key("nullable").Bool(field.nullable).Key("metadata").Raw(field.metadata).EndObject();
      }
      json->EndArray().EndObject();
      return;
    default: json->String(PrimitiveJsonName(type));
  }
}

Status Malformed(std::string_view what) {
  return Error("DELTA_FAILED_TO_PARSE_SCHEMA", {{"reason", std::string(what)}},
               "Malformed schema JSON: " + std::string(what));
}

// "decimal(10,2)" → name "decimal", numbers {10, 2}.
bool SplitNumbers(std::string_view text, std::string_view* name, std::vector<int>* numbers) {
  const size_t open = text.find('(');
  if (open == std::string_view::npos || text.back() != ')') return false;
  *name = text.substr(0, open);
  std::string body(text.substr(open + 1, text.size() - open - 2));
  size_t start = 0;
  while (start <= body.size()) {
    const size_t comma = std::min(body.find(',', start), body.size());
    char* end = nullptr;
    const std::string part = body.substr(start, comma - start);
    const long number = std::strtol(part.c_str(), &end, 10);
    if (end == part.c_str() || number < -1000 || number > 1 << 30) return false;
    numbers->push_back(static_cast<int>(number));
    start = comma + 1;
  }
  return true;
}

int IndexOf(const std::vector<std::string_view>& names, std::string_view name) {
  for (size_t i = 0; i < names.size(); i++) {
    if (names[i] == name) return static_cast<int>(i);
  }
  return -1;
}

bool ParseInterval(std::string_view text, DataType* out) {
  if (!text.starts_with("interval ")) return false;
  text.remove_prefix(9);
  const size_t to = text.find(" to ");
  const std::string_view first = text.substr(0, to);
  const std::string_view last = to == std::string_view::npos ? first : text.substr(to + 4);
  const std::vector<std::string_view> day_time = {"day", "hour", "minute", "second"};
  const std::vector<std::string_view> year_month = {"year", "month"};
  if (IndexOf(day_time, first) >= 0 && IndexOf(day_time, last) >= IndexOf(day_time, first)) {
    *out = DataType::DayTimeInterval(IndexOf(day_time, first), IndexOf(day_time, last));
    return true;
  }
  if (IndexOf(year_month, first) >= 0 && IndexOf(year_month, last) >= IndexOf(year_month, first)) {
    *out = DataType::YearMonthInterval(IndexOf(year_month, first), IndexOf(year_month, last));
    return true;
  }
  return false;
}

Result<DataType> ParsePrimitive(std::string_view text) {
  static const std::pair<std::string_view, TypeId> kNames[] = {{"void", TypeId::kNull},
                                                               {"null", TypeId::kNull},
                                                               {"boolean", TypeId::kBoolean},
                                                               {"byte", TypeId::kByte},
                                                               {"tinyint", TypeId::kByte},
                                                               {"short", TypeId::kShort},
                                                               {"smallint", TypeId::kShort},
                                                               {"integer", TypeId::kInteger},
                                                               {"int", TypeId::kInteger},
                                                               {"long", TypeId::kLong},
                                                               {"bigint", TypeId::kLong},
                                                               {"float", TypeId::kFloat},
                                                               {"double", TypeId::kDouble},
                                                               {"string", TypeId::kString},
                                                               {"binary", TypeId::kBinary},
                                                               {"date", TypeId::kDate},
                                                               {"timestamp", TypeId::kTimestamp},
                                                               {"timestamp_ntz", TypeId::kTimestampNtz},
                                                               {"timestamp_ltz", TypeId::kTimestamp},
                                                               {"interval", TypeId::kCalendarInterval},
                                                               {"calendarinterval", TypeId::kCalendarInterval},
                                                               {"variant", TypeId::kVariant}};
  for (const auto& [name, id] : kNames) {
    if (text == name) return DataType(id);
  }
  if (text == "decimal") return DataType::Decimal(10, 0);
  std::string_view name;
  std::vector<int> numbers;
  if (SplitNumbers(text, &name, &numbers)) {
    if (name == "decimal" && numbers.size() == 2 && numbers[0] >= 1 && numbers[0] <= 38 && numbers[1] <= numbers[0] &&
        numbers[1] >= 0) {
      return DataType::Decimal(numbers[0], numbers[1]);
    }
    if (name == "char" && numbers.size() == 1 && numbers[0] > 0) return DataType::Char(numbers[0]);
    if (name == "varchar" && numbers.size() == 1 && numbers[0] > 0) return DataType::Varchar(numbers[0]);
  }
  DataType interval;
  if (ParseInterval(text, &interval)) return interval;
  return Malformed("unknown type '" + std::string(text) + "'");
}

Result<DataType> Parse(simdjson::dom::element json, int depth);

Result<std::vector<StructField>> ParseFields(simdjson::dom::element json, int depth) {
  simdjson::dom::array array;
  if (json["fields"].get(array) != simdjson::SUCCESS) return Malformed("a struct needs 'fields'");
  std::vector<StructField> fields;
  for (const auto item : array) {
    StructField field;
    std::string_view name;
    if (item["name"].get(name) != simdjson::SUCCESS) return Malformed("a field needs a 'name'");
    field.name = name;
    simdjson::dom::element type;
    if (item["type"].get(type) != simdjson::SUCCESS) return Malformed("field '" + field.name + "' has no type");
    ASSIGN_OR_RETURN(field.type, Parse(type, depth + 1));
    bool nullable = true;
    if (item["nullable"].get(nullable) == simdjson::SUCCESS) field.nullable = nullable;
    simdjson::dom::object metadata;
    if (item["metadata"].get(metadata) == simdjson::SUCCESS) field.metadata = simdjson::minify(metadata);
    fields.push_back(std::move(field));
  }
  return fields;
}

Result<DataType> Parse(simdjson::dom::element json, int depth) {
  if (depth > kMaxDepth) return Malformed("nested deeper than 200 levels");
  std::string_view text;
  if (json.get(text) == simdjson::SUCCESS) return ParsePrimitive(text);
  if (json["type"].get(text) != simdjson::SUCCESS) return Malformed("a type needs 'type'");
  if (text == "struct") {
    ASSIGN_OR_RETURN(auto fields, ParseFields(json, depth));
    return DataType::Struct(std::move(fields));
  }
  simdjson::dom::element part;
  bool contains_null = true;
  if (text == "array") {
    if (json["elementType"].get(part) != simdjson::SUCCESS) return Malformed("an array needs 'elementType'");
    ASSIGN_OR_RETURN(auto element, Parse(part, depth + 1));
    if (json["containsNull"].get(contains_null) != simdjson::SUCCESS) contains_null = true;
    return DataType::Array(std::move(element), contains_null);
  }
  if (text == "map") {
    if (json["keyType"].get(part) != simdjson::SUCCESS) return Malformed("a map needs 'keyType'");
    ASSIGN_OR_RETURN(auto key, Parse(part, depth + 1));
    if (json["valueType"].get(part) != simdjson::SUCCESS) return Malformed("a map needs 'valueType'");
    ASSIGN_OR_RETURN(auto value, Parse(part, depth + 1));
    if (json["valueContainsNull"].get(contains_null) != simdjson::SUCCESS) contains_null = true;
    return DataType::Map(std::move(key), std::move(value), contains_null);
  }
  if (text == "udt" && json["sqlType"].get(part) == simdjson::SUCCESS) return Parse(part, depth + 1);
  return Malformed("unknown type '" + std::string(text) + "'");
}

}  // namespace

std::string DataType::Json() const {
  JsonWriter json;
  Write(*this, &json);
  return json.Take();
}

Result<DataType> DataType::FromJson(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) {
    return ParsePrimitive(json);  // a bare type name, as some writers store it
  }
  return Parse(root, 0);
}

bool StructField::HasMetadata(std::string_view key) const {
  if (metadata == "{}") return false;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  return parser.parse(metadata).get(root) == simdjson::SUCCESS && root[key].error() == simdjson::SUCCESS;
}

int64_t StructField::MetadataInt(std::string_view key, int64_t fallback) const {
  if (metadata == "{}") return fallback;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  int64_t value = 0;
  if (parser.parse(metadata).get(root) != simdjson::SUCCESS) return fallback;
  return root[key].get(value) == simdjson::SUCCESS ? value : fallback;
}

std::string StructField::MetadataString(std::string_view key) const {
  if (metadata == "{}") return {};
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view value;
  if (parser.parse(metadata).get(root) != simdjson::SUCCESS) return {};
  return root[key].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

}  // namespace deltic::types
