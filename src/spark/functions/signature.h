// Declarative rows: most scalar functions are an engine kernel, a list of parameter kinds and a result type.
// A signature applies Spark's implicit casts to the arguments, fills in defaults and makes the typed call.
// Values; thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "spark/functions/families.h"

namespace deltic::spark::functions {

// What a parameter accepts (Spark's inputTypes).
enum class Arg : uint8_t {
  kAny,
  kString,
  kBinary,
  kStringOrBinary,
  kBoolean,
  kInt,
  kLong,
  kDouble,
  kNumeric,
  kDate,
  kTimestamp,
  kTimestampNtz,
  kAnyTimestamp,  // timestamp or timestamp_ntz
  kDateOrTimestamp,
  kCalendarInterval,
  kDayTimeInterval,
  kArray,
  kMap,
  kStruct,
  kStringArray,
};

enum class Nulls : uint8_t { kAny, kAlways, kNever };  // when the result is nullable; kAny: if an argument is

using ScalarBuilder = std::function<Result<ExprPtr>(const FunctionCall&, const FunctionContext&)>;

struct Signature {
  std::string engine;       // the call's name in the engine
  std::vector<Arg> params;  // the last one repeats for further arguments
  DataType result;
  Nulls nulls = Nulls::kAny;
  std::vector<ExprPtr> defaults = {};  // values of missing trailing parameters
  bool zone = false;                   // append the session time zone
  bool ansi = false;                   // append whether ANSI mode is on
};

// The argument implicitly cast to what the parameter takes, or DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE.
Result<ExprPtr> CoerceTo(const FunctionCall& call, size_t index, Arg arg, const FunctionContext& context);
// All arguments by the parameter kinds.
Result<std::vector<ExprPtr>> CoerceAll(const FunctionCall& call, const std::vector<Arg>& params,
                                       const FunctionContext& context);
ScalarBuilder Lower(Signature signature);
FunctionRow Row(std::string_view name, std::vector<std::string_view> aliases, int min_args, int max_args,
                ScalarBuilder build, std::string_view since, std::string_view doc);
// An engine call whose result is exactly of this type.
ExprPtr Exact(std::string function, std::vector<ExprPtr> args, DataType type, bool nullable);
// struct.field, by name.
ExprPtr FieldOf(const ExprPtr& structure, const types::StructField& field);
// The text of a constant string argument; nullopt when it is not a non-null string literal.
std::optional<std::string> ConstantString(const ExprPtr& expr);
std::optional<int64_t> ConstantInt(const ExprPtr& expr);
// "(a or b)" and "\"STRING\"" texts of parameter kinds in errors.
std::string RequiredType(Arg arg);
// DATATYPE_MISMATCH.NON_FOLDABLE_INPUT of a parameter that must be constant.
Status NonFoldable(const FunctionCall& call, size_t index, std::string_view input_name, std::string_view type);

}  // namespace deltic::spark::functions
