// Casts from and to text, and between dates and timestamps.
#include <limits>

#include "base/clock.h"
#include "base/json_writer.h"
#include "engine/functions/cast_text.h"
#include "engine/functions/decimal_vector.h"
#include "engine/functions/register.h"
#include "engine/functions/runtime_errors.h"
#include "engine/functions/utf8_text.h"
#include "engine/functions/zoned_kernel.h"

namespace deltic::engine::functions {

void RegisterNumericCasts(duckdb::ExtensionLoader& loader);
void RegisterNestedCasts(duckdb::ExtensionLoader& loader);
void RegisterIntervalCasts(duckdb::ExtensionLoader& loader);

namespace {

using duckdb::date_t;
using duckdb::LogicalType;
using duckdb::string_t;
using duckdb::timestamp_t;
using duckdb::timestamp_tz_t;
using types::DataType;
using types::TypeId;

std::string_view View(const string_t& s) { return {s.GetData(), s.GetSize()}; }

// spark_string_to_<type>: NULL for invalid text; the _ansi form throws. parse(text) → optional<R>.
template <typename R, typename F>
void AddParsed(KernelSink& sink, const std::string& name, DataType to, F parse, F parse_ansi) {
  auto make = [&](const std::string& full_name, auto kernel, bool may_throw) {
    duckdb::ScalarFunction function(
        full_name, {LogicalType::VARCHAR}, KernelType<R>::Sql(),
        [kernel, may_throw](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
          RunUnary<string_t, R>(args.data[0], result, args.size(), may_throw, kernel);
        });
    if (may_throw) function.SetFallible();
    sink.RegisterFunction(std::move(function));
  };
  make(name, [parse](string_t s) -> std::optional<R> { return parse(View(s)); }, false);
  make(
      name + "_ansi",
      [parse_ansi, to](string_t s) -> R {
        std::optional<R> out = parse_ansi(View(s));
        if (!out) ThrowInvalidCast(View(s), TypeId::kString, to);
        return *out;
      },
      true);
}
template <typename R, typename F>
void AddParsed(KernelSink& sink, const std::string& name, DataType to, F parse) {
  AddParsed<R>(sink, name, to, parse, parse);
}

template <typename T>
std::optional<T> IntegerFrom(std::string_view text, bool allow_fraction) {
  auto v = ParseIntegral(text, allow_fraction);
  if (!v || *v < std::numeric_limits<T>::min() || *v > std::numeric_limits<T>::max()) return std::nullopt;
  return static_cast<T>(*v);
}

template <typename T>
void AddIntegerFrom(KernelSink& sink, const std::string& name, TypeId to) {
  using Parse = std::optional<T> (*)(std::string_view);
  Parse lenient = [](std::string_view text) { return IntegerFrom<T>(text, true); };
  Parse strict = [](std::string_view text) { return IntegerFrom<T>(text, false); };
  AddParsed<T>(sink, name, to, lenient, strict);
  // try_cast reads as ANSI does.
  Add(sink, (name + "_try").c_str(), [strict](std::string_view text) { return strict(text); });
}

void AddFromString(KernelSink& sink) {
  AddParsed<bool>(sink, "spark_string_to_boolean", TypeId::kBoolean, ParseBoolean);
  AddIntegerFrom<int8_t>(sink, "spark_string_to_byte", TypeId::kByte);
  AddIntegerFrom<int16_t>(sink, "spark_string_to_short", TypeId::kShort);
  AddIntegerFrom<int32_t>(sink, "spark_string_to_int", TypeId::kInteger);
  AddIntegerFrom<int64_t>(sink, "spark_string_to_long", TypeId::kLong);
  AddParsed<double>(sink, "spark_string_to_double", TypeId::kDouble, ParseDouble);
  AddParsed<float>(sink, "spark_string_to_float", TypeId::kFloat, ParseFloat);
  AddParsed<date_t>(sink, "spark_string_to_date", TypeId::kDate, [](std::string_view text) -> std::optional<date_t> {
    auto days = ParseDate(text);
    if (!days) return std::nullopt;
    return date_t(*days);
  });
  AddParsed<timestamp_t>(sink, "spark_string_to_timestamp_ntz", TypeId::kTimestampNtz,
                         [](std::string_view text) -> std::optional<timestamp_t> {
                           auto micros = ParseTimestampNtz(text);
                           if (!micros) return std::nullopt;
                           return timestamp_t(*micros);
                         });
  auto parse = [](string_t s, const Zone& zone) -> std::optional<timestamp_tz_t> {
    auto micros = ParseTimestamp(View(s), zone, Clock::System()->NowMicros());
    if (!micros) return std::nullopt;
    return timestamp_tz_t(*micros);
  };
  auto add = [&sink](const std::string& name, auto kernel) {
    duckdb::ScalarFunction function(
        name, {LogicalType::VARCHAR, LogicalType::VARCHAR}, LogicalType::TIMESTAMP_TZ,
        [kernel](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
          std::string last_id;
          const Zone* zone = nullptr;
          RunBinary<string_t, string_t, timestamp_tz_t>(args.data[0], args.data[1], result, args.size(),
                                                        [&](string_t s, string_t id) {
                                                          if (zone == nullptr || View(id) != last_id) {
                                                            last_id = std::string(View(id));
                                                            zone = &ZoneOrThrow(last_id);
                                                          }
                                                          return kernel(s, *zone);
                                                        });
        });
    function.SetFallible();
    sink.RegisterFunction(std::move(function));
  };
  add("spark_string_to_timestamp", parse);
  add("spark_string_to_timestamp_ansi", [parse](string_t s, const Zone& zone) -> timestamp_tz_t {
    auto out = parse(s, zone);
    if (!out) ThrowInvalidCast(View(s), TypeId::kString, TypeId::kTimestamp);
    return *out;
  });
}

// spark_decimal_to_string, bound to the shape of its argument.
template <bool kPlain>
duckdb::unique_ptr<duckdb::FunctionData> BindDecimalText(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                         duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& args) {
  DecimalShape shape{kMaxDecimalPrecision, 0};
  if (args[0]->return_type.id() == duckdb::LogicalTypeId::DECIMAL) shape = ShapeOf(args[0]->return_type);
  function.arguments = {DecimalOf(shape)};
  function.SetFunctionCallback(WithPhysical(shape.precision, [&](auto slot) -> duckdb::scalar_function_t {
    using P = decltype(slot);
    int scale = shape.scale;
    return [scale](duckdb::DataChunk& chunk, duckdb::ExpressionState&, duckdb::Vector& result) {
      duckdb::UnaryExecutor::Execute<P, string_t>(chunk.data[0], result, chunk.size(), [&](P v) {
        Int128 x = LoadDecimal(v);
        return duckdb::StringVector::AddString(result,
                                               kPlain ? DecimalToPlainString(x, scale) : DecimalToJavaString(x, scale));
      });
    };
  }));
  return nullptr;
}

template <typename T>
std::string BigEndian(T v) {
  std::string out;
  for (int shift = (static_cast<int>(sizeof(T)) - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>((static_cast<std::make_unsigned_t<T>>(v) >> shift) & 0xff);
  }
  return out;
}

void AddToString(KernelSink& sink) {
  Add(sink, "spark_double_to_string", [](double v) { return JavaDoubleToString(v); });
  Add(sink, "spark_float_to_string", [](float v) { return JavaFloatToString(v); });
  Add(sink, "spark_binary_to_string", [](Bytes b) { return Sanitize(b.v); });
  Add(sink, "spark_date_to_string", [](date_t d) { return FormatDate(d.days); });
  Add(sink, "spark_timestamp_ntz_to_string", [](timestamp_t t) { return FormatTimestamp(t.value); });
  Add(sink, "spark_timestamp_to_string",
      [](timestamp_tz_t t, std::string_view zone) { return FormatTimestamp(ZoneOrThrow(zone).ToLocal(t.value)); });
  LogicalType decimal(duckdb::LogicalTypeId::DECIMAL);
  sink.RegisterFunction(duckdb::ScalarFunction("spark_decimal_to_string", {decimal}, LogicalType::VARCHAR, nullptr,
                                               BindDecimalText<false>));
  sink.RegisterFunction(duckdb::ScalarFunction("spark_decimal_to_plain_string", {decimal}, LogicalType::VARCHAR,
                                               nullptr, BindDecimalText<true>));
  Add(sink, "spark_byte_to_binary", [](int8_t v) { return BytesOut{BigEndian(v)}; });
  Add(sink, "spark_short_to_binary", [](int16_t v) { return BytesOut{BigEndian(v)}; });
  Add(sink, "spark_int_to_binary", [](int32_t v) { return BytesOut{BigEndian(v)}; });
  Add(sink, "spark_long_to_binary", [](int64_t v) { return BytesOut{BigEndian(v)}; });
}

void AddDatetimes(KernelSink& sink) {
  AddZoned<timestamp_tz_t, date_t>(sink, "spark_timestamp_to_date",
                                   [](timestamp_tz_t t, const Zone& z, ZoneSpan* span) {
                                     int64_t local = z.ToLocal(t.value, span);
                                     int64_t days = local / kMicrosPerDay;
                                     return date_t(static_cast<int32_t>(local % kMicrosPerDay < 0 ? days - 1 : days));
                                   });
  AddZoned<date_t, timestamp_tz_t>(sink, "spark_date_to_timestamp", [](date_t d, const Zone& z, ZoneSpan* span) {
    int64_t local;
    if (__builtin_mul_overflow(int64_t{d.days}, kMicrosPerDay, &local)) ThrowOverflow("long");
    return timestamp_tz_t(z.ToUtc(local, span));
  });
  AddZoned<timestamp_tz_t, timestamp_t>(
      sink, "spark_timestamp_to_ntz",
      [](timestamp_tz_t t, const Zone& z, ZoneSpan* span) { return timestamp_t(z.ToLocal(t.value, span)); });
  AddZoned<timestamp_t, timestamp_tz_t>(
      sink, "spark_ntz_to_timestamp",
      [](timestamp_t t, const Zone& z, ZoneSpan* span) { return timestamp_tz_t(z.ToUtc(t.value, span)); });
}

}  // namespace

void RegisterCastKernels(duckdb::ExtensionLoader& loader) {
  RegisterNumericCasts(loader);
  AddFromString(loader);
  AddToString(loader);
  AddDatetimes(loader);
  RegisterNestedCasts(loader);
  RegisterIntervalCasts(loader);
}

}  // namespace deltic::engine::functions
