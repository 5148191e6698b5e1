// One text file being written: encoded, compressed (gzip, zlib), buffered. Removed by its owner when the write fails.
// Not thread-safe. Failures throw.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "engine/text/options.h"

namespace deltic::engine::text {

class OutputFile {
 public:
  // `options` must outlive the file.
  OutputFile(std::string path, const Options& options);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void Append(std::string_view text);
  // Everything is on disk, or throws.
  void Close();
  const std::string& path() const { return path_; }

 private:
  struct Deflater;
  void Flush(bool last);
  void Store(const char* bytes, size_t size);

  const std::string path_;
  const Options& options_;
  std::FILE* file_ = nullptr;
  std::unique_ptr<Deflater> deflater_;
  std::string buffer_;
};

}  // namespace deltic::engine::text
