// Star and regex expansion: *, t.*, struct.*, * EXCEPT (…), df["*"], df.colRegex("`…`").
#include <algorithm>

#include "engine/functions/java_regex.h"
#include "spark/resolve/expression_binder.h"
#include "spark/sql/parser.h"

namespace deltic::spark::resolve {

using plan::ExpressionKind;

namespace {

NamedExpr FromColumn(const Column& c) { return {ColumnRef(c), c.name, c.metadata, c.qualifier, true}; }

bool EndsWith(const Binder& binder, const std::vector<std::string>& qualifier, const std::vector<std::string>& target) {
  if (qualifier.size() < target.size() || target.empty()) return false;
  return std::equal(target.begin(), target.end(), qualifier.end() - static_cast<long>(target.size()),
                    [&](const std::string& a, const std::string& b) { return binder.SameName(a, b); });
}

}  // namespace

Result<std::vector<NamedExpr>> ExpressionBinder::Expand(const plan::ExpressionPtr& expr) {
  if (expr->kind == ExpressionKind::kRegex) return ExpandRegex(expr->As<plan::UnresolvedRegex>());
  const auto& star = expr->As<plan::UnresolvedStar>();
  std::vector<NamedExpr> items;
  const Node& node = *scope_->node;
  if (star.plan_id >= 0 && star.target.empty()) {
    std::vector<const Node*> nodes = binder_->FindPlans(star.plan_id, scope_->log_start);
    if (!nodes.empty()) {
      for (const Column& c : nodes[0]->rel->output) {
        if (auto here = binder_->ColumnHere(node, c.id)) items.push_back(FromColumn(*here));
      }
      if (!items.empty() || nodes[0]->rel->output.empty()) return items;
    }
  }
  for (const Column& c : node.rel->output) {
    if (star.target.empty() || EndsWith(*binder_, c.qualifier, star.target)) items.push_back(FromColumn(c));
  }
  if (!star.target.empty() && items.empty()) {
    ASSIGN_OR_RETURN(items, ExpandStruct(star));
  } else if (!star.target.empty()) {
    // t.* also reaches the keys that a USING join hides.
    std::vector<NamedExpr> hidden;
    for (const HiddenColumn& h : node.hidden) {
      if (!h.qualified_only || !EndsWith(*binder_, h.column.qualifier, star.target)) continue;
      hidden.push_back(FromColumn(h.column));
      scope_->missing.insert(h.column.id);
    }
    items.insert(items.begin(), hidden.begin(), hidden.end());
  }
  for (const auto& parts : star.except) {
    ASSIGN_OR_RETURN(auto found, Lookup(parts, -1, false));
    if (!found) return UnresolvedColumn(plan::UnresolvedAttribute(parts));
    std::erase_if(items, [&](const NamedExpr& i) { return SameExpr(i.expr, found->expr); });
  }
  return items;
}

Result<std::vector<NamedExpr>> ExpressionBinder::ExpandStruct(const plan::UnresolvedStar& star) {
  ASSIGN_OR_RETURN(auto found, Lookup(star.target, star.plan_id, false));
  if (!found) {
    ASSIGN_OR_RETURN(found, LookupOuter(star.target));
  }
  if (!found) {
    std::string columns;
    for (const Column& c : scope_->node->rel->output) {
      columns += (columns.empty() ? "" : ", ") + types::QuoteIdentifier(c.name);
    }
    return Error("CANNOT_RESOLVE_STAR_EXPAND", {{"targetString", QuoteParts(star.target)}, {"columns", columns}});
  }
  if (!found->expr->type.Is(TypeId::kStruct)) {
    std::string list;
    for (const std::string& p : star.target) list += (list.empty() ? "" : ", ") + p;
    return Error("_LEGACY_ERROR_TEMP_1050", {{"attributes", "ArrayBuffer(" + list + ")"}});
  }
  std::vector<NamedExpr> items;
  for (const types::StructField& f : found->expr->type.fields()) {
    ExprPtr field = engine::MakeCall("struct_field", {found->expr, engine::MakeString(f.name)}, f.type,
                                     found->expr->nullable || f.nullable);
    items.push_back({field, f.name, f.metadata});
  }
  return items;
}

Result<std::vector<NamedExpr>> ExpressionBinder::ExpandRegex(const plan::UnresolvedRegex& regex) {
  std::string pattern = regex.pattern;
  std::vector<std::string> qualifier;
  // ParserUtils.escapedIdentifier, qualifiedEscapedIdentifier: `regex` or qualifier.`regex`; else a name.
  const size_t tick = pattern.size() < 3 || pattern.back() != '`' ? std::string::npos
                      : pattern.front() == '`'                    ? 0
                                                                  : pattern.rfind('`', pattern.size() - 2);
  if (tick == std::string::npos || tick == 1 || pattern.size() < tick + 3) {
    ASSIGN_OR_RETURN(auto parts, sql::ParseMultipartIdentifier(pattern));
    auto attribute = std::make_shared<plan::UnresolvedAttribute>(std::move(parts), regex.plan_id);
    ASSIGN_OR_RETURN(NamedExpr item, BindNamedTree(attribute));
    return std::vector<NamedExpr>{item};
  }
  if (tick > 0) qualifier = {pattern.substr(0, tick - 1)};
  pattern = pattern.substr(tick + 1, pattern.size() - tick - 2);
  std::vector<NamedExpr> items;
  // String.matches: the whole name.
  const std::string flags = binder_->options().case_sensitive ? "" : "(?i)";
  const auto compiled = engine::functions::JavaRegex::Compile(flags + "\\A(?:" + pattern + ")\\z", "colRegex");
  if (!compiled.ok()) {
    return Error("INVALID_PARAMETER_VALUE.PATTERN",
                 {{"parameter", "`regexp`"}, {"functionName", "`colRegex`"}, {"value", "'" + pattern + "'"}});
  }
  for (const Column& c : scope_->node->rel->output) {
    if (!qualifier.empty() && !EndsWith(*binder_, c.qualifier, qualifier)) continue;
    if ((*compiled)->Find(c.name)) items.push_back(FromColumn(c));
  }
  return items;
}

}  // namespace deltic::spark::resolve
