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

void Session::PutCached(const std::string& key, engine::RelPtr materialized) {
  std::lock_guard lock(mutex_);
  cached_[key] = std::move(materialized);
}

std::optional<engine::RelPtr> Session::FindCached(const std::string& key) const {
  std::lock_guard lock(mutex_);
  auto it = cached_.find(key);
  if (it == cached_.end()) return std::nullopt;
  return it->second;
}

bool Session::DropCached(const std::string& key) {
  std::lock_guard lock(mutex_);
  return cached_.erase(key) > 0;
}

void Session::ClearCached() {
  std::map<std::string, engine::RelPtr> dropped;  // freed after the lock is released
  std::lock_guard lock(mutex_);
  dropped.swap(cached_);
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
  return out;
}

}  // namespace deltic::spark::session
