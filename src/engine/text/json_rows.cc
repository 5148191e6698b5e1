#include "engine/text/json_rows.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "engine/functions/string_parts.h"
#include "engine/functions/throw.h"
#include "engine/functions/time_zone.h"
#include "engine/text/scalar_text.h"
#include "engine/type_map.h"
#include "engine/variant/json.h"
#include "engine/variant/vectors.h"

namespace deltic::engine::text {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using std::string;
using std::string_view;

template <typename T>
bool StoreInteger(string_view text, duckdb::Vector& out, idx_t at) {
  T value{};
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return false;
  FlatVector::GetData<T>(out)[at] = value;
  return true;
}

template <typename T>
bool StoreReal(string_view text, bool number, bool words, duckdb::Vector& out, idx_t at) {
  std::optional<T> value;
  const string_view unsigned_text = text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
  const bool infinity = unsigned_text == "Infinity" || (unsigned_text == "INF" && (number || text != "INF"));
  if (text == "NaN" && words) {
    value = std::numeric_limits<T>::quiet_NaN();
  } else if (infinity && words) {
    value = text.starts_with('-') ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity();
  } else if (number) {
    if constexpr (std::is_same_v<T, float>)
      value = ReadJavaFloat(text);
    else
      value = ReadJavaDouble(text);
  }
  if (!value) return false;
  FlatVector::GetData<T>(out)[at] = *value;
  return true;
}

// RFC 4648 with padding; false: not base 64.
bool DecodeBase64(string_view text, string* out) {
  uint32_t bits = 0;
  int count = 0;
  size_t i = 0;
  for (; i < text.size() && text[i] != '='; i++) {
    const char c = text[i];
    const int value = c >= 'A' && c <= 'Z'   ? c - 'A'
                      : c >= 'a' && c <= 'z' ? c - 'a' + 26
                      : c >= '0' && c <= '9' ? c - '0' + 52
                      : c == '+'             ? 62
                      : c == '/'             ? 63
                                             : -1;
    if (value < 0) return false;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out->push_back(static_cast<char>(bits >> count));
    }
  }
  const size_t padding = text.size() - i;
  if (text.find_first_not_of('=', i) != string_view::npos) return false;
  return text.size() % 4 == 0 && padding <= 2;
}

template <typename T>
bool Put(const std::optional<T>& value, duckdb::Vector& out, idx_t at) {
  if (value) FlatVector::GetData<T>(out)[at] = *value;
  return value.has_value();
}

// Appends a slot to a list's child.
idx_t AppendSlot(duckdb::Vector& list) {
  const idx_t slot = duckdb::ListVector::GetListSize(list);
  duckdb::ListVector::Reserve(list, slot + 1);
  duckdb::ListVector::SetListSize(list, slot + 1);
  return slot;
}

}  // namespace

JsonRows::JsonRows(const Options& options, const std::vector<types::StructField>& wanted, bool arrays)
    : options_(options), arrays_(arrays), reader_(options.json) {
  target_.fields = wanted;
  target_.vectors.resize(wanted.size());
  target_.corrupt = FindCorruptField(wanted, options);
}

size_t JsonRows::Begin(string_view text, string_view record) {
  text_ = text;
  record_ = record;
  malformed_ = false;
  cause_ = Status::Ok();
  reader_.Reset(text);
  switch (reader_.Next()) {
    case JsonToken::kEnd: return 0;
    case JsonToken::kStartObject: root_ = Root::kObject; return 1;
    case JsonToken::kStartArray:
      if (!arrays_) {
        cause_ = Error("MALFORMED_RECORD_IN_PARSING.CANNOT_PARSE_JSON_ARRAYS_AS_STRUCTS",
                       {{"badRecord", string(record)}, {"failFastMode", options_.mode_text}});
        break;
      }
      root_ = Root::kArray;
      return CountElements();
    default: break;
  }
  root_ = Root::kBad;
  return 1;
}

