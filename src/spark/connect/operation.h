// One ExecutePlan: a thread that runs the plan and the buffer its responses go through. Thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "engine/engine.h"
#include "spark/connect/response_buffer.h"

namespace deltic::spark::connect {

struct SessionEntry;

// Operations that run now, over all sessions; a stopping server waits for it to reach zero. Thread-safe.
class RunningCount {
 public:
  explicit RunningCount(int limit) : limit_(limit) {}
  bool TryAdd();
  void Remove();
  int count() const;
  // False when operations still run after `timeout`.
  bool WaitForZero(std::chrono::milliseconds timeout);

 private:
  const int limit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

class Operation : public std::enable_shared_from_this<Operation> {
 public:
  enum class State : uint8_t { kRunning, kSucceeded, kFailed, kCancelled };

  Operation(std::shared_ptr<SessionEntry> session, proto::ExecutePlanRequest request, std::string id, bool reattachable,
            ResponseBuffer::Limits limits);

  // Starts the thread; it keeps the operation alive until it ends. SERVER_BUSY over the limit.
  Status Start(RunningCount* running);
  // Asks the plan to stop; its client sees OPERATION_CANCELED. Any thread; idempotent.
  void Cancel();
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

  const std::string& id() const { return id_; }
  const std::set<std::string>& tags() const { return tags_; }
  bool reattachable() const { return reattachable_; }
  const std::shared_ptr<SessionEntry>& session() const { return session_; }
  const proto::ExecutePlanRequest& request() const { return request_; }
  ResponseBuffer& responses() { return responses_; }
  State state() const { return state_.load(); }

  // --- for the code that runs the plan ---
  // Fills the identifiers and pushes, blocking while the client is slow. OPERATION_CANCELED when nobody listens.
  Status Send(proto::ExecutePlanResponse* response);
  // Reports progress when `interval_ms` passed since the last report; never blocks. `done`: the last report, sent only
  // if there was one before.
  void ReportProgress(bool done);
  // The stream that Cancel interrupts and progress comes from; null when it ends.
  void SetStream(engine::ResultStream* stream);
  std::function<bool()> interrupted() const;
  // The statement that error positions refer to.
  void set_sql_text(std::string text) { sql_text_ = std::move(text); }

 private:
  void Run();

  const std::shared_ptr<SessionEntry> session_;
  const proto::ExecutePlanRequest request_;
  const std::string id_;
  const std::set<std::string> tags_;
  const bool reattachable_;
  ResponseBuffer responses_;
  std::atomic<bool> cancelled_{false};
  std::atomic<State> state_{State::kRunning};
  std::string sql_text_;     // of the running thread
  std::mutex stream_mutex_;  // guards stream_ and progress_reports_
  engine::ResultStream* stream_ = nullptr;
  int progress_reports_ = 0;
};

}  // namespace deltic::spark::connect
