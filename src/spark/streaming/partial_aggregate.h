// Aggregate functions in parts: what is kept of the rows seen so far, how it is joined with what later rows give, and
// the function's value from it. Pure functions.
#pragma once

#include <memory>
#include <vector>

#include "base/status.h"
#include "engine/plan/expression.h"
#include "engine/plan/relation.h"

namespace deltic::spark::streaming {

struct PartialAggregate {
  // Over the input rows.
  std::vector<std::shared_ptr<const engine::Aggregate>> parts;
  // The function that joins the values of each part.
  std::vector<std::string> merges;
  // The value, over the joined parts' columns.
  std::function<engine::ExprPtr(const std::vector<engine::ExprPtr>&)> value;
};

// Refused by name where the parts are not known.
Result<PartialAggregate> Split(const std::shared_ptr<const engine::Aggregate>& aggregate);

}  // namespace deltic::spark::streaming
