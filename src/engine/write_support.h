// Scalar functions that only writes use: renaming the fields of nested values without copying them, counting NULL
// arrays and maps, which Parquet's own statistics cannot tell, and recording the positions of rows (plan/row_sink.h).
// Pure apart from the counters, which are atomic, and the sinks. Registered once per DuckDB instance.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>

#include "duckdb.hpp"
#include "engine/plan/expression.h"

namespace deltic::engine {

inline constexpr char kRetypeFunction[] = "deltic_retype";           // (value, NULL::target) → target
inline constexpr char kCountNullsFunction[] = "deltic_count_nulls";  // (value, address of NullCounters) → value

// One counter per array or map that is not itself inside an array or map, depth first.
struct NullCounters {
  std::deque<std::atomic<int64_t>> counts;
};

// Number of counters that a column of this type needs.
int CountedCollections(const DataType& type);
// Adds those among the first `rows` of a vector of such a type.
void CountNulls(duckdb::Vector& vector, duckdb::idx_t rows, NullCounters* counters);

void RegisterWriteSupport(duckdb::DatabaseInstance& db);

}  // namespace deltic::engine
