// Mathematical functions, rounding, number bases and random numbers.
#include <algorithm>
#include <numbers>

#include "base/random.h"
#include "engine/plan/decimal_rules.h"
#include "spark/functions/coercion.h"
#include "spark/functions/families.h"

namespace deltic::spark::functions {
namespace {

// One row for all functions of doubles: the kernel is named after the function.
Result<ExprPtr> OfDoubles(const FunctionCall& call, const FunctionContext& context, const char* kernel,
                          bool may_be_null = false) {
  std::vector<ExprPtr> args;
  for (size_t i = 0; i < call.args.size(); ++i) {
    ASSIGN_OR_RETURN(ExprPtr arg, CoerceArg(call, i, TypeId::kDouble, context));
    args.push_back(std::move(arg));
  }
  bool nullable = may_be_null || AnyNullable(args);
  return engine::MakeCall(kernel, std::move(args), TypeId::kDouble, nullable, true);
}

template <size_t N>
struct KernelName {
  constexpr KernelName(const char (&text)[N]) { std::copy_n(text, N, value); }  // NOLINT: a literal as parameter
  char value[N];
};
// Unary functions are nullable whatever their argument is, as UnaryMathExpression is.
template <KernelName kName, bool kMayBeNull = true>
Result<ExprPtr> Real(const FunctionCall& call, const FunctionContext& context) {
  return OfDoubles(call, context, kName.value, kMayBeNull);
}

Result<ExprPtr> Log(const FunctionCall& call, const FunctionContext& context) {
  return OfDoubles(call, context, call.args.size() == 1 ? "spark_ln" : "spark_log", true);
}

Result<ExprPtr> Sign(const FunctionCall& call, const FunctionContext& context) {
  const ExprPtr& arg = call.args[0];
  if (arg->type.Is(TypeId::kDayTimeInterval) || arg->type.Is(TypeId::kYearMonthInterval)) {
    // Months and microseconds are integers underneath.
    std::string kernel = arg->type.Is(TypeId::kDayTimeInterval) ? "spark_signum_long" : "spark_signum_int";
    return engine::MakeCall(std::move(kernel), {arg}, TypeId::kDouble, true, true);
  }
  return OfDoubles(call, context, "spark_signum", true);
}

Result<ExprPtr> Factorial(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr arg, CoerceArg(call, 0, TypeId::kInteger, context));
  return engine::MakeCall("spark_factorial", {std::move(arg)}, TypeId::kLong, true, true);
}

// --- rounding ----------------------------------------------------------------------------------------

// RoundBase.dataType of a decimal.
DataType RoundedDecimal(const DataType& type, int64_t scale) {
  int integer_digits = type.precision() - type.scale() + 1;
  if (scale < 0) {
    int64_t precision = std::max<int64_t>(integer_digits, -scale + 1);
    return DataType::Decimal(static_cast<int>(std::min<int64_t>(precision, engine::kMaxDecimalPrecision)), 0);
  }
  int new_scale = static_cast<int>(std::min<int64_t>(type.scale(), scale));
  return DataType::Decimal(std::min(integer_digits + new_scale, engine::kMaxDecimalPrecision), new_scale);
}

// The value itself, nullable.
ExprPtr AsNullable(ExprPtr value) {
  DataType type = value->type;
  return std::make_shared<engine::Cast>(std::move(value), std::move(type), true, engine::CastMode::kLegacy, "UTC");
}

Result<ExprPtr> RoundTo(ExprPtr value, std::optional<int64_t> scale, std::string_view op,
                        const FunctionContext& context) {
  DataType type = value->type.Is(TypeId::kDecimal) ? RoundedDecimal(value->type, scale.value_or(0)) : value->type;
  if (!scale) return engine::MakeNull(type);
  std::string suffix;
  switch (value->type.id()) {
    case TypeId::kDecimal: suffix = "decimal"; break;
    case TypeId::kFloat: suffix = "float"; break;
    case TypeId::kDouble: suffix = "double"; break;
    case TypeId::kByte: suffix = "byte"; break;
    case TypeId::kShort: suffix = "short"; break;
    case TypeId::kInteger: suffix = "int"; break;
    default: suffix = "long"; break;
  }
  if (value->type.IsIntegral() && context.ansi) suffix += "_ansi";
  std::vector<ExprPtr> args{std::move(value), engine::MakeInt(static_cast<int32_t>(*scale))};
  if (type.Is(TypeId::kDecimal)) {
    args.push_back(engine::MakeInt(type.precision()));
    args.push_back(engine::MakeInt(type.scale()));
  }
  return engine::MakeCall("spark_" + std::string(op) + "_" + suffix, std::move(args), std::move(type), true);
}

Result<std::optional<int64_t>> ScaleArgument(const FunctionCall& call) {
  if (call.args.size() < 2) return std::optional<int64_t>(0);
  return LiteralInt(call, 1, "scala");
}

Result<ExprPtr> RoundWith(const FunctionCall& call, const FunctionContext& context, std::string_view op) {
  ASSIGN_OR_RETURN(auto scale, ScaleArgument(call));
  ExprPtr value = call.args[0];
  if (!value->type.IsNumeric()) {
    auto cast = ImplicitCast(value, TypeId::kDouble, context);
    if (!cast || !(value->type.IsString() || value->type.Is(TypeId::kNull))) {
      return UnexpectedInputType(call, 0, "\"NUMERIC\"");
    }
    value = *cast;
  }
  return RoundTo(std::move(value), scale, op, context);
}
Result<ExprPtr> Round(const FunctionCall& call, const FunctionContext& context) {
  return RoundWith(call, context, "round");
}
Result<ExprPtr> Bround(const FunctionCall& call, const FunctionContext& context) {
  return RoundWith(call, context, "bround");
}

Result<ExprPtr> CeilOrFloor(const FunctionCall& call, const FunctionContext& context, std::string_view op) {
  ExprPtr value = call.args[0];
  if (call.args.size() == 2) {  // to a scale: always in decimals
    ASSIGN_OR_RETURN(auto scale, LiteralInt(call, 1, "scale"));
    if (!value->type.Is(TypeId::kDecimal)) {
      if (!value->type.IsNumeric() && !value->type.IsString() && !value->type.Is(TypeId::kNull)) {
        return UnexpectedInputType(call, 0, "\"DECIMAL\"");
      }
      DataType decimal = value->type.IsNumeric() ? DecimalForIntegral(value->type) : DataType::Decimal(38, 18);
      value = CastTo(value, decimal, context);
    }
    return RoundTo(std::move(value), scale, op, context);
  }
  if (value->type.Is(TypeId::kLong)) return AsNullable(value);
  if (value->type.Is(TypeId::kDecimal)) {
    if (value->type.scale() == 0) return AsNullable(value);
    int precision = std::min(value->type.precision() - value->type.scale() + 1, engine::kMaxDecimalPrecision);
    DataType type = DataType::Decimal(precision, 0);
    return engine::MakeCall("spark_" + std::string(op) + "_decimal",
                            {std::move(value), engine::MakeInt(0), engine::MakeInt(precision), engine::MakeInt(0)},
                            type, true);
  }
  if (value->type.IsIntegral()) return AsNullable(CastTo(value, TypeId::kLong, context));
  auto cast = ImplicitCast(value, TypeId::kDouble, context);
  if (!cast) return UnexpectedInputType(call, 0, "(\"DOUBLE\" or \"DECIMAL\" or \"BIGINT\")");
  return engine::MakeCall("spark_" + std::string(op) + "_double", {*cast}, TypeId::kLong, true, true);
}
Result<ExprPtr> Ceil(const FunctionCall& call, const FunctionContext& context) {
  return CeilOrFloor(call, context, "ceil");
}
Result<ExprPtr> Floor(const FunctionCall& call, const FunctionContext& context) {
  return CeilOrFloor(call, context, "floor");
}

// --- bases -------------------------------------------------------------------------------------------

Result<ExprPtr> Bin(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr arg, CoerceArg(call, 0, TypeId::kLong, context));
  return StrictCall("spark_bin", {std::move(arg)}, TypeId::kString);
}

