// Some files of a snapshot as they are stored, to be rewritten (OPTIMIZE). Free function, thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "delta/snapshot/snapshot.h"
#include "engine/plan/relation.h"
#include "spark/session/session.h"

namespace deltic::spark::catalog {

// The live rows of `files` with the table's columns, CHAR columns not padded; column ids are fresh. A table with row
// tracking gives the columns that keep the rows' ids as well (RowIdColumns). With `groups` (parallel to `files`) the
// last column, engine::kFileGroup, is the group of the row's file.
Result<engine::RelPtr> ScanFiles(session::Session* session, const delta::Snapshot& snapshot,
                                 const std::vector<const delta::AddFile*>& files,
                                 const std::vector<int64_t>& groups = {});

}  // namespace deltic::spark::catalog
