#include "engine/lower_expression.h"

#include <utility>

#include "duckdb/parser/statement/select_statement.hpp"
#include "engine/functions/cast.h"
#include "engine/functions/throw.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

using duckdb::ExpressionType;
using functions::ThrowStatus;

// Deeper expressions would exhaust DuckDB's own limit (max_expression_depth) or the stack.
constexpr int kMaxDepth = 900;

const std::string& StringLiteral(const ExprPtr& expr) {
  if (!IsLiteral(expr) || !expr->type.IsString() || expr->As<Literal>().value.IsNull()) {
    ThrowStatus(InternalError("a field name must be a string literal"));
  }
  return std::get<std::string>(expr->As<Literal>().value.v);
}

ExpressionType ComparisonOf(const std::string& name) {
  if (name == "=") return ExpressionType::COMPARE_EQUAL;
  if (name == "<>") return ExpressionType::COMPARE_NOTEQUAL;
  if (name == "<") return ExpressionType::COMPARE_LESSTHAN;
  if (name == "<=") return ExpressionType::COMPARE_LESSTHANOREQUALTO;
  if (name == ">") return ExpressionType::COMPARE_GREATERTHAN;
  if (name == ">=") return ExpressionType::COMPARE_GREATERTHANOREQUALTO;
  if (name == "<=>") return ExpressionType::COMPARE_NOT_DISTINCT_FROM;
  return ExpressionType::INVALID;
}

ExpressionType WindowTypeOf(const std::string& name) {
  if (name == "row_number") return ExpressionType::WINDOW_ROW_NUMBER;
  if (name == "rank") return ExpressionType::WINDOW_RANK;
  if (name == "dense_rank") return ExpressionType::WINDOW_RANK_DENSE;
  if (name == "percent_rank") return ExpressionType::WINDOW_PERCENT_RANK;
  if (name == "cume_dist") return ExpressionType::WINDOW_CUME_DIST;
  if (name == "ntile") return ExpressionType::WINDOW_NTILE;
  if (name == "lag") return ExpressionType::WINDOW_LAG;
  if (name == "lead") return ExpressionType::WINDOW_LEAD;
  if (name == "first_value") return ExpressionType::WINDOW_FIRST_VALUE;
  if (name == "last_value") return ExpressionType::WINDOW_LAST_VALUE;
  if (name == "nth_value") return ExpressionType::WINDOW_NTH_VALUE;
  return ExpressionType::WINDOW_AGGREGATE;
}

duckdb::WindowBoundary BoundaryOf(WindowFrame::Bound bound, bool rows) {
  switch (bound) {
    case WindowFrame::Bound::kUnboundedPreceding: return duckdb::WindowBoundary::UNBOUNDED_PRECEDING;
    case WindowFrame::Bound::kUnboundedFollowing: return duckdb::WindowBoundary::UNBOUNDED_FOLLOWING;
    case WindowFrame::Bound::kCurrentRow:
      return rows ? duckdb::WindowBoundary::CURRENT_ROW_ROWS : duckdb::WindowBoundary::CURRENT_ROW_RANGE;
    case WindowFrame::Bound::kPreceding:
      return rows ? duckdb::WindowBoundary::EXPR_PRECEDING_ROWS : duckdb::WindowBoundary::EXPR_PRECEDING_RANGE;
    case WindowFrame::Bound::kFollowing:
      return rows ? duckdb::WindowBoundary::EXPR_FOLLOWING_ROWS : duckdb::WindowBoundary::EXPR_FOLLOWING_RANGE;
  }
  return duckdb::WindowBoundary::INVALID;
}

// `a and (b and (c …))` in any shape as one list, so that long chains stay shallow.
void FlattenConjunction(const ExprPtr& expr, const std::string& name, std::vector<ExprPtr>* out) {
  std::vector<ExprPtr> stack{expr};
  while (!stack.empty()) {
    ExprPtr e = stack.back();
    stack.pop_back();
    if (e->kind == ExprKind::kCall && e->As<Call>().function == name) {
      const auto& args = e->As<Call>().args;
      for (auto it = args.rbegin(); it != args.rend(); ++it) stack.push_back(*it);
    } else {
      out->push_back(std::move(e));
    }
  }
}

// Spark orders NULLs inside of structs and arrays before all values, DuckDB behind them: nested values are compared and
// sorted by keys.
DuckExpr OrderKey(DuckExpr value, const DataType& type) {
  return type.IsNested() ? MakeFunction("spark_order_key", std::move(value)) : std::move(value);
}

