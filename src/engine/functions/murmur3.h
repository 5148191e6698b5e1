// Murmur3 (x86, 32 bits) with Spark's own tail, as org.apache.spark.unsafe.hash.Murmur3_x86_32. Pure; thread-safe.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace deltic::engine::functions {

struct Murmur3 {
  using Seed = uint32_t;
  static uint32_t MixK(uint32_t k) { return std::rotl(k * 0xcc9e2d51U, 15) * 0x1b873593U; }
  static uint32_t MixH(uint32_t h, uint32_t k) { return std::rotl(h ^ k, 13) * 5 + 0xe6546b64U; }
  static uint32_t Finish(uint32_t h, uint32_t length) {
    h ^= length;
    h = (h ^ (h >> 16)) * 0x85ebca6bU;
    h = (h ^ (h >> 13)) * 0xc2b2ae35U;
    return h ^ (h >> 16);
  }
  static uint32_t Int(int32_t v, uint32_t seed) { return Finish(MixH(seed, MixK(static_cast<uint32_t>(v))), 4); }
  static uint32_t Long(int64_t v, uint32_t seed) {
    const uint32_t h = MixH(seed, MixK(static_cast<uint32_t>(v)));
    return Finish(MixH(h, MixK(static_cast<uint32_t>(static_cast<uint64_t>(v) >> 32))), 8);
  }
  static uint32_t Bytes(std::string_view b, uint32_t seed) {
    uint32_t h = seed;
    size_t i = 0;
    for (; i + 4 <= b.size(); i += 4) {
      uint32_t word;
      std::memcpy(&word, b.data() + i, 4);
      h = MixH(h, MixK(word));
    }
    // Spark mixes each remaining byte as a signed int of its own.
    for (; i < b.size(); i++) h = MixH(h, MixK(static_cast<uint32_t>(static_cast<int32_t>(static_cast<int8_t>(b[i])))));
    return Finish(h, static_cast<uint32_t>(b.size()));
  }
};

}  // namespace deltic::engine::functions
