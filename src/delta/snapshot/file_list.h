// The live files of a table, packed and shared between versions (PROTOCOL.md › Action Reconciliation).
//
// A FileList is an immutable value: blocks of packed files, and for each block which of them are gone. A newer version
// shares the blocks of the older one, so that making it costs as much as the commits in between, not as the table.
// Files are unpacked block by block when they are asked for as AddFile, and stay so: references and pointers to them
// live as long as any list that shares their block. What only needs to look at paths, sizes, partition values and
// statistics uses ForEachPacked, which unpacks nothing.
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

#include "delta/spec/actions.h"

namespace deltic::delta {

// One file as it is stored; borrowed from the list.
struct PackedFile {
  std::string_view path;
  std::string_view stats;
  const PartitionValues* partition_values = nullptr;
  int64_t size_bytes = 0;
  int64_t modification_time_ms = 0;
  const DeletionVectorDescriptor* deletion_vector = nullptr;  // null: none
  std::optional<int64_t> base_row_id;
  std::optional<int64_t> default_row_commit_version;
  const std::map<std::string, std::string>* tags = nullptr;  // null: none
  std::string_view clustering_provider;                      // empty: none
  bool data_change = false;
};

// The stored form of a file, borrowed from it.
PackedFile PackedView(const AddFile& file);

// A block of files. Built by FileBlockBuilder, then never changed.
class FileBlock {
 public:
  size_t size() const { return rows_.size(); }
  PackedFile Packed(size_t row) const;
  AddFile Unpack(size_t row) const;
  // All files of the block, unpacked once.
  const std::vector<AddFile>& Files() const;
  // Row of the file with this reconciliation key, -1 when it is not here.
  int64_t Find(std::string_view table_path, std::string_view key) const;

 private:
  friend class FileBlockBuilder;
  // What few files have.
  struct Rest {
    std::map<std::string, std::string> tags;
    std::optional<DeletionVectorDescriptor> deletion_vector;
    std::string clustering_provider;
  };
  struct Row {
    uint64_t text = 0;  // the path, then the statistics, in text_
    uint32_t path_length = 0;
    uint32_t stats_length = 0;
    uint32_t partition = 0;  // in partitions_
    bool data_change = false;
    int64_t size_bytes = 0;
    int64_t modification_time_ms = 0;
    int64_t base_row_id = INT64_MIN;  // INT64_MIN: absent
    int64_t default_row_commit_version = INT64_MIN;
  };

  std::string text_;
  std::vector<Row> rows_;
  std::vector<PartitionValues> partitions_;
  std::unordered_map<uint32_t, Rest> rest_;
  mutable std::once_flag files_once_;
  mutable std::vector<AddFile> files_;
  mutable std::once_flag index_once_;
  mutable std::vector<std::pair<uint32_t, uint32_t>> index_;  // (hash of the key, row), sorted
};

class FileBlockBuilder {
 public:
  FileBlockBuilder() : block_(std::make_shared<FileBlock>()) {}
  // Copies; the views need not outlive the call.
  void Add(const PackedFile& file);
  size_t size() const { return block_->rows_.size(); }
  std::shared_ptr<const FileBlock> Finish();

 private:
  uint32_t PartitionOf(const PartitionValues& values);

  std::shared_ptr<FileBlock> block_;
  std::unordered_map<std::string, uint32_t> partition_ids_;
  std::string partition_key_;
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
  // No live file may have the same key.
  void Add(const PackedFile& file);
  void Add(const AddFile& file) { Add(PackedView(file)); }
  FileList Finish();

 private:
  void Count(const PackedFile& file, int sign);
  void FlushBlock();
  void Merge();
  void Repack(size_t first, size_t last);
  void Number();

  std::string table_path_;
  FileList list_;
  FileBlockBuilder block_;
  std::unordered_map<size_t, std::shared_ptr<std::vector<bool>>> own_;  // by part, not shared with other lists
};

}  // namespace deltic::delta
