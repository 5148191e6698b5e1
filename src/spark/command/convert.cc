// CONVERT TO DELTA parquet.`/path` | table: a log beside Parquet files that stay where they are.
#include "base/json_writer.h"
#include "base/random.h"
#include "delta/spec/properties.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/table_path.h"
#include "spark/command/delta_write.h"
#include "spark/command/maintenance.h"
#include "spark/command/parquet_table.h"
#include "spark/command/result_rows.h"
#include "spark/command/version.h"

namespace deltic::spark::command {
namespace {

using types::StructField;

struct Source {
  std::string path;
  std::optional<catalog::TableEntry> entry;
  std::vector<StructField> partition_schema;
};

// What is to be converted; nullopt: a Delta table already.
Result<std::optional<Source>> FindSource(const CommandContext& context, const plan::ConvertToDelta& command) {
  const auto& parts = command.source;
  if (parts.size() == 1 && parts[0].starts_with("/"))
    return Error("DELTA_MISSING_PROVIDER_FOR_CONVERT", {{"path", parts[0]}});
  ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, parts));
  const std::string name = target.is_path
                               ? catalog::QuoteParts(parts)
                               : catalog::QuoteParts({"spark_catalog", target.name.database, target.name.table});
  if (target.IsView()) {
    return Error("DELTA_OPERATION_NOT_ALLOWED_DETAIL",
                 {{"operation", "Converting a view to a Delta table"}, {"tableName", catalog::QuoteParts(parts)}});
  }
  if (target.provider == "delta") return std::optional<Source>();
  if (target.provider != "parquet")
    return Error("DELTA_CONVERT_NON_PARQUET_TABLE", {{"sourceName", target.provider}, {"tableId", name}});
  Source source;
  source.path = target.path;
  source.entry = target.entry;
  for (const auto& [column, type] : command.partition_schema)
    source.partition_schema.push_back({column, type, true, "{}"});
  if (source.entry.has_value() && source.partition_schema.empty()) {
    for (const auto& column : source.entry->partition_columns) {
      const int index = source.entry->schema.FieldIndex(column);
      if (index >= 0) source.partition_schema.push_back(source.entry->schema.fields()[static_cast<size_t>(index)]);
    }
  }
  return std::optional<Source>(std::move(source));
}

std::string JsonNames(const std::vector<std::pair<std::string, plan::DataType>>& columns) {
  JsonWriter json;
  json.BeginArray();
  for (const auto& [name, type] : columns) json.String(name);
  return json.EndArray().Take();
}

delta::CommitOptions ConvertCommit(const plan::ConvertToDelta& command, const Source& source, size_t files) {
  delta::CommitOptions options;
  options.operation = "CONVERT";
  options.operation_parameters = {{"numFiles", std::to_string(files)},
                                  {"partitionedBy", JsonNames(command.partition_schema)},
                                  {"collectStats", command.collect_statistics ? "true" : "false"}};
  if (source.entry.has_value()) {
    options.operation_parameters.emplace_back(
        "catalogTable", catalog::QuoteParts({"spark_catalog", source.entry->database, source.entry->name}));
  }
  options.operation_parameters.emplace_back("sourceFormat", "parquet");
  options.operation_metrics = {{"numConvertedFiles", std::to_string(files)}};
  options.engine_info = EngineInfo();
  options.is_blind_append = false;
  options.records_missing_read_version = true;
  return options;
}

// The catalog's table is a Delta one from now on: the log has its schema.
Status UpdateCatalog(const CommandContext& context, const Source& source) {
  if (!source.entry.has_value()) return Status::Ok();
  catalog::TableEntry entry = *source.entry;
  entry.provider = "delta";
  entry.schema = types::DataType::Struct({});
  entry.partition_columns.clear();
  entry.options.clear();
  entry.properties.clear();
  return context.session->server()->catalog->PutTable(std::move(entry), true);
}

}  // namespace

Result<engine::RelPtr> RunConvert(const CommandContext& context, const plan::ConvertToDelta& command) {
  ASSIGN_OR_RETURN(const auto found, FindSource(context, command));
  if (!found.has_value()) return NoRows();
  const Source& source = *found;
  ASSIGN_OR_RETURN(const auto io, context.session->server()->catalog->IoFor(context.session, source.path));
  ASSIGN_OR_RETURN(const bool is_delta, delta::IsDeltaTable(io.store.get(), source.path));
  if (is_delta) {
    RETURN_IF_ERROR(UpdateCatalog(context, source));
    return NoRows();
  }
  ASSIGN_OR_RETURN(auto table, ReadParquetTable(context, source.path, source.partition_schema));
  delta::Metadata metadata;
  metadata.schema = table.schema;
  metadata.schema_string = table.schema.Json();
  metadata.partition_columns = table.partition_columns;
  for (const auto& [key, value] : DefaultTableProperties(context.session)) metadata.configuration[key] = value;
  plan::Options given;
  if (source.entry.has_value()) given.assign(source.entry->properties.begin(), source.entry->properties.end());
  for (const auto& [key, value] : given) metadata.configuration[key] = value;
  LeaveUnaskedFeedOff(context.session, {&given}, &metadata);
  delta::Transaction txn(io, source.path, Random::System());
  RETURN_IF_ERROR(txn.UpdateMetadata(std::move(metadata)));
  RETURN_IF_ERROR(txn.CheckWritable());
  const std::string mode = delta::PropertyOf(txn.metadata(), "delta.columnMapping.mode");
  if (mode != "none") {
    return Error("DELTA_CONVERSION_UNSUPPORTED_COLUMN_MAPPING",
                 {{"config", "spark.databricks.delta.properties.defaults.columnMapping.mode"}, {"mode", mode}});
  }
  if (command.collect_statistics) {
    RETURN_IF_ERROR(AddStatistics(context, source.path, txn.metadata(), &table.files));
  }
  const size_t count = table.files.size();
  for (auto& file : table.files) txn.Add(std::move(file));
  RETURN_IF_ERROR(txn.Commit(ConvertCommit(command, source, count)).status());
  RETURN_IF_ERROR(UpdateCatalog(context, source));
  return NoRows();
}

}  // namespace deltic::spark::command
