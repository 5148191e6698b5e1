// Text that says which columns the rows of a reader have.
//
// Thread rule: pure functions.
#pragma once

#include <string_view>

#include "base/status.h"
#include "types/data_type.h"

namespace deltic::spark::sql {

// JSON of a struct, or a table schema ("a INT, b STRING"), as spark.read.schema; types that are no struct are refused.
Result<types::DataType> ParseStructSchema(std::string_view text);

}  // namespace deltic::spark::sql
