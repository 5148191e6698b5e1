// Spark types ↔ Connect's DataType message. Pure functions; thread-safe. Depth is bounded (kMaxTypeDepth).
#pragma once

#include "base/status.h"
#include "spark/connect/types.pb.h"
#include "types/data_type.h"

namespace deltic::spark::connect {

namespace proto = ::spark::connect;

inline constexpr int kMaxTypeDepth = 200;

// User-defined types, geometry, time and other types without a counterpart are refused by name.
Result<types::DataType> DecodeType(const proto::DataType& message, int depth = 0);
void EncodeType(const types::DataType& type, proto::DataType* out);

}  // namespace deltic::spark::connect
