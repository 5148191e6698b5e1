// Statistics of a column chunk that holds what several held (parquet.thrift › Statistics). What one input does not
// tell is told of none. Pure, thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "engine/parquet_merge/schema.h"

namespace deltic::engine::merge {

// Nullopt: nothing is known. A single input keeps what it has, the deprecated fields aside.
std::optional<duckdb_parquet::Statistics> MergeStatistics(
    const std::vector<const duckdb_parquet::ColumnMetaData*>& inputs, const Leaf& leaf);

}  // namespace deltic::engine::merge
