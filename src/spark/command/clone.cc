// CREATE [OR REPLACE] TABLE t SHALLOW CLONE s: a table of its own whose files are, at first, those of another one, by
// absolute path.
#include "base/random.h"
#include "delta/deletion_vector/deletion_vector.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"
#include "delta/spec/row_tracking.h"
#include "delta/spec/schema.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/table_path.h"
#include "spark/command/clustering.h"
#include "spark/command/delta_target.h"
#include "spark/command/identity_marks.h"
#include "spark/command/maintenance.h"
#include "spark/command/parquet_table.h"
#include "spark/command/result_rows.h"
#include "spark/command/table_version.h"
#include "spark/command/version.h"

namespace deltic::spark::command {
namespace {

using catalog::TableEntry;
using delta::AddFile;
using delta::Snapshot;

// What is cloned.
struct Source {
  std::string name;  // as the history records it
  std::string path;
  int64_t version = -1;
  delta::Metadata metadata;
  delta::Protocol protocol;
  std::vector<AddFile> files;
  std::optional<delta::DomainMetadata> clustering;
};

std::string SourceName(const catalog::TableTarget& target) {
  if (!target.is_path) return "spark_catalog." + target.name.database + "." + target.name.table;
  return target.provider + "." + types::QuoteIdentifier(catalog::DisplayPath(target.path));
}

Result<Source> DeltaSource(const CommandContext& context, const plan::CloneTable& command,
                           const catalog::TableTarget& target) {
  ASSIGN_OR_RETURN(const auto table, RequireDeltaTarget(context.session, command.source, "CLONE"));
  auto snapshot = table.snapshot;
  if (command.version.has_value()) {
    ASSIGN_OR_RETURN(snapshot, SnapshotAt(context.session, snapshot, command.version, std::nullopt));
  } else if (command.timestamp != nullptr) {
    ASSIGN_OR_RETURN(const TravelTime time, EvaluateTravelTime(context.session, command.timestamp));
    ASSIGN_OR_RETURN(snapshot, SnapshotAt(context.session, snapshot, std::nullopt, time.millis));
  }
  Source source;
  source.name = SourceName(target);
  source.path = snapshot->table_path();
  source.version = snapshot->version();
  source.metadata = snapshot->metadata();
  source.protocol = snapshot->protocol();
  source.files = snapshot->files();
  const auto domain = snapshot->domains().find(kClusteringDomain);
  if (domain != snapshot->domains().end()) source.clustering = domain->second;
  return source;
}

Result<Source> ParquetSource(const CommandContext& context, const catalog::TableTarget& target) {
  std::vector<types::StructField> partitions;
  if (target.entry.has_value()) {
    for (const auto& column : target.entry->partition_columns) {
      const int index = target.entry->schema.FieldIndex(column);
      if (index >= 0) partitions.push_back(target.entry->schema.fields()[static_cast<size_t>(index)]);
    }
  }
  ASSIGN_OR_RETURN(auto table, ReadParquetTable(context, target.path, partitions));
  Source source;
  source.name = SourceName(target);
  source.path = target.path;
  source.metadata.schema = table.schema;
  source.metadata.schema_string = table.schema.Json();
  source.metadata.partition_columns = table.partition_columns;
  source.metadata.created_time_ms = context.session->server()->clock->NowMillis();
  source.files = std::move(table.files);
  return source;
}

Result<Source> FindSource(const CommandContext& context, const plan::CloneTable& command) {
  ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, command.source));
  if (target.IsView()) {
    return Error("DELTA_CLONE_UNSUPPORTED_SOURCE", {{"name", SourceName(target)}, {"format", "View"}});
  }
  if (target.provider == "delta") return DeltaSource(context, command, target);
  const bool travels = command.version.has_value() || command.timestamp != nullptr;
  if (target.provider == "parquet" && !travels) return ParquetSource(context, target);
  return Error("DELTA_CLONE_UNSUPPORTED_SOURCE", {{"name", SourceName(target)}, {"format", target.provider}});
}

// Where the clone goes.
struct Place {
  std::string path;
  std::optional<TableEntry> entry;           // to register; nullopt for delta.`/path`
  std::shared_ptr<const Snapshot> existing;  // null: a new table
  bool done = false;                         // IF NOT EXISTS and it does
};

Result<std::shared_ptr<const Snapshot>> ExistingTable(const CommandContext& context, const std::string& path) {
  auto loaded = context.session->server()->catalog->LatestSnapshot(context.session, path);
  if (loaded.ok()) return std::move(*loaded);
  if (loaded.status().Is("DELTA_MISSING_TRANSACTION_LOG")) return std::shared_ptr<const Snapshot>();
  return loaded.status();
}

bool WantsExisting(const plan::CloneTable& command) { return command.replace && command.if_not_exists; }

