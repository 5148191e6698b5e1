// The messages of Structured Streaming: starting a query, asking and commanding it, listening to all of a session.
// Called on the operation's thread.
#pragma once

#include "base/status.h"
#include "spark/connect/base.pb.h"

namespace deltic::spark::connect {

namespace proto = ::spark::connect;

class Operation;

Status RunWriteStream(Operation* operation, const proto::WriteStreamOperationStart& message);
Status RunStreamingQuery(Operation* operation, const proto::StreamingQueryCommand& message);
Status RunStreamingManager(Operation* operation, const proto::StreamingQueryManagerCommand& message);
// Adding the bus listener runs until it is removed, the session ends or the client leaves.
Status RunListenerBus(Operation* operation, const proto::StreamingQueryListenerBusCommand& message);

}  // namespace deltic::spark::connect
