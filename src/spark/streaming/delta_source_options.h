// Options of a Delta stream (delta-spark's DeltaReadOptions). Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/status.h"
#include "spark/plan/relation_source.h"

namespace deltic::spark::streaming {

struct DeltaSourceOptions {
  std::optional<int64_t> max_files;
  std::optional<int64_t> max_bytes;
  bool ignore_deletes = false;
  bool ignore_changes = false;  // also ignoreFileDeletion
  bool skip_change_commits = false;
  bool fail_on_data_loss = true;
  bool read_change_feed = false;
  bool starts_at_latest = false;  // startingVersion latest
  std::optional<int64_t> starting_version;
  std::optional<std::string> starting_timestamp;

  bool HasStart() const { return starts_at_latest || starting_version.has_value() || starting_timestamp.has_value(); }
  bool AllowsChanges() const { return ignore_changes || skip_change_commits; }
  bool AllowsDeletes() const { return AllowsChanges() || ignore_deletes; }
};

// DELTA_ILLEGAL_OPTION, DELTA_STARTING_VERSION_AND_TIMESTAMP_BOTH_SET; excludeRegex is refused by name.
Result<DeltaSourceOptions> ParseSourceOptions(const plan::Options& options);

}  // namespace deltic::spark::streaming