Status NonEmptyLocation(const std::string& table, const std::string& location) {
  return Error("DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION", {{"tableId", table}, {"tableLocation", location}});
}

Result<Place> PathPlace(const CommandContext& context, const plan::CloneTable& command, const std::string& path) {
  Place place;
  place.path = path;
  const std::string shown = catalog::QuoteParts({"delta", path});
  if (!command.location.empty()) {
    ASSIGN_OR_RETURN(const std::string location, catalog::QualifyPath(context.session, command.location));
    if (location != path) {
      return Error("DELTA_CLONE_AMBIGUOUS_TARGET",
                   {{"externalLocation", command.location}, {"targetIdentifier", shown}});
    }
  }
  ASSIGN_OR_RETURN(place.existing, ExistingTable(context, path));
  if (place.existing == nullptr && WantsExisting(command))
    return Error("DELTA_CANNOT_REPLACE_MISSING_TABLE", {{"tableName", shown}});
  if (command.replace) return place;
  ASSIGN_OR_RETURN(const auto store, context.session->StoreFor(path));
  ASSIGN_OR_RETURN(const auto objects, store->ListRecursive(path));
  // delta-spark says so of an existing table too, even with IF NOT EXISTS.
  if (!objects.empty()) return NonEmptyLocation(shown, path);
  return place;
}

Result<Place> NamedPlace(const CommandContext& context, const plan::CloneTable& command,
                         const std::optional<catalog::TableTarget>& target) {
  ASSIGN_OR_RETURN(const auto name, catalog::QualifyName(context.session, command.target));
  catalog::ServerCatalog* server = context.session->server()->catalog;
  const std::string shown = catalog::QuoteParts({"spark_catalog", name.database, name.table});
  Place place;
  if (target.has_value()) {
    if (!command.replace && command.if_not_exists) {
      place.done = true;
      return place;
    }
    if (!command.replace) return Error("DELTA_TABLE_ALREADY_EXISTS", {{"tableName", shown}});
    place.path = target->path;
    place.entry = *target->entry;
    ASSIGN_OR_RETURN(place.existing, ExistingTable(context, place.path));
    return place;
  }
  if (WantsExisting(command)) {
    return Error("DELTA_CANNOT_REPLACE_MISSING_TABLE", {{"tableName", name.database + "." + name.table}});
  }
  if (!server->DatabaseExists(name.database))
    return Error("SCHEMA_NOT_FOUND", {{"schemaName", types::QuoteIdentifier(name.database)}});
  TableEntry entry;
  entry.database = name.database;
  entry.name = name.table;
  entry.provider = "delta";
  entry.type = command.location.empty() ? TableEntry::Type::kManaged : TableEntry::Type::kExternal;
  if (command.location.empty()) {
    entry.location = server->DefaultLocation(name);
  } else {
    ASSIGN_OR_RETURN(entry.location, catalog::QualifyPath(context.session, command.location));
  }
  place.path = entry.location;
  place.entry = std::move(entry);
  ASSIGN_OR_RETURN(place.existing, ExistingTable(context, place.path));
  if (place.existing != nullptr) return place;
  ASSIGN_OR_RETURN(const auto store, context.session->StoreFor(place.path));
  ASSIGN_OR_RETURN(const auto objects, store->ListRecursive(place.path));
  if (!objects.empty()) return NonEmptyLocation(shown, place.path);
  return place;
}

std::string ModeName(const delta::Metadata& metadata) {
  return delta::PropertyOf(metadata, "delta.columnMapping.mode");
}

Status CheckMappingMode(const delta::Metadata& before, const delta::Metadata& after) {
  if (ModeName(before) == ModeName(after)) return Status::Ok();
  return Error("DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE_CHANGE",
               {{"oldMode", ModeName(before)}, {"newMode", ModeName(after)}});
}

Result<delta::Metadata> TargetMetadata(const CommandContext& context, const plan::CloneTable& command,
                                       const Source& source, const Snapshot* existing) {
  delta::Metadata metadata = source.metadata;
  metadata.id = existing != nullptr ? existing->metadata().id : Random::System()->Uuid();
  metadata.name = existing != nullptr ? existing->metadata().name : std::nullopt;
  metadata.description = existing != nullptr ? existing->metadata().description : std::nullopt;
  if (existing != nullptr) MergeIdentityMarks(existing->metadata(), &metadata);
  const bool any = context.session->conf().GetBool("spark.databricks.delta.allowArbitraryProperties.enabled", false);
  const std::map<std::string, std::string> given(command.properties.begin(), command.properties.end());
  ASSIGN_OR_RETURN(const auto overrides, delta::ValidateProperties(given, any));
  for (const auto& [key, value] : overrides) metadata.configuration[key] = value;
  // The clone numbers its rows itself: ids that the source's files hold could be given again.
  delta::DropMaterializedRowColumns(&metadata);
  RETURN_IF_ERROR(CheckMappingMode(source.metadata, metadata));
  if (existing != nullptr) RETURN_IF_ERROR(CheckMappingMode(existing->metadata(), metadata));
  return metadata;
}

