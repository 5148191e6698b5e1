#include "spark/resolve/tree.h"

#include <algorithm>
#include <unordered_map>

#include "engine/plan/python_relation.h"
#include "engine/plan/stream_relation.h"

namespace deltic::spark::resolve {

using namespace engine;  // NOLINT: this file is about those node types

namespace {

bool MapList(std::vector<ExprPtr>* list, const ExprFn& fn) {
  bool changed = false;
  for (ExprPtr& e : *list) {
    ExprPtr n = fn(e);
    if (n != e) {
      e = std::move(n);
      changed = true;
    }
  }
  return changed;
}

bool MapOne(ExprPtr* e, const ExprFn& fn) {
  if (*e == nullptr) return false;
  ExprPtr n = fn(*e);
  if (n == *e) return false;
  *e = std::move(n);
  return true;
}

bool MapKeys(std::vector<SortKey>* keys, const ExprFn& fn) {
  bool changed = false;
  for (SortKey& k : *keys) changed |= MapOne(&k.expr, fn);
  return changed;
}

template <typename T, typename Change>
ExprPtr Changed(const ExprPtr& expr, Change change) {
  auto copy = std::make_shared<T>(expr->As<T>());
  if (!change(copy.get())) return expr;
  return copy;
}

}  // namespace

ExprPtr ColumnRef(const Column& c) { return std::make_shared<ColumnExpr>(c.id, c.type, c.nullable); }

ExprPtr MapChildren(const ExprPtr& expr, const ExprFn& fn) {
  switch (expr->kind) {
    case ExprKind::kLiteral:
    case ExprKind::kColumn:
    case ExprKind::kLambdaVariable: return expr;
    case ExprKind::kCall: return Changed<Call>(expr, [&](Call* c) { return MapList(&c->args, fn); });
    case ExprKind::kCast: return Changed<Cast>(expr, [&](Cast* c) { return MapOne(&c->child, fn); });
    case ExprKind::kCase:
      return Changed<Case>(expr, [&](Case* c) {
        bool changed = MapOne(&c->otherwise, fn);
        for (auto& [when, then] : c->branches) {
          changed |= MapOne(&when, fn);
          changed |= MapOne(&then, fn);
        }
        return changed;
      });
    case ExprKind::kAggregate:
      return Changed<Aggregate>(expr, [&](Aggregate* a) {
        bool changed = MapList(&a->args, fn);
        changed |= MapOne(&a->filter, fn);
        changed |= MapKeys(&a->order_by, fn);
        return changed;
      });
    case ExprKind::kWindow:
      return Changed<WindowExpr>(expr, [&](WindowExpr* w) {
        bool changed = MapList(&w->args, fn);
        changed |= MapOne(&w->filter, fn);
        changed |= MapList(&w->partition_by, fn);
        changed |= MapKeys(&w->order_by, fn);
        changed |= MapOne(&w->frame.start_offset, fn);
        changed |= MapOne(&w->frame.end_offset, fn);
        return changed;
      });
    case ExprKind::kLambda: return Changed<Lambda>(expr, [&](Lambda* l) { return MapOne(&l->body, fn); });
    case ExprKind::kSubquery: return Changed<Subquery>(expr, [&](Subquery* s) { return MapList(&s->tests, fn); });
    case ExprKind::kPythonUdf: return Changed<PythonUdf>(expr, [&](PythonUdf* u) { return MapList(&u->args, fn); });
  }
  return expr;
}

ExprPtr Rewrite(const ExprPtr& expr, const ExprFn& fn) {
  if (ExprPtr replaced = fn(expr)) return replaced;
  return MapChildren(expr, [&](const ExprPtr& c) { return Rewrite(c, fn); });
}

void ForEachChild(const ExprPtr& expr, const std::function<void(const ExprPtr&)>& fn) {
  auto one = [&](const ExprPtr& e) {
    if (e) fn(e);
  };
  switch (expr->kind) {
    case ExprKind::kLiteral:
    case ExprKind::kColumn:
    case ExprKind::kLambdaVariable: return;
    case ExprKind::kCall:
      for (const auto& a : expr->As<Call>().args) fn(a);
      return;
    case ExprKind::kCast: return one(expr->As<Cast>().child);
    case ExprKind::kCase:
      for (const auto& [when, then] : expr->As<Case>().branches) {
        fn(when);
        fn(then);
      }
      return one(expr->As<Case>().otherwise);
    case ExprKind::kAggregate: {
      const auto& a = expr->As<Aggregate>();
      for (const auto& arg : a.args) fn(arg);
      one(a.filter);
      for (const auto& k : a.order_by) fn(k.expr);
      return;
    }
    case ExprKind::kWindow: {
      const auto& w = expr->As<WindowExpr>();
      for (const auto& arg : w.args) fn(arg);
      one(w.filter);
      for (const auto& p : w.partition_by) fn(p);
      for (const auto& k : w.order_by) fn(k.expr);
      one(w.frame.start_offset);
      one(w.frame.end_offset);
      return;
    }
    case ExprKind::kLambda: return one(expr->As<Lambda>().body);
    case ExprKind::kSubquery:
      for (const auto& t : expr->As<Subquery>().tests) fn(t);
      return;
    case ExprKind::kPythonUdf:
      for (const auto& a : expr->As<PythonUdf>().args) fn(a);
      return;
  }
}

bool Any(const ExprPtr& expr, const std::function<bool(const ExprPtr&)>& pred) {
  if (pred(expr)) return true;
  bool found = false;
  ForEachChild(expr, [&](const ExprPtr& c) { found = found || Any(c, pred); });
  return found;
}

bool HasAggregate(const ExprPtr& expr) {
  return Any(expr, [](const ExprPtr& e) { return e->kind == ExprKind::kAggregate; });
}
bool HasWindow(const ExprPtr& expr) {
  return Any(expr, [](const ExprPtr& e) { return e->kind == ExprKind::kWindow; });
}
bool HasSubquery(const ExprPtr& expr) {
  return Any(expr, [](const ExprPtr& e) { return e->kind == ExprKind::kSubquery; });
}

void CollectColumnIds(const ExprPtr& expr, std::set<ColumnId>* ids) {
  if (expr->kind == ExprKind::kColumn) ids->insert(expr->As<ColumnExpr>().id);
  if (expr->kind == ExprKind::kSubquery) {
    MapRelExprs(expr->As<Subquery>().plan, [&](const ExprPtr& e) {
      CollectColumnIds(e, ids);
      return e;
    });
  }
  ForEachChild(expr, [&](const ExprPtr& c) { CollectColumnIds(c, ids); });
}

// --- equality -----------------------------------------------------------------------------------------
namespace {

using Renames = std::map<ColumnId, ColumnId>;
bool Same(const ExprPtr& a, const ExprPtr& b, Renames* lambda);

bool SameValue(const Value& a, const Value& b) {
  if (a.v.index() != b.v.index()) return false;
  if (const auto* la = std::get_if<std::shared_ptr<const ValueList>>(&a.v)) {
    const auto& lb = std::get<std::shared_ptr<const ValueList>>(b.v);
    return std::equal((*la)->begin(), (*la)->end(), lb->begin(), lb->end(), SameValue);
  }
  return a.v == b.v;
}

bool SameList(const std::vector<ExprPtr>& a, const std::vector<ExprPtr>& b, Renames* r) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](const ExprPtr& x, const ExprPtr& y) { return Same(x, y, r); });
}

