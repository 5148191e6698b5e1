// Functions that are NULL where their plain form, in ANSI mode, is an error.
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

// The plain function as it is without ANSI mode.
ScalarBuilder WithoutAnsi(std::string plain) {
  return [plain = std::move(plain)](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    FunctionContext lenient = context;
    lenient.ansi = false;
    return BuildFunction(*FindFunction(plain), call, lenient);
  };
}

}  // namespace

std::span<const FunctionRow> TryFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Row("try_mod", {}, 2, 2, WithoutAnsi("%"), "4.0.0", "The remainder, NULL when dividing by zero."),
      Row("try_to_date", {}, 1, 2, WithoutAnsi("to_date"), "4.0.0", "to_date, NULL on bad input."),
      Row("try_make_timestamp", {}, 6, 7, WithoutAnsi("make_timestamp"), "4.0.0", "make_timestamp, NULL on bad input."),
      Row("try_make_timestamp_ltz", {}, 6, 7, WithoutAnsi("make_timestamp_ltz"), "4.0.0",
          "make_timestamp_ltz, NULL on bad input."),
      Row("try_make_timestamp_ntz", {}, 6, 6, WithoutAnsi("make_timestamp_ntz"), "4.0.0",
          "make_timestamp_ntz, NULL on bad input."),
      Row("try_make_interval", {}, 0, 7, WithoutAnsi("make_interval"), "4.0.0", "make_interval, NULL on overflow."),
      Row("try_parse_url", {}, 2, 3, WithoutAnsi("parse_url"), "4.0.0", "parse_url, NULL on a bad URL."),
      Row("try_url_decode", {}, 1, 1, Lower({"spark_try_url_decode", {Arg::kString}, TypeId::kString, Nulls::kAlways}),
          "4.0.0", "url_decode, NULL on bad input."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
