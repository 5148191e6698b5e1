// Arithmetic and bitwise operators over numbers.
#include "spark/functions/arithmetic.h"

#include "spark/functions/coercion.h"

namespace deltic::spark::functions {

using engine::DecimalOp;
using engine::DecimalShape;

EvalMode ModeOf(const FunctionContext& context) { return context.ansi ? EvalMode::kAnsi : EvalMode::kLegacy; }

std::string_view TypeSuffix(const DataType& type) {
  switch (type.id()) {
    case TypeId::kByte: return "byte";
    case TypeId::kShort: return "short";
    case TypeId::kInteger: return "int";
    case TypeId::kLong: return "long";
    case TypeId::kFloat: return "float";
    case TypeId::kDouble: return "double";
    case TypeId::kDecimal: return "decimal";
    default: return "";
  }
}

Status BinaryOperatorMismatch(const FunctionCall& call, const DataType& left, const DataType& right,
                              std::string_view accepted) {
  std::string sql = "\"" + CallSql(call) + "\"";
  if (!left.SameType(right)) {
    return Error("DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES",
                 {{"sqlExpr", sql}, {"left", "\"" + left.Sql() + "\""}, {"right", "\"" + right.Sql() + "\""}});
  }
  return Error("DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE",
               {{"sqlExpr", sql}, {"inputType", std::string(accepted)}, {"actualDataType", "\"" + left.Sql() + "\""}});
}

namespace {

constexpr std::string_view kNumericOrInterval =
    "(\"NUMERIC\" or \"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL\")";

std::string ModeSuffix(EvalMode mode) {
  return mode == EvalMode::kAnsi ? "_ansi" : mode == EvalMode::kTry ? "_try" : "";
}

std::string KernelName(std::string_view op, const DataType& type, EvalMode mode) {
  return "spark_" + std::string(op) + "_" + std::string(TypeSuffix(type)) + ModeSuffix(mode);
}

struct Operands {
  ExprPtr left, right;
};

// A string beside a number: a double, or in ANSI mode what the number asks for.
ExprPtr StringOperand(const ExprPtr& expr, const DataType& other, const FunctionContext& context) {
  if (!expr->type.IsString()) return expr;
  if (context.ansi && other.IsIntegral()) return CastTo(expr, TypeId::kLong, context);
  return CastTo(expr, TypeId::kDouble, context);
}

// Both sides as numbers of one type, or both decimals of any shape.
Result<Operands> NumericOperands(const FunctionCall& call, const FunctionContext& context, std::string_view accepted) {
  ExprPtr l = call.args[0];
  ExprPtr r = call.args[1];
  if (context.ansi && l->type.IsString() && r->type.IsString()) {
    return BinaryOperatorMismatch(call, l->type, r->type, accepted);
  }
  DataType left_type = l->type;
  l = StringOperand(l, r->type, context);
  r = StringOperand(r, left_type, context);
  if (l->type.Is(TypeId::kNull) && r->type.Is(TypeId::kNull)) {
    return Operands{CastTo(l, TypeId::kDouble, context), CastTo(r, TypeId::kDouble, context)};
  }
  bool decimal_left = l->type.Is(TypeId::kDecimal);
  bool decimal_right = r->type.Is(TypeId::kDecimal);
  if (decimal_left && decimal_right) return Operands{l, r};
  if (decimal_left && r->type.IsIntegral()) return Operands{l, CastTo(r, DecimalForOperand(r), context)};
  if (decimal_right && l->type.IsIntegral()) return Operands{CastTo(l, DecimalForOperand(l), context), r};
  if ((decimal_left && r->type.IsFractional()) || (decimal_right && l->type.IsFractional())) {
    return Operands{CastTo(l, TypeId::kDouble, context), CastTo(r, TypeId::kDouble, context)};
  }
  auto common = TightestCommonType(l->type, r->type, context.ansi);
  if (!common || !common->IsNumeric()) return BinaryOperatorMismatch(call, l->type, r->type, accepted);
  return Operands{CastTo(l, *common, context), CastTo(r, *common, context)};
}

ExprPtr Operate(std::string_view op, DecimalOp decimal_op, const Operands& in, EvalMode mode, bool may_be_null) {
  DataType type = in.left->type;
  bool nullable = may_be_null || in.left->nullable || in.right->nullable || mode == EvalMode::kTry;
  if (type.Is(TypeId::kDecimal)) {
    DecimalShape shape = DecimalResult(decimal_op, {type.precision(), type.scale()},
                                       {in.right->type.precision(), in.right->type.scale()});
    type = DataType::Decimal(shape.precision, shape.scale);
    nullable = nullable || mode != EvalMode::kAnsi;
  }
  return engine::MakeCall(KernelName(op, in.left->type, mode), {in.left, in.right}, std::move(type), nullable, true);
}

Result<ExprPtr> AddWith(const FunctionCall& call, const FunctionContext& context, EvalMode mode) {
  ASSIGN_OR_RETURN(auto special, DatetimeAddition(call, false, mode, context));
  if (special) return *special;
  ASSIGN_OR_RETURN(Operands in, NumericOperands(call, context, kNumericOrInterval));
  return Operate("add", DecimalOp::kAdd, in, mode, false);
}

Result<ExprPtr> SubtractWith(const FunctionCall& call, const FunctionContext& context, EvalMode mode) {
  ASSIGN_OR_RETURN(auto special, DatetimeAddition(call, true, mode, context));
  if (special) return *special;
  ASSIGN_OR_RETURN(Operands in, NumericOperands(call, context, kNumericOrInterval));
  return Operate("subtract", DecimalOp::kSubtract, in, mode, false);
}

Result<ExprPtr> MultiplyWith(const FunctionCall& call, const FunctionContext& context, EvalMode mode) {
  ASSIGN_OR_RETURN(auto special, IntervalScaling(call, false, mode, context));
  if (special) return *special;
  ASSIGN_OR_RETURN(Operands in, NumericOperands(call, context, "\"NUMERIC\""));
  return Operate("multiply", DecimalOp::kMultiply, in, mode, false);
}

Result<ExprPtr> DivideWith(const FunctionCall& call, const FunctionContext& context, EvalMode mode) {
  ASSIGN_OR_RETURN(auto special, IntervalScaling(call, true, mode, context));
  if (special) return *special;
  ASSIGN_OR_RETURN(Operands in, NumericOperands(call, context, "(\"DOUBLE\" or \"DECIMAL\")"));
  if (!in.left->type.Is(TypeId::kDecimal)) {
    in = {CastTo(in.left, TypeId::kDouble, context), CastTo(in.right, TypeId::kDouble, context)};
  }
  return Operate("divide", DecimalOp::kDivide, in, mode, true);
}

Result<ExprPtr> Add(const FunctionCall& call, const FunctionContext& context) {
  if (call.args.size() == 1) return CoerceArg(call, 0, call.args[0]->type, context);
  return AddWith(call, context, ModeOf(context));
}
Result<ExprPtr> Multiply(const FunctionCall& call, const FunctionContext& context) {
  return MultiplyWith(call, context, ModeOf(context));
}
Result<ExprPtr> Divide(const FunctionCall& call, const FunctionContext& context) {
  return DivideWith(call, context, ModeOf(context));
}
Result<ExprPtr> TryAdd(const FunctionCall& call, const FunctionContext& context) {
  return AddWith(call, context, EvalMode::kTry);
}
Result<ExprPtr> TrySubtract(const FunctionCall& call, const FunctionContext& context) {
  return SubtractWith(call, context, EvalMode::kTry);
}
Result<ExprPtr> TryMultiply(const FunctionCall& call, const FunctionContext& context) {
  return MultiplyWith(call, context, EvalMode::kTry);
}
Result<ExprPtr> TryDivide(const FunctionCall& call, const FunctionContext& context) {
  return DivideWith(call, context, EvalMode::kTry);
}

Result<ExprPtr> Remainder(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(Operands in, NumericOperands(call, context, "\"NUMERIC\""));
  return Operate("remainder", DecimalOp::kRemainder, in, ModeOf(context), true);
}

Result<ExprPtr> Pmod(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(Operands in, NumericOperands(call, context, "\"NUMERIC\""));
  return Operate("pmod", DecimalOp::kRemainder, in, ModeOf(context), true);
}

Result<ExprPtr> IntegralDivide(const FunctionCall& call, const FunctionContext& context) {
  constexpr std::string_view kAccepted =
      "(\"BIGINT\" or \"DECIMAL\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL DAY TO SECOND\")";
  const DataType& lt = call.args[0]->type;
  const DataType& rt = call.args[1]->type;
  EvalMode mode = ModeOf(context);
  if (lt.id() == rt.id() && (lt.Is(TypeId::kDayTimeInterval) || lt.Is(TypeId::kYearMonthInterval))) {
    std::vector<ExprPtr> args = call.args;
    std::string name = lt.Is(TypeId::kDayTimeInterval) ? "spark_int_divide_long" : "spark_int_divide_month";
    return engine::MakeCall(name + ModeSuffix(mode), std::move(args), TypeId::kLong, true, true);
  }
  ASSIGN_OR_RETURN(Operands in, NumericOperands(call, context, kAccepted));
  if (in.left->type.IsFractional()) return BinaryOperatorMismatch(call, in.left->type, in.right->type, kAccepted);
  if (in.left->type.IsIntegral()) {
    in = {CastTo(in.left, TypeId::kLong, context), CastTo(in.right, TypeId::kLong, context)};
  }
  return engine::MakeCall(KernelName("int_divide", in.left->type, mode), {in.left, in.right}, TypeId::kLong, true,
                          true);
}

// The one argument of a unary operator as a number or interval.
Result<ExprPtr> UnaryOperand(const FunctionCall& call, const FunctionContext& context) {
  const ExprPtr& arg = call.args[0];
  if (arg->type.IsNumeric() || arg->type.IsInterval()) return arg;
  if (arg->type.IsString() || arg->type.Is(TypeId::kNull)) return CastTo(arg, TypeId::kDouble, context);
  return UnexpectedInputType(call, 0, std::string(kNumericOrInterval));
}

ExprPtr Unary(std::string_view op, const ExprPtr& arg, EvalMode mode) {
  std::string name = "spark_" + std::string(op) + "_";
  if (arg->type.Is(TypeId::kDayTimeInterval)) {
    name += "long_ansi";  // interval arithmetic is exact in every mode
  } else if (arg->type.Is(TypeId::kYearMonthInterval)) {
    name += "int_ansi";
  } else if (arg->type.Is(TypeId::kCalendarInterval)) {
    name += "interval";
  } else {
    name += std::string(TypeSuffix(arg->type)) + ModeSuffix(mode);
  }
  return engine::MakeCall(std::move(name), {arg}, arg->type, arg->nullable, true);
}

Result<ExprPtr> Negative(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr arg, UnaryOperand(call, context));
  if (engine::IsLiteral(arg) && arg->type.IsNumeric()) {
    const auto& value = arg->As<engine::Literal>().value;
    if (const auto* d = std::get_if<double>(&value.v)) {
      return ExprPtr(std::make_shared<engine::Literal>(engine::Value{-*d}, arg->type));
    }
    if (const auto* d = std::get_if<engine::Int128>(&value.v)) {
      return ExprPtr(std::make_shared<engine::Literal>(engine::Value{-*d}, arg->type));
    }
    const auto* i = std::get_if<int64_t>(&value.v);
    if (i != nullptr && arg->type.id() >= TypeId::kInteger && *i != INT64_MIN && *i != INT32_MIN) {
      return ExprPtr(std::make_shared<engine::Literal>(engine::Value{-*i}, arg->type));
    }
  }
  return Unary("negative", arg, ModeOf(context));
}

Result<ExprPtr> Subtract(const FunctionCall& call, const FunctionContext& context) {
  if (call.args.size() == 1) return Negative(call, context);
  return SubtractWith(call, context, ModeOf(context));
}

Result<ExprPtr> Positive(const FunctionCall& call, const FunctionContext& context) {
  return UnaryOperand(call, context);
}

Result<ExprPtr> Abs(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr arg, UnaryOperand(call, context));
  if (arg->type.Is(TypeId::kCalendarInterval)) return UnexpectedInputType(call, 0, std::string(kNumericOrInterval));
  return Unary("abs", arg, ModeOf(context));
}

