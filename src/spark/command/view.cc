// CREATE VIEW: temporary views of a session and persistent views of the catalog.
#include "spark/catalog/server_catalog.h"
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"

namespace deltic::spark::command {

using engine::RelPtr;

Result<RelPtr> RunCreateView(const CommandContext& context, const plan::CreateView& command) {
  if (command.name.empty()) return InternalError("a view without a name");
  // The query must resolve now: a view over nothing is refused, as in Spark.
  ASSIGN_OR_RETURN(const auto query, ResolveQuery(context.session, command.query, true));
  std::vector<std::string> aliases;
  for (const auto& [name, comment] : command.column_aliases) aliases.push_back(name);
  if (!aliases.empty() && aliases.size() != query.plan->output.size()) {
    const bool few = query.plan->output.size() < aliases.size();
    return Error(few ? "CREATE_VIEW_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
                     : "CREATE_VIEW_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
                 {{"viewName", catalog::QuoteParts(command.name)},
                  {"viewColumns", catalog::QuoteParts(aliases)},
                  {"dataColumns", ""}});
  }
  if (command.is_temp) {
    if (command.name.size() > 1 && !command.is_global) {
      return Error("TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS", {{"actualName", catalog::QuoteParts(command.name)}});
    }
    resolve::TempView view{command.query, context.session->views(), aliases};
    const std::string name = (command.is_global ? "global_temp." : "") + command.name.back();
    if (command.if_not_exists && context.session->views()->contains(types::ToLower(name))) return NoRows();
    RETURN_IF_ERROR(context.session->PutView(name, std::move(view), command.replace));
    return NoRows();
  }
  return Unsupported("persistent views (CREATE VIEW); use CREATE TEMPORARY VIEW");
}

}  // namespace deltic::spark::command
