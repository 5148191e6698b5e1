#include "delta/vacuum/vacuum.h"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/log.h"
#include "delta/deletion_vector/deletion_vector.h"
#include "delta/log/history.h"
#include "delta/log/log_files.h"
#include "delta/spec/properties.h"

namespace deltic::delta {
namespace {

constexpr int64_t kMsPerHour = 3600 * 1000;
constexpr int kMaxDepth = 64;  // of directories
constexpr std::string_view kLastVacuumInfo = "_last_vacuum_info";

struct Candidate {
  int64_t size_bytes = 0;
  int64_t modified_ms = 0;
};
// By path relative to the table.
using Candidates = std::map<std::string, Candidate>;

bool IsHidden(std::string_view name, const std::vector<std::string>& partition_columns, bool iceberg) {
  if (iceberg && name == "metadata") return true;
  if (!name.starts_with(".") && !name.starts_with("_")) return false;
  if (name.starts_with("_delta_index") || name.starts_with("_change_data")) return false;
  return std::none_of(partition_columns.begin(), partition_columns.end(),
                      [&](const std::string& column) { return name.starts_with(column + "="); });
}

// The directories above a relative path, nearest first.
std::vector<std::string> ParentsOf(const std::string& path) {
  std::vector<std::string> out;
  for (size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0; slash = path.rfind('/', slash - 1)) {
    out.push_back(path.substr(0, slash));
  }
  return out;
}

// The path of a file of the log relative to the table; nullopt when it lies elsewhere.
std::optional<std::string> RelativeTo(const std::string& table, std::string_view path) {
  const std::string absolute = ResolveDataPath(table, path);
  const std::string root = storage::NormalizePath(table) + "/";
  if (!absolute.starts_with(root)) return std::nullopt;
  return absolute.substr(root.size());
}

// Paths and directories that must stay.
class Needed {
 public:
  explicit Needed(const std::string& table) : table_(table) {}
  Status Add(const std::string& path, const std::optional<DeletionVectorDescriptor>& vector) {
    Keep(RelativeTo(table_, path));
    if (!vector.has_value() || vector->storage_type == "i") return Status::Ok();
    ASSIGN_OR_RETURN(const std::string vector_path, DeletionVectorPath(table_, *vector));
    Keep(RelativeTo(table_, vector_path));
    return Status::Ok();
  }
  bool Has(const std::string& path) const { return paths_.contains(path); }

