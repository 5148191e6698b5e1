#include "spark/session/redaction.h"

#include <memory>
#include <utility>

#include "engine/functions/java_regex.h"

namespace deltic::spark::session {
namespace {

// Both settings with Spark's defaults.
constexpr std::pair<std::string_view, std::string_view> kPatterns[] = {
    {"spark.sql.redaction.options.regex", "(?i)url"},
    {"spark.redaction.regex", "(?i)secret|password|token|access[.]?key"},
};

}  // namespace

Result<std::map<std::string, std::string>> RedactOptions(const RuntimeConf& conf,
                                                         std::map<std::string, std::string> options) {
  for (const auto& [name, fallback] : kPatterns) {
    const std::string pattern = conf.Get(name).value_or(std::string(fallback));
    ASSIGN_OR_RETURN(const auto regex, engine::functions::JavaRegex::Compile(pattern, name));
    for (auto& [key, value] : options) {
      if (regex->Find(key) || regex->Find(value)) value = kRedacted;
    }
  }
  return options;
}

}  // namespace deltic::spark::session
