// Spark's CAST as a DuckDB expression: DuckDB's own cast where it is exact, our kernels otherwise. Throws duckdb
// exceptions for pairs of types that cannot be cast. Stateless; thread-safe.
#pragma once

#include <memory>
#include <string>

#include "duckdb.hpp"
#include "engine/plan/expression.h"

namespace deltic::engine::functions {

std::unique_ptr<duckdb::ParsedExpression> LowerCast(std::unique_ptr<duckdb::ParsedExpression> child,
                                                    const DataType& from, const DataType& to, CastMode mode,
                                                    const std::string& time_zone);

}  // namespace deltic::engine::functions
