// Values as JSON and CSV texts, as Spark's JacksonGenerator and UnivocityGenerator write them. Reads vectors in their
// unified form. One per call; not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "duckdb.hpp"
#include "engine/text/options.h"

namespace deltic::engine::text {

class JsonValueWriter {
 public:
  explicit JsonValueWriter(const Options& options) : options_(options) {}
  // Appends the value of `row`, which is "null" where it is NULL.
  void Write(const duckdb::RecursiveUnifiedVectorFormat& f, const DataType& type, duckdb::idx_t row, std::string* out);

 private:
  using Format = duckdb::RecursiveUnifiedVectorFormat;
  void Scalar(const Format& f, const DataType& type, duckdb::idx_t row, std::string* out);
  void Struct(const Format& f, const DataType& type, duckdb::idx_t row, std::string* out);
  void List(const Format& f, const DataType& type, duckdb::idx_t row, std::string* out);
  void Map(const Format& f, const DataType& type, duckdb::idx_t row, std::string* out);
  void Text(std::string_view text, std::string* out) const;
  void NewLine(std::string* out) const;

  const Options& options_;
  int depth_ = 0;
};

// What the formats of dates and times make of a value; `type` is one of those.
std::string TimeText(const duckdb::RecursiveUnifiedVectorFormat& f, const DataType& type, duckdb::idx_t row,
                     const Options& options);
bool IsNullAt(const duckdb::RecursiveUnifiedVectorFormat& f, duckdb::idx_t row);
// Row::toString-like text of any value, for map keys.
std::string PlainText(const duckdb::RecursiveUnifiedVectorFormat& f, const DataType& type, duckdb::idx_t row);

}  // namespace deltic::engine::text
