#include "engine/text/csv_tokenizer.h"

#include <cstring>

#include "engine/functions/throw.h"

namespace deltic::engine::text {
namespace {

using std::string;
using std::string_view;

bool IsSpace(char c) { return static_cast<unsigned char>(c) <= ' '; }

char First(const string& text) { return text.empty() ? '\0' : text[0]; }

[[noreturn]] void ParsingFailed(const string& message) {
  functions::ThrowStatus(Error("CSV_PARSING", {}, message));  // the reader adds the file
}

string DetectLineEnd(string_view text) {
  const size_t at = text.find_first_of("\r\n");
  if (at == string_view::npos || text[at] == '\n') return "\n";
  return at + 1 < text.size() && text[at + 1] == '\n' ? "\r\n" : "\r";
}

}  // namespace

bool IsBlankLine(string_view line) {
  for (const char c : line) {
    if (!IsSpace(c)) return false;
  }
  return true;
}

CsvTokenizer::CsvTokenizer(const Options& options, Source source)
    : options_(options),
      source_(source),
      separator_(options.separator),
      quote_(First(options.quote)),
      escape_(First(options.escape)),
      escape_escape_(First(options.escape_escape)),
      has_quote_(!options.quote.empty()),
      has_escape_(!options.escape.empty()),
      has_escape_escape_(!options.escape_escape.empty()),
      newline_(options.line_separator.has_value() ? '\0' : '\n') {}

void CsvTokenizer::Reset(string_view text) {
  text_ = text;
  at_ = begin_ = end_ = 0;
  if (source_ == Source::kFile) {
    line_end_ = options_.line_separator.has_value() ? *options_.line_separator : DetectLineEnd(text);
    newlines_ = true;
  } else {
    line_end_ = string(1, newline_);
    newlines_ = std::memchr(text.data(), newline_, text.size()) != nullptr;
  }
}

// The parser's own line end ends a record wherever it stands: "\n", and NUL where the option lineSep is given.
size_t CsvTokenizer::NewlineLength(size_t at) const {
  if (!newlines_ || at >= text_.size()) return 0;
  if (text_[at] == line_end_[0] && (line_end_.size() == 1 || text_.substr(at, line_end_.size()) == line_end_)) {
    return line_end_.size();
  }
  return text_[at] == newline_ ? 1 : 0;
}

void CsvTokenizer::SkipSpace() {
  while (at_ < text_.size() && IsSpace(text_[at_]) && !AtSeparator(at_) && NewlineLength(at_) == 0 && !IsQuote(at_))
    at_++;
}

string& CsvTokenizer::Scratch() {
  if (scratch_used_ == scratch_.size()) scratch_.emplace_back();
  string& out = scratch_[scratch_used_++];
  out.clear();
  return out;
}

void CsvTokenizer::Push(string_view token) {
  if (static_cast<int64_t>(tokens_.size()) >= options_.max_columns) {
    ParsingFailed("The number of columns is more than the option maxColumns = " + std::to_string(options_.max_columns));
  }
  if (options_.max_chars_per_column >= 0 && static_cast<int64_t>(token.size()) > options_.max_chars_per_column) {
    ParsingFailed("A value has more characters than the option maxCharsPerColumn = " +
                  std::to_string(options_.max_chars_per_column));
  }
  tokens_.push_back(token);
}

bool CsvTokenizer::Next() {
  while (true) {
    tokens_.clear();
    scratch_used_ = 0;
    begin_ = at_;
    if (!options_.comment.empty() && at_ < text_.size() && text_[at_] == options_.comment[0]) {
      if (source_ == Source::kLine) return false;
      while (at_ < text_.size() && NewlineLength(at_) == 0) at_++;
      at_ += NewlineLength(at_);
      continue;
    }
    const bool plain = source_ == Source::kLine && !newlines_ && !options_.trim_left && !options_.trim_right &&
                       separator_.size() == 1 && at_ == 0 && !text_.empty() &&
                       (!has_quote_ || std::memchr(text_.data(), quote_, text_.size()) == nullptr);
    if (plain) {
      SplitPlain();
      return true;
    }
    if (!Record()) return false;
    if (!tokens_.empty()) return true;
  }
}

// A line without quotes and line ends.
void CsvTokenizer::SplitPlain() {
  size_t start = 0;
  while (true) {
    const auto* found =
        static_cast<const char*>(std::memchr(text_.data() + start, separator_[0], text_.size() - start));
    const size_t end = found == nullptr ? text_.size() : static_cast<size_t>(found - text_.data());
    Push(end == start ? string_view(options_.null_value) : text_.substr(start, end - start));
    if (found == nullptr) break;
    start = end + 1;
  }
  at_ = end_ = text_.size();
}

// Reads one record, which may turn out to have no tokens (a blank line). False: the end of the text.
bool CsvTokenizer::Record() {
  if (at_ >= text_.size()) return false;
  if (options_.trim_left) SkipSpace();
  bool after_separator = false;
  while (true) {
    if (options_.trim_left && after_separator) SkipSpace();
    if (at_ >= text_.size()) {  // after a separator, or behind blanks
      Push(options_.null_value);
      end_ = at_;
      return true;
    }
    if (const size_t newline = NewlineLength(at_); newline > 0) {
      if (after_separator) Push(options_.null_value);
      end_ = at_;
      at_ += newline;
      return true;
    }
    After after = After::kSeparator;
    if (AtSeparator(at_))
      Push(options_.null_value);
    else
      after = Value();
    if (after != After::kSeparator) {
      end_ = at_;
      at_ += NewlineLength(at_);
      return true;
    }
    at_ += separator_.size();
    after_separator = true;
  }
}

CsvTokenizer::After CsvTokenizer::Classify() const {
  if (at_ >= text_.size()) return After::kEnd;
  return AtSeparator(at_) ? After::kSeparator : After::kNewline;
}

CsvTokenizer::After CsvTokenizer::Value() { return IsQuote(at_) ? QuotedValue() : Unquoted(); }

CsvTokenizer::After CsvTokenizer::Unquoted() {
  const size_t start = at_;
  while (at_ < text_.size() && !AtSeparator(at_) && NewlineLength(at_) == 0) at_++;
  string_view token = text_.substr(start, at_ - start);
  if (options_.trim_right) {
    while (!token.empty() && IsSpace(token.back())) token.remove_suffix(1);
  }
  const After after = Classify();
  if (token.empty()) token = after == After::kEnd ? options_.empty_value : options_.null_value;
  Push(token);
  return after;
}

// The state of a quoted value: the character at hand and the one before it, as the parser's machine has them; 0 for
// none.
struct CsvTokenizer::Quoted {
  string* value;
  char c = 0;
  char previous = 0;
  bool unescaped = false;  // a quote inside was not escaped
  bool consumed = false;   // ends with the text, and is a value even when empty
  bool trim = false;
};

CsvTokenizer::After CsvTokenizer::QuotedValue() {
  size_t end = at_ + 1;
  const bool normalise = source_ == Source::kFile && line_end_ != "\n" && !options_.line_separator.has_value();
  while (end < text_.size() && text_[end] != quote_ && !(has_escape_ && text_[end] == escape_) &&
         !(has_escape_escape_ && text_[end] == escape_escape_) && !(normalise && text_[end] == '\r')) {
    end++;
  }
  if (end < text_.size() && text_[end] == quote_ &&
      (end + 1 == text_.size() || AtSeparator(end + 1) || NewlineLength(end + 1) > 0)) {
    const string_view value = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    Push(value.empty() ? string_view(options_.empty_value) : value);
    return Classify();
  }
  Quoted q{.value = &Scratch()};
  at_++;
  const bool ended = !RunQuoted(&q);
  string& value = *q.value;
  if (ended && q.c == quote_ && q.previous != quote_ && !q.unescaped) value.push_back(quote_);
  if (ended) q.consumed = (q.c == quote_ && q.previous == quote_) || q.previous != 0;
  if (q.trim && options_.trim_right) {
    while (!value.empty() && IsSpace(value.back())) value.pop_back();
  }
  if (q.unescaped && options_.quote_handling == QuoteHandling::kBackToDelimiter && value.empty() && !ended) {
    return Classify();
  }
  Push(!value.empty() ? string_view(value) : ended && !q.consumed ? options_.null_value : options_.empty_value);
  return Classify();
}

// Up to the separator or line end behind the value. False: the text ended before.
bool CsvTokenizer::RunQuoted(Quoted* q) {
  const auto advance = [&] {
    if (at_ >= text_.size()) return false;
    if (source_ == Source::kFile && !options_.line_separator.has_value() && line_end_.size() == 2 &&
        text_[at_] == '\r' && NewlineLength(at_) == 2) {
      at_++;  // "\r\n" inside quotes is "\n"
    }
    q->c = text_[at_++];
    return true;
  };
  const auto special = [&](char c) {
    return c == quote_ || (has_escape_ && c == escape_) || (has_escape_escape_ && c == escape_escape_);
  };
  q->c = quote_;
  if (!advance()) return false;
  while (true) {
    // at_ is behind q->c
    const size_t here = at_ - 1;
    const bool closing = q->previous == quote_;
    if (closing && (IsSpace(q->c) || AtSeparator(here) || NewlineLength(here) > 0)) return AfterClosing(q);
    if (q->c != quote_ && !(has_escape_ && q->c == escape_)) {
      if (closing) return Unescaped(q);
      if (has_escape_ && q->previous == escape_) q->value->push_back(escape_);
      bool more = true;
      while (more && !special(q->c)) {
        q->value->push_back(q->c);
        more = advance();
      }
      if (!more) return false;
      q->previous = q->c;
      if (!advance()) return false;
    } else {
      ProcessEscape(q);
      q->previous = q->c;
      if (!advance()) return false;
      if (q->unescaped && (AtSeparator(at_ - 1) || NewlineLength(at_ - 1) > 0)) {
        at_--;
        return true;
      }
    }
  }
}

void CsvTokenizer::ProcessEscape(Quoted* q) {
  if (has_escape_ && has_escape_escape_ && q->c == escape_ && q->previous == escape_escape_) {
    q->value->push_back(escape_);
    q->c = 0;
  } else if (has_escape_ && q->previous == escape_) {
    q->value->push_back(q->c == quote_ ? quote_ : q->previous);
    if (q->c == quote_) q->c = 0;
  } else if (q->c == quote_ && q->previous == quote_) {
    q->value->push_back(quote_);
  }
}

// What follows a closing quote is neither blank nor the end of the value. at_ is behind q->c.
bool CsvTokenizer::Unescaped(Quoted* q) {
  q->unescaped = true;
  switch (options_.quote_handling) {
    case QuoteHandling::kStopAtDelimiter:
    case QuoteHandling::kStopAtClosingQuote:
      q->value->push_back(quote_);
      q->value->push_back(q->c);
      q->previous = q->c;
      return options_.quote_handling == QuoteHandling::kStopAtDelimiter ? ToDelimiter(q) : RunQuoted(q);
    case QuoteHandling::kBackToDelimiter: {
      string whole;
      whole.swap(*q->value);
      size_t start = 0;
      for (size_t end = whole.find(separator_); end != string::npos; end = whole.find(separator_, start)) {
        string& part = Scratch();
        part = whole.substr(start, end - start);
        Push(part);
        start = end + separator_.size();
      }
      *q->value = whole.substr(start) + q->c;
      q->previous = 0;
      return RunQuoted(q);
    }
    case QuoteHandling::kSkipValue:
      q->value->clear();
      while (at_ < text_.size() && !AtSeparator(at_) && NewlineLength(at_) == 0) at_++;
      return at_ < text_.size();
    case QuoteHandling::kRaiseError:
      ParsingFailed(string("Unescaped quote character '") + quote_ + "' inside quoted value of CSV field");
  }
  return false;
}

// The value is what stands there up to the separator, quotes and all.
bool CsvTokenizer::ToDelimiter(Quoted* q) {
  q->value->insert(q->value->begin(), quote_);
  q->trim = true;
  const size_t start = at_;
  while (at_ < text_.size() && !AtSeparator(at_) && NewlineLength(at_) == 0) at_++;
  *q->value += text_.substr(start, at_ - start);
  return at_ < text_.size();
}

// Behind the closing quote: blanks are dropped when nothing else follows them.
bool CsvTokenizer::AfterClosing(Quoted* q) {
  at_--;
  const size_t start = at_;
  while (at_ < text_.size() && IsSpace(text_[at_]) && !AtSeparator(at_) && NewlineLength(at_) == 0) at_++;
  if (at_ >= text_.size()) {
    q->c = ' ';
    return false;
  }
  if (AtSeparator(at_) || NewlineLength(at_) > 0) return true;
  if (options_.quote_handling == QuoteHandling::kRaiseError) {
    ParsingFailed(string("Unexpected character '") + text_[at_] + "' following quoted value of CSV field");
  }
  q->value->push_back(quote_);
  *q->value += text_.substr(start, at_ - start);
  q->c = text_[at_++];
  const bool to_delimiter = options_.quote_handling != QuoteHandling::kStopAtClosingQuote;
  if (to_delimiter || (q->c != quote_ && !(has_escape_ && q->c == escape_))) q->value->push_back(q->c);
  q->previous = q->c;
  if (options_.quote_handling == QuoteHandling::kSkipValue) return Unescaped(q);
  return to_delimiter ? ToDelimiter(q) : RunQuoted(q);
}

// --- writing ------------------------------------------------------------------------------------------------------
namespace {

string_view Trimmed(string_view value, const Options& options) {
  while (options.trim_right && !value.empty() && IsSpace(value.back())) value.remove_suffix(1);
  while (options.trim_left && !value.empty() && IsSpace(value.front())) value.remove_prefix(1);
  return value;
}

// `value` with what escapes quotes and escapes in it.
void AppendEscaped(string_view value, const Options& options, bool escaping, string* out) {
  for (const char c : value) {
    if (escaping && !options.quote.empty() && c == options.quote[0])
      *out += options.escape;
    else if (escaping && !options.escape.empty() && !options.escape_escape.empty() && c == options.escape[0])
      *out += options.escape_escape;
    out->push_back(c);
  }
}

bool NeedsQuotes(string_view value, bool first, const Options& options) {
  if (options.quote_all) return true;
  if (value.find(options.separator) != string_view::npos || value.find_first_of("\r\n") != string_view::npos)
    return true;
  // A line that begins so would be a comment.
  if (first && value[0] == (options.comment.empty() ? '#' : options.comment[0])) return true;
  return options.escape_quotes && value.find(options.quote[0]) != string_view::npos;
}

}  // namespace

void AppendCsvNull(const Options& options, string* out) {
  if (options.quote_all) *out += options.quote;
  *out += options.null_value;
  if (options.quote_all) *out += options.quote;
}

void AppendCsvValue(string_view value, bool first, const Options& options, string* out) {
  value = Trimmed(value, options);
  if (value.empty()) {
    const bool bare = !options.quote_all || options.empty_value == options.quote + options.quote;
    *out += bare ? options.empty_value : options.quote + options.empty_value + options.quote;
    return;
  }
  const bool quoted = NeedsQuotes(value, first, options);
  if (quoted) *out += options.quote;
  AppendEscaped(value, options, quoted, out);
  if (quoted) *out += options.quote;
}

}  // namespace deltic::engine::text
