// UPDATE … SET.
#include <algorithm>

#include "spark/command/dml_condition.h"
#include "spark/command/dml_relations.h"
#include "spark/command/dml_write.h"
#include "spark/command/file_selection.h"
#include "spark/command/handlers.h"
#include "spark/command/kept_rows.h"
#include "spark/command/query_catalog.h"
#include "spark/command/row_assignment.h"
#include "spark/command/row_completion.h"
#include "spark/functions/coercion.h"
#include "spark/resolve/python_functions.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::command {
namespace {

using catalog::FileRows;
using engine::RelPtr;
using types::TypeId;

constexpr std::string_view kVectorsConf = "spark.databricks.delta.update.deletionVectors.persistent";

struct UpdateCounts {
  int64_t updated_rows = 0, copied_rows = 0;
  int64_t touched_files = 0, removed_bytes = 0;
  DmlWrite::VectorCounts vectors;
  int64_t scan_ms = 0, rewrite_ms = 0;
};

// The rows to change, before and after: two relations over the same rows.
struct Images {
  RelPtr before;
  RelPtr after;
};

// The table's new rows, and what the change feed tells of them.
Status AddImages(DmlWrite* write, const RelPtr& rows, const Images& images) {
  if (!write->change_feed()) return write->AddRows(rows);
  return write->AddRowsAndChanges(rows, UnionAll(WithChangeType(images.before, "update_preimage"),
                                                 WithChangeType(images.after, "update_postimage")));
}

class Update {
 public:
  // `values`: of scan's columns; null: a generated column that follows from the others.
  Update(DmlWrite* write, const catalog::SnapshotScan& scan, engine::ExprPtr condition,
         std::vector<engine::ExprPtr> values)
      : write_(write), scan_(scan), condition_(std::move(condition)), values_(std::move(values)) {
    calls_python_ = std::any_of(values_.begin(), values_.end(), resolve::CallsPython);
    generates_ = std::any_of(values_.begin(), values_.end(), [](const auto& value) { return value == nullptr; });
  }

  Result<UpdateCounts> Run() {
    const int64_t started = NowMs();
    with_vectors_ = write_->UsesVectors(kVectorsConf);
    if (condition_ == nullptr) write_->txn().ReadWholeTable();
    ASSIGN_OR_RETURN(const auto selected, SelectFiles(write_->engine(), scan_, condition_, &write_->txn()));
    if (selected.files.empty()) return counts_;
    if (selected.whole_files) {
      counts_.scan_ms = NowMs() - started;
      RETURN_IF_ERROR(UpdateWhole(selected));
    } else if (!generates_ && !calls_python_ && !resolve::CallsPython(condition_) &&
               KeptRows::Fit(scan_.snapshot(), selected)) {
      RETURN_IF_ERROR(UpdateKept(selected, started));
    } else {
      RETURN_IF_ERROR(UpdateSome(selected, started));
    }
    counts_.removed_bytes += write_->written().change_bytes;  // delta-spark counts all that is not an add
    return counts_;
  }

 private:
  int64_t NowMs() const { return write_->context().session->server()->clock->NowMillis(); }

