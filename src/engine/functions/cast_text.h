// Text forms of values as Spark's CAST reads and writes them. Reading gives nullopt for text that is no value.
// Pure; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/functions/time_zone.h"

namespace deltic::engine::functions {

// Without blanks and control characters at both ends (UTF8String.trimAll).
std::string_view TrimAll(std::string_view text);

std::optional<bool> ParseBoolean(std::string_view text);
// `allow_fraction`: "1.9" is 1 (ANSI off).
std::optional<int64_t> ParseIntegral(std::string_view text, bool allow_fraction);
std::optional<double> ParseDouble(std::string_view text);
std::optional<float> ParseFloat(std::string_view text);
// Days since the epoch.
std::optional<int32_t> ParseDate(std::string_view text);
// Microseconds UTC; `zone` when the text has none; `now` (microseconds) gives the date of a time alone.
std::optional<int64_t> ParseTimestamp(std::string_view text, const Zone& zone, int64_t now);
// Local microseconds; a zone in the text is ignored unless `allow_zone` is false.
std::optional<int64_t> ParseTimestampNtz(std::string_view text, bool allow_zone = true);

std::string FormatDate(int32_t days);
// yyyy-MM-dd HH:mm:ss[.fraction] of a local time.
std::string FormatTimestamp(int64_t local_micros);

// INTERVAL '1 02:03:04.5' DAY TO SECOND and INTERVAL '1-2' YEAR TO MONTH, cut to the fields of the type.
std::string FormatDayTime(int64_t micros, int start_field, int end_field);
std::string FormatYearMonth(int32_t months, int start_field, int end_field);
// 1 years 2 months 3 days 4 hours 5 minutes 6.5 seconds.
std::string FormatCalendar(int32_t months, int32_t days, int64_t micros);

std::optional<int64_t> ParseDayTime(std::string_view text, int start_field, int end_field);
std::optional<int32_t> ParseYearMonth(std::string_view text, int start_field, int end_field);
struct CalendarParts {
  int32_t months = 0;
  int32_t days = 0;
  int64_t micros = 0;
};
// "[interval] 1 year 2 months -3 days 1.5 seconds", units in any number and order.
std::optional<CalendarParts> ParseCalendar(std::string_view text);

}  // namespace deltic::engine::functions
