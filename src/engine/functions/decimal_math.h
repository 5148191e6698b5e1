// Exact decimal arithmetic on unscaled 128-bit values with Java BigDecimal's rounding, and the text of decimals.
// Intermediate results have 256 bits, so nothing is lost before the one rounding. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/plan/decimal_rules.h"

namespace deltic::engine::functions {

using Int128 = __int128;
using UInt128 = unsigned __int128;

enum class Rounding : uint8_t { kHalfUp, kHalfEven, kDown, kCeiling, kFloor };

// 10^n for 0 ≤ n ≤ 38.
Int128 Pow10(int n);

inline bool FitsPrecision(Int128 unscaled, int precision) {
  Int128 limit = Pow10(precision);
  return unscaled < limit && unscaled > -limit;
}

// A signed 256-bit magnitude.
struct Wide {
  UInt128 high = 0;
  UInt128 low = 0;
  bool negative = false;
};
Wide WideProduct(Int128 a, Int128 b);

// The value at `from_scale` rounded to `to_scale`; nullopt when it has more than `precision` digits there.
std::optional<Int128> Rescale(Int128 unscaled, int from_scale, int to_scale, int precision,
                              Rounding rounding = Rounding::kHalfUp);
std::optional<Int128> Rescale(const Wide& value, int from_scale, int to_scale, int precision, Rounding rounding);

// a ± b, a * b, a / b, a % b with the result's shape; nullopt: does not fit. Division by zero is the caller's case.
std::optional<Int128> DecimalAdd(Int128 a, int scale_a, Int128 b, int scale_b, DecimalShape out);
std::optional<Int128> DecimalMultiply(Int128 a, int scale_a, Int128 b, int scale_b, DecimalShape out);
std::optional<Int128> DecimalDivide(Int128 a, int scale_a, Int128 b, int scale_b, DecimalShape out,
                                    Rounding rounding = Rounding::kHalfUp);
std::optional<Int128> DecimalRemainder(Int128 a, int scale_a, Int128 b, int scale_b, DecimalShape out);

// BigDecimal.toPlainString and BigDecimal.toString (scientific for small magnitudes).
std::string DecimalToPlainString(Int128 unscaled, int scale);
std::string DecimalToJavaString(Int128 unscaled, int scale);
double DecimalToDouble(Int128 unscaled, int scale);

// A decimal literal [+-]digits[.digits][e[+-]digits] (no blanks) to a shape, rounded half up.
// Sets *valid to whether the text is a number at all; nullopt and valid: does not fit.
std::optional<Int128> ParseDecimal(std::string_view text, DecimalShape shape, bool* valid,
                                   Rounding rounding = Rounding::kHalfUp);
// A finite double through its shortest decimal text, as Java's BigDecimal.valueOf does.
std::optional<Int128> DoubleToDecimal(double value, DecimalShape shape, Rounding rounding = Rounding::kHalfUp);
// Java's BigDecimal(double.toString).setScale(scale, rounding).doubleValue.
double RoundDouble(double value, int scale, Rounding rounding);

}  // namespace deltic::engine::functions
