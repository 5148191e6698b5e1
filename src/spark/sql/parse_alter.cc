// ALTER TABLE, Spark's and Delta's forms, and COMMENT ON TABLE.
#include "spark/plan/alter_table.h"
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {

plan::CommandPtr Parser::AlterStatement() {
  size_t first = pos_;
  Expect(K::kALTER);
  if (AtNamespace()) return UnsupportedUntilEnd("ALTER DATABASE");
  bool view = At(K::kVIEW);
  if (!view)
    Expect(K::kTABLE);
  else
    Advance();
  auto alter = std::make_shared<plan::TableChange>();
  alter->table = IdentifierReference();
  if (view && (At(K::kAS) || AtQuery())) {
    Accept(K::kAS);
    auto change = std::make_shared<plan::CreateView>();
    change->name = std::move(alter->table);
    change->is_temp = false;
    change->replace = change->alter = true;
    const size_t begin = pos_;
    change->query = Query();
    change->text = SourceFrom(begin);
    return Made(std::move(change), first);
  }
  if (view) {
    alter->of_view = true;
    if (!AlterProperties(alter.get()) || alter->action == "SET LOCATION") Fail();
    return Made(std::move(alter), first);
  }
  if (At(K::kNOT) && (At(K::kCLUSTERED, 1) || At(K::kSORTED, 1) || At(K::kSKEWED, 1))) {
    FailNotAllowed("ALTER TABLE NOT " + std::string(Text(Peek(1))), first);
  }
  return AlterTableAction(std::move(alter), first);
}

plan::CommandPtr Parser::AlterTableAction(std::shared_ptr<plan::TableChange> alter, size_t first) {
  if (AlterProperties(alter.get()) || AlterColumns(alter.get(), first) || AlterDelta(alter.get())) {
    return Made(std::move(alter), first);
  }
  static constexpr K kVerbs[] = {K::kRENAME, K::kDROP,    K::kALTER,     K::kCHANGE,  K::kREPLACE, K::kSET,
                                 K::kADD,    K::kRECOVER, K::kPARTITION, K::kCLUSTER, K::kCOMPACT, K::kTOUCH};
  for (K verb : kVerbs) {
    if (!At(verb)) continue;
    std::string what = "ALTER TABLE " + std::string(Text(Peek()));
    Advance();
    if (AtEnd() || AtSym(';')) Fail();
    if (Peek().keyword != K::kNone) what += " " + std::string(Text(Peek()));
    for (char& c : what) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return UnsupportedUntilEnd(std::move(what));
  }
  Fail();
}

// SET/UNSET TBLPROPERTIES, RENAME TO, SET LOCATION; ADD/DROP PARTITION, RECOVER PARTITIONS, SET SERDE.
bool Parser::AlterProperties(plan::TableChange* alter) {
  if (At(K::kSET) && At(K::kTBLPROPERTIES, 1)) {
    size_t at = pos_;
    pos_ += 2;
    alter->action = "SET TBLPROPERTIES";
    alter->properties = PropertyList(true);
    RefuseReservedProperties(alter->properties, at);
    return true;
  }
  if (At(K::kUNSET) && At(K::kTBLPROPERTIES, 1)) {
    pos_ += 2;
    alter->action = "UNSET TBLPROPERTIES";
    alter->if_exists = AcceptIfExists();
    alter->properties = PropertyList(false);
    return true;
  }
  if (At(K::kRENAME) && At(K::kTO, 1)) {
    pos_ += 2;
    alter->action = "RENAME TO";
    alter->new_name = MultipartIdentifier();
    return true;
  }
  if (At(K::kSET) && At(K::kLOCATION, 1)) {
    pos_ += 2;
    alter->action = "SET LOCATION";
    alter->text = StringLit();
    return true;
  }
  // Of what a catalog keeps itself only the name is read.
  if (At(K::kADD) && (At(K::kPARTITION, 1) || At(K::kIF, 1))) {
    alter->action = "ADD PARTITION";
  } else if (At(K::kDROP) && (At(K::kPARTITION, 1) || (At(K::kIF, 1) && At(K::kEXISTS, 2) && At(K::kPARTITION, 3)))) {
    alter->action = "DROP PARTITION";
  } else if (At(K::kRECOVER) && At(K::kPARTITIONS, 1)) {
    alter->action = "RECOVER PARTITIONS";
  } else if (At(K::kSET) && (At(K::kSERDE, 1) || At(K::kSERDEPROPERTIES, 1))) {
    alter->action = "SET SERDE";
  } else {
    return false;
  }
  while (!AtEnd() && !AtSym(';')) Advance();
  return true;
}

bool Parser::AlterColumns(plan::TableChange* alter, size_t first) {
  if (At(K::kADD) && (At(K::kCOLUMN, 1) || At(K::kCOLUMNS, 1))) {
    pos_ += 2;
    alter->action = "ADD COLUMNS";
    bool parentheses = AcceptSym('(');
    ColumnsToAdd(alter);
    if (parentheses) ExpectSym(')');
    return true;
  }
  if (At(K::kREPLACE) && At(K::kCOLUMNS, 1)) {
    pos_ += 2;
    alter->action = "REPLACE COLUMNS";
    ExpectSym('(');
    ColumnsToAdd(alter);
    ExpectSym(')');
    return true;
  }
  if (At(K::kRENAME) && At(K::kCOLUMN, 1)) {
    pos_ += 2;
    alter->action = "RENAME COLUMN";
    alter->paths.push_back(MultipartIdentifier());
    Expect(K::kTO);
    alter->name = CapturingIdentifier();
    return true;
  }
  if (At(K::kDROP) && (At(K::kCOLUMN, 1) || At(K::kCOLUMNS, 1))) {
    pos_ += 2;
    alter->action = "DROP COLUMNS";
    alter->if_exists = AcceptIfExists();
    bool parentheses = AcceptSym('(');
    do {
      alter->paths.push_back(MultipartIdentifier());
    } while (AcceptSym(','));
    if (parentheses) ExpectSym(')');
    return true;
  }
  if (!At(K::kALTER) && !At(K::kCHANGE)) return false;
  bool change = At(K::kCHANGE);
  Advance();
  Accept(K::kCOLUMN);
  alter->action = "CHANGE COLUMN";
  alter->change.path = MultipartIdentifier();
  if (change && AtIdentifier() && !At(K::kTYPE) && !At(K::kCOMMENT) && !At(K::kFIRST) && !At(K::kAFTER) &&
      !At(K::kSET) && !At(K::kDROP)) {
    HiveChange(&alter->change, first);
    return true;
  }
  ColumnAction(alter, first);
  return true;
}

// path type [NOT NULL] [COMMENT 'x'] [DEFAULT e] [FIRST | AFTER c], …
void Parser::ColumnsToAdd(plan::TableChange* alter) {
  do {
    plan::ColumnDefinition column;
    plan::ColumnPosition position;
    alter->paths.push_back(MultipartIdentifier());
    column.name = alter->paths.back().back();
    column.type = Type();
    std::vector<std::string> seen;
    // No GENERATED here: Spark's grammar has it in CREATE TABLE only.
    while (Position(&position) || (!At(K::kGENERATED) && ColumnOption(&column, &seen))) {
    }
    alter->columns.push_back(std::move(column));
    alter->positions.push_back(std::move(position));
  } while (AcceptSym(','));
}

bool Parser::Position(plan::ColumnPosition* position) {
  if (Accept(K::kFIRST)) {
    position->first = true;
    return true;
  }
  if (!Accept(K::kAFTER)) return false;
  position->after = CapturingIdentifier();
  return true;
}

// CHANGE COLUMN a a INT [COMMENT 'x'] [FIRST | AFTER c]
void Parser::HiveChange(plan::ColumnChange* change, size_t first) {
  types::StructField field = ColumnType();
  if (change->path.size() > 1 || !types::EqualsIgnoreCase(change->path[0], field.name)) {
    FailWith("_LEGACY_ERROR_TEMP_0034", {},
             change->path.size() > 1
                 ? "Operation not allowed: ALTER TABLE table CHANGE COLUMN with qualified column."
                 : "Renaming column is not supported in Hive-style ALTER COLUMN, please run RENAME COLUMN instead.",
             first);
  }
  change->type = field.type;
  if (!field.nullable) {
    FailWith("_LEGACY_ERROR_TEMP_0034", {},
             "NOT NULL is not supported in Hive-style ALTER COLUMN, please run ALTER COLUMN ... SET/DROP NOT NULL "
             "instead.",
             first);
  }
  if (field.HasMetadata("comment")) change->comment = field.MetadataString("comment");
  Position(&change->position);
}

void Parser::ColumnAction(plan::TableChange* alter, size_t first) {
  plan::ColumnChange& change = alter->change;
  if (Position(&change.position)) return;
  if (Accept(K::kTYPE)) {
    change.type = Type();
  } else if (At(K::kCOMMENT)) {
    change.comment = CommentSpec();
  } else if (AtWord("SYNC") && AtWord("IDENTITY", 1)) {
    pos_ += 2;
    alter->action = "SYNC IDENTITY";
    alter->paths.push_back(change.path);
  } else if ((At(K::kSET) || At(K::kDROP)) && At(K::kNOT, 1)) {
    change.nullable = At(K::kDROP);
    pos_ += 2;
    Expect(K::kNULL);
  } else if (At(K::kSET) && At(K::kDEFAULT, 1)) {
    pos_ += 2;
    size_t begin = pos_;
    Expr();
    change.default_sql = SourceFrom(begin);
  } else if (At(K::kDROP) && At(K::kDEFAULT, 1)) {
    pos_ += 2;
    change.default_sql = "";
  } else if (AtEnd() || AtSym(';')) {
    FailNotAllowed("ALTER TABLE table ALTER COLUMN requires a TYPE, a SET/DROP, a COMMENT, or a FIRST/AFTER", first);
  } else {
    Fail();
  }
}

// What Delta's own parser takes: constraints, clustering, features.
bool Parser::AlterDelta(plan::TableChange* alter) {
  if (At(K::kADD) && At(K::kCONSTRAINT, 1)) {
    pos_ += 2;
    alter->action = "ADD CONSTRAINT";
    alter->name = Identifier();
    Expect(K::kCHECK);
    ExpectSym('(');
    size_t begin = pos_;
    Expr();
    for (size_t token = begin; token < pos_; token++) {
      alter->expression += (token == begin ? "" : " ") + std::string(Text(tokens_[token]));
    }
    ExpectSym(')');
    return true;
  }
  if (At(K::kDROP) && At(K::kCONSTRAINT, 1)) {
    pos_ += 2;
    alter->action = "DROP CONSTRAINT";
    alter->if_exists = AcceptIfExists();
    alter->name = Identifier();
    return true;
  }
  if (At(K::kDROP) && AtWord("FEATURE", 1)) {
    pos_ += 2;
    alter->action = "DROP FEATURE";
    alter->name = AtStringLit() ? StringLit() : Identifier();
    if (At(K::kTRUNCATE)) {
      Advance();
      ExpectWord("HISTORY");
      alter->truncate_history = true;
    }
    return true;
  }
  if (!At(K::kCLUSTER) || !At(K::kBY, 1)) return false;
  pos_ += 2;
  alter->action = "CLUSTER BY";
  if (AcceptWord("NONE")) return true;
  ExpectSym('(');
  do {
    alter->paths.push_back(MultipartIdentifier());
  } while (AcceptSym(','));
  ExpectSym(')');
  return true;
}

// COMMENT ON TABLE t IS 'x' | NULL
plan::CommandPtr Parser::CommentStatement() {
  size_t first = pos_;
  Expect(K::kCOMMENT);
  Expect(K::kON);
  if (AtNamespace()) return UnsupportedUntilEnd("COMMENT ON DATABASE");
  Expect(K::kTABLE);
  auto alter = std::make_shared<plan::TableChange>();
  alter->table = IdentifierReference();
  alter->action = "COMMENT";
  Expect(K::kIS);
  if (!Accept(K::kNULL)) alter->text = StringLit();
  return Made(std::move(alter), first);
}

}  // namespace deltic::spark::sql
