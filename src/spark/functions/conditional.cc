// CASE, IF, COALESCE and relatives; assertions.
#include "spark/functions/coercion.h"
#include "spark/functions/families.h"

namespace deltic::spark::functions {
namespace {

using Branch = std::pair<ExprPtr, ExprPtr>;

ExprPtr MakeCase(std::vector<Branch> branches, ExprPtr otherwise, DataType type, bool nullable) {
  return std::make_shared<engine::Case>(std::move(branches), std::move(otherwise), std::move(type), nullable);
}

// NULLs inside a type may come from any of the values.
DataType UnionNullability(const DataType& common, const std::vector<ExprPtr>& values) {
  for (const ExprPtr& v : values) {
    if (!(v->type == common)) {
      auto merged = TightestCommonType(common, v->type, false);
      if (merged) return *merged;
    }
  }
  return common;
}

Result<ExprPtr> Condition(const FunctionCall& call, size_t index, const FunctionContext& context) {
  const ExprPtr& arg = call.args[index];
  if (arg->type.Is(TypeId::kBoolean)) return arg;
  if (arg->type.Is(TypeId::kNull) || (context.ansi && arg->type.IsString())) {
    return CastTo(arg, TypeId::kBoolean, context);
  }
  return UnexpectedInputType(call, index, "\"BOOLEAN\"");
}

// when(cond, value, cond, value, …[, else])
Result<ExprPtr> When(const FunctionCall& call, const FunctionContext& context) {
  std::vector<ExprPtr> values;
  for (size_t i = 1; i < call.args.size(); i += 2) values.push_back(call.args[i]);
  bool has_else = call.args.size() % 2 == 1;
  if (has_else) values.push_back(call.args.back());
  RETURN_IF_ERROR(CoerceSame(&values, "casewhen", context));
  std::vector<Branch> branches;
  bool nullable = !has_else;
  for (size_t i = 0; i + 1 < call.args.size(); i += 2) {
    ASSIGN_OR_RETURN(ExprPtr condition, Condition(call, i, context));
    branches.emplace_back(std::move(condition), values[i / 2]);
  }
  for (const ExprPtr& v : values) nullable = nullable || v->nullable;
  DataType type = UnionNullability(values[0]->type, values);
  ExprPtr otherwise = has_else ? values.back() : nullptr;
  return MakeCase(std::move(branches), std::move(otherwise), std::move(type), nullable);
}

Result<ExprPtr> If(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr condition, Condition(call, 0, context));
  std::vector<ExprPtr> values{call.args[1], call.args[2]};
  RETURN_IF_ERROR(CoerceSame(&values, "if", context));
  bool nullable = AnyNullable(values);
  DataType type = UnionNullability(values[0]->type, values);
  return MakeCase({{condition, values[0]}}, values[1], std::move(type), nullable);
}

Result<ExprPtr> CoalesceOf(std::vector<ExprPtr> args, const FunctionContext& context) {
  RETURN_IF_ERROR(CoerceSame(&args, "coalesce", context));
  bool nullable = true;
  for (const ExprPtr& arg : args) nullable = nullable && arg->nullable;
  DataType type = UnionNullability(args[0]->type, args);
  return engine::MakeCall("coalesce", std::move(args), std::move(type), nullable, true);
}

Result<ExprPtr> Coalesce(const FunctionCall& call, const FunctionContext& context) {
  return CoalesceOf(call.args, context);
}

Result<ExprPtr> Nvl2(const FunctionCall& call, const FunctionContext& context) {
  std::vector<ExprPtr> values{call.args[1], call.args[2]};
  RETURN_IF_ERROR(CoerceSame(&values, "if", context));
  ExprPtr present = engine::MakeCall("isnotnull", {call.args[0]}, TypeId::kBoolean, false, true);
  bool nullable = AnyNullable(values);
  DataType type = UnionNullability(values[0]->type, values);
  return MakeCase({{present, values[0]}}, values[1], std::move(type), nullable);
}

// nullif(a, b): if(a = b, NULL, a)
Result<ExprPtr> NullIf(const FunctionCall& call, const FunctionContext& context) {
  ExprPtr l = call.args[0];
  ExprPtr r = call.args[1];
  RETURN_IF_ERROR(CoerceComparison(&l, &r, "=", context));
  bool nullable = l->nullable || r->nullable;
  ExprPtr equal = engine::MakeCall("=", {l, r}, TypeId::kBoolean, nullable, true);
  const ExprPtr& value = call.args[0];
  return MakeCase({{equal, engine::MakeNull(value->type)}}, value, value->type, true);
}

Result<ExprPtr> NanVl(const FunctionCall& call, const FunctionContext& context) {
  bool floats = call.args[0]->type.Is(TypeId::kFloat) && call.args[1]->type.Is(TypeId::kFloat);
  DataType type = floats ? TypeId::kFloat : TypeId::kDouble;
  ASSIGN_OR_RETURN(ExprPtr a, CoerceArg(call, 0, type, context));
  ASSIGN_OR_RETURN(ExprPtr b, CoerceArg(call, 1, type, context));
  ExprPtr wide = floats ? CastTo(a, TypeId::kDouble, context) : a;
  ExprPtr is_nan = engine::MakeCall("spark_isnan", {wide}, TypeId::kBoolean, false, true);
  return MakeCase({{is_nan, b}}, a, type, a->nullable || b->nullable);
}

// greatest and least skip NULLs; NaN is the greatest number.
Result<ExprPtr> Extreme(const FunctionCall& call, const FunctionContext& context, std::string_view function) {
  std::vector<DataType> types;
  for (const ExprPtr& arg : call.args) types.push_back(arg->type);
  auto common = WidestWithoutStrings(types, context.ansi);
  if (!common && context.ansi) common = WidestCommonType(types, true);
  if (!common) {
    std::string listed;
    for (size_t i = 0; i < types.size(); ++i) listed += (i > 0 ? " or \"" : "\"") + types[i].Sql() + "\"";
    return Error("DATATYPE_MISMATCH.DATA_DIFF_TYPES", {{"sqlExpr", "\"" + CallSql(call) + "\""},
                                                       {"functionName", types::QuoteIdentifier(function)},
                                                       {"dataType", "(" + listed + ")"}});
  }
  if (!IsOrderable(*common)) {
    return Error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", {{"functionName", types::QuoteIdentifier(function)},
                                                             {"dataType", "\"" + common->Sql() + "\""},
                                                             {"sqlExpr", "\"" + CallSql(call) + "\""}});
  }
  std::vector<ExprPtr> args;
  bool nullable = true;
  for (const ExprPtr& arg : call.args) {
    args.push_back(CastTo(arg, *common, context));
    nullable = nullable && args.back()->nullable;
  }
  // DuckDB's functions of the same names skip NULLs and order NaN as Spark does.
  return engine::MakeCall(std::string(function), std::move(args), *common, nullable);
}

