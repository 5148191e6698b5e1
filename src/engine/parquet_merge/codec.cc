#include "engine/parquet_merge/codec.h"

#include "engine/parquet_merge/cannot_merge.h"
#include "engine/snappy_decoder.h"

// libduckdb exports these, its installation leaves their headers out. Signatures as in google/snappy and facebook/zstd.
namespace duckdb_snappy {
size_t MaxCompressedLength(size_t source_bytes);
void RawCompress(const char* input, size_t input_length, char* compressed, size_t* compressed_length);
bool IsValidCompressedBuffer(const char* compressed, size_t compressed_length);
}  // namespace duckdb_snappy
namespace duckdb_zstd {
size_t ZSTD_compressBound(size_t size);
size_t ZSTD_compress(void* to, size_t capacity, const void* from, size_t size, int level);
size_t ZSTD_decompress(void* to, size_t capacity, const void* from, size_t size);
unsigned ZSTD_isError(size_t code);
}  // namespace duckdb_zstd

namespace deltic::engine::merge {
namespace {

using duckdb_parquet::CompressionCodec;

constexpr int kZstdLevel = 3;                       // as Parquet writers choose
constexpr size_t kMostPageBytes = size_t{1} << 30;  // what a page may claim to grow to
constexpr char kDamaged[] = "a page that cannot be decompressed";

bool IsSnappyOf(std::string_view in, size_t size) {
  size_t told = 0;
  return SnappyDecodedLength(in.data(), in.size(), &told) && told == size;
}

}  // namespace

std::optional<Codec> Codec::Of(const std::string& name) {
  if (name == "snappy") return Codec(CompressionCodec::SNAPPY);
  if (name == "uncompressed") return Codec(CompressionCodec::UNCOMPRESSED);
  if (name == "zstd") return Codec(CompressionCodec::ZSTD);
  return std::nullopt;
}

void Codec::Decompress(std::string_view in, size_t size, std::string* out) const {
  Require(size <= kMostPageBytes, "a page that is too large");
  if (type_ == CompressionCodec::UNCOMPRESSED) {
    Require(in.size() == size, kDamaged);
    out->append(in);
    return;
  }
  if (type_ == CompressionCodec::SNAPPY) Require(IsSnappyOf(in, size), kDamaged);
  const size_t at = out->size();
  out->resize(at + size);
  if (type_ == CompressionCodec::SNAPPY) {
    Require(DecodeSnappy(in.data(), in.size(), out->data() + at), kDamaged);
  } else {
    Require(duckdb_zstd::ZSTD_decompress(out->data() + at, size, in.data(), in.size()) == size, kDamaged);
  }
}

void Codec::Compress(std::string_view in, std::string* out) const {
  if (type_ == CompressionCodec::UNCOMPRESSED) {
    out->append(in);
    return;
  }
  const size_t at = out->size();
  size_t length = 0;
  if (type_ == CompressionCodec::SNAPPY) {
    out->resize(at + duckdb_snappy::MaxCompressedLength(in.size()));
    duckdb_snappy::RawCompress(in.data(), in.size(), out->data() + at, &length);
  } else {
    const size_t bound = duckdb_zstd::ZSTD_compressBound(in.size());
    out->resize(at + bound);
    length = duckdb_zstd::ZSTD_compress(out->data() + at, bound, in.data(), in.size(), kZstdLevel);
    Require(duckdb_zstd::ZSTD_isError(length) == 0, "a page that cannot be compressed");
  }
  out->resize(at + length);
}

void Codec::Verify(std::string_view in, size_t size) const {
  if (type_ == CompressionCodec::SNAPPY) {
    Require(IsSnappyOf(in, size) && duckdb_snappy::IsValidCompressedBuffer(in.data(), in.size()), kDamaged);
  } else if (type_ == CompressionCodec::UNCOMPRESSED) {
    Require(in.size() == size, kDamaged);
  } else {
    std::string bytes;
    Decompress(in, size, &bytes);
  }
}

}  // namespace deltic::engine::merge
