// Column names → columns: AttributeSeq.resolve, references by DataFrame (plan id), lateral aliases, columns below
// a projection, outer references, lambda variables, and functions written without parentheses.
#include <algorithm>

#include "spark/resolve/expression_binder.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::resolve {

using Found = ExpressionBinder::Found;

namespace {

constexpr size_t kIndexThreshold = 24;  // outputs narrower than this are scanned

Found FromColumn(const Column& column, const std::string& written) {
  return {ColumnRef(column), written, column.metadata, column.qualifier, true};
}

size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string QuoteParts(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& p : parts) {
    if (!out.empty()) out += '.';
    out += types::QuoteIdentifier(p);
  }
  return out;
}

std::string Suggestions(const std::vector<std::string>& parts, std::vector<std::vector<std::string>> candidates,
                        size_t limit) {
  std::string base;
  for (const std::string& p : parts) base += (base.empty() ? "" : ".") + p;
  // To an unqualified name, a prefix that every candidate shares says nothing.
  bool same_prefix = !candidates.empty() && parts.size() == 1;
  for (const auto& c : candidates) {
    same_prefix = same_prefix && std::equal(c.begin(), c.end() - 1, candidates[0].begin(), candidates[0].end() - 1);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.back() < b.back(); });
  std::vector<std::pair<size_t, std::string>> ordered;
  for (auto& c : candidates) {
    if (same_prefix) c.erase(c.begin(), c.end() - 1);
    const std::string quoted = QuoteParts(c);
    ordered.emplace_back(EditDistance(quoted, base), quoted);
  }
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string out;
  for (size_t i = 0; i < ordered.size() && i < limit; ++i) out += (i ? ", " : "") + ordered[i].second;
  return out;
}

Status ExpressionBinder::UnresolvedColumn(const plan::UnresolvedAttribute& attribute) const {
  std::vector<std::vector<std::string>> candidates;
  auto add = [&](const Node* node) {
    if (node == nullptr || node->rel == nullptr) return;
    for (const Column& c : node->rel->output) {
      std::vector<std::string> parts = c.qualifier;
      parts.push_back(c.name);
      candidates.push_back(std::move(parts));
    }
  };
  add(scope_->node);
  Status status = candidates.empty()
                      ? Error("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", {{"objectName", QuoteParts(attribute.parts)}})
                      : Error("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                              {{"objectName", QuoteParts(attribute.parts)},
                               {"proposal", Suggestions(attribute.parts, std::move(candidates))}});
  if (attribute.origin.start < 0) return status;
  return std::move(status).WithPosition(attribute.origin.start, attribute.origin.stop);
}

// --- one list of columns -----------------------------------------------------------------------------
namespace {

bool QualifierMatches(const Binder& binder, const Column& c, const std::vector<std::string>& parts, size_t n) {
  if (c.qualifier.size() < n) return false;
  for (size_t i = 0; i < n; ++i) {
    if (!binder.SameName(c.qualifier[c.qualifier.size() - n + i], parts[i])) return false;
  }
  return true;
}

struct Candidates {
  std::vector<const Column*> columns;
  size_t qualifiers = 0;  // parts used up by the qualifier
};

// `visit(name, fn)` calls fn for every column that might have that name.
template <typename Visit>
Candidates Match(const Binder& binder, const std::vector<std::string>& parts, Visit visit) {
  for (size_t q = std::min<size_t>(parts.size() - 1, 3); q > 0; --q) {
    Candidates found{{}, q};
    visit(parts[q], [&](const Column& c) {
      if (binder.SameName(c.name, parts[q]) && QualifierMatches(binder, c, parts, q)) found.columns.push_back(&c);
    });
    if (!found.columns.empty()) return found;
  }
  Candidates found;
  visit(parts[0], [&](const Column& c) {
    if (binder.SameName(c.name, parts[0])) found.columns.push_back(&c);
  });
  return found;
}

Status Ambiguous(const std::vector<std::string>& parts, const std::vector<const Column*>& columns) {
  std::vector<std::string> names;
  for (const Column* c : columns) {
    std::vector<std::string> full = c->qualifier;
    full.push_back(c->name);
    names.push_back(QuoteParts(full));
  }
  std::sort(names.begin(), names.end());
  std::string list;
  for (const std::string& n : names) list += (list.empty() ? "" : ", ") + n;
  return Error("AMBIGUOUS_REFERENCE", {{"name", QuoteParts(parts)}, {"referenceNames", "[" + list + "]"}});
}

}  // namespace

