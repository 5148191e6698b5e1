#include "tests/sim/command.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>
#include <set>

#include "delta/deletion_vector/deletion_vector.h"
#include "delta/spec/row_tracking.h"

namespace deltic::sim {
namespace {

using delta::AddFile;
using delta::Snapshot;
using delta::Transaction;

constexpr int64_t kValues = 40;  // rows are drawn from so few that deletes meet something

std::string PartitionOf(int64_t row) { return std::to_string(row % kPartitions); }

template <typename Int>
void AppendLittle(std::string* out, Int value) {
  for (size_t i = 0; i < sizeof(Int); i++)
    out->push_back(static_cast<char>((static_cast<uint64_t>(value) >> (8 * i)) & 0xffU));
}

// An inline vector over positions below 65536 (one array container of the portable format).
delta::DeletionVectorDescriptor InlineVector(const std::set<uint64_t>& positions) {
  std::string bytes;
  AppendLittle<uint32_t>(&bytes, 1681511377U);
  AppendLittle<uint64_t>(&bytes, 1);  // one bitmap
  AppendLittle<uint32_t>(&bytes, 0);  // of the high bits 0
  AppendLittle<uint32_t>(&bytes, 12346U);
  AppendLittle<uint32_t>(&bytes, 1);  // one container
  AppendLittle<uint16_t>(&bytes, 0);  // its key
  AppendLittle<uint16_t>(&bytes, static_cast<uint16_t>(positions.size() - 1));
  AppendLittle<uint32_t>(&bytes, 16);  // its offset
  for (const uint64_t position : positions) AppendLittle<uint16_t>(&bytes, static_cast<uint16_t>(position));
  delta::DeletionVectorDescriptor out;
  out.storage_type = "i";
  out.size_bytes = static_cast<int32_t>(bytes.size());
  out.cardinality = static_cast<int64_t>(positions.size());
  while (bytes.size() % 4 != 0) bytes.push_back('\0');
  out.path_or_inline = delta::Z85Encode(bytes);
  return out;
}

struct Change {
  int64_t row = 0;
  std::string type;           // of a change file; empty in data files
  std::optional<int64_t> id;  // stored with the row
};

Result<std::vector<Change>> ReadFileRows(storage::ObjectStore* store, const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, store->Get(delta::ResolveDataPath(kTable, path)));
  std::vector<Change> out;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    const char* const line_end = std::find(at, end, '\n');
    Change change;
    const auto parsed = std::from_chars(at, line_end, change.row);
    if (parsed.ec != std::errc()) return IoError(path, "a data file is damaged");
    const std::string_view rest(parsed.ptr, line_end);
    if (rest.starts_with(':')) {
      int64_t id = 0;
      std::from_chars(rest.data() + 1, line_end, id);
      change.id = id;
    } else {
      change.type = rest;
    }
    out.push_back(std::move(change));
    at = line_end + 1;
  }
  return out;
}

Result<std::set<uint64_t>> DeletedRows(storage::ObjectStore* store,
                                       const std::optional<delta::DeletionVectorDescriptor>& vector) {
  std::set<uint64_t> out;
  if (!vector) return out;
  ASSIGN_OR_RETURN(const auto rows, delta::LoadDeletionVector(store, kTable, *vector));
  for (const uint64_t row : rows->ToVector()) out.insert(row);
  return out;
}

Result<std::vector<LiveRow>> LiveRows(storage::ObjectStore* store, const AddFile& file) {
  ASSIGN_OR_RETURN(const auto rows, ReadFileRows(store, file.path));
  ASSIGN_OR_RETURN(const auto deleted, DeletedRows(store, file.deletion_vector));
  std::vector<LiveRow> out;
  for (size_t i = 0; i < rows.size(); i++) {
    if (deleted.contains(i)) continue;
    LiveRow live{rows[i].row, rows[i].id, i};
    if (!live.id && file.base_row_id) live.id = *file.base_row_id + static_cast<int64_t>(i);
    out.push_back(live);
  }
  return out;
}

std::vector<LiveRow> NewRows(const std::vector<int64_t>& rows) {
  std::vector<LiveRow> out;
  for (const int64_t row : rows) out.push_back({row, std::nullopt, 0});
  return out;
}

void Insert(const std::vector<int64_t>& added, Rows* rows) {
  rows->insert(rows->end(), added.begin(), added.end());
  std::sort(rows->begin(), rows->end());
}

