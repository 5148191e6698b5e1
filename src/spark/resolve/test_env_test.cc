#include "spark/resolve/test_env.h"

#include <cmath>
#include <ctime>

#include "base/json_writer.h"

namespace deltic::spark::resolve {

using types::TypeId;

namespace {

std::string Quote(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// Python's repr of a float: the shortest text that reads back.
std::string FloatText(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[64];
  for (int digits = 1; digits <= 17; ++digits) {
    std::snprintf(buffer, sizeof buffer, "%.*g", digits, value);
    if (std::strtod(buffer, nullptr) == value) break;
  }
  std::string text = buffer;
  if (text.find('e') != std::string::npos && std::fabs(value) < 1e16 && value == std::floor(value)) {
    std::snprintf(buffer, sizeof buffer, "%.0f", value);
    text = buffer;
  }
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string DecimalText(__int128 unscaled, int scale) {
  const bool negative = unscaled < 0;
  std::string digits;
  for (__int128 rest = negative ? -unscaled : unscaled; rest != 0; rest /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  const auto places = static_cast<size_t>(scale);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, ".");
  return (negative ? "-" : "") + digits;
}

std::string DateText(int64_t days) {
  const std::time_t seconds = days * 86400;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char buffer[32];
  std::strftime(buffer, sizeof buffer, "%Y-%m-%d", &parts);
  return buffer;
}

std::string EncodeList(const engine::ValueList& items, const types::DataType& type) {
  std::string out;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ",";
    if (type.Is(TypeId::kArray)) {
      out += EncodeValue(items[i], type.element());
    } else if (type.Is(TypeId::kStruct)) {
      out += EncodeValue(items[i], type.fields()[i].type);
    } else {
      const auto& entry = *std::get<std::shared_ptr<const engine::ValueList>>(items[i].v);
      out += "[" + EncodeValue(entry[0], type.key()) + "," + EncodeValue(entry[1], type.value()) + "]";
    }
  }
  if (type.Is(TypeId::kStruct)) return "{\"row\":[" + out + "]}";
  return type.Is(TypeId::kMap) ? "{\"map\":[" + out + "]}" : "[" + out + "]";
}

}  // namespace

std::string EncodeValue(const engine::Value& value, const types::DataType& type) {
  if (value.IsNull()) return "null";
  if (const auto* b = std::get_if<bool>(&value.v)) return *b ? "true" : "false";
  if (const auto* d = std::get_if<double>(&value.v)) return "{\"f\":\"" + FloatText(*d) + "\"}";
  if (const auto* s = std::get_if<std::string>(&value.v)) {
    if (!type.Is(TypeId::kBinary)) return Quote(*s);
    std::string hex;
    for (unsigned char c : *s) {
      hex += "0123456789abcdef"[c >> 4];
      hex += "0123456789abcdef"[c & 15];
    }
    return "{\"bin\":\"" + hex + "\"}";
  }
  if (const auto* d = std::get_if<engine::Int128>(&value.v)) {
    return "{\"dec\":\"" + DecimalText(*d, type.scale()) + "\"}";
  }
  if (const auto* l = std::get_if<std::shared_ptr<const engine::ValueList>>(&value.v)) return EncodeList(**l, type);
  if (const auto* i = std::get_if<int64_t>(&value.v)) {
    if (type.Is(TypeId::kDate)) return "{\"date\":\"" + DateText(*i) + "\"}";
    if (type.Is(TypeId::kTimestamp)) return "{\"ts\":" + std::to_string(*i) + "}";
    if (type.Is(TypeId::kTimestampNtz)) return "{\"ntz\":" + std::to_string(*i) + "}";
    return std::to_string(*i);
  }
  return "\"interval\"";
}

}  // namespace deltic::spark::resolve
