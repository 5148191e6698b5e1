// The table function behind the text source: one row per line (or per file), files in order, any
// compression DuckDB detects, constant memory per line. Registered once per DuckDB instance.
#pragma once

#include "duckdb.hpp"

namespace deltic::engine {

// deltic_text_lines(paths VARCHAR[], separator VARCHAR): deltic_file VARCHAR, v VARCHAR. The default separator "\n"
// also ends lines at "\r" and "\r\n" as Spark does; an empty separator makes each file one row.
inline constexpr char kTextLinesFunction[] = "deltic_text_lines";

void RegisterTextLines(duckdb::DatabaseInstance& db);

}  // namespace deltic::engine
