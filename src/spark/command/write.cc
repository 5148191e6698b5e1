// DataFrameWriter (save, saveAsTable, insertInto) and DataFrameWriterV2 (writeTo).
#include <algorithm>

#include "spark/catalog/file_source.h"
#include "spark/catalog/session_catalog.h"
#include "spark/catalog/table_path.h"
#include "spark/command/delta_schema.h"
#include "spark/command/delta_write.h"
#include "spark/command/file_count.h"
#include "spark/command/file_write.h"
#include "spark/command/handlers.h"
#include "spark/command/insert.h"
#include "spark/command/result_rows.h"
#include "spark/command/sink_write.h"
#include "spark/resolve/resolver.h"
#include "spark/resolve/streaming.h"
#include "spark/sql/parser.h"

namespace deltic::spark::command {
namespace {

using catalog::TableEntry;
using catalog::TableTarget;
using engine::RelPtr;
using plan::CommandKind;
using plan::SaveMode;

std::string FormatOf(const CommandContext& context, const std::string& format) {
  return types::ToLower(format.empty() ? context.session->conf().GetString("spark.sql.sources.default", "delta")
                                       : format);
}

Status CheckWriter(const CommandContext& context, const plan::WriteCommand& command, const std::string& format) {
  if (command.num_buckets > 0 && command.kind == CommandKind::kSaveToPath) {
    const char* condition = command.sort_by.empty() ? "_LEGACY_ERROR_TEMP_1312" : "_LEGACY_ERROR_TEMP_1313";
    return Error(condition, {{"operation", "save"}});
  }
  if (command.num_buckets > 0) {
    if (format != "delta") return Unsupported("bucketBy");
    ASSIGN_OR_RETURN(const auto name, catalog::QualifyName(context.session, command.table));
    return Error("DELTA_OPERATION_NOT_ALLOWED_DETAIL",
                 {{"operation", "Bucketing"}, {"tableName", catalog::QuoteParts({name.database, name.table})}});
  }
  if (!command.sort_by.empty()) return Error("SORT_BY_WITHOUT_BUCKETING");
  if (!command.cluster_by.empty() && format != "delta") return Unsupported("clusterBy of format " + format);
  if (!command.cluster_by.empty() && !command.partition_by.empty()) {
    return Error("DELTA_CLUSTER_BY_WITH_PARTITIONED_BY");
  }
  return Status::Ok();
}

Result<std::vector<plan::NameParts>> ClusterBy(const std::vector<std::string>& columns) {
  std::vector<plan::NameParts> out;
  for (const auto& column : columns) {
    ASSIGN_OR_RETURN(auto path, sql::ParseMultipartIdentifier(column));
    out.push_back(std::move(path));
  }
  return out;
}

Result<RelPtr> SaveToPath(const CommandContext& context, const plan::WriteCommand& command, RelPtr data) {
  const std::string format = FormatOf(context, command.format);
  RETURN_IF_ERROR(CheckWriter(context, command, format));
  if (IsSink(format)) {
    RETURN_IF_ERROR(WriteToSink(context, command, format, data));
    return NoRows();
  }
  std::string path = command.path;
  if (const auto option = plan::FindOption(command.options, "path")) {
    if (path.empty()) path = *option;
    if (path != *option) {
      return Error("_LEGACY_ERROR_TEMP_1307", {{"config", "spark.sql.legacy.pathOptionBehavior.enabled"}});
    }
  }
  if (path.empty()) {
    return Error("_LEGACY_ERROR_TEMP_2047", {}, "Expected exactly one path to be specified; use save(path).");
  }
  ASSIGN_OR_RETURN(const std::string qualified, catalog::QualifyPath(context.session, path));
  if (format == "delta") {
    DeltaWrite write;
    write.path = qualified;
    write.data = std::move(data);
    write.mode = command.mode;
    write.partition_by = command.partition_by;
    ASSIGN_OR_RETURN(write.cluster_by, ClusterBy(command.cluster_by));
    write.options = command.options;
    write.files = FilesAskedFor(command.input);
    RETURN_IF_ERROR(WriteDelta(context.session, write, context.interrupted).status());
    return NoRows();
  }
  const auto file_format = catalog::FileFormatOf(format);
  if (!file_format.has_value()) {
    if (format == "orc" || format == "avro" || format == "jdbc" || format == "xml")
      return Unsupported("the data source '" + format + "'");
    return Error("DATA_SOURCE_NOT_FOUND", {{"provider", command.format}});
  }
  FileWrite write;
  write.path = qualified;
  write.format = *file_format;
  write.data = std::move(data);
  write.mode = command.mode;
  write.partition_by = command.partition_by;
  write.options = command.options;
  RETURN_IF_ERROR(WriteFilesTo(context.session, write, context.interrupted));
  return NoRows();
}

// A table that a query creates: location, registration, rows. `replaced`: the table of that name that it takes the
// place of, where it lies; null: none.
Status CreateFromQuery(const CommandContext& context, const catalog::TableName& name, const std::string& provider,
                       const plan::Options& options, const TableEntry* replaced, DeltaWrite write) {
  catalog::ServerCatalog* server = context.session->server()->catalog;
  TableEntry entry;
  entry.database = name.database;
  entry.name = name.table;
  entry.provider = provider;
  entry.location = replaced != nullptr ? replaced->location : server->DefaultLocation(name);
  if (replaced != nullptr) entry.type = replaced->type;
  for (const auto& [key, value] : options) {
    if (!types::EqualsIgnoreCase(key, "path")) continue;
    ASSIGN_OR_RETURN(entry.location, catalog::QualifyPath(context.session, value));
    entry.type = TableEntry::Type::kExternal;
  }
  if (!server->DatabaseExists(name.database))
    return Error("SCHEMA_NOT_FOUND", {{"schemaName", types::QuoteIdentifier(name.database)}});
  if (provider == "delta") {
    write.path = entry.location;
    write.is_managed = entry.type == TableEntry::Type::kManaged;
    RETURN_IF_ERROR(CheckDefinition(ColumnsOf(*write.data), write.partition_by));
    RETURN_IF_ERROR(WriteDelta(context.session, write, context.interrupted).status());
    return server->PutTable(std::move(entry), true);
  }
  const auto format = catalog::FileFormatOf(provider);
  if (!format.has_value()) return Error("DATA_SOURCE_NOT_FOUND", {{"provider", provider}});
  FileWrite files;
  files.path = entry.location;
  files.format = *format;
  files.data = write.data;
  files.mode = SaveMode::kOverwrite;
  files.partition_by = write.partition_by;
  files.options = write.options;
  RETURN_IF_ERROR(WriteFilesTo(context.session, files, context.interrupted));
  entry.schema = types::DataType::Struct(TableSchemaOf(*write.data));
  entry.partition_columns = write.partition_by;
  return server->PutTable(std::move(entry), true);
}

// What Spark calls the source of a format in errors.
std::string SourceClass(const std::string& format) {
  for (const auto& [name, source] : {std::pair{"delta", "DeltaDataSource"}, std::pair{"parquet", "ParquetDataSourceV2"},
                                     std::pair{"csv", "CSVDataSourceV2"}, std::pair{"json", "JsonDataSourceV2"},
                                     std::pair{"text", "TextDataSourceV2"}, std::pair{"orc", "OrcDataSourceV2"}}) {
    if (format == name) return source;
  }
  return format;
}

// saveAsTable appends to a table of its own format and partitioning only.
Status CheckAppend(const CommandContext& context, const plan::WriteCommand& command, const std::string& format,
                   const TableTarget& target) {
  if (format != target.provider) {
    return Error("_LEGACY_ERROR_TEMP_1159", {{"tableName", target.Display()},
                                             {"existingProvider", SourceClass(target.provider)},
                                             {"specifiedProvider", SourceClass(format)}});
  }
  if (command.partition_by.empty() || target.provider != "delta") return Status::Ok();
  ASSIGN_OR_RETURN(const auto snapshot,
                   context.session->server()->catalog->LatestSnapshot(context.session, target.path));
  const auto& partitions = snapshot->metadata().partition_columns;
  const auto same = [](const std::string& a, const std::string& b) { return types::EqualsIgnoreCase(a, b); };
  if (std::equal(partitions.begin(), partitions.end(), command.partition_by.begin(), command.partition_by.end(),
                 same)) {
    return Status::Ok();
  }
  const auto listed = [](const std::vector<std::string>& columns) {
    std::string out;
    for (const auto& column : columns) out += (out.empty() ? "identity(" : ", identity(") + column + ")";
    return out;
  };
  return Error("_PARTITIONING_MISMATCH", {},
               "requirement failed: The provided partitioning does not match of the table.\n - provided: " +
                   listed(command.partition_by) + "\n - table: " + listed(partitions));
}

Status TableExists(const catalog::TableName& name) {
  return Error("TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", catalog::QuoteParts({name.database, name.table})}});
}

