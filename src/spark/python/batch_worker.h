// A Python process for one streaming query: it runs the query's foreachBatch or foreach function batch by batch. Used
// by one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/status.h"
#include "spark/python/worker_process.h"

namespace deltic::spark::python {

struct BatchTask {
  std::string kind;           // foreach_batch, foreach, listener
  std::string executable;     // the Python to run
  std::string command;        // the pickled function
  std::string client_python;  // "3.11": of the client that pickled it
  std::string url;            // where the process finds the server
  std::string session_id;
  std::string input_type;  // of foreach: the rows' schema, JSON
};

class BatchWorker {
 public:
  using Interrupted = WorkerProcess::Interrupted;
  // The process, when it is ready for the first batch. _PYTHON_WORKER_START, _PYTHON_VERSION_MISMATCH,
  // _PYTHON_EXCEPTION.
  static Result<std::unique_ptr<BatchWorker>> Start(const BatchTask& task, const Interrupted& interrupted);

  // foreachBatch: calls the function with the DataFrame of this id; _PYTHON_EXCEPTION with the traceback.
  Status RunBatch(const std::string& relation_id, int64_t batch, const Interrupted& interrupted);
  // foreach: the function sees the rows of Arrow IPC streams that `next` gives until an empty one.
  Status RunRows(int64_t batch, const std::function<Result<std::string>()>& next, const Interrupted& interrupted);
  // listener: calls it with an event.
  Status Notify(const std::string& event_json, int32_t kind, const Interrupted& interrupted);

 private:
  explicit BatchWorker(std::unique_ptr<WorkerProcess> process) : process_(std::move(process)) {}
  // 0, or the function's exception.
  Status Answer(const Interrupted& interrupted);

  const std::unique_ptr<WorkerProcess> process_;
};

}  // namespace deltic::spark::python
