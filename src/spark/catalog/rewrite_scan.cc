#include "spark/catalog/rewrite_scan.h"

#include "delta/spec/column_mapping.h"
#include "engine/file_group.h"
#include "engine/plan/row_tracking.h"
#include "spark/catalog/delta_columns.h"
#include "spark/catalog/delta_scan.h"
#include "spark/catalog/scan_file.h"
#include "spark/catalog/server_catalog.h"

namespace deltic::spark::catalog {

using engine::Column;
using engine::FileColumn;
using engine::RelPtr;
using engine::ScanFile;

namespace {

engine::ExprPtr Ref(const Column& column) {
  return std::make_shared<engine::ColumnExpr>(column.id, column.type, column.nullable);
}

}  // namespace

Result<RelPtr> ScanFiles(session::Session* session, const delta::Snapshot& snapshot,
                         const std::vector<const delta::AddFile*>& files, const std::vector<int64_t>& groups) {
  RETURN_IF_ERROR(delta::CheckColumnMapping(snapshot.metadata()));
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, snapshot.table_path()));
  TableColumns table = ColumnsOf(session, snapshot, ReadSchema(snapshot), {}, nullptr);
  const TableFiles table_files(session, io.store, snapshot.table_path());
  auto list = std::make_shared<std::vector<ScanFile>>();
  list->reserve(files.size());
  for (size_t i = 0; i < files.size(); i++) {
    const delta::AddFile& add = *files[i];
    ASSIGN_OR_RETURN(ScanFile file, ScanFileOf(table_files, table, delta::PackedView(add)));
    if (!groups.empty()) file.constants.emplace_back().v = groups[i];
    ASSIGN_OR_RETURN(file.deleted, table_files.Deleted(add.deletion_vector));
    list->push_back(std::move(file));
  }
  std::vector<Column> output = table.output;
  std::vector<engine::ExprPtr> exprs;
  for (const Column& column : output) exprs.push_back(Ref(column));
  auto scan = std::make_shared<engine::FilesRel>(std::move(table.output), engine::FileFormat::kParquet);
  scan->columns = std::move(table.columns);
  scan->files = std::move(list);
  scan->row_tracking = table.row_tracking;
  if (table.row_tracking.has_value()) {
    const engine::TrackedRow row = engine::AddRowTracking(scan.get(), nullptr);
    for (const Column& column : RowIdColumns(table)) output.push_back(column);
    exprs.push_back(row.row_id);
    exprs.push_back(row.row_commit_version);
  }
  if (!groups.empty()) {
    FileColumn group;
    group.source = FileColumn::Source::kConstant;
    group.constant_index = static_cast<int>(table.constant_count());
    output.push_back({engine::FreshColumnId(), engine::kFileGroup, types::TypeId::kLong, false});
    exprs.push_back(Ref(output.back()));
    scan->output.push_back(output.back());
    scan->columns.push_back(std::move(group));
  }
  UseFieldIds(snapshot, scan.get());
  scan->description = "delta " + snapshot.table_path() + "@v" + std::to_string(snapshot.version());
  if (!scan->row_tracking.has_value()) return RelPtr(std::move(scan));
  return RelPtr(std::make_shared<engine::ProjectRel>(std::move(scan), std::move(output), std::move(exprs)));
}

}  // namespace deltic::spark::catalog
