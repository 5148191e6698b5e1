// Python functions in a plan: calls of UDFs are bound like other calls and, once a plan is complete, moved out of its
// expressions into PythonRel nodes below them (Spark's ExtractPythonUDFs); functions over batches and groups are such
// nodes from the start.
#include <algorithm>
#include <functional>
#include <set>

#include "engine/plan/python_relation.h"
#include "spark/resolve/binder.h"
#include "spark/resolve/expression_binder.h"
#include "spark/resolve/python_functions.h"

namespace deltic::spark::resolve {

using engine::PythonEval;
using engine::PythonFunction;
using engine::PythonRel;
using engine::PythonTask;
using engine::PythonUdf;
using engine::Rel;
using FunctionPtr = std::shared_ptr<const PythonFunction>;

namespace {

constexpr std::string_view kAggregatePrefix = "python_udaf#";

bool IsGroupedAggregate(PythonEval eval) {
  return eval == PythonEval::kGroupedAggPandas || eval == PythonEval::kGroupedAggArrow;
}

bool IsScalar(PythonEval eval) {
  switch (eval) {
    case PythonEval::kBatched:
    case PythonEval::kArrowBatched:
    case PythonEval::kScalarPandas:
    case PythonEval::kScalarPandasIter:
    case PythonEval::kScalarArrow:
    case PythonEval::kScalarArrowIter: return true;
    default: return false;
  }
}

bool IsPythonUdf(const ExprPtr& expr) { return expr->kind == ExprKind::kPythonUdf; }
bool HasPythonUdf(const ExprPtr& expr) { return Any(expr, IsPythonUdf); }

Column SameColumn(const Column& column) { return column; }

bool HasPythonAggregate(const Rel& rel) {
  if (rel.kind != RelKind::kAggregate) return false;
  const auto& aggregates = rel.As<engine::AggregateRel>().aggregates;
  return std::any_of(aggregates.begin(), aggregates.end(), [](const ExprPtr& e) {
    return e->As<engine::Aggregate>().function.starts_with(kAggregatePrefix);
  });
}

DataType ColumnStruct(const std::vector<DataType>& column_types) {
  std::vector<types::StructField> fields;
  for (size_t i = 0; i < column_types.size(); ++i) {
    fields.push_back({"_" + std::to_string(i), column_types[i], true, "{}"});
  }
  return DataType::Struct(std::move(fields));
}

const char* JoinName(engine::JoinType type) {
  switch (type) {
    case engine::JoinType::kLeftOuter: return "LEFT OUTER";
    case engine::JoinType::kRightOuter: return "RIGHT OUTER";
    case engine::JoinType::kFullOuter: return "FULL OUTER";
    case engine::JoinType::kLeftSemi: return "LEFT SEMI";
    case engine::JoinType::kLeftAnti: return "LEFT ANTI";
    default: return "INNER";
  }
}

using NewId = std::function<ColumnId()>;

Column Named(const NewId& new_id, const char* name, const DataType& type, bool nullable) {
  return {new_id(), name, type, nullable, "{}", {}};
}

// The input columns of a run: those of a relation, and computed ones beside them.
class Inputs {
 public:
  Inputs(NewId new_id, const RelPtr& rel) : new_id_(std::move(new_id)), rel_(rel) {
    for (const Column& column : rel->output) {
      columns_.push_back(column);
      exprs_.push_back(ColumnRef(column));
    }
  }

  // The place of `expr` among the columns that the functions see.
  int Add(const ExprPtr& expr) {
    for (size_t i = 0; i < seen_.size(); ++i) {
      if (SameExpr(exprs_[static_cast<size_t>(seen_[i])], expr)) return static_cast<int>(i);
    }
    size_t at = 0;
    while (at < exprs_.size() && !SameExpr(exprs_[at], expr)) ++at;
    if (at == exprs_.size()) {
      columns_.push_back(Named(new_id_, "python_input", expr->type, expr->nullable));
      exprs_.push_back(expr);
    }
    seen_.push_back(static_cast<int>(at));
    return static_cast<int>(seen_.size()) - 1;
  }

