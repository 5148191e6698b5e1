// Rows of persisted DataFrames and cached tables of one session (Spark's CacheManager). A plan is found by its
// canonical form anywhere inside another plan; rows are computed on first use, live in the engine (which spills them)
// and are computed anew after a write to what they were read from. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "engine/engine.h"

namespace deltic::spark::session {

// Every write that this server makes to a table or directory, in order. Remembers the last kMaxPaths paths; what was
// read before the forgotten ones counts as written. Thread-safe.
class WriteLog {
 public:
  void Note(const std::string& path);
  uint64_t now() const;
  // Whether anything at, below or above one of `paths` was written after `since`.
  bool WrittenSince(const std::vector<std::string>& paths, uint64_t since) const;

 private:
  static constexpr size_t kMaxPaths = 4096;
  mutable std::mutex mutex_;
  uint64_t now_ = 0;
  uint64_t forgotten_ = 0;
  std::map<std::string, uint64_t> writes_;
};

struct StorageLevel {
  bool use_disk = true;
  bool use_memory = true;
  bool use_off_heap = false;
  bool deserialized = true;
  int replication = 1;
};

class PlanCache {
 public:
  // Marks the plan as kept; one that already is keeps its level. `now_micros`: the start of the query it is from.
  void Persist(const engine::RelPtr& plan, int64_t now_micros, StorageLevel level);
  bool Unpersist(const engine::RelPtr& plan, int64_t now_micros);
  std::optional<StorageLevel> Find(const engine::RelPtr& plan, int64_t now_micros) const;
  // Forgets every plan that reads `path`.
  void Uncache(const std::string& path);
  void Clear();
  // The plan with kept rows in place of every part that is persisted; those not there yet are computed now.
  Result<engine::RelPtr> Read(const engine::RelPtr& plan, int64_t now_micros, engine::Engine* engine,
                              const engine::QueryOptions& options, const WriteLog& writes);

 private:
  struct Entry;
  class Reader;
  using EntryPtr = std::shared_ptr<Entry>;

  static constexpr size_t kMaxEntries = 1000;
  mutable std::mutex mutex_;                 // guards entries_ and order_; each entry has its own for the rows
  std::map<std::string, EntryPtr> entries_;  // by canonical plan
  std::deque<std::string> order_;            // oldest first
};

}  // namespace deltic::spark::session
