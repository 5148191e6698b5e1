#include "delta/transaction/conflict_checker.h"

#include <algorithm>

#include "delta/spec/features.h"
#include "delta/spec/row_tracking.h"
#include "delta/spec/schema.h"
#include "storage/object_store.h"

namespace deltic::delta {
namespace {

constexpr std::string_view kDocLink = "https://docs.delta.io/latest/concurrency-control.html";

// "\nConflicting commit: {json}" or nothing.
std::string ConflictingCommit(const std::vector<Action>& winner, int64_t version) {
  for (const auto& action : winner) {
    const auto* info = std::get_if<CommitInfo>(&action);
    if (info == nullptr) continue;
    CommitInfo shown = *info;
    shown.version = version;
    const std::string json = ActionToJson(shown);
    constexpr std::string_view kWrapper = "{\"commitInfo\":";
    return "\nConflicting commit: " + json.substr(kWrapper.size(), json.size() - kWrapper.size() - 1);
  }
  return {};
}

Status Conflict(std::string condition, ErrorParams params, const std::vector<Action>& winner, int64_t version) {
  params.emplace_back("conflictingCommit", ConflictingCommit(winner, version));
  params.emplace_back("docLink", std::string(kDocLink));
  return Error(std::move(condition), std::move(params));
}

// "the root of the table" or "partition [p=a, q=b]".
std::string PartitionText(const TransactionFootprint& mine, const PartitionValues& values) {
  if (mine.snapshot == nullptr || mine.snapshot->metadata().partition_columns.empty()) return "the root of the table";
  const ColumnMappingMode mode = MappingModeOf(mine.snapshot->metadata());
  std::string out;
  for (const auto& column : mine.snapshot->metadata().partition_columns) {
    std::string key = column;
    const int index = mine.snapshot->schema().FieldIndex(column);
    if (index >= 0) key = PhysicalName(mine.snapshot->schema().fields()[static_cast<size_t>(index)], mode);
    const auto it = values.find(key);
    out += (out.empty() ? "" : ", ") + column + "=" +
           (it != values.end() && it->second ? *it->second : std::string("null"));
  }
  return "partition [" + out + "]";
}

Status CheckProtocol(const TransactionFootprint& mine, int64_t version, const std::vector<Action>& winner) {
  for (const auto& action : winner) {
    const auto* protocol = std::get_if<Protocol>(&action);
    if (protocol == nullptr) continue;
    RETURN_IF_ERROR(CheckReadable(*protocol, mine.table_path));
    const bool drops = mine.snapshot != nullptr && RemovesFeatures(mine.snapshot->protocol(), *protocol);
    if (!mine.changes_protocol && !drops) continue;
    const std::string info = version == 0 ? "This happens when multiple writers are writing to an empty directory. "
                                            "Creating the table ahead of time will avoid this conflict. "
                                          : "";
    return Conflict("DELTA_PROTOCOL_CHANGED", {{"additionalInfo", info}}, winner, version);
  }
  return Status::Ok();
}

const CommitInfo* InfoOf(const std::vector<Action>& winner) {
  for (const auto& action : winner) {
    if (const auto* info = std::get_if<CommitInfo>(&action)) return info;
  }
  return nullptr;
}

bool HasTag(const std::vector<Action>& commit, std::string_view tag) {
  const CommitInfo* info = InfoOf(commit);
  if (info == nullptr) return false;
  const auto it = info->tags.find(std::string(tag));
  return it != info->tags.end() && types::EqualsIgnoreCase(it->second, "true");
}

Status CheckMetadata(const TransactionFootprint& mine, int64_t version, const std::vector<Action>& winner) {
  const bool changed = std::any_of(winner.begin(), winner.end(),
                                   [](const Action& action) { return std::holds_alternative<Metadata>(action); });
  if (!changed) return Status::Ok();
  // Two kinds of new metadata leave a commit that changes none itself alone.
  const bool harmless = HasTag(winner, kIdentityOnlyTag) || IsRowTrackingEnablementOnly(winner);
  if (harmless && !mine.changes_metadata) return Status::Ok();
  return Conflict("DELTA_METADATA_CHANGED", {}, winner, version);
}

// Does the transaction depend on what such a partition will hold? Without partitions every reader does. A transaction
// that read or removed files but said nothing about partitions is taken to depend on all of them.
bool ReadsPartition(const TransactionFootprint& mine, const PartitionValues& values) {
  if (mine.read_whole_table || mine.snapshot == nullptr || mine.snapshot->metadata().partition_columns.empty()) {
    return true;
  }
  const bool declared = mine.read_partitions != nullptr && !mine.read_partitions->empty();
  if (!declared) return !mine.read_paths->empty() || !mine.removed_paths->empty();
  for (const auto& matches : *mine.read_partitions) {
    if (matches(values)) return true;
  }
  return false;
}

// Files the transaction should have seen.
Status CheckAdded(const TransactionFootprint& mine, int64_t version, const std::vector<Action>& winner) {
  if (mine.is_blind_append || mine.isolation == IsolationLevel::kSnapshot) return Status::Ok();
  const CommitInfo* info = InfoOf(winner);
  // Numbering files again adds nothing to read.
  if (mine.operation == kRowTrackingBackfill || (info != nullptr && info->operation == kRowTrackingBackfill)) {
    return Status::Ok();
  }
  const bool only_adds = std::none_of(winner.begin(), winner.end(), [](const Action& action) {
    return std::holds_alternative<RemoveFile>(action) || std::holds_alternative<CdcFile>(action);
  });
  const bool winner_blind = info != nullptr && info->is_blind_append.value_or(false);
  const bool write_serializable = mine.isolation == IsolationLevel::kWriteSerializable;
  if (winner_blind && write_serializable && !mine.changes_metadata) return Status::Ok();
  for (const auto& action : winner) {
    const auto* add = std::get_if<AddFile>(&action);
    if (add == nullptr || !ReadsPartition(mine, add->partition_values)) continue;
    const bool unknown = write_serializable && only_adds && (info == nullptr || !info->is_blind_append);
    return Conflict("DELTA_CONCURRENT_APPEND",
                    {{"partition", PartitionText(mine, add->partition_values)},
                     {"retryMsg", unknown ? "Upgrading all your concurrent writers to use the latest Delta Lake may "
                                            "avoid this error. Please upgrade and then retry this operation again."
                                          : "Please try the operation again."}},
                    winner, version);
  }
  return Status::Ok();
}

Status CheckRemoved(const TransactionFootprint& mine, int64_t version, const std::vector<Action>& winner) {
  std::vector<std::pair<std::string, const RemoveFile*>> removes;
  for (const auto& action : winner) {
    const auto* remove = std::get_if<RemoveFile>(&action);
    if (remove != nullptr) removes.emplace_back(FileKey(mine.table_path, remove->path, std::nullopt), remove);
  }
  for (const auto& [key, remove] : removes) {
    const auto read = mine.read_paths->find(key);
    if (read == mine.read_paths->end()) continue;
    return Conflict("DELTA_CONCURRENT_DELETE_READ",
                    {{"file", storage::UriEncodePath(remove->path) + " in " + PartitionText(mine, read->second)}},
                    winner, version);
  }
  if (!removes.empty() && mine.read_whole_table) {
    return Conflict("DELTA_CONCURRENT_DELETE_READ", {{"file", storage::UriEncodePath(removes[0].second->path)}}, winner,
                    version);
  }
  for (const auto& [key, remove] : removes) {
    if (!mine.removed_paths->contains(key)) continue;
    return Conflict("DELTA_CONCURRENT_DELETE_DELETE", {{"file", storage::UriEncodePath(remove->path)}}, winner,
                    version);
  }
  return Status::Ok();
}

}  // namespace

std::string_view IsolationLevelName(IsolationLevel level) {
  switch (level) {
    case IsolationLevel::kSerializable: return "Serializable";
    case IsolationLevel::kWriteSerializable: return "WriteSerializable";
    case IsolationLevel::kSnapshot: return "SnapshotIsolation";
  }
  return "";
}

bool IsRowTrackingEnablementOnly(const std::vector<Action>& commit) {
  return HasTag(commit, kRowTrackingEnablementOnlyTag);
}

Status CheckConflicts(const TransactionFootprint& mine, int64_t winner_version, const std::vector<Action>& winner) {
  RETURN_IF_ERROR(CheckProtocol(mine, winner_version, winner));
  RETURN_IF_ERROR(CheckMetadata(mine, winner_version, winner));
  for (const auto& action : winner) {
    const auto* domain = std::get_if<DomainMetadata>(&action);
    if (domain == nullptr || domain->domain == kRowTrackingDomain || !mine.domains->contains(domain->domain)) continue;
    return Error("DELTA_CONCURRENT_TRANSACTION",
                 {{"conflictingCommit", ConflictingCommit(winner, winner_version)}, {"docLink", std::string(kDocLink)}},
                 "A conflicting metadata domain " + domain->domain + " is added.");
  }
  for (const auto& action : winner) {
    const auto* txn = std::get_if<SetTransaction>(&action);
    if (txn != nullptr && mine.app_ids->contains(txn->app_id)) {
      return Conflict("DELTA_CONCURRENT_TRANSACTION", {}, winner, winner_version);
    }
  }
  RETURN_IF_ERROR(CheckAdded(mine, winner_version, winner));
  return CheckRemoved(mine, winner_version, winner);
}

}  // namespace deltic::delta
