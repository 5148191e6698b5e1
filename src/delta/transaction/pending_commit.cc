#include "delta/transaction/pending_commit.h"

#include <algorithm>
#include <set>

#include "delta/log/log_files.h"
#include "delta/spec/action_json.h"
#include "delta/spec/column_mapping.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"
#include "delta/spec/row_tracking.h"

namespace deltic::delta {
namespace {

// Operations that keep rows and so could lose their ids.
constexpr std::string_view kRewritingOperations[] = {"UPDATE",   "MERGE", "DELETE",
                                                     "OPTIMIZE", "REORG", "REMOVE COLUMN MAPPING"};
// Operations that may take features away from a table.
constexpr std::string_view kDowngradingOperations[] = {"DROP FEATURE", "RESTORE"};
constexpr std::string_view kProtectionProperty = "delta.requireCheckpointProtectionBeforeVersion";

template <size_t N>
bool IsOneOf(const std::string_view (&names)[N], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// Some file is new under its path while others go: rows may have moved.
bool MovesRows(const std::vector<Action>& files) {
  std::set<std::string_view> added;
  std::set<std::string_view> removed;
  for (const auto& action : files) {
    if (const auto* add = std::get_if<AddFile>(&action)) added.insert(add->path);
    if (const auto* remove = std::get_if<RemoveFile>(&action)) removed.insert(remove->path);
  }
  const bool any_new = std::any_of(added.begin(), added.end(), [&](auto path) { return !removed.contains(path); });
  return any_new && std::any_of(removed.begin(), removed.end(), [&](auto path) { return !added.contains(path); });
}

Status CheckDomains(const std::vector<DomainMetadata>& domains, const Protocol& protocol) {
  std::set<std::string> names;
  for (const auto& domain : domains) {
    if (!names.insert(domain.domain).second) {
      return Error("DELTA_DUPLICATE_DOMAIN_METADATA_INTERNAL_ERROR", {{"domainName", domain.domain}});
    }
    if (domain.domain == kRowTrackingDomain) {
      return InternalError("Manually setting the Row ID high water mark is not allowed");
    }
  }
  if (names.empty() || IsFeatureSupported(protocol, "domainMetadata")) return Status::Ok();
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ",") + name;
  return Error("DELTA_DOMAIN_METADATA_NOT_SUPPORTED", {{"domainNames", "[" + list + "]"}});
}

Status CheckTransactions(const std::vector<SetTransaction>& txns) {
  std::map<std::string, int64_t> versions;
  for (const auto& txn : txns) {
    const auto [it, inserted] = versions.emplace(txn.app_id, txn.version);
    if (inserted || it->second == txn.version) continue;
    return Error("DELTA_CONFLICTING_SET_TRANSACTION", {{"appId", txn.app_id}},
                 "Two SetTransaction actions within the same transaction have the same appId " + txn.app_id +
                     " but different versions " + std::to_string(it->second) + " and " + std::to_string(txn.version) +
                     ".");
  }
  return Status::Ok();
}

// A file with a deletion vector must tell its physical rows (PROTOCOL.md › Deletion Vectors).
Status CheckDeletionVectors(const PendingCommit& commit) {
  for (const auto& action : commit.files) {
    const auto* add = std::get_if<AddFile>(&action);
    if (add == nullptr || !add->deletion_vector) continue;
    if (!IsFeatureSupported(commit.protocol, "deletionVectors")) {
      return Error("DELTA_ADDING_DELETION_VECTORS_DISALLOWED");
    }
    if (!RecordCountOf(add->stats)) return Error("DELTA_DELETION_VECTOR_MISSING_NUM_RECORDS");
  }
  return Status::Ok();
}

std::vector<SetTransaction> WithoutRepeats(const std::vector<SetTransaction>& txns) {
  std::vector<SetTransaction> out;
  std::set<std::string> seen;
  for (const auto& txn : txns) {
    if (seen.insert(txn.app_id).second) out.push_back(txn);
  }
  return out;
}

// Ids and versions for the files that have none yet; *mark is the last id given out.
Status NumberFiles(const Protocol& protocol, int64_t version, std::vector<Action>* files, int64_t* mark) {
  const bool ids = RowTrackingSupported(protocol);
  const bool versions =
      ids || IsFeatureSupported(protocol, "typeWidening") || IsFeatureSupported(protocol, "typeWidening-preview");
  if (!versions) return Status::Ok();
  for (auto& action : *files) {
    auto* add = std::get_if<AddFile>(&action);
    if (add == nullptr) continue;
    if (!add->default_row_commit_version) add->default_row_commit_version = version;
    if (!ids || add->base_row_id) continue;
    const auto rows = RecordCountOf(add->stats);
    if (!rows) return Error("DELTA_ROW_ID_ASSIGNMENT_WITHOUT_STATS");
    add->base_row_id = *mark + 1;
    *mark += *rows;
  }
  return Status::Ok();
}

}  // namespace

bool PendingCommit::InCommitTimestamps() const {
  return BoolProperty(metadata, "delta.enableInCommitTimestamps") && IsFeatureSupported(protocol, "inCommitTimestamp");
}

bool PendingCommit::TurnsOnInCommitTimestamps() const {
  return InCommitTimestamps() && snapshot != nullptr && !snapshot->InCommitTimestampsEnabled();
}

bool PendingCommit::RemovesData() const {
  return std::any_of(files.begin(), files.end(), [](const Action& action) {
    const auto* remove = std::get_if<RemoveFile>(&action);
    return remove != nullptr && remove->data_change;
  });
}

bool PendingCommit::ChangesFiles() const {
  return std::any_of(files.begin(), files.end(),
                     [](const Action& action) { return !std::holds_alternative<AddFile>(action); });
}

IsolationLevel PendingCommit::Isolation(const std::string& operation) const {
  const bool write_serializable =
      types::EqualsIgnoreCase(PropertyOf(metadata, "delta.isolationLevel"), "WriteSerializable");
  const IsolationLevel table = write_serializable ? IsolationLevel::kWriteSerializable : IsolationLevel::kSerializable;
  // delta-spark canDowngradeToSnapshotIsolation: files that change no data, and nothing else.
  if (metadata_changed || protocol_changed || !txns.empty() || !domains.empty()) return table;
  const bool changes_data = std::any_of(files.begin(), files.end(), [](const Action& action) {
    const auto* add = std::get_if<AddFile>(&action);
    const auto* remove = std::get_if<RemoveFile>(&action);
    return (add != nullptr && add->data_change) || (remove != nullptr && remove->data_change);
  });
  if (changes_data) return table;
  const bool says_so = operation == "OPTIMIZE" || operation == "REORG";
  return table == IsolationLevel::kSerializable || says_so ? IsolationLevel::kSnapshot : table;
}

Status PendingCommit::Validate(const CommitOptions& options) const {
  if (!has_metadata) {
    return Error("DELTA_METADATA_ABSENT", {},
                 "Couldn't find Metadata while committing the first version of the Delta table.");
  }
  RETURN_IF_ERROR(CheckWritable(protocol, metadata, table));
  if (metadata_changed || !files.empty()) RETURN_IF_ERROR(CheckColumnMappingMode(metadata));
  if (snapshot != nullptr && RemovesFeatures(snapshot->protocol(), protocol) &&
      !IsOneOf(kDowngradingOperations, options.operation)) {
    const auto versions = [](const Protocol& p) {
      return std::to_string(p.min_reader_version) + "," + std::to_string(p.min_writer_version);
    };
    return Error("DELTA_INVALID_PROTOCOL_DOWNGRADE",
                 {{"oldProtocol", versions(snapshot->protocol())}, {"newProtocol", versions(protocol)}},
                 "Protocol version cannot be downgraded from (" + versions(snapshot->protocol()) + ") to (" +
                     versions(protocol) + ")");
  }
  // The properties that were read decide, as in delta-spark: a commit cannot lift the rule for itself. Only RESTORE
  // takes rows of an append-only table away.
  const Metadata& rules = snapshot != nullptr ? snapshot->metadata() : metadata;
  if (RemovesData() && options.operation != "RESTORE" && BoolProperty(rules, "delta.appendOnly")) {
    return Error("DELTA_CANNOT_MODIFY_APPEND_ONLY",
                 {{"table_name", rules.name.value_or("null")}, {"config", "delta.appendOnly"}});
  }
  RETURN_IF_ERROR(CheckDomains(domains, protocol));
  RETURN_IF_ERROR(CheckTransactions(txns));
  RETURN_IF_ERROR(CheckDeletionVectors(*this));
  if (!IsOneOf(kRewritingOperations, options.operation) || !MovesRows(files)) return Status::Ok();
  ASSIGN_OR_RETURN(const auto stored, MaterializedRowColumnsOf(protocol, metadata));
  if (stored.has_value() && !preserves_row_ids) {
    return Unsupported(options.operation + " that rewrites rows of a table with row tracking (rowTracking)");
  }
  return Status::Ok();
}

Result<CommitText> WriteCommitText(const PendingCommit& commit, const CommitOptions& options, bool blind_append,
                                   const std::string& txn_id, int64_t version, int64_t now_ms) {
  CommitText out;
  out.metadata = commit.metadata;
  bool writes_metadata = commit.metadata_changed;
  CommitInfo info;
  info.timestamp_ms = now_ms;
  if (commit.InCommitTimestamps()) {
    info.in_commit_timestamp_ms = std::max(now_ms, commit.previous_timestamp_ms + 1);
    if (commit.TurnsOnInCommitTimestamps() && version > 0) {
      auto& configuration = out.metadata.configuration;
      configuration["delta.inCommitTimestampEnablementVersion"] = std::to_string(version);
      configuration["delta.inCommitTimestampEnablementTimestamp"] = std::to_string(*info.in_commit_timestamp_ms);
      writes_metadata = true;
    }
  }
  out.in_commit_timestamp_ms = info.in_commit_timestamp_ms;
  // A feature that goes leaves its history protected up to this commit, wherever it lands.
  if (commit.snapshot != nullptr && writes_metadata && RemovesFeatures(commit.snapshot->protocol(), commit.protocol) &&
      IsFeatureSupported(commit.protocol, "checkpointProtection")) {
    const auto it = out.metadata.configuration.find(std::string(kProtectionProperty));
    if (it != out.metadata.configuration.end()) it->second = std::to_string(version);
  }
  std::vector<Action> files = commit.files;
  int64_t mark = commit.row_id_mark;
  RETURN_IF_ERROR(NumberFiles(commit.protocol, version, &files, &mark));
  out.domains = commit.domains;
  if (mark != commit.row_id_mark) out.domains.push_back(RowIdHighWaterMarkDomain(mark));

  info.operation = options.operation;
  info.operation_parameters = options.operation_parameters;
  if (commit.snapshot != nullptr) {
    info.read_version = commit.snapshot->version();
  } else if (options.records_missing_read_version) {
    info.read_version = -1;
  }
  info.isolation_level = std::string(IsolationLevelName(commit.Isolation(options.operation)));
  info.is_blind_append = blind_append;
  info.operation_metrics = options.operation_metrics;
  info.has_operation_metrics = true;
  info.user_metadata = options.user_metadata;
  info.tags = options.tags;
  if (commit.identity_only) info.tags[std::string(kIdentityOnlyTag)] = "true";
  if (commit.row_tracking_lost) {
    info.tags[std::string(kRowTrackingPreservedTag)] = "false";
  } else if (RowTrackingEnabled(commit.protocol, commit.metadata) && IsOneOf(kRewritingOperations, options.operation)) {
    info.tags.emplace(kRowTrackingPreservedTag, "true");
  }
  info.engine_info = options.engine_info;
  info.txn_id = txn_id;

  out.text = ActionToJson(info) + "\n";
  const auto append = [&](const Action& action) { out.text += ActionToJson(action) + "\n"; };
  if (writes_metadata) append(out.metadata);
  if (commit.protocol_changed) append(commit.protocol);
  for (const auto& txn : WithoutRepeats(commit.txns)) append(txn);
  for (const auto& file : files) append(file);
  for (const auto& domain : out.domains) append(domain);
  return out;
}

Status RebaseOn(int64_t winner_version, const std::vector<Action>& winner, int64_t winner_modified_ms,
                PendingCommit* commit) {
  std::optional<CommitInfo> info;
  std::map<std::string, const AddFile*> backfilled;
  for (const auto& action : winner) {
    if (const auto* found = std::get_if<CommitInfo>(&action)) info = *found;
    if (const auto* protocol = std::get_if<Protocol>(&action)) {
      commit->protocol = *protocol;
      RETURN_IF_ERROR(CheckWritable(commit->protocol, commit->metadata, commit->table));
    }
    if (const auto* domain = std::get_if<DomainMetadata>(&action)) {
      commit->row_id_mark = std::max(commit->row_id_mark, RowIdHighWaterMarkOf(*domain).value_or(-1));
    }
    if (const auto* add = std::get_if<AddFile>(&action)) backfilled[add->path] = add;
  }
  if (IsRowTrackingEnablementOnly(winner)) {
    for (const auto& action : winner) {
      if (const auto* metadata = std::get_if<Metadata>(&action)) commit->metadata = *metadata;
    }
    commit->row_tracking_lost = true;
  }
  if (info && info->operation == kRowTrackingBackfill) {
    // The files that the winner numbered are known under their new numbers from now on.
    for (auto& action : commit->files) {
      const auto number = [&](auto* file) {
        const auto it = backfilled.find(file->path);
        if (it == backfilled.end()) return;
        file->base_row_id = it->second->base_row_id;
        file->default_row_commit_version = it->second->default_row_commit_version;
      };
      if (auto* add = std::get_if<AddFile>(&action)) number(add);
      if (auto* remove = std::get_if<RemoveFile>(&action)) number(remove);
    }
  }
  if (!commit->InCommitTimestamps()) return Status::Ok();
  int64_t winner_ms = winner_modified_ms;
  if (!commit->TurnsOnInCommitTimestamps()) {
    ASSIGN_OR_RETURN(winner_ms, RequiredInCommitTimestamp(info, winner_version));
  }
  commit->previous_timestamp_ms = std::max(commit->previous_timestamp_ms, winner_ms);
  return Status::Ok();
}

}  // namespace deltic::delta
