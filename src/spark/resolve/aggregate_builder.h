// Builds one aggregation: collects groups and aggregate functions out of bound expressions and leaves expressions
// over the aggregation's output. One per Aggregate; not thread-safe.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "spark/resolve/binder.h"

namespace deltic::spark::resolve {

class AggregateBuilder {
 public:
  AggregateBuilder(Binder* binder, Node input) : binder_(binder), input_(std::move(input)) {}
  // Goes on with an aggregation that exists already (HAVING, ORDER BY).
  AggregateBuilder(Binder* binder, const AggregateInfo& info);

  // Index of the group; equal expressions are one group.
  int AddGroup(const ExprPtr& expr, const std::string& name);
  void SetGroupingSets(std::vector<std::vector<int>> sets);
  size_t group_count() const { return groups_.size(); }
  // The expression with groups, aggregates and grouping() replaced by columns of the aggregation. Other columns
  // of the input are MISSING_AGGREGATION / MISSING_GROUP_BY, unless their id is in `allowed`.
  Result<ExprPtr> Lift(const ExprPtr& expr, const std::set<ColumnId>& allowed);
  // The aggregation so far, below it the input.
  std::shared_ptr<const engine::AggregateRel> BuildRel();
  Result<Node> BuildSelect(std::vector<NamedExpr> items);
  // A select list with a generator over aggregates: SELECT explode(collect_list(x)).
  Result<Node> BuildGenerator(const plan::Aggregate& aggregate, size_t at, const Env& env, size_t log_start);
  AggregateInfo Info(std::shared_ptr<const engine::AggregateRel> rel) const;

 private:
  Result<ExprPtr> LiftGrouping(const engine::Call& marker);
  Status MissingAggregation(ColumnId id) const;
  std::string InputName(ColumnId id) const;
  bool FromInput(ColumnId id) const;
  void EnsureGroupingId();

  Binder* const binder_;
  Node input_;
  std::vector<ExprPtr> groups_;
  std::vector<Column> group_columns_;
  std::vector<ExprPtr> aggregates_;
  std::vector<Column> aggregate_columns_;
  std::vector<std::vector<int>> grouping_sets_;
  Column grouping_id_;  // id 0: none
};

}  // namespace deltic::spark::resolve
