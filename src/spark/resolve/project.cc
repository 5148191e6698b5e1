// SELECT lists: projections, lateral column aliases, aggregates without GROUP BY, generators, LATERAL VIEW.
#include <algorithm>

#include "spark/resolve/aggregate_builder.h"
#include "spark/resolve/expression_binder.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::resolve {

using functions::FunctionRow;
using plan::ExpressionKind;
using plan::ExpressionPtr;

Result<Node> Binder::BindProject(const plan::Project& project, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(Node child, Bind(project.child, env));
  return ProjectList(child, project.exprs, env, log_start);
}

Result<std::vector<NamedExpr>> Binder::BindSelectList(const std::vector<ExpressionPtr>& exprs, Scope* scope) {
  ExpressionBinder binder(this, scope);
  std::vector<LateralAlias> laterals;
  const bool lateral = exprs.size() > 1;
  if (lateral) scope->laterals = &laterals;
  std::vector<NamedExpr> items;
  auto bind = [&]() -> Status {
    for (const ExpressionPtr& e : exprs) {
      scope->lateral_level = 0;
      ASSIGN_OR_RETURN(std::vector<NamedExpr> bound, binder.BindList({e}));
      for (NamedExpr& item : bound) {
        item.level = scope->lateral_level;
        if (lateral && e->kind == ExpressionKind::kAlias) {
          Column column = NewColumn(item.name, item.expr->type, item.expr->nullable, item.metadata);
          item.id = column.id;
          laterals.push_back({item.name, std::move(column), item.level});
        }
        items.push_back(std::move(item));
      }
    }
    return Status::Ok();
  };
  Status status = bind();
  scope->laterals = nullptr;
  RETURN_IF_ERROR(status);
  return items;
}

Node Binder::ProjectInSteps(const Node& child, std::vector<NamedExpr> items) {
  int deepest = 0;
  for (const NamedExpr& item : items) deepest = std::max(deepest, item.level);
  if (deepest == 0) return Project(child, std::move(items));
  Node current = child;
  for (int level = 0; level < deepest; ++level) {
    std::vector<NamedExpr> step;
    for (const Column& c : current.rel->output) step.push_back({ColumnRef(c), c.name, c.metadata, c.qualifier, true});
    for (NamedExpr& item : items) {
      if (item.level != level || item.id == 0) continue;
      step.push_back(item);
      // From here on the item is the column computed in this step.
      item.expr = std::make_shared<engine::ColumnExpr>(item.id, item.expr->type, item.expr->nullable);
      item.attribute = true;
    }
    current = Project(current, std::move(step));
    current.below = child.below;
  }
  Node result = Project(current, std::move(items));
  result.below = std::make_shared<Node>(child);
  return result;
}

namespace {

// A generator may only stand at the top of a select item.
Status CheckNestedGenerators(const ExpressionPtr& item) {
  ExpressionPtr top = item;
  while (top->kind == ExpressionKind::kAlias) top = top->As<plan::Alias>().child;
  bool nested = false;
  std::function<ExpressionPtr(const ExpressionPtr&)> visit = [&](const ExpressionPtr& e) -> ExpressionPtr {
    nested = nested || (e->kind == ExpressionKind::kFunction && ExpressionBinder::GeneratorOf(e) != nullptr);
    return nested ? e : MapPlanChildren(e, visit);
  };
  MapPlanChildren(top, visit);
  if (!nested) return Status::Ok();
  return Error("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", {{"expression", QuotedSql(top)}});
}

Status TooManyGenerators(const std::vector<ExpressionPtr>& exprs, const std::vector<size_t>& generators) {
  std::string list;
  for (size_t at : generators) {
    ExpressionPtr e = exprs[at];
    while (e->kind == ExpressionKind::kAlias) e = e->As<plan::Alias>().child;
    list += (list.empty() ? "" : ", ") + QuotedSql(e);
  }
  return Error("UNSUPPORTED_GENERATOR.MULTI_GENERATOR",
               {{"num", std::to_string(generators.size())}, {"generators", list}});
}

}  // namespace