bool IsOrdering(ExpressionType comparison) {
  return comparison == ExpressionType::COMPARE_LESSTHAN || comparison == ExpressionType::COMPARE_LESSTHANOREQUALTO ||
         comparison == ExpressionType::COMPARE_GREATERTHAN ||
         comparison == ExpressionType::COMPARE_GREATERTHANOREQUALTO;
}

// max, min, max_by and min_by of lowered arguments, so that they find the extremes of nested values as Spark does.
void FindByOrderKey(const std::vector<ExprPtr>& from, std::string* function, duckdb::vector<DuckExpr>* args) {
  const bool greatest = *function == "max" || *function == "arg_max_null";
  if ((*function == "max" || *function == "min") && from[0]->type.IsNested()) {
    args->push_back((*args)[0]->Copy());
    *function = greatest ? "arg_max_null" : "arg_min_null";
  } else if ((*function != "arg_max_null" && *function != "arg_min_null") || !from[1]->type.IsNested()) {
    return;
  }
  (*args)[1] = MakeFunction("spark_order_key", std::move((*args)[1]));
}

bool AnyLiteral(const std::vector<ExprPtr>& args) {
  for (const auto& a : args) {
    if (IsLiteral(a)) return true;
  }
  return false;
}

struct DepthGuard {
  explicit DepthGuard(int* depth) : depth_(depth) {
    if (++*depth_ > kMaxDepth) ThrowStatus(Unsupported("expression nested more than 900 levels"));
  }
  ~DepthGuard() { --*depth_; }
  int* depth_;
};

}  // namespace

DuckExpr ColumnByName(const std::string& name) { return duckdb::make_uniq<duckdb::ColumnRefExpression>(name); }
DuckExpr Constant(duckdb::Value value) { return duckdb::make_uniq<duckdb::ConstantExpression>(std::move(value)); }
DuckExpr CastTo(DuckExpr child, const duckdb::LogicalType& type, bool try_cast) {
  return duckdb::make_uniq<duckdb::CastExpression>(type, std::move(child), try_cast);
}
DuckExpr Function(const std::string& name, duckdb::vector<DuckExpr> args) {
  return duckdb::make_uniq<duckdb::FunctionExpression>(name, std::move(args));
}
DuckExpr Compare(ExpressionType op, DuckExpr left, DuckExpr right) {
  return duckdb::make_uniq<duckdb::ComparisonExpression>(op, std::move(left), std::move(right));
}
DuckExpr Conjoin(DuckExpr left, DuckExpr right) {
  if (!left) return right;
  if (!right) return left;
  return duckdb::make_uniq<duckdb::ConjunctionExpression>(ExpressionType::CONJUNCTION_AND, std::move(left),
                                                          std::move(right));
}
DuckExpr IsNull(DuckExpr child) {
  return duckdb::make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_IS_NULL, std::move(child));
}

DuckExpr SparkCast(DuckExpr child, const DataType& from, const DataType& to, CastMode mode,
                   const std::string& time_zone) {
  return DuckExpr(functions::LowerCast(std::move(child), from, to, mode, time_zone).release());
}

DuckExpr ExpressionLowering::Lower(const ExprPtr& expr, const ColumnEnv* env) {
  const ColumnEnv* saved = std::exchange(env_, env);
  auto out = Child(expr);
  env_ = saved;
  return out;
}

DuckExpr ExpressionLowering::Child(const ExprPtr& expr) {
  DepthGuard guard(&depth_);
  return LowerNode(*expr);
}

DuckExpr ExpressionLowering::LowerNode(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::kLiteral: {
      auto value = ToDuckValue(expr.As<Literal>().value, expr.type);
      return Constant(std::move(value));
    }
    case ExprKind::kColumn: {
      ColumnId id = expr.As<ColumnExpr>().id;
      if (env_ != nullptr) {
        auto it = env_->find(id);
        if (it != env_->end()) return it->second->Copy();
      }
      return ColumnByName(ColumnName(id));
    }
    case ExprKind::kCall: return LowerCall(expr.As<Call>());
    case ExprKind::kCast: {
      const auto& cast = expr.As<Cast>();
      return SparkCast(Child(cast.child), cast.child->type, cast.type, cast.mode, cast.time_zone);
    }
    case ExprKind::kCase: return LowerCase(expr.As<Case>());
    case ExprKind::kAggregate: return LowerAggregate(expr.As<Aggregate>(), env_);
    case ExprKind::kWindow: return LowerWindow(expr.As<WindowExpr>());
    case ExprKind::kLambda: return LowerLambda(expr.As<Lambda>());
    case ExprKind::kLambdaVariable: return ColumnByName("l" + std::to_string(expr.As<LambdaVariable>().id));
    case ExprKind::kSubquery: return LowerSubquery(expr.As<Subquery>());
    case ExprKind::kPythonUdf: break;  // the resolver has made a relation of it
  }
  ThrowStatus(InternalError("unknown expression kind"));
}

