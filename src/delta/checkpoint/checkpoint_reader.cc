#include "delta/checkpoint/checkpoint_reader.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>

namespace deltic::delta {
namespace {

using Kind = ParquetColumn::Kind;

Status Corrupt(const std::string& path, const std::string& reason) {
  return Error("DELTA_LOG_CORRUPTED", {{"path", path}, {"reason", reason}},
               "The transaction log is corrupted: " + path + ": " + reason);
}

constexpr size_t kMaxPartitions = 100000;
// Less text of statistics than this is read with the rest.
constexpr size_t kKeepStatisticsFrom = size_t{4} << 20;

// Positions in ColumnsOf().
enum FileColumn : size_t {
  kAddPath,
  kAddPartition,
  kAddSize,
  kAddModified,
  kAddDataChange,
  kAddStats,
  kAddStatsParsed,
  kAddTags,
  kAddDvType,
  kAddDvPath,
  kAddDvOffset,
  kAddDvSize,
  kAddDvCardinality,
  kAddBaseRowId,
  kAddRowVersion,
  kAddClustering,
  kRemovePath,
  kRemoveTime,
  kRemoveDataChange,
  kRemoveExtended,
  kRemovePartition,
  kRemoveSize,
  kRemoveStats,
  kRemoveStatsParsed,
  kRemoveTags,
  kRemoveDvType,
  kRemoveDvPath,
  kRemoveDvOffset,
  kRemoveDvSize,
  kRemoveDvCardinality,
  kRemoveBaseRowId,
  kRemoveRowVersion,
  kOthers,  // then one JSON column for each of kOtherActions
};
constexpr std::string_view kOtherActions[] = {"txn",     "metaData",          "protocol", "domainMetadata",
                                              "sidecar", "checkpointMetadata"};

std::vector<ParquetColumn> MakeColumns(bool top_level) {
  std::vector<ParquetColumn> columns = {{"add.path", Kind::kText},
                                        {"add.partitionValues", Kind::kMap},
                                        {"add.size", Kind::kInt},
                                        {"add.modificationTime", Kind::kInt},
                                        {"add.dataChange", Kind::kInt},
                                        {"add.stats", Kind::kText},
                                        {"add.stats_parsed", Kind::kJson, "add.stats"},
                                        {"add.tags", Kind::kMap},
                                        {"add.deletionVector.storageType", Kind::kText},
                                        {"add.deletionVector.pathOrInlineDv", Kind::kText},
                                        {"add.deletionVector.offset", Kind::kInt},
                                        {"add.deletionVector.sizeInBytes", Kind::kInt},
                                        {"add.deletionVector.cardinality", Kind::kInt},
                                        {"add.baseRowId", Kind::kInt},
                                        {"add.defaultRowCommitVersion", Kind::kInt},
                                        {"add.clusteringProvider", Kind::kText},
                                        {"remove.path", Kind::kText},
                                        {"remove.deletionTimestamp", Kind::kInt},
                                        {"remove.dataChange", Kind::kInt},
                                        {"remove.extendedFileMetadata", Kind::kInt},
                                        {"remove.partitionValues", Kind::kMap},
                                        {"remove.size", Kind::kInt},
                                        {"remove.stats", Kind::kText},
                                        {"remove.stats_parsed", Kind::kJson, "remove.stats"},
                                        {"remove.tags", Kind::kMap},
                                        {"remove.deletionVector.storageType", Kind::kText},
                                        {"remove.deletionVector.pathOrInlineDv", Kind::kText},
                                        {"remove.deletionVector.offset", Kind::kInt},
                                        {"remove.deletionVector.sizeInBytes", Kind::kInt},
                                        {"remove.deletionVector.cardinality", Kind::kInt},
                                        {"remove.baseRowId", Kind::kInt},
                                        {"remove.defaultRowCommitVersion", Kind::kInt}};
  if (!top_level) return columns;
  for (const auto name : kOtherActions) columns.push_back({std::string(name), Kind::kJson});
  return columns;
}

const std::vector<ParquetColumn>& ColumnsOf(bool top_level) {
  static const std::vector<ParquetColumn> top = MakeColumns(true);
  static const std::vector<ParquetColumn> sidecar = MakeColumns(false);
  return top_level ? top : sidecar;
}

// Partition values met so far, by the text that tells them apart, so that the files of a partition share them.
// Thread-safe.
class Partitions {
 public:
  SharedPartition Get(const std::string& key, const std::function<PartitionValues()>& make) {
    std::lock_guard lock(mutex_);
    if (known_.size() >= kMaxPartitions) known_.clear();
    auto& slot = known_[key];
    if (slot == nullptr) slot = std::make_shared<const PartitionValues>(make());
    return slot;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, SharedPartition> known_;
};

// Rows of one part of a checkpoint file → files and actions. One thread.
class PartReader {
 public:
  PartReader(const std::string& path, const CheckpointSink& sink, size_t columns, Partitions* all, int64_t first_row,
             std::shared_ptr<const KeptStatistics> kept)
      : path_(path),
        sink_(sink),
        columns_(columns),
        all_partitions_(all),
        first_row_(first_row),
        kept_(std::move(kept)),
        files_(kept_ != nullptr) {}

