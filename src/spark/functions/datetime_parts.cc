#include "spark/functions/datetime_parts.h"

#include <array>

#include "spark/functions/coercion.h"

namespace deltic::spark::functions {
namespace {

using engine::MakeBool;
using engine::MakeInt;
using engine::MakeLong;
using engine::MakeString;

constexpr auto kInteger = TypeId::kInteger;
constexpr auto kLong = TypeId::kLong;

struct FieldName {
  std::string_view names;  // space-separated, upper case
  const char* kernel;
  bool of_time;  // needs the clock, not the date
};

constexpr std::array kFields = {
    FieldName{"YEAR Y YEARS YR YRS", "spark_year", false},
    FieldName{"YEAROFWEEK", "spark_yearofweek", false},
    FieldName{"QUARTER QTR", "spark_quarter", false},
    FieldName{"MONTH MON MONS MONTHS", "spark_month", false},
    FieldName{"WEEK W WEEKS", "spark_weekofyear", false},
    FieldName{"DAY D DAYS", "spark_day", false},
    FieldName{"DAYOFWEEK DOW", "spark_dayofweek", false},
    FieldName{"DAYOFWEEK_ISO DOW_ISO", "spark_dayofweek_iso", false},
    FieldName{"DOY", "spark_dayofyear", false},
    FieldName{"HOUR H HOURS HR HRS", "spark_hour", true},
    FieldName{"MINUTE M MIN MINS MINUTES", "spark_minute", true},
    FieldName{"SECOND S SEC SECONDS SECS", "spark_second_micros", true},
};

std::string Upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

const FieldName* FindField(const std::string& name) {
  for (const auto& field : kFields) {
    std::string_view rest = field.names;
    while (!rest.empty()) {
      const size_t space = rest.find(' ');
      if (rest.substr(0, space) == name) return &field;
      rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
    }
  }
  return nullptr;
}

Status InvalidField(const std::string& field, const DataType& source) {
  return Error("INVALID_EXTRACT_FIELD", {{"field", "'" + field + "'"}, {"expr", "\"" + source.Sql() + "\""}});
}

// Seconds with microseconds: decimal(8, 6) from integral microseconds.
ExprPtr MicrosAsSeconds(ExprPtr micros, bool nullable) {
  return Exact("spark_micros_to_seconds", {std::move(micros)}, DataType::Decimal(8, 6), nullable);
}

Result<ExprPtr> IntervalField(const FieldName& field, const std::string& name, const ExprPtr& source) {
  const std::string_view kernel = field.kernel;
  const char* prefix = source->type.Is(TypeId::kYearMonthInterval) ? "spark_ym_" : "spark_dt_";
  if (source->type.Is(TypeId::kCalendarInterval)) prefix = "spark_ci_";
  const bool ym = source->type.Is(TypeId::kYearMonthInterval);
  const bool dt = source->type.Is(TypeId::kDayTimeInterval);
  std::string part;
  if (kernel == "spark_year" && !dt) part = "years";
  if (kernel == "spark_month" && !dt) part = "months";
  if (kernel == "spark_day" && !ym) part = "days";
  if (kernel == "spark_hour" && !ym) part = "hours";
  if (kernel == "spark_minute" && !ym) part = "minutes";
  if (kernel == "spark_second_micros" && !ym) part = "second_micros";
  // An interval of only some fields has only these: 0 day … 3 second, 0 year … 1 month.
  int order = part == "hours" ? 1 : (part == "minutes" ? 2 : (part == "second_micros" ? 3 : 0));
  if (ym) order = part == "months" ? 1 : 0;
  if ((ym || dt) && (order < source->type.start_field() || order > source->type.end_field())) part.clear();
  if (part.empty()) return InvalidField(name, source->type);
  const bool nullable = source->nullable;
  if (part == "second_micros") return MicrosAsSeconds(Exact(prefix + part, {source}, kLong, nullable), nullable);
  DataType type = kInteger;
  if ((dt || !ym) && (part == "hours" || part == "minutes")) type = TypeId::kByte;
  if (part == "months") type = TypeId::kByte;
  return Exact(prefix + part, {source}, type, nullable);
}

}  // namespace

Result<ExprPtr> BuildDatePart(const FunctionCall& call, const FunctionContext& context) {
  const auto literal = ConstantString(call.args[0]);
  if (!literal.has_value()) {
    if (engine::IsLiteral(call.args[0])) return engine::MakeNull(TypeId::kDouble);
    return NonFoldable(call, 0, "field", "STRING");
  }
  const std::string name = Upper(*literal);
  const FieldName* field = FindField(name);
  ExprPtr source = call.args[1];
  if (field == nullptr) return InvalidField(*literal, source->type);
  if (source->type.IsInterval()) return IntervalField(*field, *literal, source);
  if (!field->of_time) {
    ASSIGN_OR_RETURN(auto date, CoerceTo(call, 1, Arg::kDate, context));
    const bool nullable = date->nullable;
    return Exact(field->kernel, {std::move(date)}, kInteger, nullable);
  }
  ASSIGN_OR_RETURN(auto time, CoerceTo(call, 1, Arg::kAnyTimestamp, context));
  const bool nullable = time->nullable;
  const bool seconds = std::string_view(field->kernel) == "spark_second_micros";
  auto value = Exact(field->kernel, {LocalClock(time, context)}, seconds ? kLong : kInteger, nullable);
  return seconds ? MicrosAsSeconds(std::move(value), nullable) : value;
}

Result<ExprPtr> BuildMakeInterval(const FunctionCall& call, const FunctionContext& context) {
  std::vector<ExprPtr> args;
  for (size_t i = 0; i < 6; i++) {
    if (i >= call.args.size()) {
      args.push_back(MakeInt(0));
      continue;
    }
    ASSIGN_OR_RETURN(auto arg, CoerceTo(call, i, Arg::kInt, context));
    args.push_back(std::move(arg));
  }
  args.push_back(call.args.size() > 6 ? SecondsMicros(call.args[6], context) : MakeLong(0));
  const bool nullable = !context.ansi || AnyNullable(args);
  args.push_back(MakeBool(context.ansi));
  return Exact("spark_make_interval", std::move(args), TypeId::kCalendarInterval, nullable);
}

Result<ExprPtr> BuildMakeDtInterval(const FunctionCall& call, const FunctionContext& context) {
  std::vector<ExprPtr> args;
  for (size_t i = 0; i < 3; i++) {
    if (i >= call.args.size()) {
      args.push_back(MakeInt(0));
      continue;
    }
    ASSIGN_OR_RETURN(auto arg, CoerceTo(call, i, Arg::kInt, context));
    args.push_back(std::move(arg));
  }
  args.push_back(call.args.size() > 3 ? SecondsMicros(call.args[3], context) : MakeLong(0));
  const bool nullable = AnyNullable(args);
  return Exact("spark_make_dt_interval", std::move(args), DataType::DayTimeInterval(), nullable);
}

Result<ExprPtr> BuildMakeYmInterval(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kInt}, context));
  while (args.size() < 2) args.push_back(MakeInt(0));
  const bool nullable = AnyNullable(args);
  return Exact("spark_make_ym_interval", std::move(args), DataType::YearMonthInterval(), nullable);
}

}  // namespace deltic::spark::functions
