// deltic_sim --seeds N [--from S]: runs N seeds; deltic_sim --seed S: runs one and shows what happens.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/log.h"
#include "tests/sim/simulation.h"

namespace {
constexpr uint64_t kProgressSeeds = 10000;
}

int main(int argc, char** argv) {
  uint64_t seeds = 1000;
  uint64_t from = 1;
  bool one = false;
  for (int i = 1; i + 1 < argc; i += 2) {
    const uint64_t number = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--seeds") == 0) {
      seeds = number;
    } else if (std::strcmp(argv[i], "--from") == 0) {
      from = number;
    } else if (std::strcmp(argv[i], "--seed") == 0) {
      from = number;
      seeds = 1;
      one = true;
    } else {
      std::fprintf(stderr, "usage: deltic_sim [--seeds N] [--from S] | --seed S\n");
      return 2;
    }
  }
  deltic::ConfigureLog(one ? deltic::LogLevel::kWarn : deltic::LogLevel::kError, deltic::LogFormat::kText);
  deltic::sim::Statistics statistics;
  int failures = 0;
  for (uint64_t seed = from; seed < from + seeds && failures < 10; seed++) {
    const uint64_t run = seed - from;
    if (run > 0 && run % kProgressSeeds == 0) {
      std::fprintf(stderr, "%" PRIu64 " seeds, %d failed\n", run, failures);
    }
    const deltic::Status status = deltic::sim::RunSeed(seed, one, &statistics);
    if (status.ok()) continue;
    failures++;
    std::printf("seed %" PRIu64 " failed: %s\n  replay: ./dev sim --seed %" PRIu64 "\n", seed,
                status.ToString().c_str(), seed);
    std::fflush(stdout);
  }
  std::printf("%" PRIu64 " seeds from %" PRIu64 ": %" PRId64 " commits, %" PRId64 " faults, %" PRId64
              " crashes, %" PRId64 " versions read\n",
              seeds, from, statistics.commits, statistics.faults, statistics.crashes, statistics.versions_read);
  for (const auto& [condition, count] : statistics.conflicts) {
    std::printf("  %s %" PRId64 "\n", condition.c_str(), count);
  }
  return failures == 0 ? 0 : 1;
}