Result<Node> Binder::ProjectList(const Node& source, const std::vector<ExpressionPtr>& exprs, const Env& env,
                                 size_t log_start) {
  Node child = source;
  Scope scope = MakeScope(child, env, log_start);
  ExpressionBinder binder(this, &scope);
  std::vector<ExpressionPtr> prepared;
  std::vector<size_t> generators;
  for (const ExpressionPtr& e : exprs) {
    ASSIGN_OR_RETURN(ExpressionPtr p, binder.Prepare(e));
    if (ExpressionBinder::GeneratorOf(p) != nullptr) generators.push_back(prepared.size());
    prepared.push_back(std::move(p));
  }
  for (const ExpressionPtr& p : prepared) RETURN_IF_ERROR(CheckNestedGenerators(p));
  if (!generators.empty()) return ProjectGenerators(child, prepared, generators, env, log_start);
  std::shared_ptr<const TimeWindowColumn> time_window;
  if (const auto calls = TimeWindowCalls(prepared); !calls.empty()) {
    ASSIGN_OR_RETURN(time_window, PlanTimeWindow(&child, calls, env, log_start, std::nullopt));
    scope.time_window = time_window.get();
  }
  ASSIGN_OR_RETURN(std::vector<NamedExpr> items, BindSelectList(prepared, &scope));
  ASSIGN_OR_RETURN(child, ExposeMissing(child, scope.missing));
  if (std::any_of(items.begin(), items.end(), [](const NamedExpr& i) { return HasAggregate(i.expr); })) {
    AggregateBuilder builder(this, child);
    return builder.BuildSelect(std::move(items));
  }
  return ProjectInSteps(child, std::move(items));
}

// --- generators --------------------------------------------------------------------------------------
Result<Node> Binder::Generate(const Node& child, const GeneratorCall& generator, Scope* scope) {
  const FunctionRow* row = ExpressionBinder::GeneratorOf(generator.call);
  const auto& call = generator.call->As<plan::UnresolvedFunction>();
  if (row == nullptr || row->generate == nullptr) {
    if (functions::FindFunction(call.name) == nullptr) {
      ExpressionBinder binder(this, scope);
      ASSIGN_OR_RETURN(ExprPtr unknown, binder.Bind(generator.call));
    }
    return Error("UNSUPPORTED_GENERATOR.NOT_GENERATOR",
                 {{"functionName", "`" + call.name + "`"}, {"classCanonicalName", call.name}});
  }
  ExpressionBinder binder(this, scope);
  ASSIGN_OR_RETURN(functions::FunctionCall bound, binder.BindArguments(call, row));
  const int count = static_cast<int>(bound.args.size());
  if (count < row->min_args || (row->max_args >= 0 && count > row->max_args)) {
    return Error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", "`" + std::string(row->name) + "`"},
                                                       {"expectedNum", std::to_string(row->min_args)},
                                                       {"actualNum", std::to_string(count)},
                                                       {"docroot", "https://spark.apache.org/docs/latest"}});
  }
  ASSIGN_OR_RETURN(FunctionRow::Generated made, row->generate(bound, context()));
  const bool outer = generator.outer || made.outer;
  if (!generator.names.empty() && generator.names.size() != made.columns.size()) {
    std::string names;
    for (const std::string& n : generator.names) names += (names.empty() ? "" : ",") + n;
    return Error("UDTF_ALIAS_NUMBER_MISMATCH",
                 {{"aliasesSize", std::to_string(made.columns.size())}, {"aliasesNames", names}});
  }
  Node input = child;
  if (!scope->missing.empty()) {
    ASSIGN_OR_RETURN(input, ExposeMissing(child, scope->missing));
  }
  std::vector<Column> output = input.rel->output;
  for (size_t i = 0; i < made.columns.size(); ++i) {
    Column c = made.columns[i];
    c.id = NewId();
    c.nullable = c.nullable || outer;
    c.qualifier = generator.qualifier;
    if (!generator.names.empty()) c.name = generator.names[i];
    output.push_back(std::move(c));
  }
  Node result = input;
  result.rel =
      std::make_shared<engine::GenerateRel>(input.rel, std::move(output), made.generator, std::move(made.args), outer);
  result.below = nullptr;
  result.aggregate = nullptr;
  return result;
}

