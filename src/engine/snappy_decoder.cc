#include "engine/snappy_decoder.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace deltic::engine {
namespace {

enum Tag : uint32_t { kLiteral = 0, kCopy1 = 1, kCopy2 = 2, kCopy4 = 3 };

// What the fast loop may touch beyond one element: it moves whole words.
constexpr ptrdiff_t kReadSlop = 68;
constexpr ptrdiff_t kWriteSlop = 96;
constexpr uint32_t kShortLiteral = 4;

template <size_t N>
void Move(char* to, const char* from) {
  struct Word {
    char bytes[N];
  } word;
  std::memcpy(&word, from, N);
  std::memcpy(to, &word, N);
}

// Up to 64 bytes; the ranges may overlap as in kCopy elements, at a distance of at least 16.
void MoveElement(char* to, const char* from, uint32_t length) {
  Move<16>(to, from);
  if (length <= 16) return;
  Move<16>(to + 16, from + 16);
  if (length <= 32) return;
  Move<16>(to + 32, from + 32);
  Move<16>(to + 48, from + 48);
}

// Repeats the last `distance` (1 to 15) bytes: whatever is there doubles until words can be moved.
void Repeat(char* to, size_t distance, uint32_t length) {
  const char* from = to - distance;
  char* const end = to + length;
  while (to - from < 16 && to < end) {
    const ptrdiff_t whole = to - from;
    Move<16>(to, from);
    to += whole;
  }
  for (; to < end; to += 16, from += 16) Move<16>(to, from);
}

struct Cursor {
  const uint8_t* in;
  const uint8_t* const in_end;
  char* out;
  char* const out_start;
  char* const out_end;
};

// Decodes elements while there is room to be careless; stops before the first that needs care. Short literals mostly
// stand before copies, so both are taken from one word: what comes next waits for one load instead of two.
void DecodeFast(Cursor* cursor) {
  const uint8_t* in = cursor->in;
  char* out = cursor->out;
  const uint8_t* const in_limit = cursor->in_end - kReadSlop;
  char* const out_limit = cursor->out_end - kWriteSlop;
  while (in < in_limit && out < out_limit) {
    uint64_t word;
    std::memcpy(&word, in, sizeof word);
    uint32_t tag = word & 3;
    if (tag == kLiteral) {
      const uint32_t byte = word & 0xff;
      const uint32_t length = (byte >> 2) + 1;
      if (length > kShortLiteral) {
        if (length > 60) [[unlikely]]
          break;
        MoveElement(out, reinterpret_cast<const char*>(in) + 1, length);
        in += 1 + length;
        out += length;
        continue;
      }
      const uint64_t literal = word >> 8;
      std::memcpy(out, &literal, sizeof literal);
      word >>= 2 * byte + 16;  // 8 * (1 + length)
      tag = word & 3;
      in += 1 + length;
      out += length;
      if (tag == kLiteral) [[unlikely]]
        continue;
    }
    if (tag == kCopy4) [[unlikely]]
      break;
    // Without branches: which of the two a copy is cannot be foreseen.
    const uint32_t far = static_cast<uint32_t>(tag >> 1) - 1;  // 0 or, for kCopy1, all ones
    const size_t distance = (word >> 8 & (0xffff ^ (far & 0xff00))) | (far & (word & 0xe0) << 3);
    const uint32_t length = 1 + (word >> 2 & (63 ^ (far & 56))) + (far & 3);
    if (distance == 0 || distance > static_cast<size_t>(out - cursor->out_start)) [[unlikely]]
      break;
    if (distance >= 16) {
      MoveElement(out, out - distance, length);
    } else if (length <= 16 && distance >= 8) {
      Move<8>(out, out - distance);
      Move<8>(out + 8, out + 8 - distance);
    } else {
      Repeat(out, distance, length);
    }
    in += 1 + tag;
    out += length;
  }
  cursor->in = in;
  cursor->out = out;
}

// `bytes` (0 to 4) bytes, little-endian. False: they are not there.
bool ReadNumber(Cursor* cursor, uint32_t bytes, size_t* number) {
  if (cursor->in_end - cursor->in < static_cast<ptrdiff_t>(bytes)) return false;
  *number = 0;
  for (uint32_t i = 0; i < bytes; ++i) *number |= static_cast<size_t>(*cursor->in++) << (8 * i);
  return true;
}

// One element with every check. False: the block is not well-formed.
bool DecodeOne(Cursor* cursor) {
  const uint32_t byte = *cursor->in++;
  const uint32_t tag = byte & 3;
  const auto room = static_cast<size_t>(cursor->out_end - cursor->out);
  size_t length = (byte >> 2) + 1;
  if (tag == kLiteral) {
    if (length > 60) {
      if (!ReadNumber(cursor, byte / 4 - 59, &length)) return false;
      ++length;
    }
    if (length > room || length > static_cast<size_t>(cursor->in_end - cursor->in)) return false;
    std::memcpy(cursor->out, cursor->in, length);
    cursor->in += length;
    cursor->out += length;
    return true;
  }
  size_t distance = 0;
  if (tag == kCopy1) length = 4 + (byte >> 2 & 7);
  if (!ReadNumber(cursor, tag == kCopy4 ? 4 : tag, &distance)) return false;
  if (tag == kCopy1) distance |= (byte & 0xe0) << 3;
  if (distance == 0 || distance > static_cast<size_t>(cursor->out - cursor->out_start) || length > room) return false;
  const char* from = cursor->out - distance;
  for (size_t i = 0; i < length; ++i) *cursor->out++ = *from++;
  return true;
}

// The length at the start of a block: a varint of at most 32 bits. Null: there is none, else what follows it.
const uint8_t* ReadLength(const uint8_t* in, const uint8_t* end, size_t* length) {
  uint64_t value = 0;
  for (int shift = 0; shift <= 28 && in < end; shift += 7) {
    const uint8_t byte = *in++;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    if (value > UINT32_MAX) return nullptr;
    *length = value;
    return in;
  }
  return nullptr;
}

}  // namespace

bool SnappyDecodedLength(const char* block, size_t size, size_t* length) {
  const auto* in = reinterpret_cast<const uint8_t*>(block);
  return ReadLength(in, in + size, length) != nullptr;
}

bool DecodeSnappy(const char* block, size_t size, char* out) {
  const auto* in = reinterpret_cast<const uint8_t*>(block);
  const uint8_t* const end = in + size;
  size_t length = 0;
  in = ReadLength(in, end, &length);
  if (in == nullptr) return false;
  Cursor cursor{.in = in, .in_end = end, .out = out, .out_start = out, .out_end = out + length};
  while (cursor.in < end) {
    if (end - cursor.in > kReadSlop && cursor.out_end - cursor.out > kWriteSlop) DecodeFast(&cursor);
    if (!DecodeOne(&cursor)) return false;
  }
  return cursor.out == cursor.out_end;
}

}  // namespace deltic::engine

namespace duckdb_snappy {

// Found by libduckdb.so before its own.
bool RawUncompress(const char* compressed, size_t compressed_length, char* uncompressed) {
  return deltic::engine::DecodeSnappy(compressed, compressed_length, uncompressed);
}

}  // namespace duckdb_snappy
