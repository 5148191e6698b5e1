// Statements: which one it is, and the smaller commands.
#include <array>

#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {
namespace {

template <typename T>
plan::CommandPtr Command(std::shared_ptr<T> command) {
  return command;
}

}  // namespace

plan::Statement Parser::StatementBody() {
  Depth depth(this);
  size_t first = pos_;
  plan::Statement statement;
  const auto at_multi_insert = [&] {
    if (!At(K::kFROM) || !AtQueryKeyword(pos_)) return false;
    const size_t start = pos_;
    FromClause();
    const bool insert = At(K::kINSERT);
    pos_ = start;
    return insert;
  };
  if (at_multi_insert()) {
    statement.command = MultiInsert({});
    return statement;
  }
  if (At(K::kWITH)) {
    std::vector<std::pair<std::string, RelationPtr>> ctes = Ctes();
    if (At(K::kINSERT)) {
      statement.command = InsertStatement(std::move(ctes));
    } else if (at_multi_insert()) {
      statement.command = MultiInsert(std::move(ctes));
    } else if (At(K::kMERGE)) {
      statement.command = MergeStatement(std::move(ctes));
    } else if (At(K::kUPDATE) || At(K::kDELETE)) {
      statement.command = DmlStatement();
    } else {
      RelationPtr body = QueryAfterCtes();
      statement.query = Made(std::make_shared<plan::With>(std::move(ctes), std::move(body)), first);
    }
    return statement;
  }
  if (At(K::kSELECT) || At(K::kFROM) || At(K::kVALUES) || At(K::kTABLE) || AtSym('(') ||
      ((At(K::kMAP) || At(K::kREDUCE)) && AtIdentifier(1))) {
    statement.query = Query();
    return statement;
  }
  statement.command = CommandStatement();
  return statement;
}

plan::CommandPtr Parser::CommandStatement() {
  if (plan::CommandPtr delta = DeltaStatement()) return delta;
  FailNativeCommand();
  switch (Peek().keyword) {
    case K::kCREATE: return CreateStatement();
    case K::kREPLACE: return CreateStatement();
    case K::kDROP: return DropStatement();
    case K::kALTER: return AlterStatement();
    case K::kINSERT: return InsertStatement({});
    case K::kUPDATE:
    case K::kDELETE: return DmlStatement();
    case K::kMERGE: return MergeStatement({});
    case K::kSHOW: return ShowStatement();
    case K::kDESC:
    case K::kDESCRIBE: return DescribeStatement();
    case K::kEXPLAIN: return ExplainStatement();
    case K::kSET: return SetStatement();
    case K::kRESET: return ResetStatement();
    case K::kUSE: return UseStatement();
    case K::kCACHE:
    case K::kUNCACHE:
    case K::kCLEAR: return CacheStatement();
    case K::kREFRESH: return RefreshStatement();
    case K::kTRUNCATE: return TruncateStatement();
    case K::kMSCK:
    case K::kREPAIR: return UnsupportedUntilEnd("MSCK REPAIR TABLE");
    case K::kANALYZE: return UnsupportedUntilEnd("ANALYZE TABLE");
    case K::kLOAD: return UnsupportedUntilEnd("LOAD DATA");
    case K::kCOMMENT: return CommentStatement();
    case K::kADD:
    case K::kLIST: {
      std::string what = At(K::kADD) ? "ADD " : "LIST ";
      Advance();
      return UnsupportedUntilEnd(what + Identifier());
    }
    default: Fail();
  }
}

plan::CommandPtr Parser::UnsupportedUntilEnd(std::string what) {
  size_t first = pos_;
  while (!AtEnd() && !AtSym(';')) Advance();
  return Made(std::make_shared<plan::UnsupportedCommand>(std::move(what)), first);
}

// Hive statements that Spark knows only to refuse.
void Parser::FailNativeCommand() {
  static constexpr std::array<std::array<K, 3>, 24> kRefused = {
      {{K::kCREATE, K::kROLE, K::kNone},  {K::kDROP, K::kROLE, K::kNone},        {K::kGRANT, K::kROLE, K::kNone},
       {K::kGRANT, K::kNone, K::kNone},   {K::kREVOKE, K::kROLE, K::kNone},      {K::kREVOKE, K::kNone, K::kNone},
       {K::kSHOW, K::kGRANT, K::kNone},   {K::kSHOW, K::kROLE, K::kGRANT},       {K::kSHOW, K::kPRINCIPALS, K::kNone},
       {K::kSHOW, K::kROLES, K::kNone},   {K::kSHOW, K::kCURRENT, K::kROLES},    {K::kEXPORT, K::kTABLE, K::kNone},
       {K::kIMPORT, K::kTABLE, K::kNone}, {K::kSHOW, K::kCOMPACTIONS, K::kNone}, {K::kSHOW, K::kTRANSACTIONS, K::kNone},
       {K::kSHOW, K::kINDEXES, K::kNone}, {K::kSHOW, K::kLOCKS, K::kNone},       {K::kALTER, K::kINDEX, K::kNone},
       {K::kLOCK, K::kTABLE, K::kNone},   {K::kUNLOCK, K::kTABLE, K::kNone},     {K::kSTART, K::kTRANSACTION, K::kNone},
       {K::kCOMMIT, K::kNone, K::kNone},  {K::kROLLBACK, K::kNone, K::kNone},    {K::kDFS, K::kNone, K::kNone}}};
  for (const auto& words : kRefused) {
    size_t matched = 0;
    while (matched < 3 && words[matched] != K::kNone && At(words[matched], matched)) matched++;
    if (matched == 0 || (matched < 3 && words[matched] != K::kNone)) continue;
    std::string what;
    for (size_t i = 0; i < matched; i++) what += (i == 0 ? "" : " ") + std::string(Text(Peek(i)));
    for (char& c : what) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    FailNotAllowed(std::move(what), pos_);
  }
}

