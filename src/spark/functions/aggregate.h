// Building blocks of the aggregate families. Pure; thread-safe.
#pragma once

#include <string>

#include "spark/functions/families.h"

namespace deltic::spark::functions {

// An Aggregate node that takes over DISTINCT, FILTER and the order of the call.
std::shared_ptr<engine::Aggregate> MakeAggregate(const FunctionCall& call, std::string function,
                                                 std::vector<ExprPtr> args, DataType type, bool nullable);
// Adds `condition` to the node's FILTER.
void Restrict(engine::Aggregate* aggregate, ExprPtr condition);

}  // namespace deltic::spark::functions
