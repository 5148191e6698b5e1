// Rows of the datetime family.
#include <algorithm>

#include "spark/functions/coercion.h"
#include "spark/functions/datetime_parts.h"
#include "spark/functions/time_window.h"

namespace deltic::spark::functions {
namespace {

using engine::MakeBool;
using engine::MakeCall;
using engine::MakeInt;
using engine::MakeLong;
using engine::MakeString;

constexpr auto kInteger = TypeId::kInteger;
constexpr auto kLong = TypeId::kLong;
constexpr auto kDate = TypeId::kDate;
constexpr auto kTimestamp = TypeId::kTimestamp;
constexpr auto kNtz = TypeId::kTimestampNtz;
constexpr char kDefaultPattern[] = "yyyy-MM-dd HH:mm:ss";

ExprPtr Zone(const FunctionContext& context) { return MakeString(context.time_zone); }

// hour, minute, second: of the local clock.
ScalarBuilder TimeField(const char* kernel) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto arg, CoerceTo(call, 0, Arg::kAnyTimestamp, context));
    const bool nullable = arg->nullable;
    return Exact(kernel, {LocalClock(arg, context)}, kInteger, nullable);
  };
}

// The first three letters of the engine's name of a day or month.
ScalarBuilder EnglishName(const char* function) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto date, CoerceTo(call, 0, Arg::kDate, context));
    const bool nullable = date->nullable;
    auto name = Exact(function, {std::move(date)}, TypeId::kString, nullable);
    return Exact("spark_left", {std::move(name), MakeInt(3)}, TypeId::kString, nullable);
  };
}

ScalarBuilder Now(DataType type) {
  return [=](const FunctionCall&, const FunctionContext& context) -> Result<ExprPtr> {
    ExprPtr now = std::make_shared<engine::Literal>(engine::Value{context.query_start_micros}, kTimestamp);
    return type.Is(TypeId::kTimestamp) ? now : CastTo(now, type, context);
  };
}

Result<ExprPtr> BuildMonthsBetween(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kTimestamp, Arg::kTimestamp, Arg::kBoolean}, context));
  if (args.size() < 3) args.push_back(MakeBool(true));
  const bool nullable = AnyNullable(args);
  args[0] = LocalClock(args[0], context);
  args[1] = LocalClock(args[1], context);
  return Exact("spark_months_between", std::move(args), TypeId::kDouble, nullable);
}

Result<ExprPtr> BuildDateTrunc(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto unit, CoerceTo(call, 0, Arg::kString, context));
  ASSIGN_OR_RETURN(auto time, CoerceTo(call, 1, Arg::kTimestamp, context));
  return Exact("spark_date_trunc", {std::move(unit), std::move(time), Zone(context)}, kTimestamp, true);
}

// Parses `text` by `pattern` as the type asked for.
ExprPtr ParseText(ExprPtr text, ExprPtr pattern, bool ntz, bool attempt, const FunctionContext& context) {
  if (ntz) {
    return Exact("spark_parse_timestamp_ntz",
                 {std::move(text), std::move(pattern), MakeBool(context.ansi), MakeBool(attempt)}, kNtz, true);
  }
  return Exact("spark_parse_timestamp",
               {std::move(text), std::move(pattern), Zone(context), MakeBool(context.ansi), MakeBool(attempt)},
               kTimestamp, true);
}

ExprPtr TryCast(const ExprPtr& expr, const DataType& type, const FunctionContext& context) {
  if (expr->type.SameType(type)) return expr;
  return std::make_shared<engine::Cast>(expr, type, true, engine::CastMode::kTry, context.time_zone);
}

// to_timestamp and kin: a cast without a pattern, else a parse.
ScalarBuilder ToTimestamp(TypeId type, bool attempt) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    const TypeId target = type == TypeId::kNull ? (context.session_local_timestamp_ntz ? kNtz : kTimestamp) : type;
    const auto& input = call.args[0]->type;
    if (call.args.size() == 1) {
      if (!CanCast(input, target, context.ansi)) {
        return UnexpectedInputType(call, 0,
                                   "(\"STRING\" or \"DATE\" or \"TIMESTAMP\" or \"TIMESTAMP WITHOUT TIME ZONE\")");
      }
      return attempt ? TryCast(call.args[0], target, context) : CastTo(call.args[0], target, context);
    }
    ASSIGN_OR_RETURN(auto pattern, CoerceTo(call, 1, Arg::kString, context));
    if (input.Is(kDate) || input.Is(kTimestamp) || input.Is(kNtz)) return CastTo(call.args[0], target, context);
    ASSIGN_OR_RETURN(auto text, CoerceTo(call, 0, Arg::kString, context));
    return ParseText(std::move(text), std::move(pattern), target == kNtz, attempt, context);
  };
}

