// RESTORE TABLE t TO VERSION | TIMESTAMP AS OF …: one commit that brings back files, metadata and (never lowered) the
// protocol of an earlier version.
#include <set>

#include "base/random.h"
#include "delta/spec/features.h"
#include "spark/catalog/server_catalog.h"
#include "spark/command/clustering.h"
#include "spark/command/delta_target.h"
#include "spark/command/identity_marks.h"
#include "spark/command/maintenance.h"
#include "spark/command/result_rows.h"
#include "spark/command/table_version.h"
#include "spark/command/version.h"

namespace deltic::spark::command {
namespace {

using delta::AddFile;
using delta::Snapshot;

constexpr size_t kMaxMissedFiles = 100;  // named in the error

// The errors of time travel in RESTORE's words.
Status RestoreError(const Status& status) {
  const auto param = [&](const char* name) { return std::string(status.Param(name)); };
  if (status.Is("DELTA_VERSION_NOT_FOUND")) {
    return Error(
        "DELTA_CANNOT_RESTORE_TABLE_VERSION",
        {{"version", param("userVersion")}, {"startVersion", param("earliest")}, {"endVersion", param("latest")}});
  }
  if (status.Is("DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION")) {
    return Error("DELTA_CANNOT_RESTORE_TIMESTAMP_EARLIER",
                 {{"requestedTimestamp", param("userTimestamp")}, {"earliestTimestamp", param("commitTs")}});
  }
  if (status.Is("DELTA_TEMPORALLY_UNSTABLE_INPUT")) {
    return Error("DELTA_CANNOT_RESTORE_TIMESTAMP_GREATER",
                 {{"requestedTimestamp", param("userTimestamp")}, {"latestTimestamp", param("commitTs")}});
  }
  return status;
}

// The files of `a` that are not in `b`, by path and deletion vector.
std::vector<AddFile> Minus(const Snapshot& a, const Snapshot& b) {
  std::set<std::string> keys;
  for (const auto& file : b.files()) keys.insert(delta::FileKey(b.table_path(), file.path, file.deletion_vector));
  std::vector<AddFile> out;
  for (const auto& file : a.files()) {
    if (!keys.contains(delta::FileKey(a.table_path(), file.path, file.deletion_vector))) out.push_back(file);
  }
  return out;
}

Status CheckFilesExist(const delta::TableIo& io, const Snapshot& snapshot, const std::vector<AddFile>& files) {
  std::string missed;
  size_t count = 0;
  for (const auto& file : files) {
    const auto head = io.store->Head(delta::ResolveDataPath(snapshot.table_path(), file.path));
    if (head.ok()) continue;
    if (!head.status().Is("PATH_NOT_FOUND")) return head.status();
    missed += (missed.empty() ? "" : ",") + file.path;
    if (++count == kMaxMissedFiles) break;
  }
  if (missed.empty()) return Status::Ok();
  return Error("_RESTORE_MISSED_FILES", {},
               "Not all files from version " + std::to_string(snapshot.version()) +
                   " are available in file system.\n Missed files (top 100 files): " + missed +
                   ".\n Please use more recent version or timestamp for restoring.\n To disable check update option "
                   "spark.sql.files.ignoreMissingFiles");
}

// A clustered table gets the clustering columns of the restored version, or none.
void RestoreClustering(const Snapshot& restored, const Snapshot& latest, delta::Transaction* txn) {
  const auto current = latest.domains().find(kClusteringDomain);
  if (current == latest.domains().end()) return;
  const auto old = restored.domains().find(kClusteringDomain);
  delta::DomainMetadata domain;
  domain.domain = kClusteringDomain;
  domain.configuration = old != restored.domains().end() && delta::IsFeatureSupported(restored.protocol(), "clustering")
                             ? old->second.configuration
                             : "{\"clusteringColumns\":[],\"domainName\":\"delta.clustering\"}";
  txn->SetDomain(std::move(domain));
}

int64_t TotalBytes(const std::vector<AddFile>& files) {
  int64_t sum = 0;
  for (const auto& file : files) sum += file.size_bytes;
  return sum;
}

struct Restored {
  std::vector<AddFile> added, removed;
  int64_t table_bytes = 0, table_files = 0;

