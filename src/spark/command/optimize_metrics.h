// What OPTIMIZE and REORG tell about their work: the history's metrics and the returned row, in delta-spark's words
// (OptimizeStats.scala). Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/plan/relation.h"
#include "spark/command/compaction.h"

namespace deltic::spark::command {

std::vector<std::pair<std::string, std::string>> RewriteHistoryMetrics(const RewriteResult& result);

struct FileCount {
  int64_t files = 0;
  int64_t bytes = 0;
};

struct ClusteringCounts {
  FileCount input_cube_files, input_other_files, merged_files;
  int64_t input_cubes = 0;
  int64_t output_cubes = 0;
};

struct OptimizeCounts {
  int64_t partitions_optimized = 0;
  int64_t bins = 0;
  int64_t batches = 1;
  int64_t considered_files = 0;
  int64_t started_ms = 0;
  int64_t parallelism = 0;
  int64_t table_columns = 0;
  int64_t columns_with_stats = 0;
  bool zorder = false;
  std::optional<ClusteringCounts> clustering;
};

// The one row (path, metrics).
engine::RelPtr OptimizeRow(const std::string& path, const RewriteResult& result, const OptimizeCounts& counts);

}  // namespace deltic::spark::command
