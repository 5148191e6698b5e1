#include "spark/sql/datetime_text.h"

#include <algorithm>
#include <cstdio>

namespace deltic::spark::sql {
namespace {

constexpr int64_t kMicrosPerSecond = 1000000;
constexpr int64_t kMicrosPerDay = 86400 * kMicrosPerSecond;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

int64_t DaysFromCivil(int64_t y, int64_t m, int64_t d) {
  y -= m <= 2;
  int64_t era = (y >= 0 ? y : y - 399) / 400;
  int64_t yoe = y - era * 400;
  int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}

bool ValidDay(int64_t y, int64_t m, int64_t d) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (m < 1 || m > 12 || d < 1) return false;
  bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  return d <= kDays[m - 1] + (m == 2 && leap ? 1 : 0);
}

// Reads `min`…`max` digits at *i.
std::optional<int64_t> ReadDigits(std::string_view text, size_t* i, size_t min, size_t max) {
  size_t begin = *i;
  int64_t value = 0;
  while (*i < text.size() && IsDigit(text[*i]) && *i - begin < max) value = value * 10 + (text[(*i)++] - '0');
  if (*i - begin < min || (*i < text.size() && IsDigit(text[*i]))) return std::nullopt;
  return value;
}

// The date at *i; leaves *i behind it.
std::optional<int64_t> ReadDate(std::string_view text, size_t* i) {
  bool negative = *i < text.size() && text[*i] == '-';
  if (*i < text.size() && (text[*i] == '-' || text[*i] == '+')) ++*i;
  std::optional<int64_t> year = ReadDigits(text, i, 4, 7);
  if (!year) return std::nullopt;
  int64_t parts[2] = {1, 1};
  for (int64_t& part : parts) {
    if (*i >= text.size() || text[*i] != '-') break;
    ++*i;
    std::optional<int64_t> value = ReadDigits(text, i, 1, 2);
    if (!value) return std::nullopt;
    part = *value;
  }
  int64_t signed_year = negative ? -*year : *year;
  if (!ValidDay(signed_year, parts[0], parts[1])) return std::nullopt;
  return DaysFromCivil(signed_year, parts[0], parts[1]);
}

// [h]h:[m]m[:[s]s[.fraction]]
std::optional<int64_t> ReadTime(std::string_view text, size_t* i) {
  std::optional<int64_t> hour = ReadDigits(text, i, 1, 2);
  if (!hour || *hour > 23 || *i >= text.size() || text[*i] != ':') return std::nullopt;
  ++*i;
  std::optional<int64_t> minute = ReadDigits(text, i, 1, 2);
  if (!minute || *minute > 59) return std::nullopt;
  int64_t micros = (*hour * 3600 + *minute * 60) * kMicrosPerSecond;
  if (*i >= text.size() || text[*i] != ':') return micros;
  ++*i;
  std::optional<int64_t> second = ReadDigits(text, i, 1, 2);
  if (!second || *second > 59) return std::nullopt;
  micros += *second * kMicrosPerSecond;
  if (*i < text.size() && text[*i] == '.') {
    ++*i;
    int64_t unit = kMicrosPerSecond / 10;
    while (*i < text.size() && IsDigit(text[*i])) {
      micros += (text[(*i)++] - '0') * unit;
      unit /= 10;
    }
  }
  return micros;
}

// Z, UTC, GMT, [+-]h[h][:mm[:ss]], also after UTC/GMT; nullopt for region names.
std::optional<int64_t> FixedOffset(std::string_view zone) {
  if (zone == "Z" || zone == "UTC" || zone == "GMT" || zone == "z") return 0;
  if (zone.starts_with("UTC") || zone.starts_with("GMT")) zone.remove_prefix(3);
  if (zone.size() < 2 || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  int64_t sign = zone[0] == '-' ? -1 : 1;
  size_t i = 1;
  int64_t seconds = 0;
  static constexpr int64_t kUnits[] = {3600, 60, 1};
  for (size_t part = 0; part < 3 && i < zone.size(); part++) {
    if (part > 0 && zone[i++] != ':') return std::nullopt;
    std::optional<int64_t> value = ReadDigits(zone, &i, 1, 2);
    if (!value || *value > (part == 0 ? 18 : 59)) return std::nullopt;
    seconds += *value * kUnits[part];
  }
  if (i != zone.size() || seconds > 18 * 3600) return std::nullopt;
  return sign * seconds * kMicrosPerSecond;
}

Status IntervalError(std::string_view text, const std::string& what) {
  return Error("INVALID_INTERVAL_FORMAT", {}, "Error parsing '" + std::string(text) + "' to interval, " + what);
}

struct Unit {
  std::string_view name;
  int64_t months, days, micros;
};
constexpr Unit kUnits[] = {{"year", 12, 0, 0},        {"month", 1, 0, 0},          {"week", 0, 7, 0},
                           {"day", 0, 1, 0},          {"hour", 0, 0, 3600000000},  {"minute", 0, 0, 60000000},
                           {"second", 0, 0, 1000000}, {"millisecond", 0, 0, 1000}, {"microsecond", 0, 0, 1}};

std::string_view NextWord(std::string_view text, size_t* i) {
  while (*i < text.size() && static_cast<unsigned char>(text[*i]) <= ' ') ++*i;
  size_t begin = *i;
  while (*i < text.size() && static_cast<unsigned char>(text[*i]) > ' ') ++*i;
  return text.substr(begin, *i - begin);
}

bool AddScaled(int64_t value, int64_t unit, int64_t* total) {
  int64_t product = 0;
  return !__builtin_mul_overflow(value, unit, &product) && !__builtin_add_overflow(*total, product, total);
}

// One number of an interval text: whole part and fraction in nanoseconds.
struct IntervalNumber {
  int64_t whole = 0;
  int64_t nanos = 0;
  bool fractional = false;
};
std::optional<IntervalNumber> ReadIntervalNumber(std::string_view word) {
  IntervalNumber out;
  size_t i = 0;
  int64_t sign = 1;
  if (i < word.size() && (word[i] == '+' || word[i] == '-')) sign = word[i++] == '-' ? -1 : 1;
  size_t begin = i;
  for (; i < word.size() && IsDigit(word[i]); i++) {
    if (__builtin_mul_overflow(out.whole, 10, &out.whole) ||
        __builtin_add_overflow(out.whole, sign * (word[i] - '0'), &out.whole)) {
      return std::nullopt;
    }
  }
  size_t digits = i - begin;
  if (i < word.size() && word[i] == '.') {
    out.fractional = true;
    int64_t unit = 100000000;
    for (i++; i < word.size() && IsDigit(word[i]); i++, digits++) {
      out.nanos += sign * (word[i] - '0') * unit;
      unit /= 10;
      if (unit == 0 && i + 1 < word.size()) return std::nullopt;
    }
  }
  if (digits == 0 || i != word.size()) return std::nullopt;
  return out;
}

const char* FieldName(int field) {
  static const char* const kNames[] = {"DAY", "HOUR", "MINUTE", "SECOND"};
  return kNames[field];
}

std::string FieldRange(const char* start, const char* end) {
  return start == end ? std::string(start) : std::string(start) + " TO " + end;
}

Status RangeError(std::string_view kind, const std::string& message) {
  return Error("INVALID_INTERVAL_FORMAT", {}, "Error parsing interval " + std::string(kind) + " string: " + message);
}

// "requirement failed: month 20 outside range [0, 11]"
std::optional<Status> CheckRange(std::string_view kind, const char* field, int64_t value, int64_t max) {
  if (value <= max) return std::nullopt;
  return RangeError(kind, "requirement failed: " + std::string(field) + " " + std::to_string(value) +
                              " outside range [0, " + std::to_string(max) + "]");
}

Status FormatMismatch(std::string_view text, const char* kind, const std::string& pattern, const std::string& range,
                      bool notice) {
  std::string lower = range;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  std::string message = "Interval string does not match " + std::string(kind) + " format of `[+|-]" + pattern +
                        "`, `INTERVAL [+|-]'[+|-]" + pattern + "' " + range + "` when cast to interval " + lower +
                        ": " + std::string(text);
  if (notice)
    message += ", set spark.sql.legacy.fromDayTimeString.enabled to true to restore the behavior before Spark 3.0.";
  return Error("INVALID_INTERVAL_FORMAT", {}, message);
}

}  // namespace

std::optional<int64_t> ParseDateText(std::string_view text) {
  text = Trim(text);
  size_t i = 0;
  std::optional<int64_t> days = ReadDate(text, &i);
  if (!days || (i < text.size() && text[i] != ' ' && text[i] != 'T')) return std::nullopt;
  return days;
}

std::optional<TimestampText> ParseTimestampText(std::string_view text) {
  text = Trim(text);
  TimestampText out;
  size_t i = 0;
  size_t colon = text.find(':');
  size_t dash = text.find('-', 1);
  out.time_only = !text.empty() && (text[0] == 'T' || (colon <= 2 && colon < dash));
  if (out.time_only) {
    if (text[0] == 'T') i++;
  } else {
    std::optional<int64_t> days = ReadDate(text, &i);
    if (!days) return std::nullopt;
    out.local_micros = *days * kMicrosPerDay;
    if (i == text.size()) return out;
    if (text[i] != ' ' && text[i] != 'T') return std::nullopt;
    if (++i == text.size()) return out;
  }
  std::optional<int64_t> time = ReadTime(text, &i);
  if (!time) return std::nullopt;
  out.local_micros += *time;
  std::string_view zone = Trim(text.substr(i));
  if (zone.empty()) return out;
  out.has_zone = true;
  out.offset_micros = FixedOffset(zone);
  bool region = zone.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz/_-+:0123456789") ==
                std::string_view::npos;
  if (!out.offset_micros && (!region || IsDigit(zone[0]))) return std::nullopt;
  return out;
}

namespace {
std::string Fraction(int64_t micros) {
  if (micros == 0) return "";
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, ".%06lld", static_cast<long long>(micros));
  std::string out = buffer;
  while (out.back() == '0') out.pop_back();
  return out;
}
std::string TwoDigits(int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); }
}  // namespace

