// Date and time kernels. Timestamps are brought to the session's local clock by spark_to_local and back by
// spark_to_instant, so that most kernels work on local date-times only.
#include <algorithm>
#include <cmath>
#include <limits>

#include "date/tz.h"
#include "engine/functions/cast_text.h"
#include "engine/functions/datetime_kernels.h"
#include "engine/functions/datetime_pattern.h"
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"
#include "engine/functions/runtime_errors.h"
#include "engine/functions/throw.h"
#include "engine/functions/time_zone.h"
#include "types/data_type.h"

namespace deltic::engine::functions {
namespace {

using duckdb::date_t;
using duckdb::timestamp_t;
using duckdb::timestamp_tz_t;
using std::string;
using std::string_view;

constexpr int64_t kMicrosPerMilli = 1000;
constexpr int64_t kMicrosPerHour = 3600 * kMicrosPerSecond;
constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0); }
int64_t FloorMod(int64_t a, int64_t b) { return a % b + (a % b != 0 && (a % b < 0) != (b < 0) ? b : 0); }

// The zone of a kernel's last argument; the last one used is remembered per thread.
const Zone& FindZone(string_view id) {
  thread_local const Zone* last = nullptr;
  thread_local string last_id;
  if (last != nullptr && last_id == id) return *last;
  const auto zone = Zone::Find(id);
  if (!zone.ok()) ThrowStatus(zone.status());
  last = *zone;
  last_id = string(id);
  return *last;
}

int64_t ToLocal(int64_t utc, string_view zone_id) {
  thread_local ZoneSpan span;
  thread_local const Zone* span_zone = nullptr;
  const Zone& zone = FindZone(zone_id);
  if (span_zone != &zone) {
    span = {};
    span_zone = &zone;
  }
  return zone.ToLocal(utc, &span);
}

int64_t ToUtc(int64_t local, string_view zone_id) {
  thread_local ZoneSpan span;
  thread_local const Zone* span_zone = nullptr;
  const Zone& zone = FindZone(zone_id);
  if (span_zone != &zone) {
    span = {};
    span_zone = &zone;
  }
  return zone.ToUtc(local, &span);
}

date_t Date(int64_t days) { return date_t(static_cast<int32_t>(days)); }
CivilDate Civil(date_t date) { return CivilFromDays(date.days); }
int64_t DayOf(int64_t local) { return FloorDiv(local, kMicrosPerDay); }

[[noreturn]] void LongOverflow() { ThrowOverflow("long"); }

int64_t MulExact(int64_t a, int64_t b) {
  int64_t out;
  if (__builtin_mul_overflow(a, b, &out)) LongOverflow();
  return out;
}
int64_t AddExact(int64_t a, int64_t b) {
  int64_t out;
  if (__builtin_add_overflow(a, b, &out)) LongOverflow();
  return out;
}
int64_t SubtractExact(int64_t a, int64_t b) {
  int64_t out;
  if (__builtin_sub_overflow(a, b, &out)) LongOverflow();
  return out;
}
// The first microsecond of a day.
int64_t StartOfDay(int64_t days) { return MulExact(days, kMicrosPerDay); }

int64_t AddMonths(int64_t days, int64_t months) {
  const CivilDate date = CivilFromDays(days);
  const int64_t total = date.year * 12 + date.month - 1 + months;
  const int64_t year = FloorDiv(total, 12);
  const auto month = static_cast<int>(FloorMod(total, 12)) + 1;
  return DaysFromCivil(year, month, std::min(date.day, DaysInMonth(year, month)));
}

// May be beyond the range of timestamps.
__int128 AddMonthsToLocal(int64_t local, int64_t months) {
  const __int128 day = AddMonths(DayOf(local), months);
  return day * kMicrosPerDay + FloorMod(local, kMicrosPerDay);
}

// Monday 0 … Sunday 6.
int DayOfWeek(int64_t days) { return static_cast<int>(FloorMod(days + 3, 7)); }

