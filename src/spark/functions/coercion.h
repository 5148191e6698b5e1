// Spark's implicit type conversion (TypeCoercion with ANSI off, AnsiTypeCoercion when on) over typed expressions.
// Pure functions; thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "spark/functions/registry.h"

namespace deltic::spark::functions {

// Casts when the types differ (ignoring nullability); folds literals. Mode follows context.ansi. No check that
// the cast is allowed: see CanCast.
ExprPtr CastTo(ExprPtr expr, const DataType& type, const FunctionContext& context);
// May Spark's explicit CAST convert `from` to `to`?
bool CanCast(const DataType& from, const DataType& to, bool ansi);
// May a value of `from` be stored into a `to` column under ANSI store assignment?
bool CanStoreAssign(const DataType& from, const DataType& to);
// Can the cast yield NULL for a non-null input (Cast.forceNullable)?
bool CastForcesNull(const DataType& from, const DataType& to);

// findWiderTypeForTwo / findWiderCommonType: the type both convert to for set operations, CASE, COALESCE, IN,
// arrays (string promotion allowed); nullopt: none.
std::optional<DataType> WidestCommonType(const DataType& a, const DataType& b, bool ansi);
std::optional<DataType> WidestCommonType(std::span<const DataType> types, bool ansi);
// findWiderTypeWithoutStringPromotion: for greatest, least and the like.
std::optional<DataType> WidestWithoutStrings(std::span<const DataType> types, bool ansi);
// findTightestCommonType: no string promotion, no decimal loss.
std::optional<DataType> TightestCommonType(const DataType& a, const DataType& b, bool ansi);

// The implicit cast of an argument to a parameter type (implicitCast): nullopt when Spark would refuse.
std::optional<ExprPtr> ImplicitCast(const ExprPtr& expr, const DataType& to, const FunctionContext& context);

// Both sides of a comparison (=, <, <=>, …) brought to their comparison type, or DATATYPE_MISMATCH.
Status CoerceComparison(ExprPtr* left, ExprPtr* right, std::string_view op_name, const FunctionContext& context);
// The type both sides of a comparison convert to; nullopt: not comparable. `equality`: = or <=>.
std::optional<DataType> ComparisonType(const DataType& left, const DataType& right, bool equality, bool ansi);
// May values of the type be ordered and compared (no map or interval inside)?
bool IsOrderable(const DataType& type);
// All to one common type, or DATATYPE_MISMATCH.DATA_DIFF_TYPES for function `name`.
Status CoerceSame(std::vector<ExprPtr>* args, std::string_view name, const FunctionContext& context);

// Decimal precision rules (DecimalPrecision, allowPrecisionLoss = true).
DataType DecimalForIntegral(const DataType& integral);
// The narrowest decimal of an integral literal (DataTypeUtils.fromLiteral), else DecimalForIntegral of its type.
DataType DecimalForOperand(const ExprPtr& integral);
DataType DecimalAdjust(int precision, int scale);

// The SQL text of an expression as Spark prints it in errors and generated column names (Expression.sql-like);
// column names come from `name_of`, may be empty for ids that are not known.
std::string ExprSql(const ExprPtr& expr);
// The same of a call before it is built: name(arg, …), or infix for operators.
std::string CallSql(const FunctionCall& call);
// While it lives, ExprSql on this thread names columns with `name_of` (set by the resolver around building calls).
class ScopedColumnNames {
 public:
  explicit ScopedColumnNames(std::function<std::string(engine::ColumnId)> name_of);
  ~ScopedColumnNames();
  ScopedColumnNames(const ScopedColumnNames&) = delete;
  ScopedColumnNames& operator=(const ScopedColumnNames&) = delete;

 private:
  std::function<std::string(engine::ColumnId)> previous_;
};

// DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE for argument `index` (1-based in the text) of `call`.
Status UnexpectedInputType(const FunctionCall& call, size_t index, std::string required);

}  // namespace deltic::spark::functions
