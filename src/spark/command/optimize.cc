// OPTIMIZE (compaction, ZORDER BY, clustering) and REORG TABLE … APPLY (PURGE).
#include <algorithm>
#include <cstdlib>
#include <limits>
#include <set>
#include <thread>

#include "base/json_writer.h"
#include "delta/skipping/file_stats.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/table_path.h"
#include "spark/command/clustering.h"
#include "spark/command/delta_target.h"
#include "spark/command/maintenance.h"
#include "spark/command/optimize_metrics.h"
#include "spark/command/partition_predicate.h"
#include "spark/command/reorg_files.h"
#include "spark/command/schema_edit.h"
#include "spark/command/zcube.h"
#include "storage/object_store.h"

namespace deltic::spark::command {
namespace {

using delta::AddFile;
using delta::Snapshot;
using types::DataType;
using types::StructField;
using types::TypeId;

using FileList = std::vector<const AddFile*>;

constexpr int64_t kGiB = int64_t{1} << 30;
constexpr const char* kCheckStats = "spark.databricks.delta.optimize.zorder.checkStatsCollection.enabled";

std::string JsonArray(const std::vector<std::string>& items) {
  JsonWriter json;
  json.BeginArray();
  for (const auto& item : items) json.String(item);
  return json.EndArray().Take();
}

std::string Dotted(const plan::NameParts& parts) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : ".") + part;
  return out;
}

int64_t DeletedRows(const AddFile& file) {
  return file.deletion_vector.has_value() ? file.deletion_vector->cardinality : 0;
}

bool HasTooManyDeletedRows(const AddFile& file, double max_ratio) {
  if (!file.deletion_vector.has_value()) return false;
  const auto records = delta::PhysicalRows(file.stats);
  if (!records.has_value()) return true;
  return *records > 0 && static_cast<double>(DeletedRows(file)) / static_cast<double>(*records) > max_ratio;
}

void AddLeafNames(const std::string& prefix, const DataType& type, std::vector<std::string>* out) {
  for (const auto& field : type.fields()) {
    const std::string name = prefix.empty() ? field.name : prefix + "." + field.name;
    if (field.type.Is(TypeId::kStruct)) {
      AddLeafNames(name, field.type, out);
    } else {
      out->push_back(name);
    }
  }
}

bool IsPartitionColumn(const Snapshot& snapshot, const std::string& name) {
  const auto& columns = snapshot.metadata().partition_columns;
  return std::any_of(columns.begin(), columns.end(),
                     [&](const auto& column) { return types::EqualsIgnoreCase(column, name); });
}

// Leaf columns with statistics, by logical name: delta.dataSkippingStatsColumns, or the leading ones.
std::vector<std::string> ColumnsWithStats(const Snapshot& snapshot) {
  std::vector<StructField> data;
  for (const auto& field : snapshot.schema().fields()) {
    if (!IsPartitionColumn(snapshot, field.name)) data.push_back(field);
  }
  std::vector<std::string> leaves;
  AddLeafNames("", DataType::Struct(std::move(data)), &leaves);
  const std::string named = delta::PropertyOf(snapshot.metadata(), "delta.dataSkippingStatsColumns");
  if (!named.empty()) {
    std::erase_if(leaves, [&](const std::string& leaf) {
      const std::string list = "," + types::ToLower(named) + ",";
      for (std::string prefix = types::ToLower(leaf);;) {
        if (list.find("," + prefix + ",") != std::string::npos || list.find(", " + prefix + ",") != std::string::npos)
          return false;
        const size_t dot = prefix.rfind('.');
        if (dot == std::string::npos) return true;
        prefix.resize(dot);
      }
    });
    return leaves;
  }
  const int64_t limit = delta::IntProperty(snapshot.metadata(), "delta.dataSkippingNumIndexedCols");
  if (limit >= 0 && static_cast<size_t>(limit) < leaves.size()) leaves.resize(static_cast<size_t>(limit));
  return leaves;
}

