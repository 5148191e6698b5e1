// Building blocks that the function families share: arguments of a call as typed expressions and literals.
#include "spark/functions/coercion.h"
#include "spark/functions/families.h"

namespace deltic::spark::functions {

bool AnyNullable(std::span<const ExprPtr> args) {
  for (const ExprPtr& arg : args) {
    if (arg->nullable) return true;
  }
  return false;
}

ExprPtr StrictCall(std::string function, std::vector<ExprPtr> args, DataType type) {
  bool nullable = AnyNullable(args);
  return engine::MakeCall(std::move(function), std::move(args), std::move(type), nullable);
}

Result<ExprPtr> CoerceArg(const FunctionCall& call, size_t index, const DataType& to, const FunctionContext& context) {
  std::optional<ExprPtr> arg = ImplicitCast(call.args[index], to, context);
  if (!arg) return UnexpectedInputType(call, index, "\"" + to.Sql() + "\"");
  return *arg;
}

namespace {

// The literal under an argument, looking through casts between types of one family; null when it is no literal.
const engine::Literal* LiteralUnder(const ExprPtr& expr) {
  const engine::Expr* e = expr.get();
  while (e->kind == engine::ExprKind::kCast) e = e->As<engine::Cast>().child.get();
  return e->kind == engine::ExprKind::kLiteral ? &e->As<engine::Literal>() : nullptr;
}

Status NonFoldable(const FunctionCall& call, size_t index, std::string_view input_name, const DataType& type) {
  return Error("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", {{"sqlExpr", "\"" + CallSql(call) + "\""},
                                                        {"inputName", std::string(input_name)},
                                                        {"inputType", "\"" + type.Sql() + "\""},
                                                        {"inputExpr", "\"" + ExprSql(call.args[index]) + "\""}});
}

}  // namespace

Result<std::optional<int64_t>> LiteralInt(const FunctionCall& call, size_t index, std::string_view input_name) {
  const engine::Literal* literal = LiteralUnder(call.args[index]);
  if (literal == nullptr) return NonFoldable(call, index, input_name, TypeId::kInteger);
  if (literal->value.IsNull()) return std::optional<int64_t>();
  if (auto* v = std::get_if<int64_t>(&literal->value.v)) return std::optional<int64_t>(*v);
  if (auto* v = std::get_if<double>(&literal->value.v)) return std::optional<int64_t>(static_cast<int64_t>(*v));
  if (auto* v = std::get_if<engine::Int128>(&literal->value.v)) {
    engine::Int128 whole = *v;
    for (int i = 0; i < literal->type.scale(); ++i) whole /= 10;
    return std::optional<int64_t>(static_cast<int64_t>(whole));
  }
  return UnexpectedInputType(call, index, "\"INT\"");
}

Result<std::optional<std::string>> LiteralString(const FunctionCall& call, size_t index, std::string_view input_name) {
  const engine::Literal* literal = LiteralUnder(call.args[index]);
  if (literal == nullptr) return NonFoldable(call, index, input_name, TypeId::kString);
  if (literal->value.IsNull()) return std::optional<std::string>();
  if (auto* v = std::get_if<std::string>(&literal->value.v)) return std::optional<std::string>(*v);
  return UnexpectedInputType(call, index, "\"STRING\"");
}

}  // namespace deltic::spark::functions
