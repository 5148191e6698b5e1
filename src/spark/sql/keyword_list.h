// The keywords as sql_keywords() lists them. Pure data; thread-safe.
#pragma once

#include <string_view>
#include <vector>

namespace deltic::spark::sql {

// Sorted; without the words that Spark's grammar spells in more than one way (NOT, RLIKE, TEMPORARY, …).
std::vector<std::string_view> ListedKeywords();

}  // namespace deltic::spark::sql
