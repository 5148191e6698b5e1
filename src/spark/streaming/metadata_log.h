// A directory of numbered files, each written once: the form of a checkpoint's offset log, commit log and source logs
// (Spark's HDFSMetadataLog). Files are text whose first line is the version "v1". Used by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "storage/object_store.h"

namespace deltic::spark::streaming {

class MetadataLog {
 public:
  MetadataLog(std::shared_ptr<storage::ObjectStore> store, std::string directory)
      : store_(std::move(store)), directory_(std::move(directory)) {}

  const std::string& directory() const { return directory_; }
  // Writes entry `number`; CONCURRENT_STREAM_LOG_UPDATE when it is there already: another run uses the checkpoint.
  Status Add(int64_t number, std::string_view text);
  // nullopt: there is none.
  Result<std::optional<std::string>> Get(int64_t number) const;
  // Ascending.
  Result<std::vector<int64_t>> Numbers() const;
  Result<std::optional<int64_t>> Latest() const;
  // Removes the entries below `number`.
  Status Purge(int64_t number);

  std::string PathOf(int64_t number) const { return storage::JoinPath(directory_, std::to_string(number)); }

 private:
  const std::shared_ptr<storage::ObjectStore> store_;
  const std::string directory_;
};

// The lines of a log file after its version line. A version newer than "v1", or none, is an error that names `path`.
Result<std::vector<std::string>> LogLines(const std::string& text, const std::string& path);

}  // namespace deltic::spark::streaming
