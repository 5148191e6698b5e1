// The Config RPC: reads and changes a session's settings.
#pragma once

#include "base/status.h"
#include "spark/connect/base.pb.h"
#include "spark/session/runtime_conf.h"

namespace deltic::spark::connect {

namespace proto = ::spark::connect;

Status RunConfig(const proto::ConfigRequest::Operation& operation, session::RuntimeConf* conf,
                 proto::ConfigResponse* out);

}  // namespace deltic::spark::connect
