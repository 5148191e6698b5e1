#include "engine/functions/cast_text.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace deltic::engine::functions {
namespace {

bool IsBlankOrControl(char c) {
  auto u = static_cast<unsigned char>(c);
  return u <= 0x20 || u == 0x7f;
}

std::string_view TrimBlanks(std::string_view text) {  // java.lang.String.trim
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= 0x20) text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= 0x20) text.remove_suffix(1);
  return text;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// A decimal floating point literal of Java: [sign] digits [.digits] [e[sign]digits] [dDfF].
bool IsJavaNumber(std::string_view t) {
  size_t i = 0;
  if (i < t.size() && (t[i] == '+' || t[i] == '-')) ++i;
  size_t digits = 0;
  while (i < t.size() && t[i] >= '0' && t[i] <= '9') ++i, ++digits;
  if (i < t.size() && t[i] == '.') {
    ++i;
    while (i < t.size() && t[i] >= '0' && t[i] <= '9') ++i, ++digits;
  }
  if (digits == 0) return false;
  if (i < t.size() && (t[i] == 'e' || t[i] == 'E')) {
    ++i;
    if (i < t.size() && (t[i] == '+' || t[i] == '-')) ++i;
    size_t exponent = 0;
    while (i < t.size() && t[i] >= '0' && t[i] <= '9') ++i, ++exponent;
    if (exponent == 0) return false;
  }
  if (i < t.size() && (t[i] == 'd' || t[i] == 'D' || t[i] == 'f' || t[i] == 'F')) ++i;
  return i == t.size();
}

// [sign] 0x hex [.hex] p exponent [dDfF]
bool IsJavaHexNumber(std::string_view t) {
  size_t i = 0;
  if (i < t.size() && (t[i] == '+' || t[i] == '-')) ++i;
  if (i + 2 > t.size() || t[i] != '0' || (t[i + 1] != 'x' && t[i + 1] != 'X')) return false;
  return t.find_first_of("pP", i) != std::string_view::npos;
}

std::optional<double> SpecialNumber(std::string_view text) {
  std::string t = Lower(TrimBlanks(text));
  constexpr double kInf = std::numeric_limits<double>::infinity();
  if (t == "inf" || t == "+inf" || t == "infinity" || t == "+infinity") return kInf;
  if (t == "-inf" || t == "-infinity") return -kInf;
  if (t == "nan") return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

template <typename T, typename Convert>
std::optional<T> ParseReal(std::string_view text, Convert convert) {
  std::string_view t = TrimBlanks(text);
  if (IsJavaNumber(t)) {
    std::string_view number = t;
    if (std::string_view("dDfF").find(number.back()) != std::string_view::npos) number.remove_suffix(1);
    if (number.front() == '+') number.remove_prefix(1);
    T value{};
    auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error == std::errc() && end == number.data() + number.size()) return value;
    return convert(std::string(number).c_str());  // out of range: zero or infinity, as in Java
  }
  if (IsJavaHexNumber(t)) {
    std::string number(t);
    if (std::string_view("dDfF").find(number.back()) != std::string_view::npos) {
      size_t p = number.find_first_of("pP");
      if (p + 1 < number.size() - 1) number.pop_back();
    }
    char* end = nullptr;
    T value = static_cast<T>(std::strtod(number.c_str(), &end));
    if (end != nullptr && *end == '\0') return value;
    return std::nullopt;
  }
  if (t == "NaN" || t == "+NaN" || t == "-NaN") return std::numeric_limits<T>::quiet_NaN();
  auto special = SpecialNumber(text);
  if (special) return static_cast<T>(*special);
  return std::nullopt;
}

// --- dates ---------------------------------------------------------------------------------------------

constexpr int kSegments = 9;  // year month day hour minute second micros, zone

bool ValidDigits(int segment, int digits) {
  constexpr int kMaxYearDigits = 6;
  if (segment == 6) return true;
  if (segment == 0) return digits >= 4 && digits <= kMaxYearDigits;
  if (segment == 7) return digits <= 2;
  return digits > 0 && digits <= 2;
}

struct ParsedTimestamp {
  int64_t segments[kSegments] = {1, 1, 1, 0, 0, 0, 0, 0, 0};
  std::string_view zone;
  bool has_zone = false;
  bool just_time = false;
};

// What follows a character that is no digit; false: malformed.
class TimestampScanner {
 public:
  explicit TimestampScanner(std::string_view text) : text_(text) {}

  bool Scan(ParsedTimestamp* out) {
    out_ = out;
    size_t j = 0;
    if (text_.empty()) return false;
    int64_t year_sign = 1;
    if (text_[0] == '-' || text_[0] == '+') {
      signed_ = true;
      year_sign = text_[0] == '-' ? -1 : 1;
      ++j;
    }
    for (; j < text_.size(); ++j) {
      char c = text_[j];
      if (c >= '0' && c <= '9') {
        Digit(c);
      } else if (!Separator(c, &j)) {
        return false;
      }
    }
    if (segment_ >= kSegments || !ValidDigits(segment_, digits_)) return false;
    out->segments[segment_] = value_;
    for (; fraction_digits_ < 6; ++fraction_digits_) out->segments[6] *= 10;
    out->segments[0] *= year_sign;
    return true;
  }

