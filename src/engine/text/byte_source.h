// The bytes of one text file: plain, or decompressed by the suffix of its name (.gz, .deflate, .zst, and those of
// codec.h). A damaged file is an error that names it. One reader; not thread-safe. Failures throw.
#pragma once

#include <memory>
#include <string>

#include "duckdb.hpp"
#include "duckdb/common/file_system.hpp"
#include "engine/text/codec.h"

namespace deltic::engine::text {

class ByteSource {
 public:
  ByteSource(duckdb::FileSystem& fs, const std::string& path, duckdb::idx_t start);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  // Up to `size` further bytes; 0: the end.
  size_t Read(char* out, size_t size);
  static bool IsCompressed(const std::string& path);

 private:
  struct Inflater;
  size_t ReadRaw(char* out, size_t size);
  const std::string path_;
  duckdb::unique_ptr<duckdb::FileHandle> handle_;
  std::unique_ptr<Inflater> inflater_;
  std::unique_ptr<Codec> codec_;
};

}  // namespace deltic::engine::text
