#include "spark/session/session.h"

#include "spark/session/s3a_options.h"
#include "storage/object_store.h"

namespace deltic::spark::session {

Session::Session(ServerState* server, std::string user_id, std::string session_id)
    : server_(server),
      user_id_(std::move(user_id)),
      session_id_(std::move(session_id)),
      conf_(server->server_conf),
      views_(std::make_shared<resolve::ViewMap>()) {}

std::shared_ptr<const resolve::ViewMap> Session::views() const {
  std::lock_guard lock(mutex_);
  return views_;
}

Status Session::PutView(const std::string& name, resolve::TempView view, bool replace) {
  const std::string key = types::ToLower(name);
  std::lock_guard lock(mutex_);
  if (!replace && views_->contains(key)) {
    return Error("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", types::QuoteIdentifier(name)}});
  }
  auto next = std::make_shared<resolve::ViewMap>(*views_);
  (*next)[key] = std::move(view);
  views_ = std::move(next);
  return Status::Ok();
}

bool Session::DropView(const std::string& name) {
  const std::string key = types::ToLower(name);
  std::lock_guard lock(mutex_);
  if (!views_->contains(key)) return false;
  auto next = std::make_shared<resolve::ViewMap>(*views_);
  next->erase(key);
  views_ = std::move(next);
  return true;
}

std::string Session::current_database() const {
  std::lock_guard lock(mutex_);
  return current_database_;
}

void Session::set_current_database(std::string name) {
  std::lock_guard lock(mutex_);
  current_database_ = std::move(name);
}

void Session::PutRemote(const std::string& id, engine::RelPtr relation) {
  std::lock_guard lock(mutex_);
  remote_[id] = std::move(relation);
}

std::optional<engine::RelPtr> Session::FindRemote(const std::string& id) const {
  std::lock_guard lock(mutex_);
  auto it = remote_.find(id);
  if (it == remote_.end()) return std::nullopt;
  return it->second;
}

void Session::DropRemote(const std::string& id) {
  std::lock_guard lock(mutex_);
  remote_.erase(id);
}

void Session::PutArtifact(const std::string& name, std::shared_ptr<const std::string> bytes) {
  std::lock_guard lock(mutex_);
  auto& slot = artifacts_[name];
  if (slot != nullptr) artifact_bytes_ -= static_cast<int64_t>(slot->size());
  artifact_bytes_ += static_cast<int64_t>(bytes->size());
  slot = std::move(bytes);
}

std::shared_ptr<const std::string> Session::FindArtifact(const std::string& name) const {
  std::lock_guard lock(mutex_);
  auto it = artifacts_.find(name);
  return it == artifacts_.end() ? nullptr : it->second;
}

void Session::PutFunction(std::shared_ptr<const engine::PythonFunction> function) {
  const std::string key = types::ToLower(function->name);
  std::lock_guard lock(mutex_);
  functions_[key] = std::move(function);
}

std::shared_ptr<const engine::PythonFunction> Session::FindFunction(const std::string& name) const {
  std::lock_guard lock(mutex_);
  if (functions_.empty()) return nullptr;
  const auto it = functions_.find(types::ToLower(name));
  return it == functions_.end() ? nullptr : it->second;
}

int64_t Session::artifact_bytes() const {
  std::lock_guard lock(mutex_);
  return artifact_bytes_;
}

void Session::CopyFrom(const Session& other) {
  conf_.CopyFrom(other.conf_);
  std::scoped_lock lock(mutex_, other.mutex_);
  views_ = other.views_;
  current_database_ = other.current_database_;
  artifacts_ = other.artifacts_;
  artifact_bytes_ = other.artifact_bytes_;
  functions_ = other.functions_;
}

// What every Python function of the session runs with. Workers read these settings (pyspark/worker.py).
void Session::SetPythonTask(const std::string& time_zone, engine::PythonTask* task) const {
  const std::string executable = conf_.GetString("spark.pyspark.python", "");
  task->executable = executable.empty() ? server_->python_executable : executable;
  task->owner = user_id_ + "/" + session_id_;
  task->conf["spark.sql.session.timeZone"] = time_zone;
  for (const char* key : {"spark.sql.execution.arrow.maxRecordsPerBatch", "spark.sql.execution.arrow.useLargeVarTypes",
                          "spark.sql.execution.pandas.convertToArrowArraySafely",
                          "spark.sql.legacy.execution.pandas.groupedMap.assignColumnsByName"}) {
    if (const auto value = conf_.Get(key)) task->conf[key] = *value;
  }
}

Result<std::shared_ptr<storage::ObjectStore>> Session::StoreFor(std::string_view path) const {
  return OpenStore(path, [this] { return conf_.GetAll(""); });
}

Result<std::string> Session::NativePath(std::string_view path) const {
  ASSIGN_OR_RETURN(const auto store, StoreFor(path));
  return store->NativePath(path);
}

resolve::ResolveOptions Session::MakeResolveOptions() const {
  resolve::ResolveOptions out;
  const bool ansi = conf_.GetBool("spark.sql.ansi.enabled", false);
  const bool ntz = conf_.GetString("spark.sql.timestampType", "TIMESTAMP_LTZ") == "TIMESTAMP_NTZ";
  out.case_sensitive = conf_.GetBool("spark.sql.caseSensitive", false);
  out.parser.ansi = ansi && conf_.GetBool("spark.sql.ansi.enforceReservedKeywords", false);
  out.parser.double_quoted_identifiers = ansi && conf_.GetBool("spark.sql.ansi.doubleQuotedIdentifiers", false);
  out.parser.escaped_string_literals = conf_.GetBool("spark.sql.parser.escapedStringLiterals", false);
  out.parser.timestamp_ntz_default = ntz;
  out.functions.ansi = ansi;
  out.functions.time_zone = conf_.GetString("spark.sql.session.timeZone", "UTC");
  out.functions.query_start_micros = server_->clock->NowMicros();
  if (!user_id_.empty()) out.functions.current_user = user_id_;
  out.functions.current_database = current_database();
  out.functions.spark_version = server_->spark_version;
  out.functions.session_local_timestamp_ntz = ntz;
  out.functions.corrupt_record_column = conf_.GetString("spark.sql.columnNameOfCorruptRecord", "_corrupt_record");
  out.python = server_->python;
  if (out.python != nullptr) SetPythonTask(out.functions.time_zone, &out.python_task);
  return out;
}

}  // namespace deltic::spark::session
