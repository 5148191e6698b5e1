// Builds snapshots by replaying actions over a base (PROTOCOL.md › Action Reconciliation). One thread, one use.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "delta/log/log_files.h"
#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

class SnapshotBuilder {
 public:
  SnapshotBuilder(TableIo io, std::string table_path);

  // The base is an earlier snapshot, a checkpoint, or nothing. A snapshot comes first; a checkpoint comes after the
  // commits that follow it, so that what they removed is never built.
  void StartFromSnapshot(std::shared_ptr<const Snapshot> previous);
  // `commit`: the commit file of that version, null when it is gone.
  Status MergeCheckpoint(const CheckpointRef& checkpoint, const CommitFile* commit);
  // Replays one commit, whose file at `path` has this text; versions ascend without gaps (the caller checks).
  Status ApplyCommit(const std::string& path, const std::string& text, const CommitFile& commit);
  // Replays the commits that a compacted file stands for; `last` is the newest of them.
  Status ApplyCompacted(const std::string& path, const std::string& text, const CommitFile& last);
  // Checks that the state is whole and readable and makes the snapshot.
  Result<std::shared_ptr<const Snapshot>> Finish();

 private:
  // The last word on one file in the commits after the base.
  struct Change {
    const std::string* key;  // in change_index_
    std::variant<AddFile, RemoveFile> action;
  };
  // Looked up by views.
  struct KeyHash {
    using is_transparent = void;
    size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
  };
  void Reconcile(Action&& action);
  void ApplyState(Action&& action);
  void MergeFiles();
  void Expire();

  TableIo io_;
  std::shared_ptr<Snapshot> state_;
  std::optional<FileListBuilder> base_files_;  // of a checkpoint, without what the commits changed
  std::vector<RemoveFile> base_removes_;
  std::unordered_map<std::string, size_t, KeyHash, std::equal_to<>> change_index_;
  std::deque<Change> changes_;
  std::vector<Action> pending_;  // of the commits, applied over the checkpoint
  bool has_protocol_ = false;
  bool has_metadata_ = false;
  bool new_metadata_ = false;  // not the earlier snapshot's
  std::optional<CommitInfo> last_commit_info_;
  int64_t last_modified_ms_ = 0;
};

}  // namespace deltic::delta
