// The resolver: unresolved plan → typed plan, with Spark's rules for names, types, nullability, coercion and
// errors. One Resolver per query; not thread-safe. Recursion is bounded (kMaxDepth).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/engine.h"
#include "engine/plan/relation.h"
#include "spark/functions/registry.h"
#include "spark/plan/command.h"
#include "spark/sql/parser.h"

namespace deltic::spark::resolve {

inline constexpr int kMaxDepth = 1200;

struct TempView;
// Lower-case view name → definition. Immutable once published: a session swaps the whole map.
using ViewMap = std::map<std::string, TempView>;
struct TempView {
  plan::RelationPtr plan;
  std::shared_ptr<const ViewMap> scope;  // views visible to `plan`: those at its creation
  std::vector<std::string> column_aliases;
};

struct ResolveOptions {
  bool case_sensitive = false;
  sql::ParserOptions parser;
  functions::FunctionContext functions;
  std::function<bool()> interrupted;  // may be empty; polled by queries that resolving runs
  // Runs Python functions; null: they are refused. `python_task` has what every task of the session has.
  engine::PythonRunner* python = nullptr;
  engine::PythonTask python_task;
};

// What the resolver asks of its session. Implemented by spark/command. All results carry fresh column ids
// taken from Resolver::NewColumnId.
class Resolver;
class ResolveCatalog {
 public:
  virtual ~ResolveCatalog() = default;
  // Table, persisted view or path table; not CTEs or temp views. Missing: TABLE_OR_VIEW_NOT_FOUND.
  virtual Result<engine::RelPtr> ResolveTable(const plan::TableRelation& table, Resolver* resolver) = 0;
  virtual Result<engine::RelPtr> ResolveDataSource(const plan::DataSourceRelation& source, Resolver* resolver) = 0;
  // table_changes, table_changes_by_path and the like, with constant arguments. nullopt: not a function of ours.
  virtual Result<std::optional<engine::RelPtr>> ResolveTableFunction(const plan::TableFunction& function,
                                                                     const std::vector<engine::ExprPtr>& args,
                                                                     Resolver* resolver) = 0;
  virtual Result<engine::RelPtr> ResolveCachedRemote(const std::string& relation_id, Resolver* resolver) = 0;
  // Runs a command that stands as a relation and returns its rows. Only called when executing, not analysing:
  // when analysing, only its schema is needed (rows may be empty).
  virtual Result<engine::RelPtr> RunCommand(const plan::Command& command, Resolver* resolver) = 0;
  // A Python function registered by name; null: none.
  virtual std::shared_ptr<const engine::PythonFunction> FindPythonFunction(const std::string& name) = 0;
  // The plan with the kept rows of persisted DataFrames in it, for a query that is about to run.
  virtual Result<engine::RelPtr> ReadKept(const engine::RelPtr& plan, Resolver* resolver) = 0;
};

class Resolver {
 public:
  // `analyze_only`: no side effects, no data read beyond schemas. Pointers are borrowed for the query.
  Resolver(ResolveCatalog* catalog, engine::Engine* engine, std::shared_ptr<const ViewMap> views,
           ResolveOptions options, bool analyze_only);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  Result<engine::RelPtr> Resolve(const plan::RelationPtr& relation);
  // One expression against a relation's columns (write conditions, generated columns, skipping).
  Result<engine::ExprPtr> ResolveExpression(const plan::ExpressionPtr& expr, const engine::RelPtr& input);
  // An expression without columns, folded to a value of `type` (time travel timestamps, options).
  Result<engine::Value> EvaluateConstant(const plan::ExpressionPtr& expr, const types::DataType& type);

  engine::ColumnId NewColumnId();
  // The same relation with fresh ids for all its output columns (self joins, cached plans).
  engine::RelPtr WithFreshIds(const engine::RelPtr& relation);
  const ResolveOptions& options() const;
  engine::Engine* engine() const;
  bool analyze_only() const;
  // Observed metrics of the query (CollectMetrics): name → one-row relation to run after the query.
  const std::vector<std::pair<std::string, engine::RelPtr>>& observed() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The schema of a resolved relation as a Spark struct.
types::DataType SchemaOf(const engine::Rel& relation);

}  // namespace deltic::spark::resolve
