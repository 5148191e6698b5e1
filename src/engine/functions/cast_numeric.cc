// Casts between numbers, and between numbers and timestamps: spark_<from>_to_<to>[_ansi|_try|_store].
#include <cmath>
#include <limits>

#include "base/json_writer.h"
#include "engine/functions/cast_text.h"
#include "engine/functions/decimal_vector.h"
#include "engine/functions/runtime_errors.h"
#include "engine/functions/vector_kernel.h"

namespace deltic::engine::functions {

void RegisterNumericCasts(duckdb::ExtensionLoader& loader);

namespace {

using duckdb::hugeint_t;
using duckdb::LogicalType;
using duckdb::timestamp_tz_t;
using types::DataType;
using types::TypeId;

template <typename T>
TypeId IdOf() {
  if constexpr (std::is_same_v<T, int8_t>)
    return TypeId::kByte;
  else if constexpr (std::is_same_v<T, int16_t>)
    return TypeId::kShort;
  else if constexpr (std::is_same_v<T, int32_t>)
    return TypeId::kInteger;
  else if constexpr (std::is_same_v<T, int64_t>)
    return TypeId::kLong;
  else if constexpr (std::is_same_v<T, float>)
    return TypeId::kFloat;
  else
    return TypeId::kDouble;
}

template <typename T>
std::string NameOf() {
  switch (IdOf<T>()) {
    case TypeId::kByte: return "byte";
    case TypeId::kShort: return "short";
    case TypeId::kInteger: return "int";
    case TypeId::kLong: return "long";
    case TypeId::kFloat: return "float";
    default: return "double";
  }
}

template <typename T>
std::string ValueSql(T v) {
  if constexpr (std::is_same_v<T, double>)
    return JavaDoubleToString(v) + "D";
  else if constexpr (std::is_same_v<T, float>)
    return JavaFloatToString(v) + "F";
  else if constexpr (std::is_same_v<T, int64_t>)
    return std::to_string(v) + "L";
  else if constexpr (std::is_same_v<T, int16_t>)
    return std::to_string(v) + "S";
  else
    return std::to_string(v);
}

// Java's narrowing: integers wrap; doubles saturate at int or long, then wrap.
template <typename From, typename To>
To Narrow(From v) {
  if constexpr (std::is_floating_point_v<From>) {
    using Step = std::conditional_t<std::is_same_v<To, int64_t>, int64_t, int32_t>;
    if (std::isnan(v)) return 0;
    constexpr double kLimit = std::is_same_v<Step, int64_t> ? 9223372036854775808.0 : 2147483648.0;
    double d = v;
    if (d >= kLimit) return static_cast<To>(std::numeric_limits<Step>::max());
    if (d <= -kLimit) return static_cast<To>(std::numeric_limits<Step>::min());
    return static_cast<To>(static_cast<Step>(d));
  } else {
    return static_cast<To>(v);
  }
}

template <typename From, typename To>
bool Fits(From v) {
  if constexpr (std::is_floating_point_v<From>) {
    // floor(v) <= max and ceil(v) >= min, as Spark's exact numeric does; false for NaN.
    double d = v;
    double above_max =
        std::is_same_v<To, int64_t> ? 9223372036854775808.0 : static_cast<double>(std::numeric_limits<To>::max()) + 1.0;
    double min = static_cast<double>(std::numeric_limits<To>::min());
    return std::floor(d) < above_max && std::ceil(d) >= min;
  } else {
    return v >= std::numeric_limits<To>::min() && v <= std::numeric_limits<To>::max();
  }
}

template <typename From, typename To>
void AddNarrowing(KernelSink& sink) {
  std::string name = "spark_" + NameOf<From>() + "_to_" + NameOf<To>();
  AddUnary<From, To>(sink, name, false, [](From v) { return Narrow<From, To>(v); });
  AddUnary<From, To>(sink, name + "_try", false, [](From v) -> std::optional<To> {
    if (!Fits<From, To>(v)) return std::nullopt;
    return Narrow<From, To>(v);
  });
  AddUnary<From, To>(sink, name + "_ansi", true, [](From v) {
    if (!Fits<From, To>(v)) ThrowCastOverflow(ValueSql(v), IdOf<From>(), IdOf<To>());
    return Narrow<From, To>(v);
  });
  AddUnary<From, To>(sink, name + "_store", true, [](From v) {
    if (!Fits<From, To>(v)) ThrowStoreOverflow(IdOf<From>(), IdOf<To>());
    return Narrow<From, To>(v);
  });
}

template <typename From>
void AddRealNarrowings(KernelSink& sink) {
  AddNarrowing<From, int8_t>(sink);
  AddNarrowing<From, int16_t>(sink);
  AddNarrowing<From, int32_t>(sink);
  AddNarrowing<From, int64_t>(sink);
}

// --- decimals to other numbers -------------------------------------------------------------------------

enum class Mode : uint8_t { kLegacy, kTry, kAnsi, kStore };
constexpr std::pair<Mode, const char*> kModes[] = {
    {Mode::kLegacy, ""}, {Mode::kTry, "_try"}, {Mode::kAnsi, "_ansi"}, {Mode::kStore, "_store"}};

struct ModeInfo : duckdb::ScalarFunctionInfo {
  explicit ModeInfo(Mode m) : mode(m) {}
  Mode mode;
};

Mode ModeOf(const duckdb::ScalarFunction& function) {
  return function.HasExtraFunctionInfo() ? function.GetExtraFunctionInfo().Cast<ModeInfo>().mode : Mode::kLegacy;
}

DecimalShape ShapeOfArgument(const LogicalType& type) {
  return type.id() == duckdb::LogicalTypeId::DECIMAL ? ShapeOf(type) : DecimalShape{kMaxDecimalPrecision, 0};
}

using Args = duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>;

template <typename To>
std::optional<To> DecimalToInteger(Int128 unscaled, DecimalShape shape, Mode mode) {
  Int128 whole = unscaled / Pow10(shape.scale);
  if (mode == Mode::kLegacy) return static_cast<To>(static_cast<int64_t>(whole));
  if (whole >= std::numeric_limits<To>::min() && whole <= std::numeric_limits<To>::max()) return static_cast<To>(whole);
  if (mode == Mode::kTry) return std::nullopt;
  DataType from = DataType::Decimal(shape.precision, shape.scale);
  if (mode == Mode::kStore) ThrowStoreOverflow(from, IdOf<To>());
  ThrowCastOverflow(DecimalToPlainString(unscaled, shape.scale) + "BD", from, IdOf<To>());
}

template <typename To, typename F>
duckdb::scalar_function_t FromDecimal(DecimalShape shape, F convert) {
  return WithPhysical(shape.precision, [&](auto slot) -> duckdb::scalar_function_t {
    using P = decltype(slot);
    return [convert](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
      RunUnary<P, To>(args.data[0], result, args.size(), true, [&](P v) { return convert(LoadDecimal(v)); });
    };
  });
}

template <typename To>
duckdb::unique_ptr<duckdb::FunctionData> BindDecimalToInteger(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                              Args& args) {
  DecimalShape shape = ShapeOfArgument(args[0]->return_type);
  Mode mode = ModeOf(function);
  function.arguments = {DecimalOf(shape)};
  function.SetFunctionCallback(
      FromDecimal<To>(shape, [shape, mode](Int128 v) { return DecimalToInteger<To>(v, shape, mode); }));
  return nullptr;
}

template <typename To>
duckdb::unique_ptr<duckdb::FunctionData> BindDecimalToReal(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                           Args& args) {
  DecimalShape shape = ShapeOfArgument(args[0]->return_type);
  function.arguments = {DecimalOf(shape)};
  function.SetFunctionCallback(
      FromDecimal<To>(shape, [shape](Int128 v) { return static_cast<To>(DecimalToDouble(v, shape.scale)); }));
  return nullptr;
}

duckdb::unique_ptr<duckdb::FunctionData> BindDecimalToTimestamp(duckdb::ClientContext&,
                                                                duckdb::ScalarFunction& function, Args& args) {
  DecimalShape shape = ShapeOfArgument(args[0]->return_type);
  function.arguments = {DecimalOf(shape)};
  function.SetFunctionCallback(FromDecimal<timestamp_tz_t>(shape, [shape](Int128 v) {
    Wide micros = WideProduct(v, 1000000);
    auto whole = Rescale(micros, shape.scale, 0, kMaxDecimalPrecision, Rounding::kDown);
    return timestamp_tz_t(static_cast<int64_t>(whole.value_or(0)));
  }));
  return nullptr;
}

template <typename To>
void AddDecimalTo(KernelSink& sink) {
  for (const auto& [mode, suffix] : kModes) {
    duckdb::ScalarFunction function("spark_decimal_to_" + NameOf<To>() + suffix,
                                    {LogicalType(duckdb::LogicalTypeId::DECIMAL)}, KernelType<To>::Sql(), nullptr,
                                    BindDecimalToInteger<To>);
    function.SetExtraFunctionInfo(duckdb::make_shared_ptr<ModeInfo>(mode));
    if (mode == Mode::kAnsi || mode == Mode::kStore) function.SetFallible();
    sink.RegisterFunction(std::move(function));
  }
}

// --- to decimals: spark_<from>_to_decimal(value, precision, scale) ------------------------------------------

int ConstantInt(duckdb::ClientContext& context, duckdb::Expression& expr) {
  return duckdb::ExpressionExecutor::EvaluateScalar(context, expr).GetValue<int32_t>();
}

// Sets the result type from the constants and drops them.
DecimalShape TakeShape(duckdb::ClientContext& context, duckdb::ScalarFunction& function, Args& args) {
  DecimalShape shape{ConstantInt(context, *args[1]), ConstantInt(context, *args[2])};
  duckdb::Function::EraseArgument(function, args, 2);
  duckdb::Function::EraseArgument(function, args, 1);
  function.SetReturnType(DecimalOf(shape));
  return shape;
}

template <typename From, typename F>
duckdb::scalar_function_t IntoDecimal(DecimalShape shape, F convert) {
  return WithPhysical(shape.precision, [&](auto slot) -> duckdb::scalar_function_t {
    using P = decltype(slot);
    return [convert](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
      RunUnary<From, P>(args.data[0], result, args.size(), true, [&](From v) -> std::optional<P> {
        std::optional<Int128> out = convert(v);
        if (!out) return std::nullopt;
        return StoreDecimal<P>(*out);
      });
    };
  });
}

std::optional<Int128> OrThrow(std::optional<Int128> value, bool ansi, const std::string& text, DecimalShape shape) {
  if (!value && ansi) ThrowDecimalOutOfRange(text, shape.precision, shape.scale);
  return value;
}

duckdb::unique_ptr<duckdb::FunctionData> BindLongToDecimal(duckdb::ClientContext& context,
                                                           duckdb::ScalarFunction& function, Args& args) {
  bool ansi = ModeOf(function) == Mode::kAnsi;
  DecimalShape shape = TakeShape(context, function, args);
  function.SetFunctionCallback(IntoDecimal<int64_t>(shape, [shape, ansi](int64_t v) {
    auto out = Rescale(Int128{v}, 0, shape.scale, shape.precision);
    return out ? out : OrThrow(out, ansi, std::to_string(v), shape);
  }));
  return nullptr;
}

duckdb::unique_ptr<duckdb::FunctionData> BindDoubleToDecimal(duckdb::ClientContext& context,
                                                             duckdb::ScalarFunction& function, Args& args) {
  bool ansi = ModeOf(function) == Mode::kAnsi;
  DecimalShape shape = TakeShape(context, function, args);
  function.SetFunctionCallback(IntoDecimal<double>(shape, [shape, ansi](double v) -> std::optional<Int128> {
    if (!std::isfinite(v)) return std::nullopt;
    auto out = DoubleToDecimal(v, shape);
    return out ? out : OrThrow(out, ansi, JavaDoubleToString(v), shape);
  }));
  return nullptr;
}

duckdb::unique_ptr<duckdb::FunctionData> BindStringToDecimal(duckdb::ClientContext& context,
                                                             duckdb::ScalarFunction& function, Args& args) {
  bool ansi = ModeOf(function) == Mode::kAnsi;
  DecimalShape shape = TakeShape(context, function, args);
  function.SetFunctionCallback(
      IntoDecimal<duckdb::string_t>(shape, [shape, ansi](duckdb::string_t s) -> std::optional<Int128> {
        std::string_view text(s.GetData(), s.GetSize());
        bool valid = false;
        auto out = ParseDecimal(TrimAll(text), shape, &valid);
        if (out || !ansi) return out;
        if (!valid) ThrowInvalidCast(text, TypeId::kString, DataType::Decimal(shape.precision, shape.scale));
        ThrowDecimalOutOfRange(std::string(TrimAll(text)), shape.precision, shape.scale);
      }));
  return nullptr;
}

duckdb::unique_ptr<duckdb::FunctionData> BindDecimalToDecimal(duckdb::ClientContext& context,
                                                              duckdb::ScalarFunction& function, Args& args) {
  bool ansi = ModeOf(function) == Mode::kAnsi;
  DecimalShape from = ShapeOfArgument(args[0]->return_type);
  DecimalShape to = TakeShape(context, function, args);
  function.arguments = {DecimalOf(from)};
  function.SetFunctionCallback(WithPhysical(from.precision, [&](auto slot) {
    using From = decltype(slot);
    return IntoDecimal<From>(to, [from, to, ansi](From v) {
      Int128 x = LoadDecimal(v);
      auto out = Rescale(x, from.scale, to.scale, to.precision);
      return out ? out : OrThrow(out, ansi, DecimalToPlainString(x, from.scale), to);
    });
  }));
  return nullptr;
}

void AddToDecimal(KernelSink& sink, const std::string& name, const LogicalType& from,
                  duckdb::bind_scalar_function_t bind) {
  for (Mode mode : {Mode::kLegacy, Mode::kAnsi}) {
    duckdb::ScalarFunction function(mode == Mode::kAnsi ? name + "_ansi" : name,
                                    {from, LogicalType::INTEGER, LogicalType::INTEGER}, LogicalType::ANY, nullptr,
                                    bind);
    function.SetExtraFunctionInfo(duckdb::make_shared_ptr<ModeInfo>(mode));
    if (mode == Mode::kAnsi) function.SetFallible();
    sink.RegisterFunction(std::move(function));
  }
}

// --- timestamps ------------------------------------------------------------------------------------------

void AddTimestampNumbers(KernelSink& sink) {
  constexpr int64_t kMicros = 1000000;
  AddUnary<timestamp_tz_t, int64_t>(sink, "spark_timestamp_to_long", false, [](timestamp_tz_t t) {
    int64_t seconds = t.value / kMicros;
    return t.value % kMicros < 0 ? seconds - 1 : seconds;
  });
  AddUnary<timestamp_tz_t, double>(sink, "spark_timestamp_to_double", false,
                                   [](timestamp_tz_t t) { return static_cast<double>(t.value) / kMicros; });
  AddUnary<timestamp_tz_t, bool>(sink, "spark_timestamp_to_boolean", false,
                                 [](timestamp_tz_t t) { return t.value != 0; });
  AddUnary<bool, timestamp_tz_t>(sink, "spark_boolean_to_timestamp", false,
                                 [](bool b) { return timestamp_tz_t(b ? 1 : 0); });
  AddUnary<int64_t, timestamp_tz_t>(sink, "spark_long_to_timestamp", false, [](int64_t seconds) {
    int64_t micros;
    if (__builtin_mul_overflow(seconds, kMicros, &micros)) {
      micros = seconds < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
    }
    return timestamp_tz_t(micros);
  });
  AddUnary<double, timestamp_tz_t>(sink, "spark_double_to_timestamp", false,
                                   [](double d) -> std::optional<timestamp_tz_t> {
                                     if (!std::isfinite(d)) return std::nullopt;
                                     return timestamp_tz_t(Narrow<double, int64_t>(d * kMicros));
                                   });
  AddUnary<double, timestamp_tz_t>(sink, "spark_double_to_timestamp_ansi", true, [](double d) {
    if (!Fits<double, int64_t>(d * kMicros)) ThrowCastOverflow(ValueSql(d), TypeId::kDouble, TypeId::kTimestamp);
    return timestamp_tz_t(static_cast<int64_t>(d * kMicros));
  });
  sink.RegisterFunction(duckdb::ScalarFunction("spark_decimal_to_timestamp",
                                               {LogicalType(duckdb::LogicalTypeId::DECIMAL)}, LogicalType::TIMESTAMP_TZ,
                                               nullptr, BindDecimalToTimestamp));
}

}  // namespace

void RegisterNumericCasts(duckdb::ExtensionLoader& loader) {
  AddNarrowing<int16_t, int8_t>(loader);
  AddNarrowing<int32_t, int8_t>(loader);
  AddNarrowing<int32_t, int16_t>(loader);
  AddNarrowing<int64_t, int8_t>(loader);
  AddNarrowing<int64_t, int16_t>(loader);
  AddNarrowing<int64_t, int32_t>(loader);
  AddRealNarrowings<float>(loader);
  AddRealNarrowings<double>(loader);
  AddUnary<double, float>(loader, "spark_double_to_float", false, [](double d) { return static_cast<float>(d); });
  AddDecimalTo<int8_t>(loader);
  AddDecimalTo<int16_t>(loader);
  AddDecimalTo<int32_t>(loader);
  AddDecimalTo<int64_t>(loader);
  LogicalType decimal(duckdb::LogicalTypeId::DECIMAL);
  loader.RegisterFunction(duckdb::ScalarFunction("spark_decimal_to_double", {decimal}, LogicalType::DOUBLE, nullptr,
                                                 BindDecimalToReal<double>));
  loader.RegisterFunction(duckdb::ScalarFunction("spark_decimal_to_float", {decimal}, LogicalType::FLOAT, nullptr,
                                                 BindDecimalToReal<float>));
  AddToDecimal(loader, "spark_long_to_decimal", LogicalType::BIGINT, BindLongToDecimal);
  AddToDecimal(loader, "spark_double_to_decimal", LogicalType::DOUBLE, BindDoubleToDecimal);
  AddToDecimal(loader, "spark_string_to_decimal", LogicalType::VARCHAR, BindStringToDecimal);
  AddToDecimal(loader, "spark_decimal_to_decimal", decimal, BindDecimalToDecimal);
  AddTimestampNumbers(loader);
}

}  // namespace deltic::engine::functions
