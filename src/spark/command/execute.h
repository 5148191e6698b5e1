// Runs what a client asked for: resolves a query, or executes a command against catalog, tables and files.
// The one place where spark/ meets delta/. Free functions, thread-safe per session rules.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/engine.h"
#include "spark/plan/command.h"
#include "spark/session/session.h"

namespace deltic::spark::command {

// A query ready to run.
struct ResolvedQuery {
  engine::RelPtr plan;
  engine::QueryOptions options;
  int64_t now_micros = 0;  // current_timestamp() in it
  // Observed metrics: name → one-row relation, to run when the query is done.
  std::vector<std::pair<std::string, engine::RelPtr>> observed;
};

// Resolves for execution (`analyze_only` false: commands standing as relations run) or only for its schema.
// `interrupted` (may be empty) is polled by queries that resolving runs, and goes into the options.
Result<ResolvedQuery> ResolveQuery(session::Session* session, const plan::RelationPtr& relation, bool analyze_only,
                                   const std::function<bool()>& interrupted = nullptr);
// Puts the kept rows of persisted DataFrames and cached tables into a query that is about to run.
Status ReadKept(session::Session* session, ResolvedQuery* query);

// Executes a command once; the result rows (possibly none, with a schema of no columns) as a relation.
// `interrupted` is polled by long commands.
Result<engine::RelPtr> ExecuteCommand(session::Session* session, const plan::Command& command,
                                      const std::function<bool()>& interrupted);

// spark.sql(text): commands run now and their rows are returned; a query is returned unresolved, to be run when
// the client asks for rows. `args`: named and positional parameters.
struct SqlResult {
  plan::RelationPtr query;             // set for a query
  std::optional<engine::RelPtr> rows;  // set for a command
};
Result<SqlResult> ExecuteSql(session::Session* session, const plan::SqlText& sql,
                             const std::function<bool()>& interrupted);

}  // namespace deltic::spark::command
