// Which files each batch of a file stream has read (Spark's FileStreamSourceLog): a log of JSON lines, whose every
// tenth entry repeats all before it ("9.compact"). Used by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "spark/streaming/metadata_log.h"

namespace deltic::spark::streaming {

struct SeenFile {
  std::string path;  // qualified
  int64_t timestamp_ms = 0;
  int64_t batch = 0;
};

class FileSourceLog {
 public:
  FileSourceLog(std::shared_ptr<storage::ObjectStore> store, std::string directory)
      : store_(std::move(store)), directory_(std::move(directory)) {}

  // All files of all batches; `*latest`: the last batch, -1 when there is none.
  Result<std::vector<SeenFile>> ReadAll(int64_t* latest) const;
  // CONCURRENT_STREAM_LOG_UPDATE when the batch is there already. `before`: the files of earlier batches.
  Status Add(int64_t batch, const std::vector<SeenFile>& files, const std::vector<SeenFile>& before);

 private:
  static constexpr int64_t kCompactInterval = 10;
  const std::shared_ptr<storage::ObjectStore> store_;
  const std::string directory_;
};

}  // namespace deltic::spark::streaming
