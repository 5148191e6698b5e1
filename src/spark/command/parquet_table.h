// A directory of Parquet files seen as a table to become a Delta one (CONVERT TO DELTA, CLONE of Parquet): its files,
// the merged schema and the partition values in directory names. Free function, thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "delta/spec/actions.h"
#include "spark/command/handlers.h"

namespace deltic::spark::command {

struct ParquetTable {
  types::DataType schema;  // data columns in the order found, then the partition columns
  std::vector<std::string> partition_columns;
  std::vector<delta::AddFile> files;  // relative paths, without statistics
};

// Every file below `path` that is not hidden. Names and number of partition columns must be those of
// `partition_schema` (DELTA_UNEXPECTED_NUM_PARTITION_COLUMNS_FROM_FILE_NAME,
// DELTA_UNEXPECTED_PARTITION_COLUMN_FROM_FILE_NAME) and the values of their types (DELTA_FAILED_CAST_PARTITION_VALUE).
// No directory: _CONVERT_DIRECTORY_NOT_FOUND; no file: DELTA_EMPTY_DIRECTORY; schemas that contradict each other:
// DELTA_FAILED_TO_MERGE_FIELDS.
Result<ParquetTable> ReadParquetTable(const CommandContext& context, const std::string& path,
                                      const std::vector<types::StructField>& partition_schema);

// Fills in the statistics of the files, as the writer would have made them; `metadata` is the new table's.
Status AddStatistics(const CommandContext& context, const std::string& path, const delta::Metadata& metadata,
                     std::vector<delta::AddFile>* files);

}  // namespace deltic::spark::command
