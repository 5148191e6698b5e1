// Our Snappy decoder beside the one in libduckdb.so: the same bytes out, the same blocks refused, nothing touched
// outside.
#include "engine/snappy_decoder.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"

namespace duckdb_snappy {
size_t Compress(const char* input, size_t input_length, std::string* compressed);
bool RawUncompress(const char* compressed, size_t compressed_length, char* uncompressed);
bool IsValidCompressedBuffer(const char* compressed, size_t compressed_length);
}  // namespace duckdb_snappy

namespace deltic::engine {
namespace {

using Decoder = bool (*)(const char*, size_t, char*);

// Exactly as large as it must be, so that a sanitizer sees every byte beyond.
std::unique_ptr<char[]> Exactly(const std::string& bytes) {
  auto copy = std::make_unique<char[]>(bytes.size());
  std::memcpy(copy.get(), bytes.data(), bytes.size());
  return copy;
}

// What a block decodes to; "refused" when it is none.
std::string Decoded(const std::string& block, Decoder decode) {
  size_t length = 0;
  const auto bytes = Exactly(block);
  if (!SnappyDecodedLength(bytes.get(), block.size(), &length) || length > (1u << 24)) return "refused";
  const auto out = std::make_unique<char[]>(length);
  return decode(bytes.get(), block.size(), out.get()) ? std::string(out.get(), length) : "refused";
}

std::string Compressed(const std::string& text) {
  std::string block;
  duckdb_snappy::Compress(text.data(), text.size(), &block);
  return block;
}

// Rows as a page holds them: numbers, runs, texts and noise.
std::string Page(Random* random) {
  std::string page;
  const uint64_t kind = random->Next64() % 6;
  const size_t rows = random->Next64() % 3000;
  for (size_t i = 0; i < rows; ++i) {
    const double price = static_cast<double>(i * 7919 % 100003) / 7.0;
    const uint64_t noise = random->Next64();
    switch (kind) {
      case 0: page.append(reinterpret_cast<const char*>(&price), 8); break;
      case 1: page.append(reinterpret_cast<const char*>(&noise), 8); break;
      case 2: page += "name " + std::to_string(noise % 500) + '\n'; break;
      case 3: page.append(noise % 40, static_cast<char>('a' + noise % 3)); break;
      case 4: page += std::string("abcdefghijklmnopq").substr(0, 1 + i % 17); break;
      default: page.append(reinterpret_cast<const char*>(&i), 4); break;
    }
  }
  return page;
}

TEST(SnappyDecoder, DecodesWhatTheLibraryCompresses) {
  SeededRandom random(11);
  for (int i = 0; i < 400; ++i) {
    const std::string page = Page(&random);
    ASSERT_EQ(Decoded(Compressed(page), DecodeSnappy), page) << i;
  }
  for (size_t distance = 1; distance < 40; ++distance) {  // every period of a run, with every length of what is left
    for (size_t length = distance; length < distance + 150; ++length) {
      std::string run;
      while (run.size() < length) run += static_cast<char>('A' + run.size() % distance);
      ASSERT_EQ(Decoded(Compressed(run), DecodeSnappy), run) << distance << " " << length;
    }
  }
}

TEST(SnappyDecoder, StandsInForTheLibrarys) {
  EXPECT_NE(dlsym(RTLD_NEXT, "_ZN13duckdb_snappy13RawUncompressEPKcmPc"), nullptr);
  EXPECT_EQ(dlsym(RTLD_DEFAULT, "_ZN13duckdb_snappy13RawUncompressEPKcmPc"),
            reinterpret_cast<void*>(static_cast<Decoder>(duckdb_snappy::RawUncompress)));
  EXPECT_NE(dlsym(RTLD_NEXT, "_ZN13duckdb_snappy13RawUncompressEPKcmPc"),
            dlsym(RTLD_DEFAULT, "_ZN13duckdb_snappy13RawUncompressEPKcmPc"));
}

TEST(SnappyDecoder, RefusesWhatTheLibraryRefuses) {
  const auto library = reinterpret_cast<Decoder>(dlsym(RTLD_NEXT, "_ZN13duckdb_snappy13RawUncompressEPKcmPc"));
  ASSERT_NE(library, nullptr);
  SeededRandom random(12);
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string block = Compressed(Page(&random).substr(0, 1 + random.Next64() % 600));
    const size_t changes = 1 + random.Next64() % 3;
    for (size_t change = 0; change < changes; ++change) {
      const size_t at = random.Next64() % block.size();
      switch (random.Next64() % 4) {
        case 0: block[at] = static_cast<char>(random.Next64()); break;
        case 1: block.resize(at + 1); break;
        case 2: block.insert(at, 1 + random.Next64() % 5, static_cast<char>(random.Next64())); break;
        default: block[at] ^= static_cast<char>(1 << random.Next64() % 8); break;
      }
    }
    const std::string expected = Decoded(block, library);
    refused += expected == "refused" ? 1 : 0;
    ASSERT_EQ(Decoded(block, DecodeSnappy), expected) << i;
  }
  EXPECT_GT(refused, 1000);
  EXPECT_LT(refused, 19000);
}

TEST(SnappyDecoder, RefusesLengthsThatAreNone) {
  for (const std::string& block :
       {std::string(), std::string("\x80"), std::string("\xff\xff\xff\xff\xff\x01"),
        std::string("\xff\xff\xff\xff\x1f"), std::string("\x05"), std::string("\x01\x00", 2)}) {
    EXPECT_EQ(Decoded(block, DecodeSnappy), "refused");
  }
}

}  // namespace
}  // namespace deltic::engine