// Returns how many there were.
size_t Erase(int64_t row, Rows* rows) { return std::erase(*rows, row); }

class Preparation {
 public:
  Preparation(const Command& command, const Snapshot& snapshot, storage::ObjectStore* store, Random* random,
              int64_t now_ms, Transaction* txn)
      : command_(command), snapshot_(snapshot), store_(store), random_(random), now_ms_(now_ms), txn_(txn) {}

  Result<bool> Run() {
    switch (command_.kind) {
      case Kind::kAppend: return AddRows(command_.rows);
      case Kind::kIdempotentAppend: {
        const auto seen = txn_->ReadTxn(command_.app);
        if (seen && *seen >= command_.app_version) return false;
        txn_->SetTxn(command_.app, command_.app_version);
        return AddRows(command_.rows);
      }
      case Kind::kOverwrite: {
        txn_->ReadWholeTable();
        for (const auto& file : snapshot_.files()) txn_->Remove(file);
        return AddRows(command_.rows);
      }
      case Kind::kDeletePartition: return DeletePartition();
      case Kind::kDeleteValue: return DeleteValue();
      case Kind::kUpdateValue: return UpdateValue();
      case Kind::kMerge: return Merge();
      case Kind::kOptimize: return Optimize();
      case Kind::kAddColumn: return AddColumn();
      case Kind::kSetProperty: return SetProperty("sim.last", command_.id);
      case Kind::kTrackRows:  // the files of a table without the feature may have no ids
        if (!delta::RowTrackingSupported(snapshot_.protocol())) return false;
        return SetProperty("delta.enableRowTracking", "true");
      case Kind::kTrackCommitTimes: return SetProperty("delta.enableInCommitTimestamps", "true");
      case Kind::kSetDomain: {
        txn_->SetDomain({"sim.domain" + std::to_string(command_.value), command_.id, false});
        return true;
      }
    }
    return false;
  }

 private:
  Result<bool> SetProperty(const std::string& key, const std::string& value) {
    delta::Metadata metadata = txn_->metadata();
    std::string& now = metadata.configuration[key];
    if (now == value) return false;
    now = value;
    RETURN_IF_ERROR(txn_->UpdateMetadata(std::move(metadata)));
    return true;
  }

  Result<bool> AddColumn() {
    delta::Metadata metadata = txn_->metadata();
    auto fields = metadata.schema.fields();
    fields.push_back({"c" + std::to_string(fields.size()), types::TypeId::kString});
    metadata.schema = types::DataType::Struct(std::move(fields));
    metadata.schema_string = metadata.schema.Json();
    RETURN_IF_ERROR(txn_->UpdateMetadata(std::move(metadata)));
    return true;
  }

  Result<bool> AddRows(const std::vector<int64_t>& rows) {
    std::map<std::string, std::vector<int64_t>> parts;
    for (const int64_t row : rows) parts[PartitionOf(row)].push_back(row);
    for (const auto& [partition, values] : parts) RETURN_IF_ERROR(WriteFile(partition, NewRows(values), true));
    return true;
  }

  // Ids go with rows that have one.
  Status WriteFile(const std::string& partition, const std::vector<LiveRow>& rows, bool data_change) {
    const bool tracked = delta::RowTrackingEnabled(txn_->protocol(), txn_->metadata());
    std::string text;
    for (const LiveRow& row : rows) {
      text += std::to_string(row.row);
      if (tracked && row.id) text += ":" + std::to_string(*row.id);
      text += "\n";
    }
    AddFile add;
    add.path = "p=" + partition + "/" + random_->Uuid() + ".parquet";
    add.partition_values["p"] = partition;
    add.size_bytes = static_cast<int64_t>(text.size());
    add.modification_time_ms = now_ms_;
    add.data_change = data_change;
    add.stats = "{\"numRecords\":" + std::to_string(rows.size()) + ",\"tightBounds\":true}";
    RETURN_IF_ERROR(store_->Put(delta::ResolveDataPath(kTable, add.path), text));
    txn_->Add(std::move(add));
    return Status::Ok();
  }

  std::vector<AddFile> FilesOf(const std::string& partition) const {
    std::vector<AddFile> out;
    for (const auto& file : snapshot_.files()) {
      if (file.partition_values.at("p") == partition) out.push_back(file);
    }
    return out;
  }

