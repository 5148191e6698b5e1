// SELECT: hints, the select list, WHERE, GROUP BY with grouping analytics, HAVING and DISTINCT.
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {

// `from` is null for SELECT-first queries and the FROM clause's relation for FROM-first ones.
RelationPtr Parser::Select(RelationPtr from) {
  size_t first = pos_;
  Expect(K::kSELECT);
  ReadWindowsAhead();
  std::vector<std::pair<std::string, Expressions>> hints = Hints();
  bool distinct = false;
  if ((At(K::kDISTINCT) || At(K::kALL)) && StartsExpression(1) && !(AtSym('-', 1) || AtSym('+', 1))) {
    distinct = At(K::kDISTINCT);
    Advance();
  }
  Expressions list = NamedExpressionSeq();
  if (from == nullptr) {
    from = At(K::kFROM) ? FromClause() : Made(std::make_shared<plan::OneRowRelation>(), first);
  }
  RelationPtr query = SelectTail(std::move(from), std::move(list), distinct);
  for (auto it = hints.rbegin(); it != hints.rend(); ++it) {
    query = Made(std::make_shared<plan::Hint>(query, it->first, std::move(it->second)), first);
  }
  return query;
}

RelationPtr Parser::SelectTail(RelationPtr input, Expressions list, bool distinct) {
  size_t first = pos_;
  input = LateralViews(std::move(input));
  if (At(K::kWHERE)) {
    Advance();
    input = Made(std::make_shared<plan::Filter>(input, Expr()), first);
  }
  bool aggregated = At(K::kGROUP);
  if (aggregated) input = Aggregation(std::move(input), list);
  if (At(K::kHAVING)) {
    if (!aggregated) {
      // HAVING alone makes one group of all rows.
      auto aggregate = std::make_shared<plan::Aggregate>(std::move(input));
      aggregate->is_sql = true;
      aggregate->aggregates = list;
      input = Made(std::move(aggregate), first);
      aggregated = true;
    }
    Advance();
    auto having = std::make_shared<plan::Filter>(input, Expr());
    having->is_having = true;
    input = Made(std::move(having), first);
  }
  if (!aggregated) input = Made(std::make_shared<plan::Project>(std::move(input), std::move(list)), first);
  SkipWindowClause();
  if (distinct) {
    auto node = std::make_shared<plan::Deduplicate>(input);
    node->all_columns = true;
    input = Made(std::move(node), first);
  }
  return input;
}

// /*+ NAME, NAME(param, …) … */
std::vector<std::pair<std::string, Parser::Expressions>> Parser::Hints() {
  std::vector<std::pair<std::string, Expressions>> hints;
  while (AcceptSym(Sym("/*+"))) {
    do {
      std::string name = Identifier();
      Expressions parameters;
      if (AcceptSym('(')) {
        do {
          size_t first = pos_;
          parameters.push_back(Postfix(Primary(), first));
        } while (AcceptSym(','));
        ExpectSym(')');
      }
      hints.emplace_back(std::move(name), std::move(parameters));
      AcceptSym(',');
    } while (!AtSym(Sym("*/")));
    Advance();
  }
  return hints;
}

// GROUP BY items, or GROUP BY a, b WITH ROLLUP | WITH CUBE | GROUPING SETS (…)
RelationPtr Parser::Aggregation(RelationPtr input, Expressions list) {
  size_t first = pos_;
  Expect(K::kGROUP);
  if (!At(K::kBY)) Fail(AtEnd(1) ? ": extra input '" + std::string(Text(Peek())) + "'" : "");
  Advance();
  auto node = std::make_shared<plan::Aggregate>(std::move(input));
  node->is_sql = true;
  node->aggregates = std::move(list);
  do {
    node->groups.push_back(GroupingItem());
  } while (AcceptSym(','));
  using Kind = plan::GroupingAnalytics::Kind;
  if (Accept(K::kWITH)) {
    Kind kind = At(K::kCUBE) ? Kind::kCube : Kind::kRollup;
    if (!Accept(K::kROLLUP)) Expect(K::kCUBE);
    std::vector<Expressions> sets;
    for (ExpressionPtr& group : node->groups) sets.push_back({std::move(group)});
    node->groups = {Made(std::make_shared<plan::GroupingAnalytics>(kind, std::move(sets)), first)};
  } else if (At(K::kGROUPING) && At(K::kSETS, 1)) {
    pos_ += 2;
    node->groups = {Made(std::make_shared<plan::GroupingAnalytics>(Kind::kGroupingSets, GroupingSetList()), first)};
  }
  if (node->groups.size() == 1 && node->groups[0]->kind == plan::ExpressionKind::kAttribute) {
    const auto& parts = node->groups[0]->As<plan::UnresolvedAttribute>().parts;
    node->group_by_all = parts.size() == 1 && types::EqualsIgnoreCase(parts[0], "all");
    if (node->group_by_all) node->groups.clear();
  }
  return Made(std::move(node), first);
}

ExpressionPtr Parser::GroupingItem() {
  bool analytics = ((At(K::kROLLUP) || At(K::kCUBE)) && AtSym('(', 1)) || (At(K::kGROUPING) && At(K::kSETS, 1));
  return analytics ? GroupingAnalyticsItem() : Expr();
}

ExpressionPtr Parser::GroupingAnalyticsItem() {
  size_t first = pos_;
  using Kind = plan::GroupingAnalytics::Kind;
  if (At(K::kGROUPING)) {
    pos_ += 2;
    return Made(std::make_shared<plan::GroupingAnalytics>(Kind::kGroupingSets, GroupingSetList()), first);
  }
  Kind kind = At(K::kCUBE) ? Kind::kCube : Kind::kRollup;
  Advance();
  ExpectSym('(');
  std::vector<Expressions> sets;
  do {
    sets.push_back(GroupingSet());
  } while (AcceptSym(','));
  ExpectSym(')');
  return Made(std::make_shared<plan::GroupingAnalytics>(kind, std::move(sets)), first);
}

// (a, b), () or a
Parser::Expressions Parser::GroupingSet() {
  size_t close = AtSym('(') ? MatchingParen(pos_) : 0;
  bool whole = close != 0 && (tokens_[close + 1].symbol == ',' || tokens_[close + 1].symbol == ')');
  if (!whole) return {Expr()};
  Advance();
  if (AcceptSym(')')) return {};
  Expressions set = ExpressionSeq();
  ExpectSym(')');
  return set;
}

// The list of GROUPING SETS; nested ROLLUP and CUBE are written out as the sets they stand for.
std::vector<Parser::Expressions> Parser::GroupingSetList() {
  constexpr size_t kMaxCubeColumns = 12;
  Depth depth(this);
  if (!AtSym('(')) FailExpected("'('");
  Advance();
  std::vector<Expressions> sets;
  do {
    bool nested = ((At(K::kROLLUP) || At(K::kCUBE)) && AtSym('(', 1)) || (At(K::kGROUPING) && At(K::kSETS, 1));
    if (!nested) {
      sets.push_back(GroupingSet());
      continue;
    }
    ExpressionPtr item = GroupingAnalyticsItem();
    const auto& inner = item->As<plan::GroupingAnalytics>();
    size_t columns = inner.sets.size();
    auto add = [&](auto&& chosen) {
      Expressions set;
      for (size_t i = 0; i < columns; i++) {
        if (chosen(i)) set.insert(set.end(), inner.sets[i].begin(), inner.sets[i].end());
      }
      sets.push_back(std::move(set));
    };
    if (inner.analytics == plan::GroupingAnalytics::Kind::kGroupingSets) {
      sets.insert(sets.end(), inner.sets.begin(), inner.sets.end());
    } else if (inner.analytics == plan::GroupingAnalytics::Kind::kRollup) {
      for (size_t keep = columns + 1; keep-- > 0;) add([&](size_t i) { return i < keep; });
    } else {
      if (columns > kMaxCubeColumns) FailTooComplex();
      for (size_t mask = size_t{1} << columns; mask-- > 0;)
        add([&](size_t i) { return (mask >> (columns - 1 - i) & 1) != 0; });
    }
  } while (AcceptSym(','));
  ExpectSym(')');
  return sets;
}

// FROM … SELECT …; FROM … INSERT … is a multi-insert, recognised where statements are.
RelationPtr Parser::FromStatement() {
  RelationPtr from = FromClause();
  if (!At(K::kSELECT)) Fail();
  RelationPtr query = Select(std::move(from));
  return QueryOrganization(std::move(query));
}

}  // namespace deltic::spark::sql