// Reads the array once for its number of rows: one bad element makes the document one malformed row.
size_t JsonRows::CountElements() {
  constexpr idx_t kTrialRows = 256;
  if (trial_ == nullptr) {
    trial_ = std::make_unique<duckdb::DataChunk>();
    duckdb::vector<duckdb::LogicalType> types;
    for (const auto& field : target_.fields) types.push_back(ToDuckType(field.type));
    if (types.empty()) types.push_back(duckdb::LogicalType::BOOLEAN);
    trial_->Initialize(duckdb::Allocator::DefaultAllocator(), types);
  }
  std::vector<duckdb::Vector*> vectors;
  size_t count = 0;
  while (true) {
    const JsonToken token = reader_.Next();
    if (token == JsonToken::kEndArray) break;
    Got got = Got::kBad;
    if (token == JsonToken::kStartObject) {
      if (count % kTrialRows == 0) {
        trial_->Reset();
        vectors.clear();
        for (size_t i = 0; i < target_.fields.size(); i++) vectors.push_back(&trial_->data[i]);
      }
      got = Object({&target_.fields, &vectors, target_.corrupt}, count % kTrialRows);
    }
    if (got == Got::kBad) {
      root_ = Root::kBad;
      return 1;
    }
    malformed_ = malformed_ || got == Got::kPartial;
    count++;
  }
  reader_.Reset(text_);
  reader_.Next();
  return count;
}

bool JsonRows::Store(idx_t at) {
  Got got = Got::kBad;
  if (root_ == Root::kArray) reader_.Next();
  if (root_ != Root::kBad) got = Object({&target_.fields, &target_.vectors, target_.corrupt}, at);
  if (got == Got::kBad) SetAllNull(target_, at);
  const bool malformed = malformed_ || got != Got::kValue;
  return FinishRow(target_, at, malformed, record_, options_, cause_.ok() ? nullptr : &cause_);
}

bool JsonRows::StoreValue(string_view text, const DataType& type, duckdb::Vector& out, idx_t at) {
  record_ = text;
  cause_ = Status::Ok();
  reader_.Reset(text);
  const JsonToken token = reader_.Next();
  if (token == JsonToken::kEnd) return false;
  Got got = Got::kBad;
  if (type.Is(TypeId::kArray) && token == JsonToken::kStartObject && type.element().Is(TypeId::kStruct)) {
    const idx_t slot = AppendSlot(out);
    auto& child = duckdb::ListVector::GetEntry(out);
    SetValid(child, slot);
    got = Struct(type.element(), child, slot);
    FlatVector::GetData<duckdb::list_entry_t>(out)[at] = {slot, 1};
  } else {
    got = Convert(type, out, at);
  }
  if (got == Got::kNull) got = Got::kBad;  // a root that is null
  if (got != Got::kValue && options_.mode == Mode::kFailFast) {
    if (!cause_.ok()) functions::ThrowStatus(cause_);
    FailMalformed("[null]", options_);
  }
  return got != Got::kBad;
}

JsonRows::Got JsonRows::Object(const Fields& fields, idx_t at) {
  const auto& types = *fields.types;
  for (size_t i = 0; i < types.size(); i++) SetNull(*(*fields.vectors)[i], at);
  bool bad = false;
  size_t expected = 0;
  while (true) {
    const JsonToken token = reader_.Next();
    if (token == JsonToken::kError) return Got::kBad;
    if (token == JsonToken::kEndObject || token == JsonToken::kEnd) break;
    string_view name;
    size_t found = types.size();
    if (reader_.Name(&name)) {
      if (expected < types.size() && types[expected].name == name) {
        found = expected;
      } else {
        for (found = 0; found < types.size() && types[found].name != name; found++) {
        }
      }
    }
    if (found == types.size() || static_cast<int>(found) == fields.skipped) {
      if (!reader_.SkipChildren()) return Got::kBad;
      continue;
    }
    expected = found + 1;
    duckdb::Vector& out = *(*fields.vectors)[found];
    SetValid(out, at);
    const Got got = Convert(types[found].type, out, at);
    if (got == Got::kNull || got == Got::kBad) SetNull(out, at);
    bad = bad || got == Got::kPartial || got == Got::kBad;
    if (got == Got::kBad && !reader_.SkipChildren()) return Got::kBad;
  }
  return bad ? Got::kPartial : Got::kValue;
}

JsonRows::Got JsonRows::Struct(const DataType& type, duckdb::Vector& out, idx_t at) {
  std::vector<duckdb::Vector*> children;
  for (auto& child : duckdb::StructVector::GetEntries(out)) children.push_back(child.get());
  return Object({&type.fields(), &children, -1}, at);
}

