// The target of compressed text: what is compressed reads back, and once its bytes are damaged, or are nothing
// compressed at all, reading ends, in an error or in bytes.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/random.h"
#include "engine/text/codec.h"
#include "tests/fuzz/targets.h"

// Of libduckdb.so, which has no headers for them.
namespace duckdb_snappy {
size_t Compress(const char* input, size_t input_length, std::string* compressed);
}
namespace duckdb_lz4 {
int LZ4_compress_default(const char* source, char* target, int source_size, int target_capacity);
int LZ4_compressBound(int size);
}  // namespace duckdb_lz4

namespace deltic::fuzz {
namespace {

constexpr size_t kMostBytes = size_t{64} << 20;  // a stream may unfold to much more than it is
constexpr size_t kChunk = 700;

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}

// All that a file of these bytes holds; "damaged" when it is.
std::string Read(const std::string& suffix, std::string_view bytes) {
  auto codec = engine::text::Codec::For(suffix, [&bytes](char* out, size_t size) {
    const size_t count = bytes.copy(out, size);
    bytes.remove_prefix(count);
    return count;
  });
  if (!codec.ok()) return "";
  std::string out;
  while (out.size() < kMostBytes) {
    char piece[1000];
    const auto got = (*codec)->Read(piece, sizeof piece);
    if (!got.ok()) return "damaged";
    if (*got == 0) break;
    Require(*got <= sizeof piece, "a codec gave more than it was asked for");
    out.append(piece, *got);
  }
  return out;
}

std::string Length(size_t length) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(length >> shift));
  return out;
}

// One block of Hadoop's in chunks.
template <typename Compress>
std::string Block(std::string_view text, const Compress& compress) {
  std::string out = Length(text.size());
  for (; !text.empty(); text.remove_prefix(std::min(kChunk, text.size()))) {
    const std::string chunk = compress(text.substr(0, kChunk));
    out += Length(chunk.size()) + chunk;
  }
  return out;
}

void Damage(Random* random, std::string* bytes) {
  if (bytes->empty()) return;
  const size_t at = random->Next64() % bytes->size();
  switch (random->Next64() % 3) {
    case 0: (*bytes)[at] = static_cast<char>((*bytes)[at] ^ (1 << random->Next64() % 8)); break;
    case 1: bytes->resize(at); break;
    default: (*bytes)[at] = static_cast<char>(random->Next64()); break;
  }
}

}  // namespace

void TextCodec(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const char* suffix : {".bz2", ".lz4", ".snappy"}) (void)Read(suffix, text);
  (void)Read(".bz2", "BZh9" + text);
  std::string lz4 = Block(text, [](std::string_view chunk) {
    const int chunk_size = static_cast<int>(chunk.size());
    std::string out(static_cast<size_t>(duckdb_lz4::LZ4_compressBound(chunk_size)), '\0');
    out.resize(static_cast<size_t>(
        duckdb_lz4::LZ4_compress_default(chunk.data(), out.data(), chunk_size, static_cast<int>(out.size()))));
    return out;
  });
  std::string snappy = Block(text, [](std::string_view chunk) {
    std::string out;
    duckdb_snappy::Compress(chunk.data(), chunk.size(), &out);
    return out;
  });
  Require(Read(".lz4", lz4) == text, "LZ4 does not round-trip");
  Require(Read(".snappy", snappy) == text, "Snappy does not round-trip");
  SeededRandom random(std::hash<std::string>()(text));
  for (int i = 0; i < 3; i++) {
    Damage(&random, &lz4);
    Damage(&random, &snappy);
    (void)Read(".lz4", lz4);
    (void)Read(".snappy", snappy);
  }
}

}  // namespace deltic::fuzz