DuckExpr ExpressionLowering::LowerCase(const Case& node) {
  auto out = duckdb::make_uniq<duckdb::CaseExpression>();
  for (const auto& [when, then] : node.branches) {
    duckdb::CaseCheck check;
    check.when_expr = Child(when);
    check.then_expr = Child(then);
    out->case_checks.push_back(std::move(check));
  }
  auto type = ToDuckType(node.type);
  out->else_expr = node.otherwise ? Child(node.otherwise) : Constant(duckdb::Value(type));
  return CastTo(std::move(out), type);
}

DuckExpr ExpressionLowering::LowerReserved(const Call& call, bool* handled) {
  const std::string& name = call.function;
  *handled = true;
  if (auto op = ComparisonOf(name); op != ExpressionType::INVALID) {
    auto left = Child(call.args[0]);
    auto right = Child(call.args[1]);
    if (IsOrdering(op)) {
      left = OrderKey(std::move(left), call.args[0]->type);
      right = OrderKey(std::move(right), call.args[1]->type);
    }
    return Compare(op, std::move(left), std::move(right));
  }
  if (name == "and" || name == "or") {
    std::vector<ExprPtr> parts;
    for (const auto& a : call.args) FlattenConjunction(a, name, &parts);
    auto out = duckdb::make_uniq<duckdb::ConjunctionExpression>(name == "and" ? ExpressionType::CONJUNCTION_AND
                                                                              : ExpressionType::CONJUNCTION_OR);
    for (const auto& p : parts) out->children.push_back(Child(p));
    return out;
  }
  if (name == "not") {
    return duckdb::make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_NOT, Child(call.args[0]));
  }
  if (name == "isnull" || name == "isnotnull") {
    auto op = name == "isnull" ? ExpressionType::OPERATOR_IS_NULL : ExpressionType::OPERATOR_IS_NOT_NULL;
    return duckdb::make_uniq<duckdb::OperatorExpression>(op, Child(call.args[0]));
  }
  if (name == "in" || name == "coalesce") {
    auto out = duckdb::make_uniq<duckdb::OperatorExpression>(name == "in" ? ExpressionType::COMPARE_IN
                                                                          : ExpressionType::OPERATOR_COALESCE);
    for (const auto& a : call.args) out->children.push_back(Child(a));
    if (name == "in") return out;
    return CastTo(std::move(out), ToDuckType(call.type));
  }
  if (name == "struct_field") {
    // By position: names of two fields may differ only in case.
    const auto& fields = call.args[0]->type.fields();
    const std::string& field = StringLiteral(call.args[1]);
    int index = call.args[0]->type.FieldIndex(field, /*case_sensitive=*/true);
    if (index < 0) index = call.args[0]->type.FieldIndex(field);
    if (index < 0 || static_cast<size_t>(index) >= fields.size()) {
      ThrowStatus(InternalError("no struct field " + field));
    }
    return MakeFunction("struct_extract_at", Child(call.args[0]), Constant(duckdb::Value::BIGINT(index + 1)));
  }
  if (name == "named_struct") {
    duckdb::vector<DuckExpr> children;
    for (size_t i = 0; i + 1 < call.args.size(); i += 2) {
      auto value = Child(call.args[i + 1]);
      value->SetAlias(StringLiteral(call.args[i]));
      children.push_back(std::move(value));
    }
    return CastTo(Function("struct_pack", std::move(children)), ToDuckType(call.type));
  }
  *handled = false;
  return nullptr;
}

