// Rows that are nothing but literals (what commands return), as a result without a query. Pure; thread-safe.
#pragma once

#include "duckdb.hpp"
#include "engine/plan/relation.h"

namespace deltic::engine {

// Null when `rel` is something else or has no columns.
duckdb::unique_ptr<duckdb::QueryResult> LiteralRows(duckdb::ClientContext& context, const Rel& rel);

}  // namespace deltic::engine
