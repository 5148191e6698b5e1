#include "engine/functions/decimal_math.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace deltic::engine::functions {
namespace {

constexpr int kMaxPow10 = 38;

constexpr std::array<Int128, kMaxPow10 + 1> MakePowers() {
  std::array<Int128, kMaxPow10 + 1> out{};
  Int128 p = 1;
  for (int i = 0; i <= kMaxPow10; ++i) {
    out[static_cast<size_t>(i)] = p;
    if (i < kMaxPow10) p *= 10;
  }
  return out;
}
constexpr std::array<Int128, kMaxPow10 + 1> kPowers = MakePowers();

UInt128 Magnitude(Int128 v) { return v < 0 ? UInt128{0} - static_cast<UInt128>(v) : static_cast<UInt128>(v); }

Wide Multiply(UInt128 a, UInt128 b) {
  constexpr UInt128 kLow = ~uint64_t{0};
  UInt128 a0 = a & kLow, a1 = a >> 64, b0 = b & kLow, b1 = b >> 64;
  UInt128 p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
  UInt128 middle = (p00 >> 64) + (p01 & kLow) + (p10 & kLow);
  Wide out;
  out.low = (p00 & kLow) | (middle << 64);
  out.high = p11 + (p01 >> 64) + (p10 >> 64) + (middle >> 64);
  return out;
}

// value / divisor by long division; *value becomes the quotient, the remainder is returned.
UInt128 DivideInPlace(Wide* value, UInt128 divisor) {
  if (value->high == 0) {
    UInt128 remainder = value->low % divisor;
    value->low /= divisor;
    return remainder;
  }
  if (divisor >> 64 == 0) {
    uint64_t limbs[4] = {static_cast<uint64_t>(value->high >> 64), static_cast<uint64_t>(value->high),
                         static_cast<uint64_t>(value->low >> 64), static_cast<uint64_t>(value->low)};
    UInt128 remainder = 0;
    for (uint64_t& limb : limbs) {
      UInt128 part = (remainder << 64) | limb;
      limb = static_cast<uint64_t>(part / divisor);
      remainder = part % divisor;
    }
    value->high = (static_cast<UInt128>(limbs[0]) << 64) | limbs[1];
    value->low = (static_cast<UInt128>(limbs[2]) << 64) | limbs[3];
    return remainder;
  }
  UInt128 remainder = 0;
  for (int bit = 255; bit >= 0; --bit) {
    bool carry = (remainder >> 127) != 0;
    UInt128* word = bit >= 128 ? &value->high : &value->low;
    int shift = bit & 127;
    remainder = (remainder << 1) | ((*word >> shift) & 1);
    if (carry || remainder >= divisor) {
      remainder -= divisor;
      *word |= UInt128{1} << shift;
    } else {
      *word &= ~(UInt128{1} << shift);
    }
  }
  return remainder;
}

void AddOne(Wide* value) {
  if (++value->low == 0) ++value->high;
}

bool RoundsAway(const Wide& quotient, UInt128 remainder, UInt128 divisor, bool sticky, Rounding rounding) {
  if (remainder == 0 && !sticky) return false;
  UInt128 rest = divisor - remainder;
  switch (rounding) {
    case Rounding::kHalfUp: return remainder >= rest;
    case Rounding::kHalfEven: return remainder > rest || (remainder == rest && (sticky || (quotient.low & 1) != 0));
    case Rounding::kDown: return false;
    case Rounding::kCeiling: return !quotient.negative;
    case Rounding::kFloor: return quotient.negative;
  }
  return false;
}

std::optional<Int128> Finish(const Wide& value, int precision) {
  if (value.high != 0 || value.low >= static_cast<UInt128>(Pow10(precision))) return std::nullopt;
  Int128 v = static_cast<Int128>(value.low);
  return value.negative ? -v : v;
}

// value * 10^n; false when it leaves 256 bits.
bool ScaleUp(Wide* value, int n) {
  while (n > 0) {
    int step = std::min(n, kMaxPow10);
    UInt128 p = static_cast<UInt128>(Pow10(step));
    Wide low = Multiply(value->low, p);
    Wide high = Multiply(value->high, p);
    if (high.high != 0 || high.low + low.high < high.low) return false;
    value->low = low.low;
    value->high = high.low + low.high;
    n -= step;
  }
  return true;
}

}  // namespace