// --- bits --------------------------------------------------------------------------------------------

Result<ExprPtr> Bitwise(const FunctionCall& call, const FunctionContext& context, std::string_view op) {
  ExprPtr l = call.args[0];
  ExprPtr r = call.args[1];
  DataType left_type = l->type;
  l = StringOperand(l, r->type, context);
  r = StringOperand(r, left_type, context);
  auto common = TightestCommonType(l->type, r->type, context.ansi);
  if (!common) return BinaryOperatorMismatch(call, l->type, r->type, "\"INTEGRAL\"");
  if (common->Is(TypeId::kNull)) common = TypeId::kInteger;
  if (!common->IsIntegral()) return BinaryOperatorMismatch(call, l->type, r->type, "\"INTEGRAL\"");
  std::vector<ExprPtr> args{CastTo(l, *common, context), CastTo(r, *common, context)};
  bool nullable = AnyNullable(args);
  return engine::MakeCall("spark_" + std::string(op) + "_" + std::string(TypeSuffix(*common)), std::move(args), *common,
                          nullable, true);
}

Result<ExprPtr> BitAnd(const FunctionCall& call, const FunctionContext& context) {
  return Bitwise(call, context, "bit_and");
}
Result<ExprPtr> BitOr(const FunctionCall& call, const FunctionContext& context) {
  return Bitwise(call, context, "bit_or");
}
Result<ExprPtr> BitXor(const FunctionCall& call, const FunctionContext& context) {
  return Bitwise(call, context, "bit_xor");
}

