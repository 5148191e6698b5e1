// A typed condition as the predicate that leaves files out (delta/skipping): the part of it that compares columns with
// constants. What it cannot express is unknown, which keeps every file. Pure; thread-safe.
#pragma once

#include <functional>
#include <string>

#include "delta/skipping/predicate.h"
#include "engine/plan/expression.h"

namespace deltic::spark::catalog {

// `physical_name` of a column id: its name in the statistics, empty when it has none there.
delta::Predicate FilePredicate(const engine::ExprPtr& condition,
                               const std::function<std::string(engine::ColumnId)>& physical_name);

}  // namespace deltic::spark::catalog
