// Row ids for the files that a table has already (delta-spark RowTrackingBackfillCommand): what must happen before
// delta.enableRowTracking is set on an existing table. Thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "base/random.h"
#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

// Adds the feature to the protocol if it is not there, then commits every file without ids again, with ids and
// dataChange=false, in batches, until there is none. Concurrent writers number their own files from the first of these
// commits on. Returns how many files were committed again.
Result<int64_t> BackfillRowTracking(const TableIo& io, const std::string& table_path, const std::string& engine_info,
                                    Random* random, int64_t batch_files = 100000);

}  // namespace deltic::delta
