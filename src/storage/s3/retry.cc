#include "storage/s3/retry.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace deltic::storage::s3 {
namespace {

class SystemPause final : public Pause {
 public:
  void ForMillis(int64_t millis) override { std::this_thread::sleep_for(std::chrono::milliseconds(millis)); }
};

}  // namespace

Pause* Pause::System() {
  static SystemPause pause;
  return &pause;
}

bool RetryBudget::Take(bool timed_out) {
  const int cost = timed_out ? kTimeoutCost : kRetryCost;
  std::lock_guard lock(mutex_);
  if (tokens_ < cost) return false;
  tokens_ -= cost;
  return true;
}

void RetryBudget::Success() {
  std::lock_guard lock(mutex_);
  tokens_ = std::min(kTokens, tokens_ + 1);
}

RetryState::RetryState(const RetryOptions& options, RetryBudget* budget, Clock* clock, Random* random, Pause* pause)
    : options_(options),
      budget_(budget),
      clock_(clock),
      random_(random),
      pause_(pause),
      started_nanos_(clock->MonotonicNanos()) {}

bool RetryState::Again(bool timed_out, int64_t retry_after_ms) {
  if (attempts_ >= options_.max_attempts) return false;
  const int64_t spent_ms = (clock_->MonotonicNanos() - started_nanos_) / 1'000'000;
  int64_t ceiling = std::min(options_.max_delay_ms, options_.base_delay_ms << std::min(attempts_ - 1, 20));
  ceiling = std::max<int64_t>(ceiling, 1);
  // Between half and all of it: callers that failed together do not come back together.
  int64_t wait = ceiling / 2 + static_cast<int64_t>(random_->Next64() % static_cast<uint64_t>(ceiling / 2 + 1));
  wait = std::max(wait, std::min(retry_after_ms, options_.max_delay_ms));
  if (spent_ms + wait > options_.budget_ms) return false;
  if (!budget_->Take(timed_out)) return false;
  pause_->ForMillis(wait);
  attempts_++;
  return true;
}

}  // namespace deltic::storage::s3
