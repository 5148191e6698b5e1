#include "delta/snapshot/file_list.h"

#include <algorithm>

#include "base/check.h"
#include "delta/snapshot/snapshot.h"
#include "storage/object_store.h"

namespace deltic::delta {
namespace {

// Files of one block. Small enough that repacking one is cheap, large enough that a list of a million files is short.
constexpr size_t kBlockFiles = 4096;
constexpr size_t kMostKept = 255;  // sources of kept statistics in one block

uint32_t HashKey(std::string_view key) {
  const uint64_t hash = std::hash<std::string_view>()(key);
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

std::string KeyOf(std::string_view table_path, const PackedFile& file) {
  return FileKey(
      table_path, file.path,
      file.deletion_vector == nullptr ? std::nullopt : std::optional<DeletionVectorDescriptor>(*file.deletion_vector));
}

// Of the file's key, which is mostly its path as it stands.
uint32_t HashOf(std::string_view table_path, const PackedFile& file) {
  const bool is_path = file.deletion_vector == nullptr && !storage::IsAbsolutePath(file.path);
  return is_path ? HashKey(file.path) : HashKey(KeyOf(table_path, file));
}

}  // namespace

PackedFile PackedView(const AddFile& file) {
  PackedFile view;
  view.path = file.path;
  view.known_stats = file.stats;
  view.partition_values = &file.partition_values;
  view.size_bytes = file.size_bytes;
  view.modification_time_ms = file.modification_time_ms;
  view.deletion_vector = file.deletion_vector ? &*file.deletion_vector : nullptr;
  view.base_row_id = file.base_row_id;
  view.default_row_commit_version = file.default_row_commit_version;
  view.tags = file.tags.empty() ? nullptr : &file.tags;
  if (file.clustering_provider) view.clustering_provider = *file.clustering_provider;
  view.data_change = file.data_change;
  return view;
}

PackedFile FileBlock::Packed(size_t row) const {
  const Row& from = rows_[row];
  PackedFile out;
  out.path = std::string_view(text_).substr(from.text, from.path_length);
  if (from.kept == 0) {
    out.known_stats = std::string_view(text_).substr(from.text + from.path_length, from.stats);
  } else {
    out.kept = &kept_[from.kept - 1U];
    out.kept_row = from.stats;
  }
  out.shared_partition = &partitions_[from.partition];
  out.partition_values = out.shared_partition->get();
  out.size_bytes = from.size_bytes;
  out.modification_time_ms = from.modification_time_ms;
  if (row < tracking_.size()) {
    out.base_row_id = tracking_[row].base_row_id;
    out.default_row_commit_version = tracking_[row].default_row_commit_version;
  }
  out.data_change = from.data_change;
  if (!rest_.empty()) {
    const auto it = rest_.find(static_cast<uint32_t>(row));
    if (it == rest_.end()) return out;
    if (it->second.deletion_vector) out.deletion_vector = &*it->second.deletion_vector;
    if (!it->second.tags.empty()) out.tags = &it->second.tags;
    out.clustering_provider = it->second.clustering_provider;
  }
  return out;
}

AddFile FileBlock::Unpack(size_t row) const {
  const PackedFile packed = Packed(row);
  AddFile out;
  out.path = packed.path;
  out.stats = packed.stats();
  out.partition_values = *packed.partition_values;
  out.size_bytes = packed.size_bytes;
  out.modification_time_ms = packed.modification_time_ms;
  out.data_change = packed.data_change;
  out.base_row_id = packed.base_row_id;
  out.default_row_commit_version = packed.default_row_commit_version;
  if (packed.tags != nullptr) out.tags = *packed.tags;
  if (packed.deletion_vector != nullptr) out.deletion_vector = *packed.deletion_vector;
  if (!packed.clustering_provider.empty()) out.clustering_provider = std::string(packed.clustering_provider);
  return out;
}

const std::vector<AddFile>& FileBlock::Files() const {
  std::call_once(files_once_, [&] {
    files_.reserve(rows_.size());
    for (size_t row = 0; row < rows_.size(); row++) files_.push_back(Unpack(row));
  });
  return files_;
}

int64_t FileBlock::Find(std::string_view table_path, std::string_view key) const {
  std::call_once(index_once_, [&] {
    index_.reserve(rows_.size());
    for (size_t row = 0; row < rows_.size(); row++) {
      index_.emplace_back(HashOf(table_path, Packed(row)), static_cast<uint32_t>(row));
    }
    std::sort(index_.begin(), index_.end());
  });
  const uint32_t hash = HashKey(key);
  for (auto it = std::lower_bound(index_.begin(), index_.end(), std::make_pair(hash, 0U));
       it != index_.end() && it->first == hash; ++it) {
    if (KeyOf(table_path, Packed(it->second)) == key) return it->second;
  }
  return -1;
}

bool FileBlock::StatisticsLost() const {
  return std::any_of(kept_.begin(), kept_.end(), [](const auto& kept) { return kept->lost(); });
}

uint16_t FileBlockBuilder::PartitionOf(const PackedFile& file) {
  auto& known = block_->partitions_;
  if (file.shared_partition != nullptr) {
    const auto [it, inserted] = shared_partitions_.try_emplace(file.partition_values, known.size());
    if (inserted) known.push_back(*file.shared_partition);
    return it->second;
  }
  partition_key_.clear();
  for (const auto& [name, value] : *file.partition_values) {
    partition_key_ += name;
    partition_key_ += value ? '\1' : '\0';
    if (value) partition_key_ += *value;
    partition_key_ += '\2';
  }
  const auto [it, inserted] = partition_ids_.try_emplace(partition_key_, known.size());
  if (inserted) known.push_back(std::make_shared<const PartitionValues>(*file.partition_values));
  return it->second;
}

void FileBlockBuilder::SetStatistics(const PackedFile& file, FileBlock::Row* row) {
  auto& kept = block_->kept_;
  if (file.kept != nullptr) {
    // Files of one source are next to each other.
    if ((kept.empty() || kept.back() != *file.kept) && kept.size() < kMostKept) kept.push_back(*file.kept);
    if (kept.back() == *file.kept) {
      row->kept = static_cast<uint8_t>(kept.size());
      row->stats = file.kept_row;
      return;
    }
  }
  const std::string_view stats = file.stats();
  row->stats = static_cast<uint32_t>(stats.size());
  block_->text_ += stats;
}

void FileBlockBuilder::Add(const PackedFile& file) {
  FileBlock::Row row;
  row.text = block_->text_.size();
  row.path_length = static_cast<uint32_t>(file.path.size());
  block_->text_ += file.path;
  SetStatistics(file, &row);
  row.partition = PartitionOf(file);
  row.data_change = file.data_change;
  row.size_bytes = file.size_bytes;
  row.modification_time_ms = file.modification_time_ms;
  const size_t at = block_->rows_.size();
  if (file.base_row_id || file.default_row_commit_version) {
    block_->tracking_.resize(at + 1);
    block_->tracking_[at] = {file.base_row_id, file.default_row_commit_version};
  }
  if (file.deletion_vector != nullptr || file.tags != nullptr || !file.clustering_provider.empty()) {
    FileBlock::Rest& rest = block_->rest_[static_cast<uint32_t>(at)];
    if (file.deletion_vector != nullptr) rest.deletion_vector = *file.deletion_vector;
    if (file.tags != nullptr) rest.tags = *file.tags;
    rest.clustering_provider = file.clustering_provider;
  }
  block_->rows_.push_back(row);
}

std::shared_ptr<const FileBlock> FileBlockBuilder::Finish() {
  auto out = std::make_shared<FileBlock>();
  // Copies of the right size; the room for the next block's stays here.
  out->text_ = block_->text_;
  out->rows_ = block_->rows_;
  out->tracking_ = block_->tracking_;
  out->partitions_ = std::exchange(block_->partitions_, {});
  out->kept_ = std::exchange(block_->kept_, {});
  out->rest_ = std::exchange(block_->rest_, {});
  block_->text_.clear();
  block_->rows_.clear();
  block_->tracking_.clear();
  partition_ids_.clear();
  shared_partitions_.clear();
  return out;
}

void FilePacker::Add(const PackedFile& file) {
  size_++;
  total_bytes_ += file.size_bytes;
  if (file.deletion_vector != nullptr) {
    deletion_vectors_++;
    deleted_rows_ += file.deletion_vector->cardinality;
  }
  block_.Add(file);
  if (block_.size() >= kBlockFiles) FlushBlock();
}

void FilePacker::FlushBlock() {
  if (block_.size() > 0) blocks_.push_back(block_.Finish());
}

void FileList::Iterator::Settle() {
  while (part_ < list_->parts_.size()) {
    const Part& part = list_->parts_[part_];
    while (row_ < part.block->size() && !part.Live(row_)) row_++;
    if (row_ < part.block->size()) {
      files_ = &part.block->Files();
      return;
    }
    part_++;
    row_ = 0;
  }
}

FileList::Iterator& FileList::Iterator::operator++() {
  row_++;
  Settle();
  return *this;
}

FileList::Iterator FileList::Iterator::operator++(int) {
  Iterator before = *this;
  ++*this;
  return before;
}

FileList::Iterator FileList::begin() const {
  Iterator it;
  it.list_ = this;
  it.Settle();
  return it;
}

FileList::Iterator FileList::end() const {
  Iterator it;
  it.list_ = this;
  it.part_ = parts_.size();
  return it;
}

const AddFile& FileList::operator[](size_t n) const {
  DELTIC_CHECK(n < size_);
  const auto after =
      std::upper_bound(parts_.begin(), parts_.end(), n, [](size_t at, const Part& part) { return at < part.first; });
  const Part& part = *std::prev(after);
  const size_t row = n - part.first;
  return part.block->Files()[part.order == nullptr ? row : (*part.order)[row]];
}

void FileList::ForEachPacked(const std::function<void(const PackedFile&)>& each) const {
  for (const auto& part : parts_) {
    for (size_t row = 0; row < part.block->size(); row++) {
      if (part.Live(row)) each(part.block->Packed(row));
    }
  }
}

bool FileList::Contains(std::string_view table_path, std::string_view key) const {
  return std::any_of(parts_.begin(), parts_.end(), [&](const Part& part) {
    const int64_t row = part.block->Find(table_path, key);
    return row >= 0 && part.Live(static_cast<size_t>(row));
  });
}

bool FileList::StatisticsLost() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.block->StatisticsLost(); });
}

