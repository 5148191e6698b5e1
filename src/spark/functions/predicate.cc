// Comparison, logic and NULL tests.
#include <algorithm>

#include "spark/functions/coercion.h"
#include "spark/functions/families.h"

namespace deltic::spark::functions {
namespace {

// Spark types an integral literal beside a decimal by its digits, a cast that might overflow; beside a decimal literal
// an inequality is one of integers.
bool MayBeNullForLiteral(const ExprPtr& a, const ExprPtr& b, std::string_view op) {
  const bool literal = engine::IsLiteral(a) && a->type.IsIntegral() && b->type.Is(TypeId::kDecimal);
  return literal && (op == "=" || op == "<>" || !engine::IsLiteral(b));
}

Result<ExprPtr> Compare(const FunctionCall& call, const FunctionContext& context, std::string_view op) {
  ExprPtr l = call.args[0];
  ExprPtr r = call.args[1];
  std::string_view shown = op == "<>" ? "=" : op;
  RETURN_IF_ERROR(CoerceComparison(&l, &r, shown, context));
  bool nullable = op != "<=>" && (l->nullable || r->nullable || MayBeNullForLiteral(call.args[0], call.args[1], op) ||
                                  MayBeNullForLiteral(call.args[1], call.args[0], op));
  return engine::MakeCall(std::string(op), {std::move(l), std::move(r)}, TypeId::kBoolean, nullable, true);
}

Result<ExprPtr> Equal(const FunctionCall& call, const FunctionContext& context) { return Compare(call, context, "="); }
Result<ExprPtr> NotEqual(const FunctionCall& call, const FunctionContext& context) {
  return Compare(call, context, "<>");
}
Result<ExprPtr> Less(const FunctionCall& call, const FunctionContext& context) { return Compare(call, context, "<"); }
Result<ExprPtr> LessOrEqual(const FunctionCall& call, const FunctionContext& context) {
  return Compare(call, context, "<=");
}
Result<ExprPtr> Greater(const FunctionCall& call, const FunctionContext& context) {
  return Compare(call, context, ">");
}
Result<ExprPtr> GreaterOrEqual(const FunctionCall& call, const FunctionContext& context) {
  return Compare(call, context, ">=");
}
Result<ExprPtr> NullSafeEqual(const FunctionCall& call, const FunctionContext& context) {
  return Compare(call, context, "<=>");
}

Result<ExprPtr> Between(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr low, Compare({.name = ">=", .args = {call.args[0], call.args[1]}}, context, ">="));
  ASSIGN_OR_RETURN(ExprPtr high, Compare({.name = "<=", .args = {call.args[0], call.args[2]}}, context, "<="));
  bool nullable = low->nullable || high->nullable;
  return engine::MakeCall("and", {std::move(low), std::move(high)}, TypeId::kBoolean, nullable, true);
}

bool IsBooleanOrNull(const DataType& type) { return type.Is(TypeId::kBoolean) || type.Is(TypeId::kNull); }

Result<ExprPtr> Logic(const FunctionCall& call, const FunctionContext& context, std::string_view op) {
  std::vector<ExprPtr> args;
  for (const ExprPtr& arg : call.args) {
    bool ansi_string = context.ansi && arg->type.IsString();
    if (!IsBooleanOrNull(arg->type) && !ansi_string) {
      const DataType& left = call.args[0]->type;
      const DataType& right = call.args[1]->type;
      std::string sql = "\"" + CallSql(call) + "\"";
      if (!left.SameType(right)) {
        return Error("DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES",
                     {{"sqlExpr", sql}, {"left", "\"" + left.Sql() + "\""}, {"right", "\"" + right.Sql() + "\""}});
      }
      return Error("DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE",
                   {{"sqlExpr", sql}, {"inputType", "\"BOOLEAN\""}, {"actualDataType", "\"" + left.Sql() + "\""}});
    }
    args.push_back(CastTo(arg, TypeId::kBoolean, context));
  }
  bool nullable = AnyNullable(args);
  return engine::MakeCall(std::string(op), std::move(args), TypeId::kBoolean, nullable, true);
}

Result<ExprPtr> And(const FunctionCall& call, const FunctionContext& context) { return Logic(call, context, "and"); }
Result<ExprPtr> Or(const FunctionCall& call, const FunctionContext& context) { return Logic(call, context, "or"); }

Result<ExprPtr> Not(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr arg, CoerceArg(call, 0, TypeId::kBoolean, context));
  // NOT (a = b) as <> keeps the engine's file pruning and join rewrites.
  if (arg->kind == engine::ExprKind::kCall && arg->As<engine::Call>().function == "=") {
    return engine::MakeCall("<>", arg->As<engine::Call>().args, TypeId::kBoolean, arg->nullable, true);
  }
  bool nullable = arg->nullable;
  return engine::MakeCall("not", {std::move(arg)}, TypeId::kBoolean, nullable, true);
}

Result<ExprPtr> IsNull(const FunctionCall& call, const FunctionContext&) {
  return engine::MakeCall("isnull", call.args, TypeId::kBoolean, false, true);
}
Result<ExprPtr> IsNotNull(const FunctionCall& call, const FunctionContext&) {
  return engine::MakeCall("isnotnull", call.args, TypeId::kBoolean, false, true);
}

