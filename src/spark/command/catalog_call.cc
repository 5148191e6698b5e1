// The methods of pyspark's spark.catalog, by name, with the result schemas of Spark Connect.
#include "spark/catalog/table_path.h"
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"
#include "spark/functions/registry.h"

namespace deltic::spark::command {
namespace {

using catalog::TableEntry;
using engine::RelPtr;
using engine::Value;
using types::DataType;
using types::TypeId;
using Args = std::vector<std::optional<std::string>>;

std::optional<std::string> Arg(const plan::CatalogCall& call, size_t index) {
  return index < call.args.size() ? call.args[index] : std::nullopt;
}

Result<plan::NameParts> NameOf(const plan::CatalogCall& call, size_t name_index) {
  ASSIGN_OR_RETURN(auto parts, sql::ParseMultipartIdentifier(Arg(call, name_index).value_or("")));
  const auto database = Arg(call, name_index + 1);
  if (database.has_value() && !database->empty()) parts.insert(parts.begin(), *database);
  return parts;
}

// A database by its name or as catalog.database.
std::optional<catalog::DatabaseEntry> DatabaseOf(const CommandContext& context, const std::string& name) {
  if (auto found = context.session->server()->catalog->FindDatabase(name)) return found;
  const auto parts = sql::ParseMultipartIdentifier(name);
  const bool qualified = parts.ok() && parts->size() == 2 && types::EqualsIgnoreCase(parts->front(), "spark_catalog");
  return qualified ? context.session->server()->catalog->FindDatabase(parts->back()) : std::nullopt;
}

RelPtr OneBool(bool value) {
  ResultRows rows;
  rows.Column("value", TypeId::kBoolean, false);
  rows.Add({Value{value}});
  return rows.Build();
}

RelPtr OneString(const std::string& value) {
  ResultRows rows;
  rows.Column("value", TypeId::kString, false);
  rows.Add({StringValue(value)});
  return rows.Build();
}

ResultRows TableRows() {
  ResultRows rows;
  rows.Column("name", TypeId::kString, false)
      .Column("catalog", TypeId::kString)
      .Column("namespace", DataType::Array(TypeId::kString));
  rows.Column("description", TypeId::kString)
      .Column("tableType", TypeId::kString, false)
      .Column("isTemporary", TypeId::kBoolean, false);
  return rows;
}

const char* TypeName(TableEntry::Type type) {
  switch (type) {
    case TableEntry::Type::kManaged: return "MANAGED";
    case TableEntry::Type::kExternal: return "EXTERNAL";
    case TableEntry::Type::kView: return "VIEW";
  }
  return "";
}

void AddTable(const TableEntry& table, ResultRows* rows) {
  rows->Add({StringValue(table.name), StringValue("spark_catalog"), StringArrayValue({table.database}),
             table.comment.empty() ? Value{} : StringValue(table.comment), StringValue(TypeName(table.type)),
             Value{false}});
}

void AddView(const std::string& name, ResultRows* rows) {
  rows->Add({StringValue(name), Value{}, StringArrayValue({}), Value{}, StringValue("TEMPORARY"), Value{true}});
}

Result<RelPtr> ListTables(const CommandContext& context, const plan::CatalogCall& call) {
  const std::string name = Arg(call, 0).value_or(context.session->current_database());
  const std::string pattern = Arg(call, 1).value_or("");
  const auto database = DatabaseOf(context, name);
  if (!database.has_value()) return Error("SCHEMA_NOT_FOUND", {{"schemaName", types::QuoteIdentifier(name)}});
  ResultRows rows = TableRows();
  for (const auto& table : context.session->server()->catalog->ListTables(database->name)) {
    if (MatchesPattern(table.name, pattern)) AddTable(table, &rows);
  }
  for (const auto& [name, view] : *context.session->views()) {
    if (!name.starts_with("global_temp.") && MatchesPattern(name, pattern)) AddView(name, &rows);
  }
  return rows.Build();
}

Result<RelPtr> GetTable(const CommandContext& context, const plan::CatalogCall& call) {
  ASSIGN_OR_RETURN(const auto parts, NameOf(call, 0));
  ResultRows rows = TableRows();
  if (parts.size() == 1 && context.session->views()->contains(types::ToLower(parts[0]))) {
    AddView(parts[0], &rows);
    return rows.Build();
  }
  ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, parts));
  if (!target.entry.has_value()) return catalog::TableNotFound(parts);
  AddTable(*target.entry, &rows);
  return rows.Build();
}

ResultRows DatabaseRows() {
  ResultRows rows;
  rows.Column("name", TypeId::kString, false).Column("catalog", TypeId::kString).Column("description", TypeId::kString);
  rows.Column("locationUri", TypeId::kString, false);
  return rows;
}

void AddDatabase(const catalog::DatabaseEntry& database, ResultRows* rows) {
  rows->Add({StringValue(database.name), StringValue("spark_catalog"), StringValue(database.comment),
             StringValue(catalog::DisplayPath(database.location))});
}

