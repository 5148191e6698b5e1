#include "spark/command/compaction.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/random.h"
#include "delta/spec/row_tracking.h"
#include "spark/catalog/rewrite_scan.h"
#include "spark/catalog/server_catalog.h"
#include "spark/command/delta_files.h"
#include "spark/command/maintenance.h"
#include "spark/command/optimize_metrics.h"
#include "spark/command/version.h"
#include "spark/command/zorder.h"

namespace deltic::spark::command {
namespace {

using delta::AddFile;

// Small bins share one pass of the writer, which keeps a file open for each.
constexpr size_t kMaxBinsPerPass = 64;
constexpr int64_t kMaxBytesPerPass = int64_t{256} << 20;
// How often a commit that lost to unrelated changes starts over.
constexpr int kMaxCommits = 20;

std::string KeyOf(const delta::Snapshot& snapshot, const AddFile& file) {
  return delta::FileKey(snapshot.table_path(), file.path, file.deletion_vector);
}

bool IsConflict(const Status& status) {
  static const std::set<std::string> kConflicts = {"DELTA_CONCURRENT_APPEND",        "DELTA_METADATA_CHANGED",
                                                   "DELTA_PROTOCOL_CHANGED",         "DELTA_CONCURRENT_DELETE_READ",
                                                   "DELTA_CONCURRENT_DELETE_DELETE", "DELTA_CONCURRENT_TRANSACTION",
                                                   "DELTA_CONCURRENT_WRITE"};
  return kConflicts.contains(status.condition());
}

// The files of some bins as new files: one pass over all of them.
Result<std::vector<AddFile>> RewriteTogether(const CommandContext& context, const delta::Snapshot& snapshot,
                                             const std::vector<const Bin*>& bins, DeltaFiles* files) {
  std::vector<const AddFile*> inputs;
  std::vector<int64_t> groups;
  for (size_t i = 0; i < bins.size(); i++) {
    for (const AddFile* file : bins[i]->files) {
      inputs.push_back(file);
      if (bins.size() > 1) groups.push_back(static_cast<int64_t>(i));
    }
  }
  ASSIGN_OR_RETURN(const auto rows, catalog::ScanFiles(context.session, snapshot, inputs, groups));
  return files->RewriteData(rows);
}

Result<std::vector<AddFile>> RewriteAlongCurve(const CommandContext& context, const Rewrite& rewrite, const Bin& bin,
                                               DeltaFiles* files) {
  ASSIGN_OR_RETURN(const auto rows, catalog::ScanFiles(context.session, *rewrite.snapshot, bin.files));
  CurveOrder order;
  order.columns = rewrite.curve_columns;
  order.hilbert = rewrite.hilbert;
  order.files = std::min<int64_t>(bin.output_files, static_cast<int64_t>(kMaxBinsPerPass));
  ASSIGN_OR_RETURN(const auto grouped, GroupAlongCurve(context, rows, order));
  return files->RewriteData(grouped);
}

bool IsMarked(const Bin& bin) { return !bin.tags.empty() || bin.clustering_provider.has_value(); }

Result<std::vector<AddFile>> RewriteBins(const CommandContext& context, const Rewrite& rewrite, DeltaFiles* files) {
  std::vector<AddFile> added;
  std::vector<const Bin*> pass;
  int64_t pass_bytes = 0;
  const auto flush = [&]() -> Status {
    if (pass.empty()) return Status::Ok();
    ASSIGN_OR_RETURN(auto adds, RewriteTogether(context, *rewrite.snapshot, pass, files));
    std::move(adds.begin(), adds.end(), std::back_inserter(added));
    pass.clear();
    pass_bytes = 0;
    return Status::Ok();
  };
  for (const Bin& bin : rewrite.bins) {
    if (bin.output_files <= 1 && !IsMarked(bin)) {
      if (pass.size() == kMaxBinsPerPass || pass_bytes + bin.bytes() > kMaxBytesPerPass) RETURN_IF_ERROR(flush());
      pass.push_back(&bin);
      pass_bytes += bin.bytes();
      continue;
    }
    std::vector<AddFile> adds;
    if (bin.output_files <= 1) {
      ASSIGN_OR_RETURN(adds, RewriteTogether(context, *rewrite.snapshot, {&bin}, files));
    } else {
      ASSIGN_OR_RETURN(adds, RewriteAlongCurve(context, rewrite, bin, files));
    }
    for (auto& add : adds) {
      add.tags = bin.tags;
      add.clustering_provider = bin.clustering_provider;
      added.push_back(std::move(add));
    }
  }
  RETURN_IF_ERROR(flush());
  return added;
}

// Rewritten files hold the ids of their rows in the columns that the table names, if it tracks rows. Files written
// before it did, or under other names, would give all rows new ids.
bool KeepsRowIdsAlike(const delta::Snapshot& before, const delta::Snapshot& latest) {
  const auto then = delta::MaterializedRowColumnsOf(before.protocol(), before.metadata());
  const auto now = delta::MaterializedRowColumnsOf(latest.protocol(), latest.metadata());
  if (!then.ok() || !now.ok() || then->has_value() != now->has_value()) return false;
  return !now->has_value() ||
         ((*then)->row_id == (*now)->row_id && (*then)->row_commit_version == (*now)->row_commit_version);
}

// The table is still such that the rewritten files can take the place of the old ones.
bool StillApplies(const Rewrite& rewrite, const delta::Snapshot& latest) {
  if (!KeepsRowIdsAlike(*rewrite.snapshot, latest)) return false;
  if (latest.metadata().partition_columns != rewrite.snapshot->metadata().partition_columns) return false;
  std::set<std::string> live;
  for (const auto& file : latest.files()) live.insert(KeyOf(latest, file));
  for (const Bin& bin : rewrite.bins) {
    for (const AddFile* file : bin.files) {
      if (!live.contains(KeyOf(latest, *file))) return false;
    }
  }
  return true;
}

Status CommitRewrite(const CommandContext& context, const Rewrite& rewrite, const RewriteResult& result) {
  delta::CommitOptions options = rewrite.commit;
  options.engine_info = EngineInfo();
  options.is_blind_append = false;
  options.user_metadata = context.session->conf().Get("spark.databricks.delta.commitInfo.userMetadata");
  options.operation_metrics = RewriteHistoryMetrics(result);
  catalog::ServerCatalog* server = context.session->server()->catalog;
  ASSIGN_OR_RETURN(const auto io, server->IoFor(context.session, rewrite.snapshot->table_path()));
  auto snapshot = rewrite.snapshot;
  for (int attempt = 1;; attempt++) {
    delta::Transaction txn(io, snapshot, Random::System());
    txn.PreservesRowIds();
    for (const auto& file : result.removed) {
      txn.ReadFile(file);
      txn.Remove(file, false);
    }
    for (const auto& file : result.added) txn.Add(file);
    const auto version = txn.Commit(options);
    if (version.ok()) return Status::Ok();
    if (!IsConflict(version.status()) || attempt == kMaxCommits) return version.status();
    auto latest = server->LatestSnapshot(context.session, rewrite.snapshot->table_path());
    if (!latest.ok() || !StillApplies(rewrite, **latest)) return version.status();
    snapshot = std::move(*latest);
  }
}

}  // namespace

int64_t Bin::bytes() const {
  int64_t sum = 0;
  for (const AddFile* file : files) sum += file->size_bytes;
  return sum;
}

std::vector<Bin> PackBins(const std::vector<const AddFile*>& files, int64_t max_bytes) {
  std::map<delta::PartitionValues, std::vector<const AddFile*>> partitions;
  for (const AddFile* file : files) partitions[file->partition_values].push_back(file);
  std::vector<Bin> out;
  for (auto& [partition, members] : partitions) {
    Bin bin{partition, {}};
    int64_t bytes = 0;
    for (const AddFile* file : members) {
      if (!bin.files.empty() && file->size_bytes + bytes > max_bytes) {
        out.push_back(bin);
        bin.files.clear();
        bytes = 0;
      }
      bin.files.push_back(file);
      bytes += file->size_bytes;
    }
    if (!bin.files.empty()) out.push_back(std::move(bin));
  }
  return out;
}

Result<RewriteResult> RunRewrite(const CommandContext& context, const Rewrite& rewrite) {
  RewriteResult result;
  if (rewrite.bins.empty()) return result;
  const delta::Snapshot& snapshot = *rewrite.snapshot;
  ASSIGN_OR_RETURN(const auto io, context.session->server()->catalog->IoFor(context.session, snapshot.table_path()));
  RETURN_IF_ERROR(delta::Transaction(io, rewrite.snapshot, Random::System()).CheckWritable());
  DeltaFiles files(context.session, snapshot.table_path(), snapshot.metadata(), snapshot.protocol(), {},
                   context.interrupted);
  auto added = RewriteBins(context, rewrite, &files);
  if (!added.ok()) {
    files.Discard();
    return added.status();
  }
  result.added = std::move(*added);
  for (const Bin& bin : rewrite.bins) {
    for (const AddFile* file : bin.files) result.removed.push_back(*file);
  }
  const Status committed = CommitRewrite(context, rewrite, result);
  if (!committed.ok()) {
    files.Discard(committed);
    return committed;
  }
  RETURN_IF_ERROR(UpdateManifests(context, snapshot.table_path(), snapshot.metadata()));
  return result;
}

}  // namespace deltic::spark::command
