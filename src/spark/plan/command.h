// Commands: statements with side effects or metadata results, from Connect messages and SQL text alike.
// One struct per command; executed by spark/command, one file per family. Immutable, shared.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spark/plan/relation.h"

namespace deltic::spark::plan {

enum class CommandKind : uint8_t {
  kSaveToPath, kSaveAsTable, kInsertIntoName, kWriteTo,            // DataFrameWriter, DataFrameWriterV2
  kCreateView, kCreateTable, kInsert, kDropTable, kDropView, kTruncate,
  kCreateDatabase, kDropDatabase, kUse,
  kShowTables, kShowDatabases, kShowColumns, kShowTableProperties, kShowCreateTable, kShowFunctions, kShowViews,
  kShowCatalogs, kShowPartitions, kDescribeTable, kDescribeQuery, kDescribeDatabase, kDescribeFunction,
  kDescribeHistory, kDescribeDetail,
  kSet, kReset, kSetTimeZone, kCacheTable, kUncacheTable, kClearCache, kRefresh, kExplain,
  kCatalogCall, kAlterTable,
  kUnsupported,
};

struct Command {
  explicit Command(CommandKind k) : kind(k) {}
  virtual ~Command() = default;
  template <typename T>
  const T& As() const {
    return static_cast<const T&>(*this);
  }
  const CommandKind kind;
  Origin origin;
};
using CommandPtr = std::shared_ptr<const Command>;

enum class SaveMode : uint8_t { kErrorIfExists, kAppend, kOverwrite, kIgnore };

// df.write…: save(path) (kSaveToPath), saveAsTable (kSaveAsTable), insertInto (kInsertIntoName).
struct WriteCommand : Command {
  explicit WriteCommand(CommandKind k) : Command(k) {}
  RelationPtr input;
  std::string format;   // lower case; empty: default source (delta here, as the server is configured)
  std::string path;
  NameParts table;
  SaveMode mode = SaveMode::kErrorIfExists;
  std::vector<std::string> partition_by;
  std::vector<std::string> sort_by;
  int32_t num_buckets = 0;  // bucketBy: refused for delta
  std::vector<std::string> cluster_by;
  Options options;
};

// df.writeTo(t).using(p).create()/replace()/createOrReplace()/append()/overwrite(cond)/overwritePartitions()
struct WriteToCommand : Command {
  enum class Mode : uint8_t { kCreate, kOverwrite, kOverwritePartitions, kAppend, kReplace, kCreateOrReplace };
  WriteToCommand() : Command(CommandKind::kWriteTo) {}
  RelationPtr input;
  NameParts table;
  std::string provider;
  std::vector<ExpressionPtr> partitioned_by;
  Options options;
  Options table_properties;
  Mode mode = Mode::kCreate;
  ExpressionPtr overwrite_condition;
};

struct CreateView : Command {
  CreateView() : Command(CommandKind::kCreateView) {}
  NameParts name;
  std::vector<std::pair<std::string, std::string>> column_aliases;  // name, comment
  RelationPtr query;
  bool is_temp = true;
  bool is_global = false;
  bool replace = false;
  bool if_not_exists = false;
  std::string comment;
};

struct ColumnDefinition {
  std::string name;
  DataType type;
  bool nullable = true;
  std::string comment;
  bool has_comment = false;
  std::string default_sql;     // DEFAULT expr text; empty: none
  std::string generated_sql;   // GENERATED ALWAYS AS (expr); empty: none
  bool identity = false;
  bool identity_always = true;
  int64_t identity_start = 1, identity_step = 1;
};

// CREATE [OR REPLACE] TABLE … [USING] … [AS query], REPLACE TABLE, CREATE TABLE LIKE.
struct CreateTable : Command {
  CreateTable() : Command(CommandKind::kCreateTable) {}
  NameParts name;  // {"delta", "/path"} for delta.`/path`
  std::vector<ColumnDefinition> columns;
  std::string provider;  // lower case; empty: default
  std::vector<std::string> partition_by;      // column names; PARTITIONED BY (a INT) also appends to columns
  std::vector<std::vector<std::string>> cluster_by;
  Options properties;  // TBLPROPERTIES
  Options options;     // OPTIONS
  std::string location;
  std::string comment;
  bool has_comment = false;
  bool if_not_exists = false;
  bool create = true;   // CREATE or CREATE OR REPLACE
  bool replace = false; // REPLACE or CREATE OR REPLACE
  bool external = false;
  RelationPtr query;    // AS SELECT; null: none
  NameParts like;       // LIKE source; empty: none
};

// INSERT INTO/OVERWRITE [TABLE] t [PARTITION (…)] [(cols)] [BY NAME] query; INSERT INTO t REPLACE WHERE cond query
struct Insert : Command {
  Insert() : Command(CommandKind::kInsert) {}
  NameParts table;
  std::vector<std::string> columns;  // explicit column list
  std::vector<std::pair<std::string, ExpressionPtr>> partition;  // PARTITION (p = 1, q): null = dynamic
  RelationPtr query;
  bool overwrite = false;
  bool by_name = false;
  bool if_partition_not_exists = false;
  ExpressionPtr replace_where;
};

// DROP TABLE/VIEW, TRUNCATE TABLE, REFRESH TABLE, UNCACHE TABLE: `if_exists`, `purge` where the syntax has them.
struct TableCommand : Command {
  explicit TableCommand(CommandKind k) : Command(k) {}
  NameParts table;
  bool if_exists = false;
  bool purge = false;
};

struct DatabaseCommand : Command {  // CREATE/DROP DATABASE, USE, DESCRIBE DATABASE
  explicit DatabaseCommand(CommandKind k) : Command(k) {}
  NameParts name;
  bool if_exists = false;  // or IF NOT EXISTS
  bool cascade = false;
  bool extended = false;
  std::string location, comment;
  Options properties;
};

struct ShowCommand : Command {  // SHOW …
  explicit ShowCommand(CommandKind k) : Command(k) {}
  NameParts target;     // IN database / table name / function
  std::string pattern;  // LIKE 'pattern'; empty: all
  std::string key;      // SHOW TBLPROPERTIES t ('key')
  std::string scope;    // SHOW USER|SYSTEM|ALL FUNCTIONS
};

struct DescribeTable : Command {
  DescribeTable() : Command(CommandKind::kDescribeTable) {}
  NameParts table;
  bool extended = false;
  NameParts column;  // DESCRIBE t col
};

struct QueryCommand : Command {  // DESCRIBE QUERY, EXPLAIN
  explicit QueryCommand(CommandKind k) : Command(k) {}
  RelationPtr query;
  std::string mode;  // EXPLAIN: simple extended codegen cost formatted
};

struct DescribeFunction : Command {
  DescribeFunction() : Command(CommandKind::kDescribeFunction) {}
  std::string name;
  bool extended = false;
};

struct DescribeDelta : Command {  // DESCRIBE HISTORY t [LIMIT n], DESCRIBE DETAIL t
  explicit DescribeDelta(CommandKind k) : Command(k) {}
  NameParts table;
  std::optional<int64_t> limit;
};

struct SetCommand : Command {  // SET, SET k, SET k=v, SET -v; RESET [k]; SET TIME ZONE v
  explicit SetCommand(CommandKind k) : Command(k) {}
  std::optional<std::string> key;
  std::optional<std::string> value;
  bool verbose = false;
};

struct CacheTable : Command {
  CacheTable() : Command(CommandKind::kCacheTable) {}
  NameParts table;
  bool lazy = false;
  Options options;
  RelationPtr query;  // CACHE TABLE t AS query
};

// Connect's catalog relations: listTables, tableExists, currentDatabase, … by method name with arguments.
struct CatalogCall : Command {
  explicit CatalogCall(std::string m) : Command(CommandKind::kCatalogCall), method(std::move(m)) {}
  std::string method;  // camelCase as in pyspark.sql.Catalog: "listTables"
  std::vector<std::optional<std::string>> args;  // in declaration order; nullopt: absent
  Options options;                               // createTable
  std::optional<DataType> schema;                // createTable
};

// ALTER TABLE t SET/UNSET TBLPROPERTIES, ADD COLUMNS, …; actions beyond those are refused by name.
struct AlterTable : Command {
  AlterTable() : Command(CommandKind::kAlterTable) {}
  NameParts table;
  std::string action;  // "SET TBLPROPERTIES" "UNSET TBLPROPERTIES" "ADD COLUMNS" "RENAME TO" …
  Options properties;
  std::vector<ColumnDefinition> columns;
  NameParts new_name;
  bool if_exists = false;
};

struct UnsupportedCommand : Command {
  explicit UnsupportedCommand(std::string w) : Command(CommandKind::kUnsupported), what(std::move(w)) {}
  std::string what;
};

// A parsed SQL statement: a query or a command.
struct Statement {
  RelationPtr query;   // exactly one of the two is set
  CommandPtr command;
};

}  // namespace deltic::spark::plan
