// INTERVAL literals: unit lists (1 DAY 2 HOURS), ranges ('1-2' YEAR TO MONTH) and their errors.
#include <span>

#include "spark/sql/datetime_text.h"
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {
namespace {

using types::DataType;
using types::TypeId;

constexpr std::string_view kYearMonth[] = {"year", "month"};
constexpr std::string_view kDayTime[] = {"day", "hour", "minute", "second"};

int FieldOf(std::span<const std::string_view> fields, std::string_view name) {
  for (size_t i = 0; i < fields.size(); i++) {
    if (fields[i] == name) return static_cast<int>(i);
  }
  return -1;
}

std::string Singular(std::string unit) {
  if (unit.size() > 1 && unit.back() == 's') unit.pop_back();
  return unit;
}

}  // namespace

bool Parser::AtIntervalUnit(size_t ahead) const {
  switch (Peek(ahead).keyword) {
    case K::kNANOSECOND:
    case K::kNANOSECONDS:
    case K::kMICROSECOND:
    case K::kMICROSECONDS:
    case K::kMILLISECOND:
    case K::kMILLISECONDS:
    case K::kSECOND:
    case K::kSECONDS:
    case K::kMINUTE:
    case K::kMINUTES:
    case K::kHOUR:
    case K::kHOURS:
    case K::kDAY:
    case K::kDAYS:
    case K::kWEEK:
    case K::kWEEKS:
    case K::kMONTH:
    case K::kMONTHS:
    case K::kYEAR:
    case K::kYEARS: return true;
    default: return false;
  }
}

// INTERVAL [+-] value unit: otherwise INTERVAL is a column or INTERVAL 'text' a typed literal.
bool Parser::AtInterval() const {
  if (!At(K::kINTERVAL)) return false;
  size_t at = AtSym('+', 1) || AtSym('-', 1) ? 2 : 1;
  TokenKind kind = Peek(at).kind;
  return (kind == TokenKind::kInteger || kind == TokenKind::kDecimal || AtStringLit(at)) && AtIntervalUnit(at + 1);
}

ExpressionPtr Parser::Interval() {
  size_t first = pos_;
  Expect(K::kINTERVAL);
  size_t unit = AtSym('+') || AtSym('-') ? 2 : 1;
  return At(K::kTO, unit + 1) ? RangeInterval(first) : UnitsInterval(first);
}

// value unit value unit …
ExpressionPtr Parser::UnitsInterval(size_t first) {
  size_t body = pos_;
  std::string text;
  std::vector<std::string> units;
  while (true) {
    size_t sign = AtSym('+') || AtSym('-') ? 1 : 0;
    TokenKind kind = Peek(sign).kind;
    bool value = kind == TokenKind::kInteger || kind == TokenKind::kDecimal || AtStringLit(sign);
    if (!value || !AtIntervalUnit(sign + 1)) break;
    if (At(K::kTO, sign + 2) && AtIntervalUnit(sign + 3)) {
      FailWith("_LEGACY_ERROR_TEMP_0024", {}, "Can only have a single from-to unit in the interval literal syntax.",
               pos_);
    }
    bool negative = AtSym('-');
    if (sign == 1) Advance();
    std::string number;
    if (AtStringLit()) {
      number = StringLit();
      for (char c : number) {
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) continue;
        FailWith("_LEGACY_ERROR_TEMP_0026", {{"value", number}},
                 "Can only use numbers in the interval value part for multiple unit value pairs interval form, but got "
                 "invalid value: " +
                     number + ".",
                 body);
      }
      bool double_negative = negative && number.starts_with("-");
      if (negative) number = double_negative ? number.substr(1) : "-" + number;
    } else {
      number = (negative ? "-" : "") + std::string(Text(Peek()));
      Advance();
    }
    std::string unit(Text(Peek()));
    text += " " + number + " " + unit;
    units.push_back(types::ToLower(unit));
    Advance();
  }
  Result<engine::CalendarInterval> parsed = ParseIntervalText(text);
  if (!parsed.ok()) {
    std::string message = parsed.status().detail();
    FailWith("_LEGACY_ERROR_TEMP_0062", {{"msg", message}}, message + ".", body);
  }
  return IntervalOfUnits(text, units, first);
}

