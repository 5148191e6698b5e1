// DESCRIBE TABLE / QUERY / FUNCTION and EXPLAIN.
#include <algorithm>

#include "spark/catalog/table_path.h"
#include "spark/command/described_columns.h"
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"
#include "spark/functions/registry.h"
#include "spark/session/redaction.h"

namespace deltic::spark::command {
namespace {

using engine::RelPtr;
using engine::Value;
using types::StructField;
using types::TypeId;

ResultRows DescribeRows() {
  ResultRows rows;
  rows.Column("col_name", TypeId::kString, false, R"({"comment":"name of the column"})");
  rows.Column("data_type", TypeId::kString, false, R"({"comment":"data type of the column"})");
  rows.Column("comment", TypeId::kString, true, R"({"comment":"comment of the column"})");
  return rows;
}

Value CommentOf(const std::string& metadata) {
  const StructField field{"", TypeId::kString, true, metadata};
  return field.HasMetadata("comment") ? StringValue(field.MetadataString("comment")) : Value{};
}

void AddColumns(const engine::Rel& relation, ResultRows* rows) {
  for (const auto& column : relation.output) {
    rows->Add({StringValue(column.name), StringValue(column.type.SimpleString()), CommentOf(column.metadata)});
  }
}

void AddLine(ResultRows* rows, const std::string& name, const std::string& type, const std::string& comment = "") {
  rows->Add({StringValue(name), StringValue(type), StringValue(comment)});
}

void AddPartitions(const engine::Rel& relation, const std::vector<std::string>& partitions, ResultRows* rows) {
  if (partitions.empty()) return;
  AddLine(rows, "# Partition Information", "");
  AddLine(rows, "# col_name", "data_type", "comment");
  for (const auto& name : partitions) {
    for (const auto& column : relation.output) {
      if (types::EqualsIgnoreCase(column.name, name)) {
        rows->Add({StringValue(column.name), StringValue(column.type.SimpleString()), CommentOf(column.metadata)});
      }
    }
  }
}

void AddView(const catalog::TableEntry& view, ResultRows* rows) {
  AddLine(rows, "Catalog", "spark_catalog");
  AddLine(rows, "Database", view.database);
  AddLine(rows, "Table", view.name);
  AddLine(rows, "Type", "VIEW");
  if (!view.comment.empty()) AddLine(rows, "Comment", view.comment);
  AddLine(rows, "View Text", view.view_text);
  AddLine(rows, "View Original Text", view.view_text);
  AddLine(rows, "View Catalog and Namespace", "spark_catalog." + view.view_database);
  std::string columns;
  for (const auto& name : view.view_columns) columns += (columns.empty() ? "" : ", ") + types::QuoteIfNeeded(name);
  AddLine(rows, "View Query Output Columns", "[" + columns + "]");
}

// The properties as DESCRIBE EXTENDED shows them: [k=v,…], protocol included.
Result<std::string> PropertyList(const session::RuntimeConf& conf, const delta::Snapshot& snapshot) {
  ASSIGN_OR_RETURN(const auto properties, session::RedactOptions(conf, ShownProperties(snapshot)));
  std::string out;
  for (const auto& [key, value] : properties) out += (out.empty() ? "" : ",") + key + "=" + value;
  return "[" + out + "]";
}

Result<RelPtr> DescribeColumn(const engine::Rel& relation, const plan::NameParts& name) {
  for (const auto& column : relation.output) {
    if (!types::EqualsIgnoreCase(column.name, name.back())) continue;
    ResultRows rows;
    rows.Column("info_name", TypeId::kString, false, R"({"comment":"name of the column info"})");
    rows.Column("info_value", TypeId::kString, false, R"({"comment":"value of the column info"})");
    const Value comment = CommentOf(column.metadata);
    rows.Add({StringValue("col_name"), StringValue(column.name)});
    rows.Add({StringValue("data_type"), StringValue(column.type.SimpleString())});
    rows.Add({StringValue("comment"), comment.IsNull() ? StringValue("NULL") : comment});
    return rows.Build();
  }
  std::string proposal;
  for (const auto& column : relation.output)
    proposal += (proposal.empty() ? "" : ", ") + types::QuoteIdentifier(column.name);
  return Error("UNRESOLVED_COLUMN.WITH_SUGGESTION",
               {{"objectName", catalog::QuoteParts(name)}, {"proposal", proposal}});
}

}  // namespace

Result<RelPtr> RunDescribeTable(const CommandContext& context, const plan::DescribeTable& command) {
  ASSIGN_OR_RETURN(const RelPtr relation, DescribedColumns(context, command.table));
  if (!command.column.empty()) return DescribeColumn(*relation, command.column);
  ResultRows rows = DescribeRows();
  AddColumns(*relation, &rows);
  ASSIGN_OR_RETURN(const auto target, catalog::FindTarget(context.session, command.table));
  const bool is_view =
      command.table.size() == 1 && context.session->views()->contains(types::ToLower(command.table[0]));
  if (!target.has_value() || is_view) return rows.Build();
  std::shared_ptr<const delta::Snapshot> snapshot;
  std::vector<std::string> partitions;
  if (target->provider == "delta") {
    ASSIGN_OR_RETURN(snapshot, context.session->server()->catalog->LatestSnapshot(context.session, target->path));
    partitions = snapshot->metadata().partition_columns;
  } else if (target->entry.has_value()) {
    partitions = target->entry->partition_columns;
  }
  AddPartitions(*relation, partitions, &rows);
  if (!command.extended) return rows.Build();
  AddLine(&rows, "", "");
  AddLine(&rows, "# Detailed Table Information", "");
  if (target->IsView()) {
    AddView(*target->entry, &rows);
    return rows.Build();
  }
  AddLine(&rows, "Name", target->Display());
  const bool managed = target->entry.has_value() && target->entry->type == catalog::TableEntry::Type::kManaged;
  AddLine(&rows, "Type", managed ? "MANAGED" : "EXTERNAL");
  if (snapshot != nullptr && snapshot->metadata().description.has_value())
    AddLine(&rows, "Comment", *snapshot->metadata().description);
  AddLine(&rows, "Location", catalog::DisplayPath(target->path));
  AddLine(&rows, "Provider", target->provider);
  if (snapshot != nullptr) {
    ASSIGN_OR_RETURN(const std::string list, PropertyList(context.session->conf(), *snapshot));
    AddLine(&rows, "Table Properties", list);
  }
  return rows.Build();
}

Result<RelPtr> RunQueryCommand(const CommandContext& context, const plan::QueryCommand& command) {
  ASSIGN_OR_RETURN(const auto query, ResolveQuery(context.session, command.query, true));
  if (command.kind == plan::CommandKind::kDescribeQuery) {
    ResultRows rows = DescribeRows();
    AddColumns(*query.plan, &rows);
    return rows.Build();
  }
  ASSIGN_OR_RETURN(const std::string text, context.session->server()->engine->Explain(query.plan, query.options));
  ResultRows rows;
  rows.Column("plan", TypeId::kString);
  rows.Add({StringValue("== Physical Plan ==\n" + text + "\n")});
  return rows.Build();
}

Result<RelPtr> RunDescribeFunction(const CommandContext&, const plan::DescribeFunction& command) {
  ResultRows rows;
  rows.Column("function_desc", TypeId::kString, false);
  const auto* row = functions::FindFunction(command.name);
  if (row == nullptr) {
    rows.Add({StringValue("Function: " + command.name + " not found.")});
    return rows.Build();
  }
  rows.Add({StringValue("Function: " + std::string(row->name))});
  rows.Add({StringValue("Usage: " + std::string(row->doc))});
  if (command.extended) rows.Add({StringValue("Since: " + std::string(row->since))});
  return rows.Build();
}

}  // namespace deltic::spark::command
