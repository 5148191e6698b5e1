#include "spark/catalog/file_predicate.h"

#include <optional>

namespace deltic::spark::catalog {
namespace {

using delta::Constant;
using delta::Predicate;
using engine::ExprKind;
using engine::ExprPtr;
using types::TypeId;
using Op = Predicate::Op;

// Deeper conditions are not looked into.
constexpr int kMaxDepth = 64;

class Converter {
 public:
  explicit Converter(const std::function<std::string(engine::ColumnId)>& physical_name)
      : physical_name_(physical_name) {}

  Predicate Convert(const ExprPtr& expr, int depth) const {
    if (depth > kMaxDepth) return {};
    if (expr->kind == ExprKind::kLiteral) return Truth(expr->As<engine::Literal>());
    if (expr->kind != ExprKind::kCall) return {};
    const auto& call = expr->As<engine::Call>();
    if (call.function == "and" || call.function == "or") {
      std::vector<Predicate> parts;
      for (const auto& arg : call.args) parts.push_back(Convert(arg, depth + 1));
      return call.function == "and" ? Predicate::And(std::move(parts)) : Predicate::Or(std::move(parts));
    }
    if (call.function == "not") return Predicate::Not(Convert(call.args[0], depth + 1));
    if (call.function == "isnull" || call.function == "isnotnull") {
      const auto column = ColumnOf(call.args[0]);
      if (!column) return {};
      return call.function == "isnull" ? Predicate::IsNull({*column}, call.args[0]->type)
                                       : Predicate::IsNotNull({*column}, call.args[0]->type);
    }
    if (call.function == "in") return In(call);
    return Comparison(call);
  }

 private:
  static Predicate Truth(const engine::Literal& literal) {
    Predicate out;
    const auto* value = std::get_if<bool>(&literal.value.v);
    if (value != nullptr) out.op = *value ? Op::kAlways : Op::kNever;
    return out;
  }

  std::optional<std::string> ColumnOf(const ExprPtr& expr) const {
    if (expr->kind != ExprKind::kColumn) return std::nullopt;
    std::string name = physical_name_(expr->As<engine::ColumnExpr>().id);
    if (name.empty()) return std::nullopt;
    return name;
  }

  static std::optional<Constant> ConstantOf(const ExprPtr& expr) {
    if (expr->kind != ExprKind::kLiteral) return std::nullopt;
    const auto& v = expr->As<engine::Literal>().value.v;
    if (std::holds_alternative<std::monostate>(v)) return Constant::Null();
    if (const auto* b = std::get_if<bool>(&v)) return Constant::Bool(*b);
    if (const auto* i = std::get_if<int64_t>(&v)) return Constant::Int(*i);
    if (const auto* d = std::get_if<double>(&v)) return Constant::Double(*d);
    if (const auto* s = std::get_if<std::string>(&v)) {
      return expr->type.IsString() ? std::optional(Constant::String(*s)) : std::nullopt;
    }
    if (const auto* d = std::get_if<engine::Int128>(&v)) return Constant::Decimal(*d, expr->type.scale());
    return std::nullopt;
  }

  static std::optional<Op> OpOf(const std::string& function) {
    if (function == "=") return Op::kEq;
    if (function == "<>") return Op::kNe;
    if (function == "<") return Op::kLt;
    if (function == "<=") return Op::kLe;
    if (function == ">") return Op::kGt;
    if (function == ">=") return Op::kGe;
    if (function == "<=>") return Op::kNullSafeEq;
    return std::nullopt;
  }

  static Op Flipped(Op op) {
    switch (op) {
      case Op::kLt: return Op::kGt;
      case Op::kLe: return Op::kGe;
      case Op::kGt: return Op::kLt;
      case Op::kGe: return Op::kLe;
      default: return op;
    }
  }

  Predicate Comparison(const engine::Call& call) const {
    const auto op = OpOf(call.function);
    if (!op || call.args.size() != 2 || !call.args[0]->type.SameType(call.args[1]->type)) return {};
    auto column = ColumnOf(call.args[0]);
    auto constant = ConstantOf(call.args[1]);
    if (column && constant) return Predicate::Compare(*op, {*column}, call.args[0]->type, std::move(*constant));
    column = ColumnOf(call.args[1]);
    constant = ConstantOf(call.args[0]);
    if (column && constant)
      return Predicate::Compare(Flipped(*op), {*column}, call.args[1]->type, std::move(*constant));
    return {};
  }

  Predicate In(const engine::Call& call) const {
    const auto column = ColumnOf(call.args[0]);
    if (!column) return {};
    std::vector<Constant> values;
    for (size_t i = 1; i < call.args.size(); i++) {
      auto constant = ConstantOf(call.args[i]);
      if (!constant || !call.args[i]->type.SameType(call.args[0]->type)) return {};
      values.push_back(std::move(*constant));
    }
    return Predicate::In({*column}, call.args[0]->type, std::move(values));
  }

  const std::function<std::string(engine::ColumnId)>& physical_name_;
};

}  // namespace

Predicate FilePredicate(const ExprPtr& condition, const std::function<std::string(engine::ColumnId)>& physical_name) {
  return Converter(physical_name).Convert(condition, 0);
}

}  // namespace deltic::spark::catalog