struct IsoWeek {
  int64_t year;
  int week;
};
IsoWeek IsoWeekOf(int64_t days) {
  const int64_t thursday = days - DayOfWeek(days) + 3;
  const int64_t year = CivilFromDays(thursday).year;
  return {year, static_cast<int>((thursday - DaysFromCivil(year, 1, 1)) / 7) + 1};
}

enum class Unit { kNone, kMicrosecond, kMillisecond, kSecond, kMinute, kHour, kDay, kWeek, kMonth, kQuarter, kYear };

Unit TruncUnit(string_view text) {
  const string u = types::ToLower(text);
  if (u == "microsecond") return Unit::kMicrosecond;
  if (u == "millisecond") return Unit::kMillisecond;
  if (u == "second") return Unit::kSecond;
  if (u == "minute") return Unit::kMinute;
  if (u == "hour") return Unit::kHour;
  if (u == "day" || u == "dd") return Unit::kDay;
  if (u == "week") return Unit::kWeek;
  if (u == "month" || u == "mon" || u == "mm") return Unit::kMonth;
  if (u == "quarter") return Unit::kQuarter;
  if (u == "year" || u == "yyyy" || u == "yy") return Unit::kYear;
  return Unit::kNone;
}

int64_t TruncDate(int64_t days, Unit unit) {
  const CivilDate date = CivilFromDays(days);
  switch (unit) {
    case Unit::kWeek: return days - DayOfWeek(days);
    case Unit::kMonth: return DaysFromCivil(date.year, date.month, 1);
    case Unit::kQuarter: return DaysFromCivil(date.year, (date.month - 1) / 3 * 3 + 1, 1);
    case Unit::kYear: return DaysFromCivil(date.year, 1, 1);
    default: return days;
  }
}

int64_t UnitMicros(Unit unit) {
  switch (unit) {
    case Unit::kMicrosecond: return 1;
    case Unit::kMillisecond: return kMicrosPerMilli;
    case Unit::kSecond: return kMicrosPerSecond;
    case Unit::kMinute: return kMicrosPerMinute;
    case Unit::kHour: return kMicrosPerHour;
    default: return 0;
  }
}

std::optional<int64_t> TruncLocal(int64_t local, Unit unit) {
  if (unit == Unit::kNone) return std::nullopt;
  if (const int64_t micros = UnitMicros(unit); micros > 0) return SubtractExact(local, FloorMod(local, micros));
  return StartOfDay(TruncDate(DayOf(local), unit));
}

double MonthsBetween(int64_t a, int64_t b, bool round_off) {
  const int64_t day_a = DayOf(a);
  const int64_t day_b = DayOf(b);
  const CivilDate x = CivilFromDays(day_a);
  const CivilDate y = CivilFromDays(day_b);
  const auto months = static_cast<double>((x.year - y.year) * 12 + x.month - y.month);
  const bool both_last = x.day == DaysInMonth(x.year, x.month) && y.day == DaysInMonth(y.year, y.month);
  if (x.day == y.day || both_last) return months;
  const int64_t seconds_a = FloorMod(a, kMicrosPerDay) / kMicrosPerSecond;
  const int64_t seconds_b = FloorMod(b, kMicrosPerDay) / kMicrosPerSecond;
  const int64_t seconds = (x.day - y.day) * int64_t{86400} + seconds_a - seconds_b;
  const double result = months + static_cast<double>(seconds) / (31.0 * 86400);
  // Java's Math.round(x * 1e8) / 1e8.
  return round_off ? std::floor(result * 1e8 + 0.5) / 1e8 : result;
}

std::optional<int> WeekdayOf(string_view name) {  // Monday 0
  static constexpr const char* kNames[7][3] = {
      {"MO", "MON", "MONDAY"}, {"TU", "TUE", "TUESDAY"},  {"WE", "WED", "WEDNESDAY"}, {"TH", "THU", "THURSDAY"},
      {"FR", "FRI", "FRIDAY"}, {"SA", "SAT", "SATURDAY"}, {"SU", "SUN", "SUNDAY"}};
  for (int i = 0; i < 7; i++) {
    for (const char* candidate : kNames[i]) {
      if (types::EqualsIgnoreCase(name, candidate)) return i;
    }
  }
  return std::nullopt;
}

