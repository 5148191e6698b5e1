#include "spark/connect/session_registry.h"

#include <algorithm>

#include "base/log.h"
#include "base/random.h"

namespace deltic::spark::connect {
namespace {

Status InvalidHandle(const char* what, const std::string& handle) {
  return Error(std::string("INVALID_HANDLE.") + what, {{"handle", handle}});
}

}  // namespace

bool IsUuid(const std::string& text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); i++) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !isxdigit(static_cast<unsigned char>(text[i]))) return false;
  }
  return true;
}

std::shared_ptr<Operation> SessionEntry::FindOperation(const std::string& id) {
  std::lock_guard lock(mutex);
  auto it = operations.find(id);
  return it == operations.end() ? nullptr : it->second;
}

std::vector<std::shared_ptr<Operation>> SessionEntry::AllOperations() {
  std::lock_guard lock(mutex);
  std::vector<std::shared_ptr<Operation>> out;
  for (const auto& [id, operation] : operations) out.push_back(operation);
  return out;
}

Status SessionEntry::AddOperation(const std::shared_ptr<Operation>& operation) {
  std::lock_guard lock(mutex);
  if (closed) return InvalidHandle("SESSION_CLOSED", session.session_id());
  if (operations.emplace(operation->id(), operation).second) return Status::Ok();
  return InvalidHandle("OPERATION_ALREADY_EXISTS", operation->id());
}

void SessionEntry::Close() {
  streams->StopAll();
  std::map<std::string, std::shared_ptr<Operation>> dropped;  // freed after the lock
  {
    std::lock_guard lock(mutex);
    closed = true;
    dropped.swap(operations);
  }
  for (const auto& [id, operation] : dropped) {
    operation->Cancel();
    operation->responses().CloseWhenDetached();
  }
}

SessionRegistry::~SessionRegistry() {
  for (const auto& [key, entry] : sessions_) entry->Close();
}

Status SessionRegistry::CheckKey(const Key& key) {
  if (!IsUuid(key.second)) return InvalidHandle("FORMAT", key.second);
  if (closed_.contains(key)) return InvalidHandle("SESSION_CLOSED", key.second);
  return Status::Ok();
}

Result<std::shared_ptr<SessionEntry>> SessionRegistry::Touch(std::shared_ptr<SessionEntry> entry,
                                                             const std::string& observed) {
  if (!observed.empty() && observed != entry->server_side_id) {
    return InvalidHandle("SESSION_CHANGED", entry->session.session_id());
  }
  std::lock_guard lock(entry->mutex);
  entry->last_used_nanos = server_->clock->MonotonicNanos();
  return entry;
}

Result<std::shared_ptr<SessionEntry>> SessionRegistry::Acquire(const std::string& user_id,
                                                               const std::string& session_id,
                                                               const std::string& observed) {
  const Key key(user_id, session_id);
  std::shared_ptr<SessionEntry> entry;
  {
    std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(CheckKey(key));
    auto it = sessions_.find(key);
    if (it != sessions_.end()) {
      entry = it->second;
    } else {
      // The client knows a session that this server does not: the server was restarted.
      if (!observed.empty()) return InvalidHandle("SESSION_CHANGED", session_id);
      if (sessions_.size() >= kMaxSessions) {
        return Error("SERVER_BUSY", {{"limit", std::to_string(kMaxSessions)}, {"what", "sessions"}});
      }
      entry = std::make_shared<SessionEntry>(server_, user_id, session_id, Random::System()->Uuid(), host_);
      sessions_.emplace(key, entry);
    }
  }
  return Touch(std::move(entry), observed);
}

Result<std::shared_ptr<SessionEntry>> SessionRegistry::Find(const std::string& user_id, const std::string& session_id,
                                                            const std::string& observed) {
  const Key key(user_id, session_id);
  std::shared_ptr<SessionEntry> entry;
  {
    std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(CheckKey(key));
    auto it = sessions_.find(key);
    if (it == sessions_.end()) return InvalidHandle("SESSION_NOT_FOUND", session_id);
    entry = it->second;
  }
  return Touch(std::move(entry), observed);
}

void SessionRegistry::RememberClosed(const Key& key) {
  if (!closed_.insert(key).second) return;
  closed_order_.push_back(key);
  if (closed_order_.size() > kMaxClosed) {
    closed_.erase(closed_order_.front());
    closed_order_.pop_front();
  }
}

std::string SessionRegistry::Release(const std::string& user_id, const std::string& session_id, bool allow_reconnect) {
  const Key key(user_id, session_id);
  std::shared_ptr<SessionEntry> entry;
  {
    std::lock_guard lock(mutex_);
    auto it = sessions_.find(key);
    if (it != sessions_.end()) {
      entry = it->second;
      sessions_.erase(it);
    }
    if (!allow_reconnect) RememberClosed(key);
  }
  if (entry == nullptr) return {};
  entry->Close();
  Log(LogLevel::kInfo, "session closed", {{"session", session_id}, {"user", user_id}});
  return entry->server_side_id;
}

Result<std::shared_ptr<SessionEntry>> SessionRegistry::Clone(SessionEntry* source, std::string new_session_id) {
  if (new_session_id.empty()) new_session_id = Random::System()->Uuid();
  const Key key(source->session.user_id(), new_session_id);
  auto entry = std::make_shared<SessionEntry>(server_, key.first, new_session_id, Random::System()->Uuid(), host_);
  entry->session.CopyFrom(source->session);
  entry->last_used_nanos = server_->clock->MonotonicNanos();
  std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(CheckKey(key));
  if (!sessions_.emplace(key, entry).second) return InvalidHandle("SESSION_ALREADY_EXISTS", new_session_id);
  return entry;
}

void SessionRegistry::Sweep(int64_t now_nanos, int64_t session_timeout_ms, int64_t detached_timeout_ms) {
  std::vector<std::shared_ptr<SessionEntry>> entries;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [key, entry] : sessions_) entries.push_back(entry);
  }
  for (const auto& entry : entries) {
    bool idle = false;
    std::vector<std::shared_ptr<Operation>> abandoned;
    {
      std::lock_guard lock(entry->mutex);
      for (auto it = entry->operations.begin(); it != entry->operations.end();) {
        const int64_t since = it->second->responses().detached_since_nanos();
        if (since == 0 || now_nanos - since < detached_timeout_ms * 1'000'000) {
          ++it;
          continue;
        }
        abandoned.push_back(it->second);
        entry->abandoned.push_back(it->first);
        if (entry->abandoned.size() > SessionEntry::kMaxAbandoned) entry->abandoned.pop_front();
        it = entry->operations.erase(it);
      }
      idle = session_timeout_ms > 0 && entry->operations.empty() && entry->streams->Active().empty() &&
             now_nanos - entry->last_used_nanos > session_timeout_ms * 1'000'000;
    }
    for (const auto& operation : abandoned) {
      operation->Cancel();
      operation->responses().Close();
      Log(LogLevel::kWarn, "operation abandoned by its client", {{"operation", operation->id()}});
    }
    if (idle) Release(entry->session.user_id(), entry->session.session_id(), false);
  }
}

void SessionRegistry::CancelAll() {
  std::lock_guard lock(mutex_);
  for (const auto& [key, entry] : sessions_) {
    for (const auto& operation : entry->AllOperations()) operation->Cancel();
  }
}

size_t SessionRegistry::size() const {
  std::lock_guard lock(mutex_);
  return sessions_.size();
}

}  // namespace deltic::spark::connect
