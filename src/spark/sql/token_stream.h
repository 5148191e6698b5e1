// The tokens of one text with the parser's position in it: looking ahead, expecting, names, and failing with
// Spark's words. The base of Parser. Not thread-safe (an instance is used by one thread).
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spark/sql/lexer.h"
#include "spark/sql/parse_error.h"
#include "spark/sql/parser.h"

namespace deltic::spark::sql {

using plan::NameParts;
using K = Keyword;

class TokenStream {
 public:
  TokenStream(std::string_view text, const ParserOptions& options);

 protected:
  // Counts nesting; throws when it exceeds kMaxDepth.
  class Depth {
   public:
    explicit Depth(TokenStream* stream) : stream_(stream) {
      if (++stream_->depth_ > kMaxDepth) stream_->FailTooComplex();
    }
    ~Depth() { stream_->depth_--; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;

   private:
    TokenStream* stream_;
  };

  // --- tokens ---------------------------------------------------------------------------
  const Token& Peek(size_t ahead = 0) const { return tokens_[std::min(pos_ + ahead, tokens_.size() - 1)]; }
  void Advance() { pos_ += pos_ + 1 < tokens_.size() ? 1 : 0; }
  bool At(K keyword, size_t ahead = 0) const { return Peek(ahead).keyword == keyword; }
  bool AtSym(uint32_t symbol, size_t ahead = 0) const { return Peek(ahead).symbol == symbol; }
  bool AtEnd(size_t ahead = 0) const { return Peek(ahead).kind == TokenKind::kEnd; }
  // A word that is no Spark keyword (OPTIMIZE, HISTORY, …), in any case.
  bool AtWord(std::string_view upper, size_t ahead = 0) const;
  bool Accept(K keyword);
  bool AcceptSym(uint32_t symbol);
  bool AcceptWord(std::string_view upper);
  void Expect(K keyword);
  void ExpectSym(uint32_t symbol);
  void ExpectWord(std::string_view upper);
  void ExpectEnd();
  std::string_view Text(const Token& token) const { return text_.substr(token.begin, token.end - token.begin); }
  std::string SourceFrom(size_t first_token) const;     // up to the last consumed token
  [[noreturn]] void Fail(std::string hint = "") const;  // PARSE_SYNTAX_ERROR at the current token
  [[noreturn]] void FailAt(size_t token, std::string hint = "") const;
  [[noreturn]] void FailExpected(std::string_view display) const;  // adds Spark's "missing"/"extra input" hint
  [[noreturn]] void FailWith(std::string condition, ErrorParams params, std::string_view message, size_t token) const;
  [[noreturn]] void FailNotAllowed(std::string what, size_t token) const;  // "Operation not allowed: …"
  [[noreturn]] void FailTooComplex() const;
  plan::Origin OriginFrom(size_t first_token) const;
  template <typename Node>
  std::shared_ptr<const Node> Made(std::shared_ptr<Node> node, size_t first_token) const {
    node->origin = OriginFrom(first_token);
    return node;
  }

  // --- names ----------------------------------------------------------------------------
  bool AtIdentifier(size_t ahead = 0) const;        // Spark's rule identifier
  bool AtStrictIdentifier(size_t ahead = 0) const;  // may be a table alias
  std::string Identifier();
  std::string CapturingIdentifier();  // refuses test-table by INVALID_IDENTIFIER
  NameParts MultipartIdentifier();
  NameParts QualifiedName();
  std::vector<std::string> IdentifierSeq();
  std::vector<std::string> IdentifierList();  // ( a, b )
  bool AtStringLit(size_t ahead = 0) const;
  std::string StringLit();
  std::string NumberText(TokenKind kind);
  size_t MatchingParen(size_t token) const { return closing_[token]; }  // 0: none

  std::string_view text_;
  ParserOptions options_;
  std::vector<Token> tokens_;
  std::vector<uint32_t> closing_;  // for each '(' token its ')', else 0
  size_t pos_ = 0;
  int depth_ = 0;
};

}  // namespace deltic::spark::sql
