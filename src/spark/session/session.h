// A Spark session on the server: runtime conf, temp views, current database, caches, artifacts. Isolated from
// other sessions. Thread-safe: several operations of one session may run at once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "engine/engine.h"
#include "spark/resolve/resolver.h"
#include "spark/session/plan_cache.h"
#include "spark/session/runtime_conf.h"

namespace deltic::spark::catalog {
class ServerCatalog;
}
namespace deltic::storage {
class ObjectStore;
}

namespace deltic::spark::session {

// What all sessions of a server share; outlives them. Borrowed pointers.
struct ServerState {
  engine::Engine* engine = nullptr;
  Clock* clock = nullptr;
  catalog::ServerCatalog* catalog = nullptr;  // databases, tables, snapshot cache; set by the composition root
  engine::PythonRunner* python = nullptr;     // null: Python functions are refused
  std::string python_executable = "python3";  // unless spark.pyspark.python says otherwise
  std::string warehouse_dir;                  // spark.sql.warehouse.dir, absolute, no trailing '/'
  std::string spark_version = "3.5.5";
  std::shared_ptr<const std::map<std::string, std::string>> server_conf;  // file, CLI and env settings merged
};

class Session {
 public:
  Session(ServerState* server, std::string user_id, std::string session_id);

  const std::string& user_id() const { return user_id_; }
  const std::string& session_id() const { return session_id_; }
  ServerState* server() const { return server_; }
  RuntimeConf& conf() { return conf_; }
  const RuntimeConf& conf() const { return conf_; }

  std::shared_ptr<const resolve::ViewMap> views() const;
  // Replaces or adds; TEMP_TABLE_OR_VIEW_ALREADY_EXISTS when present and not `replace`.
  Status PutView(const std::string& name, resolve::TempView view, bool replace);
  bool DropView(const std::string& name);  // false: there was none
  std::string current_database() const;
  void set_current_database(std::string name);

  // persist(), cache(), CACHE TABLE.
  PlanCache& cache() { return cache_; }
  // Relations kept for the client by id (checkpoint, foreachBatch): CachedRemoteRelation.
  void PutRemote(const std::string& id, engine::RelPtr relation);
  std::optional<engine::RelPtr> FindRemote(const std::string& id) const;
  void DropRemote(const std::string& id);
  // Blobs added by AddArtifacts ("cache/<sha256>" → bytes).
  void PutArtifact(const std::string& name, std::shared_ptr<const std::string> bytes);
  std::shared_ptr<const std::string> FindArtifact(const std::string& name) const;

  // Python functions registered by name; a later one replaces an earlier.
  void PutFunction(std::shared_ptr<const engine::PythonFunction> function);
  std::shared_ptr<const engine::PythonFunction> FindFunction(const std::string& name) const;

  int64_t artifact_bytes() const;
  // Copies settings, views, database and artifacts of `other` into this new session (CloneSession).
  void CopyFrom(const Session& other);

  // The store of a qualified path under this session's settings (fs.s3a.* and their like; s3a_options.h). Paths that
  // come from users or from logs are opened through here only, so that no session borrows another's credentials.
  Result<std::shared_ptr<storage::ObjectStore>> StoreFor(std::string_view path) const;
  // What the engine opens for a qualified path.
  Result<std::string> NativePath(std::string_view path) const;

  resolve::ResolveOptions MakeResolveOptions() const;  // from conf and clock, for one query

 private:
  void SetPythonTask(const std::string& time_zone, engine::PythonTask* task) const;

  ServerState* const server_;
  const std::string user_id_;
  const std::string session_id_;
  RuntimeConf conf_;
  PlanCache cache_;
  mutable std::mutex mutex_;  // guards everything below
  std::shared_ptr<const resolve::ViewMap> views_;
  std::string current_database_ = "default";
  std::map<std::string, engine::RelPtr> remote_;
  std::map<std::string, std::shared_ptr<const std::string>> artifacts_;
  int64_t artifact_bytes_ = 0;
  std::map<std::string, std::shared_ptr<const engine::PythonFunction>> functions_;  // by lower-case name
};

}  // namespace deltic::spark::session
