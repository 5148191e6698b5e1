#include "spark/catalog/server_catalog.h"

#include <algorithm>

#include "base/log.h"
#include "spark/session/s3a_options.h"
#include "spark/session/session.h"
#include "storage/object_store.h"

namespace deltic::spark::catalog {
namespace {

constexpr size_t kMaxSnapshots = 256;

std::pair<std::string, std::string> Key(const TableName& name) {
  return {types::ToLower(name.database), types::ToLower(name.table)};
}

// A store that does not answer hides what it holds; that is worth a line.
Result<std::vector<std::string>> DirectoriesIn(const Result<std::shared_ptr<storage::ObjectStore>>& store,
                                               const std::string& location) {
  if (!store.ok()) return store.status();
  auto directories = (*store)->ListDirectories(location);
  if (!directories.ok()) {
    Log(LogLevel::kWarn, "warehouse_unreadable", {{"location", location}, {"error", directories.status().ToString()}});
  }
  return directories;
}

}  // namespace

ServerCatalog::ServerCatalog(std::string warehouse_dir, delta::ParquetIo* parquet, Clock* clock,
                             std::map<std::string, std::string> conf)
    : warehouse_dir_(std::move(warehouse_dir)), parquet_(parquet), clock_(clock), conf_(std::move(conf)) {
  databases_["default"] = {"default", warehouse_dir_, "default database", {}};
}

Result<std::shared_ptr<storage::ObjectStore>> ServerCatalog::WarehouseStore(std::string_view path) const {
  return session::OpenStore(path, [this] { return conf_; });
}

std::optional<DatabaseEntry> ServerCatalog::FindDatabaseLocked(const std::string& key) {
  const auto it = databases_.find(key);
  if (it != databases_.end()) return it->second;
  return std::nullopt;
}

std::optional<DatabaseEntry> ServerCatalog::FindDatabase(const std::string& name) {
  const std::string key = types::ToLower(name);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (auto found = FindDatabaseLocked(key)) return found;
  }
  for (const DatabaseEntry& database : ListDatabases()) {
    if (types::EqualsIgnoreCase(database.name, name)) return database;
  }
  return std::nullopt;
}

bool ServerCatalog::DatabaseExists(const std::string& name) { return FindDatabase(name).has_value(); }

std::vector<DatabaseEntry> ServerCatalog::ListDatabases() {
  std::map<std::string, DatabaseEntry> all;
  const auto directories = DirectoriesIn(WarehouseStore(warehouse_dir_), warehouse_dir_);
  if (directories.ok()) {
    for (const std::string& directory : *directories) {
      if (!directory.ends_with(".db") || directory.size() <= 3) continue;
      const std::string name = directory.substr(0, directory.size() - 3);
      all[types::ToLower(name)] = {name, storage::JoinPath(warehouse_dir_, directory), "", {}};
    }
  }
  std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [key, database] : databases_) all[key] = database;
  std::vector<DatabaseEntry> out;
  for (auto& [key, database] : all) out.push_back(std::move(database));
  return out;
}

Status ServerCatalog::CreateDatabase(DatabaseEntry database, bool if_not_exists) {
  if (DatabaseExists(database.name)) {
    if (if_not_exists) return Status::Ok();
    return Error("SCHEMA_ALREADY_EXISTS", {{"schemaName", types::QuoteIdentifier(database.name)}});
  }
  if (database.location.empty()) {
    database.location = storage::JoinPath(warehouse_dir_, types::ToLower(database.name) + ".db");
  }
  std::lock_guard<std::mutex> lock(mutex_);
  databases_[types::ToLower(database.name)] = std::move(database);
  return Status::Ok();
}

Status ServerCatalog::DropDatabase(const std::string& name, bool if_exists, bool cascade) {
  const auto database = FindDatabase(name);
  if (!database.has_value()) {
    if (if_exists) return Status::Ok();
    return Error("SCHEMA_NOT_FOUND", {{"schemaName", types::QuoteIdentifier(name)}});
  }
  if (types::EqualsIgnoreCase(name, "default")) {
    return Error("_LEGACY_ERROR_TEMP_1067", {}, "Can not drop default database");
  }
  const auto tables = ListTables(name);
  if (!tables.empty() && !cascade) {
    return Error("SCHEMA_NOT_EMPTY", {{"schemaName", types::QuoteIdentifier(name)}});
  }
  for (const TableEntry& table : tables) RETURN_IF_ERROR(DropTable({table.database, table.name}));
  if (database->location.starts_with(warehouse_dir_ + "/")) {
    ASSIGN_OR_RETURN(const auto store, WarehouseStore(database->location));
    RETURN_IF_ERROR(store->DeleteRecursive(database->location));
  }
  std::lock_guard<std::mutex> lock(mutex_);
  databases_.erase(types::ToLower(name));
  return Status::Ok();
}

std::string ServerCatalog::DefaultLocation(const TableName& name) {
  const auto database = FindDatabase(name.database);
  const std::string root = database.has_value() ? database->location : warehouse_dir_;
  return storage::JoinPath(root, types::ToLower(name.table));
}

