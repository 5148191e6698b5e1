// What is a Delta table: the test behind DeltaTable.forPath, forName and isDeltaTable. Thread-safe per session rules.
#pragma once

#include <string>

#include "base/status.h"
#include "spark/plan/relation.h"
#include "spark/session/session.h"

namespace deltic::spark::command {

// Whether `table`, a name or {"delta", "/path"}, is a Delta table: its log holds a commit. A path may carry the time
// travel of Delta's path syntax. Views and missing tables are none.
Result<bool> IsDeltaTable(session::Session* session, const plan::NameParts& table);

// Whether `path` is the folder of a Delta table or lies in one, as DeltaTable.isDeltaTable asks.
Result<bool> IsInDeltaTable(session::Session* session, const std::string& path);

}  // namespace deltic::spark::command
