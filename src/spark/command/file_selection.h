// The files that may hold rows for which a condition is true: by partition values (exactly) and by statistics
// (conservatively), as delta-spark's filterFiles, and the declaration of what was so read. Thread-compatible.
#pragma once

#include <vector>

#include "base/status.h"
#include "delta/transaction/transaction.h"
#include "engine/engine.h"
#include "spark/catalog/snapshot_scan.h"

namespace deltic::spark::command {

struct FileSelection {
  std::vector<size_t> files;  // indexes into Snapshot::files(), in order
  // The condition speaks of partition columns only: it is true for every row of these files.
  bool whole_files = false;

  std::vector<catalog::FileRows> Rows() const;  // all live rows of the files
};

// `condition` is bound to scan.Empty() and has no subqueries; null: true. Declares the files and partitions read to
// `txn`.
Result<FileSelection> SelectFiles(engine::Engine* engine, const catalog::SnapshotScan& scan,
                                  const engine::ExprPtr& condition, delta::Transaction* txn);

// The conjuncts of a condition, flattened; and back. None: null, which is true.
std::vector<engine::ExprPtr> Conjuncts(const engine::ExprPtr& condition);
engine::ExprPtr Conjunction(const std::vector<engine::ExprPtr>& parts);

}  // namespace deltic::spark::command
