#include "engine/text/value_writer.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "duckdb/common/types/decimal.hpp"
#include "engine/functions/cast_text.h"
#include "engine/functions/datetime_pattern.h"
#include "engine/functions/string_parts.h"
#include "engine/functions/utf8_text.h"
#include "engine/functions/zoned_kernel.h"
#include "engine/variant/json.h"
#include "engine/variant/vectors.h"

namespace deltic::engine::text {
namespace {

using duckdb::idx_t;
using functions::kMicrosPerDay;
using std::string;
using std::string_view;
using Format = duckdb::RecursiveUnifiedVectorFormat;

constexpr const char* kDatePattern = "yyyy-MM-dd";
constexpr const char* kTimestampPattern = "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]";
constexpr const char* kNtzPattern = "yyyy-MM-dd'T'HH:mm:ss[.SSS]";

template <typename T>
const T& At(const Format& f, idx_t row) {
  return duckdb::UnifiedVectorFormat::GetData<T>(f.unified)[f.unified.sel->get_index(row)];
}

string_view TextAt(const Format& f, idx_t row) {
  const auto& text = At<duckdb::string_t>(f, row);
  return {text.GetData(), text.GetSize()};
}

string FloatText(float value) {
  if (!std::isfinite(value)) return functions::JavaDouble(value);
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  double shortest = 0;
  std::from_chars(buffer, end, shortest);
  return functions::JavaDouble(shortest);
}

string DecimalText(const Format& f, idx_t row) {
  const auto width = duckdb::DecimalType::GetWidth(f.logical_type);
  const auto scale = duckdb::DecimalType::GetScale(f.logical_type);
  switch (f.logical_type.InternalType()) {
    case duckdb::PhysicalType::INT16: return duckdb::Decimal::ToString(int64_t{At<int16_t>(f, row)}, width, scale);
    case duckdb::PhysicalType::INT32: return duckdb::Decimal::ToString(int64_t{At<int32_t>(f, row)}, width, scale);
    case duckdb::PhysicalType::INT64: return duckdb::Decimal::ToString(At<int64_t>(f, row), width, scale);
    default: return duckdb::Decimal::ToString(At<duckdb::hugeint_t>(f, row), width, scale);
  }
}

string IntervalText(const Format& f, const DataType& type, idx_t row) {
  switch (type.id()) {
    case TypeId::kDayTimeInterval:
      return functions::FormatDayTime(At<int64_t>(f, row), type.start_field(), type.end_field());
    case TypeId::kYearMonthInterval:
      return functions::FormatYearMonth(At<int32_t>(f, row), type.start_field(), type.end_field());
    default: {
      const auto& value = At<duckdb::interval_t>(f, row);
      return functions::FormatCalendar(value.months, value.days, value.micros);
    }
  }
}

// Numbers and booleans; empty: another type.
string NumberText(const Format& f, const DataType& type, idx_t row) {
  switch (type.id()) {
    case TypeId::kBoolean: return At<bool>(f, row) ? "true" : "false";
    case TypeId::kByte: return std::to_string(At<int8_t>(f, row));
    case TypeId::kShort: return std::to_string(At<int16_t>(f, row));
    case TypeId::kInteger: return std::to_string(At<int32_t>(f, row));
    case TypeId::kLong: return std::to_string(At<int64_t>(f, row));
    case TypeId::kFloat: return FloatText(At<float>(f, row));
    case TypeId::kDouble: return functions::JavaDouble(At<double>(f, row));
    case TypeId::kDecimal: return DecimalText(f, row);
    default: return "";
  }
}

}  // namespace

bool IsNullAt(const Format& f, idx_t row) { return !f.unified.validity.RowIsValid(f.unified.sel->get_index(row)); }

string TimeText(const Format& f, const DataType& type, idx_t row, const Options& options) {
  functions::LocalTime time;
  string pattern;
  if (type.Is(TypeId::kDate)) {
    time.local_micros = int64_t{At<int32_t>(f, row)} * kMicrosPerDay;
    pattern = options.date_format.value_or(kDatePattern);
  } else if (type.Is(TypeId::kTimestampNtz)) {
    time.local_micros = At<int64_t>(f, row);
    pattern = options.timestamp_ntz_format.value_or(kNtzPattern);
  } else {
    const auto& zone = functions::ZoneOrThrow(options.time_zone);
    const int64_t micros = At<int64_t>(f, row);
    time.offset_seconds = zone.OffsetAt(micros);
    time.local_micros = zone.ToLocal(micros);
    pattern = options.timestamp_format.value_or(kTimestampPattern);
  }
  time.zone_id = time.abbreviation = options.time_zone;
  return functions::CachedPattern(pattern, false).Format(time);
}

string PlainText(const Format& f, const DataType& type, idx_t row) {
  if (IsNullAt(f, row)) return "null";
  switch (type.id()) {
    case TypeId::kDate: return std::to_string(At<int32_t>(f, row));
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz: return std::to_string(At<int64_t>(f, row));
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar: return string(TextAt(f, row));
    case TypeId::kStruct: {
      const idx_t at = f.unified.sel->get_index(row);
      string out = "[";
      for (size_t i = 0; i < type.fields().size(); ++i) {
        out += (i > 0 ? "," : "") + PlainText(f.children[i], type.fields()[i].type, at);
      }
      return out + "]";
    }
    case TypeId::kDayTimeInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kCalendarInterval: return IntervalText(f, type, row);
    default: return NumberText(f, type, row);
  }
}

void JsonValueWriter::NewLine(string* out) const {
  out->push_back('\n');
  out->append(static_cast<size_t>(depth_) * 2, ' ');
}

void JsonValueWriter::Text(string_view text, string* out) const {
  if (!options_.ascii_only || functions::IsAscii(text)) return functions::WriteJsonString(text, out);
  string quoted;
  functions::WriteJsonString(text, &quoted);
  for (size_t i = 0; i < quoted.size();) {
    const auto c = static_cast<uint32_t>(functions::NextCodePoint(quoted, &i));
    char buffer[16];
    if (c < 0x80) {
      out->push_back(static_cast<char>(c));
    } else if (c < 0x10000) {
      std::snprintf(buffer, sizeof buffer, "\\u%04X", c);
      *out += buffer;
    } else {
      std::snprintf(buffer, sizeof buffer, "\\u%04X\\u%04X", 0xD800 + ((c - 0x10000) >> 10),
                    0xDC00 + ((c - 0x10000) & 0x3FF));
      *out += buffer;
    }
  }
}

void JsonValueWriter::Write(const Format& f, const DataType& type, idx_t row, string* out) {
  if (IsNullAt(f, row)) {
    *out += "null";
    return;
  }
  switch (type.id()) {
    case TypeId::kStruct: return Struct(f, type, row, out);
    case TypeId::kArray: return List(f, type, row, out);
    case TypeId::kMap: return Map(f, type, row, out);
    default: return Scalar(f, type, row, out);
  }
}

void JsonValueWriter::Scalar(const Format& f, const DataType& type, idx_t row, string* out) {
  switch (type.id()) {
    case TypeId::kNull: *out += "null"; break;
    case TypeId::kVariant:
      *out += variant::ToJson(variant::ViewAt(f, row), functions::ZoneOrThrow(options_.time_zone));
      break;
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar: Text(TextAt(f, row), out); break;
    case TypeId::kBinary: Text(functions::Base64(TextAt(f, row)), out); break;
    case TypeId::kDate:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz: Text(TimeText(f, type, row, options_), out); break;
    case TypeId::kDayTimeInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kCalendarInterval: Text(IntervalText(f, type, row), out); break;
    case TypeId::kFloat:
    case TypeId::kDouble: {
      const string text = NumberText(f, type, row);
      if (text.find_first_of("NI") == string::npos)
        *out += text;
      else
        Text(text, out);
      break;
    }
    default: *out += NumberText(f, type, row);
  }
}

void JsonValueWriter::Struct(const Format& f, const DataType& type, idx_t row, string* out) {
  const idx_t at = f.unified.sel->get_index(row);
  out->push_back('{');
  ++depth_;
  bool first = true;
  for (size_t i = 0; i < type.fields().size(); ++i) {
    if (options_.ignore_null_fields && IsNullAt(f.children[i], at)) continue;
    if (!first) out->push_back(',');
    first = false;
    if (options_.pretty) NewLine(out);
    Text(type.fields()[i].name, out);
    *out += options_.pretty ? " : " : ":";
    Write(f.children[i], type.fields()[i].type, at, out);
  }
  --depth_;
  if (options_.pretty && first) out->push_back(' ');
  if (options_.pretty && !first) NewLine(out);
  out->push_back('}');
}

void JsonValueWriter::List(const Format& f, const DataType& type, idx_t row, string* out) {
  const auto entry = At<duckdb::list_entry_t>(f, row);
  *out += options_.pretty ? "[ " : "[";
  for (idx_t i = 0; i < entry.length; ++i) {
    if (i > 0) *out += options_.pretty ? ", " : ",";
    Write(f.children[0], type.element(), entry.offset + i, out);
  }
  *out += options_.pretty && entry.length > 0 ? " ]" : "]";
}

void JsonValueWriter::Map(const Format& f, const DataType& type, idx_t row, string* out) {
  const auto entry = At<duckdb::list_entry_t>(f, row);
  const auto& pair = f.children[0];
  out->push_back('{');
  ++depth_;
  for (idx_t i = 0; i < entry.length; ++i) {
    if (i > 0) out->push_back(',');
    if (options_.pretty) NewLine(out);
    const idx_t at = pair.unified.sel->get_index(entry.offset + i);
    Text(PlainText(pair.children[0], type.key(), at), out);
    *out += options_.pretty ? " : " : ":";
    Write(pair.children[1], type.value(), at, out);
  }
  --depth_;
  if (options_.pretty && entry.length == 0) out->push_back(' ');
  if (options_.pretty && entry.length > 0) NewLine(out);
  out->push_back('}');
}

}  // namespace deltic::engine::text
