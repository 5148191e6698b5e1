#include "spark/command/replace_where.h"

#include <algorithm>

#include "base/json_writer.h"
#include "spark/catalog/server_catalog.h"
#include "spark/command/dml_condition.h"
#include "spark/command/partition_predicate.h"
#include "spark/command/query_catalog.h"
#include "spark/command/row_constraints.h"
#include "spark/command/row_deletion.h"
#include "spark/command/table_reads.h"
#include "spark/resolve/python_functions.h"
#include "spark/sql/parser.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::command {
namespace {

using engine::RelPtr;

constexpr char kByDataColumns[] = "spark.databricks.delta.replaceWhere.dataColumns.enabled";

void Flatten(const plan::ExpressionPtr& condition, std::vector<plan::ExpressionPtr>* out) {
  if (condition->kind == plan::ExpressionKind::kFunction) {
    const auto& call = condition->As<plan::UnresolvedFunction>();
    if (types::EqualsIgnoreCase(call.name, "and")) {
      for (const auto& arg : call.args) Flatten(arg, out);
      return;
    }
  }
  out->push_back(condition);
}

// As Catalyst prints it before it is bound: ('v = a).
std::string UnresolvedText(const plan::Expression& expr) {
  sql::PrettyOptions unresolved;
  unresolved.attribute = [](const plan::UnresolvedAttribute& attribute) {
    std::string name = "'";
    for (size_t i = 0; i < attribute.parts.size(); i++) name += (i > 0 ? "." : "") + attribute.parts[i];
    return name;
  };
  return sql::PrettySql(expr, unresolved);
}

// What the condition asks of the rows written, as complete rows of the table.
std::vector<RowConstraint> ConditionConstraints(const plan::ExpressionPtr& condition) {
  std::vector<plan::ExpressionPtr> parts;
  Flatten(condition, &parts);
  std::vector<RowConstraint> constraints;
  for (const auto& part : parts) {
    const std::string name = "EXPRESSION(" + UnresolvedText(*part) + ")";
    constraints.push_back({RowConstraint::Kind::kCheck, name, {}, part});
  }
  return constraints;
}

// The new rows. Where the commit has change files readers look nowhere else, so they must be there, too: the very rows
// that the table gets, which are kept lest what they are computed from gives others.
Status AddNewRows(DmlWrite* dml, const RelPtr& data, bool as_changes, const engine::QueryOptions& options) {
  if (!as_changes) return dml->AddRows(data);
  ASSIGN_OR_RETURN(const RelPtr runnable, dml->Runnable(data));
  ASSIGN_OR_RETURN(auto prepared, dml->files().Prepare(runnable));
  ASSIGN_OR_RETURN(prepared.rows, dml->engine()->Materialize(prepared.rows, options));
  RETURN_IF_ERROR(dml->AddChanges(WithChangeType(prepared.rows, "insert")));
  return dml->AddPrepared(prepared);
}

// What is said of a row that may not be in the table; empty when something else went wrong.
std::string ViolationText(const Status& status) {
  const auto param = [&](const char* name) { return std::string(status.Param(name)); };
  if (status.Is("DELTA_VIOLATE_CONSTRAINT_WITH_VALUES")) {
    return "CHECK constraint " + param("constraintName") + " " + param("expression") +
           " violated by row with values:\n" + param("values");
  }
  if (status.Is("DELTA_NOT_NULL_CONSTRAINT_VIOLATED")) {
    return "NOT NULL constraint violated for column: " + param("columnName") + ".\n";
  }
  if (status.Is("DELTA_EXCEED_CHAR_VARCHAR_LIMIT")) {
    return "Value \"" + param("value") +
           "\" exceeds char/varchar type length limitation. Failed check: " + param("expr") + ".";
  }
  return {};
}

// delta-spark tells of a row that breaks the condition, or any other rule of the table, in the writer's terms.
Status Mismatch(const Status& status, const std::string& condition) {
  const std::string violation = ViolationText(status);
  if (violation.empty()) return status;
  return Error("DELTA_REPLACE_WHERE_MISMATCH",
               {{"replaceWhere", condition}, {"message", "[" + status.condition() + "] " + violation}});
}

Metrics MetricsOf(const DeletionCounts& deleted, const DmlWrite::WrittenCounts& written) {
  const auto text = [](int64_t n) { return std::to_string(n); };
  const int64_t copied = deleted.copied_rows + deleted.kept_rows;
  const int64_t rows = written.rows + deleted.kept_rows;
  Metrics out = {{"numFiles", text(written.files + deleted.vectors_added + deleted.vectors_updated)},
                 {"numOutputBytes", text(written.bytes + deleted.kept_bytes)},
                 {"numAddedChangeFiles", text(written.change_files)},
                 {"numRemovedFiles", text(deleted.removed_files)},
                 {"numRemovedBytes", text(deleted.removed_bytes)}};
  if (rows == 0) return out;
  out.emplace_back("numOutputRows", text(rows));
  if (deleted.rows.value_or(0) == 0 && deleted.removed_files != 0) return out;  // not known
  out.emplace_back("numDeletedRows", text(deleted.rows.value_or(0)));
  out.emplace_back("numCopiedRows", text(copied));
  return out;
}

}  // namespace