 private:
  void Digit(char c) {
    if (segment_ == 6) ++fraction_digits_;
    if ((segment_ != 6 || digits_ < 6) && value_ < 100000000) value_ = value_ * 10 + (c - '0');
    ++digits_;
  }
  bool Store(int segment) {
    if (!ValidDigits(segment, digits_)) return false;
    out_->segments[segment] = value_;
    value_ = 0;
    digits_ = 0;
    return true;
  }
  bool Separator(char c, size_t* j) {
    if (*j == 0 && c == 'T') {
      out_->just_time = true;
      segment_ += 3;
      return true;
    }
    if (segment_ < 2) {
      if (c == '-') return Store(segment_++);
      if (segment_ == 0 && c == ':' && !signed_) {
        out_->just_time = true;
        segment_ = 4;
        return Store(3);
      }
      return false;
    }
    if (segment_ == 2) return (c == ' ' || c == 'T') && Store(segment_++);
    if (segment_ == 3 || segment_ == 4) return c == ':' && Store(segment_++);
    if (segment_ == 5 || segment_ == 6) {
      if (c == '.' && segment_ == 5) return Store(segment_++);
      if (!Store(segment_)) return false;
      segment_ = 7;
      out_->zone = text_.substr(*j);
      out_->has_zone = true;
      *j = text_.size() - 1;
      return true;
    }
    return (c == ':' || c == ' ') && segment_ + 1 < kSegments && Store(segment_++);
  }

  std::string_view text_;
  ParsedTimestamp* out_ = nullptr;
  int segment_ = 0;
  int64_t value_ = 0;
  int digits_ = 0;
  int fraction_digits_ = 0;
  bool signed_ = false;
};

std::optional<int64_t> DaysOf(int64_t year, int64_t month, int64_t day) {
  if (month < 1 || month > 12 || day < 1 || day > DaysInMonth(year, static_cast<int>(month))) return std::nullopt;
  return DaysFromCivil(year, static_cast<int>(month), static_cast<int>(day));
}

std::optional<int64_t> LocalMicros(int64_t days, const int64_t* time) {
  if (time[0] > 23 || time[1] > 59 || time[2] > 59) return std::nullopt;
  __int128 micros = static_cast<__int128>(days) * kMicrosPerDay +
                    ((time[0] * 60 + time[1]) * 60 + time[2]) * kMicrosPerSecond + time[3];
  if (micros > std::numeric_limits<int64_t>::max() || micros < std::numeric_limits<int64_t>::min()) return std::nullopt;
  return static_cast<int64_t>(micros);
}

int64_t FloorDays(int64_t micros) {
  int64_t days = micros / kMicrosPerDay;
  return micros % kMicrosPerDay < 0 ? days - 1 : days;
}

void AppendPadded(std::string* out, int64_t value, int width) {
  std::string digits = std::to_string(value);
  for (int i = static_cast<int>(digits.size()); i < width; ++i) *out += '0';
  *out += digits;
}

void AppendDate(std::string* out, int64_t days) {
  CivilDate date = CivilFromDays(days);
  if (date.year < 0) {
    *out += '-';
    AppendPadded(out, -date.year, 4);
  } else {
    if (date.year > 9999) *out += '+';
    AppendPadded(out, date.year, 4);
  }
  *out += '-';
  AppendPadded(out, date.month, 2);
  *out += '-';
  AppendPadded(out, date.day, 2);
}

void AppendFraction(std::string* out, int64_t micros) {
  if (micros == 0) return;
  std::string digits;
  AppendPadded(&digits, micros, 6);
  while (digits.back() == '0') digits.pop_back();
  *out += "." + digits;
}

}  // namespace

