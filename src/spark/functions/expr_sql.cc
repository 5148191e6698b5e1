// The SQL text of typed expressions, for error messages.
#include <chrono>
#include <cmath>
#include <cstdio>

#include "base/json_writer.h"
#include "engine/plan/python.h"
#include "spark/functions/coercion.h"

namespace deltic::spark::functions {
namespace {

thread_local std::function<std::string(engine::ColumnId)> column_name;
// Literals as in column names (abc, 1.5) instead of as SQL ('abc', 1.5D): Spark's toPrettySQL.
thread_local bool pretty_literals = false;

class ScopedPrettyLiterals {
 public:
  ScopedPrettyLiterals() : previous_(std::exchange(pretty_literals, true)) {}
  ~ScopedPrettyLiterals() { pretty_literals = previous_; }
  ScopedPrettyLiterals(const ScopedPrettyLiterals&) = delete;
  ScopedPrettyLiterals& operator=(const ScopedPrettyLiterals&) = delete;

 private:
  const bool previous_;
};

constexpr int kMaxDepth = 64;

// Engine functions that Spark writes as operators.
constexpr std::pair<std::string_view, std::string_view> kOperators[] = {
    {"spark_add", "+"},
    {"spark_subtract", "-"},
    {"spark_multiply", "*"},
    {"spark_divide", "/"},
    {"spark_remainder", "%"},
    {"spark_int_divide", "div"},
    {"and", "AND"},
    {"or", "OR"},
    {"=", "="},
    {"<>", "="},
    {"<", "<"},
    {"<=", "<="},
    {">", ">"},
    {">=", ">="},
    {"<=>", "<=>"},
    {"spark_bit_and", "&"},
    {"spark_bit_or", "|"},
    {"spark_bit_xor", "^"},
};

// Spark's names of functions as users call them, when they are printed infix.
bool IsOperatorName(std::string_view name) {
  for (std::string_view op : {"+",  "-",   "*",  "/",  "%", "=", "==", "<",   "<=", ">",
                              ">=", "<=>", "!=", "<>", "&", "|", "^",  "and", "or", "div"}) {
    if (name == op) return true;
  }
  return false;
}

// Kernels of operators have the type and mode after the operator's name: spark_add_long_ansi.
std::string OperatorOf(std::string_view function) {
  for (const auto& [engine_name, op] : kOperators) {
    if (engine_name == function) return std::string(op);
    bool typed = engine_name.starts_with("spark_") && function.starts_with(engine_name) &&
                 function.size() > engine_name.size() && function[engine_name.size()] == '_';
    if (typed) return std::string(op);
  }
  return {};
}

std::string DecimalText(engine::Int128 unscaled, int scale) {
  bool negative = unscaled < 0;
  std::string digits;
  unsigned __int128 v = negative ? -static_cast<unsigned __int128>(unscaled) : static_cast<unsigned __int128>(unscaled);
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(v % 10)));
    v /= 10;
  } while (v != 0 || static_cast<int>(digits.size()) <= scale);
  if (scale > 0) digits.insert(digits.size() - static_cast<size_t>(scale), ".");
  return (negative ? "-" : "") + digits;
}

