#include "spark/streaming/delta_source.h"

#include <algorithm>

#include "delta/log/history.h"
#include "delta/log/log_files.h"
#include "delta/skipping/file_stats.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"
#include "spark/catalog/delta_scan.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/table_path.h"
#include "spark/command/query_catalog.h"

namespace deltic::spark::streaming {
namespace {

using delta::Action;
using delta::AddFile;
using delta::CdcFile;
using delta::Metadata;
using delta::RemoveFile;

constexpr int64_t kDefaultMaxFiles = 1000;

int64_t SizeOf(const Action& action) {
  if (const auto* add = std::get_if<AddFile>(&action)) return add->size_bytes;
  if (const auto* remove = std::get_if<RemoveFile>(&action)) return remove->size_bytes.value_or(0);
  if (const auto* cdc = std::get_if<CdcFile>(&action)) return cdc->size_bytes;
  return 0;
}

bool HasVector(const Action& action) {
  if (const auto* add = std::get_if<AddFile>(&action)) return add->deletion_vector.has_value();
  if (const auto* remove = std::get_if<RemoveFile>(&action)) return remove->deletion_vector.has_value();
  return false;
}

bool Within(const IndexedFile& file, const DeltaSourceOffset& start, const std::optional<DeltaSourceOffset>& bound) {
  if (file.version == start.version && file.index <= start.index) return false;
  if (!bound.has_value() || file.version < bound->version) return true;
  return file.version == bound->version && file.index <= bound->index;
}

// The marks and the actions of a version that lie between `start` and `bound`.
void Place(const std::vector<const Action*>& actions, const DeltaSourceOffset& start,
           const std::optional<DeltaSourceOffset>& bound, VersionFiles* out) {
  const auto place = [&](int64_t index, const Action* action) {
    const IndexedFile file{out->version, index, action, action == nullptr ? 0 : SizeOf(*action)};
    if (Within(file, start, bound)) out->files.push_back(file);
  };
  place(DeltaSourceOffset::kBase, nullptr);
  for (size_t i = 0; i < actions.size(); i++) place(static_cast<int64_t>(i), actions[i]);
  place(DeltaSourceOffset::kEnd, nullptr);
}

// "UPDATE (Map(predicate -> ["(id = 1)"]))"
std::string OperationText(const delta::CommitInfo& info) {
  std::string out;
  for (const auto& [name, value] : info.operation_parameters) out += (out.empty() ? "" : ", ") + name + " -> " + value;
  return info.operation + " (Map(" + out + "))";
}

}  // namespace

// What a batch may still take (delta-spark's AdmissionLimits).
class DeltaSource::Admission {
 public:
  Admission(const DeltaSourceOptions& options, ReadLimit limit) : limited_(limit == ReadLimit::kDefault) {
    constexpr int64_t kNoLimit = INT32_MAX - 8;
    files_ = options.max_files.value_or(options.max_bytes.has_value() ? kNoLimit : kDefaultMaxFiles);
    bytes_ = options.max_bytes.value_or(INT64_MAX);
  }
  bool limited() const { return limited_; }
  bool HasCapacity() const { return !limited_ || (files_ > 0 && bytes_ > 0); }
  // A file is taken while there is capacity before it, so that at least one always is.
  bool Take(const IndexedFile& file) {
    seen_ = true;
    if (file.action == nullptr || !limited_) return true;
    const bool admitted = HasCapacity();
    files_ -= 1;
    bytes_ -= file.size_bytes;
    return admitted;
  }
  // All or none; the first ones always.
  bool TakeTogether(const std::vector<IndexedFile>& files) {
    if (files.empty() || !limited_) return true;
    int64_t bytes = 0;
    for (const IndexedFile& file : files) bytes += file.size_bytes;
    const auto count = static_cast<int64_t>(files.size());
    const bool admitted = !seen_ || (files_ - count >= 0 && bytes_ - bytes >= 0);
    seen_ = true;
    files_ -= count;
    bytes_ -= bytes;
    return admitted;
  }

