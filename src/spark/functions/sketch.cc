// Bitmaps and sketches.
#include <cmath>

#include "spark/functions/aggregate.h"
#include "spark/functions/coercion.h"
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

constexpr auto kBinary = TypeId::kBinary;
constexpr auto kLong = TypeId::kLong;

Result<ExprPtr> BitmapCount(const FunctionCall& call, const FunctionContext& context) {
  const DataType& type = call.args[0]->type;
  if (!type.Is(kBinary) && !type.Is(TypeId::kNull)) return UnexpectedInputType(call, 0, "\"BINARY\"");
  ASSIGN_OR_RETURN(auto bitmap, CoerceTo(call, 0, Arg::kBinary, context));
  return StrictCall("spark_bitmap_count", {std::move(bitmap)}, kLong);
}

Result<ExprPtr> BitmapConstruct(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr position, CoerceArg(call, 0, kLong, context));
  return ExprPtr(MakeAggregate(call, "spark_bitmap_construct_agg", {position}, kBinary, false));
}

Result<ExprPtr> BitmapOr(const FunctionCall& call, const FunctionContext&) {
  if (!call.args[0]->type.Is(kBinary)) return UnexpectedInputType(call, 0, "\"BINARY\"");
  return ExprPtr(MakeAggregate(call, "spark_bitmap_or_agg", {call.args[0]}, kBinary, false));
}

// The kernel's suffix for the values of a sketch; empty: no type a sketch takes.
std::string ValueSuffix(const DataType& type) {
  if (type.IsIntegral()) return "_long";
  if (type.IsString()) return "_text";
  return type.Is(kBinary) ? "_bytes" : "";
}

ExprPtr SketchValue(const ExprPtr& value, const FunctionContext& context) {
  return value->type.IsIntegral() ? CastTo(value, kLong, context) : value;
}

Status NullParameter(const FunctionCall& call, std::string_view name) {
  return Error("DATATYPE_MISMATCH.UNEXPECTED_NULL",
               {{"sqlExpr", "\"" + CallSql(call) + "\""}, {"exprName", std::string(name)}});
}

// A constant double parameter of count_min_sketch; `limit`: the greatest value.
Result<ExprPtr> SketchParameter(const FunctionCall& call, size_t index, std::string_view name, double limit,
                                std::string_view range, const FunctionContext& context) {
  ASSIGN_OR_RETURN(ExprPtr value, CoerceArg(call, index, TypeId::kDouble, context));
  if (!engine::IsLiteral(value)) return NonFoldable(call, index, name, "DOUBLE");
  const auto* number = std::get_if<double>(&value->As<engine::Literal>().value.v);
  if (number == nullptr) return NullParameter(call, name);
  if (!(*number > 0.0 && *number <= limit)) {
    return Error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", "\"" + CallSql(call) + "\""},
                                                          {"exprName", std::string(name)},
                                                          {"valueRange", std::string(range)},
                                                          {"currentValue", ExprSql(value)}});
  }
  return value;
}

Result<ExprPtr> CountMinSketch(const FunctionCall& call, const FunctionContext& context) {
  const std::string suffix = ValueSuffix(call.args[0]->type);
  if (suffix.empty()) return UnexpectedInputType(call, 0, "(\"INTEGRAL\" or \"STRING\" or \"BINARY\")");
  ASSIGN_OR_RETURN(ExprPtr eps,
                   SketchParameter(call, 1, "eps", 1.7976931348623157E308, "(0.0, 1.7976931348623157E308]", context));
  ASSIGN_OR_RETURN(ExprPtr confidence, SketchParameter(call, 2, "confidence", 1.0, "(0.0, 1.0]", context));
  ASSIGN_OR_RETURN(auto seed, LiteralInt(call, 3, "seed"));
  if (!seed) return NullParameter(call, "seed");
  const double* accuracy = std::get_if<double>(&eps->As<engine::Literal>().value.v);
  const double* certainty = std::get_if<double>(&confidence->As<engine::Literal>().value.v);
  constexpr double kMostCounters = 64.0 * 1024 * 1024;  // half a gibibyte
  if (*certainty >= 1.0 || 2.0 / *accuracy * -std::log2(1.0 - *certainty) > kMostCounters) {
    return Unsupported("a count_min_sketch of more than 67108864 counters");
  }
  return ExprPtr(
      MakeAggregate(call, "spark_count_min_sketch" + suffix,
                    {SketchValue(call.args[0], context), eps, confidence, engine::MakeInt(static_cast<int32_t>(*seed))},
                    kBinary, false));
}