  Status Take(const ParquetRows& rows) {
    for (size_t column = 0; column < columns_; column++) absent_[column] = rows.IsAbsent(column);
    const bool adds = AnyOf(kAddPath, kRemovePath);
    const bool removes = AnyOf(kRemovePath, kOthers);
    const bool others = AnyOf(kOthers, columns_);
    for (size_t row = 0; row < rows.size(); row++) {
      if (adds) RETURN_IF_ERROR(TakeAdd(rows, row));
      if (removes) RETURN_IF_ERROR(TakeRemove(rows, row));
      for (size_t column = others ? kOthers : columns_; column < columns_; column++) {
        if (Has(rows, column, row)) {
          RETURN_IF_ERROR(TakeJson(kOtherActions[column - kOthers], rows.Text(column, row)));
        }
      }
      row_++;
    }
    return Status::Ok();
  }

  // No more rows are to come.
  void End() {
    files_.Seal();
    json_ = {};
    key_ = {};
    decoded_ = {};
    partitions_ = {};
  }

  FilePacker& files() { return files_; }
  std::vector<RemoveFile>& removes() { return removes_; }
  std::vector<Action>& actions() { return actions_; }

 private:
  bool AnyOf(size_t first, size_t end) const {
    return std::find(absent_ + first, absent_ + end, false) != absent_ + end;
  }
  bool Has(const ParquetRows& rows, size_t column, size_t row) const {
    return !absent_[column] && !rows.IsNull(column, row);
  }
  Status Bad(const std::string& reason) const {
    return Corrupt(path_ + ", row " + std::to_string(first_row_ + row_ + 1), reason);
  }

  Status TakeJson(std::string_view name, std::string_view body) {
    if (body == "null") return Status::Ok();
    json_ = "{\"";
    json_ += name;
    json_ += "\":";
    json_ += body;
    json_ += '}';
    ASSIGN_OR_RETURN(Action action, parser_.Parse(json_, path_, first_row_ + row_ + 1));
    actions_.push_back(std::move(action));
    return Status::Ok();
  }

  const SharedPartition& PartitionOf(const ParquetRows& rows, size_t row, FileColumn column) {
    static const SharedPartition kNone = std::make_shared<const PartitionValues>();
    if (!Has(rows, column, row)) return kNone;
    key_.clear();
    rows.ForEachEntry(column, row, [&](std::string_view name, std::optional<std::string_view> value) {
      key_ += name;
      key_ += value ? '\1' : '\0';
      if (value) key_ += *value;
      key_ += '\2';
    });
    if (key_.empty()) return kNone;
    const auto found = partitions_.find(key_);
    if (found != partitions_.end()) return found->second;
    if (partitions_.size() >= kMaxPartitions) partitions_.clear();
    return partitions_[key_] = all_partitions_->Get(key_, [&] {
      PartitionValues values;
      rows.ForEachEntry(column, row, [&](std::string_view name, std::optional<std::string_view> value) {
        // The empty string means null (PROTOCOL.md › Partition Value Serialization).
        auto& slot = values[std::string(name)];
        if (value && !value->empty()) slot = std::string(*value);
      });
      return values;
    });
  }

