// DataFrame.na: fill, drop, replace, with Spark's rules for which columns a value applies to.
#include <algorithm>

#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

namespace {

NamedExpr Keep(const Column& c) { return {ColumnRef(c), c.name, c.metadata, c.qualifier, true}; }

// The columns with these names; names that do not exist are refused.
Result<std::vector<ColumnId>> Named(Binder* binder, const Node& node, const std::vector<std::string>& names,
                                    const Env& env) {
  std::vector<ColumnId> ids;
  for (const std::string& name : names) {
    bool found = false;
    for (const Column& c : node.rel->output) {
      if (!binder->SameName(c.name, name)) continue;
      ids.push_back(c.id);
      found = true;
    }
    if (found) continue;
    Scope scope = binder->MakeScope(node, env, SIZE_MAX);
    ExpressionBinder expressions(binder, &scope);
    return expressions.UnresolvedColumn(plan::UnresolvedAttribute({name}));
  }
  return ids;
}

bool Fits(const DataType& column, const DataType& value) {
  if (value.IsNumeric()) return column.IsNumeric();
  if (value.Is(TypeId::kBoolean)) return column.Is(TypeId::kBoolean);
  return value.IsString() && column.IsString();
}

// nanvl for floating columns: NaN counts as missing.
ExprPtr OrNull(Binder* binder, const ExprPtr& value) {
  if (!value->type.IsFractional()) return value;
  Result<ExprPtr> made = binder->CallFunction("nanvl", {value, engine::MakeNull(value->type)});
  return made.ok() ? made.value() : value;
}

}  // namespace

Result<Node> Binder::BindNaFill(const plan::NaFill& fill, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(fill.child, env));
  if (fill.values.empty()) return InternalError("na.fill without a value");
  std::vector<ExprPtr> values;
  for (const auto& v : fill.values) {
    ASSIGN_OR_RETURN(ExprPtr value, BindIn(v, child, env));
    values.push_back(std::move(value));
  }
  const bool per_column = values.size() > 1;
  if (per_column && values.size() != fill.columns.size()) {
    return Error("INVALID_PLAN_INPUT", {}, "The number of values does not match the number of columns of na.fill.");
  }
  ASSIGN_OR_RETURN(std::vector<ColumnId> checked, Named(this, child, fill.columns, env));
  std::vector<NamedExpr> items;
  for (const Column& c : child.rel->output) {
    ExprPtr value;
    if (fill.columns.empty()) {
      value = values[0];
    } else {
      for (size_t i = 0; i < fill.columns.size(); ++i) {
        if (SameName(fill.columns[i], c.name)) value = per_column ? values[i] : values[0];
      }
    }
    // One value for all columns goes only where its type fits; a value given for a column always does.
    const bool explicit_map = per_column || (fill.columns.size() == 1 && values.size() == 1);
    if (value == nullptr || (!Fits(c.type, value->type) && !(explicit_map && per_column))) {
      items.push_back(Keep(c));
      continue;
    }
    ExprPtr replacement = functions::CastTo(value, c.type, context());
    ASSIGN_OR_RETURN(ExprPtr filled, CallFunction("coalesce", {OrNull(this, ColumnRef(c)), replacement}));
    items.push_back({functions::CastTo(filled, c.type, context()), c.name});
  }
  return Project(child, std::move(items));
}

