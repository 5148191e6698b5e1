// One snapshot as a scan over any of its files: reads take all of them, commands that change rows the ones that may
// hold such rows, with each row's position. The columns are the same (by id) whatever files are chosen, so expressions
// are bound once. Immutable; thread-safe.
#pragma once

#include <memory>
#include <optional>
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
  const std::shared_ptr<const delta::Snapshot>& shared_snapshot() const { return snapshot_; }
  // The table's columns.
  const std::vector<engine::Column>& columns() const { return columns_; }
  // Positions, bigint: the file (index into Snapshot::files()) and the physical row in it.
  const engine::Column& file_column() const { return file_; }
  const engine::Column& row_column() const { return row_; }
  // What rewritten rows must be written with beside columns() so that they keep their ids (RowIdColumns); empty when
  // the table does not track rows.
  const std::vector<engine::Column>& row_id_columns() const { return row_ids_; }

  std::vector<FileRows> AllFiles() const;
  // The rows; output is columns(), then, `with_positions`, file_column() and row_column(), then, `with_row_ids`,
  // row_id_columns().
  Result<engine::RelPtr> Over(const std::vector<FileRows>& files, bool with_positions, bool with_row_ids = false) const;
  // All rows, as Over(AllFiles(), false) gives them; what filters leave out is never made into files of a scan.
  engine::RelPtr Whole() const;
  // The scan that has made `rel` by Whole(); null for any other relation. Lives as long as `rel`.
  static const SnapshotScan* OfWhole(const engine::FilesRel& rel);
  // Whether the columns of `rel` have the ids that they have here: those of a copy may have others.
  bool HasIdsOf(const engine::FilesRel& rel) const;
  // No rows: what expressions are bound to.
  engine::RelPtr Empty() const;
  // One row per partition with its columns' values (the other columns are left out) and its index as file_column().
  Result<engine::RelPtr> Partitions(const std::vector<delta::PartitionValues>& partitions) const;
  // The ids of columns() whose values are the same in all of a file's rows.
  const std::vector<engine::ColumnId>& partition_ids() const { return partition_ids_; }
  // The physical name of a column in files and statistics; empty for a partition column's and unknown ids.
  std::string DataColumn(engine::ColumnId id) const;

 private:
  class Files;  // all of a snapshot's, as a source

  SnapshotScan() = default;
  // The padding of CHAR columns over a leaf that produces table_'s columns, then `extra` ones computed over the leaf.
  engine::RelPtr Shaped(engine::RelPtr leaf, const std::vector<engine::Column>& extra,
                        const std::vector<engine::ExprPtr>& exprs) const;
  // Over `files` or, when they are null, over those of `source`.
  engine::RelPtr Relation(std::shared_ptr<const std::vector<engine::ScanFile>> files,
                          std::shared_ptr<const engine::FileSource> source, bool with_positions,
                          bool with_row_ids) const;

  std::shared_ptr<const delta::Snapshot> snapshot_;
  std::optional<TableFiles> files_;
  TableColumns table_;
  std::vector<engine::Column> columns_;
  std::vector<engine::ExprPtr> shape_;  // columns_ over table_.output; empty: they are the same
  std::vector<engine::ColumnId> partition_ids_;
  engine::Column file_, row_;
  std::vector<engine::Column> row_ids_;
};

}  // namespace deltic::spark::catalog
