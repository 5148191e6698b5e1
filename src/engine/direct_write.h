// One Parquet file of rows that are at hand (rows_at_hand.h), by DuckDB's Parquet writer and without a COPY statement:
// for a few rows planning and scheduling one would take longer than writing them.
#pragma once

#include <map>
#include <string>

#include "duckdb.hpp"
#include "duckdb/parser/parsed_data/copy_info.hpp"
#include "engine/rows_at_hand.h"
#include "engine/write_stats.h"

namespace deltic::engine {

struct DirectlyWritten {
  int64_t rows = 0;
  int64_t size_bytes = 0;
  std::map<std::string, LeafStats> leaves;  // as DeltaStats takes them
};

// `copy` names the file and the writer's options; `names` and `types` are of the columns of `rows`. Throws what the
// writer throws and then leaves to the caller to remove the file.
DirectlyWritten WriteDirectly(duckdb::ClientContext& context, const duckdb::CopyInfo& copy,
                              const duckdb::vector<std::string>& names,
                              const duckdb::vector<duckdb::LogicalType>& types, const Chunks& rows);

}  // namespace deltic::engine