 private:
  const bool limited_;
  bool seen_ = false;
  int64_t files_ = 0;
  int64_t bytes_ = 0;
};

Result<std::unique_ptr<Source>> DeltaSource::Open(const SourceContext& context, const engine::StreamRel& relation) {
  session::Session* session = context.session.get();
  const std::string& path = relation.spec->path;
  ASSIGN_OR_RETURN(DeltaSourceOptions options, ParseSourceOptions(relation.spec->options));
  ASSIGN_OR_RETURN(auto io, session->server()->catalog->IoFor(session, path));
  ASSIGN_OR_RETURN(auto snapshot, session->server()->catalog->LatestSnapshot(session, path));
  std::unique_ptr<DeltaSource> source(
      new DeltaSource(context.session, std::move(io), std::move(options), std::move(snapshot)));
  return std::unique_ptr<Source>(std::move(source));
}

std::string DeltaSource::description() const {
  return "DeltaSource[" + catalog::DisplayPath(snapshot_->table_path()) + "]";
}

Status DeltaSource::StopAtLatest() {
  stop_at_latest_ = true;
  return Status::Ok();
}

Result<std::optional<int64_t>> DeltaSource::StartingVersion() {
  if (start_known_) return starting_version_;
  const std::string& path = snapshot_->table_path();
  const bool beyond =
      session_->conf().GetBool("spark.databricks.delta.changeDataFeed.timestampOutOfRange.enabled", false);
  if (options_.starts_at_latest) {
    ASSIGN_OR_RETURN(const auto latest, session_->server()->catalog->LatestSnapshot(session_.get(), path));
    starting_version_ = latest->version() + 1;
  } else if (options_.starting_version.has_value()) {
    // Commits are read, never the snapshot of the version.
    const delta::VersionBounds bounds{.recreatable = false, .may_exceed_latest = beyond};
    RETURN_IF_ERROR(delta::CheckVersionExists(io_, path, *options_.starting_version, bounds));
    starting_version_ = options_.starting_version;
  } else if (options_.starting_timestamp.has_value()) {
    command::QueryCatalog catalog(session_.get());
    resolve::Resolver resolver(&catalog, session_->server()->engine, session_->views(), session_->MakeResolveOptions(),
                               true);
    ASSIGN_OR_RETURN(const int64_t millis, catalog::TimestampMillis(*options_.starting_timestamp, &resolver));
    ASSIGN_OR_RETURN(starting_version_, delta::VersionAtOrAfterTimestamp(io_, path, millis, beyond));
  }
  start_known_ = true;
  return starting_version_;
}

// --- schema -----------------------------------------------------------------------------------------
Status DeltaSource::CheckMetadata(const Metadata& metadata, int64_t version, bool at_start) {
  const bool backfilling = version < snapshot_->version();
  const Metadata& newer = backfilling ? snapshot_->metadata() : metadata;
  const Metadata& older = backfilling ? metadata : snapshot_->metadata();
  if (!delta::HasNoColumnMappingChanges(newer, older)) {
    return Error("DELTA_STREAMING_INCOMPATIBLE_SCHEMA_CHANGE_USE_SCHEMA_LOG",
                 {{"docLink", "https://docs.delta.io/latest/versioning.html#column-mapping"},
                  {"readSchema", older.schema.Json()},
                  {"incompatibleSchema", newer.schema.Json()},
                  {"detectedDuringStreaming", at_start ? "false" : "true"}});
  }
  const types::DataType& read = snapshot_->schema();
  const bool compatible = delta::IsReadCompatible(metadata.schema, read, true) &&
                          metadata.partition_columns == snapshot_->metadata().partition_columns;
  if (compatible) return Status::Ok();
  return Error(options_.HasStart() ? "DELTA_SCHEMA_CHANGED_WITH_STARTING_OPTIONS" : "DELTA_SCHEMA_CHANGED_WITH_VERSION",
               {{"version", std::to_string(version)},
                {"readSchema", types::TreeString(read)},
                {"dataSchema", types::TreeString(metadata.schema)}});
}

// The schemas of the versions that a batch spans, once before the first batch: commits are only checked when new
// offsets are looked for.
Status DeltaSource::CheckSchemaOnce(int64_t start, std::optional<int64_t> end) {
  if (schema_checked_) return Status::Ok();
  if (start == snapshot_->version()) {
    schema_checked_ = true;
    return Status::Ok();
  }
  const auto snapshot = delta::Snapshot::Load(io_, snapshot_->table_path(), start);
  if (!snapshot.ok()) {
    if (delta::MappingModeOf(snapshot_->metadata()) != delta::ColumnMappingMode::kNone) {
      return Error(
          "DELTA_STREAMING_CHECK_COLUMN_MAPPING_NO_SNAPSHOT",
          {{"config", "spark.databricks.delta.streaming.unsafeReadOnIncompatibleColumnMappingSchemaChanges.enabled"}});
    }
    schema_checked_ = true;
    return Status::Ok();
  }
  RETURN_IF_ERROR(CheckMetadata((*snapshot)->metadata(), (*snapshot)->version(), true));
  for (int64_t version = start; end.has_value() && version <= *end; version++) {
    const auto actions = delta::ReadCommit(io_.store.get(), snapshot_->table_path(), version);
    if (!actions.ok()) break;
    for (const Action& action : *actions) {
      if (const auto* metadata = std::get_if<Metadata>(&action)) {
        RETURN_IF_ERROR(CheckMetadata(*metadata, version, true));
      }
    }
  }
  schema_checked_ = true;
  return Status::Ok();
}

// --- the log ----------------------------------------------------------------------------------------
Status DeltaSource::LoadSnapshotFiles(int64_t version) {
  if (files_version_ == version) return Status::Ok();
  std::shared_ptr<const delta::Snapshot> snapshot = snapshot_;
  if (version != snapshot->version()) {
    auto loaded = delta::Snapshot::Load(io_, snapshot_->table_path(), version);
    if (!loaded.ok()) {
      for (const char* gone : {"DELTA_VERSION_NOT_FOUND", "DELTA_TRUNCATED_TRANSACTION_LOG", "PATH_NOT_FOUND",
                               "DELTA_VERSIONS_NOT_CONTIGUOUS", "DELTA_STATE_RECOVER_ERROR"}) {
        if (loaded.status().Is(gone)) return Error("DELTA_LOG_FILE_NOT_FOUND_FOR_STREAMING_SOURCE");
      }
      return loaded.status();
    }
    snapshot = *loaded;
  }
  std::vector<std::pair<std::string, const AddFile*>> sorted;
  for (const AddFile& add : snapshot->files()) sorted.emplace_back(storage::UriEncodePath(add.path), &add);
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second->modification_time_ms, a.first) < std::tie(b.second->modification_time_ms, b.first);
  });
  files_.clear();
  for (const auto& [path, add] : sorted) {
    AddFile copy = *add;
    copy.data_change = true;
    files_.emplace_back(std::move(copy));
  }
  files_version_ = version;
  files_timestamp_ms_ = snapshot->timestamp_ms();
  return Status::Ok();
}

