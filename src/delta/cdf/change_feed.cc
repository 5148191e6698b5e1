#include "delta/cdf/change_feed.h"

#include <algorithm>
#include <map>
#include <utility>

#include "delta/log/history.h"
#include "delta/log/log_files.h"
#include "delta/log/log_reads.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"

namespace deltic::delta {
namespace {

// The range asked for, and the schema it is read with.
struct Range {
  int64_t start = 0;
  int64_t end = 0;   // as asked, for messages
  int64_t last = 0;  // last version that exists
  std::shared_ptr<const Snapshot> read;
};

bool FeedEnabled(const Metadata& metadata) { return BoolProperty(metadata, "delta.enableChangeDataFeed"); }

bool IsMapped(const Snapshot& snapshot) { return MappingModeOf(snapshot.metadata()) != ColumnMappingMode::kNone; }

// Some version of a range from `first` to `latest` may map its columns. A protocol keeps what it supports; a feature
// that was dropped without the history leaves checkpoints protected.
bool MayBeMapped(const Snapshot& first, const Snapshot& latest) {
  return IsMapped(first) || IsFeatureSupported(latest.protocol(), "columnMapping") ||
         IsFeatureSupported(latest.protocol(), "checkpointProtection");
}

Status NotRecorded(const Range& range, int64_t version) {
  return Error("DELTA_MISSING_CHANGE_DATA", {{"startVersion", std::to_string(range.start)},
                                             {"endVersion", std::to_string(range.end)},
                                             {"version", std::to_string(version)},
                                             {"key", "delta.enableChangeDataFeed"}});
}

Status CheckSchema(const Range& range, const Metadata& metadata, int64_t version, bool is_change) {
  const Metadata& read = range.read->metadata();
  const bool before = version <= range.read->version();
  const bool mapped = before ? HasNoColumnMappingChanges(read, metadata) : HasNoColumnMappingChanges(metadata, read);
  const bool compatible = mapped && (before ? IsReadCompatible(metadata.schema, read.schema, true)
                                            : IsReadCompatible(read.schema, metadata.schema, false));
  if (compatible) return Status::Ok();
  ErrorParams params = {{"start", std::to_string(range.start)},
                        {"end", std::to_string(range.end)},
                        {"readSchema", read.schema.Json()},
                        {"readVersion", std::to_string(range.read->version())},
                        {"incompatibleVersion", std::to_string(version)}};
  if (is_change) return Error("DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE", std::move(params));
  params.emplace_back("config", "spark.databricks.delta.changeDataFeed.defaultSchemaModeForColumnMappingTable");
  return Error("DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_DATA_SCHEMA", std::move(params));
}

ChangeFile Make(ChangeFile::Kind kind, const std::string& path, const PartitionValues& values, int64_t size,
                const Commit& commit) {
  ChangeFile file;
  file.kind = kind;
  file.path = path;
  file.partition_values = values;
  file.size_bytes = size;
  file.commit_version = commit.version;
  file.commit_timestamp_ms = commit.timestamp_ms;
  return file;
}

using Vector = std::shared_ptr<const DeletionVector>;

// Rows newly deleted and rows brought back, of a file that is both removed and added.
Status AppendVectorChange(const TableIo& io, const std::string& table, const AddFile& add, const RemoveFile& remove,
                          const Commit& commit, std::vector<ChangeFile>* out) {
  Vector now;
  Vector before;
  if (add.deletion_vector) {
    ASSIGN_OR_RETURN(now, LoadDeletionVector(io.store.get(), table, *add.deletion_vector));
  }
  if (remove.deletion_vector) {
    ASSIGN_OR_RETURN(before, LoadDeletionVector(io.store.get(), table, *remove.deletion_vector));
  }
  const auto append = [&](ChangeFile::Kind kind, Vector rows) {
    if (rows->Cardinality() == 0) return;
    ChangeFile file = Make(kind, add.path, add.partition_values, add.size_bytes, commit);
    file.rows = std::move(rows);
    out->push_back(std::move(file));
  };
  append(ChangeFile::Kind::kDelete, SubtractDeletionVectors(now.get(), before.get()));
  append(ChangeFile::Kind::kInsert, SubtractDeletionVectors(before.get(), now.get()));
  return Status::Ok();
}

// Changes told by the adds and removes of one commit.
Status AppendInferred(const TableIo& io, const Snapshot& read, const std::vector<Action>& actions, const Commit& commit,
                      std::vector<ChangeFile>* out) {
  const std::string& table = read.table_path();
  std::map<std::string, const RemoveFile*> removes;  // by path
  for (const auto& action : actions) {
    const auto* remove = std::get_if<RemoveFile>(&action);
    if (remove == nullptr || !remove->data_change) continue;
    if (!remove->extended_file_metadata && !read.metadata().partition_columns.empty() &&
        remove->partition_values.empty()) {
      return Error("DELTA_REMOVE_FILE_CDC_MISSING_EXTENDED_METADATA", {{"file", remove->path}});
    }
    removes[FileKey(table, remove->path, std::nullopt)] = remove;
  }
  for (const auto& action : actions) {
    const auto* add = std::get_if<AddFile>(&action);
    if (add == nullptr || !add->data_change) continue;
    const auto it = removes.find(FileKey(table, add->path, std::nullopt));
    if (it != removes.end()) {
      RETURN_IF_ERROR(AppendVectorChange(io, table, *add, *it->second, commit, out));
      removes.erase(it);
      continue;
    }
    ChangeFile file = Make(ChangeFile::Kind::kInsert, add->path, add->partition_values, add->size_bytes, commit);
    file.deletion_vector = add->deletion_vector;
    out->push_back(std::move(file));
  }
  for (const auto& [key, remove] : removes) {
    ChangeFile file =
        Make(ChangeFile::Kind::kDelete, remove->path, remove->partition_values, remove->size_bytes.value_or(0), commit);
    file.deletion_vector = remove->deletion_vector;
    out->push_back(std::move(file));
  }
  return Status::Ok();
}

Status AppendCommit(const TableIo& io, const Range& range, const std::vector<Action>& actions, Commit commit,
                    std::vector<ChangeFile>* out) {
  const CommitInfo* info = nullptr;
  bool has_cdc = false;
  for (const auto& action : actions) {
    if (const auto* metadata = std::get_if<Metadata>(&action)) {
      if (!FeedEnabled(*metadata)) return NotRecorded(range, commit.version);
      if (commit.version > range.start) RETURN_IF_ERROR(CheckSchema(range, *metadata, commit.version, true));
    }
    if (const auto* found = std::get_if<CommitInfo>(&action)) info = found;
    has_cdc = has_cdc || std::holds_alternative<CdcFile>(action);
  }
  if (info != nullptr && info->in_commit_timestamp_ms) commit.timestamp_ms = *info->in_commit_timestamp_ms;
  if (!has_cdc && ChangedNoRows(info)) return Status::Ok();
  return AppendChanges(io, *range.read, actions, commit, out);
}

// Commits of the range and the sizes of their files. File times are made to ascend from so many commits earlier, as
// delta-spark does (DeltaHistoryManager.POTENTIALLY_UNMONOTONIZED_TIMESTAMPS).
constexpr int64_t kCommitsBefore = 100;
Result<std::vector<Commit>> CommitsOf(const TableIo& io, const Range& range, std::vector<int64_t>* sizes) {
  const int64_t from = std::max<int64_t>(range.start - kCommitsBefore, 0);
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(io.store.get(), range.read->table_path(), from));
  std::vector<Commit> commits;
  std::optional<int64_t> before;
  for (const auto& commit : listing.commits) {
    if (commit.version > range.last) break;
    const int64_t time = before ? std::max(commit.modified_ms, *before + 1) : commit.modified_ms;
    before = time;
    if (commit.version < range.start) continue;
    if (commit.version != range.start + static_cast<int64_t>(commits.size())) {
      const int64_t missing = range.start + static_cast<int64_t>(commits.size());
      return Error("DELTA_VERSIONS_NOT_CONTIGUOUS",
                   {{"versionList", std::to_string(range.start) + " to " + std::to_string(range.last)},
                    {"path", CommitPath(range.read->table_path(), missing)},
                    {"version", std::to_string(range.last)}});
    }
    commits.push_back({commit.version, time});
    sizes->push_back(commit.size_bytes);
  }
  return commits;
}

}  // namespace

