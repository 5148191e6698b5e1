// Variant columns of Parquet files. DuckDB reads an annotated group as its own VARIANT, and one that is not as a struct
// whose fields a shredded file has more of; here every group of a variant column becomes the STRUCT(value, metadata)
// that engine/variant works on. And the other way: groups that DuckDB writes become what Delta demands, with required
// fields and the annotation. Free functions; thread-safe.
#pragma once

#include <vector>

#include "duckdb.hpp"
#include "duckdb/common/multi_file/base_file_reader.hpp"
#include "engine/plan/relation.h"

namespace deltic::engine {

bool HoldsVariant(const DataType& type);

// A column that a scan wants of a file; `type` has the physical names of nested fields.
struct VariantColumn {
  std::string name;
  int field_id = -1;
  DataType type;
};

// Before the columns of `reader` (DuckDB's Parquet reader) are mapped: those of the given ones that it has are read as
// variants.
void ReadAsVariants(duckdb::BaseFileReader* reader, const std::vector<VariantColumn>& columns);

// `type` with its variants marked, for the writer registered here.
duckdb::LogicalType MarkVariants(const DataType& type);
inline constexpr char kParquetFormat[] = "deltic_parquet";
// COPY … (FORMAT deltic_parquet): DuckDB's, but for marked variants.
void RegisterParquetWriter(duckdb::DatabaseInstance& db);

}  // namespace deltic::engine
