#include "delta/transaction/transaction.h"

#include <algorithm>
#include <set>
#include <utility>

#include "delta/log/log_files.h"
#include "delta/log/log_reads.h"
#include "delta/snapshot/next_commit.h"
#include "delta/spec/column_mapping.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"
#include "delta/spec/row_tracking.h"
#include "delta/transaction/conflict_checker.h"
#include "delta/transaction/metadata_rules.h"
#include "delta/transaction/pending_commit.h"
#include "delta/transaction/post_commit.h"

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

// Turning row tracking on needs an id for every file there is: those come from a backfill before (delta-spark
// RowTrackingBackfillCommand).
Status CheckRowTrackingStart(const Snapshot* snapshot, const Protocol& protocol, const Metadata& metadata) {
  if (snapshot == nullptr || !RowTrackingEnabled(protocol, metadata) ||
      RowTrackingEnabled(snapshot->protocol(), snapshot->metadata())) {
    return Status::Ok();
  }
  bool all = true;
  snapshot->files().ForEachPacked([&](const PackedFile& file) { all = all && file.base_row_id.has_value(); });
  if (all) return Status::Ok();
  return Unsupported("turning on delta.enableRowTracking for a table with files that have no row ids (rowTracking)");
}

}  // namespace

bool CommitOutcomeUnknown(const Status& status) { return status.Param(kOutcome) == kUnknown; }

struct Transaction::State {
  TableIo io;
  Random* random = nullptr;
  std::shared_ptr<const Snapshot> snapshot;
  PendingCommit commit;
  bool read_whole_table = false;
  std::map<std::string, PartitionValues> read_paths;
  std::set<std::string> removed_paths;
  std::set<std::string> read_apps;
  std::vector<std::function<bool(const PartitionValues&)>> read_partitions;
  bool committed = false;

  Clock* clock() const { return io.clock != nullptr ? io.clock : Clock::System(); }
  int64_t read_version() const { return snapshot ? snapshot->version() : -1; }
  bool BlindAppend(const CommitOptions& options) const;
  Result<bool> PutCommit(int64_t version, const std::string& text, const std::string& txn_id);
  Result<int64_t> ResolveConflicts(const CommitOptions& options, int64_t version);
};

void Transaction::Expect(const TableIo& io, const std::string& table_path) {
  io.store->ExpectPutIfAbsent(CommitPath(storage::NormalizePath(table_path), 0));
}

Transaction::Transaction(TableIo io, std::shared_ptr<const Snapshot> read_snapshot, Random* random)
    : snapshot_(std::move(read_snapshot)), state_(std::make_shared<State>()) {
  PendingCommit& commit = state_->commit;
  state_->io = std::move(io);
  state_->random = random;
  state_->snapshot = snapshot_;
  commit.snapshot = snapshot_.get();
  commit.table = snapshot_->table_path();
  commit.metadata = snapshot_->metadata();
  commit.protocol = snapshot_->protocol();
  commit.has_metadata = true;
  commit.previous_timestamp_ms = snapshot_->timestamp_ms();
  if (RowTrackingSupported(commit.protocol)) commit.row_id_mark = RowIdHighWaterMark(snapshot_->domains());
  Expect(state_->io, commit.table);
}

Transaction::Transaction(TableIo io, std::string table_path, Random* random) : state_(std::make_shared<State>()) {
  state_->io = std::move(io);
  state_->commit.table = storage::NormalizePath(table_path);
  state_->random = random;
  Expect(state_->io, state_->commit.table);
}

int64_t Transaction::read_version() const { return state_->read_version(); }
const Metadata& Transaction::metadata() const { return state_->commit.metadata; }
const Protocol& Transaction::protocol() const { return state_->commit.protocol; }

