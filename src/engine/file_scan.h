// FilesRel → a FROM item of DuckDB, by format. Failures throw duckdb exceptions. Stateless; thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/parser/tableref.hpp"
#include "engine/lower_expression.h"
#include "engine/plan/relation.h"

namespace deltic::engine {

struct FileScan {
  duckdb::unique_ptr<duckdb::TableRef> ref;  // null: there is no file, hence no row
  std::vector<std::string> column_names;     // names given to the ref's columns, by position
  // Parallel to FilesRel::output: the expression of a column over the ref; null: the column "c<id>".
  std::vector<DuckExpr> columns;
  std::vector<std::shared_ptr<void>> keep_alive;
};

FileScan MakeFileScan(const FilesRel& rel);

FileScan MakeParquetScan(const FilesRel& rel);
FileScan MakeTextScan(const FilesRel& rel);  // CSV, JSON, text

// A file's native path as Spark shows it.
std::string FileUri(const std::string& path);

// The value of a per-file column (constant or _metadata field); `source` must not be kData or kRowIndex.
duckdb::Value PerFileValue(const FileColumn& column, const DataType& type, const ScanFile& file);

}  // namespace deltic::engine
