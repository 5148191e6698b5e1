// Joins: conditions, USING and NATURAL, outer nullability, LATERAL.
#include <algorithm>

#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

using engine::JoinType;

namespace {

bool LeftOnly(JoinType t) { return t == JoinType::kLeftSemi || t == JoinType::kLeftAnti; }
bool NullsLeft(JoinType t) { return t == JoinType::kRightOuter || t == JoinType::kFullOuter; }
bool NullsRight(JoinType t) { return t == JoinType::kLeftOuter || t == JoinType::kFullOuter; }

std::vector<Column> JoinOutput(JoinType type, const std::vector<Column>& left, const std::vector<Column>& right) {
  std::vector<Column> output = left;
  if (NullsLeft(type)) {
    for (Column& c : output) c.nullable = true;
  }
  if (LeftOnly(type)) return output;
  for (Column c : right) {
    c.nullable = c.nullable || NullsRight(type);
    output.push_back(std::move(c));
  }
  return output;
}

const char* LateralName(JoinType type) {
  switch (type) {
    case JoinType::kRightOuter: return "RIGHT OUTER";
    case JoinType::kFullOuter: return "FULL OUTER";
    case JoinType::kLeftSemi: return "LEFT SEMI";
    case JoinType::kLeftAnti: return "LEFT ANTI";
    default: return nullptr;
  }
}

std::string QuotedNames(const std::vector<Column>& columns) {
  std::vector<std::string> names;
  for (const Column& c : columns) names.push_back(types::QuoteIdentifier(c.name));
  std::sort(names.begin(), names.end());
  std::string list;
  for (const std::string& n : names) list += (list.empty() ? "" : ", ") + n;
  return list;
}

}  // namespace

Result<Node> Binder::BindJoin(const plan::Join& join, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(Node left, Bind(join.left, env));
  Env right_env = env;
  Scope left_scope = MakeScope(left, env, log_start);
  if (join.lateral) {
    if (const char* name = LateralName(join.type)) return Error("INVALID_LATERAL_JOIN_TYPE", {{"joinType", name}});
    right_env.outer = &left_scope;
  }
  ASSIGN_OR_RETURN(Node right, Bind(join.right, right_env));
  if (!left_scope.missing.empty()) {
    ASSIGN_OR_RETURN(left, ExposeMissing(left, left_scope.missing));
  }
  if (join.natural || !join.using_columns.empty()) {
    std::vector<std::string> names = join.using_columns;
    if (join.natural) {
      for (const Column& l : left.rel->output) {
        const bool both = std::any_of(right.rel->output.begin(), right.rel->output.end(),
                                      [&](const Column& r) { return SameName(l.name, r.name); });
        if (both) names.push_back(l.name);
      }
    }
    return UsingJoin(join, left, right, names);
  }
  Node both;
  both.rel = std::make_shared<engine::JoinRel>(JoinType::kCross, left.rel, right.rel, nullptr,
                                               JoinOutput(JoinType::kCross, left.rel->output, right.rel->output));
  both.hidden = left.hidden;
  if (!LeftOnly(join.type) || join.condition != nullptr) {
    both.hidden.insert(both.hidden.end(), right.hidden.begin(), right.hidden.end());
  }
  ExprPtr condition;
  if (join.condition != nullptr) {
    Scope scope = MakeScope(both, env, log_start);
    ExpressionBinder binder(this, &scope);
    ASSIGN_OR_RETURN(plan::ExpressionPtr prepared, binder.Prepare(join.condition));
    ASSIGN_OR_RETURN(condition, binder.Bind(prepared));
    if (!condition->type.Is(TypeId::kBoolean)) {
      return Error("JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE", {{"joinCondition", "\"" + binder.NameOf(prepared) + "\""},
                                                          {"conditionType", QuotedType(condition->type)}});
    }
    for (ColumnId id : scope.missing) {
      if (RelPtr exposed = ExposeColumns(left.rel, {id})) {
        left.rel = exposed;
      } else if ((exposed = ExposeColumns(right.rel, {id}))) {
        right.rel = exposed;
      }
    }
  }
  JoinType type = join.type;
  if (type == JoinType::kInner && condition == nullptr) type = JoinType::kCross;
  if (type == JoinType::kCross && condition != nullptr) type = JoinType::kInner;
  auto rel = std::make_shared<engine::JoinRel>(type, left.rel, right.rel, condition,
                                               JoinOutput(type, left.rel->output, right.rel->output));
  rel->lateral = join.lateral;
  Node result;
  result.rel = ProjectTo(rel, JoinOutput(type, both.rel->As<engine::JoinRel>().left->output,
                                         both.rel->As<engine::JoinRel>().right->output));
  result.hidden = left.hidden;
  if (!LeftOnly(type)) result.hidden.insert(result.hidden.end(), right.hidden.begin(), right.hidden.end());
  return result;
}

