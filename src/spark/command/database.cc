// CREATE/DROP DATABASE, USE, DESCRIBE DATABASE.
#include "spark/catalog/table_path.h"
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"

namespace deltic::spark::command {
namespace {

using engine::RelPtr;
using plan::CommandKind;

// spark_catalog.db or db
Result<std::string> DatabaseName(const plan::NameParts& parts) {
  if (parts.size() == 1) return parts[0];
  if (parts.size() == 2 && types::EqualsIgnoreCase(parts[0], "spark_catalog")) return parts[1];
  return Error("REQUIRES_SINGLE_PART_NAMESPACE",
               {{"sessionCatalog", "spark_catalog"}, {"namespace", catalog::QuoteParts(parts)}});
}

Result<RelPtr> Describe(const CommandContext& context, const plan::DatabaseCommand& command, const std::string& name) {
  const auto database = context.session->server()->catalog->FindDatabase(name);
  if (!database.has_value()) return Error("SCHEMA_NOT_FOUND", {{"schemaName", types::QuoteIdentifier(name)}});
  ResultRows rows;
  rows.Column("info_name", types::TypeId::kString, false, R"({"comment":"name of the namespace info"})");
  rows.Column("info_value", types::TypeId::kString, true, R"({"comment":"value of the namespace info"})");
  const auto add = [&](const char* key, const std::string& value) { rows.Add({StringValue(key), StringValue(value)}); };
  add("Catalog Name", "spark_catalog");
  add("Namespace Name", database->name);
  add("Comment", database->comment);
  add("Location", catalog::DisplayPath(database->location));
  add("Owner", context.session->user_id());
  if (command.extended) {
    std::string properties;
    for (const auto& [key, value] : database->properties)
      properties += (properties.empty() ? "" : ", ") + ("(" + key + "," + value + ")");
    add("Properties", properties.empty() ? "" : "(" + properties + ")");
  }
  return rows.Build();
}

}  // namespace

Result<RelPtr> RunDatabase(const CommandContext& context, const plan::DatabaseCommand& command) {
  catalog::ServerCatalog* server = context.session->server()->catalog;
  ASSIGN_OR_RETURN(const std::string name, DatabaseName(command.name));
  switch (command.kind) {
    case CommandKind::kCreateDatabase: {
      catalog::DatabaseEntry entry;
      entry.name = types::ToLower(name);
      entry.comment = command.comment;
      entry.properties = command.properties;
      if (!command.location.empty()) {
        ASSIGN_OR_RETURN(entry.location, catalog::QualifyPath(context.session, command.location));
      }
      RETURN_IF_ERROR(server->CreateDatabase(std::move(entry), command.if_exists));
      return NoRows();
    }
    case CommandKind::kDropDatabase:
      RETURN_IF_ERROR(server->DropDatabase(name, command.if_exists, command.cascade));
      if (types::EqualsIgnoreCase(context.session->current_database(), name))
        context.session->set_current_database("default");
      return NoRows();
    case CommandKind::kUse:
      if (types::EqualsIgnoreCase(name, "spark_catalog")) return NoRows();
      if (!server->DatabaseExists(name))
        return Error("SCHEMA_NOT_FOUND", {{"schemaName", types::QuoteIdentifier(name)}});
      context.session->set_current_database(types::ToLower(name));
      return NoRows();
    case CommandKind::kDescribeDatabase: return Describe(context, command, name);
    default: return InternalError("not a database command");
  }
}

}  // namespace deltic::spark::command
