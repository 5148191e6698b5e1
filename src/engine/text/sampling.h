// Which records take part in inferring a schema: each with the probability samplingRatio, the same ones every time. Not
// thread-safe.
#pragma once

#include <cstdint>

namespace deltic::engine::text {

class RecordSample {
 public:
  explicit RecordSample(double ratio) : ratio_(ratio) {}
  bool Take() {
    if (ratio_ >= 1) return true;
    // splitmix64
    uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53 < ratio_;
  }

 private:
  const double ratio_;
  uint64_t state_ = 1;
};

}  // namespace deltic::engine::text