Result<ExprPtr> Hex(const FunctionCall& call, const FunctionContext& context) {
  const ExprPtr& arg = call.args[0];
  if (arg->type.IsString()) return StrictCall("spark_hex_of_string", {arg}, TypeId::kString);
  if (arg->type.Is(TypeId::kBinary)) return StrictCall("spark_hex_of_binary", {arg}, TypeId::kString);
  auto wide = ImplicitCast(arg, TypeId::kLong, context);
  if (!wide) return UnexpectedInputType(call, 0, "(\"BIGINT\" or \"BINARY\" or \"STRING\")");
  return StrictCall("spark_hex_of_long", {*wide}, TypeId::kString);
}

Result<ExprPtr> Unhex(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr arg, CoerceArg(call, 0, TypeId::kString, context));
  return engine::MakeCall("spark_unhex", {std::move(arg)}, TypeId::kBinary, true, true);
}

Result<ExprPtr> Conv(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr number, CoerceArg(call, 0, TypeId::kString, context));
  ASSIGN_OR_RETURN(ExprPtr from, CoerceArg(call, 1, TypeId::kInteger, context));
  ASSIGN_OR_RETURN(ExprPtr to, CoerceArg(call, 2, TypeId::kInteger, context));
  return engine::MakeCall(context.ansi ? "spark_conv_ansi" : "spark_conv", {number, from, to}, TypeId::kString, true);
}