Result<ExprPtr> BuildToDate(const FunctionCall& call, const FunctionContext& context) {
  const auto& input = call.args[0]->type;
  if (call.args.size() == 1 || input.Is(kDate) || input.Is(kTimestamp) || input.Is(kNtz)) {
    if (!CanCast(input, kDate, context.ansi)) return UnexpectedInputType(call, 0, RequiredType(Arg::kDate));
    return CastTo(call.args[0], kDate, context);
  }
  ASSIGN_OR_RETURN(auto pattern, CoerceTo(call, 1, Arg::kString, context));
  ASSIGN_OR_RETURN(auto text, CoerceTo(call, 0, Arg::kString, context));
  return CastTo(ParseText(std::move(text), std::move(pattern), false, false, context), kDate, context);
}

// unix_timestamp() is now; of a string, by a pattern; of a date or timestamp, its seconds.
Result<ExprPtr> BuildUnixTimestamp(const FunctionCall& call, const FunctionContext& context) {
  if (call.args.empty()) {  // nullable to Spark, as every result of this function
    return ExprPtr(std::make_shared<engine::Cast>(MakeLong(context.query_start_micros / 1000000), kLong, true,
                                                  engine::CastMode::kLegacy, context.time_zone));
  }
  const auto& input = call.args[0]->type;
  ExprPtr time;
  if (input.Is(kDate) || input.Is(kTimestamp) || input.Is(kNtz)) {
    time = CastTo(call.args[0], kTimestamp, context);
  } else {
    ASSIGN_OR_RETURN(auto text, CoerceTo(call, 0, Arg::kString, context));
    ExprPtr pattern = MakeString(kDefaultPattern);
    if (call.args.size() > 1) {
      ASSIGN_OR_RETURN(pattern, CoerceTo(call, 1, Arg::kString, context));
    }
    time = ParseText(std::move(text), std::move(pattern), false, false, context);
  }
  return Exact("spark_unix_seconds", {std::move(time)}, kLong, true);
}

Result<ExprPtr> BuildFromUnixtime(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kLong, Arg::kString}, context));
  if (args.size() < 2) args.push_back(MakeString(kDefaultPattern));
  args.push_back(Zone(context));
  return Exact("spark_from_unixtime", std::move(args), TypeId::kString, true);
}

Result<ExprPtr> BuildDateFormat(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto time, CoerceTo(call, 0, Arg::kTimestamp, context));
  ASSIGN_OR_RETURN(auto pattern, CoerceTo(call, 1, Arg::kString, context));
  const bool nullable = time->nullable || pattern->nullable;
  return Exact("spark_date_format", {std::move(time), std::move(pattern), Zone(context)}, TypeId::kString, nullable);
}

Result<ExprPtr> BuildTimestampSeconds(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto arg, CoerceTo(call, 0, Arg::kNumeric, context));
  const bool nullable = arg->nullable;
  if (arg->type.IsIntegral()) {
    return Exact("spark_timestamp_seconds", {CastTo(arg, kLong, context)}, kTimestamp, nullable);
  }
  if (arg->type.IsFractional()) {
    return Exact("spark_timestamp_seconds_double", {CastTo(arg, TypeId::kDouble, context)}, kTimestamp, true);
  }
  // Decimals are exact: the microseconds as an integer.
  return CastTo(arg, kTimestamp, context);
}

Result<ExprPtr> BuildMakeDate(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kInt}, context));
  const bool nullable = !context.ansi || AnyNullable(args);
  args.push_back(MakeBool(context.ansi));
  return Exact("spark_make_date", std::move(args), kDate, nullable);
}

// decimal(16, 6) seconds as integral microseconds.
ExprPtr SecondsToMicros(const ExprPtr& seconds, const FunctionContext& context) {
  const auto decimal = CastTo(seconds, DataType::Decimal(16, 6), context);
  return MakeCall("spark_decimal_unscaled", {decimal}, kLong, decimal->nullable, true);
}