bool SameOptional(const ExprPtr& a, const ExprPtr& b, Renames* r) {
  if (a == nullptr || b == nullptr) return a == b;
  return Same(a, b, r);
}

bool SameKeys(const std::vector<SortKey>& a, const std::vector<SortKey>& b, Renames* r) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const SortKey& x, const SortKey& y) {
    return x.ascending == y.ascending && x.nulls_first == y.nulls_first && Same(x.expr, y.expr, r);
  });
}

bool SameWindow(const WindowExpr& a, const WindowExpr& b, Renames* r) {
  return a.function == b.function && a.is_aggregate == b.is_aggregate && a.distinct == b.distinct &&
         a.ignore_nulls == b.ignore_nulls && a.frame.unit == b.frame.unit && a.frame.start == b.frame.start &&
         a.frame.end == b.frame.end && SameOptional(a.frame.start_offset, b.frame.start_offset, r) &&
         SameOptional(a.frame.end_offset, b.frame.end_offset, r) && SameOptional(a.filter, b.filter, r) &&
         SameList(a.args, b.args, r) && SameList(a.partition_by, b.partition_by, r) &&
         SameKeys(a.order_by, b.order_by, r);
}

bool Same(const ExprPtr& a, const ExprPtr& b, Renames* r) {
  if (a == b && r->empty()) return true;
  if (a->kind != b->kind || !a->type.SameType(b->type)) return false;
  switch (a->kind) {
    case ExprKind::kLiteral: return SameValue(a->As<Literal>().value, b->As<Literal>().value);
    case ExprKind::kColumn: return a->As<ColumnExpr>().id == b->As<ColumnExpr>().id;
    case ExprKind::kLambdaVariable: {
      auto it = r->find(a->As<LambdaVariable>().id);
      return (it == r->end() ? a->As<LambdaVariable>().id : it->second) == b->As<LambdaVariable>().id;
    }
    case ExprKind::kCall:
      return a->As<Call>().function == b->As<Call>().function && SameList(a->As<Call>().args, b->As<Call>().args, r);
    case ExprKind::kCast:
      return a->As<Cast>().mode == b->As<Cast>().mode && Same(a->As<Cast>().child, b->As<Cast>().child, r);
    case ExprKind::kCase: {
      const auto& x = a->As<Case>();
      const auto& y = b->As<Case>();
      return std::equal(x.branches.begin(), x.branches.end(), y.branches.begin(), y.branches.end(),
                        [&](const auto& p, const auto& q) {
                          return Same(p.first, q.first, r) && Same(p.second, q.second, r);
                        }) &&
             SameOptional(x.otherwise, y.otherwise, r);
    }
    case ExprKind::kAggregate: {
      const auto& x = a->As<Aggregate>();
      const auto& y = b->As<Aggregate>();
      return x.function == y.function && x.distinct == y.distinct && SameList(x.args, y.args, r) &&
             SameOptional(x.filter, y.filter, r) && SameKeys(x.order_by, y.order_by, r);
    }
    case ExprKind::kWindow: return SameWindow(a->As<WindowExpr>(), b->As<WindowExpr>(), r);
    case ExprKind::kLambda: {
      const auto& x = a->As<Lambda>();
      const auto& y = b->As<Lambda>();
      if (x.params.size() != y.params.size()) return false;
      Renames inner = *r;
      for (size_t i = 0; i < x.params.size(); ++i) inner[x.params[i]] = y.params[i];
      return Same(x.body, y.body, &inner);
    }
    case ExprKind::kSubquery: {
      const auto& x = a->As<Subquery>();
      const auto& y = b->As<Subquery>();
      return x.subquery_kind == y.subquery_kind && x.plan == y.plan && SameList(x.tests, y.tests, r);
    }
    case ExprKind::kPythonUdf: {
      const auto& x = a->As<PythonUdf>();
      const auto& y = b->As<PythonUdf>();
      return (x.function == y.function || x.function->command == y.function->command) && x.function->deterministic &&
             SameList(x.args, y.args, r);
    }
  }
  return false;
}

}  // namespace

