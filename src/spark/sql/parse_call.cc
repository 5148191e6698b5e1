// Function calls: arguments, FILTER, WITHIN GROUP, OVER, and the functions with a syntax of their own.
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {
namespace {

bool IsUnit(Keyword keyword) {
  switch (keyword) {
    case K::kYEAR:
    case K::kQUARTER:
    case K::kMONTH:
    case K::kWEEK:
    case K::kDAY:
    case K::kDAYOFYEAR:
    case K::kHOUR:
    case K::kMINUTE:
    case K::kSECOND:
    case K::kMILLISECOND:
    case K::kMICROSECOND: return true;
    default: return false;
  }
}

// Names that Spark turns into plain casts keep their place as functions; nothing to do here but lower-casing
// for comparisons.
std::string LowerName(const NameParts& name) { return name.size() == 1 ? types::ToLower(name[0]) : std::string(); }

std::string Joined(const NameParts& name) {
  std::string out;
  for (const std::string& part : name) out += (out.empty() ? "" : ".") + part;
  return out;
}

}  // namespace

ExpressionPtr Parser::FunctionArgument() {
  if (!(AtIdentifier() && AtSym(Sym("=>"), 1))) return Expr();
  size_t first = pos_;
  std::string name = Identifier();
  Advance();
  ExpressionPtr value = Expr();
  return Made(std::make_shared<plan::NamedArgument>(std::move(name), std::move(value)), first);
}

ExpressionPtr Parser::FunctionCall(NameParts name, size_t first) {
  Depth depth(this);
  ExpectSym('(');
  auto call = std::make_shared<plan::UnresolvedFunction>(Joined(name), Expressions{});
  std::string lower = LowerName(name);
  if (!AtSym(')')) {
    bool quantified = (At(K::kDISTINCT) || At(K::kALL)) && StartsExpression(1) && !AtSym('-', 1) && !AtSym('+', 1);
    if (quantified) {
      call->is_distinct = At(K::kDISTINCT);
      Advance();
    }
    do {
      call->args.push_back(lower == "struct" ? NamedExpression() : FunctionArgument());
    } while (AcceptSym(','));
  }
  CloseCall();
  // count(*) counts rows: Spark reads it as count(1).
  if (lower == "count" && !call->is_distinct && call->args.size() == 1 &&
      call->args[0]->kind == plan::ExpressionKind::kStar) {
    const auto& star = call->args[0]->As<plan::UnresolvedStar>();
    if (star.target.empty() && star.except.empty()) call->args[0] = IntLiteral(1, first);
  }
  return CallSuffix(std::move(call), first);
}

void Parser::CloseCall() {
  if (!AtSym(')')) {
    if (AtEnd()) Fail(": extra input end of input");
    Fail();
  }
  Advance();
}

// The rest of a call whose first argument was read while looking for a special syntax.
ExpressionPtr Parser::FinishCall(ExpressionPtr argument, size_t first) {
  auto call =
      std::make_shared<plan::UnresolvedFunction>(std::string(Text(tokens_[first])), Expressions{std::move(argument)});
  while (AcceptSym(',')) call->args.push_back(FunctionArgument());
  CloseCall();
  return CallSuffix(std::move(call), first);
}

// Whether the call at the current token is empty, quantified or starts with a named argument: never a special form.
bool Parser::PlainCallAhead() const {
  return AtSym(')', 2) || AtSym('*', 2) || At(K::kDISTINCT, 2) || At(K::kALL, 2) || AtSym(Sym("=>"), 3);
}

// Arguments of the call whose '(' is at `open`, by counting commas.
size_t Parser::CountArguments(size_t open) const {
  size_t close = MatchingParen(open);
  size_t count = 1;
  for (size_t i = open + 1; i < close; i++) {
    if (tokens_[i].symbol == ',') count++;
    if (tokens_[i].symbol == '(' && MatchingParen(i) != 0) i = MatchingParen(i);
  }
  return count;
}

// [WITHIN GROUP (ORDER BY …)] [FILTER (WHERE …)] [IGNORE|RESPECT NULLS] [OVER window]
ExpressionPtr Parser::CallSuffix(std::shared_ptr<plan::UnresolvedFunction> call, size_t first) {
  if (At(K::kWITHIN) && At(K::kGROUP, 1) && AtSym('(', 2)) {
    pos_ += 3;
    Expect(K::kORDER);
    Expect(K::kBY);
    call->order_by = SortItems();
    ExpectSym(')');
  }
  if (At(K::kFILTER) && AtSym('(', 1) && At(K::kWHERE, 2)) {
    pos_ += 3;
    call->filter = Expr();
    ExpectSym(')');
  }
  if ((At(K::kIGNORE) || At(K::kRESPECT)) && At(K::kNULLS, 1)) {
    call->ignore_nulls = At(K::kIGNORE);
    pos_ += 2;
  }
  ExpressionPtr function = Made(std::move(call), first);
  if (At(K::kOVER) && (AtSym('(', 1) || (AtIdentifier(1) && !StartsClause(1))))
    return WindowSpec(std::move(function), first);
  return function;
}

// TIMESTAMPADD(unit, n, t), TIMESTAMPDIFF(unit, a, b) and their synonyms; the two-argument DATE_ADD(d, n) and
// DATEDIFF(a, b) are ordinary functions.
ExpressionPtr Parser::DateArithmetic() {
  size_t first = pos_;
  bool add = At(K::kTIMESTAMPADD) || At(K::kDATEADD) || At(K::kDATE_ADD);
  if (CountArguments(pos_ + 1) != 3) return nullptr;
  if (AtStringLit(2) && AtSym(',', 3)) {
    std::string shown(Text(Peek(2)));
    std::string function = "`" + std::string(Text(Peek())) + "`";
    FailWith("INVALID_PARAMETER_VALUE.DATETIME_UNIT",
             {{"functionName", function}, {"parameter", "`unit`"}, {"invalidValue", shown}},
             "The value of parameter(s) `unit` in " + function +
                 " is invalid: expects one of the units without quotes YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFYEAR, "
                 "HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND, but got the string literal " +
                 shown + ".",
             first);
  }
  if (!(IsUnit(Peek(2).keyword) && AtSym(',', 3))) return nullptr;
  Advance();
  Advance();
  size_t unit = pos_;
  Expressions args = {StringLiteral(std::string(Text(Peek())), unit)};
  Advance();
  for (int i = 0; i < 2; i++) {
    ExpectSym(',');
    args.push_back(Value());
  }
  ExpectSym(')');
  return Fn(add ? "timestampadd" : "timestampdiff", std::move(args), first);
}

// FIRST(x [IGNORE NULLS]): with other arguments an ordinary call.
ExpressionPtr Parser::FirstLast(std::string name) {
  size_t first = pos_;
  Depth depth(this);
  if (PlainCallAhead()) return nullptr;
  pos_ += 2;
  ExpressionPtr value = Expr();
  if (!(At(K::kIGNORE) && At(K::kNULLS, 1))) return FinishCall(std::move(value), first);
  pos_ += 2;
  ExpectSym(')');
  auto call = std::make_shared<plan::UnresolvedFunction>(std::move(name), Expressions{std::move(value)});
  call->ignore_nulls = true;
  return CallSuffix(std::move(call), first);
}

ExpressionPtr Parser::ExtractForm() {
  size_t first = pos_;
  pos_ += 2;
  size_t field = pos_;
  std::string name = Identifier();
  if (!At(K::kFROM)) Fail(": extra input '" + std::string(Text(Peek())) + "'");
  Advance();
  ExpressionPtr source = Value();
  ExpectSym(')');
  return Fn("extract", {StringLiteral(std::move(name), field), std::move(source)}, first);
}

ExpressionPtr Parser::PositionForm() {
  size_t first = pos_;
  if (PlainCallAhead()) return nullptr;
  pos_ += 2;
  Depth depth(this);
  ExpressionPtr needle = Value();
  if (!Accept(K::kIN)) return FinishCall(std::move(needle), first);
  ExpressionPtr text = Value();
  ExpectSym(')');
  return Fn("locate", {std::move(needle), std::move(text), IntLiteral(1, first)}, first);
}

ExpressionPtr Parser::SubstringForm() {
  size_t first = pos_;
  if (PlainCallAhead()) return nullptr;
  pos_ += 2;
  ExpressionPtr text = Expr();
  if (!Accept(K::kFROM)) return FinishCall(std::move(text), first);
  Expressions args = {std::move(text), Value()};
  if (Accept(K::kFOR) || AcceptSym(',')) args.push_back(Value());
  ExpectSym(')');
  return Fn("substring", std::move(args), first);
}

// TRIM([BOTH|LEADING|TRAILING] [chars] FROM text); the function takes the characters first.
ExpressionPtr Parser::TrimForm() {
  size_t first = pos_;
  if (PlainCallAhead()) return nullptr;
  pos_ += 2;
  std::string function = "trim";
  bool sided = (At(K::kBOTH) || At(K::kLEADING) || At(K::kTRAILING)) && StartsExpression(1);
  if (sided) {
    if (At(K::kLEADING)) function = "ltrim";
    if (At(K::kTRAILING)) function = "rtrim";
    Advance();
  }
  Expressions args;
  if (!(At(K::kFROM) && StartsExpression(1))) args.push_back(Expr());
  if (!At(K::kFROM)) {
    if (sided) Fail();
    return FinishCall(std::move(args[0]), first);
  }
  Advance();
  args.push_back(Value());
  ExpectSym(')');
  return Fn(std::move(function), std::move(args), first);
}

ExpressionPtr Parser::OverlayForm() {
  size_t first = pos_;
  if (PlainCallAhead()) return nullptr;
  pos_ += 2;
  ExpressionPtr input = Expr();
  if (!Accept(K::kPLACING)) return FinishCall(std::move(input), first);
  Expressions args = {std::move(input), Value()};
  Expect(K::kFROM);
  args.push_back(Value());
  args.push_back(Accept(K::kFOR) ? Value() : IntLiteral(-1, first));
  ExpectSym(')');
  return Fn("overlay", std::move(args), first);
}

// PERCENTILE_CONT(p) WITHIN GROUP (ORDER BY x [DESC]); without WITHIN GROUP an ordinary call.
ExpressionPtr Parser::PercentileForm() {
  size_t first = pos_;
  size_t close = MatchingParen(pos_ + 1);
  if (close == 0 || close + 1 >= tokens_.size() || tokens_[close + 1].keyword != K::kWITHIN) return nullptr;
  std::string name = types::ToLower(Text(Peek()));
  Advance();
  return FunctionCall({std::move(name)}, first);
}

}  // namespace deltic::spark::sql
