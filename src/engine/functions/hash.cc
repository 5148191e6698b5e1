// Digests, and Spark's hash (Murmur3 x86 32 with Spark's own tail) and xxhash64 over values of every type.
#include <openssl/evp.h>
#include <xxhash.h>
#include <zlib.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "engine/functions/kernel.h"
#include "engine/functions/list_access.h"
#include "engine/functions/murmur3.h"
#include "engine/functions/register.h"
#include "engine/functions/throw.h"

namespace deltic::engine::functions {
namespace {

using duckdb::LogicalTypeId;
using duckdb::RecursiveUnifiedVectorFormat;
using duckdb::UnifiedVectorFormat;
using std::string;
using std::string_view;

// Algorithms are fetched once: OpenSSL 3 looks them up at every use otherwise, which costs more than a short digest.
enum class Digest : uint8_t { kMd5, kSha1, kSha224, kSha256, kSha384, kSha512 };

const EVP_MD* AlgorithmOf(Digest digest) {
  static const std::array<EVP_MD*, 6> kAlgorithms = [] {
    std::array<EVP_MD*, 6> all{};
    const char* const names[] = {"MD5", "SHA1", "SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512"};
    for (size_t i = 0; i < all.size(); i++) all[i] = EVP_MD_fetch(nullptr, names[i], nullptr);
    return all;
  }();
  return kAlgorithms[static_cast<size_t>(digest)];
}

string HexDigest(Digest digest, string_view bytes) {
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const EVP_MD* algorithm = AlgorithmOf(digest);
  const bool done = algorithm != nullptr && context != nullptr &&
                    EVP_DigestInit_ex(context.get(), algorithm, nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), hash, &size) == 1;
  if (!done) ThrowStatus(Unsupported("a digest that this machine's OpenSSL does not provide"));
  static constexpr char kDigits[] = "0123456789abcdef";
  string out(2 * size_t{size}, '\0');
  for (unsigned int i = 0; i < size; i++) {
    out[2 * i] = kDigits[hash[i] >> 4];
    out[2 * i + 1] = kDigits[hash[i] & 15];
  }
  return out;
}

std::optional<string> Sha2(string_view bytes, int32_t bits) {
  switch (bits) {
    case 0:
    case 256: return HexDigest(Digest::kSha256, bytes);
    case 224: return HexDigest(Digest::kSha224, bytes);
    case 384: return HexDigest(Digest::kSha384, bytes);
    case 512: return HexDigest(Digest::kSha512, bytes);
    default: return std::nullopt;
  }
}

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
  Add(sink, "spark_md5", [](Bytes b) { return HexDigest(Digest::kMd5, b.v); });
  Add(sink, "spark_sha1", [](Bytes b) { return HexDigest(Digest::kSha1, b.v); });
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