std::string_view TrimAll(std::string_view text) {
  while (!text.empty() && IsBlankOrControl(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlankOrControl(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<bool> ParseBoolean(std::string_view text) {
  std::string t = Lower(TrimAll(text));
  if (t == "t" || t == "true" || t == "y" || t == "yes" || t == "1") return true;
  if (t == "f" || t == "false" || t == "n" || t == "no" || t == "0") return false;
  return std::nullopt;
}

std::optional<int64_t> ParseIntegral(std::string_view text, bool allow_fraction) {
  std::string_view t = TrimAll(text);
  bool negative = false;
  if (!t.empty() && (t[0] == '+' || t[0] == '-')) {
    negative = t[0] == '-';
    t.remove_prefix(1);
  }
  if (t.empty()) return std::nullopt;
  int64_t value = 0;  // kept negative: the negative range is the larger one
  size_t i = 0;
  for (; i < t.size(); ++i) {
    if (t[i] == '.' && allow_fraction) break;
    if (t[i] < '0' || t[i] > '9') return std::nullopt;
    if (__builtin_mul_overflow(value, int64_t{10}, &value) || __builtin_sub_overflow(value, t[i] - '0', &value)) {
      return std::nullopt;
    }
  }
  for (++i; i < t.size(); ++i) {
    if (t[i] < '0' || t[i] > '9') return std::nullopt;
  }
  if (negative) return value;
  if (value == std::numeric_limits<int64_t>::min()) return std::nullopt;
  return -value;
}

std::optional<double> ParseDouble(std::string_view text) {
  return ParseReal<double>(text, [](const char* s) { return std::strtod(s, nullptr); });
}
std::optional<float> ParseFloat(std::string_view text) {
  return ParseReal<float>(text, [](const char* s) { return std::strtof(s, nullptr); });
}

std::optional<int32_t> ParseDate(std::string_view text) {
  std::string_view t = TrimAll(text);
  if (t.empty()) return std::nullopt;
  int64_t sign = 1;
  size_t j = 0;
  if (t[0] == '-' || t[0] == '+') {
    sign = t[0] == '-' ? -1 : 1;
    j = 1;
  }
  int64_t segments[3] = {1, 1, 1};
  int segment = 0;
  int digits = 0;
  int64_t value = 0;
  constexpr int kMaxYearDigits = 7;
  auto valid = [&] { return segment == 0 ? digits >= 4 && digits <= kMaxYearDigits : digits > 0 && digits <= 2; };
  for (; j < t.size(); ++j) {
    char c = t[j];
    if (segment < 2 && c == '-') {
      if (!valid()) return std::nullopt;
      segments[segment++] = value;
      value = 0;
      digits = 0;
    } else if (segment == 2 && (c == ' ' || c == 'T')) {
      break;
    } else if (c >= '0' && c <= '9') {
      if (value < 100000000) value = value * 10 + (c - '0');
      ++digits;
    } else {
      return std::nullopt;
    }
  }
  if (!valid()) return std::nullopt;
  segments[segment] = value;
  auto days = DaysOf(sign * segments[0], segments[1], segments[2]);
  if (!days || *days > std::numeric_limits<int32_t>::max() || *days < std::numeric_limits<int32_t>::min()) {
    return std::nullopt;
  }
  return static_cast<int32_t>(*days);
}

std::optional<int64_t> ParseTimestamp(std::string_view text, const Zone& zone, int64_t now) {
  ParsedTimestamp parsed;
  if (!TimestampScanner(TrimAll(text)).Scan(&parsed)) return std::nullopt;
  const Zone* use = &zone;
  if (parsed.has_zone) {
    // Java reads +h:mm and +hh:m too; Zone::Find does.
    auto found = Zone::Find(TrimBlanks(parsed.zone));
    if (!found.ok()) return std::nullopt;
    use = *found;
  }
  std::optional<int64_t> days = parsed.just_time ? std::optional(FloorDays(use->ToLocal(now)))
                                                 : DaysOf(parsed.segments[0], parsed.segments[1], parsed.segments[2]);
  if (!days) return std::nullopt;
  auto local = LocalMicros(*days, parsed.segments + 3);
  if (!local) return std::nullopt;
  return use->ToUtc(*local);
}

std::optional<int64_t> ParseTimestampNtz(std::string_view text, bool allow_zone) {
  ParsedTimestamp parsed;
  if (!TimestampScanner(TrimAll(text)).Scan(&parsed) || parsed.just_time) return std::nullopt;
  if (parsed.has_zone && (!allow_zone || !Zone::Find(TrimBlanks(parsed.zone)).ok())) return std::nullopt;
  auto days = DaysOf(parsed.segments[0], parsed.segments[1], parsed.segments[2]);
  if (!days) return std::nullopt;
  return LocalMicros(*days, parsed.segments + 3);
}

std::string FormatDate(int32_t days) {
  std::string out;
  AppendDate(&out, days);
  return out;
}

std::string FormatTimestamp(int64_t local_micros) {
  const int64_t days = FloorDays(local_micros);
  int64_t rest = local_micros % kMicrosPerDay;
  if (rest < 0) rest += kMicrosPerDay;
  std::string out;
  out.reserve(26);
  AppendDate(&out, days);
  int64_t seconds = rest / kMicrosPerSecond;
  out += ' ';
  AppendPadded(&out, seconds / 3600, 2);
  out += ':';
  AppendPadded(&out, seconds / 60 % 60, 2);
  out += ':';
  AppendPadded(&out, seconds % 60, 2);
  AppendFraction(&out, rest % kMicrosPerSecond);
  return out;
}

}  // namespace deltic::engine::functions
