#include "spark/streaming/streaming_query.h"

#include <algorithm>
#include <chrono>

#include "spark/errors/conditions.h"

namespace deltic::spark::streaming {
namespace {

// How often a waiting client is asked whether it is still there.
constexpr std::chrono::milliseconds kPoll{100};

Status Cancelled() { return Error("OPERATION_CANCELED", {}, "Operation has been canceled."); }

}  // namespace

QueryStatus StreamingQuery::status() const {
  std::lock_guard lock(mutex_);
  return status_;
}

bool StreamingQuery::active() const {
  std::lock_guard lock(mutex_);
  return status_.active;
}

std::vector<std::string> StreamingQuery::RecentProgress() const {
  std::lock_guard lock(mutex_);
  return {progress_.begin(), progress_.end()};
}

std::optional<std::string> StreamingQuery::LastProgress() const {
  std::lock_guard lock(mutex_);
  return progress_.empty() ? std::nullopt : std::optional(progress_.back());
}

std::string StreamingQuery::Explain(bool extended) const {
  ExplainText text;
  {
    std::lock_guard lock(mutex_);
    text = explain_;
  }
  return text ? text(extended) : "No physical plan. Waiting for data.";
}

std::string StreamingQuery::DebugText() const {
  std::lock_guard lock(mutex_);
  return debug_text_;
}

Status StreamingQuery::cause() const {
  std::lock_guard lock(mutex_);
  return cause_;
}

std::optional<Status> StreamingQuery::exception() const {
  const Status failed = cause();
  if (failed.ok()) return std::nullopt;
  return Error("STREAM_FAILED", {{"id", id_}, {"runId", run_id_}, {"message", errors::Render(failed).message}});
}

void StreamingQuery::RequestStop() {
  stop_requested_ = true;
  std::lock_guard lock(mutex_);
  changed_.notify_all();
}

Result<bool> StreamingQuery::AwaitEnd(int64_t timeout_ms, const Interrupted& interrupted) const {
  const int64_t end = clock_->MonotonicNanos() + timeout_ms * 1'000'000;
  std::unique_lock lock(mutex_);
  while (status_.active) {
    if (interrupted && interrupted()) return Cancelled();
    auto wait = std::chrono::nanoseconds(kPoll);
    if (timeout_ms >= 0) {
      const int64_t left = end - clock_->MonotonicNanos();
      if (left <= 0) return false;
      wait = std::min(wait, std::chrono::nanoseconds(left));
    }
    changed_.wait_for(lock, wait);
  }
  return true;
}

Result<bool> StreamingQuery::AwaitTermination(int64_t timeout_ms, const Interrupted& interrupted) const {
  ASSIGN_OR_RETURN(const bool ended, AwaitEnd(timeout_ms, interrupted));
  if (!ended) return false;
  if (const auto failed = exception()) return *failed;
  return true;
}

Status StreamingQuery::ProcessAllAvailable(const Interrupted& interrupted) {
  {
    std::unique_lock lock(mutex_);
    // The round that runs now may have looked for data before it came.
    const uint64_t enough = idle_rounds_ + (status_.trigger_active ? 2 : 1);
    wanted_++;
    changed_.notify_all();
    Status status;
    while (status_.active && idle_rounds_ < enough) {
      if (interrupted && interrupted()) {
        status = Cancelled();
        break;
      }
      changed_.wait_for(lock, kPoll);
    }
    wanted_--;
    if (!status.ok()) return status;
  }
  const auto failed = exception();
  return failed.has_value() ? *failed : Status::Ok();
}

void StreamingQuery::SetStatus(std::string message, std::optional<bool> data_available,
                               std::optional<bool> trigger_active) {
  std::lock_guard lock(mutex_);
  status_.message = std::move(message);
  status_.data_available = data_available.value_or(status_.data_available);
  status_.trigger_active = trigger_active.value_or(status_.trigger_active);
}

void StreamingQuery::AddProgress(std::string json) {
  std::lock_guard lock(mutex_);
  progress_.push_back(std::move(json));
  while (progress_.size() > retained_progress_) progress_.pop_front();
}

void StreamingQuery::SetExplain(ExplainText text) {
  std::lock_guard lock(mutex_);
  explain_ = std::move(text);
}

void StreamingQuery::SetDebugText(std::string text) {
  std::lock_guard lock(mutex_);
  debug_text_ = std::move(text);
}

void StreamingQuery::NoNewData() {
  std::lock_guard lock(mutex_);
  idle_rounds_++;
  changed_.notify_all();
}

void StreamingQuery::Pause(int64_t millis) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(millis), [&] { return stop_requested() || wanted_ > 0; });
}

void StreamingQuery::Finish(const Status& status) {
  std::lock_guard lock(mutex_);
  cause_ = status;
  status_ = {status.ok() ? "Stopped" : "Terminated with exception: " + errors::Render(status).message, false, false,
             false};
  changed_.notify_all();
}

}  // namespace deltic::spark::streaming
