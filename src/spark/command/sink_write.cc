#include "spark/command/sink_write.h"

#include <cstdio>
#include <memory>
#include <utility>

#include "base/random.h"
#include "spark/command/execute.h"
#include "spark/plan/relation.h"
#include "spark/plan/relation_source.h"

namespace deltic::spark::command {
namespace {

using plan::SaveMode;

engine::QueryOptions OptionsOf(const CommandContext& context) {
  engine::QueryOptions options;
  options.time_zone = context.session->conf().GetString("spark.sql.session.timeZone", "UTC");
  options.interrupted = context.interrupted;
  return options;
}

Status Show(const CommandContext& context, const plan::Options& given, const engine::RelPtr& data) {
  ASSIGN_OR_RETURN(const ConsoleOptions options, ConsoleOptions::Of(given));
  ASSIGN_OR_RETURN(const auto kept, context.session->server()->engine->Materialize(data, OptionsOf(context)));
  ASSIGN_OR_RETURN(const std::string text, ShownText(context.session, kept, options, context.interrupted));
  PrintToConsole(text);
  return Status::Ok();
}

}  // namespace

Result<ConsoleOptions> ConsoleOptions::Of(const plan::Options& options) {
  ConsoleOptions out;
  if (const auto rows = plan::FindOption(options, "numRows")) {
    char* end = nullptr;
    const long number = std::strtol(rows->c_str(), &end, 10);
    if (rows->empty() || *end != '\0' || number != static_cast<int>(number)) {
      return Error("INVALID_OPTION", {}, "For input string: \"" + *rows + "\"");
    }
    out.rows = static_cast<int>(number);
  }
  if (const auto truncate = plan::FindOption(options, "truncate")) {
    if (!types::EqualsIgnoreCase(*truncate, "true") && !types::EqualsIgnoreCase(*truncate, "false")) {
      return Error("INVALID_OPTION", {}, "For input string: \"" + *truncate + "\"");
    }
    out.truncate = types::EqualsIgnoreCase(*truncate, "true");
  }
  return out;
}

Result<std::string> ShownText(session::Session* session, const engine::RelPtr& rows, const ConsoleOptions& options,
                              const std::function<bool()>& interrupted) {
  const std::string id = "console-" + Random::System()->Uuid();
  session->PutRemote(id, rows);
  auto show =
      std::make_shared<plan::ShowString>(plan::RelationKind::kShowString, std::make_shared<plan::CachedRemote>(id));
  show->rows = options.rows;
  show->truncate = options.truncate ? 20 : 0;
  auto text = [&]() -> Result<std::string> {
    ASSIGN_OR_RETURN(const auto query, ResolveQuery(session, show, false, interrupted));
    ASSIGN_OR_RETURN(const auto shown, session->server()->engine->Collect(query.plan, query.options, 1));
    return shown.empty() ? std::string() : std::get<std::string>(shown[0][0].v);
  }();
  session->DropRemote(id);
  return text;
}

void PrintToConsole(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

bool IsSink(std::string_view format) { return format == "console" || format == "noop"; }

Status WriteToSink(const CommandContext& context, const plan::WriteCommand& command, const std::string& format,
                   const engine::RelPtr& data) {
  if (format == "console") return Show(context, command.options, data);
  if (command.mode == SaveMode::kErrorIfExists || command.mode == SaveMode::kIgnore) {
    const char* mode = command.mode == SaveMode::kIgnore ? "Ignore" : "ErrorIfExists";
    return Error("_LEGACY_ERROR_TEMP_1308", {{"source", command.format}, {"createMode", mode}});
  }
  if (!command.partition_by.empty()) return Unsupported("partitionBy of the data sink 'noop'");
  ASSIGN_OR_RETURN(const auto stream, context.session->server()->engine->Execute(data, OptionsOf(context)));
  while (true) {
    int64_t rows = 0;
    ASSIGN_OR_RETURN(const std::string batch, stream->NextBatchIpc(&rows));
    if (batch.empty()) return Status::Ok();
  }
}

}  // namespace deltic::spark::command
