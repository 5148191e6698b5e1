// What is known of the servers of buckets: whether they look at If-None-Match. It is found out by a probe, at most one
// at a time for a bucket: begun ahead on another thread, or by whoever needs to know. Nobody waits for a probe that no
// thread runs yet: it is taken over. Only that a server looks is remembered, and nobody is told that another's probe
// came to nothing: who needs to know probes, too. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/status.h"

namespace deltic::storage::s3 {

class ConditionChecks {
 public:
  enum class Finding : uint8_t { kHeeded, kIgnored };
  // An error: why it came to nothing.
  using Probe = std::function<Result<Finding>()>;

  // The work of finding out, for another thread; null when that is known or under way. Valid as long as this.
  std::function<void()> Begin(const std::string& bucket, Probe probe);
  // What the check that was begun finds out, or `probe` here and now; the error of `probe` alone.
  Result<Finding> Require(const std::string& bucket, const Probe& probe);

 private:
  struct Check {
    bool taken = false;
    bool ended = false;
    std::optional<Finding> finding;
  };
  // Of a check that the calling thread has taken.
  Result<Finding> Run(const std::string& bucket, const std::shared_ptr<Check>& check, const Probe& probe);

  std::mutex mutex_;  // guards what follows, and what checks_ points to
  std::condition_variable ended_;
  std::set<std::string> heeding_;
  std::map<std::string, std::shared_ptr<Check>> checks_;  // begun and not ended
};

}  // namespace deltic::storage::s3