Result<ExprPtr> BitNot(const FunctionCall& call, const FunctionContext& context) {
  ExprPtr arg = call.args[0];
  if (arg->type.Is(TypeId::kNull)) arg = CastTo(arg, TypeId::kInteger, context);
  if (!arg->type.IsIntegral()) return UnexpectedInputType(call, 0, "\"INTEGRAL\"");
  return engine::MakeCall("spark_bit_not_" + std::string(TypeSuffix(arg->type)), {arg}, arg->type, arg->nullable, true);
}

Result<ExprPtr> Shift(const FunctionCall& call, const FunctionContext& context, std::string_view op) {
  ExprPtr value = call.args[0];
  if (!value->type.Is(TypeId::kLong)) {
    ASSIGN_OR_RETURN(value, CoerceArg(call, 0, TypeId::kInteger, context));
  }
  ASSIGN_OR_RETURN(ExprPtr by, CoerceArg(call, 1, TypeId::kInteger, context));
  std::vector<ExprPtr> args{value, by};
  bool nullable = AnyNullable(args);
  return engine::MakeCall("spark_" + std::string(op) + "_" + std::string(TypeSuffix(value->type)), std::move(args),
                          value->type, nullable, true);
}

Result<ExprPtr> ShiftLeft(const FunctionCall& call, const FunctionContext& context) {
  return Shift(call, context, "shift_left");
}
Result<ExprPtr> ShiftRight(const FunctionCall& call, const FunctionContext& context) {
  return Shift(call, context, "shift_right");
}
Result<ExprPtr> ShiftRightUnsigned(const FunctionCall& call, const FunctionContext& context) {
  return Shift(call, context, "shift_right_unsigned");
}