Status OutOfBounds(const string& message) {
  return Error("DATETIME_FIELD_OUT_OF_BOUNDS",
               {{"rangeMessage", message}, {"ansiConfig", "\"spark.sql.ansi.enabled\""}});
}

std::optional<int64_t> MakeDate(int32_t y, int32_t m, int32_t d, bool ansi) {
  string problem;
  if (y < -999999999 || y > 999999999) {
    problem = "Invalid value for Year (valid values -999999999 - 999999999): " + std::to_string(y);
  } else if (m < 1 || m > 12) {
    problem = "Invalid value for MonthOfYear (valid values 1 - 12): " + std::to_string(m);
  } else if (d < 1 || d > 31) {
    problem = "Invalid value for DayOfMonth (valid values 1 - 28/31): " + std::to_string(d);
  } else if (d > DaysInMonth(y, m)) {
    problem = d == 29 ? "Invalid date 'February 29' as '" + std::to_string(y) + "' is not a leap year" : "Invalid date";
  }
  if (problem.empty()) return DaysFromCivil(y, m, d);
  if (ansi) ThrowStatus(OutOfBounds(problem));
  return std::nullopt;
}

// `seconds` in microseconds (decimal(16,6) unscaled).
std::optional<timestamp_t> MakeTimestamp(int32_t y, int32_t mo, int32_t d, int32_t h, int32_t mi, int64_t seconds,
                                         bool ansi) {
  const auto days = MakeDate(y, mo, d, ansi);
  if (!days.has_value()) return std::nullopt;
  string problem;
  if (h < 0 || h > 23)
    problem = "Invalid value for HourOfDay (valid values 0 - 23): " + std::to_string(h);
  else if (mi < 0 || mi > 59)
    problem = "Invalid value for MinuteOfHour (valid values 0 - 59): " + std::to_string(mi);
  else if (seconds < 0 || seconds > 60 * kMicrosPerSecond) {
    problem = "Invalid value for SecondOfMinute (valid values 0 - 59): " + std::to_string(seconds / kMicrosPerSecond);
  }
  if (problem.empty()) {
    return timestamp_t(AddExact(StartOfDay(*days), h * kMicrosPerHour + mi * kMicrosPerMinute + seconds));
  }
  if (ansi && seconds > 60 * kMicrosPerSecond && seconds < 61 * kMicrosPerSecond) {
    ThrowStatus(Error("INVALID_FRACTION_OF_SECOND", {{"ansiConfig", "\"spark.sql.ansi.enabled\""}}));
  }
  if (ansi) ThrowStatus(OutOfBounds(problem));
  return std::nullopt;
}

string Abbreviation(string_view zone_id, int64_t utc_micros) {
  if (zone_id == "UTC" || zone_id == "Etc/UTC" || zone_id == "Z") return "UTC";
  try {
    const auto* zone = date::locate_zone(string(zone_id));
    const auto at = date::sys_seconds(std::chrono::seconds(FloorDiv(utc_micros, kMicrosPerSecond)));
    return zone->get_info(at).abbrev;
  } catch (const std::exception&) {
    return string(zone_id);
  }
}

string FormatInstant(int64_t utc, string_view pattern_text, string_view zone_id) {
  const auto& pattern = CachedPattern(pattern_text, false);
  const int64_t local = ToLocal(utc, zone_id);
  const string name = pattern.need_zone_name() ? Abbreviation(zone_id, utc) : string();
  return pattern.Format({local, FloorDiv(local - utc, kMicrosPerSecond), zone_id, name});
}

