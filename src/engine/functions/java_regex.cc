#include "engine/functions/java_regex.h"

#include <array>
#include <unordered_map>

#include "engine/functions/throw.h"
#include "engine/functions/utf8_text.h"

namespace deltic::engine::functions {
namespace {

using std::string;
using std::string_view;

struct PosixName {
  string_view java, re2;
};
constexpr std::array kProperties = {
    PosixName{"Alpha", "[:alpha:]"},      PosixName{"Digit", "[:digit:]"},       PosixName{"Alnum", "[:alnum:]"},
    PosixName{"Upper", "[:upper:]"},      PosixName{"Lower", "[:lower:]"},       PosixName{"Punct", "[:punct:]"},
    PosixName{"Space", "[:space:]"},      PosixName{"XDigit", "[:xdigit:]"},     PosixName{"Cntrl", "[:cntrl:]"},
    PosixName{"Blank", "[:blank:]"},      PosixName{"Graph", "[:graph:]"},       PosixName{"Print", "[:print:]"},
    PosixName{"ASCII", "[:ascii:]"},      PosixName{"IsAlphabetic", "\\pL"},     PosixName{"IsLetter", "\\pL"},
    PosixName{"IsDigit", "\\p{Nd}"},      PosixName{"IsUppercase", "\\p{Lu}"},   PosixName{"IsLowercase", "\\p{Ll}"},
    PosixName{"IsPunctuation", "\\pP"},   PosixName{"IsWhite_Space", "\\s\\pZ"}, PosixName{"javaLowerCase", "\\p{Ll}"},
    PosixName{"javaUpperCase", "\\p{Lu}"}};

class Translator {
 public:
  // `backtracking`: for PCRE2, which has what RE2 lacks.
  Translator(string_view pattern, bool backtracking) : p_(pattern), backtracking_(backtracking) {
    dot_all_ = pattern.find("(?s") != string_view::npos || pattern.find("(?is") != string_view::npos;
  }

  // OK status and the pattern in out(), or the construct that the library lacks.
  Status Run() {
    while (i_ < p_.size()) RETURN_IF_ERROR(Step());
    return Status::Ok();
  }
  const string& out() const { return out_; }
  bool needs_backtracking() const { return needs_backtracking_; }

 private:
  Status Refuse(const char* what) const {
    return Unsupported(string("regular expression with ") + what + ": " + string(p_));
  }

  // A construct of backtracking matchers only; it stands in out() as it is written.
  Status NeedsBacktracking(const char* what) {
    needs_backtracking_ = true;
    return backtracking_ ? Status::Ok() : Refuse(what);
  }

  Status Step() {
    const char c = p_[i_];
    if (c == '\\') return Escape();
    if (in_class_ > 0) return ClassChar(c);
    if (c == '[') {
      in_class_ = 1;
      out_.push_back(c);
      i_++;
      if (i_ < p_.size() && p_[i_] == '^') out_.push_back(p_[i_++]);
      if (i_ < p_.size() && p_[i_] == ']') {
        out_ += "\\]";
        i_++;
      }
      return Status::Ok();
    }
    if (c == '(' && i_ + 1 < p_.size() && p_[i_ + 1] == '?') return Group();
    if (c == '.' && !dot_all_) {
      out_ += "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]";
      i_++;
      return Status::Ok();
    }
    if (c == '+' && i_ > 0 && IsQuantifierEnd()) RETURN_IF_ERROR(NeedsBacktracking("a possessive quantifier"));
    out_.push_back(c);
    quantified_ = c == '*' || c == '+' || c == '?' || c == '}';
    i_++;
    return Status::Ok();
  }

  bool IsQuantifierEnd() const {
    const char before = p_[i_ - 1];
    return quantified_ && (before == '*' || before == '+' || before == '?' || before == '}');
  }

  Status ClassChar(char c) {
    quantified_ = false;
    if (c == ']') {
      in_class_ = 0;
      out_.push_back(c);
    } else if (c == '[') {
      return Refuse("a nested character class");
    } else if (c == '&' && i_ + 1 < p_.size() && p_[i_ + 1] == '&') {
      return Refuse("a class intersection");
    } else {
      out_.push_back(c);
    }
    i_++;
    return Status::Ok();
  }

