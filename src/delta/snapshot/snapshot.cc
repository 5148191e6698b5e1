// Choosing what to replay: which checkpoint, which commits; and the errors of a log with holes.
#include "delta/snapshot/snapshot.h"

#include <algorithm>
#include <functional>

#include "base/log.h"
#include "delta/log/log_files.h"
#include "delta/log/log_reads.h"
#include "delta/log/version_checksum.h"
#include "delta/snapshot/next_commit.h"
#include "delta/snapshot/snapshot_builder.h"
#include "delta/spec/properties.h"

namespace deltic::delta {
namespace {

Status NoLog(const std::string& table_path) {
  return Error("DELTA_MISSING_TRANSACTION_LOG", {{"path", table_path}, {"logPath", LogPath(table_path)}},
               "No transaction log found at " + LogPath(table_path) + ".");
}

std::string WithoutIntervalWord(std::string text) { return text.starts_with("interval ") ? text.substr(9) : text; }

Status Truncated(const std::string& table_path, int64_t first_missing, int64_t version) {
  const Metadata defaults;
  return Error(
      "DELTA_TRUNCATED_TRANSACTION_LOG",
      {{"path", CommitPath(table_path, first_missing)},
       {"version", std::to_string(version)},
       {"logRetentionKey", "delta.logRetentionDuration"},
       {"logRetention", WithoutIntervalWord(PropertyOf(defaults, "delta.logRetentionDuration"))},
       {"checkpointRetentionKey", "delta.checkpointRetentionDuration"},
       {"checkpointRetention", WithoutIntervalWord(PropertyOf(defaults, "delta.checkpointRetentionDuration"))}});
}

// Of `commits`, which should be those from `first` to `target`, one is not there.
Status NotContiguous(const std::string& table_path, const std::vector<CommitFile>& commits, int64_t first,
                     int64_t target) {
  std::string list;
  int64_t missing = first;
  for (const auto& commit : commits) {
    list += (list.empty() ? "" : ", ") + std::to_string(commit.version);
    if (commit.version == missing) missing++;
  }
  return Error("DELTA_VERSIONS_NOT_CONTIGUOUS",
               {{"versionList", list}, {"path", CommitPath(table_path, missing)}, {"version", std::to_string(target)}});
}

Status VersionNotFound(int64_t version, int64_t earliest, int64_t latest) {
  return Error("DELTA_VERSION_NOT_FOUND",
               {{"userVersion", std::to_string(version)},
                {"earliest", std::to_string(earliest)},
                {"latest", std::to_string(latest)}},
               "Cannot time travel Delta table to version " + std::to_string(version) + ". Available versions: [" +
                   std::to_string(earliest) + ", " + std::to_string(latest) + "].");
}

// Earliest version that can be rebuilt from the listing (which starts at 0).
int64_t EarliestRecreatable(const LogListing& listing) {
  if (!listing.commits.empty() && listing.commits[0].version == 0) return 0;
  return listing.checkpoints.empty() ? -1 : listing.checkpoints[0].version;
}

int64_t LatestOf(const LogListing& listing) {
  int64_t latest = -1;
  if (!listing.commits.empty()) latest = listing.commits.back().version;
  if (!listing.checkpoints.empty()) latest = std::max(latest, listing.checkpoints.back().version);
  return latest;
}

// One file to replay; a compacted one stands for the commits that it covers (PROTOCOL.md › Log Compaction Files).
struct ReplayedFile {
  std::string path;
  int64_t size_bytes = 0;
  CommitFile last;  // the newest of its commits
  bool compacted = false;
  std::shared_ptr<const std::string> text = nullptr;  // when it need not be read
};

std::vector<ReplayedFile> FilesToReplay(const std::vector<CompactedFile>& all_compacted,
                                        const std::vector<CommitFile>& commits, const std::string& table_path) {
  std::vector<ReplayedFile> files;
  for (size_t i = 0; i < commits.size();) {
    const CompactedFile* best = nullptr;
    for (const auto& compacted : all_compacted) {
      const bool fits = compacted.first == commits[i].version && compacted.last <= commits.back().version;
      if (fits && (best == nullptr || compacted.last > best->last)) best = &compacted;
    }
    const size_t count = best == nullptr ? 1 : static_cast<size_t>(best->last - best->first) + 1;
    const CommitFile& last = commits[i + count - 1];
    if (best == nullptr) {
      files.push_back({CommitPath(table_path, last.version), last.size_bytes, last, false});
    } else {
      files.push_back({best->path, best->size_bytes, last, true});
    }
    i += count;
  }
  return files;
}

// *unreadable: the compacted file, if it is one, that the error is about.
Status ApplyFiles(storage::ObjectStore* store, std::vector<ReplayedFile> files, SnapshotBuilder* builder,
                  std::string* unreadable) {
  std::vector<int64_t> sizes;
  for (const auto& file : files) sizes.push_back(file.size_bytes);
  std::vector<Status> read(files.size());
  const auto fetch = [&](size_t i) {
    if (files[i].text != nullptr) return;
    auto text = store->Get(files[i].path);
    read[i] = text.status();
    if (text.ok()) files[i].text = std::make_shared<const std::string>(std::move(*text));
  };
  return ReadInOrder(store, sizes, fetch, [&](size_t i) -> Status {
    const auto text = std::move(files[i].text);
    if (!files[i].compacted) {
      RETURN_IF_ERROR(read[i]);
      return builder->ApplyCommit(files[i].path, *text, files[i].last);
    }
    Status status = read[i];
    if (status.ok()) status = builder->ApplyCompacted(files[i].path, *text, files[i].last);
    if (!status.ok()) *unreadable = files[i].path;
    return status;
  });
}

using Compactions = std::vector<CompactedFile>;
using SnapshotResult = Result<std::shared_ptr<const Snapshot>>;

// Replays with the compacted files that are there, and without them when one cannot be read: what they say stands in
// the commits as well. `replay` tells which one it was.
SnapshotResult WithCompactions(const LogListing& listing,
                               const std::function<SnapshotResult(const Compactions&, std::string*)>& replay) {
  std::string unreadable;
  auto snapshot = replay(listing.compacted, &unreadable);
  if (snapshot.ok() || unreadable.empty()) return snapshot;
  Log(LogLevel::kWarn, "compacted_file_unreadable", {{"path", unreadable}, {"error", snapshot.status().ToString()}});
  return replay({}, &unreadable);
}

// Replays from `checkpoint` (null: from version 0) to `target`.
Result<std::shared_ptr<const Snapshot>> Replay(const TableIo& io, const std::string& table_path,
                                               const LogListing& listing, const CheckpointRef* checkpoint,
                                               int64_t target) {
  const int64_t base = checkpoint == nullptr ? -1 : checkpoint->version;
  std::vector<CommitFile> commits;
  for (const auto& commit : listing.commits) {
    if (commit.version > base && commit.version <= target) commits.push_back(commit);
  }
  if (checkpoint == nullptr && (commits.empty() || commits[0].version != 0)) return Truncated(table_path, 0, target);
  for (size_t i = 0; i < commits.size(); i++) {
    if (commits[i].version != base + 1 + static_cast<int64_t>(i)) {
      return NotContiguous(table_path, commits, base + 1, target);
    }
  }
  if (base + static_cast<int64_t>(commits.size()) != target) {
    return NotContiguous(table_path, commits, base + 1, target);
  }
  return WithCompactions(listing, [&](const Compactions& compactions, std::string* unreadable) -> SnapshotResult {
    SnapshotBuilder builder(io, table_path);
    auto files = FilesToReplay(compactions, commits, table_path);
    RETURN_IF_ERROR(ApplyFiles(io.store.get(), std::move(files), &builder, unreadable));
    if (checkpoint != nullptr) {
      const auto same = std::find_if(listing.commits.begin(), listing.commits.end(),
                                     [&](const CommitFile& commit) { return commit.version == base; });
      RETURN_IF_ERROR(builder.MergeCheckpoint(*checkpoint, same == listing.commits.end() ? nullptr : &*same));
    }
    return builder.Finish();
  });
}

// Replay, and whether the text of a checksum file agrees with what comes of it.
Result<std::shared_ptr<const Snapshot>> ReplayHeldTo(const Result<std::string>& checksum, const TableIo& io,
                                                     const std::string& table_path, const LogListing& listing,
                                                     const CheckpointRef* checkpoint, int64_t target) {
  ASSIGN_OR_RETURN(auto snapshot, Replay(io, table_path, listing, checkpoint, target));
  const Status agrees = VerifyChecksum(checksum, *snapshot);
  if (agrees.Is("DELTA_TXN_LOG_FAILED_INTEGRITY")) return agrees;
  return snapshot;
}

// From the newest checkpoint that works; one that is unreadable or not what `checksum` says is survived when the rest
// of the log allows it.
Result<std::shared_ptr<const Snapshot>> ReplayBest(const TableIo& io, const std::string& table_path,
                                                   const LogListing& listing, int64_t target,
                                                   const Result<std::string>& checksum) {
  Status first_error;
  for (auto it = listing.checkpoints.rbegin(); it != listing.checkpoints.rend(); ++it) {
    if (it->version > target) continue;
    auto snapshot = ReplayHeldTo(checksum, io, table_path, listing, &*it, target);
    if (snapshot.ok()) return snapshot;
    if (snapshot.status().Is("DELTA_VERSIONS_NOT_CONTIGUOUS")) return snapshot;
    if (first_error.ok()) first_error = snapshot.status();
    if (io.parquet != nullptr) {
      Log(LogLevel::kWarn, "checkpoint_unreadable",
          {{"path", it->files[0].path}, {"error", snapshot.status().ToString()}});
    }
  }
  auto snapshot = ReplayHeldTo(checksum, io, table_path, listing, nullptr, target);
  if (snapshot.ok() || first_error.ok()) return snapshot;
  return first_error;
}

// ReplayBest, held to the version's checksum. What no checkpoint and no commit can make agree is an error where that is
// asked for (delta-spark finds it out when it writes a checkpoint), else told.
Result<std::shared_ptr<const Snapshot>> ReplayAndCheck(const TableIo& io, const std::string& table_path,
                                                       const LogListing& listing, int64_t target) {
  const Result<std::string> none = Error("PATH_NOT_FOUND", {{"path", ChecksumPath(table_path, target)}});
  Result<std::shared_ptr<const Snapshot>> snapshot = std::shared_ptr<const Snapshot>();
  Result<std::string> checksum = std::string();
  io.store->Together({[&] { snapshot = ReplayBest(io, table_path, listing, target, none); },
                      [&] { checksum = io.store->Get(ChecksumPath(table_path, target)); }});
  if (!snapshot.ok()) return snapshot;
  const Status agrees = VerifyChecksum(checksum, **snapshot);
  if (!agrees.Is("DELTA_TXN_LOG_FAILED_INTEGRITY")) return snapshot;
  Log(LogLevel::kWarn, "checksum_mismatch",
      {{"path", ChecksumPath(table_path, target)},
       {"version", std::to_string(target)},
       {"difference", std::string(agrees.Param("mismatchStringOpt"))}});
  auto other = ReplayBest(io, table_path, listing, target, checksum);
  if (other.ok() || io.checksum_mismatch_is_fatal) return other;
  return snapshot;
}

}  // namespace

Result<std::shared_ptr<const Snapshot>> Snapshot::Load(const TableIo& io, const std::string& table_path,
                                                       std::optional<int64_t> version) {
  const std::string table = storage::NormalizePath(table_path);
  ASSIGN_OR_RETURN(LogStart start, ListLogFromHint(io.store.get(), table, version));
  LogListing& listing = start.listing;
  const auto has_base = [&](const LogListing& files) {
    for (const auto& checkpoint : files.checkpoints) {
      if (checkpoint.version <= version.value_or(INT64_MAX)) return true;
    }
    return false;
  };
  if (start.from > 0 && !has_base(listing)) {  // the hint is stale
    start.from = 0;
    ASSIGN_OR_RETURN(listing, ListLog(io.store.get(), table, 0));
  }
  if (listing.empty()) return NoLog(table);
  const int64_t latest = LatestOf(listing);
  const int64_t target = version.value_or(latest);
  if (target > latest || target < 0) {
    if (start.from > 0) {
      ASSIGN_OR_RETURN(listing, ListLog(io.store.get(), table, 0));
    }
    return VersionNotFound(target, EarliestRecreatable(listing), LatestOf(listing));
  }
  auto snapshot = ReplayAndCheck(io, table, listing, target);
  const Status& failed = snapshot.status();
  const bool refused =
      failed.Is("DELTA_UNSUPPORTED_FEATURES_FOR_READ") || failed.Is("DELTA_FEATURES_PROTOCOL_METADATA_MISMATCH");
  if (!snapshot.ok() && start.from > 0 && !refused) {
    ASSIGN_OR_RETURN(listing, ListLog(io.store.get(), table, 0));
    auto again = ReplayAndCheck(io, table, listing, target);
    if (again.ok()) return again;
  }
  if (!snapshot.ok() && version && target < EarliestRecreatable(listing)) {
    return VersionNotFound(target, EarliestRecreatable(listing), latest);
  }
  return snapshot;
}

Result<std::shared_ptr<const Snapshot>> Snapshot::Refresh(const TableIo& io, std::shared_ptr<const Snapshot> previous) {
  const std::string& table = previous->table_path_;
  if (previous->files_.StatisticsLost()) return Load(io, table);
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(io.store.get(), table, previous->version_));
  const auto& commits = listing.commits;
  const bool same_base = !commits.empty() && commits[0].version == previous->version_ &&
                         commits[0].size_bytes == previous->commit_size_ &&
                         commits[0].modified_ms == previous->commit_modified_ms_;
  // The table was replaced or its log cleaned up past us.
  if (!same_base) return Load(io, table);
  if (commits.size() == 1) return previous;
  for (size_t i = 1; i < commits.size(); i++) {
    if (commits[i].version != previous->version_ + static_cast<int64_t>(i)) {
      return NotContiguous(table, commits, previous->version_, commits.back().version);
    }
  }
  const auto own = NextCommitOf(*previous);
  return WithCompactions(listing, [&](const Compactions& compactions, std::string* unreadable) -> SnapshotResult {
    SnapshotBuilder builder(io, table);
    builder.StartFromSnapshot(previous);
    auto files = FilesToReplay(compactions, {commits.begin() + 1, commits.end()}, table);
    if (own != nullptr && !files[0].compacted && files[0].size_bytes == static_cast<int64_t>(own->size())) {
      files[0].text = own;
    }
    RETURN_IF_ERROR(ApplyFiles(io.store.get(), std::move(files), &builder, unreadable));
    return builder.Finish();
  });
}

std::string Snapshot::Property(std::string_view key) const { return PropertyOf(metadata_, key); }

bool Snapshot::ChangeDataFeedEnabled() const { return BoolProperty(metadata_, "delta.enableChangeDataFeed"); }
bool Snapshot::InCommitTimestampsEnabled() const { return BoolProperty(metadata_, "delta.enableInCommitTimestamps"); }

std::shared_ptr<const void> Snapshot::Derived(const std::string& key,
                                              const std::function<std::shared_ptr<const void>()>& make) const {
  {
    std::lock_guard<std::mutex> lock(derived_->mutex);
    const auto it = derived_->slots.find(key);
    if (it != derived_->slots.end()) return it->second;
  }
  auto made = make();
  if (made == nullptr) return made;
  std::lock_guard<std::mutex> lock(derived_->mutex);
  return derived_->slots.try_emplace(key, std::move(made)).first->second;
}

Result<bool> IsDeltaTable(storage::ObjectStore* store, const std::string& table_path) {
  return HasLog(store, storage::NormalizePath(table_path));
}

}  // namespace deltic::delta
