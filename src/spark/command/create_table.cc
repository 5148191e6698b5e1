// CREATE TABLE, CREATE OR REPLACE TABLE, CTAS, CREATE TABLE LIKE.
#include <algorithm>
#include <map>

#include "base/json_writer.h"
#include "spark/catalog/delta_scan.h"
#include "spark/catalog/file_source.h"
#include "spark/catalog/table_path.h"
#include "spark/command/column_definition.h"
#include "spark/command/delta_schema.h"
#include "spark/command/delta_write.h"
#include "spark/command/file_count.h"
#include "spark/command/file_write.h"
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"
#include "spark/command/schema_edit.h"
#include "spark/plan/table_layout.h"
#include "spark/session/s3a_options.h"

namespace deltic::spark::command {
namespace {

using catalog::TableEntry;
using catalog::TableName;
using engine::RelPtr;
using types::DataType;
using types::StructField;

std::string TableOperation(const plan::CreateTable& command) {
  std::string name = command.create && command.replace ? "CREATE OR REPLACE TABLE"
                     : command.replace                 ? "REPLACE TABLE"
                                                       : "CREATE TABLE";
  return command.query != nullptr ? name + " AS SELECT" : name;
}

// Where the table lives and how it is named.
struct Place {
  std::optional<TableEntry> entry;  // to register; nullopt for delta.`/path`
  std::string path;
  std::string provider;
  bool managed = false;
  bool exists = false;  // in the catalog (or, for a path, on disk)
};

Result<Place> PlaceOf(const CommandContext& context, const plan::CreateTable& command) {
  Place place;
  ASSIGN_OR_RETURN(const auto target, catalog::FindTarget(context.session, command.name));
  place.provider =
      types::ToLower(command.provider.empty() ? context.session->conf().GetString("spark.sql.sources.default", "delta")
                                              : command.provider);
  if (target.has_value() && target->is_path) {
    place.path = target->path;
    place.provider = target->provider;
    if (!command.location.empty()) {
      ASSIGN_OR_RETURN(const std::string location, catalog::QualifyPath(context.session, command.location));
      if (location != place.path) {
        return Error("DELTA_AMBIGUOUS_PATHS_IN_CREATE_TABLE",
                     {{"identifier", place.path},
                      {"location", location},
                      {"config", "spark.databricks.delta.legacy.allowAmbiguousPathsInCreateTable"}});
      }
    }
    ASSIGN_OR_RETURN(const auto store, context.session->StoreFor(place.path));
    ASSIGN_OR_RETURN(place.exists, delta::IsDeltaTable(store.get(), place.path));
    return place;
  }
  ASSIGN_OR_RETURN(const TableName name, catalog::QualifyName(context.session, command.name));
  catalog::ServerCatalog* server = context.session->server()->catalog;
  if (!server->DatabaseExists(name.database))
    return Error("SCHEMA_NOT_FOUND", {{"schemaName", types::QuoteIdentifier(name.database)}});
  TableEntry entry;
  entry.database = name.database;
  entry.name = name.table;
  entry.provider = place.provider;
  entry.options = command.options;
  entry.properties = command.properties;
  entry.comment = command.comment;
  std::string location = command.location;
  for (const auto& [key, value] : command.options) {
    if (location.empty() && types::EqualsIgnoreCase(key, "path")) location = value;
  }
  if (location.empty()) {
    entry.location = target.has_value() ? target->path : server->DefaultLocation(name);
    entry.type = target.has_value() ? target->entry->type : TableEntry::Type::kManaged;
  } else {
    ASSIGN_OR_RETURN(entry.location, catalog::QualifyPath(context.session, location));
    entry.type = TableEntry::Type::kExternal;
  }
  place.path = entry.location;
  place.managed = entry.type == TableEntry::Type::kManaged;
  place.exists = target.has_value();
  place.entry = std::move(entry);
  return place;
}

Status AlreadyExists(const CommandContext& context, const plan::CreateTable& command) {
  ASSIGN_OR_RETURN(const TableName name, catalog::QualifyName(context.session, command.name));
  return Error("TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", catalog::QuoteParts({name.database, name.table})}});
}

