// When a failed request is tried again: exponential waits with jitter, a limit of attempts and of time for each
// request, and a budget that all requests of a store share, so that a broken server is not stormed. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "base/clock.h"
#include "base/random.h"
#include "storage/s3/s3_options.h"

namespace deltic::storage::s3 {

// Waiting, as a seam: tests pass no time.
class Pause {
 public:
  virtual ~Pause() = default;
  virtual void ForMillis(int64_t millis) = 0;
  static Pause* System();
};

// Shared by the requests of one store. Every retry takes tokens, every success gives one back; without tokens there
// are no retries until requests succeed again.
class RetryBudget {
 public:
  bool Take(bool timed_out);
  void Success();

 private:
  static constexpr int kTokens = 500;
  static constexpr int kRetryCost = 5;
  static constexpr int kTimeoutCost = 10;
  std::mutex mutex_;
  int tokens_ = kTokens;
};

// The attempts of one request. Used by one thread.
class RetryState {
 public:
  RetryState(const RetryOptions& options, RetryBudget* budget, Clock* clock, Random* random, Pause* pause);
  // After a failure that may pass: waits and returns true, or returns false when the request has to fail.
  // `retry_after_ms`: what the server asked for, 0 when nothing.
  bool Again(bool timed_out, int64_t retry_after_ms);
  void Succeeded() { budget_->Success(); }
  int attempts() const { return attempts_; }

 private:
  const RetryOptions& options_;
  RetryBudget* const budget_;
  Clock* const clock_;
  Random* const random_;
  Pause* const pause_;
  const int64_t started_nanos_;
  int attempts_ = 1;
};

}  // namespace deltic::storage::s3
