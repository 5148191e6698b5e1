// Runs a resolved MERGE in two phases, as delta-spark's ClassicMergeExecutor: a join that reads the columns of the
// conditions only finds which target rows change and how, then just those rows are fetched, changed and written. A
// MERGE that only inserts is one left anti join (InsertOnlyMergeExecutor). One object per statement; used by one
// thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "spark/catalog/snapshot_scan.h"
#include "spark/command/dml_relations.h"
#include "spark/command/dml_write.h"
#include "spark/command/file_selection.h"
#include "spark/command/merge_clauses.h"
#include "spark/command/merge_resolve.h"

namespace deltic::spark::command {

// What a MERGE did, for its result and its history.
struct MergeCounts {
  int64_t source_rows = 0;
  int64_t inserted = 0, copied = 0;
  int64_t matched_updated = 0, matched_deleted = 0;
  int64_t by_source_updated = 0, by_source_deleted = 0;
  int64_t files_removed = 0, bytes_removed = 0;
  int64_t vectors_added = 0, vectors_removed = 0, vectors_updated = 0;
  int64_t materialize_ms = 0, scan_ms = 0, rewrite_ms = 0;
  int64_t updated() const { return matched_updated + by_source_updated; }
  int64_t deleted() const { return matched_deleted + by_source_deleted; }
};

class MergeExecution {
 public:
  // Everything borrowed outlives the execution. `source` has the columns that `merge` refers to.
  MergeExecution(DmlWrite* write, const catalog::SnapshotScan* scan, const ResolvedMerge* merge, engine::RelPtr source);

  // Adds files, changes and removals to the write; the caller commits.
  // DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE.
  Result<MergeCounts> Run();

 private:
  // Rows of the target that one kind of clause changes.
  struct Changed {
    std::vector<TouchedFile> updated, deleted;
  };

  Status PrepareSource();
  // `source_kept`: the source is materialised, so that asking for its bounds is cheap.
  Result<FileSelection> SelectCandidates(bool source_kept);
  Result<engine::ExprPtr> SourceKeyBounds(const std::vector<engine::ExprPtr>& conjuncts) const;
  engine::RelPtr CountedSource(RowCount* count) const;
  bool IsSmall() const;
  Status OnePass();
  Status WriteOnePass(const engine::RelPtr& rows, const std::vector<engine::Column>& before,
                      const std::vector<engine::Column>& after, const engine::Column& outcome, bool repeated);
  void CountChanged();
  Status InsertOnly();
  Status FindMatches();
  Status FindUnmatchedTargets();
  Status WriteChangedRows();
  Status CheckSingleMatches(const CountedRows& matches) const;
  bool UsesVectors() const;
  Status RemoveChangedRows(const std::vector<TouchedFile>& changed, bool vectors);

  // Relations of the second phase; null: no rows.
  struct Images {
    engine::RelPtr before, after;  // parallel rows in the final schema; `before` only when changes are recorded
  };
  Result<Images> MatchedUpdates();
  Result<Images> UnmatchedUpdates();
  Result<Images> ImagesOf(const engine::RelPtr& joined, const std::vector<engine::ExprPtr>& values);
  Result<engine::RelPtr> Deleted();
  Result<engine::RelPtr> Inserted();
  Result<engine::RelPtr> Copied(const std::vector<TouchedFile>& changed);
  Result<int64_t> CountCopied(const std::vector<TouchedFile>& changed, const engine::RelPtr& others) const;

  Result<engine::RelPtr> Only(const std::vector<TouchedFile>& rows, bool with_positions) const;
  Result<engine::RelPtr> Number(const engine::RelPtr& rows);
  // Rows of the final schema, without the columns `lacking`.
  engine::RelPtr InSchema(const engine::RelPtr& rows, std::vector<engine::ExprPtr> values,
                          const std::vector<size_t>& lacking = {}) const;
  Result<engine::RelPtr> Materialize(const engine::RelPtr& rows) const;
  engine::QueryOptions Options() const;
  int64_t NowMillis() const;

  DmlWrite* const write_;
  const catalog::SnapshotScan* const scan_;
  const ResolvedMerge* const merge_;
  engine::RelPtr source_;      // materialised, with source_row_
  engine::Column source_row_;  // a number for every row of the source
  engine::RelPtr matches_;     // materialised: match_file_, match_row_, match_source_, match_action_; null: none
  engine::Column match_file_, match_row_, match_source_, match_action_;
  std::vector<TouchedFile> matched_rows_;  // every row that some source row matches
  std::vector<size_t> candidates_;
  Changed matched_, by_source_;
  bool records_changes_ = false;
  std::vector<NumberedColumn> numbered_;
  MergeCounts counts_;
};

}  // namespace deltic::spark::command
