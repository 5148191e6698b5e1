#include "spark/sql/lexer.h"

#include <array>

namespace deltic::spark::sql {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordChar(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  TokenList Run() {
    out_.tokens.reserve(text_.size() / 4 + 8);
    while (SkipBlanks()) Next();
    Emit(TokenKind::kEnd, 0);
    return std::move(out_);
  }

 private:
  char At(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  void Emit(TokenKind kind, size_t length) {
    for (; counted_ < pos_; counted_++) {
      if ((static_cast<uint8_t>(text_[counted_]) & 0xC0) != 0x80) characters_++;
    }
    Token token;
    token.kind = kind;
    token.begin = static_cast<uint32_t>(pos_);
    token.end = static_cast<uint32_t>(pos_ + length);
    token.position = characters_;
    out_.tokens.push_back(token);
    pos_ += length;
  }

  // Moves to the next token; false at the end of the text.
  bool SkipBlanks() {
    while (pos_ < text_.size()) {
      char c = text_[pos_];
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        pos_++;
      } else if (c == '-' && At(pos_ + 1) == '-') {
        SkipLineComment();
      } else if (c == '/' && At(pos_ + 1) == '*' && At(pos_ + 2) != '+') {
        SkipBracketedComment();
      } else {
        return true;
      }
    }
    return false;
  }

  void SkipLineComment() {
    while (pos_ < text_.size() && text_[pos_] != '\n' && text_[pos_] != '\r') {
      if (text_[pos_] == '\\' && At(pos_ + 1) == '\n') pos_++;  // the comment goes on in the next line
      pos_++;
    }
  }

  void SkipBracketedComment() {
    int depth = 0;
    while (pos_ < text_.size()) {
      if (text_[pos_] == '/' && At(pos_ + 1) == '*' && At(pos_ + 2) != '+') {
        depth++;
        pos_ += 2;
      } else if (text_[pos_] == '*' && At(pos_ + 1) == '/') {
        pos_ += 2;
        if (--depth == 0) return;
      } else {
        pos_++;
      }
    }
    out_.unclosed_comment = true;
  }

  void Next() {
    char c = text_[pos_];
    if (IsDigit(c) || (c == '.' && IsDigit(At(pos_ + 1)))) {
      if (Number()) return;
    }
    if ((c == 'r' || c == 'R') && (At(pos_ + 1) == '\'' || At(pos_ + 1) == '"')) {
      size_t close = text_.find(text_[pos_ + 1], pos_ + 2);
      if (close != std::string_view::npos) return Emit(TokenKind::kString, close + 1 - pos_);
    }
    if (IsWordChar(c)) return Word();
    if (c == '\'' || c == '"') return Quoted(c);
    if (c == '`') return BackQuoted();
    Symbol();
  }

  void Word() {
    size_t end = pos_;
    while (IsWordChar(At(end))) end++;
    std::string_view word = text_.substr(pos_, end - pos_);
    Emit(TokenKind::kWord, end - pos_);
    out_.tokens.back().keyword = FindKeyword(word);
  }

  void Quoted(char quote) {
    for (size_t i = pos_ + 1; i < text_.size(); i++) {
      if (text_[i] == '\\') {
        i++;
      } else if (text_[i] == quote) {
        return Emit(quote == '"' ? TokenKind::kDoubleString : TokenKind::kString, i + 1 - pos_);
      }
    }
    Emit(TokenKind::kUnknown, 1);
  }

  void BackQuoted() {
    for (size_t i = pos_ + 1; i < text_.size(); i++) {
      if (text_[i] != '`') continue;
      if (At(i + 1) != '`') return Emit(TokenKind::kQuotedWord, i + 1 - pos_);
      i++;
    }
    Emit(TokenKind::kUnknown, 1);
  }

  size_t Digits(size_t i) const {
    while (IsDigit(At(i))) i++;
    return i;
  }
  // After an exponent starting at i, or i itself when there is none.
  size_t Exponent(size_t i) const {
    if (Upper(At(i)) != 'E') return i;
    size_t j = i + 1;
    if (At(j) == '+' || At(j) == '-') j++;
    return IsDigit(At(j)) ? Digits(j) : i;
  }

  // The longest number token; false when the text is an identifier such as 1a or a lone dot.
  bool Number() {
    size_t best = 0;
    TokenKind kind = TokenKind::kInteger;
    auto consider = [&](size_t end, TokenKind k, bool must_end_here) {
      if (must_end_here && IsWordChar(At(end))) return;
      if (end - pos_ > best) {
        best = end - pos_;
        kind = k;
      }
    };
    auto with_suffix = [&](size_t end, bool dotted) {
      char suffix = Upper(At(end));
      if (suffix == 'F') consider(end + 1, TokenKind::kFloat, dotted);
      if (suffix == 'D') consider(end + 1, TokenKind::kDouble, dotted);
      if (suffix == 'B' && Upper(At(end + 1)) == 'D') consider(end + 2, TokenKind::kBigDecimal, dotted);
    };
    size_t whole = Digits(pos_);
    if (whole > pos_) {
      consider(whole, TokenKind::kInteger, false);
      char suffix = Upper(At(whole));
      if (suffix == 'L') consider(whole + 1, TokenKind::kBigInt, false);
      if (suffix == 'S') consider(whole + 1, TokenKind::kSmallInt, false);
      if (suffix == 'Y') consider(whole + 1, TokenKind::kTinyInt, false);
      size_t exponent = Exponent(whole);
      if (exponent > whole) consider(exponent, TokenKind::kExponent, false);
      with_suffix(exponent, false);
      if (exponent > whole) with_suffix(whole, false);
    }
    if (At(whole) == '.') {
      size_t fraction = Digits(whole + 1);
      size_t exponent = Exponent(fraction);
      if (exponent > fraction) consider(exponent, TokenKind::kExponent, true);
      consider(fraction, TokenKind::kDecimal, true);
      with_suffix(exponent, true);
      if (exponent > fraction) with_suffix(fraction, true);
    }
    if (best == 0) return false;
    size_t word = pos_;
    while (IsWordChar(At(word))) word++;
    if (word - pos_ > best) return false;
    Emit(kind, best);
    return true;
  }

  void Symbol() {
    static constexpr std::array<std::string_view, 13> kLong = {
        "<=>", "/*+", "==", "<>", "!=", "<=", ">=", "!>", "!<", "||", "->", "=>", "*/"};
    std::string_view rest = text_.substr(pos_);
    for (std::string_view symbol : kLong) {
      if (!rest.starts_with(symbol)) continue;
      Emit(TokenKind::kSymbol, symbol.size());
      out_.tokens.back().symbol = Pack(symbol);
      return;
    }
    char c = rest[0];
    if (c == '!') {
      Emit(TokenKind::kWord, 1);
      out_.tokens.back().keyword = Keyword::kNOT;
      return;
    }
    if (std::string_view(";(),.[]+-*/%~&|^:?=<>").find(c) != std::string_view::npos) {
      Emit(TokenKind::kSymbol, 1);
      out_.tokens.back().symbol = static_cast<uint8_t>(c);
      return;
    }
    size_t length = 1;
    while ((static_cast<uint8_t>(At(pos_ + length)) & 0xC0) == 0x80) length++;
    Emit(TokenKind::kUnknown, length);
  }

  static uint32_t Pack(std::string_view symbol) {
    if (symbol == "==") return '=';
    if (symbol == "!>") return Sym("<=");
    if (symbol == "!<") return Sym(">=");
    uint32_t out = 0;
    for (char c : symbol) out = out << 8 | static_cast<uint8_t>(c);
    return out;
  }

  std::string_view text_;
  size_t pos_ = 0;
  size_t counted_ = 0;  // bytes whose characters are in characters_
  uint32_t characters_ = 0;
  TokenList out_;
};

void AppendUtf8(uint32_t code, std::string* out) {
  if (code < 0x80) {
    *out += static_cast<char>(code);
  } else if (code < 0x800) {
    *out += static_cast<char>(0xC0 | code >> 6);
    *out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *out += static_cast<char>(0xE0 | code >> 12);
    *out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    *out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    *out += static_cast<char>(0xF0 | code >> 18);
    *out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    *out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    *out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// `digits` hexadecimal digits at text[i…]; false when there are fewer.
bool ReadHex(std::string_view text, size_t i, size_t digits, uint32_t* value) {
  if (i + digits > text.size()) return false;
  *value = 0;
  for (size_t k = i; k < i + digits; k++) {
    char c = Upper(text[k]);
    if (!IsDigit(c) && (c < 'A' || c > 'F')) return false;
    *value = *value * 16 + static_cast<uint32_t>(IsDigit(c) ? c - '0' : c - 'A' + 10);
  }
  return true;
}

// One escape at text[i] == '\\'; appends its value and returns its length.
size_t Unescape(std::string_view text, size_t i, std::string* out) {
  char c = i + 1 < text.size() ? text[i + 1] : '\0';
  uint32_t code = 0;
  if (c == 'u' && ReadHex(text, i + 2, 4, &code)) {
    uint32_t low = 0;
    if (code >= 0xD800 && code < 0xDC00 && text.substr(i + 6, 2) == "\\u" && ReadHex(text, i + 8, 4, &low) &&
        low >= 0xDC00 && low < 0xE000) {
      AppendUtf8(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), out);
      return 12;
    }
    AppendUtf8(code >= 0xD800 && code < 0xE000 ? '?' : code, out);
    return 6;
  }
  if (c == 'U' && ReadHex(text, i + 2, 8, &code) && code < 0x110000) {
    AppendUtf8(code, out);
    return 10;
  }
  if (c >= '0' && c <= '1' && i + 3 < text.size() && text[i + 2] >= '0' && text[i + 2] <= '7' && text[i + 3] >= '0' &&
      text[i + 3] <= '7') {
    AppendUtf8(static_cast<uint32_t>((c - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0')), out);
    return 4;
  }
  switch (c) {
    case '0': *out += '\0'; break;
    case 'b': *out += '\b'; break;
    case 'n': *out += '\n'; break;
    case 'r': *out += '\r'; break;
    case 't': *out += '\t'; break;
    case 'Z': *out += '\x1A'; break;
    case '%': *out += "\\%"; break;  // kept for LIKE patterns
    case '_': *out += "\\_"; break;
    default: return *out += c, 2;
  }
  return 2;
}

}  // namespace

TokenList Tokenize(std::string_view text) { return Lexer(text).Run(); }

std::string UnescapeString(std::string_view literal, bool keep_escapes) {
  bool raw = literal[0] == 'r' || literal[0] == 'R';
  std::string_view body = literal.substr(raw ? 2 : 1, literal.size() - (raw ? 3 : 2));
  if (raw || keep_escapes || body.find('\\') == std::string_view::npos) return std::string(body);
  std::string out;
  out.reserve(body.size());
  for (size_t i = 0; i < body.size();) {
    if (body[i] != '\\') {
      out += body[i++];
    } else if (i + 1 < body.size()) {
      i += Unescape(body, i, &out);
    } else {
      i++;
    }
  }
  return out;
}

}  // namespace deltic::spark::sql
