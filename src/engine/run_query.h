// Drives DuckDB queries to their result. DuckDB's own loops spin while other threads work; these yield and
// then sleep briefly, so that a waiting client thread does not take a core from the workers.
// Functions throw duckdb exceptions. Stateless; thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "duckdb.hpp"

namespace deltic::engine {

// A query in flight: its connection, its result and what the plan points at.
struct RunningQuery {
  std::vector<std::shared_ptr<void>> keep_alive;
  std::shared_ptr<duckdb::Connection> connection;
  duckdb::unique_ptr<duckdb::SQLStatement> statement;  // set until the query has started
  duckdb::unique_ptr<duckdb::QueryResult> result;      // destroyed before the connection
};

// Runs `statement` until its result is ready (all of it unless streaming) and throws the error of a failed one.
// `interrupted` (may be empty) is polled.
duckdb::unique_ptr<duckdb::QueryResult> RunStatement(duckdb::Connection& connection,
                                                     duckdb::unique_ptr<duckdb::SQLStatement> statement,
                                                     duckdb::QueryParameters parameters,
                                                     const std::function<bool()>& interrupted = nullptr);

// The next non-empty chunk, null at the end. `interrupted` as above.
duckdb::unique_ptr<duckdb::DataChunk> FetchChunk(duckdb::QueryResult& result,
                                                 const std::function<bool()>& interrupted = nullptr);

}  // namespace deltic::engine