bool Parser::AtNamespace(size_t ahead) const {
  return At(K::kNAMESPACE, ahead) || At(K::kDATABASE, ahead) || At(K::kSCHEMA, ahead);
}

bool Parser::AcceptIfExists() {
  if (!(At(K::kIF) && At(K::kEXISTS, 1))) return false;
  pos_ += 2;
  return true;
}

bool Parser::AcceptIfNotExists() {
  if (!(At(K::kIF) && At(K::kNOT, 1) && At(K::kEXISTS, 2))) return false;
  pos_ += 3;
  return true;
}

plan::CommandPtr Parser::CreateDatabase() {
  size_t first = pos_;
  pos_ += 2;
  auto command = std::make_shared<plan::DatabaseCommand>(plan::CommandKind::kCreateDatabase);
  command->if_exists = AcceptIfNotExists();
  command->name = IdentifierReference();
  while (true) {
    if (At(K::kCOMMENT)) {
      command->comment = CommentSpec();
    } else if (Accept(K::kLOCATION)) {
      command->location = StringLit();
    } else if (At(K::kWITH) && (At(K::kDBPROPERTIES, 1) || At(K::kPROPERTIES, 1))) {
      pos_ += 2;
      command->properties = PropertyList(true);
    } else {
      return Made(std::move(command), first);
    }
  }
}

plan::CommandPtr Parser::DropStatement() {
  size_t first = pos_;
  Expect(K::kDROP);
  if (At(K::kTABLE) || At(K::kVIEW)) {
    bool table = At(K::kTABLE);
    Advance();
    auto command =
        std::make_shared<plan::TableCommand>(table ? plan::CommandKind::kDropTable : plan::CommandKind::kDropView);
    command->if_exists = AcceptIfExists();
    command->table = IdentifierReference();
    if (table) command->purge = Accept(K::kPURGE);
    return Made(std::move(command), first);
  }
  if (AtNamespace()) {
    Advance();
    auto command = std::make_shared<plan::DatabaseCommand>(plan::CommandKind::kDropDatabase);
    command->if_exists = AcceptIfExists();
    command->name = IdentifierReference();
    command->cascade = Accept(K::kCASCADE);
    if (!command->cascade) Accept(K::kRESTRICT);
    return Made(std::move(command), first);
  }
  if (At(K::kFUNCTION) || (At(K::kTEMPORARY) && At(K::kFUNCTION, 1)) || (At(K::kTEMP) && At(K::kFUNCTION, 1))) {
    return UnsupportedUntilEnd("DROP FUNCTION");
  }
  if (At(K::kINDEX)) FailNotAllowed("DROP INDEX", first);
  Fail();
}

plan::CommandPtr Parser::UseStatement() {
  size_t first = pos_;
  Expect(K::kUSE);
  if (AtNamespace() && AtIdentifier(1)) Advance();
  auto command = std::make_shared<plan::DatabaseCommand>(plan::CommandKind::kUse);
  command->name = IdentifierReference();
  return Made(std::move(command), first);
}

plan::CommandPtr Parser::CacheStatement() {
  size_t first = pos_;
  if (Accept(K::kCLEAR)) {
    Expect(K::kCACHE);
    return Made(std::make_shared<plan::Command>(plan::CommandKind::kClearCache), first);
  }
  if (Accept(K::kUNCACHE)) {
    Expect(K::kTABLE);
    auto command = std::make_shared<plan::TableCommand>(plan::CommandKind::kUncacheTable);
    command->if_exists = AcceptIfExists();
    command->table = IdentifierReference();
    return Made(std::move(command), first);
  }
  Expect(K::kCACHE);
  auto command = std::make_shared<plan::CacheTable>();
  command->lazy = Accept(K::kLAZY);
  Expect(K::kTABLE);
  command->table = IdentifierReference();
  if (At(K::kOPTIONS) && AtSym('(', 1)) {
    Advance();
    command->options = PropertyList(true);
  }
  bool as = Accept(K::kAS);
  if (as || !(AtEnd() || AtSym(';'))) command->query = Query();
  return Made(std::move(command), first);
}

