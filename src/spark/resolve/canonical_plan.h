// Text forms of resolved plans: a tree for explain(), and a canonical form in which plans that compute the same rows
// the same way are equal (column names and ids do not matter), for sameSemantics and for finding cached rows. Pure
// functions; thread-safe.
#pragma once

#include <string>

#include "engine/plan/relation.h"

namespace deltic::spark::resolve {

// "id: bigint, name: string": the head of explain's analyzed plan.
std::string ColumnList(const engine::Rel& rel);
// One line per relation, indented as Spark indents logical plans.
std::string PlanTree(const engine::Rel& rel);
// A table counts as the same whatever version it is at, unless one was asked for. `now_micros`: current_timestamp() of
// the query that the plan is from, so that plans made at different times compare equal; -1: times must be equal too.
std::string CanonicalPlan(const engine::Rel& rel, int64_t now_micros = -1);

}  // namespace deltic::spark::resolve