  // `first`: the column of the storage type. False: there is none.
  Result<bool> TakeDeletionVector(const ParquetRows& rows, size_t row, FileColumn first) {
    constexpr size_t kPath = kAddDvPath - kAddDvType;
    constexpr size_t kOffset = kAddDvOffset - kAddDvType;
    constexpr size_t kSize = kAddDvSize - kAddDvType;
    constexpr size_t kCardinality = kAddDvCardinality - kAddDvType;
    if (!Has(rows, first, row)) return false;
    vector_ = {};
    vector_.storage_type = rows.Text(first, row);
    if (!Has(rows, first + kPath, row) || !Has(rows, first + kSize, row) || !Has(rows, first + kCardinality, row)) {
      return Bad("a deletion vector is incomplete");
    }
    if (vector_.storage_type != "u" && vector_.storage_type != "i" && vector_.storage_type != "p") {
      return Bad("unknown deletion vector storage type '" + vector_.storage_type + "'");
    }
    vector_.path_or_inline = rows.Text(first + kPath, row);
    if (Has(rows, first + kOffset, row)) vector_.offset = static_cast<int32_t>(rows.Int(first + kOffset, row));
    vector_.size_bytes = static_cast<int32_t>(rows.Int(first + kSize, row));
    vector_.cardinality = rows.Int(first + kCardinality, row);
    if (vector_.size_bytes < 0 || vector_.cardinality < 0 || vector_.offset.value_or(0) < 0) {
      return Bad("a deletion vector has a negative number");
    }
    return true;
  }

  // Percent-decoded; the view lives until the next row.
  Result<std::string_view> PathOf(const ParquetRows& rows, size_t row, FileColumn column) {
    const std::string_view path = rows.Text(column, row);
    if (path.empty()) return Bad("'path' is empty");
    if (path.find('%') == std::string_view::npos) return path;
    decoded_ = storage::UriDecode(path);
    return std::string_view(decoded_);
  }

  std::string_view StatsOf(const ParquetRows& rows, size_t row, FileColumn text, FileColumn parsed) const {
    if (Has(rows, text, row)) return rows.Text(text, row);
    return Has(rows, parsed, row) ? rows.Text(parsed, row) : std::string_view();
  }

  void TakeTags(const ParquetRows& rows, size_t row, FileColumn column,
                std::map<std::string, std::string>* tags) const {
    if (!Has(rows, column, row)) return;
    rows.ForEachEntry(column, row, [&](std::string_view name, std::optional<std::string_view> value) {
      if (value) (*tags)[std::string(name)] = *value;
    });
  }

  std::optional<int64_t> Number(const ParquetRows& rows, size_t row, FileColumn column) const {
    return Has(rows, column, row) ? std::optional<int64_t>(rows.Int(column, row)) : std::nullopt;
  }

  Status TakeRemove(const ParquetRows& rows, size_t row) {
    if (!Has(rows, kRemovePath, row)) {
      if (!Has(rows, kRemoveDataChange, row) && !Has(rows, kRemoveTime, row)) return Status::Ok();
      return Bad("a remove without a path");
    }
    RemoveFile remove;
    ASSIGN_OR_RETURN(remove.path, PathOf(rows, row, kRemovePath));
    remove.deletion_timestamp_ms = Number(rows, row, kRemoveTime);
    remove.data_change = Number(rows, row, kRemoveDataChange).value_or(1) != 0;
    remove.extended_file_metadata = Number(rows, row, kRemoveExtended).value_or(0) != 0;
    remove.partition_values = *PartitionOf(rows, row, kRemovePartition);
    remove.size_bytes = Number(rows, row, kRemoveSize);
    remove.stats = StatsOf(rows, row, kRemoveStats, kRemoveStatsParsed);
    TakeTags(rows, row, kRemoveTags, &remove.tags);
    ASSIGN_OR_RETURN(const bool hides, TakeDeletionVector(rows, row, kRemoveDvType));
    if (hides) remove.deletion_vector = vector_;
    remove.base_row_id = Number(rows, row, kRemoveBaseRowId);
    remove.default_row_commit_version = Number(rows, row, kRemoveRowVersion);
    removes_.push_back(std::move(remove));
    return Status::Ok();
  }

