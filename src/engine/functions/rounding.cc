// round, bround, ceil and floor: spark_<op>_<type>(value, scale[, result precision, result scale]).
#include <cmath>
#include <limits>

#include "engine/functions/decimal_vector.h"
#include "engine/functions/runtime_errors.h"
#include "engine/functions/vector_kernel.h"

namespace deltic::engine::functions {

void RegisterRounding(duckdb::ExtensionLoader& loader);

namespace {

using duckdb::LogicalType;
using Args = duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>;

// A whole number rounded at 10^-scale (scale < 0), wrapped into T as Java's BigDecimal.intValue does.
template <typename T>
Int128 RoundInteger(T v, int32_t scale, Rounding rounding) {
  if (scale >= 0) return v;
  if (scale < -19) return 0;
  auto units = Rescale(Int128{v}, -scale, 0, kMaxDecimalPrecision, rounding);
  return *units * Pow10(-scale);
}

template <typename T>
void AddIntegers(KernelSink& sink, const std::string& op, const std::string& type, Rounding rounding) {
  std::string name = "spark_" + op + "_" + type;
  AddBinary<T, int32_t, T>(sink, name, false,
                           [rounding](T v, int32_t scale) { return static_cast<T>(RoundInteger(v, scale, rounding)); });
  AddBinary<T, int32_t, T>(sink, name + "_ansi", true, [rounding](T v, int32_t scale) {
    Int128 out = RoundInteger(v, scale, rounding);
    if (out > std::numeric_limits<T>::max() || out < std::numeric_limits<T>::min()) {
      ThrowOverflow(sizeof(T) == 8 ? "long" : "integer");
    }
    return static_cast<T>(out);
  });
}

struct RoundingInfo : duckdb::ScalarFunctionInfo {
  explicit RoundingInfo(Rounding r) : rounding(r) {}
  Rounding rounding;
};

int ConstantInt(duckdb::ClientContext& context, duckdb::Expression& expr) {
  return duckdb::ExpressionExecutor::EvaluateScalar(context, expr).GetValue<int32_t>();
}

duckdb::unique_ptr<duckdb::FunctionData> BindDecimal(duckdb::ClientContext& context, duckdb::ScalarFunction& function,
                                                     Args& args) {
  DecimalShape from{kMaxDecimalPrecision, 0};
  if (args[0]->return_type.id() == duckdb::LogicalTypeId::DECIMAL) from = ShapeOf(args[0]->return_type);
  int scale = ConstantInt(context, *args[1]);
  DecimalShape to{ConstantInt(context, *args[2]), ConstantInt(context, *args[3])};
  Rounding rounding = function.GetExtraFunctionInfo().Cast<RoundingInfo>().rounding;
  // The constants stay arguments: calls that differ in them only must not look the same to the optimiser.
  function.arguments[0] = DecimalOf(from);
  function.SetReturnType(DecimalOf(to));
  auto round = [from, to, scale, rounding](Int128 v) -> std::optional<Int128> {
    if (scale >= from.scale) return Rescale(v, from.scale, to.scale, to.precision);
    if (int64_t{from.scale} - scale > 76) return Int128{0};
    // To `scale` (which may be negative), then to the result's scale.
    Wide magnitude = WideProduct(v, 1);
    auto units = Rescale(magnitude, from.scale - scale, 0, kMaxDecimalPrecision, rounding);
    if (!units) return std::nullopt;
    return Rescale(WideProduct(*units, 1), 0, to.scale - scale, to.precision, Rounding::kDown);
  };
  function.SetFunctionCallback(WithPhysical(from.precision, [&](auto in) {
    using In = decltype(in);
    return WithPhysical(to.precision, [&](auto out) -> duckdb::scalar_function_t {
      using Out = decltype(out);
      return [round](duckdb::DataChunk& chunk, duckdb::ExpressionState&, duckdb::Vector& result) {
        RunUnary<In, Out>(chunk.data[0], result, chunk.size(), false, [&](In v) -> std::optional<Out> {
          auto rounded = round(LoadDecimal(v));
          if (!rounded) return std::nullopt;
          return StoreDecimal<Out>(*rounded);
        });
      };
    });
  }));
  return nullptr;
}

int64_t SaturateToLong(double v) {
  if (std::isnan(v)) return 0;
  if (v >= 9223372036854775808.0) return std::numeric_limits<int64_t>::max();
  if (v <= -9223372036854775808.0) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(v);
}

}  // namespace

void RegisterRounding(duckdb::ExtensionLoader& loader) {
  constexpr std::pair<const char*, Rounding> kOps[] = {{"round", Rounding::kHalfUp}, {"bround", Rounding::kHalfEven}};
  for (const auto& [op, mode] : kOps) {
    Rounding rounding = mode;
    AddIntegers<int8_t>(loader, op, "byte", rounding);
    AddIntegers<int16_t>(loader, op, "short", rounding);
    AddIntegers<int32_t>(loader, op, "int", rounding);
    AddIntegers<int64_t>(loader, op, "long", rounding);
    AddBinary<double, int32_t, double>(loader, std::string("spark_") + op + "_double", false,
                                       [rounding](double v, int32_t scale) { return RoundDouble(v, scale, rounding); });
    AddBinary<float, int32_t, float>(
        loader, std::string("spark_") + op + "_float", false,
        [rounding](float v, int32_t scale) { return static_cast<float>(RoundDouble(v, scale, rounding)); });
  }
  AddUnary<double, int64_t>(loader, "spark_ceil_double", false, [](double v) { return SaturateToLong(std::ceil(v)); });
  AddUnary<double, int64_t>(loader, "spark_floor_double", false,
                            [](double v) { return SaturateToLong(std::floor(v)); });
  constexpr std::pair<const char*, Rounding> kDecimals[] = {{"round", Rounding::kHalfUp},
                                                            {"bround", Rounding::kHalfEven},
                                                            {"ceil", Rounding::kCeiling},
                                                            {"floor", Rounding::kFloor}};
  for (const auto& [op, mode] : kDecimals) {
    duckdb::ScalarFunction function(
        std::string("spark_") + op + "_decimal",
        {LogicalType(duckdb::LogicalTypeId::DECIMAL), LogicalType::INTEGER, LogicalType::INTEGER, LogicalType::INTEGER},
        LogicalType::ANY, nullptr, BindDecimal);
    function.SetExtraFunctionInfo(duckdb::make_shared_ptr<RoundingInfo>(mode));
    loader.RegisterFunction(std::move(function));
  }
}

}  // namespace deltic::engine::functions
