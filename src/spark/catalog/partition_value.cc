#include "spark/catalog/partition_value.h"

#include "base/json_writer.h"
#include "engine/functions/cast_text.h"
#include "engine/functions/decimal_math.h"

namespace deltic::spark::catalog {
namespace {

using engine::Int128;
using engine::Value;
using types::DataType;
using types::TypeId;

Status Bad(const std::string& text, const DataType& type) {
  return Error("DELTA_INVALID_PARTITION_VALUE", {{"value", text}, {"type", type.SimpleString()}},
               "The partition value '" + text + "' in the Delta log is not a valid " + type.SimpleString() + ".");
}

bool FitsType(int64_t number, TypeId type) {
  switch (type) {
    case TypeId::kByte: return number >= INT8_MIN && number <= INT8_MAX;
    case TypeId::kShort: return number >= INT16_MIN && number <= INT16_MAX;
    case TypeId::kInteger:
    case TypeId::kYearMonthInterval: return number >= INT32_MIN && number <= INT32_MAX;
    default: return true;
  }
}

// Nullopt for a number that the type would have to round.
std::optional<Int128> ParseExactDecimal(std::string_view text, const DataType& type) {
  const engine::DecimalShape shape{type.precision(), type.scale()};
  bool valid = false;
  const auto floor = engine::functions::ParseDecimal(engine::functions::TrimAll(text), shape, &valid,
                                                     engine::functions::Rounding::kFloor);
  if (!valid || !floor) return std::nullopt;
  const auto ceiling = engine::functions::ParseDecimal(engine::functions::TrimAll(text), shape, &valid,
                                                       engine::functions::Rounding::kCeiling);
  return floor == ceiling ? floor : std::nullopt;
}

// What a zone is needed for, so that a bad one harms nothing else.
Result<Value> ParseTimestamp(const std::string& text, const DataType& type, std::string_view time_zone) {
  if (text.find('-') == std::string::npos) return Bad(text, type);  // a time alone is of no day
  ASSIGN_OR_RETURN(const engine::functions::Zone* zone, engine::functions::Zone::Find(time_zone));
  const auto micros = engine::functions::ParseTimestamp(text, *zone, 0);
  if (!micros) return Bad(text, type);
  return Value{*micros};
}

template <typename T>
Result<Value> Parsed(const std::optional<T>& value, const std::string& text, const DataType& type) {
  if (!value) return Bad(text, type);
  return Value{*value};
}

// PROTOCOL.md: ISO 8601, adjusted to UTC, so that no reader has to know the writer's zone. As delta-spark writes it.
std::string IsoTimestamp(int64_t micros) {
  std::string out = engine::functions::FormatTimestamp(micros);
  out[out.find(' ')] = 'T';
  const size_t dot = out.find('.');
  if (dot == std::string::npos) return out + ".000000Z";
  out.append(6 - (out.size() - dot - 1), '0');
  return out + "Z";
}

}  // namespace

Result<Value> ParsePartitionValue(const std::optional<std::string>& text, const DataType& type,
                                  std::string_view time_zone) {
  if (!text.has_value() || text->empty()) return Value{};
  switch (type.id()) {
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kBinary: return Value{*text};
    case TypeId::kBoolean: return Parsed(engine::functions::ParseBoolean(*text), *text, type);
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kDayTimeInterval:
    case TypeId::kYearMonthInterval: {
      const auto number = engine::functions::ParseIntegral(*text, false);
      if (number && !FitsType(*number, type.id())) return Bad(*text, type);
      return Parsed(number, *text, type);
    }
    case TypeId::kFloat: {
      const auto number = engine::functions::ParseFloat(*text);
      return Parsed(number ? std::optional<double>(*number) : std::nullopt, *text, type);
    }
    case TypeId::kDouble: return Parsed(engine::functions::ParseDouble(*text), *text, type);
    case TypeId::kDecimal: return Parsed(ParseExactDecimal(*text, type), *text, type);
    case TypeId::kDate: {
      const auto days = engine::functions::ParseDate(*text);
      return Parsed(days ? std::optional<int64_t>(*days) : std::nullopt, *text, type);
    }
    case TypeId::kTimestamp: return ParseTimestamp(*text, type, time_zone);
    case TypeId::kTimestampNtz: return Parsed(engine::functions::ParseTimestampNtz(*text), *text, type);
    default: return Bad(*text, type);
  }
}

std::string FormatDate(int64_t days) { return engine::functions::FormatDate(static_cast<int32_t>(days)); }

std::string FormatTimestamp(int64_t micros) { return engine::functions::FormatTimestamp(micros); }

std::optional<std::string> FormatPartitionValue(const Value& value, const DataType& type) {
  if (value.IsNull()) return std::nullopt;
  std::string text;
  switch (type.id()) {
    case TypeId::kBoolean: text = std::get<bool>(value.v) ? "true" : "false"; break;
    case TypeId::kFloat: text = JavaFloatToString(static_cast<float>(std::get<double>(value.v))); break;
    case TypeId::kDouble: text = JavaDoubleToString(std::get<double>(value.v)); break;
    case TypeId::kDecimal:
      text = engine::functions::DecimalToPlainString(std::get<Int128>(value.v), type.scale());
      break;
    case TypeId::kDate: text = FormatDate(std::get<int64_t>(value.v)); break;
    case TypeId::kTimestamp: text = IsoTimestamp(std::get<int64_t>(value.v)); break;
    case TypeId::kTimestampNtz: text = FormatTimestamp(std::get<int64_t>(value.v)); break;
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kBinary: text = std::get<std::string>(value.v); break;
    default: text = std::to_string(std::get<int64_t>(value.v));
  }
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace deltic::spark::catalog
