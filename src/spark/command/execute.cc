#include "spark/command/execute.h"

#include "spark/catalog/server_catalog.h"
#include "spark/command/command_schema.h"
#include "spark/command/handlers.h"
#include "spark/command/maintenance.h"
#include "spark/command/result_rows.h"
#include "spark/sql/sql_text.h"

namespace deltic::spark::command {
namespace {

// What Spark has for Hive's tables and refuses for Delta's is refused in its words.
Status Refuse(const std::string& what) {
  if (what == "ANALYZE TABLE" || what == "MSCK REPAIR TABLE" || what == "LOAD DATA") {
    return Error("NOT_SUPPORTED_COMMAND_FOR_V2_TABLE", {{"cmd", what}});
  }
  return Unsupported(what);
}

using engine::RelPtr;
using plan::Command;
using plan::CommandKind;

Result<RelPtr> Dispatch(const CommandContext& context, const Command& command) {
  switch (command.kind) {
    case CommandKind::kSaveToPath:
    case CommandKind::kSaveAsTable:
    case CommandKind::kInsertIntoName: return RunWrite(context, command.As<plan::WriteCommand>());
    case CommandKind::kWriteTo: return RunWriteTo(context, command.As<plan::WriteToCommand>());
    case CommandKind::kInsert: return RunInsert(context, command.As<plan::Insert>());
    case CommandKind::kInsertMany: return RunInsertMany(context, command.As<plan::InsertMany>());
    case CommandKind::kCreateTable: return RunCreateTable(context, command.As<plan::CreateTable>());
    case CommandKind::kCreateView: return RunCreateView(context, command.As<plan::CreateView>());
    case CommandKind::kDropTable:
    case CommandKind::kDropView:
    case CommandKind::kTruncate:
    case CommandKind::kRefresh:
    case CommandKind::kUncacheTable:
    case CommandKind::kClearCache: return RunTableCommand(context, command.As<plan::TableCommand>());
    case CommandKind::kCreateDatabase:
    case CommandKind::kDropDatabase:
    case CommandKind::kUse:
    case CommandKind::kDescribeDatabase: return RunDatabase(context, command.As<plan::DatabaseCommand>());
    case CommandKind::kShowTables:
    case CommandKind::kShowDatabases:
    case CommandKind::kShowColumns:
    case CommandKind::kShowTableProperties:
    case CommandKind::kShowCreateTable:
    case CommandKind::kShowFunctions:
    case CommandKind::kShowViews:
    case CommandKind::kShowCatalogs:
    case CommandKind::kShowPartitions: return RunShow(context, command.As<plan::ShowCommand>());
    case CommandKind::kDescribeTable: return RunDescribeTable(context, command.As<plan::DescribeTable>());
    case CommandKind::kDescribeQuery:
    case CommandKind::kExplain: return RunQueryCommand(context, command.As<plan::QueryCommand>());
    case CommandKind::kDescribeFunction: return RunDescribeFunction(context, command.As<plan::DescribeFunction>());
    case CommandKind::kDescribeHistory:
    case CommandKind::kDescribeDetail: return RunDescribeDelta(context, command.As<plan::DescribeDelta>());
    case CommandKind::kSet:
    case CommandKind::kReset:
    case CommandKind::kSetTimeZone: return RunSet(context, command.As<plan::SetCommand>());
    case CommandKind::kCacheTable: return RunCacheTable(context, command.As<plan::CacheTable>());
    case CommandKind::kCatalogCall: return RunCatalogCall(context, command.As<plan::CatalogCall>());
    case CommandKind::kAlterTable: return RunAlterTable(context, command.As<plan::AlterTable>());
    case CommandKind::kDelete: return RunDelete(context, command.As<plan::DeleteFrom>());
    case CommandKind::kUpdate: return RunUpdate(context, command.As<plan::UpdateTable>());
    case CommandKind::kMerge: return RunMerge(context, command.As<plan::MergeInto>());
    case CommandKind::kOptimize:
    case CommandKind::kReorg: return RunOptimize(context, command.As<plan::Optimize>());
    case CommandKind::kVacuum: return RunVacuum(context, command.As<plan::Vacuum>());
    case CommandKind::kRestore: return RunRestore(context, command.As<plan::RestoreTable>());
    case CommandKind::kClone: return RunClone(context, command.As<plan::CloneTable>());
    case CommandKind::kConvertToDelta: return RunConvert(context, command.As<plan::ConvertToDelta>());
    case CommandKind::kGenerate: return RunGenerate(context, command.As<plan::Generate>());
    case CommandKind::kRegisterFunction:
      context.session->PutFunction(command.As<plan::RegisterFunction>().function);
      return NoRows();
    case CommandKind::kUnsupported: return Refuse(command.As<plan::UnsupportedCommand>().what);
  }
  return InternalError("unknown command");
}

// Commands whose rows change nothing, so that analysing them may run them.
bool IsReadOnly(CommandKind kind) {
  switch (kind) {
    case CommandKind::kShowTables:
    case CommandKind::kShowDatabases:
    case CommandKind::kShowColumns:
    case CommandKind::kShowTableProperties:
    case CommandKind::kShowCreateTable:
    case CommandKind::kShowFunctions:
    case CommandKind::kShowViews:
    case CommandKind::kShowCatalogs:
    case CommandKind::kShowPartitions:
    case CommandKind::kDescribeTable:
    case CommandKind::kDescribeQuery:
    case CommandKind::kDescribeDatabase:
    case CommandKind::kDescribeFunction:
    case CommandKind::kDescribeHistory:
    case CommandKind::kDescribeDetail:
    case CommandKind::kExplain: return true;
    default: return false;
  }
}

}  // namespace

Result<RelPtr> QueryCatalog::RunCommand(const Command& command, resolve::Resolver* resolver) {
  const CommandContext context{session_, interrupted_, resolver->analyze_only()};
  if (context.analyze_only && !IsReadOnly(command.kind) && command.kind != CommandKind::kCatalogCall) {
    return resolver->WithFreshIds(EmptyResultOf(command));
  }
  ASSIGN_OR_RETURN(RelPtr rows, Dispatch(context, command));
  if (command.kind == CommandKind::kConvertToDelta) rows = ConvertedName(command.As<plan::ConvertToDelta>());
  return resolver->WithFreshIds(rows);
}

Result<ResolvedQuery> ResolveQuery(session::Session* session, const plan::RelationPtr& relation, bool analyze_only,
                                   const std::function<bool()>& interrupted) {
  QueryCatalog catalog(session, interrupted);
  resolve::ResolveOptions options = session->MakeResolveOptions();
  options.interrupted = interrupted;
  resolve::Resolver resolver(&catalog, session->server()->engine, session->views(), options, analyze_only);
  ResolvedQuery query;
  ASSIGN_OR_RETURN(query.plan, resolver.Resolve(relation));
  query.options.time_zone = options.functions.time_zone;
  query.options.interrupted = interrupted;
  query.now_micros = options.functions.query_start_micros;
  query.observed = resolver.observed();
  return query;
}

Status ReadKept(session::Session* session, ResolvedQuery* query) {
  session::ServerState* server = session->server();
  ASSIGN_OR_RETURN(query->plan, session->cache().Read(query->plan, query->now_micros, server->engine, query->options,
                                                      server->catalog->writes()));
  return Status::Ok();
}

Result<RelPtr> ResolvePlan(const CommandContext& context, const plan::RelationPtr& relation) {
  ASSIGN_OR_RETURN(auto query, ResolveQuery(context.session, relation, context.analyze_only, context.interrupted));
  return std::move(query.plan);
}

Result<RelPtr> ResolveInput(const CommandContext& context, const plan::RelationPtr& relation) {
  ASSIGN_OR_RETURN(auto query, ResolveQuery(context.session, relation, context.analyze_only, context.interrupted));
  if (!context.analyze_only) RETURN_IF_ERROR(ReadKept(context.session, &query));
  return std::move(query.plan);
}

Result<RelPtr> ExecuteCommand(session::Session* session, const Command& command,
                              const std::function<bool()>& interrupted) {
  return Dispatch(CommandContext{session, interrupted, false}, command);
}

Result<SqlResult> ExecuteSql(session::Session* session, const plan::SqlText& sql,
                             const std::function<bool()>& interrupted) {
  const auto options = session->MakeResolveOptions();
  ASSIGN_OR_RETURN(auto statement, sql::ParseSqlText(sql, options.parser));
  SqlResult result;
  if (statement.command != nullptr) {
    ASSIGN_OR_RETURN(result.rows, ExecuteCommand(session, *statement.command, interrupted));
    return result;
  }
  // Names and types are checked now, as spark.sql() does; rows are computed when asked for.
  result.query = std::make_shared<plan::SqlText>(sql);
  RETURN_IF_ERROR(ResolveQuery(session, result.query, true).status());
  return result;
}

}  // namespace deltic::spark::command
