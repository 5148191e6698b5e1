// Rows of the regex family: patterns.
#include "spark/functions/coercion.h"
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

using engine::MakeInt;
using engine::MakeString;

constexpr auto kString = TypeId::kString;
constexpr auto kInteger = TypeId::kInteger;
constexpr auto kBoolean = TypeId::kBoolean;

// LIKE: a constant pattern without escapes is DuckDB's own operator, which it can push down and specialise.
Result<ExprPtr> Like(std::vector<ExprPtr> args, const FunctionCall& call) {
  const bool nullable = args[0]->nullable || args[1]->nullable;
  std::string escape = "\\";
  if (args.size() > 2) {
    const auto given = ConstantString(args[2]);
    size_t characters = 0;
    for (const char c : given.value_or("")) characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (!given.has_value() || characters != 1) {
      return Error("INVALID_ESCAPE_CHAR",
                   {{"sqlExpr", "\"" + (args.size() > 2 ? ExprSql(args[2]) : call.name) + "\""}});
    }
    escape = *given;
  }
  const auto pattern = ConstantString(args[1]);
  if (pattern.has_value() && pattern->find(escape) == std::string::npos) {
    return Exact("~~", {args[0], args[1]}, kBoolean, nullable);
  }
  return Exact("spark_like", {args[0], args[1], MakeString(escape)}, kBoolean, nullable);
}

Result<ExprPtr> BuildLike(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString}, context));
  return Like(std::move(args), call);
}

Result<ExprPtr> BuildIlike(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString}, context));
  for (size_t i = 0; i < 2; i++) args[i] = Exact("spark_lower", {args[i]}, kString, args[i]->nullable);
  return Like(std::move(args), call);
}

Result<ExprPtr> BuildRegexpReplace(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString, Arg::kString, Arg::kString, Arg::kInt}, context));
  if (args.size() < 4) {
    args.push_back(MakeInt(1));
  } else {
    const auto position = ConstantInt(args[3]);
    if (!position.has_value()) return NonFoldable(call, 3, "position", "INT");
    if (*position < 1) {
      return Error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", "\"regexp_replace\""},
                                                            {"exprName", "position"},
                                                            {"valueRange", "(0, 2147483647]"},
                                                            {"currentValue", std::to_string(*position)}});
    }
  }
  const bool nullable = AnyNullable(args);
  return Exact("spark_regexp_replace", std::move(args), kString, nullable);
}

Result<ExprPtr> BuildRegexpInstr(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString, Arg::kString, Arg::kInt}, context));
  const bool nullable = AnyNullable(args);
  if (args.size() > 2) args.pop_back();  // the group index: Spark gives the start of the match all the same
  return Exact("spark_regexp_instr", std::move(args), kInteger, nullable);
}

}  // namespace

std::span<const FunctionRow> RegexFunctions() {
  const auto fn = [](const char* engine, std::vector<Arg> params, DataType result, std::vector<ExprPtr> defaults = {},
                     Nulls nulls = Nulls::kAny) {
    return Lower({engine, std::move(params), std::move(result), nulls, std::move(defaults)});
  };
  const std::vector<Arg> with_index = {Arg::kString, Arg::kString, Arg::kInt};
  static const auto* const rows = new std::vector<FunctionRow>{
      Row("like", {}, 2, 3, BuildLike, "1.0.0", "Whether the text matches a SQL pattern."),
      Row("ilike", {}, 2, 3, BuildIlike, "3.3.0", "like without regard to case."),
      Row("rlike", {"regexp", "regexp_like"}, 2, 2, fn("spark_rlike", {Arg::kString}, kBoolean), "1.0.0",
          "Whether the text contains a match."),
      Row("regexp_replace", {}, 3, 4, BuildRegexpReplace, "1.5.0", "Replaces every match."),
      Row("regexp_extract", {}, 2, 3, fn("spark_regexp_extract", with_index, kString, {MakeInt(1)}), "1.5.0",
          "A group of the first match."),
      Row("regexp_extract_all", {}, 2, 3,
          fn("spark_regexp_extract_all", with_index, DataType::Array(kString, true), {MakeInt(1)}), "3.1.0",
          "A group of every match."),
      Row("regexp_count", {}, 2, 2, fn("spark_regexp_count", {Arg::kString}, kInteger), "3.4.0", "Number of matches."),
      Row("regexp_substr", {}, 2, 2, fn("spark_regexp_substr", {Arg::kString}, kString, {}, Nulls::kAlways), "3.4.0",
          "The first match."),
      Row("regexp_instr", {}, 2, 3, BuildRegexpInstr, "3.4.0", "1-based position of the first match."),
      Row("split", {}, 2, 3, fn("spark_split", with_index, DataType::Array(kString, false), {MakeInt(-1)}), "1.5.0",
          "The parts between matches."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
