// The Parquet scan of Delta tables and plain Parquet directories: DuckDB's parquet_scan with a multi-file
// reader of ours (own file list, physical names or field ids, per-file constants, deletion vectors, row
// index, file pruning). Registered once per DuckDB instance.
#pragma once

#include "duckdb.hpp"

namespace deltic::engine {

inline constexpr char kParquetScanFunction[] = "deltic_parquet_scan";

void RegisterParquetScan(duckdb::DatabaseInstance& db);

}  // namespace deltic::engine
