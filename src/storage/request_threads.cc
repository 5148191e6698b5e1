#include "storage/request_threads.h"

#include <algorithm>
#include <memory>
#include <thread>

namespace deltic::storage {
namespace {

// The tasks of one RunAll. A thread that comes to help when all are taken touches nothing but this.
class Tasks {
 public:
  explicit Tasks(const std::vector<std::function<void()>>& tasks) : tasks_(tasks), count_(tasks.size()) {}

  void RunFirst() {
    tasks_[0]();
    Ended();
    Help();
  }
  void Help() {
    while (const auto* task = Take()) {
      (*task)();
      Ended();
    }
  }
  void WaitForAll() {
    std::unique_lock lock(mutex_);
    all_ended_.wait(lock, [&] { return ended_ == count_; });
  }

 private:
  const std::function<void()>* Take() {
    std::lock_guard lock(mutex_);
    return next_ < count_ ? &tasks_[next_++] : nullptr;
  }
  void Ended() {
    std::lock_guard lock(mutex_);
    if (++ended_ == count_) all_ended_.notify_all();
  }

  const std::vector<std::function<void()>>& tasks_;  // of the caller, who waits until all have ended
  const size_t count_;
  std::mutex mutex_;
  std::condition_variable all_ended_;
  size_t next_ = 1;  // the first is the caller's
  size_t ended_ = 0;
};

}  // namespace

RequestThreads& RequestThreads::Instance() {
  static auto* threads = new RequestThreads;
  return *threads;
}

void RequestThreads::Run(std::function<void()> task) {
  {
    std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    if (idle_ < tasks_.size() && threads_ < kMaxThreads) {
      threads_++;
      std::thread([this] { Work(); }).detach();
    }
  }
  wake_.notify_one();
}

void RequestThreads::RunAll(const std::vector<std::function<void()>>& tasks, int at_once) {
  if (tasks.empty()) return;
  const auto all = std::make_shared<Tasks>(tasks);
  const auto threads = std::min(tasks.size(), static_cast<size_t>(std::max(1, at_once)));
  for (size_t i = 1; i < threads; i++) Run([all] { all->Help(); });
  all->RunFirst();
  all->WaitForAll();
}

void RequestThreads::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    idle_++;
    wake_.wait(lock, [&] { return !tasks_.empty(); });
    idle_--;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace deltic::storage
