// The statements of Delta's own grammar (delta-spark's DeltaSqlBase.g4): VACUUM, OPTIMIZE, RESTORE, CONVERT, GENERATE,
// REORG and CREATE TABLE … CLONE. Text that does not fit is left to Spark's parser, which refuses it at its first word.
#include <cstdlib>

#include "spark/plan/vacuum_inventory.h"
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {
namespace {

// The version of a temporal clause; nullopt when it is none.
std::optional<int64_t> VersionOf(const std::string& text) {
  if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return std::stoll(text);
}

}  // namespace

plan::CommandPtr Parser::DeltaStatement() {
  const size_t first = pos_;
  plan::CommandPtr command;
  const bool target = AtIdentifier(1) || AtStringLit(1);
  if (AtWord("VACUUM") && target) {
    command = VacuumStatement();
  } else if (AtWord("OPTIMIZE") && target) {
    command = OptimizeStatement();
  } else if (AtWord("RESTORE") && AtIdentifier(1)) {
    command = RestoreStatement();
  } else if (AtWord("CONVERT") && At(K::kTO, 1) && AtWord("DELTA", 2) && AtIdentifier(3)) {
    command = ConvertStatement();
  } else if (AtWord("GENERATE") && AtIdentifier(1) && At(K::kFOR, 2) && At(K::kTABLE, 3) && AtIdentifier(4)) {
    auto generate = std::make_shared<plan::Generate>();
    Advance();
    generate->mode = Identifier();
    pos_ += 2;
    generate->table = IdentifierReference();
    command = Made(std::move(generate), first);
  } else if (AtWord("REORG") && At(K::kTABLE, 1) && AtIdentifier(2)) {
    command = ReorgStatement();
  }
  if (command != nullptr && (AtEnd() || AtSym(';'))) return command;
  pos_ = first;
  return nullptr;
}

// VACUUM t { LITE | FULL | RETAIN n HOURS | DRY RUN | USING INVENTORY … }, in any order, each once
plan::CommandPtr Parser::VacuumStatement() {
  const size_t first = pos_;
  Advance();
  auto vacuum = std::make_shared<plan::VacuumByInventory>();
  vacuum->table = TableOrPath();
  const size_t modifiers = pos_;
  bool retain = false, type = false;
  const auto once = [&](bool seen, const char* clause) {
    if (!seen) return;
    FailWith("DUPLICATE_CLAUSES", {{"clauseName", clause}},
             "Found duplicate clauses: " + std::string(clause) + ". Please, remove one of them.", modifiers);
  };
  while (!AtEnd() && !AtSym(';')) {
    if (AtWord("LITE") || At(K::kFULL)) {
      once(type, "LITE/FULL");
      type = true;
      vacuum->lite = AtWord("LITE");
      Advance();
    } else if (AtWord("DRY") && AtWord("RUN", 1)) {
      once(vacuum->dry_run, "DRY RUN");
      vacuum->dry_run = true;
      pos_ += 2;
    } else if (AtWord("RETAIN")) {
      const bool negative = AtSym('-', 1);
      const size_t number = negative ? 2 : 1;
      const TokenKind kind = Peek(number).kind;
      if ((kind != TokenKind::kInteger && kind != TokenKind::kDecimal) || !At(K::kHOURS, number + 1)) return nullptr;
      once(retain, "RETAIN");
      retain = true;
      const double hours = std::strtod(std::string(Text(Peek(number))).c_str(), nullptr);
      vacuum->retention_hours = negative ? -hours : hours;
      pos_ += number + 2;
    } else if (At(K::kUSING) && AtWord("INVENTORY", 1)) {
      pos_ += 2;
      once(vacuum->inventory != nullptr, "INVENTORY");
      if (AcceptSym('(')) {
        vacuum->inventory = Query();
        ExpectSym(')');
      } else {
        vacuum->inventory = std::make_shared<plan::TableRelation>(IdentifierReference());
      }
    } else {
      return nullptr;
    }
  }
  return Made(std::move(vacuum), first);
}

// The text up to a word that ends a partition predicate, which is parsed when the command runs (delta-spark keeps the
// text too). Empty: there is none.
std::string Parser::PartitionPredicateText(std::string_view end_word) {
  if (!Accept(K::kWHERE)) return {};
  const size_t first = pos_;
  const auto at_end = [&] {
    const bool zorder = end_word == "ZORDER";
    return AtEnd() || AtSym(';') || (AtWord(end_word) && (zorder ? At(K::kBY, 1) : AtSym('(', 1)));
  };
  while (!at_end()) Advance();
  return pos_ == first ? std::string() : SourceFrom(first);
}

// OPTIMIZE t [FULL] [WHERE predicate] [ZORDER BY (a, b) | a, b]
plan::CommandPtr Parser::OptimizeStatement() {
  const size_t first = pos_;
  Advance();
  auto optimize = std::make_shared<plan::Optimize>();
  optimize->table = TableOrPath();
  optimize->full = Accept(K::kFULL);
  const bool has_where = At(K::kWHERE);
  optimize->where_text = PartitionPredicateText("ZORDER");
  if (has_where && optimize->where_text.empty()) return nullptr;
  if (AtWord("ZORDER") && At(K::kBY, 1)) {
    pos_ += 2;
    const bool parenthesis = AcceptSym('(');
    do {
      if (!AtIdentifier()) return nullptr;
      optimize->zorder_by.push_back(MultipartIdentifier());
    } while (AcceptSym(','));
    if (parenthesis && !AcceptSym(')')) return nullptr;
  }
  return Made(std::move(optimize), first);
}

// REORG TABLE t [WHERE predicate] APPLY (PURGE) | REORG TABLE t APPLY (UPGRADE UNIFORM (ICEBERG_COMPAT_VERSION = n))
plan::CommandPtr Parser::ReorgStatement() {
  const size_t first = pos_;
  pos_ += 2;
  auto reorg = std::make_shared<plan::Optimize>(plan::CommandKind::kReorg);
  reorg->table = IdentifierReference();
  const bool has_where = At(K::kWHERE);
  reorg->where_text = PartitionPredicateText("APPLY");
  if (has_where && reorg->where_text.empty()) return nullptr;
  if (!AtWord("APPLY") || !AtSym('(', 1)) return nullptr;
  pos_ += 2;
  if (At(K::kPURGE) && AtSym(')', 1)) {
    pos_ += 2;
    reorg->reorg_mode = "PURGE";
    return Made(std::move(reorg), first);
  }
  const bool uniform =
      AtWord("UPGRADE") && AtWord("UNIFORM", 1) && AtSym('(', 2) && AtWord("ICEBERG_COMPAT_VERSION", 3) && !has_where;
  if (!uniform) return nullptr;
  reorg->reorg_mode = "UPGRADE UNIFORM";
  while (!AtEnd() && !AtSym(';')) Advance();
  return Made(std::move(reorg), first);
}

// RESTORE [TABLE] t [TO] VERSION AS OF n | TIMESTAMP AS OF 'text'
plan::CommandPtr Parser::RestoreStatement() {
  const size_t first = pos_;
  const bool table = At(K::kTABLE, 1) && AtIdentifier(2);
  pos_ += table ? 2 : 1;
  auto restore = std::make_shared<plan::RestoreTable>();
  restore->table = IdentifierReference();
  Accept(K::kTO);
  if (!DeltaTemporalClause(&restore->version, &restore->timestamp)) return nullptr;
  return Made(std::move(restore), first);
}

// Delta's temporal clause takes literals only. False: there is none here.
bool Parser::DeltaTemporalClause(std::optional<int64_t>* version, ExpressionPtr* timestamp) {
  if (!AtTemporal()) return false;
  Accept(K::kFOR);
  const bool by_version = At(K::kVERSION) || At(K::kSYSTEM_VERSION);
  const size_t literal = 3;
  if (by_version) {
    if (!AtStringLit(literal) && Peek(literal).kind != TokenKind::kInteger) return false;
    pos_ += literal;
    const std::string text = AtStringLit() ? StringLit() : NumberText(TokenKind::kInteger);
    *version = VersionOf(text);
    if (version->has_value()) return true;
    const std::string reason = "For input string: \"" + text + "\"";
    FailWith("_NUMBER_FORMAT", {}, reason, pos_ - 1);
  }
  if (!AtStringLit(literal)) return false;
  pos_ += literal;
  const size_t at = pos_;
  *timestamp = StringLiteral(StringLit(), at);
  return true;
}

// CONVERT TO DELTA t [NO STATISTICS] [PARTITIONED BY (a INT, …)]
plan::CommandPtr Parser::ConvertStatement() {
  const size_t first = pos_;
  pos_ += 3;
  auto convert = std::make_shared<plan::ConvertToDelta>();
  convert->source = IdentifierReference();
  if (AtWord("NO") && AtWord("STATISTICS", 1)) {
    pos_ += 2;
    convert->collect_statistics = false;
  }
  if (At(K::kPARTITIONED) && At(K::kBY, 1) && AtSym('(', 2)) {
    pos_ += 3;
    for (auto& field : ColumnTypes()) convert->partition_schema.emplace_back(field.name, field.type);
    if (!AcceptSym(')')) return nullptr;
  }
  return Made(std::move(convert), first);
}

// … SHALLOW CLONE s [temporal clause] [TBLPROPERTIES (…)] [LOCATION 'path'], after CREATE TABLE [IF NOT EXISTS] t.
// Delta has no deep clones: DEEP CLONE and CLONE are syntax errors there too.
plan::CommandPtr Parser::CloneTail(const plan::CreateTable& header, size_t first) {
  if (!(AtWord("SHALLOW") && AtWord("CLONE", 1) && AtIdentifier(2))) Fail();
  pos_ += 2;
  auto clone = std::make_shared<plan::CloneTable>();
  clone->target = header.name;
  clone->replace = header.replace;
  // With both, the target must exist: REPLACE without CREATE.
  clone->if_not_exists = header.if_not_exists || !header.create;
  clone->source = IdentifierReference();
  if (AtTemporal() && !DeltaTemporalClause(&clone->version, &clone->timestamp)) Fail();
  if (Accept(K::kTBLPROPERTIES)) clone->properties = PropertyList(true);
  if (Accept(K::kLOCATION)) clone->location = StringLit();
  return Made(std::move(clone), first);
}

}  // namespace deltic::spark::sql