DuckExpr ExpressionLowering::LowerCall(const Call& call) {
  bool handled = false;
  auto reserved = LowerReserved(call, &handled);
  if (handled) return reserved;
  duckdb::vector<DuckExpr> args;
  for (const auto& a : call.args) args.push_back(Child(a));
  if ((call.function == "greatest" || call.function == "least") && call.type.IsNested()) {
    auto list = Function("list_value", std::move(args));
    const char* extreme = call.function == "greatest" ? "spark_array_max" : "spark_array_min";
    return CastTo(MakeFunction(extreme, std::move(list)), ToDuckType(call.type));
  }
  auto out = Function(call.function, std::move(args));
  // DuckDB treats integer constants as untyped literals, so with one even an exact function may differ.
  if (call.exact_type && !AnyLiteral(call.args)) return out;
  return CastTo(std::move(out), ToDuckType(call.type));
}

DuckExpr ExpressionLowering::LowerLambda(const Lambda& lambda) {
  duckdb::vector<duckdb::string> names;
  for (ColumnId id : lambda.params) names.push_back("l" + std::to_string(id));
  return duckdb::make_uniq<duckdb::LambdaExpression>(std::move(names), Child(lambda.body));
}

duckdb::OrderByNode ExpressionLowering::LowerSortKey(const SortKey& key, const ColumnEnv* env) {
  auto expr = Lower(key.expr, env);
  // A bare constant would mean a column position.
  if (expr->GetExpressionClass() == duckdb::ExpressionClass::CONSTANT) {
    expr = CastTo(std::move(expr), ToDuckType(key.expr->type));
  }
  expr = OrderKey(std::move(expr), key.expr->type);
  return duckdb::OrderByNode(
      key.ascending ? duckdb::OrderType::ASCENDING : duckdb::OrderType::DESCENDING,
      key.nulls_first ? duckdb::OrderByNullType::NULLS_FIRST : duckdb::OrderByNullType::NULLS_LAST, std::move(expr));
}

DuckExpr ExpressionLowering::LowerAggregate(const Aggregate& aggregate, const ColumnEnv* env) {
  duckdb::vector<DuckExpr> args;
  for (const auto& a : aggregate.args) args.push_back(Lower(a, env));
  std::string function = aggregate.function;
  FindByOrderKey(aggregate.args, &function, &args);
  DuckExpr filter = aggregate.filter ? Lower(aggregate.filter, env) : nullptr;
  duckdb::unique_ptr<duckdb::OrderModifier> order;
  if (!aggregate.order_by.empty()) {
    order = duckdb::make_uniq<duckdb::OrderModifier>();
    for (const auto& key : aggregate.order_by) order->orders.push_back(LowerSortKey(key, env));
  }
  auto call = duckdb::make_uniq<duckdb::FunctionExpression>(function, std::move(args), std::move(filter),
                                                            std::move(order), aggregate.distinct);
  // A decimal sum that leaves its type is NULL in Spark (ANSI off).
  return CastTo(std::move(call), ToDuckType(aggregate.type), aggregate.type.Is(TypeId::kDecimal));
}

DuckExpr ExpressionLowering::LowerWindow(const WindowExpr& window) {
  auto type = window.is_aggregate ? ExpressionType::WINDOW_AGGREGATE : WindowTypeOf(window.function);
  std::string function = window.function;
  auto out = duckdb::make_uniq<duckdb::WindowExpression>(type, "", "", function);
  size_t positional = window.args.size();
  if (type == ExpressionType::WINDOW_LAG || type == ExpressionType::WINDOW_LEAD) {
    positional = 1;
    if (window.args.size() > 1) out->offset_expr = Child(window.args[1]);
    if (window.args.size() > 2) out->default_expr = Child(window.args[2]);
  }
  for (size_t i = 0; i < positional; ++i) out->children.push_back(Child(window.args[i]));
  if (window.is_aggregate) {
    FindByOrderKey(window.args, &function, &out->children);
    out->function_name = function;
  }
  for (const auto& p : window.partition_by) out->partitions.push_back(Child(p));
  for (const auto& key : window.order_by) out->orders.push_back(LowerSortKey(key, env_));
  if (window.filter) out->filter_expr = Child(window.filter);
  out->ignore_nulls = window.ignore_nulls;
  out->distinct = window.distinct;
  bool rows = window.frame.unit == WindowFrame::Unit::kRows;
  out->start = BoundaryOf(window.frame.start, rows);
  out->end = BoundaryOf(window.frame.end, rows);
  if (window.frame.start_offset) out->start_expr = Child(window.frame.start_offset);
  if (window.frame.end_offset) out->end_expr = Child(window.frame.end_offset);
  return CastTo(std::move(out), ToDuckType(window.type), window.type.Is(TypeId::kDecimal));
}

