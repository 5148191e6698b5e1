// Writing checkpoints: classic, and V2 with sidecars under delta.checkpointPolicy=v2 (PROTOCOL.md › Checkpoints).
// Thread-safe.
#pragma once

#include <cstdint>

#include "base/random.h"
#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

struct CheckpointOptions {
  bool v2_parquet_top_level = false;  // spark.databricks.delta.checkpointV2.topLevelFileFormat: JSON or Parquet
  int64_t sidecar_actions = 100000;   // a sidecar holds at most this many
};

// Writes the checkpoint of the snapshot's version, seen by others only when complete, and then _last_checkpoint, unless
// that names a later one. Statistics, expired tombstones and transactions as the table's properties say. A snapshot
// that its checksum file contradicts is refused: DELTA_TXN_LOG_FAILED_INTEGRITY. Needs io.parquet.
Status WriteCheckpoint(const TableIo& io, const Snapshot& snapshot, Random* random,
                       const CheckpointOptions& options = {});

}  // namespace deltic::delta
