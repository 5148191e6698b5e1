// Rows that need no query: literals (what commands return), a client's rows, kept rows, and what projections of columns
// and literals, filters by a number and unions make of them. Pure; thread-safe. They throw DuckDB exceptions.
#pragma once

#include <optional>

#include "duckdb.hpp"
#include "engine/plan/relation.h"

namespace deltic::engine {

// More of them are left to a query, which has several threads.
inline constexpr duckdb::idx_t kMaxKeptRowsAtHand = duckdb::idx_t{4} * STANDARD_VECTOR_SIZE;
inline constexpr size_t kMaxClientBytesAtHand = size_t{1} << 20;

using Chunks = std::vector<duckdb::unique_ptr<duckdb::DataChunk>>;

// The rows, of the types of rel.output. Nothing: `rel` wants a query, or has no columns.
std::optional<Chunks> RowsAtHand(duckdb::ClientContext& context, const Rel& rel);
// As a result. Null: see above.
duckdb::unique_ptr<duckdb::QueryResult> ResultAtHand(duckdb::ClientContext& context, const Rel& rel);

}  // namespace deltic::engine
