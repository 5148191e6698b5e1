#include "base/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string_view>
#include <type_traits>

namespace deltic {

namespace {

// Bytes that a JSON string cannot hold as they are.
constexpr std::array<bool, 256> kEscaped = [] {
  std::array<bool, 256> out = {};
  for (size_t c = 0; c < 0x20; c++) out[c] = true;
  out['"'] = true;
  out['\\'] = true;
  return out;
}();

// Writes the escape of `c`; returns its end.
char* WriteEscape(char* out, char c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  *out++ = '\\';
  switch (c) {
    case '\n': *out++ = 'n'; break;
    case '\r': *out++ = 'r'; break;
    case '\t': *out++ = 't'; break;
    case '\b': *out++ = 'b'; break;
    case '\f': *out++ = 'f'; break;
    case '"':
    case '\\': *out++ = c; break;
    default:
      for (const char digit : {'u', '0', '0', kDigits[c >> 4], kDigits[c & 15]}) *out++ = digit;
  }
  return out;
}

}  // namespace

void AppendJsonString(std::string* out, std::string_view text) {
  constexpr size_t kLongestEscape = 6;
  char buffer[256];
  char* at = buffer;
  *at++ = '"';
  for (const char c : text) {
    if (at + kLongestEscape + 1 > buffer + sizeof(buffer)) {
      out->append(buffer, at);
      at = buffer;
    }
    if (kEscaped[static_cast<unsigned char>(c)]) {
      at = WriteEscape(at, c);
    } else {
      *at++ = c;
    }
  }
  *at++ = '"';
  out->append(buffer, at);
}

std::string JsonQuote(std::string_view text) {
  std::string out;
  AppendJsonString(&out, text);
  return out;
}

void JsonWriter::Separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_.empty()) {
    if (!first_.back()) out_.push_back(',');
    first_.back() = false;
  }
}

JsonWriter& JsonWriter::BeginObject() {
  Separate();
  out_.push_back('{');
  first_.push_back(true);
  return *this;
}
JsonWriter& JsonWriter::EndObject() {
  out_.push_back('}');
  first_.pop_back();
  return *this;
}
JsonWriter& JsonWriter::BeginArray() {
  Separate();
  out_.push_back('[');
  first_.push_back(true);
  return *this;
}
JsonWriter& JsonWriter::EndArray() {
  out_.push_back(']');
  first_.pop_back();
  return *this;
}
JsonWriter& JsonWriter::Key(std::string_view key) {
  Separate();
  AppendJsonString(&out_, key);
  out_.push_back(':');
  after_key_ = true;
  return *this;
}
JsonWriter& JsonWriter::String(std::string_view value) {
  Separate();
  AppendJsonString(&out_, value);
  return *this;
}
JsonWriter& JsonWriter::Int(int64_t value) {
  Separate();
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value);
  out_.append(buffer, end.ptr);
  return *this;
}
JsonWriter& JsonWriter::Double(double value) {
  if (!std::isfinite(value)) return String(JavaDoubleToString(value));
  Separate();
  out_ += JavaDoubleToString(value);
  return *this;
}
JsonWriter& JsonWriter::Bool(bool value) {
  Separate();
  out_ += value ? "true" : "false";
  return *this;
}
JsonWriter& JsonWriter::Null() {
  Separate();
  out_ += "null";
  return *this;
}
JsonWriter& JsonWriter::Raw(std::string_view json) {
  Separate();
  out_ += json;
  return *this;
}

namespace {
template <typename T>
std::string JavaFloating(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value == 0) return std::signbit(value) ? "-0.0" : "0.0";
  char buffer[64];
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific);
  // The smallest numbers have two digits in Java where one would tell them apart: 4.9E-324, 1.4E-45.
  constexpr bool kDouble = std::is_same_v<T, double>;
  const T magnitude = std::abs(value);
  if (kDouble ? magnitude == std::numeric_limits<T>::denorm_min() : magnitude < std::numeric_limits<T>::min()) {
    const auto two = std::to_chars(buffer + 32, buffer + sizeof(buffer), value, std::chars_format::scientific, 1);
    if (end.ptr - buffer < two.ptr - (buffer + 32)) end.ptr = std::copy(buffer + 32, two.ptr, buffer);
  }
  std::string_view text(buffer, static_cast<size_t>(end.ptr - buffer));
  std::string sign;
  if (text[0] == '-') {
    sign = "-";
    text.remove_prefix(1);
  }
  const size_t e = text.find('e');
  const int exponent = std::atoi(std::string(text.substr(e + 1)).c_str());
  std::string digits(text.substr(0, 1));
  if (e > 2) digits += text.substr(2, e - 2);
  const int n = static_cast<int>(digits.size());
  if (exponent >= -3 && exponent < 7) {
    if (exponent < 0) return sign + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
    if (n <= exponent + 1) {
      return sign + digits + std::string(static_cast<size_t>(exponent + 1 - n), '0') + ".0";
    }
    return sign + digits.substr(0, static_cast<size_t>(exponent) + 1) + "." +
           digits.substr(static_cast<size_t>(exponent) + 1);
  }
  return sign + digits.substr(0, 1) + "." + (n > 1 ? digits.substr(1) : "0") + "E" + std::to_string(exponent);
}
}  // namespace

std::string JavaDoubleToString(double value) { return JavaFloating(value); }
std::string JavaFloatToString(float value) { return JavaFloating(value); }

}  // namespace deltic
