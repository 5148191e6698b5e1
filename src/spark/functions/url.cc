// Rows of the URL family.
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

Result<ExprPtr> BuildParseUrl(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString}, context));
  const bool keyed = args.size() > 2;
  args.push_back(engine::MakeBool(context.ansi));
  return Exact(keyed ? "spark_parse_url_key" : "spark_parse_url", std::move(args), TypeId::kString, true);
}

}  // namespace

std::span<const FunctionRow> UrlFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Row("url_encode", {}, 1, 1, Lower({"spark_url_encode", {Arg::kString}, TypeId::kString, Nulls::kAlways}), "3.4.0",
          "Text in application/x-www-form-urlencoded form."),
      Row("url_decode", {}, 1, 1, Lower({"spark_url_decode", {Arg::kString}, TypeId::kString, Nulls::kAlways}), "3.4.0",
          "Text from application/x-www-form-urlencoded form."),
      Row("parse_url", {}, 2, 3, BuildParseUrl, "2.0.0", "A part of a URL."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