  // `rows` has the table's columns by the ids that the values refer to.
  Result<Images> ImagesOf(const RelPtr& rows) const {
    std::vector<engine::Column> output;
    std::vector<engine::ExprPtr> exprs;
    for (size_t i = 0; i < values_.size(); i++) {
      if (values_[i] == nullptr) continue;
      output.push_back(scan_.columns()[i]);
      output.back().id = engine::FreshColumnId();
      output.back().nullable = values_[i]->nullable;
      exprs.push_back(values_[i]);
    }
    // The row stays the same row, changed in this version.
    if (const auto& row_ids = scan_.row_id_columns(); !row_ids.empty()) {
      for (const engine::Column& column : row_ids)
        output.push_back({engine::FreshColumnId(), column.name, column.type});
      exprs.push_back(Ref(row_ids[0]));
      exprs.push_back(engine::MakeNull(TypeId::kLong));
    }
    RelPtr after = std::make_shared<engine::ProjectRel>(rows, std::move(output), std::move(exprs));
    if (generates_) {
      TableExpressions expressions(write_->context().session);
      ASSIGN_OR_RETURN(auto completed, CompleteRows(after, scan_.snapshot().metadata(), &expressions));
      after = std::move(completed.rows);
    }
    std::vector<engine::Column> before = scan_.columns();
    before.insert(before.end(), scan_.row_id_columns().begin(), scan_.row_id_columns().end());
    if (calls_python_) {  // they are read twice and computed once
      ASSIGN_OR_RETURN(after, Kept(after));
    }
    return Images{SelectColumns(rows, before), std::move(after)};
  }

  // Every row of the files changes, so they are read as they are written.
  Status UpdateWhole(const FileSelection& selected) {
    const int64_t started = NowMs();
    ASSIGN_OR_RETURN(const RelPtr rows, scan_.Over(selected.Rows(), false, /*with_row_ids=*/true));
    ASSIGN_OR_RETURN(const Images images, ImagesOf(rows));
    RETURN_IF_ERROR(AddImages(write_, images.after, images));
    counts_.updated_rows = write_->written().rows;
    counts_.touched_files = static_cast<int64_t>(selected.files.size());
    const int64_t bytes = write_->RemoveFiles(selected.files);
    if (!with_vectors_) counts_.removed_bytes = bytes;
    counts_.rewrite_ms = NowMs() - started;
    return Status::Ok();
  }

  // The rows are found once and kept, with their positions noted as they pass.
  Result<RelPtr> FindRows(const FileSelection& selected, TouchedRows* touched) {
    ASSIGN_OR_RETURN(const RelPtr rows, scan_.Over(selected.Rows(), true, /*with_row_ids=*/true));
    const RelPtr matching = std::make_shared<engine::FilterRel>(rows, condition_);
    std::vector<engine::Column> output = scan_.columns();
    output.insert(output.end(), scan_.row_id_columns().begin(), scan_.row_id_columns().end());
    std::vector<engine::ExprPtr> exprs;
    for (const auto& column : output) exprs.push_back(Ref(column));
    output.push_back({engine::FreshColumnId(), "recorded", TypeId::kLong, true});
    exprs.push_back(engine::RecordRow(Ref(scan_.file_column()), Ref(scan_.row_column()), touched));
    return Kept(std::make_shared<engine::ProjectRel>(matching, std::move(output), std::move(exprs)));
  }

  Result<RelPtr> Kept(const RelPtr& rows) const {
    engine::QueryOptions options;
    options.time_zone = write_->context().session->conf().GetString("spark.sql.session.timeZone", "UTC");
    ASSIGN_OR_RETURN(const RelPtr runnable, write_->Runnable(rows));
    return write_->engine()->Materialize(runnable, options);
  }

  Status UpdateSome(const FileSelection& selected, int64_t started) {
    TouchedRows rows;
    ASSIGN_OR_RETURN(const RelPtr found, FindRows(selected, &rows));
    const std::vector<TouchedFile> touched = rows.Take();
    const int64_t scanned = NowMs();
    counts_.scan_ms = scanned - started;
    if (touched.empty()) return Status::Ok();
    counts_.updated_rows = CountOf(touched);
    counts_.touched_files = static_cast<int64_t>(touched.size());
    ASSIGN_OR_RETURN(const Images images, ImagesOf(found));
    if (with_vectors_) {
      RETURN_IF_ERROR(AddImages(write_, images.after, images));
      ASSIGN_OR_RETURN(counts_.vectors, write_->HideRows(touched));
    } else {
      RETURN_IF_ERROR(Rewrite(touched, images));
    }
    counts_.rewrite_ms = NowMs() - scanned;
    return Status::Ok();
  }