// PreprocessTableCreation: rows appended to a table of files have its columns, in any order.
Status CheckAppendedColumns(const CommandContext& context, const TableTarget& target, const plan::WriteCommand& command,
                            const engine::Rel& data) {
  ASSIGN_OR_RETURN(const RelPtr table, ResolvePlan(context, std::make_shared<plan::TableRelation>(command.table)));
  if (table->output.size() != data.output.size()) {
    return Error("_LEGACY_ERROR_TEMP_1161", {{"tableName", target.Display()},
                                             {"existingTableSchema", resolve::SchemaOf(*table).SimpleString()},
                                             {"querySchema", resolve::SchemaOf(data).SimpleString()}});
  }
  for (const auto& column : table->output) {
    const bool found = std::any_of(data.output.begin(), data.output.end(),
                                   [&](const auto& given) { return types::EqualsIgnoreCase(given.name, column.name); });
    if (found) continue;
    std::string given;
    for (const auto& c : data.output) given += (given.empty() ? "" : ", ") + c.name;
    return Error("_LEGACY_ERROR_TEMP_1162", {{"col", column.name}, {"inputColumns", given}});
  }
  return Status::Ok();
}

Result<RelPtr> SaveAsTable(const CommandContext& context, const plan::WriteCommand& command, RelPtr data) {
  const std::string format = FormatOf(context, command.format);
  RETURN_IF_ERROR(CheckWriter(context, command, format));
  ASSIGN_OR_RETURN(const auto target, catalog::FindTarget(context.session, command.table));
  DeltaWrite write;
  write.data = std::move(data);
  write.mode = command.mode;
  write.partition_by = command.partition_by;
  ASSIGN_OR_RETURN(write.cluster_by, ClusterBy(command.cluster_by));
  write.options = command.options;
  write.files = FilesAskedFor(command.input);
  if (target.has_value() && target->is_path) {
    write.path = target->path;
    RETURN_IF_ERROR(WriteDelta(context.session, write, context.interrupted).status());
    return NoRows();
  }
  ASSIGN_OR_RETURN(const auto name, catalog::QualifyName(context.session, command.table));
  if (target.has_value()) {
    if (command.mode == SaveMode::kIgnore) return NoRows();
    if (command.mode == SaveMode::kErrorIfExists) return TableExists(name);
    if (target->entry->type == TableEntry::Type::kView) {
      return Error("_LEGACY_ERROR_TEMP_1158");
    }
    if (command.mode == SaveMode::kAppend) {
      RETURN_IF_ERROR(CheckAppend(context, command, format, *target));
      write.partition_by.clear();  // the table says
    }
    if (command.mode == SaveMode::kOverwrite && target->provider == "delta") {
      // delta-spark keeps the table's properties, and its schema unless overwriteSchema says otherwise.
      write.path = target->path;
      write.is_managed = target->entry->type == TableEntry::Type::kManaged;
      write.operation = "CREATE OR REPLACE TABLE AS SELECT";
      RETURN_IF_ERROR(WriteDelta(context.session, write, context.interrupted).status());
      return NoRows();
    }
    if (target->provider == "delta") {
      write.path = target->path;
      RETURN_IF_ERROR(WriteDelta(context.session, write, context.interrupted).status());
      return NoRows();
    }
    if (command.mode == SaveMode::kAppend) {
      RETURN_IF_ERROR(CheckAppendedColumns(context, *target, command, *write.data));
      return InsertRows(context, *target, write.data, {.by_name = true, .overwrite = false});
    }
  }
  const bool replaces = command.mode == SaveMode::kOverwrite;
  write.operation = replaces ? "CREATE OR REPLACE TABLE AS SELECT" : "CREATE TABLE AS SELECT";
  if (format == "delta" && !replaces) write.mode = SaveMode::kErrorIfExists;
  RETURN_IF_ERROR(CreateFromQuery(context, name, format, command.options, nullptr, std::move(write)));
  return NoRows();
}

