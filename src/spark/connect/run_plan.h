// Runs the plan of an operation: decode, resolve, execute, and send the responses. Called on the operation's thread.
#pragma once

#include <string>

#include "base/status.h"
#include "engine/plan/relation.h"

namespace deltic::spark::connect {

class Operation;

Status RunPlan(Operation* operation);

// All rows of a relation as one Arrow IPC stream of at most `max_bytes`.
struct CollectedRows {
  std::string ipc_stream;
  int64_t rows = 0;
};
Result<CollectedRows> CollectIpc(Operation* operation, const engine::RelPtr& relation, int64_t max_bytes);

}  // namespace deltic::spark::connect