ScalarBuilder MakeTimestamp(TypeId type) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    const TypeId target = type == TypeId::kNull ? (context.session_local_timestamp_ntz ? kNtz : kTimestamp) : type;
    std::vector<ExprPtr> args;
    for (size_t i = 0; i < 5; i++) {
      ASSIGN_OR_RETURN(auto arg, CoerceTo(call, i, Arg::kInt, context));
      args.push_back(std::move(arg));
    }
    args.push_back(SecondsToMicros(call.args[5], context));
    ExprPtr zone = Zone(context);
    if (call.args.size() == 7) {
      ASSIGN_OR_RETURN(zone, CoerceTo(call, 6, Arg::kString, context));
    }
    const bool nullable = !context.ansi || AnyNullable(args) || zone->nullable;
    args.push_back(MakeBool(context.ansi));
    ExprPtr local = Exact("spark_make_timestamp", std::move(args), kNtz, nullable);
    if (target == kNtz) return local;
    return Exact("spark_to_instant", {std::move(local), std::move(zone)}, kTimestamp, nullable);
  };
}

ScalarBuilder ShiftZone(const char* kernel) {  // from_utc_timestamp, to_utc_timestamp
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kTimestamp, Arg::kString}, context));
    const bool nullable = AnyNullable(args);
    return Exact(kernel, std::move(args), kTimestamp, nullable);
  };
}

Result<ExprPtr> BuildConvertTimezone(const FunctionCall& call, const FunctionContext& context) {
  const bool with_source = call.args.size() == 3;
  ExprPtr source = Zone(context);
  if (with_source) {
    ASSIGN_OR_RETURN(source, CoerceTo(call, 0, Arg::kString, context));
  }
  ASSIGN_OR_RETURN(auto target, CoerceTo(call, with_source ? 1 : 0, Arg::kString, context));
  ASSIGN_OR_RETURN(auto local, CoerceTo(call, with_source ? 2 : 1, Arg::kTimestampNtz, context));
  const bool nullable = source->nullable || target->nullable || local->nullable;
  auto instant = Exact("spark_to_instant", {std::move(local), std::move(source)}, kTimestamp, nullable);
  return Exact("spark_to_local", {std::move(instant), std::move(target)}, kNtz, nullable);
}

Result<ExprPtr> BuildTimestampAdd(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto unit, CoerceTo(call, 0, Arg::kString, context));
  ASSIGN_OR_RETURN(auto amount, CoerceTo(call, 1, Arg::kLong, context));
  ASSIGN_OR_RETURN(auto time, CoerceTo(call, 2, Arg::kAnyTimestamp, context));
  const bool nullable = amount->nullable || time->nullable;
  if (time->type.Is(kNtz)) {
    return Exact("spark_timestampadd_ntz", {std::move(unit), std::move(amount), std::move(time)}, kNtz, nullable);
  }
  return Exact("spark_timestampadd", {std::move(unit), std::move(amount), std::move(time), Zone(context)}, kTimestamp,
               nullable);
}

Result<ExprPtr> BuildTimestampDiff(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto unit, CoerceTo(call, 0, Arg::kString, context));
  ASSIGN_OR_RETURN(auto from, CoerceTo(call, 1, Arg::kTimestamp, context));
  ASSIGN_OR_RETURN(auto to, CoerceTo(call, 2, Arg::kTimestamp, context));
  const bool nullable = from->nullable || to->nullable;
  return Exact("spark_timestampdiff", {std::move(unit), std::move(from), std::move(to), Zone(context)}, kLong,
               nullable);
}

// date_add(date, days), or dateadd(unit, amount, timestamp).
Result<ExprPtr> BuildDateAdd(const FunctionCall& call, const FunctionContext& context) {
  if (call.args.size() == 3) return BuildTimestampAdd(call, context);
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kDate, Arg::kInt}, context));
  const bool nullable = AnyNullable(args);
  return Exact("spark_date_add", std::move(args), kDate, nullable);
}
Result<ExprPtr> BuildDateDiff(const FunctionCall& call, const FunctionContext& context) {
  if (call.args.size() == 3) return BuildTimestampDiff(call, context);
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kDate}, context));
  const bool nullable = AnyNullable(args);
  return Exact("spark_datediff", std::move(args), kInteger, nullable);
}

Result<ExprPtr> BuildNextDay(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kDate, Arg::kString}, context));
  args.push_back(MakeBool(context.ansi));
  return Exact("spark_next_day", std::move(args), kDate, true);
}

