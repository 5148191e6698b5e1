#include "spark/connect/deep_thread.h"

#include <pthread.h>

#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>

namespace deltic::spark::connect {
namespace {

void* RunBody(void* argument) {
  std::unique_ptr<std::function<void()>> body(static_cast<std::function<void()>*>(argument));
  (*body)();
  return nullptr;
}

}  // namespace

Status StartDeepThread(std::function<void()> body) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kDeepStackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  auto owned = std::make_unique<std::function<void()>>(std::move(body));
  pthread_t thread;
  const int error = pthread_create(&thread, &attributes, RunBody, owned.get());
  pthread_attr_destroy(&attributes);
  if (error != 0) return InternalError(std::string("cannot start a thread: ") + std::strerror(error));
  owned.release();  // RunBody owns it now
  return Status::Ok();
}

Status RunOnDeepThread(const std::function<void()>& body) {
  std::mutex mutex;
  std::condition_variable done_changed;
  bool done = false;
  RETURN_IF_ERROR(StartDeepThread([&] {
    body();
    std::lock_guard lock(mutex);
    done = true;
    done_changed.notify_one();
  }));
  std::unique_lock lock(mutex);
  done_changed.wait(lock, [&] { return done; });
  return Status::Ok();
}

}  // namespace deltic::spark::connect
