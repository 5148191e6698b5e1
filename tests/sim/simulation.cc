#include "tests/sim/simulation.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/clock.h"
#include "delta/checkpoint/checkpoint_writer.h"
#include "delta/io/testing/json_parquet.h"
#include "delta/log/log_cleanup.h"
#include "delta/log/log_files.h"
#include "delta/log/version_checksum.h"
#include "delta/spec/properties.h"
#include "delta/spec/row_tracking.h"
#include "delta/transaction/conflict_checker.h"
#include "delta/transaction/row_tracking_backfill.h"
#include "delta/vacuum/vacuum.h"
#include "storage/testing/fault_store.h"
#include "tests/sim/command.h"

namespace deltic::sim {
namespace {

using delta::Snapshot;
using delta::TableIo;
using storage::testing::Fault;
using storage::testing::FaultStore;
using storage::testing::Op;

constexpr int64_t kStartMicros = 1700000000000000;
constexpr int64_t kHourMicros = 3600LL * 1000000;
constexpr int64_t kDayMs = 24 * 3600000LL;
constexpr int64_t kFileRetentionMs = 2 * kDayMs;
// Files of a transaction that takes longer than they are kept for may be vacuumed before it commits.
constexpr int64_t kLongestTransactionMs = kDayMs;
// What a far store is to every second writer: some logs fit a page, some do not.
constexpr int kRequestsAtOnce = 4;
constexpr size_t kNamesOfAPage = 24;
// Other writers that may run inside one operation of a writer.
constexpr int kMaxNesting = 3;

Status Broken(const std::string& what) { return InternalError(what); }

bool IsConflict(const Status& status) {
  static const std::set<std::string> kConflicts = {"DELTA_CONCURRENT_APPEND",          "DELTA_CONCURRENT_DELETE_READ",
                                                   "DELTA_CONCURRENT_DELETE_DELETE",   "DELTA_CONCURRENT_TRANSACTION",
                                                   "DELTA_METADATA_CHANGED",           "DELTA_PROTOCOL_CHANGED",
                                                   "DELTA_MAX_COMMIT_RETRIES_EXCEEDED"};
  return kConflicts.contains(status.condition());
}

class Simulation;

class Writer {
 public:
  Writer(Simulation* simulation, int number, uint64_t seed);
  // Begins a command, or ends the one begun.
  void Step();
  bool busy() const { return running_; }
  void ReleaseDelayed() { store_->ReleaseDelayed(); }

 private:
  Fault Plan(Op op, std::string_view path);
  void Begin();
  void End();
  void Maintain();
  Status Vacuum();
  void Restart();

  Simulation* const simulation_;
  const int number_;
  SeededRandom random_;
  std::shared_ptr<FaultStore> store_;
  std::unique_ptr<delta::testing::JsonParquet> parquet_;
  TableIo io_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::unique_ptr<delta::Transaction> txn_;
  Command command_;
  int64_t begun_ms_ = 0;
  int commands_ = 0;
  bool running_ = false;
  bool crashed_ = false;
};

class Simulation {
 public:
  Simulation(uint64_t seed, bool trace, Statistics* statistics)
      : clock_(kStartMicros), random_(seed), trace_(trace), statistics_(statistics) {
    truth_ = std::make_shared<FaultStore>(storage::NewMemoryStore(&clock_),
                                          [this](Op op, std::string_view path) { return Note(op, path); });
    parquet_ = std::make_unique<delta::testing::JsonParquet>(truth_.get(), &parquet_memory_);
    io_ = {truth_, parquet_.get(), &clock_};
  }

  Status Run();

