// One snapshot as a scan over any of its files: reads take all of them, commands that change rows the ones that may
// hold such rows, with each row's position. The columns are the same (by id) whatever files are chosen, so expressions
// are bound once. Immutable; thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "delta/deletion_vector/deletion_vector.h"
#include "delta/snapshot/snapshot.h"
#include "engine/plan/relation.h"
#include "spark/catalog/delta_columns.h"
#include "spark/resolve/resolver.h"
#include "spark/session/session.h"

namespace deltic::spark::catalog {

// Some rows of one file of a snapshot.
struct FileRows {
  enum class Which : uint8_t {
    kLive,     // those its deletion vector leaves
    kOnly,     // `rows` and no others (they are live)
    kWithout,  // the live ones except `rows`
  };
  size_t file = 0;  // index into Snapshot::files()
  Which which = Which::kLive;
  std::shared_ptr<const delta::DeletionVector> rows;
};

class SnapshotScan {
 public:
  // `qualifier` names the columns (an alias, or catalog, database and table); may be empty.
  static Result<SnapshotScan> Make(session::Session* session, std::shared_ptr<const delta::Snapshot> snapshot,
                                   const std::vector<std::string>& qualifier, resolve::Resolver* resolver);

  const delta::Snapshot& snapshot() const { return *snapshot_; }
  // The table's columns.
  const std::vector<engine::Column>& columns() const { return columns_; }
  // Positions, bigint: the file (index into Snapshot::files()) and the physical row in it.
  const engine::Column& file_column() const { return file_; }
  const engine::Column& row_column() const { return row_; }

  std::vector<FileRows> AllFiles() const;
  // The rows; output is columns(), then, `with_positions`, file_column() and row_column().
  Result<engine::RelPtr> Over(const std::vector<FileRows>& files, bool with_positions) const;
  // All rows, as Over(AllFiles(), false) gives them; what filters leave out is never made into files of a scan.
  engine::RelPtr Whole() const;
  // No rows: what expressions are bound to.
  engine::RelPtr Empty() const;
  // One row per partition with its columns' values (the other columns are left out) and its index as file_column().
  Result<engine::RelPtr> Partitions(const std::vector<delta::PartitionValues>& partitions) const;
  // The ids of columns() whose values are the same in all of a file's rows.
  const std::vector<engine::ColumnId>& partition_ids() const { return partition_ids_; }
  // The physical name of a column in files and statistics; empty for a partition column's and unknown ids.
  std::string DataColumn(engine::ColumnId id) const;

 private:
  SnapshotScan() = default;
  // The padding of CHAR columns over a leaf that produces `leaf`'s columns.
  engine::RelPtr Shaped(engine::RelPtr leaf, size_t extra) const;
  // Over the table's columns, without its files.
  std::shared_ptr<engine::FilesRel> Relation(bool with_positions) const;

  std::shared_ptr<const delta::Snapshot> snapshot_;
  std::shared_ptr<storage::ObjectStore> store_;
  TableColumns table_;
  std::vector<engine::Column> columns_;
  std::vector<engine::ExprPtr> shape_;  // columns_ over table_.output; empty: they are the same
  std::vector<engine::ColumnId> partition_ids_;
  engine::Column file_, row_;
};

}  // namespace deltic::spark::catalog
