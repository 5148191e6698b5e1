// Schemas in text arguments (from_json, from_csv): DDL column lists "a INT, b STRUCT<c: STRING>", single types and
// the JSON form. Depth is bounded. Pure; thread-safe.
#pragma once

#include <string_view>

#include "types/data_type.h"

namespace deltic::spark::functions {

// A column list gives a struct; a lone type gives itself. PARSE_SYNTAX_ERROR when neither.
Result<types::DataType> ParseDdlSchema(std::string_view text);

}  // namespace deltic::spark::functions
