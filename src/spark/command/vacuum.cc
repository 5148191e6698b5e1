// VACUUM t [LITE | FULL] [RETAIN n HOURS] [DRY RUN]: two commits around the deletion tell the history about it.
#include "delta/vacuum/vacuum.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/table_path.h"
#include "spark/command/delta_target.h"
#include "spark/command/execute.h"
#include "spark/command/maintenance.h"
#include "spark/command/result_rows.h"
#include "spark/command/version.h"
#include "spark/plan/vacuum_inventory.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::command {
namespace {

constexpr const char* kRetentionCheck = "spark.databricks.delta.retentionDurationCheck.enabled";
constexpr int64_t kMsPerHour = 3600 * 1000;

using Entries = std::vector<std::pair<std::string, std::string>>;

// A commit without actions, on the latest version.
Status CommitEvent(const CommandContext& context, const std::string& path, const std::string& operation,
                   Entries parameters, Entries metrics) {
  catalog::ServerCatalog* server = context.session->server()->catalog;
  ASSIGN_OR_RETURN(const auto io, server->IoFor(context.session, path));
  ASSIGN_OR_RETURN(const auto snapshot, server->LatestSnapshot(context.session, path));
  delta::Transaction txn(io, snapshot, Random::System());
  delta::CommitOptions options;
  options.operation = operation;
  options.operation_parameters = std::move(parameters);
  options.operation_metrics = std::move(metrics);
  options.engine_info = EngineInfo();
  return txn.Commit(options).status();
}

Status CommitEnd(const CommandContext& context, const std::string& path, const std::string& status, Entries metrics) {
  return CommitEvent(context, path, "VACUUM END", {{"status", status}}, std::move(metrics));
}

engine::RelPtr PathRows(const std::vector<std::string>& paths) {
  ResultRows rows;
  rows.Column("path", types::TypeId::kString);
  for (const auto& path : paths) rows.Add({StringValue(path)});
  return rows.Build();
}

engine::RelPtr DryRun(const delta::Snapshot& snapshot, const delta::VacuumPlan& plan) {
  std::vector<std::string> paths;
  const auto add = [&](const std::vector<std::string>& relative) {
    for (const auto& path : relative)
      paths.push_back(catalog::DisplayPath(storage::JoinPath(snapshot.table_path(), path)));
  };
  add(plan.files);
  add(plan.directories);
  return PathRows(paths);
}

const std::vector<types::StructField>& InventorySchema() {
  static const auto* const fields = new std::vector<types::StructField>{
      {"path", types::TypeId::kString, true, "{}"},
      {"length", types::TypeId::kLong, true, "{}"},
      {"isDir", types::TypeId::kBoolean, true, "{}"},
      {"modificationTime", types::TypeId::kLong, true, "{}"},
  };
  return *fields;
}

// The rows of an inventory that lie in the table's directory. Columns of other names are left out, as delta-spark does.
Result<std::vector<delta::InventoryEntry>> ReadInventory(const CommandContext& context, const plan::RelationPtr& query,
                                                         const std::string& table_path) {
  ASSIGN_OR_RETURN(const auto resolved, ResolveQuery(context.session, query, false, context.interrupted));
  const auto& wanted = InventorySchema();
  std::vector<engine::Column> columns;
  for (const auto& column : resolved.plan->output) {
    const bool known = std::any_of(wanted.begin(), wanted.end(), [&](const auto& f) { return f.name == column.name; });
    if (known) columns.push_back(column);
  }
  const auto same = [](const engine::Column& column, const types::StructField& field) {
    return column.name == field.name && column.type.SameType(field.type);
  };
  if (!std::equal(columns.begin(), columns.end(), wanted.begin(), wanted.end(), same)) {
    return Error("DELTA_INVALID_INVENTORY_SCHEMA",
                 {{"expectedSchema", types::TreeString(types::DataType::Struct(wanted))}});
  }
  ASSIGN_OR_RETURN(const auto rows,
                   context.session->server()->engine->Collect(resolve::ProjectTo(resolved.plan, columns),
                                                              resolved.options, std::numeric_limits<int64_t>::max()));
  const std::string prefix = catalog::DisplayPath(table_path) + "/";
  std::vector<delta::InventoryEntry> out;
  for (const auto& row : rows) {
    const auto* path = std::get_if<std::string>(&row[0].v);
    if (path == nullptr || !path->starts_with(prefix)) continue;
    const auto* length = std::get_if<int64_t>(&row[1].v);
    const auto* directory = std::get_if<bool>(&row[2].v);
    const auto* modified = std::get_if<int64_t>(&row[3].v);
    if (length == nullptr || directory == nullptr || modified == nullptr) {
      return Error("_VACUUM_REQUIREMENT", {}, "requirement failed: An inventory has no NULL values.");
    }
    out.push_back({path->substr(prefix.size()), *length, *directory, *modified});
  }
  return out;
}

}  // namespace

