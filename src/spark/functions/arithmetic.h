// Typing of the arithmetic operators, shared by the operator rows, their try_ forms and date arithmetic.
// Pure; thread-safe.
#pragma once

#include <optional>

#include "engine/plan/decimal_rules.h"
#include "spark/functions/families.h"

namespace deltic::spark::functions {

enum class EvalMode : uint8_t { kLegacy, kAnsi, kTry };

EvalMode ModeOf(const FunctionContext& context);

// "byte", "short", "int", "long", "float", "double", "decimal": how kernels of one operator are told apart, so that
// DuckDB's own overload rules never decide.
std::string_view TypeSuffix(const DataType& type);

// + and - where a date, timestamp or interval takes part; nullopt: plain numbers. `subtract`: the operator is -.
Result<std::optional<ExprPtr>> DatetimeAddition(const FunctionCall& call, bool subtract, EvalMode mode,
                                                const FunctionContext& context);
// interval * number, number * interval, interval / number; nullopt: plain numbers.
Result<std::optional<ExprPtr>> IntervalScaling(const FunctionCall& call, bool divide, EvalMode mode,
                                               const FunctionContext& context);

// DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES or BINARY_OP_WRONG_TYPE of an operator.
Status BinaryOperatorMismatch(const FunctionCall& call, const DataType& left, const DataType& right,
                              std::string_view accepted);

}  // namespace deltic::spark::functions
