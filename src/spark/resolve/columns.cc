// Operators that change columns but not rows: withColumns, withColumnsRenamed, drop, toDF, to(schema).
#include <algorithm>

#include "spark/resolve/expression_binder.h"
#include "spark/resolve/match_schema.h"

namespace deltic::spark::resolve {

using plan::ExpressionKind;
using plan::ExpressionPtr;

namespace {

NamedExpr Keep(const Column& c) { return {ColumnRef(c), c.name, c.metadata, c.qualifier, true}; }

}  // namespace

Result<Node> Binder::BindWithColumns(const plan::WithColumns& with, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(Node child, Bind(with.child, env));
  Scope scope = MakeScope(child, env, log_start);
  ExpressionBinder binder(this, &scope);
  std::vector<ExpressionPtr> prepared;
  std::vector<std::string> names;
  std::set<std::string> seen;
  std::vector<size_t> generators;
  for (const ExpressionPtr& alias : with.aliases) {
    ASSIGN_OR_RETURN(ExpressionPtr p, binder.Prepare(alias));
    if (p->kind != ExpressionKind::kAlias) return InternalError("withColumns without a name");
    const std::string& name = p->As<plan::Alias>().names.at(0);
    if (!seen.insert(NameKey(name)).second) {
      return Error("COLUMN_ALREADY_EXISTS", {{"columnName", types::QuoteIdentifier(NameKey(name))}});
    }
    names.push_back(name);
    if (ExpressionBinder::GeneratorOf(p) != nullptr) generators.push_back(prepared.size());
    prepared.push_back(std::move(p));
  }
  Node input = child;
  std::shared_ptr<const TimeWindowColumn> time_window;
  std::vector<NamedExpr> items;
  if (!generators.empty()) {
    std::vector<NamedExpr> generated;
    std::vector<ExpressionPtr> others = prepared;
    for (const size_t at : generators) {
      GeneratorCall call;
      call.call = prepared[at]->As<plan::Alias>().child;
      call.names = {names[at]};
      // Arguments see the child's columns only, not those of other generators.
      Scope generator_scope = MakeScope(child, env, log_start);
      ASSIGN_OR_RETURN(input, Generate(input, call, &generator_scope));
      generated.push_back(Keep(input.rel->output.back()));
      others.erase(others.begin() + static_cast<long>(at + 1 - generated.size()));
    }
    ASSIGN_OR_RETURN(items, BindSelectList(others, &scope));
    for (size_t i = 0; i < generators.size(); i++) {
      items.insert(items.begin() + static_cast<long>(generators[i]), generated[i]);
    }
  } else {
    if (const auto calls = TimeWindowCalls(prepared); !calls.empty()) {
      ASSIGN_OR_RETURN(time_window, PlanTimeWindow(&child, calls, env, log_start, std::nullopt));
      scope.time_window = time_window.get();
      input = child;
    }
    ASSIGN_OR_RETURN(items, BindSelectList(prepared, &scope));
  }
  if (items.size() != names.size()) return InternalError("withColumns gave another number of columns");
  for (const NamedExpr& item : items) {
    if (HasAggregate(item.expr)) return Error("MISSING_GROUP_BY");
  }
  ASSIGN_OR_RETURN(input, ExposeMissing(input, scope.missing));
  std::vector<NamedExpr> output;
  std::vector<bool> placed(names.size());
  for (const Column& c : child.rel->output) {
    auto match = std::find_if(names.begin(), names.end(), [&](const std::string& n) { return SameName(n, c.name); });
    if (match == names.end()) {
      output.push_back(Keep(c));
      continue;
    }
    const auto at = static_cast<size_t>(match - names.begin());
    NamedExpr item = items[at];
    if (placed[at]) item.id = 0;
    placed[at] = true;
    output.push_back(std::move(item));
  }
  for (size_t i = 0; i < names.size(); ++i) {
    if (!placed[i]) output.push_back(items[i]);
  }
  Node result = ProjectInSteps(input, std::move(output));
  return result;
}

Result<Node> Binder::BindRenames(const plan::WithColumnsRenamed& renames, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(renames.child, env));
  std::vector<NamedExpr> items;
  for (const Column& c : child.rel->output) items.push_back(Keep(c));
  bool changed = false;
  for (const auto& [from, to] : renames.renames) {
    for (NamedExpr& item : items) {
      if (!SameName(item.name, from)) continue;
      item.name = to;
      item.attribute = false;
      item.qualifier.clear();
      changed = true;
    }
  }
  if (!changed) return child;
  return Project(child, std::move(items));
}

Result<Node> Binder::BindDrop(const plan::Drop& drop, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(Node child, Bind(drop.child, env));
  std::set<ColumnId> gone;
  for (const ExpressionPtr& e : drop.columns) {
    Scope scope = MakeScope(child, env, log_start);
    ExpressionBinder binder(this, &scope);
    Result<NamedExpr> item = binder.BindNamed(e);
    if (!item.ok()) {
      if (item.status().condition().rfind("UNRESOLVED_COLUMN", 0) == 0) continue;
      return item.status();
    }
    if (item.value().attribute) CollectColumnIds(item.value().expr, &gone);
  }
  std::vector<NamedExpr> items;
  for (const Column& c : child.rel->output) {
    const bool named =
        std::any_of(drop.names.begin(), drop.names.end(), [&](const std::string& n) { return SameName(n, c.name); });
    if (!named && gone.count(c.id) == 0) items.push_back(Keep(c));
  }
  if (items.size() == child.rel->output.size()) return child;
  return Project(child, std::move(items));
}

Result<Node> Binder::BindToDf(const plan::ToDf& to, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(to.child, env));
  const std::vector<Column>& output = child.rel->output;
  if (to.names.size() != output.size()) {
    std::string old_names;
    std::string new_names;
    for (const Column& c : output) old_names += (old_names.empty() ? "" : ", ") + c.name;
    for (const std::string& n : to.names) new_names += (new_names.empty() ? "" : ", ") + n;
    return Error("_LEGACY_ERROR_TEMP_1332",
                 {{"errorMessage", "requirement failed: The number of columns doesn't match.\nOld column names (" +
                                       std::to_string(output.size()) + "): " + old_names + "\nNew column names (" +
                                       std::to_string(to.names.size()) + "): " + new_names}});
  }
  std::vector<NamedExpr> items;
  for (size_t i = 0; i < output.size(); ++i) {
    NamedExpr item = Keep(output[i]);
    item.name = to.names[i];
    item.attribute = false;
    item.qualifier.clear();
    items.push_back(std::move(item));
  }
  return Project(child, std::move(items));
}

Result<Node> Binder::BindToSchema(const plan::ToSchema& to, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(to.child, env));
  if (!to.schema.Is(TypeId::kStruct)) return InternalError("to(schema) without a struct type");
  ASSIGN_OR_RETURN(std::vector<NamedExpr> items, MatchSchema(this, child.rel->output, to.schema));
  return Project(child, std::move(items));
}

}  // namespace deltic::spark::resolve
