// Structured logging façade over spdlog: one line per event, key=value pairs, to stderr. Values whose
// key names a secret (token, password, secret, access_key) are redacted here, so no call site can leak
// one. Thread-safe.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace deltic {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kText, kJson };

using LogField = std::pair<std::string_view, std::string>;

void ConfigureLog(LogLevel level, LogFormat format);
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

// True when a value under this key must never be shown (log, error, UI, Config reply to others).
bool IsSecretKey(std::string_view key);

}  // namespace deltic
