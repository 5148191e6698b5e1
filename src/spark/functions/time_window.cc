#include "spark/functions/time_window.h"

#include <array>

#include "spark/functions/coercion.h"

namespace deltic::spark::functions {
namespace {

using engine::MakeLong;
using engine::MakeString;

constexpr auto kLong = TypeId::kLong;

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

Result<int64_t> Duration(const FunctionCall& call, size_t index) {
  const auto& expr = call.args[index];
  if (engine::IsLiteral(expr)) {
    const auto& value = expr->As<engine::Literal>().value;
    if (const auto* number = std::get_if<int64_t>(&value.v); number != nullptr && expr->type.IsIntegral()) {
      return *number;
    }
    if (const auto* text = std::get_if<std::string>(&value.v)) {
      if (const auto micros = DurationMicros(*text)) return *micros;
      const std::string lower = types::ToLower(*text);
      if (lower.find("month") != std::string::npos || lower.find("year") != std::string::npos) {
        return Error("FAILED_FUNCTION_CALL", {{"funcName", types::QuoteIdentifier(types::ToLower(call.name))}});
      }
      return Error("CANNOT_PARSE_INTERVAL", {{"intervalString", "'" + *text + "'"}});
    }
  }
  return Error("_LEGACY_ERROR_TEMP_1207", {});
}

// A window column stands for the last instant in it.
bool IsWindow(const DataType& type) {
  if (!type.Is(TypeId::kStruct) || type.fields().size() != 2) return false;
  const auto& fields = type.fields();
  const bool times = fields[0].type.Is(TypeId::kTimestamp) || fields[0].type.Is(TypeId::kTimestampNtz);
  return times && fields[0].name == "start" && fields[1].name == "end" && fields[0].type == fields[1].type;
}

bool IsNtz(const ExprPtr& time) { return time->type.Is(TypeId::kTimestampNtz); }

ExprPtr Micros(const ExprPtr& time) {
  return Exact(IsNtz(time) ? "spark_ntz_micros" : "spark_unix_micros", {time}, kLong, time->nullable);
}

ExprPtr FromMicros(const ExprPtr& micros, bool ntz) {
  return Exact(ntz ? "spark_ntz_from_micros" : "spark_timestamp_micros", {micros},
               ntz ? TypeId::kTimestampNtz : TypeId::kTimestamp, micros->nullable);
}

ExprPtr LastInstant(const ExprPtr& window) {
  const ExprPtr end = FieldOf(window, window->type.fields()[1]);
  auto micros = Exact("spark_add_micros", {Micros(end), MakeLong(-1)}, kLong, true);
  return FromMicros(micros, IsNtz(end));
}

constexpr char kTimes[] =
    "(\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\" or \"STRUCT<start: TIMESTAMP, end: TIMESTAMP>\" or "
    "\"STRUCT<start: TIMESTAMP_NTZ, end: TIMESTAMP_NTZ>\")";

Result<ExprPtr> EventTime(const FunctionCall& call, const FunctionContext& context) {
  if (IsWindow(call.args[0]->type)) return LastInstant(call.args[0]);
  auto time = CoerceTo(call, 0, Arg::kAnyTimestamp, context);
  if (!time.ok()) {
    FunctionCall shown = call;  // by the name of Spark's expression
    if (types::EqualsIgnoreCase(call.name, "session_window")) shown.name = "sessionwindow";
    return UnexpectedInputType(shown, 0, kTimes);
  }
  return time;
}

Status OutOfRange(const char* what, const char* range, int64_t value) {
  return Error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", "\"window\""},
                                                        {"exprName", what},
                                                        {"valueRange", range},
                                                        {"currentValue", std::to_string(value) + "L"}});
}

// Outside a select list or GROUP BY, a row stands for its one window.
Result<ExprPtr> BuildWindow(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(const TimeWindow window, ParseTimeWindow(call, context));
  if (!window.tumbling()) return Unsupported("sliding time windows outside a select list and GROUP BY");
  return WindowStruct(window, WindowStart(window));
}

Result<ExprPtr> BuildSessionWindow(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(const SessionWindow session, ParseSessionWindow(call, context));
  return SessionStruct(session.time, session.end);
}

