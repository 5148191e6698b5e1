// Operators: booleans, predicates and arithmetic with Spark's precedence; select items and sort items.
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {
namespace {

struct BinaryOperator {
  int precedence = 0;  // 0: no binary operator
  const char* function = "";
};

BinaryOperator SymbolOperator(uint32_t symbol) {
  switch (symbol) {
    case '*': return {6, "*"};
    case '/': return {6, "/"};
    case '%': return {6, "%"};
    case '+': return {5, "+"};
    case '-': return {5, "-"};
    case Sym("||"): return {5, "concat"};
    case '&': return {4, "&"};
    case '^': return {3, "^"};
    case '|': return {2, "|"};
    case '=': return {1, "="};
    case Sym("<=>"): return {1, "<=>"};
    case Sym("<>"): return {1, "!="};
    case Sym("!="): return {1, "!="};
    case '<': return {1, "<"};
    case '>': return {1, ">"};
    case Sym("<="): return {1, "<="};
    case Sym(">="): return {1, ">="};
    default: return {};
  }
}

ExpressionPtr Reduce(const std::string& function, const std::vector<ExpressionPtr>& terms, size_t low, size_t high) {
  if (low == high) return terms[low];
  size_t middle = high - low == 1 ? low : low + (high - low) / 2;
  ExpressionPtr left = Reduce(function, terms, low, middle);
  ExpressionPtr right = Reduce(function, terms, middle + 1, high);
  auto node = std::make_shared<plan::UnresolvedFunction>(function, std::vector<ExpressionPtr>{left, right});
  node->origin = {left->origin.start, right->origin.stop};
  return node;
}

}  // namespace

ExpressionPtr BalancedTree(const std::string& function, std::vector<ExpressionPtr> terms) {
  return Reduce(function, terms, 0, terms.size() - 1);
}

ExpressionPtr Parser::Fn(std::string name, Expressions args, size_t first) const {
  return Made(std::make_shared<plan::UnresolvedFunction>(std::move(name), std::move(args)), first);
}

ExpressionPtr Parser::StringLiteral(std::string value, size_t first) const {
  engine::Value v;
  v.v = std::move(value);
  return Made(std::make_shared<plan::Literal>(std::move(v), types::TypeId::kString), first);
}

ExpressionPtr Parser::IntLiteral(int32_t value, size_t first) const {
  engine::Value v;
  v.v = static_cast<int64_t>(value);
  return Made(std::make_shared<plan::Literal>(std::move(v), types::TypeId::kInteger), first);
}

// Whether a token could begin an operand. Keywords count: nearly all are identifiers too.
bool Parser::StartsExpression(size_t ahead) const {
  const Token& token = Peek(ahead);
  switch (token.kind) {
    case TokenKind::kEnd:
    case TokenKind::kUnknown: return false;
    case TokenKind::kSymbol:
      return token.symbol == '(' || token.symbol == '-' || token.symbol == '+' || token.symbol == '~' ||
             token.symbol == '*' || token.symbol == '?' || token.symbol == ':';
    default: return true;
  }
}

bool Parser::EndsItem(size_t ahead) const {
  return AtEnd(ahead) || AtSym(',', ahead) || AtSym(')', ahead) || AtSym(';', ahead) || AtSym(']', ahead);
}

// A keyword here begins the next clause of a query rather than being an alias. It is only a name when nothing
// that the clause needs can follow.
bool Parser::StartsClause(size_t ahead) const {
  switch (Peek(ahead).keyword) {
    case K::kFROM:
    case K::kWHERE:
    case K::kHAVING:
    case K::kLIMIT:
    case K::kOFFSET: return !EndsItem(ahead + 1);
    case K::kGROUP:
    case K::kORDER:
    case K::kSORT:
    case K::kCLUSTER:
    case K::kDISTRIBUTE:
    case K::kPARTITION: return At(K::kBY, ahead + 1) || (At(K::kPARTITION, ahead) && AtSym('(', ahead + 1));
    case K::kWINDOW: return AtIdentifier(ahead + 1) && At(K::kAS, ahead + 2);
    case K::kLATERAL: return At(K::kVIEW, ahead + 1) || AtSym('(', ahead + 1) || AtIdentifier(ahead + 1);
    case K::kUNION:
    case K::kINTERSECT:
    case K::kEXCEPT:
    case K::kMINUS: return true;
    case K::kPIVOT: return AtSym('(', ahead + 1);
    case K::kUNPIVOT: return AtSym('(', ahead + 1) || At(K::kINCLUDE, ahead + 1) || At(K::kEXCLUDE, ahead + 1);
    case K::kTABLESAMPLE: return AtSym('(', ahead + 1);
    case K::kINSERT: return At(K::kINTO, ahead + 1) || At(K::kOVERWRITE, ahead + 1);
    case K::kSELECT: return !EndsItem(ahead + 1);
    default: return false;
  }
}

ExpressionPtr Parser::Boolean(int) {
  Depth depth(this);
  Expressions ors;
  do {
    Expressions ands;
    do {
      ands.push_back(NotOrPredicated());
    } while (At(K::kAND) && StartsExpression(1) && Accept(K::kAND));
    ors.push_back(BalancedTree("and", std::move(ands)));
  } while (At(K::kOR) && StartsExpression(1) && Accept(K::kOR));
  return BalancedTree("or", std::move(ors));
}

ExpressionPtr Parser::NotOrPredicated() {
  size_t first = pos_;
  if (At(K::kNOT) && StartsExpression(1) && !AtSym('*', 1)) {
    Depth depth(this);
    Advance();
    ExpressionPtr operand = NotOrPredicated();
    return Fn("not", {std::move(operand)}, first);
  }
  ExpressionPtr value = Value();
  return AtPredicate() ? Predicate(std::move(value), first) : value;
}

bool Parser::AtPredicate() const {
  size_t at = At(K::kNOT) ? 1 : 0;
  switch (Peek(at).keyword) {
    case K::kBETWEEN: return StartsExpression(at + 1) && !At(K::kFROM, at + 1);
    case K::kLIKE:
    case K::kILIKE:
    case K::kRLIKE:
    case K::kREGEXP: return StartsExpression(at + 1);
    case K::kIN: return AtSym('(', at + 1);
    case K::kIS:
      if (at == 1) return false;
      at = At(K::kNOT, 1) ? 2 : 1;
      return At(K::kNULL, at) || At(K::kTRUE, at) || At(K::kFALSE, at) || At(K::kUNKNOWN, at) || At(K::kDISTINCT, at);
    default: return false;
  }
}

ExpressionPtr Parser::Predicate(ExpressionPtr value, size_t first) {
  if (At(K::kIS)) return IsPredicate(std::move(value), first);
  bool negated = Accept(K::kNOT);
  Keyword kind = Peek().keyword;
  ExpressionPtr result;
  if (kind == K::kBETWEEN) {
    Advance();
    ExpressionPtr lower = Value();
    Expect(K::kAND);
    ExpressionPtr upper = Value();
    result = Fn("and", {Fn(">=", {value, std::move(lower)}, first), Fn("<=", {value, std::move(upper)}, first)}, first);
  } else if (kind == K::kIN) {
    result = InPredicate(std::move(value), first);
  } else if (kind == K::kLIKE || kind == K::kILIKE) {
    Advance();
    return LikePredicate(std::move(value), kind == K::kLIKE ? "like" : "ilike", negated, first);
  } else {
    Advance();
    ExpressionPtr pattern = Value();
    result = Fn("rlike", {std::move(value), std::move(pattern)}, first);
  }
  return negated ? Fn("not", {std::move(result)}, first) : result;
}

namespace {

// What is on the left of IN (SELECT …): a row's columns, and those of struct(…), which is syntax in Spark; a call of
// named_struct is one value.
std::vector<ExpressionPtr> ComparedColumns(ExpressionPtr value) {
  if (value->kind != plan::ExpressionKind::kFunction) return {std::move(value)};
  const auto& call = value->As<plan::UnresolvedFunction>();
  std::vector<ExpressionPtr> out;
  // The names of a row's fields stand nowhere: they are said to stand where the row begins.
  const bool row = call.name == "named_struct" && !call.args.empty() && call.args[0]->origin.start == call.origin.start;
  for (size_t i = 1; row && i < call.args.size(); i += 2) out.push_back(call.args[i]);
  if (types::EqualsIgnoreCase(call.name, "struct")) {
    for (const ExpressionPtr& arg : call.args) {
      if (arg->kind == plan::ExpressionKind::kStar) return {std::move(value)};
      out.push_back(arg->kind == plan::ExpressionKind::kAlias ? arg->As<plan::Alias>().child : arg);
    }
  }
  if (out.empty()) out.push_back(std::move(value));
  return out;
}

}  // namespace

ExpressionPtr Parser::InPredicate(ExpressionPtr value, size_t first) {
  size_t in = pos_;
  Expect(K::kIN);
  ExpectSym('(');
  if (AtSym(')')) FailAt(in);
  if (AtQuery() && !AtSym('(')) {
    auto node = std::make_shared<plan::SubqueryExpression>(plan::SubqueryExpression::Kind::kIn, Query());
    ExpectSym(')');
    node->values = ComparedColumns(std::move(value));
    return Made(std::move(node), first);
  }
  Expressions args = {std::move(value)};
  for (ExpressionPtr& item : ExpressionSeq()) args.push_back(std::move(item));
  if (!AtSym(')')) FailExpected("')'");
  Advance();
  return Fn("in", std::move(args), first);
}

// LIKE pattern [ESCAPE 'c'], LIKE ANY|SOME|ALL (patterns).
ExpressionPtr Parser::LikePredicate(ExpressionPtr value, std::string function, bool negated, size_t first) {
  auto wrap = [&](ExpressionPtr e) { return negated ? Fn("not", {std::move(e)}, first) : e; };
  bool any = At(K::kANY) || At(K::kSOME);
  if ((any || At(K::kALL)) && AtSym('(', 1)) {
    size_t quantifier = pos_ - 1;
    Advance();
    Advance();
    if (AtSym(')')) {
      FailWith("_LEGACY_ERROR_TEMP_0064", {{"msg", "Expected something between '(' and ')'."}},
               "Expected something between '(' and ')'..", quantifier);
    }
    // likeany(value, pattern, …) and its kin, which the resolver takes apart.
    const auto lower = [&](ExpressionPtr e) { return function == "ilike" ? Fn("lower", {std::move(e)}, first) : e; };
    Expressions args = {lower(std::move(value))};
    for (ExpressionPtr& pattern : ExpressionSeq()) args.push_back(lower(std::move(pattern)));
    ExpectSym(')');
    return Fn(std::string(negated ? "notlike" : "like") + (any ? "any" : "all"), std::move(args), first);
  }
  Expressions args = {std::move(value), Value()};
  if (At(K::kESCAPE) && AtStringLit(1)) {
    Advance();
    size_t at = pos_;
    std::string escape = StringLit();
    if (escape.size() != 1) {
      std::string shown(Text(tokens_[at]));
      FailWith("INVALID_ESC", {{"invalidEscape", shown}},
               "Found an invalid escape string: " + shown + ". The escape string must contain only one character.",
               first + 1);
    }
    args.push_back(StringLiteral(std::move(escape), at));
  }
  return wrap(Fn(std::move(function), std::move(args), first));
}

ExpressionPtr Parser::IsPredicate(ExpressionPtr value, size_t first) {
  Expect(K::kIS);
  bool negated = Accept(K::kNOT);
  if (Accept(K::kNULL) || Accept(K::kUNKNOWN)) {
    return Fn(negated ? "isnotnull" : "isnull", {std::move(value)}, first);
  }
  ExpressionPtr result;
  if (Accept(K::kTRUE)) {
    result = Fn("istrue", {std::move(value)}, first);
  } else if (Accept(K::kFALSE)) {
    result = Fn("isfalse", {std::move(value)}, first);
  } else {
    Expect(K::kDISTINCT);
    Expect(K::kFROM);
    ExpressionPtr right = Value();
    result = Fn("<=>", {std::move(value), std::move(right)}, first);
    negated = !negated;
  }
  return negated ? Fn("not", {std::move(result)}, first) : result;
}

ExpressionPtr Parser::Value(int min_precedence) {
  size_t first = pos_;
  ExpressionPtr left = Unary();
  for (int chain = 0;; chain++) {
    BinaryOperator op = SymbolOperator(Peek().symbol);
    if (At(K::kDIV) && StartsExpression(1)) op = {6, "div"};
    if (op.precedence == 0 || op.precedence <= min_precedence) return left;
    if (chain > kMaxDepth) FailTooComplex();
    Depth depth(this);
    Advance();
    ExpressionPtr right = Value(op.precedence);
    left = Fn(op.function, {std::move(left), std::move(right)}, first);
  }
}

ExpressionPtr Parser::Unary() {
  size_t first = pos_;
  bool number = Peek(1).kind >= TokenKind::kInteger && Peek(1).kind <= TokenKind::kBigDecimal;
  const char* function = AtSym('-') ? "-" : AtSym('+') ? "positive" : AtSym('~') ? "~" : nullptr;
  if (function == nullptr || (AtSym('-') && number)) return Postfix(Primary(), first);
  Depth depth(this);
  Advance();
  ExpressionPtr operand = Unary();
  return Fn(function, {std::move(operand)}, first);
}

// One step of a variant's path.
static std::string VariantKey(const std::string& name) {
  const char quote = name.find('\'') == std::string::npos ? '\'' : '"';
  return std::string("[") + quote + name + quote + "]";
}

// [index], .field, ::type and :path after a primary expression.
ExpressionPtr Parser::Postfix(ExpressionPtr base, size_t first) {
  for (int chain = 0;; chain++) {
    if (chain > kMaxDepth) FailTooComplex();
    if (AtSym('[')) {
      Advance();
      Depth depth(this);
      ExpressionPtr index = Value();
      if (!AtSym(']')) FailExpected("']'");
      Advance();
      base = Made(std::make_shared<plan::UnresolvedExtractValue>(std::move(base), std::move(index)), first);
    } else if (AtSym('.')) {
      Advance();
      size_t field = pos_;
      std::string name = Identifier();
      if (base->kind == plan::ExpressionKind::kAttribute) {
        std::vector<std::string> parts = base->As<plan::UnresolvedAttribute>().parts;
        parts.push_back(std::move(name));
        base = Made(std::make_shared<plan::UnresolvedAttribute>(std::move(parts)), first);
      } else {
        base = Made(std::make_shared<plan::UnresolvedExtractValue>(std::move(base), StringLiteral(name, field)), first);
      }
    } else if (AtSym(':') && AtSym(':', 1)) {
      Advance();
      Advance();
      types::DataType type = Type();
      base = Made(std::make_shared<plan::Cast>(std::move(base), std::move(type)), first);
    } else if (AtSym(':') && (AtIdentifier(1) || AtSym('[', 1))) {  // Spark 4: into a variant
      size_t path_at = pos_;
      std::string path = "$";
      do {
        if (AtSym('[')) {
          Advance();
          const bool index = Peek().kind == TokenKind::kInteger;
          path += index ? "[" + NumberText(TokenKind::kInteger) + "]" : VariantKey(StringLit());
          if (!AtSym(']')) FailExpected("']'");
          Advance();
        } else {
          Advance();
          if (!AtSym('[')) path += VariantKey(Identifier());
        }
      } while (AtSym('.') || AtSym('['));
      base = Fn("variant_get", {std::move(base), StringLiteral(path, path_at)}, first);
    } else {
      return base;
    }
  }
}

// expression [AS name | AS (a, b) | name]
ExpressionPtr Parser::NamedExpression() {
  size_t first = pos_;
  ExpressionPtr expression = Expr();
  bool as = At(K::kAS) && (AtIdentifier(1) || AtSym('(', 1));
  if (as) Advance();
  if (AtSym('(')) {
    std::vector<std::string> names = IdentifierList();
    return Made(std::make_shared<plan::Alias>(std::move(expression), std::move(names)), first);
  }
  if (!AtIdentifier() || (!as && StartsClause(0))) return expression;
  std::vector<std::string> names = {CapturingIdentifier()};
  return Made(std::make_shared<plan::Alias>(std::move(expression), std::move(names)), first);
}

Parser::Expressions Parser::NamedExpressionSeq() {
  Expressions list = {NamedExpression()};
  while (AcceptSym(',')) list.push_back(NamedExpression());
  return list;
}

Parser::Expressions Parser::ExpressionSeq() {
  Expressions list = {Expr()};
  while (AcceptSym(',')) list.push_back(Expr());
  return list;
}

ExpressionPtr Parser::SortItem() {
  size_t first = pos_;
  ExpressionPtr child = Expr();
  bool ascending = true;
  if (Accept(K::kDESC))
    ascending = false;
  else
    Accept(K::kASC);
  auto nulls = plan::SortOrder::Nulls::kDefault;
  if (At(K::kNULLS) && (At(K::kFIRST, 1) || At(K::kLAST, 1))) {
    nulls = At(K::kFIRST, 1) ? plan::SortOrder::Nulls::kFirst : plan::SortOrder::Nulls::kLast;
    Advance();
    Advance();
  }
  return Made(std::make_shared<plan::SortOrder>(std::move(child), ascending, nulls), first);
}

Parser::Expressions Parser::SortItems() {
  Expressions items = {SortItem()};
  while (AcceptSym(',')) items.push_back(SortItem());
  return items;
}

}  // namespace deltic::spark::sql
