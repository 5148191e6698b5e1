#include "delta/checkpoint/checkpoint_reader.h"

#include <unordered_map>

namespace deltic::delta {
namespace {

using Kind = ParquetColumn::Kind;

Status Corrupt(const std::string& path, const std::string& reason) {
  return Error("DELTA_LOG_CORRUPTED", {{"path", path}, {"reason", reason}},
               "The transaction log is corrupted: " + path + ": " + reason);
}

// Partition values met so far, so that the files of a partition share them.
constexpr size_t kMaxPartitions = 100000;

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

// Rows of one checkpoint file → actions.
class FileReader {
 public:
  FileReader(const std::string& path, const CheckpointSink& sink, const std::function<Status(Action&&)>& other,
             size_t columns)
      : path_(path), sink_(sink), other_(other), columns_(columns) {}

  Status Take(const ParquetRows& rows) {
    for (size_t row = 0; row < rows.size(); row++) {
      row_++;
      if (!rows.IsNull(kAddPath, row)) {
        RETURN_IF_ERROR(TakeAdd(rows, row));
      } else if (!rows.IsNull(kAddSize, row)) {
        return Bad("an add without a path");
      }
      if (!rows.IsNull(kRemovePath, row)) {
        RETURN_IF_ERROR(TakeRemove(rows, row));
      } else if (!rows.IsNull(kRemoveDataChange, row) || !rows.IsNull(kRemoveTime, row)) {
        return Bad("a remove without a path");
      }
      for (size_t column = kOthers; column < columns_; column++) {
        if (!rows.IsNull(column, row)) {
          RETURN_IF_ERROR(TakeJson(kOtherActions[column - kOthers], rows.Text(column, row)));
        }
      }
    }
    return Status::Ok();
  }

 private:
  Status Bad(const std::string& reason) const { return Corrupt(path_ + ", row " + std::to_string(row_), reason); }

  Status TakeJson(std::string_view name, std::string_view body) {
    if (body == "null") return Status::Ok();
    json_ = "{\"";
    json_ += name;
    json_ += "\":";
    json_ += body;
    json_ += '}';
    ASSIGN_OR_RETURN(Action action, parser_.Parse(json_, path_, row_));
    return other_(std::move(action));
  }

  const PartitionValues* PartitionOf(const ParquetRows& rows, size_t row, FileColumn column) {
    static const PartitionValues kNone;
    if (rows.IsNull(column, row)) return &kNone;
    key_.clear();
    rows.ForEachEntry(column, row, [&](std::string_view name, std::optional<std::string_view> value) {
      key_ += name;
      key_ += value ? '\1' : '\0';
      if (value) key_ += *value;
      key_ += '\2';
    });
    if (key_.empty()) return &kNone;
    const auto found = partitions_.find(key_);
    if (found != partitions_.end()) return &found->second;
    if (partitions_.size() >= kMaxPartitions) partitions_.clear();
    PartitionValues values;
    rows.ForEachEntry(column, row, [&](std::string_view name, std::optional<std::string_view> value) {
      // The empty string means null (PROTOCOL.md › Partition Value Serialization).
      auto& slot = values[std::string(name)];
      if (value && !value->empty()) slot = std::string(*value);
    });
    return &partitions_.emplace(key_, std::move(values)).first->second;
  }

