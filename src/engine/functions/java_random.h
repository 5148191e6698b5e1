// java.util.Random: what a seed gives in Spark it has to give here. One thread at a time.
#pragma once

#include <cstdint>

namespace deltic::engine::functions {

class JavaRandom {
 public:
  explicit JavaRandom(uint64_t seed) : state_((seed ^ kMultiplier) & kMask) {}
  double NextDouble() {
    int64_t high = Next(26);
    return static_cast<double>((high << 27) + Next(27)) * 0x1.0p-53;
  }
  // Uniform in [0, bound).
  int32_t NextInt(int32_t bound) {
    if ((bound & -bound) == bound) return static_cast<int32_t>((static_cast<int64_t>(bound) * Next(31)) >> 31);
    for (;;) {
      const auto bits = static_cast<int32_t>(Next(31));
      const int32_t value = bits % bound;
      if (static_cast<int64_t>(bits) - value + (bound - 1) <= INT32_MAX) return value;
    }
  }

 private:
  static constexpr uint64_t kMultiplier = 0x5DEECE66DULL;
  static constexpr uint64_t kMask = (uint64_t{1} << 48) - 1;
  int64_t Next(int bits) {
    state_ = (state_ * kMultiplier + 0xB) & kMask;
    return static_cast<int64_t>(state_ >> (48 - bits));
  }
  uint64_t state_;
};

}  // namespace deltic::engine::functions
