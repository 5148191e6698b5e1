// The live files of a table, packed and shared between versions (PROTOCOL.md › Action Reconciliation).
//
// A FileList is an immutable value: blocks of packed files, and for each block which of them are gone. A newer version
// shares the blocks of the older one, so that making it costs as much as the commits in between, not as the table.
// Files are unpacked block by block when they are asked for as AddFile, and stay so: references and pointers to them
// live as long as any list that shares their block. What only needs to look at paths, sizes, partition values and
// statistics uses ForEachPacked, which unpacks nothing. Statistics of a large checkpoint stay compressed until somebody
// looks at them (KeptStatistics).
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

#include "delta/snapshot/kept_statistics.h"
#include "delta/spec/actions.h"

namespace deltic::delta {

using SharedPartition = std::shared_ptr<const PartitionValues>;

// One file as it is stored; borrowed from the list.
struct PackedFile {
  std::string_view stats() const { return kept == nullptr ? known_stats : (*kept)->At(kept_row); }

  std::string_view path;
  std::string_view known_stats;
  const std::shared_ptr<const KeptStatistics>* kept = nullptr;  // instead, with the row in it
  uint32_t kept_row = 0;
  const PartitionValues* partition_values = nullptr;
  const SharedPartition* shared_partition = nullptr;  // of partition_values, when files have them in common
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
  // Statistics that were kept could not be read.
  bool StatisticsLost() const;

 private:
  friend class FileBlockBuilder;
  // What few files have.
  struct Rest {
    std::map<std::string, std::string> tags;
    std::optional<DeletionVectorDescriptor> deletion_vector;
    std::string clustering_provider;
  };
  struct Row {
    uint64_t text = 0;  // the path, then the statistics that are here, in text_
    uint32_t path_length = 0;
    uint32_t stats = 0;  // their length, or the row of those that are kept
    int64_t size_bytes = 0;
    int64_t modification_time_ms = 0;
    uint16_t partition = 0;  // in partitions_
    uint8_t kept = 0;        // 0: the statistics are here; else 1 + position in kept_
    bool data_change = false;
  };
  struct RowTracking {
    std::optional<int64_t> base_row_id;
    std::optional<int64_t> default_row_commit_version;
  };

  std::string text_;
  std::vector<Row> rows_;
  std::vector<SharedPartition> partitions_;
  std::vector<std::shared_ptr<const KeptStatistics>> kept_;
  std::vector<RowTracking> tracking_;  // by row; may end before the rows do
  std::unordered_map<uint32_t, Rest> rest_;
  mutable std::once_flag files_once_;
  mutable std::vector<AddFile> files_;
  mutable std::once_flag index_once_;
  mutable std::vector<std::pair<uint32_t, uint32_t>> index_;  // (hash of the key, row), sorted
};

// Holds fewer than 65,536 files.
class FileBlockBuilder {
 public:
  FileBlockBuilder() : block_(std::make_shared<FileBlock>()) {}
  // Copies; the views need not outlive the call.
  void Add(const PackedFile& file);
  size_t size() const { return block_->rows_.size(); }
  std::shared_ptr<const FileBlock> Finish();

 private:
  uint16_t PartitionOf(const PackedFile& file);
  void SetStatistics(const PackedFile& file, FileBlock::Row* row);

  std::shared_ptr<FileBlock> block_;
  std::unordered_map<const PartitionValues*, uint16_t> shared_partitions_;
  std::unordered_map<std::string, uint16_t> partition_ids_;
  std::string partition_key_;
};

// Files in order, packed into blocks as they come. One thread.
class FilePacker {
 public:
  void Add(const PackedFile& file);
  size_t size() const { return size_; }

 private:
  friend class FileListBuilder;
  void FlushBlock();

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
