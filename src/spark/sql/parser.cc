#include "spark/sql/parser.h"

#include <algorithm>

#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {
namespace {

// A token as ANTLR displays it in a message.
std::string Display(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else if (c == '\t') out += "\\t";
    else out += c;
  }
  return out + "'";
}

std::string SymbolText(uint32_t symbol) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    if (char c = static_cast<char>(symbol >> shift); c != 0) out += c;
  }
  return out;
}

std::string KeywordText(Keyword keyword) {
  switch (keyword) {
#define X(word, flags) \
  case Keyword::k##word: return #word;
#include "spark/sql/keywords.inc"
#undef X
    default: return "";
  }
}

// Runs one parse of `text` and turns a failure into its Status.
template <typename T, typename F>
Result<T> Run(std::string_view text, const ParserOptions& options, F parse) {
  try {
    Parser parser(text, options);
    return parse(&parser);
  } catch (ParseFailure& failure) {
    return std::move(failure.status);
  }
}

}  // namespace

Result<plan::Statement> ParseStatement(std::string_view text, const ParserOptions& options) {
  return Run<plan::Statement>(text, options, [](Parser* p) { return p->SingleStatement(); });
}
Result<plan::ExpressionPtr> ParseExpression(std::string_view text, const ParserOptions& options) {
  return Run<plan::ExpressionPtr>(text, options, [](Parser* p) { return p->SingleExpression(); });
}
Result<plan::ExpressionPtr> ParseSortOrder(std::string_view text, const ParserOptions& options) {
  return Run<plan::ExpressionPtr>(text, options, [](Parser* p) { return p->SingleSortOrder(); });
}
Result<plan::NameParts> ParseMultipartIdentifier(std::string_view text) {
  return Run<plan::NameParts>(text, {}, [](Parser* p) { return p->SingleMultipartIdentifier(); });
}
Result<types::DataType> ParseDataType(std::string_view text) {
  return Run<types::DataType>(text, {}, [](Parser* p) { return p->SingleDataType(); });
}
Result<types::DataType> ParseTableSchema(std::string_view text) {
  Result<types::DataType> schema = Run<types::DataType>(text, {}, [](Parser* p) { return p->SingleTableSchema(); });
  if (schema.ok()) return schema;
  // As DataType.fromDDL: "struct<…>" and plain types are tried next; the first error is the one to report then.
  Result<types::DataType> type = ParseDataType(text);
  if (type.ok() && type->Is(types::TypeId::kStruct)) return type;
  return schema;
}
Result<types::DataType> ParseSchemaString(std::string_view text) {
  size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && (text[first] == '{' || text[first] == '"')) {
    return types::DataType::FromJson(text);
  }
  Result<types::DataType> type = ParseDataType(text);
  if (type.ok()) return type;
  Result<types::DataType> schema = Run<types::DataType>(text, {}, [](Parser* p) { return p->SingleTableSchema(); });
  return schema.ok() ? schema : type;
}

