// Columns of checkpoint files as delta-spark writes them (PROTOCOL.md › Checkpoint Schema). Pure; thread-safe.
#pragma once

#include <optional>
#include <string>

#include "delta/spec/actions.h"

namespace deltic::delta {

// What the table's properties ask checkpoints to hold of each file.
struct CheckpointColumns {
  bool stats_json = true;                     // add.stats
  std::optional<types::DataType> stats;       // add.stats_parsed
  std::optional<types::DataType> partitions;  // add.partitionValues_parsed
};
CheckpointColumns CheckpointColumnsOf(const Metadata& metadata);

// Everything (classic), only add and remove (a sidecar), or a V2 top level.
enum class CheckpointPart : uint8_t { kClassic, kSidecar, kTopLevel };
types::DataType CheckpointSchema(CheckpointPart part, const CheckpointColumns& columns);

}  // namespace deltic::delta
