#include "delta/transaction/post_commit.h"

#include "base/log.h"
#include "delta/checkpoint/checkpoint_writer.h"
#include "delta/log/log_cleanup.h"
#include "delta/log/log_files.h"
#include "delta/log/version_checksum.h"
#include "delta/spec/properties.h"

namespace deltic::delta {
namespace {

void LogFailure(std::string_view event, const std::string& table, int64_t version, const Status& status) {
  Log(LogLevel::kWarn, event, {{"table", table}, {"version", std::to_string(version)}, {"error", status.ToString()}});
}

// The state of exactly `version`, from the snapshot at hand when it is not far.
Result<std::shared_ptr<const Snapshot>> SnapshotAt(const TableIo& io, const std::shared_ptr<const Snapshot>& read,
                                                   const std::string& table, int64_t version) {
  if (read != nullptr) {
    auto refreshed = Snapshot::Refresh(io, read);
    if (refreshed.ok() && (*refreshed)->version() == version) return refreshed;
  }
  return Snapshot::Load(io, table, version);
}

void Apply(const std::vector<SetTransaction>& txns, const std::vector<DomainMetadata>& domains,
           std::map<std::string, SetTransaction>* all_txns, std::map<std::string, DomainMetadata>* all_domains) {
  for (const auto& txn : txns) (*all_txns)[txn.app_id] = txn;
  for (const auto& domain : domains) {
    if (domain.removed) {
      all_domains->erase(domain.domain);
    } else {
      (*all_domains)[domain.domain] = domain;
    }
  }
}

// From the state read and the commit's own actions when nothing came between; else from the state itself.
Result<std::string> ChecksumOf(const TableIo& io, const std::shared_ptr<const Snapshot>& read,
                               const PendingCommit& commit, const CommitText& written, int64_t version,
                               const std::string& txn_id) {
  ChecksumContent content;
  content.txn_id = txn_id;
  content.in_commit_timestamp_ms = written.in_commit_timestamp_ms;
  const bool direct = read == nullptr ? version == 0 : read->version() + 1 == version;
  const auto totals = direct ? TotalsAfter(read == nullptr ? FileTotals() : TotalsOf(read->files()), commit.files)
                             : std::optional<FileTotals>();
  if (totals) {
    std::map<std::string, SetTransaction> txns;
    std::map<std::string, DomainMetadata> domains;
    if (read != nullptr) {
      txns = read->transactions();
      domains = read->domains();
    }
    Apply(commit.txns, written.domains, &txns, &domains);
    content.totals = *totals;
    content.metadata = &written.metadata;
    content.protocol = &commit.protocol;
    content.transactions = &txns;
    content.domains = &domains;
    return ChecksumText(content);
  }
  ASSIGN_OR_RETURN(const auto now, SnapshotAt(io, read, commit.table, version));
  content.totals = TotalsOf(now->files());
  content.metadata = &now->metadata();
  content.protocol = &now->protocol();
  content.transactions = &now->transactions();
  content.domains = &now->domains();
  return ChecksumText(content);
}

}  // namespace

void AfterCommit(const TableIo& io, const std::shared_ptr<const Snapshot>& read, const PendingCommit& commit,
                 const CommitText& written, int64_t version, const std::string& txn_id, Random* random) {
  const auto checksum = ChecksumOf(io, read, commit, written, version, txn_id);
  const Status put =
      checksum.ok() ? io.store->PutDerived(ChecksumPath(commit.table, version), *checksum) : checksum.status();
  if (!put.ok()) LogFailure("checksum_failed", commit.table, version, put);
  const int64_t interval = IntProperty(commit.metadata, "delta.checkpointInterval");
  if (version == 0 || interval <= 0 || version % interval != 0 || io.parquet == nullptr) return;
  const auto now = SnapshotAt(io, read, commit.table, version);
  Status status = now.ok() ? WriteCheckpoint(io, **now, random) : now.status();
  if (!status.ok()) return LogFailure("checkpoint_failed", commit.table, version, status);
  status = CleanUpLog(io, **now).status();
  if (!status.ok()) LogFailure("log_cleanup_failed", commit.table, version, status);
}

}  // namespace deltic::delta
