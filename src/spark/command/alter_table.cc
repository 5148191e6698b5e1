// ALTER TABLE and COMMENT ON TABLE: finds the table and the family; renames and moves of the catalog's entry.
#include "spark/command/alter_table.h"

#include "base/random.h"
#include "delta/transaction/transaction.h"
#include "spark/catalog/delta_scan.h"
#include "spark/catalog/snapshot_scan.h"
#include "spark/catalog/table_path.h"
#include "spark/command/delta_files.h"
#include "spark/command/delta_target.h"
#include "spark/command/delta_write.h"
#include "spark/command/result_rows.h"
#include "spark/command/row_constraints.h"
#include "spark/command/schema_edit.h"
#include "spark/command/version.h"
#include "spark/command/view.h"
#include "storage/move_directory.h"

namespace deltic::spark::command {
namespace {

using catalog::TableEntry;
using engine::RelPtr;
using types::StructField;

constexpr char kAnySchema[] = "spark.databricks.delta.alterLocation.bypassSchemaCheck";

// Drops a table's name and leaves its files alone.
Status Forget(catalog::ServerCatalog* server, TableEntry entry) {
  const catalog::TableName name{entry.database, entry.name};
  entry.type = TableEntry::Type::kExternal;
  RETURN_IF_ERROR(server->PutTable(std::move(entry), true));
  return server->DropTable(name);
}

// A managed table is where its name says: its directory gets the new name.
Status MoveManaged(const CommandContext& context, const catalog::TableTarget& target, const std::string& location) {
  catalog::ServerCatalog* server = context.session->server()->catalog;
  ASSIGN_OR_RETURN(const auto store, context.session->StoreFor(target.path));
  RETURN_IF_ERROR(
      storage::MoveDirectory(*store, target.path, location, "ALTER TABLE RENAME TO of a managed table in this store"));
  context.session->cache().Uncache(target.path);
  for (const auto& path : {target.path, location}) {
    server->ForgetSnapshot(path);
    server->writes().Note(path);
  }
  return Status::Ok();
}

Status RenameTable(const CommandContext& context, const plan::TableChange& command,
                   const catalog::TableTarget& target) {
  catalog::ServerCatalog* server = context.session->server()->catalog;
  if (target.is_path || !target.entry.has_value()) {
    return Error("DELTA_CANNOT_RENAME_PATH", {{"currentPath", target.path}, {"newPath", command.new_name.back()}});
  }
  ASSIGN_OR_RETURN(const auto name, catalog::QualifyName(context.session, command.new_name));
  if (server->FindTable(name).has_value()) {
    return Error("TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", catalog::QuoteParts({name.database, name.table})}});
  }
  if (!server->DatabaseExists(name.database)) {
    return Error("SCHEMA_NOT_FOUND", {{"schemaName", types::QuoteIdentifier(name.database)}});
  }
  TableEntry entry = *target.entry;
  const catalog::TableName old{entry.database, entry.name};
  entry.database = name.database;
  entry.name = name.table;
  const bool managed = entry.type == TableEntry::Type::kManaged;
  if (managed) entry.location = server->DefaultLocation(name);
  RETURN_IF_ERROR(server->PutTable(entry, false));  // the new name is ours from here on
  if (managed) {
    const Status moved = MoveManaged(context, target, entry.location);
    if (!moved.ok()) {
      RETURN_IF_ERROR(Forget(server, std::move(entry)));
      return moved;
    }
  }
  return Forget(server, *target.entry);
}

