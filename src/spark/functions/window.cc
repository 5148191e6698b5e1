// Ranking and offset window functions. Partition, order and frame are the resolver's.
#include "spark/functions/coercion.h"
#include "spark/functions/families.h"

namespace deltic::spark::functions {
namespace {

std::shared_ptr<engine::WindowExpr> Make(const FunctionCall& call, std::string function, std::vector<ExprPtr> args,
                                         DataType type, bool nullable) {
  auto node = std::make_shared<engine::WindowExpr>(std::move(function), std::move(args), std::move(type), nullable);
  node->ignore_nulls = call.ignore_nulls;
  node->filter = call.filter;
  return node;
}

Result<ExprPtr> RowNumber(const FunctionCall& call, const FunctionContext&) {
  return ExprPtr(Make(call, "row_number", {}, TypeId::kInteger, false));
}
Result<ExprPtr> Rank(const FunctionCall& call, const FunctionContext&) {
  return ExprPtr(Make(call, "rank", {}, TypeId::kInteger, false));
}
Result<ExprPtr> DenseRank(const FunctionCall& call, const FunctionContext&) {
  return ExprPtr(Make(call, "dense_rank", {}, TypeId::kInteger, false));
}
Result<ExprPtr> PercentRank(const FunctionCall& call, const FunctionContext&) {
  return ExprPtr(Make(call, "percent_rank", {}, TypeId::kDouble, false));
}
Result<ExprPtr> CumeDist(const FunctionCall& call, const FunctionContext&) {
  return ExprPtr(Make(call, "cume_dist", {}, TypeId::kDouble, false));
}

Result<ExprPtr> Ntile(const FunctionCall& call, const FunctionContext&) {
  int64_t buckets = 1;
  if (!call.args.empty()) {
    ASSIGN_OR_RETURN(auto n, LiteralInt(call, 0, "buckets"));
    if (!n || *n <= 0) {
      return Error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", "\"" + CallSql(call) + "\""},
                                                            {"exprName", "buckets"},
                                                            {"valueRange", "[1, 2147483647]"},
                                                            {"currentValue", n ? std::to_string(*n) : "NULL"}});
    }
    buckets = *n;
  }
  return ExprPtr(Make(call, "ntile", {engine::MakeLong(buckets)}, TypeId::kInteger, false));
}

// lag/lead(value[, offset[, default]])
Result<ExprPtr> Offset(const FunctionCall& call, const FunctionContext& context, std::string function) {
  ExprPtr value = call.args[0];
  ExprPtr offset = engine::MakeLong(1);
  if (call.args.size() > 1) {
    ASSIGN_OR_RETURN(auto n, LiteralInt(call, 1, "offset"));
    offset = n ? engine::MakeLong(*n) : engine::MakeNull(TypeId::kLong);
  }
  bool nullable = true;
  std::vector<ExprPtr> args{value, offset};
  if (call.args.size() > 2 && !call.args[2]->type.Is(TypeId::kNull)) {
    std::vector<ExprPtr> both{value, call.args[2]};
    if (value->type.Is(TypeId::kNull)) {
      args[0] = CastTo(value, both[1]->type, context);
    } else {
      auto fallback = ImplicitCast(both[1], value->type, context);
      if (!fallback) RETURN_IF_ERROR(CoerceSame(&both, function, context));
      args[0] = fallback ? value : both[0];
      both[1] = fallback ? *fallback : both[1];
    }
    args.push_back(both[1]);
    nullable = value->nullable || both[1]->nullable;
  }
  DataType type = args[0]->type;
  return ExprPtr(Make(call, std::move(function), std::move(args), std::move(type), nullable));
}
Result<ExprPtr> Lag(const FunctionCall& call, const FunctionContext& context) { return Offset(call, context, "lag"); }
Result<ExprPtr> Lead(const FunctionCall& call, const FunctionContext& context) { return Offset(call, context, "lead"); }

Result<ExprPtr> NthValue(const FunctionCall& call, const FunctionContext&) {
  ASSIGN_OR_RETURN(auto n, LiteralInt(call, 1, "offset"));
  if (!n || *n <= 0) {
    return Error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", "\"" + CallSql(call) + "\""},
                                                          {"exprName", "offset"},
                                                          {"valueRange", "(0, 9223372036854775807]"},
                                                          {"currentValue", n ? std::to_string(*n) + "L" : "NULL"}});
  }
  auto node = Make(call, "nth_value", {call.args[0], engine::MakeLong(*n)}, call.args[0]->type, true);
  if (call.args.size() == 3) {
    const bool* flag =
        engine::IsLiteral(call.args[2]) ? std::get_if<bool>(&call.args[2]->As<engine::Literal>().value.v) : nullptr;
    if (flag == nullptr) return UnexpectedInputType(call, 2, "\"BOOLEAN\"");
    node->ignore_nulls = node->ignore_nulls || *flag;
  }
  return ExprPtr(node);
}

}  // namespace

std::span<const FunctionRow> WindowFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      WindowRow("row_number", {}, 0, 0, RowNumber, "2.0.0", "The number of the row in its partition."),
      WindowRow("rank", {}, 0, -1, Rank, "2.0.0", "The rank, with gaps after ties."),
      WindowRow("dense_rank", {}, 0, -1, DenseRank, "2.0.0", "The rank, without gaps."),
      WindowRow("percent_rank", {}, 0, -1, PercentRank, "2.0.0", "The relative rank between 0 and 1."),
      WindowRow("cume_dist", {}, 0, 0, CumeDist, "2.0.0", "The share of rows up to the current one."),
      WindowRow("ntile", {}, 0, 1, Ntile, "2.0.0", "The bucket of n even buckets."),
      WindowRow("lag", {}, 1, 3, Lag, "2.0.0", "The value some rows before."),
      WindowRow("lead", {}, 1, 3, Lead, "2.0.0", "The value some rows after."),
      WindowRow("nth_value", {}, 2, 3, NthValue, "3.1.0", "The n-th value of the frame."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
