// Framing of Arrow IPC streams (Columnar Format › IPC Streaming): messages are moved, never decoded.
// Pure functions; thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace deltic::spark::connect {

// One stream with the record batches of all; they must share a schema, as chunks of one table do.
Result<std::shared_ptr<const std::string>> ConcatenateStreams(
    const std::vector<std::shared_ptr<const std::string>>& streams);

// A stream of the same schema with one record batch of no rows. `schema_stream`: a schema message, then anything.
// Clients want a batch even for an empty result.
Result<std::string> WithEmptyBatch(std::string_view schema_stream);

// The stream of a schema without fields.
std::string_view EmptySchemaStream();

}  // namespace deltic::spark::connect
