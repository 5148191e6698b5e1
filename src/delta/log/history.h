// Commit history and time travel by timestamp (delta-spark DeltaHistoryManager). Free functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

struct Commit {
  int64_t version = 0;
  int64_t timestamp_ms = 0;  // ICT, or mtime made monotonic
};

// Versions still in the log, oldest first.
Result<std::vector<Commit>> ListCommits(const TableIo& io, const std::string& table_path);
struct HistoryEntry {
  int64_t version = 0;
  int64_t timestamp_ms = 0;
  CommitInfo info;
};
// Newest first, at most `limit`.
Result<std::vector<HistoryEntry>> History(const TableIo& io, const std::string& table_path,
                                          std::optional<int64_t> limit);

// What counts as a version that is there.
struct VersionBounds {
  bool recreatable = true;  // has a snapshot; else its commit is in the log, maybe before the first checkpoint
  bool may_exceed_latest = false;
};
// DELTA_VERSION_NOT_FOUND{userVersion, earliest, latest} when outside.
Status CheckVersionExists(const TableIo& io, const std::string& table_path, int64_t version, VersionBounds bounds = {});
// Latest version at or before the timestamp. After the last commit: DELTA_TEMPORALLY_UNSTABLE_INPUT unless
// can_return_last; before the first: DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION. delta-spark throws both without a
// condition: the error's detail is its text (times in UTC), the parameters are the fields of its exceptions.
Result<int64_t> VersionAtTimestamp(const TableIo& io, const std::string& table_path, int64_t timestamp_ms,
                                   bool can_return_last);
// First version at or after the timestamp (startingTimestamp); later than the last commit: the version after the latest
// if `may_exceed_latest`, else DELTA_TIMESTAMP_GREATER_THAN_COMMIT.
Result<int64_t> VersionAtOrAfterTimestamp(const TableIo& io, const std::string& table_path, int64_t timestamp_ms,
                                          bool may_exceed_latest);

}  // namespace deltic::delta
