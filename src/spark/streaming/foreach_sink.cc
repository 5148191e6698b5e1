#include "spark/streaming/foreach_sink.h"

#include "base/random.h"
#include "spark/resolve/resolver.h"
#include "storage/object_store.h"

namespace deltic::spark::streaming {

python::BatchTask TaskOf(session::Session* session, const engine::PythonFunction& function, const char* kind,
                         const std::string& url) {
  python::BatchTask task;
  task.kind = kind;
  task.executable = session->conf().GetString("spark.pyspark.python", "");
  if (task.executable.empty()) task.executable = session->server()->python_executable;
  task.command = function.command;
  task.client_python = function.python_version;
  task.session_id = session->session_id();
  task.url = url;
  if (!session->user_id().empty()) task.url += ";user_id=" + storage::UriEncodePath(session->user_id());
  return task;
}

Result<int64_t> ForeachBatchSink::Add(const SinkBatch& batch) {
  if (worker_ == nullptr) {
    ASSIGN_OR_RETURN(worker_, python::BatchWorker::Start(TaskOf(session_.get(), *function_, "foreach_batch", url_),
                                                         batch.interrupted));
  }
  const std::string id = Random::System()->Uuid();
  session_->PutRemote(id, batch.rows);
  const Status ran = worker_->RunBatch(id, batch.id, batch.interrupted);
  session_->DropRemote(id);
  if (!ran.ok()) {
    worker_.reset();
    return ran;
  }
  return -1;
}

Result<int64_t> ForeachSink::Add(const SinkBatch& batch) {
  if (worker_ == nullptr) {
    python::BatchTask task = TaskOf(session_.get(), *function_, "foreach", "");
    task.input_type = resolve::SchemaOf(*batch.rows).Json();
    ASSIGN_OR_RETURN(worker_, python::BatchWorker::Start(task, batch.interrupted));
  }
  ASSIGN_OR_RETURN(const auto stream, session_->server()->engine->Execute(batch.rows, batch.options));
  int64_t rows = 0;
  const auto next = [&]() -> Result<std::string> {
    int64_t count = 0;
    ASSIGN_OR_RETURN(std::string piece, stream->NextBatchIpc(&count));
    rows += count;
    return piece;
  };
  const Status ran = worker_->RunRows(batch.id, next, batch.interrupted);
  if (!ran.ok()) {
    worker_.reset();
    return ran;
  }
  return rows;
}

}  // namespace deltic::spark::streaming
