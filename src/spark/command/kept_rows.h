// The rows of a few small files, read by one query and kept with what a condition says of each: whatever UPDATE and
// DELETE write of them needs no further query (engine/rows_at_hand.h), and rewritten files keep their rows' order.
// Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "spark/catalog/snapshot_scan.h"
#include "spark/command/dml_write.h"
#include "spark/command/file_selection.h"
#include "spark/command/touched_rows.h"

namespace deltic::spark::command {

// Files together at most this large are read whole.
inline constexpr int64_t kSmallBytes = int64_t{4} << 20;

class KeptRows {
 public:
  static bool Fit(const delta::Snapshot& snapshot, const FileSelection& selected);
  // `condition` and `values` (of scan.columns() where the condition is true; empty: nothing changes) are bound to
  // scan.Empty() and call no Python functions. Row ids stay, the version of changed rows becomes NULL.
  static Result<KeptRows> Read(const DmlWrite& write, const catalog::SnapshotScan& scan, const FileSelection& selected,
                               const engine::ExprPtr& condition, const std::vector<engine::ExprPtr>& values);

  // The rows for which the condition is true.
  const std::vector<TouchedFile>& touched() const { return touched_; }
  // Each with the table's columns and its row id columns.
  engine::RelPtr MatchingBefore() const { return Rows({1}, before_); }
  engine::RelPtr MatchingAfter() const { return Rows({1}, after_); }
  // Of these files: all rows, the matching ones changed, or the others only.
  engine::RelPtr All(const std::vector<size_t>& files) const { return OfFiles(files, {0, 1}); }
  engine::RelPtr Others(const std::vector<size_t>& files) const { return OfFiles(files, {0}); }

 private:
  KeptRows() = default;
  engine::RelPtr Rows(const std::vector<int64_t>& outcomes, const std::vector<engine::Column>& columns) const;
  engine::RelPtr OfFiles(const std::vector<size_t>& files, const std::vector<int64_t>& outcomes) const;

  engine::RelPtr rows_;
  std::vector<engine::Column> before_, after_;
  engine::Column outcome_;  // 1: the condition is true, else 0
  engine::Column file_;
  std::vector<TouchedFile> touched_;
};

}  // namespace deltic::spark::command