Status SetLocation(const CommandContext& context, const plan::TableChange& command,
                   const catalog::TableTarget& target) {
  if (target.is_path || !target.entry.has_value()) return Error("DELTA_CANNOT_SET_LOCATION_ON_PATH_IDENTIFIER");
  catalog::ServerCatalog* server = context.session->server()->catalog;
  ASSIGN_OR_RETURN(const std::string path, catalog::QualifyPath(context.session, command.text));
  TableEntry entry = *target.entry;
  if (target.provider == "delta") {
    const auto now = server->LatestSnapshot(context.session, target.path);
    auto then = server->LatestSnapshot(context.session, path);
    if (then.status().Is("DELTA_MISSING_TRANSACTION_LOG")) {
      return Error("DELTA_MISSING_DELTA_TABLE", {{"tableName", types::QuoteIdentifier(path)}});
    }
    if (!then.ok()) return then.status();
    const bool any_schema = context.session->conf().GetBool(kAnySchema, false);
    if (!any_schema && now.ok() && !(*now)->schema().SameType((*then)->schema())) {
      return Error("DELTA_SET_LOCATION_SCHEMA_MISMATCH", {{"original", types::TreeString((*now)->schema())},
                                                          {"destination", types::TreeString((*then)->schema())},
                                                          {"config", std::string(kAnySchema)}});
    }
  }
  entry.location = path;
  entry.type = TableEntry::Type::kExternal;
  return server->PutTable(std::move(entry), true);
}

// Spark's commands for tables whose partitions and storage its catalog keeps.
Status RefusedAction(const Alteration& alter) {
  const std::string& action = alter.command.action;
  if (action == "RECOVER PARTITIONS" || action == "SET SERDE") {
    const std::string what = action == "SET SERDE" ? "SET [SERDE|SERDEPROPERTIES]" : action;
    return Error("NOT_SUPPORTED_COMMAND_FOR_V2_TABLE", {{"cmd", "ALTER TABLE ... " + what}});
  }
  if (action != "ADD PARTITION" && action != "DROP PARTITION") {
    return InternalError("unknown ALTER TABLE action " + action);
  }
  const auto& target = alter.target;
  const std::string name = target.is_path
                               ? catalog::QuoteParts({"spark_catalog", target.provider, target.path})
                               : catalog::QuoteParts({"spark_catalog", target.name.database, target.name.table});
  return Error("INVALID_PARTITION_OPERATION.PARTITION_MANAGEMENT_IS_UNSUPPORTED", {{"name", name}});
}

Status AlterDelta(const Alteration& alter) {
  const std::string& action = alter.command.action;
  if (action == "SET TBLPROPERTIES" || action == "UNSET TBLPROPERTIES" || action == "COMMENT") {
    return AlterProperties(alter);
  }
  if (action == "ADD COLUMNS") return AlterAddColumns(alter);
  if (action == "REPLACE COLUMNS") return AlterReplaceColumns(alter);
  if (action == "RENAME COLUMN") return AlterRenameColumn(alter);
  if (action == "DROP COLUMNS") return AlterDropColumns(alter);
  if (action == "CHANGE COLUMN") return AlterChangeColumn(alter);
  if (action == "SYNC IDENTITY") return AlterSyncIdentity(alter);
  if (action == "ADD CONSTRAINT" || action == "DROP CONSTRAINT") return AlterConstraint(alter);
  if (action == "CLUSTER BY") return AlterClusterBy(alter);
  if (action == "DROP FEATURE") return AlterDropFeature(alter);
  return RefusedAction(alter);
}

}  // namespace

std::string Alteration::TableName() const {
  if (!target.is_path) return "spark_catalog." + target.name.database + "." + target.name.table;
  return "delta." + types::QuoteIdentifier(target.path);
}

Status Alteration::MissingField(const plan::NameParts& path) const {
  const auto schema = types::DataType::Struct(catalog::ReadSchema(*snapshot));
  return Error("_LEGACY_ERROR_TEMP_1331",
               {{"fieldName", PathText(path)}, {"table", TableName()}, {"schema", types::TreeString(schema)}});
}

Status Alteration::Commit(delta::Metadata metadata, const std::string& operation,
                          std::vector<std::pair<std::string, std::string>> parameters) const {
  return CommitMetadata(session(), snapshot, std::move(metadata), operation, std::move(parameters));
}

