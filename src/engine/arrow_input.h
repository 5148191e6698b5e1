// A client's Arrow IPC stream as a DuckDB table: decoded with nanoarrow (fully validated), scanned by
// DuckDB's arrow_scan. Every scan decodes the bytes anew, so a source may be scanned any number of times,
// also concurrently. The source must outlive the query (LoweredQuery::keep_alive).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/arrow_types.h"
#include "engine/lower_expression.h"

namespace duckdb {
class ArrowArrayWrapper;
}  // namespace duckdb

namespace deltic::engine {

// The record batches of a stream, one after the other.
class ArrowBatches {
 public:
  virtual ~ArrowBatches() = default;
  // Null at the end; throws when the next one is damaged.
  virtual duckdb::unique_ptr<duckdb::ArrowArrayWrapper> Next() = 0;
};

class ArrowSource {
 public:
  virtual ~ArrowSource() = default;
  // Throws when the schema message is not valid.
  static std::shared_ptr<ArrowSource> Open(std::shared_ptr<const std::string> ipc_stream);

  const std::vector<types::StructField>& Schema() const { return fields_; }
  // The table function call that scans this source.
  DuckExpr ScanCall() const;
  // Whether column `index` of the scan does not already have DuckDB type `type`.
  bool NeedsCast(size_t index, const duckdb::LogicalType& type) const;
  // Column `index` of the scan, converted to `type`.
  DuckExpr Converted(size_t index, DuckExpr column, const DataType& type) const;
  // Decodes every batch; throws when one is damaged. Returns the number of rows.
  int64_t ValidateAll() const;

  // They refer to the source's bytes.
  std::unique_ptr<ArrowBatches> Batches() const;
  // A stream over the batches. The caller releases it.
  virtual void OpenStream(ArrowArrayStream* out) const;
  // The schema DuckDB is shown: durations in microseconds as int64, year-month intervals as int32.
  void DuckSchema(ArrowSchema* out) const;

 protected:
  // The schema of the stream as it is. The caller releases it.
  virtual void StreamSchema(ArrowSchema* out) const;
  void SetSchema(const ArrowSchema& schema);

 private:
  std::shared_ptr<const std::string> bytes_;
  std::vector<types::StructField> fields_;
  std::vector<std::string> formats_;  // Arrow format strings of the top-level columns
};

}  // namespace deltic::engine
