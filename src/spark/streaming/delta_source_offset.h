// How far a stream has read a Delta table (delta-spark's DeltaSourceOffset), and its JSON. Plain data.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "base/status.h"

namespace deltic::spark::streaming {

struct DeltaSourceOffset {
  // Before all changes of a version. In JSON it is -1, as older readers know it.
  static constexpr int64_t kBase = -100;
  // After all changes of a version; never an offset.
  static constexpr int64_t kEnd = std::numeric_limits<int64_t>::max() - 100;

  int64_t version = 0;
  int64_t index = kBase;          // of the file action in the version; of the file in an initial snapshot
  bool initial_snapshot = false;  // the files of the table as it was, not the changes of the version

  bool operator==(const DeltaSourceOffset&) const = default;
};

std::string OffsetJson(const DeltaSourceOffset& offset, const std::string& table_id);
// DELTA_INVALID_SOURCE_OFFSET_FORMAT, DELTA_INVALID_SOURCE_VERSION, DELTA_INVALID_FORMAT_FROM_SOURCE_VERSION; an offset
// of another table than `table_id`: DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE.
Result<DeltaSourceOffset> ParseOffset(const std::string& json, const std::string& table_id);

}  // namespace deltic::spark::streaming
