// Writing classic checkpoints (PROTOCOL.md › Checkpoints). Thread-safe.
#pragma once

#include "base/random.h"
#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

// Columns of a checkpoint as delta-spark writes them.
const types::DataType& CheckpointSchema();

// Writes <version>.checkpoint.parquet, seen by others only when complete, and then _last_checkpoint. Under
// delta.checkpointPolicy=v2 the file is a V2 checkpoint with the classic name. Needs io.parquet.
Status WriteCheckpoint(const TableIo& io, const Snapshot& snapshot, Random* random);

}  // namespace deltic::delta
