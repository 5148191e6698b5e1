// The AnalyzePlan RPC: schemas, explanations and properties of plans, without running them. Persist runs the plan.
#pragma once

#include "base/status.h"
#include "spark/connect/base.pb.h"

namespace deltic::spark::connect {

namespace proto = ::spark::connect;

struct SessionEntry;

// Called on a deep thread.
Status RunAnalyze(SessionEntry* entry, const proto::AnalyzePlanRequest& request, proto::AnalyzePlanResponse* out);

// A relation's text without what tells equal DataFrames apart (plan ids, origins); equal texts, equal rows.
std::string RelationKey(const proto::Relation& relation);

}  // namespace deltic::spark::connect
