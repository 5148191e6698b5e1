#include "delta/snapshot/snapshot_builder.h"

#include <algorithm>

#include "delta/checkpoint/checkpoint_reader.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"

namespace deltic::delta {
namespace {

Status Corrupt(const std::string& path, const std::string& reason) {
  return Error("DELTA_LOG_CORRUPTED", {{"path", path}, {"reason", reason}},
               "The transaction log is corrupted: " + path + ": " + reason);
}

}  // namespace

std::string FileKey(std::string_view table_path, std::string_view path,
                    const std::optional<DeletionVectorDescriptor>& deletion_vector) {
  std::string key;
  if (storage::IsAbsolutePath(path)) {
    key = storage::NormalizePath(path);
    if (key.size() > table_path.size() && key.starts_with(table_path) && key[table_path.size()] == '/') {
      key.erase(0, table_path.size() + 1);
    }
  } else {
    key = path;
  }
  if (deletion_vector) {
    key.push_back('\0');
    key += deletion_vector->UniqueId();
  }
  return key;
}

std::string ResolveDataPath(std::string_view table_path, std::string_view path) {
  return storage::IsAbsolutePath(path) ? storage::NormalizePath(path) : storage::JoinPath(table_path, path);
}

SnapshotBuilder::SnapshotBuilder(TableIo io, std::string table_path)
    : io_(std::move(io)), state_(std::shared_ptr<Snapshot>(new Snapshot())) {
  state_->table_path_ = std::move(table_path);
}

Status SnapshotBuilder::StartFromCheckpoint(const CheckpointRef& checkpoint, const CommitFile* commit) {
  RETURN_IF_ERROR(ReadCheckpoint(io_.store.get(), io_.parquet, state_->table_path_, checkpoint,
                                 [&](Action&& action) { return ApplyCheckpointAction(std::move(action)); }));
  state_->version_ = checkpoint.version;
  state_->checkpoint_version_ = checkpoint.version;
  last_modified_ms_ = checkpoint.files[0].modified_ms;
  if (commit != nullptr) {
    state_->commit_size_ = commit->size_bytes;
    state_->commit_modified_ms_ = commit->modified_ms;
    last_modified_ms_ = commit->modified_ms;
  }
  return Status::Ok();
}

Status SnapshotBuilder::ApplyCheckpointAction(Action&& action) {
  if (auto* add = std::get_if<AddFile>(&action)) {
    base_files_.push_back(std::move(*add));
    return Status::Ok();
  }
  if (auto* remove = std::get_if<RemoveFile>(&action)) {
    base_removes_.push_back(std::move(*remove));
    return Status::Ok();
  }
  return ApplyState(std::move(action));
}

void SnapshotBuilder::StartFromSnapshot(std::shared_ptr<const Snapshot> previous) {
  *state_ = *previous;
  previous_ = std::move(previous);
  has_protocol_ = true;
  has_metadata_ = true;
}

Status SnapshotBuilder::ApplyState(Action&& action) {
  if (auto* protocol = std::get_if<Protocol>(&action)) {
    state_->protocol_ = std::move(*protocol);
    has_protocol_ = true;
  } else if (auto* metadata = std::get_if<Metadata>(&action)) {
    state_->metadata_ = std::move(*metadata);
    has_metadata_ = true;
  } else if (auto* txn = std::get_if<SetTransaction>(&action)) {
    std::string app = txn->app_id;
    state_->transactions_[std::move(app)] = std::move(*txn);
  } else if (auto* domain = std::get_if<DomainMetadata>(&action)) {
    std::string name = domain->domain;
    if (domain->removed) {
      state_->domains_.erase(name);
    } else {
      state_->domains_[std::move(name)] = std::move(*domain);
    }
  }
  return Status::Ok();
}

void SnapshotBuilder::ApplyFile(Action&& action) {
  auto* add = std::get_if<AddFile>(&action);
  auto* remove = std::get_if<RemoveFile>(&action);
  std::string key = add != nullptr ? FileKey(state_->table_path_, add->path, add->deletion_vector)
                                   : FileKey(state_->table_path_, remove->path, remove->deletion_vector);
  const auto [it, inserted] = change_index_.try_emplace(std::move(key), changes_.size());
  if (inserted) changes_.emplace_back();
  Change& change = changes_[it->second];
  change.live = add != nullptr;
  if (add != nullptr) {
    change.add = std::move(*add);
  } else {
    change.remove = std::move(*remove);
  }
}

Status SnapshotBuilder::ApplyCommit(const CommitFile& commit) {
  const std::string path = CommitPath(state_->table_path_, commit.version);
  ASSIGN_OR_RETURN(std::string text, io_.store->Get(path));
  int protocols = 0;
  int metadatas = 0;
  last_commit_info_.reset();
  RETURN_IF_ERROR(ForEachAction(text, path, [&](Action&& action) -> Status {
    if (std::holds_alternative<AddFile>(action) || std::holds_alternative<RemoveFile>(action)) {
      ApplyFile(std::move(action));
      return Status::Ok();
    }
    if (std::holds_alternative<Protocol>(action) && ++protocols > 1) {
      return Corrupt(path, "two protocol actions in one commit");
    }
    if (std::holds_alternative<Metadata>(action) && ++metadatas > 1) {
      return Corrupt(path, "two metaData actions in one commit");
    }
    if (auto* info = std::get_if<CommitInfo>(&action)) {
      last_commit_info_ = std::move(*info);
      return Status::Ok();
    }
    return ApplyState(std::move(action));
  }));
  state_->version_ = commit.version;
  state_->commit_size_ = commit.size_bytes;
  state_->commit_modified_ms_ = commit.modified_ms;
  last_modified_ms_ = commit.modified_ms;
  return Status::Ok();
}

void SnapshotBuilder::MergeFiles(Snapshot* out) {
  const std::string& table = out->table_path_;
  auto files = std::make_shared<std::vector<AddFile>>();
  auto tombstones = std::make_shared<std::vector<RemoveFile>>();
  const auto changed = [&](const auto& file) {
    return !change_index_.empty() && change_index_.contains(FileKey(table, file.path, file.deletion_vector));
  };
  if (previous_ != nullptr) {
    files->reserve(previous_->files().size() + changes_.size());
    for (const auto& file : previous_->files()) {
      if (!changed(file)) files->push_back(file);
    }
    for (const auto& remove : previous_->tombstones()) {
      if (!changed(remove)) tombstones->push_back(remove);
    }
  } else {
    files->reserve(base_files_.size() + changes_.size());
    for (auto& file : base_files_) {
      if (!changed(file)) files->push_back(std::move(file));
    }
    for (auto& remove : base_removes_) {
      if (!changed(remove)) tombstones->push_back(std::move(remove));
    }
  }
  for (auto& change : changes_) {
    if (change.live) {
      files->push_back(std::move(change.add));
    } else {
      tombstones->push_back(std::move(change.remove));
    }
  }
  Clock* clock = io_.clock != nullptr ? io_.clock : Clock::System();
  const int64_t oldest = clock->NowMillis() - DurationPropertyMs(out->metadata_, "delta.deletedFileRetentionDuration");
  std::erase_if(*tombstones,
                [&](const RemoveFile& remove) { return remove.deletion_timestamp_ms.value_or(0) <= oldest; });
  out->files_ = std::move(files);
  out->tombstones_ = std::move(tombstones);
}

Result<std::shared_ptr<const Snapshot>> SnapshotBuilder::Finish() {
  if (!has_protocol_ || !has_metadata_) {
    return Error("DELTA_STATE_RECOVER_ERROR", {{"operation", has_protocol_ ? "metadata" : "protocol"},
                                               {"version", std::to_string(state_->version_)}});
  }
  RETURN_IF_ERROR(CheckReadable(state_->protocol_, state_->table_path_));
  MergeFiles(state_.get());
  state_->timestamp_ms_ = last_modified_ms_;
  if (state_->InCommitTimestampsEnabled() && IsFeatureSupported(state_->protocol_, "inCommitTimestamp")) {
    if (!last_commit_info_) {  // the state is exactly that of a checkpoint, whose commit is kept for this
      ASSIGN_OR_RETURN(last_commit_info_, ReadCommitInfo(io_.store.get(), state_->table_path_, state_->version_));
    }
    ASSIGN_OR_RETURN(state_->timestamp_ms_, RequiredInCommitTimestamp(last_commit_info_, state_->version_));
  }
  return std::shared_ptr<const Snapshot>(std::move(state_));
}

}  // namespace deltic::delta