Status Transaction::UpdateMetadata(Metadata metadata) {
  PendingCommit& commit = state_->commit;
  if (snapshot_ != nullptr) RETURN_IF_ERROR(CheckColumnMappingMode(snapshot_->metadata()));
  RETURN_IF_ERROR(CheckColumnMappingMode(metadata));
  RETURN_IF_ERROR(PrepareMetadata(&metadata, snapshot_ != nullptr ? &snapshot_->metadata() : nullptr));
  AssignColumnMapping(snapshot_ != nullptr ? &snapshot_->metadata() : nullptr, &metadata, state_->random);
  if (metadata.id.empty()) metadata.id = state_->random->Uuid();
  if (!metadata.created_time_ms) metadata.created_time_ms = state_->clock()->NowMillis();
  Protocol protocol;
  if (snapshot_ == nullptr && !commit.has_metadata) {
    ASSIGN_OR_RETURN(protocol, ProtocolForNewTable(&metadata));
  } else {
    ASSIGN_OR_RETURN(protocol, UpgradeProtocol(commit.protocol, &metadata));
  }
  RETURN_IF_ERROR(delta::CheckWritable(protocol, metadata, commit.table));
  RETURN_IF_ERROR(CheckManifests(metadata, snapshot_ != nullptr && snapshot_->files().deletion_vectors() > 0));
  AssignMaterializedRowColumns(protocol, snapshot_ == nullptr ? nullptr : &snapshot_->metadata(), &metadata,
                               state_->random);
  RETURN_IF_ERROR(CheckRowTrackingStart(snapshot_.get(), protocol, metadata));
  commit.protocol_changed = snapshot_ == nullptr || !(protocol == snapshot_->protocol());
  commit.metadata_changed = true;  // even if it is the same: delta-spark writes what it was given
  commit.identity_only = false;
  commit.protocol = std::move(protocol);
  commit.metadata = std::move(metadata);
  commit.has_metadata = true;
  return Status::Ok();
}

Status Transaction::UpdateIdentityMarks(Metadata metadata) {
  const bool only = state_->commit.identity_only || !state_->commit.metadata_changed;
  RETURN_IF_ERROR(UpdateMetadata(std::move(metadata)));
  state_->commit.identity_only = only;
  return Status::Ok();
}

Status Transaction::UpdateProtocol(Protocol protocol) {
  PendingCommit& commit = state_->commit;
  if (commit.has_metadata) RETURN_IF_ERROR(delta::CheckWritable(protocol, commit.metadata, commit.table));
  commit.protocol = std::move(protocol);
  commit.protocol_changed = snapshot_ == nullptr || !(commit.protocol == snapshot_->protocol());
  return Status::Ok();
}

Status Transaction::CheckWritable() const {
  RETURN_IF_ERROR(CheckColumnMapping(state_->commit.metadata));
  return delta::CheckWritable(state_->commit.protocol, state_->commit.metadata, state_->commit.table);
}

void Transaction::Add(AddFile file) { state_->commit.files.emplace_back(std::move(file)); }

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
  if (IsFeatureSupported(s.commit.protocol, "deletionVectors")) remove.stats = RecordCountStats(file.stats);
  s.removed_paths.insert(FileKey(s.commit.table, file.path, std::nullopt));
  s.commit.files.emplace_back(std::move(remove));
}

void Transaction::AddCdc(CdcFile file) { state_->commit.files.emplace_back(std::move(file)); }

void Transaction::SetTxn(std::string app_id, int64_t version) {
  state_->read_apps.insert(app_id);
  state_->commit.txns.push_back({std::move(app_id), version, state_->clock()->NowMillis()});
}

std::optional<int64_t> Transaction::ReadTxn(const std::string& app_id) {
  state_->read_apps.insert(app_id);
  if (snapshot_ == nullptr) return std::nullopt;
  const auto it = snapshot_->transactions().find(app_id);
  return it == snapshot_->transactions().end() ? std::nullopt : std::optional<int64_t>(it->second.version);
}

void Transaction::SetDomain(DomainMetadata domain) { state_->commit.domains.push_back(std::move(domain)); }
void Transaction::PreservesRowIds() { state_->commit.preserves_row_ids = true; }
void Transaction::ReadWholeTable() { state_->read_whole_table = true; }
void Transaction::ReadFile(const AddFile& file) {
  state_->read_paths[FileKey(state_->commit.table, file.path, std::nullopt)] = file.partition_values;
}
void Transaction::ReadPartitions(std::function<bool(const PartitionValues&)> matches) {
  state_->read_partitions.push_back(std::move(matches));
}

bool Transaction::State::BlindAppend(const CommitOptions& options) const {
  const bool reads = read_whole_table || !read_paths.empty() || !read_partitions.empty();
  return !commit.ChangesFiles() && !reads && options.is_blind_append.value_or(true);
}

// True: the commit is ours. False: another writer has this version.
Result<bool> Transaction::State::PutCommit(int64_t version, const std::string& text, const std::string& txn_id) {
  const std::string path = CommitPath(commit.table, version);
  Status last;
  for (int attempt = 0; attempt < kMaxAmbiguousPuts; attempt++) {
    const auto outcome = io.store->PutIfAbsent(path, text);
    if (outcome.ok() && *outcome == storage::PutOutcome::kCreated) return true;
    // What is there may be our own write that failed on its way back, or that was sent twice: the transaction id tells.
    const auto info = ReadCommitInfo(io.store.get(), commit.table, version);
    if (info.ok()) return *info && (*info)->txn_id == txn_id;
    last = outcome.ok() ? info.status() : outcome.status();
    // Neither the write nor the look at its result came through.
    if (outcome.ok() || !info.status().Is("PATH_NOT_FOUND")) return OutcomeUnknown(path, version, last);
  }
  return CommitOutcomeUnknown(last) ? OutcomeUnknown(path, version, last) : last;
}

