// The unresolved expression tree: one form for Spark Connect messages and for SQL text. Names are not yet
// looked up, types not yet known. Nodes are immutable and shared; thread-safe.
//
// Both front ends map every operator and special form to UnresolvedFunction by Spark's function name, so the
// resolver and the function table see one spelling:
//   + - * / % div  → "+" "-" "*" "/" "%" "div"; unary minus "negative"; ~ & | ^ << … by their names
//   = == <=> <> != < <= > >= → "=" "<=>" "!=" "<" "<=" ">" ">="; AND OR NOT → "and" "or" "not"
//   IS [NOT] NULL → "isnull"/"isnotnull"; IS [NOT] TRUE/FALSE → "istrue"/"isfalse" under "not"
//   IN (list) → "in"(value, items…); BETWEEN → "and"(">="(a,b), "<="(a,c)); LIKE/ILIKE/RLIKE → "like"(a, b[, escape])
//   CASE → "when"(cond, value, cond, value, …[, else]); IF → "if"; || → "concat"; a[b] → UnresolvedExtractValue
//   CURRENT_DATE etc. without parentheses → UnresolvedAttribute, resolved late as a function when no column fits
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/expression.h"
#include "engine/plan/python.h"
#include "types/data_type.h"

namespace deltic::spark::plan {

using types::DataType;
using types::TypeId;

struct Relation;
using RelationPtr = std::shared_ptr<const Relation>;
struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;

// Character range in the SQL text; -1 for Connect messages.
struct Origin {
  int start = -1;
  int stop = -1;
};

enum class ExpressionKind : uint8_t {
  kLiteral,
  kAttribute,
  kStar,
  kRegex,
  kFunction,
  kExpressionString,
  kAlias,
  kCast,
  kSortOrder,
  kWindow,
  kLambda,
  kLambdaVariable,
  kExtractValue,
  kUpdateFields,
  kNamedArgument,
  kSubquery,
  kGroupingAnalytics,
  kPythonUdf,
  kUnsupported,
};

struct Expression {
  explicit Expression(ExpressionKind k) : kind(k) {}
  virtual ~Expression() = default;
  template <typename T>
  const T& As() const {
    return static_cast<const T&>(*this);
  }
  const ExpressionKind kind;
  Origin origin;
};

struct Literal : Expression {
  Literal(engine::Value v, DataType t)
      : Expression(ExpressionKind::kLiteral), value(std::move(v)), type(std::move(t)) {}
  engine::Value value;
  DataType type;
};

// A possibly qualified column, in name parts without back-ticks. `plan_id`: the DataFrame the column was
// taken from (df["a"]), -1 when none. `is_metadata_column`: df.metadataColumn(name).
struct UnresolvedAttribute : Expression {
  explicit UnresolvedAttribute(std::vector<std::string> p, int64_t plan = -1)
      : Expression(ExpressionKind::kAttribute), parts(std::move(p)), plan_id(plan) {}
  std::vector<std::string> parts;
  int64_t plan_id;
  bool is_metadata_column = false;
};

struct UnresolvedStar : Expression {
  UnresolvedStar() : Expression(ExpressionKind::kStar) {}
  std::vector<std::string> target;  // t.* or struct.*; empty: *
  int64_t plan_id = -1;
  std::vector<std::vector<std::string>> except;  // SELECT * EXCEPT (…)
};

struct UnresolvedRegex : Expression {  // df.colRegex
  UnresolvedRegex(std::string p, int64_t plan)
      : Expression(ExpressionKind::kRegex), pattern(std::move(p)), plan_id(plan) {}
  std::string pattern;
  int64_t plan_id;
};

struct UnresolvedFunction : Expression {
  UnresolvedFunction(std::string n, std::vector<ExpressionPtr> a)
      : Expression(ExpressionKind::kFunction), name(std::move(n)), args(std::move(a)) {}
  std::string name;  // as written; looked up case-insensitively
  std::vector<ExpressionPtr> args;
  bool is_distinct = false;
  bool ignore_nulls = false;
  ExpressionPtr filter;                 // FILTER (WHERE …)
  std::vector<ExpressionPtr> order_by;  // WITHIN GROUP (ORDER BY …): SortOrder nodes
};

// Text still to be parsed as an expression: selectExpr, filter("…"), expr("…").
struct ExpressionString : Expression {
  explicit ExpressionString(std::string t) : Expression(ExpressionKind::kExpressionString), text(std::move(t)) {}
  std::string text;
};

struct Alias : Expression {
  Alias(ExpressionPtr c, std::vector<std::string> n)
      : Expression(ExpressionKind::kAlias), child(std::move(c)), names(std::move(n)) {}
  ExpressionPtr child;
  std::vector<std::string> names;       // more than one for a generator
  std::optional<std::string> metadata;  // field metadata, JSON
};

struct Cast : Expression {
  enum class Mode : uint8_t { kDefault, kLegacy, kAnsi, kTry };  // kDefault: by spark.sql.ansi.enabled
  Cast(ExpressionPtr c, DataType t, Mode m = Mode::kDefault)
      : Expression(ExpressionKind::kCast), child(std::move(c)), type(std::move(t)), mode(m) {}
  ExpressionPtr child;
  DataType type;
  std::string type_text;  // when not empty, a DDL type still to be parsed; `type` is then unset
  Mode mode;
};

struct SortOrder : Expression {
  enum class Nulls : uint8_t { kDefault, kFirst, kLast };  // default: first when ascending, last when descending
  SortOrder(ExpressionPtr c, bool asc, Nulls n)
      : Expression(ExpressionKind::kSortOrder), child(std::move(c)), ascending(asc), nulls(n) {}
  ExpressionPtr child;
  bool ascending;
  Nulls nulls;
};

struct WindowBound {
  enum class Kind : uint8_t { kUnboundedPreceding, kUnboundedFollowing, kCurrentRow, kValue };
  Kind kind = Kind::kCurrentRow;
  ExpressionPtr value;  // kValue: negative is PRECEDING
};

struct Window : Expression {
  Window() : Expression(ExpressionKind::kWindow) {}
  ExpressionPtr function;
  std::vector<ExpressionPtr> partition_by;
  std::vector<ExpressionPtr> order_by;  // SortOrder nodes
  bool has_frame = false;
  bool rows = false;  // else RANGE
  WindowBound start, end;
};

struct LambdaFunction : Expression {
  LambdaFunction(ExpressionPtr b, std::vector<std::string> p)
      : Expression(ExpressionKind::kLambda), body(std::move(b)), params(std::move(p)) {}
  ExpressionPtr body;
  std::vector<std::string> params;
};

struct UnresolvedLambdaVariable : Expression {  // Connect only; SQL bodies use UnresolvedAttribute
  explicit UnresolvedLambdaVariable(std::vector<std::string> p)
      : Expression(ExpressionKind::kLambdaVariable), parts(std::move(p)) {}
  std::vector<std::string> parts;
};

struct UnresolvedExtractValue : Expression {  // a[i], m['k'], s.f, s['f']
  UnresolvedExtractValue(ExpressionPtr c, ExpressionPtr e)
      : Expression(ExpressionKind::kExtractValue), child(std::move(c)), extraction(std::move(e)) {}
  ExpressionPtr child;
  ExpressionPtr extraction;
};

struct UpdateFields : Expression {  // Column.withField (value set) / dropFields (value null)
  UpdateFields(ExpressionPtr c, std::string f, ExpressionPtr v)
      : Expression(ExpressionKind::kUpdateFields), child(std::move(c)), field(std::move(f)), value(std::move(v)) {}
  ExpressionPtr child;
  std::string field;  // may be dotted
  ExpressionPtr value;
};

struct NamedArgument : Expression {
  NamedArgument(std::string n, ExpressionPtr v)
      : Expression(ExpressionKind::kNamedArgument), name(std::move(n)), value(std::move(v)) {}
  std::string name;
  ExpressionPtr value;
};

struct SubqueryExpression : Expression {
  enum class Kind : uint8_t { kScalar, kExists, kIn };
  SubqueryExpression(Kind k, RelationPtr p)
      : Expression(ExpressionKind::kSubquery), subquery_kind(k), plan(std::move(p)) {}
  SubqueryExpression::Kind subquery_kind;
  RelationPtr plan;
  std::vector<ExpressionPtr> values;  // kIn: left side (more than one for a tuple)
};

// GROUP BY ROLLUP/CUBE/GROUPING SETS inside a SQL group list.
struct GroupingAnalytics : Expression {
  enum class Kind : uint8_t { kRollup, kCube, kGroupingSets };
  GroupingAnalytics(Kind k, std::vector<std::vector<ExpressionPtr>> s)
      : Expression(ExpressionKind::kGroupingAnalytics), analytics(k), sets(std::move(s)) {}
  Kind analytics;
  std::vector<std::vector<ExpressionPtr>> sets;  // rollup/cube: one element per (composite) column
};

// A call of a Python function that came with the plan.
struct PythonUdfCall : Expression {
  PythonUdfCall(std::shared_ptr<const engine::PythonFunction> f, std::vector<ExpressionPtr> a)
      : Expression(ExpressionKind::kPythonUdf), function(std::move(f)), args(std::move(a)) {}
  std::shared_ptr<const engine::PythonFunction> function;
  std::vector<ExpressionPtr> args;
};

// Something Spark has and Deltic does not; refused by name when resolved (e.g. "Scala UDF").
struct UnsupportedExpression : Expression {
  explicit UnsupportedExpression(std::string w) : Expression(ExpressionKind::kUnsupported), what(std::move(w)) {}
  std::string what;
};

}  // namespace deltic::spark::plan