  Status TakeAdd(const ParquetRows& rows, size_t row) {
    if (!Has(rows, kAddPath, row)) {
      return Has(rows, kAddSize, row) ? Bad("an add without a path") : Status::Ok();
    }
    PackedFile file;
    ASSIGN_OR_RETURN(file.known_path, PathOf(rows, row, kAddPath));
    if (!Has(rows, kAddSize, row) || !Has(rows, kAddModified, row)) {
      return Bad("'size' or 'modificationTime' is missing");
    }
    file.size_bytes = rows.Int(kAddSize, row);
    if (file.size_bytes < 0) return Bad("'size' is negative");
    file.modification_time_ms = rows.Int(kAddModified, row);
    file.data_change = Number(rows, row, kAddDataChange).value_or(0) != 0;
    file.shared_partition = &PartitionOf(rows, row, kAddPartition);
    file.partition_values = file.shared_partition->get();
    if (kept_ != nullptr) {
      file.kept = &kept_;
      file.kept_row = static_cast<uint32_t>(row_);
    } else {
      file.known_stats = StatsOf(rows, row, kAddStats, kAddStatsParsed);
    }
    if (Has(rows, kAddTags, row)) {
      tags_.clear();
      TakeTags(rows, row, kAddTags, &tags_);
      if (!tags_.empty()) file.tags = &tags_;
    }
    ASSIGN_OR_RETURN(const bool hides, TakeDeletionVector(rows, row, kAddDvType));
    if (hides) file.deletion_vector = &vector_;
    file.base_row_id = Number(rows, row, kAddBaseRowId);
    file.default_row_commit_version = Number(rows, row, kAddRowVersion);
    if (Has(rows, kAddClustering, row)) file.clustering_provider = rows.Text(kAddClustering, row);
    if (sink_.wanted(file)) files_.Add(file);
    return Status::Ok();
  }

  const std::string& path_;
  const CheckpointSink& sink_;
  const size_t columns_;
  Partitions* const all_partitions_;
  const int64_t first_row_;
  const std::shared_ptr<const KeptStatistics> kept_;
  int64_t row_ = 0;  // of the part
  bool absent_[kOthers + std::size(kOtherActions)] = {};
  FilePacker files_;  // closed where statistics are kept: in a large checkpoint
  std::vector<RemoveFile> removes_;
  std::vector<Action> actions_;
  ActionParser parser_;
  std::string json_;
  std::string key_;
  std::string decoded_;
  std::unordered_map<std::string, SharedPartition> partitions_;
  std::map<std::string, std::string> tags_;
  DeletionVectorDescriptor vector_;
};

// Some Parquet files of a checkpoint, their parts read at the same time and put together in order.
class FilesReader final : public ParquetConsumer {
 public:
  FilesReader(const std::vector<std::string>& paths, const CheckpointSink& sink, size_t columns)
      : paths_(paths), sink_(sink), columns_(columns) {}

  void Begin(size_t parts) override { parts_.resize(parts); }
  void BeginPart(size_t part, size_t file, int64_t first_row, std::shared_ptr<const KeptText> kept) override {
    std::shared_ptr<const KeptStatistics> statistics;
    if (kept != nullptr) statistics = std::make_shared<const KeptStatistics>(paths_[file], std::move(kept));
    parts_[part] =
        std::make_unique<PartReader>(paths_[file], sink_, columns_, &partitions_, first_row, std::move(statistics));
  }
  Status Take(size_t part, const ParquetRows& rows) override { return parts_[part]->Take(rows); }
  void EndPart(size_t part) override { parts_[part]->End(); }

  // After everything was read.
  Status Finish(const std::function<Status(Action&&)>& other, FileListBuilder* files) {
    for (auto& part : parts_) {
      if (part == nullptr) continue;
      files->Append(std::move(part->files()));
      for (auto& remove : part->removes()) RETURN_IF_ERROR(sink_.remove(std::move(remove)));
      for (auto& action : part->actions()) RETURN_IF_ERROR(other(std::move(action)));
      part.reset();
    }
    return Status::Ok();
  }

