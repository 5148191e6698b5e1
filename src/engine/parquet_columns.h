// Leaf columns of Parquet files for the Delta core (delta/io/parquet_io.h): how checkpoints are read. The row groups of
// all files are read by DuckDB's threads and the caller's. Thread-safe.
#pragma once

#include "delta/io/parquet_io.h"
#include "engine/engine.h"

namespace deltic::engine {

// A part is a row group. `engine` is this folder's own (CreateEngine).
Status ReadParquetColumns(Engine* engine, const delta::ParquetRequest& request, delta::ParquetConsumer* consumer);

}  // namespace deltic::engine
