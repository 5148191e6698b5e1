// The schema of Parquet files that are merged: whether it is the one that the table's columns are written with today,
// and what its leaves are. Pure functions, thread-safe.
#pragma once

#include <string>
#include <vector>

#include "engine/plan/relation.h"
#include "parquet_types.h"

namespace deltic::engine::merge {

// A column that the new file has: physical name, physical type (nested names, nested ids in the fields' metadata).
struct WantedColumn {
  std::string name;
  DataType type;
  int field_id = -1;  // -1: none
};

// A leaf of the schema, in the order of a row group's column chunks.
struct Leaf {
  duckdb_parquet::Type::type physical = duckdb_parquet::Type::INT32;
  int type_length = 0;  // of FIXED_LEN_BYTE_ARRAY
  DataType type;
  int max_definition = 0;
  int max_repetition = 0;

  // Bytes of a value in the PLAIN encoding; 0: they differ.
  size_t value_bytes() const;
};

// The leaves of `schema` if its columns are exactly `wanted`, in any order, each stored as Spark stores the type now:
// no INT96, no milliseconds, lists and maps of three levels with their standard names. Throws CannotMerge.
std::vector<Leaf> MatchSchema(const duckdb_parquet::FileMetaData& footer, const std::vector<WantedColumn>& wanted);
// Throws CannotMerge unless pages of one file mean the same in the other.
void RequireSameLayout(const duckdb_parquet::FileMetaData& one, const duckdb_parquet::FileMetaData& other);

// delta.columnMapping.id of a field; -1: none.
int MetadataFieldId(const types::StructField& field);

}  // namespace deltic::engine::merge
