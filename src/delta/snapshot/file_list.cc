#include "delta/snapshot/file_list.h"

#include <algorithm>

#include "base/check.h"
#include "delta/snapshot/snapshot.h"
#include "storage/object_store.h"

namespace deltic::delta {
namespace {

// Files of one block. Small enough that repacking one is cheap, large enough that a list of a million files is short.
constexpr size_t kBlockFiles = 4096;

}  // namespace

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
  if (block_.size() > 0) blocks_.push_back(block_.Finish(closed_));
}

void FilePacker::Seal() {
  if (block_.size() >= kBlockFiles / 2) FlushBlock();
  block_.Shrink();
  blocks_.shrink_to_fit();
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
  BlockRows room;
  for (const auto& part : parts_) {
    part.block->ForEach(&room, [&](size_t row, const PackedFile& file) {
      if (part.Live(row)) each(file);
    });
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
    const PackedFile file = part.block->At(static_cast<size_t>(found));
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
  BlockRows room;
  files.block_.Finish()->ForEach(&room, [&](size_t, const PackedFile& file) { Add(file); });
}

// Makes one part of the parts [first, last), without the files that are gone.
void FileListBuilder::Repack(size_t first, size_t last) {
  FileBlockBuilder merged;
  BlockRows room;
  for (size_t i = first; i < last; i++) {
    const FileList::Part& part = list_.parts_[i];
    part.block->ForEach(&room, [&](size_t row, const PackedFile& file) {
      if (part.Live(row)) merged.Add(file);
    });
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
