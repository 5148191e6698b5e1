// How the parser fails: a private exception that never leaves this folder. The entry points of parser.h turn it
// into a Status whose detail is Spark's full ParseException text (message, position, the SQL with a marker).
// Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace deltic::spark::sql {

struct ParseFailure {
  Status status;
};

// Spark's ParseException.getMessage: "\n" + message + "(line l, pos p)\n\n== SQL ==\n" + the text with a marker
// under `position` (in characters). `position` < 0: no position known.
std::string FormatParseError(std::string_view message, std::string_view sql, int position);

// Throws ParseFailure for `condition`; `message` is the rendered text without the "[CONDITION] " prefix, which is
// added unless the condition is one of Spark's unnamed _LEGACY_ERROR_TEMP_ ones.
[[noreturn]] void ThrowParseError(std::string condition, ErrorParams params, std::string_view message,
                                  std::string_view sql, int position, int stop);

// The same for a Status made by another layer, e.g. a bad decimal precision: its text has no position.
[[noreturn]] void ThrowStatus(Status status);

}  // namespace deltic::spark::sql
