// Python functions in worker processes: the engine's PythonRunner. Workers are started on demand, one per run, and kept
// for the next run when theirs ended well. Thread-safe.
//
// A worker runs PySpark's own `pyspark.worker` (docs/adr has the reasons), so its Python needs the PySpark of the
// client.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/plan/python.h"
#include "spark/python/worker_process.h"

namespace deltic::spark::python {

class PythonWorkers final : public engine::PythonRunner {
 public:
  PythonWorkers();
  ~PythonWorkers() override;

  std::shared_ptr<const engine::BatchTransform> Prepare(engine::PythonTask task) override;

  // An idle worker that ran for the same owner, or a new one; SERVER_BUSY over kMaxWorkers.
  Result<std::unique_ptr<WorkerProcess>> Acquire(const engine::PythonTask& task,
                                                 const WorkerProcess::Interrupted& interrupted);
  // Null: the worker is gone. Otherwise it waits for the owner's next run.
  void Release(std::unique_ptr<WorkerProcess> worker, const std::string& owner);

 private:
  static constexpr size_t kMaxWorkers = 64;
  static constexpr size_t kMaxIdle = 4;
  std::mutex mutex_;  // guards what follows
  struct Idle {
    std::string owner;
    std::unique_ptr<WorkerProcess> worker;
  };
  std::vector<Idle> idle_;  // longest idle first
  size_t running_ = 0;
};

}  // namespace deltic::spark::python
