// Databases and tables of a server, shared by its sessions, and the cache of Delta snapshots.
//
// The warehouse directory is the truth for managed Delta tables: <warehouse>/<table> and
// <warehouse>/<db>.db/<table> are found there, so they outlive the server. External tables, tables of other formats
// and persistent views live as long as the server, as in Spark's in-memory catalog. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "delta/snapshot/snapshot.h"
#include "spark/session/plan_cache.h"
#include "types/data_type.h"

namespace deltic::spark::session {
class Session;
}

namespace deltic::spark::catalog {

struct TableName {
  std::string database;
  std::string table;
};

struct TableEntry {
  enum class Type : uint8_t { kManaged, kExternal, kView };
  std::string database;
  std::string name;
  Type type = Type::kManaged;
  std::string provider;                                  // delta, parquet, csv, json, text
  std::string location;                                  // qualified path
  types::DataType schema = types::DataType::Struct({});  // not for delta, whose log has it
  std::vector<std::string> partition_columns;
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<std::pair<std::string, std::string>> properties;
  std::string comment;
  std::string view_text;                  // SQL; the columns are those of `schema`, in order
  std::string view_database;              // current database when the view was made
  std::vector<std::string> view_columns;  // the names that the query gave its columns then
};

struct DatabaseEntry {
  std::string name;
  std::string location;
  std::string comment;
  std::vector<std::pair<std::string, std::string>> properties;
};

class ServerCatalog : public delta::CommitObserver {
 public:
  // `warehouse_dir` absolute, local or on S3. `parquet` is borrowed and outlives the catalog. `conf`: the server's own
  // settings, with which the warehouse is opened; tables are read and written with those of the session at hand.
  ServerCatalog(std::string warehouse_dir, delta::ParquetIo* parquet, Clock* clock,
                std::map<std::string, std::string> conf = {});

  const std::string& warehouse_dir() const { return warehouse_dir_; }

  // --- databases (names are case-insensitive) ---
  bool DatabaseExists(const std::string& name);
  std::optional<DatabaseEntry> FindDatabase(const std::string& name);
  std::vector<DatabaseEntry> ListDatabases();
  Status CreateDatabase(DatabaseEntry database, bool if_not_exists);
  // SCHEMA_NOT_EMPTY unless `cascade`, which drops the tables.
  Status DropDatabase(const std::string& name, bool if_exists, bool cascade);

  // --- tables ---
  std::optional<TableEntry> FindTable(const TableName& name);
  std::vector<TableEntry> ListTables(const std::string& database);
  // Registers; TABLE_OR_VIEW_ALREADY_EXISTS unless `replace`.
  Status PutTable(TableEntry entry, bool replace);
  // Forgets the table; a managed one's files are deleted.
  Status DropTable(const TableName& name);
  std::string DefaultLocation(const TableName& name);

  // --- Delta ---
  // Without a session only local tables can be opened; others are refused by name.
  Result<delta::TableIo> IoFor(const session::Session* session, const std::string& table_path);
  Result<delta::TableIo> IoFor(const std::string& local_path);
  // Latest snapshot, refreshed from the cached one. Sessions whose settings lead to other stores share none.
  Result<std::shared_ptr<const delta::Snapshot>> LatestSnapshot(const session::Session* session,
                                                                const std::string& table_path);
  Result<std::shared_ptr<const delta::Snapshot>> LatestSnapshot(const std::string& local_path);
  void ForgetSnapshot(const std::string& table_path);

  // --- writes of this server, for cached rows ---
  session::WriteLog& writes() { return writes_; }
  void Committed(const std::string& table_path) override { writes_.Note(table_path); }

 private:
  std::optional<TableEntry> Discover(const TableName& name);
  Result<std::shared_ptr<storage::ObjectStore>> WarehouseStore(std::string_view path) const;
  std::optional<DatabaseEntry> FindDatabaseLocked(const std::string& key);
  Result<std::shared_ptr<const delta::Snapshot>> Latest(const delta::TableIo& io, const std::string& table_path);
  void ForgetSnapshotLocked(const std::string& table_path);

  const std::string warehouse_dir_;
  delta::ParquetIo* const parquet_;
  Clock* const clock_;
  const std::map<std::string, std::string> conf_;
  std::mutex mutex_;                                // guards the maps; never held during I/O on tables
  std::map<std::string, DatabaseEntry> databases_;  // lower-case name
  std::map<std::pair<std::string, std::string>, TableEntry> tables_;  // lower-case database, table
  struct CachedSnapshot {
    std::shared_ptr<const delta::Snapshot> snapshot;
    uint64_t used = 0;
  };
  std::map<std::string, CachedSnapshot> snapshots_;  // by native table path, at most kMaxSnapshots
  uint64_t use_counter_ = 0;
  session::WriteLog writes_;
};

}  // namespace deltic::spark::catalog
