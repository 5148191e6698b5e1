// One simulated life of a table: several writers with random commands, each behind a store of its own that loses,
// delays, doubles and forgets, crashes at any operation, on one virtual clock, all drawn from one seed and run in one
// thread. A writer's store may let another writer go on in the middle of an operation, so commits race at every step.
//
// Checked against a model that runs the committed commands one after the other: dense versions, each command at most
// once, exactly when it was told so, the rows of every version, old versions for ever, the change feed, row ids, commit
// times, checksums, and that nothing a version within retention needs is deleted.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/status.h"

namespace deltic::sim {

struct Statistics {
  int64_t commits = 0;
  int64_t crashes = 0;
  int64_t faults = 0;
  int64_t versions_read = 0;
  std::map<std::string, int64_t> conflicts;  // by error condition
};

// Runs one seed. An error tells which invariant broke.
Status RunSeed(uint64_t seed, bool trace, Statistics* statistics);

}  // namespace deltic::sim
