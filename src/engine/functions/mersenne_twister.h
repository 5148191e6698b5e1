// The Mersenne Twister (MT19937) as Apache Commons Math seeds and bounds it, by which Spark permutes arrays: the same
// seed gives Spark's permutations. Thread-compatible.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace deltic::engine::functions {

class MersenneTwister {
 public:
  explicit MersenneTwister(int64_t seed) {
    const auto bits = static_cast<uint64_t>(seed);
    const std::array<uint32_t, 2> key = {static_cast<uint32_t>(bits >> 32), static_cast<uint32_t>(bits)};
    state_[0] = 19650218;
    for (uint32_t i = 1; i < kSize; i++) state_[i] = 1812433253U * Mixed(i - 1) + i;
    uint32_t i = 1;
    for (uint32_t k = 0; k < kSize; k++) {
      const uint32_t j = k % key.size();
      state_[i] = (state_[i] ^ (Mixed(i - 1) * 1664525U)) + key[j] + j;
      i = Following(i);
    }
    for (uint32_t k = 1; k < kSize; k++) {
      state_[i] = (state_[i] ^ (Mixed(i - 1) * 1566083941U)) - i;
      i = Following(i);
    }
    state_[0] = 0x80000000U;
  }

  // Uniform in [0, bound).
  int32_t NextInt(int32_t bound) {
    if ((bound & -bound) == bound) return static_cast<int32_t>((bound * int64_t{Next31()}) >> 31);
    while (true) {
      const int64_t bits = Next31();
      const int64_t value = bits % bound;
      if (bits - value + (bound - 1) <= INT32_MAX) return static_cast<int32_t>(value);
    }
  }

  // A permutation of 0 … length - 1 (Fisher and Yates, inside out).
  std::vector<uint32_t> Permutation(uint32_t length) {
    std::vector<uint32_t> out(length);
    for (uint32_t i = 0; i < length; i++) {
      const auto j = static_cast<uint32_t>(NextInt(static_cast<int32_t>(i + 1)));
      if (j != i) out[i] = out[j];
      out[j] = i;
    }
    return out;
  }

 private:
  static constexpr uint32_t kSize = 624;
  static constexpr uint32_t kShift = 397;

  uint32_t Mixed(uint32_t i) const { return state_[i] ^ (state_[i] >> 30); }
  // The place after `i` while the state is being filled: the last word is the first one's as well.
  uint32_t Following(uint32_t i) {
    if (i + 1 < kSize) return i + 1;
    state_[0] = state_[kSize - 1];
    return 1;
  }
  int32_t Next31() {
    if (at_ == kSize) {
      for (uint32_t k = 0; k < kSize; k++) {
        const uint32_t y = (state_[k] & 0x80000000U) | (state_[(k + 1) % kSize] & 0x7fffffffU);
        state_[k] = state_[(k + kShift) % kSize] ^ (y >> 1) ^ ((y & 1U) != 0 ? 0x9908b0dfU : 0U);
      }
      at_ = 0;
    }
    uint32_t y = state_[at_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    y ^= y >> 18;
    return static_cast<int32_t>(y >> 1);
  }

  std::array<uint32_t, kSize> state_{};
  uint32_t at_ = kSize;
};

}  // namespace deltic::engine::functions