Result<ExprPtr> BuildWindowTime(const FunctionCall& call, const FunctionContext& context) {
  if (IsWindow(call.args[0]->type)) return LastInstant(call.args[0]);
  return CoerceTo(call, 0, Arg::kStruct, context);
}

}  // namespace

Result<TimeWindow> ParseTimeWindow(const FunctionCall& call, const FunctionContext& context) {
  TimeWindow window;
  ASSIGN_OR_RETURN(window.length, Duration(call, 1));
  window.slide = window.length;
  if (call.args.size() > 2) {
    ASSIGN_OR_RETURN(window.slide, Duration(call, 2));
  }
  if (call.args.size() > 3) {
    ASSIGN_OR_RETURN(window.start, Duration(call, 3));
  }
  ASSIGN_OR_RETURN(window.time, EventTime(call, context));
  constexpr char kPositive[] = "(0, 9223372036854775807]";
  if (window.length <= 0) return OutOfRange("window_duration", kPositive, window.length);
  if (window.slide <= 0) return OutOfRange("slide_duration", kPositive, window.slide);
  const auto relation = [](const char* left, const char* right, int64_t l, int64_t r) {
    return Error("DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION", {{"sqlExpr", "\"window\""},
                                                                      {"leftExprName", left},
                                                                      {"leftExprValue", std::to_string(l) + "L"},
                                                                      {"constraint", "<="},
                                                                      {"rightExprName", right},
                                                                      {"rightExprValue", std::to_string(r) + "L"}});
  };
  if (window.slide > window.length) return relation("slide_duration", "window_duration", window.slide, window.length);
  const int64_t offset = std::abs(window.start);
  if (offset >= window.slide) return relation("abs(start_time)", "slide_duration", offset, window.slide);
  return window;
}

ExprPtr WindowStart(const TimeWindow& window) {
  const ExprPtr micros = Micros(window.time);
  return Exact("spark_window_start", {micros, MakeLong(window.slide), MakeLong(window.start)}, kLong, micros->nullable);
}

ExprPtr WindowStruct(const TimeWindow& window, const ExprPtr& start) {
  const auto end = Exact("spark_add_micros", {start, MakeLong(window.length)}, kLong, start->nullable);
  return SessionStruct(FromMicros(start, IsNtz(window.time)), FromMicros(end, IsNtz(window.time)));
}

Result<SessionWindow> ParseSessionWindow(const FunctionCall& call, const FunctionContext& context) {
  SessionWindow session;
  ASSIGN_OR_RETURN(session.time, EventTime(call, context));
  ExprPtr gap = call.args[1];
  if (gap->type.IsString() || gap->type.Is(TypeId::kNull)) {
    gap =
        std::make_shared<engine::Cast>(gap, TypeId::kCalendarInterval, true, engine::CastMode::kTry, context.time_zone);
  } else if (!gap->type.Is(TypeId::kCalendarInterval)) {
    return Error("_LEGACY_ERROR_TEMP_1040", {{"dt", gap->type.SimpleString()}});
  }
  FunctionCall sum;
  sum.name = "+";
  sum.args = {session.time, gap};
  ASSIGN_OR_RETURN(session.end, BuildFunction(*FindFunction("+"), sum, context));
  return session;
}

ExprPtr SessionStruct(const ExprPtr& start, const ExprPtr& end) {
  std::vector<types::StructField> fields = {{"start", start->type, true}, {"end", start->type, true}};
  return engine::MakeCall("named_struct", {MakeString("start"), start, MakeString("end"), end},
                          DataType::Struct(std::move(fields)), false);
}

std::vector<FunctionRow> TimeWindowRows() {
  return {
      Row("window", {}, 2, 4, BuildWindow, "2.0.0", "Time window of a timestamp."),
      Row("session_window", {}, 2, 2, BuildSessionWindow, "3.2.0", "Window of times with no gap between them."),
      Row("window_time", {}, 1, 1, BuildWindowTime, "3.3.0", "The last instant of a time window."),
  };
}

}  // namespace deltic::spark::functions
