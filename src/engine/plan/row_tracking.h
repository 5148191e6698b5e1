// The ids and commit versions of the rows of a Delta table with row tracking (PROTOCOL.md › Row Tracking › Reader
// Requirements): what a rewritten file stores, else what follows from the file's baseRowId, defaultRowCommitVersion and
// the row's position. Pure; thread-safe.
#pragma once

#include "engine/plan/relation.h"

namespace deltic::engine {

// All bigint, over the columns that AddRowTracking added.
struct TrackedRow {
  ExprPtr row_id;
  ExprPtr base_row_id;
  ExprPtr default_row_commit_version;
  ExprPtr row_commit_version;
};

// Adds to `files`, which has a row_tracking, the columns that ids come from. `row_index`: a column of `files` with the
// row's position; null: one is added.
TrackedRow AddRowTracking(FilesRel* files, ExprPtr row_index);

}  // namespace deltic::engine
