// ALTER TABLE RENAME COLUMN and DROP COLUMNS, which column mapping makes changes of metadata alone.
#include <algorithm>

#include "base/json_writer.h"
#include "delta/spec/schema.h"
#include "spark/command/alter_table.h"
#include "spark/command/clustering.h"
#include "spark/command/delta_schema.h"
#include "spark/command/dependent_expressions.h"
#include "spark/command/schema_edit.h"

namespace deltic::spark::command {
namespace {

using plan::NameParts;
using types::DataType;
using types::StructField;

constexpr const char* kStatsColumns = "delta.dataSkippingStatsColumns";

std::string MappingAdvice() {
  return "\nPlease enable Column Mapping on your Delta table with mapping mode 'name'.\nYou can use one of the "
         "following commands.\n\nALTER TABLE table_name SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')\n\n"
         "Note, if your table is not on the required protocol version it will be upgraded.\nColumn mapping requires at "
         "least protocol (2, 5)\n";
}

bool IsMapped(const delta::Metadata& metadata) {
  return delta::MappingModeOf(metadata) != delta::ColumnMappingMode::kNone;
}

bool StartsWith(const NameParts& path, const NameParts& prefix) {
  return path.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), path.begin(),
                    [](const std::string& a, const std::string& b) { return types::EqualsIgnoreCase(a, b); });
}

// The listed statistics columns with one renamed or, without `name`, removed.
void EditStatsColumns(delta::Metadata* metadata, const NameParts& column, const std::string* name) {
  const auto listed = metadata->configuration.find(kStatsColumns);
  if (listed == metadata->configuration.end()) return;
  const auto columns = StatsColumnsOf(listed->second);
  if (!columns.ok()) return;
  std::string out;
  for (NameParts path : *columns) {
    if (StartsWith(path, column)) {
      if (name == nullptr) continue;
      path[column.size() - 1] = *name;
    }
    out += (out.empty() ? "" : ",") + PathText(path);
  }
  listed->second = out;
  if (out.empty()) metadata->configuration.erase(listed);
}

}  // namespace

Status AlterRenameColumn(const Alteration& alter) {
  NameParts path;
  const auto field = FindField(alter.metadata().schema, alter.command.paths[0], &path);
  if (!field.has_value()) return alter.MissingField(alter.command.paths[0]);
  NameParts renamed = path;
  renamed.back() = alter.command.name;
  if (FindField(alter.metadata().schema, renamed).has_value()) {
    return Error("FIELDS_ALREADY_EXISTS", {{"op", "rename"},
                                           {"fieldNames", catalog::QuoteParts(renamed)},
                                           {"struct", "\"" + alter.metadata().schema.Sql() + "\""}});
  }
  if (!IsMapped(alter.metadata())) return Error("DELTA_UNSUPPORTED_RENAME_COLUMN", {{"advice", MappingAdvice()}});
  RETURN_IF_ERROR(CheckNoDependents(alter.session(), *alter.snapshot, path));
  delta::Metadata metadata = alter.metadata();
  metadata.schema = EditField(metadata.schema, path, [&](StructField* changed) { changed->name = alter.command.name; });
  metadata.schema_string = metadata.schema.Json();
  for (auto& partition : metadata.partition_columns) {
    if (path.size() == 1 && types::EqualsIgnoreCase(partition, path[0])) partition = alter.command.name;
  }
  EditStatsColumns(&metadata, path, &alter.command.name);
  return alter.Commit(std::move(metadata), "RENAME COLUMN",
                      {{"oldColumnPath", HistoryName(path)}, {"newColumnPath", HistoryName(renamed)}});
}

Status AlterDropColumns(const Alteration& alter) {
  std::vector<NameParts> paths;
  for (const auto& given : alter.command.paths) {
    NameParts path;
    if (FindField(alter.metadata().schema, given, &path).has_value()) {
      paths.push_back(std::move(path));
    } else if (!alter.command.if_exists) {
      return alter.MissingField(given);
    }
  }
  if (paths.empty()) return Status::Ok();
  if (!IsMapped(alter.metadata())) return Error("DELTA_UNSUPPORTED_DROP_COLUMN", {{"advice", MappingAdvice()}});
  delta::Metadata metadata = alter.metadata();
  const auto clustering = ClusteringPaths(*alter.snapshot);
  JsonWriter dropped;
  dropped.BeginArray();
  for (const auto& path : paths) {
    const auto is_path = [&](const std::string& name) {
      return path.size() == 1 && types::EqualsIgnoreCase(name, path[0]);
    };
    if (std::any_of(metadata.partition_columns.begin(), metadata.partition_columns.end(), is_path)) {
      return Error("DELTA_UNSUPPORTED_DROP_PARTITION_COLUMN", {{"columnList", PathText(path)}});
    }
    for (const auto& column : clustering) {
      if (StartsWith(column, path)) {
        return Error("DELTA_UNSUPPORTED_DROP_CLUSTERING_COLUMN", {{"columnList", PathText(path)}});
      }
    }
    RETURN_IF_ERROR(CheckNoDependents(alter.session(), *alter.snapshot, path));
    const NameParts parent(path.begin(), path.end() - 1);
    const DataType siblings = parent.empty() ? metadata.schema : FindField(metadata.schema, parent)->type;
    if (siblings.Is(types::TypeId::kStruct) && siblings.fields().size() == 1) {
      return Error("DELTA_DROP_COLUMN_ON_SINGLE_FIELD_SCHEMA", {{"schema", types::TreeString(siblings)}});
    }
    if (!RemoveField(&metadata.schema, path)) {
      return Error("DELTA_UNSUPPORTED_DROP_NESTED_COLUMN_FROM_NON_STRUCT_TYPE", {{"struct", siblings.Sql()}});
    }
    EditStatsColumns(&metadata, path, nullptr);
    dropped.String(HistoryName(path));
  }
  metadata.schema_string = metadata.schema.Json();
  return alter.Commit(std::move(metadata), "DROP COLUMNS", {{"columns", dropped.EndArray().Take()}});
}

}  // namespace deltic::spark::command
