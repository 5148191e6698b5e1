// The change data feed of a version range as a list of files to read (PROTOCOL.md › Change Data Files; delta-spark
// CDCReader). A version with cdc files yields only these; otherwise dataChange adds are inserts, removes are deletes,
// and a deletion-vector change of one file is the bitmap difference.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "delta/deletion_vector/deletion_vector.h"
#include "delta/log/history.h"
#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

struct ChangeFile {
  enum class Kind : uint8_t { kCdc, kInsert, kDelete };
  Kind kind = Kind::kInsert;  // kCdc: _change_type is a column of the file
  std::string path;           // relative or absolute, decoded
  PartitionValues partition_values;
  int64_t size_bytes = 0;
  int64_t commit_version = 0;
  int64_t commit_timestamp_ms = 0;
  // Rows that are NOT part of the change are those this says are deleted; null: all rows are.
  std::optional<DeletionVectorDescriptor> deletion_vector;
  // When set, exactly these rows (positions in the file) are the change, and deletion_vector is unset: the difference
  // of the file's deletion vectors before and after the commit.
  std::shared_ptr<const DeletionVector> rows;
};

// With which version's schema the rows are read where columns are mapped; else it is the latest's (delta-spark's
// DeltaBatchCDFSchemaMode).
enum class FeedSchema : uint8_t { kEndVersion, kLatest };

struct ChangeFeed {
  // Whose schema the rows are read with.
  std::shared_ptr<const Snapshot> schema_snapshot;
  std::vector<ChangeFile> files;
};

// What the file actions of one commit, or some of them, say of its rows: those of its cdc files when there are any,
// else the rows of its dataChange adds and removes. `read`: whose partition columns count.
Status AppendChanges(const TableIo& io, const Snapshot& read, const std::vector<Action>& actions, const Commit& commit,
                     std::vector<ChangeFile>* out);
// A MERGE that only rewrote files (delta-spark CDCReader.shouldSkipFileActionsInCommit).
bool ChangedNoRows(const CommitInfo* info);

// Both bounds inclusive; `end` nullopt: latest; an end beyond the latest version is cut. Errors:
// DELTA_MISSING_CHANGE_DATA (CDF off at a version in the range), DELTA_CDC_START_VERSION_AFTER_LATEST (delta-spark
// throws it without a condition; the detail is its text), DELTA_INVALID_CDC_RANGE,
// DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE and DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_DATA_SCHEMA.
Result<ChangeFeed> ReadChangeFeed(const TableIo& io, std::shared_ptr<const Snapshot> latest, int64_t start,
                                  std::optional<int64_t> end, FeedSchema schema = FeedSchema::kEndVersion);

}  // namespace deltic::delta
