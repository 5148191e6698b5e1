// Mathematical kernels: functions of doubles, rounding and number bases.
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/functions/decimal_vector.h"
#include "engine/functions/register.h"
#include "engine/functions/runtime_errors.h"
#include "engine/functions/throw.h"
#include "engine/functions/vector_kernel.h"

namespace deltic::engine::functions {

void RegisterRounding(duckdb::ExtensionLoader& loader);

namespace {

using Real = double (*)(double);

// NULL at and below `bound`.
template <typename F>
void AddLogarithm(KernelSink& sink, const char* name, double bound, F f) {
  AddUnary<double>(sink, name, false, [bound, f](double x) -> std::optional<double> {
    if (x <= bound) return std::nullopt;
    return f(x);
  });
}

// StrictMath's special cases of pow differ from C in pow(±1, ±∞) and pow(1, NaN): Java gives NaN.
double JavaPow(double base, double exponent) {
  if (std::isnan(exponent)) return exponent;
  if (std::isinf(exponent) && std::fabs(base) == 1) return std::numeric_limits<double>::quiet_NaN();
  return std::pow(base, exponent);
}

// StrictMath.exp: fdlibm's reduction to |r| <= ln2/2 and its rational approximation, so that results are Java's.
double JavaExp(double x) {
  constexpr double kLn2High = 6.93147180369123816490e-01;
  constexpr double kLn2Low = 1.90821492927058770002e-10;
  constexpr double kInvLn2 = 1.44269504088896338700e+00;
  constexpr double kP[] = {1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05,
                           -1.65339022054652515390e-06, 4.13813679705723846039e-08};
  if (!(std::fabs(x) < 700)) return std::exp(x);  // specials and the edges of the range
  if (std::fabs(x) < 0x1p-28) return 1.0 + x;
  double high = x;
  double low = 0;
  int k = 0;
  if (std::fabs(x) > 0.5 * std::numbers::ln2) {
    if (std::fabs(x) < 1.5 * std::numbers::ln2) {
      k = x > 0 ? 1 : -1;
    } else {
      k = static_cast<int>(kInvLn2 * x + (x < 0 ? -0.5 : 0.5));
    }
    high = x - k * kLn2High;
    low = k * kLn2Low;
  }
  double r = high - low;
  double t = r * r;
  double c = r - t * (kP[0] + t * (kP[1] + t * (kP[2] + t * (kP[3] + t * kP[4]))));
  if (k == 0) return 1.0 - ((r * c) / (c - 2.0) - r);
  double y = 1.0 - ((low - (r * c) / (2.0 - c)) - high);
  return std::ldexp(y, k);
}

// StrictMath.cosh.
double JavaCosh(double x) {
  double a = std::fabs(x);
  if (!(a < 700)) return std::cosh(x);
  if (a < 0.5 * std::numbers::ln2) {
    double t = std::expm1(a);
    double w = 1.0 + t;
    return a < 0x1p-55 ? w : 1.0 + (t * t) / (w + w);
  }
  double t = JavaExp(a);
  return a < 22 ? 0.5 * t + 0.5 / t : 0.5 * t;
}

double JavaSignum(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x; }

double Asinh(double x) {
  // Spark's own formula (StrictMath has no asinh).
  if (std::isinf(x) && x < 0) return x;
  return std::log(x + std::sqrt(x * x + 1.0));
}
double Acosh(double x) { return std::log(x + std::sqrt(x * x - 1.0)); }
double Atanh(double x) { return 0.5 * (std::log1p(x) - std::log1p(-x)); }

void AddReals(KernelSink& sink) {
  const std::pair<const char*, Real> kReals[] = {
      {"sqrt", [](double x) { return std::sqrt(x); }},
      {"cbrt", [](double x) { return static_cast<double>(std::cbrt(static_cast<long double>(x))); }},
      {"exp", JavaExp},
      {"expm1", [](double x) { return std::expm1(x); }},
      {"sin", [](double x) { return std::sin(x); }},
      {"cos", [](double x) { return std::cos(x); }},
      {"tan", [](double x) { return std::tan(x); }},
      {"cot", [](double x) { return 1.0 / std::tan(x); }},
      {"sec", [](double x) { return 1.0 / std::cos(x); }},
      {"csc", [](double x) { return 1.0 / std::sin(x); }},
      {"asin", [](double x) { return std::asin(x); }},
      {"acos", [](double x) { return std::acos(x); }},
      {"atan", [](double x) { return std::atan(x); }},
      {"sinh", [](double x) { return std::sinh(x); }},
      {"cosh", JavaCosh},
      {"tanh", [](double x) { return std::tanh(x); }},
      {"asinh", Asinh},
      {"acosh", Acosh},
      {"atanh", Atanh},
      {"degrees", [](double x) { return x * (180.0 / std::numbers::pi); }},
      {"radians", [](double x) { return x * (std::numbers::pi / 180.0); }},
      {"rint", [](double x) { return std::nearbyint(x); }},
      {"signum", JavaSignum},
  };
  for (const auto& [name, f] : kReals) AddUnary<double>(sink, std::string("spark_") + name, false, f);
  AddUnary<int64_t, double>(sink, "spark_signum_long", false, [](int64_t v) {
    return v > 0 ? 1.0 : v < 0 ? -1.0 : 0.0;
  });
  AddUnary<int32_t, double>(sink, "spark_signum_int", false, [](int32_t v) {
    return v > 0 ? 1.0 : v < 0 ? -1.0 : 0.0;
  });
  AddBinary<double>(sink, "spark_power", false, JavaPow);
  AddBinary<double>(sink, "spark_atan2", false, [](double y, double x) { return std::atan2(y + 0.0, x + 0.0); });
  AddBinary<double>(sink, "spark_hypot", false, [](double a, double b) { return std::hypot(a, b); });
  AddLogarithm(sink, "spark_ln", 0, [](double x) { return std::log(x); });
  AddLogarithm(sink, "spark_log10", 0, [](double x) { return std::log10(x); });
  AddLogarithm(sink, "spark_log2", 0, [](double x) { return std::log(x) / std::log(2.0); });
  AddLogarithm(sink, "spark_log1p", -1, [](double x) { return std::log1p(x); });
  AddBinary<double>(sink, "spark_log", false, [](double base, double x) -> std::optional<double> {
    if (base <= 0 || x <= 0) return std::nullopt;
    return std::log(x) / std::log(base);
  });
  AddUnary<int32_t, int64_t>(sink, "spark_factorial", false, [](int32_t n) -> std::optional<int64_t> {
    if (n < 0 || n > 20) return std::nullopt;
    int64_t out = 1;
    for (int i = 2; i <= n; ++i) out *= i;
    return out;
  });
}

// --- bases -----------------------------------------------------------------------------------------------

constexpr char kDigits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::string Digits(uint64_t v, unsigned base) {
  std::string out;
  do {
    out.insert(out.begin(), kDigits[v % base]);
    v /= base;
  } while (v != 0);
  return out;
}

std::string HexOf(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (unsigned char c : bytes) {
    out += kDigits[c >> 4];
    out += kDigits[c & 15];
  }
  return out;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// An odd number of digits has an implicit leading zero.
std::optional<BytesOut> Unhex(std::string_view text) {
  std::string out;
  size_t i = 0;
  if (text.size() % 2 == 1) {
    int digit = HexDigit(text[i++]);
    if (digit < 0) return std::nullopt;
    out += static_cast<char>(digit);
  }
  for (; i < text.size(); i += 2) {
    int high = HexDigit(text[i]);
    int low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
  }
  return BytesOut{out};
}

// Hive's conv: unsigned 64 bits; a negative target base gives a signed result; digits stop at the first bad one.
std::optional<std::string> Conv(std::string_view text, int32_t from, int32_t to, bool ansi) {
  constexpr int kMinBase = 2;
  constexpr int kMaxBase = 36;
  if (from < kMinBase || from > kMaxBase || std::abs(int64_t{to}) < kMinBase || std::abs(int64_t{to}) > kMaxBase) {
    return std::nullopt;
  }
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  bool negative = text[0] == '-';
  size_t i = negative ? 1 : 0;
  uint64_t value = 0;
  bool overflow = false;
  for (; i < text.size(); ++i) {
    char c = text[i];
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'A' && c <= 'Z' ? c - 'A' + 10
                : c >= 'a' && c <= 'z' ? c - 'a' + 10
                                       : -1;
    if (digit < 0 || digit >= from) break;
    if (__builtin_mul_overflow(value, static_cast<uint64_t>(from), &value) ||
        __builtin_add_overflow(value, static_cast<uint64_t>(digit), &value)) {
      overflow = true;
      break;
    }
  }
  if (overflow) {
    if (ansi) ThrowOverflow("Overflow in function conv()");
    value = std::numeric_limits<uint64_t>::max();
  }
  bool high = static_cast<int64_t>(value) < 0;  // beyond the signed range
  if (to > 0) {
    if (negative) value = high ? std::numeric_limits<uint64_t>::max() : uint64_t{0} - value;
    return Digits(value, static_cast<unsigned>(to));
  }
  bool minus = negative || high;
  if (high) value = uint64_t{0} - value;
  std::string out = Digits(value, static_cast<unsigned>(-to));
  return minus ? "-" + out : out;
}

std::optional<int64_t> WidthBucket(double value, double low, double high, int64_t buckets) {
  if (buckets <= 0 || buckets == std::numeric_limits<int64_t>::max() || std::isnan(value) || low == high ||
      !std::isfinite(low) || !std::isfinite(high)) {
    return std::nullopt;
  }
  double lower = std::min(low, high);
  double upper = std::max(low, high);
  if (low < high) {
    if (value < lower) return 0;
    if (value >= upper) return buckets + 1;
    return static_cast<int64_t>(static_cast<double>(buckets) * (value - lower) / (upper - lower)) + 1;
  }
  if (value > upper) return 0;
  if (value <= lower) return buckets + 1;
  return static_cast<int64_t>(static_cast<double>(buckets) * (upper - value) / (upper - lower)) + 1;
}

void AddBases(KernelSink& sink) {
  Add(sink, "spark_bin", [](int64_t v) { return Digits(static_cast<uint64_t>(v), 2); });
  Add(sink, "spark_hex_of_long", [](int64_t v) { return Digits(static_cast<uint64_t>(v), 16); });
  Add(sink, "spark_hex_of_string", [](std::string_view s) { return HexOf(s); });
  Add(sink, "spark_hex_of_binary", [](Bytes b) { return HexOf(b.v); });
  Add(sink, "spark_unhex", [](std::string_view text) { return Unhex(text); });
  Add(sink, "spark_conv", [](std::string_view text, int32_t from, int32_t to) { return Conv(text, from, to, false); });
  Add(sink, "spark_conv_ansi",
      [](std::string_view text, int32_t from, int32_t to) { return Conv(text, from, to, true); });
  Add(sink, "spark_width_bucket",
      [](double value, double low, double high, int64_t n) { return WidthBucket(value, low, high, n); });
  AddUnary<int64_t, double>(sink, "spark_interval_number", false, [](int64_t v) { return static_cast<double>(v); });
}

}  // namespace

void RegisterMathKernels(duckdb::ExtensionLoader& loader) {
  AddReals(loader);
  AddBases(loader);
  RegisterRounding(loader);
}

}  // namespace deltic::engine::functions
