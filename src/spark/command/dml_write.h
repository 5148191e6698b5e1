// One statement that changes rows of a Delta table: its target, its transaction and everything it writes. DELETE,
// UPDATE, MERGE and overwrites by condition collect their work here and commit once. Used by one thread.
//
// Invariant: what was written is committed or deleted: a DmlWrite that ends without a successful Commit discards it.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "delta/deletion_vector/deletion_vector_writer.h"
#include "delta/transaction/transaction.h"
#include "spark/catalog/session_catalog.h"
#include "spark/catalog/snapshot_scan.h"
#include "spark/command/delta_files.h"
#include "spark/command/handlers.h"
#include "spark/command/touched_rows.h"

namespace deltic::spark::command {

// The Delta table that a statement names.
struct DmlTable {
  catalog::TableTarget target;
  std::vector<std::string> qualifier;  // of its columns: the alias, else catalog, database and table
  delta::TableIo io;
  std::shared_ptr<const delta::Snapshot> snapshot;
  // DELETE: the temporary view that was named and shows the table in part; a projection over its columns. Null: none.
  engine::RelPtr view;

  // What the statement's expressions may name, over no rows: the view's columns, else the table's.
  engine::RelPtr VisibleColumns(const catalog::SnapshotScan& scan) const;
};

// An expression over VisibleColumns as one over the table's columns; null for null.
engine::ExprPtr OverTable(const engine::ExprPtr& expr, const engine::Rel& visible);

// `operation` (DELETE, UPDATE, MERGE) is named in errors: no such table, a view, another format.
Result<DmlTable> OpenDmlTable(const CommandContext& context, const plan::DmlTarget& target,
                              const std::string& operation);

// Metric names and values in the order shown.
using Metrics = std::vector<std::pair<std::string, std::string>>;

class DmlWrite {
 public:
  DmlWrite(const CommandContext& context, delta::TableIo io, std::shared_ptr<const delta::Snapshot> snapshot,
           plan::Options options);
  ~DmlWrite();
  DmlWrite(const DmlWrite&) = delete;
  DmlWrite& operator=(const DmlWrite&) = delete;

  const delta::Snapshot& snapshot() const { return *snapshot_; }
  delta::Transaction& txn() { return txn_; }
  DeltaFiles& files() { return *files_; }
  engine::Engine* engine() const { return context_.session->server()->engine; }
  const CommandContext& context() const { return context_; }

  // Refuses what the table does not allow: features we cannot write, append-only tables.
  Status CheckRemovable() const;
  bool change_feed() const;
  // Deleted rows are marked by deletion vectors: the table wants them and `conf` (spark.databricks.delta.….
  // deletionVectors.persistent) does not object. Else files are rewritten.
  bool UsesVectors(std::string_view conf) const;
  // The table gets this metadata with the commit, and what is written from now on follows it. Before any write.
  Status ChangeMetadata(const delta::Metadata& metadata);
  // Whole files are replaced by others with the same rows: from now on adds and removes say dataChange=false.
  void RearrangesOnly() { data_change_ = false; }
  // txnAppId and txnVersion, as options or as spark.databricks.delta.write.… of the session, say that this statement
  // ran before.
  Result<bool> AlreadyApplied();

  // `rows` as the engine runs it: with its Python functions in nodes of their own. What is written or searched by the
  // methods below is made so.
  Result<engine::RelPtr> Runnable(const engine::RelPtr& rows) const;
  // Runs `rows` (which has scan's position columns) to the end and collects the positions.
  Result<std::vector<TouchedFile>> FindRows(const catalog::SnapshotScan& scan, const engine::RelPtr& rows);

  struct VectorCounts {
    int64_t rows = 0;                             // newly deleted
    int64_t removed_files = 0;                    // that lost every row
    int64_t added = 0, removed = 0, updated = 0;  // deletion vectors
    int64_t kept_bytes = 0, kept_rows = 0;        // of the files that got one: their size and the rows left
  };
  // Deletes rows by deletion vectors: a remove and an add per file, only a remove when no row is left.
  Result<VectorCounts> HideRows(const std::vector<TouchedFile>& touched);
  // Removes whole files; returns the sum of their sizes.
  int64_t RemoveFiles(const std::vector<size_t>& files);

  // Sums over what was written so far.
  struct WrittenCounts {
    int64_t files = 0, rows = 0, bytes = 0;
    int64_t change_files = 0, change_bytes = 0;
  };
  // `rows`: the table's columns by name, and SnapshotScan::row_id_columns() of rows that the table has already, with a
  // NULL version when they are changed. Written and added to the transaction.
  Status AddRows(const engine::RelPtr& rows);
  // The second half of AddRows, for rows that the change feed gets, too.
  Status AddPrepared(const DeltaFiles::PreparedRows& rows);
  // `rows`: the table's columns and `_change_type`.
  Status AddChanges(const engine::RelPtr& rows);
  // Both at once; null: none. `rows` must bring a value for every identity column.
  Status AddRowsAndChanges(const engine::RelPtr& rows, const engine::RelPtr& changes);
  const WrittenCounts& written() const { return written_; }

  // Commits; nullopt when the statement changed nothing, which makes no version. Afterwards nothing can be added.
  Result<std::optional<int64_t>> Commit(const std::string& operation, Metrics parameters, Metrics metrics);

 private:
  void Register(std::vector<delta::CdcFile> changes);
  // Physical rows of a file without statistics.
  Result<int64_t> CountRows(size_t file);

  const CommandContext context_;
  const delta::TableIo io_;
  const std::shared_ptr<const delta::Snapshot> snapshot_;
  const plan::Options options_;
  delta::Transaction txn_;
  std::optional<DeltaFiles> files_;
  delta::DeletionVectorFile vectors_;
  WrittenCounts written_;
  bool data_change_ = true;
  bool changed_ = false;
  bool committed_ = false;
  std::set<delta::PartitionValues> partitions_written_;
};

// `rows` with the constant column `_change_type`.
engine::RelPtr WithChangeType(const engine::RelPtr& rows, const std::string& type);
// Rows of both; columns by position, names and types of `first`.
engine::RelPtr UnionAll(const engine::RelPtr& first, const engine::RelPtr& second);
// The rows' columns `columns` (by id) under fresh ids.
engine::RelPtr SelectColumns(const engine::RelPtr& rows, const std::vector<engine::Column>& columns);

}  // namespace deltic::spark::command
