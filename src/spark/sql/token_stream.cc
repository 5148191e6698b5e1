#include "spark/sql/token_stream.h"

namespace deltic::spark::sql {
namespace {

// A token as ANTLR displays it in a message.
std::string Display(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else
      out += c;
  }
  return out + "'";
}

}  // namespace

TokenStream::TokenStream(std::string_view text, const ParserOptions& options) : text_(text), options_(options) {
  if (text.size() > 0x7FFFFFFF) FailTooComplex();
  TokenList list = Tokenize(text);
  tokens_ = std::move(list.tokens);
  if (list.unclosed_comment) {
    ThrowParseError("UNCLOSED_BRACKETED_COMMENT", {},
                    "Found an unclosed bracketed comment. Please, append */ at the end of the comment.", text_, -1, -1);
  }
  closing_.assign(tokens_.size(), 0);
  std::vector<uint32_t> open;
  for (uint32_t i = 0; i < tokens_.size(); i++) {
    if (tokens_[i].symbol == '(') open.push_back(i);
    if (tokens_[i].symbol == ')' && !open.empty()) {
      closing_[open.back()] = i;
      open.pop_back();
    }
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    ThrowParseError("PARSE_EMPTY_STATEMENT", {}, "Syntax error at or near end of input.", text_,
                    static_cast<int>(text.size()), static_cast<int>(text.size()));
  }
}

// --- tokens ----------------------------------------------------------------------------------------------

bool TokenStream::AtWord(std::string_view upper, size_t ahead) const {
  const Token& token = Peek(ahead);
  if (token.kind != TokenKind::kWord) return false;
  std::string_view text = Text(token);
  if (text.size() != upper.size()) return false;
  for (size_t i = 0; i < text.size(); i++) {
    char c = text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 32) : text[i];
    if (c != upper[i]) return false;
  }
  return true;
}

bool TokenStream::Accept(K keyword) {
  if (!At(keyword)) return false;
  Advance();
  return true;
}
bool TokenStream::AcceptSym(uint32_t symbol) {
  if (!AtSym(symbol)) return false;
  Advance();
  return true;
}
bool TokenStream::AcceptWord(std::string_view upper) {
  if (!AtWord(upper)) return false;
  Advance();
  return true;
}
void TokenStream::Expect(K keyword) {
  if (!Accept(keyword)) Fail();
}
void TokenStream::ExpectSym(uint32_t symbol) {
  if (!AcceptSym(symbol)) Fail();
}
void TokenStream::ExpectWord(std::string_view upper) {
  if (!AcceptWord(upper)) Fail();
}
void TokenStream::ExpectEnd() {
  if (AtEnd()) return;
  // One token too many before the end is what ANTLR calls extra input.
  bool after_statement = pos_ > 0 && tokens_[pos_ - 1].symbol == ';';
  if (AtEnd(1) || after_statement) Fail(": extra input " + Display(Text(Peek())));
  Fail();
}

std::string TokenStream::SourceFrom(size_t first_token) const {
  if (pos_ == first_token) return "";
  uint32_t begin = tokens_[first_token].begin;
  return std::string(text_.substr(begin, tokens_[pos_ - 1].end - begin));
}

plan::Origin TokenStream::OriginFrom(size_t first_token) const {
  plan::Origin origin;
  const Token& last = tokens_[pos_ > first_token ? pos_ - 1 : first_token];
  origin.start = static_cast<int>(tokens_[first_token].position);
  int length = 0;
  for (uint32_t i = last.begin; i < last.end; i++) length += (static_cast<uint8_t>(text_[i]) & 0xC0) != 0x80 ? 1 : 0;
  origin.stop = static_cast<int>(last.position) + std::max(length, 1) - 1;
  return origin;
}

void TokenStream::Fail(std::string hint) const { FailAt(pos_, std::move(hint)); }

void TokenStream::FailAt(size_t token, std::string hint) const {
  const Token& at = tokens_[token];
  std::string error = at.kind == TokenKind::kEnd ? "end of input" : Display(Text(at));
  std::string message = "Syntax error at or near " + error + hint + ".";
  int position = static_cast<int>(at.position);
  int stop = at.kind == TokenKind::kEnd ? position : position + static_cast<int>(at.end - at.begin) - 1;
  ThrowParseError("PARSE_SYNTAX_ERROR", {{"error", error}, {"hint", std::move(hint)}}, message, text_, position, stop);
}

