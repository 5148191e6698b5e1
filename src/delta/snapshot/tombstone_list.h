// The removed files a table still remembers, shared between versions: layers of what single commits removed and brought
// back, put together when asked for. Immutable value; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "delta/spec/actions.h"

namespace deltic::delta {

class TombstoneList {
 public:
  TombstoneList();
  // This list after `removed` and after the files with the keys `revived` were added again.
  TombstoneList With(const std::string& table_path, std::vector<RemoveFile> removed,
                     std::vector<std::string> revived) const;
  // Removes younger than `expired_ms`, the latest of each file. Made once per list.
  const std::vector<RemoveFile>& Unexpired(const std::string& table_path, int64_t expired_ms) const;

 private:
  struct Layer {
    std::vector<RemoveFile> removed;
    std::vector<std::string> revived;
    size_t size() const { return removed.size() + revived.size(); }
  };
  struct Merged {
    std::once_flag once;
    std::vector<RemoveFile> removes;
  };
  static Layer Flatten(const std::string& table_path, const std::vector<std::shared_ptr<const Layer>>& layers,
                       bool keep_revived);

  std::vector<std::shared_ptr<const Layer>> layers_;  // oldest first
  std::shared_ptr<Merged> merged_;
};

}  // namespace deltic::delta