bool HasColumn(const DataType& schema, const plan::NameParts& parts) {
  DataType level = schema;
  for (const auto& part : parts) {
    const int index = level.Is(TypeId::kStruct) ? level.FieldIndex(part) : -1;
    if (index < 0) return false;
    const DataType next = level.fields()[static_cast<size_t>(index)].type;
    level = next;
  }
  return true;
}

Status CheckZOrderColumns(session::Session* session, const Snapshot& snapshot,
                          const std::vector<plan::NameParts>& columns) {
  if (columns.empty()) return Status::Ok();
  const auto with_stats = ColumnsWithStats(snapshot);
  std::string without_stats;
  for (const auto& parts : columns) {
    const std::string name = Dotted(parts);
    const bool known = std::any_of(with_stats.begin(), with_stats.end(),
                                   [&](const auto& leaf) { return types::EqualsIgnoreCase(leaf, name); });
    if (!known) without_stats += (without_stats.empty() ? "" : ", ") + name;
    if (IsPartitionColumn(snapshot, name)) return Error("DELTA_ZORDERING_ON_PARTITION_COLUMN", {{"colName", name}});
    if (!HasColumn(snapshot.schema(), parts) && snapshot.schema().FieldIndex(name) < 0)
      return Error("DELTA_ZORDERING_COLUMN_DOES_NOT_EXIST", {{"columnName", name}});
    const auto field = FindField(snapshot.schema(), parts);
    if (field && field->type.Is(types::TypeId::kVariant)) {
      return Error(
          "DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT",
          {{"sqlExpr", "\"rangepartitionid(" + name + ")\""}, {"msg", "cannot sort data type variant"}, {"hint", ""}});
    }
  }
  if (without_stats.empty() || !session->conf().GetBool(kCheckStats, true)) return Status::Ok();
  return Error("DELTA_ZORDERING_ON_COLUMN_WITHOUT_STATS",
               {{"cols", "[" + without_stats + "]"}, {"zorderColStatKey", kCheckStats}});
}

Status CheckClusteredStatement(const plan::Optimize& command, bool clustered, bool has_columns) {
  if (clustered && !command.where_text.empty())
    return Error("DELTA_CLUSTERING_WITH_PARTITION_PREDICATE", {{"predicates", command.where_text}});
  if (clustered && !command.zorder_by.empty()) {
    std::string names;
    for (const auto& parts : command.zorder_by) names += (names.empty() ? "" : ", ") + Dotted(parts);
    return Error("DELTA_CLUSTERING_WITH_ZORDER_BY", {{"zOrderBy", names}});
  }
  if (command.full && !(clustered && has_columns)) return Error("DELTA_OPTIMIZE_FULL_NOT_SUPPORTED");
  return Status::Ok();
}

// What one OPTIMIZE or REORG is going to do.
struct Work {
  std::shared_ptr<const Snapshot> snapshot;
  std::vector<Bin> bins;
  std::vector<std::string> curve_columns;
  bool hilbert = false;
  delta::CommitOptions commit;
  OptimizeCounts counts;
};

// Splits into one file per bin, or into several along the curve.
void SetOutputFiles(std::vector<Bin>* bins, int64_t max_file_size) {
  for (Bin& bin : *bins) bin.output_files = std::max<int64_t>(1, bin.bytes() / std::max<int64_t>(1, max_file_size));
}

std::vector<Bin> CompactionBins(FileList files, int64_t max_file_size, bool keep_single) {
  std::stable_sort(files.begin(), files.end(),
                   [](const AddFile* a, const AddFile* b) { return a->size_bytes < b->size_bytes; });
  auto bins = PackBins(files, max_file_size);
  if (!keep_single) std::erase_if(bins, [](const Bin& bin) { return bin.files.size() < 2; });
  return bins;
}

void ClusterBins(session::Session* session, const FileList& candidates, const OptimizeSizes& sizes, bool full,
                 Work* work) {
  const auto& conf = session->conf();
  const std::string prefix = "spark.databricks.delta.optimize.clustering.mergeStrategy.minCubeSize.";
  const int64_t min_cube = conf.GetBytes(prefix + "threshold", 100 * kGiB);
  const int64_t target_cube = conf.GetBytes(prefix + "targetCubeSize", 150 * kGiB);
  auto selection = SelectForClustering(candidates, work->curve_columns, min_cube, full);
  work->bins = PackBins(selection.files, std::max(min_cube, target_cube));
  SetOutputFiles(&work->bins, sizes.max_file_size);
  for (Bin& bin : work->bins) {
    bin.tags = NewCubeTags(work->curve_columns);
    bin.clustering_provider = kClusteringProvider;
  }
  selection.counts.output_cubes = static_cast<int64_t>(work->bins.size());
  work->counts.clustering = selection.counts;
  work->hilbert = true;
}

