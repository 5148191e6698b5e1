#include "engine/plan/row_tracking.h"

#include "base/check.h"

namespace deltic::engine {
namespace {

ExprPtr AddColumn(FilesRel* files, const char* name, bool nullable, FileColumn source) {
  const Column column{FreshColumnId(), name, types::TypeId::kLong, nullable};
  files->output.push_back(column);
  files->columns.push_back(std::move(source));
  return std::make_shared<ColumnExpr>(column.id, column.type, column.nullable);
}

ExprPtr AddStored(FilesRel* files, const char* name, const std::string& physical_name) {
  FileColumn source;
  source.physical_name = physical_name;
  return AddColumn(files, name, true, std::move(source));
}

ExprPtr AddConstant(FilesRel* files, const char* name, int index) {
  FileColumn source;
  source.source = FileColumn::Source::kConstant;
  source.constant_index = index;
  return AddColumn(files, name, true, std::move(source));
}

ExprPtr Coalesce(ExprPtr stored, ExprPtr derived) {
  return MakeCall("coalesce", {std::move(stored), std::move(derived)}, types::TypeId::kLong, true);
}

}  // namespace

TrackedRow AddRowTracking(FilesRel* files, ExprPtr row_index) {
  DELTIC_CHECK(files->row_tracking.has_value());
  const RowTrackingSource source = *files->row_tracking;
  if (row_index == nullptr) {
    FileColumn position;
    position.source = FileColumn::Source::kRowIndex;
    row_index = AddColumn(files, "row_index", false, std::move(position));
  }
  TrackedRow row;
  row.base_row_id = AddConstant(files, "base_row_id", source.base_row_id);
  row.default_row_commit_version = AddConstant(files, "default_row_commit_version", source.default_row_commit_version);
  const ExprPtr derived = MakeCall("+", {row.base_row_id, std::move(row_index)}, types::TypeId::kLong, true);
  row.row_id = Coalesce(AddStored(files, "row_id", source.row_id), derived);
  row.row_commit_version =
      Coalesce(AddStored(files, "row_commit_version", source.row_commit_version), row.default_row_commit_version);
  return row;
}

}  // namespace deltic::engine