bool SameExpr(const ExprPtr& a, const ExprPtr& b) {
  Renames none;
  return Same(a, b, &none);
}

// --- relations ----------------------------------------------------------------------------------------
std::vector<RelPtr> ChildrenOf(const Rel& rel) {
  switch (rel.kind) {
    case RelKind::kOneRow:
    case RelKind::kValues:
    case RelKind::kArrow:
    case RelKind::kRange:
    case RelKind::kFiles:
    case RelKind::kStream:
    case RelKind::kCached: return {};
    case RelKind::kProject: return {rel.As<ProjectRel>().child};
    case RelKind::kFilter: return {rel.As<FilterRel>().child};
    case RelKind::kJoin: return {rel.As<JoinRel>().left, rel.As<JoinRel>().right};
    case RelKind::kAggregate: return {rel.As<AggregateRel>().child};
    case RelKind::kSort: return {rel.As<SortRel>().child};
    case RelKind::kLimit: return {rel.As<LimitRel>().child};
    case RelKind::kSetOp: return {rel.As<SetOpRel>().left, rel.As<SetOpRel>().right};
    case RelKind::kDistinct: return {rel.As<DistinctRel>().child};
    case RelKind::kSample: return {rel.As<SampleRel>().child};
    case RelKind::kGenerate: return {rel.As<GenerateRel>().child};
    case RelKind::kPython: return {rel.As<PythonRel>().child};
  }
  return {};
}

