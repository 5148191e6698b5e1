// The command handlers that ExecuteCommand dispatches to, one file per family. Each executes once and returns rows.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/status.h"
#include "engine/plan/relation.h"
#include "spark/command/execute.h"
#include "spark/command/query_catalog.h"
#include "spark/plan/command.h"
#include "spark/session/session.h"

namespace deltic::spark::command {

struct CommandContext {
  session::Session* session;
  const std::function<bool()>& interrupted;  // may be empty
  // Only the result's schema is wanted: no side effects, rows may be missing.
  bool analyze_only = false;
};

Result<engine::RelPtr> RunWrite(const CommandContext& context, const plan::WriteCommand& command);      // write.cc
Result<engine::RelPtr> RunWriteTo(const CommandContext& context, const plan::WriteToCommand& command);  // write.cc
Result<engine::RelPtr> RunInsert(const CommandContext& context, const plan::Insert& command);           // insert.cc
Result<engine::RelPtr> RunInsertMany(const CommandContext& context, const plan::InsertMany& command);   // insert.cc
Result<engine::RelPtr> RunCreateTable(const CommandContext& context,
                                      const plan::CreateTable& command);  // create_table.cc
Result<engine::RelPtr> RunCreateView(const CommandContext& context, const plan::CreateView& command);      // view.cc
Result<engine::RelPtr> RunTableCommand(const CommandContext& context, const plan::TableCommand& command);  // drop.cc
Result<engine::RelPtr> RunDatabase(const CommandContext& context, const plan::DatabaseCommand& command);  // database.cc
Result<engine::RelPtr> RunShow(const CommandContext& context, const plan::ShowCommand& command);          // show.cc
Result<engine::RelPtr> RunDescribeTable(const CommandContext& context,
                                        const plan::DescribeTable& command);  // describe.cc
Result<engine::RelPtr> RunQueryCommand(const CommandContext& context,
                                       const plan::QueryCommand& command);  // describe.cc
Result<engine::RelPtr> RunDescribeFunction(const CommandContext& context,
                                           const plan::DescribeFunction& command);  // describe.cc
Result<engine::RelPtr> RunDescribeDelta(const CommandContext& context,
                                        const plan::DescribeDelta& command);                    // describe_delta.cc
Result<engine::RelPtr> RunSet(const CommandContext& context, const plan::SetCommand& command);  // conf.cc
Result<engine::RelPtr> RunCacheTable(const CommandContext& context, const plan::CacheTable& command);      // cache.cc
Result<engine::RelPtr> RunUncacheTable(const CommandContext& context, const plan::TableCommand& command);  // cache.cc
Result<bool> IsCached(const CommandContext& context, const plan::NameParts& table);                        // cache.cc
Result<engine::RelPtr> RunCatalogCall(const CommandContext& context,
                                      const plan::CatalogCall& command);                            // catalog_call.cc
Result<engine::RelPtr> RunDelete(const CommandContext& context, const plan::DeleteFrom& command);   // delete.cc
Result<engine::RelPtr> RunUpdate(const CommandContext& context, const plan::UpdateTable& command);  // update.cc
Result<engine::RelPtr> RunAlterTable(const CommandContext& context, const plan::AlterTable& command);  // alter_table.cc
Result<engine::RelPtr> RunMerge(const CommandContext& context, const plan::MergeInto& command);        // merge.cc

// The one row num_affected_rows that DELETE, UPDATE and MERGE return; no row when the statement had run before.
engine::RelPtr AffectedRows(std::optional<int64_t> rows);

// SQL's LIKE for SHOW … patterns: '*' any text, '|' alternatives, case-insensitive; empty matches all.
bool MatchesPattern(std::string_view name, std::string_view pattern);

// A Delta table's properties as SHOW TBLPROPERTIES and DESCRIBE EXTENDED list them: the configuration, the protocol
// versions and the features.
std::map<std::string, std::string> ShownProperties(const delta::Snapshot& snapshot);

// Resolves `relation` in the session, for execution.
Result<engine::RelPtr> ResolvePlan(const CommandContext& context, const plan::RelationPtr& relation);
// As ResolvePlan, for rows that a command reads as a query would: from what is cached where it is.
Result<engine::RelPtr> ResolveInput(const CommandContext& context, const plan::RelationPtr& relation);

}  // namespace deltic::spark::command
