// The FROM clause: tables with time travel, subqueries, table functions, joins, samples, pivots, lateral views.
#include <cmath>

#include "base/json_writer.h"
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {

RelationPtr Parser::FromClause() {
  size_t first = pos_;
  Expect(K::kFROM);
  RelationPtr input;
  int chain = 0;
  do {
    if (++chain > kMaxDepth) FailTooComplex();
    bool lateral = At(K::kLATERAL) && !At(K::kVIEW, 1);
    if (lateral) Advance();
    if (input == nullptr) {
      input = RelationWithJoins();
      continue;
    }
    // In `a, LATERAL (…) JOIN b` the lateral side is the first relation after the comma.
    RelationPtr right = lateral ? RelationPrimary() : RelationWithJoins();
    auto join = std::make_shared<plan::Join>(std::move(input), std::move(right), engine::JoinType::kInner);
    join->lateral = lateral;
    input = Made(std::move(join), first);
    bool found = lateral;
    while (found) input = JoinTail(std::move(input), &found);
  } while (AcceptSym(','));
  input = LateralViews(std::move(input));
  if (At(K::kPIVOT) && AtSym('(', 1)) input = PivotClause(std::move(input));
  if (At(K::kUNPIVOT) && StartsClause(0)) input = UnpivotClause(std::move(input));
  return input;
}

RelationPtr Parser::RelationWithJoins() {
  RelationPtr relation = RelationPrimary();
  bool found = true;
  for (int chain = 0; found; chain++) {
    if (chain > kMaxDepth) FailTooComplex();
    relation = JoinTail(std::move(relation), &found);
  }
  return relation;
}

// One more join, pivot or unpivot after `left`; *found is false when there is none.
RelationPtr Parser::JoinTail(RelationPtr left, bool* found) {
  using engine::JoinType;
  size_t first = pos_;
  *found = true;
  if (At(K::kPIVOT) && AtSym('(', 1)) return PivotClause(std::move(left));
  if (At(K::kUNPIVOT) && StartsClause(0)) return UnpivotClause(std::move(left));
  bool natural = Accept(K::kNATURAL);
  JoinType type = JoinType::kInner;
  bool typed = true;
  if (Accept(K::kINNER)) {
  } else if (Accept(K::kCROSS)) {
    type = JoinType::kCross;
  } else if (Accept(K::kLEFT)) {
    type = Accept(K::kSEMI) ? JoinType::kLeftSemi : Accept(K::kANTI) ? JoinType::kLeftAnti : JoinType::kLeftOuter;
    if (type == JoinType::kLeftOuter) Accept(K::kOUTER);
  } else if (Accept(K::kRIGHT)) {
    Accept(K::kOUTER);
    type = JoinType::kRightOuter;
  } else if (Accept(K::kFULL)) {
    Accept(K::kOUTER);
    type = JoinType::kFullOuter;
  } else if (Accept(K::kSEMI)) {
    type = JoinType::kLeftSemi;
  } else if (Accept(K::kANTI)) {
    type = JoinType::kLeftAnti;
  } else {
    typed = false;
  }
  if (!At(K::kJOIN)) {
    *found = false;
    if (typed && AtIdentifier()) FailExpected("'JOIN'");
    if (typed || natural) Fail();
    return left;
  }
  Advance();
  bool lateral = At(K::kLATERAL) && Accept(K::kLATERAL);
  auto join = std::make_shared<plan::Join>(std::move(left), RelationPrimary(), type);
  join->natural = natural;
  join->lateral = lateral;
  if (!natural && Accept(K::kON)) {
    join->condition = Expr();
  } else if (!natural && At(K::kUSING)) {
    Advance();
    join->using_columns = IdentifierList();
  }
  return Made(std::move(join), first);
}

RelationPtr Parser::RelationPrimary() {
  Depth depth(this);
  if (AtSym('(')) return ParenthesizedRelation();
  if (At(K::kVALUES) && AtQueryKeyword(pos_) && !AtIdentifier(1)) return InlineTable();
  size_t first = pos_;
  if (!AtIdentifier()) Fail();
  if (At(K::kIDENTIFIER) && AtSym('(', 1)) return TableReference();
  NameParts name = MultipartIdentifier();
  if (AtSym('(')) return TableFunctionCall(std::move(name), first);
  pos_ = first;
  return TableReference();
}

// (query) or (relation), each with an optional sample and alias.
RelationPtr Parser::ParenthesizedRelation() {
  bool query = AtQuery(1);
  // Of two readings of ((SELECT 1)) the query wins; ((SELECT 1) x) is a relation.
  ExpectSym('(');
  RelationPtr inner;
  if (query) {
    inner = Query();
  } else {
    if (AtSym(')')) Fail();
    Accept(K::kLATERAL);
    inner = RelationWithJoins();
  }
  if (!AtSym(')')) FailExpected("')'");
  Advance();
  return TableAlias(TableSample(std::move(inner)));
}

RelationPtr Parser::TableReference() {
  size_t first = pos_;
  auto table = std::make_shared<plan::TableRelation>(IdentifierReference());
  table->time_travel = TemporalClause();
  return TableAlias(TableSample(Made(std::move(table), first)));
}

bool Parser::AtTemporal() const {
  size_t at = At(K::kFOR) ? 1 : 0;
  bool word = At(K::kVERSION, at) || At(K::kSYSTEM_VERSION, at) || At(K::kTIMESTAMP, at) || At(K::kSYSTEM_TIME, at);
  return word && At(K::kAS, at + 1) && At(K::kOF, at + 2);
}

// [FOR] VERSION|SYSTEM_VERSION AS OF n, [FOR] TIMESTAMP|SYSTEM_TIME AS OF expression
std::optional<plan::TimeTravel> Parser::TemporalClause() {
  if (!AtTemporal()) return std::nullopt;
  Accept(K::kFOR);
  bool version = At(K::kVERSION) || At(K::kSYSTEM_VERSION);
  pos_ += 3;
  plan::TimeTravel travel;
  size_t at = pos_;
  if (version) {
    std::string text = AtStringLit() ? StringLit() : NumberText(TokenKind::kInteger);
    bool digits = !text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == std::string::npos;
    if (!digits) {
      std::string reason = "version must be a number, but got '" + text + "'";
      FailWith("_LEGACY_ERROR_TEMP_0056", {{"reason", reason}}, "Invalid time travel spec: " + reason + ".", at);
    }
    travel.version = std::stoll(text);
    return travel;
  }
  travel.timestamp = Value();
  if (travel.timestamp->kind == plan::ExpressionKind::kAttribute) {
    const auto& parts = travel.timestamp->As<plan::UnresolvedAttribute>().parts;
    bool current = parts.size() == 1 && (types::EqualsIgnoreCase(parts[0], "current_date") ||
                                         types::EqualsIgnoreCase(parts[0], "current_timestamp"));
    if (!current) {
      std::string reason = "timestamp expression cannot refer to any columns";
      FailWith("_LEGACY_ERROR_TEMP_0056", {{"reason", reason}}, "Invalid time travel spec: " + reason + ".", at);
    }
  }
  return travel;
}

RelationPtr Parser::TableFunctionCall(NameParts name, size_t first) {
  ExpectSym('(');
  Expressions args;
  if (!AtSym(')')) {
    do {
      size_t at = pos_;
      size_t value = AtIdentifier() && AtSym(Sym("=>"), 1) ? 2 : 0;
      if (At(K::kTABLE, value) && AtIdentifier(value + 1)) {
        pos_ += value + 1;
        std::string shown;
        for (const std::string& part : MultipartIdentifier())
          shown += (shown.empty() ? "" : ".") + types::QuoteIdentifier(part);
        FailWith("INVALID_SQL_SYNTAX.INVALID_TABLE_FUNCTION_IDENTIFIER_ARGUMENT_MISSING_PARENTHESES",
                 {{"argumentName", shown}},
                 "Invalid SQL syntax: Syntax error: call to table-valued function is invalid because parentheses are "
                 "missing around the provided TABLE argument " +
                     shown + "; please surround this with parentheses and try again.",
                 at);
      }
      if (At(K::kTABLE, value) && AtSym('(', value + 1)) {
        pos_ = MatchingParen(pos_ + value + 1) + 1;
        args.push_back(Made(std::make_shared<plan::UnsupportedExpression>("TABLE argument of a table function"), at));
        continue;
      }
      args.push_back(FunctionArgument());
    } while (AcceptSym(','));
  }
  CloseCall();
  auto call = std::make_shared<plan::TableFunction>(std::move(name), std::move(args));
  return TableAlias(Made(std::move(call), first));
}

// VALUES row, …: a parenthesised list is a row, anything else a row of one column.
RelationPtr Parser::InlineTable() {
  size_t first = pos_;
  Expect(K::kVALUES);
  std::vector<Expressions> rows;
  do {
    size_t at = pos_;
    ExpressionPtr row = Expr();
    bool list =
        row->kind == plan::ExpressionKind::kFunction && row->As<plan::UnresolvedFunction>().name == "named_struct";
    while (list && tokens_[at].symbol == '(' && static_cast<int>(tokens_[at].position) < row->origin.start) at++;
    list = list && tokens_[at].symbol == '(';  // written as (a, b), not as a call
    Expressions columns;
    if (list) {
      const Expressions& args = row->As<plan::UnresolvedFunction>().args;
      for (size_t i = 1; i < args.size(); i += 2) columns.push_back(args[i]);
    } else {
      columns.push_back(std::move(row));
    }
    rows.push_back(std::move(columns));
  } while (AcceptSym(','));
  return TableAlias(Made(std::make_shared<plan::InlineTable>(std::move(rows)), first));
}

// TABLESAMPLE (n PERCENT | n ROWS | BUCKET x OUT OF y) [REPEATABLE (seed)]
RelationPtr Parser::TableSample(RelationPtr input) {
  if (!(At(K::kTABLESAMPLE) && AtSym('(', 1))) return input;
  size_t first = pos_;
  pos_ += 2;
  if (AtSym(')')) FailWith("_LEGACY_ERROR_TEMP_0014", {}, "TABLESAMPLE does not accept empty inputs.", first);
  auto sample = std::make_shared<plan::Sample>(input);
  ExpressionPtr rows;
  size_t method = pos_;
  size_t number = AtSym('-') ? 1 : 0;
  auto fraction = [&](double value) {
    if (value < -1e-6 || value > 1 + 1e-6) {
      std::string message = "Sampling fraction (" + JavaDoubleToString(value) + ") must be on interval [0, 1]";
      FailWith("_LEGACY_ERROR_TEMP_0064", {{"msg", message}}, message + ".", first);
    }
    sample->upper = value;
  };
  if (At(K::kBUCKET)) {
    Advance();
    double numerator = std::stod(NumberText(TokenKind::kInteger));
    Expect(K::kOUT);
    Expect(K::kOF);
    double denominator = std::stod(NumberText(TokenKind::kInteger));
    if (At(K::kON)) {
      while (!AtEnd() && !AtSym(')')) Advance();
      FailWith("_LEGACY_ERROR_TEMP_0015", {{"msg", "BUCKET x OUT OF y ON colname"}},
               "TABLESAMPLE(BUCKET x OUT OF y ON colname) is not supported.", method);
    }
    fraction(numerator / denominator);
  } else if (At(K::kPERCENT, number + 1)) {
    double percent = std::stod(std::string(Text(Peek(number))));
    pos_ += number + 2;
    fraction((number == 1 ? -percent : percent) / 100.0);
  } else {
    rows = Expr();
    if (!Accept(K::kROWS)) {
      std::string bytes = SourceFrom(method);
      bool byte_literal = bytes.find_first_of("bBkKmMgG") != std::string::npos;
      if (byte_literal) {
        FailWith("_LEGACY_ERROR_TEMP_0015", {{"msg", "byteLengthLiteral"}},
                 "TABLESAMPLE(byteLengthLiteral) is not supported.", method);
      }
      FailWith("_LEGACY_ERROR_TEMP_0016", {{"bytesStr", bytes}},
               bytes + " is not a valid byte length literal, expected syntax: DIGIT+ ('B' | 'K' | 'M' | 'G').", method);
    }
  }
  ExpectSym(')');
  if (At(K::kREPEATABLE) && AtSym('(', 1)) {
    pos_ += 2;
    sample->seed = std::stoll(NumberText(TokenKind::kInteger).substr(0, 18));
    ExpectSym(')');
  }
  if (rows != nullptr) return Made(std::make_shared<plan::Limit>(std::move(input), std::move(rows), nullptr), first);
  return Made(std::move(sample), first);
}

// [[AS] alias [(columns)]]
RelationPtr Parser::TableAlias(RelationPtr input) {
  size_t first = pos_;
  if (At(K::kAS) && AtStrictIdentifier(1)) {
    Advance();
  } else if (!AtStrictIdentifier() || StartsClause(0) || AtTemporal() || (At(K::kAS) && !EndsItem(1)) ||
             (At(K::kSET) && AtIdentifier(1))) {
    return input;
  }
  auto alias = std::make_shared<plan::SubqueryAlias>(std::move(input), Identifier());
  if (AtSym('(')) alias->column_aliases = IdentifierList();
  return Made(std::move(alias), first);
}

// LATERAL VIEW [OUTER] generator(…) table [[AS] column, …]
RelationPtr Parser::LateralViews(RelationPtr input) {
  while (At(K::kLATERAL) && At(K::kVIEW, 1)) {
    size_t first = pos_;
    pos_ += 2;
    auto view = std::make_shared<plan::LateralView>(std::move(input));
    view->outer = At(K::kOUTER) && !AtSym('(', 1) && Accept(K::kOUTER);
    size_t at = pos_;
    NameParts name = QualifiedName();
    view->generator = FunctionCall(std::move(name), at);
    view->table_alias = Identifier();
    bool as = Accept(K::kAS);
    if (as || (AtStrictIdentifier() && !StartsClause(0))) {
      do {
        view->column_aliases.push_back(Identifier());
      } while (AcceptSym(','));
    }
    input = Made(std::move(view), first);
  }
  return input;
}

// PIVOT (aggregates FOR column IN (values)). The grouping columns are all the others: no `groups`, is_sql.
RelationPtr Parser::PivotClause(RelationPtr input) {
  size_t first = pos_;
  pos_ += 2;
  auto pivot = std::make_shared<plan::Aggregate>(std::move(input));
  pivot->group_type = plan::Aggregate::GroupType::kPivot;
  pivot->is_sql = true;
  do {
    size_t at = pos_;
    ExpressionPtr aggregate = Expr();
    if (!At(K::kFOR) && !AtSym(',')) {
      Accept(K::kAS);
      std::vector<std::string> names = {Identifier()};
      aggregate = Made(std::make_shared<plan::Alias>(std::move(aggregate), std::move(names)), at);
    }
    pivot->aggregates.push_back(std::move(aggregate));
  } while (AcceptSym(','));
  Expect(K::kFOR);
  size_t column = pos_;
  auto attribute = [&] {
    size_t at = pos_;
    std::vector<std::string> parts = {Identifier()};
    return Made(std::make_shared<plan::UnresolvedAttribute>(std::move(parts)), at);
  };
  if (AcceptSym('(')) {
    Expressions columns;
    do {
      columns.push_back(attribute());
    } while (AcceptSym(','));
    ExpectSym(')');
    pivot->pivot_column = columns.size() == 1 ? columns[0] : RowConstructor(std::move(columns), column);
  } else {
    pivot->pivot_column = attribute();
  }
  Expect(K::kIN);
  ExpectSym('(');
  do {
    pivot->pivot_values.push_back(NamedExpression());
  } while (AcceptSym(','));
  ExpectSym(')');
  ExpectSym(')');
  return Made(std::move(pivot), first);
}

// UNPIVOT [INCLUDE|EXCLUDE NULLS] (value FOR name IN (column [AS alias], …)) [alias]. The ids are all other
// columns: a star without the unpivoted ones.
RelationPtr Parser::UnpivotClause(RelationPtr input) {
  size_t first = pos_;
  Advance();
  bool include_nulls = At(K::kINCLUDE);
  if (At(K::kINCLUDE) || At(K::kEXCLUDE)) {
    Advance();
    Expect(K::kNULLS);
  }
  size_t open = pos_;
  ExpectSym('(');
  RelationPtr result;
  if (AtSym('(')) {
    while (!AtEnd() && !(AtSym(')') && MatchingParen(open) == pos_)) Advance();
    ExpectSym(')');
    result = Made(std::make_shared<plan::UnsupportedRelation>("UNPIVOT with several value columns"), first);
    return TableAlias(std::move(result));
  }
  auto unpivot = std::make_shared<plan::Unpivot>(std::move(input));
  unpivot->value_column = Identifier();
  Expect(K::kFOR);
  unpivot->variable_column = Identifier();
  Expect(K::kIN);
  ExpectSym('(');
  auto ids = std::make_shared<plan::UnresolvedStar>();
  unpivot->values.emplace();
  do {
    size_t at = pos_;
    NameParts column = MultipartIdentifier();
    ids->except.push_back(column);
    ExpressionPtr value = Made(std::make_shared<plan::UnresolvedAttribute>(std::move(column)), at);
    bool as = Accept(K::kAS);
    if (AtIdentifier()) {
      std::vector<std::string> names = {Identifier()};
      value = Made(std::make_shared<plan::Alias>(std::move(value), std::move(names)), at);
    } else if (as) {
      Fail(": extra input '" + std::string(Text(Peek())) + "'");
    }
    unpivot->values->push_back(std::move(value));
  } while (AcceptSym(','));
  ExpectSym(')');
  ExpectSym(')');
  unpivot->ids.push_back(std::move(ids));
  std::vector<std::string> value_name = {unpivot->value_column};
  result = Made(std::move(unpivot), first);
  if (!include_nulls) {
    ExpressionPtr value = Made(std::make_shared<plan::UnresolvedAttribute>(std::move(value_name)), first);
    result = Made(std::make_shared<plan::Filter>(std::move(result), Fn("isnotnull", {std::move(value)}, first)), first);
  }
  return TableAlias(std::move(result));
}

}  // namespace deltic::spark::sql
