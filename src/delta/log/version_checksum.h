// Version checksum files: totals of a version beside its commit (PROTOCOL.md › Version Checksum File). They are written
// from state that was replayed, never from another checksum, and read only to be compared. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

// Totals of the live files.
struct FileTotals {
  int64_t files = 0;
  int64_t bytes = 0;
  int64_t deletion_vectors = 0;
  int64_t deleted_rows = 0;
};
FileTotals TotalsOf(const FileList& files);
// Totals after one more commit, from its actions alone; nullopt when one of its removes does not tell its size, or when
// its adds may be of files that are there already (a backfill's).
std::optional<FileTotals> TotalsAfter(FileTotals before, const std::vector<Action>& files);

// What the file of a version says, as text with the newline.
struct ChecksumContent {
  std::string txn_id;
  FileTotals totals;
  std::optional<int64_t> in_commit_timestamp_ms;
  const Metadata* metadata = nullptr;
  const Protocol* protocol = nullptr;
  const std::map<std::string, SetTransaction>* transactions = nullptr;  // null: not told
  const std::map<std::string, DomainMetadata>* domains = nullptr;
};
std::string ChecksumText(const ChecksumContent& content);

// Differences between a checksum file and a snapshot of its version, in delta-spark's words, one a line; empty: none.
// A file that cannot be understood says nothing, as for delta-spark, and is logged.
std::string ChecksumMismatch(std::string_view text, const Snapshot& snapshot);

// Compares the snapshot with the checksum file of its version, if there is one: DELTA_TXN_LOG_FAILED_INTEGRITY.
Status VerifyChecksum(storage::ObjectStore* store, const Snapshot& snapshot);
// The same, with what reading that file gave.
Status VerifyChecksum(const Result<std::string>& text, const Snapshot& snapshot);

}  // namespace deltic::delta
