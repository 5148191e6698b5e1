#include "spark/streaming/console_sink.h"

#include "spark/streaming/memory_sink.h"

namespace deltic::spark::streaming {

Result<int64_t> ConsoleSink::Add(const SinkBatch& batch) {
  engine::Engine* engine = session_->server()->engine;
  ASSIGN_OR_RETURN(const auto kept, engine->Materialize(batch.rows, batch.options));
  ASSIGN_OR_RETURN(const std::string text, command::ShownText(session_.get(), kept, options_, batch.interrupted));
  constexpr const char* kLine = "-------------------------------------------\n";
  command::PrintToConsole(std::string(kLine) + "Batch: " + std::to_string(batch.id) + "\n" + kLine + text);
  return CountRows(engine, kept, batch.options);
}

Result<int64_t> NoopSink::Add(const SinkBatch& batch) {
  return CountRows(session_->server()->engine, batch.rows, batch.options);
}

}  // namespace deltic::spark::streaming