Result<ExprPtr> BitCount(const FunctionCall& call, const FunctionContext& context) {
  ExprPtr arg = call.args[0];
  if (arg->type.Is(TypeId::kNull)) arg = CastTo(arg, TypeId::kInteger, context);
  if (!arg->type.IsIntegral() && !arg->type.Is(TypeId::kBoolean)) {
    return UnexpectedInputType(call, 0, "(\"INTEGRAL\" or \"BOOLEAN\")");
  }
  // Java counts the bits of the value sign-extended to a long.
  return StrictCall("spark_bit_count", {CastTo(arg, TypeId::kLong, context)}, TypeId::kInteger);
}

Result<ExprPtr> GetBit(const FunctionCall& call, const FunctionContext& context) {
  ExprPtr arg = call.args[0];
  if (arg->type.Is(TypeId::kNull)) arg = CastTo(arg, TypeId::kInteger, context);
  if (!arg->type.IsIntegral()) return UnexpectedInputType(call, 0, "\"INTEGRAL\"");
  ASSIGN_OR_RETURN(ExprPtr position, CoerceArg(call, 1, TypeId::kInteger, context));
  int bits = arg->type.Is(TypeId::kByte)      ? 8
             : arg->type.Is(TypeId::kShort)   ? 16
             : arg->type.Is(TypeId::kInteger) ? 32
                                              : 64;
  return StrictCall("spark_getbit", {CastTo(arg, TypeId::kLong, context), position, engine::MakeInt(bits)},
                    TypeId::kByte);
}

}  // namespace