// A condition that a client gives as text, parsed.
Result<plan::ExpressionPtr> ParsedCondition(const CommandContext& context, const plan::ExpressionPtr& condition) {
  if (condition->kind != plan::ExpressionKind::kExpressionString) return condition;
  return sql::ParseExpression(condition->As<plan::ExpressionString>().text,
                              context.session->MakeResolveOptions().parser);
}

// The rows to write; a stream's are written by another method.
Result<RelPtr> ResolveStatic(const CommandContext& context, const plan::RelationPtr& input, const std::string& method) {
  ASSIGN_OR_RETURN(RelPtr data, ResolveInput(context, input));
  if (!resolve::IsStreaming(*data)) return data;
  return Error("CALL_ON_STREAMING_DATASET_UNSUPPORTED", {{"methodName", types::QuoteIdentifier(method)}});
}

}  // namespace

Result<RelPtr> RunWrite(const CommandContext& context, const plan::WriteCommand& command) {
  ASSIGN_OR_RETURN(RelPtr data, ResolveStatic(context, command.input, "write"));
  switch (command.kind) {
    case CommandKind::kSaveToPath: return SaveToPath(context, command, std::move(data));
    case CommandKind::kSaveAsTable: return SaveAsTable(context, command, std::move(data));
    default: break;
  }
  if (!command.partition_by.empty()) {
    return Error("_LEGACY_ERROR_TEMP_1309", {},
                 "insertInto() can't be used together with partitionBy(). Partition columns have already been defined "
                 "for the table. It is not necessary to use partitionBy().");
  }
  ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, command.table));
  return InsertRows(context, target, std::move(data),
                    {.by_name = false,
                     .overwrite = command.mode == SaveMode::kOverwrite,
                     .options = command.options,
                     .files = FilesAskedFor(command.input)});
}

