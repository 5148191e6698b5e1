#include "spark/command/row_deletion.h"

#include "delta/skipping/file_stats.h"
#include "spark/command/file_selection.h"

namespace deltic::spark::command {
namespace {

using catalog::FileRows;
using engine::RelPtr;

constexpr std::string_view kVectorsConf = "spark.databricks.delta.delete.deletionVectors.persistent";

int64_t NowMs(DmlWrite* write) { return write->context().session->server()->clock->NowMillis(); }

// Whole files go: no row is read.
DeletionCounts RemoveWhole(DmlWrite* write, const std::vector<size_t>& files) {
  DeletionCounts counts;
  int64_t rows = 0;
  bool known = !files.empty();
  for (const size_t file : files) {
    const auto& add = write->snapshot().files()[file];
    const auto live = delta::LiveRows(add);
    known = known && live.has_value();
    rows += live.value_or(0);
    if (add.deletion_vector.has_value()) counts.vectors_removed++;
  }
  if (known) counts.rows = rows;
  if (files.empty()) counts.rows = 0;
  counts.removed_files = static_cast<int64_t>(files.size());
  counts.removed_bytes = write->RemoveFiles(files);
  return counts;
}

// Files that lose rows are written again without them.
Status Rewrite(DmlWrite* write, const catalog::SnapshotScan& scan, const std::vector<TouchedFile>& touched,
               DeletionCounts* counts) {
  std::vector<FileRows> deleted, kept;
  std::vector<size_t> files;
  int64_t rows = 0;
  for (const TouchedFile& part : touched) {
    const auto& add = write->snapshot().files()[part.file];
    const auto gone = static_cast<int64_t>(part.rows->Cardinality());
    rows += gone;
    files.push_back(part.file);
    if (add.deletion_vector.has_value()) counts->vectors_removed++;
    deleted.push_back({part.file, FileRows::Which::kOnly, part.rows});
    if (delta::LiveRows(add) != gone) kept.push_back({part.file, FileRows::Which::kWithout, part.rows});
  }
  counts->rows = rows;
  const auto before = write->written();
  RelPtr rest, changes;
  if (!kept.empty()) {
    ASSIGN_OR_RETURN(rest, scan.Over(kept, false, /*with_row_ids=*/true));
  }
  if (write->change_feed() && !deleted.empty()) {
    ASSIGN_OR_RETURN(const RelPtr gone, scan.Over(deleted, false));
    changes = WithChangeType(gone, "delete");
  }
  RETURN_IF_ERROR(write->AddRowsAndChanges(rest, changes));
  counts->removed_files = static_cast<int64_t>(files.size());
  counts->removed_bytes = write->RemoveFiles(files);
  counts->added_files = write->written().files - before.files;
  counts->added_bytes = write->written().bytes - before.bytes;
  counts->copied_rows = write->written().rows - before.rows;
  counts->change_files = write->written().change_files - before.change_files;
  return Status::Ok();
}

}  // namespace

Result<DeletionCounts> DeleteRows(DmlWrite* write, const catalog::SnapshotScan& scan,
                                  const engine::ExprPtr& condition) {
  const int64_t started = NowMs(write);
  if (condition == nullptr) write->txn().ReadWholeTable();
  ASSIGN_OR_RETURN(const FileSelection selected, SelectFiles(write->engine(), scan, condition, &write->txn()));
  DeletionCounts counts;
  if (selected.whole_files) {
    counts = RemoveWhole(write, selected.files);
    counts.scan_ms = NowMs(write) - started;
    return counts;
  }
  counts.rows = 0;
  if (selected.files.empty()) return counts;
  ASSIGN_OR_RETURN(const RelPtr rows, scan.Over(selected.Rows(), true));
  ASSIGN_OR_RETURN(const auto touched, write->FindRows(scan, std::make_shared<engine::FilterRel>(rows, condition)));
  if (write->UsesVectors(kVectorsConf)) {
    ASSIGN_OR_RETURN(const auto hidden, write->HideRows(touched));
    counts.rows = hidden.rows;
    counts.removed_files = hidden.removed_files;
    counts.vectors_added = hidden.added;
    counts.vectors_removed = hidden.removed;
    counts.vectors_updated = hidden.updated;
    counts.kept_bytes = hidden.kept_bytes;
    counts.kept_rows = hidden.kept_rows;
    return counts;
  }
  const int64_t found = NowMs(write);
  counts.scan_ms = found - started;
  if (touched.empty()) return counts;
  RETURN_IF_ERROR(Rewrite(write, scan, touched, &counts));
  counts.rewrite_ms = NowMs(write) - found;
  return counts;
}

}  // namespace deltic::spark::command