  void ReadsPartition(const std::string& partition) {
    txn_->ReadPartitions([partition](const delta::PartitionValues& values) { return values.at("p") == partition; });
  }

  Result<bool> DeletePartition() {
    const std::string partition = PartitionOf(command_.value);
    ReadsPartition(partition);
    const auto files = FilesOf(partition);
    for (const auto& file : files) {
      txn_->ReadFile(file);
      txn_->Remove(file);
    }
    return !files.empty();
  }

  Result<bool> DeleteValue() {
    const std::string partition = PartitionOf(command_.value);
    ReadsPartition(partition);
    bool any = false;
    for (const auto& file : FilesOf(partition)) {
      ASSIGN_OR_RETURN(const auto rows, ReadFileRows(store_, file.path));
      ASSIGN_OR_RETURN(auto deleted, DeletedRows(store_, file.deletion_vector));
      const size_t before = deleted.size();
      for (size_t i = 0; i < rows.size(); i++) {
        if (rows[i].row == command_.value) deleted.insert(i);
      }
      if (deleted.size() == before) continue;
      any = true;
      txn_->ReadFile(file);
      txn_->Remove(file);
      if (deleted.size() == rows.size()) continue;
      Hide(file, deleted);
    }
    return any;
  }

  Result<bool> UpdateValue() {
    const std::string partition = PartitionOf(command_.value);
    ReadsPartition(partition);
    std::string changes;
    for (const auto& file : FilesOf(partition)) {
      ASSIGN_OR_RETURN(auto rows, LiveRows(store_, file));
      bool touched = false;
      for (auto& row : rows) {
        if (row.row != command_.value) continue;
        touched = true;
        row.row = command_.new_value;
        changes += UpdateChange();
      }
      if (!touched) continue;
      txn_->ReadFile(file);
      txn_->Remove(file);
      RETURN_IF_ERROR(WriteFile(partition, rows, true));
    }
    if (changes.empty()) return false;
    RETURN_IF_ERROR(WriteChanges(partition, changes));
    txn_->PreservesRowIds();
    return true;
  }

  std::string UpdateChange() const {
    return std::to_string(command_.value) + "update_preimage\n" + std::to_string(command_.new_value) +
           "update_postimage\n";
  }

  Status WriteChanges(const std::string& partition, const std::string& changes) {
    delta::CdcFile cdc;
    cdc.path = "_change_data/p=" + partition + "/" + random_->Uuid() + ".parquet";
    cdc.partition_values["p"] = partition;
    cdc.size_bytes = static_cast<int64_t>(changes.size());
    RETURN_IF_ERROR(store_->Put(delta::ResolveDataPath(kTable, cdc.path), changes));
    txn_->AddCdc(std::move(cdc));
    return Status::Ok();
  }

  // Rows with the value are updated, those with the other one deleted, new ones inserted.
  Result<bool> Merge() {
    const std::string partition = PartitionOf(command_.value);
    ReadsPartition(partition);
    std::vector<LiveRow> updated;
    std::map<std::string, std::string> changes;  // by partition
    for (const auto& file : FilesOf(partition)) {
      ASSIGN_OR_RETURN(const auto rows, LiveRows(store_, file));
      ASSIGN_OR_RETURN(auto hidden, DeletedRows(store_, file.deletion_vector));
      const size_t before = hidden.size();
      for (const LiveRow& row : rows) {
        if (row.row == command_.value) {
          updated.push_back({command_.new_value, row.id, 0});
          changes[partition] += UpdateChange();
        } else if (row.row == command_.other) {
          changes[partition] += std::to_string(row.row) + "delete\n";
        } else {
          continue;
        }
        hidden.insert(row.position);
      }
      if (hidden.size() == before) continue;
      txn_->ReadFile(file);
      txn_->Remove(file);
      if (hidden.size() - before < rows.size()) Hide(file, hidden);
    }
    const bool touched = !changes.empty();
    if (!updated.empty()) RETURN_IF_ERROR(WriteFile(partition, updated, true));
    ASSIGN_OR_RETURN(const bool inserted, AddRows(command_.rows));
    txn_->PreservesRowIds();
    if (!touched) return inserted;
    for (const int64_t row : command_.rows) changes[PartitionOf(row)] += std::to_string(row) + "insert\n";
    for (const auto& [of, text] : changes) RETURN_IF_ERROR(WriteChanges(of, text));
    return true;
  }

