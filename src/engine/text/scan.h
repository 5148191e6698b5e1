// The table function behind CSV, JSON and text sources: rows of the wanted columns, typed, in the files' order, read by
// all threads at once (a file of lines is cut into splits). Registered once per DuckDB instance; stateless.
#pragma once

#include "duckdb.hpp"

namespace deltic::engine::text {

inline constexpr char kTextScanFunction[] = "deltic_text_scan";

void RegisterTextScan(duckdb::DatabaseInstance& db);

}  // namespace deltic::engine::text
