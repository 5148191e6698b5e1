#include "spark/command/replace_where.h"

#include "base/json_writer.h"
#include "spark/catalog/server_catalog.h"
#include "spark/command/dml_condition.h"
#include "spark/command/partition_predicate.h"
#include "spark/command/query_catalog.h"
#include "spark/command/row_constraints.h"
#include "spark/command/row_deletion.h"
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

// The rows, each held to the condition when it is written.
Result<RelPtr> HeldTo(session::Session* session, const RelPtr& rows, const plan::ExpressionPtr& condition) {
  std::vector<plan::ExpressionPtr> parts;
  Flatten(condition, &parts);
  sql::PrettyOptions unresolved;
  unresolved.attribute = [](const plan::UnresolvedAttribute& attribute) {
    std::string name = "'";
    for (size_t i = 0; i < attribute.parts.size(); i++) name += (i > 0 ? "." : "") + attribute.parts[i];
    return name;
  };
  std::vector<RowConstraint> constraints;
  for (const auto& part : parts) {
    const std::string name = "EXPRESSION(" + sql::PrettySql(*part, unresolved) + ")";
    constraints.push_back({RowConstraint::Kind::kCheck, name, {}, part});
  }
  TableExpressions expressions(session);
  return EnforceConstraints(rows, constraints, &expressions);
}

// A row that breaks the condition, told in the writer's terms.
Status Mismatch(Status status, const std::string& condition) {
  if (!status.Is("DELTA_VIOLATE_CONSTRAINT_WITH_VALUES")) return status;
  const std::string name(status.Param("constraintName"));
  if (!name.starts_with("EXPRESSION(")) return status;
  const std::string message = "[DELTA_VIOLATE_CONSTRAINT_WITH_VALUES] CHECK constraint " + name + " " +
                              std::string(status.Param("expression")) + " violated by row with values:\n" +
                              std::string(status.Param("values"));
  return Error("DELTA_REPLACE_WHERE_MISMATCH", {{"replaceWhere", condition}, {"message", message}});
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
  ASSIGN_OR_RETURN(const DeletionCounts deleted, DeleteRows(&dml, scan, bound));
  RelPtr rows = data;
  if (session->conf().GetBool("spark.databricks.delta.replaceWhere.constraintCheck.enabled", true)) {
    ASSIGN_OR_RETURN(rows, HeldTo(session, data, condition.condition));
  }
  if (deleted.change_files > 0) {
    // The commit has change files, so readers look nowhere else: the new rows must be there too.
    engine::QueryOptions options;
    options.time_zone = resolver.options().functions.time_zone;
    auto kept = dml.engine()->Materialize(rows, options);
    if (!kept.ok()) return Mismatch(kept.status(), condition.text);
    rows = std::move(kept).value();
    RETURN_IF_ERROR(dml.AddChanges(WithChangeType(rows, "insert")));
  }
  const Status written = dml.AddRows(rows);
  if (!written.ok()) return Mismatch(written, condition.text);
  JsonWriter partition_by;
  partition_by.BeginArray();
  for (const auto& column : write.partition_by) partition_by.String(column);
  return dml.Commit(
      "WRITE", {{"mode", "Overwrite"}, {"partitionBy", partition_by.EndArray().Take()}, {"predicate", condition.text}},
      MetricsOf(deleted, dml.written()));
}

}  // namespace deltic::spark::command
