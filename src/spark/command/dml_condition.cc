#include "spark/command/dml_condition.h"

#include <algorithm>

#include "base/json_writer.h"
#include "spark/catalog/partition_value.h"
#include "spark/functions/coercion.h"
#include "spark/resolve/tree.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::command {
namespace {

using engine::ExprKind;
using engine::ExprPtr;
using types::TypeId;

constexpr int kMaxDepth = 64;

bool IsRandom(const ExprPtr& expr) {
  if (expr->kind != ExprKind::kCall) return false;
  const std::string& name = expr->As<engine::Call>().function;
  return name == "uuid" || name == "spark_shuffle" || name == "spark_monotonically_increasing_id" ||
         name.starts_with("spark_rand");
}

std::string Quoted(const plan::ExpressionPtr& written) { return "\"" + sql::PrettySql(*written) + "\""; }

// Operators by the engine's name; kernels have the type behind it (spark_add_long_ansi).
constexpr std::pair<std::string_view, std::string_view> kOperators[] = {{"spark_add", "+"},
                                                                        {"spark_subtract", "-"},
                                                                        {"spark_multiply", "*"},
                                                                        {"spark_divide", "/"},
                                                                        {"and", "AND"},
                                                                        {"spark_remainder", "%"},
                                                                        {"or", "OR"},
                                                                        {"spark_int_divide", "div"},
                                                                        {"=", "="},
                                                                        {"<=>", "<=>"},
                                                                        {"<", "<"},
                                                                        {"<=", "<="},
                                                                        {">", ">"},
                                                                        {">=", ">="},
                                                                        {"spark_bit_and", "&"},
                                                                        {"spark_bit_or", "|"},
                                                                        {"+", "+"},
                                                                        {"-", "-"},
                                                                        {"*", "*"},
                                                                        {"%", "%"},
                                                                        {"/", "/"},
                                                                        {"spark_bit_xor", "^"}};

std::string_view OperatorOf(std::string_view function) {
  for (const auto& [name, op] : kOperators) {
    if (function == name) return op;
    const bool kernel = name.starts_with("spark_") && function.starts_with(name) && function[name.size()] == '_';
    if (kernel) return op;
  }
  return {};
}

std::string DecimalText(engine::Int128 unscaled, int scale) {
  const bool negative = unscaled < 0;
  auto v = negative ? -static_cast<unsigned __int128>(unscaled) : static_cast<unsigned __int128>(unscaled);
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(v % 10)));
    v /= 10;
  } while (v != 0 || static_cast<int>(digits.size()) <= scale);
  if (scale > 0) digits.insert(digits.size() - static_cast<size_t>(scale), ".");
  return (negative ? "-" : "") + digits;
}

class Printer {
 public:
  explicit Printer(const std::vector<engine::Column>& columns) : columns_(columns) {}

  std::string Print(const ExprPtr& expr, int depth) const {
    if (depth > kMaxDepth) return "...";
    switch (expr->kind) {
      case ExprKind::kLiteral: return LiteralText(expr->As<engine::Literal>());
      case ExprKind::kColumn: return ColumnText(expr->As<engine::ColumnExpr>());
      case ExprKind::kCall: return CallText(expr->As<engine::Call>(), depth);
      case ExprKind::kCast:
        return "cast(" + Print(expr->As<engine::Cast>().child, depth + 1) + " as " + expr->type.SimpleString() + ")";
      case ExprKind::kCase: return CaseText(expr->As<engine::Case>(), depth);
      case ExprKind::kSubquery: return SubqueryText(expr->As<engine::Subquery>(), depth);
      default: return functions::ExprSql(expr);
    }
  }

 private:
  std::string ColumnText(const engine::ColumnExpr& ref) const {
    const auto it = std::find_if(columns_.begin(), columns_.end(), [&](const auto& c) { return c.id == ref.id; });
    const std::string name = it == columns_.end() ? "col" : it->name;
    return name + "#" + std::to_string(ref.id) + (ref.type.Is(TypeId::kLong) ? "L" : "");
  }

