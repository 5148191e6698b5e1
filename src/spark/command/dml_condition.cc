#include "spark/command/dml_condition.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/json_writer.h"
#include "spark/catalog/partition_value.h"
#include "spark/functions/coercion.h"
#include "spark/functions/registry.h"
#include "spark/resolve/tree.h"
#include "spark/sql/catalyst_text.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::command {
namespace {

using engine::ExprKind;
using engine::ExprPtr;
using types::TypeId;

constexpr int kMaxDepth = 64;

bool IsRandom(const ExprPtr& expr) {
  if (expr->kind == ExprKind::kPythonUdf) return !expr->As<engine::PythonUdf>().function->deterministic;
  if (expr->kind != ExprKind::kCall) return false;
  const std::string& name = expr->As<engine::Call>().function;
  return name == "uuid" || name == "spark_shuffle" || name == "spark_monotonically_increasing_id" ||
         name.starts_with("spark_rand");
}

std::string Quoted(const plan::Expression& written) { return "\"" + sql::PrettySql(written) + "\""; }

// The aggregates and windows in an expression, which operators that change rows do not evaluate.
std::string SpecialExpressions(const plan::ExpressionPtr& written) {
  std::string out;
  sql::ForEachExpression(written, [&](const plan::Expression& node) {
    bool special = node.kind == plan::ExpressionKind::kWindow;
    if (node.kind == plan::ExpressionKind::kFunction) {
      const auto* row = functions::FindFunction(node.As<plan::UnresolvedFunction>().name);
      special = row != nullptr && row->kind == functions::FunctionKind::kAggregate;
    }
    if (special) out = Quoted(node) + (out.empty() ? "" : ", " + out);  // the walk is from right to left
  });
  return out.empty() ? Quoted(*written) : out;
}

// How `written` spells the columns of `expr`, which was bound from it: both name the same columns in the same order.
std::map<const engine::Expr*, std::string> Spellings(const ExprPtr& expr, const std::vector<engine::Column>& columns,
                                                     const plan::ExpressionPtr& written) {
  std::map<const engine::Expr*, std::string> out;
  if (written == nullptr) return out;
  std::vector<std::vector<std::string>> names;
  sql::ForEachExpression(written, [&](const plan::Expression& node) {
    if (node.kind == plan::ExpressionKind::kAttribute) names.push_back(node.As<plan::UnresolvedAttribute>().parts);
  });
  std::reverse(names.begin(), names.end());  // the walk is from right to left
  size_t next = 0;
  const bool differ = resolve::Any(expr, [&](const ExprPtr& e) {
    if (e->kind != ExprKind::kColumn) return false;
    const auto column = std::find_if(columns.begin(), columns.end(),
                                     [&](const auto& c) { return c.id == e->As<engine::ColumnExpr>().id; });
    if (column == columns.end() || next >= names.size()) return true;
    for (const auto& part : names[next]) {
      if (types::EqualsIgnoreCase(part, column->name)) out[e.get()] = part;
    }
    next++;
    return false;
  });
  return !differ && next == names.size() ? out : std::map<const engine::Expr*, std::string>();
}

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
  Printer(const std::vector<engine::Column>& columns, std::map<const engine::Expr*, std::string> spelled)
      : columns_(columns), spelled_(std::move(spelled)) {}

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
      case ExprKind::kPythonUdf: {  // with the id of its result
        const auto& udf = expr->As<engine::PythonUdf>();
        return udf.function->name + "(" + Joined(udf.args, 0, ", ", depth) + ")#" +
               std::to_string(engine::FreshColumnId()) + (udf.type.Is(TypeId::kLong) ? "L" : "");
      }
      default: return functions::ExprSql(expr);
    }
  }

 private:
  std::string ColumnText(const engine::ColumnExpr& ref) const {
    const auto it = std::find_if(columns_.begin(), columns_.end(), [&](const auto& c) { return c.id == ref.id; });
    const auto spelled = spelled_.find(&ref);
    const std::string name = spelled != spelled_.end() ? spelled->second : it == columns_.end() ? "col" : it->name;
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
    if ((name == "spark_getitem" || name == "spark_map_get") && call.args.size() >= 2) {
      return Print(call.args[0], depth + 1) + "[" + Print(call.args[1], depth + 1) + "]";
    }
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
  const std::map<const engine::Expr*, std::string> spelled_;
};

}  // namespace

Status CheckRowExpression(const ExprPtr& expr, const plan::ExpressionPtr& written) {
  if (resolve::HasAggregate(expr) || resolve::HasWindow(expr)) {
    return Error("UNSUPPORTED_EXPR_FOR_OPERATOR", {{"invalidExprSqls", SpecialExpressions(written)}});
  }
  return Status::Ok();
}

bool HasRandom(const ExprPtr& expr) { return expr != nullptr && resolve::Any(expr, IsRandom); }

