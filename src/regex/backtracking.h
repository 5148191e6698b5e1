// Regular expressions that need backtracking (look-around, back references, atomic groups, possessive quantifiers),
// matched by PCRE2, whose syntax and rules for them are Java's. The library is loaded at the first use. Every match has
// a bound on its steps. Immutable after compilation; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deltic::regex {

class BacktrackingRegex {
 public:
  // False when the library is not installed.
  static bool Available();
  // Null: not a regular expression.
  static std::unique_ptr<const BacktrackingRegex> Compile(const std::string& pattern);
  ~BacktrackingRegex();

  enum class Outcome : uint8_t { kMatch, kNoMatch, kTooComplex };
  // First match at or after byte `from` of a valid UTF-8 text; `groups` (may be null) gets the byte range of every
  // group, npos twice for one that took no part.
  Outcome Find(std::string_view text, size_t from, std::vector<std::pair<size_t, size_t>>* groups) const;
  int group_count() const { return group_count_; }
  // Group of a name, -1 when there is none.
  int GroupOf(const std::string& name) const;

 private:
  explicit BacktrackingRegex(void* code) : code_(code) {}
  void* code_;
  int group_count_ = 0;
};

}  // namespace deltic::regex