std::vector<FunctionRow> FieldRows() {
  const auto date_field = [](const char* kernel) { return Lower({kernel, {Arg::kDate}, kInteger}); };
  return {
      Row("current_date", {"curdate"}, 0, 0, Now(kDate), "1.5.0", "Date at the start of the query."),
      Row("current_timestamp", {"now"}, 0, 0, Now(kTimestamp), "1.5.0", "Instant at the start of the query."),
      Row("localtimestamp", {}, 0, 0, Now(kNtz), "3.4.0", "Local date-time at the start of the query."),
      Row(
          "current_timezone", {}, 0, 0,
          [](const FunctionCall&, const FunctionContext& context) -> Result<ExprPtr> { return Zone(context); }, "3.1.0",
          "The session's time zone."),
      Row("year", {}, 1, 1, date_field("spark_year"), "1.5.0", "Year."),
      Row("quarter", {}, 1, 1, date_field("spark_quarter"), "1.5.0", "Quarter, 1 to 4."),
      Row("month", {}, 1, 1, date_field("spark_month"), "1.5.0", "Month, 1 to 12."),
      Row("day", {"dayofmonth"}, 1, 1, date_field("spark_day"), "1.5.0", "Day of the month."),
      Row("dayofweek", {}, 1, 1, date_field("spark_dayofweek"), "2.3.0", "Day of the week, 1 = Sunday."),
      Row("weekday", {}, 1, 1, date_field("spark_weekday"), "2.4.0", "Day of the week, 0 = Monday."),
      Row("dayofyear", {}, 1, 1, date_field("spark_dayofyear"), "1.5.0", "Day of the year."),
      Row("weekofyear", {}, 1, 1, date_field("spark_weekofyear"), "1.5.0", "ISO week of the year."),
      Row("dayname", {}, 1, 1, EnglishName("dayname"), "4.0.0", "Short name of the day of the week."),
      Row("monthname", {}, 1, 1, EnglishName("monthname"), "4.0.0", "Short name of the month."),
      Row("hour", {}, 1, 1, TimeField("spark_hour"), "1.5.0", "Hour of the day."),
      Row("minute", {}, 1, 1, TimeField("spark_minute"), "1.5.0", "Minute of the hour."),
      Row("second", {}, 1, 1, TimeField("spark_second"), "1.5.0", "Second of the minute."),
      Row("date_part", {"datepart"}, 2, 2, BuildDatePart, "3.0.0", "A field of a date, timestamp or interval."),
      Row("extract", {}, 2, 2, BuildDatePart, "3.0.0", "A field of a date, timestamp or interval."),
      Row("unix_date", {}, 1, 1, Lower({"spark_unix_date", {Arg::kDate}, kInteger}), "3.1.0", "Days since 1970-01-01."),
      Row("unix_seconds", {}, 1, 1, Lower({"spark_unix_seconds", {Arg::kTimestamp}, kLong}), "3.1.0",
          "Seconds since the epoch."),
      Row("unix_millis", {}, 1, 1, Lower({"spark_unix_millis", {Arg::kTimestamp}, kLong}), "3.1.0",
          "Milliseconds since the epoch."),
      Row("unix_micros", {}, 1, 1, Lower({"spark_unix_micros", {Arg::kTimestamp}, kLong}), "3.1.0",
          "Microseconds since the epoch."),
  };
}

std::vector<FunctionRow> ArithmeticRows() {
  return {
      Row("date_add", {"dateadd"}, 2, 3, BuildDateAdd, "1.5.0", "Date plus days, or a timestamp plus units."),
      Row("date_sub", {}, 2, 2, Lower({"spark_date_sub", {Arg::kDate, Arg::kInt}, kDate}), "1.5.0", "Date minus days."),
      Row("datediff", {"date_diff"}, 2, 3, BuildDateDiff, "1.5.0", "Days (or units) between two dates."),
      Row("add_months", {}, 2, 2, Lower({"spark_add_months", {Arg::kDate, Arg::kInt}, kDate}), "1.5.0",
          "Date plus months."),
      Row("months_between", {}, 2, 3, BuildMonthsBetween, "1.5.0", "Months between two timestamps."),
      Row("last_day", {}, 1, 1, Lower({"spark_last_day", {Arg::kDate}, kDate}), "1.5.0", "Last day of the month."),
      Row("next_day", {}, 2, 2, BuildNextDay, "1.5.0", "First later date on a day of the week."),
      Row("trunc", {}, 2, 2, Lower({"spark_trunc", {Arg::kDate, Arg::kString}, kDate, Nulls::kAlways}), "1.5.0",
          "Date cut to a unit."),
      Row("date_trunc", {}, 2, 2, BuildDateTrunc, "2.3.0", "Timestamp cut to a unit."),
      Row("timestampadd", {}, 3, 3, BuildTimestampAdd, "3.3.0", "Timestamp plus units."),
      Row("timestampdiff", {}, 3, 3, BuildTimestampDiff, "3.3.0", "Whole units between two timestamps."),
      Row("from_utc_timestamp", {}, 2, 2, ShiftZone("spark_from_utc"), "1.5.0",
          "UTC clock time as a zone's clock time."),
      Row("to_utc_timestamp", {}, 2, 2, ShiftZone("spark_to_utc"), "1.5.0", "A zone's clock time as UTC clock time."),
      Row("convert_timezone", {}, 2, 3, BuildConvertTimezone, "3.4.0", "Local date-time from one zone to another."),
  };
}

