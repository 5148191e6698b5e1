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

// --- time windows -------------------------------------------------------------------------------------------
// Microseconds of an interval text such as "10 minutes" or "1 day 2 hours"; nullopt: not one, or has months.
std::optional<int64_t> DurationMicros(std::string_view text) {
  struct UnitName {
    std::string_view name;
    int64_t micros;
  };
  static constexpr std::array<UnitName, 7> kUnits = {{{"microsecond", 1},
                                                      {"millisecond", 1000},
                                                      {"second", 1000000},
                                                      {"minute", 60000000},
                                                      {"hour", 3600000000},
                                                      {"day", 86400000000},
                                                      {"week", 604800000000}}};
  std::string lower = types::ToLower(text);
  std::string_view rest = lower;
  const auto skip = [&rest] {
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t')) rest.remove_prefix(1);
  };
  skip();
  if (rest.starts_with("interval ")) rest.remove_prefix(9);
  int64_t total = 0;
  bool any = false;
  for (skip(); !rest.empty(); skip()) {
    int64_t sign = 1;
    if (rest[0] == '-' || rest[0] == '+') {
      sign = rest[0] == '-' ? -1 : 1;
      rest.remove_prefix(1);
      skip();
    }
    int64_t number = 0;
    size_t digits = 0;
    while (digits < rest.size() && digits < 15 && rest[digits] >= '0' && rest[digits] <= '9') {
      number = number * 10 + (rest[digits++] - '0');
    }
    if (digits == 0) return std::nullopt;
    rest.remove_prefix(digits);
    skip();
    size_t letters = 0;
    while (letters < rest.size() && rest[letters] >= 'a' && rest[letters] <= 'z') letters++;
    std::string_view unit = rest.substr(0, letters);
    rest.remove_prefix(letters);
    if (unit.size() > 1 && unit.back() == 's') unit.remove_suffix(1);
    int64_t scale = 0;
    for (const auto& candidate : kUnits) {
      if (candidate.name == unit) scale = candidate.micros;
    }
    int64_t part = 0;
    if (scale == 0 || __builtin_mul_overflow(number * sign, scale, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return std::nullopt;
    }
    any = true;
  }
  return any ? std::optional(total) : std::nullopt;
}

Result<int64_t> WindowParameter(const FunctionCall& call, size_t index) {
  const auto& expr = call.args[index];
  if (expr->kind == engine::ExprKind::kLiteral) {
    const auto& value = expr->As<engine::Literal>().value;
    if (const auto* number = std::get_if<int64_t>(&value.v)) return *number;
    if (const auto* text = std::get_if<std::string>(&value.v)) {
      if (const auto micros = DurationMicros(*text)) return *micros;
      return Error("_LEGACY_ERROR_TEMP_3231", {{"interval", *text}},
                   "Intervals greater than a month is not supported (" + *text + ").");
    }
    if (const auto* interval = std::get_if<engine::CalendarInterval>(&value.v)) {
      if (interval->months == 0) return interval->days * int64_t{86400000000} + interval->micros;
    }
  }
  return Error("_LEGACY_ERROR_TEMP_1021", {{"value", ExprSql(expr)}},
               "The duration and time inputs to window must be an integer, long or string literal.");
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

Result<ExprPtr> BuildTimeWindow(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto time, CoerceTo(call, 0, Arg::kAnyTimestamp, context));
  ASSIGN_OR_RETURN(const int64_t length, WindowParameter(call, 1));
  int64_t slide = length;
  int64_t start = 0;
  if (call.args.size() > 2) {
    ASSIGN_OR_RETURN(slide, WindowParameter(call, 2));
  }
  if (call.args.size() > 3) {
    ASSIGN_OR_RETURN(start, WindowParameter(call, 3));
  }
  if (length <= 0 || slide <= 0) {
    return Error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
                 {{"sqlExpr", "\"window\""},
                  {"exprName", "window_duration"},
                  {"valueRange", "(0, 9223372036854775807]"},
                  {"currentValue", std::to_string(length <= 0 ? length : slide) + "L"}});
  }
  if (slide != length) return Unsupported("sliding time windows: window() with a slide duration");
  const bool ntz = time->type.Is(TypeId::kTimestampNtz);
  const DataType type = ntz ? TypeId::kTimestampNtz : TypeId::kTimestamp;
  const bool nullable = time->nullable;
  const auto micros = Exact(ntz ? "spark_ntz_micros" : "spark_unix_micros", {time}, kLong, nullable);
  const auto begin = Exact("spark_window_start", {micros, MakeLong(length), MakeLong(start)}, kLong, nullable);
  const auto end = Exact("spark_add_micros", {begin, MakeLong(length)}, kLong, nullable);
  const char* back = ntz ? "spark_ntz_from_micros" : "spark_timestamp_micros";
  std::vector<types::StructField> fields = {{"start", type, nullable}, {"end", type, nullable}};
  auto window = engine::MakeCall("named_struct",
                                 {MakeString("start"), Exact(back, {begin}, type, nullable), MakeString("end"),
                                  Exact(back, {end}, type, nullable)},
                                 DataType::Struct(fields), false);
  if (!nullable) return window;
  // A row without a time is in no window: Spark drops it; a NULL group is the nearest a scalar can be.
  auto is_null = engine::MakeCall("isnull", {time}, TypeId::kBoolean, false);
  std::vector<std::pair<ExprPtr, ExprPtr>> branches = {{is_null, engine::MakeNull(window->type)}};
  const DataType window_type = window->type;
  return ExprPtr(std::make_shared<engine::Case>(std::move(branches), window, window_type, true));
}

}  // namespace deltic::spark::functions
