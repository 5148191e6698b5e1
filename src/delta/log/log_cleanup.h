// Removing expired commits, checkpoints and checksums (PROTOCOL.md › Metadata Cleanup, which
// keeps more than delta-spark's MetadataCleanup does).
// Thread-safe; safe beside other writers and cleaners.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

struct CleanupOptions {
  // Overrides delta.logRetentionDuration and the rounding down to midnight UTC (DROP FEATURE … TRUNCATE HISTORY).
  std::optional<int64_t> cutoff_ms;
};

// Deletes all versions before the cutoff checkpoint: the newest one at or before the last commit that is older than the
// table's log retention, rounded down to midnight UTC. It stays, with its commit and everything after it, so every
// version within retention can be rebuilt. Then sidecars go that no checkpoint uses. Nothing happens when
// delta.enableExpiredLogCleanup is false or when checkpointProtection forbids it. Returns the files deleted, in the
// order of deletion: what is left at any moment can be read.
Result<std::vector<std::string>> CleanUpLog(const TableIo& io, const Snapshot& snapshot,
                                            const CleanupOptions& options = {});

// First version from which every later one can be rebuilt from checkpoint and commits; -1: none (delta-spark
// findEarliestReliableCheckpoint).
Result<int64_t> EarliestReliableCheckpoint(storage::ObjectStore* store, const std::string& table_path);

}  // namespace deltic::delta
