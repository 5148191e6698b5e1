#include "spark/connect/arrow_stream.h"

#include <cstdint>
#include <cstring>
#include <string_view>

namespace deltic::spark::connect {
namespace {

constexpr uint32_t kContinuation = 0xFFFFFFFF;

Status Malformed() {
  return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", "malformed Arrow IPC stream"}});
}

uint32_t LoadU32(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof(value));
  return value;
}

// Bytes of the first message (a schema, which has no body) with its prefix.
Result<size_t> SchemaMessageSize(std::string_view stream) {
  if (stream.size() < 8 || LoadU32(stream, 0) != kContinuation) return Malformed();
  const size_t size = size_t{8} + LoadU32(stream, 4);
  if (size > stream.size() || size == 8) return Malformed();
  return size;
}

// The stream without its end-of-stream mark, if it has one.
std::string_view WithoutEnd(std::string_view stream) {
  if (stream.size() >= 8 && LoadU32(stream, stream.size() - 8) == kContinuation &&
      LoadU32(stream, stream.size() - 4) == 0) {
    stream.remove_suffix(8);
  }
  return stream;
}

}  // namespace

Result<std::shared_ptr<const std::string>> ConcatenateStreams(
    const std::vector<std::shared_ptr<const std::string>>& streams) {
  if (streams.size() == 1) return streams[0];
  std::string out;
  for (size_t i = 0; i < streams.size(); i++) {
    std::string_view stream = WithoutEnd(*streams[i]);
    ASSIGN_OR_RETURN(size_t schema_size, SchemaMessageSize(stream));
    out += i == 0 ? stream : stream.substr(schema_size);
  }
  const uint32_t end[2] = {kContinuation, 0};
  out.append(reinterpret_cast<const char*>(end), sizeof(end));
  return std::make_shared<const std::string>(std::move(out));
}

}  // namespace deltic::spark::connect
