#include "tests/sim/command.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>

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
  std::string type;  // of a change file; empty in data files
};

Result<std::vector<Change>> ReadFileRows(storage::ObjectStore* store, const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, store->Get(delta::ResolveDataPath(kTable, path)));
  std::vector<Change> out;
  size_t start = 0;
  while (start < text.size()) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::string line = text.substr(start, end - start);
    start = end + 1;
    Change change;
    const auto parsed = std::from_chars(line.data(), line.data() + line.size(), change.row);
    if (parsed.ec != std::errc()) return IoError(path, "a data file is damaged");
    change.type = std::string(parsed.ptr, line.data() + line.size());
    out.push_back(std::move(change));
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

Result<std::vector<int64_t>> LiveRows(storage::ObjectStore* store, const AddFile& file) {
  ASSIGN_OR_RETURN(const auto rows, ReadFileRows(store, file.path));
  ASSIGN_OR_RETURN(const auto deleted, DeletedRows(store, file.deletion_vector));
  std::vector<int64_t> out;
  for (size_t i = 0; i < rows.size(); i++) {
    if (!deleted.contains(i)) out.push_back(rows[i].row);
  }
  return out;
}

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
      case Kind::kOptimize: return Optimize();
      case Kind::kSetProperty: {
        delta::Metadata metadata = txn_->metadata();
        metadata.configuration["sim.last"] = command_.id;
        RETURN_IF_ERROR(txn_->UpdateMetadata(std::move(metadata)));
        return true;
      }
      case Kind::kSetDomain: {
        txn_->SetDomain({"sim.domain" + std::to_string(command_.value), command_.id, false});
        return true;
      }
    }
    return false;
  }

 private:
  Result<bool> AddRows(const std::vector<int64_t>& rows) {
    std::map<std::string, std::vector<int64_t>> parts;
    for (const int64_t row : rows) parts[PartitionOf(row)].push_back(row);
    for (const auto& [partition, values] : parts) RETURN_IF_ERROR(WriteFile(partition, values, true));
    return true;
  }

  Status WriteFile(const std::string& partition, const std::vector<int64_t>& rows, bool data_change) {
    std::string text;
    for (const int64_t row : rows) text += std::to_string(row) + "\n";
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
      AddFile add = file;
      add.data_change = true;
      add.deletion_vector = InlineVector(deleted);
      add.stats = "{\"numRecords\":" + std::to_string(rows.size()) + ",\"tightBounds\":false}";
      txn_->Add(std::move(add));
    }
    return any;
  }

  Result<bool> UpdateValue() {
    const std::string partition = PartitionOf(command_.value);
    ReadsPartition(partition);
    std::string changes;
    for (const auto& file : FilesOf(partition)) {
      ASSIGN_OR_RETURN(auto rows, LiveRows(store_, file));
      if (std::find(rows.begin(), rows.end(), command_.value) == rows.end()) continue;
      for (auto& row : rows) {
        if (row != command_.value) continue;
        row = command_.new_value;
        changes += std::to_string(command_.value) + "update_preimage\n" + std::to_string(row) + "update_postimage\n";
      }
      txn_->ReadFile(file);
      txn_->Remove(file);
      RETURN_IF_ERROR(WriteFile(partition, rows, true));
    }
    if (changes.empty()) return false;
    delta::CdcFile cdc;
    cdc.path = "_change_data/p=" + partition + "/" + random_->Uuid() + ".parquet";
    cdc.partition_values["p"] = partition;
    cdc.size_bytes = static_cast<int64_t>(changes.size());
    RETURN_IF_ERROR(store_->Put(delta::ResolveDataPath(kTable, cdc.path), changes));
    txn_->AddCdc(std::move(cdc));
    txn_->PreservesRowIds();
    return true;
  }

  Result<bool> Optimize() {
    const std::string partition = PartitionOf(command_.value);
    const auto files = FilesOf(partition);
    if (files.size() < 2) return false;
    ReadsPartition(partition);
    std::vector<int64_t> all;
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
      Kind::kAppend,          Kind::kAppend,      Kind::kAppend,      Kind::kIdempotentAppend, Kind::kDeleteValue,
      Kind::kDeleteValue,     Kind::kUpdateValue, Kind::kUpdateValue, Kind::kOptimize,         Kind::kOverwrite,
      Kind::kDeletePartition, Kind::kSetProperty, Kind::kSetDomain};
  out.kind = kKinds[random->Next64() % std::size(kKinds)];
  const auto value = [&] { return static_cast<int64_t>(random->Next64() % kValues); };
  const size_t count = 1 + random->Next64() % 6;
  for (size_t i = 0; i < count; i++) out.rows.push_back(value());
  out.value = value();
  // Another value of the same partition.
  out.new_value = (out.value + kPartitions * (1 + value())) % (kValues / kPartitions * kPartitions);
  if (out.new_value % kPartitions != out.value % kPartitions) out.new_value = out.value % kPartitions;
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
      if (seen != apps.end() && seen->second >= command.app_version) break;
      after.insert(command.rows.begin(), command.rows.end());
      break;
    }
    case Kind::kAppend: after.insert(command.rows.begin(), command.rows.end()); break;
    case Kind::kOverwrite: after = Rows(command.rows.begin(), command.rows.end()); break;
    case Kind::kDeletePartition:
      std::erase_if(after, [&](int64_t row) { return row % kPartitions == command.value % kPartitions; });
      break;
    case Kind::kDeleteValue: after.erase(command.value); break;
    case Kind::kUpdateValue: {
      const size_t count = after.erase(command.value);
      for (size_t i = 0; i < count; i++) after.insert(command.new_value);
      break;
    }
    case Kind::kOptimize:
    case Kind::kSetProperty:
    case Kind::kSetDomain: break;
  }
  return after;
}

std::string OperationOf(Kind kind) {
  switch (kind) {
    case Kind::kDeletePartition:
    case Kind::kDeleteValue: return "DELETE";
    case Kind::kUpdateValue: return "UPDATE";
    case Kind::kOptimize: return "OPTIMIZE";
    case Kind::kSetProperty: return "SET TBLPROPERTIES";
    default: return "WRITE";
  }
}

Result<bool> Prepare(const Command& command, const Snapshot& snapshot, storage::ObjectStore* store, Random* random,
                     int64_t now_ms, Transaction* txn) {
  return Preparation(command, snapshot, store, random, now_ms, txn).Run();
}

Result<Rows> ReadRows(storage::ObjectStore* store, const Snapshot& snapshot) {
  Rows out;
  for (const auto& file : snapshot.files()) {
    ASSIGN_OR_RETURN(const auto rows, LiveRows(store, file));
    out.insert(rows.begin(), rows.end());
  }
  return out;
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
      const bool gone = cdc ? content[i].type != "update_postimage" : file.kind == delta::ChangeFile::Kind::kDelete;
      auto& [less, more] = changes[file.commit_version];
      (gone ? less : more).insert(content[i].row);
    }
  }
  for (const auto& [version, change] : changes) {
    for (const int64_t row : change.first) {
      const auto it = rows->find(row);
      if (it == rows->end()) {
        return InternalError("version " + std::to_string(version) + " deletes the row " + std::to_string(row) +
                             ", which is not there");
      }
      rows->erase(it);
    }
    rows->insert(change.second.begin(), change.second.end());
  }
  return Status::Ok();
}

}  // namespace deltic::sim
