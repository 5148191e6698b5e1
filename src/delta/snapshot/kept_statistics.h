// The statistics of the files of one part of a checkpoint, read when somebody first asks for one of them: most
// snapshots of large tables are opened by readers that look at partitions only. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "delta/io/parquet_io.h"

namespace deltic::delta {

class KeptStatistics {
 public:
  // `source` names the file in the log.
  KeptStatistics(std::string source, std::shared_ptr<const KeptText> kept)
      : source_(std::move(source)), kept_(std::move(kept)) {}
  // Of a row of the part. Empty: none, or they could not be read, which is logged; statistics are hints.
  std::string_view At(uint32_t row) const;
  // They could not be read.
  bool lost() const { return lost_; }

 private:
  void Read() const;

  const std::string source_;
  mutable std::once_flag once_;
  mutable std::shared_ptr<const KeptText> kept_;  // until they are read
  mutable std::string text_;
  mutable std::vector<uint64_t> ends_;
  mutable std::atomic<bool> lost_ = false;
};

}  // namespace deltic::delta