  Status Group() {
    quantified_ = false;
    const string_view rest = p_.substr(i_);
    if (rest.starts_with("(?=") || rest.starts_with("(?!") || rest.starts_with("(?<=") || rest.starts_with("(?<!")) {
      RETURN_IF_ERROR(NeedsBacktracking("look-around"));
      const size_t length = rest[2] == '<' ? 4 : 3;
      out_ += rest.substr(0, length);
      i_ += length;
      return Status::Ok();
    }
    if (rest.starts_with("(?>")) {
      RETURN_IF_ERROR(NeedsBacktracking("an atomic group"));
      out_ += "(?>";
      i_ += 3;
      return Status::Ok();
    }
    if (rest.starts_with("(?<")) {
      out_ += "(?P<";
      i_ += 3;
      return Status::Ok();
    }
    out_ += "(?";
    i_ += 2;
    return Status::Ok();
  }

  void Class(string_view outside) {  // a set: bracketed unless inside a class
    out_ += in_class_ > 0 ? string(outside) : "[" + string(outside) + "]";
  }

  Status Escape() {
    quantified_ = false;
    if (i_ + 1 >= p_.size()) return Error("", {}, "Unexpected internal error near index");
    const char c = p_[i_ + 1];
    i_ += 2;
    switch (c) {
      case 'Q': {
        const size_t end = p_.find("\\E", i_);
        const string_view literal = p_.substr(i_, end - i_);
        out_ += re2::RE2::QuoteMeta(re2::StringPiece(literal.data(), literal.size()));
        i_ = end == string_view::npos ? p_.size() : end + 2;
        return Status::Ok();
      }
      case 'u': {
        out_ += "\\x{" + string(p_.substr(i_, 4)) + "}";
        i_ += 4;
        return Status::Ok();
      }
      case 's': Class("\\t\\n\\x0B\\f\\r "); return Status::Ok();
      case 'h':
        Class(" \\t\\x{A0}\\x{1680}\\x{180e}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}");
        return Status::Ok();
      case 'S':
        if (in_class_ > 0)
          out_ += "\\S";
        else
          out_ += "[^\\t\\n\\x0B\\f\\r ]";
        return Status::Ok();
      case 'R': out_ += "(?:\\r\\n|[\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}])"; return Status::Ok();
      case 'Z': out_ += "(?:\\n?\\z)"; return Status::Ok();
      case 'e': out_ += "\\x1B"; return Status::Ok();
      case '_': out_ += "_"; return Status::Ok();
      case 'k':
      case 'G': {
        RETURN_IF_ERROR(NeedsBacktracking(c == 'k' ? "a back reference" : "\\G"));
        out_ += string("\\") + c;
        return Status::Ok();
      }
      case 'p':
      case 'P': return Property(c);
      default: break;
    }
    if (c >= '1' && c <= '9') RETURN_IF_ERROR(NeedsBacktracking("a back reference"));
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) {
      out_.push_back(c);
    } else {
      out_.push_back('\\');
      out_.push_back(c);
    }
    return Status::Ok();
  }

  Status Property(char kind) {
    if (i_ >= p_.size() || p_[i_] != '{') {
      out_ += string("\\") + kind;
      return Status::Ok();
    }
    const size_t end = p_.find('}', i_);
    if (end == string_view::npos) return Error("", {}, "Unclosed character family");
    string_view name = p_.substr(i_ + 1, end - i_ - 1);
    i_ = end + 1;
    for (const auto& property : kProperties) {
      if (property.java != name) continue;
      if (kind == 'P' && in_class_ > 0) return Refuse("a negated property in a class");
      if (kind == 'P')
        out_ += "[^" + string(property.re2) + "]";
      else
        Class(property.re2);
      return Status::Ok();
    }
    if (name.starts_with("Is")) name.remove_prefix(2);
    out_ += string("\\") + kind + "{" + string(name) + "}";
    return Status::Ok();
  }

  string_view p_;
  size_t i_ = 0;
  int in_class_ = 0;
  bool dot_all_ = false;
  bool quantified_ = false;
  const bool backtracking_;
  bool needs_backtracking_ = false;
  string out_;
};

}  // namespace