std::vector<const Action*> DeltaSource::FilesOf(const std::vector<Action>& actions) const {
  std::vector<const Action*> out;
  if (options_.read_change_feed) {
    for (const Action& action : actions) {
      if (std::holds_alternative<CdcFile>(action)) out.push_back(&action);
    }
    if (!out.empty()) return out;
  }
  for (const Action& action : actions) {
    const auto* add = std::get_if<AddFile>(&action);
    const auto* remove = options_.read_change_feed ? std::get_if<RemoveFile>(&action) : nullptr;
    if ((add != nullptr && add->data_change) || (remove != nullptr && remove->data_change)) out.push_back(&action);
  }
  return out;
}

Status DeltaSource::CheckCommit(const std::vector<Action>& actions, int64_t version,
                                const std::optional<DeltaSourceOffset>& bound, bool* skip) {
  *skip = false;
  // The batch ends before this version.
  if (bound.has_value() && bound->version == version && bound->index == DeltaSourceOffset::kBase) return Status::Ok();
  bool adds = false;
  const RemoveFile* removed = nullptr;
  const delta::CommitInfo* info = nullptr;
  for (const Action& action : actions) {
    if (const auto* metadata = std::get_if<Metadata>(&action)) {
      RETURN_IF_ERROR(CheckMetadata(*metadata, version, false));
    }
    if (const auto* protocol = std::get_if<delta::Protocol>(&action)) {
      RETURN_IF_ERROR(delta::CheckReadable(*protocol, snapshot_->table_path()));
    }
    if (const auto* found = std::get_if<delta::CommitInfo>(&action)) info = found;
    if (const auto* add = std::get_if<AddFile>(&action)) adds |= add->data_change;
    const auto* remove = std::get_if<RemoveFile>(&action);
    if (remove != nullptr && remove->data_change && removed == nullptr) removed = remove;
  }
  if (options_.read_change_feed) {
    const bool has_cdc = std::any_of(actions.begin(), actions.end(),
                                     [](const Action& action) { return std::holds_alternative<CdcFile>(action); });
    *skip = !has_cdc && delta::ChangedNoRows(info);
    return Status::Ok();
  }
  if (removed == nullptr) return Status::Ok();
  *skip = options_.skip_change_commits;
  const std::string path = catalog::DisplayPath(snapshot_->table_path());
  if (adds && !options_.AllowsChanges()) {
    return Error("DELTA_SOURCE_TABLE_IGNORE_CHANGES", {{"file", info != nullptr ? OperationText(*info) : removed->path},
                                                       {"version", std::to_string(version)},
                                                       {"dataPath", path}});
  }
  if (!adds && !options_.AllowsDeletes()) {
    return Error("DELTA_SOURCE_IGNORE_DELETE",
                 {{"removedFile", removed->path}, {"version", std::to_string(version)}, {"dataPath", path}});
  }
  return Status::Ok();
}