std::string FormatDate(int64_t days) {
  int64_t z = days + 719468;
  int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  int64_t doe = z - era * 146097;
  int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  int64_t mp = (5 * doy + 2) / 153;
  int64_t d = doy - (153 * mp + 2) / 5 + 1;
  int64_t m = mp + (mp < 10 ? 3 : -9);
  int64_t y = yoe + era * 400 + (m <= 2 ? 1 : 0);
  std::string year = std::to_string(y < 0 ? -y : y);
  if (year.size() < 4) year.insert(0, 4 - year.size(), '0');
  return (y > 9999 ? "+" : y < 0 ? "-" : "") + year + "-" + TwoDigits(m) + "-" + TwoDigits(d);
}

std::string FormatTimestamp(int64_t micros) {
  int64_t days = micros / kMicrosPerDay - (micros % kMicrosPerDay < 0 ? 1 : 0);
  int64_t rest = micros - days * kMicrosPerDay;
  int64_t seconds = rest / kMicrosPerSecond;
  return FormatDate(days) + " " + TwoDigits(seconds / 3600) + ":" + TwoDigits(seconds / 60 % 60) + ":" +
         TwoDigits(seconds % 60) + Fraction(rest % kMicrosPerSecond);
}

Result<engine::CalendarInterval> ParseIntervalText(std::string_view text) {
  size_t i = 0;
  std::string_view word = NextWord(text, &i);
  if (types::EqualsIgnoreCase(word, "interval")) word = NextWord(text, &i);
  if (word.empty()) return IntervalError(text, "interval string cannot be empty");
  int64_t months = 0;
  int64_t days = 0;
  int64_t micros = 0;
  for (; !word.empty(); word = NextWord(text, &i)) {
    std::string joined(word);
    if (joined == "-" || joined == "+") joined += NextWord(text, &i);  // a sign apart from its number
    std::optional<IntervalNumber> number = ReadIntervalNumber(joined);
    if (!number) {
      bool numeric = IsDigit(joined.back()) && joined.find_first_not_of("+-.0123456789") == std::string::npos;
      return IntervalError(text, (numeric ? "invalid value '" : "unrecognized number '") + joined + "'");
    }
    std::string unit_name = types::ToLower(NextWord(text, &i));
    if (unit_name.empty()) return IntervalError(text, "expect a unit name after '" + joined + "' but hit EOL");
    std::string singular = unit_name.back() == 's' ? unit_name.substr(0, unit_name.size() - 1) : unit_name;
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (candidate.name == singular) unit = &candidate;
    }
    if (unit == nullptr) return IntervalError(text, "invalid unit '" + unit_name + "'");
    if (number->fractional && unit->micros != kMicrosPerSecond) {
      return IntervalError(text, "'" + unit_name + "' cannot have fractional part");
    }
    bool fits = AddScaled(number->whole, unit->months, &months) && AddScaled(number->whole, unit->days, &days) &&
                AddScaled(number->whole, unit->micros, &micros) && AddScaled(number->nanos / 1000, 1, &micros);
    if (!fits || months != static_cast<int32_t>(months) || days != static_cast<int32_t>(days)) {
      return IntervalError(text, "integer overflow");
    }
  }
  return engine::CalendarInterval{static_cast<int32_t>(months), static_cast<int32_t>(days), micros};
}

