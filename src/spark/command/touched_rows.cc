#include "spark/command/touched_rows.h"

namespace deltic::spark::command {

void TouchedRows::Add(const int64_t* files, const int64_t* rows, uint64_t count) {
  std::lock_guard<std::mutex> lock(mutex_);
  uint64_t at = 0;
  while (at < count) {
    // Scans deliver rows in the order of their file, so runs are common.
    uint64_t end = at + 1;
    while (end < count && files[end] == files[at] && rows[end] == rows[end - 1] + 1) end++;
    auto& builder = files_[files[at]];
    if (end - at == 1) {
      builder.Add(static_cast<uint64_t>(rows[at]));
    } else {
      builder.AddRun(static_cast<uint64_t>(rows[at]), end - at);
    }
    at = end;
  }
}

uint64_t TouchedRows::Count() const {
  uint64_t total = 0;
  for (const auto& [file, builder] : files_) total += builder.Cardinality();
  return total;
}

std::vector<TouchedFile> TouchedRows::Take() {
  std::vector<TouchedFile> out;
  for (auto& [file, builder] : files_) out.push_back({static_cast<size_t>(file), builder.Build()});
  files_.clear();
  return out;
}

}  // namespace deltic::spark::command
