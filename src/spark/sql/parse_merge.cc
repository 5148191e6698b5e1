// MERGE INTO.
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {

using plan::MergeClause;

// MERGE [WITH SCHEMA EVOLUTION] INTO target [alias] USING source [alias] ON condition WHEN …
plan::CommandPtr Parser::MergeStatement(std::vector<std::pair<std::string, RelationPtr>> ctes) {
  const size_t first = pos_;
  auto merge = std::make_shared<plan::MergeInto>();
  Expect(K::kMERGE);
  if (At(K::kWITH) && At(K::kSCHEMA, 1)) {
    pos_ += 2;
    ExpectWord("EVOLUTION");
    merge->with_schema_evolution = true;
  }
  Expect(K::kINTO);
  merge->target = DmlTargetClause("MERGE");
  Expect(K::kUSING);
  const size_t source = pos_;
  if (AtSym('(')) {
    Advance();
    merge->source = Query();
    ExpectSym(')');
  } else {
    auto table = std::make_shared<plan::TableRelation>(IdentifierReference());
    table->time_travel = TemporalClause();
    merge->source = Made(std::move(table), source);
  }
  const std::string alias = DmlAlias("MERGE");
  if (!alias.empty()) {
    merge->source = Made(std::make_shared<plan::SubqueryAlias>(std::move(merge->source), alias), source);
  }
  if (!ctes.empty()) {
    merge->source = Made(std::make_shared<plan::With>(std::move(ctes), std::move(merge->source)), source);
  }
  Expect(K::kON);
  merge->condition = Expr();
  merge->clauses = MergeClauses(first);
  return Made(std::move(merge), first);
}

// WHEN [NOT] MATCHED [BY TARGET|SOURCE] [AND condition] THEN action, …
std::vector<MergeClause> Parser::MergeClauses(size_t first) {
  using Match = MergeClause::Match;
  if (!At(K::kWHEN)) {
    FailWith("_LEGACY_ERROR_TEMP_0008", {}, "There must be at least one WHEN clause in a MERGE statement.", first);
  }
  static const char* const kNames[] = {"MATCHED", "NOT MATCHED", "NOT MATCHED BY SOURCE"};
  static const char* const kConditions[] = {"NON_LAST_MATCHED_CLAUSE_OMIT_CONDITION",
                                            "NON_LAST_NOT_MATCHED_BY_TARGET_CLAUSE_OMIT_CONDITION",
                                            "NON_LAST_NOT_MATCHED_BY_SOURCE_CLAUSE_OMIT_CONDITION"};
  std::vector<MergeClause> clauses;
  bool unconditional[3] = {false, false, false};
  int omitted = -1;
  Match last = Match::kMatched;  // the kinds come in this order
  while (Accept(K::kWHEN)) {
    MergeClause clause;
    clause.match = Accept(K::kNOT) ? Match::kNotMatched : Match::kMatched;
    if (clause.match < last && clause.match == Match::kMatched) Fail();
    Expect(K::kMATCHED);
    if (last == Match::kNotMatchedBySource) {
      Expect(K::kBY);
      Expect(K::kSOURCE);
      clause.match = Match::kNotMatchedBySource;
    } else if (clause.match == Match::kNotMatched && Accept(K::kBY)) {
      if (Accept(K::kSOURCE)) {
        clause.match = Match::kNotMatchedBySource;
      } else {
        Expect(K::kTARGET);
      }
    }
    last = clause.match;
    const int kind = static_cast<int>(clause.match);
    if (unconditional[kind]) omitted = kind;
    if (Accept(K::kAND)) {
      clause.condition = Expr();
    } else {
      unconditional[kind] = true;
    }
    Expect(K::kTHEN);
    MergeAction(&clause);
    clauses.push_back(std::move(clause));
  }
  if (omitted >= 0) {
    const std::string name = kNames[omitted];
    FailWith(kConditions[omitted], {},
             "When there are more than one " + name + " clauses in a MERGE statement, only the last " + name +
                 " clause can omit the condition.",
             first);
  }
  return clauses;
}

void Parser::MergeAction(MergeClause* clause) {
  using Action = MergeClause::Action;
  const bool inserts = clause->match == MergeClause::Match::kNotMatched;
  if (!inserts && Accept(K::kDELETE)) {
    clause->action = Action::kDelete;
    return;
  }
  if (!inserts) {
    Expect(K::kUPDATE);
    Expect(K::kSET);
    if (clause->match == MergeClause::Match::kMatched && AcceptSym('*')) {
      clause->action = Action::kUpdateStar;
      return;
    }
    clause->action = Action::kUpdate;
    clause->assignments = Assignments();
    return;
  }
  const size_t at = pos_;
  Expect(K::kINSERT);
  if (AcceptSym('*')) {
    clause->action = Action::kInsertStar;
    return;
  }
  clause->action = Action::kInsert;
  ExpectSym('(');
  do {
    clause->assignments.push_back({MultipartIdentifier(), nullptr});
  } while (AcceptSym(','));
  ExpectSym(')');
  Expect(K::kVALUES);
  ExpectSym('(');
  Expressions values = ExpressionSeq();
  ExpectSym(')');
  if (values.size() != clause->assignments.size()) {
    FailWith("_LEGACY_ERROR_TEMP_0006", {}, "The number of inserted values cannot match the fields.", at);
  }
  for (size_t i = 0; i < values.size(); i++) clause->assignments[i].value = std::move(values[i]);
}

}  // namespace deltic::spark::sql