std::string QuoteText(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// yyyy-MM-dd of days since 1970-01-01.
std::string DateText(int64_t days) {
  std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  char text[32];
  std::snprintf(text, sizeof(text), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

std::string LiteralSql(const engine::Literal& literal) {
  const auto& v = literal.value.v;
  if (pretty_literals && !literal.type.Is(TypeId::kBinary)) {
    if (literal.value.IsNull()) return "NULL";
    if (const auto* s = std::get_if<std::string>(&v)) return *s;
    if (const auto* d = std::get_if<engine::Int128>(&v)) return DecimalText(*d, literal.type.scale());
    if (const auto* d = std::get_if<double>(&v)) {
      return literal.type.Is(TypeId::kFloat) ? JavaFloatToString(static_cast<float>(*d)) : JavaDoubleToString(*d);
    }
    if (const auto* i = std::get_if<int64_t>(&v); i != nullptr && literal.type.IsIntegral()) return std::to_string(*i);
  }
  if (literal.value.IsNull())
    return literal.type.Is(TypeId::kNull) ? "NULL" : "CAST(NULL AS " + literal.type.Sql() + ")";
  if (const auto* b = std::get_if<bool>(&v)) return *b ? "true" : "false";
  if (const auto* s = std::get_if<std::string>(&v)) {
    if (!literal.type.Is(TypeId::kBinary)) return QuoteText(*s);
    static const char* const kHex = "0123456789ABCDEF";
    std::string out = "X'";
    for (unsigned char c : *s) {
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
    return out + "'";
  }
  if (const auto* d = std::get_if<double>(&v)) {
    if (literal.type.Is(TypeId::kFloat)) return "CAST(" + JavaFloatToString(static_cast<float>(*d)) + " AS FLOAT)";
    if (std::isnan(*d) || std::isinf(*d)) return "CAST('" + JavaDoubleToString(*d) + "' AS DOUBLE)";
    return JavaDoubleToString(*d) + "D";
  }
  if (const auto* d = std::get_if<engine::Int128>(&v)) return DecimalText(*d, literal.type.scale()) + "BD";
  if (const auto* i = std::get_if<int64_t>(&v)) {
    switch (literal.type.id()) {
      case TypeId::kDate: return "DATE '" + DateText(*i) + "'";
      case TypeId::kByte: return std::to_string(*i) + "Y";
      case TypeId::kShort: return std::to_string(*i) + "S";
      case TypeId::kLong: return std::to_string(*i) + "L";
      default: return std::to_string(*i);
    }
  }
  return literal.type.Sql();
}

std::string Render(const ExprPtr& expr, int depth);

std::string Joined(const std::vector<ExprPtr>& args, int depth) {
  std::string out;
  for (size_t i = 0; i < args.size(); ++i) out += (i > 0 ? ", " : "") + Render(args[i], depth);
  return out;
}

std::string CallText(const engine::Call& call, int depth) {
  std::string op = OperatorOf(call.function);
  if (!op.empty() && call.args.size() == 2) {
    std::string text = "(" + Render(call.args[0], depth) + " " + op + " " + Render(call.args[1], depth) + ")";
    return call.function == "<>" ? "(NOT " + text + ")" : text;
  }
  if (call.function == "not") return "(NOT " + Joined(call.args, depth) + ")";
  if (call.function == "isnull") return "(" + Joined(call.args, depth) + " IS NULL)";
  if (call.function == "isnotnull") return "(" + Joined(call.args, depth) + " IS NOT NULL)";
  if (call.function == "in" && !call.args.empty()) {
    std::vector<ExprPtr> rest(call.args.begin() + 1, call.args.end());
    return "(" + Render(call.args[0], depth) + " IN (" + Joined(rest, depth) + "))";
  }
  if (call.function == "struct_field" && call.args.size() == 2 && engine::IsLiteral(call.args[1])) {
    const auto* name = std::get_if<std::string>(&call.args[1]->As<engine::Literal>().value.v);
    return Render(call.args[0], depth) + "." + (name != nullptr ? *name : std::string());
  }
  std::string_view name = call.function;
  if (name == "list_value") name = "array";
  if (name.starts_with("spark_")) name.remove_prefix(6);
  if (name.ends_with("_ansi")) name.remove_suffix(5);
  return std::string(name) + "(" + Joined(call.args, depth) + ")";
}

std::string CaseText(const engine::Case& node, int depth) {
  std::string out = "CASE";
  for (const auto& [when, then] : node.branches) {
    out += " WHEN " + Render(when, depth) + " THEN " + Render(then, depth);
  }
  if (node.otherwise) out += " ELSE " + Render(node.otherwise, depth);
  return out + " END";
}

std::string Render(const ExprPtr& expr, int depth) {
  if (depth > kMaxDepth) return "...";
  switch (expr->kind) {
    case engine::ExprKind::kLiteral: return LiteralSql(expr->As<engine::Literal>());
    case engine::ExprKind::kColumn: {
      std::string name = column_name ? column_name(expr->As<engine::ColumnExpr>().id) : std::string();
      return name.empty() ? "col" + std::to_string(expr->As<engine::ColumnExpr>().id) : name;
    }
    case engine::ExprKind::kCall: return CallText(expr->As<engine::Call>(), depth + 1);
    case engine::ExprKind::kCast:
      return std::string(expr->As<engine::Cast>().mode == engine::CastMode::kTry ? "TRY_CAST(" : "CAST(") +
             Render(expr->As<engine::Cast>().child, depth + 1) + " AS " + expr->type.Sql() + ")";
    case engine::ExprKind::kCase: return CaseText(expr->As<engine::Case>(), depth + 1);
    case engine::ExprKind::kAggregate: {
      const auto& a = expr->As<engine::Aggregate>();
      return a.function + "(" + (a.distinct ? "DISTINCT " : "") + Joined(a.args, depth + 1) + ")";
    }
    case engine::ExprKind::kWindow: {
      const auto& w = expr->As<engine::WindowExpr>();
      return w.function + "(" + Joined(w.args, depth + 1) + ")";
    }
    case engine::ExprKind::kLambda: {
      const auto& lambda = expr->As<engine::Lambda>();
      std::string out = "lambdafunction(" + Render(lambda.body, depth + 1);
      for (size_t i = 0; i < lambda.params.size(); i++) out += ", namedlambdavariable()";
      return out + ")";
    }
    case engine::ExprKind::kLambdaVariable: return "namedlambdavariable()";
    case engine::ExprKind::kSubquery:
      return expr->As<engine::Subquery>().subquery_kind == engine::Subquery::Kind::kExists ? "exists()"
                                                                                           : "scalarsubquery()";
    case engine::ExprKind::kPythonUdf: {
      const auto& udf = expr->As<engine::PythonUdf>();
      return udf.function->name + "(" + Joined(udf.args, depth + 1) + ")";
    }
  }
  return {};
}

}  // namespace

ScopedColumnNames::ScopedColumnNames(std::function<std::string(engine::ColumnId)> name_of)
    : previous_(std::exchange(column_name, std::move(name_of))) {}
ScopedColumnNames::~ScopedColumnNames() { column_name = std::move(previous_); }

std::string ExprSql(const ExprPtr& expr) { return Render(expr, 0); }

std::string CallSql(const FunctionCall& call) {
  const ScopedPrettyLiterals pretty;
  std::string name = types::ToLower(call.name);
  if (IsOperatorName(name) && call.args.size() == 2) {
    std::string op = name == "and" || name == "or" ? (name == "and" ? "AND" : "OR") : name;
    if (op == "==") op = "=";
    return "(" + Render(call.args[0], 1) + " " + op + " " + Render(call.args[1], 1) + ")";
  }
  if (name == "-" && call.args.size() == 1) return "(- " + Render(call.args[0], 1) + ")";
  if (name == "not" || name == "!") return "(NOT " + Joined(call.args, 1) + ")";
  return name + "(" + (call.distinct ? "DISTINCT " : "") + Joined(call.args, 1) + ")";
}

}  // namespace deltic::spark::functions
