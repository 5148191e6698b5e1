// Bounds of a scanned column over all its files, from Delta's per-file statistics (PROTOCOL.md › Per-file Statistics)
// and partition values, for DuckDB's optimiser (perfect hashing, narrower joins). Pure; thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "engine/plan/relation.h"

namespace deltic::engine {

struct ColumnBounds {
  int64_t min = 0;  // integers as they are, dates as days
  int64_t max = 0;
  bool may_have_null = true;
};

// Integer and date columns only, at the top level. nullopt: unknown for some file, or too many files to be worth it.
// Files with deletion vectors may have wider bounds than their live rows.
std::optional<ColumnBounds> BoundsOf(const FileColumn& column, const DataType& type, const std::vector<ScanFile>& files,
                                     const std::vector<size_t>& kept);

// Physical rows of a file: as given, else from its statistics; -1: unknown.
int64_t RecordCountOf(const ScanFile& file);

}  // namespace deltic::engine
