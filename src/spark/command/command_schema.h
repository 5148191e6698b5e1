// The columns of a command's result without running it: what analysing a DataFrame over a command with side effects
// gives (DeltaTable's DELETE, UPDATE, MERGE and the like over Spark Connect). Pure function.
#pragma once

#include "engine/plan/relation.h"
#include "spark/plan/command.h"

namespace deltic::spark::command {

// No rows; no columns for commands that return nothing.
engine::RelPtr EmptyResultOf(const plan::Command& command);

// What DeltaTable.convertToDelta gets: the table's name from now on. No rows when none is asked for.
engine::RelPtr ConvertedName(const plan::ConvertToDelta& command);

}  // namespace deltic::spark::command
