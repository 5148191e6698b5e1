// Deleting the rows for which a condition is true: DELETE, and the deleting half of an overwrite by condition.
// delta-spark's DeleteCommand.performDelete: whole files by their partitions, else deletion vectors, else rewriting.
#pragma once

#include "spark/command/dml_write.h"

namespace deltic::spark::command {

// What it did, with delta-spark's arithmetic.
struct DeletionCounts {
  std::optional<int64_t> rows;  // unknown when whole files without statistics went
  int64_t removed_files = 0, removed_bytes = 0;
  int64_t added_files = 0, added_bytes = 0, copied_rows = 0;
  int64_t change_files = 0;
  int64_t kept_bytes = 0, kept_rows = 0;  // of the files that got a vector: their size and the rows left
  int64_t vectors_added = 0, vectors_removed = 0, vectors_updated = 0;
  int64_t scan_ms = 0, rewrite_ms = 0;
};

// `condition` is bound to scan.Empty(); null: every row. Collects into `write`, commits nothing. The change feed gets
// `delete` rows in files only when data files are rewritten; else readers infer them from removes and vectors.
Result<DeletionCounts> DeleteRows(DmlWrite* write, const catalog::SnapshotScan& scan, const engine::ExprPtr& condition);

}  // namespace deltic::spark::command
