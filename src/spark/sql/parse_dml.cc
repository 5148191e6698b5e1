// INSERT, DELETE and UPDATE. MERGE is read in full, so that its errors are Spark's, and refused by name.
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {

plan::CommandPtr Parser::InsertStatement(std::vector<std::pair<std::string, RelationPtr>> ctes) {
  size_t first = pos_;
  Expect(K::kINSERT);
  auto insert = std::make_shared<plan::Insert>();
  insert->overwrite = At(K::kOVERWRITE);
  if (!Accept(K::kOVERWRITE)) Expect(K::kINTO);
  if (insert->overwrite && (At(K::kDIRECTORY) || (At(K::kLOCAL) && At(K::kDIRECTORY, 1)))) {
    return UnsupportedUntilEnd("INSERT OVERWRITE DIRECTORY");
  }
  if (At(K::kTABLE) && AtIdentifier(1)) Advance();
  insert->table = IdentifierReference();
  if (!insert->overwrite && At(K::kREPLACE) && At(K::kWHERE, 1)) {
    pos_ += 2;
    insert->replace_where = Expr();
  }
  if (At(K::kPARTITION) && AtSym('(', 1)) insert->partition = PartitionSpec();
  if (At(K::kIF) && At(K::kNOT, 1)) {
    if (!AcceptIfNotExists()) Fail();
    if (!insert->overwrite) FailNotAllowed("INSERT INTO ... IF NOT EXISTS", first);
    std::string dynamic;
    for (const auto& [column, value] : insert->partition) {
      if (value == nullptr) dynamic += (dynamic.empty() ? "" : ", ") + column;
    }
    if (!dynamic.empty()) FailNotAllowed("IF NOT EXISTS with dynamic partitions: " + dynamic, first);
    insert->if_partition_not_exists = true;
  }
  if (At(K::kBY) && At(K::kNAME, 1)) {
    pos_ += 2;
    insert->by_name = true;
  } else if (AtSym('(') && !AtQuery()) {
    insert->columns = IdentifierList();
  }
  size_t query = pos_;
  insert->query = Query();
  if (!ctes.empty()) insert->query = Made(std::make_shared<plan::With>(std::move(ctes), insert->query), query);
  return Made(std::move(insert), first);
}

// The target of DELETE, UPDATE or MERGE with its alias.
plan::DmlTarget Parser::DmlTargetClause(std::string_view statement) {
  plan::DmlTarget target;
  target.table = IdentifierReference();
  const size_t at = pos_;
  const RelationPtr aliased = TableAlias(std::make_shared<plan::OneRowRelation>());
  if (aliased->kind != plan::RelationKind::kSubqueryAlias) return target;
  const auto& alias = aliased->As<plan::SubqueryAlias>();
  if (!alias.column_aliases.empty()) {
    FailWith("COLUMN_ALIASES_IS_NOT_ALLOWED", {{"op", std::string(statement)}},
             "Columns aliases are not allowed in " + std::string(statement) + ".", at);
  }
  target.alias = alias.alias;
  return target;
}

std::vector<plan::Assignment> Parser::Assignments() {
  std::vector<plan::Assignment> out;
  do {
    plan::Assignment assignment;
    assignment.column = MultipartIdentifier();
    ExpectSym('=');
    assignment.value = Expr();
    out.push_back(std::move(assignment));
  } while (AcceptSym(','));
  return out;
}

plan::CommandPtr Parser::DmlStatement() {
  size_t first = pos_;
  if (Accept(K::kDELETE)) {
    if (!At(K::kFROM)) {
      if (AtIdentifier()) FailExpected("'FROM'");
      Fail();
    }
    Advance();
    auto command = std::make_shared<plan::DeleteFrom>();
    command->target = DmlTargetClause("DELETE");
    if (Accept(K::kWHERE)) command->condition = Expr();
    return Made(std::move(command), first);
  }
  if (Accept(K::kUPDATE)) {
    auto command = std::make_shared<plan::UpdateTable>();
    command->target = DmlTargetClause("UPDATE");
    Expect(K::kSET);
    command->assignments = Assignments();
    if (Accept(K::kWHERE)) command->condition = Expr();
    return Made(std::move(command), first);
  }
  const auto alias = [&] { TableAlias(std::make_shared<plan::OneRowRelation>()); };
  Expect(K::kMERGE);
  if (At(K::kWITH) && At(K::kSCHEMA, 1)) {
    pos_ += 2;
    ExpectWord("EVOLUTION");
  }
  Expect(K::kINTO);
  IdentifierReference();
  alias();
  Expect(K::kUSING);
  if (AtSym('(')) {
    Advance();
    Query();
    ExpectSym(')');
  } else {
    IdentifierReference();
  }
  alias();
  Expect(K::kON);
  Expr();
  MergeClauses(first);
  return Made(std::make_shared<plan::UnsupportedCommand>("MERGE INTO"), first);
}

// WHEN [NOT] MATCHED [BY TARGET|SOURCE] [AND condition] THEN action, …
void Parser::MergeClauses(size_t first) {
  if (!At(K::kWHEN)) {
    FailWith("_LEGACY_ERROR_TEMP_0008", {}, "There must be at least one WHEN clause in a MERGE statement.", first);
  }
  bool unconditional[3] = {false, false, false};
  static const char* const kNames[] = {"MATCHED", "NOT MATCHED", "NOT MATCHED BY SOURCE"};
  static const char* const kConditions[] = {"NON_LAST_MATCHED_CLAUSE_OMIT_CONDITION",
                                            "NON_LAST_NOT_MATCHED_BY_TARGET_CLAUSE_OMIT_CONDITION",
                                            "NON_LAST_NOT_MATCHED_BY_SOURCE_CLAUSE_OMIT_CONDITION"};
  int omitted = -1;
  while (Accept(K::kWHEN)) {
    int kind = Accept(K::kNOT) ? 1 : 0;
    Expect(K::kMATCHED);
    if (kind == 1 && Accept(K::kBY)) {
      if (Accept(K::kSOURCE))
        kind = 2;
      else
        Expect(K::kTARGET);
    }
    if (unconditional[kind]) omitted = kind;
    if (Accept(K::kAND))
      Expr();
    else
      unconditional[kind] = true;
    Expect(K::kTHEN);
    MergeAction(kind == 1, kind == 2);
  }
  if (omitted >= 0) {
    std::string name = kNames[omitted];
    FailWith(kConditions[omitted], {},
             "When there are more than one " + name + " clauses in a MERGE statement, only the last " + name +
                 " clause can omit the condition.",
             first);
  }
}

void Parser::MergeAction(bool inserts, bool by_source) {
  if (!inserts && Accept(K::kDELETE)) return;
  if (!inserts) {
    Expect(K::kUPDATE);
    Expect(K::kSET);
    if (!by_source && AcceptSym('*')) return;
    do {
      MultipartIdentifier();
      ExpectSym('=');
      Expr();
    } while (AcceptSym(','));
    return;
  }
  size_t at = pos_;
  Expect(K::kINSERT);
  if (AcceptSym('*')) return;
  ExpectSym('(');
  size_t columns = 0;
  do {
    MultipartIdentifier();
    columns++;
  } while (AcceptSym(','));
  ExpectSym(')');
  Expect(K::kVALUES);
  ExpectSym('(');
  size_t values = ExpressionSeq().size();
  ExpectSym(')');
  if (values != columns)
    FailWith("_LEGACY_ERROR_TEMP_0006", {}, "The number of inserted values cannot match the fields.", at);
}

}  // namespace deltic::spark::sql