namespace {

template <typename T>
std::shared_ptr<T> CopyOf(const RelPtr& rel, const std::function<Column(const Column&)>& column) {
  auto copy = std::make_shared<T>(rel->As<T>());
  for (Column& c : copy->output) c = column(c);
  return copy;
}

}  // namespace

RelPtr RebuildRel(const RelPtr& rel, const std::vector<RelPtr>& children, const ExprFn& fn,
                  const std::function<Column(const Column&)>& column) {
  switch (rel->kind) {
    case RelKind::kOneRow: return rel;
    case RelKind::kArrow: return CopyOf<ArrowRel>(rel, column);
    case RelKind::kRange: return CopyOf<RangeRel>(rel, column);
    case RelKind::kFiles: return CopyOf<FilesRel>(rel, column);
    case RelKind::kCached: return CopyOf<CachedRel>(rel, column);
    case RelKind::kStream: return CopyOf<engine::StreamRel>(rel, column);
    case RelKind::kPython: {
      auto copy = CopyOf<PythonRel>(rel, column);
      copy->child = children[0];
      return copy;
    }
    case RelKind::kValues: {
      auto copy = CopyOf<ValuesRel>(rel, column);
      for (auto& row : copy->rows) MapList(&row, fn);
      return copy;
    }
    case RelKind::kProject: {
      auto copy = CopyOf<ProjectRel>(rel, column);
      copy->child = children[0];
      MapList(&copy->exprs, fn);
      return copy;
    }
    case RelKind::kFilter: {
      auto copy = CopyOf<FilterRel>(rel, column);
      copy->child = children[0];
      MapOne(&copy->predicate, fn);
      return copy;
    }
    case RelKind::kJoin: {
      auto copy = CopyOf<JoinRel>(rel, column);
      copy->left = children[0];
      copy->right = children[1];
      MapOne(&copy->condition, fn);
      return copy;
    }
    case RelKind::kAggregate: {
      auto copy = CopyOf<AggregateRel>(rel, column);
      copy->child = children[0];
      MapList(&copy->groups, fn);
      MapList(&copy->aggregates, fn);
      return copy;
    }
    case RelKind::kSort: {
      auto copy = CopyOf<SortRel>(rel, column);
      copy->child = children[0];
      MapKeys(&copy->keys, fn);
      return copy;
    }
    case RelKind::kLimit: {
      auto copy = CopyOf<LimitRel>(rel, column);
      copy->child = children[0];
      return copy;
    }
    case RelKind::kSetOp: {
      auto copy = CopyOf<SetOpRel>(rel, column);
      copy->left = children[0];
      copy->right = children[1];
      return copy;
    }
    case RelKind::kDistinct: {
      auto copy = CopyOf<DistinctRel>(rel, column);
      copy->child = children[0];
      MapList(&copy->keys, fn);
      return copy;
    }
    case RelKind::kSample: {
      auto copy = CopyOf<SampleRel>(rel, column);
      copy->child = children[0];
      return copy;
    }
    case RelKind::kGenerate: {
      auto copy = CopyOf<GenerateRel>(rel, column);
      copy->child = children[0];
      MapList(&copy->args, fn);
      return copy;
    }
  }
  return rel;
}