namespace {

// The generator call below its aliases, and the names those give.
ExpressionPtr StripAliases(const ExpressionPtr& expr, std::vector<std::string>* names) {
  ExpressionPtr e = expr;
  while (e->kind == ExpressionKind::kAlias) {
    if (names->empty()) *names = e->As<plan::Alias>().names;
    e = e->As<plan::Alias>().child;
  }
  return e;
}

}  // namespace

Result<Node> Binder::ProjectGenerators(const Node& child, const std::vector<ExpressionPtr>& exprs,
                                       const std::vector<size_t>& generators, const Env& env, size_t log_start) {
  Node current = child;
  std::vector<NamedExpr> items;
  Scope list_scope = MakeScope(child, env, log_start);
  ExpressionBinder list(this, &list_scope);
  for (size_t i = 0; i < exprs.size(); ++i) {
    if (std::find(generators.begin(), generators.end(), i) == generators.end()) {
      ASSIGN_OR_RETURN(std::vector<NamedExpr> bound, list.BindList({exprs[i]}));
      std::move(bound.begin(), bound.end(), std::back_inserter(items));
      continue;
    }
    GeneratorCall generator;
    generator.call = StripAliases(exprs[i], &generator.names);
    Scope probe = MakeScope(child, env, log_start);
    ExpressionBinder arguments(this, &probe);
    ASSIGN_OR_RETURN(auto bound, arguments.BindArguments(generator.call->As<plan::UnresolvedFunction>(),
                                                         ExpressionBinder::GeneratorOf(generator.call)));
    if (std::any_of(bound.args.begin(), bound.args.end(), [](const ExprPtr& a) { return a && HasAggregate(a); })) {
      if (generators.size() > 1) return TooManyGenerators(exprs, generators);
      plan::Aggregate aggregate(nullptr);
      aggregate.aggregates = exprs;
      aggregate.is_sql = true;
      AggregateBuilder builder(this, child);
      return builder.BuildGenerator(aggregate, i, env, log_start);
    }
    // Arguments see the child's columns only, not those of generators to the left.
    Scope scope = MakeScope(child, env, log_start);
    const ColumnId first = next_id_;
    ASSIGN_OR_RETURN(current, Generate(current, generator, &scope));
    for (const Column& c : current.rel->output) {
      if (c.id >= first) items.push_back({ColumnRef(c), c.name, c.metadata, {}, true});
    }
  }
  ASSIGN_OR_RETURN(Node exposed, ExposeMissing(current, list_scope.missing));
  return Project(exposed, std::move(items));
}

Result<Node> Binder::BindLateralView(const plan::LateralView& view, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(Node child, Bind(view.child, env));
  Scope scope = MakeScope(child, env, log_start);
  ExpressionBinder binder(this, &scope);
  GeneratorCall generator;
  ASSIGN_OR_RETURN(generator.call, binder.Prepare(view.generator));
  generator.names = view.column_aliases;
  if (!view.table_alias.empty()) generator.qualifier = {view.table_alias};
  generator.outer = view.outer;
  if (generator.call->kind != ExpressionKind::kFunction) {
    return Error("UNSUPPORTED_GENERATOR.NOT_GENERATOR",
                 {{"functionName", QuotedSql(generator.call)}, {"classCanonicalName", "expression"}});
  }
  ASSIGN_OR_RETURN(Node generated, Generate(child, generator, &scope));
  return generated;
}

}  // namespace deltic::spark::resolve
