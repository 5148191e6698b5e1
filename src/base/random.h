// The randomness seam: identifiers and jitter come from a Random so that a seed replays a run.
#pragma once

#include <cstdint>
#include <string>

namespace deltic {

class Random {
 public:
  virtual ~Random() = default;
  virtual uint64_t Next64() = 0;
  // Random (version 4) UUID in its canonical lower-case text form.
  std::string Uuid();
  // Process-wide generator seeded from the operating system; thread-safe, never null.
  static Random* System();
};

// splitmix64: the same seed gives the same sequence. Thread-compatible.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  uint64_t Next64() override;

 private:
  uint64_t state_;
};

}  // namespace deltic
