// The function table: one row per Spark function, from which resolution, documentation (docs/functions.md),
// SHOW FUNCTIONS and the "not supported" refusal come. Rows live in one file per family in this folder, each
// exporting `std::span<const FunctionRow> <Family>Functions()`; registry.cc lists the families.
// Lookup is case-insensitive. Everything here is immutable after start; thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "engine/plan/expression.h"
#include "engine/plan/relation.h"

namespace deltic::spark::functions {

using engine::ExprPtr;
using types::DataType;
using types::TypeId;

enum class FunctionKind : uint8_t { kScalar, kAggregate, kWindow, kGenerator };

// What a builder may depend on besides its arguments.
struct FunctionContext {
  bool ansi = false;               // spark.sql.ansi.enabled
  std::string time_zone = "UTC";   // spark.sql.session.timeZone
  int64_t query_start_micros = 0;  // current_timestamp() of this query
  std::string current_user = "deltic";
  std::string current_database = "default";
  std::string current_catalog = "spark_catalog";
  std::string spark_version = "3.5.5";
  bool session_local_timestamp_ntz = false;
  std::string corrupt_record_column = "_corrupt_record";  // spark.sql.columnNameOfCorruptRecord
};

// A call after its arguments were resolved. Lambda arguments are engine::Lambda nodes.
struct FunctionCall {
  std::string name;  // as the user wrote it
  std::vector<ExprPtr> args;
  bool distinct = false;
  bool ignore_nulls = false;
  ExprPtr filter;
  std::vector<engine::SortKey> within_group;
};

struct FunctionRow {
  std::string_view name;  // Spark's name, lower case
  std::vector<std::string_view> aliases;
  FunctionKind kind = FunctionKind::kScalar;
  int min_args = 0;
  int max_args = 0;  // -1: any number
  // Scalar: the typed expression (usually a Call after coercion). Aggregate: an Aggregate node, possibly inside
  // other expressions (avg of decimals casts its result). Window: a WindowExpr without partition/order/frame.
  // Type errors are DATATYPE_MISMATCH.* with Spark's parameters.
  std::function<Result<ExprPtr>(const FunctionCall&, const FunctionContext&)> build;
  // Higher-order functions: parameter types of the lambda at argument `index`, given the other arguments
  // (null at lambda positions). Null: no lambda arguments.
  std::function<Result<std::vector<std::pair<DataType, bool>>>(const std::vector<ExprPtr>& args, size_t index,
                                                               size_t lambda_params)>
      lambda_params;
  // Generators: which GenerateRel, its arguments after coercion and the output columns (ids unset).
  struct Generated {
    engine::GenerateRel::Generator generator;
    bool outer = false;
    std::vector<ExprPtr> args;
    std::vector<engine::Column> columns;
  };
  std::function<Result<Generated>(const FunctionCall&, const FunctionContext&)> generate;
  std::string_view since;  // Spark version
  std::string_view doc;    // one line
  // Name of the result column when not aliased; null: Spark's default rendering name(arg, …). Rarely needed.
  std::string_view pretty_name = {};
};

// Null when unknown.
const FunctionRow* FindFunction(std::string_view name);
std::vector<const FunctionRow*> AllFunctions();
// Checks the argument count (WRONG_NUM_ARGS.WITHOUT_SUGGESTION) and builds. kScalar/kAggregate/kWindow only.
Result<ExprPtr> BuildFunction(const FunctionRow& row, const FunctionCall& call, const FunctionContext& context);

}  // namespace deltic::spark::functions
