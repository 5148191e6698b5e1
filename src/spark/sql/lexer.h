// The lexer of Spark SQL: text → tokens, by the rules of Spark's SqlBaseLexer (longest match, case-insensitive
// words, nested bracketed comments, hints as tokens). Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "spark/sql/keywords.h"

namespace deltic::spark::sql {

enum class TokenKind : uint8_t {
  kEnd,
  kWord,          // identifier or keyword
  kQuotedWord,    // `a b`
  kString,        // 'x', r'x', r"x"
  kDoubleString,  // "x"
  kInteger,
  kBigInt,
  kSmallInt,
  kTinyInt,
  kExponent,
  kDecimal,
  kFloat,
  kDouble,
  kBigDecimal,
  kSymbol,
  kUnknown,  // a character that starts no token
};

// A symbol's characters packed into one number: Sym("<=").
template <size_t N>
constexpr uint32_t Sym(const char (&text)[N]) {
  uint32_t out = 0;
  for (size_t i = 0; i + 1 < N; i++) out = out << 8 | static_cast<uint8_t>(text[i]);
  return out;
}

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Keyword keyword = Keyword::kNone;
  uint32_t symbol = 0;  // kSymbol; spellings of one operator share a value (== is =, !> is <=, !< is >=)
  uint32_t begin = 0;   // bytes
  uint32_t end = 0;
  uint32_t position = 0;  // characters (code points) before the token
};

struct TokenList {
  std::vector<Token> tokens;  // ends with kEnd
  bool unclosed_comment = false;
};

TokenList Tokenize(std::string_view text);

// The value of a 'quoted' literal (escapes resolved unless raw or `keep_escapes`), quotes removed.
std::string UnescapeString(std::string_view literal, bool keep_escapes);

}  // namespace deltic::spark::sql
