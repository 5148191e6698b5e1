#include "delta/transaction/transaction.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/log.h"
#include "delta/checkpoint/checkpoint_writer.h"
#include "delta/log/log_files.h"
#include "delta/spec/column_mapping.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"
#include "delta/transaction/conflict_checker.h"
#include "delta/transaction/metadata_rules.h"

namespace deltic::delta {
namespace {

// Puts of one version repeated after an ambiguous failure.
constexpr int kMaxAmbiguousPuts = 3;
// The parameter of an error that says what became of a write.
constexpr std::string_view kOutcome = "outcome";
constexpr std::string_view kUnknown = "unknown";

// The record count of a stats object, as the stats a remove carries; "" when unknown.
std::string RecordCountStats(const std::string& stats) {
  constexpr std::string_view kKey = "\"numRecords\":";
  const size_t start = stats.find(kKey);
  if (start == std::string::npos) return {};
  size_t end = start + kKey.size();
  while (end < stats.size() && stats[end] >= '0' && stats[end] <= '9') end++;
  if (end == start + kKey.size()) return {};
  return "{" + stats.substr(start, end - start) + "}";
}

Status OutcomeUnknown(const std::string& path, int64_t version, const Status& why) {
  return Error("IO_ERROR", {{"path", path}, {std::string(kOutcome), std::string(kUnknown)}},
               "It is not known whether version " + std::to_string(version) + " was committed: " + why.detail());
}

}  // namespace

bool CommitOutcomeUnknown(const Status& status) { return status.Param(kOutcome) == kUnknown; }

struct Transaction::State {
  TableIo io;
  std::string table;
  Random* random = nullptr;
  std::shared_ptr<const Snapshot> snapshot;
  Metadata metadata;
  Protocol protocol;
  bool has_metadata = false;
  bool metadata_changed = false;
  bool protocol_changed = false;
  std::vector<Action> files;  // adds, removes, cdc in the order given
  std::vector<SetTransaction> txns;
  std::vector<DomainMetadata> domains;
  bool read_whole_table = false;
  std::set<std::string> read_paths;
  std::set<std::string> removed_paths;
  std::vector<std::function<bool(const PartitionValues&)>> read_partitions;
  bool has_removes = false;  // or cdc files
  bool changes_data = false;
  bool removes_data = false;
  bool committed = false;

