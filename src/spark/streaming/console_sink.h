// The console sink: the first rows of each batch on the server's standard output, as Spark prints them on its driver's.
// Used by one thread.
#pragma once

#include <memory>
#include <string>

#include "spark/command/sink_write.h"
#include "spark/session/session.h"
#include "spark/streaming/sink.h"

namespace deltic::spark::streaming {

class ConsoleSink final : public Sink {
 public:
  ConsoleSink(std::shared_ptr<session::Session> session, command::ConsoleOptions options)
      : session_(std::move(session)), options_(options) {}

  std::string description() const override { return "org.apache.spark.sql.execution.streaming.ConsoleTable$"; }
  Result<int64_t> Add(const SinkBatch& batch) override;

 private:
  const std::shared_ptr<session::Session> session_;
  const command::ConsoleOptions options_;
};

// Runs the query and drops the rows (format noop).
class NoopSink final : public Sink {
 public:
  explicit NoopSink(std::shared_ptr<session::Session> session) : session_(std::move(session)) {}
  std::string description() const override { return "org.apache.spark.sql.execution.datasources.noop.NoopTable$"; }
  Result<int64_t> Add(const SinkBatch& batch) override;

 private:
  const std::shared_ptr<session::Session> session_;
};

}  // namespace deltic::spark::streaming