std::span<const FunctionRow> ArithmeticFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Scalar("+", {}, 1, 2, Add, "1.0.0", "expr1 + expr2: the sum."),
      Scalar("-", {}, 1, 2, Subtract, "1.0.0", "expr1 - expr2: the difference."),
      Scalar("*", {}, 2, 2, Multiply, "1.0.0", "expr1 * expr2: the product."),
      Scalar("/", {}, 2, 2, Divide, "1.0.0", "expr1 / expr2: the floating point or decimal quotient."),
      Scalar("%", {"mod"}, 2, 2, Remainder, "1.0.0", "expr1 % expr2: the remainder, with the sign of expr1."),
      Scalar("div", {}, 2, 2, IntegralDivide, "3.0.0", "expr1 div expr2: the integral part of the quotient."),
      Scalar("pmod", {}, 2, 2, Pmod, "1.5.0", "The positive remainder of expr1 / expr2."),
      Scalar("negative", {}, 1, 1, Negative, "1.0.0", "The negated value."),
      Scalar("positive", {}, 1, 1, Positive, "1.5.0", "The value itself."),
      Scalar("abs", {}, 1, 1, Abs, "1.2.0", "The absolute value."),
      Scalar("try_add", {}, 2, 2, TryAdd, "3.2.0", "The sum, NULL on overflow."),
      Scalar("try_subtract", {}, 2, 2, TrySubtract, "3.3.0", "The difference, NULL on overflow."),
      Scalar("try_multiply", {}, 2, 2, TryMultiply, "3.3.0", "The product, NULL on overflow."),
      Scalar("try_divide", {}, 2, 2, TryDivide, "3.2.0", "The quotient, NULL when dividing by zero."),
      Scalar("&", {}, 2, 2, BitAnd, "1.4.0", "Bitwise and."),
      Scalar("|", {}, 2, 2, BitOr, "1.4.0", "Bitwise or."),
      Scalar("^", {}, 2, 2, BitXor, "1.4.0", "Bitwise exclusive or."),
      Scalar("~", {}, 1, 1, BitNot, "1.4.0", "Bitwise not."),
      Scalar("shiftleft", {"<<"}, 2, 2, ShiftLeft, "1.5.0", "Bitwise left shift."),
      Scalar("shiftright", {">>"}, 2, 2, ShiftRight, "1.5.0", "Bitwise (signed) right shift."),
      Scalar("shiftrightunsigned", {">>>"}, 2, 2, ShiftRightUnsigned, "1.5.0", "Bitwise unsigned right shift."),
      Scalar("bit_count", {}, 1, 1, BitCount, "3.0.0", "The number of bits that are set."),
      Scalar("getbit", {"bit_get"}, 2, 2, GetBit, "3.2.0", "The bit (0 or 1) at a position from the right."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