  RelPtr Projected() const {
    if (columns_.size() == rel_->output.size()) return rel_;
    return std::make_shared<engine::ProjectRel>(rel_, columns_, exprs_);
  }
  const std::vector<int>& seen() const { return seen_; }
  const std::vector<Column>& columns() const { return columns_; }
  DataType Types() const {
    std::vector<DataType> out;
    for (int i : seen_) out.push_back(columns_[static_cast<size_t>(i)].type);
    return ColumnStruct(out);
  }

 private:
  const NewId new_id_;
  const RelPtr rel_;
  std::vector<Column> columns_;
  std::vector<ExprPtr> exprs_;
  std::vector<int> seen_;
};

}  // namespace

Status Binder::CheckPython(const PythonFunction& function) const {
  if (options_.python == nullptr) return Unsupported("Python function " + function.name);
  return Status::Ok();
}

Result<ExprPtr> ExpressionBinder::BindPythonUdf(const FunctionPtr& function, std::vector<ExprPtr> args) {
  RETURN_IF_ERROR(binder_->CheckPython(*function));
  binder_->has_python_ = true;
  if (IsScalar(function->eval)) {
    return ExprPtr(std::make_shared<PythonUdf>(function, std::move(args), function->return_type));
  }
  if (!IsGroupedAggregate(function->eval)) {
    return Unsupported("Python function " + function->name + " of evaluation type " +
                       std::to_string(static_cast<int>(function->eval)) + " as an expression");
  }
  binder_->python_aggregates_.push_back(function);
  return ExprPtr(std::make_shared<engine::Aggregate>(
      std::string(kAggregatePrefix) + std::to_string(binder_->python_aggregates_.size() - 1), std::move(args),
      function->return_type, true));
}

Result<ExprPtr> ExpressionBinder::BindPythonUdf(const plan::PythonUdfCall& call) {
  std::vector<ExprPtr> args;
  for (const auto& arg : call.args) {
    if (arg->kind == plan::ExpressionKind::kNamedArgument) {
      return Unsupported("named arguments of Python function " + call.function->name);
    }
    if (arg->kind == plan::ExpressionKind::kStar || arg->kind == plan::ExpressionKind::kRegex) {
      ASSIGN_OR_RETURN(auto columns, Expand(arg));
      for (NamedExpr& column : columns) args.push_back(std::move(column.expr));
      continue;
    }
    ASSIGN_OR_RETURN(ExprPtr bound, BindTree(arg));
    args.push_back(std::move(bound));
  }
  return BindPythonUdf(call.function, std::move(args));
}

namespace {

// Moves the Python functions of a whole plan into nodes of their own.
class Extractor {
 public:
  // `binder`: of the query whose plan it is; null: of a plan that was made of bound expressions, without aggregates.
  Extractor(Binder* binder, const ResolveOptions& options, const std::vector<FunctionPtr>& aggregates)
      : binder_(binder), options_(options), aggregates_(aggregates) {
    new_id_ = binder == nullptr ? NewId(engine::FreshColumnId) : NewId([binder] { return binder->NewId(); });
  }

  Result<RelPtr> Relation(const RelPtr& rel) {
    std::vector<RelPtr> children = ChildrenOf(*rel);
    for (RelPtr& child : children) {
      ASSIGN_OR_RETURN(child, Relation(child));
    }
    bool found = false;
    Status status;
    const auto visit = [&](const ExprPtr& expr) {
      ExprPtr mapped = Subqueries(expr, &status);
      found = found || HasPythonUdf(mapped);
      return mapped;
    };
    RelPtr rebuilt = RebuildRel(rel, children, visit, SameColumn);
    if (!status.ok()) return status;
    if (found) {
      if (rebuilt->kind == RelKind::kJoin) return Join(rebuilt->As<engine::JoinRel>());
      ASSIGN_OR_RETURN(rebuilt, Unary(rebuilt));
    }
    if (HasPythonAggregate(*rebuilt)) return Aggregate(rebuilt->As<engine::AggregateRel>());
    return rebuilt;
  }

