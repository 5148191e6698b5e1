// Operators over integers and floating point numbers, one kernel per operator, type and mode:
// spark_<operator>_<type>[_ansi|_try]. Without a suffix integers wrap and division by zero is NULL.
#include <bit>
#include <cmath>
#include <limits>

#include "engine/functions/register.h"
#include "engine/functions/runtime_errors.h"
#include "engine/functions/throw.h"
#include "engine/functions/vector_kernel.h"

namespace deltic::engine::functions {

void RegisterDecimalArithmetic(duckdb::ExtensionLoader& loader);
void RegisterIntervalArithmetic(duckdb::ExtensionLoader& loader);

namespace {

template <typename T>
constexpr const char* kTypeName = nullptr;
template <>
constexpr const char* kTypeName<int8_t> = "byte";
template <>
constexpr const char* kTypeName<int16_t> = "short";
template <>
constexpr const char* kTypeName<int32_t> = "int";
template <>
constexpr const char* kTypeName<int64_t> = "long";
template <>
constexpr const char* kTypeName<float> = "float";
template <>
constexpr const char* kTypeName<double> = "double";

struct AddOp {
  static constexpr const char* kName = "add";
  static constexpr const char* kSymbol = "+";
  template <typename T>
  static bool Overflows(T a, T b, T* out) {
    return __builtin_add_overflow(a, b, out);
  }
  template <typename T>
  static T Wrap(T a, T b) {
    return static_cast<T>(static_cast<std::make_unsigned_t<T>>(a) + static_cast<std::make_unsigned_t<T>>(b));
  }
  template <typename T>
  static T Real(T a, T b) {
    return a + b;
  }
};
struct SubtractOp {
  static constexpr const char* kName = "subtract";
  static constexpr const char* kSymbol = "-";
  template <typename T>
  static bool Overflows(T a, T b, T* out) {
    return __builtin_sub_overflow(a, b, out);
  }
  template <typename T>
  static T Wrap(T a, T b) {
    return static_cast<T>(static_cast<std::make_unsigned_t<T>>(a) - static_cast<std::make_unsigned_t<T>>(b));
  }
  template <typename T>
  static T Real(T a, T b) {
    return a - b;
  }
};
struct MultiplyOp {
  static constexpr const char* kName = "multiply";
  static constexpr const char* kSymbol = "*";
  template <typename T>
  static bool Overflows(T a, T b, T* out) {
    return __builtin_mul_overflow(a, b, out);
  }
  template <typename T>
  static T Wrap(T a, T b) {
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  }
  template <typename T>
  static T Real(T a, T b) {
    return a * b;
  }
};

template <typename T>
[[noreturn]] void ThrowIntegerOverflow(T a, T b, const char* op, const char* symbol) {
  if constexpr (sizeof(T) <= 2) {
    const char* tag = sizeof(T) == 1 ? "Y" : "S";
    ThrowBinaryOverflow(std::to_string(a) + tag, symbol, std::to_string(b) + tag);
  } else {
    ThrowOverflow(sizeof(T) == 4 ? "integer" : "long", "try_" + std::string(op));
  }
}

template <typename Op, typename T>
void AddIntegerOperator(KernelSink& sink) {
  std::string name = std::string("spark_") + Op::kName + "_" + kTypeName<T>;
  AddBinary<T>(sink, name, false, [](T a, T b) { return Op::Wrap(a, b); });
  AddBinary<T>(sink, name + "_ansi", true, [](T a, T b) {
    T out;
    if (Op::Overflows(a, b, &out)) ThrowIntegerOverflow(a, b, Op::kName, Op::kSymbol);
    return out;
  });
  AddBinary<T>(sink, name + "_try", false, [](T a, T b) -> std::optional<T> {
    T out;
    if (Op::Overflows(a, b, &out)) return std::nullopt;
    return out;
  });
}

template <typename Op, typename T>
void AddRealOperator(KernelSink& sink) {
  std::string name = std::string("spark_") + Op::kName + "_" + kTypeName<T>;
  for (const char* suffix : {"", "_ansi", "_try"}) {
    AddBinary<T>(sink, name + suffix, false, [](T a, T b) { return Op::Real(a, b); });
  }
}

template <typename Op>
void AddOperator(KernelSink& sink) {
  AddIntegerOperator<Op, int8_t>(sink);
  AddIntegerOperator<Op, int16_t>(sink);
  AddIntegerOperator<Op, int32_t>(sink);
  AddIntegerOperator<Op, int64_t>(sink);
  AddRealOperator<Op, float>(sink);
  AddRealOperator<Op, double>(sink);
}

// --- division ------------------------------------------------------------------------------------------

template <typename T>
T RemainderOf(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::fmod(a, b);
  } else {
    return b == -1 ? T{0} : static_cast<T>(a % b);
  }
}

template <typename T>
T PmodOf(T a, T b) {
  T r = RemainderOf(a, b);
  if (!(r < 0)) return r;
  if constexpr (std::is_floating_point_v<T>) {
    return std::fmod(r + b, b);
  } else {
    // The sum may leave T, as it does in Spark, before the second remainder.
    return RemainderOf(AddOp::Wrap(r, b), b);
  }
}

// f(a, b) for b other than zero, under three names.
template <typename T, typename R, typename F>
void AddDivision(KernelSink& sink, const std::string& op, F f) {
  std::string name = "spark_" + op + "_" + kTypeName<T>;
  for (const char* suffix : {"", "_try"}) {
    AddBinary<T, T, R>(sink, name + suffix, false, [f](T a, T b) -> std::optional<R> {
      if (b == 0) return std::nullopt;
      return f(a, b);
    });
  }
  AddBinary<T, T, R>(sink, name + "_ansi", true, [f](T a, T b) -> R {
    if (b == 0) ThrowDivideByZero();
    return f(a, b);
  });
}

template <typename T>
void AddRemainders(KernelSink& sink) {
  AddDivision<T, T>(sink, "remainder", [](T a, T b) { return RemainderOf(a, b); });
  AddDivision<T, T>(sink, "pmod", [](T a, T b) { return PmodOf(a, b); });
}

void AddDivisions(KernelSink& sink) {
  AddDivision<double, double>(sink, "divide", [](double a, double b) { return a / b; });
  AddRemainders<int8_t>(sink);
  AddRemainders<int16_t>(sink);
  AddRemainders<int32_t>(sink);
  AddRemainders<int64_t>(sink);
  AddRemainders<float>(sink);
  AddRemainders<double>(sink);
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  AddBinary<int64_t>(sink, "spark_int_divide_long", false, [](int64_t a, int64_t b) -> std::optional<int64_t> {
    if (b == 0) return std::nullopt;
    return b == -1 ? SubtractOp::Wrap(int64_t{0}, a) : a / b;
  });
  AddBinary<int64_t>(sink, "spark_int_divide_long_ansi", true, [](int64_t a, int64_t b) -> int64_t {
    if (b == 0) ThrowDivideByZero();
    if (a == kMin && b == -1) ThrowOverflow("Overflow in integral divide. Overflow", "try_divide");
    return a / b;
  });
  AddBinary<int32_t, int32_t, int64_t>(sink, "spark_int_divide_month", false,
                                       [](int32_t a, int32_t b) -> std::optional<int64_t> {
                                         if (b == 0) return std::nullopt;
                                         return int64_t{a} / b;
                                       });
  AddBinary<int32_t, int32_t, int64_t>(sink, "spark_int_divide_month_ansi", true, [](int32_t a, int32_t b) -> int64_t {
    if (b == 0) ThrowDivideByZero();
    return int64_t{a} / b;
  });
}

// --- signs and bits ------------------------------------------------------------------------------------

template <typename T>
void AddSigns(KernelSink& sink) {
  std::string type = kTypeName<T>;
  if constexpr (std::is_floating_point_v<T>) {
    for (const char* suffix : {"", "_ansi"}) {
      AddUnary<T>(sink, "spark_negative_" + type + suffix, false, [](T a) { return -a; });
      AddUnary<T>(sink, "spark_abs_" + type + suffix, false, [](T a) { return std::fabs(a); });
    }
  } else {
    auto negate = [](T a) { return SubtractOp::Wrap(T{0}, a); };
    auto negate_exact = [](T a) {
      T out;
      if (SubtractOp::Overflows(T{0}, a, &out)) {
        if constexpr (sizeof(T) <= 2) ThrowBinaryOverflow("", "-", std::to_string(a));
        ThrowOverflow(sizeof(T) == 4 ? "integer" : "long");
      }
      return out;
    };
    AddUnary<T>(sink, "spark_negative_" + type, false, negate);
    AddUnary<T>(sink, "spark_negative_" + type + "_ansi", true, negate_exact);
    AddUnary<T>(sink, "spark_abs_" + type, false, [negate](T a) { return a < 0 ? negate(a) : a; });
    AddUnary<T>(sink, "spark_abs_" + type + "_ansi", true, [negate_exact](T a) { return a < 0 ? negate_exact(a) : a; });
  }
}

template <typename T>
void AddBits(KernelSink& sink) {
  std::string type = kTypeName<T>;
  AddBinary<T>(sink, "spark_bit_and_" + type, false, [](T a, T b) { return static_cast<T>(a & b); });
  AddBinary<T>(sink, "spark_bit_or_" + type, false, [](T a, T b) { return static_cast<T>(a | b); });
  AddBinary<T>(sink, "spark_bit_xor_" + type, false, [](T a, T b) { return static_cast<T>(a ^ b); });
  AddUnary<T>(sink, "spark_bit_not_" + type, false, [](T a) { return static_cast<T>(~a); });
}

template <typename T>
void AddShifts(KernelSink& sink) {
  using U = std::make_unsigned_t<T>;
  constexpr int32_t kMask = sizeof(T) * 8 - 1;  // Java uses the low bits of the distance
  std::string type = kTypeName<T>;
  AddBinary<T, int32_t, T>(sink, "spark_shift_left_" + type, false,
                           [](T a, int32_t n) { return static_cast<T>(static_cast<U>(a) << (n & kMask)); });
  AddBinary<T, int32_t, T>(sink, "spark_shift_right_" + type, false,
                           [](T a, int32_t n) { return static_cast<T>(a >> (n & kMask)); });
  AddBinary<T, int32_t, T>(sink, "spark_shift_right_unsigned_" + type, false,
                           [](T a, int32_t n) { return static_cast<T>(static_cast<U>(a) >> (n & kMask)); });
}

void AddBitFunctions(KernelSink& sink) {
  AddBits<int8_t>(sink);
  AddBits<int16_t>(sink);
  AddBits<int32_t>(sink);
  AddBits<int64_t>(sink);
  AddShifts<int32_t>(sink);
  AddShifts<int64_t>(sink);
  AddUnary<int64_t, int32_t>(sink, "spark_bit_count", false,
                             [](int64_t a) { return static_cast<int32_t>(std::popcount(static_cast<uint64_t>(a))); });
  Add(sink, "spark_getbit", [](int64_t value, int32_t position, int32_t bits) -> int8_t {
    if (position < 0 || position >= bits) {
      std::string problem = position < 0 ? "cannot be negative" : "exceeds the bit upper limit";
      ThrowStatus(Error("INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE",
                        {{"functionName", "`getbit`"},
                         {"parameter", "`pos`"},
                         {"upper", std::to_string(bits)},
                         {"invalidValue", std::to_string(position)}},
                        "Invalid bit position: " + std::to_string(position) + " " + problem));
    }
    return static_cast<int8_t>((value >> position) & 1);
  });
}

}  // namespace

void RegisterArithmeticKernels(duckdb::ExtensionLoader& loader) {
  AddOperator<AddOp>(loader);
  AddOperator<SubtractOp>(loader);
  AddOperator<MultiplyOp>(loader);
  AddDivisions(loader);
  AddSigns<int8_t>(loader);
  AddSigns<int16_t>(loader);
  AddSigns<int32_t>(loader);
  AddSigns<int64_t>(loader);
  AddSigns<float>(loader);
  AddSigns<double>(loader);
  AddBitFunctions(loader);
  RegisterDecimalArithmetic(loader);
  RegisterIntervalArithmetic(loader);
}

}  // namespace deltic::engine::functions
