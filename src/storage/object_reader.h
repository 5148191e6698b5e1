// Reads of one unchanging remote object, made few and large: a small object is fetched whole, reads that follow one
// another come from a window that grows, long reads go straight to the caller's memory. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/status.h"
#include "storage/object_store.h"

namespace deltic::storage {

class ObjectReader {
 public:
  // `whole`: the object's bytes, when somebody has them already; may be null.
  ObjectReader(std::shared_ptr<ObjectStore> store, std::string path, int64_t size_bytes,
               std::shared_ptr<const std::string> whole);

  int64_t size_bytes() const { return size_bytes_; }
  // Up to `length` bytes from `offset`; short at the end of the object.
  Result<int64_t> Read(int64_t offset, char* buffer, int64_t length);
  // All bytes, once they have been fetched as one piece; else null.
  std::shared_ptr<const std::string> whole() const;

  // Objects up to this size are fetched whole.
  static constexpr int64_t kWholeBytes = 1 << 20;

 private:
  Result<int64_t> ReadWindow(int64_t offset, char* buffer, int64_t length);

  const std::shared_ptr<ObjectStore> store_;
  const std::string path_;
  const int64_t size_bytes_;
  mutable std::mutex mutex_;  // guards the window
  std::shared_ptr<const std::string> window_;
  int64_t window_start_ = 0;
  int64_t window_bytes_;  // of the next fetch
};

}  // namespace deltic::storage