// REORG rewrites the files that it chose even if they stay alone.
void SetReorg(FileList files, const std::string& predicate, const OptimizeSizes& sizes, Work* work) {
  work->bins = CompactionBins(std::move(files), sizes.max_file_size, true);
  work->commit.operation = "REORG";
  work->commit.operation_parameters = {{"predicate", predicate}, {"applyPurge", "true"}};
}

void CountWork(const Snapshot& snapshot, size_t considered, Work* work) {
  OptimizeCounts& counts = work->counts;
  std::set<delta::PartitionValues> partitions;
  for (const Bin& bin : work->bins) partitions.insert(bin.partition);
  counts.partitions_optimized = static_cast<int64_t>(partitions.size());
  counts.bins = static_cast<int64_t>(work->bins.size());
  counts.considered_files = static_cast<int64_t>(considered);
  counts.parallelism = std::max(1U, std::thread::hardware_concurrency());
  counts.table_columns = static_cast<int64_t>(snapshot.schema().fields().size());
  counts.columns_with_stats =
      std::min(delta::IntProperty(snapshot.metadata(), "delta.dataSkippingNumIndexedCols"), counts.table_columns);
}

// Bins in batches of at most `max_bytes`, smallest first; one batch without a limit.
std::vector<std::vector<Bin>> Batches(std::vector<Bin> bins, std::optional<int64_t> max_bytes) {
  if (!max_bytes.has_value()) return {std::move(bins)};
  std::stable_sort(bins.begin(), bins.end(), [](const Bin& a, const Bin& b) { return a.bytes() < b.bytes(); });
  std::vector<std::vector<Bin>> out;
  int64_t bytes = 0;
  for (Bin& bin : bins) {
    if (out.empty() || bytes + bin.bytes() > *max_bytes) {
      out.emplace_back();
      bytes = 0;
    }
    bytes += bin.bytes();
    out.back().push_back(std::move(bin));
  }
  return out;
}

Result<engine::RelPtr> RunWork(const CommandContext& context, Work work) {
  std::optional<int64_t> batch_size;
  const std::string batch_key = "spark.databricks.delta.optimize.batchSize";
  if (context.session->conf().Get(batch_key).has_value())
    batch_size = context.session->conf().GetBytes(batch_key, kGiB);
  RewriteResult total;
  work.counts.batches = 0;
  for (auto& bins : Batches(std::move(work.bins), batch_size)) {
    Rewrite rewrite{work.snapshot, std::move(bins), work.curve_columns, work.hilbert, work.commit};
    ASSIGN_OR_RETURN(auto result, RunRewrite(context, rewrite));
    std::move(result.added.begin(), result.added.end(), std::back_inserter(total.added));
    std::move(result.removed.begin(), result.removed.end(), std::back_inserter(total.removed));
    work.counts.batches++;
  }
  return OptimizeRow(catalog::DisplayPath(work.snapshot->table_path()), total, work.counts);
}

std::vector<std::string> Names(const std::vector<plan::NameParts>& columns) {
  std::vector<std::string> out;
  for (const auto& parts : columns) out.push_back(Dotted(parts));
  return out;
}

}  // namespace

OptimizeSizes OptimizeSizes::Of(session::Session* session) {
  const auto& conf = session->conf();
  OptimizeSizes sizes;
  sizes.min_file_size = conf.GetBytes("spark.databricks.delta.optimize.minFileSize", kGiB);
  sizes.max_file_size = conf.GetBytes("spark.databricks.delta.optimize.maxFileSize", kGiB);
  const std::string ratio = conf.GetString("spark.databricks.delta.optimize.maxDeletedRowsRatio", "0.05");
  sizes.max_deleted_rows_ratio = std::strtod(ratio.c_str(), nullptr);
  return sizes;
}

