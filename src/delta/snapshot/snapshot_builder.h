// Builds snapshots by replaying actions over a base (PROTOCOL.md › Action Reconciliation). One thread, one use.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "delta/log/log_files.h"
#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

class SnapshotBuilder {
 public:
  SnapshotBuilder(TableIo io, std::string table_path);

  // The base is a checkpoint, an earlier snapshot, or nothing. At most one of these, first.
  // `commit`: the commit file of that version, null when it is gone.
  Status StartFromCheckpoint(const CheckpointRef& checkpoint, const CommitFile* commit);
  void StartFromSnapshot(std::shared_ptr<const Snapshot> previous);
  // Replays one commit; versions ascend without gaps (the caller checks).
  Status ApplyCommit(const CommitFile& commit);
  // Checks that the state is whole and readable and makes the snapshot.
  Result<std::shared_ptr<const Snapshot>> Finish();

 private:
  // The last word on one file in the commits after the base.
  struct Change {
    bool live = false;
    AddFile add;
    RemoveFile remove;
  };
  Status ApplyCheckpointAction(Action&& action);
  void ApplyFile(Action&& action);
  Status ApplyState(Action&& action);
  void MergeFiles(Snapshot* out);

  TableIo io_;
  std::shared_ptr<Snapshot> state_;
  std::shared_ptr<const Snapshot> previous_;
  std::vector<AddFile> base_files_;  // of a checkpoint
  std::vector<RemoveFile> base_removes_;
  std::unordered_map<std::string, size_t> change_index_;
  std::vector<Change> changes_;
  bool has_protocol_ = false;
  bool has_metadata_ = false;
  std::optional<CommitInfo> last_commit_info_;
  int64_t last_modified_ms_ = 0;
};

}  // namespace deltic::delta