// The type follows from the units named: year-month or day-time, never both.
ExpressionPtr Parser::IntervalOfUnits(const std::string& text, const std::vector<std::string>& units, size_t first) {
  int low[2] = {9, 9};
  int high[2] = {-1, -1};
  for (const std::string& unit : units) {
    std::string name = Singular(unit);
    int family = FieldOf(kYearMonth, name) >= 0 ? 0 : 1;
    int field = family == 0 ? FieldOf(kYearMonth, name) : name == "week" ? 0 : FieldOf(kDayTime, name);
    if (field < 0) field = 3;  // milliseconds and microseconds are seconds
    low[family] = std::min(low[family], field);
    high[family] = std::max(high[family], field);
  }
  if (high[0] >= 0 && high[1] >= 0) {
    std::string source = SourceFrom(first);
    FailWith("_LEGACY_ERROR_TEMP_0029", {{"literal", source}},
             "Cannot mix year-month and day-time fields: " + source + ".", first);
  }
  engine::CalendarInterval interval = *ParseIntervalText(text);
  engine::Value value;
  DataType type;
  if (high[0] >= 0) {
    value.v = static_cast<int64_t>(interval.months);
    type = DataType::YearMonthInterval(low[0], high[0]);
  } else {
    int64_t micros = 0;
    if (__builtin_mul_overflow(static_cast<int64_t>(interval.days), int64_t{86400000000}, &micros) ||
        __builtin_add_overflow(micros, interval.micros, &micros)) {
      FailWith("_LEGACY_ERROR_TEMP_0062", {{"msg", "long overflow"}}, "long overflow.", first + 1);
    }
    value.v = micros;
    type = high[1] < 0 ? DataType::DayTimeInterval() : DataType::DayTimeInterval(low[1], high[1]);
  }
  return Made(std::make_shared<plan::Literal>(std::move(value), std::move(type)), first);
}

// value from TO to
ExpressionPtr Parser::RangeInterval(size_t first) {
  size_t body = pos_;
  bool negative = AtSym('-');
  if (AtSym('+') || AtSym('-')) Advance();
  if (!AtStringLit()) {
    FailWith("_LEGACY_ERROR_TEMP_0025", {}, "The value of from-to unit must be a string.", body);
  }
  std::string text = StringLit();
  if (negative)
    text = text.starts_with("-") ? text.substr(1) : text.starts_with("+") ? "-" + text.substr(1) : "-" + text;
  std::string from = types::ToLower(Text(Peek()));
  Advance();
  Expect(K::kTO);
  if (!AtIntervalUnit(0)) Fail();
  std::string to = types::ToLower(Text(Peek()));
  Advance();
  size_t sign = AtSym('+') || AtSym('-') ? 1 : 0;
  TokenKind kind = Peek(sign).kind;
  bool more =
      (kind == TokenKind::kInteger || kind == TokenKind::kDecimal || AtStringLit(sign)) && AtIntervalUnit(sign + 1);
  if (more) {
    FailWith("_LEGACY_ERROR_TEMP_0024", {}, "Can only have a single from-to unit in the interval literal syntax.",
             pos_);
  }
  bool year_month = from == "year" && to == "month";
  int start = FieldOf(kDayTime, from);
  int end = FieldOf(kDayTime, to);
  if (!year_month && (start < 0 || end <= start)) {
    FailWith("_LEGACY_ERROR_TEMP_0028", {{"from", from}, {"to", to}},
             "Intervals FROM " + from + " TO " + to + " are not supported.", body);
  }
  Result<int64_t> parsed = year_month ? ParseYearMonthText(text, 0, 1) : ParseDayTimeText(text, start, end);
  if (!parsed.ok()) {
    std::string message = parsed.status().detail();
    FailWith("_LEGACY_ERROR_TEMP_0063", {{"msg", message}}, message + ".", body);
  }
  engine::Value value;
  value.v = *parsed;
  DataType type = year_month ? DataType::YearMonthInterval(0, 1) : DataType::DayTimeInterval(start, end);
  return Made(std::make_shared<plan::Literal>(std::move(value), std::move(type)), first);
}

}  // namespace deltic::spark::sql
