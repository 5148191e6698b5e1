// Operands: literals, columns, parentheses, lambdas, subqueries and Spark's special call syntax.
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {
namespace {

// A constant string as far as a parser can tell: literals, parameters that have their values, and what || and concat
// make of them.
std::optional<std::string> ConstantText(const plan::Expression& expr) {
  if (expr.kind == plan::ExpressionKind::kLiteral) {
    const auto& literal = expr.As<plan::Literal>();
    const auto* text = std::get_if<std::string>(&literal.value.v);
    return text == nullptr || !literal.type.Is(types::TypeId::kString) ? std::nullopt : std::optional(*text);
  }
  if (expr.kind != plan::ExpressionKind::kFunction) return std::nullopt;
  const auto& call = expr.As<plan::UnresolvedFunction>();
  if (!types::EqualsIgnoreCase(call.name, "concat")) return std::nullopt;
  std::string joined;
  for (const auto& argument : call.args) {
    const std::optional<std::string> part = ConstantText(*argument);
    if (!part.has_value()) return std::nullopt;
    joined += *part;
  }
  return joined;
}

}  // namespace

ExpressionPtr Parser::Primary() {
  size_t first = pos_;
  if (AtLambda()) return LambdaExpression();
  if (AtConstant()) return Constant();
  if (AtSym('(')) return Parenthesized();
  if (AtSym('*')) {
    Advance();
    auto star = std::make_shared<plan::UnresolvedStar>();
    if (At(K::kEXCEPT) && AtSym('(', 1) && !AtQueryKeyword(pos_ + 2) && !AtSym('(', 2)) {
      Advance();
      Advance();
      do {
        star->except.push_back(MultipartIdentifier());
      } while (AcceptSym(','));
      ExpectSym(')');
    }
    return Made(std::move(star), first);
  }
  // Under ANSI enforcement reserved words still have a syntax of their own (CASE, CAST, …).
  if (!AtIdentifier() && Peek().kind != TokenKind::kWord) Fail();
  return WordPrimary();
}

ExpressionPtr Parser::WordPrimary() {
  if (Peek().keyword != K::kNone) {
    bool bare_interval =
        At(K::kINTERVAL) && (Peek(1).kind == TokenKind::kInteger || Peek(1).kind == TokenKind::kDecimal);
    if (bare_interval) FailAt(std::min(pos_ + 2, tokens_.size() - 1));  // INTERVAL 1: the unit is missing
    if (ExpressionPtr special = SpecialForm()) return special;
  }
  return NameOrCall();
}

// Syntax that begins with a keyword. Most of these words are also names, so each form asks for its next token.
ExpressionPtr Parser::SpecialForm() {
  bool call = AtSym('(', 1);
  switch (Peek().keyword) {
    case K::kCASE: return CaseExpression();
    case K::kCAST:
    case K::kTRY_CAST: return call ? CastExpression() : nullptr;
    case K::kEXISTS:
      return call && AtQuery(2) ? (Advance(), SubqueryForm(plan::SubqueryExpression::Kind::kExists)) : nullptr;
    case K::kTIMESTAMPADD:
    case K::kDATEADD:
    case K::kDATE_ADD:
    case K::kTIMESTAMPDIFF:
    case K::kDATEDIFF:
    case K::kDATE_DIFF: return call ? DateArithmetic() : nullptr;
    case K::kFIRST: return call ? FirstLast("first") : nullptr;
    case K::kLAST: return call ? FirstLast("last") : nullptr;
    case K::kANY_VALUE: return call ? FirstLast("any_value") : nullptr;
    case K::kEXTRACT: return call && !AtSym(',', 3) && !AtSym(')', 3) && AtIdentifier(2) ? ExtractForm() : nullptr;
    case K::kPOSITION: return call ? PositionForm() : nullptr;
    case K::kSUBSTR:
    case K::kSUBSTRING: return call ? SubstringForm() : nullptr;
    case K::kTRIM: return call ? TrimForm() : nullptr;
    case K::kOVERLAY: return call ? OverlayForm() : nullptr;
    case K::kPERCENTILE_CONT:
    case K::kPERCENTILE_DISC: return call ? PercentileForm() : nullptr;
    case K::kIDENTIFIER: return call ? IdentifierForm() : nullptr;
    case K::kCURRENT_DATE:
    case K::kCURRENT_TIMESTAMP:
    case K::kCURRENT_USER:
    case K::kUSER: {
      if (call || AtSym('.', 1)) return nullptr;
      size_t first = pos_;
      std::vector<std::string> parts = {std::string(Text(Peek()))};
      Advance();
      return Made(std::make_shared<plan::UnresolvedAttribute>(std::move(parts)), first);
    }
    default: return nullptr;
  }
}

// (query), (expression), (a, b) or (a AS x, b).
ExpressionPtr Parser::Parenthesized() {
  size_t first = pos_;
  Depth depth(this);
  if (AtQuery(1)) return SubqueryForm(plan::SubqueryExpression::Kind::kScalar);
  Advance();
  Expressions items = {NamedExpression()};
  while (AcceptSym(',')) items.push_back(NamedExpression());
  if (!AtSym(')')) Fail();
  Advance();
  if (items.size() > 1) return RowConstructor(std::move(items), first);
  if (items[0]->kind == plan::ExpressionKind::kAlias) FailAt(pos_ - 2);
  return items[0];
}

// A row is a struct whose fields take the names of its columns, else col1, col2, …
ExpressionPtr Parser::RowConstructor(Expressions items, size_t first) {
  Expressions args;
  for (size_t i = 0; i < items.size(); i++) {
    std::string name = "col" + std::to_string(i + 1);
    ExpressionPtr value = items[i];
    if (value->kind == plan::ExpressionKind::kStar) return Fn("struct", std::move(items), first);
    if (value->kind == plan::ExpressionKind::kAlias) {
      name = value->As<plan::Alias>().names[0];
      value = value->As<plan::Alias>().child;
    } else if (value->kind == plan::ExpressionKind::kAttribute) {
      name = value->As<plan::UnresolvedAttribute>().parts.back();
    }
    args.push_back(StringLiteral(std::move(name), first));
    args.push_back(std::move(value));
  }
  return Fn("named_struct", std::move(args), first);
}

ExpressionPtr Parser::SubqueryForm(plan::SubqueryExpression::Kind kind) {
  size_t first = kind == plan::SubqueryExpression::Kind::kExists ? pos_ - 1 : pos_;
  ExpectSym('(');
  RelationPtr query = Query();
  if (!AtSym(')')) FailExpected("')'");
  Advance();
  return Made(std::make_shared<plan::SubqueryExpression>(kind, std::move(query)), first);
}

// x -> …  or  (x, y) -> …
bool Parser::AtLambda() const {
  if (AtIdentifier() && AtSym(Sym("->"), 1)) return true;
  if (!AtSym('(')) return false;
  size_t close = MatchingParen(pos_);
  return close != 0 && close + 1 < tokens_.size() && tokens_[close + 1].symbol == Sym("->") && close - pos_ >= 4;
}

ExpressionPtr Parser::LambdaExpression() {
  size_t first = pos_;
  Depth depth(this);
  std::vector<std::string> params;
  if (AcceptSym('(')) {
    do {
      params.push_back(Identifier());
    } while (AcceptSym(','));
    ExpectSym(')');
  } else {
    params.push_back(Identifier());
  }
  ExpectSym(Sym("->"));
  ExpressionPtr body = Expr();
  return Made(std::make_shared<plan::LambdaFunction>(std::move(body), std::move(params)), first);
}

// CASE is also a column name: CASE END is a column with an alias.
ExpressionPtr Parser::CaseExpression() {
  size_t first = pos_;
  Depth depth(this);
  if (!StartsExpression(1) || case_names_.count(first) != 0) return nullptr;
  Advance();
  ExpressionPtr operand;
  if (!(At(K::kWHEN) && StartsExpression(1))) {
    operand = Expr();
    if (!At(K::kWHEN)) {
      case_names_.insert(first);
      pos_ = first;
      return nullptr;
    }
  }
  Expressions args;
  while (Accept(K::kWHEN)) {
    size_t at = pos_;
    ExpressionPtr condition = Expr();
    if (operand != nullptr) condition = Fn("=", {operand, std::move(condition)}, at);
    Expect(K::kTHEN);
    ExpressionPtr result = Expr();
    args.push_back(std::move(condition));
    args.push_back(std::move(result));
  }
  if (Accept(K::kELSE)) args.push_back(Expr());
  Expect(K::kEND);
  return Fn("when", std::move(args), first);
}

ExpressionPtr Parser::CastExpression() {
  size_t first = pos_;
  auto mode = At(K::kTRY_CAST) ? plan::Cast::Mode::kTry : plan::Cast::Mode::kDefault;
  Advance();
  ExpectSym('(');
  ExpressionPtr child = Expr();
  if (!At(K::kAS)) Fail(AtEnd() ? "" : ": extra input '" + std::string(Text(Peek())) + "'");
  Advance();
  types::DataType type = Type();
  ExpectSym(')');
  return Made(std::make_shared<plan::Cast>(std::move(child), std::move(type), mode), first);
}

// a, a.b, a.*, f(…), db.f(…)
ExpressionPtr Parser::NameOrCall() {
  size_t first = pos_;
  if (Peek().kind == TokenKind::kWord && options_.ansi && IsAnsiReserved(Peek().keyword) && !At(K::kFILTER) &&
      !At(K::kLEFT) && !At(K::kRIGHT) && !At(K::kANY) && !At(K::kSOME)) {
    Fail();
  }
  NameParts parts;
  if (AtIdentifier()) {
    parts.push_back(Identifier());
  } else {
    parts.emplace_back(Text(Peek()));
    Advance();
  }
  while (AtSym('.')) {
    if (AtSym('*', 1)) {
      Advance();
      Advance();
      auto star = std::make_shared<plan::UnresolvedStar>();
      star->target = std::move(parts);
      if (At(K::kEXCEPT) && AtSym('(', 1) && !AtQueryKeyword(pos_ + 2) && !AtSym('(', 2)) {
        Advance();
        Advance();
        do {
          star->except.push_back(MultipartIdentifier());
        } while (AcceptSym(','));
        ExpectSym(')');
      }
      return Made(std::move(star), first);
    }
    Advance();
    parts.push_back(Identifier());
  }
  if (AtSym('(')) return FunctionCall(std::move(parts), first);
  return Made(std::make_shared<plan::UnresolvedAttribute>(std::move(parts)), first);
}

NameParts Parser::IdentifierReference() {
  if (!(At(K::kIDENTIFIER) && AtSym('(', 1))) return MultipartIdentifier();
  const size_t first = pos_;
  pos_ += 2;
  const ExpressionPtr argument = Expr();
  ExpectSym(')');
  const std::optional<std::string> name = ConstantText(*argument);
  if (!name.has_value()) {
    FailWith("UNSUPPORTED_FEATURE.IDENTIFIER_CLAUSE", {},
             "The feature is not supported: IDENTIFIER with anything but string literals, parameters and their "
             "concatenation.",
             first);
  }
  Result<NameParts> parts = ParseMultipartIdentifier(*name);
  if (!parts.ok()) ThrowStatus(parts.status());
  return *parts;
}

NameParts Parser::TableOrPath() {
  if (AtStringLit()) return {"delta", StringLit()};
  return IdentifierReference();
}

// IDENTIFIER('a.b') as a column or, before an argument list, as a function; plain IDENTIFIER(x) is a call.
ExpressionPtr Parser::IdentifierForm() {
  size_t first = pos_;
  NameParts parts = IdentifierReference();
  if (AtSym('(')) return FunctionCall(std::move(parts), first);
  return Made(std::make_shared<plan::UnresolvedAttribute>(std::move(parts)), first);
}

}  // namespace deltic::spark::sql
