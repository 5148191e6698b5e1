// What a transaction wants to write, and its text for one attempt at one version: ids, versions and times that depend
// on the attempt are given out here, so that a retry is simply written anew over what the winners left (delta-spark's
// reassignOverlappingRowIds, reassignRowCommitVersions, resolveTimestampOrderingConflicts). Used by one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "delta/snapshot/snapshot.h"
#include "delta/transaction/conflict_checker.h"
#include "delta/transaction/transaction.h"

namespace deltic::delta {

struct PendingCommit {
  const Snapshot* snapshot = nullptr;  // read; null: creating the table
  std::string table;
  Metadata metadata;
  Protocol protocol;
  bool has_metadata = false;
  bool metadata_changed = false;
  bool identity_only = false;  // of the metadata only marks of identity columns changed
  bool protocol_changed = false;
  std::vector<Action> files;  // adds, removes, cdc in the order given
  std::vector<SetTransaction> txns;
  std::vector<DomainMetadata> domains;
  bool preserves_row_ids = false;

  // State of the log just before the version to be written.
  int64_t previous_timestamp_ms = 0;  // in-commit, or of the file when this commit turns them on
  int64_t row_id_mark = -1;
  bool row_tracking_lost = false;  // a winner turned row tracking on: this commit did not preserve it

  bool InCommitTimestamps() const;
  // The transaction turns them on.
  bool TurnsOnInCommitTimestamps() const;
  bool RemovesData() const;
  // Not only adds.
  bool ChangesFiles() const;
  IsolationLevel Isolation(const std::string& operation) const;

  // Refuses what delta-spark refuses before it writes.
  Status Validate(const CommitOptions& options) const;
};

struct CommitText {
  std::string text;
  std::optional<int64_t> in_commit_timestamp_ms;
  // As written: with ids.
  Metadata metadata;
  std::vector<DomainMetadata> domains;
};
// The commit for one attempt. DELTA_ROW_ID_ASSIGNMENT_WITHOUT_STATS when a file has no row count.
Result<CommitText> WriteCommitText(const PendingCommit& commit, const CommitOptions& options, bool blind_append,
                                   const std::string& txn_id, int64_t version, int64_t now_ms);

// Takes over what a winner changed that does not conflict (after CheckConflicts said ok).
Status RebaseOn(int64_t winner_version, const std::vector<Action>& winner, int64_t winner_modified_ms,
                PendingCommit* commit);

}  // namespace deltic::delta
