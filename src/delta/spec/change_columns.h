// The columns that a change feed adds to those of its table: a table that has columns of these names has no feed
// (PROTOCOL.md › Change Data Files). Immutable; thread-safe.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "types/data_type.h"

namespace deltic::delta {

inline constexpr std::array<std::string_view, 3> kChangeColumns = {"_change_type", "_commit_version",
                                                                   "_commit_timestamp"};

// The names that a schema uses itself, spelled exactly so, as a list: "_change_type,_commit_version". Empty: none.
std::string ChangeColumnsIn(const types::DataType& schema);

}  // namespace deltic::delta
