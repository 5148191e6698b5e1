// The part of a streaming plan that needs to know earlier batches: an aggregation or a deduplication. Each batch is
// joined to the state that the one before left: partial aggregates, or the keys seen. Used by one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "spark/streaming/query_progress.h"
#include "spark/streaming/sink.h"
#include "spark/streaming/state_store.h"

namespace deltic::spark::streaming {

// Event times up to these are over, in milliseconds since the epoch.
struct Watermark {
  int64_t late_ms = 0;   // rows that come now are dropped
  int64_t evict_ms = 0;  // state is final and forgotten
};

// One batch of a stateful query.
struct StatefulBatch {
  int64_t id = 0;
  Watermark watermark;
  engine::QueryOptions options;
};

class StatefulOperator {
 public:
  StatefulOperator(std::shared_ptr<session::Session> session, StateStore store, OutputMode mode)
      : session_(std::move(session)), store_(std::move(store)), mode_(mode) {}

  // The aggregations and deduplications of streams in a plan.
  static std::vector<engine::RelPtr> FindAll(const engine::RelPtr& plan);
  // Can it be carried from batch to batch? Refused by name.
  static Status Check(const engine::Rel& operation);
  // Its keys have an event time with a watermark, so that state ends.
  static bool HasEventTime(const engine::Rel& operation);

  // `plan` has StreamRels; `rows` are those of the batch. The result has the operator's rows for the sink in its place;
  // the rest of the plan still has its StreamRels. The state that the batch leaves is written.
  Result<engine::RelPtr> Run(const engine::RelPtr& plan, const std::vector<engine::RelPtr>& rows,
                             const StatefulBatch& batch, StateProgress* progress);
  // Forgets the state that no batch can need any more.
  Status Purge(int64_t batch) { return store_.Purge(batch); }

 private:
  Result<engine::RelPtr> Replace(const engine::RelPtr& plan, const std::vector<engine::RelPtr>& rows,
                                 const StatefulBatch& batch, StateProgress* progress);
  Result<engine::RelPtr> Aggregate(const engine::AggregateRel& aggregate, const std::vector<engine::RelPtr>& rows,
                                   const StatefulBatch& batch, StateProgress* progress);
  Result<engine::RelPtr> Deduplicate(const engine::DistinctRel& distinct, const std::vector<engine::RelPtr>& rows,
                                     const StatefulBatch& batch, StateProgress* progress);
  Result<engine::RelPtr> Keep(const engine::RelPtr& rows, const StatefulBatch& batch);
  Result<int64_t> Count(const engine::RelPtr& rows, const StatefulBatch& batch);

  const std::shared_ptr<session::Session> session_;
  StateStore store_;
  const OutputMode mode_;
};

}  // namespace deltic::spark::streaming
