#include "delta/checkpoint/checkpoint_writer.h"

#include <simdjson.h>

#include "base/json_writer.h"
#include "delta/checkpoint/checkpoint_schema.h"
#include "delta/checkpoint/last_checkpoint.h"
#include "delta/log/log_files.h"
#include "delta/log/version_checksum.h"
#include "delta/spec/action_json.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"

namespace deltic::delta {
namespace {

// Actions that are no files.
std::vector<Action> StateActions(const Snapshot& snapshot) {
  std::vector<Action> out = {snapshot.protocol(), snapshot.metadata()};
  for (const auto& [app, txn] : snapshot.transactions()) out.emplace_back(txn);
  for (const auto& [name, domain] : snapshot.domains()) out.emplace_back(domain);
  return out;
}

std::string PartitionsJson(const PartitionValues& values) {
  JsonWriter json;
  json.BeginObject();
  for (const auto& [name, value] : values) {
    json.Key(name);
    if (value) {
      json.String(*value);
    } else {
      json.Null();
    }
  }
  return json.EndObject().Take();
}

// Rows of the files of a checkpoint.
class FileRows {
 public:
  explicit FileRows(const CheckpointColumns& columns) : columns_(columns) {}

  std::string Add(const AddFile& file) {
    AddFile add = file;
    add.data_change = false;
    if (!columns_.stats_json) add.stats.clear();
    std::string row = ActionToJson(add);
    std::string more;
    if (columns_.partitions) more += ",\"partitionValues_parsed\":" + PartitionsJson(file.partition_values);
    if (columns_.stats && !file.stats.empty() && parser_.parse(file.stats).error() == simdjson::SUCCESS) {
      more += ",\"stats_parsed\":" + file.stats;
    }
    if (!more.empty()) row.insert(row.size() - 2, more);
    return row;
  }

  static std::string Remove(const RemoveFile& tombstone) {
    RemoveFile remove = tombstone;
    remove.data_change = false;
    remove.stats.clear();
    remove.tags.clear();
    return ActionToJson(remove);
  }

 private:
  const CheckpointColumns& columns_;
  simdjson::dom::parser parser_;
};

class Writer {
 public:
  Writer(const TableIo& io, const Snapshot& snapshot, Random* random, const CheckpointOptions& options)
      : io_(io),
        snapshot_(snapshot),
        random_(random),
        options_(options),
        columns_(CheckpointColumnsOf(snapshot.metadata())),
        rows_(columns_) {
    last_.version = snapshot.version();
    last_.add_files = static_cast<int64_t>(snapshot.files().size());
  }

  Status Classic() {
    std::vector<std::string> rows;
    for (const auto& action : StateActions(snapshot_)) rows.push_back(ActionToJson(action));
    RETURN_IF_ERROR(ForEachFile([&](std::string row) {
      rows.push_back(std::move(row));
      return Status::Ok();
    }));
    return Put(CheckpointPath(snapshot_.table_path(), snapshot_.version()), CheckpointPart::kClassic, rows).status();
  }

  Status V2() {
    std::vector<Sidecar> sidecars;
    std::vector<std::string> rows;
    const auto flush = [&]() -> Status {
      if (rows.empty()) return Status::Ok();
      Sidecar sidecar;
      sidecar.path = random_->Uuid() + ".parquet";
      const std::string path = LogPath(snapshot_.table_path()) + "/_sidecars/" + sidecar.path;
      ASSIGN_OR_RETURN(sidecar.size_bytes, Put(path, CheckpointPart::kSidecar, rows));
      ASSIGN_OR_RETURN(const auto meta, io_.store->Head(path));
      sidecar.modification_time_ms = meta.modified_ms;
      sidecars.push_back(std::move(sidecar));
      rows.clear();
      return Status::Ok();
    };
    RETURN_IF_ERROR(ForEachFile([&](std::string row) -> Status {
      rows.push_back(std::move(row));
      return static_cast<int64_t>(rows.size()) < options_.sidecar_actions ? Status::Ok() : flush();
    }));
    RETURN_IF_ERROR(flush());
    return TopLevel(std::move(sidecars));
  }

  Status PutLastCheckpoint() {
    const std::string path = LastCheckpointPath(snapshot_.table_path());
    // A slow writer must not take the hint back.
    const auto now = io_.store->Get(path);
    if (now.ok() && LastCheckpointVersion(*now).value_or(-1) > snapshot_.version()) return Status::Ok();
    return io_.store->PutDerived(path, LastCheckpointText(last_));  // a hint: without it the log is listed
  }

