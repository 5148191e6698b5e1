// Text of date, timestamp and interval literals ↔ their values, by Spark 3.5's rules. Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "engine/plan/expression.h"

namespace deltic::spark::sql {

// Days since 1970-01-01 of "[+-]yyyy[-m[-d]][( |T)anything]"; nullopt when malformed or no such day.
std::optional<int64_t> ParseDateText(std::string_view text);

struct TimestampText {
  int64_t local_micros = 0;  // as if the text were in UTC
  bool has_zone = false;
  std::optional<int64_t> offset_micros;  // the zone when it is a fixed offset
  bool time_only = false;                // no date part: today's date is meant
};
std::optional<TimestampText> ParseTimestampText(std::string_view text);

// "2020-01-02", "2020-01-02 03:04:05.123" (fraction without trailing zeros).
std::string FormatDate(int64_t days);
std::string FormatTimestamp(int64_t micros);

// "1 day -2 hours", with or without a leading "interval". Errors carry Spark's text in detail.
Result<engine::CalendarInterval> ParseIntervalText(std::string_view text);

// 'y-m' or 'd h:m:s.n' text of INTERVAL '…' from TO to; fields: 0 YEAR 1 MONTH, or 0 DAY … 3 SECOND.
Result<int64_t> ParseYearMonthText(std::string_view text, int start, int end);
Result<int64_t> ParseDayTimeText(std::string_view text, int start, int end);

// INTERVAL '1-2' YEAR TO MONTH, INTERVAL '1 02:03:04' DAY TO SECOND: Spark's literal form.
std::string FormatYearMonthInterval(int64_t months, int start, int end);
std::string FormatDayTimeInterval(int64_t micros, int start, int end);

}  // namespace deltic::spark::sql
