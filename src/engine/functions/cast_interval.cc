// Interval text and the casts of intervals.
#include <cmath>
#include <limits>
#include <vector>

#include "engine/functions/cast_text.h"
#include "engine/functions/decimal_vector.h"
#include "engine/functions/runtime_errors.h"
#include "engine/functions/vector_kernel.h"

namespace deltic::engine::functions {

void RegisterIntervalCasts(duckdb::ExtensionLoader& loader);

namespace {

constexpr const char* kDayTimeFields[] = {"DAY", "HOUR", "MINUTE", "SECOND"};
constexpr int64_t kDayTimeUnits[] = {kMicrosPerDay, 3600 * kMicrosPerSecond, 60 * kMicrosPerSecond, kMicrosPerSecond};

std::string TwoDigits(int64_t v) { return (v < 10 ? "0" : "") + std::to_string(v); }

std::string Seconds(int64_t micros, bool pad) {
  int64_t whole = micros / kMicrosPerSecond;
  std::string out = pad ? TwoDigits(whole) : std::to_string(whole);
  int64_t fraction = micros % kMicrosPerSecond;
  if (fraction == 0) return out;
  std::string digits = std::to_string(fraction);
  digits.insert(0, 6 - digits.size(), '0');
  while (digits.back() == '0') digits.pop_back();
  return out + "." + digits;
}

std::string Named(const char* const* names, int start, int end) {
  std::string out = names[start];
  if (end > start) out += std::string(" TO ") + names[end];
  return out;
}

// --- reading ---------------------------------------------------------------------------------------------

char LowerChar(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool done() const { return at_ == text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool Take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void Blanks() {
    while (!done() && static_cast<unsigned char>(text_[at_]) <= 0x20) ++at_;
  }
  // The word, case-insensitively, at a word boundary.
  bool Word(std::string_view word) {
    if (text_.size() - at_ < word.size()) return false;
    for (size_t i = 0; i < word.size(); ++i) {
      if (LowerChar(text_[at_ + i]) != word[i]) return false;
    }
    size_t next = at_ + word.size();
    if (next < text_.size() && LowerChar(text_[next]) >= 'a' && LowerChar(text_[next]) <= 'z') return false;
    at_ = next;
    return true;
  }
  // -1: no digits, or more than 18.
  int64_t Number(int* digits = nullptr) {
    int64_t value = 0;
    int count = 0;
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9') {
      if (++count > 18) return -1;
      value = value * 10 + (text_[at_++] - '0');
    }
    if (digits != nullptr) *digits = count;
    return count == 0 ? -1 : value;
  }
  // ".ffffff" in microseconds, further digits cut; -1: malformed, 0: none.
  int64_t Fraction() {
    if (!Take('.')) return 0;
    int64_t value = 0;
    int count = 0;
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9') {
      if (count < 6) value = value * 10 + (text_[at_] - '0');
      ++count;
      ++at_;
    }
    if (count == 0 || count > 9) return -1;
    for (; count < 6; ++count) value *= 10;
    return value;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

// Takes an optional `INTERVAL [sign] '` … `' FIELDS` frame around the body.
struct Frame {
  bool quoted = false;
  bool negative = false;
};
Frame OpenFrame(Scanner* scan) {
  Frame frame;
  scan->Blanks();
  if (!scan->Word("interval")) return frame;
  scan->Blanks();
  if (scan->peek() == '-' || scan->peek() == '+') frame.negative = scan->Take('-') || (scan->Take('+'), false);
  scan->Blanks();
  frame.quoted = scan->Take('\'');
  scan->Blanks();
  return frame;
}

template <size_t N>
bool CloseFrame(Scanner* scan, const Frame& frame, const char* const (&names)[N], int start, int end) {
  scan->Blanks();
  if (frame.quoted) {
    if (!scan->Take('\'')) return false;
    scan->Blanks();
    auto lower = [](const char* s) {
      std::string out(s);
      for (char& c : out) c = LowerChar(c);
      return out;
    };
    if (!scan->Word(lower(names[start]))) return false;
    scan->Blanks();
    if (end > start) {
      if (!scan->Word("to")) return false;
      scan->Blanks();
      if (!scan->Word(lower(names[end]))) return false;
    }
    scan->Blanks();
  }
  return scan->done();
}

struct Unit {
  std::string_view name;
  int months;
  int days;
  int64_t micros;
};
constexpr Unit kUnits[] = {
    {"year", 12, 0, 0},        {"month", 1, 0, 0},          {"week", 0, 7, 0},
    {"day", 0, 1, 0},          {"hour", 0, 0, 3600000000},  {"minute", 0, 0, 60000000},
    {"second", 0, 0, 1000000}, {"millisecond", 0, 0, 1000}, {"microsecond", 0, 0, 1},
};

const Unit* TakeUnit(Scanner* scan) {
  for (const Unit& unit : kUnits) {
    if (scan->Word(unit.name) || scan->Word(std::string(unit.name) + "s")) return &unit;
  }
  return nullptr;
}

template <typename T>
bool AddScaled(T* total, int64_t count, int64_t unit) {
  int64_t product;
  T term;
  if (__builtin_mul_overflow(count, unit, &product)) return false;
  if (product > std::numeric_limits<T>::max() || product < std::numeric_limits<T>::min()) return false;
  term = static_cast<T>(product);
  return !__builtin_add_overflow(*total, term, total);
}

}  // namespace

std::string FormatDayTime(int64_t micros, int start_field, int end_field) {
  // The least value has no positive twin: its parts are taken one by one, unsigned.
  uint64_t rest = micros < 0 ? uint64_t{0} - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  std::string body = micros < 0 ? "-" : "";
  for (int field = start_field; field <= end_field; ++field) {
    auto unit = static_cast<uint64_t>(kDayTimeUnits[field]);
    bool first = field == start_field;
    if (!first) body += field == 1 ? " " : ":";
    if (field == 3) {
      body += Seconds(static_cast<int64_t>(rest), true);
    } else {
      auto value = static_cast<int64_t>(rest / unit);
      body += first && field == 0 ? std::to_string(value) : TwoDigits(value);
      rest %= unit;
    }
  }
  return "INTERVAL '" + body + "' " + Named(kDayTimeFields, start_field, end_field);
}

namespace {
constexpr const char* kYearMonthFields[] = {"YEAR", "MONTH"};
}

std::string FormatYearMonth(int32_t months, int start_field, int end_field) {
  int64_t absolute = std::abs(int64_t{months});
  std::string body = months < 0 ? "-" : "";
  if (start_field == 0 && end_field == 0) {
    body += std::to_string(absolute / 12);
  } else if (start_field == 1) {
    body += std::to_string(absolute);
  } else {
    body += std::to_string(absolute / 12) + "-" + std::to_string(absolute % 12);
  }
  return "INTERVAL '" + body + "' " + Named(kYearMonthFields, start_field, end_field);
}

std::string FormatCalendar(int32_t months, int32_t days, int64_t micros) {
  std::vector<std::string> parts;
  auto add = [&parts](int64_t value, const char* unit) {
    if (value != 0) parts.push_back(std::to_string(value) + " " + unit);
  };
  add(months / 12, "years");
  add(months % 12, "months");
  add(days, "days");
  if (micros != 0) {
    add(micros / kDayTimeUnits[1], "hours");
    int64_t rest = micros % kDayTimeUnits[1];
    add(rest / kDayTimeUnits[2], "minutes");
    rest %= kDayTimeUnits[2];
    if (rest != 0) parts.push_back((rest < 0 ? "-" : "") + Seconds(std::abs(rest), false) + " seconds");
  }
  if (parts.empty()) return "0 seconds";
  std::string out = parts[0];
  for (size_t i = 1; i < parts.size(); ++i) out += " " + parts[i];
  return out;
}

std::optional<int64_t> ParseDayTime(std::string_view text, int start_field, int end_field) {
  Scanner scan(TrimAll(text));
  Frame frame = OpenFrame(&scan);
  bool negative = scan.Take('-') || (scan.Take('+'), false);
  __int128 total = 0;
  for (int field = start_field; field <= end_field; ++field) {
    if (field > start_field) {
      if (field == 1 ? !scan.Take(' ') : !scan.Take(':')) return std::nullopt;
    }
    int digits = 0;
    int64_t value = scan.Number(&digits);
    if (value < 0) return std::nullopt;
    constexpr int64_t kLimits[] = {106751991, 23, 59, 59};
    if (field > start_field && (digits > 2 || value > kLimits[field])) return std::nullopt;
    total += static_cast<__int128>(value) * kDayTimeUnits[field];
    if (field == 3) {
      int64_t fraction = scan.Fraction();
      if (fraction < 0) return std::nullopt;
      total += fraction;
    }
  }
  if (!CloseFrame(&scan, frame, kDayTimeFields, start_field, end_field)) return std::nullopt;
  if (negative != frame.negative) total = -total;
  if (total > std::numeric_limits<int64_t>::max() || total < std::numeric_limits<int64_t>::min()) return std::nullopt;
  return static_cast<int64_t>(total);
}

std::optional<int32_t> ParseYearMonth(std::string_view text, int start_field, int end_field) {
  Scanner scan(TrimAll(text));
  Frame frame = OpenFrame(&scan);
  bool negative = scan.Take('-') || (scan.Take('+'), false);
  int64_t value = scan.Number();
  if (value < 0 || value > std::numeric_limits<int32_t>::max()) return std::nullopt;
  int64_t months = start_field == 0 ? value * 12 : value;
  if (start_field == 0 && end_field == 1) {
    if (!scan.Take('-')) return std::nullopt;
    int64_t rest = scan.Number();
    if (rest < 0 || rest > 11) return std::nullopt;
    months += rest;
  }
  if (!CloseFrame(&scan, frame, kYearMonthFields, start_field, end_field)) return std::nullopt;
  if (negative != frame.negative) months = -months;
  if (months > std::numeric_limits<int32_t>::max() || months < std::numeric_limits<int32_t>::min()) return std::nullopt;
  return static_cast<int32_t>(months);
}

std::optional<CalendarParts> ParseCalendar(std::string_view text) {
  Scanner scan(TrimAll(text));
  scan.Word("interval");
  scan.Blanks();
  CalendarParts out;
  bool any = false;
  while (!scan.done()) {
    bool negative = scan.Take('-') || (scan.Take('+'), false);
    scan.Blanks();
    bool leading_point = scan.peek() == '.';
    int64_t count = leading_point ? 0 : scan.Number();
    bool has_fraction = scan.peek() == '.';
    int64_t fraction = scan.Fraction();
    if (count < 0 || fraction < 0) return std::nullopt;
    scan.Blanks();
    const Unit* unit = TakeUnit(&scan);
    if (unit == nullptr || (has_fraction && unit->name != "second")) return std::nullopt;
    int64_t sign = negative ? -1 : 1;
    if (!AddScaled(&out.months, sign * count, unit->months) || !AddScaled(&out.days, sign * count, unit->days) ||
        !AddScaled(&out.micros, sign * count, unit->micros) || !AddScaled(&out.micros, sign * fraction, 1)) {
      return std::nullopt;
    }
    any = true;
    scan.Blanks();
  }
  return any ? std::optional(out) : std::nullopt;
}

namespace {

using duckdb::interval_t;
using types::DataType;
using types::TypeId;

int64_t FloorToUnit(int64_t micros, int field) { return field >= 3 ? micros : micros - micros % kDayTimeUnits[field]; }

void AddText(KernelSink& sink) {
  Add(sink, "spark_day_time_to_string",
      [](int64_t v, int32_t start, int32_t end) { return FormatDayTime(v, start, end); });
  Add(sink, "spark_year_month_to_string",
      [](int32_t v, int32_t start, int32_t end) { return FormatYearMonth(v, start, end); });
  Add(sink, "spark_calendar_to_string", [](interval_t v) { return FormatCalendar(v.months, v.days, v.micros); });
  Add(sink, "spark_string_to_day_time",
      [](std::string_view text, int32_t start, int32_t end) { return ParseDayTime(text, start, end); });
  Add(sink, "spark_string_to_year_month",
      [](std::string_view text, int32_t start, int32_t end) { return ParseYearMonth(text, start, end); });
  Add(sink, "spark_string_to_day_time_ansi", [](std::string_view text, int32_t start, int32_t end) {
    auto v = ParseDayTime(text, start, end);
    if (!v) ThrowInvalidCast(text, TypeId::kString, DataType::DayTimeInterval(start, end));
    return *v;
  });
  Add(sink, "spark_string_to_year_month_ansi", [](std::string_view text, int32_t start, int32_t end) {
    auto v = ParseYearMonth(text, start, end);
    if (!v) ThrowInvalidCast(text, TypeId::kString, DataType::YearMonthInterval(start, end));
    return *v;
  });
  auto calendar = [](std::string_view text) -> std::optional<interval_t> {
    auto v = ParseCalendar(text);
    if (!v) return std::nullopt;
    interval_t out;
    out.months = v->months;
    out.days = v->days;
    out.micros = v->micros;
    return out;
  };
  Add(sink, "spark_string_to_calendar", calendar);
  Add(sink, "spark_string_to_calendar_ansi", [calendar](std::string_view text) {
    auto v = calendar(text);
    if (!v) ThrowInvalidCast(text, TypeId::kString, TypeId::kCalendarInterval);
    return *v;
  });
}

void AddNumbers(KernelSink& sink) {
  // An interval is a number of its last field.
  Add(sink, "spark_day_time_to_long", [](int64_t v, int32_t end) { return v / kDayTimeUnits[end]; });
  Add(sink, "spark_year_month_to_long",
      [](int32_t v, int32_t end) { return static_cast<int64_t>(end == 0 ? v / 12 : v); });
  Add(sink, "spark_long_to_day_time", [](int64_t v, int32_t end) {
    int64_t out;
    if (__builtin_mul_overflow(v, kDayTimeUnits[end], &out)) {
      ThrowCastOverflow(std::to_string(v) + "L", TypeId::kLong, DataType::DayTimeInterval(0, end));
    }
    return out;
  });
  Add(sink, "spark_long_to_year_month", [](int64_t v, int32_t end) {
    int64_t out;
    if (__builtin_mul_overflow(v, int64_t{end == 0 ? 12 : 1}, &out) || out > std::numeric_limits<int32_t>::max() ||
        out < std::numeric_limits<int32_t>::min()) {
      ThrowCastOverflow(std::to_string(v) + "L", TypeId::kLong, DataType::YearMonthInterval(0, end));
    }
    return static_cast<int32_t>(out);
  });
  Add(sink, "spark_day_time_truncate", [](int64_t v, int32_t end) { return FloorToUnit(v, end); });
  Add(sink, "spark_year_month_truncate", [](int32_t v, int32_t end) { return end == 0 ? v - v % 12 : v; });
}

// A decimal of seconds (or of the last field) with six fraction digits.
void AddDayTimeDecimal(KernelSink& sink) {
  duckdb::ScalarFunction function(
      "spark_day_time_to_decimal", {duckdb::LogicalType::BIGINT, duckdb::LogicalType::INTEGER}, DecimalOf({38, 6}),
      [](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
        RunBinary<int64_t, int32_t, duckdb::hugeint_t>(
            args.data[0], args.data[1], result, args.size(), [](int64_t v, int32_t end) {
              auto scaled = DecimalDivide(v, 0, kDayTimeUnits[end], 0, {kMaxDecimalPrecision, 6});
              return ToHuge(scaled.value_or(0));
            });
      });
  sink.RegisterFunction(std::move(function));
}

template <typename R, bool kMonths>
duckdb::unique_ptr<duckdb::FunctionData> BindFromDecimal(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                         duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& args) {
  DecimalShape shape{kMaxDecimalPrecision, 0};
  if (args[0]->return_type.id() == duckdb::LogicalTypeId::DECIMAL) shape = ShapeOf(args[0]->return_type);
  function.arguments = {DecimalOf(shape), duckdb::LogicalType::INTEGER};
  function.SetFunctionCallback(WithPhysical(shape.precision, [&](auto slot) -> duckdb::scalar_function_t {
    using P = decltype(slot);
    return [shape](duckdb::DataChunk& chunk, duckdb::ExpressionState&, duckdb::Vector& result) {
      RunBinary<P, int32_t, R>(chunk.data[0], chunk.data[1], result, chunk.size(), [&](P v, int32_t end) {
        int64_t unit = kMonths ? (end == 0 ? 12 : 1) : kDayTimeUnits[end];
        auto whole =
            Rescale(WideProduct(LoadDecimal(v), unit), shape.scale, 0, kMaxDecimalPrecision, Rounding::kHalfUp);
        if (!whole || *whole > std::numeric_limits<R>::max() || *whole < std::numeric_limits<R>::min()) {
          ThrowCastOverflow(DecimalToPlainString(LoadDecimal(v), shape.scale) + "BD",
                            DataType::Decimal(shape.precision, shape.scale),
                            kMonths ? DataType::YearMonthInterval(0, end) : DataType::DayTimeInterval(0, end));
        }
        return static_cast<R>(*whole);
      });
    };
  }));
  return nullptr;
}

}  // namespace

void RegisterIntervalCasts(duckdb::ExtensionLoader& loader) {
  AddText(loader);
  AddNumbers(loader);
  AddDayTimeDecimal(loader);
  duckdb::LogicalType decimal(duckdb::LogicalTypeId::DECIMAL);
  auto add = [&](const char* name, const duckdb::LogicalType& to, duckdb::bind_scalar_function_t bind) {
    duckdb::ScalarFunction function(name, {decimal, duckdb::LogicalType::INTEGER}, to, nullptr, bind);
    function.SetFallible();
    loader.RegisterFunction(std::move(function));
  };
  add("spark_decimal_to_day_time", duckdb::LogicalType::BIGINT, BindFromDecimal<int64_t, false>);
  add("spark_decimal_to_year_month", duckdb::LogicalType::INTEGER, BindFromDecimal<int32_t, true>);
}

}  // namespace deltic::engine::functions
