#include "spark/catalog/partition_value.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "base/json_writer.h"

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

bool ParseInt(std::string_view text, int64_t* out) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  const auto end = std::from_chars(text.data(), text.data() + text.size(), *out);
  return end.ec == std::errc() && end.ptr == text.data() + text.size();
}

bool ParseDecimal(std::string_view text, int scale, Int128* out) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  Int128 value = 0;
  int fraction = -1;
  for (const char c : text) {
    if (c == '.' && fraction < 0) {
      fraction = 0;
      continue;
    }
    if (c < '0' || c > '9') return false;
    if (fraction >= 0 && ++fraction > scale) return c == '0' ? (fraction--, true) : false;
    value = value * 10 + (c - '0');
  }
  for (int i = std::max(fraction, 0); i < scale; i++) value *= 10;
  *out = negative ? -value : value;
  return !text.empty();
}

// yyyy-MM-dd, year may have a sign and more digits.
bool ParseDateDays(std::string_view text, int64_t* days) {
  const bool negative = !text.empty() && text[0] == '-';
  const size_t first = text.find('-', negative ? 1 : 0);
  if (first == std::string_view::npos) return false;
  const size_t second = text.find('-', first + 1);
  if (second == std::string_view::npos) return false;
  int64_t year = 0, month = 0, day = 0;
  if (!ParseInt(text.substr(0, first), &year) || !ParseInt(text.substr(first + 1, second - first - 1), &month) ||
      !ParseInt(text.substr(second + 1), &day)) {
    return false;
  }
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return false;
  *days = std::chrono::sys_days(date).time_since_epoch().count();
  return true;
}

// HH:mm[:ss[.f…]] → micros
bool ParseTimeMicros(std::string_view text, int64_t* micros) {
  int64_t hour = 0, minute = 0, second = 0, fraction = 0;
  if (text.size() < 5 || text[2] != ':' || !ParseInt(text.substr(0, 2), &hour) ||
      !ParseInt(text.substr(3, 2), &minute)) {
    return false;
  }
  if (text.size() > 5) {
    if (text.size() < 8 || text[5] != ':' || !ParseInt(text.substr(6, 2), &second)) return false;
    if (text.size() > 8) {
      if (text[8] != '.' || text.size() > 9 + 9) return false;
      std::string digits(text.substr(9));
      digits.resize(6, '0');
      if (!ParseInt(digits, &fraction)) return false;
    }
  }
  *micros = ((hour * 60 + minute) * 60 + second) * 1000000 + fraction;
  return true;
}

bool ParseTimestampMicros(std::string_view text, int64_t* micros) {
  int64_t offset = 0;
  if (text.ends_with('Z')) {
    text.remove_suffix(1);
  } else if (text.size() > 19) {
    const size_t sign = text.find_last_of("+-");
    if (sign != std::string_view::npos && sign > 10) {
      int64_t span = 0;
      if (!ParseTimeMicros(text.substr(sign + 1), &span)) return false;
      offset = text[sign] == '+' ? -span : span;
      text = text.substr(0, sign);
    }
  }
  const size_t split = text.find_first_of(" T", 1);
  int64_t days = 0, time = 0;
  if (!ParseDateDays(text.substr(0, split), &days)) return false;
  if (split != std::string_view::npos && !ParseTimeMicros(text.substr(split + 1), &time)) return false;
  *micros = days * 86400000000LL + time + offset;
  return true;
}

// Delta writes binary partition values with each byte as one character (U+0000…U+00FF).
std::string BytesOfLatin1(std::string_view utf8) {
  std::string out;
  for (size_t i = 0; i < utf8.size(); i++) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    if (c >= 0xC2 && c <= 0xC3 && i + 1 < utf8.size()) {
      out.push_back(static_cast<char>(((c & 0x03) << 6) | (static_cast<unsigned char>(utf8[++i]) & 0x3F)));
    } else {
      out.push_back(static_cast<char>(c));
    }
  }
  return out;
}

std::string Latin1OfBytes(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) {
    const auto c = static_cast<unsigned char>(byte);
    if (c < 0x80) {
      out.push_back(byte);
    } else {
      out.push_back(static_cast<char>(0xC0 | (c >> 6)));
      out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    }
  }
  return out;
}