 private:
  void Keep(const std::optional<std::string>& path) {
    if (!path.has_value()) return;
    for (auto& parent : ParentsOf(*path)) paths_.insert(std::move(parent));
    paths_.insert(*path);
  }
  const std::string& table_;
  std::set<std::string> paths_;
};

struct Listing {
  Candidates files;
  std::vector<std::string> directories;
};

Status ListBelow(storage::ObjectStore* store, const Snapshot& snapshot, const std::string& relative, bool iceberg,
                 int depth, Listing* out) {
  if (depth > kMaxDepth) {
    return IoError(snapshot.table_path(),
                   "directories are nested deeper than " + std::to_string(kMaxDepth) + " levels");
  }
  const auto& partitions = snapshot.metadata().partition_columns;
  const std::string dir = relative.empty() ? snapshot.table_path() : storage::JoinPath(snapshot.table_path(), relative);
  const std::string prefix = relative.empty() ? std::string() : relative + "/";
  ASSIGN_OR_RETURN(const auto objects, store->List(dir));
  for (const auto& object : objects) {
    const std::string name(storage::BaseName(object.path));
    if (!IsHidden(name, partitions, iceberg)) out->files[prefix + name] = {object.size_bytes, object.modified_ms};
  }
  ASSIGN_OR_RETURN(const auto names, store->ListDirectories(dir));
  for (const auto& name : names) {
    if (IsHidden(name, partitions, iceberg)) continue;
    out->directories.push_back(prefix + name);
    RETURN_IF_ERROR(ListBelow(store, snapshot, prefix + name, iceberg, depth + 1, out));
  }
  return Status::Ok();
}

// Only the first name of a path tells whether it is hidden, as in delta-spark.
void TakeInventory(const std::vector<InventoryEntry>& inventory, const Snapshot& snapshot, bool iceberg, Listing* out) {
  for (const InventoryEntry& entry : inventory) {
    if (entry.path.empty() || IsHidden(entry.path, snapshot.metadata().partition_columns, iceberg)) continue;
    if (entry.is_directory) {
      out->directories.push_back(entry.path);
    } else {
      out->files[entry.path] = {entry.size_bytes, entry.modified_ms};
    }
  }
  std::sort(out->directories.begin(), out->directories.end());
  out->directories.erase(std::unique(out->directories.begin(), out->directories.end()), out->directories.end());
}

Status CheckRetention(const Snapshot& snapshot, const VacuumOptions& options, int64_t configured_ms) {
  if (!options.retention_ms.has_value()) return Status::Ok();
  if (*options.retention_ms < 0) {
    return Error("_VACUUM_REQUIREMENT", {}, "requirement failed: Retention for Vacuum can't be less than 0.");
  }
  if (!options.check_retention || *options.retention_ms >= configured_ms) return Status::Ok();
  const int64_t hours = (configured_ms + kMsPerHour - 1) / kMsPerHour;
  return Error("_VACUUM_REQUIREMENT", {{"table", snapshot.table_path()}},
               "requirement failed: Are you sure you would like to vacuum files with such a low retention period? If "
               "you have\nwriters that are currently writing to this table, there is a risk that you may corrupt "
               "the\nstate of your Delta table.\n\nIf you are certain that there are no operations being performed on "
               "this table, such as\ninsert/upsert/delete/optimize, then you may turn off this check by "
               "setting:\nspark.databricks.delta.retentionDurationCheck.enabled = false\n\nIf you are not sure, "
               "please use a value not less than \"" +
                   std::to_string(hours) + " hours\".\n       ");
}

Result<Needed> NeededBy(const Snapshot& snapshot, int64_t delete_before_ms) {
  Needed needed(snapshot.table_path());
  for (const auto& file : snapshot.files()) RETURN_IF_ERROR(needed.Add(file.path, file.deletion_vector));
  for (const auto& remove : snapshot.tombstones()) {
    if (remove.deletion_timestamp_ms.value_or(0) < delete_before_ms) continue;
    RETURN_IF_ERROR(needed.Add(remove.path, remove.deletion_vector));
  }
  return needed;
}

std::string LastVacuumPath(const Snapshot& snapshot) {
  return storage::JoinPath(LogPath(snapshot.table_path()), kLastVacuumInfo);
}

// Only a hint, like _last_checkpoint: anything unreadable is as if it were not there.
std::optional<int64_t> LastVacuumVersion(const TableIo& io, const Snapshot& snapshot) {
  const auto text = io.store->Get(LastVacuumPath(snapshot));
  if (!text.ok()) return std::nullopt;
  simdjson::dom::parser parser;
  int64_t version = 0;
  if (parser.parse(*text)["latestCommitVersionOutsideOfRetentionWindow"].get(version) != simdjson::SUCCESS)
    return std::nullopt;
  return version;
}

void AddCandidate(const Snapshot& snapshot, std::string_view path, Candidate candidate, Candidates* out) {
  const auto relative = RelativeTo(snapshot.table_path(), path);
  if (!relative.has_value()) return;
  const auto [it, inserted] = out->try_emplace(*relative, candidate);
  if (!inserted && it->second.modified_ms < candidate.modified_ms) it->second = candidate;
}

// Files that the commits first..last removed, with their deletion vectors, and the change files they wrote.
Result<Candidates> RemovedByLog(const TableIo& io, const Snapshot& snapshot, int64_t first, int64_t last) {
  Candidates out;
  for (int64_t version = first; version <= last; version++) {
    ASSIGN_OR_RETURN(const auto actions, ReadCommit(io.store.get(), snapshot.table_path(), version));
    for (const auto& action : actions) {
      if (const auto* cdc = std::get_if<CdcFile>(&action)) {
        AddCandidate(snapshot, cdc->path, {cdc->size_bytes, 0}, &out);
      }
      const auto* remove = std::get_if<RemoveFile>(&action);
      if (remove == nullptr) continue;
      const int64_t removed_ms = remove->deletion_timestamp_ms.value_or(0);
      AddCandidate(snapshot, remove->path, {remove->size_bytes.value_or(0), removed_ms}, &out);
      const auto& vector = remove->deletion_vector;
      if (!vector.has_value() || vector->storage_type != "u") continue;
      ASSIGN_OR_RETURN(const std::string path, DeletionVectorPath(snapshot.table_path(), *vector));
      AddCandidate(snapshot, path, {vector->size_bytes, removed_ms}, &out);
    }
  }
  return out;
}

// The last commit at or before a time; nullopt: all are later.
Result<std::optional<int64_t>> LastVersionBefore(const TableIo& io, const Snapshot& snapshot, int64_t time_ms) {
  const auto version = VersionAtTimestamp(io, snapshot.table_path(), time_ms, true);
  if (version.ok()) return std::optional<int64_t>(*version);
  if (version.status().Is("DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION")) return std::optional<int64_t>();
  return version.status();
}

Result<Candidates> LiteCandidates(const TableIo& io, const Snapshot& snapshot, std::optional<int64_t> last) {
  if (!last.has_value()) return Candidates();
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(io.store.get(), snapshot.table_path(), 0));
  const int64_t earliest = listing.commits.empty() ? 0 : listing.commits.front().version;
  const auto previous = LastVacuumVersion(io, snapshot);
  if (earliest != 0 && previous.value_or(-1) < earliest) return Error("DELTA_CANNOT_VACUUM_LITE");
  const int64_t first = std::min(snapshot.version(), previous.has_value() ? *previous + 1 : earliest);
  return RemovedByLog(io, snapshot, first, *last);
}

}  // namespace

