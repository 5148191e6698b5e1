#include "delta/snapshot/snapshot_builder.h"

#include <algorithm>

#include "delta/checkpoint/checkpoint_reader.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"
#include "delta/transaction/metadata_rules.h"

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

Status SnapshotBuilder::MergeCheckpoint(const CheckpointRef& checkpoint, const CommitFile* commit) {
  const std::string& table = state_->table_path_;
  base_files_.emplace(table, FileList());
  const auto changed = [&](std::string_view path, const auto& vector) {
    if (change_index_.empty()) return false;
    if (!vector && !storage::IsAbsolutePath(path)) return change_index_.contains(path);  // the key is the path
    return change_index_.contains(FileKey(table, path, vector));
  };
  CheckpointSink sink;
  sink.wanted = [&](const PackedFile& file) {
    const auto vector = file.deletion_vector == nullptr ? std::nullopt : std::optional(*file.deletion_vector);
    return !changed(file.path(), vector);
  };
  sink.remove = [&](RemoveFile&& remove) {
    if (!changed(remove.path, remove.deletion_vector)) base_removes_.push_back(std::move(remove));
    return Status::Ok();
  };
  sink.other = [&](Action&& action) {
    ApplyState(std::move(action));
    return Status::Ok();
  };
  RETURN_IF_ERROR(ReadCheckpoint(io_.store.get(), io_.parquet, table, checkpoint, sink, &*base_files_));
  state_->checkpoint_version_ = checkpoint.version;
  if (state_->version_ >= 0) return Status::Ok();  // commits follow
  state_->version_ = checkpoint.version;
  last_modified_ms_ = checkpoint.files[0].modified_ms;
  if (commit != nullptr) {
    state_->commit_size_ = commit->size_bytes;
    state_->commit_modified_ms_ = commit->modified_ms;
    last_modified_ms_ = commit->modified_ms;
  }
  return Status::Ok();
}

void SnapshotBuilder::StartFromSnapshot(std::shared_ptr<const Snapshot> previous) {
  *state_ = *previous;
  has_protocol_ = true;
  has_metadata_ = true;
}

void SnapshotBuilder::ApplyState(Action&& action) {
  if (auto* protocol = std::get_if<Protocol>(&action)) {
    state_->protocol_ = std::move(*protocol);
    has_protocol_ = true;
  } else if (auto* metadata = std::get_if<Metadata>(&action)) {
    state_->metadata_ = std::move(*metadata);
    has_metadata_ = true;
    new_metadata_ = true;
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
}

void SnapshotBuilder::Reconcile(Action&& action) {
  auto* add = std::get_if<AddFile>(&action);
  auto* remove = std::get_if<RemoveFile>(&action);
  std::string key = add != nullptr ? FileKey(state_->table_path_, add->path, add->deletion_vector)
                                   : FileKey(state_->table_path_, remove->path, remove->deletion_vector);
  const auto [it, inserted] = change_index_.try_emplace(std::move(key), changes_.size());
  if (inserted) changes_.push_back({&it->first, RemoveFile()});
  auto& change = changes_[it->second].action;
  if (add != nullptr) {
    change = std::move(*add);
  } else {
    change = std::move(*remove);
  }
}

Status SnapshotBuilder::ApplyCommit(const std::string& path, const std::string& text, const CommitFile& commit) {
  int protocols = 0;
  int metadatas = 0;
  last_commit_info_.reset();
  RETURN_IF_ERROR(ForEachAction(text, path, [&](Action&& action) -> Status {
    if (std::holds_alternative<AddFile>(action) || std::holds_alternative<RemoveFile>(action)) {
      Reconcile(std::move(action));
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
    } else if (!std::holds_alternative<CdcFile>(action) && !std::holds_alternative<std::monostate>(action)) {
      pending_.push_back(std::move(action));
    }
    return Status::Ok();
  }));
  state_->version_ = commit.version;
  state_->commit_size_ = commit.size_bytes;
  state_->commit_modified_ms_ = commit.modified_ms;
  last_modified_ms_ = commit.modified_ms;
  return Status::Ok();
}

Status SnapshotBuilder::ApplyCompacted(const std::string& path, const std::string& text, const CommitFile& last) {
  if (text.find_first_not_of(" \r\n") == std::string::npos) return Corrupt(path, "it is empty");
  RETURN_IF_ERROR(ApplyCommit(path, text, last));
  last_commit_info_.reset();  // a compacted file has none that counts
  return Status::Ok();
}

void SnapshotBuilder::MergeFiles() {
  const std::string& table = state_->table_path_;
  const bool filtered = base_files_.has_value();  // a checkpoint's files, without those that changed
  if (!filtered) base_files_.emplace(table, state_->files_);
  std::vector<RemoveFile> removed = std::move(base_removes_);
  std::vector<std::string> revived;
  if (!filtered) {
    for (const auto& [key, index] : change_index_) base_files_->Remove(key);
  }
  for (auto& change : changes_) {
    if (const auto* add = std::get_if<AddFile>(&change.action)) {
      base_files_->Add(*add);
      revived.push_back(*change.key);
    } else {
      removed.push_back(std::move(std::get<RemoveFile>(change.action)));
    }
  }
  state_->files_ = base_files_->Finish();
  state_->tombstones_ = state_->tombstones_.With(table, std::move(removed), std::move(revived));
}

// What the table's retention properties say is forgotten by now.
void SnapshotBuilder::Expire() {
  Clock* clock = io_.clock != nullptr ? io_.clock : Clock::System();
  const int64_t now = clock->NowMillis();
  const Metadata& metadata = state_->metadata_;
  state_->expired_ms_ = now - DurationPropertyMs(metadata, "delta.deletedFileRetentionDuration");
  if (PropertyOf(metadata, "delta.setTransactionRetentionDuration").empty()) return;
  const int64_t oldest = now - DurationPropertyMs(metadata, "delta.setTransactionRetentionDuration");
  std::erase_if(state_->transactions_,
                [&](const auto& entry) { return entry.second.last_updated_ms.value_or(INT64_MIN) <= oldest; });
}

Result<std::shared_ptr<const Snapshot>> SnapshotBuilder::Finish() {
  for (auto& action : pending_) ApplyState(std::move(action));
  if (!has_protocol_ || !has_metadata_) {
    return Error("DELTA_STATE_RECOVER_ERROR", {{"operation", has_protocol_ ? "metadata" : "protocol"},
                                               {"version", std::to_string(state_->version_)},
                                               {"tablePath", state_->table_path_}});
  }
  RETURN_IF_ERROR(CheckReadable(state_->protocol_, state_->table_path_));
  if (new_metadata_) RETURN_IF_ERROR(CheckStoredMetadata(state_->metadata_, state_->table_path_, state_->version_));
  RETURN_IF_ERROR(CheckFeaturesListed(state_->protocol_, state_->metadata_));
  MergeFiles();
  Expire();
  state_->timestamp_ms_ = last_modified_ms_;
  if (state_->InCommitTimestampsEnabled() && IsFeatureSupported(state_->protocol_, "inCommitTimestamp")) {
    if (!last_commit_info_) {  // the state is exactly that of a checkpoint, whose commit is kept for this
      ASSIGN_OR_RETURN(last_commit_info_, ReadCommitInfo(io_.store.get(), state_->table_path_, state_->version_));
    }
    ASSIGN_OR_RETURN(state_->timestamp_ms_, RequiredInCommitTimestamp(last_commit_info_, state_->version_));
  }
  state_->derived_ = std::make_shared<Snapshot::DerivedSlots>();
  return std::shared_ptr<const Snapshot>(std::move(state_));
}

}  // namespace deltic::delta
