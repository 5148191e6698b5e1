// Which types a column of a Parquet file may be read as. DuckDB casts whatever has a cast; what that would make another
// value of, or a text of DuckDB's own, is refused with Spark's error ("Parquet column cannot be converted"). Looks at
// types only, never at data. No state: thread-safe.
#pragma once

#include "duckdb.hpp"
#include "duckdb/common/multi_file/base_file_reader.hpp"
#include "types/data_type.h"

namespace deltic::engine {

// A column that the file lacks is fine. `reader` is DuckDB's Parquet reader, its columns not yet mapped; `wanted` tells
// the field id or name of the column and of the fields in it; `parts` the fields of a struct that are read, all when it
// has none. Throws.
void CheckColumnType(const duckdb::BaseFileReader& reader, const duckdb::MultiFileColumnDefinition& wanted,
                     const DataType& type, const duckdb::ColumnIndex& parts);

}  // namespace deltic::engine
