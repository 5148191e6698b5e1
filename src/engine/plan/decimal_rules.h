// Result types of decimal arithmetic (Spark's DecimalPrecision, precision loss allowed). Both the typing of calls
// and the kernels use them, so that the engine's type is the plan's type. Pure; thread-safe.
#pragma once

#include <algorithm>

namespace deltic::engine {

inline constexpr int kMaxDecimalPrecision = 38;
inline constexpr int kMinAdjustedScale = 6;

struct DecimalShape {
  int precision = 10;
  int scale = 0;
  bool operator==(const DecimalShape&) const = default;
};

// DecimalType.bounded: both cut to 38.
inline DecimalShape BoundedDecimal(int precision, int scale) {
  return {std::min(precision, kMaxDecimalPrecision), std::min(scale, kMaxDecimalPrecision)};
}

// DecimalType.adjustPrecisionScale: gives up fraction digits (down to 6) before integer digits.
inline DecimalShape AdjustDecimal(int precision, int scale) {
  if (precision <= kMaxDecimalPrecision) return {precision, scale};
  int integer_digits = precision - scale;
  int min_scale = std::min(scale, kMinAdjustedScale);
  return {kMaxDecimalPrecision, std::max(kMaxDecimalPrecision - integer_digits, min_scale)};
}

inline DecimalShape WiderDecimal(DecimalShape a, DecimalShape b) {
  int scale = std::max(a.scale, b.scale);
  int range = std::max(a.precision - a.scale, b.precision - b.scale);
  return BoundedDecimal(range + scale, scale);
}

enum class DecimalOp { kAdd, kSubtract, kMultiply, kDivide, kRemainder };

inline DecimalShape DecimalResult(DecimalOp op, DecimalShape a, DecimalShape b) {
  int int_a = a.precision - a.scale;
  int int_b = b.precision - b.scale;
  int scale = std::max(a.scale, b.scale);
  switch (op) {
    case DecimalOp::kAdd:
    case DecimalOp::kSubtract: return AdjustDecimal(std::max(int_a, int_b) + scale + 1, scale);
    case DecimalOp::kMultiply: return AdjustDecimal(a.precision + b.precision + 1, a.scale + b.scale);
    case DecimalOp::kDivide: {
      int quotient_scale = std::max(kMinAdjustedScale, a.scale + b.precision + 1);
      return AdjustDecimal(int_a + b.scale + quotient_scale, quotient_scale);
    }
    case DecimalOp::kRemainder: return AdjustDecimal(std::min(int_a, int_b) + scale, scale);
  }
  return a;
}

}  // namespace deltic::engine
