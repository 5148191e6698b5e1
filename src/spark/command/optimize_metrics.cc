#include "spark/command/optimize_metrics.h"

#include <algorithm>

#include "spark/command/result_rows.h"

namespace deltic::spark::command {
namespace {

using delta::AddFile;
using engine::Value;
using engine::ValueList;
using types::DataType;
using types::StructField;
using types::TypeId;

int64_t TotalBytes(const std::vector<AddFile>& files) {
  int64_t sum = 0;
  for (const auto& file : files) sum += file.size_bytes;
  return sum;
}

std::vector<int64_t> SortedSizes(const std::vector<AddFile>& files) {
  std::vector<int64_t> sizes;
  for (const auto& file : files) sizes.push_back(file.size_bytes);
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

Value Struct(ValueList values) {
  return Value{std::shared_ptr<const ValueList>(std::make_shared<ValueList>(std::move(values)))};
}

StructField Number(const char* name, bool nullable = false) { return {name, TypeId::kLong, nullable, "{}"}; }
StructField Nested(const char* name, DataType type) { return {name, std::move(type), true, "{}"}; }

DataType FileSizeType() {
  return DataType::Struct({Number("min", true),
                           Number("max", true),
                           {"avg", TypeId::kDouble, false, "{}"},
                           Number("totalFiles"),
                           Number("totalSize")});
}

DataType ZOrderType() {
  const DataType files = DataType::Struct({Number("num"), Number("size")});
  return DataType::Struct({{"strategyName", TypeId::kString, true, "{}"},
                           Nested("inputCubeFiles", files),
                           Nested("inputOtherFiles", files),
                           Number("inputNumCubes"),
                           Nested("mergedFiles", files),
                           Number("numOutputCubes"),
                           Number("mergedNumCubes", true)});
}

DataType ClusteringType() {
  const DataType files = DataType::Struct({Number("numFiles"), Number("size")});
  return DataType::Struct({Nested("inputZCubeFiles", files), Nested("inputOtherFiles", files), Number("inputNumZCubes"),
                           Nested("mergedFiles", files), Number("numOutputZCubes")});
}

DataType MetricsType() {
  const DataType parallelism =
      DataType::Struct({Number("maxClusterActiveParallelism", true), Number("minClusterActiveParallelism", true),
                        Number("maxSessionActiveParallelism", true), Number("minSessionActiveParallelism", true)});
  const DataType vectors =
      DataType::Struct({Number("numDeletionVectorsRemoved"), Number("numDeletionVectorRowsRemoved")});
  return DataType::Struct({Number("numFilesAdded"),
                           Number("numFilesRemoved"),
                           Nested("filesAdded", FileSizeType()),
                           Nested("filesRemoved", FileSizeType()),
                           Number("partitionsOptimized"),
                           Nested("zOrderStats", ZOrderType()),
                           Nested("clusteringStats", ClusteringType()),
                           Number("numBins"),
                           Number("numBatches"),
                           Number("totalConsideredFiles"),
                           Number("totalFilesSkipped"),
                           {"preserveInsertionOrder", TypeId::kBoolean, false, "{}"},
                           Number("numFilesSkippedToReduceWriteAmplification"),
                           Number("numBytesSkippedToReduceWriteAmplification"),
                           Number("startTimeMs"),
                           Number("endTimeMs"),
                           Number("totalClusterParallelism"),
                           Number("totalScheduledTasks"),
                           Nested("autoCompactParallelismStats", parallelism),
                           Nested("deletionVectorStats", vectors),
                           Number("numTableColumns"),
                           Number("numTableColumnsWithStats")});
}

Value FileSizes(const std::vector<AddFile>& files) {
  const auto count = static_cast<int64_t>(files.size());
  if (files.empty()) return Struct({Value{}, Value{}, Value{0.0}, Value{int64_t{0}}, Value{int64_t{0}}});
  const auto sizes = SortedSizes(files);
  const int64_t total = TotalBytes(files);
  return Struct({Value{sizes.front()}, Value{sizes.back()},
                 Value{static_cast<double>(total) / static_cast<double>(count)}, Value{count}, Value{total}});
}

Value Files(const FileCount& count) { return Struct({Value{count.files}, Value{count.bytes}}); }

Value ZOrderValue(const RewriteResult& result, const OptimizeCounts& counts) {
  if (!counts.zorder) return Value{};
  const FileCount input{static_cast<int64_t>(result.removed.size()), TotalBytes(result.removed)};
  return Struct({Value{std::string("all")}, Files({}), Files(input), Value{int64_t{0}}, Files(input),
                 Value{counts.partitions_optimized}, Value{}});
}

Value ClusteringValue(const OptimizeCounts& counts) {
  if (!counts.clustering.has_value()) return Value{};
  const auto& c = *counts.clustering;
  return Struct({Files(c.input_cube_files), Files(c.input_other_files), Value{c.input_cubes}, Files(c.merged_files),
                 Value{c.output_cubes}});
}

Value DeletionVectors(const RewriteResult& result) {
  int64_t vectors = 0, rows = 0;
  for (const auto& file : result.removed) {
    if (!file.deletion_vector.has_value()) continue;
    vectors++;
    rows += file.deletion_vector->cardinality;
  }
  return vectors == 0 ? Value{} : Struct({Value{vectors}, Value{rows}});
}

}  // namespace

std::vector<std::pair<std::string, std::string>> RewriteHistoryMetrics(const RewriteResult& result) {
  const auto sizes = SortedSizes(result.added);
  const auto at = [&](size_t index) { return sizes.empty() ? std::string("0") : std::to_string(sizes[index]); };
  const auto vectors = std::count_if(result.removed.begin(), result.removed.end(),
                                     [](const auto& file) { return file.deletion_vector.has_value(); });
  return {{"numRemovedFiles", std::to_string(result.removed.size())},
          {"numRemovedBytes", std::to_string(TotalBytes(result.removed))},
          {"p25FileSize", at(sizes.size() / 4)},
          {"numDeletionVectorsRemoved", std::to_string(vectors)},
          {"minFileSize", at(0)},
          {"numAddedFiles", std::to_string(result.added.size())},
          {"maxFileSize", at(sizes.empty() ? 0 : sizes.size() - 1)},
          {"p75FileSize", at(sizes.size() * 3 / 4)},
          {"p50FileSize", at(sizes.size() / 2)},
          {"numAddedBytes", std::to_string(TotalBytes(result.added))}};
}

engine::RelPtr OptimizeRow(const std::string& path, const RewriteResult& result, const OptimizeCounts& counts) {
  const Value zero{int64_t{0}};
  ResultRows rows;
  rows.Column("path", TypeId::kString).Column("metrics", MetricsType());
  const auto removed = static_cast<int64_t>(result.removed.size());
  rows.Add({StringValue(path), Struct({Value{static_cast<int64_t>(result.added.size())},
                                       Value{removed},
                                       FileSizes(result.added),
                                       FileSizes(result.removed),
                                       Value{counts.partitions_optimized},
                                       ZOrderValue(result, counts),
                                       ClusteringValue(counts),
                                       Value{counts.bins},
                                       Value{counts.batches},
                                       Value{counts.considered_files},
                                       Value{counts.considered_files - removed},
                                       Value{false},
                                       zero,
                                       zero,
                                       Value{counts.started_ms},
                                       zero,
                                       Value{counts.parallelism},
                                       zero,
                                       Value{},
                                       DeletionVectors(result),
                                       Value{counts.table_columns},
                                       Value{counts.columns_with_stats}})});
  return rows.Build();
}

}  // namespace deltic::spark::command