bool ChangedNoRows(const CommitInfo* info) {
  if (info == nullptr || info->operation != "MERGE") return false;
  int zeros = 0;
  for (const auto& [name, value] : info->operation_metrics) {
    const bool counts =
        name == "numTargetRowsInserted" || name == "numTargetRowsUpdated" || name == "numTargetRowsDeleted";
    if (counts && value == "0") zeros++;
  }
  return zeros == 3;
}

Status AppendChanges(const TableIo& io, const Snapshot& read, const std::vector<Action>& actions, const Commit& commit,
                     std::vector<ChangeFile>* out) {
  bool has_cdc = false;
  for (const auto& action : actions) {
    const auto* cdc = std::get_if<CdcFile>(&action);
    if (cdc == nullptr) continue;
    has_cdc = true;
    out->push_back(Make(ChangeFile::Kind::kCdc, cdc->path, cdc->partition_values, cdc->size_bytes, commit));
  }
  return has_cdc ? Status::Ok() : AppendInferred(io, read, actions, commit, out);
}

Result<ChangeFeed> ReadChangeFeed(const TableIo& io, std::shared_ptr<const Snapshot> latest, int64_t start,
                                  std::optional<int64_t> end, FeedSchema schema) {
  Range range;
  range.start = start;
  range.end = end.value_or(latest->version());
  range.last = std::min(range.end, latest->version());
  range.read = latest;
  if (start > latest->version()) {
    return Error("DELTA_CDC_START_VERSION_AFTER_LATEST",
                 {{"start", std::to_string(start)}, {"latest", std::to_string(latest->version())}},
                 "Provided Start version(" + std::to_string(start) +
                     ") for reading change data is invalid. Start version cannot be greater than the latest version "
                     "of the table(" +
                     std::to_string(latest->version()) + ").");
  }
  if (range.end < start) {
    return Error("DELTA_INVALID_CDC_RANGE", {{"start", std::to_string(start)}, {"end", std::to_string(range.end)}});
  }
  std::shared_ptr<const Snapshot> first = latest;
  if (start != latest->version()) {
    ASSIGN_OR_RETURN(first, Snapshot::Load(io, latest->table_path(), start));
  }
  if (schema == FeedSchema::kEndVersion && range.last != latest->version() && MayBeMapped(*first, *latest)) {
    std::shared_ptr<const Snapshot> last = first;
    if (range.last != start) {
      ASSIGN_OR_RETURN(last, Snapshot::Load(io, latest->table_path(), range.last));
    }
    if (IsMapped(*first) || IsMapped(*latest) || IsMapped(*last)) range.read = last;
  }
  if (!FeedEnabled(first->metadata())) return NotRecorded(range, start);
  ChangeFeed feed;
  feed.schema_snapshot = range.read;
  std::vector<int64_t> sizes;
  ASSIGN_OR_RETURN(const auto commits, CommitsOf(io, range, &sizes));
  std::vector<Result<std::vector<Action>>> actions(commits.size(), std::vector<Action>());
  const auto read = [&](size_t i) {
    actions[i] = ReadCommit(io.store.get(), range.read->table_path(), commits[i].version);
  };
  RETURN_IF_ERROR(ReadInOrder(io.store.get(), sizes, read, [&](size_t i) -> Status {
    ASSIGN_OR_RETURN(const std::vector<Action> taken, std::exchange(actions[i], std::vector<Action>()));
    return AppendCommit(io, range, taken, commits[i], &feed.files);
  }));
  RETURN_IF_ERROR(CheckSchema(range, first->metadata(), start, false));
  return feed;
}

}  // namespace deltic::delta
