// Drives DuckDB queries to their result. DuckDB's own loops spin while other threads work; these yield and
// then sleep briefly, so that a waiting client thread does not take a core from the workers.
// Functions throw duckdb exceptions. Stateless; thread-safe.
#pragma once

#include <functional>

#include "duckdb.hpp"

namespace deltic::engine {

// Runs `statement` until its result is ready (all of it unless streaming) and throws the error of a failed one.
// `interrupted` (may be empty) is polled.
duckdb::unique_ptr<duckdb::QueryResult> RunStatement(duckdb::Connection& connection,
                                                     duckdb::unique_ptr<duckdb::SQLStatement> statement,
                                                     duckdb::QueryParameters parameters,
                                                     const std::function<bool()>& interrupted = nullptr);

// The next non-empty chunk, null at the end.
duckdb::unique_ptr<duckdb::DataChunk> FetchChunk(duckdb::QueryResult& result);

}  // namespace deltic::engine
