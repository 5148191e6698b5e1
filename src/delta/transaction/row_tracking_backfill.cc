#include "delta/transaction/row_tracking_backfill.h"

#include "base/json_writer.h"
#include "delta/spec/features.h"
#include "delta/spec/row_tracking.h"
#include "delta/transaction/conflict_checker.h"
#include "delta/transaction/transaction.h"

namespace deltic::delta {
namespace {

// Batches that lose a race and are put together anew.
constexpr int kMaxLostBatches = 100;

Status AddFeature(const TableIo& io, std::shared_ptr<const Snapshot> snapshot, const std::string& engine_info,
                  Random* random) {
  Transaction txn(io, std::move(snapshot), random);
  // Only the protocol: new metadata would stop every concurrent writer.
  Metadata wanted = txn.metadata();
  wanted.configuration["delta.feature.rowTracking"] = "supported";
  ASSIGN_OR_RETURN(Protocol protocol, UpgradeProtocol(txn.protocol(), &wanted));
  RETURN_IF_ERROR(txn.UpdateProtocol(std::move(protocol)));
  CommitOptions options;
  options.operation = "UPGRADE PROTOCOL";
  constexpr std::string_view kWrapper = "{\"protocol\":";
  const std::string json = ActionToJson(txn.protocol());
  options.operation_parameters = {{"newProtocol", json.substr(kWrapper.size(), json.size() - kWrapper.size() - 1)}};
  options.engine_info = engine_info;
  return txn.Commit(options).status();
}

}  // namespace

Result<int64_t> BackfillRowTracking(const TableIo& io, const std::string& table_path, const std::string& engine_info,
                                    Random* random, int64_t batch_files) {
  ASSIGN_OR_RETURN(auto snapshot, Snapshot::Load(io, table_path));
  if (!RowTrackingSupported(snapshot->protocol())) {
    RETURN_IF_ERROR(AddFeature(io, snapshot, engine_info, random));
  }
  int64_t numbered = 0;
  int lost = 0;
  for (int64_t batch = 0;;) {
    ASSIGN_OR_RETURN(snapshot, Snapshot::Refresh(io, snapshot));
    Transaction txn(io, snapshot, random);
    int64_t files = 0;
    for (const auto& file : snapshot->files()) {
      if (file.base_row_id || files >= batch_files) continue;
      AddFile again = file;
      again.data_change = false;
      txn.ReadFile(file);
      txn.Add(std::move(again));
      files++;
    }
    if (files == 0) return numbered;
    CommitOptions options;
    options.operation = std::string(kRowTrackingBackfill);
    options.operation_parameters = {{"batchId", std::to_string(batch)}};
    options.engine_info = engine_info;
    const auto version = txn.Commit(options);
    if (version.ok()) {
      numbered += files;
      batch++;
      continue;
    }
    // A file of the batch changed: the next batch is made of what is there now.
    const bool changed = version.status().Is("DELTA_CONCURRENT_DELETE_READ");
    if (!changed || ++lost >= kMaxLostBatches) return version.status();
  }
}

}  // namespace deltic::delta
