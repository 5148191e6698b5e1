// Commands: statements with side effects or metadata results, from Connect messages and SQL text alike.
// One struct per command; executed by spark/command, one file per family. Immutable, shared. This header has the
// queries, views, catalog and session commands, and brings in the other families.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spark/plan/command_kind.h"
#include "spark/plan/delta_maintenance.h"
#include "spark/plan/dml.h"
#include "spark/plan/table_ddl.h"
#include "spark/plan/write.h"

namespace deltic::spark::plan {

struct CreateView : Command {
  CreateView() : Command(CommandKind::kCreateView) {}
  NameParts name;
  std::vector<std::pair<std::string, std::string>> column_aliases;  // name, comment
  RelationPtr query;
  std::string text;  // of `query`, in SQL; empty when it was not
  std::vector<std::pair<std::string, std::string>> properties;
  bool is_temp = true;
  bool is_global = false;
  bool replace = false;
  bool alter = false;  // ALTER VIEW … AS: the view exists, temporary or not
  bool if_not_exists = false;
  std::string comment;
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
  std::string method;                            // camelCase as in pyspark.sql.Catalog: "listTables"
  std::vector<std::optional<std::string>> args;  // in declaration order; nullopt: absent
  Options options;                               // createTable
  std::optional<DataType> schema;                // createTable
};

struct RegisterFunction : Command {  // spark.udf.register, spark.udtf.register
  explicit RegisterFunction(std::shared_ptr<const engine::PythonFunction> f)
      : Command(CommandKind::kRegisterFunction), function(std::move(f)) {}
  std::shared_ptr<const engine::PythonFunction> function;
};

struct UnsupportedCommand : Command {
  explicit UnsupportedCommand(std::string w) : Command(CommandKind::kUnsupported), what(std::move(w)) {}
  std::string what;
};

// A parsed SQL statement: a query or a command.
struct Statement {
  RelationPtr query;  // exactly one of the two is set
  CommandPtr command;
};

}  // namespace deltic::spark::plan