void TokenStream::FailExpected(std::string_view display) const { Fail(": missing " + std::string(display)); }

void TokenStream::FailWith(std::string condition, ErrorParams params, std::string_view message, size_t token) const {
  const Token& at = tokens_[std::min(token, tokens_.size() - 1)];
  size_t last = pos_ > token ? pos_ - 1 : token;
  ThrowParseError(std::move(condition), std::move(params), message, text_, static_cast<int>(at.position),
                  static_cast<int>(tokens_[last].position + tokens_[last].end - tokens_[last].begin) - 1);
}

void TokenStream::FailNotAllowed(std::string what, size_t token) const {
  std::string message = "Operation not allowed: " + what + ".";
  FailWith("_LEGACY_ERROR_TEMP_0035", {{"message", std::move(what)}}, message, token);
}

void TokenStream::FailTooComplex() const {
  ThrowParseError("FAILED_TO_PARSE_TOO_COMPLEX", {},
                  "The statement, including potential SQL functions and referenced views, was too complex to parse.\n"
                  "To mitigate this error divide the statement into multiple, less complex chunks.",
                  text_.substr(0, 200), 0, 0);
}

// --- names ------------------------------------------------------------------------------------------------

bool TokenStream::AtIdentifier(size_t ahead) const {
  const Token& token = Peek(ahead);
  if (token.kind == TokenKind::kWord) return !options_.ansi || !IsAnsiReserved(token.keyword);
  return token.kind == TokenKind::kQuotedWord ||
         (token.kind == TokenKind::kDoubleString && options_.double_quoted_identifiers);
}

bool TokenStream::AtStrictIdentifier(size_t ahead) const {
  if (!AtIdentifier(ahead)) return false;
  return options_.ansi || !IsStrictNonReserved(Peek(ahead).keyword);
}

std::string TokenStream::Identifier() {
  if (!AtIdentifier()) Fail();
  const Token& token = Peek();
  std::string_view text = Text(token);
  std::string name;
  if (token.kind == TokenKind::kWord) {
    name = text;
  } else {
    char quote = text[0];
    for (size_t i = 1; i + 1 < text.size(); i++) {
      name += text[i];
      if (text[i] == quote && text[i + 1] == quote) i++;
    }
  }
  Advance();
  return name;
}

std::string TokenStream::CapturingIdentifier() {
  std::string name = Identifier();
  size_t dash = pos_;
  if (!AtSym('-') || !AtIdentifier(1)) return name;
  while (AtSym('-') && AtIdentifier(1)) {
    Advance();
    name += "-" + Identifier();
  }
  FailWith("INVALID_IDENTIFIER", {{"ident", name}},
           "The identifier " + name + " is invalid. Please, consider quoting it with back-quotes as `" + name + "`.",
           dash);
}

NameParts TokenStream::MultipartIdentifier() {
  NameParts parts = {CapturingIdentifier()};
  while (AtSym('.') && AtIdentifier(1)) {
    Advance();
    parts.push_back(CapturingIdentifier());
  }
  if (AtSym('.')) {
    Advance();
    Fail();
  }
  return parts;
}

NameParts TokenStream::QualifiedName() {
  NameParts parts = {Identifier()};
  while (AcceptSym('.')) parts.push_back(Identifier());
  return parts;
}

std::vector<std::string> TokenStream::IdentifierSeq() {
  std::vector<std::string> names = {CapturingIdentifier()};
  while (AcceptSym(',')) names.push_back(CapturingIdentifier());
  return names;
}

std::vector<std::string> TokenStream::IdentifierList() {
  ExpectSym('(');
  std::vector<std::string> names = IdentifierSeq();
  if (!AtSym(')')) FailExpected("')'");
  Advance();
  return names;
}

bool TokenStream::AtStringLit(size_t ahead) const {
  TokenKind kind = Peek(ahead).kind;
  return kind == TokenKind::kString || (kind == TokenKind::kDoubleString && !options_.double_quoted_identifiers);
}

std::string TokenStream::StringLit() {
  if (!AtStringLit()) Fail();
  std::string value = UnescapeString(Text(Peek()), options_.escaped_string_literals);
  Advance();
  return value;
}

std::string TokenStream::NumberText(TokenKind kind) {
  if (Peek().kind != kind) Fail();
  std::string text(Text(Peek()));
  Advance();
  return text;
}

}  // namespace deltic::spark::sql