Result<int64_t> ParseYearMonthText(std::string_view text, int start, int end) {
  text = Trim(text);
  size_t i = 0;
  int64_t sign = 1;
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) sign = text[i++] == '-' ? -1 : 1;
  std::string range = start == 0 && end == 1 ? "YEAR TO MONTH" : start == 0 ? "YEAR" : "MONTH";
  Status mismatch = FormatMismatch(text, "year-month",
                                   start == 0 && end == 1 ? "y-m"
                                   : start == 0           ? "y"
                                                          : "m",
                                   range, false);
  std::optional<int64_t> first = ReadDigits(text, &i, 1, 9);
  if (!first) return mismatch;
  if (start == end) {
    if (i != text.size()) return mismatch;
    int64_t months = sign * *first * (start == 0 ? 12 : 1);
    if (months != static_cast<int32_t>(months)) return RangeError("year-month", "integer overflow");
    return months;
  }
  if (i >= text.size() || text[i] != '-') return mismatch;
  i++;
  std::optional<int64_t> month = ReadDigits(text, &i, 1, 2);
  if (!month || i != text.size()) return mismatch;
  if (auto error = CheckRange("year-month", "year", *first, 178956970)) return *error;
  if (auto error = CheckRange("year-month", "month", *month, 11)) return *error;
  int64_t months = sign * (*first * 12 + *month);
  if (months != static_cast<int32_t>(months)) return RangeError("year-month", "integer overflow");
  return months;
}

