// What names an expression may refer to: the bound relation it stands over, its aggregation, lateral aliases, lambda
// variables, and the query around it. Plain data of one Binder; not thread-safe.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "spark/resolve/resolver.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::resolve {

struct Scope;
struct AggregateInfo;

// A column that names reach though it is not in the output: metadata columns, the other side's USING keys.
struct HiddenColumn {
  Column column;
  bool qualified_only = false;
};

struct Node {
  RelPtr rel;
  std::vector<HiddenColumn> hidden;
  std::shared_ptr<const Node> below;               // where ORDER BY and filters look for columns not selected
  std::shared_ptr<const AggregateInfo> aggregate;  // set while HAVING / ORDER BY may still add aggregates
};

// What an aggregation was built from, so that HAVING and ORDER BY above can use its input and groups.
struct AggregateInfo {
  Node input;
  std::vector<ExprPtr> groups;                      // over input
  std::shared_ptr<const engine::AggregateRel> rel;  // inside the node's tree
  ExprPtr grouping_id;                              // column of rel, null without grouping sets
};

// Names a query text can see besides columns.
struct CteDefinition;
struct Env {
  std::shared_ptr<const ViewMap> views;
  std::shared_ptr<const CteDefinition> ctes;  // innermost first
  const Scope* outer = nullptr;               // columns of the enclosing query
};
struct CteDefinition {
  std::string name;  // lower case
  plan::RelationPtr plan;
  Env env;  // at the definition
  std::shared_ptr<const CteDefinition> next;
  mutable bool used = false;  // by the query or another definition; the resolver's thread sets it
};

// One item of a select list after resolution.
struct NamedExpr {
  ExprPtr expr;
  std::string name;
  std::string metadata = "{}";
  std::vector<std::string> qualifier = {};
  bool attribute = false;  // a plain column: keeps its id
  ColumnId id = 0;         // the id its column is to have; 0: a fresh one
  int level = 0;           // how many projections of lateral aliases it needs below it
};

// A window() or session_window() call that is a column of the relation below.
struct TimeWindowColumn {
  std::string function;  // lower case
  std::vector<ExprPtr> args;
  Column column;
};

struct LateralAlias {
  std::string name;
  Column column;
  int level = 0;
};

// Everything an expression may refer to.
struct Scope {
  const Env* env = nullptr;
  const Node* node = nullptr;
  size_t log_start = 0;  // plan ids recorded since then are below
  const std::vector<LateralAlias>* laterals = nullptr;
  int lateral_level = 0;                     // out: deepest lateral alias used
  bool search_below = false;                 // look in Node::below too
  const AggregateInfo* aggregate = nullptr;  // HAVING / ORDER BY over an aggregation
  bool aggregate_input_first = false;        // resolving the argument of an aggregate function
  bool allow_grouping = false;               // grouping() and grouping_id() stand for something
  const TimeWindowColumn* time_window = nullptr;
  bool used_outer = false;     // out: correlated
  std::set<ColumnId> missing;  // out: found, but not in the node's output
  struct LambdaFrame {
    std::map<std::string, ExprPtr> variables;  // lower-case name
    const LambdaFrame* outer = nullptr;
  };
  const LambdaFrame* lambda = nullptr;
  std::unordered_multimap<std::string, size_t> index;  // lazily built over wide outputs
  bool indexed = false;
};

}  // namespace deltic::spark::resolve