 private:
  const std::vector<std::string>& paths_;
  const CheckpointSink& sink_;
  const size_t columns_;
  Partitions partitions_;
  std::vector<std::unique_ptr<PartReader>> parts_;
};

Status ReadParquet(storage::ObjectStore* store, ParquetIo* parquet, const std::vector<std::string>& paths,
                   bool top_level, const CheckpointSink& sink, const std::function<Status(Action&&)>& other,
                   FileListBuilder* files) {
  if (paths.empty()) return Status::Ok();
  if (parquet == nullptr) {
    return Unsupported("reading the Parquet checkpoint " + paths[0] + " without a Parquet reader");
  }
  ParquetRequest request;
  request.columns = ColumnsOf(top_level);
  request.keep = request.columns[kAddStats].path;
  request.keep_from_bytes = kKeepStatisticsFrom;
  for (const auto& path : paths) request.paths.push_back(store->NativePath(path));
  FilesReader reader(paths, sink, request.columns.size());
  RETURN_IF_ERROR(parquet->Read(request, &reader));
  return reader.Finish(other, files);
}

std::string SidecarPath(std::string_view table_path, const Sidecar& sidecar) {
  return storage::IsAbsolutePath(sidecar.path) ? sidecar.path
                                               : storage::JoinPath(LogPath(table_path) + "/_sidecars", sidecar.path);
}

// The top-level files; sidecars are collected.
Status ReadTopLevel(storage::ObjectStore* store, ParquetIo* parquet, const CheckpointRef& checkpoint,
                    const CheckpointSink& sink, FileListBuilder* files, std::vector<Sidecar>* sidecars) {
  const std::function<Status(Action&&)> other = [&](Action&& action) -> Status {
    if (std::holds_alternative<std::monostate>(action)) return Status::Ok();
    if (auto* sidecar = std::get_if<Sidecar>(&action)) {
      sidecars->push_back(std::move(*sidecar));
      return Status::Ok();
    }
    if (auto* metadata = std::get_if<CheckpointMetadata>(&action)) {
      if (metadata->version == checkpoint.version) return Status::Ok();
      return Corrupt(checkpoint.files[0].path, "it says it is of version " + std::to_string(metadata->version));
    }
    if (auto* add = std::get_if<AddFile>(&action)) {
      if (sink.wanted(PackedView(*add))) files->Add(*add);
      return Status::Ok();
    }
    if (auto* remove = std::get_if<RemoveFile>(&action)) return sink.remove(std::move(*remove));
    return sink.other(std::move(action));
  };
  std::vector<std::string> parquet_files;
  for (const auto& file : checkpoint.files) {
    if (!file.path.ends_with(".json")) {
      parquet_files.push_back(file.path);
      continue;
    }
    ASSIGN_OR_RETURN(const std::string text, store->Get(file.path));
    RETURN_IF_ERROR(ForEachAction(text, file.path, other));
  }
  return ReadParquet(store, parquet, parquet_files, true, sink, other, files);
}

}  // namespace

Status ReadCheckpoint(storage::ObjectStore* store, ParquetIo* parquet, std::string_view table_path,
                      const CheckpointRef& checkpoint, const CheckpointSink& sink, FileListBuilder* files) {
  std::vector<Sidecar> sidecars;
  RETURN_IF_ERROR(ReadTopLevel(store, parquet, checkpoint, sink, files, &sidecars));
  std::vector<std::string> paths;
  for (const auto& sidecar : sidecars) paths.push_back(SidecarPath(table_path, sidecar));
  const std::function<Status(Action&&)> ignore = [](Action&&) { return Status::Ok(); };
  return ReadParquet(store, parquet, paths, false, sink, ignore, files);
}

Result<std::vector<std::string>> SidecarsOf(storage::ObjectStore* store, ParquetIo* parquet,
                                            std::string_view table_path, const CheckpointRef& checkpoint) {
  std::vector<Sidecar> sidecars;
  const CheckpointSink nothing = {[](const PackedFile&) { return false; }, [](RemoveFile&&) { return Status::Ok(); },
                                  [](Action&&) { return Status::Ok(); }};
  FileListBuilder no_files{std::string(table_path), FileList()};
  RETURN_IF_ERROR(ReadTopLevel(store, parquet, checkpoint, nothing, &no_files, &sidecars));
  std::vector<std::string> paths;
  for (const auto& sidecar : sidecars) paths.push_back(SidecarPath(table_path, sidecar));
  return paths;
}

}  // namespace deltic::delta
