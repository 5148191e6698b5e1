#include "spark/command/command_schema.h"

#include <initializer_list>

#include "spark/command/result_rows.h"

namespace deltic::spark::command {
namespace {

engine::RelPtr Counts(std::initializer_list<const char*> names) {
  ResultRows rows;
  for (const char* name : names) rows.Column(name, types::TypeId::kLong);
  return rows.Build();
}

engine::RelPtr NameRows(const std::string& name, bool with_row) {
  if (name.empty()) return NoRows();
  ResultRows rows;
  rows.Column("value", types::TypeId::kString);
  if (with_row) rows.Add({StringValue(name)});
  return rows.Build();
}

}  // namespace

engine::RelPtr EmptyResultOf(const plan::Command& command) {
  switch (command.kind) {
    case plan::CommandKind::kDelete:
    case plan::CommandKind::kUpdate: return Counts({"num_affected_rows"});
    case plan::CommandKind::kMerge:
      return Counts({"num_affected_rows", "num_updated_rows", "num_deleted_rows", "num_inserted_rows"});
    case plan::CommandKind::kRestore:
      return Counts({"table_size_after_restore", "num_of_files_after_restore", "num_removed_files",
                     "num_restored_files", "removed_files_size", "restored_files_size"});
    case plan::CommandKind::kConvertToDelta: return NameRows(command.As<plan::ConvertToDelta>().returned_name, false);
    default: return NoRows();
  }
}

engine::RelPtr ConvertedName(const plan::ConvertToDelta& command) { return NameRows(command.returned_name, true); }

}  // namespace deltic::spark::command
