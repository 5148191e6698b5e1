// Delta's per-file statistics from what DuckDB's Parquet writer reports, and from the file itself where it reports
// nothing. Stateless; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "engine/engine.h"

namespace deltic::engine {

// Statistics of one leaf column as DuckDB's writer returns them, by name ("min", "max", "null_count", …).
using LeafStats = std::map<std::string, std::string>;
// Bounds that are Delta's JSON already, in place of "min" and "max".
inline constexpr char kMinJson[] = "min_json";
inline constexpr char kMaxJson[] = "max_json";

struct StatsColumn {
  std::string name;  // physical
  DataType type;     // physical (nested names)
};

// `leaves` is keyed by DuckDB's quoted path ("a" or "s"."f"), lower case; `collection_nulls` has the NULL count of
// every array and map, depth first over `columns` (empty: unknown).
std::string DeltaStats(int64_t rows, const std::vector<StatsColumn>& columns, const WriteSpec& spec,
                       const std::map<std::string, LeafStats>& leaves, const std::vector<int64_t>& collection_nulls);

// Adds the bounds of columns that `leaves` has none of although they have values: DuckDB's writer gives them up when a
// whole row group is null, or when a long string cannot be cut at an ASCII character. The columns are read back from
// the file (a native path), which has as many rows. Throws what reading throws.
void AddMissingBounds(duckdb::ClientContext& context, const std::string& path, int64_t rows,
                      const std::vector<StatsColumn>& columns, const WriteSpec& spec,
                      std::map<std::string, LeafStats>* leaves);

// A name as a part of the keys above.
std::string StatsKey(const std::string& name);
// Whether Delta keeps statistics of a leaf column: `path` of physical names, `position` among the leaves.
bool IsStatsColumn(const WriteSpec& spec, const std::string& path, int position);

// The prefix bound for maxValues of a long string (delta-spark StatisticsCollection.truncateMaxStringAgg, which counts
// in UTF-16); empty when there is none. That for minValues counts characters, as Spark's substring does.
std::string TruncateMaxString(const std::string& value);
std::string TruncateMinString(const std::string& value);

}  // namespace deltic::engine
