#include "engine/parquet_merge/thrift_bytes.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>

#include "engine/parquet_merge/cannot_merge.h"
#include "thrift/protocol/TCompactProtocol.h"
#include "thrift/transport/TVirtualTransport.h"

namespace deltic::engine::merge {
namespace {

namespace thrift = duckdb_apache::thrift;

class BytesIn : public thrift::transport::TVirtualTransport<BytesIn> {
 public:
  explicit BytesIn(std::string_view bytes) : bytes_(bytes) {}
  uint32_t read(uint8_t* buffer, uint32_t length) {
    const size_t count = std::min<size_t>(length, bytes_.size() - at_);
    std::memcpy(buffer, bytes_.data() + at_, count);
    at_ += count;
    return static_cast<uint32_t>(count);
  }
  const uint8_t* borrow(uint8_t*, uint32_t* length) {
    const size_t left = bytes_.size() - at_;
    if (*length > left) return nullptr;
    *length = static_cast<uint32_t>(std::min<size_t>(left, std::numeric_limits<uint32_t>::max()));
    return reinterpret_cast<const uint8_t*>(bytes_.data() + at_);
  }
  void consume(uint32_t length) { at_ += std::min<size_t>(length, bytes_.size() - at_); }
  size_t position() const { return at_; }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
};

class BytesOut : public thrift::transport::TVirtualTransport<BytesOut> {
 public:
  void write(const uint8_t* buffer, uint32_t length) { bytes.append(reinterpret_cast<const char*>(buffer), length); }
  std::string bytes;
};

// The structure that `bytes` begin with; its length.
size_t Read(std::string_view bytes, thrift::TBase* structure) {
  constexpr size_t kMost = std::numeric_limits<int32_t>::max();
  const auto in = std::make_shared<BytesIn>(bytes.substr(0, kMost));
  const auto limit = static_cast<int32_t>(std::max<size_t>(1, std::min(bytes.size(), kMost)));
  try {
    thrift::protocol::TCompactProtocolT<BytesIn> protocol(in, limit, limit);
    structure->read(&protocol);
  } catch (const std::exception&) {
    throw CannotMerge("a damaged Thrift structure");
  }
  return in->position();
}

}  // namespace

duckdb_parquet::FileMetaData ReadFooter(std::string_view bytes) {
  duckdb_parquet::FileMetaData footer;
  Read(bytes, &footer);
  return footer;
}

size_t ReadPageHeader(std::string_view bytes, duckdb_parquet::PageHeader* header) {
  *header = {};
  return Read(bytes, header);
}

std::string ToBytes(const thrift::TBase& structure) {
  const auto out = std::make_shared<BytesOut>();
  thrift::protocol::TCompactProtocolT<BytesOut> protocol(out);
  structure.write(&protocol);
  return std::move(out->bytes);
}

}  // namespace deltic::engine::merge
