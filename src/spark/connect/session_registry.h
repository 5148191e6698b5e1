// The server's Spark Connect sessions by (user, session id), each with its operations. Idle sessions expire; closed
// ones are remembered for a while so that their clients learn why. Thread-safe.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "spark/connect/error_reply.h"
#include "spark/connect/operation.h"
#include "spark/session/session.h"
#include "spark/streaming/streaming_query_manager.h"

namespace deltic::spark::connect {

struct SessionEntry {
  SessionEntry(session::ServerState* server, std::string user_id, std::string session_id, std::string server_id,
               const std::shared_ptr<streaming::StreamingHost>& host)
      : session(server, std::move(user_id), std::move(session_id)),
        server_side_id(std::move(server_id)),
        streams(std::make_unique<streaming::StreamingQueryManager>(host)) {}

  session::Session session;
  const std::string server_side_id;
  ErrorLog errors;
  // Its streaming queries, which keep the entry alive while they run.
  const std::unique_ptr<streaming::StreamingQueryManager> streams;

  std::mutex mutex;                                              // guards what follows
  std::map<std::string, std::shared_ptr<Operation>> operations;  // they keep the entry alive, until Close
  bool closed = false;
  std::deque<std::string> abandoned;  // operation ids, newest last, at most kMaxAbandoned
  int64_t last_used_nanos = 0;
  static constexpr size_t kMaxAbandoned = 1000;

  std::shared_ptr<Operation> FindOperation(const std::string& id);
  std::vector<std::shared_ptr<Operation>> AllOperations();
  // INVALID_HANDLE.OPERATION_ALREADY_EXISTS, or SESSION_CLOSED.
  Status AddOperation(const std::shared_ptr<Operation>& operation);
  // Stops its streaming queries, cancels and forgets its operations; there are no more.
  void Close();
};

class SessionRegistry {
 public:
  SessionRegistry(session::ServerState* server, std::shared_ptr<streaming::StreamingHost> host)
      : server_(server), host_(std::move(host)) {}
  ~SessionRegistry();  // closes all sessions

  // The session, made on first use. INVALID_HANDLE.* for a bad or closed id, or when the client has seen another
  // server-side session (`observed`, empty: none).
  Result<std::shared_ptr<SessionEntry>> Acquire(const std::string& user_id, const std::string& session_id,
                                                const std::string& observed);
  // As Acquire, for an existing session only: SESSION_NOT_FOUND.
  Result<std::shared_ptr<SessionEntry>> Find(const std::string& user_id, const std::string& session_id,
                                             const std::string& observed);
  // Closes the session, cancels its operations and stops its streaming queries; its server-side id, or empty when there
  // was none.
  std::string Release(const std::string& user_id, const std::string& session_id, bool allow_reconnect);
  Result<std::shared_ptr<SessionEntry>> Clone(SessionEntry* source, std::string new_session_id);
  // Closes idle sessions (none is while it has streaming queries), cancels operations that no client follows.
  void Sweep(int64_t now_nanos, int64_t session_timeout_ms, int64_t detached_timeout_ms);
  void CancelAll();
  size_t size() const;

  static constexpr size_t kMaxSessions = 10000;
  static constexpr size_t kMaxClosed = 10000;

 private:
  using Key = std::pair<std::string, std::string>;
  Status CheckKey(const Key& key);
  Result<std::shared_ptr<SessionEntry>> Touch(std::shared_ptr<SessionEntry> entry, const std::string& observed);
  void RememberClosed(const Key& key);

  session::ServerState* const server_;
  const std::shared_ptr<streaming::StreamingHost> host_;
  mutable std::mutex mutex_;  // guards everything below
  std::map<Key, std::shared_ptr<SessionEntry>> sessions_;
  std::set<Key> closed_;
  std::deque<Key> closed_order_;
};

// True for the 36-character text form.
bool IsUuid(const std::string& text);

}  // namespace deltic::spark::connect
