// The streaming queries of one session (Spark's StreamingQueryManager), and the ones that run on the server.
// Thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "spark/streaming/micro_batch_execution.h"

namespace deltic::spark::streaming {

// The queries that run on a server, at most kMaxQueries, each id once. Thread-safe.
class ActiveQueries {
 public:
  static constexpr size_t kMaxQueries = 64;
  // The query that runs under this id already, which is then not replaced; null: `query` was added. SERVER_BUSY.
  Result<std::shared_ptr<StreamingQuery>> Add(const std::shared_ptr<StreamingQuery>& query);
  void Remove(const StreamingQuery& query);
  void StopAll();

 private:
  std::mutex mutex_;  // guards queries_
  std::map<std::string, std::shared_ptr<StreamingQuery>> queries_;
};

// What queries need of the server around them.
struct StreamingHost {
  // Runs the body on a thread of its own with a stack for deep plans.
  std::function<Status(std::function<void()>)> start_thread;
  // Where Python that calls back finds the server: "sc://127.0.0.1:15002/;token=…".
  std::function<std::string()> connect_url;
  ActiveQueries active;
};

class StreamingQueryManager {
 public:
  explicit StreamingQueryManager(std::shared_ptr<StreamingHost> host) : host_(std::move(host)) {}

  StreamingHost& host() const { return *host_; }
  const std::shared_ptr<ListenerBus>& bus() const { return bus_; }

  // Runs the query. One of the same name may not run in the session; one of the same id on the server is stopped first,
  // unless spark.sql.streaming.stopActiveRunOnRestart is off.
  Status Start(StreamStart start);
  std::vector<std::shared_ptr<StreamingQuery>> Active() const;
  // Running, or ended not long ago; `run_id` empty: any, but running. Null: none.
  std::shared_ptr<StreamingQuery> Find(const std::string& id, const std::string& run_id) const;
  // Waits until a query ends that has not been forgotten by ResetTerminated; its error when it failed.
  Result<bool> AwaitAny(int64_t timeout_ms, const StreamingQuery::Interrupted& interrupted) const;
  void ResetTerminated();
  // Asks all to stop and ends all subscriptions; does not wait.
  void StopAll();

 private:
  static constexpr size_t kMaxEnded = 1000;
  // Of a query that is listed as active.
  Status Run(StreamStart start);

  const std::shared_ptr<StreamingHost> host_;
  const std::shared_ptr<ListenerBus> bus_ = std::make_shared<ListenerBus>();

  // Shared with the queries' threads, which may outlive the manager.
  struct State {
    mutable std::mutex mutex;  // guards what follows
    std::condition_variable changed;
    std::vector<std::shared_ptr<StreamingQuery>> active;
    std::deque<std::shared_ptr<StreamingQuery>> ended;
    std::shared_ptr<StreamingQuery> last_ended;  // of AwaitAny
    bool stopped = false;
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace deltic::spark::streaming