Result<std::optional<Found>> ExpressionBinder::MatchNode(const Node& node, const std::vector<std::string>& parts,
                                                         bool use_index) {
  const std::vector<Column>& output = node.rel->output;
  if (use_index && !scope_->indexed && output.size() > kIndexThreshold) {
    for (size_t i = 0; i < output.size(); ++i) scope_->index.emplace(types::ToLower(output[i].name), i);
    scope_->indexed = true;
  }
  auto visit_output = [&](const std::string& name, auto fn) {
    if (use_index && scope_->indexed) {
      std::vector<size_t> places;
      auto [from, to] = scope_->index.equal_range(types::ToLower(name));
      for (auto it = from; it != to; ++it) places.push_back(it->second);
      std::sort(places.begin(), places.end());
      for (size_t i : places) fn(output[i]);
    } else {
      for (const Column& c : output) fn(c);
    }
  };
  Candidates found = Match(*binder_, parts, visit_output);
  if (found.columns.empty() && !node.hidden.empty()) {
    found = Match(*binder_, parts, [&](const std::string&, auto fn) {
      for (const HiddenColumn& h : node.hidden) {
        if (!h.qualified_only) fn(h.column);
      }
    });
    if (found.columns.empty() && parts.size() > 1) {
      found = Match(*binder_, parts, [&](const std::string&, auto fn) {
        for (const HiddenColumn& h : node.hidden) fn(h.column);
      });
      if (found.qualifiers == 0) found.columns.clear();
    }
  }
  if (found.columns.empty()) return std::optional<Found>();
  std::vector<const Column*> distinct;
  for (const Column* c : found.columns) {
    const bool seen = std::any_of(distinct.begin(), distinct.end(), [&](const Column* d) {
      return binder_->CanonicalId(d->id) == binder_->CanonicalId(c->id);
    });
    if (!seen) distinct.push_back(c);
  }
  if (distinct.size() > 1) return Ambiguous(parts, distinct);
  ASSIGN_OR_RETURN(Found result, Nested(*distinct[0], parts, found.qualifiers));
  return std::optional<Found>(std::move(result));
}

Result<Found> ExpressionBinder::Nested(const Column& column, const std::vector<std::string>& parts, size_t from) {
  if (from + 1 == parts.size()) return FromColumn(column, parts[from]);
  ExprPtr expr = ColumnRef(column);
  std::string sql = column.name;
  for (size_t i = from + 1; i < parts.size(); ++i) {
    ASSIGN_OR_RETURN(expr, ExtractField(binder_, expr, parts[i], sql));
    sql += "." + parts[i];
  }
  Found found{expr, parts.back(), "{}", {}, false};
  // The field's own metadata goes with it.
  const DataType* type = &column.type;
  for (size_t i = from + 1; i < parts.size() && type != nullptr; ++i) {
    if (!type->Is(TypeId::kStruct)) {
      type = nullptr;
      break;
    }
    const int at = type->FieldIndex(parts[i], binder_->options().case_sensitive);
    if (at < 0) break;
    if (i + 1 == parts.size()) found.metadata = type->fields()[static_cast<size_t>(at)].metadata;
    type = &type->fields()[static_cast<size_t>(at)].type;
  }
  return found;
}

// --- the places names are looked for -----------------------------------------------------------------
Result<std::optional<Found>> ExpressionBinder::LookupHere(const std::vector<std::string>& parts) {
  if (scope_->node == nullptr || scope_->node->rel == nullptr) return std::optional<Found>();
  if (scope_->aggregate_input_first && scope_->aggregate != nullptr) {
    ASSIGN_OR_RETURN(auto inside, MatchNode(scope_->aggregate->input, parts, false));
    if (inside) return inside;
  }
  ASSIGN_OR_RETURN(auto found, MatchNode(*scope_->node, parts, true));
  if (found || scope_->aggregate == nullptr) return found;
  return MatchNode(scope_->aggregate->input, parts, false);
}

