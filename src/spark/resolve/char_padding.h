// CHAR(n) columns: strings that readers see padded to n characters. What they are compared with is padded too, as
// Spark's ApplyCharTypePadding does. Pure functions.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/relation.h"

namespace deltic::spark::resolve {

// n of a CHAR(n) column by its metadata; 0: no such column.
int CharLength(const std::string& metadata);

// The arguments of a comparison (or IN) as Spark compares them: literals and columns shorter than the CHAR column that
// stands beside them get spaces. `length_of`: CharLength of the column with this id.
void PadComparedChars(std::string_view function, const std::function<int(engine::ColumnId)>& length_of,
                      std::vector<engine::ExprPtr>* args);

}  // namespace deltic::spark::resolve
