// The kernels of from_csv, to_csv, schema_of_csv, from_json, to_json and schema_of_json. Types and options are constant
// arguments: the JSON of a Spark type, and what EncodeOptions gives. Registered once per DuckDB instance.
#pragma once

#include "duckdb.hpp"

namespace deltic::engine::text {

void RegisterTextKernels(duckdb::DatabaseInstance& db);

}  // namespace deltic::engine::text
