// A transaction: read a snapshot, collect actions, commit atomically (PROTOCOL.md › Delta Log Entries; delta-spark's
// OptimisticTransaction and ConflictChecker). Used by one thread; committed at most once.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

// A failed commit of which it could not be found out whether it was made: its files must stay where they are.
bool CommitOutcomeUnknown(const Status& status);

struct CommitOptions {
  std::string operation;  // Spark's name: "WRITE", "CREATE TABLE", …
  std::vector<std::pair<std::string, std::string>> operation_parameters;
  std::vector<std::pair<std::string, std::string>> operation_metrics;
  std::optional<std::string> user_metadata;
  std::string engine_info;  // "Deltic/<version>" form
  // Adds without reading anything; unset: derived from what the transaction declared to have read and removed.
  std::optional<bool> is_blind_append;
  std::map<std::string, std::string> tags;
  // As delta-spark's commitLarge (CLONE, CONVERT): a new table records that it read version -1.
  bool records_missing_read_version = false;
  int max_attempts = 10000000;  // spark.databricks.delta.maxCommitAttempts
  // Asked again after a lost race by a commit that takes features away (DROP FEATURE): is that still right on this
  // state? delta-spark's error is DELTA_FEATURE_DROP_CONFLICT_REVALIDATION_FAIL.
  std::function<Status(const Snapshot&)> revalidate = nullptr;
};

class Transaction {
 public:
  // A transaction on this table will probably follow: what the store has to find out for its commit is begun beside the
  // reading of the snapshot. Every transaction does so itself when it begins.
  static void Expect(const TableIo& io, const std::string& table_path);

  // On an existing table.
  Transaction(TableIo io, std::shared_ptr<const Snapshot> read_snapshot, Random* random);
  // Creating a table: version 0 must be written by this transaction (else the conflict is reported). UpdateMetadata
  // must be called; an empty Metadata::id is filled.
  Transaction(TableIo io, std::string table_path, Random* random);

  const Snapshot* snapshot() const { return snapshot_.get(); }  // null when creating
  int64_t read_version() const;                                 // -1 when creating

  // New table metadata or protocol. Features a property or schema needs are added to the protocol
  // (PROTOCOL.md › Table Features; the one feature table), unsupported ones refused by name.
  Status UpdateMetadata(Metadata metadata);
  // The same where only high-water marks of identity columns have moved. A commit with no other new metadata says so,
  // and others that change none go on beside it (delta-spark's isIdentityOnlyMetadataUpdate).
  Status UpdateIdentityMarks(Metadata metadata);
  Status UpdateProtocol(Protocol protocol);
  // Refuses by name what this engine cannot write on this table (DELTA_UNSUPPORTED_FEATURES_FOR_WRITE); Commit checks
  // too, but callers ask before they write data files.
  Status CheckWritable() const;
  // Metadata and protocol that this commit will leave in force.
  const Metadata& metadata() const;
  const Protocol& protocol() const;

  void Add(AddFile file);
  // Removes a live file: fills extended metadata and the deletion timestamp.
  void Remove(const AddFile& file, bool data_change = true);
  void AddCdc(CdcFile file);
  void SetTxn(std::string app_id, int64_t version);
  // Version last committed by an application, read for the conflict check; nullopt: none.
  std::optional<int64_t> ReadTxn(const std::string& app_id);
  void SetDomain(DomainMetadata domain);
  // The files added hold the ids of the rows that came from other files (MaterializedRowColumnsOf in
  // delta/spec/row_tracking.h). Without it a rewriting operation on a table with row tracking is refused.
  void PreservesRowIds();
  // Declares that the whole table was read (overwrite, DML without predicate). For the conflict check.
  void ReadWholeTable();
  // Declares that this file was read. Declare the predicate as well (ReadPartitions): files added concurrently conflict
  // in a partitioned table only where a predicate looks, and everywhere when none was declared.
  void ReadFile(const AddFile& file);
  // Declares that the partitions for which `matches` says so were read (a predicate on partition columns).
  void ReadPartitions(std::function<bool(const PartitionValues&)> matches);

  // Puts the commit. On a lost race: re-checks against the winners and retries, or fails with
  // DELTA_CONCURRENT_APPEND, DELTA_METADATA_CHANGED, DELTA_PROTOCOL_CHANGED, DELTA_CONCURRENT_DELETE_READ,
  // DELTA_CONCURRENT_DELETE_DELETE, DELTA_CONCURRENT_TRANSACTION. An ambiguous put is read back and decided by txnId.
  // DELTA_MAX_COMMIT_RETRIES_EXCEEDED after options.max_attempts.
  // Row ids, row commit versions and in-commit timestamps are given out anew on each attempt.
  // Then, best effort: the checksum file; every delta.checkpointInterval (10) commits a checkpoint and log clean-up.
  Result<int64_t> Commit(const CommitOptions& options);

  struct State;

 private:
  std::shared_ptr<const Snapshot> snapshot_;
  std::shared_ptr<State> state_;
};

}  // namespace deltic::delta