  ManualClock& clock() { return clock_; }
  const std::shared_ptr<storage::ObjectStore>& truth() const { return truth_; }
  Statistics* statistics() { return statistics_; }
  bool quiet() const { return quiet_; }
  // A command ended; `version` is what the writer was told.
  void Ended(const Command& command, const Result<int64_t>& version);
  void Fail(Status status) {
    if (failure_.ok()) failure_ = std::move(status);
  }
  void Trace(const std::string& text) const {
    if (trace_) std::printf("%lld %s\n", static_cast<long long>(clock_micros() / 1000), text.c_str());
  }
  void LetAnotherRun(const Writer* writer);

 private:
  struct Outcome {
    Command command;
    std::optional<int64_t> version;  // told
    bool refused = false;            // a conflict: it must not be in the log
  };
  // Counts what may change how the table reads: its log, and what is deleted. Data files have new names.
  Fault Note(Op op, std::string_view path) {
    const bool put = op == Op::kPut || op == Op::kPutIfAbsent;
    if (op == Op::kDelete || (put && path.find("/_delta_log/") != std::string_view::npos)) changes_++;
    return Fault::kNone;
  }
  int64_t clock_micros() const { return const_cast<ManualClock&>(clock_).NowMicros(); }
  Status Create();
  // Reads the commits that came since and runs the model over them.
  Status Observe();
  Status ObserveCommit(int64_t version);
  // The latest version, unless nothing has changed since it was checked last.
  Status CheckLatest();
  Status CheckVersion(int64_t version);
  // The log is kept for its retention: only a version whose commit is older may be gone.
  bool MayBeGone(int64_t version) {
    return clock_.NowMillis() - times_[static_cast<size_t>(version)] > log_retention_ms_;
  }
  // Files that were removed long ago may be vacuumed. A commit says that it removes a file at the time its command
  // began.
  bool MayBeVacuumed(int64_t version_that_removes) {
    const auto version = static_cast<size_t>(version_that_removes);
    return version < times_.size() && clock_.NowMillis() - times_[version] > kFileRetentionMs - kLongestTransactionMs;
  }
  Status CheckIds(int64_t version, const Snapshot& snapshot, const std::vector<LiveRow>& live);
  Status CheckFeed();
  Status CheckLive(const Snapshot& snapshot);
  Status CheckOutcomes();

  ManualClock clock_;
  SeededRandom random_;
  const bool trace_;
  Statistics* const statistics_;
  std::shared_ptr<storage::ObjectStore> truth_;
  delta::testing::JsonParquet::Memory parquet_memory_;
  std::unique_ptr<delta::testing::JsonParquet> parquet_;
  TableIo io_;
  int64_t changes_ = 0;
  int64_t observed_ = -1;  // changes_ when the log was observed last
  int64_t checked_ = -1;   // changes_ when the latest version was checked last
  std::vector<std::unique_ptr<Writer>> writers_;
  std::map<std::string, Outcome> outcomes_;   // by command id
  std::map<std::string, int64_t> committed_;  // command id → version, from the log
  std::vector<Rows> rows_;                    // by version, from the model
  std::vector<int64_t> times_;                // by version: when its commit came to be, in milliseconds
  std::vector<std::optional<Command>> log_;   // by version; nullopt: a commit of the table's own
  std::set<int64_t> ids_lost_;                // versions that say so
  struct Ids {
    int64_t version = -1;
    std::map<int64_t, int64_t> rows;
    int64_t mark = -1;
  };
  Ids ids_;  // of the version read last
  std::map<std::string, int64_t> apps_;
  int64_t log_retention_ms_ = 0;
  int64_t last_time_ms_ = 0;
  bool in_commit_timestamps_ = false;
  bool quiet_ = true;  // no faults
  int nesting_ = 0;
  Status failure_;
  std::map<std::string, Command> pending_;