// The source's file as a file of the clone.
Result<AddFile> Absolute(const Source& source, AddFile file) {
  file.path = catalog::DisplayPath(delta::ResolveDataPath(source.path, file.path));
  if (file.deletion_vector.has_value() && file.deletion_vector->storage_type == "u") {
    ASSIGN_OR_RETURN(const std::string path, delta::DeletionVectorPath(source.path, *file.deletion_vector));
    file.deletion_vector->storage_type = "p";
    file.deletion_vector->path_or_inline = storage::UriEncodePath(catalog::DisplayPath(path));
  }
  file.data_change = true;
  // Row ids belong to the table that gave them.
  file.base_row_id.reset();
  file.default_row_commit_version.reset();
  return file;
}

ResultRows CloneRows() {
  ResultRows rows;
  for (const char* name : {"source_table_size", "source_num_of_files", "num_removed_files", "num_copied_files",
                           "removed_files_size", "copied_files_size"}) {
    rows.Column(name, types::TypeId::kLong);
  }
  return rows;
}

Status CommitClone(const CommandContext& context, const plan::CloneTable& command, const Source& source,
                   const Place& place, int64_t source_bytes) {
  ASSIGN_OR_RETURN(const auto io, context.session->server()->catalog->IoFor(context.session, place.path));
  delta::Transaction txn = place.existing == nullptr ? delta::Transaction(io, place.path, Random::System())
                                                     : delta::Transaction(io, place.existing, Random::System());
  ASSIGN_OR_RETURN(auto metadata, TargetMetadata(context, command, source, place.existing.get()));
  RETURN_IF_ERROR(txn.UpdateMetadata(std::move(metadata)));
  if (source.version >= 0) RETURN_IF_ERROR(txn.UpdateProtocol(delta::MergeProtocols(txn.protocol(), source.protocol)));
  RETURN_IF_ERROR(txn.CheckWritable());
  if (place.existing != nullptr) txn.ReadWholeTable();
  for (const auto& file : source.files) {
    ASSIGN_OR_RETURN(auto absolute, Absolute(source, file));
    txn.Add(std::move(absolute));
  }
  if (source.clustering.has_value()) txn.SetDomain(*source.clustering);
  delta::CommitOptions options;
  options.operation = "CLONE";
  options.operation_parameters = {{"source", source.name}, {"sourceVersion", std::to_string(source.version)}};
  options.operation_metrics = {
      {"removedFilesSize", "0"}, {"numRemovedFiles", "0"}, {"sourceTableSize", std::to_string(source_bytes)},
      {"numCopiedFiles", "0"},   {"copiedFilesSize", "0"}, {"sourceNumOfFiles", std::to_string(source.files.size())}};
  options.engine_info = EngineInfo();
  options.is_blind_append = false;
  options.records_missing_read_version = true;
  options.user_metadata = context.session->conf().Get("spark.databricks.delta.commitInfo.userMetadata");
  return txn.Commit(options).status();
}

}  // namespace

Result<engine::RelPtr> RunClone(const CommandContext& context, const plan::CloneTable& command) {
  if (!command.shallow) return Unsupported("DEEP CLONE");
  ASSIGN_OR_RETURN(const Source source, FindSource(context, command));
  ASSIGN_OR_RETURN(const auto target, catalog::FindTarget(context.session, command.target));
  Place place;
  if (target.has_value() && target->is_path) {
    ASSIGN_OR_RETURN(place, PathPlace(context, command, target->path));
  } else {
    ASSIGN_OR_RETURN(place, NamedPlace(context, command, target));
  }
  ResultRows rows = CloneRows();
  if (place.done) return rows.Build();
  if (place.existing != nullptr && !place.existing->files().empty()) return Error("DELTA_UNSUPPORTED_NON_EMPTY_CLONE");
  int64_t bytes = 0;
  for (const auto& file : source.files) bytes += file.size_bytes;
  RETURN_IF_ERROR(CommitClone(context, command, source, place, bytes));
  if (place.entry.has_value()) {
    RETURN_IF_ERROR(context.session->server()->catalog->PutTable(std::move(*place.entry), true));
  }
  const engine::Value zero{int64_t{0}};
  rows.Add({engine::Value{bytes}, engine::Value{static_cast<int64_t>(source.files.size())}, zero, zero, zero, zero});
  return rows.Build();
}

}  // namespace deltic::spark::command
