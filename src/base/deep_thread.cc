#include "base/deep_thread.h"

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <vector>

namespace deltic {
namespace {

constexpr size_t kMaxIdle = 8;
constexpr std::chrono::seconds kIdleTime{10};

// A thread that waits for its next body.
struct Worker {
  std::condition_variable woken;
  std::function<void()> body;  // guarded by Pool::mutex
};

// The threads that wait. Never destroyed: they outlive main.
struct Pool {
  std::mutex mutex;
  std::vector<Worker*> idle;  // the one that waits shortest is last and goes first: its stack is warm
};

Pool* ThePool() {
  static Pool* const pool = new Pool;
  return pool;
}

// Waits for a body; false when none came for a while or enough others wait.
bool Next(Worker* worker) {
  Pool* pool = ThePool();
  std::unique_lock lock(pool->mutex);
  if (pool->idle.size() >= kMaxIdle) return false;
  pool->idle.push_back(worker);
  if (worker->woken.wait_for(lock, kIdleTime, [&] { return worker->body != nullptr; })) return true;
  std::erase(pool->idle, worker);
  return false;
}

void* Work(void* argument) {
  std::unique_ptr<Worker> worker(static_cast<Worker*>(argument));
  do {
    std::function<void()> body = std::exchange(worker->body, nullptr);
    body();
  } while (Next(worker.get()));
  return nullptr;
}

bool HandToIdle(std::function<void()>* body) {
  Pool* pool = ThePool();
  std::lock_guard lock(pool->mutex);
  if (pool->idle.empty()) return false;
  Worker* worker = pool->idle.back();
  pool->idle.pop_back();
  worker->body = std::move(*body);
  worker->woken.notify_one();  // under the lock: the worker may not end before
  return true;
}

}  // namespace

Status StartDeepThread(std::function<void()> body) {
  if (HandToIdle(&body)) return Status::Ok();
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kDeepStackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  auto worker = std::make_unique<Worker>();
  worker->body = std::move(body);
  pthread_t thread;
  const int error = pthread_create(&thread, &attributes, Work, worker.get());
  pthread_attr_destroy(&attributes);
  if (error != 0) return InternalError(std::string("cannot start a thread: ") + std::strerror(error));
  worker.release();  // Work owns it now
  return Status::Ok();
}

Status DeepTask::Start(std::function<void()> body) {
  running_ = true;
  Status started = StartDeepThread([this, body = std::move(body)] {
    body();
    std::lock_guard lock(mutex_);
    running_ = false;
    changed_.notify_one();  // under the lock: the task may be gone afterwards
  });
  if (!started.ok()) running_ = false;
  return started;
}

void DeepTask::Wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !running_; });
}

Status RunOnDeepThread(const std::function<void()>& body) {
  DeepTask task;
  return task.Start(body);
}

}  // namespace deltic
