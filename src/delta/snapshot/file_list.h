// The live files of a table, packed and shared between versions (PROTOCOL.md › Action Reconciliation).
//
// A FileList is an immutable value: blocks of packed files, and for each block which of them are gone. A newer version
// shares the blocks of the older one, so that making it costs as much as the commits in between, not as the table.
// Files are unpacked block by block when they are asked for as AddFile, and stay so: references and pointers to them
// live as long as any list that shares their block. What only needs to look at paths, sizes, partition values and
// statistics uses ForEachPacked, which keeps nothing unpacked. Of a large checkpoint blocks are compressed (FileBlock),
// and statistics are read when somebody looks at them (KeptStatistics).
//
// Thread-safe: immutable, unpacking and indexing happen once under a once-flag.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "delta/snapshot/file_block.h"
#include "delta/spec/actions.h"

namespace deltic::delta {

// Files in order, packed into blocks as they come. One thread.
class FilePacker {
 public:
  // `closed`: blocks are compressed as they are filled.
  explicit FilePacker(bool closed = false) : closed_(closed) {}
  void Add(const PackedFile& file);
  size_t size() const { return size_; }
  // No more files are to come: what only they would need is given back.
  void Seal();

 private:
  friend class FileListBuilder;
  void FlushBlock();

  bool closed_;
  FileBlockBuilder block_;
  std::vector<std::shared_ptr<const FileBlock>> blocks_;
  size_t size_ = 0;
  int64_t total_bytes_ = 0;
  int64_t deletion_vectors_ = 0;
  int64_t deleted_rows_ = 0;
};

class FileList {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = AddFile;
    using difference_type = std::ptrdiff_t;
    using pointer = const AddFile*;
    using reference = const AddFile&;
    Iterator() = default;
    reference operator*() const { return (*files_)[row_]; }
    pointer operator->() const { return &(*files_)[row_]; }
    Iterator& operator++();
    Iterator operator++(int);
    bool operator==(const Iterator& other) const { return part_ == other.part_ && row_ == other.row_; }

   private:
    friend class FileList;
    void Settle();  // moves on to the next live file at or after (part_, row_)
    const FileList* list_ = nullptr;
    const std::vector<AddFile>* files_ = nullptr;
    size_t part_ = 0;
    size_t row_ = 0;
  };

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  int64_t total_bytes() const { return total_bytes_; }
  // Files with a deletion vector, and the rows that those hide.
  int64_t deletion_vectors() const { return deletion_vectors_; }
  int64_t deleted_rows() const { return deleted_rows_; }
  Iterator begin() const;
  Iterator end() const;
  // The n-th in iteration order; unpacks its block.
  const AddFile& operator[](size_t n) const;
  // A copy of them all.
  operator std::vector<AddFile>() const { return {begin(), end()}; }  // NOLINT: implicit by design
  void ForEachPacked(const std::function<void(const PackedFile&)>& each) const;
  // Live file with this reconciliation key (FileKey); null when there is none.
  bool Contains(std::string_view table_path, std::string_view key) const;
  size_t blocks() const { return parts_.size(); }
  // Statistics that were kept could not be read: files that have some are shown without.
  bool StatisticsLost() const;

 private:
  friend class FileListBuilder;
  struct Part {
    std::shared_ptr<const FileBlock> block;
    std::shared_ptr<const std::vector<bool>> gone;  // null: none is
    size_t live = 0;
    size_t first = 0;                                         // position of its first live file in the list
    std::shared_ptr<const std::vector<uint32_t>> order = {};  // its live rows; null: all
    bool Live(size_t row) const { return gone == nullptr || !(*gone)[row]; }
  };
  std::vector<Part> parts_;
  size_t size_ = 0;
  int64_t total_bytes_ = 0;
  int64_t deletion_vectors_ = 0;
  int64_t deleted_rows_ = 0;
};

// Makes a list from another one by adding and removing files. One thread, one use.
class FileListBuilder {
 public:
  FileListBuilder(std::string table_path, const FileList& base) : table_path_(std::move(table_path)), list_(base) {}
  // False: no live file has this key.
  bool Remove(std::string_view key);
  // No live file may have the same key. What is added comes after what was.
  void Add(const PackedFile& file) { added_.Add(file); }
  void Add(const AddFile& file) { Add(PackedView(file)); }
  void Append(FilePacker&& files);
  FileList Finish();

 private:
  void TakeAdded(FilePacker* files);
  void Merge();
  void Repack(size_t first, size_t last);
  void Number();

  std::string table_path_;
  FileList list_;
  FilePacker added_;
  std::unordered_map<size_t, std::shared_ptr<std::vector<bool>>> own_;  // by part, not shared with other lists
};

}  // namespace deltic::delta