Result<VacuumPlan> PlanVacuum(const TableIo& io, const Snapshot& snapshot, const VacuumOptions& options) {
  Clock* clock = io.clock != nullptr ? io.clock : Clock::System();
  const int64_t configured_ms = DurationPropertyMs(snapshot.metadata(), "delta.deletedFileRetentionDuration");
  RETURN_IF_ERROR(CheckRetention(snapshot, options, configured_ms));
  const int64_t delete_before_ms = clock->NowMillis() - options.retention_ms.value_or(configured_ms);
  ASSIGN_OR_RETURN(const Needed needed, NeededBy(snapshot, delete_before_ms));
  VacuumPlan plan;
  Listing listing;
  const bool iceberg =
      PropertyOf(snapshot.metadata(), "delta.universalFormat.enabledFormats").find("iceberg") != std::string::npos;
  if (options.inventory.has_value()) {
    TakeInventory(*options.inventory, snapshot, iceberg, &listing);
    plan.listed_directories += static_cast<int64_t>(listing.directories.size());
  } else if (options.lite) {
    ASSIGN_OR_RETURN(plan.last_version, LastVersionBefore(io, snapshot, delete_before_ms));
    ASSIGN_OR_RETURN(listing.files, LiteCandidates(io, snapshot, plan.last_version));
  } else {
    RETURN_IF_ERROR(ListBelow(io.store.get(), snapshot, "", iceberg, 0, &listing));
    plan.listed_directories += static_cast<int64_t>(listing.directories.size());
  }
  std::set<std::string> occupied;  // directories with a file in them, now or (LITE) before this
  std::set<std::string> old;       // those with an old file
  for (const auto& [path, file] : listing.files) {
    const bool young = file.modified_ms >= delete_before_ms;
    for (auto& parent : ParentsOf(path)) {
      if (!young) old.insert(parent);
      occupied.insert(std::move(parent));
    }
    if (young || needed.Has(path)) continue;
    plan.files.push_back(path);
    plan.bytes += file.size_bytes;
  }
  for (const auto& directory : listing.directories) {
    if (needed.Has(directory)) continue;
    if (!occupied.contains(directory)) {
      plan.directories.push_back(directory);
    } else if (!old.contains(directory)) {
      plan.young_directories++;
    }
  }
  std::sort(plan.directories.rbegin(), plan.directories.rend());
  return plan;
}

Result<int64_t> DeleteVacuumed(const TableIo& io, const Snapshot& snapshot, const VacuumPlan& plan) {
  int64_t deleted = 0;
  for (const auto& file : plan.files) {
    const std::string path = storage::JoinPath(snapshot.table_path(), file);
    RETURN_IF_ERROR(io.store->Delete(path));
    deleted++;
    // Hadoop's local file system keeps checksums beside the files it writes.
    if (storage::IsRemoteNative(io.store->NativePath(path))) continue;
    const std::string checksum = "." + std::string(storage::BaseName(path)) + ".crc";
    RETURN_IF_ERROR(io.store->Delete(storage::JoinPath(storage::DirName(path), checksum)));
  }
  for (const auto& directory : plan.directories) {
    if (io.store->Delete(storage::JoinPath(snapshot.table_path(), directory)).ok()) deleted++;
  }
  return deleted;
}

void RecordVacuum(const TableIo& io, const Snapshot& snapshot, const VacuumPlan& plan) {
  const std::string text =
      plan.last_version.has_value()
          ? "{\"latestCommitVersionOutsideOfRetentionWindow\":" + std::to_string(*plan.last_version) + "}\n"
          : "{}\n";
  const Status written = io.store->Put(LastVacuumPath(snapshot), text);
  if (!written.ok()) {
    Log(LogLevel::kWarn, "vacuum_record_failed", {{"table", snapshot.table_path()}, {"error", written.ToString()}});
  }
}

}  // namespace deltic::delta
