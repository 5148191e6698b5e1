// Auto compaction: OPTIMIZE of the partitions that a commit added files to, once they have enough small ones
// (delta-spark hooks/AutoCompact).
#include <algorithm>
#include <map>

#include "base/json_writer.h"
#include "base/log.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"
#include "spark/catalog/server_catalog.h"
#include "spark/command/maintenance.h"

namespace deltic::spark::command {
namespace {

using delta::AddFile;
using delta::PartitionValues;
using delta::Snapshot;

constexpr int64_t kMaxFileSize = int64_t{128} << 20;
constexpr int64_t kMinFiles = 50;
constexpr size_t kMaxPartitions = 128;
const std::string kConf = "spark.databricks.delta.autoCompact.";

bool IsWanted(session::Session* session, const delta::Metadata& metadata) {
  const std::string conf = session->conf().GetString(kConf + "enabled", "");
  if (!conf.empty()) return types::EqualsIgnoreCase(conf, "true");
  return delta::BoolProperty(metadata, "delta.autoOptimize") ||
         types::EqualsIgnoreCase(delta::PropertyOf(metadata, "delta.autoOptimize.autoCompact"), "true");
}

// The chosen partitions as delta-spark's predicate: (('a <=> cast(1 as int)) AND …) OR ….
std::string PredicateText(const Snapshot& snapshot, const std::vector<PartitionValues>& partitions) {
  if (snapshot.metadata().partition_columns.empty()) return "[]";
  const auto mode = delta::MappingModeOf(snapshot.metadata());
  std::string all;
  for (const auto& partition : partitions) {
    std::string one;
    for (const auto& field : snapshot.schema().fields()) {
      const auto value = partition.find(delta::PhysicalName(field, mode));
      if (value == partition.end()) continue;
      const std::string equals = "('" + value->first + " <=> cast(" + value->second.value_or("null") + " as " +
                                 field.type.SimpleString() + "))";
      one = one.empty() ? equals : "(" + one + " AND " + equals + ")";
    }
    all = all.empty() ? one : "(" + all + " OR " + one + ")";
  }
  JsonWriter json;
  json.BeginArray().String(all);
  return json.EndArray().Take();
}

// Partitions with new files that have at least `min_files` small ones.
std::vector<PartitionValues> PartitionsToCompact(const Snapshot& snapshot, const std::set<PartitionValues>& added,
                                                 int64_t min_file_size, int64_t min_files) {
  std::map<PartitionValues, int64_t> small;
  for (const auto& partition : added) small[partition];
  for (const auto& file : snapshot.files()) {
    const auto it = small.find(file.partition_values);
    if (it != small.end() && file.size_bytes < min_file_size) it->second++;
  }
  std::vector<PartitionValues> out;
  for (const auto& [partition, count] : small) {
    if (count >= min_files && out.size() < kMaxPartitions) out.push_back(partition);
  }
  return out;
}

Status Compact(const CommandContext& context, const std::string& table_path, const std::set<PartitionValues>& added) {
  const auto& conf = context.session->conf();
  ASSIGN_OR_RETURN(const auto snapshot,
                   context.session->server()->catalog->LatestSnapshot(context.session, table_path));
  OptimizeSizes sizes = OptimizeSizes::Of(context.session);
  sizes.max_file_size = conf.GetBytes(kConf + "maxFileSize", kMaxFileSize);
  sizes.min_file_size = conf.GetBytes(kConf + "minFileSize", sizes.max_file_size / 2);
  const auto partitions =
      PartitionsToCompact(*snapshot, added, sizes.min_file_size, conf.GetInt(kConf + "minNumFiles", kMinFiles));
  if (partitions.empty()) return Status::Ok();
  std::vector<const AddFile*> candidates;
  for (const auto& file : snapshot->files()) {
    const auto found = std::find(partitions.begin(), partitions.end(), file.partition_values);
    if (found != partitions.end()) candidates.push_back(&file);
  }
  Rewrite rewrite;
  rewrite.snapshot = snapshot;
  rewrite.bins = BinsToCompact(candidates, sizes);
  rewrite.commit = OptimizeCommit(PredicateText(*snapshot, partitions), {}, true);
  return RunRewrite(context, rewrite).status();
}

}  // namespace

Status RunCommitHooks(const CommandContext& context, const std::string& table_path, const delta::Metadata& metadata,
                      const std::set<PartitionValues>& partitions_with_new_files) {
  const auto& added = partitions_with_new_files;
  RETURN_IF_ERROR(UpdateManifests(context, table_path, metadata));
  if (added.empty() || !IsWanted(context.session, metadata)) return Status::Ok();
  const Status status = Compact(context, table_path, added);
  if (!status.ok()) {
    Log(LogLevel::kWarn, "auto_compact_failed", {{"table", table_path}, {"error", status.ToString()}});
  }
  return Status::Ok();
}

}  // namespace deltic::spark::command
