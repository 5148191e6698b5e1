// CACHE TABLE: the table or view must exist; CACHE TABLE t AS query makes a temporary view over kept rows.
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"

namespace deltic::spark::command {

using engine::RelPtr;

Result<RelPtr> RunCacheTable(const CommandContext& context, const plan::CacheTable& command) {
  if (command.query == nullptr) {
    // Tables and views are read through the snapshot cache; keeping their rows as well would show stale data
    // after another writer's commit, which Spark's cache does not promise either way.
    RETURN_IF_ERROR(ResolveQuery(context.session, std::make_shared<plan::TableRelation>(command.table), true).status());
    return NoRows();
  }
  ASSIGN_OR_RETURN(const auto query, ResolveQuery(context.session, command.query, false));
  ASSIGN_OR_RETURN(const RelPtr kept, context.session->server()->engine->Materialize(query.plan, query.options));
  const std::string id = "cache-table:" + command.table.back();
  context.session->PutRemote(id, kept);
  resolve::TempView view{std::make_shared<plan::CachedRemote>(id), context.session->views(), {}};
  RETURN_IF_ERROR(context.session->PutView(command.table.back(), std::move(view), false));
  return NoRows();
}

}  // namespace deltic::spark::command