// IS TRUE and IS FALSE: never NULL.
Result<ExprPtr> TruthTest(const FunctionCall& call, const FunctionContext& context, bool wanted) {
  ASSIGN_OR_RETURN(ExprPtr arg, CoerceArg(call, 0, TypeId::kBoolean, context));
  return engine::MakeCall("<=>", {std::move(arg), engine::MakeBool(wanted)}, TypeId::kBoolean, false, true);
}
Result<ExprPtr> IsTrue(const FunctionCall& call, const FunctionContext& context) {
  return TruthTest(call, context, true);
}
Result<ExprPtr> IsFalse(const FunctionCall& call, const FunctionContext& context) {
  return TruthTest(call, context, false);
}

Result<ExprPtr> IsNan(const FunctionCall& call, const FunctionContext& context) {
  ExprPtr arg = call.args[0];
  if (!arg->type.IsFractional()) {
    auto cast = ImplicitCast(arg, TypeId::kDouble, context);
    if (!cast) return UnexpectedInputType(call, 0, "(\"DOUBLE\" or \"FLOAT\")");
    arg = *cast;
  }
  if (arg->type.Is(TypeId::kFloat)) arg = CastTo(arg, TypeId::kDouble, context);
  return engine::MakeCall("spark_isnan", {std::move(arg)}, TypeId::kBoolean, false, true);
}

bool SameButForNames(const DataType& a, const DataType& b) {
  if (a.id() != b.id()) return false;
  if (a.Is(TypeId::kArray)) return SameButForNames(a.element(), b.element());
  if (a.Is(TypeId::kMap)) return SameButForNames(a.key(), b.key()) && SameButForNames(a.value(), b.value());
  if (!a.Is(TypeId::kStruct)) return a.SameType(b);
  return std::equal(a.fields().begin(), a.fields().end(), b.fields().begin(), b.fields().end(),
                    [](const auto& x, const auto& y) { return SameButForNames(x.type, y.type); });
}

Result<ExprPtr> In(const FunctionCall& call, const FunctionContext& context) {
  std::vector<ExprPtr> args = call.args;
  const auto shown = [&] {
    std::string listed;
    for (size_t i = 1; i < args.size(); i++) listed += (i == 1 ? "" : ", ") + ExprSql(args[i]);
    return "\"(" + ExprSql(args[0]) + " IN (" + listed + "))\"";
  };
  if (!CoerceSame(&args, "in", context).ok()) {
    // Structs may differ in the names of their fields (DataType.equalsStructurally).
    const DataType type = args[0]->type;
    if (!std::all_of(args.begin(), args.end(), [&](const auto& a) { return SameButForNames(a->type, type); })) {
      std::string listed;
      for (const ExprPtr& arg : args) listed += (listed.empty() ? "\"" : ", \"") + arg->type.Sql() + "\"";
      return Error("DATATYPE_MISMATCH.DATA_DIFF_TYPES",
                   {{"functionName", "`in`"}, {"dataType", "[" + listed + "]"}, {"sqlExpr", shown()}});
    }
    for (ExprPtr& arg : args) arg = CastTo(arg, type, context);
  }
  if (!IsOrderable(args[0]->type)) {
    return Error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                 {{"functionName", "`in`"}, {"dataType", "\"" + args[0]->type.Sql() + "\""}, {"sqlExpr", shown()}});
  }
  bool nullable = AnyNullable(args);
  return engine::MakeCall("in", std::move(args), TypeId::kBoolean, nullable, true);
}

}  // namespace

std::span<const FunctionRow> PredicateFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Scalar("=", {"=="}, 2, 2, Equal, "1.0.0", "expr1 = expr2: true if equal; NaN equals NaN."),
      Scalar("!=", {"<>"}, 2, 2, NotEqual, "1.0.0", "expr1 != expr2: true if different."),
      Scalar("<", {}, 2, 2, Less, "1.0.0", "expr1 < expr2: true if less."),
      Scalar("<=", {}, 2, 2, LessOrEqual, "1.0.0", "expr1 <= expr2: true if less or equal."),
      Scalar(">", {}, 2, 2, Greater, "1.0.0", "expr1 > expr2: true if greater."),
      Scalar(">=", {}, 2, 2, GreaterOrEqual, "1.0.0", "expr1 >= expr2: true if greater or equal."),
      Scalar("<=>", {"equal_null"}, 2, 2, NullSafeEqual, "1.1.0", "Equality where NULL equals NULL."),
      Scalar("between", {}, 3, 3, Between, "1.0.0", "value between low and high, both inclusive."),
      Scalar("and", {}, 2, 2, And, "1.0.0", "Logical and."),
      Scalar("or", {}, 2, 2, Or, "1.0.0", "Logical or."),
      Scalar("not", {"!"}, 1, 1, Not, "1.0.0", "Logical not."),
      Scalar("isnull", {}, 1, 1, IsNull, "1.0.0", "True if the value is NULL."),
      Scalar("isnotnull", {}, 1, 1, IsNotNull, "1.0.0", "True if the value is not NULL."),
      Scalar("istrue", {}, 1, 1, IsTrue, "3.0.0", "True if the value is true; false for NULL."),
      Scalar("isfalse", {}, 1, 1, IsFalse, "3.0.0", "True if the value is false; false for NULL."),
      Scalar("isnan", {}, 1, 1, IsNan, "1.5.0", "True if the value is NaN; false for NULL."),
      Scalar("in", {}, 1, -1, In, "1.0.0", "True if the first value equals one of the others."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