plan::CommandPtr Parser::RefreshStatement() {
  size_t first = pos_;
  Expect(K::kREFRESH);
  if (At(K::kTABLE) && AtIdentifier(1)) {
    Advance();
    auto command = std::make_shared<plan::TableCommand>(plan::CommandKind::kRefresh);
    command->table = IdentifierReference();
    return Made(std::move(command), first);
  }
  return UnsupportedUntilEnd(At(K::kFUNCTION) ? "REFRESH FUNCTION" : "REFRESH of a path");
}

plan::CommandPtr Parser::TruncateStatement() {
  size_t first = pos_;
  Expect(K::kTRUNCATE);
  if (!At(K::kTABLE)) {
    if (AtIdentifier()) FailExpected("'TABLE'");
    Fail();
  }
  Advance();
  auto command = std::make_shared<plan::TableCommand>(plan::CommandKind::kTruncate);
  command->table = IdentifierReference();
  if (At(K::kPARTITION)) return UnsupportedUntilEnd("TRUNCATE TABLE … PARTITION");
  return Made(std::move(command), first);
}

plan::CommandPtr Parser::ExplainStatement() {
  size_t first = pos_;
  Expect(K::kEXPLAIN);
  auto command = std::make_shared<plan::QueryCommand>(plan::CommandKind::kExplain);
  command->mode = "simple";
  for (K mode : {K::kFORMATTED, K::kEXTENDED, K::kCODEGEN, K::kCOST, K::kLOGICAL}) {
    if (!At(mode)) continue;
    if (mode == K::kLOGICAL) FailNotAllowed("EXPLAIN LOGICAL", first);
    command->mode = types::ToLower(Text(Peek()));
    Advance();
    break;
  }
  plan::Statement statement = StatementBody();
  if (statement.query == nullptr) {
    return Command(Made(std::make_shared<plan::UnsupportedCommand>("EXPLAIN of a command"), first));
  }
  command->query = std::move(statement.query);
  return Made(std::move(command), first);
}

// key [=] value pairs in parentheses. `need_values`: a key without a value is an error.
Parser::Options Parser::PropertyList(bool need_values) {
  size_t first = pos_;
  ExpectSym('(');
  Options properties;
  std::string missing;
  do {
    std::string key = PropertyKey();
    AcceptSym('=');
    std::string value;
    if (AtStringLit()) {
      value = StringLit();
    } else if (At(K::kTRUE) || At(K::kFALSE)) {
      value = types::ToLower(Text(Peek()));
      Advance();
    } else if (Peek().kind == TokenKind::kInteger || Peek().kind == TokenKind::kDecimal) {
      value = Text(Peek());
      Advance();
    } else if (need_values && (AtSym(',') || AtSym(')'))) {
      missing += (missing.empty() ? "" : ",") + key;
    } else if (!AtSym(',') && !AtSym(')')) {
      Fail();
    }
    for (const auto& [other, unused] : properties) {
      if (other != key) continue;
      std::string shown = types::QuoteIdentifier(key);
      FailWith("DUPLICATE_KEY", {{"keyColumn", shown}}, "Found duplicate keys " + shown + ".", first);
    }
    properties.emplace_back(std::move(key), std::move(value));
  } while (AcceptSym(','));
  if (!AtSym(')')) FailExpected("')'");
  Advance();
  if (!missing.empty()) FailNotAllowed("Values must be specified for key(s): [" + missing + "]", first);
  return properties;
}

std::string Parser::PropertyKey() {
  if (AtStringLit()) return StringLit();
  std::string key = Identifier();
  while (AcceptSym('.')) key += "." + Identifier();
  return key;
}

void Parser::RefuseReservedProperties(const Options& properties, size_t token) const {
  static constexpr std::pair<std::string_view, std::string_view> kReserved[] = {
      {"provider", "please use the USING clause to specify it"},
      {"location", "please use the LOCATION clause to specify it"},
      {"owner", "it will be set to the current user"},
      {"external", "please use CREATE EXTERNAL TABLE"}};
  for (const auto& [key, value] : properties) {
    for (const auto& [reserved, hint] : kReserved) {
      if (key != reserved) continue;
      FailWith("UNSUPPORTED_FEATURE.SET_TABLE_PROPERTY", {{"property", key}, {"msg", std::string(hint)}},
               "The feature is not supported: " + key + " is a reserved table property, " + std::string(hint) + ".",
               token);
    }
  }
}

// PARTITION (p = 1, q)
std::vector<std::pair<std::string, ExpressionPtr>> Parser::PartitionSpec() {
  Expect(K::kPARTITION);
  ExpectSym('(');
  std::vector<std::pair<std::string, ExpressionPtr>> spec;
  do {
    std::string column = Identifier();
    ExpressionPtr value;
    if (AcceptSym('=')) {
      if (At(K::kDEFAULT)) {
        FailWith("REF_DEFAULT_VALUE_IS_NOT_ALLOWED_IN_PARTITION", {},
                 "References to DEFAULT column values are not allowed within the PARTITION clause.", pos_);
      }
      if (!AtConstant()) Fail();
      value = Constant();
    }
    spec.emplace_back(std::move(column), std::move(value));
  } while (AcceptSym(','));
  ExpectSym(')');
  return spec;
}

}  // namespace deltic::spark::sql
