#include "spark/streaming/partial_aggregate.h"

#include <algorithm>
#include <string_view>

namespace deltic::spark::streaming {
namespace {

using engine::Aggregate;
using engine::ExprPtr;
using types::TypeId;

// Functions that join their own results.
constexpr std::string_view kSelfJoining[] = {"sum",
                                             "spark_sum_long",
                                             "spark_sum_long_ansi",
                                             "spark_sum_int_ansi",
                                             "spark_sum_decimal",
                                             "spark_sum_decimal_ansi",
                                             "min",
                                             "max",
                                             "bool_and",
                                             "bool_or",
                                             "bit_and",
                                             "bit_or",
                                             "bit_xor"};

std::shared_ptr<const Aggregate> Part(const Aggregate& of, const char* function, types::DataType type, bool nullable) {
  auto part = std::make_shared<Aggregate>(function, of.args, std::move(type), nullable);
  part->filter = of.filter;
  return part;
}

}  // namespace

Result<PartialAggregate> Split(const std::shared_ptr<const Aggregate>& aggregate) {
  PartialAggregate out;
  const std::string& function = aggregate->function;
  if (!aggregate->order_by.empty()) return Unsupported("ordered aggregate functions on streaming DataFrames");
  if (function == "count" || function == "count_star") {
    out.parts = {aggregate};
    out.merges = {"spark_sum_long"};
    out.value = [](const std::vector<ExprPtr>& parts) {
      return engine::MakeCall("coalesce", {parts[0], engine::MakeLong(0)}, TypeId::kLong, false, true);
    };
    return out;
  }
  if (std::find(std::begin(kSelfJoining), std::end(kSelfJoining), function) != std::end(kSelfJoining)) {
    out.parts = {aggregate};
    out.merges = {function};
    out.value = [](const std::vector<ExprPtr>& parts) { return parts[0]; };
    return out;
  }
  if (function == "avg" && aggregate->type.Is(TypeId::kDouble)) {
    out.parts = {Part(*aggregate, "sum", TypeId::kDouble, true), Part(*aggregate, "count", TypeId::kLong, false)};
    out.merges = {"sum", "spark_sum_long"};
    out.value = [](const std::vector<ExprPtr>& parts) -> ExprPtr {
      const ExprPtr any = engine::MakeCall(">", {parts[1], engine::MakeLong(0)}, TypeId::kBoolean, true, true);
      const ExprPtr count = std::make_shared<engine::Cast>(parts[1], types::DataType(TypeId::kDouble), true,
                                                           engine::CastMode::kLegacy, "UTC");
      const ExprPtr mean = engine::MakeCall("/", {parts[0], count}, TypeId::kDouble, true);
      return std::make_shared<engine::Case>(std::vector<std::pair<ExprPtr, ExprPtr>>{{any, mean}}, nullptr,
                                            types::DataType(TypeId::kDouble), true);
    };
    return out;
  }
  return Unsupported("the aggregate function " + function + " on streaming DataFrames");
}

}  // namespace deltic::spark::streaming
