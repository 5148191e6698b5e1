// Arithmetic where dates, timestamps and intervals take part (Spark's ResolveBinaryArithmetic).
#include "spark/functions/arithmetic.h"
#include "spark/functions/coercion.h"

namespace deltic::spark::functions {
namespace {

bool IsTimestamp(const DataType& t) { return t.Is(TypeId::kTimestamp) || t.Is(TypeId::kTimestampNtz); }
bool IsDatetime(const DataType& t) { return t.Is(TypeId::kDate) || IsTimestamp(t); }
bool IsDayTime(const DataType& t) { return t.Is(TypeId::kDayTimeInterval); }
bool IsYearMonth(const DataType& t) { return t.Is(TypeId::kYearMonthInterval); }
bool IsCalendar(const DataType& t) { return t.Is(TypeId::kCalendarInterval); }

std::string Suffixed(const char* kernel, EvalMode mode) {
  return mode == EvalMode::kTry ? std::string(kernel) + "_try" : kernel;
}

ExprPtr Call(std::string kernel, std::vector<ExprPtr> args, DataType type, EvalMode mode) {
  bool nullable = AnyNullable(args) || mode == EvalMode::kTry;
  return engine::MakeCall(std::move(kernel), std::move(args), std::move(type), nullable, true);
}

ExprPtr Negated(const ExprPtr& interval) {
  const char* kernel = IsDayTime(interval->type)     ? "spark_negative_long_ansi"
                       : IsYearMonth(interval->type) ? "spark_negative_int_ansi"
                                                     : "spark_negative_interval";
  return engine::MakeCall(kernel, {interval}, interval->type, interval->nullable, true);
}

// Interval ± interval of one kind.
ExprPtr SumOfIntervals(const ExprPtr& l, const ExprPtr& r, bool subtract, EvalMode mode,
                       const FunctionContext& context) {
  std::string op = subtract ? "spark_subtract_" : "spark_add_";
  if (IsCalendar(l->type)) {
    return Call(op + "interval", {l, r}, TypeId::kCalendarInterval, mode);
  }
  auto type = TightestCommonType(l->type, r->type, context.ansi);
  std::string kernel =
      op + (IsDayTime(l->type) ? "long" : "int") + (mode == EvalMode::kTry ? "_try" : "_interval_ansi");
  return Call(kernel, {l, r}, type.value_or(l->type), mode);
}

// A date, timestamp or text with an interval added (already negated for -).
Result<ExprPtr> ShiftBy(const ExprPtr& point, const ExprPtr& interval, EvalMode mode, const FunctionContext& context) {
  const DataType& t = point->type;
  ExprPtr zone = engine::MakeString(context.time_zone);
  if (t.Is(TypeId::kDate)) {
    if (IsDayTime(interval->type)) {
      if (interval->type.end_field() == 0) {
        return Call(Suffixed("spark_op_date_add_day_micros", mode), {point, interval}, TypeId::kDate, mode);
      }
      ExprPtr start = CastTo(point, TypeId::kTimestamp, context);
      return Call(Suffixed("spark_op_timestamp_add_micros", mode), {start, interval, zone}, TypeId::kTimestamp, mode);
    }
    if (IsYearMonth(interval->type)) {
      return Call(Suffixed("spark_op_date_add_months", mode), {point, interval}, TypeId::kDate, mode);
    }
    return Call(Suffixed(context.ansi ? "spark_op_date_add_interval_ansi" : "spark_op_date_add_interval", mode),
                {point, interval}, TypeId::kDate, mode);
  }
  ExprPtr start = IsTimestamp(t) ? point : CastTo(point, TypeId::kTimestamp, context);
  bool ntz = start->type.Is(TypeId::kTimestampNtz);
  const char* kernel = IsDayTime(interval->type)     ? "spark_op_timestamp_add_micros"
                       : IsYearMonth(interval->type) ? "spark_op_timestamp_add_months"
                                                     : "spark_op_timestamp_add_interval";
  if (ntz) zone = engine::MakeString("UTC");
  ExprPtr shifted = Call(Suffixed(kernel, mode), {start, interval, zone}, start->type, mode);
  return CastTo(shifted, IsTimestamp(t) ? t : DataType(TypeId::kString), context);
}

// date ± number of days.
Result<std::optional<ExprPtr>> DateDays(const FunctionCall& call, const ExprPtr& date, size_t days_index, bool subtract,
                                        EvalMode mode, const FunctionContext& context) {
  ExprPtr days = call.args[days_index];
  bool small = days->type.Is(TypeId::kInteger) || days->type.Is(TypeId::kShort) || days->type.Is(TypeId::kByte) ||
               days->type.Is(TypeId::kNull);
  if (!small) return UnexpectedInputType(call, days_index, "(\"INT\" or \"SMALLINT\" or \"TINYINT\")");
  days = CastTo(days, TypeId::kInteger, context);
  const char* kernel = subtract ? "spark_op_date_sub_days" : "spark_op_date_add_days";
  return std::optional<ExprPtr>(Call(kernel, {date, days}, TypeId::kDate, mode));
}

Result<std::optional<ExprPtr>> Difference(const ExprPtr& l, const ExprPtr& r, const FunctionContext& context) {
  if (l->type.Is(TypeId::kDate) && r->type.Is(TypeId::kDate)) {
    return std::optional<ExprPtr>(
        Call("spark_op_date_diff", {l, r}, DataType::DayTimeInterval(0, 0), EvalMode::kLegacy));
  }
  bool ntz = l->type.Is(TypeId::kTimestampNtz) && r->type.Is(TypeId::kTimestampNtz);
  DataType type = ntz ? TypeId::kTimestampNtz : TypeId::kTimestamp;
  ExprPtr zone = engine::MakeString(ntz ? "UTC" : context.time_zone);
  return std::optional<ExprPtr>(Call("spark_op_timestamp_diff",
                                     {CastTo(l, type, context), CastTo(r, type, context), zone},
                                     DataType::DayTimeInterval(), EvalMode::kLegacy));
}

}  // namespace

Result<std::optional<ExprPtr>> DatetimeAddition(const FunctionCall& call, bool subtract, EvalMode mode,
                                                const FunctionContext& context) {
  ExprPtr l = call.args[0];
  ExprPtr r = call.args[1];
  if (!l->type.IsInterval() && !r->type.IsInterval() && !IsDatetime(l->type) && !IsDatetime(r->type)) {
    return std::optional<ExprPtr>();
  }
  // NULL beside an interval is an interval of that kind.
  if (l->type.Is(TypeId::kNull) && r->type.IsInterval()) l = engine::MakeNull(r->type);
  if (r->type.Is(TypeId::kNull) && l->type.IsInterval()) r = engine::MakeNull(l->type);
  const DataType& lt = l->type;
  const DataType& rt = r->type;
  if (lt.IsInterval() && lt.id() == rt.id()) {
    return std::optional<ExprPtr>(SumOfIntervals(l, r, subtract, mode, context));
  }
  if (rt.IsInterval() && (IsDatetime(lt) || lt.IsString())) {
    ASSIGN_OR_RETURN(ExprPtr out, ShiftBy(l, subtract ? Negated(r) : r, mode, context));
    return std::optional<ExprPtr>(std::move(out));
  }
  if (!subtract && lt.IsInterval() && (IsDatetime(rt) || rt.IsString())) {
    ASSIGN_OR_RETURN(ExprPtr out, ShiftBy(r, l, mode, context));
    return std::optional<ExprPtr>(std::move(out));
  }
  if (subtract && IsDatetime(lt) && IsDatetime(rt)) return Difference(l, r, context);
  if (subtract && rt.Is(TypeId::kDate) && lt.IsString()) {
    return Difference(CastTo(l, TypeId::kDate, context), r, context);
  }
  if (subtract && lt.Is(TypeId::kDate) && rt.IsString()) {
    // The text is the date to subtract only in ANSI mode's promotion; otherwise Spark refuses through a double.
    return Difference(l, CastTo(r, TypeId::kDate, context), context);
  }
  if (subtract && IsTimestamp(lt) && (rt.IsString() || rt.Is(TypeId::kNull))) {
    return Difference(l, CastTo(r, lt, context), context);
  }
  if (subtract && IsTimestamp(rt) && (lt.IsString() || lt.Is(TypeId::kNull))) {
    return Difference(CastTo(l, rt, context), r, context);
  }
  if (lt.Is(TypeId::kDate) && !IsDatetime(rt)) return DateDays(call, l, 1, subtract, mode, context);
  if (!subtract && rt.Is(TypeId::kDate) && !IsDatetime(lt)) return DateDays(call, r, 0, false, mode, context);
  return BinaryOperatorMismatch(call, lt, rt,
                                "(\"NUMERIC\" or \"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\" or "
                                "\"INTERVAL\")");
}

Result<std::optional<ExprPtr>> IntervalScaling(const FunctionCall& call, bool divide, EvalMode mode,
                                               const FunctionContext& context) {
  ExprPtr interval = call.args[0];
  ExprPtr number = call.args[1];
  if (!interval->type.IsInterval() && !divide) std::swap(interval, number);
  if (!interval->type.IsInterval()) return std::optional<ExprPtr>();
  const DataType& t = interval->type;
  if (!number->type.IsNumeric() && !number->type.IsString() && !number->type.Is(TypeId::kNull)) {
    return BinaryOperatorMismatch(call, call.args[0]->type, call.args[1]->type, "\"NUMERIC\"");
  }
  std::string op = divide ? "spark_op_divide_" : "spark_op_multiply_";
  std::string kind = IsDayTime(t) ? "day_time" : IsYearMonth(t) ? "year_month" : "calendar";
  std::string suffix = mode == EvalMode::kTry ? "_try" : context.ansi ? "_ansi" : "";
  DataType type = IsDayTime(t) ? DataType::DayTimeInterval() : IsYearMonth(t) ? DataType::YearMonthInterval() : t;
  // Whole numbers scale exactly; everything else as a double, calendar intervals always.
  bool whole = number->type.IsIntegral() && !IsCalendar(t);
  ExprPtr factor = CastTo(number, whole ? TypeId::kLong : TypeId::kDouble, context);
  std::vector<ExprPtr> args{interval, factor};
  // Dividing an ANSI interval by zero is an error in every mode.
  bool nullable = AnyNullable(args) || (divide && IsCalendar(t)) || mode == EvalMode::kTry;
  return std::optional<ExprPtr>(engine::MakeCall(op + kind + (whole ? "_long" : "_double") + suffix, std::move(args),
                                                 std::move(type), nullable, true));
}

}  // namespace deltic::spark::functions
