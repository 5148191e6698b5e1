#include "spark/streaming/delta_sink.h"

#include "delta/spec/schema.h"

namespace deltic::spark::streaming {

Status DeltaSink::Begin(const std::string& query_id, const engine::Rel&) {
  query_id_ = query_id;
  return Status::Ok();
}

Result<int64_t> DeltaSink::Add(const SinkBatch& batch) {
  for (const auto& column : batch.rows->output) {
    if (delta::HasType(column.type, types::TypeId::kNull)) return Error("DELTA_NULL_SCHEMA_IN_STREAMING_WRITE");
  }
  command::DeltaWrite write;
  write.path = path_;
  write.data = batch.rows;
  write.mode = mode_ == OutputMode::kComplete ? plan::SaveMode::kOverwrite : plan::SaveMode::kAppend;
  write.partition_by = partition_by_;
  write.cluster_by = cluster_by_;
  write.options = options_;
  write.streaming = command::StreamingUpdate{OutputModeName(mode_), query_id_, batch.id};
  RETURN_IF_ERROR(command::WriteDelta(session_.get(), write, batch.interrupted).status());
  return -1;
}

}  // namespace deltic::spark::streaming
