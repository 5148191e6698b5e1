// java.util.regex patterns over RE2: translated where RE2 has the construct, refused by name where it has not
// (look-around, back references, possessive quantifiers, atomic groups, class intersections).
// A compiled regex is immutable; thread-safe. Matching takes time linear in the text.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "regex/backtracking.h"

namespace deltic::engine::functions {

class JavaRegex {
 public:
  static Result<std::shared_ptr<const JavaRegex>> Compile(std::string_view pattern, std::string_view function);

  struct Span {
    size_t begin = std::string_view::npos;  // npos: the group took no part
    size_t end = std::string_view::npos;
    bool matched() const { return begin != std::string_view::npos; }
  };
  int group_count() const {
    return backtracking_ != nullptr ? backtracking_->group_count() : regex_->NumberOfCapturingGroups();
  }
  bool Find(std::string_view text) const { return FindFrom(text, 0, nullptr); }
  // First match at or after byte `from`; groups[0] is the whole match. `groups` may be null.
  bool FindFrom(std::string_view text, size_t from, std::vector<Span>* groups) const;
  // Where Java's Matcher.find would go on after a match.
  static size_t NextStart(std::string_view text, const Span& match);
  // Group of a name, -1 when there is none.
  int GroupOf(const std::string& name) const;

 private:
  bool FindBacktracking(std::string_view text, size_t from, std::vector<Span>* groups) const;

  std::unique_ptr<re2::RE2> regex_;
  std::unique_ptr<const regex::BacktrackingRegex> backtracking_;  // instead, for what RE2 does not have
};

// The compiled regex from a bounded per-thread cache; throws (ThrowStatus) what Compile reports.
const JavaRegex& CachedRegex(std::string_view pattern, std::string_view function);

}  // namespace deltic::engine::functions