Result<ExprPtr> WidthBucket(const FunctionCall& call, const FunctionContext& context) {
  std::vector<ExprPtr> args;
  for (size_t i = 0; i < 3; ++i) {
    const ExprPtr& arg = call.args[i];
    if (arg->type.Is(TypeId::kDayTimeInterval) || arg->type.Is(TypeId::kYearMonthInterval)) {
      args.push_back(engine::MakeCall("spark_interval_number", {arg}, TypeId::kDouble, arg->nullable));
      continue;
    }
    ASSIGN_OR_RETURN(ExprPtr number, CoerceArg(call, i, TypeId::kDouble, context));
    args.push_back(std::move(number));
  }
  ASSIGN_OR_RETURN(ExprPtr buckets, CoerceArg(call, 3, TypeId::kLong, context));
  args.push_back(std::move(buckets));
  return engine::MakeCall("spark_width_bucket", std::move(args), TypeId::kLong, true);
}

// --- random ------------------------------------------------------------------------------------------

Result<ExprPtr> RandomWith(const FunctionCall& call, const char* kernel) {
  int64_t seed = 0;
  if (call.args.empty()) {
    seed = engine::DrawSeed();
  } else {
    if (!call.args[0]->type.IsIntegral() && !call.args[0]->type.Is(TypeId::kNull)) {
      return UnexpectedInputType(call, 0, "(\"INT\" or \"BIGINT\")");
    }
    ASSIGN_OR_RETURN(auto given, LiteralInt(call, 0, "seed"));
    seed = given.value_or(0);
  }
  return engine::MakeCall(kernel, {engine::MakeLong(seed)}, TypeId::kDouble, false, true);
}
Result<ExprPtr> Rand(const FunctionCall& call, const FunctionContext&) { return RandomWith(call, "spark_rand"); }
Result<ExprPtr> Randn(const FunctionCall& call, const FunctionContext&) { return RandomWith(call, "spark_randn"); }

Result<ExprPtr> Pi(const FunctionCall&, const FunctionContext&) { return engine::MakeDouble(std::numbers::pi); }
Result<ExprPtr> Euler(const FunctionCall&, const FunctionContext&) { return engine::MakeDouble(std::numbers::e); }

}  // namespace

