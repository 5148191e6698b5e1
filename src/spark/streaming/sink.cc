#include "spark/streaming/sink.h"

#include "types/data_type.h"

namespace deltic::spark::streaming {

const char* OutputModeName(OutputMode mode) {
  switch (mode) {
    case OutputMode::kAppend: return "Append";
    case OutputMode::kComplete: return "Complete";
    case OutputMode::kUpdate: return "Update";
  }
  return "";
}

Result<OutputMode> ParseOutputMode(const std::string& text) {
  if (text.empty()) return OutputMode::kAppend;
  for (const OutputMode mode : {OutputMode::kAppend, OutputMode::kComplete, OutputMode::kUpdate}) {
    if (types::EqualsIgnoreCase(text, OutputModeName(mode))) return mode;
  }
  return Error("_STREAMING_ARGUMENT", {},
               "Unknown output mode " + text + ". Accepted output modes are 'append', 'complete', 'update'");
}

}  // namespace deltic::spark::streaming
