#include "spark/streaming/start_query.h"

#include <algorithm>
#include <filesystem>

#include "base/random.h"
#include "spark/catalog/file_source.h"
#include "spark/catalog/session_catalog.h"
#include "spark/catalog/table_path.h"
#include "spark/command/delta_schema.h"
#include "spark/command/execute.h"
#include "spark/plan/command.h"
#include "spark/sql/parser.h"
#include "spark/streaming/console_sink.h"
#include "spark/streaming/delta_sink.h"
#include "spark/streaming/foreach_sink.h"
#include "spark/streaming/memory_sink.h"
#include "spark/streaming/unsupported_operations.h"

namespace deltic::spark::streaming {
namespace {

using SessionPtr = std::shared_ptr<session::Session>;

struct Target {
  std::unique_ptr<Sink> sink;
  bool recovers = true;  // may go on from a checkpoint that has batches
};

std::string FormatOf(const SessionPtr& session, const StreamWrite& write) {
  return types::ToLower(write.format.empty() ? session->conf().GetString("spark.sql.sources.default", "delta")
                                             : write.format);
}

// Sinks that may run without a checkpoint location.
bool IsOneTime(const StreamWrite& write, const std::string& format) {
  if (write.foreach_batch != nullptr || write.foreach_row != nullptr) return true;
  return write.table.empty() && (format == "memory" || format == "console" || format == "noop");
}

Status NoPartitions(const StreamWrite& write, const std::string& format) {
  if (write.partition_by.empty() && write.cluster_by.empty()) return Status::Ok();
  return Error("_LEGACY_ERROR_TEMP_1197", {{"operation", format}});
}

Status CheckPartitions(const StreamWrite& write, const engine::Rel& plan) {
  for (const std::string& name : write.partition_by) {
    std::string all;
    bool found = false;
    for (const auto& column : plan.output) {
      all += (all.empty() ? "" : ", ") + column.name;
      found |= types::EqualsIgnoreCase(column.name, name);
    }
    if (!found) {
      return Error("_LEGACY_ERROR_TEMP_1196",
                   {{"columnType", "Partition"}, {"columnName", name}, {"validColumnNames", all}});
    }
  }
  return Status::Ok();
}

// toTable: the table's location, which is made when there is none.
Result<std::string> TableLocation(const SessionPtr& session, const StreamWrite& write, const engine::Rel& plan,
                                  const std::function<bool()>& interrupted) {
  ASSIGN_OR_RETURN(const auto parts, sql::ParseMultipartIdentifier(write.table));
  if (parts.size() == 1 && session->views()->contains(types::ToLower(parts[0]))) {
    return Error("_LEGACY_ERROR_TEMP_1190", {{"viewName", write.table}});
  }
  ASSIGN_OR_RETURN(auto target, catalog::FindTarget(session.get(), parts));
  if (!target.has_value()) {
    plan::CreateTable create;
    create.name = parts;
    create.provider = write.format;
    create.partition_by = write.partition_by;
    for (const auto& field : command::TableSchemaOf(plan)) {
      plan::ColumnDefinition column;
      column.name = field.name;
      column.type = field.type;
      create.columns.push_back(std::move(column));
    }
    if (const auto path = plan::FindOption(write.options, "path")) create.location = *path;
    for (const std::string& name : write.cluster_by) {
      ASSIGN_OR_RETURN(auto column, sql::ParseMultipartIdentifier(name));
      create.cluster_by.push_back(std::move(column));
    }
    RETURN_IF_ERROR(command::ExecuteCommand(session.get(), create, interrupted).status());
    ASSIGN_OR_RETURN(target, catalog::FindTarget(session.get(), parts));
    if (!target.has_value()) return catalog::TableNotFound(parts);
  }
  if (target->IsView()) {
    return Error("_LEGACY_ERROR_TEMP_1191", {{"viewName", write.table}});
  }
  if (target->provider != "delta") return Unsupported("streaming writes into a table of format " + target->provider);
  return target->path;
}

Result<Target> DeltaTarget(const SessionPtr& session, const StreamWrite& write, const engine::Rel& plan,
                           OutputMode mode, const std::function<bool()>& interrupted) {
  if (mode == OutputMode::kUpdate) {
    return Error("DELTA_UNSUPPORTED_OUTPUT_MODE",
                 {{"dataSource", "org.apache.spark.sql.delta.sources.DeltaDataSource"}, {"mode", "Update"}});
  }
  std::string location;
  if (!write.table.empty()) {
    ASSIGN_OR_RETURN(location, TableLocation(session, write, plan, interrupted));
  } else {
    std::string path = write.path;
    if (path.empty()) path = plan::FindOption(write.options, "path").value_or("");
    if (path.empty()) return Error("_STREAMING_ARGUMENT", {}, "'path' is not specified");
    ASSIGN_OR_RETURN(location, catalog::QualifyPath(session.get(), path));
  }
  std::vector<plan::NameParts> cluster_by;
  for (const std::string& name : write.cluster_by) {
    ASSIGN_OR_RETURN(auto column, sql::ParseMultipartIdentifier(name));
    cluster_by.push_back(std::move(column));
  }
  Target target;
  target.sink = std::make_unique<DeltaSink>(session, std::move(location), mode, write.partition_by,
                                            std::move(cluster_by), write.options);
  return target;
}

Result<Target> MakeTarget(const SessionPtr& session, const StreamingHost& host, const StreamWrite& write,
                          const engine::Rel& plan, OutputMode mode, const std::function<bool()>& interrupted) {
  const std::string format = FormatOf(session, write);
  Target target;
  if (write.foreach_batch != nullptr) {
    RETURN_IF_ERROR(NoPartitions(write, "foreachBatch"));
    target.sink = std::make_unique<ForeachBatchSink>(session, host.connect_url(), write.foreach_batch);
    return target;
  }
  if (write.foreach_row != nullptr) {
    RETURN_IF_ERROR(NoPartitions(write, "foreach"));
    target.sink = std::make_unique<ForeachSink>(session, write.foreach_row);
    return target;
  }
  if (!write.table.empty() || format == "delta") return DeltaTarget(session, write, plan, mode, interrupted);
  if (format == "memory") {
    RETURN_IF_ERROR(NoPartitions(write, format));
    if (write.query_name.empty()) return Error("_LEGACY_ERROR_TEMP_1194");
    target.recovers = mode == OutputMode::kComplete;
    target.sink = std::make_unique<MemorySink>(session, write.query_name, mode);
    return target;
  }
  if (format == "console") {
    ASSIGN_OR_RETURN(const auto console, command::ConsoleOptions::Of(write.options));
    target.sink = std::make_unique<ConsoleSink>(session, console);
    return target;
  }
  if (format == "noop") {
    target.sink = std::make_unique<NoopSink>(session);
    return target;
  }
  if (format == "jdbc") return Error("_LEGACY_ERROR_TEMP_2049", {{"className", format}, {"operator", "writing"}});
  if (catalog::FileFormatOf(format).has_value() || format == "orc" || format == "avro" || format == "kafka") {
    return Unsupported("the streaming sink '" + format + "'");
  }
  return Error("DATA_SOURCE_NOT_FOUND", {{"provider", write.format}});
}

// Where the query keeps how far it is; `*temporary`: a directory that only this run uses.
Result<std::string> CheckpointOf(const SessionPtr& session, const StreamWrite& write, bool* temporary) {
  if (const auto location = plan::FindOption(write.options, "checkpointLocation")) {
    return catalog::QualifyPath(session.get(), *location);
  }
  constexpr const char* kConf = "spark.sql.streaming.checkpointLocation";
  if (const auto root = session->conf().Get(kConf); root.has_value() && !root->empty()) {
    const std::string name = write.query_name.empty() ? Random::System()->Uuid() : write.query_name;
    return catalog::QualifyPath(session.get(), storage::JoinPath(*root, name));
  }
  if (!IsOneTime(write, FormatOf(session, write))) return Error("_LEGACY_ERROR_TEMP_1298", {{"config", kConf}});
  *temporary = true;
  return (std::filesystem::temp_directory_path() / ("temporary-" + Random::System()->Uuid())).string();
}

}  // namespace

Result<std::shared_ptr<StreamingQuery>> StartQuery(const SessionPtr& session, StreamingQueryManager* manager,
                                                   StreamWrite write, const std::function<bool()>& interrupted) {
  StreamStart start;
  start.session = session;
  start.trigger = write.trigger;
  start.plan = std::make_unique<StreamPlan>(session, write.input);
  ASSIGN_OR_RETURN(const auto plan, start.plan->Analyze(interrupted));
  if (!IsStreaming(*plan)) return Error("WRITE_STREAM_NOT_ALLOWED");
  ASSIGN_OR_RETURN(start.mode, ParseOutputMode(write.output_mode));
  RETURN_IF_ERROR(CheckPartitions(write, *plan));
  // The target comes last: it may be a table that is made now.
  if (start.mode != OutputMode::kUpdate) RETURN_IF_ERROR(CheckOperations(plan, start.mode));
  ASSIGN_OR_RETURN(start.checkpoint, CheckpointOf(session, write, &start.temporary_checkpoint));
  ASSIGN_OR_RETURN(Target target, MakeTarget(session, manager->host(), write, *plan, start.mode, interrupted));
  if (start.mode == OutputMode::kUpdate) RETURN_IF_ERROR(CheckOperations(plan, start.mode));
  ASSIGN_OR_RETURN(start.store, session->StoreFor(start.checkpoint));
  if (!target.recovers) {
    const std::string offsets = storage::JoinPath(start.checkpoint, "offsets");
    ASSIGN_OR_RETURN(const auto objects, start.store->List(offsets));
    if (!objects.empty()) return Error("_LEGACY_ERROR_TEMP_1299", {{"checkpointPath", offsets}});
  }
  start.sink = std::move(target.sink);
  const auto stateful = StatefulOperator::FindAll(plan);
  start.stateful = !stateful.empty();
  start.evicts = start.mode != OutputMode::kComplete && start.stateful && StatefulOperator::HasEventTime(*stateful[0]);
  start.has_watermark = !WatermarkTracker::FindAll(plan).empty();
  ASSIGN_OR_RETURN(const std::string id, QueryIdOf(start.store.get(), start.checkpoint));
  const auto retained = session->conf().GetInt("spark.sql.streaming.numRecentProgressUpdates", 100);
  start.query = std::make_shared<StreamingQuery>(session->server()->clock, id, Random::System()->Uuid(),
                                                 write.query_name, static_cast<size_t>(std::max<int64_t>(retained, 1)));
  start.analyzed = plan;
  const auto query = start.query;
  RETURN_IF_ERROR(manager->Start(std::move(start)));
  return query;
}

}  // namespace deltic::spark::streaming
