// Framing of Arrow IPC streams (Columnar Format › IPC Streaming): messages are moved, never decoded.
// Pure functions; thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"

namespace deltic::spark::connect {

// One stream with the record batches of all; they must share a schema, as chunks of one table do.
Result<std::shared_ptr<const std::string>> ConcatenateStreams(
    const std::vector<std::shared_ptr<const std::string>>& streams);

}  // namespace deltic::spark::connect