std::optional<TableEntry> ServerCatalog::Discover(const TableName& name) {
  if (name.table.empty() || name.table.find('/') != std::string::npos || name.table[0] == '.') return std::nullopt;
  const std::string location = DefaultLocation(name);
  const auto store = WarehouseStore(location);
  if (!store.ok()) return std::nullopt;
  const auto is_delta = delta::IsDeltaTable(store->get(), location);
  if (!is_delta.ok()) {
    Log(LogLevel::kWarn, "warehouse_unreadable", {{"location", location}, {"error", is_delta.status().ToString()}});
  }
  if (!is_delta.ok() || !*is_delta) return std::nullopt;
  TableEntry entry;
  entry.database = types::ToLower(name.database);
  entry.name = types::ToLower(name.table);
  entry.provider = "delta";
  entry.location = location;
  return entry;
}

std::optional<TableEntry> ServerCatalog::FindTable(const TableName& name) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = tables_.find(Key(name));
    if (it != tables_.end()) return it->second;
  }
  return Discover(name);
}

std::vector<TableEntry> ServerCatalog::ListTables(const std::string& database) {
  std::map<std::string, TableEntry> all;
  const auto entry = FindDatabase(database);
  if (entry.has_value()) {
    const auto directories = DirectoriesIn(WarehouseStore(entry->location), entry->location);
    if (directories.ok()) {
      for (const std::string& directory : *directories) {
        if (auto found = Discover({database, directory})) all[types::ToLower(directory)] = *found;
      }
    }
  }
  std::lock_guard<std::mutex> lock(mutex_);
  const std::string key = types::ToLower(database);
  for (const auto& [name, table] : tables_) {
    if (name.first == key) all[name.second] = table;
  }
  std::vector<TableEntry> out;
  for (auto& [name, table] : all) out.push_back(std::move(table));
  return out;
}

Status ServerCatalog::PutTable(TableEntry entry, bool replace) {
  const TableName name{entry.database, entry.name};
  if (!replace && FindTable(name).has_value()) {
    return Error("TABLE_OR_VIEW_ALREADY_EXISTS",
                 {{"relationName", "`spark_catalog`.`" + name.database + "`.`" + name.table + "`"}});
  }
  std::lock_guard<std::mutex> lock(mutex_);
  tables_[Key(name)] = std::move(entry);
  return Status::Ok();
}

Status ServerCatalog::DropTable(const TableName& name) {
  const auto entry = FindTable(name);
  if (!entry.has_value()) return Status::Ok();
  {
    std::lock_guard<std::mutex> lock(mutex_);
    tables_.erase(Key(name));
    ForgetSnapshotLocked(entry->location);
  }
  writes_.Note(entry->location);
  if (entry->type != TableEntry::Type::kManaged) return Status::Ok();
  ASSIGN_OR_RETURN(auto store, WarehouseStore(entry->location));
  return store->DeleteRecursive(entry->location);
}

Result<delta::TableIo> ServerCatalog::IoFor(const session::Session* session, const std::string& table_path) {
  ASSIGN_OR_RETURN(auto store, session->StoreFor(table_path));
  const bool fatal = session->conf().GetBool("spark.databricks.delta.checksum.mismatch.fatal", true);
  return delta::TableIo{std::move(store), parquet_, clock_, this, fatal};
}

Result<delta::TableIo> ServerCatalog::IoFor(const std::string& local_path) {
  ASSIGN_OR_RETURN(auto store, storage::StoreFor(local_path));
  return delta::TableIo{std::move(store), parquet_, clock_, this};
}

Result<std::shared_ptr<const delta::Snapshot>> ServerCatalog::LatestSnapshot(const session::Session* session,
                                                                             const std::string& table_path) {
  ASSIGN_OR_RETURN(const auto io, IoFor(session, table_path));
  return Latest(io, table_path);
}

Result<std::shared_ptr<const delta::Snapshot>> ServerCatalog::LatestSnapshot(const std::string& local_path) {
  ASSIGN_OR_RETURN(const auto io, IoFor(local_path));
  return Latest(io, local_path);
}

Result<std::shared_ptr<const delta::Snapshot>> ServerCatalog::Latest(const delta::TableIo& io,
                                                                     const std::string& table_path) {
  // The native path stands for the store with its settings, too.
  const std::string key = io.store->NativePath(table_path);
  std::shared_ptr<const delta::Snapshot> previous;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = snapshots_.find(key);
    if (it != snapshots_.end()) previous = it->second.snapshot;
  }
  auto loaded = previous != nullptr ? delta::Snapshot::Refresh(io, previous) : delta::Snapshot::Load(io, table_path);
  if (!loaded.ok()) {
    ForgetSnapshot(table_path);
    return loaded.status();
  }
  std::lock_guard<std::mutex> lock(mutex_);
  if (snapshots_.size() >= kMaxSnapshots && !snapshots_.contains(key)) {
    const auto oldest = std::min_element(snapshots_.begin(), snapshots_.end(),
                                         [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
    snapshots_.erase(oldest);
  }
  snapshots_[key] = {*loaded, ++use_counter_};
  return loaded;
}

void ServerCatalog::ForgetSnapshotLocked(const std::string& table_path) {
  std::erase_if(snapshots_, [&](const auto& entry) { return storage::DisplayOfNative(entry.first) == table_path; });
}

void ServerCatalog::ForgetSnapshot(const std::string& table_path) {
  std::lock_guard<std::mutex> lock(mutex_);
  ForgetSnapshotLocked(table_path);
}

}  // namespace deltic::spark::catalog
