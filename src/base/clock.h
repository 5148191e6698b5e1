// The clock seam: all time comes through a Clock so that tests and the simulator can drive it.
// Implementations are thread-safe.
#pragma once

#include <cstdint>

namespace deltic {

class Clock {
 public:
  virtual ~Clock() = default;
  // Wall clock, microseconds since the Unix epoch (UTC).
  virtual int64_t NowMicros() = 0;
  // Monotonic nanoseconds from an arbitrary origin; for durations only.
  virtual int64_t MonotonicNanos() = 0;

  int64_t NowMillis() { return NowMicros() / 1000; }
  // The process clock. Never null; not owned by the caller.
  static Clock* System();
};

// A clock that moves only when told to. Thread-compatible.
class ManualClock : public Clock {
 public:
  explicit ManualClock(int64_t now_micros) : now_micros_(now_micros) {}
  int64_t NowMicros() override { return now_micros_; }
  int64_t MonotonicNanos() override { return now_micros_ * 1000; }
  void AdvanceMicros(int64_t micros) { now_micros_ += micros; }

 private:
  int64_t now_micros_;
};

}  // namespace deltic
