#include "spark/streaming/streaming_query_manager.h"

#include <algorithm>

namespace deltic::spark::streaming {
namespace {

constexpr std::chrono::milliseconds kPoll{100};

Status NameTaken(const std::string& name) {
  return Error(
      "_STREAMING_ARGUMENT", {},
      "Cannot start query with name " + name + " as a query with that name is already active in this SparkSession");
}

}  // namespace

Result<std::shared_ptr<StreamingQuery>> ActiveQueries::Add(const std::shared_ptr<StreamingQuery>& query) {
  std::lock_guard lock(mutex_);
  const auto it = queries_.find(query->id());
  if (it != queries_.end()) return it->second;
  if (queries_.size() >= kMaxQueries) {
    return Error("SERVER_BUSY", {{"limit", std::to_string(kMaxQueries)}, {"what", "streaming queries"}});
  }
  queries_.emplace(query->id(), query);
  return std::shared_ptr<StreamingQuery>();
}

void ActiveQueries::Remove(const StreamingQuery& query) {
  std::lock_guard lock(mutex_);
  const auto it = queries_.find(query.id());
  if (it != queries_.end() && it->second.get() == &query) queries_.erase(it);
}

void ActiveQueries::StopAll() {
  std::lock_guard lock(mutex_);
  for (const auto& [id, query] : queries_) query->RequestStop();
}

Status StreamingQueryManager::Start(StreamStart start) {
  const std::shared_ptr<StreamingQuery> query = start.query;
  start.bus = bus_;
  {
    // Listed from here on: a session that is closed meanwhile stops it, and no other query takes its name.
    std::lock_guard lock(state_->mutex);
    if (state_->stopped) return Error("INVALID_HANDLE.SESSION_CLOSED", {{"handle", start.session->session_id()}});
    for (const auto& other : state_->active) {
      if (!query->name().empty() && other->name() == query->name()) return NameTaken(query->name());
    }
    state_->active.push_back(query);
  }
  const Status running = Run(std::move(start));
  if (running.ok()) return running;
  host_->active.Remove(*query);
  query->Finish(running);
  std::lock_guard lock(state_->mutex);
  std::erase(state_->active, query);
  return running;
}

Status StreamingQueryManager::Run(StreamStart start) {
  const std::shared_ptr<StreamingQuery> query = start.query;
  const bool replaces = start.session->conf().GetBool("spark.sql.streaming.stopActiveRunOnRestart", true);
  while (true) {
    ASSIGN_OR_RETURN(const auto running, host_->active.Add(query));
    if (running == nullptr) break;
    if (!replaces) {
      return Error(
          "_STREAMING_STATE", {},
          "Cannot start query with id " + query->id() +
              " as another query with same id is already active. Perhaps you are attempting to restart a "
              "query from checkpoint that is already active. You may stop the old query by setting the SQL "
              "configuration: spark.conf.set(\"spark.sql.streaming.stopActiveRunOnRestart\", true) and retry.");
    }
    running->RequestStop();
    RETURN_IF_ERROR(running->AwaitEnd(-1, nullptr).status());
    host_->active.Remove(*running);
  }
  RETURN_IF_ERROR(start.sink->Begin(query->id(), *start.analyzed));
  const std::string started =
      StartedEventJson(query->id(), query->run_id(), query->name(), start.session->server()->clock->NowMillis());
  bus_->Post({EventKind::kStarted, started});
  auto execution = std::make_shared<MicroBatchExecution>(std::move(start));
  return host_->start_thread([execution, query, host = host_, state = state_]() mutable {
    execution->Run();
    execution.reset();  // and with it the session
    host->active.Remove(*query);
    std::lock_guard lock(state->mutex);
    std::erase(state->active, query);
    state->ended.push_back(query);
    if (state->ended.size() > kMaxEnded) state->ended.pop_front();
    if (state->last_ended == nullptr || !query->cause().ok()) state->last_ended = query;
    state->changed.notify_all();
  });
}

std::vector<std::shared_ptr<StreamingQuery>> StreamingQueryManager::Active() const {
  std::lock_guard lock(state_->mutex);
  std::vector<std::shared_ptr<StreamingQuery>> out;
  for (const auto& query : state_->active) {
    if (query->active()) out.push_back(query);
  }
  return out;
}

std::shared_ptr<StreamingQuery> StreamingQueryManager::Find(const std::string& id, const std::string& run_id) const {
  std::lock_guard lock(state_->mutex);
  for (const auto& query : state_->active) {
    if (query->id() == id && (run_id.empty() || query->run_id() == run_id)) return query;
  }
  if (run_id.empty()) return nullptr;
  for (const auto& query : state_->ended) {
    if (query->id() == id && query->run_id() == run_id) return query;
  }
  return nullptr;
}

Result<bool> StreamingQueryManager::AwaitAny(int64_t timeout_ms, const StreamingQuery::Interrupted& interrupted) const {
  std::unique_lock lock(state_->mutex);
  int64_t waited_ms = 0;
  while (state_->last_ended == nullptr) {
    if (interrupted && interrupted()) return Error("OPERATION_CANCELED", {}, "Operation has been canceled.");
    if (timeout_ms >= 0 && waited_ms >= timeout_ms) return false;
    auto wait = kPoll;
    if (timeout_ms >= 0) wait = std::min(wait, std::chrono::milliseconds(timeout_ms - waited_ms));
    if (state_->changed.wait_for(lock, wait) == std::cv_status::timeout) waited_ms += wait.count();
  }
  if (const auto failed = state_->last_ended->exception()) return *failed;
  return true;
}

void StreamingQueryManager::ResetTerminated() {
  std::lock_guard lock(state_->mutex);
  state_->last_ended = nullptr;
}

void StreamingQueryManager::StopAll() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopped = true;
    for (const auto& query : state_->active) query->RequestStop();
  }
  bus_->CloseAll();
}

}  // namespace deltic::spark::streaming
