// Delta statistics of a file that holds the rows of several (PROTOCOL.md › Per-file Statistics), from theirs. Pure,
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/write_stats.h"

namespace deltic::engine::merge {

struct StatsInput {
  const std::string* json = nullptr;
  int64_t rows = 0;
};

// Nullopt: some input does not tell all that `spec` wants of `columns`, or not of the rows that it has, or its bounds
// are not tight. Bounds are taken over as they are written: long strings are cut already.
std::optional<std::string> MergeDeltaStats(const std::vector<StatsInput>& inputs,
                                           const std::vector<StatsColumn>& columns, const WriteSpec& spec);

}  // namespace deltic::engine::merge
