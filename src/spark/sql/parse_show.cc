// SHOW and DESCRIBE.
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {

plan::CommandPtr Parser::ShowStatement() {
  using Kind = plan::CommandKind;
  size_t first = pos_;
  Expect(K::kSHOW);
  std::shared_ptr<plan::ShowCommand> show;
  auto of = [&](Kind kind, size_t words) {
    show = std::make_shared<plan::ShowCommand>(kind);
    pos_ += words;
  };
  auto in = [&] {
    if (Accept(K::kIN) || Accept(K::kFROM)) show->target = IdentifierReference();
  };
  auto like = [&] {
    bool word = Accept(K::kLIKE);
    if (word || AtStringLit()) show->pattern = StringLit();
  };
  if (At(K::kTABLES) || At(K::kVIEWS)) {
    of(At(K::kTABLES) ? Kind::kShowTables : Kind::kShowViews, 1);
    in();
    like();
  } else if (At(K::kNAMESPACES) || At(K::kDATABASES) || At(K::kSCHEMAS)) {
    of(Kind::kShowDatabases, 1);
    in();
    like();
  } else if (At(K::kCATALOGS)) {
    of(Kind::kShowCatalogs, 1);
    like();
  } else if (At(K::kCOLUMNS)) {
    of(Kind::kShowColumns, 1);
    if (!Accept(K::kIN)) Expect(K::kFROM);
    show->target = IdentifierReference();
    if (Accept(K::kIN) || Accept(K::kFROM)) {
      NameParts database = MultipartIdentifier();
      // The database may be given twice, but not differently.
      bool differs = show->target.size() > 1 && !types::EqualsIgnoreCase(show->target[0], database[0]);
      if (differs) {
        FailWith("_LEGACY_ERROR_TEMP_0057", {{"db1", database[0]}, {"db2", show->target[0]}},
                 "SHOW COLUMNS with conflicting databases: '" + database[0] + "' != '" + show->target[0] + "'.", first);
      }
      if (show->target.size() == 1) show->target.insert(show->target.begin(), database.begin(), database.end());
    }
  } else if (At(K::kTBLPROPERTIES)) {
    of(Kind::kShowTableProperties, 1);
    show->target = IdentifierReference();
    if (AcceptSym('(')) {
      show->key = PropertyKey();
      ExpectSym(')');
    }
  } else if (At(K::kPARTITIONS)) {
    of(Kind::kShowPartitions, 1);
    show->target = IdentifierReference();
    if (At(K::kPARTITION)) return UnsupportedUntilEnd("SHOW PARTITIONS … PARTITION");
  } else if (At(K::kCREATE) && At(K::kTABLE, 1)) {
    of(Kind::kShowCreateTable, 2);
    show->target = IdentifierReference();
    if (At(K::kAS)) return UnsupportedUntilEnd("SHOW CREATE TABLE … AS SERDE");
  } else if (At(K::kCURRENT) && AtNamespace(1)) {
    return UnsupportedUntilEnd("SHOW CURRENT NAMESPACE");
  } else if (At(K::kTABLE) && At(K::kEXTENDED, 1)) {
    return UnsupportedUntilEnd("SHOW TABLE EXTENDED");
  } else if (At(K::kFUNCTIONS) || At(K::kFUNCTIONS, 1)) {
    bool scoped = !At(K::kFUNCTIONS);
    std::string scope = scoped ? types::ToLower(Text(Peek())) : "all";
    if (scoped && scope != "all" && scope != "system" && scope != "user") {
      FailWith("INVALID_SQL_SYNTAX.SHOW_FUNCTIONS_INVALID_SCOPE", {{"scope", types::QuoteIdentifier(scope)}},
               "Invalid SQL syntax: SHOW " + types::QuoteIdentifier(scope) + " FUNCTIONS not supported.", pos_);
    }
    of(Kind::kShowFunctions, scoped ? 2 : 1);
    for (char& c : scope) c = static_cast<char>(c - 32);
    show->scope = std::move(scope);
    in();
    bool word = Accept(K::kLIKE);
    if (AtStringLit()) {
      show->pattern = StringLit();
    } else if (word || AtIdentifier()) {
      for (const std::string& part : MultipartIdentifier()) show->pattern += (show->pattern.empty() ? "" : ".") + part;
    }
  } else if (AtIdentifier() && AtEnd(1)) {
    Advance();
    FailExpected("'FUNCTIONS'");
  } else {
    Fail();
  }
  return Made(std::move(show), first);
}

plan::CommandPtr Parser::DescribeStatement() {
  size_t first = pos_;
  Advance();
  bool history = AtWord("HISTORY");
  if ((history || AtWord("DETAIL")) && (AtIdentifier(1) || AtStringLit(1))) {
    Advance();
    auto command = std::make_shared<plan::DescribeDelta>(history ? plan::CommandKind::kDescribeHistory
                                                                 : plan::CommandKind::kDescribeDetail);
    command->table = TableOrPath();
    if (history && Accept(K::kLIMIT)) {
      std::string digits = NumberText(TokenKind::kInteger);
      if (digits.size() > 9) Fail();
      command->limit = std::stoll(digits);
    }
    return Made(std::move(command), first);
  }
  if (At(K::kFUNCTION) && !AtEnd(1) && !AtSym(';', 1)) {
    Advance();
    auto command = std::make_shared<plan::DescribeFunction>();
    command->extended = At(K::kEXTENDED) && !AtEnd(1) && Accept(K::kEXTENDED);
    if (AtStringLit()) {
      command->name = StringLit();
    } else if (AtIdentifier()) {
      for (const std::string& part : IdentifierReference()) command->name += (command->name.empty() ? "" : ".") + part;
    } else if (Peek().kind == TokenKind::kSymbol) {
      command->name = Text(Peek());
      Advance();
    } else {
      Fail();
    }
    return Made(std::move(command), first);
  }
  if (AtNamespace() && AtIdentifier(1)) {
    Advance();
    auto command = std::make_shared<plan::DatabaseCommand>(plan::CommandKind::kDescribeDatabase);
    command->extended = At(K::kEXTENDED) && AtIdentifier(1) && Accept(K::kEXTENDED);
    command->name = IdentifierReference();
    return Made(std::move(command), first);
  }
  bool query_word = At(K::kQUERY) && (AtQueryKeyword(pos_ + 1) || AtSym('(', 1));
  if (query_word || (AtQuery() && !At(K::kTABLE))) {  // DESCRIBE TABLE t is no query
    if (query_word) Advance();
    auto command = std::make_shared<plan::QueryCommand>(plan::CommandKind::kDescribeQuery);
    command->query = Query();
    return Made(std::move(command), first);
  }
  if (At(K::kTABLE) && AtIdentifier(1)) Advance();
  auto command = std::make_shared<plan::DescribeTable>();
  bool extended = (At(K::kEXTENDED) || At(K::kFORMATTED)) && AtIdentifier(1);
  if (extended) Advance();
  command->extended = extended;
  command->table = IdentifierReference();
  if (At(K::kPARTITION) && AtSym('(', 1)) return UnsupportedUntilEnd("DESCRIBE TABLE … PARTITION");
  if (AtIdentifier()) command->column = QualifiedName();
  return Made(std::move(command), first);
}

}  // namespace deltic::spark::sql