  std::vector<std::pair<std::string, std::string>> Metrics() const {
    return {{"numRestoredFiles", std::to_string(added.size())},
            {"removedFilesSize", std::to_string(TotalBytes(removed))},
            {"numRemovedFiles", std::to_string(removed.size())},
            {"restoredFilesSize", std::to_string(TotalBytes(added))},
            {"numOfFilesAfterRestore", std::to_string(table_files)},
            {"tableSizeAfterRestore", std::to_string(table_bytes)}};
  }
  engine::RelPtr Row() const {
    const auto number = [](size_t n) { return engine::Value{static_cast<int64_t>(n)}; };
    ResultRows rows;
    for (const char* name : {"table_size_after_restore", "num_of_files_after_restore", "num_removed_files",
                             "num_restored_files", "removed_files_size", "restored_files_size"}) {
      rows.Column(name, types::TypeId::kLong);
    }
    rows.Add({engine::Value{table_bytes}, engine::Value{table_files}, number(removed.size()), number(added.size()),
              engine::Value{TotalBytes(removed)}, engine::Value{TotalBytes(added)}});
    return rows.Build();
  }
};

Status CommitRestore(const CommandContext& context, const delta::TableIo& io, const Snapshot& to,
                     const std::shared_ptr<const Snapshot>& latest, const Restored& restored,
                     const std::vector<std::pair<std::string, std::string>>& parameters) {
  delta::Transaction txn(io, latest, Random::System());
  delta::Metadata metadata = to.metadata();
  MergeIdentityMarks(latest->metadata(), &metadata);
  RETURN_IF_ERROR(txn.UpdateMetadata(std::move(metadata)));
  const bool downgrade =
      context.session->conf().GetBool("spark.databricks.delta.restore.protocolDowngradeAllowed", false);
  RETURN_IF_ERROR(txn.UpdateProtocol(downgrade ? to.protocol() : delta::MergeProtocols(txn.protocol(), to.protocol())));
  txn.ReadWholeTable();
  for (AddFile file : restored.added) {
    file.data_change = true;
    txn.Add(std::move(file));
  }
  for (const auto& file : restored.removed) txn.Remove(file);
  RestoreClustering(to, *latest, &txn);
  delta::CommitOptions options;
  options.operation = "RESTORE";
  options.operation_parameters = parameters;
  options.operation_metrics = restored.Metrics();
  options.engine_info = EngineInfo();
  options.is_blind_append = false;
  options.user_metadata = context.session->conf().Get("spark.databricks.delta.commitInfo.userMetadata");
  return txn.Commit(options).status();
}

}  // namespace

Result<engine::RelPtr> RunRestore(const CommandContext& context, const plan::RestoreTable& command) {
  session::Session* session = context.session;
  ASSIGN_OR_RETURN(const auto target, RequireDeltaTarget(session, command.table, "RESTORE"));
  std::vector<std::pair<std::string, std::string>> parameters = {{"version", "null"}, {"timestamp", "null"}};
  std::optional<int64_t> timestamp_ms;
  if (command.version.has_value()) {
    parameters[0].second = std::to_string(*command.version);
  } else {
    ASSIGN_OR_RETURN(const TravelTime time, EvaluateTravelTime(session, command.timestamp));
    timestamp_ms = time.millis;
    parameters[1].second = time.text;
  }
  const auto to = SnapshotAt(session, target.snapshot, command.version, timestamp_ms);
  if (!to.ok()) return RestoreError(to.status());
  if ((*to)->version() == target.snapshot->version()) return NoRows();

  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, target.snapshot->table_path()));
  Restored restored;
  restored.added = Minus(**to, *target.snapshot);
  restored.removed = Minus(*target.snapshot, **to);
  restored.table_bytes = (*to)->size_bytes();
  restored.table_files = static_cast<int64_t>((*to)->files().size());
  if (!session->conf().GetBool("spark.sql.files.ignoreMissingFiles", false)) {
    RETURN_IF_ERROR(CheckFilesExist(io, **to, restored.added));
  }
  RETURN_IF_ERROR(CommitRestore(context, io, **to, target.snapshot, restored, parameters));
  RETURN_IF_ERROR(UpdateManifests(context, target.snapshot->table_path(), (*to)->metadata()));
  return restored.Row();
}

}  // namespace deltic::spark::command