bool FileListBuilder::Remove(std::string_view key) {
  // The newest blocks first: what is removed was often added lately.
  for (size_t i = list_.parts_.size(); i-- > 0;) {
    FileList::Part& part = list_.parts_[i];
    const int64_t found = part.block->Find(table_path_, key);
    if (found < 0 || !part.Live(static_cast<size_t>(found))) continue;
    auto& own = own_[i];
    if (own == nullptr) {
      own = part.gone == nullptr ? std::make_shared<std::vector<bool>>(part.block->size())
                                 : std::make_shared<std::vector<bool>>(*part.gone);
      part.gone = own;
    }
    (*own)[static_cast<size_t>(found)] = true;
    part.live--;
    const PackedFile file = part.block->Packed(static_cast<size_t>(found));
    list_.size_--;
    list_.total_bytes_ -= file.size_bytes;
    if (file.deletion_vector != nullptr) {
      list_.deletion_vectors_--;
      list_.deleted_rows_ -= file.deletion_vector->cardinality;
    }
    return true;
  }
  return false;
}

void FileListBuilder::TakeAdded(FilePacker* files) {
  files->FlushBlock();
  for (auto& block : files->blocks_) {
    FileList::Part part;
    part.live = block->size();
    part.block = std::move(block);
    list_.parts_.push_back(std::move(part));
  }
  list_.size_ += files->size_;
  list_.total_bytes_ += files->total_bytes_;
  list_.deletion_vectors_ += files->deletion_vectors_;
  list_.deleted_rows_ += files->deleted_rows_;
  *files = FilePacker();
}