Result<RelPtr> ListColumns(const CommandContext& context, const plan::CatalogCall& call) {
  ASSIGN_OR_RETURN(const auto parts, NameOf(call, 0));
  ASSIGN_OR_RETURN(const auto query, ResolveQuery(context.session, std::make_shared<plan::TableRelation>(parts), true));
  std::vector<std::string> partitions;
  ASSIGN_OR_RETURN(const auto target, catalog::FindTarget(context.session, parts));
  if (target.has_value() && target->provider == "delta") {
    ASSIGN_OR_RETURN(const auto snapshot,
                     context.session->server()->catalog->LatestSnapshot(context.session, target->path));
    partitions = snapshot->metadata().partition_columns;
  } else if (target.has_value() && target->entry.has_value()) {
    partitions = target->entry->partition_columns;
  }
  ResultRows rows;
  rows.Column("name", TypeId::kString, false)
      .Column("description", TypeId::kString)
      .Column("dataType", TypeId::kString, false);
  rows.Column("nullable", TypeId::kBoolean, false)
      .Column("isPartition", TypeId::kBoolean, false)
      .Column("isBucket", TypeId::kBoolean, false);
  rows.Column("isCluster", TypeId::kBoolean, false);  // read by 4.x clients
  for (const auto& column : query.plan->output) {
    const types::StructField field{column.name, column.type, column.nullable, column.metadata};
    bool partition = false;
    for (const auto& name : partitions) partition = partition || types::EqualsIgnoreCase(name, column.name);
    rows.Add({StringValue(column.name),
              field.HasMetadata("comment") ? StringValue(field.MetadataString("comment")) : Value{},
              StringValue(column.type.SimpleString()), Value{column.nullable}, Value{partition}, Value{false},
              Value{false}});
  }
  return rows.Build();
}

ResultRows FunctionRows() {
  ResultRows rows;
  rows.Column("name", TypeId::kString, false)
      .Column("catalog", TypeId::kString)
      .Column("namespace", DataType::Array(TypeId::kString));
  rows.Column("description", TypeId::kString)
      .Column("className", TypeId::kString, false)
      .Column("isTemporary", TypeId::kBoolean, false);
  return rows;
}

void AddFunction(const functions::FunctionRow& row, ResultRows* rows) {
  rows->Add({StringValue(std::string(row.name)), Value{}, Value{}, StringValue(std::string(row.doc)),
             StringValue("org.apache.spark.sql.catalyst.expressions"), Value{true}});
}

Result<RelPtr> Functions(const plan::CatalogCall& call, bool list) {
  ResultRows rows = FunctionRows();
  if (list) {
    const std::string pattern = Arg(call, 1).value_or("");
    for (const auto* row : functions::AllFunctions()) {
      if (MatchesPattern(row->name, pattern)) AddFunction(*row, &rows);
    }
    return rows.Build();
  }
  const std::string name = Arg(call, 0).value_or("");
  const auto* row = functions::FindFunction(name);
  if (row == nullptr) {
    return Error("UNRESOLVED_ROUTINE",
                 {{"routineName", types::QuoteIdentifier(name)},
                  {"searchPath", "[`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`]"}});
  }
  AddFunction(*row, &rows);
  return rows.Build();
}

Result<RelPtr> CreateTable(const CommandContext& context, const plan::CatalogCall& call) {
  plan::CreateTable create;
  ASSIGN_OR_RETURN(create.name, sql::ParseMultipartIdentifier(Arg(call, 0).value_or("")));
  create.location = Arg(call, 1).value_or("");
  create.provider = Arg(call, 2).value_or("");
  create.comment = Arg(call, 3).value_or("");
  create.has_comment = !create.comment.empty();
  create.options = call.options;
  if (call.schema.has_value()) {
    for (const auto& field : call.schema->fields()) {
      plan::ColumnDefinition column;
      column.name = field.name;
      column.type = field.type;
      column.nullable = field.nullable;
      create.columns.push_back(std::move(column));
    }
  }
  RETURN_IF_ERROR(RunCreateTable(context, create).status());
  return ResolvePlan(context, std::make_shared<plan::TableRelation>(create.name));
}

Result<RelPtr> Exists(const CommandContext& context, const plan::CatalogCall& call) {
  if (call.method == "databaseExists") return OneBool(DatabaseOf(context, Arg(call, 0).value_or("")).has_value());
  if (call.method == "functionExists") {
    if (Arg(call, 1).has_value()) return OneBool(false);  // no function is in a database
    const std::string name = Arg(call, 0).value_or("");
    return OneBool(functions::FindFunction(name) != nullptr || context.session->FindFunction(name) != nullptr);
  }
  ASSIGN_OR_RETURN(const auto parts, NameOf(call, 0));
  if (parts.size() == 1 && context.session->views()->contains(types::ToLower(parts[0]))) return OneBool(true);
  ASSIGN_OR_RETURN(const auto target, catalog::FindTarget(context.session, parts));
  return OneBool(target.has_value());
}

