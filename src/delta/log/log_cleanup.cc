#include "delta/log/log_cleanup.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "delta/checkpoint/checkpoint_reader.h"
#include "delta/log/log_files.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"

namespace deltic::delta {
namespace {

constexpr int64_t kDayMs = 86400000;

// The checkpoint to keep: the newest one that is not newer than the newest commit at or before the cutoff. -1: none.
// Times of commits that go backwards count as later than the one before, as in the history.
int64_t CutoffCheckpoint(const LogListing& listing, int64_t cutoff_ms) {
  int64_t newest = -1;
  int64_t time_ms = INT64_MIN;
  for (const auto& commit : listing.commits) {
    time_ms = std::max(commit.modified_ms, time_ms == INT64_MIN ? time_ms : time_ms + 1);
    if (time_ms > cutoff_ms) break;
    newest = commit.version;
  }
  int64_t checkpoint = -1;
  for (const auto& ref : listing.checkpoints) {
    // Its commit must be there too: it holds the version's time.
    const bool whole = std::any_of(listing.commits.begin(), listing.commits.end(),
                                   [&](const CommitFile& commit) { return commit.version == ref.version; });
    if (whole && ref.version <= newest) checkpoint = std::max(checkpoint, ref.version);
  }
  return checkpoint;
}

// Files of versions before `version`, and compacted files that begin at or before it, in the order of their names: what
// is left after each of them is gone begins one version later.
Result<std::vector<std::string>> FilesBefore(storage::ObjectStore* store, const std::string& table, int64_t version) {
  ASSIGN_OR_RETURN(const auto objects, store->List(LogPath(table)));
  std::vector<std::string> files;
  for (const auto& object : objects) {
    const std::string_view name = storage::BaseName(object.path);
    const auto of = VersionOfName(name);
    if (!of || *of > version || (*of == version && !name.ends_with(".compacted.json"))) continue;
    files.push_back(object.path);
  }
  return files;
}

// History before delta.requireCheckpointProtectionBeforeVersion goes whole or not at all.
bool ProtectionAllows(const Snapshot& snapshot, int64_t kept_from) {
  if (!IsFeatureSupported(snapshot.protocol(), "checkpointProtection")) return true;
  return kept_from >= IntProperty(snapshot.metadata(), "delta.requireCheckpointProtectionBeforeVersion");
}

// Sidecars older than the cutoff that no checkpoint left refers to.
Status CleanUpSidecars(const TableIo& io, const Snapshot& snapshot, int64_t cutoff_ms,
                       std::vector<std::string>* deleted) {
  const std::string& table = snapshot.table_path();
  if (!IsFeatureSupported(snapshot.protocol(), "v2Checkpoint")) return Status::Ok();
  ASSIGN_OR_RETURN(const auto sidecars, io.store->List(LogPath(table) + "/_sidecars"));
  if (sidecars.empty()) return Status::Ok();
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(io.store.get(), table, 0));
  std::set<std::string, std::less<>> used;
  for (const auto& checkpoint : listing.checkpoints) {
    auto paths = SidecarsOf(io.store.get(), io.parquet, table, checkpoint);
    if (!paths.ok()) return paths.status();  // what it uses is not known: nothing goes
    for (const auto& path : *paths) used.emplace(storage::BaseName(path));
  }
  // One that is being written is not referred to yet: only old ones go.
  for (const auto& sidecar : sidecars) {
    if (sidecar.modified_ms >= cutoff_ms || used.contains(storage::BaseName(sidecar.path))) continue;
    RETURN_IF_ERROR(io.store->Delete(sidecar.path));
    deleted->push_back(sidecar.path);
  }
  return Status::Ok();
}

}  // namespace

Result<std::vector<std::string>> CleanUpLog(const TableIo& io, const Snapshot& snapshot,
                                            const CleanupOptions& options) {
  std::vector<std::string> deleted;
  if (!options.cutoff_ms && !BoolProperty(snapshot.metadata(), "delta.enableExpiredLogCleanup")) return deleted;
  Clock* clock = io.clock != nullptr ? io.clock : Clock::System();
  int64_t cutoff_ms = clock->NowMillis() - DurationPropertyMs(snapshot.metadata(), "delta.logRetentionDuration");
  cutoff_ms -= ((cutoff_ms % kDayMs) + kDayMs) % kDayMs;
  if (options.cutoff_ms) cutoff_ms = *options.cutoff_ms;
  const std::string& table = snapshot.table_path();
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(io.store.get(), table, 0));
  const int64_t kept_from = CutoffCheckpoint(listing, cutoff_ms);
  if (kept_from <= 0) return deleted;
  ASSIGN_OR_RETURN(const auto files, FilesBefore(io.store.get(), table, kept_from));
  if (files.empty()) return deleted;
  if (!ProtectionAllows(snapshot, kept_from)) {
    Log(LogLevel::kInfo, "log_cleanup_skipped", {{"table", table}, {"reason", "checkpointProtection"}});
    return deleted;
  }
  bool checkpoint_deleted = false;
  for (const auto& path : files) {
    RETURN_IF_ERROR(io.store->Delete(path));
    checkpoint_deleted = checkpoint_deleted || path.find(".checkpoint.") != std::string::npos;
    deleted.push_back(path);
  }
  if (checkpoint_deleted) RETURN_IF_ERROR(CleanUpSidecars(io, snapshot, cutoff_ms, &deleted));
  return deleted;
}

Result<int64_t> EarliestReliableCheckpoint(storage::ObjectStore* store, const std::string& table_path) {
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(store, storage::NormalizePath(table_path), 0));
  int64_t earliest = -1;
  int64_t previous = 0;
  for (const auto& commit : listing.commits) {
    if (commit.version > previous + 1) earliest = -1;  // a gap: start again after it
    if (earliest < 0) {
      const bool here = std::any_of(listing.checkpoints.begin(), listing.checkpoints.end(),
                                    [&](const CheckpointRef& ref) { return ref.version == commit.version; });
      if (here) earliest = commit.version;
    }
    previous = commit.version;
  }
  return earliest;
}

}  // namespace deltic::delta