Result<std::optional<Found>> ExpressionBinder::LookupLateral(const std::vector<std::string>& parts) {
  if (scope_->laterals == nullptr) return std::optional<Found>();
  const LateralAlias* match = nullptr;
  int count = 0;
  for (const LateralAlias& a : *scope_->laterals) {
    if (binder_->SameName(a.name, parts[0])) {
      match = &a;
      ++count;
    }
  }
  if (count > 1) {
    return Error("AMBIGUOUS_LATERAL_COLUMN_ALIAS",
                 {{"name", types::QuoteIdentifier(parts[0])}, {"n", std::to_string(count)}});
  }
  if (match == nullptr) return std::optional<Found>();
  scope_->lateral_level = std::max(scope_->lateral_level, match->level + 1);
  ASSIGN_OR_RETURN(Found found, Nested(match->column, parts, 0));
  found.name = "lateralAliasReference(" + parts[0] + ")";
  for (size_t i = 1; i < parts.size(); ++i) found.name += "." + parts[i];
  found.lateral = true;
  found.attribute = false;
  return std::optional<Found>(std::move(found));
}

Result<std::optional<Found>> ExpressionBinder::LookupBelow(const std::vector<std::string>& parts) {
  if (!scope_->search_below || scope_->node == nullptr) return std::optional<Found>();
  for (const Node* n = scope_->node->below.get(); n != nullptr; n = n->below.get()) {
    ASSIGN_OR_RETURN(auto found, MatchNode(*n, parts, false));
    if (found) return found;
  }
  return std::optional<Found>();
}

Result<std::optional<Found>> ExpressionBinder::LookupOuter(const std::vector<std::string>& parts) {
  for (const Scope* outer = scope_->env ? scope_->env->outer : nullptr; outer != nullptr;
       outer = outer->env ? outer->env->outer : nullptr) {
    Scope copy;
    copy.env = nullptr;
    copy.node = outer->node;
    copy.aggregate = outer->aggregate;
    copy.lambda = outer->lambda;
    ExpressionBinder inner(binder_, &copy);
    ASSIGN_OR_RETURN(auto found, inner.LookupHere(parts));
    if (found) {
      scope_->used_outer = true;
      found->attribute = false;
      if (outer->node != nullptr) {
        std::set<ColumnId> ids;
        CollectColumnIds(found->expr, &ids);
        for (ColumnId id : ids) {
          const bool visible = std::any_of(outer->node->rel->output.begin(), outer->node->rel->output.end(),
                                           [&](const Column& c) { return c.id == id; });
          if (!visible) const_cast<Scope*>(outer)->missing.insert(id);  // outer scopes are being built right now
        }
      }
      return found;
    }
  }
  return std::optional<Found>();
}

std::optional<Found> ExpressionBinder::LookupLambda(const std::vector<std::string>& parts) {
  for (const Scope::LambdaFrame* f = scope_->lambda; f != nullptr; f = f->outer) {
    auto it = f->variables.find(types::ToLower(parts[0]));
    if (it != f->variables.end()) return Found{it->second, parts[0], "{}", {}, false};
  }
  return std::nullopt;
}

// df["a"]: the column of that DataFrame, where it is still in reach.
Result<std::optional<Found>> ExpressionBinder::LookupByPlan(const std::vector<std::string>& parts, int64_t plan_id,
                                                            bool metadata_only) {
  std::vector<Found> reachable;
  std::optional<Found> lower;
  std::vector<const Node*> nodes = binder_->FindPlans(plan_id, scope_->log_start);
  for (const Node* node : nodes) {
    auto match = MatchNode(*node, parts, false);
    if (!match.ok()) {
      if (nodes.size() == 1) return match.status();
      continue;
    }
    if (!match.value()) continue;
    Found found = *std::move(match).value();
    std::set<ColumnId> ids;
    CollectColumnIds(found.expr, &ids);
    if (ids.size() != 1 || (metadata_only && !found.attribute)) continue;
    ColumnId id = *ids.begin();
    std::optional<Column> here = binder_->ColumnHere(*scope_->node, id);
    if (!here) {
      if (!lower) lower = found;
      continue;
    }
    ExprPtr column = ColumnRef(*here);
    found.expr = Rewrite(found.expr,
                         [&](const ExprPtr& e) -> ExprPtr { return e->kind == ExprKind::kColumn ? column : nullptr; });
    const bool seen =
        std::any_of(reachable.begin(), reachable.end(), [&](const Found& f) { return SameExpr(f.expr, found.expr); });
    if (!seen) reachable.push_back(std::move(found));
  }
  if (reachable.size() > 1) return Error("AMBIGUOUS_COLUMN_REFERENCE", {{"name", QuoteParts(parts)}});
  if (reachable.size() == 1) return std::optional<Found>(std::move(reachable[0]));
  if (lower && scope_->search_below) {
    std::set<ColumnId> ids;
    CollectColumnIds(lower->expr, &ids);
    if (ExposeColumns(scope_->node->rel, ids) != nullptr) return lower;
  }
  if (lower && scope_->aggregate != nullptr) {
    std::set<ColumnId> ids;
    CollectColumnIds(lower->expr, &ids);
    if (binder_->ColumnHere(scope_->aggregate->input, *ids.begin())) return lower;
  }
  return std::optional<Found>();
}

