// The unresolved relation tree, its base and its sources (tables, files, client data): one form for Spark Connect
// messages and for SQL text. Immutable, shared. Operators are in relation.h.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/plan/relation.h"
#include "spark/plan/expression.h"

namespace deltic::spark::plan {

// Option names keep their case; look them up case-insensitively (Spark's CaseInsensitiveMap).
using Options = std::vector<std::pair<std::string, std::string>>;
// The value of an option by its name, whose case does not count; nullopt: not given. The first one given wins.
std::optional<std::string> FindOption(const Options& options, std::string_view name);
// As FindOption for "true"/"false" in any case; any other text is false.
bool FindFlag(const Options& options, std::string_view name, bool fallback);
using NameParts = std::vector<std::string>;

enum class RelationKind : uint8_t {
  // sources
  kTable,
  kDataSource,
  kLocalData,
  kRange,
  kOneRow,
  kInlineTable,
  kTableFunction,
  kPythonTable,
  kSqlText,
  kCachedRemote,
  // operators
  kProject,
  kWithColumns,
  kWithColumnsRenamed,
  kDrop,
  kFilter,
  kJoin,
  kAggregate,
  kSetOp,
  kSort,
  kLimit,
  kTail,
  kDeduplicate,
  kSample,
  kSubqueryAlias,
  kWith,
  kLateralView,
  kToDf,
  kToSchema,
  kRepartition,
  kHint,
  kUnpivot,
  kNaFill,
  kNaDrop,
  kNaReplace,
  kCollectMetrics,
  kParse,
  kMapPartitions,
  kGroupMap,
  kWatermark,
  // statistics (each has the output of the Spark function of that name)
  kDescribe,
  kSummary,
  kCrosstab,
  kCov,
  kCorr,
  kApproxQuantile,
  kFreqItems,
  kSampleBy,
  // rendered results: one row, one string column
  kShowString,
  kHtmlString,
  // result of a command used as a relation (SHOW TABLES, DESCRIBE …, catalog calls)
  kCommandResult,
  kUnsupported,
};

struct Relation {
  explicit Relation(RelationKind k) : kind(k) {}
  virtual ~Relation() = default;
  template <typename T>
  const T& As() const {
    return static_cast<const T&>(*this);
  }
  const RelationKind kind;
  int64_t plan_id = -1;  // Connect's RelationCommon.plan_id
  Origin origin;
};

struct TimeTravel {
  std::optional<int64_t> version;
  ExpressionPtr timestamp;  // any timestamp-castable expression without columns
};

// A named table, view, CTE, or path table (delta.`/p`, parquet.`/p`: parts {"delta", "/p"}).
struct TableRelation : Relation {
  explicit TableRelation(NameParts n) : Relation(RelationKind::kTable), name(std::move(n)) {}
  NameParts name;
  Options options;  // spark.read.options(…).table(…)
  std::optional<TimeTravel> time_travel;
  bool streaming = false;
};

// spark.read.format(…).schema(…).options(…).load(paths)
struct DataSourceRelation : Relation {
  DataSourceRelation() : Relation(RelationKind::kDataSource) {}
  std::string format;  // lower case; empty: spark.sql.sources.default
  std::string schema;  // DDL or JSON text; empty: inferred
  Options options;
  std::vector<std::string> paths;
  bool streaming = false;
};

struct LocalData : Relation {  // createDataFrame
  LocalData() : Relation(RelationKind::kLocalData) {}
  std::shared_ptr<const std::string> arrow_ipc;  // null: no data
  std::string schema;                            // DDL or JSON text; empty: the Arrow schema
};

struct RangeRelation : Relation {
  RangeRelation(int64_t s, int64_t e, int64_t st) : Relation(RelationKind::kRange), start(s), end(e), step(st) {}
  int64_t start, end, step;
};

struct OneRowRelation : Relation {  // SELECT without FROM
  OneRowRelation() : Relation(RelationKind::kOneRow) {}
};

struct InlineTable : Relation {  // VALUES (…), (…)
  explicit InlineTable(std::vector<std::vector<ExpressionPtr>> r)
      : Relation(RelationKind::kInlineTable), rows(std::move(r)) {}
  std::vector<std::vector<ExpressionPtr>> rows;  // columns are named col1, col2, …
};

// range(…), explode(…), table_changes(…), … in FROM or as a Connect table-valued function.
struct TableFunction : Relation {
  TableFunction(NameParts n, std::vector<ExpressionPtr> a)
      : Relation(RelationKind::kTableFunction), name(std::move(n)), args(std::move(a)) {}
  NameParts name;
  std::vector<ExpressionPtr> args;
};

struct PythonTable : Relation {  // a Python table function over constant arguments
  PythonTable(std::shared_ptr<const engine::PythonFunction> f, std::vector<ExpressionPtr> a)
      : Relation(RelationKind::kPythonTable), function(std::move(f)), args(std::move(a)) {}
  std::shared_ptr<const engine::PythonFunction> function;
  std::vector<ExpressionPtr> args;
};

struct SqlText : Relation {  // Connect's SQL relation; parsed by the resolver, must be a query
  explicit SqlText(std::string q) : Relation(RelationKind::kSqlText), query(std::move(q)) {}
  std::string query;
  std::map<std::string, ExpressionPtr> named_args;
  std::vector<ExpressionPtr> positional_args;
};

struct CachedRemote : Relation {
  explicit CachedRemote(std::string id) : Relation(RelationKind::kCachedRemote), relation_id(std::move(id)) {}
  std::string relation_id;
};

}  // namespace deltic::spark::plan