// Checks every commit from `version` on and takes over what they changed; returns the version to try next.
Result<int64_t> Transaction::State::ResolveConflicts(const CommitOptions& options, int64_t version) {
  TransactionFootprint mine;
  mine.snapshot = snapshot.get();
  mine.table_path = commit.table;
  mine.operation = options.operation;
  mine.isolation = commit.Isolation(options.operation);
  mine.is_blind_append = BlindAppend(options);
  mine.read_whole_table = read_whole_table;
  mine.changes_metadata = commit.metadata_changed;
  mine.changes_protocol = commit.protocol_changed;
  mine.read_paths = &read_paths;
  mine.read_partitions = &read_partitions;
  mine.removed_paths = &removed_paths;
  mine.app_ids = &read_apps;
  std::set<std::string> domain_names;
  for (const auto& domain : commit.domains) domain_names.insert(domain.domain);
  mine.domains = &domain_names;

  ASSIGN_OR_RETURN(const LogListing listing, ListLog(io.store.get(), commit.table, version));
  std::vector<CommitFile> winners;
  for (const auto& file : listing.commits) {
    if (file.version != version + static_cast<int64_t>(winners.size())) break;  // a gap: the put at it decides
    winners.push_back(file);
  }
  if (winners.empty()) {
    // The put said that it is there: a listing may be behind.
    ASSIGN_OR_RETURN(const auto meta, io.store->Head(CommitPath(commit.table, version)));
    winners.push_back({version, meta.size_bytes, meta.modified_ms});
  }
  std::vector<int64_t> sizes;
  for (const auto& file : winners) sizes.push_back(file.size_bytes);
  std::vector<Result<std::vector<Action>>> actions(winners.size(), std::vector<Action>());
  const auto read = [&](size_t i) { actions[i] = ReadCommit(io.store.get(), commit.table, winners[i].version); };
  RETURN_IF_ERROR(ReadInOrder(io.store.get(), sizes, read, [&](size_t i) -> Status {
    ASSIGN_OR_RETURN(const std::vector<Action> winner, std::exchange(actions[i], std::vector<Action>()));
    RETURN_IF_ERROR(CheckConflicts(mine, winners[i].version, winner));
    return RebaseOn(winners[i].version, winner, winners[i].modified_ms, &commit);
  }));
  if (snapshot != nullptr && options.revalidate && RemovesFeatures(snapshot->protocol(), commit.protocol)) {
    ASSIGN_OR_RETURN(const auto now, Snapshot::Load(io, commit.table, winners.back().version));
    RETURN_IF_ERROR(options.revalidate(*now));
  }
  return winners.back().version + 1;
}

Result<int64_t> Transaction::Commit(const CommitOptions& options) {
  State& s = *state_;
  if (s.committed) return InternalError("the transaction was already committed");
  RETURN_IF_ERROR(s.commit.Validate(options));
  s.committed = true;
  const std::string txn_id = s.random->Uuid();
  const int64_t started = s.clock()->NowMillis();
  int64_t version = s.read_version() + 1;
  for (int attempt = 1;; attempt++) {
    ASSIGN_OR_RETURN(const CommitText written, WriteCommitText(s.commit, options, s.BlindAppend(options), txn_id,
                                                               version, s.clock()->NowMillis()));
    ASSIGN_OR_RETURN(const bool ours, s.PutCommit(version, written.text, txn_id));
    if (ours) {
      if (s.snapshot != nullptr && version == s.snapshot->version() + 1) KeepNextCommit(*s.snapshot, written.text);
      if (s.io.observer != nullptr) s.io.observer->Committed(s.commit.table);
      AfterCommit(s.io, s.snapshot, s.commit, written, version, txn_id, s.random);
      return version;
    }
    if (attempt >= options.max_attempts) {
      return Error(
          "DELTA_MAX_COMMIT_RETRIES_EXCEEDED",
          {{"numAttempts", std::to_string(attempt)},
           {"startVersion", std::to_string(s.read_version() + 1)},
           {"failVersion", std::to_string(version)},
           {"numActions", std::to_string(s.commit.files.size() + s.commit.txns.size() + s.commit.domains.size())},
           {"timeSpent", std::to_string(s.clock()->NowMillis() - started)}});
    }
    ASSIGN_OR_RETURN(version, s.ResolveConflicts(options, version));
  }
}

}  // namespace deltic::delta
