// The families of function rows. A family is one file of this folder (or a few with its name as prefix).
// The rows are built once, at the first lookup, and live for the process; thread-safe.
#pragma once

#include <span>

#include "spark/functions/registry.h"

namespace deltic::spark::functions {

using Builder = Result<ExprPtr> (*)(const FunctionCall&, const FunctionContext&);

// One scalar row. A function (not an aggregate initialiser) keeps the tables quick to compile.
FunctionRow Scalar(std::string_view name, std::vector<std::string_view> aliases, int min_args, int max_args,
                   Builder build, std::string_view since, std::string_view doc);
FunctionRow AggregateRow(std::string_view name, std::vector<std::string_view> aliases, int min_args, int max_args,
                         Builder build, std::string_view since, std::string_view doc);
FunctionRow WindowRow(std::string_view name, std::vector<std::string_view> aliases, int min_args, int max_args,
                      Builder build, std::string_view since, std::string_view doc);

std::span<const FunctionRow> ArithmeticFunctions();
std::span<const FunctionRow> PredicateFunctions();
std::span<const FunctionRow> ConditionalFunctions();
std::span<const FunctionRow> MathFunctions();
std::span<const FunctionRow> AggregateFunctions();
std::span<const FunctionRow> StatisticalFunctions();
std::span<const FunctionRow> WindowFunctions();
std::span<const FunctionRow> MiscFunctions();

std::span<const FunctionRow> StringFunctions();
std::span<const FunctionRow> RegexFunctions();
std::span<const FunctionRow> DatetimeFunctions();
std::span<const FunctionRow> JsonFunctions();
std::span<const FunctionRow> TextFormatFunctions();
std::span<const FunctionRow> UrlFunctions();
std::span<const FunctionRow> HashFunctions();
std::span<const FunctionRow> CollectionFunctions();
std::span<const FunctionRow> HigherOrderFunctions();
std::span<const FunctionRow> StructFunctions();
std::span<const FunctionRow> GeneratorFunctions();
std::span<const FunctionRow> CryptoFunctions();
std::span<const FunctionRow> SketchFunctions();
std::span<const FunctionRow> XmlFunctions();
std::span<const FunctionRow> TryFunctions();

// WRONG_NUM_ARGS.WITHOUT_SUGGESTION when the call has too few or too many arguments.
Status CheckArgumentCount(const FunctionRow& row, const FunctionCall& call);

// --- building blocks for `build` -----------------------------------------------------------------------------
// Argument `index` implicitly cast to `to`, or DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE.
Result<ExprPtr> CoerceArg(const FunctionCall& call, size_t index, const DataType& to, const FunctionContext& context);
// The value of argument `index` when it is foldable to a literal of an integral / string type (after casts);
// DATATYPE_MISMATCH.NON_FOLDABLE_INPUT otherwise. NULL gives nullopt.
Result<std::optional<int64_t>> LiteralInt(const FunctionCall& call, size_t index, std::string_view input_name);
Result<std::optional<std::string>> LiteralString(const FunctionCall& call, size_t index, std::string_view input_name);
bool AnyNullable(std::span<const ExprPtr> args);
// The typed call of a scalar function that is NULL exactly when one of its arguments is.
ExprPtr StrictCall(std::string function, std::vector<ExprPtr> args, DataType type);

}  // namespace deltic::spark::functions
