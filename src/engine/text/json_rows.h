// JSON documents → rows and values, as Spark's JacksonParser converts them: a value that does not fit its type is NULL
// and makes the record malformed, the rest of it is kept; a syntax error leaves nothing. One per reader; not
// thread-safe. Failures throw.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "engine/text/json_reader.h"
#include "engine/text/row_target.h"

namespace deltic::engine::text {

class JsonRows {
 public:
  // `arrays`: an array of objects is a row for each.
  JsonRows(const Options& options, const std::vector<types::StructField>& wanted, bool arrays);
  RowTarget& target() { return target_; }
  // Starts a document and gives the number of its rows, before any is dropped. Both texts must outlive them.
  size_t Begin(std::string_view text, std::string_view record);
  // The next row. False: it is dropped.
  bool Store(duckdb::idx_t at);

  // from_json of an array or a map: the document as one value. False: NULL.
  bool StoreValue(std::string_view text, const DataType& type, duckdb::Vector& out, duckdb::idx_t at);

 private:
  enum class Got : uint8_t { kNull, kValue, kPartial, kBad };
  struct Fields {
    const std::vector<types::StructField>* types;
    const std::vector<duckdb::Vector*>* vectors;
    int skipped = -1;
  };
  Got Convert(const DataType& type, duckdb::Vector& out, duckdb::idx_t at);
  Got ConvertScalar(JsonToken token, const DataType& type, duckdb::Vector& out, duckdb::idx_t at);
  Got ConvertNumber(JsonToken token, const DataType& type, duckdb::Vector& out, duckdb::idx_t at);
  Got ConvertReal(JsonToken token, const DataType& type, duckdb::Vector& out, duckdb::idx_t at);
  Got ConvertTime(JsonToken token, const DataType& type, duckdb::Vector& out, duckdb::idx_t at);
  Got ConvertText(JsonToken token, duckdb::Vector& out, duckdb::idx_t at);
  Got Object(const Fields& fields, duckdb::idx_t at);
  Got Struct(const DataType& type, duckdb::Vector& out, duckdb::idx_t at);
  Got List(const DataType& type, duckdb::Vector& out, duckdb::idx_t at);
  Got Map(const DataType& type, duckdb::Vector& out, duckdb::idx_t at);
  Got Variant(duckdb::Vector& out, duckdb::idx_t at);
  size_t CountElements();

  const Options& options_;
  const bool arrays_;
  RowTarget target_;
  JsonReader reader_;
  std::string_view text_, record_;
  enum class Root : uint8_t { kBad, kObject, kArray } root_ = Root::kBad;
  bool malformed_ = false;  // of an array: some element is
  std::unique_ptr<duckdb::DataChunk> trial_;
  Status cause_;
};

}  // namespace deltic::engine::text
