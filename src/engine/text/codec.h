// Decoders of compressed text files that Hadoop's codecs write: bzip2 (.bz2, any number of streams; through libbz2,
// loaded at first use), LZ4 (.lz4) and Snappy (.snappy), the last two as Hadoop's blocks: the length of a block, then
// chunks, each after its own length. One reader each; not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/status.h"

namespace deltic::engine::text {

class Codec {
 public:
  // Up to so many further bytes of the file; 0: the end.
  using Raw = std::function<size_t(char*, size_t)>;

  static bool Knows(const std::string& path);
  // By the suffix of a path that Knows(); an error when the machine lacks the library.
  static Result<std::unique_ptr<Codec>> For(const std::string& path, Raw raw);

  virtual ~Codec() = default;
  // Up to `size` (> 0) further bytes; 0: the end. The error's detail says how the file is damaged.
  virtual Result<size_t> Read(char* out, size_t size) = 0;
};

}  // namespace deltic::engine::text
