// A Snapshot: the state of a Delta table at one version (PROTOCOL.md › Action Reconciliation).
//
// Invariants: protocol and metadata are present; `files` holds exactly the live add files, each (path, dv) once;
// expired application transactions (delta.setTransactionRetentionDuration) are left out;
// the protocol was checked: a snapshot of a table with an unsupported reader feature is never made.
// Immutable after loading, shared, thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "delta/io/parquet_io.h"
#include "delta/snapshot/file_list.h"
#include "delta/snapshot/tombstone_list.h"
#include "delta/spec/actions.h"
#include "storage/object_store.h"

namespace deltic::delta {

// What loading needs; borrowed pointers outlive the call.
// Told of every commit that this process makes, so that what was kept of the table's rows can be dropped. Thread-safe.
class CommitObserver {
 public:
  virtual ~CommitObserver() = default;
  virtual void Committed(const std::string& table_path) = 0;
};

struct TableIo {
  std::shared_ptr<storage::ObjectStore> store;
  ParquetIo* parquet = nullptr;  // checkpoints
  Clock* clock = nullptr;
  CommitObserver* observer = nullptr;
  // A version that its checksum file contradicts, whatever checkpoint it is read from, is not read
  // (spark.databricks.delta.checksum.mismatch.fatal).
  bool checksum_mismatch_is_fatal = true;
};

class Snapshot {
 public:
  // Latest version, or exactly `version`. No log: DELTA_MISSING_TRANSACTION_LOG{path}. A version that is not there:
  // DELTA_VERSION_NOT_FOUND{userVersion, earliest, latest} (delta-spark has no condition for it; the detail is its
  // text). A log that cannot be replayed: DELTA_VERSIONS_NOT_CONTIGUOUS{versionList}, DELTA_TRUNCATED_TRANSACTION_LOG,
  // DELTA_STATE_RECOVER_ERROR, DELTA_LOG_CORRUPTED, DELTA_TXN_LOG_FAILED_INTEGRITY. io.parquet is for checkpoints.
  static Result<std::shared_ptr<const Snapshot>> Load(const TableIo& io, const std::string& table_path,
                                                      std::optional<int64_t> version = std::nullopt);
  // Latest, reusing `previous` when the log only grew (cost proportional to the new commits).
  static Result<std::shared_ptr<const Snapshot>> Refresh(const TableIo& io, std::shared_ptr<const Snapshot> previous);

  const std::string& table_path() const { return table_path_; }  // normalised
  int64_t version() const { return version_; }
  int64_t timestamp_ms() const { return timestamp_ms_; }  // commit timestamp (ICT or mtime)
  const Protocol& protocol() const { return protocol_; }
  const Metadata& metadata() const { return metadata_; }
  const types::DataType& schema() const { return metadata_.schema; }
  // Live files, in no particular order; shared with other versions (FileList says how long references live).
  const FileList& files() const { return files_; }
  const std::map<std::string, SetTransaction>& transactions() const { return transactions_; }
  const std::map<std::string, DomainMetadata>& domains() const { return domains_; }
  // Unexpired tombstones (for checkpoints and VACUUM).
  const std::vector<RemoveFile>& tombstones() const { return tombstones_.Unexpired(table_path_, expired_ms_); }
  int64_t size_bytes() const { return files_.total_bytes(); }
  // Table property, or the default of the one property table; "" when neither.
  std::string Property(std::string_view key) const;
  bool ChangeDataFeedEnabled() const;
  // Version of the latest checkpoint known; -1: none.
  int64_t checkpoint_version() const { return checkpoint_version_; }
  bool InCommitTimestampsEnabled() const;
  // What an upper layer makes of this snapshot and keeps with it, by key. `make` may be called twice at once; a null it
  // returns is not kept.
  std::shared_ptr<const void> Derived(const std::string& key,
                                      const std::function<std::shared_ptr<const void>()>& make) const;

 private:
  friend class SnapshotBuilder;
  Snapshot() = default;
  struct DerivedSlots {
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<const void>> slots;  // guarded by mutex
  };
  std::string table_path_;
  int64_t version_ = -1;
  int64_t timestamp_ms_ = 0;
  int64_t checkpoint_version_ = -1;
  // The commit file of version_ as listed; another one means that the table was replaced.
  int64_t commit_size_ = -1;
  int64_t commit_modified_ms_ = -1;
  Protocol protocol_;
  Metadata metadata_;
  FileList files_;
  TombstoneList tombstones_;
  int64_t expired_ms_ = 0;  // removes up to this time are forgotten
  std::map<std::string, SetTransaction> transactions_;
  std::map<std::string, DomainMetadata> domains_;
  std::shared_ptr<DerivedSlots> derived_;
};

// Key of a file in action reconciliation: its path (relative when below the table) and its deletion vector.
std::string FileKey(std::string_view table_path, std::string_view path,
                    const std::optional<DeletionVectorDescriptor>& deletion_vector);

// Native form of a file path of the log: absolute as it is, else below the table.
std::string ResolveDataPath(std::string_view table_path, std::string_view path);

// True when `table_path` has a Delta log.
Result<bool> IsDeltaTable(storage::ObjectStore* store, const std::string& table_path);

}  // namespace deltic::delta
