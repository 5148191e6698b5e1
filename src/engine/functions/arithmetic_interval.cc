// Operators over dates, timestamps and intervals. Day-time intervals are microseconds, year-month intervals months.
#include <cmath>
#include <limits>

#include "engine/functions/runtime_errors.h"
#include "engine/functions/zoned_kernel.h"

namespace deltic::engine::functions {

void RegisterIntervalArithmetic(duckdb::ExtensionLoader& loader);

namespace {

using duckdb::date_t;
using duckdb::interval_t;
using duckdb::timestamp_t;
using duckdb::timestamp_tz_t;

template <typename T>
std::optional<T> Within(__int128 v) {
  if (v > std::numeric_limits<T>::max() || v < std::numeric_limits<T>::min()) return std::nullopt;
  return static_cast<T>(v);
}

// A kernel that overflows to an error, and its _try form that overflows to NULL.
template <typename A, typename B, typename R, typename F>
void AddFallible(KernelSink& sink, const std::string& name, F f, const char* what = "long") {
  AddBinary<A, B, R>(sink, name, true, [f, what](A a, B b) -> R {
    std::optional<R> out = f(a, b);
    if (!out) ThrowOverflow(what);
    return *out;
  });
  AddBinary<A, B, R>(sink, name + "_try", false, f);
}

int64_t FloorDays(int64_t micros) {
  int64_t days = micros / kMicrosPerDay;
  return micros % kMicrosPerDay < 0 ? days - 1 : days;
}

int64_t AddMonthsToDays(int64_t days, int64_t months) {
  CivilDate date = CivilFromDays(days);
  int64_t total = date.year * 12 + (date.month - 1) + months;
  int64_t year = total >= 0 ? total / 12 : (total - 11) / 12;
  int month = static_cast<int>(total - year * 12) + 1;
  return DaysFromCivil(year, month, std::min(date.day, DaysInMonth(year, month)));
}

// The local clock moved by months and days, then the instant by microseconds.
std::optional<int64_t> Shift(int64_t micros, int64_t months, int64_t days, int64_t rest, const Zone& zone) {
  int64_t instant = micros;
  if (months != 0 || days != 0) {
    int64_t local = zone.ToLocal(micros);
    int64_t day = FloorDays(local);
    int64_t moved = (months != 0 ? AddMonthsToDays(day, months) : day) + days;
    auto shifted = Within<int64_t>(static_cast<__int128>(moved - day) * kMicrosPerDay + local);
    if (!shifted) return std::nullopt;
    instant = zone.ToUtc(*shifted);
  }
  return Within<int64_t>(static_cast<__int128>(instant) + rest);
}

// spark_op_timestamp_add_<what>(timestamp, amount, zone) for both timestamp types.
template <typename T, typename B, typename F>
void AddTimestampShift(KernelSink& sink, const std::string& name, F f) {
  Add(sink, name.c_str(), [f](T t, B amount, std::string_view zone) {
    auto out = f(t.value, amount, ZoneOrThrow(zone));
    if (!out) ThrowOverflow("long");
    return T(*out);
  });
  Add(sink, (name + "_try").c_str(), [f](T t, B amount, std::string_view zone) -> std::optional<T> {
    auto out = f(t.value, amount, ZoneOrThrow(zone));
    if (!out) return std::nullopt;
    return T(*out);
  });
}

template <typename T>
void AddTimestampShifts(KernelSink& sink) {
  AddTimestampShift<T, int64_t>(sink, "spark_op_timestamp_add_micros", [](int64_t t, int64_t micros, const Zone& zone) {
    return Shift(t, 0, micros / kMicrosPerDay, micros % kMicrosPerDay, zone);
  });
  AddTimestampShift<T, int32_t>(sink, "spark_op_timestamp_add_months", [](int64_t t, int32_t months, const Zone& zone) {
    return Shift(t, months, 0, 0, zone);
  });
  AddTimestampShift<T, interval_t>(
      sink, "spark_op_timestamp_add_interval",
      [](int64_t t, interval_t i, const Zone& zone) { return Shift(t, i.months, i.days, i.micros, zone); });
  Add(sink, "spark_op_timestamp_diff", [](T a, T b, std::string_view id) {
    const Zone& zone = ZoneOrThrow(id);
    auto out = Within<int64_t>(static_cast<__int128>(zone.ToLocal(a.value)) - zone.ToLocal(b.value));
    if (!out) ThrowOverflow("long");
    return *out;
  });
}

std::optional<date_t> DateOf(int64_t days) {
  auto d = Within<int32_t>(days);
  if (!d) return std::nullopt;
  return date_t(*d);
}

void AddDates(KernelSink& sink) {
  for (const char* suffix : {"", "_try"}) {
    std::string tail = suffix;
    // Spark adds days in 32 bits.
    AddBinary<date_t, int32_t, date_t>(sink, "spark_op_date_add_days" + tail, false, [](date_t d, int32_t n) {
      return date_t(static_cast<int32_t>(static_cast<uint32_t>(d.days) + static_cast<uint32_t>(n)));
    });
    AddBinary<date_t, int32_t, date_t>(sink, "spark_op_date_sub_days" + tail, false, [](date_t d, int32_t n) {
      return date_t(static_cast<int32_t>(static_cast<uint32_t>(d.days) - static_cast<uint32_t>(n)));
    });
  }
  AddFallible<date_t, int64_t, date_t>(
      sink, "spark_op_date_add_day_micros",
      [](date_t d, int64_t micros) { return DateOf(int64_t{d.days} + micros / kMicrosPerDay); }, "integer");
  AddFallible<date_t, int32_t, date_t>(
      sink, "spark_op_date_add_months",
      [](date_t d, int32_t months) { return DateOf(AddMonthsToDays(d.days, months)); }, "integer");
  auto add_interval = [](date_t d, interval_t i) -> std::optional<date_t> {
    int64_t day = AddMonthsToDays(d.days, i.months) + i.days;
    auto micros = Within<int64_t>(static_cast<__int128>(day) * kMicrosPerDay + i.micros);
    if (!micros) return std::nullopt;
    return DateOf(FloorDays(*micros));
  };
  AddFallible<date_t, interval_t, date_t>(sink, "spark_op_date_add_interval", add_interval);
  AddBinary<date_t, interval_t, date_t>(
      sink, "spark_op_date_add_interval_ansi", true, [add_interval](date_t d, interval_t i) {
        if (i.micros != 0) {
          ThrowStatus(Error("_LEGACY_ERROR_TEMP_2000", {{"message",
                                                         "Cannot add hours, minutes or seconds, "
                                                         "milliseconds, microseconds to a date"},
                                                        {"ansiConfig", "\"spark.sql.ansi.enabled\""}}));
        }
        auto out = add_interval(d, i);
        if (!out) ThrowOverflow("long");
        return *out;
      });
  AddBinary<date_t, interval_t, date_t>(sink, "spark_op_date_add_interval_ansi_try", false, add_interval);
  AddBinary<date_t, date_t, int64_t>(sink, "spark_op_date_diff", true, [](date_t a, date_t b) {
    const auto micros = Within<int64_t>((static_cast<__int128>(a.days) - b.days) * kMicrosPerDay);
    if (!micros) ThrowOverflow("long");
    return *micros;
  });
}

// --- interval ± interval, interval × number ------------------------------------------------------------------

template <typename T>
void AddSums(KernelSink& sink, const char* type) {
  auto sum = [](T a, T b) -> std::optional<T> { return Within<T>(static_cast<__int128>(a) + b); };
  auto difference = [](T a, T b) -> std::optional<T> { return Within<T>(static_cast<__int128>(a) - b); };
  const char* what = sizeof(T) == 8 ? "long overflow" : "integer overflow";
  AddBinary<T>(sink, std::string("spark_add_") + type + "_interval_ansi", true, [sum, what](T a, T b) {
    auto out = sum(a, b);
    if (!out) ThrowIntervalOverflow(what, "try_add");
    return *out;
  });
  AddBinary<T>(sink, std::string("spark_subtract_") + type + "_interval_ansi", true, [difference, what](T a, T b) {
    auto out = difference(a, b);
    if (!out) ThrowIntervalOverflow(what, "try_subtract");
    return *out;
  });
}

std::optional<interval_t> MakeInterval(__int128 months, __int128 days, __int128 micros) {
  auto m = Within<int32_t>(months);
  auto d = Within<int32_t>(days);
  auto u = Within<int64_t>(micros);
  if (!m || !d || !u) return std::nullopt;
  interval_t out;
  out.months = *m;
  out.days = *d;
  out.micros = *u;
  return out;
}

// A calendar interval times a factor: whole months, then days with the rest as microseconds.
std::optional<interval_t> ScaleCalendar(interval_t i, double months, double days, double micros) {
  (void)i;
  double whole_days = std::trunc(days);
  double rest = (days - whole_days) * static_cast<double>(kMicrosPerDay) + micros;
  if (!std::isfinite(months) || !std::isfinite(days) || !std::isfinite(rest)) return std::nullopt;
  constexpr double kLimit = 9.3e18;
  if (std::fabs(months) > kLimit || std::fabs(days) > kLimit || std::fabs(rest) > kLimit) return std::nullopt;
  return MakeInterval(static_cast<__int128>(std::trunc(months)), static_cast<__int128>(whole_days),
                      static_cast<__int128>(std::round(rest)));
}

void AddCalendars(KernelSink& sink) {
  auto sum = [](interval_t a, interval_t b) {
    return MakeInterval(__int128{a.months} + b.months, __int128{a.days} + b.days, __int128{a.micros} + b.micros);
  };
  auto difference = [](interval_t a, interval_t b) {
    return MakeInterval(__int128{a.months} - b.months, __int128{a.days} - b.days, __int128{a.micros} - b.micros);
  };
  AddFallible<interval_t, interval_t, interval_t>(sink, "spark_add_interval", sum);
  AddFallible<interval_t, interval_t, interval_t>(sink, "spark_subtract_interval", difference);
  AddUnary<interval_t>(sink, "spark_negative_interval", true, [](interval_t i) {
    auto out = MakeInterval(-__int128{i.months}, -__int128{i.days}, -__int128{i.micros});
    if (!out) ThrowOverflow("integer");
    return *out;
  });
  auto scale = [](bool divide) {
    return [divide](interval_t i, double n) -> std::optional<interval_t> {
      if (divide) return ScaleCalendar(i, i.months / n, i.days / n, static_cast<double>(i.micros) / n);
      return ScaleCalendar(i, i.months * n, i.days * n, static_cast<double>(i.micros) * n);
    };
  };
  for (bool divide : {false, true}) {
    std::string name = divide ? "spark_op_divide_calendar_double" : "spark_op_multiply_calendar_double";
    auto f = scale(divide);
    auto null_on_zero = [f, divide](interval_t i, double n) -> std::optional<interval_t> {
      if (divide && n == 0) return std::nullopt;
      return f(i, n);
    };
    AddBinary<interval_t, double, interval_t>(sink, name, false, null_on_zero);
    AddBinary<interval_t, double, interval_t>(sink, name + "_try", false, null_on_zero);
    AddBinary<interval_t, double, interval_t>(sink, name + "_ansi", true, [f, divide](interval_t i, double n) {
      if (divide && n == 0) ThrowDivideByZero();
      auto out = f(i, n);
      if (!out) ThrowOverflow("long");
      return *out;
    });
  }
}

// Half-up rounding of a quotient of whole numbers (Java's RoundingMode.HALF_UP: away from zero).
std::optional<int64_t> RoundedQuotient(int64_t a, int64_t b) {
  __int128 n = a;
  __int128 d = b;
  bool negative = (n < 0) != (d < 0);
  if (n < 0) n = -n;
  if (d < 0) d = -d;
  __int128 q = (n * 2 + d) / (d * 2);
  return Within<int64_t>(negative ? -q : q);
}

std::optional<int64_t> RoundedDouble(double v) {
  if (!std::isfinite(v) || std::fabs(v) >= 9223372036854775808.0) return std::nullopt;
  return static_cast<int64_t>(std::round(v));
}

// T: int64 microseconds or int32 months. Interval arithmetic is exact in every mode; _try gives NULL.
template <typename T>
void AddScaling(KernelSink& sink, const std::string& kind) {
  using Whole = std::optional<int64_t> (*)(T, int64_t);
  using Real = std::optional<int64_t> (*)(T, double);
  Whole multiply_long = [](T a, int64_t n) { return Within<int64_t>(static_cast<__int128>(a) * n); };
  Real multiply_double = [](T a, double n) { return RoundedDouble(static_cast<double>(a) * n); };
  Whole divide_long = [](T a, int64_t n) { return RoundedQuotient(a, n); };
  Real divide_double = [](T a, double n) { return RoundedDouble(static_cast<double>(a) / n); };
  auto add = [&sink, &kind](const std::string& op, bool divide, auto f, auto number) {
    using N = decltype(number);
    std::string name = "spark_op_" + op + "_" + kind + (std::is_same_v<N, double> ? "_double" : "_long");
    for (const char* suffix : {"", "_ansi"}) {
      AddBinary<T, N, T>(sink, name + suffix, true, [f, divide](T a, N n) -> T {
        if (divide && n == 0) {
          ThrowStatus(Error("INTERVAL_DIVIDED_BY_ZERO", {{"config", "\"spark.sql.ansi.enabled\""}}));
        }
        auto wide = f(a, n);
        auto out = wide ? Within<T>(*wide) : std::optional<T>();
        if (!out) ThrowIntervalOverflow(sizeof(T) == 8 ? "long overflow" : "integer overflow");
        return *out;
      });
    }
    AddBinary<T, N, T>(sink, name + "_try", false, [f, divide](T a, N n) -> std::optional<T> {
      if (divide && n == 0) return std::nullopt;
      auto wide = f(a, n);
      return wide ? Within<T>(*wide) : std::optional<T>();
    });
  };
  add("multiply", false, multiply_long, int64_t{});
  add("multiply", false, multiply_double, double{});
  add("divide", true, divide_long, int64_t{});
  add("divide", true, divide_double, double{});
}

}  // namespace

void RegisterIntervalArithmetic(duckdb::ExtensionLoader& loader) {
  AddDates(loader);
  AddTimestampShifts<timestamp_t>(loader);
  AddTimestampShifts<timestamp_tz_t>(loader);
  AddSums<int64_t>(loader, "long");
  AddSums<int32_t>(loader, "int");
  AddCalendars(loader);
  AddScaling<int64_t>(loader, "day_time");
  AddScaling<int32_t>(loader, "year_month");
}

}  // namespace deltic::engine::functions
