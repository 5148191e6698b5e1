// Decimal operators: spark_<operator>_decimal[_ansi|_try]. The result type follows Spark's precision rules; a result
// that does not fit is NULL (an error in ANSI mode). Operands are brought to 64 or 128 bits by DuckDB's own casts.
#include "engine/functions/decimal_vector.h"
#include "engine/functions/register.h"
#include "engine/functions/runtime_errors.h"
#include "engine/functions/vector_kernel.h"

namespace deltic::engine::functions {
namespace {

using duckdb::hugeint_t;
using duckdb::LogicalType;

enum class Op : uint8_t { kAdd, kSubtract, kMultiply, kDivide, kRemainder, kPmod, kIntDivide };
enum class Mode : uint8_t { kNull, kAnsi };

struct OperatorInfo : duckdb::ScalarFunctionInfo {
  OperatorInfo(Op o, Mode m) : op(o), mode(m) {}
  Op op;
  Mode mode;
};

struct Shapes {
  Op op;
  Mode mode;
  DecimalShape left, right, out;
};

DecimalOp RuleOf(Op op) {
  switch (op) {
    case Op::kAdd: return DecimalOp::kAdd;
    case Op::kSubtract: return DecimalOp::kSubtract;
    case Op::kMultiply: return DecimalOp::kMultiply;
    case Op::kDivide:
    case Op::kIntDivide: return DecimalOp::kDivide;
    default: return DecimalOp::kRemainder;
  }
}

// The exact digits an addition or product needs; when the result type has them all, nothing can overflow.
bool NeverOverflows(const Shapes& s) {
  if (s.op == Op::kMultiply) return s.left.precision + s.right.precision + 1 <= kMaxDecimalPrecision;
  if (s.op != Op::kAdd && s.op != Op::kSubtract) return false;
  int scale = std::max(s.left.scale, s.right.scale);
  return std::max(s.left.precision - s.left.scale, s.right.precision - s.right.scale) + scale + 1 <=
         kMaxDecimalPrecision;
}

[[noreturn]] void OutOfRange(Int128 a, const Shapes& s) {
  ThrowDecimalOutOfRange(DecimalToPlainString(a, s.left.scale), s.out.precision, s.out.scale);
}

std::optional<Int128> Pmod(Int128 a, Int128 b, const Shapes& s) {
  int scale = std::max(s.left.scale, s.right.scale);
  DecimalShape exact{kMaxDecimalPrecision, scale};
  auto rest = DecimalRemainder(a, s.left.scale, b, s.right.scale, exact);
  if (!rest || *rest >= 0) return rest ? Rescale(*rest, scale, s.out.scale, s.out.precision) : rest;
  auto sum = DecimalAdd(*rest, scale, b, s.right.scale, exact);
  if (!sum) return sum;
  return DecimalRemainder(*sum, scale, b, s.right.scale, s.out);
}

// Every operator but the ones that cannot overflow. nullopt: NULL.
std::optional<Int128> Checked(Int128 a, Int128 b, const Shapes& s) {
  std::optional<Int128> out;
  bool division = s.op >= Op::kDivide;
  if (division && b == 0) {
    if (s.mode == Mode::kAnsi) ThrowDivideByZero();
    return std::nullopt;
  }
  switch (s.op) {
    case Op::kAdd: out = DecimalAdd(a, s.left.scale, b, s.right.scale, s.out); break;
    case Op::kSubtract: out = DecimalAdd(a, s.left.scale, -b, s.right.scale, s.out); break;
    case Op::kMultiply: out = DecimalMultiply(a, s.left.scale, b, s.right.scale, s.out); break;
    case Op::kDivide: out = DecimalDivide(a, s.left.scale, b, s.right.scale, s.out); break;
    case Op::kRemainder: out = DecimalRemainder(a, s.left.scale, b, s.right.scale, s.out); break;
    case Op::kPmod: out = Pmod(a, b, s); break;
    case Op::kIntDivide: break;
  }
  if (!out && s.mode == Mode::kAnsi) OutOfRange(a, s);
  return out;
}

template <typename In, typename Out>
void RunExact(duckdb::DataChunk& args, duckdb::Vector& result, const Shapes& s) {
  if (s.op == Op::kMultiply) {
    duckdb::BinaryExecutor::Execute<In, In, Out>(args.data[0], args.data[1], result, args.size(), [](In a, In b) {
      return StoreDecimal<Out>(LoadDecimal(a) * LoadDecimal(b));
    });
    return;
  }
  // int64 factors keep 64-bit operands in 64-bit arithmetic when the result has 64 bits too.
  int scale = std::max(s.left.scale, s.right.scale);
  using Work = std::conditional_t<sizeof(In) <= 8 && sizeof(Out) <= 8, int64_t, Int128>;
  Work fa = static_cast<Work>(Pow10(scale - s.left.scale));
  Work fb = static_cast<Work>(Pow10(scale - s.right.scale));
  if (s.op == Op::kSubtract) fb = -fb;
  duckdb::BinaryExecutor::Execute<In, In, Out>(args.data[0], args.data[1], result, args.size(), [fa, fb](In a, In b) {
    return StoreDecimal<Out>(static_cast<Work>(LoadDecimal(a)) * fa + static_cast<Work>(LoadDecimal(b)) * fb);
  });
}

template <typename In, typename Out>
void RunChecked(duckdb::DataChunk& args, duckdb::Vector& result, const Shapes& s) {
  RunBinary<In, In, Out>(args.data[0], args.data[1], result, args.size(), [&s](In a, In b) -> std::optional<Out> {
    auto out = Checked(LoadDecimal(a), LoadDecimal(b), s);
    if (!out) return std::nullopt;
    return StoreDecimal<Out>(*out);
  });
}

template <typename In>
void RunIntDivide(duckdb::DataChunk& args, duckdb::Vector& result, const Shapes& s) {
  RunBinary<In, In, int64_t>(args.data[0], args.data[1], result, args.size(),
                             [&s](In a, In b) -> std::optional<int64_t> {
                               Int128 divisor = LoadDecimal(b);
                               if (divisor == 0) {
                                 if (s.mode == Mode::kAnsi) ThrowDivideByZero();
                                 return std::nullopt;
                               }
                               auto whole = DecimalDivide(LoadDecimal(a), s.left.scale, divisor, s.right.scale,
                                                          {kMaxDecimalPrecision, 0}, Rounding::kDown);
                               if (!whole) {
                                 if (s.mode == Mode::kAnsi) OutOfRange(LoadDecimal(a), s);
                                 return std::nullopt;
                               }
                               return static_cast<int64_t>(*whole);
                             });
}

template <typename In>
duckdb::scalar_function_t KernelFor(const Shapes& s) {
  if (s.op == Op::kIntDivide) {
    return [s](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
      RunIntDivide<In>(args, result, s);
    };
  }
  return WithPhysical(s.out.precision, [&](auto slot) -> duckdb::scalar_function_t {
    using Out = decltype(slot);
    bool exact = NeverOverflows(s);
    return [s, exact](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
      if (exact) {
        RunExact<In, Out>(args, result, s);
      } else {
        RunChecked<In, Out>(args, result, s);
      }
    };
  });
}

DecimalShape ArgumentShape(const LogicalType& type) {
  if (type.id() == duckdb::LogicalTypeId::DECIMAL) return ShapeOf(type);
  return {kMaxDecimalPrecision, 0};
}

duckdb::unique_ptr<duckdb::FunctionData> Bind(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                              duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& args) {
  const auto& info = function.GetExtraFunctionInfo().Cast<OperatorInfo>();
  Shapes s{info.op, info.mode, ArgumentShape(args[0]->return_type), ArgumentShape(args[1]->return_type), {}};
  s.out = DecimalResult(RuleOf(s.op), s.left, s.right);
  // Both operands in the same width class; the scale stays, and so does a type that has that width already.
  constexpr int kMinLongPrecision = 10;
  constexpr int kMaxLongPrecision = 18;
  bool narrow = s.left.precision <= kMaxLongPrecision && s.right.precision <= kMaxLongPrecision;
  auto widened = [narrow](DecimalShape shape) {
    if (shape.precision >= (narrow ? kMinLongPrecision : kMaxLongPrecision + 1)) return DecimalOf(shape);
    return DecimalOf({narrow ? kMaxLongPrecision : kMaxDecimalPrecision, shape.scale});
  };
  function.arguments = {widened(s.left), widened(s.right)};
  function.SetReturnType(s.op == Op::kIntDivide ? LogicalType::BIGINT : DecimalOf(s.out));
  function.SetFunctionCallback(narrow ? KernelFor<int64_t>(s) : KernelFor<hugeint_t>(s));
  if (s.mode == Mode::kAnsi) function.SetFallible();
  return nullptr;
}

void AddDecimalOperator(KernelSink& sink, const std::string& name, Op op, Mode mode) {
  LogicalType any_decimal(duckdb::LogicalTypeId::DECIMAL);
  duckdb::ScalarFunction function(name, {any_decimal, any_decimal}, LogicalType::ANY, nullptr, Bind);
  function.SetExtraFunctionInfo(duckdb::make_shared_ptr<OperatorInfo>(op, mode));
  sink.RegisterFunction(std::move(function));
}

// Unary minus and abs keep the type and cannot overflow it.
template <bool kAbs>
duckdb::unique_ptr<duckdb::FunctionData> BindSign(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                  duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& args) {
  LogicalType type = args[0]->return_type;
  function.arguments = {type};
  function.SetReturnType(type);
  function.SetFunctionCallback(WithPhysical(ArgumentShape(type).precision, [](auto slot) -> duckdb::scalar_function_t {
    using P = decltype(slot);
    return [](duckdb::DataChunk& chunk, duckdb::ExpressionState&, duckdb::Vector& result) {
      RunUnary<P, P>(chunk.data[0], result, chunk.size(), false, [](P v) {
        Int128 x = LoadDecimal(v);
        return StoreDecimal<P>(kAbs && x >= 0 ? x : -x);
      });
    };
  }));
  return nullptr;
}

}  // namespace

void RegisterDecimalArithmetic(duckdb::ExtensionLoader& loader) {
  constexpr std::pair<const char*, Op> kOperators[] = {
      {"add", Op::kAdd},
      {"subtract", Op::kSubtract},
      {"multiply", Op::kMultiply},
      {"divide", Op::kDivide},
      {"remainder", Op::kRemainder},
      {"pmod", Op::kPmod},
      {"int_divide", Op::kIntDivide},
  };
  for (const auto& [op_name, op] : kOperators) {
    std::string name = std::string("spark_") + op_name + "_decimal";
    AddDecimalOperator(loader, name, op, Mode::kNull);
    AddDecimalOperator(loader, name + "_try", op, Mode::kNull);
    AddDecimalOperator(loader, name + "_ansi", op, Mode::kAnsi);
  }
  LogicalType any_decimal(duckdb::LogicalTypeId::DECIMAL);
  for (const char* suffix : {"", "_ansi"}) {
    loader.RegisterFunction(duckdb::ScalarFunction(std::string("spark_negative_decimal") + suffix, {any_decimal},
                                                   LogicalType::ANY, nullptr, BindSign<false>));
    loader.RegisterFunction(duckdb::ScalarFunction(std::string("spark_abs_decimal") + suffix, {any_decimal},
                                                   LogicalType::ANY, nullptr, BindSign<true>));
  }
}

}  // namespace deltic::engine::functions
