#include "engine/text/scalar_text.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/clock.h"
#include "engine/functions/cast_text.h"
#include "engine/functions/datetime_pattern.h"
#include "engine/functions/decimal_vector.h"
#include "engine/functions/throw.h"
#include "engine/functions/zoned_kernel.h"

namespace deltic::engine::text {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using functions::kMicrosPerDay;
using functions::kMicrosPerSecond;
using functions::ParsedTime;
using std::string;
using std::string_view;

constexpr const char* kDatePattern = "yyyy-MM-dd";

[[noreturn]] void OnlySparkTwoReads(string_view text) {
  functions::ThrowStatus(
      Error("INCONSISTENT_BEHAVIOR_CROSS_VERSION.PARSE_DATETIME_BY_NEW_PARSER",
            {{"datetime", "'" + string(text) + "'"}, {"config", "\"spark.sql.legacy.timeParserPolicy\""}}));
}

// The text by a pattern, then by `fallback` when that is allowed; what neither reads may be Spark 2's.
template <typename T, typename Read, typename Fallback>
std::optional<T> ReadBy(string_view text, const string& format, bool fall_back, const Read& read,
                        const Fallback& fallback) {
  const auto& pattern = functions::CachedPattern(format, true);
  if (const auto parsed = pattern.Parse(text)) return read(*parsed);
  if (fall_back) {
    if (const std::optional<T> value = fallback()) return value;
  }
  if (pattern.LegacyParses(text)) OnlySparkTwoReads(text);
  return std::nullopt;
}

// Spark 2 read "yyyy-MM-dd" leniently: any numbers, and anything behind them.
bool SparkTwoReadsDate(string_view text) {
  size_t i = 0;
  const auto number = [&] {
    while (i < text.size() && text[i] == ' ') i++;
    const size_t start = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') i++;
    return i > start;
  };
  const auto dash = [&] { return i < text.size() && text[i++] == '-'; };
  return number() && dash() && number() && dash() && number();
}

int32_t DaysOf(int64_t micros) {
  int64_t days = micros / kMicrosPerDay;
  if (micros % kMicrosPerDay < 0) days--;
  return static_cast<int32_t>(days);
}

template <typename T>
bool StoreInteger(string_view text, duckdb::Vector& out, idx_t at) {
  T value{};
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return false;
  }
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size()) return false;
  FlatVector::GetData<T>(out)[at] = value;
  return true;
}

template <typename T>
std::optional<T> ReadJavaReal(string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  string_view digits = text;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits == "NaN") return std::numeric_limits<T>::quiet_NaN();
  const T infinity = std::numeric_limits<T>::infinity();
  if (digits == "Infinity") return negative ? -infinity : infinity;
  if (!digits.empty() && string_view("dDfF").find(digits.back()) != string_view::npos) digits.remove_suffix(1);
  if (digits.empty() || digits.find_first_not_of("0123456789.eE+-") != string_view::npos) return std::nullopt;
  if (digits.front() != '.' && (digits.front() < '0' || digits.front() > '9')) return std::nullopt;
  if (digits == ".") return std::nullopt;
  T value = 0;
  const char* last = digits.data() + digits.size();
  const auto end = std::from_chars(digits.data(), last, value);
  if (end.ptr != last) return std::nullopt;
  if (end.ec == std::errc::result_out_of_range) {
    const bool tiny = digits.find("e-") != string_view::npos || digits.find("E-") != string_view::npos;
    value = tiny || digits.starts_with("0.") ? T{0} : infinity;
  } else if (end.ec != std::errc()) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

template <typename T>
bool StoreReal(string_view text, const Options& options, duckdb::Vector& out, idx_t at) {
  T value = 0;
  if (text == options.nan_value) {
    value = std::numeric_limits<T>::quiet_NaN();
  } else if (text == options.negative_inf) {
    value = -std::numeric_limits<T>::infinity();
  } else if (text == options.positive_inf) {
    value = std::numeric_limits<T>::infinity();
  } else {
    const auto read = ReadJavaReal<T>(text);
    if (!read) return false;
    value = *read;
  }
  FlatVector::GetData<T>(out)[at] = value;
  return true;
}

bool EqualsFold(string_view text, string_view word) { return types::EqualsIgnoreCase(text, word); }

template <typename T>
bool Put(const std::optional<T>& value, duckdb::Vector& out, idx_t at) {
  if (value) FlatVector::GetData<T>(out)[at] = *value;
  return value.has_value();
}

}  // namespace

std::optional<double> ReadJavaDouble(string_view text) { return ReadJavaReal<double>(text); }
std::optional<float> ReadJavaFloat(string_view text) { return ReadJavaReal<float>(text); }

std::optional<int32_t> ReadDate(string_view text, const Options& options) {
  if (!options.date_format.has_value()) {
    // The strict default pattern and CAST agree on what both read.
    if (options.DateFallback() || !options.prefer_date) {
      if (const auto days = functions::ParseDate(text)) return days;
      if (SparkTwoReadsDate(text)) OnlySparkTwoReads(text);
      return std::nullopt;
    }
  }
  return ReadBy<int32_t>(
      text, options.date_format.value_or(kDatePattern), options.DateFallback(),
      [](const ParsedTime& parsed) { return std::optional(DaysOf(parsed.local_micros)); },
      [&] { return functions::ParseDate(text); });
}

