// The AnalyzePlan RPC: schemas, explanations and properties of plans, without running them.
#pragma once

#include "base/status.h"
#include "spark/connect/base.pb.h"

namespace deltic::spark::connect {

namespace proto = ::spark::connect;

struct SessionEntry;

// Called on a deep thread.
Status RunAnalyze(SessionEntry* entry, const proto::AnalyzePlanRequest& request, proto::AnalyzePlanResponse* out);

}  // namespace deltic::spark::connect