Result<RelPtr> RunWriteTo(const CommandContext& context, const plan::WriteToCommand& command) {
  using Mode = plan::WriteToCommand::Mode;
  ASSIGN_OR_RETURN(RelPtr data, ResolveStatic(context, command.input, "writeTo"));
  ASSIGN_OR_RETURN(const auto target, catalog::FindTarget(context.session, command.table));
  const bool exists = target.has_value() && !target->is_path;
  DeltaWrite write;
  write.data = data;
  write.files = FilesAskedFor(command.input);
  write.options = command.options;
  write.properties = command.table_properties;
  for (const auto& expr : command.partitioned_by) {
    if (expr->kind != plan::ExpressionKind::kAttribute) {
      return Error("DELTA_OPERATION_NOT_ALLOWED", {{"operation", "Partitioning by expressions"}});
    }
    write.partition_by.push_back(expr->As<plan::UnresolvedAttribute>().parts.back());
  }
  const std::string provider = FormatOf(context, command.provider);
  if (!command.cluster_by.empty() && provider != "delta") return Unsupported("clusterBy of format " + provider);
  if (!command.cluster_by.empty() && !write.partition_by.empty()) return Error("DELTA_CLUSTER_BY_WITH_PARTITIONED_BY");
  ASSIGN_OR_RETURN(write.cluster_by, ClusterBy(command.cluster_by));
  switch (command.mode) {
    case Mode::kCreate:
    case Mode::kReplace:
    case Mode::kCreateOrReplace: {
      ASSIGN_OR_RETURN(const auto name, catalog::QualifyName(context.session, command.table));
      if (exists && command.mode == Mode::kCreate) return TableExists(name);
      if (!exists && command.mode == Mode::kReplace) return catalog::TableNotFound({name.database, name.table});
      write.replace_table = command.mode != Mode::kCreate;
      write.mode = write.replace_table ? SaveMode::kOverwrite : SaveMode::kErrorIfExists;
      write.operation = command.mode == Mode::kCreate    ? "CREATE TABLE AS SELECT"
                        : command.mode == Mode::kReplace ? "REPLACE TABLE AS SELECT"
                                                         : "CREATE OR REPLACE TABLE AS SELECT";
      const TableEntry* replaced = exists ? &*target->entry : nullptr;
      if (replaced != nullptr && target->IsView()) {
        return Error("DELTA_CANNOT_WRITE_INTO_VIEW", {{"table", catalog::QuoteParts({name.database, name.table})}});
      }
      RETURN_IF_ERROR(CreateFromQuery(context, name, provider, command.options, replaced, std::move(write)));
      return NoRows();
    }
    case Mode::kAppend:
      if (!target.has_value()) return catalog::TableNotFound(command.table);
      if (target->provider == "delta" && !target->IsView()) {  // as df.write does: by name, nothing is cast
        write.path = target->path;
        write.mode = SaveMode::kAppend;
        write.partition_by.clear();
        RETURN_IF_ERROR(WriteDelta(context.session, write, context.interrupted).status());
        return NoRows();
      }
      return InsertRows(context, *target, std::move(data),
                        {.by_name = true, .overwrite = false, .options = command.options});
    case Mode::kOverwritePartitions: {
      if (!target.has_value()) return catalog::TableNotFound(command.table);
      plan::Options options = command.options;
      options.emplace_back("partitionOverwriteMode", "dynamic");
      return InsertRows(context, *target, std::move(data),
                        {.by_name = true, .overwrite = true, .options = std::move(options), .files = write.files});
    }
    case Mode::kOverwrite: {
      if (!target.has_value()) return catalog::TableNotFound(command.table);
      InsertOptions options{.by_name = true, .overwrite = true, .options = command.options};
      ASSIGN_OR_RETURN(const auto condition, ParsedCondition(context, command.overwrite_condition));
      if (!IsTrueLiteral(condition)) options.replace_where = condition;
      options.files = write.files;
      return InsertRows(context, *target, std::move(data), options);
    }
  }
  return InternalError("unknown writeTo mode");
}

}  // namespace deltic::spark::command