std::optional<int64_t> ReadTimestamp(string_view text, const Options& options) {
  const functions::Zone& zone = functions::ZoneOrThrow(options.time_zone);
  const auto by_cast = [&]() -> std::optional<int64_t> {
    // A time alone is one of today.
    const bool dated = text.find('-') != string_view::npos;
    return functions::ParseTimestamp(text, zone, dated ? 0 : Clock::System()->NowMicros());
  };
  if (!options.timestamp_format) return by_cast();
  return ReadBy<int64_t>(
      text, *options.timestamp_format, options.TimestampFallback(),
      [&](const ParsedTime& parsed) -> std::optional<int64_t> {
        if (parsed.offset_seconds) {
          int64_t utc;
          const int64_t offset = *parsed.offset_seconds * kMicrosPerSecond;
          if (__builtin_sub_overflow(parsed.local_micros, offset, &utc)) return std::nullopt;
          return utc;
        }
        return (parsed.zone_id.empty() ? zone : functions::ZoneOrThrow(parsed.zone_id)).ToUtc(parsed.local_micros);
      },
      by_cast);
}

std::optional<int64_t> ReadTimestampNtz(string_view text, const Options& options) {
  if (!options.timestamp_ntz_format) return functions::ParseTimestampNtz(text, false);
  return ReadBy<int64_t>(
      text, *options.timestamp_ntz_format, false,
      [](const ParsedTime& parsed) -> std::optional<int64_t> {
        if (parsed.offset_seconds || !parsed.zone_id.empty()) return std::nullopt;
        return parsed.local_micros;
      },
      [] { return std::optional<int64_t>(); });
}

bool StoreDecimal(string_view text, const DataType& type, duckdb::Vector& out, idx_t at) {
  string plain;
  if (text.find(',') != string_view::npos) {
    plain = text;
    std::erase(plain, ',');
    text = plain;
  }
  if (text.empty()) return false;
  bool valid = false;
  const auto value = functions::ParseDecimal(text, {type.precision(), type.scale()}, &valid);
  if (!value) return false;
  functions::WithPhysical(type.precision(), [&](auto physical) {
    using P = decltype(physical);
    FlatVector::GetData<P>(out)[at] = functions::StoreDecimal<P>(*value);
  });
  return true;
}

void StoreText(string_view text, duckdb::Vector& out, idx_t at) {
  FlatVector::GetData<duckdb::string_t>(out)[at] = duckdb::StringVector::AddStringOrBlob(out, text.data(), text.size());
}

bool StoreInterval(string_view text, const DataType& type, duckdb::Vector& out, idx_t at) {
  switch (type.id()) {
    case TypeId::kDayTimeInterval:
      FlatVector::GetData<int64_t>(out)[at] =
          functions::ParseDayTime(text, type.start_field(), type.end_field()).value_or(0);
      return true;
    case TypeId::kYearMonthInterval:
      FlatVector::GetData<int32_t>(out)[at] =
          functions::ParseYearMonth(text, type.start_field(), type.end_field()).value_or(0);
      return true;
    default: break;
  }
  const auto parts = functions::ParseCalendar(text);
  if (!parts) return false;
  duckdb::interval_t value;
  value.months = parts->months;
  value.days = parts->days;
  value.micros = parts->micros;
  FlatVector::GetData<duckdb::interval_t>(out)[at] = value;
  return true;
}

bool StoreCsvToken(string_view text, const DataType& type, const Options& options, duckdb::Vector& out, idx_t at) {
  switch (type.id()) {
    case TypeId::kBoolean:
      if (!EqualsFold(text, "true") && !EqualsFold(text, "false")) return false;
      FlatVector::GetData<bool>(out)[at] = text.size() == 4;
      return true;
    case TypeId::kByte: return StoreInteger<int8_t>(text, out, at);
    case TypeId::kShort: return StoreInteger<int16_t>(text, out, at);
    case TypeId::kInteger: return StoreInteger<int32_t>(text, out, at);
    case TypeId::kLong: return StoreInteger<int64_t>(text, out, at);
    case TypeId::kFloat: return StoreReal<float>(text, options, out, at);
    case TypeId::kDouble: return StoreReal<double>(text, options, out, at);
    case TypeId::kDecimal: return StoreDecimal(text, type, out, at);
    case TypeId::kDate: return Put(ReadDate(text, options), out, at);
    case TypeId::kTimestamp: return Put(ReadTimestamp(text, options), out, at);
    case TypeId::kTimestampNtz: return Put(ReadTimestampNtz(text, options), out, at);
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kBinary: StoreText(text, out, at); return true;
    case TypeId::kDayTimeInterval:
    case TypeId::kYearMonthInterval:
    case TypeId::kCalendarInterval: return StoreInterval(text, type, out, at);
    default: return false;
  }
}

}  // namespace deltic::engine::text
