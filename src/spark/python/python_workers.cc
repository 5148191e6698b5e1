#include "spark/python/python_workers.h"

#include <atomic>

#include "base/json_writer.h"

namespace deltic::spark::python {
namespace {

using engine::PythonTask;

// org.apache.spark.api.python.SpecialLengths
constexpr int32_t kEndOfDataSection = -1;
constexpr int32_t kPythonException = -2;
constexpr int32_t kEndOfStream = -4;
constexpr int32_t kStartArrowStream = -6;

std::string Header(const PythonTask& task) {
  JsonWriter json;
  json.BeginObject();
  json.Key("eval_type").Int(static_cast<int>(task.eval));
  json.Key("commands").Int(static_cast<int64_t>(task.calls.size()));
  json.Key("name").String(task.calls[0].function->name);
  json.Key("files_dir").String(task.files_dir);
  json.Key("includes").BeginArray();
  for (const std::string& name : task.includes) json.String(name);
  json.EndArray();
  json.Key("arg_offsets").BeginArray();
  for (const auto& call : task.calls) {
    json.BeginArray();
    for (int offset : call.arg_offsets) json.Int(offset);
    json.EndArray();
  }
  json.EndArray();
  json.Key("conf").BeginObject();
  for (const auto& [key, value] : task.conf) json.Key(key).String(value);
  json.EndObject();
  json.Key("input_type").String(task.input.Json());
  json.Key("output_type").String(task.result.Json());
  json.Key("result_type").String(task.calls[0].function->return_type.Json());
  json.EndObject();
  return json.Take();
}

class WorkerRun final : public engine::TransformRun {
 public:
  WorkerRun(PythonWorkers* pool, std::string owner, std::unique_ptr<WorkerProcess> worker,
            WorkerProcess::Interrupted interrupted)
      : pool_(pool), owner_(std::move(owner)), worker_(std::move(worker)), interrupted_(std::move(interrupted)) {
    stop_ = [this] { return cancelled_.load() || (interrupted_ && interrupted_()); };
  }
  ~WorkerRun() override {
    if (!reusable_ || cancelled_) worker_.reset();
    pool_->Release(std::move(worker_), owner_);
  }

  Status Begin(const PythonTask& task) {
    RETURN_IF_ERROR(worker_->WriteFrame(Header(task), stop_));
    for (const auto& call : task.calls) RETURN_IF_ERROR(worker_->WriteFrame(call.function->command, stop_));
    return Status::Ok();
  }

  Status Write(std::string_view bytes) override {
    constexpr size_t kMost = size_t{1} << 30;
    for (; bytes.size() > kMost; bytes.remove_prefix(kMost)) {
      RETURN_IF_ERROR(worker_->WriteFrame(bytes.substr(0, kMost), stop_));
    }
    return bytes.empty() ? Status::Ok() : worker_->WriteFrame(bytes, stop_);
  }
  Status FinishInput() override { return worker_->WriteFrame({}, stop_); }

  Result<size_t> Read(void* buffer, size_t size) override {
    if (!started_) {
      started_ = true;
      ASSIGN_OR_RETURN(const int32_t first, worker_->ReadInt(stop_));
      if (first != kStartArrowStream) {
        no_stream_ = true;
        end_status_ = End(first);
        ended_ = true;
      }
    }
    if (no_stream_) {
      if (!end_status_.ok()) return end_status_;
      return size_t{0};
    }
    RETURN_IF_ERROR(worker_->Read(buffer, size, stop_));
    return size;
  }

  Status Finish() override {
    if (!ended_) {
      const auto first = worker_->ReadInt(stop_);
      end_status_ = first.ok() ? End(*first) : first.status();
      ended_ = true;
    }
    return end_status_;
  }

  void Cancel() override {
    if (ended_ && end_status_.ok()) return;
    cancelled_ = true;
    worker_->Shutdown();
  }

