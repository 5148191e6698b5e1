// The reads of the very table that a statement changes, among the relations that its rows come from (INSERT INTO t
// SELECT … FROM t): what others do to the table matters then, and the transaction must know (delta-spark tracks every
// scan inside a transaction, by its partition filter and the files that it leaves; stats/PrepareDeltaScan.scala).
// Scans of a fixed version and change feeds do not count: nothing changes what they give. Immutable; thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "delta/transaction/transaction.h"
#include "engine/engine.h"
#include "engine/plan/relation.h"
#include "spark/catalog/snapshot_scan.h"

namespace deltic::spark::command {

class TableReads {
 public:
  // `path` is the table's, qualified. Subqueries count. The scans point into `rows`, which must outlive this.
  static TableReads Find(const engine::RelPtr& rows, const std::string& path);

  bool empty() const { return reads_.empty(); }
  // Where a transaction has to begin so that it sees what others have done since the rows were read: `latest`, or the
  // snapshot of the oldest read if that is of the same table and older.
  std::shared_ptr<const delta::Snapshot> Start(std::shared_ptr<const delta::Snapshot> latest) const;
  // Declares what is read to the transaction.
  Status Declare(engine::Engine* engine, delta::Transaction* txn) const;

 private:
  struct Read {
    const catalog::SnapshotScan* scan;
    std::vector<engine::ExprPtr> filters;  // on the columns of the scan, of others, too; all hold for the rows used
  };

  void Visit(const engine::RelPtr& rel, std::vector<engine::ExprPtr> filters, const std::string& path);

  std::vector<Read> reads_;
};

}  // namespace deltic::spark::command
