// SET and RESET. Their text is not SQL: keys and values are taken from the text as Spark's regular expressions do.
#include "spark/sql/datetime_text.h"
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {
namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

// Length of the configuration key that `text` begins with.
size_t KeyLength(std::string_view text) {
  size_t i = 0;
  while (i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_' ||
                             text[i] == '.' || text[i] == ':' || text[i] == '\\')) {
    i++;
  }
  return i;
}

// +01:00, as java.time.ZoneOffset prints it.
std::string OffsetText(int64_t seconds) {
  int64_t magnitude = seconds < 0 ? -seconds : seconds;
  auto two = [](int64_t v) { return (v < 10 ? "0" : "") + std::to_string(v); };
  std::string out = (seconds < 0 ? "-" : "+") + two(magnitude / 3600) + ":" + two(magnitude / 60 % 60);
  if (magnitude % 60 != 0) out += ":" + two(magnitude % 60);
  return seconds == 0 ? "Z" : out;
}

}  // namespace

plan::CommandPtr Parser::SetStatement() {
  size_t first = pos_;
  Expect(K::kSET);
  if (At(K::kCATALOG) && (AtIdentifier(1) || AtStringLit(1)) && !AtSym('=', 1)) {
    Advance();
    auto call = std::make_shared<plan::CatalogCall>("setCurrentCatalog");
    call->args.emplace_back(AtStringLit() ? StringLit() : Identifier());
    return Made(std::move(call), first);
  }
  if (At(K::kROLE)) FailNotAllowed("SET ROLE", first);
  if (At(K::kTIME) && At(K::kZONE, 1)) return SetTimeZone(first);
  auto command = std::make_shared<plan::SetCommand>(plan::CommandKind::kSet);
  size_t begin = pos_;
  // SET `key`[ = value], SET key = `value`: back-quotes allow any character.
  bool quoted_key = Peek().kind == TokenKind::kQuotedWord && (AtSym('=', 1) || AtEnd(1) || AtSym(';', 1));
  size_t last = tokens_.size() - 2;
  while (last > begin && tokens_[last].symbol == ';') last--;
  bool quoted_value = last > begin && tokens_[last].kind == TokenKind::kQuotedWord && tokens_[last - 1].symbol == '=';
  uint32_t text_begin = tokens_[begin].begin;
  if (quoted_key) {
    command->key = Identifier();
    if (AcceptSym('='))
      text_begin = tokens_[pos_ - 1].end;
    else
      text_begin = 0;
  }
  while (!AtEnd()) pos_++;
  std::string_view rest = Trim(text_.substr(text_begin));
  if (quoted_key && text_begin == 0) return Made(std::move(command), first);
  auto fail = [&] {
    FailWith(
        "INVALID_SET_SYNTAX", {},
        "Expected format is 'SET', 'SET key', or 'SET key=value'. If you want to include special characters in key, "
        "or include semicolon in value, please use backquotes, e.g., SET `key`=`value`.",
        first);
  };
  if (!quoted_key) {
    while (!rest.empty() && rest.back() == ';' && !quoted_value && rest.find('=') == std::string_view::npos)
      rest = Trim(rest.substr(0, rest.size() - 1));
    if (rest.empty()) return Made(std::move(command), first);
    if (rest == "-v") {
      command->verbose = true;
      return Made(std::move(command), first);
    }
    size_t length = KeyLength(rest);
    if (length == 0) fail();
    command->key = std::string(rest.substr(0, length));
    rest = Trim(rest.substr(length));
    if (rest.empty()) return Made(std::move(command), first);
    if (rest[0] != '=') fail();
    rest = Trim(rest.substr(1));
  }
  if (quoted_value) {
    std::string_view raw = Text(tokens_[last]);
    std::string value;
    for (size_t i = 1; i + 1 < raw.size(); i++) {
      value += raw[i];
      if (raw[i] == '`' && raw[i + 1] == '`') i++;
    }
    command->value = std::move(value);
  } else {
    size_t semicolon = rest.find(';');
    if (semicolon != std::string_view::npos && rest.find_first_not_of("; \t\r\n", semicolon) != std::string_view::npos)
      fail();
    command->value = std::string(Trim(rest.substr(0, semicolon)));
  }
  return Made(std::move(command), first);
}

// SET TIME ZONE 'zone' | LOCAL | INTERVAL …
plan::CommandPtr Parser::SetTimeZone(size_t first) {
  pos_ += 2;
  auto command = std::make_shared<plan::SetCommand>(plan::CommandKind::kSetTimeZone);
  auto fail = [&] { FailWith("_LEGACY_ERROR_TEMP_0045", {}, "Invalid time zone displacement value.", first); };
  if (AtStringLit()) {
    command->value = StringLit();
  } else if (Accept(K::kLOCAL)) {
    command->value = "LOCAL";
  } else if (At(K::kINTERVAL) && (AtInterval() || AtStringLit(1))) {
    ExpressionPtr interval = Constant();
    bool day_time = interval->kind == plan::ExpressionKind::kLiteral &&
                    interval->As<plan::Literal>().type.Is(types::TypeId::kDayTimeInterval);
    if (!day_time) fail();
    int64_t micros = std::get<int64_t>(interval->As<plan::Literal>().value.v);
    int64_t seconds = micros / 1000000;
    if (micros % 1000000 != 0 || seconds > 18 * 3600 || seconds < -18 * 3600) {
      FailWith("_LEGACY_ERROR_TEMP_0044", {},
               "The interval value must be in the range of [-18, +18] hours with second precision.", first);
    }
    command->value = OffsetText(seconds);
  } else {
    fail();
  }
  if (!AtEnd() && !AtSym(';')) fail();
  return Made(std::move(command), first);
}

plan::CommandPtr Parser::ResetStatement() {
  size_t first = pos_;
  Expect(K::kRESET);
  auto command = std::make_shared<plan::SetCommand>(plan::CommandKind::kReset);
  if (Peek().kind == TokenKind::kQuotedWord && (AtEnd(1) || AtSym(';', 1))) {
    command->key = Identifier();
    return Made(std::move(command), first);
  }
  uint32_t begin = Peek().begin;
  while (!AtEnd() && !AtSym(';')) Advance();
  std::string_view rest = Trim(text_.substr(begin, Peek().begin - begin));
  if (rest.empty()) return Made(std::move(command), first);
  if (KeyLength(rest) != rest.size()) {
    FailWith("_LEGACY_ERROR_TEMP_0043", {},
             "Expected format is 'RESET' or 'RESET key'. If you want to include special characters in key, please use "
             "quotes, e.g., RESET `key`.",
             first);
  }
  command->key = std::string(rest);
  return Made(std::move(command), first);
}

}  // namespace deltic::spark::sql
