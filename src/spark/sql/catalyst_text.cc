#include "spark/sql/catalyst_text.h"

#include <map>
#include <vector>

#include "spark/sql/pretty.h"

namespace deltic::spark::sql {
namespace {

using plan::Expression;
using plan::ExpressionKind;
using plan::ExpressionPtr;

std::vector<ExpressionPtr> ChildrenOf(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kFunction: return expression.As<plan::UnresolvedFunction>().args;
    case ExpressionKind::kAlias: return {expression.As<plan::Alias>().child};
    case ExpressionKind::kCast: return {expression.As<plan::Cast>().child};
    case ExpressionKind::kSortOrder: return {expression.As<plan::SortOrder>().child};
    case ExpressionKind::kLambda: return {expression.As<plan::LambdaFunction>().body};
    case ExpressionKind::kExtractValue: {
      const auto& extract = expression.As<plan::UnresolvedExtractValue>();
      return {extract.child, extract.extraction};
    }
    case ExpressionKind::kUpdateFields: {
      const auto& update = expression.As<plan::UpdateFields>();
      return {update.child, update.value};
    }
    case ExpressionKind::kNamedArgument: return {expression.As<plan::NamedArgument>().value};
    case ExpressionKind::kSubquery: return expression.As<plan::SubqueryExpression>().values;
    default: return {};
  }
}

std::string Join(const std::vector<ExpressionPtr>& items, size_t first) {
  std::string out;
  for (size_t i = first; i < items.size(); i++) out += (i == first ? "" : ",") + CatalystText(*items[i]);
  return out;
}

std::string FunctionText(const plan::UnresolvedFunction& function) {
  static const std::map<std::string, std::string> kOperators = {
      {"+", "+"},     {"-", "-"},   {"*", "*"}, {"/", "/"},   {"%", "%"},   {"div", "div"},
      {"=", "="},     {"<", "<"},   {">", ">"}, {"<=", "<="}, {">=", ">="}, {"<=>", "<=>"},
      {"and", "AND"}, {"or", "OR"}, {"&", "&"}, {"|", "|"},   {"^", "^"}};
  const std::string name = types::ToLower(function.name);
  const auto& args = function.args;
  const auto found = kOperators.find(name);
  if (found != kOperators.end() && args.size() == 2) {
    return "(" + CatalystText(*args[0]) + " " + found->second + " " + CatalystText(*args[1]) + ")";
  }
  if ((name == "!=" || name == "<>") && args.size() == 2) {
    return "NOT (" + CatalystText(*args[0]) + " = " + CatalystText(*args[1]) + ")";
  }
  if (name == "not" && args.size() == 1) return "NOT " + CatalystText(*args[0]);
  if (name == "in" && !args.empty()) return CatalystText(*args[0]) + " IN (" + Join(args, 1) + ")";
  if ((name == "like" || name == "ilike") && args.size() >= 2) {
    if (name == "like") return CatalystText(*args[0]) + " LIKE " + CatalystText(*args[1]);
    return "ilike(" + CatalystText(*args[0]) + ", " + CatalystText(*args[1]) + ")";
  }
  if ((name == "isnull" || name == "isnotnull") && args.size() == 1) return name + "(" + CatalystText(*args[0]) + ")";
  if ((name == "negative" || name == "-") && args.size() == 1) return "-" + CatalystText(*args[0]);
  std::string out = "'" + function.name + "(";
  for (size_t i = 0; i < args.size(); i++) out += (i == 0 ? "" : ", ") + CatalystText(*args[i]);
  return out + ")";
}

}  // namespace

std::string CatalystText(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kLiteral: {
      const auto& literal = expression.As<plan::Literal>();
      if (literal.value.IsNull()) return "null";
      if (literal.type.IsString()) return std::get<std::string>(literal.value.v);
      if (literal.type.Is(types::TypeId::kBoolean)) return std::get<bool>(literal.value.v) ? "true" : "false";
      std::string text = PrettyLiteral(literal.value, literal.type);
      // DATE '2020-01-01' and TIMESTAMP '…' show as their values.
      const size_t quote = text.find('\'');
      if ((text.starts_with("DATE") || text.starts_with("TIMESTAMP")) && quote != std::string::npos)
        return text.substr(quote + 1, text.size() - quote - 2);
      return text;
    }
    case ExpressionKind::kAttribute: {
      std::string out = "'";
      const auto& parts = expression.As<plan::UnresolvedAttribute>().parts;
      for (size_t i = 0; i < parts.size(); i++) {
        const bool dotted = parts[i].find('.') != std::string::npos;
        out += (i == 0 ? "" : ".") + (dotted ? types::QuoteIdentifier(parts[i]) : parts[i]);
      }
      return out;
    }
    case ExpressionKind::kFunction: return FunctionText(expression.As<plan::UnresolvedFunction>());
    case ExpressionKind::kCast: {
      const auto& cast = expression.As<plan::Cast>();
      const std::string type = cast.type_text.empty() ? cast.type.SimpleString() : cast.type_text;
      return "cast(" + CatalystText(*cast.child) + " as " + type + ")";
    }
    default: return PrettySql(expression);
  }
}

void ForEachExpression(const ExpressionPtr& expression, const std::function<void(const Expression&)>& each) {
  std::vector<ExpressionPtr> stack{expression};
  while (!stack.empty()) {
    const ExpressionPtr next = stack.back();
    stack.pop_back();
    if (next == nullptr) continue;
    each(*next);
    for (const auto& child : ChildrenOf(*next)) stack.push_back(child);
  }
}

}  // namespace deltic::spark::sql
