// Values that are not shown (Spark's SQLConf.redactOptions, Utils.redact). Free functions; thread-safe.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/status.h"
#include "spark/session/runtime_conf.h"

namespace deltic::spark::session {

inline constexpr std::string_view kRedacted = "*********(redacted)";

// Options or properties with kRedacted for the values whose key or text matches spark.sql.redaction.options.regex or
// spark.redaction.regex. An error when one of these is no regular expression.
Result<std::map<std::string, std::string>> RedactOptions(const RuntimeConf& conf,
                                                         std::map<std::string, std::string> options);

}  // namespace deltic::spark::session
