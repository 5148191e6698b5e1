// One Python worker: a child process that runs deltic_worker.py, and the socket to it. Reads and writes are bounded
// waits that a callback can end. Used by one reading and one writing thread; Shutdown may come from any.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace deltic::spark::python {

class WorkerProcess {
 public:
  using Interrupted = std::function<bool()>;

  // Starts `executable` and waits for its greeting: _PYTHON_WORKER_START when there is no such program, when it does
  // not answer, or when it has no PySpark.
  static Result<std::unique_ptr<WorkerProcess>> Start(const std::string& executable, const Interrupted& interrupted);
  // Kills the process if it still runs.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  const std::string& executable() const { return executable_; }
  const std::string& python_version() const { return python_version_; }    // "3.11"
  const std::string& pyspark_version() const { return pyspark_version_; }  // "3.5.9"

  // _WORKER_GONE when the other side is closed, OPERATION_CANCELED when interrupted.
  Status Write(std::string_view bytes, const Interrupted& interrupted);
  // A frame: the length in 4 bytes, big-endian, and the bytes.
  Status WriteFrame(std::string_view bytes, const Interrupted& interrupted);
  Status Read(void* buffer, size_t size, const Interrupted& interrupted);
  Result<int32_t> ReadInt(const Interrupted& interrupted);
  Result<std::string> ReadFrame(const Interrupted& interrupted);
  // Ends every read and write, now and later.
  void Shutdown();

 private:
  WorkerProcess(std::string executable, pid_t pid, int socket)
      : executable_(std::move(executable)), pid_(pid), socket_(socket) {}
  Status Greet(const Interrupted& interrupted);

  const std::string executable_;
  const pid_t pid_;
  const int socket_;
  std::string python_version_;
  std::string pyspark_version_;
};

// The program that workers run (deltic_worker.py).
extern const std::string_view kWorkerScript;

}  // namespace deltic::spark::python
