// The columns of a table or view as DESCRIBE TABLE and SHOW COLUMNS show them. Free function; thread-safe.
#pragma once

#include "engine/plan/relation.h"
#include "spark/command/handlers.h"

namespace deltic::spark::command {

// A relation that has the columns. It is one that can be run but for a Delta table whose column mapping cannot be
// followed: delta-spark refuses to read and write such a table, not to describe it.
Result<engine::RelPtr> DescribedColumns(const CommandContext& context, const plan::NameParts& name);

}  // namespace deltic::spark::command
