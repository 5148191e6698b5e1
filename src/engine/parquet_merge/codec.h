// Compression of pages: none, Snappy and Zstandard, by DuckDB's own copies of the libraries. Immutable; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "parquet_types.h"

namespace deltic::engine::merge {

class Codec {
 public:
  // Nullopt for a codec that is not known here. `name`: as Parquet writers are told.
  static std::optional<Codec> Of(const std::string& name);

  duckdb_parquet::CompressionCodec::type type() const { return type_; }
  // Appends to *out. Throws CannotMerge unless `in` are exactly `size` bytes compressed.
  void Decompress(std::string_view in, size_t size, std::string* out) const;
  void Compress(std::string_view in, std::string* out) const;
  // Throws CannotMerge where Decompress would.
  void Verify(std::string_view in, size_t size) const;

 private:
  explicit Codec(duckdb_parquet::CompressionCodec::type type) : type_(type) {}
  duckdb_parquet::CompressionCodec::type type_;
};

}  // namespace deltic::engine::merge
