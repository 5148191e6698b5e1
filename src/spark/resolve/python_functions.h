// Python functions in plans that a statement makes of bound expressions (DELETE, UPDATE, MERGE), where no query is
// resolved as a whole. Free functions; thread-safe.
#pragma once

#include <functional>

#include "base/status.h"
#include "engine/plan/relation.h"
#include "spark/resolve/resolver.h"

namespace deltic::spark::resolve {

bool CallsPython(const engine::ExprPtr& expr);  // false for null

// The plan with its calls of Python functions in nodes of their own, as the engine wants it. `options` is asked only
// where there are some. UNSUPPORTED_FEATURE.PYTHON_UDF_IN_ON_CLAUSE.
Result<engine::RelPtr> ExtractPythonFunctions(const engine::RelPtr& rel,
                                              const std::function<ResolveOptions()>& options);

}  // namespace deltic::spark::resolve
