// The files of a large set of which a scan takes those that its filters leave: nothing is made of the others.
// Implementations are immutable and thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "engine/plan/relation.h"

namespace deltic::engine {

class FileSource {
 public:
  // One file as filters see it; borrowed for the call that hands it out.
  class Candidate {
   public:
    virtual ~Candidate() = default;
    virtual std::string_view stats() const = 0;  // Delta per-file statistics (physical names); empty: none
    // Files with the same address have equal ScanFile::constants; null: nothing is known of that.
    virtual const void* partition() const = 0;
    virtual int64_t deleted_rows() const = 0;
    virtual Result<ScanFile> Make() const = 0;  // without statistics, which may have to be read first
  };

  virtual ~FileSource() = default;
  virtual size_t size() const = 0;
  virtual int64_t total_bytes() const = 0;
  // In order; stops at the first error.
  virtual Status ForEach(const std::function<Status(const Candidate&)>& visit) const = 0;
};

// All files of a source, of a relation (never null).
Result<std::shared_ptr<const std::vector<ScanFile>>> FilesOf(const FileSource& source);
Result<std::shared_ptr<const std::vector<ScanFile>>> FilesOf(const FilesRel& rel);

}  // namespace deltic::engine
