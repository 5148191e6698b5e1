// Threads that wait for the network on behalf of all scans and stores. They are few, made when they are needed and
// kept. Nothing waits for a task to begin: whoever gives one away does the work itself when no thread is free.
// Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace deltic::storage {

class RequestThreads {
 public:
  // Never destroyed: a thread may still wait for a server when the process ends.
  static RequestThreads& Instance();

  void Run(std::function<void()> task);
  // Runs every one of `tasks`, at most `at_once` of them at the same time, and returns when they have ended; the first
  // on the calling thread.
  void RunAll(const std::vector<std::function<void()>>& tasks, int at_once);

 private:
  static constexpr size_t kMaxThreads = 64;

  [[noreturn]] void Work();

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;  // bounded: each scan and each call of RunAll has a few here
  size_t idle_ = 0;
  size_t threads_ = 0;
};

}  // namespace deltic::storage
