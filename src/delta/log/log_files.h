// Names of the files in _delta_log and their listing (PROTOCOL.md › Delta Table Specification). Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delta/spec/actions.h"
#include "storage/object_store.h"

namespace deltic::delta {

std::string LogPath(std::string_view table_path);
std::string CommitPath(std::string_view table_path, int64_t version);
std::string ChecksumPath(std::string_view table_path, int64_t version);
// Name of a classic checkpoint.
std::string CheckpointPath(std::string_view table_path, int64_t version);
std::string LastCheckpointPath(std::string_view table_path);
// 20 digits: names at or after this belong to versions at or after `version`.
std::string VersionPrefix(int64_t version);
// Version at the start of a file name of the log; nullopt when there is none.
std::optional<int64_t> VersionOfName(std::string_view name);

struct CommitFile {
  int64_t version = 0;
  int64_t size_bytes = 0;
  int64_t modified_ms = 0;
};

// One complete checkpoint; all its top-level files.
struct CheckpointRef {
  int64_t version = -1;
  std::vector<storage::ObjectMeta> files;  // one, or every part
  bool Json() const { return files.size() == 1 && files[0].path.ends_with(".json"); }
};

// <first>.<last>.compacted.json: the reconciled actions of these commits.
struct CompactedFile {
  int64_t first = 0;
  int64_t last = 0;
  std::string path;
  int64_t size_bytes = 0;
};

struct LogListing {
  std::vector<CommitFile> commits;         // ascending
  std::vector<CheckpointRef> checkpoints;  // ascending; several of one version are possible
  std::vector<CompactedFile> compacted;
  bool empty() const { return commits.empty() && checkpoints.empty(); }
};

// Files of versions >= from_version, with one List. Incomplete multi-part checkpoints and unknown files are left out.
Result<LogListing> ListLog(storage::ObjectStore* store, std::string_view table_path, int64_t from_version);

// What a reader of the newest version, or of `version`, needs of the log: from the checkpoint that the _last_checkpoint
// hint names, or from the log's start (`from` 0). A store with long ways is asked for the hint and for the log's first
// names at the same time; a log that has no others needs no hint.
struct LogStart {
  LogListing listing;
  int64_t from = 0;
};
Result<LogStart> ListLogFromHint(storage::ObjectStore* store, std::string_view table_path,
                                 std::optional<int64_t> version);
// False: there is neither a commit nor a checkpoint.
Result<bool> HasLog(storage::ObjectStore* store, std::string_view table_path);

// Version the _last_checkpoint hint names; nullopt when missing, not understood or damaged (it is only
// a hint).
Result<std::optional<int64_t>> ReadLastCheckpointHint(storage::ObjectStore* store, std::string_view table_path);

// All actions of one commit. Missing: PATH_NOT_FOUND.
Result<std::vector<Action>> ReadCommit(storage::ObjectStore* store, std::string_view table_path, int64_t version);
// First bytes of a commit that are searched for its commitInfo line before the whole file is read.
constexpr int64_t kCommitInfoProbe = 64 << 10;
// Only its commitInfo, when it has one; the rest of the commit is not parsed.
Result<std::optional<CommitInfo>> ReadCommitInfo(storage::ObjectStore* store, std::string_view table_path,
                                                 int64_t version);

// Latest commit time, from the in-commit timestamp of a commit; DELTA_MISSING_COMMIT_INFO / _TIMESTAMP.
Result<int64_t> RequiredInCommitTimestamp(const std::optional<CommitInfo>& info, int64_t version);

}  // namespace deltic::delta