Int128 Pow10(int n) { return kPowers[static_cast<size_t>(n)]; }

Wide WideProduct(Int128 a, Int128 b) {
  Wide out = Multiply(Magnitude(a), Magnitude(b));
  out.negative = (a < 0) != (b < 0);
  return out;
}

std::optional<Int128> Rescale(const Wide& in, int from_scale, int to_scale, int precision, Rounding rounding) {
  Wide value = in;
  if (to_scale >= from_scale) {
    if (value.high == 0 && value.low == 0) return Int128{0};
    if (!ScaleUp(&value, to_scale - from_scale)) return std::nullopt;
    return Finish(value, precision);
  }
  int drop = from_scale - to_scale;
  bool sticky = false;
  while (drop > kMaxPow10) {
    sticky = DivideInPlace(&value, static_cast<UInt128>(Pow10(kMaxPow10))) != 0 || sticky;
    drop -= kMaxPow10;
  }
  UInt128 divisor = static_cast<UInt128>(Pow10(drop));
  UInt128 remainder = DivideInPlace(&value, divisor);
  if (RoundsAway(value, remainder, divisor, sticky, rounding)) AddOne(&value);
  return Finish(value, precision);
}

std::optional<Int128> Rescale(Int128 unscaled, int from_scale, int to_scale, int precision, Rounding rounding) {
  if (from_scale == to_scale) {
    return FitsPrecision(unscaled, precision) ? std::optional(unscaled) : std::nullopt;
  }
  Wide value;
  value.low = Magnitude(unscaled);
  value.negative = unscaled < 0;
  return Rescale(value, from_scale, to_scale, precision, rounding);
}

std::optional<Int128> DecimalAdd(Int128 a, int scale_a, Int128 b, int scale_b, DecimalShape out) {
  int scale = std::max(scale_a, scale_b);
  Int128 x, y, sum;
  if (!__builtin_mul_overflow(a, Pow10(scale - scale_a), &x) &&
      !__builtin_mul_overflow(b, Pow10(scale - scale_b), &y) && !__builtin_add_overflow(x, y, &sum)) {
    return Rescale(sum, scale, out.scale, out.precision);
  }
  Wide left = WideProduct(a, Pow10(scale - scale_a));
  Wide right = WideProduct(b, Pow10(scale - scale_b));
  Wide total = left;
  if (left.negative == right.negative) {
    total.low = left.low + right.low;
    total.high = left.high + right.high + (total.low < left.low ? 1 : 0);
  } else {
    bool left_greater = left.high > right.high || (left.high == right.high && left.low >= right.low);
    const Wide& big = left_greater ? left : right;
    const Wide& small = left_greater ? right : left;
    total.low = big.low - small.low;
    total.high = big.high - small.high - (big.low < small.low ? 1 : 0);
    total.negative = big.negative;
  }
  return Rescale(total, scale, out.scale, out.precision, Rounding::kHalfUp);
}

std::optional<Int128> DecimalMultiply(Int128 a, int scale_a, Int128 b, int scale_b, DecimalShape out) {
  Int128 product;
  if (!__builtin_mul_overflow(a, b, &product)) {
    return Rescale(product, scale_a + scale_b, out.scale, out.precision);
  }
  return Rescale(WideProduct(a, b), scale_a + scale_b, out.scale, out.precision, Rounding::kHalfUp);
}