  static std::string LiteralText(const engine::Literal& literal) {
    const auto& v = literal.value.v;
    if (const auto* b = std::get_if<bool>(&v)) return *b ? "true" : "false";
    if (const auto* s = std::get_if<std::string>(&v)) return *s;
    if (const auto* d = std::get_if<double>(&v)) {
      return literal.type.Is(TypeId::kFloat) ? JavaFloatToString(static_cast<float>(*d)) : JavaDoubleToString(*d);
    }
    if (const auto* d = std::get_if<engine::Int128>(&v)) return DecimalText(*d, literal.type.scale());
    if (const auto* i = std::get_if<int64_t>(&v)) {
      if (literal.type.Is(TypeId::kDate)) return catalog::FormatDate(*i);
      const bool timestamp = literal.type.Is(TypeId::kTimestamp) || literal.type.Is(TypeId::kTimestampNtz);
      return timestamp ? catalog::FormatTimestamp(*i) : std::to_string(*i);
    }
    if (literal.value.IsNull()) return "null";
    return sql::PrettyLiteral(literal.value, literal.type);
  }

  std::string Joined(const std::vector<ExprPtr>& args, size_t from, const char* separator, int depth) const {
    std::string out;
    for (size_t i = from; i < args.size(); i++) out += (i == from ? "" : separator) + Print(args[i], depth + 1);
    return out;
  }

  std::string Not(const ExprPtr& child, int depth) const {
    static constexpr std::pair<std::string_view, const char*> kOpposite[] = {
        {"<", ">="}, {"<=", ">"}, {">", "<="}, {">=", "<"}};
    if (child->kind == ExprKind::kCall) {
      const auto& call = child->As<engine::Call>();
      for (const auto& [name, opposite] : kOpposite) {
        if (call.function != name) continue;
        return "(" + Print(call.args[0], depth + 1) + " " + opposite + " " + Print(call.args[1], depth + 1) + ")";
      }
      if (call.function == "isnull") return "isnotnull(" + Print(call.args[0], depth + 1) + ")";
      if (call.function == "isnotnull") return "isnull(" + Print(call.args[0], depth + 1) + ")";
      if (call.function == "not") return Print(call.args[0], depth + 1);
      if (call.function == "and" || call.function == "or") {  // De Morgan, as the optimizer
        std::string out = Not(call.args[0], depth + 1);
        const std::string op = call.function == "and" ? " OR " : " AND ";
        for (size_t i = 1; i < call.args.size(); i++) out = "(" + out + op + Not(call.args[i], depth + 1) + ")";
        return out;
      }
    }
    return "NOT " + Print(child, depth + 1);
  }

  // LIKE with wildcards at the ends only reads as a call.
  std::string LikeText(const engine::Call& call, int depth) const {
    const std::string input = Print(call.args[0], depth + 1);
    const std::string pattern = Print(call.args[1], depth + 1);
    if (engine::IsLiteral(call.args[1]) && pattern.find_first_of("_\\") == std::string::npos) {
      const size_t first = pattern.find('%');
      const size_t count = static_cast<size_t>(std::count(pattern.begin(), pattern.end(), '%'));
      if (first == std::string::npos) return "(" + input + " = " + pattern + ")";
      if (pattern.size() > 1 && count == 1 && first + 1 == pattern.size()) {
        return "StartsWith(" + input + ", " + pattern.substr(0, first) + ")";
      }
      if (pattern.size() > 1 && count == 1 && first == 0) return "EndsWith(" + input + ", " + pattern.substr(1) + ")";
      if (pattern.size() > 2 && count == 2 && first == 0 && pattern.back() == '%') {
        return "Contains(" + input + ", " + pattern.substr(1, pattern.size() - 2) + ")";
      }
    }
    return input + " LIKE " + pattern;
  }

