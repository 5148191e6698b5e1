// Walks over typed expression and relation trees: rewriting, structural equality, fresh ids, and exposing a
// column that a relation computes further down. Pure functions; thread-safe. Inputs are already depth-bounded.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "engine/plan/relation.h"

namespace deltic::spark::resolve {

using engine::Column;
using engine::ColumnId;
using engine::DataType;
using engine::ExprKind;
using engine::ExprPtr;
using engine::RelKind;
using engine::RelPtr;
using engine::TypeId;

using ExprFn = std::function<ExprPtr(const ExprPtr&)>;
using IdMap = std::map<ColumnId, ColumnId>;

// The same node with each direct child expression replaced; the same pointer when nothing changed. Relations of
// subqueries are not entered.
ExprPtr MapChildren(const ExprPtr& expr, const ExprFn& fn);
// Top-down: where `fn` returns non-null that is the replacement and its inside is not visited.
ExprPtr Rewrite(const ExprPtr& expr, const ExprFn& fn);
void ForEachChild(const ExprPtr& expr, const std::function<void(const ExprPtr&)>& fn);
// True when `pred` holds for the expression or something inside it (relations of subqueries not entered).
bool Any(const ExprPtr& expr, const std::function<bool(const ExprPtr&)>& pred);
bool HasAggregate(const ExprPtr& expr);  // not counting window functions, but counting inside their arguments
bool HasWindow(const ExprPtr& expr);
bool HasSubquery(const ExprPtr& expr);
// Ids of all ColumnExpr inside, those of subquery relations included.
void CollectColumnIds(const ExprPtr& expr, std::set<ColumnId>* ids);

// Structural equality; lambdas up to the names of their parameters.
bool SameExpr(const ExprPtr& a, const ExprPtr& b);

std::vector<RelPtr> ChildrenOf(const engine::Rel& rel);
// A copy of one relation node over other children (as many as ChildrenOf gave), expressions mapped by `fn` and
// output columns by `column`.
RelPtr RebuildRel(const RelPtr& rel, const std::vector<RelPtr>& children, const ExprFn& fn,
                  const std::function<Column(const Column&)>& column);
// Deep copy with a fresh id for every column of the tree; *ids receives old → new.
RelPtr CloneWithIds(const RelPtr& rel, const std::function<ColumnId()>& next_id, IdMap* ids);
// Maps expressions of the relation and of everything below it.
RelPtr MapRelExprs(const RelPtr& rel, const ExprFn& fn);

// `rel` with the columns `ids`, which something below computes, added to its output; null when they cannot be
// had (behind an aggregate, a set operation or a distinct).
RelPtr ExposeColumns(const RelPtr& rel, const std::set<ColumnId>& ids);
// A projection to exactly `columns` (all of them in rel's output by id); rel itself when that is its output.
RelPtr ProjectTo(const RelPtr& rel, const std::vector<Column>& columns);

ExprPtr ColumnRef(const Column& column);

}  // namespace deltic::spark::resolve