std::optional<Int128> DecimalDivide(Int128 a, int scale_a, Int128 b, int scale_b, DecimalShape out, Rounding rounding) {
  // a / b = (a * 10^shift) / b at the result's scale.
  int shift = out.scale + scale_b - scale_a;
  Wide numerator;
  numerator.low = Magnitude(a);
  numerator.negative = (a < 0) != (b < 0);
  UInt128 divisor = Magnitude(b);
  if (shift >= 0) {
    if (a != 0 && !ScaleUp(&numerator, shift)) return std::nullopt;
  } else {
    Wide scaled = Multiply(divisor, static_cast<UInt128>(Pow10(-shift)));
    if (scaled.high != 0) return Int128{0};
    divisor = scaled.low;
  }
  UInt128 remainder = DivideInPlace(&numerator, divisor);
  if (RoundsAway(numerator, remainder, divisor, false, rounding)) AddOne(&numerator);
  return Finish(numerator, out.precision);
}

std::optional<Int128> DecimalRemainder(Int128 a, int scale_a, Int128 b, int scale_b, DecimalShape out) {
  int scale = std::max(scale_a, scale_b);
  Wide x = WideProduct(a, Pow10(scale - scale_a));
  Wide y = WideProduct(b, Pow10(scale - scale_b));
  Int128 rest;
  if (y.high != 0) {
    // The divisor has more than 128 bits at this scale: the remainder is the dividend unless it is as large.
    if (x.high > y.high || (x.high == y.high && x.low >= y.low)) return std::nullopt;
    return Rescale(x, scale, out.scale, out.precision, Rounding::kHalfUp);
  }
  rest = static_cast<Int128>(DivideInPlace(&x, y.low));
  return Rescale(a < 0 ? -rest : rest, scale, out.scale, out.precision);
}

// --- text ----------------------------------------------------------------------------------------------

namespace {
std::string Digits(UInt128 v) {
  char buffer[40];
  char* p = buffer + sizeof(buffer);
  do {
    *--p = static_cast<char>('0' + static_cast<int>(v % 10));
    v /= 10;
  } while (v != 0);
  return {p, static_cast<size_t>(buffer + sizeof(buffer) - p)};
}
}  // namespace

std::string DecimalToPlainString(Int128 unscaled, int scale) {
  std::string digits = Digits(Magnitude(unscaled));
  if (scale > 0) {
    if (digits.size() <= static_cast<size_t>(scale))
      digits.insert(0, static_cast<size_t>(scale) + 1 - digits.size(), '0');
    digits.insert(digits.size() - static_cast<size_t>(scale), ".");
  }
  return unscaled < 0 ? "-" + digits : digits;
}

std::string DecimalToJavaString(Int128 unscaled, int scale) {
  std::string digits = Digits(Magnitude(unscaled));
  int exponent = static_cast<int>(digits.size()) - 1 - scale;
  if (scale == 0 || exponent >= -6) return DecimalToPlainString(unscaled, scale);
  std::string out = unscaled < 0 ? "-" : "";
  out += digits[0];
  if (digits.size() > 1) out += "." + digits.substr(1);
  return out + "E" + std::to_string(exponent);
}

double DecimalToDouble(Int128 unscaled, int scale) {
  constexpr Int128 kExact = Int128{1} << 53;
  if (unscaled < kExact && unscaled > -kExact && scale <= 22) {
    return static_cast<double>(unscaled) / static_cast<double>(Pow10(scale));
  }
  std::string text = Digits(Magnitude(unscaled)) + "e-" + std::to_string(scale);
  double value = std::strtod(text.c_str(), nullptr);
  return unscaled < 0 ? -value : value;
}

