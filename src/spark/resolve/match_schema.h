// DataFrame.to(schema): columns brought to a given schema by name, with Spark's checks. Pure function.
#pragma once

#include <vector>

#include "spark/resolve/binder.h"

namespace deltic::spark::resolve {

// One item per field of `schema` (a struct), over `columns`.
Result<std::vector<NamedExpr>> MatchSchema(Binder* binder, const std::vector<Column>& columns, const DataType& schema);

}  // namespace deltic::spark::resolve