Result<bool> DeltaSource::WalkSnapshot(const DeltaSourceOffset& start, const std::optional<DeltaSourceOffset>& bound,
                                       const VisitVersion& visit) {
  RETURN_IF_ERROR(LoadSnapshotFiles(start.version));
  VersionFiles version;
  version.version = start.version;
  version.timestamp_ms = files_timestamp_ms_;
  version.initial_snapshot = true;
  Place(FilesOf(files_), start, bound, &version);
  return visit(version);
}

Status DeltaSource::WalkCommits(int64_t from, const DeltaSourceOffset& start,
                                const std::optional<DeltaSourceOffset>& bound, const VisitVersion& visit) {
  const std::string& path = snapshot_->table_path();
  ASSIGN_OR_RETURN(const auto listing, delta::ListLog(io_.store.get(), path, from));
  int64_t expected = from;
  int64_t last_time = 0;
  for (const auto& commit : listing.commits) {
    if (commit.version < from) continue;
    if (bound.has_value() && commit.version > bound->version) break;
    if (commit.version > expected && options_.fail_on_data_loss) {
      return Error("DELTA_MISSING_FILES_UNEXPECTED_VERSION", {{"startVersion", std::to_string(expected)},
                                                              {"earliestVersion", std::to_string(commit.version)},
                                                              {"option", "failOnDataLoss"}});
    }
    expected = commit.version + 1;
    auto actions = delta::ReadCommit(io_.store.get(), path, commit.version);
    if (!actions.ok()) {
      if (!actions.status().Is("PATH_NOT_FOUND")) return actions.status();
      return Error("DELTA_LOG_FILE_NOT_FOUND_FOR_STREAMING_SOURCE");
    }
    bool skip = false;
    RETURN_IF_ERROR(CheckCommit(*actions, commit.version, bound, &skip));
    VersionFiles version;
    version.version = commit.version;
    version.timestamp_ms = std::max(commit.modified_ms, last_time + 1);
    last_time = version.timestamp_ms;
    for (const Action& action : *actions) {
      const auto* info = std::get_if<delta::CommitInfo>(&action);
      if (info != nullptr && info->in_commit_timestamp_ms) version.timestamp_ms = *info->in_commit_timestamp_ms;
    }
    Place(skip ? std::vector<const Action*>() : FilesOf(*actions), start, bound, &version);
    ASSIGN_OR_RETURN(const bool more, visit(version));
    if (!more) break;
  }
  return Status::Ok();
}

