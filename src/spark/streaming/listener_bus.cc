#include "spark/streaming/listener_bus.h"

namespace deltic::spark::streaming {

std::optional<ListenerEvent> EventQueue::Next(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [&] { return closed_ || !events_.empty(); });
  if (events_.empty()) return std::nullopt;
  ListenerEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

bool EventQueue::closed() const {
  std::lock_guard lock(mutex_);
  return closed_ && events_.empty();
}

void EventQueue::Push(const ListenerEvent& event) {
  std::lock_guard lock(mutex_);
  if (closed_) return;
  if (events_.size() >= kMaxEvents) events_.pop_front();
  events_.push_back(event);
  changed_.notify_all();
}

void EventQueue::Close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

std::shared_ptr<EventQueue> ListenerBus::Subscribe(const std::string& id) {
  Unsubscribe(id);
  auto queue = std::make_shared<EventQueue>();
  std::lock_guard lock(mutex_);
  queues_.emplace_back(id, queue);
  return queue;
}

void ListenerBus::Unsubscribe(const std::string& id) {
  std::lock_guard lock(mutex_);
  std::erase_if(queues_, [&](const auto& entry) {
    if (entry.first != id) return false;
    entry.second->Close();
    return true;
  });
}

void ListenerBus::Post(const ListenerEvent& event) {
  std::lock_guard lock(mutex_);
  for (const auto& [id, queue] : queues_) queue->Push(event);
}

void ListenerBus::CloseAll() {
  std::lock_guard lock(mutex_);
  for (const auto& [id, queue] : queues_) queue->Close();
  queues_.clear();
}

std::vector<std::string> ListenerBus::Ids() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const auto& [id, queue] : queues_) out.push_back(id);
  return out;
}

}  // namespace deltic::spark::streaming
