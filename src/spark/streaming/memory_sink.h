// The memory sink: rows kept by the engine under the query's name, as a temporary view. Used by one thread; the view
// may be read by any.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "spark/session/session.h"
#include "spark/streaming/sink.h"

namespace deltic::spark::streaming {

class MemorySink final : public Sink {
 public:
  MemorySink(std::shared_ptr<session::Session> session, std::string name, OutputMode mode)
      : session_(std::move(session)), name_(std::move(name)), mode_(mode) {}

  std::string description() const override { return "MemorySink"; }
  // Makes the view, empty.
  Status Begin(const std::string& query_id, const engine::Rel& rows) override;
  Result<int64_t> Add(const SinkBatch& batch) override;

 private:
  // Many small pieces are joined, so that reading stays as deep as it is.
  static constexpr size_t kMaxPieces = 16;
  Status Publish(const engine::QueryOptions& options);

  const std::shared_ptr<session::Session> session_;
  const std::string name_;
  const OutputMode mode_;
  std::string relation_id_;
  engine::RelPtr empty_;
  std::vector<engine::RelPtr> pieces_;
};

// How many rows a relation has.
Result<int64_t> CountRows(engine::Engine* engine, const engine::RelPtr& rows, const engine::QueryOptions& options);

}  // namespace deltic::spark::streaming
