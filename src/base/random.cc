#include "base/random.h"

#include <mutex>
#include <random>
#include <string_view>

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
  constexpr char kDigits[] = "0123456789abcdef";
  constexpr std::string_view kForm = "00000000-0000-0000-0000-000000000000";
  std::string out(kForm);
  int digit = 0;
  for (char& c : out) {
    if (c == '-') continue;
    c = kDigits[((digit < 16 ? hi : lo) >> (60 - 4 * (digit % 16))) & 15];
    digit++;
  }
  return out;
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
