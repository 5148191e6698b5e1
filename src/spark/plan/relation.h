// The unresolved relation tree, its operators: one form for Spark Connect messages and for SQL text. Immutable, shared.
// The base and the sources are in relation_source.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spark/plan/relation_na.h"
#include "spark/plan/relation_python.h"
#include "spark/plan/relation_source.h"

namespace deltic::spark::plan {

struct Project : Relation {
  Project(RelationPtr c, std::vector<ExpressionPtr> e)
      : Relation(RelationKind::kProject), child(std::move(c)), exprs(std::move(e)) {}
  RelationPtr child;
  std::vector<ExpressionPtr> exprs;
};

struct WithColumns : Relation {
  WithColumns(RelationPtr c, std::vector<ExpressionPtr> a)
      : Relation(RelationKind::kWithColumns), child(std::move(c)), aliases(std::move(a)) {}
  RelationPtr child;
  std::vector<ExpressionPtr> aliases;  // Alias nodes with one name
};

struct WithColumnsRenamed : Relation {
  WithColumnsRenamed(RelationPtr c, std::vector<std::pair<std::string, std::string>> r)
      : Relation(RelationKind::kWithColumnsRenamed), child(std::move(c)), renames(std::move(r)) {}
  RelationPtr child;
  std::vector<std::pair<std::string, std::string>> renames;  // applied in order
};

struct Drop : Relation {
  explicit Drop(RelationPtr c) : Relation(RelationKind::kDrop), child(std::move(c)) {}
  RelationPtr child;
  std::vector<ExpressionPtr> columns;
  std::vector<std::string> names;  // unknown ones are ignored
};

struct Filter : Relation {
  Filter(RelationPtr c, ExpressionPtr p)
      : Relation(RelationKind::kFilter), child(std::move(c)), condition(std::move(p)) {}
  RelationPtr child;
  ExpressionPtr condition;
  bool is_having = false;  // HAVING: may use aggregates of the Aggregate below
};

struct Join : Relation {
  Join(RelationPtr l, RelationPtr r, engine::JoinType t);
  RelationPtr left, right;
  engine::JoinType type;
  ExpressionPtr condition;  // null: none
  std::vector<std::string> using_columns;
  bool natural = false;
  bool lateral = false;
};

struct Aggregate : Relation {
  enum class GroupType : uint8_t { kGroupBy, kRollup, kCube, kPivot, kGroupingSets };
  explicit Aggregate(RelationPtr c) : Relation(RelationKind::kAggregate), child(std::move(c)) {}
  RelationPtr child;
  GroupType group_type = GroupType::kGroupBy;
  std::vector<ExpressionPtr> groups;      // SQL: may hold GroupingAnalytics, ordinals, select aliases
  std::vector<ExpressionPtr> aggregates;  // Connect: without the groups. SQL (is_sql): the whole select list
  bool is_sql = false;
  bool group_by_all = false;
  std::vector<std::vector<ExpressionPtr>> grouping_sets;
  ExpressionPtr pivot_column;
  std::vector<ExpressionPtr> pivot_values;  // literals, may be aliased; empty: all distinct values
};

struct SetOperation : Relation {
  SetOperation(engine::SetOpRel::Op o, RelationPtr l, RelationPtr r)
      : Relation(RelationKind::kSetOp), op(o), left(std::move(l)), right(std::move(r)) {}
  engine::SetOpRel::Op op;
  RelationPtr left, right;
  bool all = false;
  bool by_name = false;
  bool allow_missing_columns = false;
};

struct Sort : Relation {
  Sort(RelationPtr c, std::vector<ExpressionPtr> o, bool g)
      : Relation(RelationKind::kSort), child(std::move(c)), order(std::move(o)), global(g) {}
  RelationPtr child;
  std::vector<ExpressionPtr> order;  // SortOrder nodes; SQL: ordinals and select aliases allowed
  bool global;
};

struct Limit : Relation {  // LIMIT and OFFSET; limit null: none
  Limit(RelationPtr c, ExpressionPtr l, ExpressionPtr o)
      : Relation(RelationKind::kLimit), child(std::move(c)), limit(std::move(l)), offset(std::move(o)) {}
  RelationPtr child;
  ExpressionPtr limit, offset;
};

struct Tail : Relation {
  Tail(RelationPtr c, int64_t n) : Relation(RelationKind::kTail), child(std::move(c)), count(n) {}
  RelationPtr child;
  int64_t count;
};

struct Deduplicate : Relation {
  explicit Deduplicate(RelationPtr c) : Relation(RelationKind::kDeduplicate), child(std::move(c)) {}
  RelationPtr child;
  std::vector<std::string> columns;
  bool all_columns = false;
  bool within_watermark = false;
};

struct Sample : Relation {
  explicit Sample(RelationPtr c) : Relation(RelationKind::kSample), child(std::move(c)) {}
  RelationPtr child;
  double lower = 0, upper = 1;
  bool with_replacement = false;
  std::optional<int64_t> seed;
  std::optional<int64_t> rows;  // TABLESAMPLE (n ROWS)
};

struct SubqueryAlias : Relation {
  SubqueryAlias(RelationPtr c, std::string a)
      : Relation(RelationKind::kSubqueryAlias), child(std::move(c)), alias(std::move(a)) {}
  RelationPtr child;
  std::string alias;
  std::vector<std::string> qualifier;
  std::vector<std::string> column_aliases;  // t(a, b)
};

struct With : Relation {  // WITH a AS (…), b(x) AS (…) query; each visible to the later ones
  With(std::vector<std::pair<std::string, RelationPtr>> c, RelationPtr b)
      : Relation(RelationKind::kWith), ctes(std::move(c)), child(std::move(b)) {}
  std::vector<std::pair<std::string, RelationPtr>> ctes;
  RelationPtr child;
};

struct LateralView : Relation {  // LATERAL VIEW [OUTER] explode(x) t AS a, b
  explicit LateralView(RelationPtr c) : Relation(RelationKind::kLateralView), child(std::move(c)) {}
  RelationPtr child;
  ExpressionPtr generator;  // UnresolvedFunction
  bool outer = false;
  std::string table_alias;
  std::vector<std::string> column_aliases;
};

struct ToDf : Relation {  // df.toDF(names)
  ToDf(RelationPtr c, std::vector<std::string> n)
      : Relation(RelationKind::kToDf), child(std::move(c)), names(std::move(n)) {}
  RelationPtr child;
  std::vector<std::string> names;
};

struct ToSchema : Relation {  // df.to(schema)
  ToSchema(RelationPtr c, DataType s) : Relation(RelationKind::kToSchema), child(std::move(c)), schema(std::move(s)) {}
  RelationPtr child;
  DataType schema;
};

struct Repartition : Relation {  // repartition, coalesce, repartitionByRange: rows unchanged
  explicit Repartition(RelationPtr c) : Relation(RelationKind::kRepartition), child(std::move(c)) {}
  RelationPtr child;
  int32_t partitions = 0;
  std::vector<ExpressionPtr> exprs;  // checked, otherwise without effect on the rows
};

struct Hint : Relation {  // unknown and join-strategy hints are accepted and ignored, as Spark warns
  Hint(RelationPtr c, std::string n, std::vector<ExpressionPtr> p)
      : Relation(RelationKind::kHint), child(std::move(c)), name(std::move(n)), parameters(std::move(p)) {}
  RelationPtr child;
  std::string name;
  std::vector<ExpressionPtr> parameters;
};

struct Unpivot : Relation {
  explicit Unpivot(RelationPtr c) : Relation(RelationKind::kUnpivot), child(std::move(c)) {}
  RelationPtr child;
  std::vector<ExpressionPtr> ids;
  std::optional<std::vector<ExpressionPtr>> values;  // nullopt: all other columns
  std::string variable_column, value_column;
};

struct CollectMetrics : Relation {  // df.observe
  CollectMetrics(RelationPtr c, std::string n, std::vector<ExpressionPtr> m)
      : Relation(RelationKind::kCollectMetrics), child(std::move(c)), name(std::move(n)), metrics(std::move(m)) {}
  RelationPtr child;
  std::string name;
  std::vector<ExpressionPtr> metrics;
};

struct ParseText : Relation {  // spark.read.csv/json(DataFrame of strings)
  ParseText(RelationPtr c, std::string f) : Relation(RelationKind::kParse), child(std::move(c)), format(std::move(f)) {}
  RelationPtr child;
  std::string format;
  std::optional<DataType> schema;
  Options options;
};

// One node for the statistics functions; which fields are used follows from `kind`.
struct StatFunction : Relation {
  StatFunction(RelationKind k, RelationPtr c) : Relation(k), child(std::move(c)) {}
  RelationPtr child;
  std::vector<std::string> columns;     // describe, freqItems, approxQuantile; crosstab/cov/corr: exactly two
  std::vector<std::string> statistics;  // summary
  std::vector<double> probabilities;    // approxQuantile
  double relative_error = 0;            // approxQuantile
  double support = 0.01;                // freqItems
  std::string method;                   // corr
  ExpressionPtr column;                 // sampleBy
  std::vector<std::pair<ExpressionPtr, double>> fractions;  // sampleBy
  std::optional<int64_t> seed;
};

struct ShowString : Relation {  // also HtmlString (kind kHtmlString)
  ShowString(RelationKind k, RelationPtr c) : Relation(k), child(std::move(c)) {}
  RelationPtr child;
  int32_t rows = 20;
  int32_t truncate = 20;
  bool vertical = false;
};

struct Command;
struct CommandResult : Relation {
  explicit CommandResult(std::shared_ptr<const Command> c)
      : Relation(RelationKind::kCommandResult), command(std::move(c)) {}
  std::shared_ptr<const Command> command;
};

struct UnsupportedRelation : Relation {
  explicit UnsupportedRelation(std::string w) : Relation(RelationKind::kUnsupported), what(std::move(w)) {}
  std::string what;
};

inline Join::Join(RelationPtr l, RelationPtr r, engine::JoinType t)
    : Relation(RelationKind::kJoin), left(std::move(l)), right(std::move(r)), type(t) {}

}  // namespace deltic::spark::plan
