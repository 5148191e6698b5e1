// Interval kernels: building intervals and reading their fields. Day-time intervals are microseconds, year-month
// intervals months.
#include <limits>

#include "engine/functions/datetime_kernels.h"
#include "engine/functions/throw.h"
#include "engine/functions/time_zone.h"

namespace deltic::engine::functions {
namespace {

using duckdb::interval_t;
using duckdb::timestamp_t;
using duckdb::timestamp_tz_t;

constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;

Status Overflow(const char* what) {
  return Error("INTERVAL_ARITHMETIC_OVERFLOW", {{"message", what}, {"alternative", ""}});
}

// years … minutes and seconds in microseconds; nullopt on overflow.
std::optional<interval_t> MakeInterval(int32_t years, int32_t months, int32_t weeks, int32_t days, int32_t hours,
                                       int32_t minutes, int64_t seconds) {
  const int64_t all_months = int64_t{years} * 12 + months;
  const int64_t all_days = int64_t{weeks} * 7 + days;
  const __int128 micros =
      static_cast<__int128>(hours) * kMicrosPerHour + static_cast<__int128>(minutes) * kMicrosPerMinute + seconds;
  constexpr int64_t kMax = std::numeric_limits<int32_t>::max();
  constexpr int64_t kMin = std::numeric_limits<int32_t>::min();
  if (all_months > kMax || all_months < kMin || all_days > kMax || all_days < kMin ||
      micros > std::numeric_limits<int64_t>::max() || micros < std::numeric_limits<int64_t>::min()) {
    return std::nullopt;
  }
  interval_t out;
  out.months = static_cast<int32_t>(all_months);
  out.days = static_cast<int32_t>(all_days);
  out.micros = static_cast<int64_t>(micros);
  return out;
}

}  // namespace

void RegisterIntervalKernels(KernelSink& sink) {
  Add(sink, "spark_make_interval",
      [](int32_t y, int32_t mo, int32_t w, int32_t d, int32_t h, int32_t mi, int64_t s, bool ansi) {
        auto interval = MakeInterval(y, mo, w, d, h, mi, s);
        if (!interval.has_value() && ansi) {
          ThrowStatus(
              Error("ARITHMETIC_OVERFLOW",
                    {{"message", "integer overflow"}, {"alternative", ""}, {"config", "\"spark.sql.ansi.enabled\""}}));
        }
        return interval;
      });
  Add(sink, "spark_make_dt_interval", [](int32_t d, int32_t h, int32_t m, int64_t s) {
    const __int128 micros = static_cast<__int128>(d) * kMicrosPerDay + static_cast<__int128>(h) * kMicrosPerHour +
                            static_cast<__int128>(m) * kMicrosPerMinute + s;
    if (micros > std::numeric_limits<int64_t>::max() || micros < std::numeric_limits<int64_t>::min()) {
      ThrowStatus(Overflow("long overflow"));
    }
    return static_cast<int64_t>(micros);
  });
  Add(sink, "spark_make_ym_interval", [](int32_t y, int32_t m) {
    const int64_t months = int64_t{y} * 12 + m;
    if (months != static_cast<int32_t>(months)) ThrowStatus(Overflow("integer overflow"));
    return static_cast<int32_t>(months);
  });
  Add(sink, "spark_ym_years", [](int32_t months) { return months / 12; });
  Add(sink, "spark_ym_months", [](int32_t months) { return static_cast<int8_t>(months % 12); });
  Add(sink, "spark_dt_days", [](int64_t micros) { return static_cast<int32_t>(micros / kMicrosPerDay); });
  Add(sink, "spark_dt_hours",
      [](int64_t micros) { return static_cast<int8_t>(micros % kMicrosPerDay / kMicrosPerHour); });
  Add(sink, "spark_dt_minutes",
      [](int64_t micros) { return static_cast<int8_t>(micros % kMicrosPerHour / kMicrosPerMinute); });
  Add(sink, "spark_dt_second_micros", [](int64_t micros) { return micros % kMicrosPerMinute; });
  Add(sink, "spark_ci_years", [](interval_t i) { return i.months / 12; });
  Add(sink, "spark_ci_months", [](interval_t i) { return static_cast<int8_t>(i.months % 12); });
  Add(sink, "spark_ci_days", [](interval_t i) { return i.days; });
  Add(sink, "spark_ci_hours", [](interval_t i) { return static_cast<int8_t>(i.micros / kMicrosPerHour % 128); });
  Add(sink, "spark_ci_minutes",
      [](interval_t i) { return static_cast<int8_t>(i.micros % kMicrosPerHour / kMicrosPerMinute); });
  Add(sink, "spark_ci_second_micros", [](interval_t i) { return i.micros % kMicrosPerMinute; });
  Add(sink, "spark_ntz_micros", [](timestamp_t t) { return t.value; });
  Add(sink, "spark_ntz_from_micros", [](int64_t t) { return timestamp_t(t); });
  Add(sink, "spark_add_micros",
      [](int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b)); });
  // decimal(16, 6) and decimal(8, 6) as their unscaled numbers.
  duckdb::ScalarFunction unscaled("spark_decimal_unscaled", {duckdb::LogicalType::DECIMAL(16, 6)},
                                  duckdb::LogicalType::BIGINT,
                                  [](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
                                    duckdb::UnaryExecutor::Execute<int64_t, int64_t>(args.data[0], result, args.size(),
                                                                                     [](int64_t v) { return v; });
                                  });
  sink.RegisterFunction(std::move(unscaled));
  duckdb::ScalarFunction seconds(
      "spark_micros_to_seconds", {duckdb::LogicalType::BIGINT}, duckdb::LogicalType::DECIMAL(8, 6),
      [](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
        duckdb::UnaryExecutor::Execute<int64_t, int32_t>(args.data[0], result, args.size(),
                                                         [](int64_t v) { return static_cast<int32_t>(v); });
      });
  sink.RegisterFunction(std::move(seconds));
}

}  // namespace deltic::engine::functions