void FileListBuilder::Append(FilePacker&& files) {
  if (files.size() >= kBlockFiles / 2) {
    TakeAdded(&added_);
    TakeAdded(&files);
    return;
  }
  // Few files: they share a block with their neighbours.
  const auto block = files.block_.Finish();
  for (size_t row = 0; row < block->size(); row++) Add(block->Packed(row));
}

// Makes one part of the parts [first, last), without the files that are gone.
void FileListBuilder::Repack(size_t first, size_t last) {
  FileBlockBuilder merged;
  for (size_t i = first; i < last; i++) {
    const FileList::Part& part = list_.parts_[i];
    for (size_t row = 0; row < part.block->size(); row++) {
      if (part.Live(row)) merged.Add(part.block->Packed(row));
    }
  }
  const size_t live = merged.size();
  const auto at = list_.parts_.begin() + static_cast<std::ptrdiff_t>(first);
  list_.parts_.erase(at + 1, list_.parts_.begin() + static_cast<std::ptrdiff_t>(last));
  FileList::Part part;
  part.block = merged.Finish();
  part.live = live;
  list_.parts_[first] = std::move(part);
}

// Keeps the number of blocks low at a cost that is amortised over the commits that made them: the last blocks are
// merged while the one before is not much larger, and a block that is mostly gone is packed anew.
void FileListBuilder::Merge() {
  auto& parts = list_.parts_;
  size_t first = parts.size();
  size_t files = 0;
  while (first > 0 && files + parts[first - 1].live <= kBlockFiles &&
         (first == parts.size() || parts[first - 1].live <= 2 * files)) {
    files += parts[--first].live;
  }
  if (first + 1 < parts.size()) Repack(first, parts.size());
  for (size_t i = 0; i < parts.size(); i++) {
    if (parts[i].live > 0 && parts[i].live * 4 < parts[i].block->size()) Repack(i, i + 1);
  }
  std::erase_if(parts, [](const FileList::Part& part) { return part.live == 0; });
}

// Positions of the parts, and the live rows of those that changed here.
void FileListBuilder::Number() {
  size_t first = 0;
  for (auto& part : list_.parts_) {
    part.first = first;
    first += part.live;
    if (part.gone == nullptr) continue;
    if (part.order != nullptr && part.order->size() == part.live) continue;
    auto order = std::make_shared<std::vector<uint32_t>>();
    order->reserve(part.live);
    for (size_t row = 0; row < part.block->size(); row++) {
      if (part.Live(row)) order->push_back(static_cast<uint32_t>(row));
    }
    part.order = std::move(order);
  }
}

FileList FileListBuilder::Finish() {
  TakeAdded(&added_);
  Merge();
  Number();
  own_.clear();
  return std::move(list_);
}

}  // namespace deltic::delta