std::string DecimalText(Int128 unscaled, int scale) {
  const bool negative = unscaled < 0;
  unsigned __int128 rest =
      negative ? -static_cast<unsigned __int128>(unscaled) : static_cast<unsigned __int128>(unscaled);
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  if (scale > 0) {
    if (static_cast<int>(digits.size()) <= scale) digits.insert(0, static_cast<size_t>(scale) + 1 - digits.size(), '0');
    digits.insert(digits.size() - static_cast<size_t>(scale), ".");
  }
  return (negative ? "-" : "") + digits;
}

}  // namespace

Result<Value> ParsePartitionValue(const std::optional<std::string>& text, const DataType& type) {
  if (!text.has_value() || text->empty()) return Value{};
  int64_t number = 0;
  switch (type.id()) {
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar: return Value{*text};
    case TypeId::kBinary: return Value{BytesOfLatin1(*text)};
    case TypeId::kBoolean:
      if (types::EqualsIgnoreCase(*text, "true")) return Value{true};
      if (types::EqualsIgnoreCase(*text, "false")) return Value{false};
      return Bad(*text, type);
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kDayTimeInterval:
    case TypeId::kYearMonthInterval:
      if (!ParseInt(*text, &number)) return Bad(*text, type);
      return Value{number};
    case TypeId::kFloat:
    case TypeId::kDouble: {
      if (*text == "Infinity") return Value{HUGE_VAL};
      if (*text == "-Infinity") return Value{-HUGE_VAL};
      char* end = nullptr;
      const double value = std::strtod(text->c_str(), &end);
      if (end != text->c_str() + text->size()) return Bad(*text, type);
      return Value{value};
    }
    case TypeId::kDecimal: {
      Int128 value = 0;
      if (!ParseDecimal(*text, type.scale(), &value)) return Bad(*text, type);
      return Value{value};
    }
    case TypeId::kDate:
      if (!ParseDateDays(std::string_view(*text).substr(0, text->find_first_of(" T")), &number))
        return Bad(*text, type);
      return Value{number};
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
      if (!ParseTimestampMicros(*text, &number)) return Bad(*text, type);
      return Value{number};
    default: return Bad(*text, type);
  }
}

std::string FormatDate(int64_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return buffer;
}

std::string FormatTimestamp(int64_t micros) {
  int64_t days = micros / 86400000000LL;
  int64_t rest = micros % 86400000000LL;
  if (rest < 0) {
    rest += 86400000000LL;
    days--;
  }
  char buffer[32];
  const int64_t seconds = rest / 1000000;
  std::snprintf(buffer, sizeof(buffer), " %02d:%02d:%02d", static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  std::string out = FormatDate(days) + buffer;
  if (const int64_t fraction = rest % 1000000; fraction != 0) {
    std::snprintf(buffer, sizeof(buffer), ".%06d", static_cast<int>(fraction));
    out += buffer;
    while (out.back() == '0') out.pop_back();
  }
  return out;
}

std::optional<std::string> FormatPartitionValue(const Value& value, const DataType& type) {
  if (value.IsNull()) return std::nullopt;
  std::string text;
  switch (type.id()) {
    case TypeId::kBoolean: text = std::get<bool>(value.v) ? "true" : "false"; break;
    case TypeId::kFloat: text = JavaFloatToString(static_cast<float>(std::get<double>(value.v))); break;
    case TypeId::kDouble: text = JavaDoubleToString(std::get<double>(value.v)); break;
    case TypeId::kDecimal: text = DecimalText(std::get<Int128>(value.v), type.scale()); break;
    case TypeId::kBinary: text = Latin1OfBytes(std::get<std::string>(value.v)); break;
    case TypeId::kDate: text = FormatDate(std::get<int64_t>(value.v)); break;
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz: text = FormatTimestamp(std::get<int64_t>(value.v)); break;
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar: text = std::get<std::string>(value.v); break;
    default: text = std::to_string(std::get<int64_t>(value.v));
  }
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace deltic::spark::catalog
