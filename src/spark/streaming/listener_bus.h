// What a session's streaming queries tell its listeners: each subscriber has a queue of its own that its reader
// empties. A reader that is too slow loses the oldest events, as on Spark's listener bus. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace deltic::spark::streaming {

enum class EventKind : uint8_t { kStarted = 0, kProgress = 1, kIdle = 2, kTerminated = 3 };

struct ListenerEvent {
  EventKind kind = EventKind::kProgress;
  std::string json;
};

class EventQueue {
 public:
  // Waits at most `timeout`; nullopt: nothing came, or the queue is closed and empty.
  std::optional<ListenerEvent> Next(std::chrono::milliseconds timeout);
  bool closed() const;

 private:
  friend class ListenerBus;
  static constexpr size_t kMaxEvents = 10000;
  void Push(const ListenerEvent& event);
  void Close();

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<ListenerEvent> events_;
  bool closed_ = false;
};

class ListenerBus {
 public:
  // A new subscription under `id`, replacing one of the same id.
  std::shared_ptr<EventQueue> Subscribe(const std::string& id);
  // What is in its queue can still be read.
  void Unsubscribe(const std::string& id);
  void Post(const ListenerEvent& event);
  void CloseAll();
  std::vector<std::string> Ids() const;

 private:
  mutable std::mutex mutex_;  // guards queues_
  std::vector<std::pair<std::string, std::shared_ptr<EventQueue>>> queues_;
};

}  // namespace deltic::spark::streaming