Result<std::optional<ReplaceCondition>> ReplaceConditionOf(session::Session* session, const DeltaWrite& write) {
  if (write.replace_where != nullptr) {
    return std::optional<ReplaceCondition>({write.replace_where, ExpressionSql(*write.replace_where)});
  }
  const auto text = plan::FindOption(write.options, "replaceWhere");
  if (!text.has_value()) return std::optional<ReplaceCondition>();
  auto parsed = sql::ParseExpression(*text, session->MakeResolveOptions().parser);
  if (!parsed.ok()) return Error("DELTA_FAILED_RECOGNIZE_PREDICATE", {{"predicate", *text}});
  return std::optional<ReplaceCondition>({std::move(parsed).value(), *text});
}

Status CheckRearranges(session::Session* session, const ReplaceCondition& condition, const delta::Metadata& metadata) {
  if (!session->conf().GetBool(kByDataColumns, true)) return Status::Ok();  // partitions are all that it may name
  const auto is_partition = [&](const std::vector<std::string>& path) {
    return std::any_of(metadata.partition_columns.begin(), metadata.partition_columns.end(), [&](const auto& column) {
      return path.size() == 1 && types::EqualsIgnoreCase(column, path[0]);
    });
  };
  std::vector<plan::ExpressionPtr> parts;
  Flatten(condition.condition, &parts);
  std::string by_data;
  for (const auto& part : parts) {
    const auto columns = ReferencedColumns(part);
    if (std::all_of(columns.begin(), columns.end(), is_partition)) continue;
    by_data += (by_data.empty() ? "" : ",") + UnresolvedText(*part);
  }
  if (by_data.empty()) return Status::Ok();
  return Error("DELTA_REPLACE_WHERE_WITH_FILTER_DATA_CHANGE_UNSET", {{"dataFilters", by_data}});
}

Result<std::optional<int64_t>> ReplaceRows(session::Session* session, const DeltaWrite& write,
                                           const ReplaceCondition& condition,
                                           std::shared_ptr<const delta::Snapshot> snapshot,
                                           const delta::Metadata& metadata, const RelPtr& data,
                                           const std::function<bool()>& interrupted) {
  const CommandContext context{session, interrupted, false};
  if (!session->conf().GetBool(kByDataColumns, true)) {
    RETURN_IF_ERROR(PartitionPredicate::Parse(session, *snapshot, condition.text).status());
  }
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, write.path));
  QueryCatalog catalog(session);
  resolve::Resolver resolver(&catalog, session->server()->engine, session->views(), session->MakeResolveOptions(),
                             false);
  ASSIGN_OR_RETURN(const auto scan, catalog::SnapshotScan::Make(session, snapshot, {}, &resolver));
  ASSIGN_OR_RETURN(const auto bound, BindCondition(&resolver, condition.condition, scan.Empty(), "DELETE"));
  if (HasRandom(bound)) return RandomExpressions({sql::PrettySql(*condition.condition)});
  if (resolve::CallsPython(bound)) {
    return Error("_LEGACY_ERROR_TEMP_1109", {{"f", PredicateText(bound, scan.Empty()->output)}});
  }
  DmlWrite dml(context, io, snapshot, write.options);
  ASSIGN_OR_RETURN(const bool applied, dml.AlreadyApplied());
  if (applied) return std::optional<int64_t>();
  RETURN_IF_ERROR(dml.CheckRemovable());
  RETURN_IF_ERROR(dml.ChangeMetadata(metadata));
  RETURN_IF_ERROR(TableReads::Find(data, write.path).Declare(dml.engine(), &dml.txn()));
  if (!plan::FindFlag(write.options, "dataChange", true)) dml.RearrangesOnly();
  ASSIGN_OR_RETURN(const DeletionCounts deleted, DeleteRows(&dml, scan, bound));
  if (session->conf().GetBool("spark.databricks.delta.replaceWhere.constraintCheck.enabled", true)) {
    dml.files().AlsoEnforce(ConditionConstraints(condition.condition));
  }
  engine::QueryOptions options;
  options.time_zone = resolver.options().functions.time_zone;
  dml.files().SpreadOver(write.files);
  const Status written = AddNewRows(&dml, data, deleted.change_files > 0, options);
  if (!written.ok()) return Mismatch(written, condition.text);
  JsonWriter partition_by;
  partition_by.BeginArray();
  for (const auto& column : write.partition_by) partition_by.String(column);
  return dml.Commit(
      "WRITE", {{"mode", "Overwrite"}, {"partitionBy", partition_by.EndArray().Take()}, {"predicate", condition.text}},
      MetricsOf(deleted, dml.written()));
}

}  // namespace deltic::spark::command