 private:
  // What follows the results: either the exception, or the bytes that were spilled (two longs, zero), the accumulators
  // and the worker's word that it is ready for another run. `first` is its first integer.
  Status End(int32_t first) {
    if (first == kPythonException) {
      ASSIGN_OR_RETURN(std::string traceback, worker_->ReadFrame(stop_));
      return Error("_PYTHON_EXCEPTION", {}, std::move(traceback));
    }
    for (int i = 0; i < 3; i++) RETURN_IF_ERROR(worker_->ReadInt(stop_).status());
    ASSIGN_OR_RETURN(const int32_t section, worker_->ReadInt(stop_));
    if (section == kPythonException) {
      ASSIGN_OR_RETURN(std::string traceback, worker_->ReadFrame(stop_));
      return Error("_PYTHON_EXCEPTION", {}, std::move(traceback));
    }
    if (section != kEndOfDataSection) return InternalError("unexpected end of a Python worker's results");
    ASSIGN_OR_RETURN(const int32_t accumulators, worker_->ReadInt(stop_));
    for (int32_t i = 0; i < accumulators; i++) RETURN_IF_ERROR(worker_->ReadFrame(stop_).status());
    ASSIGN_OR_RETURN(const int32_t last, worker_->ReadInt(stop_));
    reusable_ = last == kEndOfStream;
    return Status::Ok();
  }

  PythonWorkers* const pool_;
  const std::string owner_;
  std::unique_ptr<WorkerProcess> worker_;
  const WorkerProcess::Interrupted interrupted_;
  WorkerProcess::Interrupted stop_;
  std::atomic<bool> cancelled_{false};
  bool started_ = false;
  bool no_stream_ = false;
  std::atomic<bool> ended_{false};
  Status end_status_;
  bool reusable_ = false;
};

class WorkerTransform final : public engine::BatchTransform {
 public:
  WorkerTransform(PythonWorkers* pool, PythonTask task) : pool_(pool), task_(std::move(task)) {}

  const PythonTask& task() const override { return task_; }

  Result<std::unique_ptr<engine::TransformRun>> Start(std::function<bool()> interrupted) const override {
    ASSIGN_OR_RETURN(auto worker, pool_->Acquire(task_, interrupted));
    const std::string& client = task_.calls[0].function->python_version;
    if (!client.empty() && client != worker->python_version()) {
      const std::string version = worker->python_version();
      pool_->Release(std::move(worker), task_.owner);
      return Error("_PYTHON_VERSION_MISMATCH", {{"worker_version", version}, {"driver_version", client}});
    }
    auto run = std::make_unique<WorkerRun>(pool_, task_.owner, std::move(worker), std::move(interrupted));
    const Status begun = run->Begin(task_);
    // A worker that is gone already has said why, or Finish says that it has not.
    if (!begun.ok() && !begun.Is("_WORKER_GONE")) return begun;
    return std::unique_ptr<engine::TransformRun>(std::move(run));
  }

 private:
  PythonWorkers* const pool_;
  const PythonTask task_;
};

}  // namespace

PythonWorkers::PythonWorkers() = default;
PythonWorkers::~PythonWorkers() = default;

std::shared_ptr<const engine::BatchTransform> PythonWorkers::Prepare(PythonTask task) {
  return std::make_shared<WorkerTransform>(this, std::move(task));
}

Result<std::unique_ptr<WorkerProcess>> PythonWorkers::Acquire(const PythonTask& task,
                                                              const WorkerProcess::Interrupted& interrupted) {
  {
    std::lock_guard lock(mutex_);
    if (running_ >= kMaxWorkers) {
      return Error("SERVER_BUSY", {{"limit", std::to_string(kMaxWorkers)}, {"what", "Python workers"}});
    }
    running_++;
    for (auto it = idle_.begin(); it != idle_.end(); ++it) {
      if (it->owner != task.owner || it->worker->executable() != task.executable) continue;
      auto worker = std::move(it->worker);
      idle_.erase(it);
      return worker;
    }
  }
  auto started = WorkerProcess::Start(task.executable, interrupted);
  if (!started.ok()) Release(nullptr, {});
  return started;
}

void PythonWorkers::Release(std::unique_ptr<WorkerProcess> worker, const std::string& owner) {
  std::unique_ptr<WorkerProcess> dropped;  // ends outside the lock
  std::lock_guard lock(mutex_);
  running_--;
  if (worker == nullptr) return;
  if (idle_.size() >= kMaxIdle) {
    dropped = std::move(idle_.front().worker);
    idle_.erase(idle_.begin());
  }
  idle_.push_back({owner, std::move(worker)});
}

}  // namespace deltic::spark::python
