// CREATE VIEW: temporary views of a session and persistent views of the catalog.
#include "spark/command/view.h"

#include <set>

#include "delta/spec/field_metadata.h"
#include "spark/catalog/server_catalog.h"
#include "spark/command/handlers.h"
#include "spark/command/query_catalog.h"
#include "spark/command/result_rows.h"

namespace deltic::spark::command {
namespace {

using catalog::TableEntry;
using engine::RelPtr;

std::string NameOf(const catalog::TableName& name) {
  return catalog::QuoteParts({"spark_catalog", name.database, name.table});
}

Status NotAView(const catalog::TableName& name, const std::string& operation) {
  return Error("_LEGACY_ERROR_TEMP_1015",
               {{"identifier", name.database + "." + name.table}, {"cmd", operation}, {"hintStr", ""}});
}

// The columns of a view: the query's, under the names of the list if there is one. COLUMN_ALREADY_EXISTS.
Result<types::DataType> Columns(const plan::CreateView& command, const engine::Rel& query) {
  std::vector<types::StructField> fields;
  std::set<std::string> seen;
  for (size_t i = 0; i < query.output.size(); i++) {
    const engine::Column& column = query.output[i];
    types::StructField field{column.name, column.type, true, column.metadata};
    if (!command.column_aliases.empty()) {
      const auto& [name, comment] = command.column_aliases[i];
      field.name = name;
      if (!comment.empty()) field.metadata = delta::WithFieldText(field.metadata, "comment", comment);
    }
    if (!seen.insert(types::ToLower(field.name)).second) {
      return Error("COLUMN_ALREADY_EXISTS", {{"columnName", types::QuoteIdentifier(types::ToLower(field.name))}});
    }
    fields.push_back(std::move(field));
  }
  return types::DataType::Struct(std::move(fields));
}

// What is kept lives longer than a session's temporary views: INVALID_TEMP_OBJ_REFERENCE where the query, resolved
// without them, misses one. RECURSIVE_VIEW where it reads the view that it is to replace.
Status CheckKeepable(const CommandContext& context, const plan::CreateView& command, const catalog::TableName& name) {
  QueryCatalog catalog(context.session);
  resolve::Resolver resolver(&catalog, context.session->server()->engine, std::make_shared<const resolve::ViewMap>(),
                             context.session->MakeResolveOptions(), true);
  const auto resolved = resolver.Resolve(command.query);
  if (resolved.ok()) {
    if (!catalog.views_met().contains({name.database, name.table})) return Status::Ok();
    return Error("RECURSIVE_VIEW", {{"viewIdent", NameOf(name)}, {"newPath", NameOf(name) + " -> " + NameOf(name)}});
  }
  if (!resolved.status().Is("TABLE_OR_VIEW_NOT_FOUND")) return resolved.status();
  return Error("INVALID_TEMP_OBJ_REFERENCE", {{"obj", "VIEW"},
                                              {"objName", NameOf(name)},
                                              {"tempObj", "VIEW"},
                                              {"tempObjName", std::string(resolved.status().Param("relationName"))}});
}

Result<RelPtr> CreatePersistent(const CommandContext& context, const plan::CreateView& command,
                                const engine::Rel& query) {
  auto* tables = context.session->server()->catalog;
  ASSIGN_OR_RETURN(const auto name, catalog::QualifyName(context.session, command.name));
  if (!tables->DatabaseExists(name.database)) {
    return Error("SCHEMA_NOT_FOUND", {{"schemaName", types::QuoteIdentifier(name.database)}});
  }
  RETURN_IF_ERROR(CheckKeepable(context, command, name));
  TableEntry view;
  view.database = name.database;
  view.name = name.table;
  view.type = TableEntry::Type::kView;
  ASSIGN_OR_RETURN(view.schema, Columns(command, query));
  view.properties = command.properties;
  view.comment = command.comment;
  view.view_text = command.text;
  view.view_database = types::ToLower(context.session->current_database());
  for (const engine::Column& column : query.output) view.view_columns.push_back(column.name);
  const auto existing = tables->FindTable(name);
  if (existing.has_value() && command.if_not_exists) return NoRows();
  if (command.alter && existing.has_value() && existing->type != TableEntry::Type::kView) {
    return NotAView(name, "ALTER VIEW ... AS");
  }
  if (command.alter) {  // what ALTER VIEW … AS does not say stays
    if (!existing.has_value()) return catalog::TableNotFound(command.name);
    view.comment = existing->comment;
    view.properties = existing->properties;
  }
  if (existing.has_value() && existing->type != TableEntry::Type::kView) {
    return Error("_LEGACY_ERROR_TEMP_1278", {{"name", NameOf(name)}});
  }
  RETURN_IF_ERROR(tables->PutTable(std::move(view), command.replace));
  return NoRows();
}

}  // namespace

Result<RelPtr> AlterView(const CommandContext& context, const plan::TableChange& change,
                         const catalog::TableTarget& target) {
  if (!target.IsView()) {
    return NotAView(target.name, "ALTER VIEW ... " + change.action);
  }
  auto* tables = context.session->server()->catalog;
  TableEntry view = *target.entry;
  if (change.action == "RENAME TO") {
    ASSIGN_OR_RETURN(const auto name, catalog::QualifyName(context.session, change.new_name));
    view.database = name.database;
    view.name = name.table;
    RETURN_IF_ERROR(tables->PutTable(std::move(view), false));
    RETURN_IF_ERROR(tables->DropTable(target.name));
    return NoRows();
  }
  for (const auto& [key, value] : change.properties) {
    const auto named = [&, &wanted = key](const auto& property) { return property.first == wanted; };
    const bool known = std::erase_if(view.properties, named) > 0;
    if (change.action == "SET TBLPROPERTIES") {
      view.properties.emplace_back(key, value);
    } else if (!known && !change.if_exists) {
      return Error("UNSET_NONEXISTENT_PROPERTIES",
                   {{"properties", types::QuoteIdentifier(key)}, {"table", NameOf(target.name)}});
    }
  }
  RETURN_IF_ERROR(tables->PutTable(std::move(view), true));
  return NoRows();
}

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
  const bool alters_temporary =
      command.alter && command.name.size() == 1 && context.session->views()->contains(types::ToLower(command.name[0]));
  if (command.is_temp || alters_temporary) {
    if (command.name.size() > 1 && !command.is_global) {
      return Error("TEMP_VIEW_NAME_TOO_MANY_NAME_PARTS", {{"actualName", catalog::QuoteParts(command.name)}});
    }
    resolve::TempView view{command.query, context.session->views(), aliases};
    const std::string name = (command.is_global ? "global_temp." : "") + command.name.back();
    if (command.if_not_exists && context.session->views()->contains(types::ToLower(name))) return NoRows();
    RETURN_IF_ERROR(context.session->PutView(name, std::move(view), command.replace));
    return NoRows();
  }
  return CreatePersistent(context, command, *query.plan);
}

}  // namespace deltic::spark::command