  // `first`: the column of the storage type. False: there is none.
  Result<bool> TakeDeletionVector(const ParquetRows& rows, size_t row, FileColumn first) {
    constexpr size_t kPath = kAddDvPath - kAddDvType;
    constexpr size_t kOffset = kAddDvOffset - kAddDvType;
    constexpr size_t kSize = kAddDvSize - kAddDvType;
    constexpr size_t kCardinality = kAddDvCardinality - kAddDvType;
    if (rows.IsNull(first, row)) return false;
    vector_ = {};
    vector_.storage_type = rows.Text(first, row);
    if (rows.IsNull(first + kPath, row) || rows.IsNull(first + kSize, row) || rows.IsNull(first + kCardinality, row)) {
      return Bad("a deletion vector is incomplete");
    }
    if (vector_.storage_type != "u" && vector_.storage_type != "i" && vector_.storage_type != "p") {
      return Bad("unknown deletion vector storage type '" + vector_.storage_type + "'");
    }
    vector_.path_or_inline = rows.Text(first + kPath, row);
    if (!rows.IsNull(first + kOffset, row)) vector_.offset = static_cast<int32_t>(rows.Int(first + kOffset, row));
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

  static std::string_view StatsOf(const ParquetRows& rows, size_t row, FileColumn text, FileColumn parsed) {
    if (!rows.IsNull(text, row)) return rows.Text(text, row);
    return rows.IsNull(parsed, row) ? std::string_view() : rows.Text(parsed, row);
  }

  static void TakeTags(const ParquetRows& rows, size_t row, FileColumn column,
                       std::map<std::string, std::string>* tags) {
    if (rows.IsNull(column, row)) return;
    rows.ForEachEntry(column, row, [&](std::string_view name, std::optional<std::string_view> value) {
      if (value) (*tags)[std::string(name)] = *value;
    });
  }

  static std::optional<int64_t> Number(const ParquetRows& rows, size_t row, FileColumn column) {
    return rows.IsNull(column, row) ? std::nullopt : std::optional<int64_t>(rows.Int(column, row));
  }

  Status TakeRemove(const ParquetRows& rows, size_t row) {
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
    return sink_.remove(std::move(remove));
  }

  Status TakeAdd(const ParquetRows& rows, size_t row) {
    PackedFile file;
    ASSIGN_OR_RETURN(file.path, PathOf(rows, row, kAddPath));
    if (rows.IsNull(kAddSize, row) || rows.IsNull(kAddModified, row)) {
      return Bad("'size' or 'modificationTime' is missing");
    }
    file.size_bytes = rows.Int(kAddSize, row);
    if (file.size_bytes < 0) return Bad("'size' is negative");
    file.modification_time_ms = rows.Int(kAddModified, row);
    file.data_change = Number(rows, row, kAddDataChange).value_or(0) != 0;
    file.partition_values = PartitionOf(rows, row, kAddPartition);
    file.stats = StatsOf(rows, row, kAddStats, kAddStatsParsed);
    tags_.clear();
    TakeTags(rows, row, kAddTags, &tags_);
    if (!tags_.empty()) file.tags = &tags_;
    ASSIGN_OR_RETURN(const bool hides, TakeDeletionVector(rows, row, kAddDvType));
    if (hides) file.deletion_vector = &vector_;
    file.base_row_id = Number(rows, row, kAddBaseRowId);
    file.default_row_commit_version = Number(rows, row, kAddRowVersion);
    if (!rows.IsNull(kAddClustering, row)) file.clustering_provider = rows.Text(kAddClustering, row);
    return sink_.file(file);
  }

  const std::string& path_;
  const CheckpointSink& sink_;
  const std::function<Status(Action&&)>& other_;
  const size_t columns_;
  int64_t row_ = 0;
  ActionParser parser_;
  std::string json_;
  std::string key_;
  std::string decoded_;
  std::unordered_map<std::string, PartitionValues> partitions_;
  std::map<std::string, std::string> tags_;
  DeletionVectorDescriptor vector_;
};

Status ReadParquet(storage::ObjectStore* store, ParquetIo* parquet, const std::string& path, bool top_level,
                   const CheckpointSink& sink, const std::function<Status(Action&&)>& other) {
  if (parquet == nullptr) return Unsupported("reading the Parquet checkpoint " + path + " without a Parquet reader");
  const auto& columns = ColumnsOf(top_level);
  FileReader reader(path, sink, other, columns.size());
  return parquet->ReadColumns(store->NativePath(path), columns,
                              [&](const ParquetRows& rows) { return reader.Take(rows); });
}

std::string SidecarPath(std::string_view table_path, const Sidecar& sidecar) {
  return storage::IsAbsolutePath(sidecar.path) ? sidecar.path
                                               : storage::JoinPath(LogPath(table_path) + "/_sidecars", sidecar.path);
}

// The top-level files; sidecars are collected.
Status ReadTopLevel(storage::ObjectStore* store, ParquetIo* parquet, const CheckpointRef& checkpoint,
                    const CheckpointSink& sink, std::vector<Sidecar>* sidecars) {
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
    if (auto* add = std::get_if<AddFile>(&action)) return sink.file(PackedView(*add));
    if (auto* remove = std::get_if<RemoveFile>(&action)) return sink.remove(std::move(*remove));
    return sink.other(std::move(action));
  };
  for (const auto& file : checkpoint.files) {
    if (file.path.ends_with(".json")) {
      ASSIGN_OR_RETURN(const std::string text, store->Get(file.path));
      RETURN_IF_ERROR(ForEachAction(text, file.path, other));
    } else {
      RETURN_IF_ERROR(ReadParquet(store, parquet, file.path, true, sink, other));
    }
  }
  return Status::Ok();
}

}  // namespace

Status ReadCheckpoint(storage::ObjectStore* store, ParquetIo* parquet, std::string_view table_path,
                      const CheckpointRef& checkpoint, const CheckpointSink& sink) {
  std::vector<Sidecar> sidecars;
  RETURN_IF_ERROR(ReadTopLevel(store, parquet, checkpoint, sink, &sidecars));
  const std::function<Status(Action&&)> ignore = [](Action&&) { return Status::Ok(); };
  for (const auto& sidecar : sidecars) {
    RETURN_IF_ERROR(ReadParquet(store, parquet, SidecarPath(table_path, sidecar), false, sink, ignore));
  }
  return Status::Ok();
}

Result<std::vector<std::string>> SidecarsOf(storage::ObjectStore* store, ParquetIo* parquet,
                                            std::string_view table_path, const CheckpointRef& checkpoint) {
  std::vector<Sidecar> sidecars;
  const CheckpointSink nothing = {[](const PackedFile&) { return Status::Ok(); },
                                  [](RemoveFile&&) { return Status::Ok(); }, [](Action&&) { return Status::Ok(); }};
  RETURN_IF_ERROR(ReadTopLevel(store, parquet, checkpoint, nothing, &sidecars));
  std::vector<std::string> paths;
  for (const auto& sidecar : sidecars) paths.push_back(SidecarPath(table_path, sidecar));
  return paths;
}

}  // namespace deltic::delta