Result<std::optional<Found>> ExpressionBinder::Lookup(const std::vector<std::string>& parts, int64_t plan_id,
                                                      bool metadata_only) {
  if (auto lambda = LookupLambda(parts)) {
    for (size_t i = 1; i < parts.size(); ++i) {
      ASSIGN_OR_RETURN(lambda->expr, ExtractField(binder_, lambda->expr, parts[i], parts[0]));
    }
    return std::optional<Found>(std::move(*lambda));
  }
  std::optional<Found> found;
  if (plan_id >= 0 && scope_->node != nullptr) {
    ASSIGN_OR_RETURN(found, LookupByPlan(parts, plan_id, metadata_only));
  }
  if (!found) {
    ASSIGN_OR_RETURN(found, LookupHere(parts));
  }
  if (!found) {
    ASSIGN_OR_RETURN(found, LookupLateral(parts));
    if (found) return found;
  }
  if (!found) {
    RETURN_IF_ERROR(CheckFileMetadata(parts));
  }
  if (!found) {
    ASSIGN_OR_RETURN(found, LookupBelow(parts));
  }
  if (!found) return found;
  // Whatever is not in the operator's input has to be brought up from below.
  std::set<ColumnId> ids;
  CollectColumnIds(found->expr, &ids);
  for (ColumnId id : ids) {
    const auto& output = scope_->node->rel->output;
    if (std::none_of(output.begin(), output.end(), [&](const Column& c) { return c.id == id; })) {
      scope_->missing.insert(id);
    }
  }
  return found;
}

// File relations get their hidden `_metadata` column only in queries that name it: the first such name makes the
// resolver start over with the column in place.
Status ExpressionBinder::CheckFileMetadata(const std::vector<std::string>& parts) {
  const bool named =
      std::any_of(parts.begin(), parts.end(), [&](const std::string& p) { return binder_->SameName(p, "_metadata"); });
  if (!named || binder_->with_file_metadata()) return Status::Ok();
  binder_->set_with_file_metadata();
  return Error("RETRY_WITH_FILE_METADATA");
}

Result<ExprPtr> ExpressionBinder::LateFunction(const std::vector<std::string>& parts) {
  if (parts.size() != 1) return ExprPtr();
  const std::string name = types::ToLower(parts[0]);
  static constexpr std::string_view kNames[] = {"current_date", "current_timestamp", "localtimestamp", "current_user",
                                                "user"};
  if (std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames)) {
    if (functions::FindFunction(name) != nullptr) return binder_->CallFunction(name, {});
  }
  if (name == "grouping__id" && scope_->aggregate != nullptr && scope_->aggregate->grouping_id != nullptr) {
    return scope_->aggregate->grouping_id;
  }
  return ExprPtr();
}

Result<Found> ExpressionBinder::BindAttribute(const plan::UnresolvedAttribute& attribute) {
  ASSIGN_OR_RETURN(auto found, Lookup(attribute.parts, attribute.plan_id, attribute.is_metadata_column));
  if (!found) {
    ASSIGN_OR_RETURN(ExprPtr late, LateFunction(attribute.parts));
    if (late) {
      const std::string name = types::ToLower(attribute.parts[0]);
      return Found{late, name + "()", "{}", {}, false};
    }
    ASSIGN_OR_RETURN(found, LookupOuter(attribute.parts));
  }
  if (!found) return UnresolvedColumn(attribute);
  return *std::move(found);
}

}  // namespace deltic::spark::resolve