// Parses by pattern, or nullopt; reports texts that only Spark 2 would have read, and all failures when ANSI is on.
std::optional<ParsedTime> ParseByPattern(string_view text, string_view pattern_text, bool ansi, bool attempt) {
  const auto& pattern = CachedPattern(pattern_text, true);
  auto parsed = pattern.Parse(text);
  if (parsed.has_value() || attempt) return parsed;
  if (pattern.LegacyParses(text)) {
    ThrowStatus(Error("INCONSISTENT_BEHAVIOR_CROSS_VERSION.PARSE_DATETIME_BY_NEW_PARSER",
                      {{"datetime", "'" + string(text) + "'"}, {"config", "\"spark.sql.legacy.timeParserPolicy\""}}));
  }
  if (ansi) {
    ThrowStatus(
        Error("CANNOT_PARSE_TIMESTAMP", {{"message", "Text '" + string(text) + "' could not be parsed at index 0"},
                                         {"ansiConfig", "\"spark.sql.ansi.enabled\""}}));
  }
  return parsed;
}

std::optional<int64_t> ParseInstant(string_view text, string_view pattern, string_view zone_id, bool ansi,
                                    bool attempt) {
  const auto parsed = ParseByPattern(text, pattern, ansi, attempt);
  if (!parsed.has_value()) return std::nullopt;
  if (parsed->offset_seconds.has_value()) {
    return SubtractExact(parsed->local_micros, *parsed->offset_seconds * kMicrosPerSecond);
  }
  return ToUtc(parsed->local_micros, parsed->zone_id.empty() ? zone_id : string_view(parsed->zone_id));
}

// --- timestampadd and timestampdiff ------------------------------------------------------------------------
[[noreturn]] void BadUnit(string_view unit, const char* function) {
  ThrowStatus(Error("INVALID_PARAMETER_VALUE.DATETIME_UNIT", {{"functionName", string("`") + function + "`"},
                                                              {"parameter", "`unit`"},
                                                              {"invalidValue", "'" + string(unit) + "'"}}));
}

int64_t TimestampAdd(string_view unit_text, int64_t amount, int64_t utc, string_view zone_id) {
  const string u = types::ToLower(unit_text);
  const int64_t local = ToLocal(utc, zone_id);
  const auto fit = [&](__int128 micros) {
    if (micros != static_cast<int64_t>(micros)) {
      ThrowStatus(Error("DATETIME_OVERFLOW", {{"operation", "add " + std::to_string(amount) + " " + string(unit_text) +
                                                                " to TIMESTAMP '" + FormatTimestamp(local) + "'"}}));
    }
    return static_cast<int64_t>(micros);
  };
  const auto fixed = [&](int64_t micros) { return fit(static_cast<__int128>(amount) * micros + utc); };
  if (u == "microsecond") return fixed(1);
  if (u == "millisecond") return fixed(kMicrosPerMilli);
  if (u == "second") return fixed(kMicrosPerSecond);
  if (u == "minute") return fixed(kMicrosPerMinute);
  if (u == "hour") return fixed(kMicrosPerHour);
  const auto days = [&](int n) {
    return ToUtc(fit(static_cast<__int128>(amount) * n * kMicrosPerDay + local), zone_id);
  };
  if (u == "day" || u == "dayofyear") return days(1);
  if (u == "week") return days(7);
  // No number of months that needs more than 32 bits stays within the range.
  const int64_t most = std::numeric_limits<int32_t>::max();
  const auto months = [&](int n) {
    return ToUtc(fit(AddMonthsToLocal(local, std::clamp(amount, -most, most) * n)), zone_id);
  };
  if (u == "month") return months(1);
  if (u == "quarter") return months(3);
  if (u == "year") return months(12);
  BadUnit(unit_text, "timestampadd");
}

// Days and microseconds of the day on the zone's clock, at every instant; ToLocal wraps at the ends of the range.
struct LocalTimeOfDay {
  int64_t day;
  int64_t micros;
  __int128 Total() const { return static_cast<__int128>(day) * kMicrosPerDay + micros; }
};
LocalTimeOfDay WideLocal(int64_t utc, string_view zone_id) {
  const auto offset = static_cast<int64_t>(static_cast<uint64_t>(ToLocal(utc, zone_id)) - static_cast<uint64_t>(utc));
  int64_t day = DayOf(utc);
  int64_t micros = FloorMod(utc, kMicrosPerDay) + offset;
  day += FloorDiv(micros, kMicrosPerDay);
  return {day, FloorMod(micros, kMicrosPerDay)};
}