Result<Node> Binder::BindNaDrop(const plan::NaDrop& drop, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(drop.child, env));
  std::vector<ColumnId> ids;
  if (drop.columns.empty()) {
    for (const Column& c : child.rel->output) ids.push_back(c.id);
  } else {
    ASSIGN_OR_RETURN(ids, Named(this, child, drop.columns, env));
  }
  const int wanted = drop.min_non_nulls.value_or(static_cast<int>(ids.size()));
  std::vector<ExprPtr> present;
  for (const Column& c : child.rel->output) {
    if (std::find(ids.begin(), ids.end(), c.id) == ids.end()) continue;
    ASSIGN_OR_RETURN(ExprPtr here, CallFunction("isnotnull", {ColumnRef(c)}));
    if (c.type.IsFractional()) {
      ASSIGN_OR_RETURN(ExprPtr nan, CallFunction("isnan", {ColumnRef(c)}));
      ASSIGN_OR_RETURN(ExprPtr number, CallFunction("not", {nan}));
      ASSIGN_OR_RETURN(here, CallFunction("and", {here, number}));
    }
    present.push_back(std::move(here));
  }
  Node result = child;
  result.aggregate = nullptr;
  if (wanted <= 0) return result;
  ExprPtr condition;
  if (static_cast<size_t>(wanted) >= present.size() && static_cast<size_t>(wanted) == present.size()) {
    for (const ExprPtr& p : present) {
      if (condition == nullptr) {
        condition = p;
      } else {
        ASSIGN_OR_RETURN(condition, CallFunction("and", {condition, p}));
      }
    }
  } else {
    ExprPtr count = engine::MakeInt(0);
    for (const ExprPtr& p : present) {
      std::vector<std::pair<ExprPtr, ExprPtr>> branches{{p, engine::MakeInt(1)}};
      ExprPtr one = std::make_shared<engine::Case>(std::move(branches), engine::MakeInt(0), TypeId::kInteger, false);
      ASSIGN_OR_RETURN(count, CallFunction("+", {count, one}));
    }
    ASSIGN_OR_RETURN(condition, CallFunction(">=", {count, engine::MakeInt(wanted)}));
  }
  if (condition == nullptr) return result;
  result.rel = std::make_shared<engine::FilterRel>(child.rel, condition);
  return result;
}

Result<Node> Binder::BindNaReplace(const plan::NaReplace& replace, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(replace.child, env));
  if (replace.replacements.empty()) return child;
  const bool all = replace.columns.empty() || (replace.columns.size() == 1 && replace.columns[0] == "*");
  std::vector<ColumnId> ids;
  if (!all) {
    ASSIGN_OR_RETURN(ids, Named(this, child, replace.columns, env));
  }
  std::vector<std::pair<ExprPtr, ExprPtr>> pairs;
  DataType source;
  for (const auto& [from, to] : replace.replacements) {
    ASSIGN_OR_RETURN(ExprPtr old_value, BindIn(from, child, env));
    ASSIGN_OR_RETURN(ExprPtr new_value, BindIn(to, child, env));
    for (const ExprPtr& e : {old_value, new_value}) {
      if (source.Is(TypeId::kNull) && !e->type.Is(TypeId::kNull)) source = e->type;
    }
    pairs.emplace_back(std::move(old_value), std::move(new_value));
  }
  std::vector<NamedExpr> items;
  for (const Column& c : child.rel->output) {
    const bool wanted = all || std::find(ids.begin(), ids.end(), c.id) != ids.end();
    if (!wanted || !(Fits(c.type, source) || source.Is(TypeId::kNull))) {
      items.push_back(Keep(c));
      continue;
    }
    std::vector<std::pair<ExprPtr, ExprPtr>> branches;
    bool nullable = c.nullable;
    for (const auto& [from, to] : pairs) {
      ExprPtr match;
      if (from->type.Is(TypeId::kNull)) {
        ASSIGN_OR_RETURN(match, CallFunction("isnull", {ColumnRef(c)}));
      } else {
        ASSIGN_OR_RETURN(match, CallFunction("=", {ColumnRef(c), functions::CastTo(from, c.type, context())}));
      }
      ExprPtr value = functions::CastTo(to, c.type, context());
      nullable = nullable || value->nullable;
      branches.emplace_back(std::move(match), std::move(value));
    }
    items.push_back({std::make_shared<engine::Case>(std::move(branches), ColumnRef(c), c.type, nullable), c.name});
  }
  return Project(child, std::move(items));
}

}  // namespace deltic::spark::resolve
