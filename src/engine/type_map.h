// The two-way map between Spark types and values and DuckDB's.
//
// Day-time intervals are BIGINT microseconds and year-month intervals INTEGER months inside DuckDB; the
// null type is INTEGER. FromDuckType is only for types whose Spark meaning is not known otherwise (file
// schemas). Failures throw duckdb exceptions (see functions/throw.h). Stateless; thread-safe.
#pragma once

#include <string>

#include "duckdb.hpp"
#include "engine/plan/expression.h"

namespace deltic::engine {

duckdb::LogicalType ToDuckType(const DataType& type);
// Unsigned and 128-bit integers become the next wider Spark type; TIME, BIT, UNION and enums are refused.
DataType FromDuckType(const duckdb::LogicalType& type);

// `value` must have the form that expression.h gives for `type`.
duckdb::Value ToDuckValue(const Value& value, const DataType& type);
// `value` must have type ToDuckType(type).
Value FromDuckValue(const duckdb::Value& value, const DataType& type);

// The column name of an id inside DuckDB: "c<id>".
std::string ColumnName(ColumnId id);

}  // namespace deltic::engine