std::vector<Bin> BinsToCompact(const FileList& candidates, const OptimizeSizes& sizes) {
  FileList files;
  for (const AddFile* file : candidates) {
    if (file->size_bytes < sizes.min_file_size || HasTooManyDeletedRows(*file, sizes.max_deleted_rows_ratio))
      files.push_back(file);
  }
  return CompactionBins(std::move(files), sizes.max_file_size, false);
}

delta::CommitOptions OptimizeCommit(const std::string& predicate, const std::vector<std::string>& zorder_by,
                                    bool automatic) {
  delta::CommitOptions commit;
  commit.operation = "OPTIMIZE";
  commit.operation_parameters = {{"predicate", predicate},
                                 {"zOrderBy", JsonArray(zorder_by)},
                                 {"clusterBy", "[]"},
                                 {"auto", automatic ? "true" : "false"}};
  return commit;
}

Result<engine::RelPtr> RunOptimize(const CommandContext& context, const plan::Optimize& command) {
  const bool reorg = command.kind == plan::CommandKind::kReorg;
  if (reorg && command.reorg_mode != "PURGE") return Unsupported("REORG TABLE … APPLY (" + command.reorg_mode + ")");
  session::Session* session = context.session;
  ASSIGN_OR_RETURN(const auto target, RequireDeltaTarget(session, command.table, reorg ? "REORG" : "OPTIMIZE"));
  const Snapshot& snapshot = *target.snapshot;
  const bool clustered = delta::IsFeatureSupported(snapshot.protocol(), "clustering");
  const auto clustering = ClusteringColumns(snapshot);
  RETURN_IF_ERROR(CheckClusteredStatement(command, clustered, !clustering.empty()));
  ASSIGN_OR_RETURN(const auto predicate, PartitionPredicate::Parse(session, snapshot, command.where_text));
  RETURN_IF_ERROR(CheckZOrderColumns(session, snapshot, command.zorder_by));

  Work work;
  work.snapshot = target.snapshot;
  work.counts.started_ms = session->server()->clock->NowMillis();
  const OptimizeSizes sizes = OptimizeSizes::Of(session);
  ASSIGN_OR_RETURN(const FileList candidates, predicate.Select(session, snapshot));
  work.commit = OptimizeCommit(predicate.HistoryText(), Names(command.zorder_by), false);
  if (reorg) {
    ASSIGN_OR_RETURN(auto files, FilesToPurge(context, snapshot, candidates));
    SetReorg(std::move(files), predicate.HistoryText(), sizes, &work);
  } else if (clustered && !clustering.empty()) {
    work.curve_columns = clustering;
    ClusterBins(session, candidates, sizes, command.full, &work);
    work.commit.operation_parameters[2].second = JsonArray(clustering);
    work.commit.operation_parameters.emplace_back("isFull", command.full ? "true" : "false");
  } else if (!command.zorder_by.empty()) {
    work.curve_columns = Names(command.zorder_by);
    work.bins = PackBins(candidates, std::numeric_limits<int64_t>::max());
    SetOutputFiles(&work.bins, sizes.max_file_size);
    work.counts.zorder = true;
  } else {
    work.bins = BinsToCompact(candidates, sizes);
  }
  CountWork(snapshot, candidates.size(), &work);
  return RunWork(context, std::move(work));
}

Status RewriteFilesOfOtherTypes(const CommandContext& context, const std::shared_ptr<const Snapshot>& snapshot) {
  FileList all;
  for (const AddFile& file : snapshot->files()) all.push_back(&file);
  ASSIGN_OR_RETURN(auto files, FilesOfOtherTypes(context, *snapshot, all));
  Work work;
  work.snapshot = snapshot;
  work.counts.started_ms = context.session->server()->clock->NowMillis();
  SetReorg(std::move(files), "[]", OptimizeSizes::Of(context.session), &work);
  CountWork(*snapshot, all.size(), &work);
  return RunWork(context, std::move(work)).status();
}

}  // namespace deltic::spark::command