int64_t MonthsFrom(const LocalTimeOfDay& a, const LocalTimeOfDay& b) {  // whole months
  const CivilDate x = CivilFromDays(a.day);
  const CivilDate y = CivilFromDays(b.day);
  int64_t months = (y.year - x.year) * 12 + y.month - x.month;
  const int64_t rest_x = x.day * kMicrosPerDay + a.micros;
  const int64_t rest_y = y.day * kMicrosPerDay + b.micros;
  if (months > 0 && rest_y < rest_x) months--;
  if (months < 0 && rest_y > rest_x) months++;
  return months;
}

// The difference of two local times, whatever the unit: an hour that the clock leaps over counts.
int64_t TimestampDiff(string_view unit_text, int64_t from, int64_t to, string_view zone_id) {
  const string u = types::ToLower(unit_text);
  const LocalTimeOfDay a = WideLocal(from, zone_id);
  const LocalTimeOfDay b = WideLocal(to, zone_id);
  const auto whole = [&](int64_t unit) {
    const __int128 units = (b.Total() - a.Total()) / unit;
    if (units != static_cast<int64_t>(units)) LongOverflow();  // of microseconds only
    return static_cast<int64_t>(units);
  };
  if (u == "microsecond") return whole(1);
  if (u == "millisecond") return whole(kMicrosPerMilli);
  if (u == "second") return whole(kMicrosPerSecond);
  if (u == "minute") return whole(kMicrosPerMinute);
  if (u == "hour") return whole(kMicrosPerHour);
  if (u == "day" || u == "dayofyear") return whole(kMicrosPerDay);
  if (u == "week") return whole(7 * kMicrosPerDay);
  if (u == "month") return MonthsFrom(a, b);
  if (u == "quarter") return MonthsFrom(a, b) / 3;
  if (u == "year") return MonthsFrom(a, b) / 12;
  BadUnit(unit_text, "timestampdiff");
}

void RegisterFields(KernelSink& sink) {
  Add(sink, "spark_year", [](date_t d) { return static_cast<int32_t>(Civil(d).year); });
  Add(sink, "spark_quarter", [](date_t d) { return (Civil(d).month - 1) / 3 + 1; });
  Add(sink, "spark_month", [](date_t d) { return Civil(d).month; });
  Add(sink, "spark_day", [](date_t d) { return Civil(d).day; });
  Add(sink, "spark_dayofweek", [](date_t d) { return (DayOfWeek(d.days) + 1) % 7 + 1; });
  Add(sink, "spark_dayofweek_iso", [](date_t d) { return DayOfWeek(d.days) + 1; });
  Add(sink, "spark_weekday", [](date_t d) { return DayOfWeek(d.days); });
  Add(sink, "spark_dayofyear",
      [](date_t d) { return static_cast<int32_t>(d.days - DaysFromCivil(Civil(d).year, 1, 1)) + 1; });
  Add(sink, "spark_weekofyear", [](date_t d) { return IsoWeekOf(d.days).week; });
  Add(sink, "spark_yearofweek", [](date_t d) { return static_cast<int32_t>(IsoWeekOf(d.days).year); });
  Add(sink, "spark_hour",
      [](timestamp_t t) { return static_cast<int32_t>(FloorMod(t.value, kMicrosPerDay) / kMicrosPerHour); });
  Add(sink, "spark_minute",
      [](timestamp_t t) { return static_cast<int32_t>(FloorMod(t.value, kMicrosPerHour) / kMicrosPerMinute); });
  Add(sink, "spark_second",
      [](timestamp_t t) { return static_cast<int32_t>(FloorMod(t.value, kMicrosPerMinute) / kMicrosPerSecond); });
  Add(sink, "spark_second_micros", [](timestamp_t t) { return FloorMod(t.value, kMicrosPerMinute); });
}

