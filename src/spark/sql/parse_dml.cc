// INSERT, DELETE and UPDATE.
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {

// INSERT up to its query; null, and nothing read: INSERT OVERWRITE DIRECTORY.
std::shared_ptr<plan::Insert> Parser::InsertHead() {
  if (At(K::kOVERWRITE, 1) && (At(K::kDIRECTORY, 2) || (At(K::kLOCAL, 2) && At(K::kDIRECTORY, 3)))) return nullptr;
  const size_t first = pos_;
  Expect(K::kINSERT);
  auto insert = std::make_shared<plan::Insert>();
  if (At(K::kWITH) && At(K::kSCHEMA, 1)) {
    pos_ += 2;
    ExpectWord("EVOLUTION");
    insert->with_schema_evolution = true;
  }
  insert->overwrite = At(K::kOVERWRITE);
  if (!Accept(K::kOVERWRITE)) Expect(K::kINTO);
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
  return insert;
}

plan::CommandPtr Parser::InsertStatement(std::vector<std::pair<std::string, RelationPtr>> ctes) {
  const size_t first = pos_;
  auto insert = InsertHead();
  if (insert == nullptr) return UnsupportedUntilEnd("INSERT OVERWRITE DIRECTORY");
  const size_t query = pos_;
  insert->query = Query();
  if (!ctes.empty()) insert->query = Made(std::make_shared<plan::With>(std::move(ctes), insert->query), query);
  return Made(std::move(insert), first);
}

// FROM relation, then INSERT … SELECT … as often as one likes.
plan::CommandPtr Parser::MultiInsert(std::vector<std::pair<std::string, RelationPtr>> ctes) {
  const size_t first = pos_;
  const RelationPtr from = FromClause();
  auto many = std::make_shared<plan::InsertMany>();
  while (At(K::kINSERT)) {
    const size_t start = pos_;
    auto insert = InsertHead();
    if (insert == nullptr) return UnsupportedUntilEnd("INSERT OVERWRITE DIRECTORY");
    if (!At(K::kSELECT)) Fail();
    const size_t query = pos_;
    insert->query = QueryOrganization(Select(from));
    if (!ctes.empty()) insert->query = Made(std::make_shared<plan::With>(ctes, insert->query), query);
    many->inserts.push_back(Made(std::move(insert), start));
  }
  return Made(std::move(many), first);
}

// The target of DELETE, UPDATE or MERGE with its alias.
plan::DmlTarget Parser::DmlTargetClause(std::string_view statement) {
  plan::DmlTarget target;
  target.table = IdentifierReference();
  target.alias = DmlAlias(statement);
  return target;
}

// Empty: none. Column aliases are refused as Spark refuses them.
std::string Parser::DmlAlias(std::string_view statement) {
  const size_t at = pos_;
  const RelationPtr aliased = TableAlias(std::make_shared<plan::OneRowRelation>());
  if (aliased->kind != plan::RelationKind::kSubqueryAlias) return {};
  const auto& alias = aliased->As<plan::SubqueryAlias>();
  if (!alias.column_aliases.empty()) {
    FailWith("COLUMN_ALIASES_IS_NOT_ALLOWED", {{"op", std::string(statement)}},
             "Columns aliases are not allowed in " + std::string(statement) + ".", at);
  }
  return alias.alias;
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
  Expect(K::kUPDATE);
  auto command = std::make_shared<plan::UpdateTable>();
  command->target = DmlTargetClause("UPDATE");
  Expect(K::kSET);
  command->assignments = Assignments();
  if (Accept(K::kWHERE)) command->condition = Expr();
  return Made(std::move(command), first);
}

}  // namespace deltic::spark::sql
