// Whether the rows of a statement come from the very table that it changes (INSERT INTO t SELECT … FROM t): what others
// do to the table matters then, and the transaction must know (delta-spark tracks every scan inside a transaction).
// Pure; thread-safe.
#pragma once

#include <string>

#include "engine/plan/relation.h"

namespace deltic::spark::command {

// `path` is the table's, qualified. Subqueries count; scans of a fixed version do not: nothing changes what they give.
bool ReadsTable(const engine::RelPtr& rows, const std::string& path);

}  // namespace deltic::spark::command