void RegisterDates(KernelSink& sink) {
  Add(sink, "spark_date_add", [](date_t d, int32_t n) { return Date(int64_t{d.days} + n); });
  Add(sink, "spark_date_sub", [](date_t d, int32_t n) { return Date(int64_t{d.days} - n); });
  Add(sink, "spark_datediff", [](date_t a, date_t b) { return static_cast<int32_t>(int64_t{a.days} - b.days); });
  Add(sink, "spark_add_months", [](date_t d, int32_t n) {
    const int64_t days = AddMonths(d.days, n);
    if (days != static_cast<int32_t>(days)) ThrowOverflow("integer");
    return Date(days);
  });
  Add(sink, "spark_months_between",
      [](timestamp_t a, timestamp_t b, bool round_off) { return MonthsBetween(a.value, b.value, round_off); });
  Add(sink, "spark_last_day", [](date_t d) {
    const CivilDate c = Civil(d);
    return Date(DaysFromCivil(c.year, c.month, DaysInMonth(c.year, c.month)));
  });
  Add(sink, "spark_next_day", [](date_t d, string_view name, bool ansi) -> std::optional<date_t> {
    const auto target = WeekdayOf(name);
    if (target.has_value()) return Date(int64_t{d.days} + 1 + FloorMod(*target - DayOfWeek(d.days) - 1, 7));
    if (ansi) {
      ThrowStatus(Error("ILLEGAL_DAY_OF_WEEK", {{"string", string(name)}}));
    }
    return std::nullopt;
  });
  Add(sink, "spark_trunc", [](date_t d, string_view unit_text) -> std::optional<date_t> {
    const Unit unit = TruncUnit(unit_text);
    if (unit < Unit::kWeek) return std::nullopt;
    return Date(TruncDate(d.days, unit));
  });
  Add(sink, "spark_unix_date", [](date_t d) { return d.days; });
  Add(sink, "spark_date_from_unix_date", [](int32_t n) { return date_t(n); });
  Add(sink, "spark_make_date", [](int32_t y, int32_t m, int32_t d, bool ansi) -> std::optional<date_t> {
    const auto days = MakeDate(y, m, d, ansi);
    return days.has_value() ? std::optional(Date(*days)) : std::nullopt;
  });
}

