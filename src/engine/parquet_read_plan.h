// Which bytes of a Parquet file a scan will read, from its footer: the chunks of the columns it wants, by row group,
// without the row groups that the filters' bounds exclude. Pure functions; a wrong guess costs a request, never a row.
#pragma once

#include <vector>

#include "duckdb.hpp"
#include "duckdb/common/multi_file/base_file_reader.hpp"
#include "storage/read_ahead.h"

namespace deltic::engine {

// `reader` is DuckDB's Parquet reader of one file, its columns mapped. Ranges that DuckDB's cache holds are left out.
std::vector<storage::ReadAhead::Group> ParquetReadPlan(duckdb::ClientContext& context,
                                                       const duckdb::BaseFileReader& reader);
// The file's footer is in memory and still true: opening the file reads nothing.
bool HasCachedFooter(duckdb::ClientContext& context, const duckdb::OpenFileInfo& file);

}  // namespace deltic::engine
