// Digests, and Spark's hash (Murmur3 x86 32 with Spark's own tail) and xxhash64 over values of every type.
#include <openssl/evp.h>
#include <xxhash.h>
#include <zlib.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/functions/kernel.h"
#include "engine/functions/list_access.h"
#include "engine/functions/register.h"
#include "engine/functions/throw.h"

namespace deltic::engine::functions {
namespace {

using duckdb::LogicalTypeId;
using duckdb::RecursiveUnifiedVectorFormat;
using duckdb::UnifiedVectorFormat;
using std::string;
using std::string_view;

string HexDigest(const EVP_MD* algorithm, string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, algorithm, nullptr);
  static constexpr char kDigits[] = "0123456789abcdef";
  string out;
  for (unsigned int i = 0; i < size; i++) {
    out.push_back(kDigits[digest[i] >> 4]);
    out.push_back(kDigits[digest[i] & 15]);
  }
  return out;
}

std::optional<string> Sha2(string_view bytes, int32_t bits) {
  switch (bits) {
    case 0:
    case 256: return HexDigest(EVP_sha256(), bytes);
    case 224: return HexDigest(EVP_sha224(), bytes);
    case 384: return HexDigest(EVP_sha384(), bytes);
    case 512: return HexDigest(EVP_sha512(), bytes);
    default: return std::nullopt;
  }
}

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
  static uint32_t Bytes(string_view b, uint32_t seed) {
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

struct Xx64 {
  using Seed = uint64_t;
  static uint64_t Int(int32_t v, uint64_t seed) { return XXH64(&v, 4, seed); }
  static uint64_t Long(int64_t v, uint64_t seed) { return XXH64(&v, 8, seed); }
  static uint64_t Bytes(string_view b, uint64_t seed) { return XXH64(b.data(), b.size(), seed); }
};

// The minimal big-endian two's complement bytes of a wide decimal, as BigInteger.toByteArray.
string BigEndian(__int128 value) {
  string out;
  for (int i = 0; i < 16; i++) {
    out.insert(out.begin(), static_cast<char>(value & 0xFF));
    value >>= 8;
    const bool negative = (out.front() & 0x80) != 0;
    if ((value == 0 && !negative) || (value == -1 && negative)) break;
  }
  return out;
}

template <typename H>
typename H::Seed HashDecimal(const RecursiveUnifiedVectorFormat& f, idx_t at, typename H::Seed seed) {
  const auto& type = f.logical_type;
  switch (type.InternalType()) {
    case duckdb::PhysicalType::INT16: return H::Long(UnifiedVectorFormat::GetData<int16_t>(f.unified)[at], seed);
    case duckdb::PhysicalType::INT32: return H::Long(UnifiedVectorFormat::GetData<int32_t>(f.unified)[at], seed);
    case duckdb::PhysicalType::INT64: return H::Long(UnifiedVectorFormat::GetData<int64_t>(f.unified)[at], seed);
    default: break;
  }
  const auto& wide = UnifiedVectorFormat::GetData<duckdb::hugeint_t>(f.unified)[at];
  const __int128 value = static_cast<__int128>((static_cast<unsigned __int128>(wide.upper) << 64) | wide.lower);
  return H::Bytes(BigEndian(value), seed);
}

constexpr int kMaxNesting = 256;

template <typename H>
typename H::Seed HashValue(const RecursiveUnifiedVectorFormat& f, idx_t row, typename H::Seed seed, int depth) {
  const idx_t at = f.unified.sel->get_index(row);
  if (!f.unified.validity.RowIsValid(at) || depth > kMaxNesting) return seed;
  switch (f.logical_type.id()) {
    case LogicalTypeId::BOOLEAN: return H::Int(UnifiedVectorFormat::GetData<bool>(f.unified)[at] ? 1 : 0, seed);
    case LogicalTypeId::TINYINT: return H::Int(UnifiedVectorFormat::GetData<int8_t>(f.unified)[at], seed);
    case LogicalTypeId::SMALLINT: return H::Int(UnifiedVectorFormat::GetData<int16_t>(f.unified)[at], seed);
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::DATE: return H::Int(UnifiedVectorFormat::GetData<int32_t>(f.unified)[at], seed);
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ: return H::Long(UnifiedVectorFormat::GetData<int64_t>(f.unified)[at], seed);
    case LogicalTypeId::FLOAT: {
      float v = UnifiedVectorFormat::GetData<float>(f.unified)[at];
      if (v == 0) v = 0;
      if (std::isnan(v)) return H::Int(0x7fc00000, seed);
      return H::Int(std::bit_cast<int32_t>(v == 0 ? 0.0F : v), seed);
    }
    case LogicalTypeId::DOUBLE: {
      const double v = UnifiedVectorFormat::GetData<double>(f.unified)[at];
      if (std::isnan(v)) return H::Long(0x7ff8000000000000LL, seed);
      return H::Long(std::bit_cast<int64_t>(v == 0 ? 0.0 : v), seed);
    }
    case LogicalTypeId::DECIMAL: return HashDecimal<H>(f, at, seed);
    case LogicalTypeId::VARCHAR:
    case LogicalTypeId::BLOB: {
      const auto& s = UnifiedVectorFormat::GetData<duckdb::string_t>(f.unified)[at];
      return H::Bytes({s.GetData(), s.GetSize()}, seed);
    }
    case LogicalTypeId::INTERVAL: {
      const auto& v = UnifiedVectorFormat::GetData<duckdb::interval_t>(f.unified)[at];
      return H::Int(v.months, H::Int(v.days, H::Long(v.micros, seed)));
    }
    case LogicalTypeId::LIST:
    case LogicalTypeId::MAP: {
      const auto& entry = UnifiedVectorFormat::GetData<duckdb::list_entry_t>(f.unified)[at];
      for (idx_t i = 0; i < entry.length; i++) seed = HashValue<H>(f.children[0], entry.offset + i, seed, depth + 1);
      return seed;
    }
    case LogicalTypeId::STRUCT:
      for (const auto& child : f.children) seed = HashValue<H>(child, at, seed, depth + 1);
      return seed;
    default: return seed;
  }
}

template <typename H, typename R>
void HashKernel(duckdb::DataChunk& args, duckdb::Vector& result) {
  std::vector<RecursiveUnifiedVectorFormat> formats(args.ColumnCount());
  for (idx_t c = 0; c < args.ColumnCount(); c++) {
    duckdb::Vector::RecursiveToUnifiedFormat(args.data[c], args.size(), formats[c]);
  }
  auto* out = duckdb::FlatVector::GetData<R>(result);
  for (idx_t row = 0; row < args.size(); row++) {
    typename H::Seed seed = 42;
    for (const auto& format : formats) seed = HashValue<H>(format, row, seed, 0);
    out[row] = static_cast<R>(seed);
  }
}

}  // namespace

void RegisterHashKernels(duckdb::ExtensionLoader& sink) {
  Add(sink, "spark_md5", [](Bytes b) { return HexDigest(EVP_md5(), b.v); });
  Add(sink, "spark_sha1", [](Bytes b) { return HexDigest(EVP_sha1(), b.v); });
  Add(sink, "spark_sha2", [](Bytes b, int32_t bits) { return Sha2(b.v, bits); });
  Add(sink, "spark_crc32", [](Bytes b) {
    return static_cast<int64_t>(
        crc32(0, reinterpret_cast<const unsigned char*>(b.v.data()), static_cast<unsigned int>(b.v.size())));
  });
  AddGeneric(
      sink, "spark_hash", -1, [](const auto&) { return duckdb::LogicalType::INTEGER; }, HashKernel<Murmur3, int32_t>);
  AddGeneric(
      sink, "spark_xxhash64", -1, [](const auto&) { return duckdb::LogicalType::BIGINT; }, HashKernel<Xx64, int64_t>);
}

}  // namespace deltic::engine::functions
