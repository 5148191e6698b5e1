// Files packed into blocks, which is how a list of a million of them fits into memory (FileList).
//
// A block is open, its rows at hand, or closed: rows and paths compressed, unpacked for the moment when somebody goes
// through them. Large checkpoints are read into closed blocks. A file of which more is asked opens its block for good.
// Thread-safe: immutable, unpacking and indexing happen once under a once-flag.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "delta/snapshot/kept_statistics.h"
#include "delta/spec/actions.h"

namespace deltic::delta {

using SharedPartition = std::shared_ptr<const PartitionValues>;

// The rows of a block and their texts, which are in the order of the rows.
struct BlockRows {
  struct Row {
    uint32_t path_length = 0;
    uint32_t stats = 0;  // their length, or the row of those that are kept
    uint64_t text = 0;   // the path, then the statistics that are here
    int64_t size_bytes = 0;
    int64_t modification_time_ms = 0;
    uint16_t partition = 0;  // in the block's partitions
    uint8_t kept = 0;        // 0: the statistics are here; else 1 + position in those the block keeps
    bool data_change = false;
  };
  struct RowTracking {
    std::optional<int64_t> base_row_id;
    std::optional<int64_t> default_row_commit_version;
  };

  std::string_view Path(size_t row) const { return Text().substr(rows[row].text, rows[row].path_length); }
  std::string_view Stats(size_t row) const {  // those that are here
    if (rows[row].kept != 0) return {};
    return Text().substr(rows[row].text + rows[row].path_length, rows[row].stats);
  }
  // The texts, unpacked when they are first asked for: not for two threads at once.
  std::string_view Text() const;

  std::vector<Row> rows;
  std::vector<RowTracking> tracking;  // by row; may end before the rows do
  mutable std::string text;
  mutable std::string_view closed_text;  // not empty: what `text` is to be unpacked from
};

// One file as it is stored; borrowed from its block.
struct PackedFile {
  std::string_view path() const { return block == nullptr ? known_path : block->Path(row); }
  std::string_view stats() const {
    if (kept != nullptr) return (*kept)->At(kept_row);
    return block == nullptr ? known_stats : block->Stats(row);
  }

  std::string_view known_path;
  std::string_view known_stats;
  const BlockRows* block = nullptr;  // instead of both, with the row in it
  uint32_t row = 0;
  const std::shared_ptr<const KeptStatistics>* kept = nullptr;  // instead of the statistics, with the row in it
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
  size_t size() const { return size_; }
  // Every file in order; borrowed for the call. `room` is what a closed block is unpacked into, any number of times.
  void ForEach(BlockRows* room, const std::function<void(size_t row, const PackedFile& file)>& each) const;
  // One file, as long as the block; opens it.
  PackedFile At(size_t row) const { return Packed(Open(), row); }
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

  PackedFile Packed(const BlockRows& from, size_t row) const;
  const BlockRows& Open() const;
  void Unpack(BlockRows* to) const;

  size_t size_ = 0;
  std::string closed_;       // the numbers of the rows; empty: open
  std::string closed_text_;  // unpacked only when a path is asked for
  mutable std::once_flag open_once_;
  mutable BlockRows open_;
  std::vector<SharedPartition> partitions_;
  std::vector<std::shared_ptr<const KeptStatistics>> kept_;
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
  size_t size() const { return rows_.rows.size(); }
  // The block, closed if so wanted.
  std::shared_ptr<const FileBlock> Finish(bool closed = false);
  // Gives back the room that is there for more files.
  void Shrink();

 private:
  uint16_t PartitionOf(const PackedFile& file);
  void SetStatistics(const PackedFile& file, BlockRows::Row* row);

  std::shared_ptr<FileBlock> block_;
  BlockRows rows_;
  std::unordered_map<const PartitionValues*, uint16_t> shared_partitions_;
  std::unordered_map<std::string, uint16_t> partition_ids_;
  std::string partition_key_;
};

}  // namespace deltic::delta
