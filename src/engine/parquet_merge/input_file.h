// A Parquet file that is merged: its footer, checked, and its bytes. Small files are kept in memory once read. Used by
// one thread, then read by several. Functions throw CannotMerge, or duckdb exceptions when the file cannot be read.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "duckdb.hpp"
#include "engine/parquet_merge/codec.h"
#include "engine/parquet_merge/schema.h"

namespace deltic::engine::merge {

// Where a row group is in its file.
struct GroupRange {
  size_t begin = 0;
  size_t end = 0;
  size_t size() const { return end - begin; }
};

class InputFile {
 public:
  // Files up to this size are kept.
  static constexpr int64_t kKeptBytes = 1 << 20;

  // Reads the footer and checks it against what is wanted; `file` outlives this.
  InputFile(duckdb::FileSystem& fs, const ScanFile& file, const std::vector<WantedColumn>& wanted, const Codec& codec);

  const ScanFile& file() const { return file_; }
  const duckdb_parquet::FileMetaData& footer() const { return footer_; }
  const std::vector<Leaf>& leaves() const { return leaves_; }
  int64_t rows() const { return footer_.num_rows; }

  const GroupRange& range(size_t group) const { return ranges_[group]; }
  // The bytes of a row group; read into *buffer unless they are kept.
  std::string_view Group(duckdb::FileSystem& fs, size_t group, std::unique_ptr<char[]>* buffer) const;
  // Those of one of its columns.
  std::string_view Chunk(std::string_view group_bytes, size_t group, size_t column) const;

 private:
  duckdb::unique_ptr<duckdb::FileHandle> Open(duckdb::FileSystem& fs) const;
  void ReadFooterOf(duckdb::FileSystem& fs);
  void CheckGroups(const Codec& codec);
  GroupRange RangeOf(const duckdb_parquet::ColumnMetaData& column) const;

  const ScanFile& file_;
  size_t size_ = 0;
  size_t data_end_ = 0;  // where the footer begins
  std::unique_ptr<char[]> kept_;
  duckdb_parquet::FileMetaData footer_;
  std::vector<Leaf> leaves_;
  std::vector<GroupRange> ranges_;
};

}  // namespace deltic::engine::merge