Result<ExprPtr> HllSketchAgg(const FunctionCall& call, const FunctionContext& context) {
  const DataType& type = call.args[0]->type;
  const std::string suffix = ValueSuffix(type);
  if (suffix.empty() || type.Is(TypeId::kByte) || type.Is(TypeId::kShort)) {
    return UnexpectedInputType(call, 0, "(\"INT\" or \"BIGINT\" or \"STRING\" or \"BINARY\")");
  }
  std::optional<int64_t> lg_k = 12;
  if (call.args.size() > 1) {
    ASSIGN_OR_RETURN(lg_k, LiteralInt(call, 1, "lgConfigK"));
    if (!lg_k) lg_k = 0;  // NULL reads as 0
  }
  constexpr int64_t kLeast = 4;
  constexpr int64_t kMost = 21;
  if (*lg_k < kLeast || *lg_k > kMost) {
    return Error("HLL_INVALID_LG_K", {{"function", "`hll_sketch_agg`"},
                                      {"min", std::to_string(kLeast)},
                                      {"max", std::to_string(kMost)},
                                      {"value", std::to_string(*lg_k)}});
  }
  return ExprPtr(MakeAggregate(call, "spark_hll_sketch_agg" + suffix,
                               {SketchValue(call.args[0], context), engine::MakeInt(static_cast<int32_t>(*lg_k))},
                               kBinary, false));
}

// allowDifferentLgConfigK, false by default.
Result<ExprPtr> AllowDifferent(const FunctionCall& call, size_t index) {
  if (call.args.size() <= index) return engine::MakeBool(false);
  const ExprPtr& flag = call.args[index];
  const bool* value = engine::IsLiteral(flag) ? std::get_if<bool>(&flag->As<engine::Literal>().value.v) : nullptr;
  if (value == nullptr) return UnexpectedInputType(call, index, "\"BOOLEAN\"");
  return flag;
}

Status CheckBinary(const FunctionCall& call, size_t index) {
  const DataType& type = call.args[index]->type;
  if (type.Is(kBinary) || type.Is(TypeId::kNull)) return Status::Ok();
  return UnexpectedInputType(call, index, "\"BINARY\"");
}

Result<ExprPtr> HllUnionAgg(const FunctionCall& call, const FunctionContext& context) {
  RETURN_IF_ERROR(CheckBinary(call, 0));
  ASSIGN_OR_RETURN(ExprPtr allow, AllowDifferent(call, 1));
  return ExprPtr(
      MakeAggregate(call, "spark_hll_union_agg", {CastTo(call.args[0], kBinary, context), allow}, kBinary, false));
}

Result<ExprPtr> HllUnion(const FunctionCall& call, const FunctionContext& context) {
  RETURN_IF_ERROR(CheckBinary(call, 0));
  RETURN_IF_ERROR(CheckBinary(call, 1));
  ASSIGN_OR_RETURN(ExprPtr allow, AllowDifferent(call, 2));
  return StrictCall("spark_hll_union",
                    {CastTo(call.args[0], kBinary, context), CastTo(call.args[1], kBinary, context), allow}, kBinary);
}

Result<ExprPtr> HllEstimate(const FunctionCall& call, const FunctionContext& context) {
  RETURN_IF_ERROR(CheckBinary(call, 0));
  return StrictCall("spark_hll_sketch_estimate", {CastTo(call.args[0], kBinary, context)}, kLong);
}

}  // namespace

std::span<const FunctionRow> SketchFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Row("bitmap_bit_position", {}, 1, 1, Lower({"spark_bitmap_bit_position", {Arg::kLong}, kLong}), "3.5.0",
          "The bit of a number in its bitmap."),
      Row("bitmap_bucket_number", {}, 1, 1, Lower({"spark_bitmap_bucket_number", {Arg::kLong}, kLong}), "3.5.0",
          "The bitmap of a number."),
      Row("bitmap_count", {}, 1, 1, BitmapCount, "3.5.0", "How many bits are set."),
      AggregateRow("bitmap_construct_agg", {}, 1, 1, BitmapConstruct, "3.5.0", "A bitmap of positions."),
      AggregateRow("bitmap_or_agg", {}, 1, 1, BitmapOr, "3.5.0", "The union of bitmaps."),
      AggregateRow("count_min_sketch", {}, 4, 4, CountMinSketch, "2.2.0", "A count-min sketch."),
      AggregateRow("hll_sketch_agg", {}, 1, 2, HllSketchAgg, "3.5.0", "A HyperLogLog sketch of the values."),
      AggregateRow("hll_union_agg", {}, 1, 2, HllUnionAgg, "3.5.0", "The union of HyperLogLog sketches."),
      Row("hll_union", {}, 2, 3, HllUnion, "3.5.0", "The union of two HyperLogLog sketches."),
      Row("hll_sketch_estimate", {}, 1, 1, HllEstimate, "3.5.0", "How many distinct values a sketch has seen."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
