// Typed expression → DuckDB parsed expression. One ExpressionLowering serves one query.
//
// A column is the name "c<id>" unless the environment replaces it by an expression over the same FROM
// clause (how chains of projections collapse into one SELECT). Failures throw duckdb exceptions. Not
// thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "duckdb.hpp"
#include "duckdb/parser/expression/list.hpp"
#include "duckdb/parser/query_node.hpp"
#include "engine/plan/relation.h"

namespace deltic::engine {

using DuckExpr = duckdb::unique_ptr<duckdb::ParsedExpression>;
using ColumnEnv = std::unordered_map<ColumnId, const duckdb::ParsedExpression*>;

class ExpressionLowering {
 public:
  // `lower_query` lowers the plan of a subquery expression.
  using LowerQuery = std::function<duckdb::unique_ptr<duckdb::QueryNode>(const RelPtr&)>;
  explicit ExpressionLowering(LowerQuery lower_query) : lower_query_(std::move(lower_query)) {}

  // `env` may be null: every column by name.
  DuckExpr Lower(const ExprPtr& expr, const ColumnEnv* env);
  DuckExpr LowerAggregate(const Aggregate& aggregate, const ColumnEnv* env);
  duckdb::OrderByNode LowerSortKey(const SortKey& key, const ColumnEnv* env);

 private:
  DuckExpr LowerNode(const Expr& expr);
  DuckExpr Child(const ExprPtr& expr);
  DuckExpr LowerCall(const Call& call);
  DuckExpr LowerReserved(const Call& call, bool* handled);
  DuckExpr LowerWindow(const WindowExpr& window);
  DuckExpr LowerSubquery(const Subquery& subquery);
  DuckExpr LowerCase(const Case& node);
  DuckExpr LowerLambda(const Lambda& lambda);

  LowerQuery lower_query_;
  const ColumnEnv* env_ = nullptr;
  int depth_ = 0;
};

// --- small builders of parsed trees ---------------------------------------------------------------
DuckExpr ColumnByName(const std::string& name);
DuckExpr Constant(duckdb::Value value);
DuckExpr CastTo(DuckExpr child, const duckdb::LogicalType& type, bool try_cast = false);
DuckExpr Function(const std::string& name, duckdb::vector<DuckExpr> args);
template <typename... Args>
DuckExpr MakeFunction(const std::string& name, Args... args) {
  duckdb::vector<DuckExpr> list;
  (list.push_back(std::move(args)), ...);
  return Function(name, std::move(list));
}
DuckExpr Compare(duckdb::ExpressionType op, DuckExpr left, DuckExpr right);
DuckExpr Conjoin(DuckExpr left, DuckExpr right);  // either may be null
DuckExpr IsNull(DuckExpr child);
DuckExpr SparkCast(DuckExpr child, const DataType& from, const DataType& to, CastMode mode,
                   const std::string& time_zone);

// What the merging of SELECT nodes needs to know about an expression.
struct ExprFacts {
  int nodes = 0;
  bool has_subquery = false;
  bool has_window = false;
  bool has_call = false;
  std::unordered_map<ColumnId, int> uses;  // references per column
};
// `is_volatile(name)` is asked for every function name; the result is or-ed into *volatile_call.
ExprFacts FactsOf(const ExprPtr& expr, const std::function<bool(const std::string&)>& is_volatile, bool* volatile_call);

}  // namespace deltic::engine