  // Small files are read once, whole.
  Status UpdateKept(const FileSelection& selected, int64_t started) {
    ASSIGN_OR_RETURN(const KeptRows rows, KeptRows::Read(*write_, scan_, selected, condition_, values_));
    const int64_t scanned = NowMs();
    counts_.scan_ms = scanned - started;
    if (rows.touched().empty()) return Status::Ok();
    counts_.updated_rows = CountOf(rows.touched());
    counts_.touched_files = static_cast<int64_t>(rows.touched().size());
    const Images images{rows.MatchingBefore(), rows.MatchingAfter()};
    if (with_vectors_) {
      RETURN_IF_ERROR(AddImages(write_, images.after, images));
      ASSIGN_OR_RETURN(counts_.vectors, write_->HideRows(rows.touched()));
    } else {
      const std::vector<size_t> files = FilesOf(rows.touched());
      RETURN_IF_ERROR(AddImages(write_, rows.All(files), images));
      counts_.copied_rows = write_->written().rows - counts_.updated_rows;
      counts_.removed_bytes = write_->RemoveFiles(files);
    }
    counts_.rewrite_ms = NowMs() - scanned;
    return Status::Ok();
  }

  Status Rewrite(const std::vector<TouchedFile>& touched, const Images& images) {
    std::vector<FileRows> kept;
    for (const auto& part : touched) kept.push_back({part.file, FileRows::Which::kWithout, part.rows});
    ASSIGN_OR_RETURN(const RelPtr rest, scan_.Over(kept, false, /*with_row_ids=*/true));
    RETURN_IF_ERROR(AddImages(write_, UnionAll(images.after, rest), images));
    counts_.copied_rows = write_->written().rows - counts_.updated_rows;
    counts_.removed_bytes = write_->RemoveFiles(FilesOf(touched));
    return Status::Ok();
  }

  DmlWrite* const write_;
  const catalog::SnapshotScan& scan_;
  const engine::ExprPtr condition_;
  const std::vector<engine::ExprPtr> values_;
  bool calls_python_ = false;
  bool generates_ = false;  // some columns follow from the others
  bool with_vectors_ = false;
  UpdateCounts counts_;
};

Metrics MetricsOf(const UpdateCounts& counts, const DmlWrite::WrittenCounts& written, int64_t elapsed_ms) {
  const auto text = [](int64_t n) { return std::to_string(n); };
  return {{"numRemovedFiles", text(counts.touched_files)},
          {"numRemovedBytes", text(counts.removed_bytes)},
          {"numCopiedRows", text(counts.copied_rows)},
          {"numDeletionVectorsAdded", text(counts.vectors.added + counts.vectors.updated)},
          {"numDeletionVectorsRemoved", text(counts.vectors.removed + counts.vectors.updated)},
          {"numDeletionVectorsUpdated", text(counts.vectors.updated)},
          {"numAddedChangeFiles", text(written.change_files)},
          {"executionTimeMs", text(elapsed_ms)},
          {"scanTimeMs", text(counts.scan_ms)},
          {"rewriteTimeMs", text(counts.rewrite_ms)},
          {"numAddedFiles", text(written.files)},
          {"numUpdatedRows", text(counts.updated_rows)},
          {"numAddedBytes", text(written.bytes)}};
}

// Generated columns that are not assigned follow from the others; identity columns cannot be assigned.
Status LeaveToTable(const types::DataType& schema, const std::vector<engine::Column>& columns,
                    const std::vector<BoundAssignment>& assignments, std::vector<engine::ExprPtr>* values) {
  for (size_t i = 0; i < columns.size(); i++) {
    const types::StructField& field = schema.fields()[i];
    const bool assigned =
        std::any_of(assignments.begin(), assignments.end(), [&](const auto& a) { return a.column == columns[i].id; });
    if (assigned && IsIdentity(field)) {
      return Error("DELTA_IDENTITY_COLUMNS_UPDATE_NOT_SUPPORTED", {{"colName", field.name}});
    }
    if (!assigned && IsGenerated(field)) (*values)[i] = nullptr;
  }
  return Status::Ok();
}

// Every expression of the statement as Spark lists them: the columns after it, then the condition.
std::vector<std::string> ShownExpressions(const std::vector<engine::Column>& columns,
                                          const std::vector<BoundAssignment>& assignments,
                                          const std::vector<engine::ExprPtr>& values,
                                          const plan::ExpressionPtr& condition) {
  const functions::ScopedColumnNames names([&](engine::ColumnId id) -> std::string {
    const auto it = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.id == id; });
    return it == columns.end() ? "" : it->name;
  });
  std::vector<std::string> out;
  for (size_t i = 0; i < columns.size(); i++) {
    const auto whole = std::find_if(assignments.begin(), assignments.end(), [&](const auto& a) {
      return a.column == columns[i].id && a.fields.empty() && a.written != nullptr;
    });
    if (whole == assignments.end()) {
      out.push_back(functions::ExprSql(values[i]));
      continue;
    }
    const std::string text = sql::PrettySql(*whole->written);
    const bool same = whole->value->type.SameType(columns[i].type);
    out.push_back(same ? text : "CAST(" + text + " AS " + columns[i].type.Sql() + ")");
  }
  if (condition != nullptr) out.push_back(sql::PrettySql(*condition));
  return out;
}

}  // namespace

