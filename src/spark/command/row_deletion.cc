#include "spark/command/row_deletion.h"

#include "delta/skipping/file_stats.h"
#include "spark/command/dml_relations.h"
#include "spark/command/file_selection.h"
#include "spark/command/kept_rows.h"
#include "spark/resolve/python_functions.h"

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

// The rows that files about to be written again keep, and those that they lose, for the change feed; null: none.
struct Split {
  RelPtr rest, gone;
};

// The touched files that keep some rows.
std::vector<TouchedFile> WithRest(const delta::Snapshot& snapshot, const std::vector<TouchedFile>& touched) {
  std::vector<TouchedFile> out;
  for (const TouchedFile& part : touched) {
    const auto gone = static_cast<int64_t>(part.rows->Cardinality());
    if (delta::LiveRows(snapshot.files()[part.file]) != gone) out.push_back(part);
  }
  return out;
}

Result<Split> SplitByScans(const DmlWrite& write, const catalog::SnapshotScan& scan,
                           const std::vector<TouchedFile>& touched) {
  Split out;
  std::vector<FileRows> deleted, kept;
  for (const TouchedFile& part : touched) deleted.push_back({part.file, FileRows::Which::kOnly, part.rows});
  for (const TouchedFile& part : WithRest(write.snapshot(), touched)) {
    kept.push_back({part.file, FileRows::Which::kWithout, part.rows});
  }
  if (!kept.empty()) {
    ASSIGN_OR_RETURN(out.rest, scan.Over(kept, false, /*with_row_ids=*/true));
  }
  if (write.change_feed()) {
    ASSIGN_OR_RETURN(out.gone, scan.Over(deleted, false));
  }
  return out;
}

// Files that lose rows are written again without them.
Status RewriteFiles(DmlWrite* write, const std::vector<TouchedFile>& touched, const Split& split,
                    DeletionCounts* counts) {
  counts->rows = CountOf(touched);
  for (const TouchedFile& part : touched) {
    if (write->snapshot().files()[part.file].deletion_vector.has_value()) counts->vectors_removed++;
  }
  const auto before = write->written();
  const RelPtr changes = split.gone == nullptr ? nullptr : WithChangeType(split.gone, "delete");
  RETURN_IF_ERROR(write->AddRowsAndChanges(split.rest, changes));
  counts->removed_files = static_cast<int64_t>(touched.size());
  counts->removed_bytes = write->RemoveFiles(FilesOf(touched));
  counts->added_files = write->written().files - before.files;
  counts->added_bytes = write->written().bytes - before.bytes;
  counts->copied_rows = write->written().rows - before.rows;
  counts->change_files = write->written().change_files - before.change_files;
  return Status::Ok();
}

// Small files are read once, whole.
Status DeleteKept(DmlWrite* write, const catalog::SnapshotScan& scan, const FileSelection& selected,
                  const engine::ExprPtr& condition, DeletionCounts* counts) {
  const int64_t started = NowMs(write);
  ASSIGN_OR_RETURN(const KeptRows rows, KeptRows::Read(*write, scan, selected, condition, {}));
  const int64_t found = NowMs(write);
  counts->scan_ms = found - started;
  if (rows.touched().empty()) return Status::Ok();
  Split split;
  const auto rest = FilesOf(WithRest(write->snapshot(), rows.touched()));
  if (!rest.empty()) split.rest = rows.Others(rest);
  if (write->change_feed()) split.gone = rows.MatchingBefore();
  RETURN_IF_ERROR(RewriteFiles(write, rows.touched(), split, counts));
  counts->rewrite_ms = NowMs(write) - found;
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
  const bool with_vectors = write->UsesVectors(kVectorsConf);
  if (!with_vectors && !resolve::CallsPython(condition) && KeptRows::Fit(scan.snapshot(), selected)) {
    RETURN_IF_ERROR(DeleteKept(write, scan, selected, condition, &counts));
    return counts;
  }
  ASSIGN_OR_RETURN(const RelPtr rows, scan.Over(selected.Rows(), true));
  ASSIGN_OR_RETURN(const auto touched, write->FindRows(scan, std::make_shared<engine::FilterRel>(rows, condition)));
  if (with_vectors) {
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
  ASSIGN_OR_RETURN(const Split split, SplitByScans(*write, scan, touched));
  RETURN_IF_ERROR(RewriteFiles(write, touched, split, &counts));
  counts.rewrite_ms = NowMs(write) - found;
  return counts;
}

}  // namespace deltic::spark::command
