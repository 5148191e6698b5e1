// Threads with a stack for deep plans. Decoding, resolving and lowering recurse once or more per level of a plan, and
// plans of a thousand levels are ordinary (df.withColumn in a loop), so whatever handles plans runs on such a thread.
// The stack is address space only: pages that are not touched cost nothing. A thread that ends its work stays a while
// for the next request, so that a short query does not pay for making one.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

#include "base/status.h"

namespace deltic {

inline constexpr size_t kDeepStackBytes = size_t{64} << 20;

// Starts `body` on a thread that nobody joins.
Status StartDeepThread(std::function<void()> body);
// Work on such a thread that its maker waits for, at the latest when this ends. Used by one thread.
class DeepTask {
 public:
  DeepTask() = default;
  ~DeepTask() { Wait(); }
  DeepTask(const DeepTask&) = delete;
  DeepTask& operator=(const DeepTask&) = delete;
  // Once.
  Status Start(std::function<void()> body);
  void Wait();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;
};

// Runs `body` on such a thread and waits for it.
Status RunOnDeepThread(const std::function<void()>& body);

}  // namespace deltic