  friend class Writer;
};

Writer::Writer(Simulation* simulation, int number, uint64_t seed)
    : simulation_(simulation), number_(number), random_(seed) {
  store_ = std::make_shared<FaultStore>(
      simulation->truth(), [this](Op op, std::string_view path) { return Plan(op, path); }, &simulation->clock());
  if (number % 2 == 1) store_->BeFarAway(kRequestsAtOnce, kNamesOfAPage);
  parquet_ = std::make_unique<delta::testing::JsonParquet>(store_.get(), &simulation->parquet_memory_);
  io_ = {store_, parquet_.get(), &simulation->clock()};
}

Fault Writer::Plan(Op op, std::string_view path) {
  if (simulation_->quiet()) return Fault::kNone;
  if (crashed_) return Fault::kFail;
  simulation_->clock().AdvanceMicros(static_cast<int64_t>(random_.Next64() % 3000));
  if (random_.Next64() % 6 == 0) simulation_->LetAnotherRun(this);
  const uint64_t dice = random_.Next64() % 400;
  if (dice >= 24) return Fault::kNone;
  simulation_->statistics()->faults++;
  const bool put = op == Op::kPut || op == Op::kPutIfAbsent;
  if (dice < 4) {  // the process dies here, before or after the operation
    crashed_ = true;
    simulation_->statistics()->crashes++;
    if (put && path.ends_with(".tmp")) return Fault::kTorn;
    return dice < 2 ? Fault::kFail : Fault::kAmbiguous;
  }
  if (dice < 8) return Fault::kAmbiguous;
  if (dice < 12 && put) return Fault::kDelay;
  if (dice < 14 && put) return Fault::kDuplicate;
  if (dice < 16 && put) return Fault::kEcho;
  if (dice < 19 && op == Op::kList) return Fault::kStale;
  if (dice < 22) return Fault::kFail;
  return put && path.ends_with(".tmp") ? Fault::kTorn : Fault::kNone;
}

void Writer::Restart() {
  crashed_ = false;
  txn_.reset();
  snapshot_.reset();
}

void Writer::Step() {
  running_ = true;
  if (txn_ == nullptr) {
    if (random_.Next64() % 8 == 0) {
      Maintain();
    } else {
      Begin();
    }
  } else {
    End();
  }
  if (crashed_) Restart();
  running_ = false;
}

void Writer::Begin() {
  auto loaded = snapshot_ == nullptr ? Snapshot::Load(io_, kTable) : Snapshot::Refresh(io_, snapshot_);
  if (!loaded.ok()) {
    simulation_->Trace("w" + std::to_string(number_) + " load: " + loaded.status().ToString());
    snapshot_.reset();
    return;
  }
  snapshot_ = *loaded;
  const std::string id = "w" + std::to_string(number_) + "-" + std::to_string(++commands_);
  command_ = RandomCommand(&random_, id, commands_ / 2);
  auto txn = std::make_unique<delta::Transaction>(io_, snapshot_, &random_);
  const auto ready = Prepare(command_, *snapshot_, store_.get(), &random_, simulation_->clock().NowMillis(), txn.get());
  if (!ready.ok() || !*ready) {
    if (!ready.ok()) simulation_->Trace(id + " prepare: " + ready.status().ToString());
    return;
  }
  txn_ = std::move(txn);
  begun_ms_ = simulation_->clock().NowMillis();
}

void Writer::End() {
  if (simulation_->clock().NowMillis() - begun_ms_ > kLongestTransactionMs) {
    txn_.reset();
    return;
  }
  delta::CommitOptions options;
  if (command_.kind == Kind::kTrackRows) {
    options.tags[std::string(delta::kRowTrackingEnablementOnlyTag)] = "true";
  }
  options.operation = OperationOf(command_.kind);
  options.user_metadata = command_.id;
  options.engine_info = "Deltic/sim";
  options.max_attempts = 20;
  simulation_->pending_[command_.id] = command_;
  const auto version = txn_->Commit(options);
  simulation_->Ended(command_, version);
  txn_.reset();
}

void Writer::Maintain() {
  auto loaded = Snapshot::Load(io_, kTable);
  if (!loaded.ok()) return;
  Status status;
  const uint64_t what = random_.Next64() % 6;
  if (what == 0) {
    status = Vacuum();
  } else if (what == 1) {
    status = delta::BackfillRowTracking(io_, kTable, "Deltic/sim", &random_, 3).status();
    // Losing against another writer is normal, here too; a stale listing may even miss the only commit.
    const bool store =
        status.Is("IO_ERROR") || status.Is("PATH_NOT_FOUND") || status.Is("DELTA_MISSING_TRANSACTION_LOG");
    if (!status.ok() && !IsConflict(status) && !store) {
      simulation_->Fail(status);
    }
  } else if (what < 4) {
    delta::CheckpointOptions options;
    options.v2_parquet_top_level = random_.Next64() % 2 == 0;
    options.sidecar_actions = 1 + static_cast<int64_t>(random_.Next64() % 5);
    status = delta::WriteCheckpoint(io_, **loaded, &random_, options);
  } else {
    status = delta::CleanUpLog(io_, **loaded).status();
  }
  if (!status.ok()) simulation_->Trace("w" + std::to_string(number_) + " maintain: " + status.ToString());
  if (status.Is("DELTA_TXN_LOG_FAILED_INTEGRITY")) simulation_->Fail(status);
}

// On a snapshot that no stale listing has shortened: of versions as old as the retention every store tells all.
Status Writer::Vacuum() {
  auto latest = Snapshot::Load({simulation_->truth(), parquet_.get(), &simulation_->clock()}, kTable);
  if (!latest.ok()) return latest.status();
  ASSIGN_OR_RETURN(const auto plan, delta::PlanVacuum(io_, **latest, {}));
  const auto deleted = delta::DeleteVacuumed(io_, **latest, plan);
  simulation_->Trace("w" + std::to_string(number_) + " vacuum: " + std::to_string(plan.files.size()) + " files");
  return deleted.status();
}

void Simulation::LetAnotherRun(const Writer* writer) {
  if (nesting_ >= kMaxNesting || !failure_.ok()) return;
  Writer* other = writers_[random_.Next64() % writers_.size()].get();
  if (other == writer || other->busy()) return;
  nesting_++;
  other->Step();
  nesting_--;
}

void Simulation::Ended(const Command& command, const Result<int64_t>& version) {
  Outcome outcome;
  outcome.command = command;
  if (version.ok()) {
    outcome.version = *version;
  } else {
    outcome.refused = IsConflict(version.status());
    if (outcome.refused) statistics_->conflicts[version.status().condition()]++;
    // Anything but a conflict or the store's failure is a bug.
    if (!outcome.refused && !version.status().Is("IO_ERROR") && !version.status().Is("PATH_NOT_FOUND")) {
      Fail(version.status());
    }
  }
  Trace(command.id + " " + OperationOf(command.kind) + " → " +
        (version.ok() ? "version " + std::to_string(*version) : version.status().ToString()));
  outcomes_[command.id] = std::move(outcome);
}

Status Simulation::Create() {
  delta::Metadata metadata;
  metadata.schema = types::DataType::Struct({{"row", types::TypeId::kLong}, {"p", types::TypeId::kString}});
  metadata.partition_columns = {"p"};
  auto& configuration = metadata.configuration;
  configuration["delta.enableChangeDataFeed"] = "true";
  configuration["delta.enableDeletionVectors"] = "true";
  configuration["delta.feature.domainMetadata"] = "supported";
  configuration["delta.checkpointInterval"] = std::to_string(2 + random_.Next64() % 8);
  const auto days = static_cast<int64_t>(1 + random_.Next64() % 5);
  log_retention_ms_ = days * kDayMs;
  configuration["delta.logRetentionDuration"] = "interval " + std::to_string(days) + " days";
  configuration["delta.deletedFileRetentionDuration"] =
      "interval " + std::to_string(kFileRetentionMs / kDayMs) + " days";
  if (random_.Next64() % 2 == 0) configuration["delta.checkpointPolicy"] = "v2";
  if (random_.Next64() % 2 == 0) configuration["delta.enableInCommitTimestamps"] = "true";
  if (random_.Next64() % 2 == 0) configuration["delta.enableRowTracking"] = "true";
  in_commit_timestamps_ = configuration.contains("delta.enableInCommitTimestamps");
  delta::Transaction txn(io_, kTable, &random_);
  RETURN_IF_ERROR(txn.UpdateMetadata(std::move(metadata)));
  delta::CommitOptions options;
  options.operation = "CREATE TABLE";
  options.engine_info = "Deltic/sim";
  RETURN_IF_ERROR(txn.Commit(options).status());
  rows_.emplace_back();
  log_.emplace_back();
  times_.push_back(clock_.NowMillis());
  return Status::Ok();
}

Status Simulation::ObserveCommit(int64_t version) {
  ASSIGN_OR_RETURN(const auto actions, delta::ReadCommit(truth_.get(), kTable, version));
  const auto* info = std::get_if<delta::CommitInfo>(&actions[0]);
  if (info == nullptr) return Broken("commit " + std::to_string(version) + " has no commitInfo");
  for (const auto& action : actions) {
    const auto* metadata = std::get_if<delta::Metadata>(&action);
    if (metadata != nullptr && delta::BoolProperty(*metadata, "delta.enableInCommitTimestamps")) {
      in_commit_timestamps_ = true;
    }
  }
  if (in_commit_timestamps_) {
    if (!info->in_commit_timestamp_ms || *info->in_commit_timestamp_ms <= last_time_ms_) {
      return Broken("the time of version " + std::to_string(version) + " goes back");
    }
    last_time_ms_ = *info->in_commit_timestamp_ms;
  }
  statistics_->commits++;
  const auto preserved = info->tags.find(std::string(delta::kRowTrackingPreservedTag));
  if (preserved != info->tags.end() && preserved->second == "false") ids_lost_.insert(version);
  if (info->operation == delta::kRowTrackingBackfill || info->operation == "UPGRADE PROTOCOL") {
    rows_.push_back(rows_.back());
    log_.emplace_back();
    return Status::Ok();
  }
  if (!info->user_metadata) return Broken("commit " + std::to_string(version) + " is of nobody");
  const std::string& id = *info->user_metadata;
  const auto pending = pending_.find(id);
  if (pending == pending_.end()) return Broken("commit " + std::to_string(version) + " is of nobody: " + id);
  if (!committed_.emplace(id, version).second) return Broken(id + " is committed twice");
  const Command& command = pending->second;
  rows_.push_back(Apply(command, rows_.back(), apps_));
  log_.emplace_back(command);
  if (command.kind == Kind::kIdempotentAppend) {
    int64_t& seen = apps_[command.app];
    seen = std::max(seen, command.app_version);
  }
  return Status::Ok();
}

Status Simulation::Observe() {
  if (observed_ == changes_) return Status::Ok();
  ASSIGN_OR_RETURN(const auto listing, delta::ListLog(truth_.get(), kTable, 0));
  int64_t expected = -1;
  for (const auto& commit : listing.commits) {
    if (expected >= 0 && commit.version != expected)
      return Broken("version " + std::to_string(expected) + " is missing");
    expected = commit.version + 1;
    if (commit.version < static_cast<int64_t>(rows_.size())) continue;
    if (commit.version > static_cast<int64_t>(rows_.size())) {
      return Broken("version " + std::to_string(rows_.size()) + " is missing");
    }
    times_.push_back(commit.modified_ms);
    RETURN_IF_ERROR(ObserveCommit(commit.version));
  }
  observed_ = changes_;
  return Status::Ok();
}

Status Simulation::CheckLatest() {
  if (checked_ == changes_) return Status::Ok();
  RETURN_IF_ERROR(CheckVersion(static_cast<int64_t>(rows_.size()) - 1));
  checked_ = changes_;
  return Status::Ok();
}

Status Simulation::CheckVersion(int64_t version) {
  const auto snapshot = Snapshot::Load(io_, kTable, version);
  if (!snapshot.ok()) {
    const bool gone = version + 1 < static_cast<int64_t>(rows_.size()) && MayBeGone(version) &&
                      snapshot.status().Is("DELTA_VERSION_NOT_FOUND");
    return gone ? Status::Ok() : Broken("version " + std::to_string(version) + ": " + snapshot.status().ToString());
  }
  statistics_->versions_read++;
  const auto live = ReadLiveRows(truth_.get(), **snapshot);
  // Its files may have been vacuumed; those of the latest version may not.
  if (!live.ok() && MayBeVacuumed(version + 1) && live.status().Is("PATH_NOT_FOUND")) return Status::Ok();
  if (!live.ok()) return Broken("rows of version " + std::to_string(version) + ": " + live.status().ToString());
  if (RowsOf(*live) != rows_[static_cast<size_t>(version)]) {
    return Broken("version " + std::to_string(version) + " has " + std::to_string(live->size()) +
                  " rows, the model has " + std::to_string(rows_[static_cast<size_t>(version)].size()));
  }
  RETURN_IF_ERROR(delta::VerifyChecksum(truth_.get(), **snapshot));
  return CheckIds(version, **snapshot, *live);
}

Status Simulation::CheckIds(int64_t version, const Snapshot& snapshot, const std::vector<LiveRow>& live) {
  if (!delta::RowTrackingSupported(snapshot.protocol())) return Status::Ok();
  const bool enabled = delta::RowTrackingEnabled(snapshot.protocol(), snapshot.metadata());
  std::map<int64_t, int64_t> ranges;
  const int64_t mark = delta::RowIdHighWaterMark(snapshot.domains());
  for (const auto& file : snapshot.files()) {
    const int64_t count = delta::RecordCountOf(file.stats).value_or(0);
    if (!file.base_row_id && !enabled) continue;  // a backfill is at work, or ended early
    if (!file.base_row_id || !file.default_row_commit_version) return Broken(file.path + " has no row ids");
    if (*file.base_row_id + count - 1 > mark) return Broken(file.path + " has row ids above the high-water mark");
    if (!ranges.emplace(*file.base_row_id, count).second) return Broken("row ids are given out twice");
  }
  int64_t end = 0;
  for (const auto& [first, count] : ranges) {
    if (first < end) return Broken("row ids overlap");
    end = first + count;
  }
  if (!enabled) return Status::Ok();
  Ids now{version, {}, mark};
  ASSIGN_OR_RETURN(now.rows, RowIdsOf(live));
  const auto& command = log_[static_cast<size_t>(version)];
  if (ids_.version + 1 == version && command && !ids_lost_.contains(version)) {
    const Status kept = CheckRowIds(*command, ids_.rows, now.rows, ids_.mark);
    if (!kept.ok()) return Broken("version " + std::to_string(version) + ": " + kept.ToString());
  }
  ids_ = std::move(now);
  return Status::Ok();
}

Status Simulation::CheckFeed() {
  const auto last = static_cast<int64_t>(rows_.size()) - 1;
  if (last < 2) return Status::Ok();
  const auto from = 1 + static_cast<int64_t>(random_.Next64() % static_cast<uint64_t>(last));
  const auto to = from + static_cast<int64_t>(random_.Next64() % static_cast<uint64_t>(last - from + 1));
  ASSIGN_OR_RETURN(const auto latest, Snapshot::Load(io_, kTable));
  const auto feed = delta::ReadChangeFeed(io_, latest, from, to);
  // The beginning of the range may have been cleaned up.
  if (!feed.ok()) {
    const bool gone = MayBeGone(from) && !Snapshot::Load(io_, kTable, from - 1).ok();
    return gone ? Status::Ok()
                : Broken("changes from version " + std::to_string(from) + ": " + feed.status().ToString());
  }
  Rows rows = rows_[static_cast<size_t>(from - 1)];
  const Status applied = ApplyChanges(truth_.get(), *feed, &rows);
  if (applied.Is("PATH_NOT_FOUND") && MayBeVacuumed(from)) return Status::Ok();
  RETURN_IF_ERROR(applied);
  if (rows == rows_[static_cast<size_t>(to)]) return Status::Ok();
  return Broken("the changes " + std::to_string(from) + ".." + std::to_string(to) + " do not lead to version " +
                std::to_string(to));
}

Status Simulation::CheckLive(const Snapshot& snapshot) {
  Status status;
  for (const auto& file : snapshot.files()) {
    if (!truth_->Head(delta::ResolveDataPath(kTable, file.path)).ok()) status = Broken(file.path + " was vacuumed");
  }
  return status;
}

Status Simulation::CheckOutcomes() {
  for (const auto& [id, outcome] : outcomes_) {
    const auto found = committed_.find(id);
    if (outcome.version && (found == committed_.end() || found->second != *outcome.version)) {
      return Broken(id + " was told version " + std::to_string(*outcome.version) + ", the log says " +
                    (found == committed_.end() ? "none" : std::to_string(found->second)));
    }
    if (outcome.refused && found != committed_.end()) return Broken(id + " was refused and is committed");
  }
  return Status::Ok();
}

Status Simulation::Run() {
  RETURN_IF_ERROR(Create());
  const size_t count = 2 + random_.Next64() % 3;
  for (size_t i = 0; i < count; i++) {
    writers_.push_back(std::make_unique<Writer>(this, static_cast<int>(i), random_.Next64()));
  }
  quiet_ = false;
  const uint64_t steps = 40 + random_.Next64() % 80;
  for (uint64_t step = 0; step < steps && failure_.ok(); step++) {
    writers_[random_.Next64() % writers_.size()]->Step();
    clock_.AdvanceMicros(static_cast<int64_t>(random_.Next64() % 5000000));
    const uint64_t dice = random_.Next64() % 40;
    if (dice == 3) writers_[random_.Next64() % writers_.size()]->ReleaseDelayed();
    if (dice < 2) {  // no request is on its way for hours
      for (const auto& writer : writers_) writer->ReleaseDelayed();
      clock_.AdvanceMicros(static_cast<int64_t>(1 + random_.Next64() % 30) * kHourMicros);
    }
    quiet_ = true;
    RETURN_IF_ERROR(Observe());
    if (dice == 4) {
      ASSIGN_OR_RETURN(const auto latest, Snapshot::Load(io_, kTable));
      ASSIGN_OR_RETURN(const auto plan, delta::PlanVacuum(io_, *latest, {}));
      RETURN_IF_ERROR(delta::DeleteVacuumed(io_, *latest, plan).status());
      RETURN_IF_ERROR(CheckLive(*latest));
    }
    // A table can be read after every step, whatever crashed.
    if (dice < 20) RETURN_IF_ERROR(CheckLatest());
    quiet_ = false;
  }
  RETURN_IF_ERROR(failure_);
  quiet_ = true;
  for (const auto& writer : writers_) writer->ReleaseDelayed();
  RETURN_IF_ERROR(Observe());
  RETURN_IF_ERROR(CheckOutcomes());
  const auto last = static_cast<int64_t>(rows_.size()) - 1;
  for (int64_t version = 0; version <= last; version++) RETURN_IF_ERROR(CheckVersion(version));
  for (int i = 0; i < 3; i++) RETURN_IF_ERROR(CheckFeed());
  return Status::Ok();
}

}  // namespace

Status RunSeed(uint64_t seed, bool trace, Statistics* statistics) { return Simulation(seed, trace, statistics).Run(); }

}  // namespace deltic::sim