JsonRows::Got JsonRows::List(const DataType& type, duckdb::Vector& out, idx_t at) {
  const idx_t offset = duckdb::ListVector::GetListSize(out);
  idx_t count = 0;
  bool partial = false;
  while (true) {
    const JsonToken token = reader_.Next();
    if (token == JsonToken::kError) return Got::kBad;
    if (token == JsonToken::kEndArray || token == JsonToken::kEnd) break;
    const idx_t slot = AppendSlot(out);
    auto& child = duckdb::ListVector::GetEntry(out);
    SetValid(child, slot);
    const Got got = Convert(type.element(), child, slot);
    if (got == Got::kBad) return Got::kBad;
    if (got == Got::kNull) SetNull(child, slot);
    partial = partial || got == Got::kPartial;
    count++;
  }
  FlatVector::GetData<duckdb::list_entry_t>(out)[at] = {offset, count};
  return partial ? Got::kPartial : Got::kValue;
}

JsonRows::Got JsonRows::Map(const DataType& type, duckdb::Vector& out, idx_t at) {
  const idx_t offset = duckdb::ListVector::GetListSize(out);
  idx_t count = 0;
  bool partial = false;
  bool bad = false;  // a value did not fit: Spark gives the whole map up, but reads it to its end
  while (true) {
    const JsonToken token = reader_.Next();
    if (token == JsonToken::kError) return Got::kBad;
    if (token == JsonToken::kEndObject || token == JsonToken::kEnd) break;
    string_view name;
    reader_.Name(&name);
    const idx_t slot = AppendSlot(out);
    auto& keys = duckdb::MapVector::GetKeys(out);
    auto& values = duckdb::MapVector::GetValues(out);
    SetValid(duckdb::ListVector::GetEntry(out), slot);
    SetValid(keys, slot);
    SetValid(values, slot);
    StoreText(name, keys, slot);
    const Got got = Convert(type.value(), values, slot);
    if (got == Got::kNull || got == Got::kBad) SetNull(values, slot);
    partial = partial || got == Got::kPartial;
    bad = bad || got == Got::kBad;
    if (got == Got::kBad && !reader_.SkipChildren()) return Got::kBad;
    count++;
  }
  if (bad) return Got::kBad;
  FlatVector::GetData<duckdb::list_entry_t>(out)[at] = {offset, count};
  return partial ? Got::kPartial : Got::kValue;
}

JsonRows::Got JsonRows::Convert(const DataType& type, duckdb::Vector& out, idx_t at) {
  JsonToken token = reader_.current();
  if (token == JsonToken::kFieldName) token = reader_.Next();
  if (token == JsonToken::kError) return Got::kBad;
  if (type.Is(TypeId::kVariant)) return Variant(out, at);
  if (token == JsonToken::kNull || token == JsonToken::kEnd) return Got::kNull;
  switch (type.id()) {
    case TypeId::kArray: return token == JsonToken::kStartArray ? List(type, out, at) : Got::kBad;
    case TypeId::kMap:
      if (!type.key().IsString())
        functions::ThrowStatus(Unsupported("JSON as a map with keys of " + type.key().SimpleString()));
      return token == JsonToken::kStartObject ? Map(type, out, at) : Got::kBad;
    case TypeId::kStruct: return token == JsonToken::kStartObject ? Struct(type, out, at) : Got::kBad;
    case TypeId::kNull: return reader_.SkipChildren() ? Got::kNull : Got::kBad;
    default: return ConvertScalar(token, type, out, at);
  }
}

JsonRows::Got JsonRows::Variant(duckdb::Vector& out, idx_t at) {
  variant::VariantBuilder builder;
  if (!variant::AppendJson(&reader_, &builder).ok() || builder.IsTooLarge()) return Got::kBad;
  variant::StoreVariant(builder, out, at);
  return Got::kValue;
}

JsonRows::Got JsonRows::ConvertText(JsonToken token, duckdb::Vector& out, idx_t at) {
  string_view text;
  string copied;
  if (token == JsonToken::kString) {
    if (!reader_.Text(&text)) return Got::kBad;
  } else {
    if (!reader_.Copy(&copied)) return Got::kBad;
    text = copied;
  }
  StoreText(text, out, at);
  return Got::kValue;
}