namespace {

struct Cloner {
  const std::function<ColumnId()>& next_id;
  IdMap* ids;

  ColumnId Fresh(ColumnId old) {
    auto [it, added] = ids->try_emplace(old, 0);
    if (added) it->second = next_id();
    return it->second;
  }
  ColumnId Known(ColumnId old) const {
    auto it = ids->find(old);
    return it == ids->end() ? old : it->second;
  }

  ExprPtr Expr(const ExprPtr& e) {
    if (e->kind == ExprKind::kColumn) {
      return std::make_shared<ColumnExpr>(Known(e->As<ColumnExpr>().id), e->type, e->nullable);
    }
    if (e->kind == ExprKind::kLambdaVariable) {
      return std::make_shared<LambdaVariable>(Known(e->As<LambdaVariable>().id), e->type, e->nullable);
    }
    if (e->kind == ExprKind::kLambda) {
      std::vector<ColumnId> params = e->As<Lambda>().params;
      for (ColumnId& p : params) p = Fresh(p);
      return std::make_shared<Lambda>(std::move(params), Expr(e->As<Lambda>().body));
    }
    ExprPtr mapped = MapChildren(e, [this](const ExprPtr& c) { return Expr(c); });
    if (mapped->kind == ExprKind::kSubquery) {
      auto copy = std::make_shared<Subquery>(mapped->As<Subquery>());
      copy->plan = Relation(copy->plan);
      return copy;
    }
    return mapped;
  }

  RelPtr Relation(const RelPtr& rel) {
    std::vector<RelPtr> children;
    for (const RelPtr& c : ChildrenOf(*rel)) children.push_back(Relation(c));
    auto column = [this](const Column& c) {
      Column copy = c;
      copy.id = Fresh(c.id);
      return copy;
    };
    // Ids are handed out before expressions are mapped only for children: a node's own expressions refer to
    // those, never to its own output.
    return RebuildRel(rel, children, [this](const ExprPtr& e) { return Expr(e); }, column);
  }
};

}  // namespace

RelPtr CloneWithIds(const RelPtr& rel, const std::function<ColumnId()>& next_id, IdMap* ids) {
  Cloner cloner{next_id, ids};
  return cloner.Relation(rel);
}

RelPtr MapRelExprs(const RelPtr& rel, const ExprFn& fn) {
  std::vector<RelPtr> children;
  for (const RelPtr& c : ChildrenOf(*rel)) children.push_back(MapRelExprs(c, fn));
  return RebuildRel(rel, children, fn, [](const Column& c) { return c; });
}

