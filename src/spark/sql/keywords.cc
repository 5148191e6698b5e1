#include "spark/sql/keywords.h"

#include <algorithm>
#include <array>

#include "spark/sql/keyword_list.h"

namespace deltic::spark::sql {
namespace {

constexpr uint8_t kStrict = 1;
constexpr uint8_t kReserved = 2;
constexpr size_t kMaxWord = 16;

struct Row {
  std::string_view word;
  uint8_t flags;
};

constexpr Row kRows[] = {
#define X(word, flags) {#word, flags},
#include "spark/sql/keywords.inc"
#undef X
};

uint8_t Flags(Keyword keyword) { return keyword == Keyword::kNone ? 0 : kRows[static_cast<size_t>(keyword) - 1].flags; }

}  // namespace

Keyword FindKeyword(std::string_view word) {
  if (word.empty() || word.size() > kMaxWord) return Keyword::kNone;
  std::array<char, kMaxWord> upper;
  for (size_t i = 0; i < word.size(); i++) {
    char c = word[i];
    upper[i] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  std::string_view key(upper.data(), word.size());
  const Row* row = std::lower_bound(std::begin(kRows), std::end(kRows), key,
                                    [](const Row& r, std::string_view k) { return r.word < k; });
  if (row == std::end(kRows) || row->word != key) return Keyword::kNone;
  return static_cast<Keyword>(row - kRows + 1);
}

bool IsStrictNonReserved(Keyword keyword) { return (Flags(keyword) & kStrict) != 0; }
bool IsAnsiReserved(Keyword keyword) { return (Flags(keyword) & kReserved) != 0; }

std::vector<std::string_view> ListedKeywords() {
  static constexpr std::string_view kUnlisted[] = {"NONE", "NOT", "REGEXP", "RLIKE", "TEMP", "TEMPORARY"};
  std::vector<std::string_view> words;
  for (const Row& row : kRows) {
    if (std::find(std::begin(kUnlisted), std::end(kUnlisted), row.word) == std::end(kUnlisted)) {
      words.push_back(row.word);
    }
  }
  return words;
}

}  // namespace deltic::spark::sql
