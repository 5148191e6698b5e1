// The source of RangeRel: like DuckDB's range(), but read by all threads at once, in order, with exact cardinality and
// bounds for the optimiser. Registered once per DuckDB instance; stateless.
#pragma once

#include "duckdb.hpp"

namespace deltic::engine {

inline constexpr char kRangeScanFunction[] = "deltic_range";  // (start, end, step) bigint → one column bigint

void RegisterRangeScan(duckdb::DatabaseInstance& db);

}  // namespace deltic::engine