 private:
  Status ForEachFile(const std::function<Status(std::string)>& each) {
    for (const auto& file : snapshot_.files()) RETURN_IF_ERROR(each(rows_.Add(file)));
    if (snapshot_.files().StatisticsLost()) {
      return IoError(snapshot_.table_path(), "a checkpoint would be written without the statistics of some files");
    }
    for (const auto& tombstone : snapshot_.tombstones()) RETURN_IF_ERROR(each(FileRows::Remove(tombstone)));
    return Status::Ok();
  }

  Status TopLevel(std::vector<Sidecar> sidecars) {
    const std::string base = VersionPrefix(snapshot_.version()) + ".checkpoint." + random_->Uuid();
    LastCheckpoint::V2 v2;
    v2.actions = StateActions(snapshot_);
    std::vector<std::string> rows = {ActionToJson(CheckpointMetadata{snapshot_.version()})};
    for (const auto& sidecar : sidecars) rows.push_back(ActionToJson(sidecar));
    for (const auto& action : v2.actions) rows.push_back(ActionToJson(action));
    v2.actions.emplace_back(CheckpointMetadata{snapshot_.version()});
    v2.sidecars = std::move(sidecars);
    v2.file_name = base + (options_.v2_parquet_top_level ? ".parquet" : ".json");
    const std::string path = LogPath(snapshot_.table_path()) + "/" + v2.file_name;
    if (options_.v2_parquet_top_level) {
      ASSIGN_OR_RETURN(v2.size_bytes, Put(path, CheckpointPart::kTopLevel, rows));
    } else {
      std::string text;
      for (const auto& row : rows) text += row + "\n";
      RETURN_IF_ERROR(io_.store->Put(path, text));
      v2.size_bytes = static_cast<int64_t>(text.size());
      last_.size += static_cast<int64_t>(rows.size());
      last_.size_bytes += v2.size_bytes;
    }
    ASSIGN_OR_RETURN(const auto meta, io_.store->Head(path));
    v2.modified_ms = meta.modified_ms;
    last_.v2 = std::move(v2);
    return Status::Ok();
  }

  // Where the Parquet writer's file may be seen half-way, the store's Put is not.
  Result<int64_t> Put(const std::string& path, CheckpointPart part, const std::vector<std::string>& rows) {
    const bool whole = io_.store->NativeWritesAreAtomic();
    const std::string temporary =
        LogPath(snapshot_.table_path()) + "/." + std::string(storage::BaseName(path)) + "." + random_->Uuid() + ".tmp";
    auto written = io_.parquet->WriteFromJson(io_.store->NativePath(whole ? path : temporary),
                                              CheckpointSchema(part, columns_), rows);
    Status status = written.status();
    if (!whole) {
      if (status.ok()) {
        auto bytes = io_.store->Get(temporary);
        status = bytes.ok() ? io_.store->Put(path, *bytes) : bytes.status();
      }
      const Status cleaned = io_.store->Delete(temporary);
      if (status.ok()) status = cleaned;
    }
    RETURN_IF_ERROR(status);
    last_.size += static_cast<int64_t>(rows.size());
    last_.size_bytes += *written;
    return *written;
  }

  const TableIo& io_;
  const Snapshot& snapshot_;
  Random* const random_;
  const CheckpointOptions& options_;
  const CheckpointColumns columns_;
  FileRows rows_;
  LastCheckpoint last_;
};

}  // namespace

Status WriteCheckpoint(const TableIo& io, const Snapshot& snapshot, Random* random, const CheckpointOptions& options) {
  if (io.parquet == nullptr) return Unsupported("writing a checkpoint without a Parquet writer");
  const Status agrees = VerifyChecksum(io.store.get(), snapshot);
  if (!agrees.ok() && (io.checksum_mismatch_is_fatal || !agrees.Is("DELTA_TXN_LOG_FAILED_INTEGRITY"))) return agrees;
  const bool v2 = types::EqualsIgnoreCase(snapshot.Property("delta.checkpointPolicy"), "v2") &&
                  IsFeatureSupported(snapshot.protocol(), "v2Checkpoint");
  Writer writer(io, snapshot, random, options);
  RETURN_IF_ERROR(v2 ? writer.V2() : writer.Classic());
  return writer.PutLastCheckpoint();
}

}  // namespace deltic::delta