Result<int64_t> ParseDayTimeText(std::string_view text, int start, int end) {
  static constexpr int64_t kFieldMicros[] = {86400000000, 3600000000, 60000000, 1000000};
  static constexpr int64_t kLeadMax[] = {106751991, 2562047788, 153722867280, 9223372036854};
  static constexpr size_t kLeadDigits[] = {9, 10, 12, 13};
  static constexpr int64_t kMax[] = {0, 23, 59, 59};
  static constexpr std::string_view kPatterns[] = {"d", "h", "m", "s.n"};
  static const char* const kNames[] = {"day", "hour", "minute", "second"};
  text = Trim(text);
  std::string pattern(kPatterns[start]);
  for (int field = start + 1; field <= end; field++)
    pattern += (field == 1 ? " " : ":") + std::string(kPatterns[field]);
  Status mismatch = FormatMismatch(text, "day-time", pattern, FieldRange(FieldName(start), FieldName(end)), true);
  size_t i = 0;
  int64_t sign = 1;
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) sign = text[i++] == '-' ? -1 : 1;
  int64_t micros = 0;
  for (int field = start; field <= end; field++) {
    bool lead = field == start;
    if (!lead) {
      char separator = field == 1 ? ' ' : ':';
      if (i >= text.size() || text[i] != separator) return mismatch;
      i++;
    }
    std::optional<int64_t> value = ReadDigits(text, &i, 1, lead ? kLeadDigits[field] : 2);
    if (!value) return mismatch;
    bool alone = start == end;
    if (!alone || field == 3) {
      if (auto error = CheckRange("day-time", kNames[field], *value, lead ? kLeadMax[field] : kMax[field]))
        return *error;
    }
    if (!AddScaled(sign * *value, kFieldMicros[field], &micros)) return RangeError("day-time", "long overflow");
  }
  if (end == 3 && i < text.size() && text[i] == '.') {
    i++;
    size_t begin = i;
    int64_t unit = 100000;
    for (; i < text.size() && IsDigit(text[i]); i++, unit /= 10) micros += sign * (text[i] - '0') * unit;
    if (i == begin || i - begin > 9) return mismatch;
  }
  if (i != text.size()) return mismatch;
  return micros;
}

std::string FormatYearMonthInterval(int64_t months, int start, int end) {
  int64_t magnitude = months < 0 ? -months : months;
  std::string out = months < 0 ? "INTERVAL '-" : "INTERVAL '";
  if (start == 0 && end == 1)
    return out + std::to_string(magnitude / 12) + "-" + std::to_string(magnitude % 12) + "' YEAR TO MONTH";
  return start == 0 ? out + std::to_string(magnitude / 12) + "' YEAR" : out + std::to_string(magnitude) + "' MONTH";
}

std::string FormatDayTimeInterval(int64_t micros, int start, int end) {
  static constexpr uint64_t kFieldMicros[] = {86400000000, 3600000000, 60000000, 1000000};
  uint64_t rest = micros < 0 ? 0 - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  std::string out = micros < 0 ? "INTERVAL '-" : "INTERVAL '";
  for (int field = start; field <= end; field++) {
    if (field > start) out += field == 1 ? " " : ":";
    int64_t value = static_cast<int64_t>(rest / kFieldMicros[field]);
    rest %= kFieldMicros[field];
    out += field == 0 ? std::to_string(value) : TwoDigits(value);
  }
  if (end == 3) out += Fraction(static_cast<int64_t>(rest));
  return out + "' " + FieldRange(FieldName(start), FieldName(end));
}

}  // namespace deltic::spark::sql
