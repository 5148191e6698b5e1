// foreachBatch and foreach: each batch is handed to a Python function, in a process that lives as long as the query.
// Used by one thread.
#pragma once

#include <memory>
#include <string>

#include "engine/plan/python.h"
#include "spark/python/batch_worker.h"
#include "spark/session/session.h"
#include "spark/streaming/sink.h"

namespace deltic::spark::streaming {

// f(df, batch_id): df is a DataFrame of the query's session, which the function's process reads over Spark Connect.
class ForeachBatchSink final : public Sink {
 public:
  ForeachBatchSink(std::shared_ptr<session::Session> session, std::string url,
                   std::shared_ptr<const engine::PythonFunction> function)
      : session_(std::move(session)), url_(std::move(url)), function_(std::move(function)) {}
  std::string description() const override { return "ForeachBatchSink"; }
  Result<int64_t> Add(const SinkBatch& batch) override;

 private:
  const std::shared_ptr<session::Session> session_;
  const std::string url_;
  const std::shared_ptr<const engine::PythonFunction> function_;
  std::unique_ptr<python::BatchWorker> worker_;
};

// f(row), or an object with open, process and close: one partition a batch.
class ForeachSink final : public Sink {
 public:
  ForeachSink(std::shared_ptr<session::Session> session, std::shared_ptr<const engine::PythonFunction> function)
      : session_(std::move(session)), function_(std::move(function)) {}
  std::string description() const override { return "ForeachWriterTable"; }
  Result<int64_t> Add(const SinkBatch& batch) override;

 private:
  const std::shared_ptr<session::Session> session_;
  const std::shared_ptr<const engine::PythonFunction> function_;
  std::unique_ptr<python::BatchWorker> worker_;
};

// The task of a session's function; `kind` as python::BatchTask has it.
python::BatchTask TaskOf(session::Session* session, const engine::PythonFunction& function, const char* kind,
                         const std::string& url);

}  // namespace deltic::spark::streaming
