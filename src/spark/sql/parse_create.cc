// CREATE and REPLACE: tables in all their forms, views and databases.
#include <charconv>
#include <set>

#include "spark/plan/table_layout.h"
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {

plan::CommandPtr Parser::CreateStatement() {
  size_t first = pos_;
  bool create = At(K::kCREATE);
  bool replace = !create;
  if (create && At(K::kOR, 1)) {
    replace = true;
    pos_ += 2;
    if (!At(K::kREPLACE)) Fail();
  }
  Advance();
  if (AtNamespace() && create && !replace) {
    pos_ = first;
    return CreateDatabase();
  }
  bool temporary = At(K::kTEMPORARY) || At(K::kTEMP);
  if (At(K::kTABLE) || (At(K::kEXTERNAL) && At(K::kTABLE, 1)) || (temporary && At(K::kTABLE, 1))) {
    return CreateTableStatement(first, replace, create);
  }
  if (!create) Fail();
  if (At(K::kVIEW) || (temporary && At(K::kVIEW, 1)) || At(K::kGLOBAL)) return CreateViewStatement(first, replace);
  if (At(K::kFUNCTION) || (temporary && At(K::kFUNCTION, 1))) return UnsupportedUntilEnd("CREATE FUNCTION");
  if (At(K::kINDEX)) FailNotAllowed("CREATE INDEX", first);
  Fail();
}

plan::CommandPtr Parser::CreateTableStatement(size_t first, bool replace, bool create) {
  auto table = std::make_shared<plan::LaidOutTable>();
  table->create = create;
  table->replace = replace;
  bool temporary = Accept(K::kTEMPORARY) || Accept(K::kTEMP);
  table->external = Accept(K::kEXTERNAL);
  Expect(K::kTABLE);
  if (replace && At(K::kIF) && At(K::kNOT, 1)) FailAt(pos_ + 1);
  table->if_not_exists = AcceptIfNotExists();
  table->name = IdentifierReference();
  if (AtWord("SHALLOW") || AtWord("DEEP") || AtWord("CLONE")) return CloneTail(*table, first);
  if (At(K::kLIKE) && !replace) {
    if (table->name.size() > 2) Fail();
    Advance();
    table->like = IdentifierReference();
  } else if (AtSym('(') && !AtQuery()) {
    Advance();
    do {
      table->columns.push_back(ColumnDefinitionItem());
    } while (AcceptSym(','));
    if (!AtSym(')')) FailExpected("')'");
    Advance();
  }
  if (At(K::kUSING)) {
    Advance();
    std::string provider;
    for (const std::string& part : MultipartIdentifier()) provider += (provider.empty() ? "" : ".") + part;
    table->provider = types::ToLower(provider);
  }
  size_t clauses = pos_;
  std::vector<std::string> seen;
  while (CreateTableClause(table.get(), &seen, clauses)) {
  }
  if (At(K::kSTORED) || At(K::kROW) || At(K::kSKEWED)) {
    return UnsupportedUntilEnd("CREATE TABLE … " + std::string(Text(Peek())) + " (Hive tables)");
  }
  RefuseReservedProperties(table->properties, clauses);
  if (!table->cluster_by.empty() && !table->partition_by.empty()) {
    FailNotAllowed(
        "Clustering and partitioning cannot both be specified. Please remove PARTITIONED BY if you want to "
        "create a Delta table with clustering",
        clauses);
  }
  bool as = Accept(K::kAS);
  if (as || (table->like.empty() && AtQuery())) {
    table->query = Query();
    if (!table->columns.empty()) {
      std::string kind = replace ? "Replace Table As Select (RTAS)" : "Create Table As Select (CTAS)";
      FailNotAllowed("Schema may not be specified in a " + kind + " statement", first);
    }
  }
  table->transformed = std::count(seen.begin(), seen.end(), "transform") != 0;
  table->bucketed = std::count(seen.begin(), seen.end(), "CLUSTERED BY") != 0;
  if (!temporary) return Made(std::move(table), first);
  if (table->if_not_exists) FailNotAllowed("CREATE TEMPORARY TABLE IF NOT EXISTS", first);
  return Made(std::make_shared<plan::UnsupportedCommand>("CREATE TEMPORARY TABLE, use CREATE TEMPORARY VIEW"), first);
}

// One clause after the columns; false when there is no further one. `seen` refuses repetitions.
bool Parser::CreateTableClause(plan::CreateTable* table, std::vector<std::string>* seen, size_t clauses) {
  auto once = [&](const std::string& clause) {
    for (const std::string& other : *seen) {
      if (other != clause) continue;
      while (!AtEnd() && !AtSym(';')) Advance();
      FailWith("DUPLICATE_CLAUSES", {{"clauseName", clause}},
               "Found duplicate clauses: " + clause + ". Please, remove one of them.", clauses);
    }
    seen->push_back(clause);
  };
  if (At(K::kOPTIONS) && AtSym('(', 1)) {
    once("OPTIONS");
    Advance();
    table->options = PropertyList(false);
  } else if (At(K::kPARTITIONED) && At(K::kBY, 1)) {
    once("PARTITIONED BY");
    pos_ += 2;
    PartitionFields(table, seen);
  } else if (At(K::kCLUSTER) && At(K::kBY, 1)) {
    once("CLUSTER BY");
    pos_ += 2;
    ExpectSym('(');
    do {
      table->cluster_by.push_back(MultipartIdentifier());
    } while (AcceptSym(','));
    ExpectSym(')');
  } else if (At(K::kCLUSTERED) && At(K::kBY, 1)) {
    once("CLUSTERED BY");
    pos_ += 2;
    const auto list = [&] {
      const size_t close = AtSym('(') ? MatchingParen(pos_) : 0;
      if (close == 0) Fail();
      pos_ = close + 1;
    };
    list();
    if (Accept(K::kSORTED)) {
      Expect(K::kBY);
      list();
    }
    Expect(K::kINTO);
    NumberText(TokenKind::kInteger);
    Expect(K::kBUCKETS);
  } else if (At(K::kLOCATION) && AtStringLit(1)) {
    once("LOCATION");
    Advance();
    table->location = StringLit();
  } else if (At(K::kCOMMENT) && AtStringLit(1)) {
    once("COMMENT");
    table->comment = CommentSpec();
    table->has_comment = true;
  } else if (At(K::kTBLPROPERTIES)) {
    once("TBLPROPERTIES");
    Advance();
    table->properties = PropertyList(true);
  } else {
    return false;
  }
  return true;
}

// PARTITIONED BY (a, b): columns of the table, or (a INT, b STRING): columns that are added to it.
void Parser::PartitionFields(plan::CreateTable* table, std::vector<std::string>* seen) {
  ExpectSym('(');
  std::vector<std::string> expressions;
  std::vector<std::string> columns;
  do {
    size_t at = pos_;
    bool name_ends = EndsItem(1) || AtSym('.', 1);
    if (name_ends) {
      NameParts name = QualifiedName();
      expressions.push_back(SourceFrom(at));
      if (name.size() > 1) {
        seen->push_back("transform");
      } else {
        table->partition_by.push_back(name.back());
      }
    } else if (AtSym('(', 1)) {
      size_t close = MatchingParen(pos_ + 1);
      if (close == 0) Fail();
      pos_ = close + 1;
      expressions.push_back(SourceFrom(at));
      seen->push_back("transform");
    } else {
      types::StructField field = ColumnType();
      columns.push_back(field.name + " " + field.type.SimpleString());
      plan::ColumnDefinition column;
      column.name = field.name;
      column.type = field.type;
      column.nullable = field.nullable;
      column.comment = field.MetadataString("comment");
      column.has_comment = field.HasMetadata("comment");
      table->columns.push_back(std::move(column));
      table->partition_by.push_back(field.name);
    }
  } while (AcceptSym(','));
  if (!AtSym(')')) FailExpected("')'");
  Advance();
  if (expressions.empty() || columns.empty()) return;
  auto join = [](const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
    return out;
  };
  FailNotAllowed("PARTITION BY: Cannot mix partition expressions and partition columns:\nExpressions: " +
                     join(expressions) + "\nColumns: " + join(columns),
                 0);
}

// name type [NOT NULL] [DEFAULT expr] [GENERATED …] [COMMENT 'x'], in any order, each once
plan::ColumnDefinition Parser::ColumnDefinitionItem() {
  plan::ColumnDefinition column;
  column.name = CapturingIdentifier();
  column.type = Type();
  std::vector<std::string> seen;
  while (ColumnOption(&column, &seen)) {
  }
  return column;
}

bool Parser::ColumnOption(plan::ColumnDefinition* column, std::vector<std::string>* seen) {
  size_t first = pos_;
  auto once = [&](std::string option) {
    for (const std::string& other : *seen) {
      if (other != option) continue;
      FailWith("CREATE_TABLE_COLUMN_DESCRIPTOR_DUPLICATE", {{"columnName", column->name}, {"optionName", option}},
               "CREATE TABLE column " + column->name + " specifies descriptor \"" + option +
                   "\" more than once, which is invalid.",
               first);
    }
    seen->push_back(std::move(option));
  };
  if (At(K::kNOT) && At(K::kNULL, 1)) {
    once("NOT NULL");
    pos_ += 2;
    column->nullable = false;
  } else if (At(K::kDEFAULT)) {
    once("DEFAULT");
    Advance();
    size_t begin = pos_;
    Expr();
    column->default_sql = SourceFrom(begin);
  } else if (At(K::kGENERATED)) {
    once("GENERATED ALWAYS AS");
    GeneratedColumn(column);
  } else if (At(K::kCOMMENT)) {
    once("COMMENT");
    column->comment = CommentSpec();
    column->has_comment = true;
  } else {
    return false;
  }
  return true;
}

// GENERATED ALWAYS AS (expr), GENERATED ALWAYS | BY DEFAULT AS IDENTITY [(START WITH n INCREMENT BY n)]
void Parser::GeneratedColumn(plan::ColumnDefinition* column) {
  Expect(K::kGENERATED);
  bool by_default = At(K::kBY) && At(K::kDEFAULT, 1) && At(K::kAS, 2) && AtWord("IDENTITY", 3);
  if (by_default)
    pos_ += 2;
  else
    Expect(K::kALWAYS);
  Expect(K::kAS);
  if (!AcceptWord("IDENTITY")) {
    ExpectSym('(');
    size_t begin = pos_;
    Expr();
    column->generated_sql = SourceFrom(begin);
    ExpectSym(')');
    return;
  }
  column->identity = true;
  column->identity_always = !by_default;
  if (!AcceptSym('(')) return;
  std::set<std::string> seen;
  while (!AcceptSym(')')) {
    const size_t option = pos_;
    const bool start = Accept(K::kSTART);
    if (!start) ExpectWord("INCREMENT");
    Expect(start ? K::kWITH : K::kBY);
    const std::string name = start ? "START" : "STEP";
    if (!seen.insert(name).second) {
      FailWith("IDENTITY_COLUMNS_DUPLICATED_SEQUENCE_GENERATOR_OPTION", {{"sequenceGeneratorOption", name}},
               "Duplicated IDENTITY column sequence generator option: " + name + ".", option);
    }
    std::string number = AcceptSym('-') ? "-" : "";
    const bool bigint = Peek().kind == TokenKind::kBigInt;  // 5L
    number += NumberText(bigint ? TokenKind::kBigInt : TokenKind::kInteger);
    int64_t& target = start ? column->identity_start : column->identity_step;
    const char* digits_end = number.data() + number.size() - (number.back() == 'L' || number.back() == 'l' ? 1 : 0);
    const auto parsed = std::from_chars(number.data(), digits_end, target);
    if (parsed.ec != std::errc() || parsed.ptr != digits_end) FailAt(pos_ - 1);
  }
}

plan::CommandPtr Parser::CreateViewStatement(size_t first, bool replace) {
  auto view = std::make_shared<plan::CreateView>();
  view->replace = replace;
  view->is_global = Accept(K::kGLOBAL);
  view->is_temp = Accept(K::kTEMPORARY) || Accept(K::kTEMP);
  Expect(K::kVIEW);
  view->if_not_exists = AcceptIfNotExists();
  view->name = IdentifierReference();
  size_t list = pos_;
  bool typed = AtSym('(') && AtIdentifier(1) && !EndsItem(2) && !At(K::kCOMMENT, 2);
  std::string schema;
  if (typed) {
    Advance();
    size_t begin = pos_;
    ColumnTypes();
    schema = SourceFrom(begin);
    ExpectSym(')');
  } else if (AcceptSym('(')) {
    do {
      std::string column = Identifier();
      view->column_aliases.emplace_back(std::move(column), At(K::kCOMMENT) ? CommentSpec() : "");
    } while (AcceptSym(','));
    if (!AtSym(')')) FailExpected("')'");
    Advance();
  }
  if (view->is_temp && At(K::kUSING) && (typed || list == pos_)) {
    Advance();
    auto source = std::make_shared<plan::DataSourceRelation>();
    std::string provider;
    for (const std::string& part : MultipartIdentifier()) provider += (provider.empty() ? "" : ".") + part;
    source->format = types::ToLower(provider);
    source->schema = std::move(schema);
    if (Accept(K::kOPTIONS)) source->options = PropertyList(false);
    view->query = Made(std::move(source), list);
    return Made(std::move(view), first);
  }
  if (typed) Fail();
  while (true) {
    if (At(K::kCOMMENT)) {
      view->comment = CommentSpec();
    } else if (Accept(K::kTBLPROPERTIES)) {
      view->properties = PropertyList(true);
    } else if (At(K::kPARTITIONED)) {
      FailNotAllowed("CREATE VIEW ... PARTITIONED ON", first);
    } else {
      break;
    }
  }
  Expect(K::kAS);
  const size_t begin = pos_;
  view->query = Query();
  view->text = SourceFrom(begin);
  if (view->is_temp && view->if_not_exists) {
    FailWith("_LEGACY_ERROR_TEMP_0053", {}, "It is not allowed to define a TEMPORARY view with IF NOT EXISTS.", first);
  }
  if (view->if_not_exists && replace) {
    FailWith("_LEGACY_ERROR_TEMP_0052", {}, "CREATE VIEW with both IF NOT EXISTS and REPLACE is not allowed.", first);
  }
  if (view->is_temp && view->name.size() > 1) {
    std::string shown;
    for (const std::string& part : view->name) shown += (shown.empty() ? "" : ".") + types::QuoteIdentifier(part);
    FailWith("TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS", {{"actualName", shown}},
             "CREATE TEMPORARY VIEW or the corresponding Dataset APIs only accept single-part view names, but got: " +
                 shown + ".",
             first);
  }
  if (view->is_temp && !view->properties.empty()) {
    FailNotAllowed("TBLPROPERTIES can't coexist with CREATE TEMPORARY VIEW", first);
  }
  return Made(std::move(view), first);
}

}  // namespace deltic::spark::sql
