// OVER clauses and the WINDOW clause. Named windows are substituted here: since the WINDOW clause comes after the
// select list that uses its names, the parser jumps ahead once per SELECT to read it.
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {

// OVER name | OVER (name) | OVER (definition)
ExpressionPtr Parser::WindowSpec(ExpressionPtr function, size_t first) {
  Expect(K::kOVER);
  bool parenthesized_name = AtSym('(') && AtIdentifier(1) && AtSym(')', 2);
  std::shared_ptr<plan::Window> window;
  if (!AtSym('(') || parenthesized_name) {
    if (parenthesized_name) Advance();
    size_t at = pos_;
    std::string name = CapturingIdentifier();
    if (parenthesized_name) Advance();
    const plan::Window* definition = FindWindow(name);
    if (definition == nullptr) {
      FailWith("MISSING_WINDOW_SPECIFICATION",
               {{"windowName", name}, {"docroot", "https://spark.apache.org/docs/latest"}},
               "Window specification is not defined in the WINDOW clause for " + name +
                   ". For more information about WINDOW clauses, please refer to "
                   "'https://spark.apache.org/docs/latest/sql-ref-syntax-qry-select-window.html'.",
               at);
    }
    window = std::make_shared<plan::Window>(*definition);
  } else {
    window = WindowDefinition();
  }
  window->function = std::move(function);
  return Made(std::move(window), first);
}

// ( [PARTITION BY …] [ORDER BY …] [frame] )  or  ( CLUSTER BY … [frame] )
std::shared_ptr<plan::Window> Parser::WindowDefinition() {
  Depth depth(this);
  auto window = std::make_shared<plan::Window>();
  ExpectSym('(');
  if (At(K::kCLUSTER) && At(K::kBY, 1)) {
    pos_ += 2;
    window->partition_by = ExpressionSeq();
  } else {
    if ((At(K::kPARTITION) || At(K::kDISTRIBUTE)) && At(K::kBY, 1)) {
      pos_ += 2;
      window->partition_by = ExpressionSeq();
    }
    if ((At(K::kORDER) || At(K::kSORT)) && At(K::kBY, 1)) {
      pos_ += 2;
      window->order_by = SortItems();
    }
  }
  if (At(K::kROWS) || At(K::kRANGE)) WindowFrame(window.get());
  ExpectSym(')');
  return window;
}

void Parser::WindowFrame(plan::Window* window) {
  window->has_frame = true;
  window->rows = At(K::kROWS);
  Advance();
  if (Accept(K::kBETWEEN)) {
    window->start = FrameBound();
    Expect(K::kAND);
    window->end = FrameBound();
  } else {
    window->start = FrameBound();
    window->end.kind = plan::WindowBound::Kind::kCurrentRow;
  }
}

plan::WindowBound Parser::FrameBound() {
  plan::WindowBound bound;
  if (At(K::kUNBOUNDED) && (At(K::kPRECEDING, 1) || At(K::kFOLLOWING, 1))) {
    bound.kind = At(K::kPRECEDING, 1) ? plan::WindowBound::Kind::kUnboundedPreceding
                                      : plan::WindowBound::Kind::kUnboundedFollowing;
    pos_ += 2;
    return bound;
  }
  if (At(K::kCURRENT) && At(K::kROW, 1)) {
    pos_ += 2;
    return bound;
  }
  size_t first = pos_;
  bound.kind = plan::WindowBound::Kind::kValue;
  ExpressionPtr value = Expr();
  if (value->kind == plan::ExpressionKind::kAttribute || value->kind == plan::ExpressionKind::kStar) {
    if (!At(K::kPRECEDING) && !At(K::kFOLLOWING)) FailExpected("{'FOLLOWING', 'PRECEDING'}");
    FailWith("_LEGACY_ERROR_TEMP_0064", {{"msg", "Frame bound value must be a literal."}},
             "Frame bound value must be a literal..", first);
  }
  if (At(K::kPRECEDING)) {
    const auto* literal = value->kind == plan::ExpressionKind::kLiteral ? &value->As<plan::Literal>() : nullptr;
    if (literal != nullptr && std::holds_alternative<int64_t>(literal->value.v)) {
      engine::Value negated;
      negated.v = -std::get<int64_t>(literal->value.v);
      bound.value = Made(std::make_shared<plan::Literal>(std::move(negated), literal->type), first);
    } else {
      bound.value = Fn("negative", {std::move(value)}, first);
    }
  } else if (At(K::kFOLLOWING)) {
    bound.value = std::move(value);
  } else {
    Fail();
  }
  Advance();
  return bound;
}

const plan::Window* Parser::FindWindow(std::string_view name) const {
  if (windows_.empty()) return nullptr;
  for (const NamedWindow& window : windows_.back().named) {
    if (types::EqualsIgnoreCase(window.name, name)) return window.definition.get();
  }
  return nullptr;
}

// WINDOW name AS (definition), name AS other
void Parser::WindowClause() {
  size_t first = pos_;
  Expect(K::kWINDOW);
  std::vector<NamedWindow> named;
  std::vector<std::pair<size_t, std::string>> references;  // index in `named` → the window it copies
  do {
    NamedWindow window;
    window.name = CapturingIdentifier();
    Expect(K::kAS);
    bool parenthesized_name = AtSym('(') && AtIdentifier(1) && AtSym(')', 2);
    if (AtSym('(') && !parenthesized_name) {
      window.definition = WindowDefinition();
    } else {
      if (parenthesized_name) Advance();
      references.emplace_back(named.size(), CapturingIdentifier());
      if (parenthesized_name) Advance();
    }
    for (const NamedWindow& other : named) {
      if (types::EqualsIgnoreCase(other.name, window.name)) {
        std::string shown = types::QuoteIdentifier(window.name);
        FailWith("INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION", {{"windowName", shown}},
                 "Invalid SQL syntax: The definition of window " + shown + " is repetitive.", first);
      }
    }
    named.push_back(std::move(window));
  } while (AcceptSym(','));
  for (const auto& [index, target] : references) {
    std::string shown = types::QuoteIdentifier(target);
    const NamedWindow* found = nullptr;
    for (const NamedWindow& other : named) {
      if (types::EqualsIgnoreCase(other.name, target)) found = &other;
    }
    if (found == nullptr) {
      FailWith("INVALID_SQL_SYNTAX.UNRESOLVED_WINDOW_REFERENCE", {{"windowName", shown}},
               "Invalid SQL syntax: Cannot resolve window reference " + shown + ".", first);
    }
    if (found->definition == nullptr) {
      FailWith("INVALID_SQL_SYNTAX.INVALID_WINDOW_REFERENCE", {{"windowName", shown}},
               "Invalid SQL syntax: Window reference " + shown + " is not a window specification.", first);
    }
    named[index].definition = found->definition;
  }
  windows_.back() = {std::move(named), first, pos_};
}

void Parser::SkipWindowClause() {
  if (!(At(K::kWINDOW) && StartsClause(0))) return;
  if (windows_.empty()) windows_.emplace_back();
  if (windows_.back().end != 0 && windows_.back().begin == pos_)
    pos_ = windows_.back().end;
  else
    WindowClause();
}

// Finds `WINDOW name AS` at this nesting level before the query ends and reads it.
void Parser::ReadWindowsAhead() {
  windows_.emplace_back();
  size_t saved = pos_;
  for (size_t i = pos_; i < tokens_.size(); i++) {
    const Token& token = tokens_[i];
    if (token.kind == TokenKind::kEnd || token.symbol == ')' || token.symbol == ';') break;
    if (token.symbol == '(') {
      if (MatchingParen(i) == 0) break;
      i = MatchingParen(i);
      continue;
    }
    bool next_query = token.keyword == K::kUNION || token.keyword == K::kINTERSECT || token.keyword == K::kMINUS;
    if (next_query && i > pos_) break;
    if (token.keyword != K::kWINDOW || i + 2 >= tokens_.size()) continue;
    if (tokens_[i + 2].keyword != K::kAS || tokens_[i + 1].symbol != 0) continue;
    pos_ = i;
    WindowClause();
    break;
  }
  pos_ = saved;
}

}  // namespace deltic::spark::sql