Result<RelPtr> Mutate(const CommandContext& context, const plan::CatalogCall& call) {
  const std::string name = Arg(call, 0).value_or("");
  if (call.method == "setCurrentDatabase") {
    plan::DatabaseCommand use(plan::CommandKind::kUse);
    use.name = {name};
    return RunDatabase(context, use);
  }
  if (call.method == "setCurrentCatalog") {
    if (types::EqualsIgnoreCase(name, "spark_catalog")) return NoRows();
    return Error("CATALOG_NOT_FOUND",
                 {{"catalogName", types::QuoteIdentifier(name)}, {"config", "\"spark.sql.catalog." + name + "\""}});
  }
  if (call.method == "dropTempView") return OneBool(context.session->DropView(name));
  if (call.method == "dropGlobalTempView") return OneBool(context.session->DropView("global_temp." + name));
  if (call.method == "clearCache") {
    context.session->cache().Clear();
    return NoRows();
  }
  ASSIGN_OR_RETURN(const auto parts, sql::ParseMultipartIdentifier(name));
  if (call.method == "refreshTable") {
    plan::TableCommand refresh(plan::CommandKind::kRefresh);
    refresh.table = parts;
    return RunTableCommand(context, refresh);
  }
  if (call.method == "uncacheTable") {
    plan::TableCommand uncache(plan::CommandKind::kUncacheTable);
    uncache.table = parts;
    return RunTableCommand(context, uncache);
  }
  plan::CacheTable cache;
  cache.table = parts;
  return RunCacheTable(context, cache);
}

}  // namespace

Result<RelPtr> RunCatalogCall(const CommandContext& context, const plan::CatalogCall& call) {
  const std::string& method = call.method;
  if (method == "currentDatabase") return OneString(context.session->current_database());
  if (method == "currentCatalog") return OneString("spark_catalog");
  if (method == "listTables") return ListTables(context, call);
  if (method == "getTable") return GetTable(context, call);
  if (method == "listColumns") return ListColumns(context, call);
  if (method == "listFunctions") return Functions(call, true);
  if (method == "getFunction") return Functions(call, false);
  if (method == "databaseExists" || method == "tableExists" || method == "functionExists") return Exists(context, call);
  if (method == "isCached") {
    ASSIGN_OR_RETURN(const auto parts, NameOf(call, 0));
    ASSIGN_OR_RETURN(const bool cached, IsCached(context, parts));
    return OneBool(cached);
  }
  if (method == "listDatabases") {
    ResultRows rows = DatabaseRows();
    for (const auto& database : context.session->server()->catalog->ListDatabases()) {
      if (MatchesPattern(database.name, Arg(call, 0).value_or(""))) AddDatabase(database, &rows);
    }
    return rows.Build();
  }
  if (method == "getDatabase") {
    const std::string name = Arg(call, 0).value_or("");
    const auto database = DatabaseOf(context, name);
    if (!database.has_value()) return Error("SCHEMA_NOT_FOUND", {{"schemaName", types::QuoteIdentifier(name)}});
    ResultRows rows = DatabaseRows();
    AddDatabase(*database, &rows);
    return rows.Build();
  }
  if (method == "listCatalogs") {
    ResultRows rows;
    rows.Column("name", TypeId::kString, false).Column("description", TypeId::kString);
    if (MatchesPattern("spark_catalog", Arg(call, 0).value_or(""))) rows.Add({StringValue("spark_catalog"), Value{}});
    return rows.Build();
  }
  if (method == "createTable" || method == "createExternalTable") {
    if (context.analyze_only) return NoRows();
    return CreateTable(context, call);
  }
  if (method == "recoverPartitions") {
    ASSIGN_OR_RETURN(const auto parts, NameOf(call, 0));
    ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, parts));
    const bool files = target.provider != "delta" && target.entry.has_value() && !target.IsView();
    // Partitions of files are found when the table is read.
    if (files && !target.entry->partition_columns.empty()) return NoRows();
  }
  if (method == "refreshByPath") {
    ASSIGN_OR_RETURN(const std::string path, catalog::QualifyPath(context.session, Arg(call, 0).value_or("")));
    context.session->server()->catalog->ForgetSnapshot(path);
    context.session->server()->catalog->writes().Note(path);
    return NoRows();
  }
  for (const char* known : {"setCurrentDatabase", "setCurrentCatalog", "dropTempView", "dropGlobalTempView",
                            "clearCache", "refreshTable", "uncacheTable", "cacheTable"}) {
    if (method != known) continue;
    if (!context.analyze_only) return Mutate(context, call);
    return method.starts_with("drop") ? OneBool(false) : NoRows();
  }
  return Unsupported("spark.catalog." + method);
}

}  // namespace deltic::spark::command
