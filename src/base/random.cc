#include "base/random.h"

#include <cstdio>
#include <mutex>
#include <random>

namespace deltic {
namespace {
class SystemRandom : public Random {
 public:
  SystemRandom() {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    engine_.seed(seed);
  }
  uint64_t Next64() override {
    std::lock_guard<std::mutex> lock(mutex_);
    return engine_();
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};
}  // namespace

std::string Random::Uuid() {
  const uint64_t hi = (Next64() & ~0xF000ULL) | 0x4000ULL;
  const uint64_t lo = (Next64() & ~(0xC0ULL << 56)) | (0x80ULL << 56);
  char buffer[40];
  std::snprintf(buffer, sizeof(buffer), "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(hi >> 32),
                static_cast<unsigned>((hi >> 16) & 0xFFFF), static_cast<unsigned>(hi & 0xFFFF),
                static_cast<unsigned>(lo >> 48), static_cast<unsigned long long>(lo & 0xFFFFFFFFFFFFULL));
  return buffer;
}

Random* Random::System() {
  static SystemRandom random;
  return &random;
}

uint64_t SeededRandom::Next64() {
  uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}
}  // namespace deltic