Status Alteration::CommitSchema(types::DataType schema, const std::string& operation,
                                std::vector<std::pair<std::string, std::string>> parameters) const {
  delta::Metadata changed = metadata();
  changed.schema = std::move(schema);
  changed.schema_string = changed.schema.Json();
  return Commit(std::move(changed), operation, std::move(parameters));
}

Status RewriteTable(const Alteration& alter, delta::Metadata metadata, const std::string& operation,
                    std::vector<std::pair<std::string, std::string>> parameters) {
  session::Session* session = alter.session();
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, alter.target.path));
  delta::Transaction txn(io, alter.snapshot, Random::System());
  RETURN_IF_ERROR(txn.UpdateMetadata(std::move(metadata)));
  RETURN_IF_ERROR(txn.CheckWritable());
  txn.ReadWholeTable();
  txn.PreservesRowIds();
  DeltaFiles files(session, alter.target.path, txn.metadata(), txn.protocol(), {}, alter.context.interrupted);
  if (!alter.snapshot->files().empty()) {
    TableExpressions expressions(session);
    ASSIGN_OR_RETURN(const auto scan, catalog::SnapshotScan::Make(session, alter.snapshot, {}, expressions.resolver()));
    ASSIGN_OR_RETURN(const RelPtr rows, scan.Over(scan.AllFiles(), false, /*with_row_ids=*/true));
    ASSIGN_OR_RETURN(auto written, files.WriteData(rows));
    for (auto& file : written) {
      file.data_change = false;
      txn.Add(std::move(file));
    }
    for (const auto& file : alter.snapshot->files()) txn.Remove(file, false);
  }
  delta::CommitOptions options;
  options.operation = operation;
  options.operation_parameters = std::move(parameters);
  options.engine_info = EngineInfo();
  const auto version = txn.Commit(options);
  if (!version.ok()) files.Discard();
  return version.status();
}

Status CommitNothing(const Alteration& alter) {
  ASSIGN_OR_RETURN(const auto io, alter.session()->server()->catalog->IoFor(alter.session(), alter.target.path));
  ASSIGN_OR_RETURN(const auto snapshot,
                   alter.session()->server()->catalog->LatestSnapshot(alter.session(), alter.target.path));
  delta::Transaction txn(io, snapshot, Random::System());
  delta::CommitOptions options;
  options.operation = "Empty Commit";
  options.engine_info = EngineInfo();
  return txn.Commit(options).status();
}

Result<RelPtr> RunAlterTable(const CommandContext& context, const plan::AlterTable& alter) {
  const auto& command = static_cast<const plan::TableChange&>(alter);
  ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, command.table));
  const bool is_view = target.IsView();
  if (command.of_view) return AlterView(context, command, target);
  if (is_view) {
    if (command.action == "RENAME TO") return Error("_LEGACY_ERROR_TEMP_1252");
    return NotATable(target, "ALTER TABLE ... " + command.action);
  }
  if (command.action == "RENAME TO") {
    RETURN_IF_ERROR(RenameTable(context, command, target));
    return NoRows();
  }
  if (command.action == "SET LOCATION") {
    RETURN_IF_ERROR(SetLocation(context, command, target));
    return NoRows();
  }
  if (target.provider != "delta") {
    return Unsupported("ALTER TABLE " + command.action + " on a table of format " + target.provider);
  }
  auto snapshot = context.session->server()->catalog->LatestSnapshot(context.session, target.path);
  if (snapshot.status().Is("DELTA_MISSING_TRANSACTION_LOG")) {
    return Error("DELTA_TABLE_NOT_FOUND", {{"tableName", types::QuoteIdentifier(target.path)}});
  }
  if (!snapshot.ok()) return snapshot.status();
  RETURN_IF_ERROR(AlterDelta(Alteration{context, command, target, *snapshot}));
  return NoRows();
}

}  // namespace deltic::spark::command