Result<engine::RelPtr> RunVacuum(const CommandContext& context, const plan::Vacuum& command) {
  session::Session* session = context.session;
  ASSIGN_OR_RETURN(const auto target, RequireDeltaTarget(session, command.table, "VACUUM"));
  const delta::Snapshot& snapshot = *target.snapshot;
  const std::string& path = snapshot.table_path();
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, path));
  // PROTOCOL.md › Vacuum Protocol Check: a writer feature may forbid what this engine would delete.
  RETURN_IF_ERROR(delta::CheckWritable(snapshot.protocol(), snapshot.metadata(), path));

  delta::VacuumOptions options;
  options.check_retention = session->conf().GetBool(kRetentionCheck, true);
  options.lite = command.lite.value_or(session->conf().GetBool("spark.databricks.delta.vacuum.lite.enabled", false));
  if (command.retention_hours.has_value()) {
    options.retention_ms = static_cast<int64_t>(std::floor(*command.retention_hours + 0.5)) * kMsPerHour;
  }
  if (const auto* by = dynamic_cast<const plan::VacuumByInventory*>(&command); by != nullptr && by->inventory) {
    ASSIGN_OR_RETURN(options.inventory, ReadInventory(context, by->inventory, path));
  }
  ASSIGN_OR_RETURN(const auto plan, delta::PlanVacuum(io, snapshot, options));
  if (command.dry_run) return DryRun(snapshot, plan);

  Entries parameters = {{"retentionCheckEnabled", options.check_retention ? "true" : "false"},
                        {"defaultRetentionMillis", std::to_string(delta::DurationPropertyMs(
                                                       snapshot.metadata(), "delta.deletedFileRetentionDuration"))}};
  if (options.retention_ms.has_value()) {
    parameters.emplace_back("specifiedRetentionMillis", std::to_string(*options.retention_ms));
  }
  const bool log = session->conf().GetBool("spark.databricks.delta.vacuum.logging.enabled", true);
  if (log) {
    RETURN_IF_ERROR(CommitEvent(context, path, "VACUUM START", std::move(parameters),
                                {{"numFilesToDelete", std::to_string(plan.size() + plan.young_directories)},
                                 {"sizeOfDataToDelete", std::to_string(plan.bytes)}}));
  }
  const auto deleted = delta::DeleteVacuumed(io, snapshot, plan);
  if (!deleted.ok()) {
    if (log) (void)CommitEnd(context, path, "FAILED", {}).ok();
    return deleted.status();
  }
  if (log) {
    RETURN_IF_ERROR(CommitEnd(context, path, "COMPLETED",
                              {{"numDeletedFiles", std::to_string(*deleted)},
                               {"numVacuumedDirectories", std::to_string(plan.listed_directories)}}));
  }
  delta::RecordVacuum(io, snapshot, plan);
  return PathRows({catalog::DisplayPath(path)});
}

}  // namespace deltic::spark::command