Parser::Parser(std::string_view text, const ParserOptions& options) : text_(text), options_(options) {
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

// --- entry points --------------------------------------------------------------------------------------

plan::Statement Parser::SingleStatement() {
  plan::Statement statement = StatementBody();
  while (AcceptSym(';')) {
  }
  ExpectEnd();
  return statement;
}

ExpressionPtr Parser::SingleExpression() {
  ExpressionPtr expression = NamedExpression();
  ExpectEnd();
  return expression;
}

ExpressionPtr Parser::SingleSortOrder() {
  ExpressionPtr order = SortItem();
  ExpectEnd();
  return order;
}

NameParts Parser::SingleMultipartIdentifier() {
  NameParts parts = MultipartIdentifier();
  ExpectEnd();
  return parts;
}

types::DataType Parser::SingleDataType() {
  types::DataType type = Type();
  ExpectEnd();
  return type;
}

types::DataType Parser::SingleTableSchema() {
  std::vector<types::StructField> fields = ColumnTypes();
  ExpectEnd();
  return types::DataType::Struct(std::move(fields));
}

// --- tokens ----------------------------------------------------------------------------------------------

bool Parser::AtWord(std::string_view upper, size_t ahead) const {
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

bool Parser::Accept(K keyword) {
  if (!At(keyword)) return false;
  Advance();
  return true;
}
bool Parser::AcceptSym(uint32_t symbol) {
  if (!AtSym(symbol)) return false;
  Advance();
  return true;
}
bool Parser::AcceptWord(std::string_view upper) {
  if (!AtWord(upper)) return false;
  Advance();
  return true;
}
void Parser::Expect(K keyword) {
  if (!Accept(keyword)) Fail();
}
void Parser::ExpectSym(uint32_t symbol) {
  if (!AcceptSym(symbol)) Fail();
}
void Parser::ExpectWord(std::string_view upper) {
  if (!AcceptWord(upper)) Fail();
}
void Parser::ExpectEnd() {
  if (AtEnd()) return;
  // One token too many before the end is what ANTLR calls extra input.
  if (AtEnd(1)) Fail(": extra input " + Display(Text(Peek())));
  Fail();
}

std::string Parser::SourceFrom(size_t first_token) const {
  if (pos_ == first_token) return "";
  uint32_t begin = tokens_[first_token].begin;
  return std::string(text_.substr(begin, tokens_[pos_ - 1].end - begin));
}

plan::Origin Parser::OriginFrom(size_t first_token) const {
  plan::Origin origin;
  const Token& last = tokens_[pos_ > first_token ? pos_ - 1 : first_token];
  origin.start = static_cast<int>(tokens_[first_token].position);
  int length = 0;
  for (uint32_t i = last.begin; i < last.end; i++) length += (static_cast<uint8_t>(text_[i]) & 0xC0) != 0x80 ? 1 : 0;
  origin.stop = static_cast<int>(last.position) + std::max(length, 1) - 1;
  return origin;
}

void Parser::Fail(std::string hint) const { FailAt(pos_, std::move(hint)); }

void Parser::FailAt(size_t token, std::string hint) const {
  const Token& at = tokens_[token];
  std::string error = at.kind == TokenKind::kEnd ? "end of input" : Display(Text(at));
  std::string message = "Syntax error at or near " + error + hint + ".";
  int position = static_cast<int>(at.position);
  int stop = at.kind == TokenKind::kEnd ? position : position + static_cast<int>(at.end - at.begin) - 1;
  ThrowParseError("PARSE_SYNTAX_ERROR", {{"error", error}, {"hint", std::move(hint)}}, message, text_, position, stop);
}

void Parser::FailExpected(std::string_view display) const { Fail(": missing " + std::string(display)); }

void Parser::FailWith(std::string condition, ErrorParams params, std::string_view message, size_t token) const {
  const Token& at = tokens_[std::min(token, tokens_.size() - 1)];
  size_t last = pos_ > token ? pos_ - 1 : token;
  ThrowParseError(std::move(condition), std::move(params), message, text_, static_cast<int>(at.position),
                  static_cast<int>(tokens_[last].position + tokens_[last].end - tokens_[last].begin) - 1);
}

void Parser::FailNotAllowed(std::string what, size_t token) const {
  std::string message = "Operation not allowed: " + what + ".";
  FailWith("_LEGACY_ERROR_TEMP_0035", {{"message", std::move(what)}}, message, token);
}

void Parser::FailTooComplex() const {
  ThrowParseError("FAILED_TO_PARSE_TOO_COMPLEX", {},
                  "The statement, including potential SQL functions and referenced views, was too complex to parse.\n"
                  "To mitigate this error divide the statement into multiple, less complex chunks.",
                  text_.substr(0, 200), 0, 0);
}

// --- names ------------------------------------------------------------------------------------------------

bool Parser::AtIdentifier(size_t ahead) const {
  const Token& token = Peek(ahead);
  if (token.kind == TokenKind::kWord) return !options_.ansi || !IsAnsiReserved(token.keyword);
  return token.kind == TokenKind::kQuotedWord ||
         (token.kind == TokenKind::kDoubleString && options_.double_quoted_identifiers);
}

bool Parser::AtStrictIdentifier(size_t ahead) const {
  if (!AtIdentifier(ahead)) return false;
  return options_.ansi || !IsStrictNonReserved(Peek(ahead).keyword);
}

std::string Parser::Identifier() {
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

std::string Parser::CapturingIdentifier() {
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

NameParts Parser::MultipartIdentifier() {
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

NameParts Parser::QualifiedName() {
  NameParts parts = {Identifier()};
  while (AcceptSym('.')) parts.push_back(Identifier());
  return parts;
}

NameParts Parser::IdentifierReference() {
  if (!(At(K::kIDENTIFIER) && AtSym('(', 1))) return MultipartIdentifier();
  size_t first = pos_;
  Advance();
  Advance();
  size_t argument = pos_;
  if (!AtStringLit()) {
    Expr();
    ExpectSym(')');
    FailWith("UNSUPPORTED_FEATURE.IDENTIFIER_CLAUSE", {},
             "The feature is not supported: IDENTIFIER with anything but a string literal.", first);
  }
  std::string name;
  while (AtStringLit()) name += StringLit();
  if (!AtSym(')')) FailAt(argument);
  Advance();
  Result<NameParts> parts = ParseMultipartIdentifier(name);
  if (!parts.ok()) ThrowStatus(parts.status());
  return *parts;
}

NameParts Parser::TableOrPath() {
  if (AtStringLit()) return {"delta", StringLit()};
  return IdentifierReference();
}

std::vector<std::string> Parser::IdentifierSeq() {
  std::vector<std::string> names = {CapturingIdentifier()};
  while (AcceptSym(',')) names.push_back(CapturingIdentifier());
  return names;
}

std::vector<std::string> Parser::IdentifierList() {
  ExpectSym('(');
  std::vector<std::string> names = IdentifierSeq();
  if (!AtSym(')')) FailExpected("')'");
  Advance();
  return names;
}

bool Parser::AtStringLit(size_t ahead) const {
  TokenKind kind = Peek(ahead).kind;
  return kind == TokenKind::kString || (kind == TokenKind::kDoubleString && !options_.double_quoted_identifiers);
}

std::string Parser::StringLit() {
  if (!AtStringLit()) Fail();
  std::string value = UnescapeString(Text(Peek()), options_.escaped_string_literals);
  Advance();
  return value;
}

std::string Parser::NumberText(TokenKind kind) {
  if (Peek().kind != kind) Fail();
  std::string text(Text(Peek()));
  Advance();
  return text;
}

}  // namespace deltic::spark::sql
