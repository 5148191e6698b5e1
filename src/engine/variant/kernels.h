// The kernels of VARIANT: parse_json, variant_get, casts, schema_of_variant and what variant_explode unnests. Types are
// constant arguments, as JSON. Registered once per DuckDB instance.
#pragma once

#include "duckdb.hpp"

namespace deltic::engine::variant {

void RegisterVariantKernels(duckdb::DatabaseInstance& db);

}  // namespace deltic::engine::variant
