#include "delta/transaction/row_tracking_backfill.h"

#include <algorithm>

#include "base/json_writer.h"
#include "delta/spec/features.h"
#include "delta/spec/row_tracking.h"
#include "delta/transaction/conflict_checker.h"
#include "delta/transaction/transaction.h"

namespace deltic::delta {
namespace {

// Batches that lose a race and are put together anew.
constexpr int kMaxLostBatches = 100;

// Where Scala's hash set has a name: five bits of its hash on every level of the trie, the lowest first.
std::vector<uint32_t> PlaceInHashSet(const std::string& name) {
  uint32_t hash = 0;
  for (const char c : name) hash = 31 * hash + static_cast<unsigned char>(c);
  hash += ~(hash << 9);
  hash ^= hash >> 14;
  hash += hash << 4;
  hash ^= hash >> 10;
  std::vector<uint32_t> place;
  for (int bits = 0; bits < 32; bits += 5) place.push_back((hash >> bits) & 31);
  return place;
}

// As the history shows a protocol: delta-spark lists features in the order of a Scala set, which small sets keep.
std::string HistoryText(const Protocol& protocol) {
  JsonWriter json;
  const auto list = [&](const char* key, const std::optional<std::vector<std::string>>& features) {
    json.Key(key);
    if (!features.has_value()) {
      json.Null();
      return;
    }
    std::vector<std::string> ordered = *features;
    if (ordered.size() > 4) {
      std::sort(ordered.begin(), ordered.end(),
                [](const auto& a, const auto& b) { return PlaceInHashSet(a) < PlaceInHashSet(b); });
    }
    json.BeginArray();
    for (const auto& feature : ordered) json.String(feature);
    json.EndArray();
  };
  json.BeginObject().Key("minReaderVersion").Int(protocol.min_reader_version);
  json.Key("minWriterVersion").Int(protocol.min_writer_version);
  list("readerFeatures", protocol.reader_features);
  list("writerFeatures", protocol.writer_features);
  return json.EndObject().Take();
}

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
  options.operation_parameters = {{"newProtocol", HistoryText(txn.protocol())}};
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