Result<RelPtr> RunUpdate(const CommandContext& context, const plan::UpdateTable& command) {
  ASSIGN_OR_RETURN(const DmlTable table, OpenDmlTable(context, command.target, "UPDATE"));
  QueryCatalog catalog(context.session);
  resolve::Resolver resolver(&catalog, context.session->server()->engine, context.session->views(),
                             context.session->MakeResolveOptions(), false);
  ASSIGN_OR_RETURN(const auto scan,
                   catalog::SnapshotScan::Make(context.session, table.snapshot, table.qualifier, &resolver));
  const RelPtr columns = scan.Empty();
  ASSIGN_OR_RETURN(const auto assignments, BindAssignments(&resolver, command.assignments, columns, columns));
  ASSIGN_OR_RETURN(auto values, AssignedValues(scan.columns(), assignments, resolver.options().functions.time_zone));
  ASSIGN_OR_RETURN(const auto condition, BindCondition(&resolver, command.condition, columns, "UPDATE"));
  const bool random = HasRandom(condition) || std::any_of(assignments.begin(), assignments.end(),
                                                          [](const auto& a) { return HasRandom(a.value); });
  if (random) return RandomExpressions(ShownExpressions(scan.columns(), assignments, values, command.condition));
  RETURN_IF_ERROR(LeaveToTable(table.snapshot->schema(), scan.columns(), assignments, &values));
  DmlWrite write(context, table.io, table.snapshot, {});
  RETURN_IF_ERROR(write.CheckRemovable());
  ASSIGN_OR_RETURN(const bool applied, write.AlreadyApplied());
  if (applied) return AffectedRows(std::nullopt);
  Clock* const clock = context.session->server()->clock;
  const int64_t started = clock->NowMillis();
  auto updated = Update(&write, scan, condition, std::move(values)).Run();
  if (!updated.ok()) return AssignmentError(updated.status(), scan.columns(), assignments);
  const UpdateCounts& counts = *updated;
  const int64_t elapsed = clock->NowMillis() - started;
  const std::string predicate =
      PredicateList(FoldConstants(write.engine(), condition), scan.columns(), command.condition);
  RETURN_IF_ERROR(
      write.Commit("UPDATE", {{"predicate", predicate}}, MetricsOf(counts, write.written(), elapsed)).status());
  return AffectedRows(counts.updated_rows);
}

}  // namespace deltic::spark::command