  void Hide(const AddFile& file, const std::set<uint64_t>& rows) {
    AddFile add = file;
    add.data_change = true;
    add.deletion_vector = InlineVector(rows);
    add.stats = "{\"numRecords\":" + std::to_string(*delta::RecordCountOf(file.stats)) + ",\"tightBounds\":false}";
    txn_->Add(std::move(add));
  }

  Result<bool> Optimize() {
    const std::string partition = PartitionOf(command_.value);
    const auto files = FilesOf(partition);
    if (files.size() < 2) return false;
    ReadsPartition(partition);
    std::vector<LiveRow> all;
    for (const auto& file : files) {
      ASSIGN_OR_RETURN(const auto rows, LiveRows(store_, file));
      all.insert(all.end(), rows.begin(), rows.end());
      txn_->ReadFile(file);
      txn_->Remove(file, false);
    }
    RETURN_IF_ERROR(WriteFile(partition, all, false));
    txn_->PreservesRowIds();
    return true;
  }

  const Command& command_;
  const Snapshot& snapshot_;
  storage::ObjectStore* const store_;
  Random* const random_;
  const int64_t now_ms_;
  Transaction* const txn_;
};

}  // namespace

Command RandomCommand(Random* random, std::string id, int64_t app_version) {
  Command out;
  out.id = std::move(id);
  static constexpr Kind kKinds[] = {
      Kind::kAppend,      Kind::kAppend,      Kind::kAppend,          Kind::kIdempotentAppend,
      Kind::kDeleteValue, Kind::kDeleteValue, Kind::kUpdateValue,     Kind::kUpdateValue,
      Kind::kOptimize,    Kind::kOverwrite,   Kind::kDeletePartition, Kind::kSetProperty,
      Kind::kSetDomain,   Kind::kMerge,       Kind::kMerge,           Kind::kMerge,
      Kind::kAddColumn,   Kind::kTrackRows,   Kind::kTrackCommitTimes};
  out.kind = kKinds[random->Next64() % std::size(kKinds)];
  const auto value = [&] { return static_cast<int64_t>(random->Next64() % kValues); };
  const size_t count = 1 + random->Next64() % 6;
  for (size_t i = 0; i < count; i++) out.rows.push_back(value());
  out.value = value();
  // Another value of the same partition.
  out.new_value = (out.value + kPartitions * (1 + value())) % (kValues / kPartitions * kPartitions);
  if (out.new_value % kPartitions != out.value % kPartitions) out.new_value = out.value % kPartitions;
  out.other = (out.value + kPartitions) % (kValues / kPartitions * kPartitions);
  if (out.kind == Kind::kSetDomain) out.value %= 2;
  out.app = "app" + std::to_string(random->Next64() % 2);
  out.app_version = app_version;
  return out;
}

Rows Apply(const Command& command, const Rows& before, const std::map<std::string, int64_t>& apps) {
  Rows after = before;
  switch (command.kind) {
    case Kind::kIdempotentAppend: {
      const auto seen = apps.find(command.app);
      if (seen == apps.end() || seen->second < command.app_version) Insert(command.rows, &after);
      break;
    }
    case Kind::kAppend: Insert(command.rows, &after); break;
    case Kind::kOverwrite:
      after.clear();
      Insert(command.rows, &after);
      break;
    case Kind::kDeletePartition:
      std::erase_if(after, [&](int64_t row) { return row % kPartitions == command.value % kPartitions; });
      break;
    case Kind::kDeleteValue: Erase(command.value, &after); break;
    case Kind::kUpdateValue: {
      const size_t count = Erase(command.value, &after);
      Insert(std::vector<int64_t>(count, command.new_value), &after);
      break;
    }
    case Kind::kMerge: {
      const size_t count = Erase(command.value, &after);
      Erase(command.other, &after);
      Insert(std::vector<int64_t>(count, command.new_value), &after);
      Insert(command.rows, &after);
      break;
    }
    case Kind::kOptimize:
    case Kind::kAddColumn:
    case Kind::kSetProperty:
    case Kind::kTrackRows:
    case Kind::kTrackCommitTimes:
    case Kind::kSetDomain: break;
  }
  return after;
}

