// Skips files that cannot hold a row satisfying the pushed-down filters, from per-file constants (partition
// values) and, through delta/skipping, Delta statistics. Never skips a file on doubt. Stateless; thread-safe.
#pragma once

#include <vector>

#include "duckdb.hpp"
#include "duckdb/planner/expression.hpp"
#include "engine/plan/file_source.h"

namespace deltic::engine {

struct PrunableColumn {
  const FileColumn* file_column = nullptr;  // null: a virtual column
  const DataType* type = nullptr;
};

// `columns[i]` is what a column binding (table_index, i) of `filters` refers to. Returns the kept indexes.
std::vector<size_t> PruneFiles(duckdb::ClientContext& context, const std::vector<ScanFile>& files,
                               const std::vector<size_t>& candidates, duckdb::idx_t table_index,
                               const std::vector<PrunableColumn>& columns,
                               const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters);

// As PruneFiles; makes the files that are kept.
std::vector<ScanFile> ChooseFiles(duckdb::ClientContext& context, const FileSource& source, duckdb::idx_t table_index,
                                  const std::vector<PrunableColumn>& columns,
                                  const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters);

}  // namespace deltic::engine