void RegisterTimestamps(KernelSink& sink) {
  Add(sink, "spark_to_local", [](timestamp_tz_t t, string_view zone) { return timestamp_t(ToLocal(t.value, zone)); });
  Add(sink, "spark_to_instant", [](timestamp_t t, string_view zone) { return timestamp_tz_t(ToUtc(t.value, zone)); });
  // A UTC clock time read as a zone's clock time, and back.
  Add(sink, "spark_from_utc",
      [](timestamp_tz_t t, string_view zone) { return timestamp_tz_t(ToLocal(t.value, zone)); });
  Add(sink, "spark_to_utc", [](timestamp_tz_t t, string_view zone) { return timestamp_tz_t(ToUtc(t.value, zone)); });
  Add(sink, "spark_date_trunc",
      [](string_view unit, timestamp_tz_t t, string_view zone) -> std::optional<timestamp_tz_t> {
        const Unit u = TruncUnit(unit);
        if (u == Unit::kNone) return std::nullopt;
        const int64_t local = ToLocal(t.value, zone);
        const int64_t cut = *TruncLocal(local, u);
        // Below a day the offset in force stays; a day starts by the zone's rules.
        return timestamp_tz_t(u <= Unit::kHour ? SubtractExact(t.value, local - cut) : ToUtc(cut, zone));
      });
  Add(sink, "spark_date_trunc_ntz", [](string_view unit, timestamp_t t) -> std::optional<timestamp_t> {
    const auto cut = TruncLocal(t.value, TruncUnit(unit));
    return cut.has_value() ? std::optional(timestamp_t(*cut)) : std::nullopt;
  });
  Add(sink, "spark_unix_seconds", [](timestamp_tz_t t) { return FloorDiv(t.value, kMicrosPerSecond); });
  Add(sink, "spark_unix_millis", [](timestamp_tz_t t) { return FloorDiv(t.value, kMicrosPerMilli); });
  Add(sink, "spark_unix_micros", [](timestamp_tz_t t) { return t.value; });
  Add(sink, "spark_timestamp_seconds", [](int64_t n) { return timestamp_tz_t(MulExact(n, kMicrosPerSecond)); });
  Add(sink, "spark_timestamp_seconds_double", [](double n) -> std::optional<timestamp_tz_t> {
    if (std::isnan(n) || std::isinf(n)) return std::nullopt;
    const double micros = n * 1e6;
    if (micros >= 9.223372036854775807e18) return timestamp_tz_t(std::numeric_limits<int64_t>::max());
    if (micros <= -9.223372036854775808e18) return timestamp_tz_t(std::numeric_limits<int64_t>::min());
    return timestamp_tz_t(static_cast<int64_t>(micros));
  });
  Add(sink, "spark_timestamp_millis", [](int64_t n) { return timestamp_tz_t(MulExact(n, kMicrosPerMilli)); });
  Add(sink, "spark_timestamp_micros", [](int64_t n) { return timestamp_tz_t(n); });
  Add(sink, "spark_make_timestamp", [](int32_t y, int32_t mo, int32_t d, int32_t h, int32_t mi, int64_t s, bool ansi) {
    return MakeTimestamp(y, mo, d, h, mi, s, ansi);
  });
  Add(sink, "spark_timestampadd", [](string_view unit, int64_t n, timestamp_tz_t t, string_view zone) {
    return timestamp_tz_t(TimestampAdd(unit, n, t.value, zone));
  });
  Add(sink, "spark_timestampadd_ntz",
      [](string_view unit, int64_t n, timestamp_t t) { return timestamp_t(TimestampAdd(unit, n, t.value, "UTC")); });
  Add(sink, "spark_timestampdiff", [](string_view unit, timestamp_tz_t a, timestamp_tz_t b, string_view zone) {
    return TimestampDiff(unit, a.value, b.value, zone);
  });
  Add(sink, "spark_timestampdiff_ntz",
      [](string_view unit, timestamp_t a, timestamp_t b) { return TimestampDiff(unit, a.value, b.value, "UTC"); });
  // Start of the tumbling window of `t`; all in microseconds.
  Add(sink, "spark_window_start", [](int64_t t, int64_t length, int64_t start) {
    return SubtractExact(t, FloorMod(SubtractExact(t, start), length));
  });
}

void RegisterTexts(KernelSink& sink) {
  Add(sink, "spark_date_format",
      [](timestamp_tz_t t, string_view pattern, string_view zone) { return FormatInstant(t.value, pattern, zone); });
  Add(sink, "spark_date_format_ntz", [](timestamp_t t, string_view pattern) {
    return CachedPattern(pattern, false).Format({t.value, 0, "UTC", "UTC"});
  });
  Add(sink, "spark_from_unixtime", [](int64_t seconds, string_view pattern, string_view zone) {
    // Spark multiplies without a check.
    const auto micros = static_cast<uint64_t>(seconds) * static_cast<uint64_t>(kMicrosPerSecond);
    return FormatInstant(static_cast<int64_t>(micros), pattern, zone);
  });
  // `mode`: 0 as configured, 1 NULL on any failure (try_).
  Add(sink, "spark_parse_timestamp",
      [](string_view text, string_view pattern, string_view zone, bool ansi,
         bool attempt) -> std::optional<timestamp_tz_t> {
        const auto micros = ParseInstant(text, pattern, zone, ansi, attempt);
        return micros.has_value() ? std::optional(timestamp_tz_t(*micros)) : std::nullopt;
      });
  Add(sink, "spark_parse_timestamp_ntz",
      [](string_view text, string_view pattern, bool ansi, bool attempt) -> std::optional<timestamp_t> {
        const auto parsed = ParseByPattern(text, pattern, ansi, attempt);
        return parsed.has_value() ? std::optional(timestamp_t(parsed->local_micros)) : std::nullopt;
      });
}

}  // namespace

void RegisterDatetimeKernels(duckdb::ExtensionLoader& sink) {
  RegisterFields(sink);
  RegisterDates(sink);
  RegisterTimestamps(sink);
  RegisterTexts(sink);
  RegisterIntervalKernels(sink);
}

}  // namespace deltic::engine::functions
