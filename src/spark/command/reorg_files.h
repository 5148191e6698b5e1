// Which files of a table REORG rewrites, as their footers and the log tell (delta-spark's DeltaReorgOperation). Free
// functions; thread-safe.
#pragma once

#include <vector>

#include "base/status.h"
#include "delta/snapshot/snapshot.h"
#include "spark/command/handlers.h"

namespace deltic::spark::command {

// APPLY (PURGE): files with deleted rows, or with columns that the table has no more.
Result<std::vector<const delta::AddFile*>> FilesToPurge(const CommandContext& context, const delta::Snapshot& snapshot,
                                                        const std::vector<const delta::AddFile*>& candidates);

// Files that hold a column or field, an element, a key or a value as another type than the table's: what a table that
// widened types keeps of before.
Result<std::vector<const delta::AddFile*>> FilesOfOtherTypes(const CommandContext& context,
                                                             const delta::Snapshot& snapshot,
                                                             const std::vector<const delta::AddFile*>& candidates);

}  // namespace deltic::spark::command