std::optional<Int128> ParseDecimal(std::string_view text, DecimalShape shape, bool* valid, Rounding rounding) {
  *valid = false;
  size_t i = 0;
  bool negative = false;
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) negative = text[i++] == '-';
  std::string digits;
  int64_t scale = 0;
  bool seen_digit = false;
  bool seen_point = false;
  for (; i < text.size(); ++i) {
    char c = text[i];
    if (c >= '0' && c <= '9') {
      seen_digit = true;
      if (!(digits.empty() && c == '0')) digits += c;
      if (seen_point) ++scale;
    } else if (c == '.' && !seen_point) {
      seen_point = true;
    } else {
      break;
    }
  }
  if (!seen_digit) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    int64_t exponent = 0;
    bool minus = false;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) minus = text[i++] == '-';
    if (i == text.size()) return std::nullopt;
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
      exponent = std::min<int64_t>(exponent * 10 + (text[i] - '0'), 1000000000);
    }
    scale -= minus ? -exponent : exponent;
  }
  if (i != text.size()) return std::nullopt;
  *valid = true;
  if (digits.empty()) return Int128{0};
  // Keep one digit more than 76 at most; further ones only matter as "not zero".
  constexpr size_t kKept = 70;
  bool sticky = false;
  if (digits.size() > kKept) {
    sticky = digits.find_first_not_of('0', kKept) != std::string::npos;
    scale -= static_cast<int64_t>(digits.size() - kKept);
    digits.resize(kKept);
  }
  int64_t magnitude = static_cast<int64_t>(digits.size()) - scale;  // digits before the point
  if (magnitude > shape.precision - shape.scale) return std::nullopt;
  if (magnitude < -shape.scale - 1) {
    bool away = (rounding == Rounding::kCeiling && !negative) || (rounding == Rounding::kFloor && negative);
    return away ? std::optional<Int128>(negative ? -1 : 1) : std::optional<Int128>(0);
  }
  Wide value;
  value.negative = negative;
  for (char c : digits) {
    ScaleUp(&value, 1);
    value.low += static_cast<UInt128>(c - '0');
    if (value.low < static_cast<UInt128>(c - '0')) ++value.high;
  }
  if (sticky) {
    ScaleUp(&value, 1);
    AddOne(&value);
    ++scale;
  }
  return Rescale(value, static_cast<int>(scale), shape.scale, shape.precision, rounding);
}

std::optional<Int128> DoubleToDecimal(double value, DecimalShape shape, Rounding rounding) {
  char buffer[32];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific);
  (void)error;
  bool valid = false;
  return ParseDecimal({buffer, static_cast<size_t>(end - buffer)}, shape, &valid, rounding);
}

double RoundDouble(double value, int scale, Rounding rounding) {
  if (!std::isfinite(value)) return value;
  if (value == 0) return 0.0;  // BigDecimal has no negative zero
  char buffer[32];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::scientific);
  (void)error;
  std::string_view text(buffer, static_cast<size_t>(end - buffer));
  // The digits reach down to 10^lowest; nothing to round above that.
  size_t e = text.find('e');
  int exponent = std::atoi(std::string(text.substr(e + 1)).c_str());
  int digits = static_cast<int>(e) - (text[0] == '-' ? 1 : 0) - (text.find('.') != std::string_view::npos ? 1 : 0);
  int lowest = exponent - digits + 1;
  if (-lowest <= scale) return value;
  if (int64_t{exponent} + 1 + scale < 0) {  // all digits are below half of the rounding unit
    return 0.0;
  }
  // At most 17 digits remain, so the rounded number has an integer of that size.
  bool negative = text[0] == '-';
  UInt128 number = 0;
  for (char c : text.substr(0, e)) {
    if (c >= '0' && c <= '9') number = number * 10 + static_cast<UInt128>(c - '0');
  }
  Wide wide;
  wide.low = number;
  wide.negative = negative;
  auto rounded = Rescale(wide, -lowest, scale, kMaxDecimalPrecision, rounding);
  if (!rounded) return value;
  if (*rounded == 0) return 0.0;
  std::string out = Digits(Magnitude(*rounded)) + "e" + std::to_string(-scale);
  double result = std::strtod(out.c_str(), nullptr);
  return negative ? -result : result;
}

}  // namespace deltic::engine::functions
