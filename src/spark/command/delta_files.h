// Rows → the files of one Delta table: data files and change files, under all rules that the table's metadata sets for
// its writers (column mapping, partitioning, constraints, statistics). What delta-spark calls TransactionalWrite; every
// command that writes rows of a Delta table goes through here. Used by one thread.
//
// Invariant: files are written but not committed; the caller adds them to a transaction, or discards them.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/status.h"
#include "delta/spec/actions.h"
#include "delta/transaction/transaction.h"
#include "engine/engine.h"
#include "spark/command/row_completion.h"
#include "spark/plan/relation_source.h"
#include "spark/session/session.h"

namespace deltic::spark::command {

class DeltaFiles {
 public:
  // `metadata` and `protocol`: what will be in force after the commit. `options`: writer options (maxRecordsPerFile,
  // compression). `interrupted` may be empty.
  DeltaFiles(session::Session* session, std::string table_path, delta::Metadata metadata,
             const delta::Protocol& protocol, plan::Options options, std::function<bool()> interrupted);

  // Lets absent identity columns be numbered: their high water marks go into the metadata of `txn`, which outlives
  // this. Without it rows that lack an identity column are refused.
  void NumberIdentityColumns(delta::Transaction* txn) { identity_txn_ = txn; }

  // What rows must satisfy beside the table's own rules, from now on.
  void AlsoEnforce(std::vector<RowConstraint> constraints) { also_enforced_ = std::move(constraints); }

  // Rows of WriteData go to so many files, in turn; below 2: to one, of each partition.
  void SpreadOver(int files) { spread_ = files; }

  // `rows` has the table's columns by name, with the table's types. Columns that it lacks are computed: generated ones
  // by their expression, identity columns by numbering, the others by DEFAULT or NULL. Rows that break a constraint end
  // the write: DELTA_VIOLATE_CONSTRAINT_WITH_VALUES, DELTA_NOT_NULL_CONSTRAINT_VIOLATED,
  // DELTA_EXCEED_CHAR_VARCHAR_LIMIT; so do given values of a generated column that are not what it generates. The files
  // say dataChange=true. Rows may bring the ids they have (catalog::RowIdColumns); NULL there, or no such column: new
  // ids, the version of this commit.
  Result<std::vector<delta::AddFile>> WriteData(const engine::RelPtr& rows);
  // The same in two steps, for rows that are written elsewhere, too: as they will be, complete and checked when they
  // are produced; then their files. The rows of a PreparedRows may be replaced by equal ones (kept, read several
  // times).
  struct PreparedRows {
    engine::RelPtr rows;
    std::vector<NumberedColumn> numbered;
  };
  Result<PreparedRows> Prepare(const engine::RelPtr& rows) const;
  Result<std::vector<delta::AddFile>> WritePrepared(const PreparedRows& prepared);
  // Rows that the table has already, moved to new files: constraints are not checked, the files say dataChange=false.
  // A column engine::kFileGroup (last) decides which rows share a file; it is not stored.
  Result<std::vector<delta::AddFile>> RewriteData(const engine::RelPtr& rows);
  // `rows` has the table's columns and the string column `_change_type`; files go below _change_data
  // (PROTOCOL.md › Add CDC File). Constraints are not checked again.
  Result<std::vector<delta::CdcFile>> WriteChanges(const engine::RelPtr& rows);

  // Sums over the data files written so far.
  int64_t rows() const { return rows_; }
  int64_t bytes() const { return bytes_; }

  // Deletes everything written so far, best effort: the commit failed with `why`. Nothing is deleted when the outcome
  // of the commit is not known, since a commit that was made after all needs its files.
  void Discard(const Status& why = Status::Ok());

 private:
  Status AddColumns(const engine::Rel& rows, engine::WriteSpec* spec) const;
  Result<std::vector<delta::AddFile>> WriteAdds(const engine::RelPtr& rows, bool data_change);
  engine::RelPtr Spread(const engine::RelPtr& rows) const;
  // `moved`: the rows are those of files, as far as they are a bare scan, and may be moved without reading them.
  Result<std::vector<engine::WrittenFile>> Write(const engine::RelPtr& rows, engine::WriteSpec spec,
                                                 bool moved = false);
  // Partition values by physical name, of a file of `rows`.
  delta::PartitionValues PartitionValuesOf(const engine::Rel& rows, const engine::WrittenFile& file) const;
  std::string RelativePath(const std::string& native_path) const;

  session::Session* const session_;
  const std::string table_path_;
  delta::Metadata metadata_;
  const bool states_bounds_;  // files may get deletion vectors: statistics say that bounds are exact
  const plan::Options options_;
  const std::function<bool()> interrupted_;
  delta::Transaction* identity_txn_ = nullptr;
  std::vector<RowConstraint> also_enforced_;
  int spread_ = 0;
  std::mutex written_mutex_;
  std::vector<std::string> written_;  // native paths; guarded by written_mutex_
  int64_t rows_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace deltic::spark::command