Result<std::shared_ptr<const JavaRegex>> JavaRegex::Compile(string_view pattern, string_view function) {
  const auto invalid = [&] {
    return Error("INVALID_PARAMETER_VALUE.PATTERN", {{"parameter", "`regexp`"},
                                                     {"functionName", "`" + string(function) + "`"},
                                                     {"value", "'" + string(pattern) + "'"}});
  };
  Translator translator(pattern, false);
  const Status status = translator.Run();
  if (translator.needs_backtracking() && regex::BacktrackingRegex::Available()) {
    Translator full(pattern, true);
    const Status translated = full.Run();
    if (!translated.ok()) return translated.condition().empty() ? invalid() : translated;
    auto compiled = std::make_shared<JavaRegex>();
    compiled->backtracking_ = regex::BacktrackingRegex::Compile(full.out());
    const bool behind = pattern.find("(?<=") != pattern.npos || pattern.find("(?<!") != pattern.npos;
    if (compiled->backtracking_ == nullptr && behind) {  // Java's may have any bounded length
      return Unsupported("regular expression with look-behind of several lengths: " + string(pattern));
    }
    if (compiled->backtracking_ == nullptr) return invalid();
    return std::shared_ptr<const JavaRegex>(std::move(compiled));
  }
  if (!status.ok()) return status.condition().empty() ? invalid() : status;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(64 << 20);
  auto compiled = std::make_shared<JavaRegex>();
  compiled->regex_ = std::make_unique<re2::RE2>(translator.out(), options);
  if (!compiled->regex_->ok()) return invalid();
  return std::shared_ptr<const JavaRegex>(std::move(compiled));
}

bool JavaRegex::FindBacktracking(string_view text, size_t from, std::vector<Span>* groups) const {
  std::vector<std::pair<size_t, size_t>> found;
  switch (backtracking_->Find(text, from, groups == nullptr ? nullptr : &found)) {
    case regex::BacktrackingRegex::Outcome::kNoMatch: return false;
    case regex::BacktrackingRegex::Outcome::kTooComplex:
      ThrowStatus(Unsupported("a regular expression that takes too many steps on a text"));
    case regex::BacktrackingRegex::Outcome::kMatch: break;
  }
  if (groups != nullptr) {
    groups->clear();
    for (const auto& [begin, end] : found) groups->push_back({begin, end});
  }
  return true;
}

bool JavaRegex::FindFrom(string_view text, size_t from, std::vector<Span>* groups) const {
  if (from > text.size()) return false;
  if (backtracking_ != nullptr) return FindBacktracking(text, from, groups);
  const re2::StringPiece piece(text.data(), text.size());
  if (groups == nullptr) return regex_->Match(piece, from, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
  const int count = 1 + group_count();
  std::vector<re2::StringPiece> found(static_cast<size_t>(count));
  if (!regex_->Match(piece, from, text.size(), re2::RE2::UNANCHORED, found.data(), count)) return false;
  groups->resize(found.size());
  for (size_t i = 0; i < found.size(); i++) {
    auto& span = (*groups)[i];
    if (found[i].data() == nullptr) {
      span = {};
    } else {
      span.begin = static_cast<size_t>(found[i].data() - text.data());
      span.end = span.begin + found[i].size();
    }
  }
  return true;
}

size_t JavaRegex::NextStart(string_view text, const Span& match) {
  if (match.end != match.begin) return match.end;
  return match.end + (match.end < text.size() ? CharBytes(static_cast<unsigned char>(text[match.end])) : 1);
}

int JavaRegex::GroupOf(const string& name) const {
  if (backtracking_ != nullptr) return backtracking_->GroupOf(name);
  const auto& names = regex_->NamedCapturingGroups();
  const auto it = names.find(name);
  return it == names.end() ? -1 : it->second;
}

const JavaRegex& CachedRegex(string_view pattern, string_view function) {
  constexpr size_t kMaxCached = 128;
  thread_local std::unordered_map<string, std::shared_ptr<const JavaRegex>> cache;
  thread_local const JavaRegex* last = nullptr;
  thread_local string last_pattern;
  if (last != nullptr && last_pattern == pattern) return *last;
  auto it = cache.find(string(pattern));
  if (it == cache.end()) {
    auto compiled = JavaRegex::Compile(pattern, function);
    if (!compiled.ok()) ThrowStatus(compiled.status());
    if (cache.size() >= kMaxCached) cache.clear();
    it = cache.emplace(string(pattern), *compiled).first;
  }
  last = it->second.get();
  last_pattern = string(pattern);
  return *last;
}

}  // namespace deltic::engine::functions