 private:
  ExprPtr Subqueries(const ExprPtr& expr, Status* status) {
    ExprPtr mapped = MapChildren(expr, [&](const ExprPtr& child) { return Subqueries(child, status); });
    if (mapped->kind != ExprKind::kSubquery) return mapped;
    auto plan = Relation(mapped->As<engine::Subquery>().plan);
    if (!plan.ok()) {
      *status = plan.status();
      return mapped;
    }
    if (*plan == mapped->As<engine::Subquery>().plan) return mapped;
    auto copy = std::make_shared<engine::Subquery>(mapped->As<engine::Subquery>());
    copy->plan = std::move(plan).value();
    return copy;
  }

  // Functions of one side's columns are called below the join. For those of both, rows are paired first and filtered
  // then, which only inner joins allow.
  Result<RelPtr> Join(const engine::JoinRel& join) {
    if (join.lateral) return Unsupported("Python functions in the condition of a lateral join");
    RelPtr left = join.left, right = join.right;
    ExprPtr condition = join.condition;
    for (RelPtr* side : {&left, &right}) condition = CallBelow(condition, side);
    std::vector<Column> output = left->output;
    const bool both = join.type != engine::JoinType::kLeftSemi && join.type != engine::JoinType::kLeftAnti;
    if (both) output.insert(output.end(), right->output.begin(), right->output.end());
    for (Column& column : output) {
      const auto known =
          std::find_if(join.output.begin(), join.output.end(), [&](const Column& c) { return c.id == column.id; });
      if (known != join.output.end()) {
        column = *known;
      } else {
        column.nullable = true;
      }
    }
    if (!HasPythonUdf(condition)) {
      return ProjectTo(std::make_shared<engine::JoinRel>(join.type, left, right, condition, output), join.output);
    }
    if (join.type != engine::JoinType::kInner && join.type != engine::JoinType::kCross) {
      return Error("UNSUPPORTED_FEATURE.PYTHON_UDF_IN_ON_CLAUSE", {{"joinType", JoinName(join.type)}});
    }
    auto cross = std::make_shared<engine::JoinRel>(engine::JoinType::kCross, left, right, nullptr, output);
    ASSIGN_OR_RETURN(const RelPtr filtered, Unary(std::make_shared<engine::FilterRel>(cross, condition)));
    return ProjectTo(filtered, join.output);
  }

  // Calls of `expr` whose arguments are columns of `*side` alone become columns of it; returns what is left.
  ExprPtr CallBelow(ExprPtr expr, RelPtr* side) {
    while (true) {
      std::set<ColumnId> own;
      for (const Column& column : (*side)->output) own.insert(column.id);
      std::vector<ExprPtr> calls;
      Collect(expr, &calls, &own);
      if (calls.empty()) return expr;
      std::vector<Column> results;
      *side = Evaluate(*side, calls, &results);
      expr = Replaced(expr, calls, results);
    }
  }

  static ExprPtr Replaced(const ExprPtr& expr, const std::vector<ExprPtr>& calls, const std::vector<Column>& results) {
    return Rewrite(expr, [&](const ExprPtr& e) -> ExprPtr {
      if (!IsPythonUdf(e)) return nullptr;
      for (size_t i = 0; i < calls.size(); ++i) {
        if (e == calls[i] || SameExpr(e, calls[i])) return ColumnRef(results[i]);
      }
      return nullptr;
    });
  }

  // A relation with one child whose expressions have Python functions.
  Result<RelPtr> Unary(const RelPtr& rel) {
    const std::vector<RelPtr> children = ChildrenOf(*rel);
    if (children.size() != 1) return Unsupported("Python functions in this place of a query");
    RelPtr current = rel;
    RelPtr child = children[0];
    while (true) {
      std::vector<ExprPtr> calls;
      RebuildRel(
          current, {child},
          [&](const ExprPtr& expr) {
            Collect(expr, &calls);
            return expr;
          },
          SameColumn);
      if (calls.empty()) break;
      std::vector<Column> results;
      child = Evaluate(child, calls, &results);
      const auto replace = [&](const ExprPtr& expr) { return Replaced(expr, calls, results); };
      current = RebuildRel(current, {child}, replace, SameColumn);
    }
    return WithOutput(current, child, *children[0], rel->output);
  }

