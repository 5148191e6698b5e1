// A result encoded as Arrow IPC, batch by batch: of a DuckDB query, or rows that a client sent encoded so already.
// One thread calls SchemaIpc/NextBatchIpc; Progress and Interrupt may come from any thread.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "engine/arrow_types.h"
#include "engine/engine.h"
#include "engine/run_query.h"

namespace deltic::engine {

class ArrowResultStream final : public ResultStream {
 public:
  ArrowResultStream(RunningQuery query, std::vector<Column> columns, const QueryOptions& options);

  Result<std::string> SchemaIpc() override;
  Result<std::string> NextBatchIpc(int64_t* rows) override;
  double Progress() override;
  void Interrupt() override;

 private:
  std::string NextBatch(int64_t* rows);
  // Fetches the next non-empty chunk into chunk_; false at the end.
  bool FetchChunk();
  std::string Encode(ArrowArray* array) const;

  RunningQuery query_;
  std::vector<Column> columns_;
  QueryOptions options_;
  OwnedSchema schema_;
  duckdb::unique_ptr<duckdb::DataChunk> chunk_;
  duckdb::idx_t chunk_offset_ = 0;
  bool finished_ = false;
  std::atomic<bool> interrupted_{false};
};

// The rows of `rel` as the client sent them, when they are few and encoded just as a query would encode them: so come
// back the rows of every SQL command that a client ran and then collects. Null: they want a query. Throws DuckDB
// exceptions.
std::unique_ptr<ResultStream> EncodedRows(const ArrowRel& rel, const QueryOptions& options);

}  // namespace deltic::engine
