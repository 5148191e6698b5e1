// Leaf columns of Parquet files for the Delta core (delta/io/parquet_io.h): how checkpoints are read. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "delta/io/parquet_io.h"
#include "engine/engine.h"

namespace deltic::engine {

// Calls `rows` for every batch, in file order. `engine` is this folder's own (CreateEngine).
Status ReadParquetColumns(Engine* engine, const std::string& path, const std::vector<delta::ParquetColumn>& columns,
                          const std::function<Status(const delta::ParquetRows&)>& rows);

}  // namespace deltic::engine