  // Relations that pass their child's columns on must pass on the new ones too, and lose them above.
  static RelPtr WithOutput(const RelPtr& rel, const RelPtr& child, const Rel& old_child,
                           const std::vector<Column>& wanted) {
    if (rel->kind == RelKind::kProject || rel->kind == RelKind::kAggregate) return rel;
    RelPtr copy = RebuildRel(rel, {child}, [](const ExprPtr& e) { return e; }, SameColumn);
    std::vector<Column> output = child->output;
    if (rel->kind == RelKind::kGenerate) {
      output.insert(output.end(), wanted.begin() + static_cast<ptrdiff_t>(old_child.output.size()), wanted.end());
    }
    std::const_pointer_cast<Rel>(copy)->output = std::move(output);  // the fresh copy made just above
    return ProjectTo(copy, wanted);
  }

  // Innermost calls that one run can evaluate together; `among` (null: all): the columns that they may use.
  static void Collect(const ExprPtr& expr, std::vector<ExprPtr>* calls, const std::set<ColumnId>* among = nullptr) {
    if (IsPythonUdf(expr)) {
      const auto& udf = expr->As<PythonUdf>();
      std::set<ColumnId> used;
      if (among != nullptr) CollectColumnIds(expr, &used);
      const bool reachable = among == nullptr || std::includes(among->begin(), among->end(), used.begin(), used.end());
      if (std::none_of(udf.args.begin(), udf.args.end(), HasPythonUdf)) {
        if (!reachable) return;
        const bool together = calls->empty() || (calls->front()->As<PythonUdf>().function->eval == udf.function->eval &&
                                                 udf.function->eval != PythonEval::kScalarPandasIter &&
                                                 udf.function->eval != PythonEval::kScalarArrowIter);
        const bool known = std::any_of(calls->begin(), calls->end(),
                                       [&](const ExprPtr& call) { return call == expr || SameExpr(call, expr); });
        if (together && !known) calls->push_back(expr);
        return;
      }
    }
    ForEachChild(expr, [&](const ExprPtr& child) { Collect(child, calls, among); });
  }

  // `child` with a column for the result of every call.
  RelPtr Evaluate(const RelPtr& child, const std::vector<ExprPtr>& calls, std::vector<Column>* results) {
    Inputs inputs(new_id_, child);
    PythonTask task = options_.python_task;
    task.eval = calls[0]->As<PythonUdf>().function->eval;
    std::vector<DataType> result_types;
    for (const ExprPtr& call : calls) {
      const auto& udf = call->As<PythonUdf>();
      PythonTask::Call entry{udf.function, {}};
      for (const ExprPtr& arg : udf.args) entry.arg_offsets.push_back(inputs.Add(arg));
      task.calls.push_back(std::move(entry));
      result_types.push_back(udf.type);
      results->push_back(Named(new_id_, "python_result", udf.type, true));
    }
    task.input = inputs.Types();
    task.result = ColumnStruct(result_types);
    const RelPtr projected = inputs.Projected();
    std::vector<Column> output = projected->output;
    output.insert(output.end(), results->begin(), results->end());
    return std::make_shared<PythonRel>(projected, std::move(output), PythonRel::Shape::kPerRow, inputs.seen(),
                                       options_.python->Prepare(std::move(task)));
  }

