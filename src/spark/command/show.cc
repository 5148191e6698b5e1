// SHOW TABLES, DATABASES, COLUMNS, TBLPROPERTIES, FUNCTIONS, VIEWS, CATALOGS, PARTITIONS, CREATE TABLE.
#include <algorithm>
#include <set>

#include "spark/catalog/delta_scan.h"
#include "spark/command/clustering.h"
#include "spark/command/delta_target.h"
#include "spark/command/described_columns.h"
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"
#include "spark/functions/registry.h"
#include "spark/session/redaction.h"

namespace deltic::spark::command {
namespace {

using catalog::TableEntry;
using engine::RelPtr;
using engine::Value;
using plan::CommandKind;
using types::TypeId;

bool MatchesOne(std::string_view name, std::string_view pattern) {
  size_t n = 0, p = 0, star = std::string_view::npos, mark = 0;
  while (n < name.size()) {
    if (p < pattern.size() && (pattern[p] == '.' || types::EqualsIgnoreCase(name.substr(n, 1), pattern.substr(p, 1)))) {
      n++, p++;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') p++;
  return p == pattern.size();
}

Result<std::string> DatabaseOf(const CommandContext& context, const plan::NameParts& target) {
  const std::string name = target.empty() ? context.session->current_database() : target.back();
  if (!context.session->server()->catalog->DatabaseExists(name)) {
    return Error("SCHEMA_NOT_FOUND", {{"schemaName", types::QuoteIdentifier(name)}});
  }
  return types::ToLower(name);
}

Result<RelPtr> ShowTables(const CommandContext& context, const plan::ShowCommand& command, bool views_only) {
  ASSIGN_OR_RETURN(const std::string database, DatabaseOf(context, command.target));
  ResultRows rows;
  rows.Column("namespace", TypeId::kString, false)
      .Column(views_only ? "viewName" : "tableName", TypeId::kString, false);
  rows.Column("isTemporary", TypeId::kBoolean, false);
  for (const auto& table : context.session->server()->catalog->ListTables(database)) {
    if (views_only && table.type != TableEntry::Type::kView) continue;
    if (MatchesPattern(table.name, command.pattern))
      rows.Add({StringValue(database), StringValue(table.name), Value{false}});
  }
  for (const auto& [name, view] : *context.session->views()) {
    if (name.starts_with("global_temp.")) continue;
    if (MatchesPattern(name, command.pattern)) rows.Add({StringValue(""), StringValue(name), Value{true}});
  }
  return rows.Build();
}

Result<RelPtr> ShowColumns(const CommandContext& context, const plan::ShowCommand& command) {
  ASSIGN_OR_RETURN(const RelPtr relation, DescribedColumns(context, command.target));
  ResultRows rows;
  rows.Column("col_name", TypeId::kString);
  for (const auto& column : relation->output) rows.Add({StringValue(column.name)});
  return rows.Build();
}

Result<RelPtr> ShowProperties(const CommandContext& context, const plan::ShowCommand& command) {
  ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, command.target));
  std::map<std::string, std::string> properties;
  if (target.provider == "delta") {
    const auto snapshot = context.session->server()->catalog->LatestSnapshot(context.session, target.path);
    if (snapshot.status().Is("DELTA_MISSING_TRANSACTION_LOG") && target.is_path) {
      return Error("DELTA_MISSING_DELTA_TABLE", {{"tableName", types::QuoteIdentifier(target.path)}});
    }
    if (!snapshot.ok()) return snapshot.status();
    properties = ShownProperties(**snapshot);
  } else if (target.entry.has_value()) {
    properties.insert(target.entry->properties.begin(), target.entry->properties.end());
  }
  ASSIGN_OR_RETURN(properties, session::RedactOptions(context.session->conf(), std::move(properties)));
  ResultRows rows;
  rows.Column("key", TypeId::kString, false).Column("value", TypeId::kString, false);
  if (!command.key.empty()) {
    const auto found = properties.find(command.key);
    rows.Add({StringValue(command.key),
              StringValue(found != properties.end()
                              ? found->second
                              : "Table " + target.Display() + " does not have property: " + command.key)});
    return rows.Build();
  }
  for (const auto& [key, value] : properties) rows.Add({StringValue(key), StringValue(value)});
  return rows.Build();
}

// The statement that makes the view again.
Result<RelPtr> ShowCreateView(const TableEntry& view) {
  const auto quoted = [](const std::string& value) {
    std::string out = "'";
    for (const char c : value) out += c == '\'' ? std::string("\\'") : std::string(1, c);
    return out + "'";
  };
  std::string text = "CREATE VIEW " + view.database + "." + view.name + " (";
  bool first = true;
  for (const auto& field : view.schema.fields()) {
    text += (first ? "\n  " : ",\n  ") + types::QuoteIfNeeded(field.name);
    if (field.HasMetadata("comment")) text += " COMMENT " + quoted(field.MetadataString("comment"));
    first = false;
  }
  text += ")\n";
  if (!view.comment.empty()) text += "COMMENT " + quoted(view.comment) + "\n";
  if (!view.properties.empty()) {
    text += "TBLPROPERTIES (";
    first = true;
    for (const auto& [key, value] :
         std::map<std::string, std::string>(view.properties.begin(), view.properties.end())) {
      text += (first ? "\n  " : ",\n  ") + quoted(key) + " = " + quoted(value);
      first = false;
    }
    text += ")\n";
  }
  ResultRows rows;
  rows.Column("createtab_stmt", TypeId::kString, false);
  rows.Add({StringValue(text + "AS " + view.view_text + "\n")});
  return rows.Build();
}

Result<RelPtr> ShowFunctions(const plan::ShowCommand& command) {
  std::vector<std::string> names;
  if (!types::EqualsIgnoreCase(command.scope, "USER")) {
    for (const auto* row : functions::AllFunctions()) {
      names.emplace_back(row->name);
      for (const auto alias : row->aliases) names.emplace_back(alias);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  ResultRows rows;
  rows.Column("function", TypeId::kString, false);
  const std::string pattern =
      command.pattern.empty() && !command.target.empty() ? command.target.back() : command.pattern;
  for (const auto& name : names) {
    if (MatchesPattern(name, pattern)) rows.Add({StringValue(name)});
  }
  return rows.Build();
}

// The partitions of a table of files are the directories that hold rows, as they are called.
Result<RelPtr> ShowFilePartitions(const CommandContext& context, const plan::ShowCommand& command,
                                  const catalog::TableTarget& target) {
  const std::vector<std::string>& columns = target.entry->partition_columns;
  if (columns.empty()) {
    return Error("INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY",
                 {{"name", catalog::QuoteParts({"spark_catalog", target.name.database, target.name.table})}});
  }
  ResultRows rows;
  rows.Column("partition", TypeId::kString, false);
  ASSIGN_OR_RETURN(const RelPtr table, ResolvePlan(context, std::make_shared<plan::TableRelation>(command.target)));
  if (table->kind != engine::RelKind::kFiles) return Unsupported("SHOW PARTITIONS of this table");
  std::set<std::string> found;
  for (const auto& file : *table->As<engine::FilesRel>().files) {
    std::string partition;
    for (size_t at = 0; at < file.path.size();) {
      const size_t end = std::min(file.path.find('/', at), file.path.size());
      const std::string part = file.path.substr(at, end - at);
      const std::string name = part.substr(0, part.find('='));
      const bool known =
          name.size() < part.size() &&
          std::any_of(columns.begin(), columns.end(), [&](const auto& c) { return types::EqualsIgnoreCase(c, name); });
      if (known) partition += (partition.empty() ? "" : "/") + part;
      at = end + 1;
    }
    if (!partition.empty()) found.insert(std::move(partition));
  }
  for (const std::string& partition : found) rows.Add({StringValue(partition)});
  return rows.Build();
}

}  // namespace

std::map<std::string, std::string> ShownProperties(const delta::Snapshot& snapshot) {
  std::map<std::string, std::string> out = snapshot.metadata().configuration;
  const auto& protocol = snapshot.protocol();
  out["delta.minReaderVersion"] = std::to_string(protocol.min_reader_version);
  out["delta.minWriterVersion"] = std::to_string(protocol.min_writer_version);
  for (const auto* features : {&protocol.reader_features, &protocol.writer_features}) {
    if (!features->has_value()) continue;
    for (const auto& feature : **features) out["delta.feature." + feature] = "supported";
  }
  const auto clustering = snapshot.domains().find("delta.clustering");
  if (clustering != snapshot.domains().end() && !ClusteringPaths(snapshot).empty()) {
    const std::string& json = clustering->second.configuration;  // {"clusteringColumns":[["a"]],…}
    const size_t start = json.find('[');
    out["clusteringColumns"] = json.substr(start, json.rfind(']') + 1 - start);
  }
  return out;
}

bool MatchesPattern(std::string_view name, std::string_view pattern) {
  if (pattern.empty()) return true;
  size_t start = 0;
  while (start <= pattern.size()) {
    const size_t bar = std::min(pattern.find('|', start), pattern.size());
    if (MatchesOne(name, pattern.substr(start, bar - start))) return true;
    start = bar + 1;
  }
  return false;
}

Result<RelPtr> RunShow(const CommandContext& context, const plan::ShowCommand& command) {
  switch (command.kind) {
    case CommandKind::kShowTables: return ShowTables(context, command, false);
    case CommandKind::kShowViews: return ShowTables(context, command, true);
    case CommandKind::kShowDatabases: {
      ResultRows rows;
      rows.Column("namespace", TypeId::kString, false);
      for (const auto& database : context.session->server()->catalog->ListDatabases()) {
        if (MatchesPattern(database.name, command.pattern)) rows.Add({StringValue(database.name)});
      }
      return rows.Build();
    }
    case CommandKind::kShowCatalogs: {
      ResultRows rows;
      rows.Column("catalog", TypeId::kString, false);
      if (MatchesPattern("spark_catalog", command.pattern)) rows.Add({StringValue("spark_catalog")});
      return rows.Build();
    }
    case CommandKind::kShowColumns: return ShowColumns(context, command);
    case CommandKind::kShowTableProperties: return ShowProperties(context, command);
    case CommandKind::kShowFunctions: return ShowFunctions(command);
    case CommandKind::kShowCreateTable: {
      ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, command.target));
      if (target.provider == "delta")
        return Error("DELTA_OPERATION_NOT_ALLOWED", {{"operation", "SHOW CREATE TABLE"}},
                     "Operation not allowed: `SHOW CREATE TABLE` is not supported for Delta tables");
      if (target.IsView()) return ShowCreateView(*target.entry);
      return Unsupported("SHOW CREATE TABLE");
    }
    case CommandKind::kShowPartitions: {
      ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, command.target));
      if (target.provider == "delta") {
        const std::string database = target.is_path ? "delta" : target.name.database;
        const std::string table = target.is_path ? target.path : target.name.table;
        return Error("INVALID_PARTITION_OPERATION.PARTITION_MANAGEMENT_IS_UNSUPPORTED",
                     {{"name", catalog::QuoteParts({"spark_catalog", database, table})}});
      }
      if (target.IsView()) return NotATable(target, "SHOW PARTITIONS");
      if (target.is_path || !target.entry.has_value()) return Unsupported("SHOW PARTITIONS of a path");
      return ShowFilePartitions(context, command, target);
    }
    default: return InternalError("not a SHOW command");
  }
}

}  // namespace deltic::spark::command