DuckExpr ExpressionLowering::LowerSubquery(const Subquery& subquery) {
  auto out = duckdb::make_uniq<duckdb::SubqueryExpression>();
  out->subquery = duckdb::make_uniq<duckdb::SelectStatement>();
  out->subquery->node = lower_query_(subquery.plan);
  switch (subquery.subquery_kind) {
    case Subquery::Kind::kScalar: out->subquery_type = duckdb::SubqueryType::SCALAR; break;
    case Subquery::Kind::kExists: out->subquery_type = duckdb::SubqueryType::EXISTS; break;
    case Subquery::Kind::kIn: {
      out->subquery_type = duckdb::SubqueryType::ANY;
      out->comparison_type = ExpressionType::COMPARE_EQUAL;
      if (subquery.tests.size() == 1) {
        out->child = Child(subquery.tests[0]);
      } else {
        duckdb::vector<DuckExpr> row;
        for (const auto& t : subquery.tests) row.push_back(Child(t));
        out->child = Function("row", std::move(row));
      }
      break;
    }
  }
  return out;
}

namespace {

class FactsVisitor {
 public:
  FactsVisitor(const std::function<bool(const std::string&)>& is_volatile, ExprFacts* facts, bool* volatile_call)
      : is_volatile_(is_volatile), facts_(facts), volatile_(volatile_call) {}

  void Visit(const ExprPtr& root) {
    std::vector<const Expr*> stack{root.get()};
    while (!stack.empty()) {
      const Expr* e = stack.back();
      stack.pop_back();
      ++facts_->nodes;
      VisitOne(*e, &stack);
    }
  }

 private:
  static void Push(const ExprPtr& e, std::vector<const Expr*>* stack) {
    if (e) stack->push_back(e.get());
  }
  static void PushAll(const std::vector<ExprPtr>& list, std::vector<const Expr*>* stack) {
    for (const auto& e : list) Push(e, stack);
  }
  static void PushKeys(const std::vector<SortKey>& keys, std::vector<const Expr*>* stack) {
    for (const auto& k : keys) Push(k.expr, stack);
  }

  void VisitOne(const Expr& e, std::vector<const Expr*>* stack) {
    switch (e.kind) {
      case ExprKind::kLiteral:
      case ExprKind::kLambdaVariable: break;
      case ExprKind::kColumn: ++facts_->uses[e.As<ColumnExpr>().id]; break;
      case ExprKind::kCall:
        facts_->has_call = true;
        *volatile_ = *volatile_ || is_volatile_(e.As<Call>().function);
        PushAll(e.As<Call>().args, stack);
        break;
      case ExprKind::kCast: Push(e.As<Cast>().child, stack); break;
      case ExprKind::kCase:
        for (const auto& [when, then] : e.As<Case>().branches) {
          Push(when, stack);
          Push(then, stack);
        }
        Push(e.As<Case>().otherwise, stack);
        break;
      case ExprKind::kAggregate:
        PushAll(e.As<Aggregate>().args, stack);
        Push(e.As<Aggregate>().filter, stack);
        PushKeys(e.As<Aggregate>().order_by, stack);
        break;
      case ExprKind::kWindow:
        facts_->has_window = true;
        PushAll(e.As<WindowExpr>().args, stack);
        PushAll(e.As<WindowExpr>().partition_by, stack);
        PushKeys(e.As<WindowExpr>().order_by, stack);
        Push(e.As<WindowExpr>().filter, stack);
        break;
      case ExprKind::kLambda: Push(e.As<Lambda>().body, stack); break;
      case ExprKind::kSubquery:
        facts_->has_subquery = true;
        PushAll(e.As<Subquery>().tests, stack);
        break;
      case ExprKind::kPythonUdf: PushAll(e.As<PythonUdf>().args, stack); break;
    }
  }

  const std::function<bool(const std::string&)>& is_volatile_;
  ExprFacts* facts_;
  bool* volatile_;
};

}  // namespace

ExprFacts FactsOf(const ExprPtr& expr, const std::function<bool(const std::string&)>& is_volatile,
                  bool* volatile_call) {
  ExprFacts facts;
  FactsVisitor(is_volatile, &facts, volatile_call).Visit(expr);
  return facts;
}

}  // namespace deltic::engine