std::span<const FunctionRow> MathFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Scalar("sqrt", {}, 1, 1, Real<"spark_sqrt">, "1.1.1", "Square root."),
      Scalar("cbrt", {}, 1, 1, Real<"spark_cbrt">, "1.4.0", "Cube root."),
      Scalar("exp", {}, 1, 1, Real<"spark_exp">, "1.4.0", "e to the power of the value."),
      Scalar("expm1", {}, 1, 1, Real<"spark_expm1">, "1.4.0", "exp(value) - 1."),
      Scalar("ln", {}, 1, 1, Real<"spark_ln">, "1.4.0", "Natural logarithm; NULL unless positive."),
      Scalar("log", {}, 1, 2, Log, "1.5.0", "log([base,] value)."),
      Scalar("log2", {}, 1, 1, Real<"spark_log2">, "1.4.0", "Logarithm to base 2."),
      Scalar("log10", {}, 1, 1, Real<"spark_log10">, "1.4.0", "Logarithm to base 10."),
      Scalar("log1p", {}, 1, 1, Real<"spark_log1p">, "1.4.0", "ln(1 + value)."),
      Scalar("power", {"pow"}, 2, 2, Real<"spark_power", false>, "1.4.0",
             "The first value to the power of the second."),
      Scalar("sin", {}, 1, 1, Real<"spark_sin">, "1.4.0", "Sine."),
      Scalar("cos", {}, 1, 1, Real<"spark_cos">, "1.4.0", "Cosine."),
      Scalar("tan", {}, 1, 1, Real<"spark_tan">, "1.4.0", "Tangent."),
      Scalar("cot", {}, 1, 1, Real<"spark_cot">, "2.3.0", "Cotangent."),
      Scalar("sec", {}, 1, 1, Real<"spark_sec">, "3.3.0", "Secant."),
      Scalar("csc", {}, 1, 1, Real<"spark_csc">, "3.3.0", "Cosecant."),
      Scalar("asin", {}, 1, 1, Real<"spark_asin">, "1.4.0", "Arc sine."),
      Scalar("acos", {}, 1, 1, Real<"spark_acos">, "1.4.0", "Arc cosine."),
      Scalar("atan", {}, 1, 1, Real<"spark_atan">, "1.4.0", "Arc tangent."),
      Scalar("atan2", {}, 2, 2, Real<"spark_atan2", false>, "1.4.0", "The angle of (x, y), from y and x."),
      Scalar("sinh", {}, 1, 1, Real<"spark_sinh">, "1.4.0", "Hyperbolic sine."),
      Scalar("cosh", {}, 1, 1, Real<"spark_cosh">, "1.4.0", "Hyperbolic cosine."),
      Scalar("tanh", {}, 1, 1, Real<"spark_tanh">, "1.4.0", "Hyperbolic tangent."),
      Scalar("asinh", {}, 1, 1, Real<"spark_asinh">, "3.0.0", "Inverse hyperbolic sine."),
      Scalar("acosh", {}, 1, 1, Real<"spark_acosh">, "3.0.0", "Inverse hyperbolic cosine."),
      Scalar("atanh", {}, 1, 1, Real<"spark_atanh">, "3.0.0", "Inverse hyperbolic tangent."),
      Scalar("degrees", {}, 1, 1, Real<"spark_degrees">, "1.4.0", "Radians to degrees."),
      Scalar("radians", {}, 1, 1, Real<"spark_radians">, "1.4.0", "Degrees to radians."),
      Scalar("hypot", {}, 2, 2, Real<"spark_hypot", false>, "1.4.0", "sqrt(a² + b²)."),
      Scalar("rint", {}, 1, 1, Real<"spark_rint">, "1.4.0", "The nearest whole double, ties to even."),
      Scalar("signum", {"sign"}, 1, 1, Sign, "1.4.0", "-1, 0 or 1 by the sign."),
      Scalar("factorial", {}, 1, 1, Factorial, "1.5.0", "n!; NULL outside 0…20."),
      Scalar("pi", {}, 0, 0, Pi, "1.5.0", "The number pi."),
      Scalar("e", {}, 0, 0, Euler, "1.5.0", "Euler's number."),
      Scalar("round", {}, 1, 2, Round, "1.5.0", "Rounded half up to a scale."),
      Scalar("bround", {}, 1, 2, Bround, "2.0.0", "Rounded half even to a scale."),
      Scalar("ceil", {"ceiling"}, 1, 2, Ceil, "1.4.0", "The least whole number not below; or to a scale."),
      Scalar("floor", {}, 1, 2, Floor, "1.4.0", "The greatest whole number not above; or to a scale."),
      Scalar("bin", {}, 1, 1, Bin, "1.5.0", "Binary digits of a bigint."),
      Scalar("hex", {}, 1, 1, Hex, "1.5.0", "Hexadecimal digits of a bigint, text or binary."),
      Scalar("unhex", {}, 1, 1, Unhex, "1.5.0", "Hexadecimal text to binary; NULL if invalid."),
      Scalar("conv", {}, 3, 3, Conv, "1.5.0", "Digits of one base in another."),
      Scalar("width_bucket", {}, 4, 4, WidthBucket, "3.1.0", "The bucket of an equi-width histogram."),
      Scalar("rand", {"random"}, 0, 1, Rand, "1.5.0", "Uniform random numbers in [0, 1)."),
      Scalar("randn", {}, 0, 1, Randn, "1.5.0", "Standard normal random numbers."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
