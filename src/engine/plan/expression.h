// The typed expression tree: what spark/resolve produces and engine/ lowers to DuckDB.
//
// Every node has its final Spark type and nullability; the engine never coerces: it adds an explicit
// cast wherever DuckDB's result type could differ from `type`. Columns are referred to by ColumnId,
// unique within one query, so names play no part below the resolver. Nodes are immutable and shared;
// thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "types/data_type.h"

namespace deltic::engine {

using types::DataType;
using types::TypeId;
using ColumnId = int64_t;
// An id that no other column of this process has, for relations built outside the resolver (whose own ids are small).
ColumnId FreshColumnId();
using Int128 = __int128;

struct Expr;
using ExprPtr = std::shared_ptr<const Expr>;
struct PythonFunction;
struct Rel;
using RelPtr = std::shared_ptr<const Rel>;

// A constant. Which alternative is used follows from the DataType:
//   boolean bool · byte…long, date (days), timestamp(_ntz) (micros), day-time interval (micros),
//   year-month interval (months) int64 · float, double double · decimal Int128 (unscaled) ·
//   string, binary std::string · array/struct ValueList · map ValueList of 2-element ValueLists ·
//   calendar interval CalendarInterval · SQL NULL std::monostate.
struct CalendarInterval {
  int32_t months = 0;
  int32_t days = 0;
  int64_t micros = 0;
  bool operator==(const CalendarInterval&) const = default;
};
struct Value;
using ValueList = std::vector<Value>;
struct Value {
  std::variant<std::monostate, bool, int64_t, double, Int128, std::string, CalendarInterval,
               std::shared_ptr<const ValueList>>
      v;
  bool IsNull() const { return v.index() == 0; }
};

enum class ExprKind : uint8_t {
  kLiteral,
  kColumn,
  kCall,
  kCast,
  kCase,
  kAggregate,
  kWindow,
  kLambda,
  kLambdaVariable,
  kSubquery,
  kPythonUdf,
};

struct Expr {
  Expr(ExprKind k, DataType t, bool n) : kind(k), type(std::move(t)), nullable(n) {}
  virtual ~Expr() = default;
  template <typename T>
  const T& As() const {
    return static_cast<const T&>(*this);
  }
  const ExprKind kind;
  DataType type;
  bool nullable;
};

struct Literal : Expr {
  Literal(Value value_, DataType t)
      : Expr(ExprKind::kLiteral, std::move(t), value_.IsNull()), value(std::move(value_)) {}
  Value value;
};

struct ColumnExpr : Expr {
  ColumnExpr(ColumnId id_, DataType t, bool n) : Expr(ExprKind::kColumn, std::move(t), n), id(id_) {}
  ColumnId id;
};

// A scalar function by its engine name. Names handled by the lowering itself (not DuckDB functions):
//   and or not = <> < <= > >= <=> isnull isnotnull in coalesce struct_field(child, 'name' literal)
//   named_struct(n1, v1, …). Any other name is a DuckDB function, ours (spark_*) or DuckDB's own.
// `exact_type`: DuckDB is known to return exactly `type`, so the lowering adds no cast.
struct Call : Expr {
  Call(std::string f, std::vector<ExprPtr> a, DataType t, bool n, bool exact = false)
      : Expr(ExprKind::kCall, std::move(t), n), function(std::move(f)), args(std::move(a)), exact_type(exact) {}
  std::string function;
  std::vector<ExprPtr> args;
  bool exact_type;
};

// Spark's CAST. kLegacy: invalid → NULL, integral overflow wraps (ANSI off). kAnsi: invalid is an error.
// kTry: invalid or overflow → NULL. kStore: ANSI store assignment (table writes; overflow is an error).
// `time_zone`: session zone for casts between timestamp and string/date/timestamp_ntz.
enum class CastMode : uint8_t { kLegacy, kAnsi, kTry, kStore };
struct Cast : Expr {
  Cast(ExprPtr c, DataType t, bool n, CastMode m, std::string tz)
      : Expr(ExprKind::kCast, std::move(t), n), child(std::move(c)), mode(m), time_zone(std::move(tz)) {}
  ExprPtr child;
  CastMode mode;
  std::string time_zone;
};

struct Case : Expr {  // searched CASE; otherwise == null means ELSE NULL
  Case(std::vector<std::pair<ExprPtr, ExprPtr>> b, ExprPtr o, DataType t, bool n)
      : Expr(ExprKind::kCase, std::move(t), n), branches(std::move(b)), otherwise(std::move(o)) {}
  std::vector<std::pair<ExprPtr, ExprPtr>> branches;
  ExprPtr otherwise;
};

struct SortKey {
  ExprPtr expr;
  bool ascending = true;
  bool nulls_first = true;
};

// Only inside AggregateRel::aggregates or as WindowExpr::function.
struct Aggregate : Expr {
  Aggregate(std::string f, std::vector<ExprPtr> a, DataType t, bool n)
      : Expr(ExprKind::kAggregate, std::move(t), n), function(std::move(f)), args(std::move(a)) {}
  std::string function;  // DuckDB aggregate (ours spark_* or DuckDB's), e.g. sum, count, count_star, first
  std::vector<ExprPtr> args;
  bool distinct = false;
  ExprPtr filter;                 // null: none
  std::vector<SortKey> order_by;  // within the aggregate
};

struct WindowFrame {
  enum class Unit : uint8_t { kRows, kRange };
  enum class Bound : uint8_t { kUnboundedPreceding, kPreceding, kCurrentRow, kFollowing, kUnboundedFollowing };
  Unit unit = Unit::kRange;
  Bound start = Bound::kUnboundedPreceding;
  Bound end = Bound::kCurrentRow;
  ExprPtr start_offset;  // for kPreceding/kFollowing, a non-negative constant
  ExprPtr end_offset;
};

// `function`: row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value
// nth_value, or any aggregate name. Only in ProjectRel expressions.
struct WindowExpr : Expr {
  WindowExpr(std::string f, std::vector<ExprPtr> a, DataType t, bool n)
      : Expr(ExprKind::kWindow, std::move(t), n), function(std::move(f)), args(std::move(a)) {}
  std::string function;
  bool is_aggregate = false;
  bool distinct = false;
  bool ignore_nulls = false;
  ExprPtr filter;
  std::vector<ExprPtr> args;
  std::vector<ExprPtr> partition_by;
  std::vector<SortKey> order_by;
  WindowFrame frame;
};

// x -> body, as an argument of a higher-order Call (list_transform, list_filter, …). `type` is the body's.
struct Lambda : Expr {
  Lambda(std::vector<ColumnId> p, ExprPtr b)
      : Expr(ExprKind::kLambda, b->type, b->nullable), params(std::move(p)), body(std::move(b)) {}
  std::vector<ColumnId> params;  // ids of its LambdaVariable nodes
  ExprPtr body;
};
struct LambdaVariable : Expr {
  LambdaVariable(ColumnId id_, DataType t, bool n) : Expr(ExprKind::kLambdaVariable, std::move(t), n), id(id_) {}
  ColumnId id;
};

// A subquery expression. Columns of the outer query appear inside `plan` as ColumnExpr with outer ids.
struct Subquery : Expr {
  enum class Kind : uint8_t { kScalar, kExists, kIn };
  Subquery(Kind k, RelPtr p, std::vector<ExprPtr> t, DataType ty, bool n)
      : Expr(ExprKind::kSubquery, std::move(ty), n), subquery_kind(k), plan(std::move(p)), tests(std::move(t)) {}
  Subquery::Kind subquery_kind;
  RelPtr plan;
  std::vector<ExprPtr> tests;  // kIn: the left side, one per plan column
};

// A Python function of one row's values. The resolver moves it into a PythonRel; the engine never sees it.
struct PythonUdf : Expr {
  PythonUdf(std::shared_ptr<const PythonFunction> f, std::vector<ExprPtr> a, DataType t)
      : Expr(ExprKind::kPythonUdf, std::move(t), true), function(std::move(f)), args(std::move(a)) {}
  std::shared_ptr<const PythonFunction> function;
  std::vector<ExprPtr> args;
};

// --- builders -------------------------------------------------------------------------------------
ExprPtr MakeNull(DataType type);
ExprPtr MakeBool(bool value);
ExprPtr MakeInt(int32_t value);
ExprPtr MakeLong(int64_t value);
ExprPtr MakeDouble(double value);
ExprPtr MakeString(std::string value);
ExprPtr MakeCall(std::string function, std::vector<ExprPtr> args, DataType type, bool nullable,
                 bool exact_type = false);
// A seed for a random function or sample to which the user gave none; IsDrawnSeed tells such seeds from chosen ones.
int64_t DrawSeed();
bool IsDrawnSeed(int64_t seed);
// True when the expression is a Literal; then *value is its value.
bool IsLiteral(const ExprPtr& expr);

}  // namespace deltic::engine