  Result<RelPtr> Aggregate(const engine::AggregateRel& rel) {
    if (!rel.grouping_sets.empty()) return Unsupported("pandas aggregate functions with grouping sets");
    if (binder_ == nullptr) return Unsupported("pandas aggregate functions in this place of a query");
    PythonTask task = options_.python_task;
    task.grouped = true;
    std::vector<DataType> result_types;
    Inputs inputs(new_id_, rel.child);
    for (const ExprPtr& expr : rel.aggregates) {
      const auto& aggregate = expr->As<engine::Aggregate>();
      if (!aggregate.function.starts_with(kAggregatePrefix)) {
        return Error("_MIXED_AGGREGATES", {},
                     "Cannot use a mixture of aggregate function and group aggregate "
                     "pandas UDF.");
      }
      if (aggregate.distinct || aggregate.filter != nullptr) {
        return Unsupported("DISTINCT or FILTER of a pandas aggregate function");
      }
      const size_t index = std::stoul(aggregate.function.substr(kAggregatePrefix.size()));
      PythonTask::Call call{aggregates_[index], {}};
      for (const ExprPtr& arg : aggregate.args) call.arg_offsets.push_back(inputs.Add(arg));
      task.eval = call.function->eval;
      task.calls.push_back(std::move(call));
      result_types.push_back(aggregate.type);
    }
    task.input = inputs.Types();
    task.result = ColumnStruct(result_types);
    std::vector<Column> group_columns;
    std::vector<ExprPtr> columns;
    for (const ExprPtr& group : rel.groups) {
      group_columns.push_back(binder_->NewColumn("python_group", group->type, group->nullable));
    }
    std::vector<int> seen = inputs.seen();
    const RelPtr sorted = binder_->NumberGroups(inputs.Projected(), rel.groups, group_columns);
    seen.push_back(static_cast<int>(sorted->output.size()) - 1);
    std::vector<Column> output = sorted->output;
    for (const DataType& type : result_types) output.push_back(binder_->NewColumn("python_result", type, true));
    const size_t first_result = sorted->output.size();
    auto run = std::make_shared<PythonRel>(sorted, output, PythonRel::Shape::kPerGroup, std::move(seen),
                                           options_.python->Prepare(std::move(task)));
    for (const Column& column : group_columns) columns.push_back(ColumnRef(column));
    for (size_t i = 0; i < rel.aggregates.size(); ++i) columns.push_back(ColumnRef(output[first_result + i]));
    return RelPtr(std::make_shared<engine::ProjectRel>(run, rel.output, std::move(columns)));
  }

