// CSV text → records of tokens, by the rules of the univocity parser that Spark uses: quotes and their escapes, what
// follows a closing quote, blank lines, null and empty values. Works on one line (from files of lines, from_csv) or on
// the text of a whole file (multiLine). Not thread-safe. Failures throw.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/options.h"

namespace deltic::engine::text {

class CsvTokenizer {
 public:
  enum class Source : uint8_t { kLine, kFile };
  // `options` must outlive the tokenizer.
  CsvTokenizer(const Options& options, Source source);
  // `text` must outlive the records.
  void Reset(std::string_view text);
  // False: no (further) record. A line has at most one.
  bool Next();
  // Of the last record, valid until the next one. A missing value is the option nullValue.
  const std::vector<std::string_view>& tokens() const { return tokens_; }
  std::string_view record() const { return text_.substr(begin_, end_ - begin_); }

 private:
  enum class After : uint8_t { kEnd, kSeparator, kNewline };
  struct Quoted;

  bool AtSeparator(size_t at) const {
    return at < text_.size() && text_[at] == separator_[0] &&
           (separator_.size() == 1 || text_.substr(at, separator_.size()) == separator_);
  }
  size_t NewlineLength(size_t at) const;
  bool IsQuote(size_t at) const { return has_quote_ && at < text_.size() && text_[at] == quote_; }
  void SkipSpace();
  bool Record();
  void SplitPlain();
  After Value();
  After Unquoted();
  After QuotedValue();
  After Classify() const;
  bool RunQuoted(Quoted* q);
  bool Unescaped(Quoted* q);
  bool ToDelimiter(Quoted* q);
  bool AfterClosing(Quoted* q);
  void ProcessEscape(Quoted* q);
  void Push(std::string_view token);
  std::string& Scratch();

  const Options& options_;
  const Source source_;
  const std::string separator_;
  const char quote_, escape_, escape_escape_;
  const bool has_quote_, has_escape_, has_escape_escape_;
  const char newline_;
  std::string line_end_;  // of a file: what its first line ends with
  std::string_view text_;
  size_t at_ = 0, begin_ = 0, end_ = 0;
  bool newlines_ = false;  // a line end may be in the text
  std::vector<std::string_view> tokens_;
  std::deque<std::string> scratch_;
  size_t scratch_used_ = 0;
};

// Is there nothing but blanks and control characters (String.trim)?
bool IsBlankLine(std::string_view line);

// One value as it is written, quoted where it has to be. The options are those of a writer.
// `first`: the record begins with it.
void AppendCsvValue(std::string_view value, bool first, const Options& options, std::string* out);
void AppendCsvNull(const Options& options, std::string* out);

}  // namespace deltic::engine::text