Result<ExprPtr> Greatest(const FunctionCall& call, const FunctionContext& context) {
  return Extreme(call, context, "greatest");
}
Result<ExprPtr> Least(const FunctionCall& call, const FunctionContext& context) {
  return Extreme(call, context, "least");
}

Result<ExprPtr> AssertTrue(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr condition, CoerceArg(call, 0, TypeId::kBoolean, context));
  ExprPtr message = engine::MakeString("'" + ExprSql(call.args[0]) + "' is not true!");
  if (call.args.size() == 2) {
    ASSIGN_OR_RETURN(message, CoerceArg(call, 1, TypeId::kString, context));
  }
  return engine::MakeCall("spark_assert_true", {condition, message}, TypeId::kNull, true);
}

Result<ExprPtr> RaiseError(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr message, CoerceArg(call, 0, TypeId::kString, context));
  return engine::MakeCall("spark_raise_error", {message}, TypeId::kNull, true);
}

Result<ExprPtr> NullIfZero(const FunctionCall& call, const FunctionContext& context) {
  return NullIf({.name = "nullif", .args = {call.args[0], engine::MakeInt(0)}}, context);
}
Result<ExprPtr> ZeroIfNull(const FunctionCall& call, const FunctionContext& context) {
  return CoalesceOf({call.args[0], engine::MakeInt(0)}, context);
}

}  // namespace

std::span<const FunctionRow> ConditionalFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Scalar("when", {}, 2, -1, When, "1.0.1", "CASE WHEN cond THEN value … [ELSE value] END."),
      Scalar("if", {}, 3, 3, If, "1.0.0", "The second value if the first is true, else the third."),
      Scalar("coalesce", {}, 1, -1, Coalesce, "1.0.0", "The first value that is not NULL."),
      Scalar("nvl", {"ifnull"}, 2, 2, Coalesce, "2.0.0", "The second value if the first is NULL."),
      Scalar("nvl2", {}, 3, 3, Nvl2, "2.0.0", "The second value if the first is not NULL, else the third."),
      Scalar("nullif", {}, 2, 2, NullIf, "2.0.0", "NULL if both are equal, else the first value."),
      Scalar("nanvl", {}, 2, 2, NanVl, "1.5.0", "The second value if the first is NaN."),
      Scalar("greatest", {}, 2, -1, Greatest, "1.5.0", "The greatest value, skipping NULLs."),
      Scalar("least", {}, 2, -1, Least, "1.5.0", "The least value, skipping NULLs."),
      Scalar("assert_true", {}, 1, 2, AssertTrue, "2.0.0", "NULL if true, else an error."),
      Scalar("raise_error", {}, 1, 1, RaiseError, "3.1.0", "Raises an error with the text."),
      Scalar("nullifzero", {}, 1, 1, NullIfZero, "4.0.0", "NULL if the value is zero."),
      Scalar("zeroifnull", {}, 1, 1, ZeroIfNull, "4.0.0", "Zero if the value is NULL."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
