#include "engine/parquet_merge/index_runs.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/parquet_merge/cannot_merge.h"

namespace deltic::engine::merge {
namespace {

constexpr size_t kGroup = 8;  // values of the smallest bit-packed unit
constexpr char kDamaged[] = "damaged levels or indices";

// Little-endian bits from `bytes`, which may end before the eighth byte.
uint64_t Load(std::string_view bytes, size_t at) {
  uint64_t word = 0;
  std::memcpy(&word, bytes.data() + at, std::min<size_t>(sizeof word, bytes.size() - at));
  return word;
}

// Calls repeated(value, count) and packed(bytes, count) for the runs of `count` values.
template <typename Repeated, typename Packed>
void EachRun(std::string_view bytes, int width, size_t count, const Repeated& repeated, const Packed& packed) {
  Require(width >= 0 && width <= 32, kDamaged);
  const size_t value_bytes = static_cast<size_t>(width + 7) / 8;
  size_t at = 0;
  while (count > 0) {
    uint64_t indicator = 0;
    for (int shift = 0;; shift += 7) {
      Require(at < bytes.size() && shift < 35, kDamaged);
      const auto byte = static_cast<uint8_t>(bytes[at++]);
      indicator |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    const uint64_t length = indicator >> 1;
    Require(length > 0, kDamaged);
    if ((indicator & 1) == 0) {
      Require(bytes.size() - at >= value_bytes, kDamaged);
      const uint64_t value = Load(bytes.substr(at, value_bytes), 0);
      Require(width == 32 || value < (uint64_t{1} << width), kDamaged);
      at += value_bytes;
      const size_t run = std::min<uint64_t>(length, count);
      repeated(static_cast<uint32_t>(value), run);
      count -= run;
      continue;
    }
    const size_t run = std::min<uint64_t>(length * kGroup, count);
    const uint64_t whole = length * static_cast<uint64_t>(width);
    const uint64_t needed = (run * static_cast<uint64_t>(width) + 7) / 8;
    Require(bytes.size() - at >= needed, kDamaged);
    packed(bytes.substr(at, std::min<uint64_t>(whole, bytes.size() - at)), run);
    at += std::min<uint64_t>(whole, bytes.size() - at);
    count -= run;
  }
}

template <typename Take>
void Unpack(std::string_view bytes, int width, size_t count, const Take& take) {
  const uint64_t mask = width == 0 ? 0 : ~uint64_t{0} >> (64 - width);
  const size_t bits = static_cast<size_t>(width);
  size_t i = 0;
  if (bytes.size() >= sizeof(uint64_t)) {
    // 32 bits after a shift of at most 7 fit the word.
    const size_t last = bytes.size() - sizeof(uint64_t);
    for (; i < count && (i * bits) / 8 <= last; i++) {
      uint64_t word = 0;
      std::memcpy(&word, bytes.data() + (i * bits) / 8, sizeof word);
      take(static_cast<uint32_t>((word >> ((i * bits) % 8)) & mask));
    }
  }
  for (; i < count; i++) {
    const size_t at = std::min((i * bits) / 8, bytes.size());
    take(static_cast<uint32_t>((Load(bytes, at) >> ((i * bits) % 8)) & mask));
  }
}

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

// Values from `begin`, a multiple of kGroup of them but for the end of the data, which zeros fill.
void AppendPacked(const uint32_t* begin, size_t count, int width, std::string* out) {
  const size_t groups = (count + kGroup - 1) / kGroup;
  AppendVarint(groups << 1 | 1, out);
  const size_t bytes = groups * static_cast<size_t>(width);
  const size_t at = out->size();
  out->resize(at + bytes + sizeof(uint64_t));  // whole words are stored
  char* to = out->data() + at;
  uint64_t word = 0;
  int used = 0;
  for (size_t i = 0; i < count; i++) {
    word |= static_cast<uint64_t>(begin[i]) << used;
    used += width;
    if (used < 32) continue;
    std::memcpy(to, &word, sizeof word);
    to += 4;
    word >>= 32;
    used -= 32;
  }
  std::memcpy(to, &word, sizeof word);
  out->resize(at + bytes);
}

void AppendRepeated(uint32_t value, size_t count, int width, std::string* out) {
  AppendVarint(static_cast<uint64_t>(count) << 1, out);
  for (int bit = 0; bit < width; bit += 8) out->push_back(static_cast<char>(value >> bit));
}

}  // namespace

std::vector<uint32_t> DecodeRuns(std::string_view bytes, int width, size_t count) {
  std::vector<uint32_t> out;
  out.reserve(std::min(count, size_t{1} << 20));
  EachRun(
      bytes, width, count, [&](uint32_t value, size_t run) { out.insert(out.end(), run, value); },
      [&](std::string_view packed, size_t run) {
        const size_t at = out.size();
        out.resize(at + run);
        uint32_t* to = out.data() + at;
        Unpack(packed, width, run, [&](uint32_t value) { *to++ = value; });
      });
  return out;
}

size_t CountInRuns(std::string_view bytes, int width, size_t count, uint32_t value) {
  size_t found = 0;
  EachRun(
      bytes, width, count, [&](uint32_t other, size_t run) { found += other == value ? run : 0; },
      [&](std::string_view packed, size_t run) {
        Unpack(packed, width, run, [&](uint32_t other) { found += other == value ? 1 : 0; });
      });
  return found;
}

void EncodeRuns(const std::vector<uint32_t>& values, int width, std::string* out) {
  const size_t count = values.size();
  size_t packed = 0;  // where the values that wait to be packed begin
  size_t at = 0;
  while (at < count) {
    size_t end = at + 1;
    while (end < count && values[end] == values[at]) end++;
    if (end - at < kGroup) {
      at = std::min(at + kGroup, count);  // a group is packed whole
      continue;
    }
    if (at > packed) AppendPacked(values.data() + packed, at - packed, width, out);
    AppendRepeated(values[at], end - at, width, out);
    at = packed = end;
  }
  if (packed < count) AppendPacked(values.data() + packed, count - packed, width, out);
}

int WidthFor(size_t count) { return count <= 2 ? 1 : static_cast<int>(std::bit_width(count - 1)); }

}  // namespace deltic::engine::merge