Status DeltaSource::Walk(const DeltaSourceOffset& start, const std::optional<DeltaSourceOffset>& bound,
                         const VisitVersion& visit) {
  if (!start.initial_snapshot) return WalkCommits(start.version, start, bound, visit);
  ASSIGN_OR_RETURN(const bool more, WalkSnapshot(start, bound, visit));
  if (!more) return Status::Ok();
  return WalkCommits(start.version + 1, start, bound, visit);
}

// --- offsets ----------------------------------------------------------------------------------------
Result<std::optional<DeltaSourceOffset>> DeltaSource::Latest(const std::string& start, ReadLimit limit) {
  DeltaSourceOffset from;
  if (!start.empty()) {
    ASSIGN_OR_RETURN(from, ParseOffset(start, table_id()));
  } else {
    ASSIGN_OR_RETURN(const auto version, StartingVersion());
    from.version = version.value_or(snapshot_->version());
    from.initial_snapshot = !version.has_value();
  }
  if (!from.initial_snapshot) {
    files_.clear();
    files_version_ = -1;
  }
  Admission admission(options_, limit);
  std::optional<IndexedFile> last;
  const auto one_by_one = [&](const std::vector<IndexedFile>& files) {
    for (const IndexedFile& file : files) {
      if (!admission.Take(file)) return false;
      last = file;
    }
    return true;
  };
  const auto visit = [&](const VersionFiles& version) -> Result<bool> {
    if (!options_.read_change_feed || version.initial_snapshot || !admission.limited()) {
      return one_by_one(version.files) && admission.HasCapacity();
    }
    if (!admission.HasCapacity()) return false;
    std::vector<IndexedFile> changes;
    bool together = false;
    for (const IndexedFile& file : version.files) {
      if (file.action == nullptr) continue;
      if (std::holds_alternative<CdcFile>(*file.action)) changes.push_back(file);
      together |= HasVector(*file.action);
    }
    // The rows of one update must not come in two batches, nor a file's vectors before and after.
    const std::vector<IndexedFile>& whole = changes.empty() ? version.files : changes;
    if (changes.empty() && !together) return one_by_one(version.files);
    if (!admission.TakeTogether(whole)) return false;
    if (!whole.empty()) last = whole.back();
    return true;
  };
  // Without capacity the marks of further versions would still move the offset; they may, as in delta-spark.
  const auto plain = [&](const VersionFiles& version) -> Result<bool> { return one_by_one(version.files); };
  RETURN_IF_ERROR(Walk(from, stop_, options_.read_change_feed ? VisitVersion(visit) : VisitVersion(plain)));
  if (!last.has_value()) {
    return start.empty() ? std::optional<DeltaSourceOffset>() : std::optional<DeltaSourceOffset>(from);
  }
  RETURN_IF_ERROR(CheckSchemaOnce(from.version, std::nullopt));
  if (last->index == DeltaSourceOffset::kEnd) {
    return std::optional<DeltaSourceOffset>({last->version + 1, DeltaSourceOffset::kBase, false});
  }
  return std::optional<DeltaSourceOffset>(
      {last->version, last->index, last->version == from.version && from.initial_snapshot});
}

Result<std::string> DeltaSource::LatestOffset(const std::string& start, ReadLimit limit) {
  if (stop_at_latest_ && !stop_known_) {
    ASSIGN_OR_RETURN(stop_, Latest(start, ReadLimit::kAll));
    stop_known_ = true;
  }
  ASSIGN_OR_RETURN(const auto offset, Latest(start, limit));
  return offset.has_value() ? OffsetJson(*offset, table_id()) : start;
}

