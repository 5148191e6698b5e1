// Delta Connect messages → the unresolved plan: delta-spark 4's DeltaTable over Spark Connect, where they are the
// extensions of its Relation and Command messages. They become the nodes that SQL text has too. As in delta-spark's own
// server, a table that is not a Delta table is refused here (DELTA_MISSING_DELTA_TABLE), before anything runs.
//
// Relations with side effects (DELETE, UPDATE, MERGE, RESTORE, OPTIMIZE, CONVERT) become CommandResult nodes: resolving
// for a schema never runs them. Free functions; malformed messages are CONNECT_INVALID_PLAN.* errors.
#pragma once

#include <google/protobuf/any.pb.h>

#include <memory>

#include "delta/connect/commands.pb.h"
#include "delta/connect/relations.pb.h"
#include "spark/delta_connect/plan_decoder.h"

namespace deltic::spark::delta_connect {

bool HoldsDeltaRelation(const google::protobuf::Any& extension);
bool HoldsDeltaCommand(const google::protobuf::Any& extension);

// Parse the extension's bytes. Decoded plans may point into the messages: keep them as long as the decoder.
Result<std::shared_ptr<const ::delta::connect::DeltaRelation>> ParseRelation(const google::protobuf::Any& extension);
Result<std::shared_ptr<const ::delta::connect::DeltaCommand>> ParseCommand(const google::protobuf::Any& extension);

Result<std::shared_ptr<plan::Relation>> DecodeRelation(const ::delta::connect::DeltaRelation& message,
                                                       PlanDecoder* decoder);
Result<plan::CommandPtr> DecodeCommand(const ::delta::connect::DeltaCommand& message, PlanDecoder* decoder);

}  // namespace deltic::spark::delta_connect