JsonRows::Got JsonRows::ConvertNumber(JsonToken token, const DataType& type, duckdb::Vector& out, idx_t at) {
  string_view text;
  if (token != JsonToken::kInteger || !reader_.Text(&text)) return Got::kBad;
  bool stored = false;
  switch (type.id()) {
    case TypeId::kByte: {
      // Jackson's getByteValue takes what fits into eight bits either way.
      int16_t wide = 0;
      const auto end = std::from_chars(text.data(), text.data() + text.size(), wide);
      stored = end.ec == std::errc() && wide >= -128 && wide <= 255;
      if (stored) FlatVector::GetData<int8_t>(out)[at] = static_cast<int8_t>(wide);
      break;
    }
    case TypeId::kShort: stored = StoreInteger<int16_t>(text, out, at); break;
    case TypeId::kInteger: stored = StoreInteger<int32_t>(text, out, at); break;
    default: stored = StoreInteger<int64_t>(text, out, at); break;
  }
  return stored ? Got::kValue : Got::kBad;
}

JsonRows::Got JsonRows::ConvertReal(JsonToken token, const DataType& type, duckdb::Vector& out, idx_t at) {
  const bool number = token == JsonToken::kInteger || token == JsonToken::kFloat;
  string_view text;
  if ((!number && token != JsonToken::kString) || !reader_.Text(&text)) return Got::kBad;
  const bool words = number || options_.json.non_numeric_numbers;
  const bool stored = type.Is(TypeId::kFloat) ? StoreReal<float>(text, number, words, out, at)
                                              : StoreReal<double>(text, number, words, out, at);
  return stored ? Got::kValue : Got::kBad;
}

JsonRows::Got JsonRows::ConvertTime(JsonToken token, const DataType& type, duckdb::Vector& out, idx_t at) {
  string_view text;
  if (token == JsonToken::kInteger && type.Is(TypeId::kTimestamp)) {
    int64_t seconds = 0;
    if (!reader_.Text(&text) || std::from_chars(text.data(), text.data() + text.size(), seconds).ec != std::errc()) {
      return Got::kBad;
    }
    FlatVector::GetData<int64_t>(out)[at] =
        static_cast<int64_t>(static_cast<uint64_t>(seconds) * static_cast<uint64_t>(functions::kMicrosPerSecond));
    return Got::kValue;
  }
  if (token != JsonToken::kString || !reader_.Text(&text) || text.empty()) return Got::kBad;
  bool stored = false;
  if (type.Is(TypeId::kDate)) {
    // Days since the epoch as a string, as Spark 1.5 wrote them.
    int32_t days = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, days);
    const bool number = parsed.ec == std::errc() && parsed.ptr == end && text.size() < 8 && options_.DateFallback();
    std::optional<int32_t> date;
    if (!number || text.size() >= 4) date = ReadDate(text, options_);
    if (!date && number) date = days;
    stored = Put(date, out, at);
  } else if (type.Is(TypeId::kTimestamp)) {
    stored = Put(ReadTimestamp(text, options_), out, at);
  } else {
    stored = Put(ReadTimestampNtz(text, options_), out, at);
  }
  return stored ? Got::kValue : Got::kBad;
}

JsonRows::Got JsonRows::ConvertScalar(JsonToken token, const DataType& type, duckdb::Vector& out, idx_t at) {
  string_view text;
  switch (type.id()) {
    case TypeId::kBoolean:
      if (token != JsonToken::kTrue && token != JsonToken::kFalse) return Got::kBad;
      FlatVector::GetData<bool>(out)[at] = token == JsonToken::kTrue;
      return Got::kValue;
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong: return ConvertNumber(token, type, out, at);
    case TypeId::kFloat:
    case TypeId::kDouble: return ConvertReal(token, type, out, at);
    case TypeId::kDecimal: {
      const bool fits = token == JsonToken::kInteger || token == JsonToken::kFloat || token == JsonToken::kString;
      if (!fits || !reader_.Text(&text)) return Got::kBad;
      return StoreDecimal(text, type, out, at) ? Got::kValue : Got::kBad;
    }
    case TypeId::kDate:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz: return ConvertTime(token, type, out, at);
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar: return ConvertText(token, out, at);
    case TypeId::kBinary: {
      string bytes;
      if (token != JsonToken::kString || !reader_.Text(&text) || !DecodeBase64(text, &bytes)) return Got::kBad;
      StoreText(bytes, out, at);
      return Got::kValue;
    }
    case TypeId::kDayTimeInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kCalendarInterval:
      if (token != JsonToken::kString || !reader_.Text(&text)) return Got::kBad;
      return StoreInterval(text, type, out, at) ? Got::kValue : Got::kNull;
    default: return Got::kBad;
  }
}

}  // namespace deltic::engine::text