Result<DeltaSourceOffset> DeltaSource::StartOf(const std::string& start, const DeltaSourceOffset& end) {
  if (!start.empty()) return ParseOffset(start, table_id());
  ASSIGN_OR_RETURN(const auto version, StartingVersion());
  if (version.has_value()) return DeltaSourceOffset{*version, DeltaSourceOffset::kBase, false};
  if (end.initial_snapshot) return DeltaSourceOffset{end.version, DeltaSourceOffset::kBase, true};
  // The whole initial snapshot was read: it was that of the version before the end.
  return DeltaSourceOffset{end.version - 1, DeltaSourceOffset::kBase, true};
}

Status DeltaSource::Resume(const std::string& start, const std::string& end) {
  ASSIGN_OR_RETURN(const auto last, ParseOffset(end, table_id()));
  ASSIGN_OR_RETURN(const auto first, StartOf(start, last));
  if (first.initial_snapshot) RETURN_IF_ERROR(LoadSnapshotFiles(first.version));
  const int64_t end_version = last.index == DeltaSourceOffset::kBase ? last.version - 1 : last.version;
  return CheckSchemaOnce(first.version, end_version);
}

// --- rows -------------------------------------------------------------------------------------------
Result<SourceRows> DeltaSource::Read(const std::string& start, const std::string& end) {
  ASSIGN_OR_RETURN(const auto last, ParseOffset(end, table_id()));
  ASSIGN_OR_RETURN(const auto first, StartOf(start, last));
  RETURN_IF_ERROR(
      CheckSchemaOnce(first.version, last.index == DeltaSourceOffset::kBase ? last.version - 1 : last.version));
  return options_.read_change_feed ? ReadChanges(first, last) : ReadAdds(first, last);
}

Result<SourceRows> DeltaSource::ReadAdds(const DeltaSourceOffset& start, const DeltaSourceOffset& end) {
  std::vector<AddFile> adds;
  SourceRows out;
  out.count = 0;
  const auto visit = [&](const VersionFiles& version) -> Result<bool> {
    for (const IndexedFile& file : version.files) {
      if (file.action == nullptr) continue;
      adds.push_back(std::get<AddFile>(*file.action));
      const auto rows = delta::LiveRows(adds.back());
      out.count = rows.has_value() && out.count.has_value() ? std::optional(*out.count + *rows) : std::nullopt;
    }
    return true;
  };
  RETURN_IF_ERROR(Walk(start, end, visit));
  ASSIGN_OR_RETURN(out.rows, catalog::ScanAddedFiles(session_.get(), *snapshot_, adds));
  return out;
}

Result<SourceRows> DeltaSource::ReadChanges(const DeltaSourceOffset& start, const DeltaSourceOffset& end) {
  const std::string& path = snapshot_->table_path();
  std::shared_ptr<const delta::Snapshot> first = snapshot_;
  if (start.version != first->version()) {
    ASSIGN_OR_RETURN(first, delta::Snapshot::Load(io_, path, start.version));
  }
  if (!delta::BoolProperty(first->metadata(), "delta.enableChangeDataFeed")) {
    return Error("DELTA_MISSING_CHANGE_DATA", {{"startVersion", std::to_string(start.version)},
                                               {"endVersion", std::to_string(end.version)},
                                               {"version", std::to_string(start.version)},
                                               {"key", "delta.enableChangeDataFeed"}});
  }
  delta::ChangeFeed feed;
  feed.schema_snapshot = snapshot_;
  const auto visit = [&](const VersionFiles& version) -> Result<bool> {
    std::vector<Action> actions;
    for (const IndexedFile& file : version.files) {
      if (file.action != nullptr) actions.push_back(*file.action);
    }
    RETURN_IF_ERROR(
        delta::AppendChanges(io_, *snapshot_, actions, {version.version, version.timestamp_ms}, &feed.files));
    return true;
  };
  RETURN_IF_ERROR(Walk(start, end, visit));
  SourceRows out;
  ASSIGN_OR_RETURN(out.rows, catalog::ScanChangeFeed(session_.get(), feed, {}, nullptr));
  return out;
}

}  // namespace deltic::spark::streaming
