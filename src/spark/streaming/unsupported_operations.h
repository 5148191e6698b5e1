// What a streaming query may not do, with Spark's texts (UnsupportedOperationChecker), and what Spark can and Deltic
// cannot, refused by name. Pure functions.
#pragma once

#include "base/status.h"
#include "engine/plan/relation.h"
#include "spark/streaming/sink.h"

namespace deltic::spark::streaming {

// `plan` has a StreamRel for each source.
Status CheckOperations(const engine::RelPtr& plan, OutputMode mode);

}  // namespace deltic::spark::streaming