std::string OperationOf(Kind kind) {
  switch (kind) {
    case Kind::kDeletePartition:
    case Kind::kDeleteValue: return "DELETE";
    case Kind::kUpdateValue: return "UPDATE";
    case Kind::kMerge: return "MERGE";
    case Kind::kOptimize: return "OPTIMIZE";
    case Kind::kAddColumn: return "ADD COLUMNS";
    case Kind::kSetProperty:
    case Kind::kTrackRows:
    case Kind::kTrackCommitTimes: return "SET TBLPROPERTIES";
    default: return "WRITE";
  }
}

Result<bool> Prepare(const Command& command, const Snapshot& snapshot, storage::ObjectStore* store, Random* random,
                     int64_t now_ms, Transaction* txn) {
  return Preparation(command, snapshot, store, random, now_ms, txn).Run();
}

Result<std::vector<LiveRow>> ReadLiveRows(storage::ObjectStore* store, const Snapshot& snapshot) {
  std::vector<LiveRow> out;
  for (const auto& file : snapshot.files()) {
    ASSIGN_OR_RETURN(const auto rows, LiveRows(store, file));
    out.insert(out.end(), rows.begin(), rows.end());
  }
  return out;
}

Rows RowsOf(const std::vector<LiveRow>& live) {
  Rows out;
  out.reserve(live.size());
  for (const LiveRow& row : live) out.push_back(row.row);
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::map<int64_t, int64_t>> RowIdsOf(const std::vector<LiveRow>& live) {
  std::map<int64_t, int64_t> out;
  for (const LiveRow& row : live) {
    if (!row.id) return InternalError("the row " + std::to_string(row.row) + " has no id");
    if (!out.emplace(*row.id, row.row).second) return InternalError("two rows have the id " + std::to_string(*row.id));
  }
  return out;
}

Status CheckRowIds(const Command& command, const std::map<int64_t, int64_t>& before,
                   const std::map<int64_t, int64_t>& after, int64_t mark_before) {
  for (const auto& [id, row] : after) {
    const auto old = before.find(id);
    if (old == before.end()) {
      if (id <= mark_before) return InternalError("a new row has the old id " + std::to_string(id));
      continue;
    }
    const bool updates = command.kind == Kind::kUpdateValue || command.kind == Kind::kMerge;
    const bool updated = updates && old->second == command.value && row == command.new_value;
    if (old->second != row && !updated) return InternalError("the row " + std::to_string(id) + " became another");
  }
  size_t kept = 0;
  for (const auto& [id, row] : before) kept += after.contains(id) ? 1 : 0;
  const bool removes = command.kind == Kind::kOverwrite || command.kind == Kind::kDeletePartition ||
                       command.kind == Kind::kDeleteValue || command.kind == Kind::kMerge;
  if (kept < before.size() && !removes) return InternalError("rows lost their ids");
  if (command.kind != Kind::kMerge) return Status::Ok();
  for (const auto& [id, row] : before) {
    if (row != command.other && !after.contains(id)) return InternalError("a merge lost the id " + std::to_string(id));
  }
  return Status::Ok();
}

Status ApplyChanges(storage::ObjectStore* store, const delta::ChangeFeed& feed, Rows* rows) {
  // Version by version; within one, what goes before what comes.
  std::map<int64_t, std::pair<Rows, Rows>> changes;
  for (const auto& file : feed.files) {
    ASSIGN_OR_RETURN(const auto content, ReadFileRows(store, file.path));
    ASSIGN_OR_RETURN(const auto deleted, DeletedRows(store, file.deletion_vector));
    for (size_t i = 0; i < content.size(); i++) {
      if (deleted.contains(i) || (file.rows != nullptr && !file.rows->Contains(i))) continue;
      const bool cdc = file.kind == delta::ChangeFile::Kind::kCdc;
      const bool gone = cdc ? content[i].type == "update_preimage" || content[i].type == "delete"
                            : file.kind == delta::ChangeFile::Kind::kDelete;
      auto& [less, more] = changes[file.commit_version];
      (gone ? less : more).push_back(content[i].row);
    }
  }
  for (const auto& [version, change] : changes) {
    for (const int64_t row : change.first) {
      const auto it = std::lower_bound(rows->begin(), rows->end(), row);
      if (it == rows->end() || *it != row) {
        return InternalError("version " + std::to_string(version) + " deletes the row " + std::to_string(row) +
                             ", which is not there");
      }
      rows->erase(it);
    }
    Insert(change.second, rows);
  }
  return Status::Ok();
}

}  // namespace deltic::sim
