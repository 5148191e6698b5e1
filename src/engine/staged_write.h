// Files for a remote store whose names are not known while they are written (partitions, row limits) or that are made
// by plain file I/O (text): written to a directory of this machine, then uploaded side by side. Used by one thread.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"

namespace deltic::engine {

class StagedWrite {
 public:
  // `temp_directory`: where the local directory is made.
  static Result<StagedWrite> Begin(const std::string& temp_directory);
  ~StagedWrite();  // removes the local directory
  StagedWrite(StagedWrite&& other) noexcept;
  StagedWrite& operator=(StagedWrite&&) = delete;

  const std::string& directory() const { return directory_; }
  // Uploads files below directory() to the same names below `target` (a native path) and returns them as there. On
  // error nothing of them is left at the target, best effort.
  Result<std::vector<WrittenFile>> Upload(std::vector<WrittenFile> files, const std::string& target,
                                          const std::function<bool()>& interrupted);

 private:
  explicit StagedWrite(std::string directory) : directory_(std::move(directory)) {}
  std::string directory_;
};

// Removes what a failed write left at a native path, local or remote; best effort.
void RemoveWritten(const std::string& native);

}  // namespace deltic::engine
