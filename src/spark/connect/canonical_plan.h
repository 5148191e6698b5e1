// Text forms of resolved plans: a tree for explain(), and a canonical form in which plans that compute the same rows
// the same way are equal (column names and ids do not matter), for sameSemantics. Pure functions; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "engine/plan/relation.h"

namespace deltic::spark::connect {

std::vector<engine::RelPtr> Children(const engine::Rel& rel);
// "id: bigint, name: string": the head of explain's analyzed plan.
std::string ColumnList(const engine::Rel& rel);
// One line per relation, indented as Spark indents logical plans.
std::string PlanTree(const engine::Rel& rel);
std::string CanonicalPlan(const engine::Rel& rel);

}  // namespace deltic::spark::connect
