// ALTER TABLE: properties and added columns; other actions are refused by name.
#include <algorithm>

#include "base/json_writer.h"
#include "spark/command/delta_schema.h"
#include "spark/command/delta_write.h"
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"

namespace deltic::spark::command {
namespace {

using engine::RelPtr;
using types::StructField;

std::string PropertiesJson(const plan::Options& properties) {
  JsonWriter json;
  json.BeginObject();
  for (const auto& [key, value] : properties) json.Key(key).String(value);
  return json.EndObject().Take();
}

Status AddColumns(const CommandContext& context, const plan::AlterTable& command, const std::string& path,
                  delta::Metadata metadata) {
  std::vector<StructField> fields = metadata.schema.fields();
  JsonWriter added;
  added.BeginArray();
  for (const auto& column : command.columns) {
    if (!column.default_sql.empty()) return Unsupported("column DEFAULT values");
    if (metadata.schema.FieldIndex(column.name) >= 0) {
      return Error("FIELDS_ALREADY_EXISTS", {{"op", "add"},
                                             {"fieldNames", types::QuoteIdentifier(column.name)},
                                             {"struct", "\"" + metadata.schema.Sql() + "\""}});
    }
    if (!column.nullable)
      return Error("DELTA_ADDING_COLUMN_WITH_INTERNAL_NAME_FAILED", {{"colName", column.name}},
                   "NOT NULL is not supported for added columns: " + column.name);
    StructField field{column.name, column.type, true, "{}"};
    if (column.has_comment) field.metadata = "{\"comment\":" + JsonQuote(column.comment) + "}";
    added.BeginObject().Key("column").BeginObject().Key("name").String(field.name).Key("type").Raw(field.type.Json());
    added.Key("nullable").Bool(true).Key("metadata").Raw(field.metadata).EndObject().EndObject();
    fields.push_back(std::move(field));
  }
  RETURN_IF_ERROR(CheckNewTable(fields, metadata.partition_columns));
  metadata.schema = types::DataType::Struct(std::move(fields));
  metadata.schema_string = metadata.schema.Json();
  return CommitMetadata(context.session, path, std::move(metadata), "ADD COLUMNS",
                        {{"columns", added.EndArray().Take()}});
}

}  // namespace

Result<RelPtr> RunAlterTable(const CommandContext& context, const plan::AlterTable& command) {
  ASSIGN_OR_RETURN(const auto target, catalog::FindTarget(context.session, command.table));
  if (!target.has_value()) {
    if (command.if_exists && command.action.starts_with("RENAME")) return NoRows();
    return catalog::TableNotFound(command.table);
  }
  if (target->provider != "delta")
    return Unsupported("ALTER TABLE " + command.action + " on a table of format " + target->provider);
  ASSIGN_OR_RETURN(const auto snapshot,
                   context.session->server()->catalog->LatestSnapshot(context.session, target->path));
  delta::Metadata metadata = snapshot->metadata();
  if (command.action == "SET TBLPROPERTIES") {
    for (const auto& [key, value] : command.properties) metadata.configuration[key] = value;
    RETURN_IF_ERROR(CommitMetadata(context.session, target->path, std::move(metadata), "SET TBLPROPERTIES",
                                   {{"properties", PropertiesJson(command.properties)}}));
    return NoRows();
  }
  if (command.action == "UNSET TBLPROPERTIES") {
    JsonWriter keys;
    keys.BeginArray();
    for (const auto& [key, value] : command.properties) {
      if (!metadata.configuration.contains(key) && !command.if_exists) {
        return Error("DELTA_UNSET_NON_EXISTENT_PROPERTY", {{"property", key}, {"tableName", target->Display()}});
      }
      metadata.configuration.erase(key);
      keys.String(key);
    }
    RETURN_IF_ERROR(
        CommitMetadata(context.session, target->path, std::move(metadata), "UNSET TBLPROPERTIES",
                       {{"properties", keys.EndArray().Take()}, {"ifExists", command.if_exists ? "true" : "false"}}));
    return NoRows();
  }
  if (command.action == "ADD COLUMNS") {
    RETURN_IF_ERROR(AddColumns(context, command, target->path, std::move(metadata)));
    return NoRows();
  }
  return Unsupported("ALTER TABLE " + command.action);
}

}  // namespace deltic::spark::command
