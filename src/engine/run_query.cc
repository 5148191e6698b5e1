#include "engine/run_query.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "duckdb/main/pending_query_result.hpp"
#include "duckdb/main/stream_query_result.hpp"

namespace deltic::engine {
namespace {

// Waits a little longer each time there is nothing to do.
class IdleWait {
 public:
  void Wait() {
    if (++rounds_ < kYields) {
      std::this_thread::yield();
      return;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(std::min(20 * (rounds_ - kYields + 1), kLongestMicros)));
  }
  void Reset() { rounds_ = 0; }

 private:
  static constexpr int kYields = 20;
  static constexpr int kLongestMicros = 500;
  int rounds_ = 0;
};

}  // namespace

duckdb::unique_ptr<duckdb::QueryResult> RunStatement(duckdb::Connection& connection,
                                                     duckdb::unique_ptr<duckdb::SQLStatement> statement,
                                                     duckdb::QueryParameters parameters,
                                                     const std::function<bool()>& interrupted) {
  auto pending = connection.context->PendingQuery(std::move(statement), parameters);
  if (pending->HasError()) pending->GetErrorObject().Throw();
  IdleWait idle;
  while (true) {
    if (interrupted && interrupted()) connection.context->Interrupt();
    auto state = pending->ExecuteTask();
    if (duckdb::PendingQueryResult::IsResultReady(state)) break;
    if (state == duckdb::PendingExecutionResult::NO_TASKS_AVAILABLE) {
      idle.Wait();
    } else if (state == duckdb::PendingExecutionResult::BLOCKED) {
      pending->WaitForTask();
    } else {
      idle.Reset();
    }
  }
  if (pending->HasError()) pending->GetErrorObject().Throw();
  auto result = pending->Execute();
  if (result->HasError()) result->GetErrorObject().Throw();
  return result;
}

duckdb::unique_ptr<duckdb::DataChunk> FetchChunk(duckdb::QueryResult& result,
                                                 const std::function<bool()>& interrupted) {
  if (result.type == duckdb::QueryResultType::STREAM_RESULT) {
    auto& stream = result.Cast<duckdb::StreamQueryResult>();
    IdleWait idle;
    while (true) {
      if (interrupted && interrupted() && stream.context) stream.context->Interrupt();
      auto state = stream.ExecuteTask();
      if (duckdb::StreamQueryResult::IsChunkReady(state)) break;
      if (state == duckdb::StreamExecutionResult::BLOCKED) {
        stream.WaitForTask();
      } else {
        idle.Wait();
      }
    }
  }
  auto chunk = result.Fetch();
  if (result.HasError()) result.GetErrorObject().Throw();
  if (chunk && chunk->size() == 0) chunk.reset();
  return chunk;
}

}  // namespace deltic::engine
