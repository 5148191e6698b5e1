// Typed relation tree → one DuckDB SELECT tree. Successive projections, filters, sorts and limits become
// one SelectNode where that cannot change the result; everything else nests as a subquery.
//
// LoweredQuery::keep_alive owns what the tree points at (Arrow streams, scan descriptions) and must live
// until the query is done. Failures throw duckdb exceptions. One Lowering per query; not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/parser/query_node/select_node.hpp"
#include "duckdb/parser/statement/select_statement.hpp"
#include "duckdb/parser/tableref/list.hpp"
#include "engine/engine.h"
#include "engine/lower_expression.h"
#include "engine/plan/python_relation.h"
#include "engine/plan/relation.h"
#include "engine/run_query.h"

namespace deltic::engine {

class ArrowSource;

struct LoweringContext {
  // True when the scalar function of this name is volatile (rand, uuid, …).
  std::function<bool(const std::string&)> is_volatile;
  QueryOptions options;
  // Starts another query on a connection of its own: the input of a Python function.
  std::function<RunningQuery(const RelPtr&)> start;
};

class Lowering {
 public:
  explicit Lowering(LoweringContext context);

  // SELECT whose columns are `plan->output` in order, each cast to its exact type. A relation without
  // columns gives one dummy column.
  duckdb::unique_ptr<duckdb::SelectStatement> LowerQuery(const RelPtr& plan);
  std::vector<std::shared_ptr<void>> TakeKeepAlive() { return std::move(keep_alive_); }

 private:
  // A SELECT under construction.
  struct Block {
    duckdb::unique_ptr<duckdb::TableRef> from;
    DuckExpr where;
    std::vector<std::pair<ColumnId, DuckExpr>> select;
    std::unordered_map<ColumnId, int> impure;  // select items that must be evaluated once: windows, volatile
    std::unordered_map<ColumnId, int> sizes;   // expression nodes of computed select items
    duckdb::vector<duckdb::OrderByNode> order;
    std::optional<int64_t> limit;
    int64_t offset = 0;
    bool limited = false;
    bool windowed = false;
  };

  Block Lower(const RelPtr& rel);
  Block LowerNode(const RelPtr& rel);
  Block LowerValues(const ValuesRel& rel);
  Block LowerArrow(const ArrowRel& rel);
  Block LowerRange(const RangeRel& rel);
  Block LowerFiles(const FilesRel& rel);
  Block LowerProject(const ProjectRel& rel);
  Block LowerFilter(const FilterRel& rel);
  Block LowerJoin(const JoinRel& rel);
  Block LowerAggregate(const AggregateRel& rel);
  Block LowerSort(const SortRel& rel);
  Block LowerLimit(const LimitRel& rel);
  Block LowerSetOp(const SetOpRel& rel);
  Block LowerDistinct(const DistinctRel& rel);
  Block LowerSample(const SampleRel& rel);
  Block LowerGenerate(const GenerateRel& rel);
  Block LowerCached(const CachedRel& rel);
  Block LowerPython(const PythonRel& rel);

  // A fresh block reading `from`, whose columns are named by `columns`.
  Block Over(duckdb::unique_ptr<duckdb::TableRef> from, const std::vector<Column>& columns);
  // Leaf: gives the table ref an alias and the column names of `columns`.
  Block Leaf(duckdb::unique_ptr<duckdb::TableRef> ref, const std::vector<Column>& columns);
  duckdb::unique_ptr<duckdb::SelectNode> Close(Block block);
  // Reads Arrow batches, each column converted to its exact type.
  Block Scan(const ArrowSource& source, const std::vector<Column>& output);
  // As a FROM item exposing columns "c<id>".
  duckdb::unique_ptr<duckdb::TableRef> AsTable(Block block);
  duckdb::unique_ptr<duckdb::SubqueryRef> Wrap(duckdb::unique_ptr<duckdb::QueryNode> node);
  Block Nest(Block block, const std::vector<Column>& columns);
  static ColumnEnv EnvOf(const Block& block);
  // Whether expressions with these facts may be evaluated inside the block's own SELECT.
  bool CanInline(const Block& block, const std::vector<ExprFacts>& facts, const std::vector<ExprPtr>& exprs) const;
  std::string NextAlias() { return "t" + std::to_string(next_alias_++); }

  LoweringContext context_;
  ExpressionLowering expressions_;
  std::vector<std::shared_ptr<void>> keep_alive_;
  int next_alias_ = 0;
  int depth_ = 0;
};

}  // namespace deltic::engine