  std::string CallText(const engine::Call& call, int depth) const {
    const std::string& name = call.function;
    const auto op = OperatorOf(name);
    if (!op.empty() && call.args.size() >= 2) {
      std::string out = Print(call.args[0], depth + 1);
      for (size_t i = 1; i < call.args.size(); i++) {
        out = "(" + out + " " + std::string(op) + " " + Print(call.args[i], depth + 1) + ")";
      }
      return out;
    }
    if (name == "<>") return "NOT (" + Print(call.args[0], depth + 1) + " = " + Print(call.args[1], depth + 1) + ")";
    if (name == "not") return Not(call.args[0], depth);
    if (name == "in" && call.args.size() == 2) {
      return "(" + Print(call.args[0], depth + 1) + " = " + Print(call.args[1], depth + 1) + ")";
    }
    if (name == "in") return Print(call.args[0], depth + 1) + " IN (" + Joined(call.args, 1, ",", depth) + ")";
    if ((name == "spark_like" || name == "~~") && call.args.size() >= 2) return LikeText(call, depth);
    if (name == "struct_field") return Print(call.args[0], depth + 1) + "." + Print(call.args[1], depth + 1);
    std::string_view shown = name;
    if (shown.starts_with("spark_negate") || shown.starts_with("spark_negative")) {
      return "-" + Joined(call.args, 0, ", ", depth);
    }
    if (shown.starts_with("spark_")) shown.remove_prefix(6);
    if (shown.ends_with("_ansi")) shown.remove_suffix(5);
    return (shown == "rlike" ? std::string("RLIKE") : std::string(shown)) + "(" + Joined(call.args, 0, ", ", depth) +
           ")";
  }

  std::string CaseText(const engine::Case& node, int depth) const {
    std::string out = "CASE";
    for (const auto& [when, then] : node.branches) {
      out += " WHEN " + Print(when, depth + 1) + " THEN " + Print(then, depth + 1);
    }
    if (node.otherwise) out += " ELSE " + Print(node.otherwise, depth + 1);
    return out + " END";
  }

  std::string SubqueryText(const engine::Subquery& subquery, int depth) const {
    if (subquery.subquery_kind == engine::Subquery::Kind::kExists) return "exists()";
    if (subquery.subquery_kind == engine::Subquery::Kind::kScalar) return "scalar-subquery()";
    return Joined(subquery.tests, 0, ", ", depth) + " IN (list())";
  }

  const std::vector<engine::Column>& columns_;
};

}  // namespace

Status CheckRowExpression(const ExprPtr& expr, const plan::ExpressionPtr& written) {
  if (resolve::HasAggregate(expr) || resolve::HasWindow(expr)) {
    return Error("UNSUPPORTED_EXPR_FOR_OPERATOR", {{"invalidExprSqls", Quoted(written)}});
  }
  if (resolve::Any(expr, IsRandom)) {
    return Error("INVALID_NON_DETERMINISTIC_EXPRESSIONS", {{"sqlExprs", Quoted(written)}});
  }
  return Status::Ok();
}

Result<ExprPtr> BindCondition(resolve::Resolver* resolver, const plan::ExpressionPtr& condition,
                              const engine::RelPtr& columns) {
  if (condition == nullptr) return ExprPtr();
  ASSIGN_OR_RETURN(ExprPtr bound, resolver->ResolveExpression(condition, columns));
  if (bound->type.Is(TypeId::kNull)) bound = engine::MakeNull(TypeId::kBoolean);
  if (!bound->type.Is(TypeId::kBoolean)) {
    return Error(
        "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
        {{"sqlExpr", Quoted(condition)}, {"filter", Quoted(condition)}, {"type", "\"" + bound->type.Sql() + "\""}});
  }
  RETURN_IF_ERROR(CheckRowExpression(bound, condition));
  return bound;
}

std::string PredicateText(const ExprPtr& expr, const std::vector<engine::Column>& columns) {
  return Printer(columns).Print(expr, 0);
}

std::string PredicateList(const ExprPtr& expr, const std::vector<engine::Column>& columns) {
  JsonWriter json;
  json.BeginArray();
  if (expr != nullptr) json.String(PredicateText(expr, columns));
  return json.EndArray().Take();
}

}  // namespace deltic::spark::command