  Clock* clock() const { return io.clock != nullptr ? io.clock : Clock::System(); }
  int64_t read_version() const { return snapshot ? snapshot->version() : -1; }
  bool IctEnabled() const {
    return BoolProperty(metadata, "delta.enableInCommitTimestamps") &&
           IsFeatureSupported(protocol, "inCommitTimestamp");
  }
  Status Validate() const;
  bool BlindAppend(const CommitOptions& options) const;
  IsolationLevel Isolation() const;
  std::string Serialize(const CommitOptions& options, const std::string& txn_id, int64_t version, int64_t previous_ict);
  Result<bool> PutCommit(int64_t version, const std::string& text, const std::string& txn_id);
  Result<int64_t> ResolveConflicts(const CommitOptions& options, int64_t version, int64_t* previous_ict);
  void AfterCommit(int64_t version);
};

Transaction::Transaction(TableIo io, std::shared_ptr<const Snapshot> read_snapshot, Random* random)
    : snapshot_(std::move(read_snapshot)), state_(std::make_shared<State>()) {
  state_->io = std::move(io);
  state_->table = snapshot_->table_path();
  state_->random = random;
  state_->snapshot = snapshot_;
  state_->metadata = snapshot_->metadata();
  state_->protocol = snapshot_->protocol();
  state_->has_metadata = true;
}

Transaction::Transaction(TableIo io, std::string table_path, Random* random) : state_(std::make_shared<State>()) {
  state_->io = std::move(io);
  state_->table = storage::NormalizePath(table_path);
  state_->random = random;
}

int64_t Transaction::read_version() const { return state_->read_version(); }
const Metadata& Transaction::metadata() const { return state_->metadata; }
const Protocol& Transaction::protocol() const { return state_->protocol; }

Status Transaction::UpdateMetadata(Metadata metadata) {
  State& s = *state_;
  RETURN_IF_ERROR(PrepareMetadata(&metadata));
  AssignColumnMapping(s.snapshot != nullptr ? &s.snapshot->metadata() : nullptr, &metadata, s.random);
  if (metadata.id.empty()) metadata.id = s.random->Uuid();
  if (!metadata.created_time_ms) metadata.created_time_ms = s.clock()->NowMillis();
  Protocol protocol;
  if (s.snapshot == nullptr && !s.has_metadata) {
    ASSIGN_OR_RETURN(protocol, ProtocolForNewTable(&metadata));
  } else {
    ASSIGN_OR_RETURN(protocol, UpgradeProtocol(s.protocol, &metadata));
  }
  RETURN_IF_ERROR(delta::CheckWritable(protocol, metadata, s.table));
  s.protocol_changed = s.snapshot == nullptr || !(protocol == s.snapshot->protocol());
  s.metadata_changed = s.snapshot == nullptr || ActionToJson(metadata) != ActionToJson(Action(s.snapshot->metadata()));
  s.protocol = std::move(protocol);
  s.metadata = std::move(metadata);
  s.has_metadata = true;
  return Status::Ok();
}

Status Transaction::UpdateProtocol(Protocol protocol) {
  State& s = *state_;
  if (s.has_metadata) RETURN_IF_ERROR(delta::CheckWritable(protocol, s.metadata, s.table));
  s.protocol = std::move(protocol);
  s.protocol_changed = s.snapshot == nullptr || !(s.protocol == s.snapshot->protocol());
  return Status::Ok();
}

Status Transaction::CheckWritable() const {
  return delta::CheckWritable(state_->protocol, state_->metadata, state_->table);
}

void Transaction::Add(AddFile file) {
  if (file.data_change) state_->changes_data = true;
  state_->files.emplace_back(std::move(file));
}

void Transaction::Remove(const AddFile& file, bool data_change) {
  State& s = *state_;
  RemoveFile remove;
  remove.path = file.path;
  remove.deletion_timestamp_ms = s.clock()->NowMillis();
  remove.data_change = data_change;
  remove.extended_file_metadata = true;
  remove.partition_values = file.partition_values;
  remove.size_bytes = file.size_bytes;
  remove.tags = file.tags;
  remove.deletion_vector = file.deletion_vector;
  remove.base_row_id = file.base_row_id;
  remove.default_row_commit_version = file.default_row_commit_version;
  if (IsFeatureSupported(s.protocol, "deletionVectors")) remove.stats = RecordCountStats(file.stats);
  s.removed_paths.insert(FileKey(s.table, file.path, std::nullopt));
  s.has_removes = true;
  if (data_change) {
    s.changes_data = true;
    s.removes_data = true;
  }
  s.files.emplace_back(std::move(remove));
}

void Transaction::AddCdc(CdcFile file) {
  state_->has_removes = true;
  state_->files.emplace_back(std::move(file));
}

void Transaction::SetTxn(std::string app_id, int64_t version) {
  state_->txns.push_back({std::move(app_id), version, state_->clock()->NowMillis()});
}

void Transaction::SetDomain(DomainMetadata domain) { state_->domains.push_back(std::move(domain)); }
void Transaction::ReadWholeTable() { state_->read_whole_table = true; }
void Transaction::ReadFile(const AddFile& file) {
  state_->read_paths.insert(FileKey(state_->table, file.path, std::nullopt));
}
void Transaction::ReadPartitions(std::function<bool(const PartitionValues&)> matches) {
  state_->read_partitions.push_back(std::move(matches));
}

Status Transaction::State::Validate() const {
  if (!has_metadata) {
    return Error("DELTA_METADATA_ABSENT", {},
                 "Couldn't find Metadata while committing the first version of the Delta table.");
  }
  RETURN_IF_ERROR(delta::CheckWritable(protocol, metadata, table));
  if (removes_data && BoolProperty(metadata, "delta.appendOnly")) {
    return Error("DELTA_CANNOT_MODIFY_APPEND_ONLY",
                 {{"table_name", metadata.name.value_or("table_name")}, {"config", "delta.appendOnly"}});
  }
  std::set<std::string> names;
  for (const auto& domain : domains) {
    if (!IsFeatureSupported(protocol, "domainMetadata")) {
      return Error("DELTA_DOMAIN_METADATA_NOT_SUPPORTED", {{"domainNames", "[" + domain.domain + "]"}});
    }
    if (!names.insert(domain.domain).second) {
      return Error("DELTA_DUPLICATE_DOMAIN_METADATA_INTERNAL_ERROR", {{"domainName", domain.domain}});
    }
  }
  std::map<std::string, int64_t> versions;
  for (const auto& txn : txns) {
    const auto [it, inserted] = versions.emplace(txn.app_id, txn.version);
    if (!inserted && it->second != txn.version) {
      return Error("DELTA_CONFLICTING_SET_TRANSACTION", {{"appId", txn.app_id}},
                   "Two SetTransaction actions within the same transaction have the same appId " + txn.app_id +
                       " but different versions " + std::to_string(it->second) + " and " + std::to_string(txn.version) +
                       ".");
    }
  }
  return Status::Ok();
}

bool Transaction::State::BlindAppend(const CommitOptions& options) const {
  const bool reads = read_whole_table || !read_paths.empty() || !read_partitions.empty();
  return !has_removes && !reads && options.is_blind_append.value_or(true);
}

IsolationLevel Transaction::State::Isolation() const {
  // delta-spark: a commit that changes no data and nothing else but domains and provenance.
  const bool incompatible = metadata_changed || protocol_changed || !txns.empty();
  return changes_data || incompatible || files.empty() ? IsolationLevel::kSerializable : IsolationLevel::kSnapshot;
}

std::string Transaction::State::Serialize(const CommitOptions& options, const std::string& txn_id, int64_t version,
                                          int64_t previous_ict) {
  CommitInfo info;
  const int64_t now = clock()->NowMillis();
  info.timestamp_ms = now;
  Metadata shown = metadata;
  bool writes_metadata = metadata_changed;
  if (IctEnabled()) {
    info.in_commit_timestamp_ms = std::max(now, previous_ict + 1);
    const bool newly_enabled = snapshot != nullptr && !snapshot->InCommitTimestampsEnabled();
    if (newly_enabled) {
      shown.configuration["delta.inCommitTimestampEnablementVersion"] = std::to_string(version);
      shown.configuration["delta.inCommitTimestampEnablementTimestamp"] = std::to_string(*info.in_commit_timestamp_ms);
      writes_metadata = true;
    }
  }
  info.operation = options.operation;
  info.operation_parameters = options.operation_parameters;
  if (read_version() >= 0) info.read_version = read_version();
  info.isolation_level = std::string(IsolationLevelName(Isolation()));
  info.is_blind_append = BlindAppend(options);
  info.operation_metrics = options.operation_metrics;
  info.has_operation_metrics = true;
  info.user_metadata = options.user_metadata;
  info.tags = options.tags;
  info.engine_info = options.engine_info;
  info.txn_id = txn_id;

  std::string text = ActionToJson(info) + "\n";
  const auto append = [&](const Action& action) { text += ActionToJson(action) + "\n"; };
  if (writes_metadata) append(shown);
  if (protocol_changed) append(protocol);
  for (const auto& txn : txns) append(txn);
  for (const auto& domain : domains) append(domain);
  for (const auto& file : files) append(file);
  return text;
}

// True: the commit is ours. False: another writer has this version.
Result<bool> Transaction::State::PutCommit(int64_t version, const std::string& text, const std::string& txn_id) {
  const std::string path = CommitPath(table, version);
  Status last;
  bool ambiguous = false;
  for (int attempt = 0; attempt < kMaxAmbiguousPuts; attempt++) {
    auto outcome = io.store->PutIfAbsent(path, text);
    if (outcome.ok() && *outcome == storage::PutOutcome::kCreated) return true;
    if (outcome.ok() && !ambiguous) return false;
    // It may be our own write that failed on its way back: the transaction id tells.
    auto info = ReadCommitInfo(io.store.get(), table, version);
    if (info.ok()) return *info && (*info)->txn_id == txn_id;
    if (outcome.ok()) return info.status();
    last = outcome.status();
    // Neither the write nor the look at its result came through.
    if (!info.status().Is("PATH_NOT_FOUND")) return OutcomeUnknown(path, version, last);
    ambiguous = true;
  }
  return CommitOutcomeUnknown(last) ? OutcomeUnknown(path, version, last) : last;
}

// Checks every commit from `version` on; returns the version to try next.
Result<int64_t> Transaction::State::ResolveConflicts(const CommitOptions& options, int64_t version,
                                                     int64_t* previous_ict) {
  TransactionFootprint mine;
  mine.snapshot = snapshot.get();
  mine.table_path = table;
  mine.isolation = Isolation();
  mine.is_blind_append = BlindAppend(options);
  mine.read_whole_table = read_whole_table;
  mine.changes_metadata = metadata_changed;
  mine.changes_protocol = protocol_changed;
  mine.read_paths = &read_paths;
  mine.read_partitions = &read_partitions;
  mine.removed_paths = &removed_paths;
  std::set<std::string> app_ids;
  for (const auto& txn : txns) app_ids.insert(txn.app_id);
  std::set<std::string> domain_names;
  for (const auto& domain : domains) domain_names.insert(domain.domain);
  mine.app_ids = &app_ids;
  mine.domains = &domain_names;

  ASSIGN_OR_RETURN(const LogListing listing, ListLog(io.store.get(), table, version));
  if (listing.commits.empty() || listing.commits[0].version != version) {
    return Error("DELTA_INVALID_COMMITTED_VERSION",
                 {{"committedVersion", std::to_string(version)}, {"currentVersion", std::to_string(read_version())}},
                 "Version " + std::to_string(version) + " exists but cannot be listed in " + LogPath(table));
  }
  int64_t next = version;
  for (const auto& commit : listing.commits) {
    if (commit.version != next) break;  // a gap: the put at it decides
    ASSIGN_OR_RETURN(const auto winner, ReadCommit(io.store.get(), table, commit.version));
    RETURN_IF_ERROR(CheckConflicts(mine, commit.version, winner));
    for (const auto& action : winner) {
      if (const auto* p = std::get_if<Protocol>(&action)) {
        protocol = *p;
        RETURN_IF_ERROR(delta::CheckWritable(protocol, metadata, table));
      }
      const auto* info = std::get_if<CommitInfo>(&action);
      if (info != nullptr && info->in_commit_timestamp_ms) {
        *previous_ict = std::max(*previous_ict, *info->in_commit_timestamp_ms);
      }
    }
    next++;
  }
  return next;
}

void Transaction::State::AfterCommit(int64_t version) {
  const int64_t interval = IntProperty(metadata, "delta.checkpointInterval");
  if (version == 0 || interval <= 0 || version % interval != 0 || io.parquet == nullptr) return;
  Status status;
  auto loaded = snapshot != nullptr && snapshot->version() + 1 == version ? Snapshot::Refresh(io, snapshot)
                                                                          : Snapshot::Load(io, table, version);
  if (loaded.ok() && (*loaded)->version() != version) loaded = Snapshot::Load(io, table, version);
  status = loaded.ok() ? WriteCheckpoint(io, **loaded, random) : loaded.status();
  if (!status.ok()) {
    Log(LogLevel::kWarn, "checkpoint_failed",
        {{"table", table}, {"version", std::to_string(version)}, {"error", status.ToString()}});
  }
}

Result<int64_t> Transaction::Commit(const CommitOptions& options) {
  State& s = *state_;
  if (s.committed) return InternalError("the transaction was already committed");
  RETURN_IF_ERROR(s.Validate());
  s.committed = true;
  const std::string txn_id = s.random->Uuid();
  const int64_t started = s.clock()->NowMillis();
  int64_t version = s.read_version() + 1;
  int64_t previous_ict = s.snapshot != nullptr ? s.snapshot->timestamp_ms() : 0;
  for (int attempt = 1;; attempt++) {
    const std::string text = s.Serialize(options, txn_id, version, previous_ict);
    ASSIGN_OR_RETURN(const bool ours, s.PutCommit(version, text, txn_id));
    if (ours) break;
    if (attempt >= options.max_attempts) {
      return Error("DELTA_MAX_COMMIT_RETRIES_EXCEEDED",
                   {{"numAttempts", std::to_string(attempt)},
                    {"startVersion", std::to_string(s.read_version() + 1)},
                    {"failVersion", std::to_string(version)},
                    {"numActions", std::to_string(s.files.size() + s.txns.size() + s.domains.size())},
                    {"timeSpent", std::to_string(s.clock()->NowMillis() - started)}});
    }
    ASSIGN_OR_RETURN(version, s.ResolveConflicts(options, version, &previous_ict));
  }
  s.AfterCommit(version);
  return version;
}

}  // namespace deltic::delta
