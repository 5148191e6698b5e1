// Reads of a scan made before they are asked for. A scan goes through groups of ranges (the column chunks of a Parquet
// row group) in a known order; while it works on one group, the ranges of the next ones are fetched, neighbouring
// ranges by one request, several requests at once.
//
// Invariants: what waits to be read is bounded (kMaxWindowBytes, and the groups being read); nothing is fetched twice
// unless it is read twice; a failed fetch is no error, the reader asks for itself and gets the store's own answer.
// Thread-safe. Destroying it drops what has not begun; requests under way end by themselves.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "storage/object_store.h"

namespace deltic::storage {

class ReadAhead {
 public:
  struct Range {
    int64_t offset = 0;
    int64_t length = 0;
    int64_t end() const { return offset + length; }
  };
  // `first` is read whenever the group is; `then` only if some row of `first` passes the filters.
  struct Group {
    std::vector<Range> first, then;
  };
  struct File {
    std::shared_ptr<ObjectStore> store;
    std::string path;
    int64_t size_bytes = 0;
  };

  ReadAhead();
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  // Fetches the last TailBytes of a file, where its footer is. `file` is the scan's own number for it.
  void FetchTail(size_t file, const File& object);
  bool HasTail(size_t file) const;  // fetched, or failed to be
  void DropTail(size_t file);
  // The scan reads files by their numbers; a plan that comes late goes before those of later files that were not begun.
  // Only the first plan of a file counts.
  void Plan(size_t file, const File& object, std::vector<Group> groups);
  bool IsPlanned(size_t file) const;
  // The scan has read of a second group: from then on there is reading ahead.
  bool HasBegun() const;
  // Every planned group has been asked for and there is room for more.
  bool WantsPlan() const { return wants_plan_->load(std::memory_order_relaxed); }
  // False: these bytes are not of a plan or tail, or not all of them could be had; the caller reads by other means.
  bool Read(size_t file, int64_t offset, char* buffer, int64_t length);

  // Objects of up to ObjectReader::kWholeBytes: all of it.
  static int64_t TailBytes(int64_t size_bytes);

  static constexpr int64_t kFirstWindowBytes = 4LL << 20;
  static constexpr int64_t kMaxWindowBytes = 64LL << 20;
  static constexpr int64_t kMaxGapBytes = 256LL << 10;  // what lies between two ranges is fetched with them up to this
  static constexpr int64_t kPieceBytes = 8LL << 20;     // of one request
  static constexpr int kRequestsAtOnce = 16;            // of one scan

 private:
  struct State;
  const std::shared_ptr<State> state_;
  const std::shared_ptr<std::atomic<bool>> wants_plan_;
};

}  // namespace deltic::storage
