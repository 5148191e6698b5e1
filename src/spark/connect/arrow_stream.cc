#include "spark/connect/arrow_stream.h"

#include <cstdint>
#include <cstring>
#include <string_view>

namespace deltic::spark::connect {
namespace {

constexpr uint32_t kContinuation = 0xFFFFFFFF;

Status Malformed() { return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", "malformed Arrow IPC stream"}}); }

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

// A table of a flatbuffer, read in place (Arrow's Message.fbs and Schema.fbs). Out-of-range reads give 0 and clear
// `ok`.
class Table {
 public:
  Table(std::string_view bytes, size_t at, bool* ok) : bytes_(bytes), at_(at), ok_(ok) {}

  // Position of field `index`, 0 when absent.
  size_t Field(int index) const {
    const size_t vtable = at_ - static_cast<size_t>(static_cast<int32_t>(U32(at_)));
    const size_t slot = size_t{4} + 2 * static_cast<size_t>(index);
    if (slot + 2 > U16(vtable)) return 0;
    const size_t offset = U16(vtable + slot);
    return offset == 0 ? 0 : at_ + offset;
  }
  uint8_t Byte(int index) const {
    const size_t at = Field(index);
    if (at == 0 || at >= bytes_.size()) return 0;
    return static_cast<uint8_t>(bytes_[at]);
  }
  Table Child(int index) const { return Table(bytes_, Follow(Field(index)), ok_); }
  // Tables of a vector field.
  std::vector<Table> Children(int index) const {
    std::vector<Table> out;
    const size_t field = Field(index);
    if (field == 0) return out;
    const size_t vector = Follow(field);
    const size_t count = U32(vector);
    if (count > bytes_.size() / 4) *ok_ = false;
    for (size_t i = 0; i < count && *ok_; i++) out.emplace_back(bytes_, Follow(vector + 4 + 4 * i), ok_);
    return out;
  }

 private:
  uint32_t U32(size_t at) const { return Load<uint32_t>(at); }
  uint16_t U16(size_t at) const { return Load<uint16_t>(at); }
  size_t Follow(size_t at) const { return at + U32(at); }
  template <typename T>
  T Load(size_t at) const {
    T value = 0;
    if (at > bytes_.size() || bytes_.size() - at < sizeof(T)) {
      *ok_ = false;
    } else {
      std::memcpy(&value, bytes_.data() + at, sizeof(T));
    }
    return value;
  }

  std::string_view bytes_;
  size_t at_;
  bool* ok_;
};

struct ArrayLayout {
  uint32_t nodes = 0;
  uint32_t buffers = 0;
};

// Field nodes and buffers that a record batch has for a field and its children.
bool AddLayout(const Table& field, int depth, ArrayLayout* out) {
  // Buffers by Schema.fbs's Type, from None; -1: not known here.
  static constexpr int kBuffers[] = {-1, 0, 2, 2, 3, 3, 2, 2, 2, 2, 2, 2, 2, 1, -1, 2, 1, 2, 2, 3, 3, 2};
  const size_t type = field.Byte(2);
  if (depth > 256 || type >= std::size(kBuffers) || kBuffers[type] < 0) return false;
  out->nodes++;
  out->buffers += static_cast<uint32_t>(kBuffers[type]);
  for (const Table& child : field.Children(5)) {
    if (!AddLayout(child, depth + 1, out)) return false;
  }
  return true;
}

void AppendLittle(std::string* out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; i++) out->push_back(static_cast<char>(value >> (8 * i)));
}

// The metadata of a record batch without rows, at fixed positions: root offset 0, Message's vtable 4, Message 16,
// RecordBatch's vtable 40, RecordBatch 56, nodes 76, buffers behind them.
std::string EmptyBatchMessage(const ArrayLayout& layout) {
  std::string out;
  const size_t metadata = 88 + 16 * (size_t{layout.nodes} + layout.buffers);
  AppendLittle(&out, kContinuation, 4);
  AppendLittle(&out, metadata, 4);
  AppendLittle(&out, 16, 4);
  for (uint64_t entry : {12, 24, 4, 6, 8, 16}) AppendLittle(&out, entry, 2);
  AppendLittle(&out, 12, 4);  // Message: to its vtable
  AppendLittle(&out, 4, 2);   // version V5
  AppendLittle(&out, 3, 2);   // header type RecordBatch, padding
  AppendLittle(&out, 32, 8);  // header, padding
  AppendLittle(&out, 0, 8);   // body length
  for (uint64_t entry : {10, 20, 8, 4, 16}) AppendLittle(&out, entry, 2);
  AppendLittle(&out, 0, 6);
  AppendLittle(&out, 16, 4);                                // RecordBatch: to its vtable
  AppendLittle(&out, 16, 4);                                // nodes
  AppendLittle(&out, 0, 8);                                 // length
  AppendLittle(&out, 12 + 16 * uint64_t{layout.nodes}, 4);  // buffers
  AppendLittle(&out, layout.nodes, 4);
  out.append(16 * size_t{layout.nodes}, '\0');
  AppendLittle(&out, 0, 4);
  AppendLittle(&out, layout.buffers, 4);
  out.append(16 * size_t{layout.buffers}, '\0');
  return out;
}

}  // namespace

Result<std::string> WithEmptyBatch(std::string_view schema_stream) {
  ASSIGN_OR_RETURN(size_t size, SchemaMessageSize(schema_stream));
  bool ok = true;
  const std::string_view metadata = schema_stream.substr(8, size - 8);
  const Table schema = Table(metadata, LoadU32(metadata, 0), &ok).Child(2);
  ArrayLayout layout;
  for (const Table& field : schema.Children(1)) {
    if (!AddLayout(field, 0, &layout)) return Malformed();
  }
  if (!ok) return Malformed();
  std::string out(schema_stream.substr(0, size));
  out += EmptyBatchMessage(layout);
  AppendLittle(&out, kContinuation, 8);
  return out;
}

std::string_view EmptySchemaStream() {
  static constexpr unsigned char kBytes[] = {
      0xFF, 0xFF, 0xFF, 0xFF, 0x30, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0A, 0x00,
      0x0C, 0x00, 0x06, 0x00, 0x05, 0x00, 0x08, 0x00, 0x0A, 0x00, 0x00, 0x00, 0x00, 0x01, 0x04, 0x00,
      0x0C, 0x00, 0x00, 0x00, 0x08, 0x00, 0x08, 0x00, 0x00, 0x00, 0x04, 0x00, 0x08, 0x00, 0x00, 0x00,
      0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00,
  };
  return {reinterpret_cast<const char*>(kBytes), sizeof(kBytes)};
}

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
