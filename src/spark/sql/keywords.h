// The keyword table of Spark 3.5 (SqlBaseLexer). Nearly all keywords may also be identifiers: only with ANSI
// reserved-keyword enforcement are those marked kReserved refused, and those marked kStrict never name a table
// alias. Delta's extra words (OPTIMIZE, VACUUM, …) are not keywords: they are recognised by their text.
// Pure data; thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace deltic::spark::sql {

enum class Keyword : uint16_t {
  kNone,
#define X(word, flags) k##word,
#include "spark/sql/keywords.inc"
#undef X
};

// The keyword of an unquoted word in any case; kNone when it is a plain identifier.
Keyword FindKeyword(std::string_view word);
// Never a table alias (JOIN, ON, UNION, …).
bool IsStrictNonReserved(Keyword keyword);
// Reserved by the SQL standard; refused as an identifier when ANSI keyword enforcement is on.
bool IsAnsiReserved(Keyword keyword);

}  // namespace deltic::spark::sql