std::vector<FunctionRow> ConversionRows() {
  return {
      Row("to_date", {}, 1, 2, BuildToDate, "1.5.0", "Date from text."),
      Row("to_timestamp", {}, 1, 2, ToTimestamp(TypeId::kNull, false), "2.2.0", "Timestamp from text."),
      Row("to_timestamp_ltz", {}, 1, 2, ToTimestamp(kTimestamp, false), "3.4.0", "Timestamp from text."),
      Row("to_timestamp_ntz", {}, 1, 2, ToTimestamp(kNtz, false), "3.4.0", "Local date-time from text."),
      Row("try_to_timestamp", {}, 1, 2, ToTimestamp(TypeId::kNull, true), "3.5.0", "to_timestamp, NULL on bad input."),
      Row("to_unix_timestamp", {}, 1, 2, BuildUnixTimestamp, "1.6.0", "Seconds since the epoch of a text."),
      Row("unix_timestamp", {}, 0, 2, BuildUnixTimestamp, "1.5.0", "Seconds since the epoch."),
      Row("from_unixtime", {}, 1, 2, BuildFromUnixtime, "1.5.0", "Text of seconds since the epoch."),
      Row("date_format", {}, 2, 2, BuildDateFormat, "1.5.0", "Text of a timestamp by a pattern."),
      Row("timestamp_seconds", {}, 1, 1, BuildTimestampSeconds, "3.1.0", "Timestamp from seconds."),
      Row("timestamp_millis", {}, 1, 1, Lower({"spark_timestamp_millis", {Arg::kLong}, kTimestamp}), "3.1.0",
          "Timestamp from milliseconds."),
      Row("timestamp_micros", {}, 1, 1, Lower({"spark_timestamp_micros", {Arg::kLong}, kTimestamp}), "3.1.0",
          "Timestamp from microseconds."),
      Row("date_from_unix_date", {}, 1, 1, Lower({"spark_date_from_unix_date", {Arg::kInt}, kDate}), "3.1.0",
          "Date from days."),
      Row("make_date", {}, 3, 3, BuildMakeDate, "3.0.0", "Date from its fields."),
      Row("make_timestamp", {}, 6, 7, MakeTimestamp(TypeId::kNull), "3.0.0", "Timestamp from its fields."),
      Row("make_timestamp_ltz", {}, 6, 7, MakeTimestamp(kTimestamp), "3.4.0", "Timestamp from its fields."),
      Row("make_timestamp_ntz", {}, 6, 6, MakeTimestamp(kNtz), "3.4.0", "Local date-time from its fields."),
      Row("make_interval", {}, 0, 7, BuildMakeInterval, "3.0.0", "Calendar interval from its fields."),
      Row("make_dt_interval", {}, 0, 4, BuildMakeDtInterval, "3.2.0", "Day-time interval from its fields."),
      Row("make_ym_interval", {}, 0, 2, BuildMakeYmInterval, "3.2.0", "Year-month interval from its fields."),
  };
}

}  // namespace

ExprPtr LocalClock(const ExprPtr& time, const FunctionContext& context) {
  if (time->type.Is(kNtz)) return time;
  return Exact("spark_to_local", {time, Zone(context)}, kNtz, time->nullable);
}

ExprPtr SecondsMicros(const ExprPtr& seconds, const FunctionContext& context) {
  return SecondsToMicros(seconds, context);
}

std::span<const FunctionRow> DatetimeFunctions() {
  static const std::vector<FunctionRow>* const rows = [] {
    auto* all = new std::vector<FunctionRow>(FieldRows());
    for (auto& row : ArithmeticRows()) all->push_back(std::move(row));
    for (auto& row : ConversionRows()) all->push_back(std::move(row));
    for (auto& row : TimeWindowRows()) all->push_back(std::move(row));
    return all;
  }();
  return *rows;
}

}  // namespace deltic::spark::functions
