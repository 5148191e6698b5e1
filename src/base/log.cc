#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cctype>

#include "base/json_writer.h"

namespace deltic {
namespace {

// Parts of lower-case keys: Spark's spark.redaction.regex, Hadoop's hadoop.security.sensitive-config-keys, and the
// names of delta-rs and AWS's tools.
constexpr std::string_view kSecretMarks[] = {
    "secret",        "password",        "token",       "credential",  "access.key",           "access_key",
    "accesskey",     "account.key",     "account_key", "accountkey",  "encryption.key",       "encryption_key",
    "keystore.pass", "truststore.pass", "private.key", "private_key", "sensitive-config-keys"};

std::atomic<LogFormat> g_format{LogFormat::kText};

spdlog::logger& Logger() {
  static std::shared_ptr<spdlog::logger> logger = [] {
    auto made = spdlog::stderr_logger_mt("deltic");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarn: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

bool IsSecretKey(std::string_view key) {
  std::string lower(key);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::any_of(std::begin(kSecretMarks), std::end(kSecretMarks),
                     [&](std::string_view mark) { return lower.find(mark) != std::string::npos; });
}

void ConfigureLog(LogLevel level, LogFormat format) {
  g_format = format;
  Logger().set_level(ToSpdlog(level));
  if (format == LogFormat::kJson) Logger().set_pattern("%v");
}

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!Logger().should_log(ToSpdlog(level))) return;
  const auto shown = [](const LogField& field) { return IsSecretKey(field.first) ? std::string("***") : field.second; };
  if (g_format == LogFormat::kJson) {
    JsonWriter json;
    json.BeginObject().Key("level").String(spdlog::level::to_string_view(ToSpdlog(level)).data());
    json.Key("event").String(event);
    for (const auto& field : fields) json.Key(field.first).String(shown(field));
    json.EndObject();
    Logger().log(ToSpdlog(level), "{}", json.str());
    return;
  }
  std::string line(event);
  for (const auto& field : fields) {
    line += " " + std::string(field.first) + "=" + JsonQuote(shown(field));
  }
  Logger().log(ToSpdlog(level), "{}", line);
}

}  // namespace deltic
