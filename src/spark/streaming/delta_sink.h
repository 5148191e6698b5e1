// A Delta table as a sink: one commit for each batch, with the batch's number as the transaction version of the query,
// so that a batch that comes again is not written twice (delta-spark's DeltaSink). Used by one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "spark/command/delta_write.h"
#include "spark/streaming/sink.h"

namespace deltic::spark::streaming {

class DeltaSink final : public Sink {
 public:
  // `path` qualified. Complete: each batch replaces the table's rows.
  DeltaSink(std::shared_ptr<session::Session> session, std::string path, OutputMode mode,
            std::vector<std::string> partition_by, std::vector<plan::NameParts> cluster_by, plan::Options options)
      : session_(std::move(session)),
        path_(std::move(path)),
        mode_(mode),
        partition_by_(std::move(partition_by)),
        cluster_by_(std::move(cluster_by)),
        options_(std::move(options)) {}

  std::string description() const override { return "DeltaSink[" + path_ + "]"; }
  Status Begin(const std::string& query_id, const engine::Rel& rows) override;
  Result<int64_t> Add(const SinkBatch& batch) override;

 private:
  const std::shared_ptr<session::Session> session_;
  const std::string path_;
  const OutputMode mode_;
  const std::vector<std::string> partition_by_;
  const std::vector<plan::NameParts> cluster_by_;
  const plan::Options options_;
  std::string query_id_;
};

}  // namespace deltic::spark::streaming
