// A streaming query as its clients see it: status, progress, waiting and stopping (Spark's StreamingQuery). It is run
// by a MicroBatchExecution on a thread of its own and outlives it, so that clients learn how it ended. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"

namespace deltic::spark::streaming {

struct QueryStatus {
  std::string message;
  bool data_available = false;
  bool trigger_active = false;
  bool active = false;
};

class StreamingQuery {
 public:
  using Interrupted = std::function<bool()>;

  StreamingQuery(Clock* clock, std::string id, std::string run_id, std::string name, size_t retained_progress)
      : clock_(clock),
        id_(std::move(id)),
        run_id_(std::move(run_id)),
        name_(std::move(name)),
        retained_progress_(retained_progress) {}

  const std::string& id() const { return id_; }
  const std::string& run_id() const { return run_id_; }
  const std::string& name() const { return name_; }  // empty: none

  // --- clients ---
  QueryStatus status() const;
  bool active() const;
  std::vector<std::string> RecentProgress() const;  // oldest first
  std::optional<std::string> LastProgress() const;
  // The plan of its last batch.
  std::string Explain(bool extended) const;
  // How it failed, as STREAM_FAILED; nullopt: it runs, or was stopped.
  std::optional<Status> exception() const;
  // The error itself, of which exception() tells.
  Status cause() const;
  // Spark's description of where the query was when it failed.
  std::string DebugText() const;
  // Asks it to stop, and interrupts its batch.
  void RequestStop();
  // Waits for its end; false when it has not come after `timeout_ms` (negative: no limit). `interrupted` is polled:
  // OPERATION_CANCELED.
  Result<bool> AwaitEnd(int64_t timeout_ms, const Interrupted& interrupted) const;
  // As AwaitEnd, but a query that failed gives its error.
  Result<bool> AwaitTermination(int64_t timeout_ms, const Interrupted& interrupted) const;
  // Until all data that was there is processed.
  Status ProcessAllAvailable(const Interrupted& interrupted);

  // --- the thread that runs it ---
  bool stop_requested() const { return stop_requested_.load(std::memory_order_relaxed); }
  void SetStatus(std::string message, std::optional<bool> data_available, std::optional<bool> trigger_active);
  void AddProgress(std::string json);
  using ExplainText = std::function<std::string(bool extended)>;
  void SetExplain(ExplainText text);
  void SetDebugText(std::string text);
  // Tells those who wait for data that there was none.
  void NoNewData();
  // Waits until it is to stop, somebody wants all data, or `millis` are over.
  void Pause(int64_t millis);
  void Finish(const Status& status);

 private:
  Clock* const clock_;
  const std::string id_, run_id_, name_;
  const size_t retained_progress_;
  std::atomic<bool> stop_requested_{false};

  mutable std::mutex mutex_;  // guards what follows
  mutable std::condition_variable changed_;
  QueryStatus status_{"Initializing sources", false, false, true};
  std::deque<std::string> progress_;
  ExplainText explain_;
  std::string debug_text_;
  Status cause_;
  uint64_t idle_rounds_ = 0;
  int wanted_ = 0;  // clients in ProcessAllAvailable
};

}  // namespace deltic::spark::streaming
