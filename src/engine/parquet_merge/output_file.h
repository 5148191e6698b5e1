// The file that merged row groups go to, in the order of their numbers, whoever is first to have one ready.
// Thread-safe; functions throw duckdb exceptions.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/common/serializer/buffered_file_writer.hpp"
#include "engine/parquet_merge/chunk.h"

namespace deltic::engine::merge {

struct OutputGroup {
  int64_t rows = 0;
  std::vector<OutputChunk> chunks;
};

class OutputFile {
 public:
  // `like`: the footer of an input, whose schema this file has. The file is made with its first row group.
  OutputFile(duckdb::FileSystem& fs, std::string path, const duckdb_parquet::FileMetaData& like, bool has_orders);

  const std::string& path() const { return path_; }
  // Writes row group `number` once those before it are written. False: Stop() was called.
  bool Append(size_t number, const OutputGroup& group);
  // Writes the footer; the file's size.
  int64_t Finish();
  // Lets those go that wait for their turn.
  void Stop();
  bool is_begun() const { return writer_ != nullptr; }

 private:
  void Write(std::string_view bytes);

  duckdb::FileSystem& fs_;
  const std::string path_;
  std::mutex mutex_;
  std::condition_variable turned_;
  size_t next_ = 0;  // guarded by mutex_, like stopped_
  bool stopped_ = false;
  // Of the thread whose turn it is.
  duckdb::unique_ptr<duckdb::BufferedFileWriter> writer_;
  int64_t written_ = 0;
  duckdb_parquet::FileMetaData footer_;
};

}  // namespace deltic::engine::merge