Status RandomExpressions(const std::vector<std::string>& shown) {
  std::string list;
  for (const auto& text : shown) list += (list.empty() ? "\"" : ", \"") + text + "\"";
  return Error("INVALID_NON_DETERMINISTIC_EXPRESSIONS", {{"sqlExprs", list}});
}

std::string ConditionSql(const ExprPtr& expr, const std::vector<engine::Column>& columns) {
  const functions::ScopedColumnNames names([&](engine::ColumnId id) -> std::string {
    const auto column = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.id == id; });
    if (column == columns.end()) return {};
    std::string out;
    for (const auto& part : column->qualifier) out += types::QuoteIfNeeded(part) + ".";
    return out + types::QuoteIfNeeded(column->name);
  });
  // A subquery shows what it takes from outside, not itself.
  const ExprPtr shown = resolve::Rewrite(expr, [&](const ExprPtr& e) -> ExprPtr {
    if (e->kind != ExprKind::kSubquery) return nullptr;
    const auto& subquery = e->As<engine::Subquery>();
    const auto alone = std::make_shared<engine::Subquery>(subquery.subquery_kind, subquery.plan, std::vector<ExprPtr>(),
                                                          subquery.type, subquery.nullable);
    std::set<engine::ColumnId> used;
    resolve::CollectColumnIds(alone, &used);
    std::vector<ExprPtr> outer;
    for (const auto& column : columns) {
      if (used.contains(column.id)) outer.push_back(resolve::ColumnRef(column));
    }
    switch (subquery.subquery_kind) {
      case engine::Subquery::Kind::kExists: return engine::MakeCall("exists", std::move(outer), e->type, false);
      case engine::Subquery::Kind::kScalar: return engine::MakeCall("scalarsubquery", std::move(outer), e->type, true);
      case engine::Subquery::Kind::kIn: break;
    }
    std::vector<ExprPtr> args = subquery.tests;
    args.push_back(engine::MakeCall("listquery", std::move(outer), e->type, true));
    return engine::MakeCall("in", std::move(args), e->type, true);
  });
  return functions::ExprSql(shown);
}

Result<ExprPtr> BindCondition(resolve::Resolver* resolver, const plan::ExpressionPtr& condition,
                              const engine::RelPtr& columns, const std::string& operation) {
  if (condition == nullptr) return ExprPtr();
  ASSIGN_OR_RETURN(ExprPtr bound, resolver->ResolveExpression(condition, columns));
  if (resolve::HasSubquery(bound)) {
    return Error("DELTA_UNSUPPORTED_SUBQUERY",
                 {{"operation", operation}, {"cond", ConditionSql(bound, columns->output)}});
  }
  RETURN_IF_ERROR(CheckRowExpression(bound, condition));
  if (bound->type.Is(TypeId::kBoolean)) return bound;
  // An untyped NULL too: delta-spark filters the table's files by it.
  return Error(
      "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
      {{"sqlExpr", Quoted(*condition)}, {"filter", Quoted(*condition)}, {"type", "\"" + bound->type.Sql() + "\""}});
}

ExprPtr FoldConstants(engine::Engine* engine, const ExprPtr& expr) {
  if (expr == nullptr) return expr;
  return resolve::Rewrite(expr, [&](const ExprPtr& e) -> ExprPtr {
    const bool computed = e->kind == ExprKind::kCall || e->kind == ExprKind::kCast || e->kind == ExprKind::kCase;
    const bool open = resolve::Any(e, [](const ExprPtr& inner) {
      return inner->kind == ExprKind::kColumn || inner->kind == ExprKind::kSubquery ||
             inner->kind == ExprKind::kLambdaVariable || inner->kind == ExprKind::kPythonUdf || IsRandom(inner);
    });
    if (!computed || open || e->type.IsNested()) return nullptr;
    const auto row = engine->Collect(
        std::make_shared<engine::ProjectRel>(
            std::make_shared<engine::OneRowRel>(),
            std::vector<engine::Column>{{engine::FreshColumnId(), "constant", e->type, true}}, std::vector<ExprPtr>{e}),
        {}, 1);
    if (!row.ok() || row->size() != 1) return nullptr;
    return std::make_shared<engine::Literal>((*row)[0][0], e->type);
  });
}

std::string PredicateText(const ExprPtr& expr, const std::vector<engine::Column>& columns,
                          const plan::ExpressionPtr& written) {
  return Printer(columns, Spellings(expr, columns, written)).Print(expr, 0);
}

std::string PredicateList(const ExprPtr& expr, const std::vector<engine::Column>& columns,
                          const plan::ExpressionPtr& written) {
  JsonWriter json;
  json.BeginArray();
  if (expr != nullptr) json.String(PredicateText(expr, columns, written));
  return json.EndArray().Take();
}

}  // namespace deltic::spark::command
