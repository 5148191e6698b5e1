// What a simulated writer does to the table, and what that means for the table's rows. A row is an integer; its
// partition is the row modulo kPartitions. Data files hold rows as text, deletion vectors are inline. A row that moved
// to another file of a table with row tracking has its id beside it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "delta/cdf/change_feed.h"
#include "delta/snapshot/snapshot.h"
#include "delta/transaction/transaction.h"

namespace deltic::sim {

inline constexpr int64_t kPartitions = 3;
inline constexpr char kTable[] = "memory:/t";

using Rows = std::vector<int64_t>;  // in order, with repetitions

enum class Kind : uint8_t {
  kAppend,
  kIdempotentAppend,
  kOverwrite,
  kDeletePartition,  // whole files
  kDeleteValue,      // deletion vectors
  kUpdateValue,      // rewritten files and change files
  kMerge,            // updates and deletes by deletion vectors, new files and change files
  kOptimize,         // rewritten files, no change
  kAddColumn,
  kSetProperty,
  kTrackRows,         // turns delta.enableRowTracking on, after a backfill
  kTrackCommitTimes,  // turns delta.enableInCommitTimestamps on
  kSetDomain,
};

struct Command {
  std::string id;  // written as the commit's userMetadata
  Kind kind = Kind::kAppend;
  std::vector<int64_t> rows;  // appended, overwriting
  int64_t value = 0;          // deleted, updated; a partition
  int64_t new_value = 0;
  int64_t other = 0;  // deleted by a merge
  std::string app;
  int64_t app_version = 0;
};

Command RandomCommand(Random* random, std::string id, int64_t app_version);

// The rows after a command that runs alone.
Rows Apply(const Command& command, const Rows& before, const std::map<std::string, int64_t>& apps);

// Prepares the command's transaction on a snapshot: writes its data files through `store` and declares what it read.
// False: there is nothing to commit.
Result<bool> Prepare(const Command& command, const delta::Snapshot& snapshot, storage::ObjectStore* store,
                     Random* random, int64_t now_ms, delta::Transaction* txn);
std::string OperationOf(Kind kind);

struct LiveRow {
  int64_t row = 0;
  std::optional<int64_t> id;
  uint64_t position = 0;  // in its file
};
// All rows of a snapshot, read through `store`.
Result<std::vector<LiveRow>> ReadLiveRows(storage::ObjectStore* store, const delta::Snapshot& snapshot);
Rows RowsOf(const std::vector<LiveRow>& live);
// The rows by their ids; an error when two have the same or one has none. Only of tables with row tracking.
Result<std::map<int64_t, int64_t>> RowIdsOf(const std::vector<LiveRow>& live);
// What a command may do to rows that have ids.
Status CheckRowIds(const Command& command, const std::map<int64_t, int64_t>& before,
                   const std::map<int64_t, int64_t>& after, int64_t mark_before);
// Applies the changes to rows; an error when a row that is not there is deleted.
Status ApplyChanges(storage::ObjectStore* store, const delta::ChangeFeed& feed, Rows* rows);

}  // namespace deltic::sim