namespace {

const Column* FindId(const std::vector<Column>& columns, ColumnId id) {
  for (const Column& c : columns) {
    if (c.id == id) return &c;
  }
  return nullptr;
}

std::set<ColumnId> Missing(const std::vector<Column>& columns, const std::set<ColumnId>& ids) {
  std::set<ColumnId> missing;
  for (ColumnId id : ids) {
    if (FindId(columns, id) == nullptr) missing.insert(id);
  }
  return missing;
}

RelPtr ExposeInProject(const RelPtr& rel, const std::set<ColumnId>& missing) {
  const auto& project = rel->As<ProjectRel>();
  RelPtr child = ExposeColumns(project.child, missing);
  if (child == nullptr) return nullptr;
  auto copy = std::make_shared<ProjectRel>(project);
  copy->child = child;
  for (ColumnId id : missing) {
    const Column* c = FindId(child->output, id);
    copy->output.push_back(*c);
    copy->exprs.push_back(ColumnRef(*c));
  }
  return copy;
}

RelPtr ExposeInJoin(const RelPtr& rel, const std::set<ColumnId>& missing) {
  const auto& join = rel->As<JoinRel>();
  auto copy = std::make_shared<JoinRel>(join);
  const bool left_only = join.type == JoinType::kLeftSemi || join.type == JoinType::kLeftAnti;
  for (ColumnId id : missing) {
    if (RelPtr left = ExposeColumns(copy->left, {id})) {
      copy->left = left;
    } else if (RelPtr right = left_only ? nullptr : ExposeColumns(copy->right, {id})) {
      copy->right = right;
    } else {
      return nullptr;
    }
  }
  std::vector<Column> output = copy->left->output;
  const bool left_null = join.type == JoinType::kRightOuter || join.type == JoinType::kFullOuter;
  const bool right_null = join.type == JoinType::kLeftOuter || join.type == JoinType::kFullOuter;
  if (left_null) {
    for (Column& c : output) c.nullable = true;
  }
  if (!left_only) {
    for (Column c : copy->right->output) {
      c.nullable = c.nullable || right_null;
      output.push_back(std::move(c));
    }
  }
  for (Column& c : output) {
    if (const Column* old = FindId(join.output, c.id)) c = *old;
  }
  copy->output = std::move(output);
  return copy;
}

}  // namespace

RelPtr ExposeColumns(const RelPtr& rel, const std::set<ColumnId>& ids) {
  std::set<ColumnId> missing = Missing(rel->output, ids);
  if (missing.empty()) return rel;
  switch (rel->kind) {
    case RelKind::kProject: return ExposeInProject(rel, missing);
    case RelKind::kJoin: return ExposeInJoin(rel, missing);
    case RelKind::kFilter:
    case RelKind::kSort:
    case RelKind::kLimit:
    case RelKind::kSample: {
      RelPtr child = ExposeColumns(ChildrenOf(*rel)[0], missing);
      if (child == nullptr) return nullptr;
      auto keep = [](const ExprPtr& e) { return e; };
      RelPtr rebuilt = RebuildRel(rel, {child}, keep, [](const Column& c) { return c; });
      std::const_pointer_cast<Rel>(rebuilt)->output = child->output;  // the fresh copy made just above
      return rebuilt;
    }
    case RelKind::kGenerate: {
      const auto& generate = rel->As<GenerateRel>();
      RelPtr child = ExposeColumns(generate.child, missing);
      if (child == nullptr) return nullptr;
      auto copy = std::make_shared<GenerateRel>(generate);
      std::vector<Column> output = child->output;
      output.insert(output.end(), copy->output.begin() + static_cast<long>(generate.child->output.size()),
                    copy->output.end());
      copy->child = child;
      copy->output = std::move(output);
      return copy;
    }
    default: return nullptr;
  }
}

RelPtr ProjectTo(const RelPtr& rel, const std::vector<Column>& columns) {
  if (rel->output.size() == columns.size() &&
      std::equal(columns.begin(), columns.end(), rel->output.begin(),
                 [](const Column& a, const Column& b) { return a.id == b.id && a.name == b.name; })) {
    return rel;
  }
  std::unordered_map<ColumnId, const Column*> by_id;
  for (const Column& c : rel->output) by_id.emplace(c.id, &c);
  std::vector<ExprPtr> exprs;
  exprs.reserve(columns.size());
  for (const Column& c : columns) {
    auto it = by_id.find(c.id);
    exprs.push_back(it == by_id.end() ? ColumnRef(c) : ColumnRef(*it->second));
  }
  return std::make_shared<ProjectRel>(rel, columns, std::move(exprs));
}

}  // namespace deltic::spark::resolve
