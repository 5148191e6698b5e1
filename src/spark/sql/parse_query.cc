// Queries: WITH, set operations, parenthesised queries, ORDER BY … LIMIT, and telling a query from an expression.
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {

// --- look-ahead -------------------------------------------------------------------------------------------

// SELECT, WITH, VALUES, TABLE and FROM are also names; they begin a query when what they need can follow.
bool Parser::AtQueryKeyword(size_t token) const {
  size_t ahead = token - pos_;
  switch (Peek(ahead).keyword) {
    case K::kSELECT: {
      if (AtSym('*', ahead + 1) || AtSym(Sym("/*+"), ahead + 1)) return true;
      return StartsExpression(ahead + 1) && !At(K::kAS, ahead + 1);
    }
    case K::kWITH: return AtIdentifier(ahead + 1);
    case K::kVALUES: {
      TokenKind kind = Peek(ahead + 1).kind;
      return AtSym('(', ahead + 1) || AtSym('-', ahead + 1) || kind == TokenKind::kString ||
             (kind >= TokenKind::kInteger && kind <= TokenKind::kBigDecimal) || At(K::kNULL, ahead + 1) ||
             At(K::kTRUE, ahead + 1) || At(K::kFALSE, ahead + 1) ||
             (AtIdentifier(ahead + 1) && AtStringLit(ahead + 2)) || (AtIdentifier(ahead + 1) && AtSym('(', ahead + 2));
    }
    case K::kTABLE: return AtIdentifier(ahead + 1);
    case K::kFROM: return AtIdentifier(ahead + 1) || AtSym('(', ahead + 1);
    default: return false;
  }
}

// Looks through opening parentheses: ((SELECT 1) UNION …) is a query, ((SELECT 1) + 1) is not.
bool Parser::AtQuery(size_t ahead) const {
  size_t token = std::min(pos_ + ahead, tokens_.size() - 1);
  size_t open = token;
  while (tokens_[open].symbol == '(') open++;
  if (!AtQueryKeyword(open)) return false;
  while (open > token) {
    size_t close = MatchingParen(--open);
    if (close == 0) return true;  // unbalanced: report the error as a query's
    const Token& next = tokens_[close + 1];
    bool ends = next.kind == TokenKind::kEnd || next.symbol == ')' || next.symbol == ';';
    switch (next.keyword) {
      case K::kUNION:
      case K::kINTERSECT:
      case K::kEXCEPT:
      case K::kMINUS:
      case K::kORDER:
      case K::kSORT:
      case K::kCLUSTER:
      case K::kDISTRIBUTE:
      case K::kLIMIT:
      case K::kOFFSET: ends = true; break;
      default: break;
    }
    if (!ends) return false;
  }
  return true;
}

// --- queries ------------------------------------------------------------------------------------------------

RelationPtr Parser::Query() {
  Depth depth(this);
  size_t first = pos_;
  if (!(At(K::kWITH) && AtQueryKeyword(pos_))) return QueryAfterCtes();
  std::vector<std::pair<std::string, RelationPtr>> ctes = Ctes();
  RelationPtr body = QueryAfterCtes();
  return Made(std::make_shared<plan::With>(std::move(ctes), std::move(body)), first);
}

RelationPtr Parser::QueryAfterCtes() {
  size_t scopes = windows_.size();
  RelationPtr query = QueryOrganization(QueryTerm(0));
  windows_.resize(scopes);
  return query;
}

// WITH name [(columns)] [AS] (query), …
std::vector<std::pair<std::string, RelationPtr>> Parser::Ctes() {
  size_t first = pos_;
  Expect(K::kWITH);
  if (AtWord("RECURSIVE") && AtIdentifier(1) && !At(K::kAS, 1)) {
    FailWith("UNSUPPORTED_FEATURE.RECURSIVE_CTE", {}, "The feature is not supported: WITH RECURSIVE.", pos_);
  }
  std::vector<std::pair<std::string, RelationPtr>> ctes;
  do {
    size_t at = pos_;
    std::string name = CapturingIdentifier();
    std::vector<std::string> columns;
    if (AtSym('(') && !AtQuery(1)) columns = IdentifierList();
    Accept(K::kAS);
    ExpectSym('(');
    RelationPtr query = Query();
    if (!AtSym(')')) FailExpected("')'");
    Advance();
    if (!columns.empty()) {
      auto alias = std::make_shared<plan::SubqueryAlias>(std::move(query), name);
      alias->column_aliases = std::move(columns);
      query = Made(std::move(alias), at);
    }
    for (const auto& [other, plan] : ctes) {
      if (other != name) continue;
      std::string shown = "'" + name + "'";
      FailWith("_LEGACY_ERROR_TEMP_0038", {{"duplicateNames", shown}},
               "CTE definition can't have duplicate names: " + shown + ".", first);
    }
    ctes.emplace_back(std::move(name), std::move(query));
  } while (AcceptSym(','));
  return ctes;
}

// Set operations; INTERSECT binds tighter than UNION, EXCEPT and MINUS.
RelationPtr Parser::QueryTerm(int min_precedence) {
  size_t first = pos_;
  RelationPtr left = QueryPrimary();
  for (int chain = 0;; chain++) {
    int precedence = At(K::kINTERSECT) ? 2 : At(K::kUNION) || At(K::kEXCEPT) || At(K::kMINUS) ? 1 : 0;
    if (precedence <= min_precedence) return left;
    if (chain > kMaxDepth) FailTooComplex();
    using Op = engine::SetOpRel::Op;
    Op op = At(K::kINTERSECT) ? Op::kIntersect : At(K::kUNION) ? Op::kUnion : Op::kExcept;
    Advance();
    bool all = Accept(K::kALL);
    if (!all) Accept(K::kDISTINCT);
    RelationPtr right = QueryTerm(precedence);
    auto node = std::make_shared<plan::SetOperation>(op, std::move(left), std::move(right));
    node->all = all;
    left = Made(std::move(node), first);
  }
}

RelationPtr Parser::QueryPrimary() {
  size_t first = pos_;
  if (AtSym('(')) {
    Advance();
    RelationPtr query = Query();
    if (!AtSym(')')) FailExpected("')'");
    Advance();
    return query;
  }
  if (At(K::kSELECT)) {
    if (At(K::kTRANSFORM, 1) && AtSym('(', 2) && MatchingParen(pos_ + 2) != 0 &&
        tokens_[MatchingParen(pos_ + 2) + 1].keyword == K::kUSING) {
      return TransformQuery();
    }
    return Select(nullptr);
  }
  if (At(K::kFROM)) return FromStatement();
  if (At(K::kVALUES)) return InlineTable();
  if (At(K::kTABLE)) {
    Advance();
    return Made(std::make_shared<plan::TableRelation>(IdentifierReference()), first);
  }
  if ((At(K::kMAP) || At(K::kREDUCE)) && AtIdentifier(1)) return TransformQuery();
  Fail();
}

// Script transformations are not supported; the whole rest of the text belongs to the refused query.
RelationPtr Parser::TransformQuery() {
  size_t first = pos_;
  while (!AtEnd() && !AtSym(')') && !AtSym(';')) {
    size_t close = AtSym('(') ? MatchingParen(pos_) : 0;
    pos_ = close != 0 ? close + 1 : pos_ + 1;
  }
  return Made(std::make_shared<plan::UnsupportedRelation>("TRANSFORM (script transformation)"), first);
}

// [ORDER BY] [CLUSTER BY] [DISTRIBUTE BY] [SORT BY] [WINDOW] [LIMIT] [OFFSET]
RelationPtr Parser::QueryOrganization(RelationPtr input) {
  size_t first = pos_;
  auto at_by = [&](K keyword) { return At(keyword) && At(K::kBY, 1); };
  auto repartition = [&](Expressions exprs) {
    auto node = std::make_shared<plan::Repartition>(input);
    node->exprs = std::move(exprs);
    return Made(std::move(node), first);
  };
  int clauses = 0;
  bool distribute = false;
  if (At(K::kORDER) && !At(K::kBY, 1)) {
    Advance();
    Fail(AtEnd(1) ? ": extra input '" + std::string(Text(Peek())) + "'" : "");
  }
  if (at_by(K::kORDER)) {
    if (AtEnd(2)) Fail();
    pos_ += 2;
    input = Made(std::make_shared<plan::Sort>(input, SortItems(), true), first);
    clauses++;
  }
  if (at_by(K::kCLUSTER)) {
    pos_ += 2;
    Expressions keys = ExpressionSeq();
    Expressions order;
    for (const ExpressionPtr& key : keys) {
      order.push_back(std::make_shared<plan::SortOrder>(key, true, plan::SortOrder::Nulls::kDefault));
    }
    input = repartition(std::move(keys));
    input = Made(std::make_shared<plan::Sort>(input, std::move(order), false), first);
    clauses++;
  }
  if (at_by(K::kDISTRIBUTE)) {
    pos_ += 2;
    input = repartition(ExpressionSeq());
    clauses++;
    distribute = true;
  }
  if (at_by(K::kSORT)) {
    pos_ += 2;
    input = Made(std::make_shared<plan::Sort>(input, SortItems(), false), first);
    clauses += distribute ? 0 : 1;
  }
  SkipWindowClause();
  if (clauses > 1) {
    FailWith("UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES", {},
             "The feature is not supported: Combination of ORDER BY/SORT BY/DISTRIBUTE BY/CLUSTER BY.", first);
  }
  ExpressionPtr limit;
  ExpressionPtr offset;
  if (At(K::kLIMIT) && StartsExpression(1)) {
    Advance();
    if (At(K::kALL) && !AtSym('(', 1))
      Advance();
    else
      limit = Expr();
  }
  if (At(K::kOFFSET) && StartsExpression(1)) {
    Advance();
    offset = Expr();
  }
  if (limit == nullptr && offset == nullptr) return input;
  return Made(std::make_shared<plan::Limit>(input, std::move(limit), std::move(offset)), first);
}

}  // namespace deltic::spark::sql
