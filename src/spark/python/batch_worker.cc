#include "spark/python/batch_worker.h"

#include "base/json_writer.h"

namespace deltic::spark::python {
namespace {

constexpr int32_t kPythonException = -2;  // SpecialLengths.PYTHON_EXCEPTION_THROWN

std::string BigEndian(uint64_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; i--) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string Header(const BatchTask& task) {
  JsonWriter json;
  json.BeginObject();
  json.Key("streaming").String(task.kind);
  json.Key("commands").Int(1);
  json.Key("url").String(task.url);
  json.Key("session_id").String(task.session_id);
  json.Key("input_type").String(task.input_type);
  return json.EndObject().Take();
}

}  // namespace

Result<std::unique_ptr<BatchWorker>> BatchWorker::Start(const BatchTask& task, const Interrupted& interrupted) {
  ASSIGN_OR_RETURN(auto process, WorkerProcess::Start(task.executable, interrupted));
  if (!task.client_python.empty() && task.client_python != process->python_version()) {
    return Error("_PYTHON_VERSION_MISMATCH",
                 {{"worker_version", process->python_version()}, {"driver_version", task.client_python}});
  }
  std::unique_ptr<BatchWorker> worker(new BatchWorker(std::move(process)));
  RETURN_IF_ERROR(worker->process_->WriteFrame(Header(task), interrupted));
  RETURN_IF_ERROR(worker->process_->WriteFrame(task.command, interrupted));
  RETURN_IF_ERROR(worker->Answer(interrupted));
  return worker;
}

Status BatchWorker::Answer(const Interrupted& interrupted) {
  ASSIGN_OR_RETURN(const int32_t answer, process_->ReadInt(interrupted));
  if (answer == 0) return Status::Ok();
  if (answer != kPythonException) return InternalError("unexpected answer of a Python worker");
  ASSIGN_OR_RETURN(std::string traceback, process_->ReadFrame(interrupted));
  return Error("_PYTHON_EXCEPTION", {}, std::move(traceback));
}

Status BatchWorker::RunBatch(const std::string& relation_id, int64_t batch, const Interrupted& interrupted) {
  RETURN_IF_ERROR(process_->WriteFrame(relation_id, interrupted));
  RETURN_IF_ERROR(process_->Write(BigEndian(static_cast<uint64_t>(batch), 8), interrupted));
  return Answer(interrupted);
}

Status BatchWorker::RunRows(int64_t batch, const std::function<Result<std::string>()>& next,
                            const Interrupted& interrupted) {
  RETURN_IF_ERROR(process_->Write(BigEndian(static_cast<uint64_t>(batch), 8), interrupted));
  while (true) {
    ASSIGN_OR_RETURN(const std::string piece, next());
    RETURN_IF_ERROR(process_->WriteFrame(piece, interrupted));
    if (piece.empty()) break;
  }
  return Answer(interrupted);
}

Status BatchWorker::Notify(const std::string& event_json, int32_t kind, const Interrupted& interrupted) {
  RETURN_IF_ERROR(process_->WriteFrame(event_json, interrupted));
  RETURN_IF_ERROR(process_->Write(BigEndian(static_cast<uint32_t>(kind), 4), interrupted));
  return Answer(interrupted);
}

}  // namespace deltic::spark::python