// A type's name as it is in a schema's JSON; of nested types the kind only.
std::string TypeNameOf(const DataType& type) {
  const std::string json = type.Json();
  if (json.starts_with('"')) return json.substr(1, json.size() - 2);
  return type.SimpleString().substr(0, type.SimpleString().find('<'));
}

std::string Listed(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// Properties that a statement gives must be the table's own, all of them but those that it got by nobody's doing.
Status CheckSameProperties(session::Session* session, const plan::CreateTable& command,
                           const delta::Snapshot& snapshot) {
  if (command.properties.empty()) return Status::Ok();
  const std::map<std::string, std::string> given(command.properties.begin(), command.properties.end());
  std::map<std::string, std::string> existing;
  for (const auto& [key, value] : snapshot.metadata().configuration) existing[key] = value;
  auto needed = existing;
  const auto set = SetTableProperties(session);
  for (const auto& [key, value] : DefaultTableProperties(session)) {
    const bool asked = given.contains(key) ||
                       std::any_of(set.begin(), set.end(), [&, name = key](const auto& p) { return p.first == name; });
    if (const auto it = needed.find(key); !asked && it != needed.end() && it->second == value) needed.erase(it);
  }
  if (given == needed) return Status::Ok();
  const auto text = [](const std::map<std::string, std::string>& properties) {
    std::string out;
    for (const auto& [key, value] : properties) out += (out.empty() ? "" : "\n") + key + "=" + value;
    return out;
  };
  return Error("DELTA_CREATE_TABLE_WITH_DIFFERENT_PROPERTY", {{"path", catalog::DisplayPath(snapshot.table_path())},
                                                              {"specificiedProperties", text(given)},
                                                              {"existingProperties", text(existing)}});
}

// CREATE TABLE over a location that already holds a Delta table: adopted when the statement does not contradict it.
Status AdoptExisting(session::Session* session, const plan::CreateTable& command,
                     const std::vector<StructField>& schema, const delta::Snapshot& snapshot) {
  if (!schema.empty()) {
    const DataType given = DataType::Struct(schema);
    if (!given.SameType(snapshot.schema())) {
      std::string missing, extra;
      for (const auto& field : snapshot.schema().fields()) {
        if (given.FieldIndex(field.name) < 0) missing += (missing.empty() ? "" : ", ") + field.name;
      }
      for (const auto& field : schema) {
        if (snapshot.schema().FieldIndex(field.name) < 0) extra += (extra.empty() ? "" : ", ") + field.name;
      }
      std::string differences;
      if (!missing.empty()) differences += "- Specified schema is missing field(s): " + missing;
      if (!extra.empty())
        differences +=
            std::string(differences.empty() ? "" : "\n") + "- Specified schema has additional field(s): " + extra;
      for (const auto& field : schema) {
        const int at = snapshot.schema().FieldIndex(field.name);
        if (at < 0) continue;
        const DataType& existing = snapshot.schema().fields()[static_cast<size_t>(at)].type;
        if (field.type.SameType(existing)) continue;
        differences += std::string(differences.empty() ? "" : "\n") + "- Specified type for " + field.name +
                       " is different from existing schema:\n  Specified: " + TypeNameOf(field.type) +
                       "\n  Existing:  " + TypeNameOf(existing);
      }
      return Error("DELTA_CREATE_TABLE_SCHEME_MISMATCH", {{"path", catalog::DisplayPath(snapshot.table_path())},
                                                          {"specifiedSchema", types::TreeString(given)},
                                                          {"existingSchema", types::TreeString(snapshot.schema())},
                                                          {"schemaDifferences", differences}});
    }
  }
  const auto same = [](const std::string& a, const std::string& b) { return types::EqualsIgnoreCase(a, b); };
  const auto& partitions = snapshot.metadata().partition_columns;
  if (!command.partition_by.empty() && !std::equal(command.partition_by.begin(), command.partition_by.end(),
                                                   partitions.begin(), partitions.end(), same)) {
    return Error("DELTA_CREATE_TABLE_WITH_DIFFERENT_PARTITIONING",
                 {{"path", catalog::DisplayPath(snapshot.table_path())},
                  {"specifiedColumns", Listed(command.partition_by)},
                  {"existingColumns", Listed(partitions)}});
  }
  return CheckSameProperties(session, command, snapshot);
}

// Clustering columns as Spark's analysis looks them up, which takes them for partitioning.
Status CheckClusterBy(const std::vector<plan::NameParts>& cluster_by, const std::vector<StructField>& columns) {
  const DataType schema = DataType::Struct(columns);
  std::string unknown;
  for (const auto& path : cluster_by) {
    if (!FindField(schema, path).has_value()) unknown += (unknown.empty() ? "" : ", ") + catalog::QuoteParts(path);
  }
  if (unknown.empty()) return Status::Ok();
  return Error("UNSUPPORTED_FEATURE.PARTITION_WITH_NESTED_COLUMN_IS_UNSUPPORTED", {{"cols", unknown}});
}

// Partitions by expressions and buckets, which Delta tables have not.
Status CheckLayout(const CommandContext& context, const plan::CreateTable& command) {
  const auto* laid_out = dynamic_cast<const plan::LaidOutTable*>(&command);
  if (laid_out == nullptr) return Status::Ok();
  if (laid_out->transformed)
    return Error("DELTA_OPERATION_NOT_ALLOWED", {{"operation", "Partitioning by expressions"}});
  if (!laid_out->bucketed) return Status::Ok();
  ASSIGN_OR_RETURN(const TableName name, catalog::QualifyName(context.session, command.name));
  return Error("DELTA_OPERATION_NOT_ALLOWED_DETAIL",
               {{"operation", "Bucketing"}, {"tableName", catalog::QuoteParts({name.database, name.table})}});
}

// CREATE TABLE without columns over a directory that holds something, but no table.
Status CheckEmptyLocation(const CommandContext& context, const Place& place) {
  ASSIGN_OR_RETURN(const auto store, context.session->StoreFor(place.path));
  ASSIGN_OR_RETURN(const auto objects, store->ListRecursive(place.path));
  if (objects.empty() || !place.entry.has_value() || place.managed) return Status::Ok();
  const std::string path = catalog::DisplayPath(place.path);
  return Error("DELTA_CREATE_EXTERNAL_TABLE_WITHOUT_TXN_LOG",
               {{"path", path},
                {"tableName", catalog::QuoteParts({place.entry->database, place.entry->name})},
                {"docLink", "https://docs.delta.io/latest/index.html"}});
}

Status CreateDelta(const CommandContext& context, const plan::CreateTable& command, const Place& place,
                   const std::vector<StructField>& schema) {
  RETURN_IF_ERROR(CheckLayout(context, command));
  DeltaWrite write;
  write.path = place.path;
  write.partition_by = command.partition_by;
  write.properties = command.properties;
  write.options = command.options;
  if (command.has_comment) write.comment = command.comment;
  write.operation = TableOperation(command);
  write.is_managed = place.managed;
  write.cluster_by = command.cluster_by;
  // A query's rows replace a table that is there under no name, too; without a query CREATE OR REPLACE adopts such a
  // one.
  const bool named = place.exists && (place.entry.has_value() || !command.create);
  write.replace_table = command.replace && (named || command.query != nullptr);
  if (command.query != nullptr) {
    if (!schema.empty())
      return Error("_LEGACY_ERROR_TEMP_0035",
                   {{"message", "Schema may not be specified in a Create Table As Select (CTAS) statement"}});
    ASSIGN_OR_RETURN(write.data, ResolveInput(context, command.query));
    write.files = FilesAskedFor(command.query);
    RETURN_IF_ERROR(CheckDefinition(ColumnsOf(*write.data), write.partition_by));
    RETURN_IF_ERROR(CheckClusterBy(write.cluster_by, ColumnsOf(*write.data)));
    write.mode = write.replace_table ? plan::SaveMode::kOverwrite : plan::SaveMode::kErrorIfExists;
    return WriteDelta(context.session, write, context.interrupted).status();
  }
  if (command.replace && schema.empty()) return Error("DELTA_SCHEMA_NOT_PROVIDED");
  if (!write.replace_table) {
    const auto existing = context.session->server()->catalog->LatestSnapshot(context.session, place.path);
    if (existing.ok()) return AdoptExisting(context.session, command, schema, **existing);
    if (!existing.status().Is("DELTA_MISSING_TRANSACTION_LOG")) return existing.status();
  }
  RETURN_IF_ERROR(CheckDefinition(schema, command.partition_by));
  if (schema.empty() && !command.replace) {
    RETURN_IF_ERROR(CheckEmptyLocation(context, place));
  } else {
    RETURN_IF_ERROR(CheckClusterBy(write.cluster_by, schema));
  }
  write.columns = schema;
  return CreateDeltaTable(context.session, write).status();
}

Status CreateFiles(const CommandContext& context, const plan::CreateTable& command, Place* place,
                   std::vector<StructField> schema) {
  const bool computed = std::any_of(command.columns.begin(), command.columns.end(), [](const auto& column) {
    return column.identity || !column.generated_sql.empty() || !column.default_sql.empty();
  });
  const auto* laid_out = dynamic_cast<const plan::LaidOutTable*>(&command);
  if (laid_out != nullptr && laid_out->transformed) {
    return Unsupported("PARTITIONED BY with a transform other than a column");
  }
  if (laid_out != nullptr && laid_out->bucketed) return Unsupported("CLUSTERED BY … INTO n BUCKETS");
  if (computed) return Unsupported("generated, identity and default columns of a table of format " + place->provider);
  if (!command.cluster_by.empty()) return Unsupported("CLUSTER BY of a table of format " + place->provider);
  const auto format = catalog::FileFormatOf(place->provider);
  if (!format.has_value()) return Error("DATA_SOURCE_NOT_FOUND", {{"provider", place->provider}});
  if (!place->entry.has_value()) return Unsupported("CREATE TABLE of a path of format " + place->provider);
  if (command.replace)
    return Error("UNSUPPORTED_FEATURE.TABLE_OPERATION",
                 {{"tableName", catalog::QuoteParts(command.name)}, {"operation", "REPLACE TABLE"}});
  place->entry->partition_columns = command.partition_by;
  if (command.query != nullptr) {
    FileWrite write;
    write.path = place->path;
    write.format = *format;
    ASSIGN_OR_RETURN(write.data, ResolveInput(context, command.query));
    write.mode = place->managed ? plan::SaveMode::kOverwrite : plan::SaveMode::kErrorIfExists;
    write.partition_by = command.partition_by;
    write.options = command.options;
    RETURN_IF_ERROR(WriteFilesTo(context.session, write, context.interrupted));
    schema = TableSchemaOf(*write.data);
  }
  // Partition columns come last, as file sources read them.
  std::stable_partition(schema.begin(), schema.end(), [&](const StructField& field) {
    return std::none_of(command.partition_by.begin(), command.partition_by.end(),
                        [&](const auto& p) { return types::EqualsIgnoreCase(p, field.name); });
  });
  place->entry->schema = DataType::Struct(std::move(schema));
  ASSIGN_OR_RETURN(const auto store, context.session->StoreFor(place->path));
  if (store->Head(place->path).ok()) return Status::Ok();  // one file
  ASSIGN_OR_RETURN(const auto existing, store->ListRecursive(place->path));
  if (existing.empty()) return store->Put(storage::JoinPath(place->path, "_SUCCESS"), "");
  return Status::Ok();
}

// The statement with the source's columns; a Delta source's schema as it is goes to *schema.
Result<plan::CreateTable> ResolveLike(const CommandContext& context, const plan::CreateTable& command,
                                      std::vector<StructField>* schema) {
  plan::CreateTable out = command;
  ASSIGN_OR_RETURN(const auto found, catalog::FindTarget(context.session, command.like));
  if (!found.has_value()) {
    ASSIGN_OR_RETURN(const TableName name, catalog::QualifyName(context.session, command.like));
    return catalog::TableNotFound({name.database, name.table});
  }
  const auto& source = *found;
  std::vector<StructField> fields;
  if (source.provider == "delta") {
    ASSIGN_OR_RETURN(const auto snapshot,
                     context.session->server()->catalog->LatestSnapshot(context.session, source.path));
    fields = catalog::ReadSchema(*snapshot);
    out.partition_by = snapshot->metadata().partition_columns;
    *schema = snapshot->schema().fields();
    for (const auto& [key, value] : snapshot->metadata().configuration) {
      const bool given = std::any_of(command.properties.begin(), command.properties.end(),
                                     [&, name = key](const auto& property) { return property.first == name; });
      const bool own = key == "delta.columnMapping.maxColumnId" || key.starts_with("delta.rowTracking.materialized");
      if (!given && !own) out.properties.emplace_back(key, value);
    }
    for (const auto& feature : snapshot->protocol().writer_features.value_or(std::vector<std::string>())) {
      if (feature != "clustering") out.properties.emplace_back("delta.feature." + feature, "supported");
    }
  } else if (source.entry.has_value()) {
    fields = source.entry->schema.fields();
    out.partition_by = source.entry->partition_columns;
  }
  for (const auto& field : fields) {
    plan::ColumnDefinition column;
    column.name = field.name;
    column.type = field.type;
    column.nullable = field.nullable;
    column.comment = field.MetadataString("comment");
    column.has_comment = !column.comment.empty();
    out.columns.push_back(std::move(column));
  }
  if (out.provider.empty()) out.provider = source.provider;
  return out;
}

// CREATE TABLE; `like` has the schema where the statement gives another table's.
Result<RelPtr> Create(const CommandContext& context, const plan::CreateTable& command,
                      const std::vector<StructField>& like) {
  ASSIGN_OR_RETURN(Place place, PlaceOf(context, command));
  if (place.exists) {
    if (command.if_not_exists) return NoRows();
    if (!command.replace && place.entry.has_value()) return AlreadyExists(context, command);
    if (!command.replace) {
      return Error("DELTA_TABLE_ALREADY_EXISTS",
                   {{"tableName", place.provider + "." + types::QuoteIdentifier(place.path)}});
    }
  } else if (command.replace && !command.create) {
    ASSIGN_OR_RETURN(const TableName name, catalog::QualifyName(context.session, command.name));
    return catalog::TableNotFound({name.database, name.table});
  }
  if (const auto found = catalog::FindTarget(context.session, command.name);
      found.ok() && found->has_value() && (*found)->IsView()) {
    const catalog::TableName& name = (*found)->name;
    return Error("DELTA_CANNOT_WRITE_INTO_VIEW", {{"table", catalog::QuoteParts({name.database, name.table})}});
  }
  RETURN_IF_ERROR(session::CheckStoreOptions(place.path, command.options, context.session->conf()));
  std::vector<StructField> schema = like;
  if (like.empty() || place.provider != "delta") {
    ASSIGN_OR_RETURN(schema, FieldsOf(context.session, command));
  }
  if (place.provider == "delta") {
    RETURN_IF_ERROR(CreateDelta(context, command, place, schema));
  } else {
    RETURN_IF_ERROR(CreateFiles(context, command, &place, schema));
  }
  if (place.entry.has_value()) {
    RETURN_IF_ERROR(context.session->server()->catalog->PutTable(std::move(*place.entry), true));
  }
  return NoRows();
}

}  // namespace

Result<RelPtr> RunCreateTable(const CommandContext& context, const plan::CreateTable& command) {
  if (command.like.empty()) return Create(context, command, {});
  std::vector<StructField> schema;
  ASSIGN_OR_RETURN(plan::CreateTable expanded, ResolveLike(context, command, &schema));
  expanded.like.clear();
  return Create(context, expanded, schema);
}

}  // namespace deltic::spark::command
