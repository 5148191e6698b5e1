// Spark types ↔ Arrow schemas (the C data interface), as Spark's ArrowUtils maps them.
// Failures throw duckdb exceptions (functions/throw.h). Stateless; thread-safe.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/common/arrow/arrow.hpp"
#include "engine/plan/relation.h"
#include "nanoarrow/nanoarrow.h"

namespace deltic::engine {

// Owns an ArrowSchema.
class OwnedSchema {
 public:
  OwnedSchema() { schema_.release = nullptr; }
  ~OwnedSchema() {
    if (schema_.release != nullptr) schema_.release(&schema_);
  }
  OwnedSchema(OwnedSchema&& other) noexcept : schema_(other.schema_) { other.schema_.release = nullptr; }
  OwnedSchema& operator=(OwnedSchema&& other) noexcept {
    std::swap(schema_, other.schema_);
    return *this;
  }
  OwnedSchema(const OwnedSchema&) = delete;
  OwnedSchema& operator=(const OwnedSchema&) = delete;
  ArrowSchema* get() { return &schema_; }
  const ArrowSchema* get() const { return &schema_; }

 private:
  ArrowSchema schema_;
};

// The struct schema of a result. `time_zone` goes into timestamp fields; `large` selects 64-bit offsets.
OwnedSchema ToArrowSchema(const std::vector<Column>& columns, const std::string& time_zone, bool large);

// DuckDB fills a void column as INTEGER; Arrow's null layout has no buffers.
void DropVoidBuffers(const DataType& type, ArrowArray* array);

// The Spark type of one Arrow field. Dictionaries give their value type.
DataType FromArrowField(const ArrowSchema& field);
// Children of a struct schema.
std::vector<types::StructField> FromArrowSchema(const ArrowSchema& schema);

// Throws the client-facing error for Arrow data that cannot be used.
[[noreturn]] void ThrowInvalidArrow(const std::string& why);

}  // namespace deltic::engine