  Binder* const binder_;
  const ResolveOptions& options_;
  const std::vector<FunctionPtr>& aggregates_;
  NewId new_id_;
};

bool PlanCallsPython(const RelPtr& rel) {
  bool found = false;
  const std::vector<RelPtr> children = ChildrenOf(*rel);
  RebuildRel(
      rel, children,
      [&](const ExprPtr& expr) {
        found = found || HasPythonUdf(expr);
        return expr;
      },
      SameColumn);
  return found || std::any_of(children.begin(), children.end(), PlanCallsPython);
}

}  // namespace

Result<RelPtr> Binder::ExtractPythonUdfs(const RelPtr& rel) {
  if (!has_python_) return rel;
  return Extractor(this, options_, python_aggregates_).Relation(rel);
}

Result<RelPtr> ExtractPythonFunctions(const RelPtr& rel, const std::function<ResolveOptions()>& options) {
  if (!PlanCallsPython(rel)) return rel;
  const ResolveOptions made = options();
  return Extractor(nullptr, made, {}).Relation(rel);
}

bool CallsPython(const ExprPtr& expr) { return expr != nullptr && HasPythonUdf(expr); }

// `rel` and its groups' values, sorted by group; the last column numbers the groups.
RelPtr Binder::NumberGroups(const RelPtr& rel, const std::vector<ExprPtr>& groups,
                            const std::vector<Column>& group_columns) {
  std::vector<Column> output = rel->output;
  std::vector<ExprPtr> exprs;
  for (const Column& column : rel->output) exprs.push_back(ColumnRef(column));
  for (size_t i = 0; i < groups.size(); ++i) {
    output.push_back(group_columns[i]);
    exprs.push_back(groups[i]);
  }
  const RelPtr keyed = std::make_shared<engine::ProjectRel>(rel, output, exprs);
  exprs.clear();
  for (const Column& column : output) exprs.push_back(ColumnRef(column));
  Column number = NewColumn("python_group_number", TypeId::kLong, false);
  if (groups.empty()) {
    exprs.push_back(engine::MakeLong(0));
  } else {
    auto rank = std::make_shared<engine::WindowExpr>("dense_rank", std::vector<ExprPtr>{}, TypeId::kLong, false);
    for (const Column& column : group_columns) rank->order_by.push_back({ColumnRef(column), true, true});
    exprs.push_back(rank);
  }
  output.push_back(number);
  const RelPtr numbered = std::make_shared<engine::ProjectRel>(keyed, std::move(output), std::move(exprs));
  return std::make_shared<engine::SortRel>(
      numbered, std::vector<engine::SortKey>{{ColumnRef(numbered->output.back()), true, true}});
}

// The columns of the one struct that a function over batches returns.
Node Binder::FlattenStruct(RelPtr run, const DataType& type) {
  const Column& whole = run->output[0];
  std::vector<Column> output;
  std::vector<ExprPtr> exprs;
  for (const auto& field : type.fields()) {
    output.push_back(NewColumn(field.name, field.type, field.nullable, field.metadata));
    exprs.push_back(
        engine::MakeCall("struct_field", {ColumnRef(whole), engine::MakeString(field.name)}, field.type, true));
  }
  Node node;
  node.rel = std::make_shared<engine::ProjectRel>(std::move(run), std::move(output), std::move(exprs));
  return node;
}

Result<Node> Binder::BindMapPartitions(const plan::MapPartitions& map, const Env& env) {
  ASSIGN_OR_RETURN(const Node child, Bind(map.child, env));
  const PythonFunction& function = *map.function;
  RETURN_IF_ERROR(CheckPython(function));
  if (function.eval != PythonEval::kMapPandasIter && function.eval != PythonEval::kMapArrowIter) {
    return Unsupported("mapping partitions with evaluation type " + std::to_string(static_cast<int>(function.eval)));
  }
  if (!function.return_type.Is(TypeId::kStruct)) return Unsupported("a mapping function that returns no struct");
  std::vector<ExprPtr> parts;
  std::vector<types::StructField> fields;
  for (const Column& column : child.rel->output) {
    parts.push_back(engine::MakeString(column.name));
    parts.push_back(ColumnRef(column));
    fields.push_back({column.name, column.type, column.nullable, "{}"});
  }
  const DataType row = DataType::Struct(std::move(fields));
  const RelPtr wrapped = std::make_shared<engine::ProjectRel>(
      child.rel, std::vector<Column>{NewColumn("struct", row, false)},
      std::vector<ExprPtr>{engine::MakeCall("named_struct", std::move(parts), row, false)});
  PythonTask task = options_.python_task;
  task.eval = function.eval;
  task.calls.push_back({map.function, {0}});
  task.input = ColumnStruct({row});
  task.result = ColumnStruct({function.return_type});
  auto run = std::make_shared<PythonRel>(wrapped, std::vector<Column>{NewColumn("_0", function.return_type, true)},
                                         PythonRel::Shape::kReplace, std::vector<int>{0},
                                         options_.python->Prepare(std::move(task)));
  return FlattenStruct(run, function.return_type);
}

Result<Node> Binder::BindGroupMap(const plan::GroupMap& map, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(const Node child, Bind(map.child, env));
  const PythonFunction& function = *map.function;
  RETURN_IF_ERROR(CheckPython(function));
  if (function.eval != PythonEval::kGroupedMapPandas && function.eval != PythonEval::kGroupedMapArrow) {
    return Unsupported("mapping groups with evaluation type " + std::to_string(static_cast<int>(function.eval)));
  }
  if (!function.return_type.Is(TypeId::kStruct)) return Unsupported("a mapping function that returns no struct");
  Scope scope = MakeScope(child, env, log_start);
  ExpressionBinder binder(this, &scope);
  std::vector<ExprPtr> groups;
  std::vector<Column> group_columns;
  for (const auto& expr : map.groups) {
    ASSIGN_OR_RETURN(const NamedExpr group, binder.BindNamed(expr));
    groups.push_back(group.expr);
    group_columns.push_back(NewColumn(group.name, group.expr->type, group.expr->nullable));
  }
  const RelPtr sorted = NumberGroups(child.rel, groups, group_columns);
  const int width = static_cast<int>(child.rel->output.size());
  // What the function sees: the child's columns, then keys that are none of them. Offsets are in Spark's form: how many
  // follow, how many are keys, the keys, the values.
  std::vector<int> seen;
  std::vector<int> keys;
  for (int i = 0; i < width; ++i) seen.push_back(i);
  for (size_t g = 0; g < groups.size(); ++g) {
    int at = 0;
    while (at < width && !SameExpr(groups[g], ColumnRef(child.rel->output[static_cast<size_t>(at)]))) ++at;
    if (at == width) {
      at = static_cast<int>(seen.size());
      seen.push_back(width + static_cast<int>(g));
    }
    keys.push_back(at);
  }
  PythonTask task = options_.python_task;
  std::vector<int> offsets = {1 + static_cast<int>(keys.size()) + width, static_cast<int>(keys.size())};
  offsets.insert(offsets.end(), keys.begin(), keys.end());
  for (int i = 0; i < width; ++i) offsets.push_back(i);
  std::vector<types::StructField> fields;
  for (int i : seen) {
    const Column& column = sorted->output[static_cast<size_t>(i)];
    fields.push_back({column.name, column.type, column.nullable, "{}"});
  }
  seen.push_back(static_cast<int>(sorted->output.size()) - 1);
  task.eval = function.eval;
  task.grouped = true;
  task.calls.push_back({map.function, std::move(offsets)});
  task.input = DataType::Struct(std::move(fields));
  task.result = ColumnStruct({function.return_type});
  auto run = std::make_shared<PythonRel>(sorted, std::vector<Column>{NewColumn("_0", function.return_type, true)},
                                         PythonRel::Shape::kReplace, std::move(seen),
                                         options_.python->Prepare(std::move(task)));
  return FlattenStruct(run, function.return_type);
}

Result<Node> Binder::BindPythonTable(const plan::PythonTable& table, const Env& env) {
  const PythonFunction& function = *table.function;
  RETURN_IF_ERROR(CheckPython(function));
  if (function.eval != PythonEval::kTable) {
    return Unsupported("Python table function " + function.name + " of evaluation type " +
                       std::to_string(static_cast<int>(function.eval)));
  }
  if (!function.return_type.Is(TypeId::kStruct)) {
    return Unsupported("Python table function " + function.name + " without a returnType (its analyze method)");
  }
  Node one{std::make_shared<engine::OneRowRel>(), {}, nullptr, nullptr};
  Inputs inputs([this] { return NewId(); }, one.rel);
  PythonTask task = options_.python_task;
  PythonTask::Call call{table.function, {}};
  for (const auto& arg : table.args) {
    if (arg->kind == plan::ExpressionKind::kNamedArgument) {
      return Unsupported("named arguments of Python table function " + function.name);
    }
    ASSIGN_OR_RETURN(const ExprPtr bound, BindIn(arg, one, env));
    if (Any(bound, [](const ExprPtr& e) { return e->kind == ExprKind::kColumn; })) {
      return Unsupported("LATERAL columns as arguments of Python table function " + function.name);
    }
    call.arg_offsets.push_back(inputs.Add(bound));
  }
  task.eval = function.eval;
  task.calls.push_back(std::move(call));
  task.input = inputs.Types();
  std::vector<types::StructField> fields = {{"input_row", TypeId::kLong, false, "{}"}};
  std::vector<Column> output = {NewColumn("input_row", TypeId::kLong, false)};
  for (const auto& field : function.return_type.fields()) {
    fields.push_back(field);
    output.push_back(NewColumn(field.name, field.type, field.nullable, field.metadata));
  }
  task.result = DataType::Struct(std::move(fields));
  const std::vector<Column> shown(output.begin() + 1, output.end());
  auto run = std::make_shared<PythonRel>(inputs.Projected(), std::move(output), PythonRel::Shape::kReplace,
                                         inputs.seen(), options_.python->Prepare(std::move(task)));
  return Node{ProjectTo(run, shown), {}, nullptr, nullptr};
}

}  // namespace deltic::spark::resolve
