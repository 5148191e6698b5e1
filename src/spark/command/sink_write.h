// Writes that keep nothing: the data sources console, which shows rows on the server's standard output, and noop, which
// computes them. Free functions; thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "engine/plan/relation.h"
#include "spark/command/handlers.h"
#include "spark/plan/command.h"

namespace deltic::spark::command {

// What console shows of rows, as df.show() does.
struct ConsoleOptions {
  int rows = 20;
  bool truncate = true;

  // numRows, truncate. INVALID_OPTION.
  static Result<ConsoleOptions> Of(const plan::Options& options);
};

// `rows`, which may be read several times, as the text of a table.
Result<std::string> ShownText(session::Session* session, const engine::RelPtr& rows, const ConsoleOptions& options,
                              const std::function<bool()>& interrupted);
void PrintToConsole(std::string_view text);

bool IsSink(std::string_view format);  // console, noop
// df.write.format("console" or "noop").save().
Status WriteToSink(const CommandContext& context, const plan::WriteCommand& command, const std::string& format,
                   const engine::RelPtr& data);

}  // namespace deltic::spark::command
