// Runtime configuration of a session: overrides on top of the server's settings, on top of the defaults in the
// one table of known settings (config_table.cc), from which docs/configuration.md comes. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace deltic::spark::session {

enum class ConfScope : uint8_t {
  kRuntime,   // may change in a session
  kStatic,    // recorded when set at session start; changing it later: CANNOT_MODIFY_CONFIG
  kAccepted,  // of the JVM, Hadoop or cluster: accepted and recorded, no effect here
};

struct ConfRow {
  std::string_view key;
  std::string_view default_value;
  ConfScope scope;
  enum class Type : uint8_t { kString, kBool, kInt, kBytes, kTimeZone, kTimeMs } type;
  std::string_view doc;
};
std::span<const ConfRow> ConfTable();
const ConfRow* FindConf(std::string_view key);
// A key of the JVM, Hadoop or the cluster (spark.executor.*, spark.hadoop.*, …): accepted, no effect in SQL.
bool IsClusterConf(std::string_view key);

class RuntimeConf {
 public:
  explicit RuntimeConf(std::shared_ptr<const std::map<std::string, std::string>> server_conf)
      : server_conf_(std::move(server_conf)) {}
  // Checks the value against the row's type (INVALID_CONF_VALUE.*). Unknown keys are recorded.
  Status Set(const std::string& key, const std::string& value);
  // Session value, else server value, else the table's default; nullopt when none.
  std::optional<std::string> Get(std::string_view key) const;
  void Unset(const std::string& key);
  std::map<std::string, std::string> GetAll(std::string_view prefix) const;  // without table defaults
  bool IsModifiable(std::string_view key) const;
  // Ends the session's start: from now on static settings are refused.
  void Seal();
  // A session cloned from another starts with its overrides.
  void CopyFrom(const RuntimeConf& other);
  bool GetBool(std::string_view key, bool fallback) const;
  std::string GetString(std::string_view key, std::string_view fallback) const;
  int64_t GetInt(std::string_view key, int64_t fallback) const;
  int64_t GetBytes(std::string_view key, int64_t fallback) const;
  int64_t GetDurationMs(std::string_view key, int64_t fallback) const;

 private:
  std::shared_ptr<const std::map<std::string, std::string>> server_conf_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> overrides_;
  bool sealed_ = false;
};

// Checks a value against its row's type (INVALID_CONF_VALUE.*); unknown keys take any value.
Status CheckConfValue(std::string_view key, std::string_view value);
// "512m", "64MB", "1g", "100" (bytes) as Spark's byte settings; nullopt when malformed.
std::optional<int64_t> ParseByteSize(std::string_view text);
// "2s", "500ms", "1min", "100" (milliseconds); negative allowed. nullopt when malformed.
std::optional<int64_t> ParseDurationMs(std::string_view text);
// An IANA name, "UTC", "Z", "GMT+8", "+01:00"…: what java.time.ZoneId accepts.
bool IsTimeZone(std::string_view text);

// spark-defaults.conf: "key value", "key=value", "key: value", '#' comments, backslash continuation.
Result<std::map<std::string, std::string>> ParsePropertiesFile(std::string_view text);

}  // namespace deltic::spark::session