Result<Node> Binder::UsingJoin(const plan::Join& join, const Node& left, const Node& right,
                               const std::vector<std::string>& names) {
  auto find = [&](const Node& node, const std::string& name, const char* side) -> Result<Column> {
    std::vector<const Column*> matches;
    for (const Column& c : node.rel->output) {
      if (SameName(c.name, name)) matches.push_back(&c);
    }
    if (matches.size() > 1) {
      std::vector<std::string> full;
      for (const Column* m : matches) {
        std::vector<std::string> parts = m->qualifier;
        parts.push_back(m->name);
        full.push_back(QuoteParts(parts));
      }
      std::sort(full.begin(), full.end());
      std::string list;
      for (const std::string& f : full) list += (list.empty() ? "" : ", ") + f;
      return Error("AMBIGUOUS_REFERENCE",
                   {{"name", types::QuoteIdentifier(name)}, {"referenceNames", "[" + list + "]"}});
    }
    if (matches.empty()) {
      return Error(
          "UNRESOLVED_USING_COLUMN_FOR_JOIN",
          {{"colName", types::QuoteIdentifier(name)}, {"side", side}, {"suggestion", QuotedNames(node.rel->output)}});
    }
    return *matches[0];
  };
  std::vector<Column> left_keys;
  std::vector<Column> right_keys;
  ExprPtr condition;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(Column l, find(left, name, "left"));
    ASSIGN_OR_RETURN(Column r, find(right, name, "right"));
    ASSIGN_OR_RETURN(ExprPtr equal, CallFunction("=", {ColumnRef(l), ColumnRef(r)}));
    if (condition == nullptr) {
      condition = equal;
    } else {
      ASSIGN_OR_RETURN(condition, CallFunction("and", {condition, equal}));
    }
    left_keys.push_back(std::move(l));
    right_keys.push_back(std::move(r));
  }
  const JoinType type = condition == nullptr && join.type == JoinType::kInner ? JoinType::kCross : join.type;
  auto rel = std::make_shared<engine::JoinRel>(type, left.rel, right.rel, condition,
                                               JoinOutput(type, left.rel->output, right.rel->output));
  rel->lateral = join.lateral;
  auto after = [&](const Column& c) {
    for (const Column& o : rel->output) {
      if (o.id == c.id) return o;
    }
    return c;
  };
  auto is_key = [](const std::vector<Column>& keys, const Column& c) {
    return std::any_of(keys.begin(), keys.end(), [&](const Column& k) { return k.id == c.id; });
  };
  Node base;
  base.rel = rel;
  base.hidden = left.hidden;
  if (!LeftOnly(type)) base.hidden.insert(base.hidden.end(), right.hidden.begin(), right.hidden.end());
  std::vector<NamedExpr> items;
  auto keep = [&](const Column& c) { items.push_back({ColumnRef(c), c.name, c.metadata, c.qualifier, true}); };
  for (size_t i = 0; i < left_keys.size(); ++i) {
    if (type == JoinType::kRightOuter) {
      Column key = after(right_keys[i]);
      keep(key);
    } else if (type == JoinType::kFullOuter) {
      ASSIGN_OR_RETURN(ExprPtr merged,
                       CallFunction("coalesce", {ColumnRef(after(left_keys[i])), ColumnRef(after(right_keys[i]))}));
      items.push_back({merged, left_keys[i].name});
    } else {
      keep(after(left_keys[i]));
    }
  }
  for (const Column& c : left.rel->output) {
    if (!is_key(left_keys, c)) keep(after(c));
  }
  if (!LeftOnly(type)) {
    for (const Column& c : right.rel->output) {
      if (!is_key(right_keys, c)) keep(after(c));
    }
  }
  Node result = Project(base, std::move(items));
  result.below = nullptr;
  auto hide = [&](const std::vector<Column>& keys) {
    for (const Column& k : keys) result.hidden.push_back({after(k), true});
  };
  if (type == JoinType::kRightOuter || type == JoinType::kFullOuter) hide(left_keys);
  if (!LeftOnly(type) && type != JoinType::kRightOuter) hide(right_keys);
  return result;
}

}  // namespace deltic::spark::resolve
