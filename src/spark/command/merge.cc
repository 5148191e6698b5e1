// MERGE INTO: SQL, DataFrame.mergeInto and DeltaTable.merge.
#include "base/json_writer.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"
#include "delta/spec/type_widening.h"
#include "spark/command/delta_schema.h"
#include "spark/command/dependent_expressions.h"
#include "spark/command/dml_condition.h"
#include "spark/command/dml_write.h"
#include "spark/command/handlers.h"
#include "spark/command/merge_execute.h"
#include "spark/command/merge_resolve.h"
#include "spark/command/result_rows.h"
#include "spark/command/table_reads.h"

namespace deltic::spark::command {
namespace {

using engine::RelPtr;
using types::TypeId;

constexpr std::string_view kAutoMerge = "spark.databricks.delta.schema.autoMerge.enabled";

RelPtr MergeResult(const MergeCounts& counts) {
  ResultRows rows;
  rows.Column("num_affected_rows", TypeId::kLong)
      .Column("num_updated_rows", TypeId::kLong)
      .Column("num_deleted_rows", TypeId::kLong)
      .Column("num_inserted_rows", TypeId::kLong);
  const int64_t affected = counts.updated() + counts.deleted() + counts.inserted;
  rows.Add({engine::Value{affected}, engine::Value{counts.updated()}, engine::Value{counts.deleted()},
            engine::Value{counts.inserted}});
  return rows.Build();
}

const char* ActionType(ResolvedMergeClause::Action action) {
  switch (action) {
    case ResolvedMergeClause::Action::kUpdate: return "update";
    case ResolvedMergeClause::Action::kDelete: return "delete";
    case ResolvedMergeClause::Action::kInsert: return "insert";
  }
  return "";
}

Metrics Parameters(const plan::MergeInto& command, const ResolvedMerge& merge, const MergeSides& sides,
                   engine::Engine* engine) {
  std::vector<engine::Column> columns = sides.target->output;
  columns.insert(columns.end(), sides.source->output.begin(), sides.source->output.end());
  const auto predicates = [&](const std::vector<ResolvedMergeClause>& clauses) {
    JsonWriter json;
    json.BeginArray();
    for (const ResolvedMergeClause& clause : clauses) {
      json.BeginObject();
      if (clause.condition != nullptr) {
        json.Key("predicate").String(PredicateText(FoldConstants(engine, clause.condition), columns));
      }
      json.Key("actionType").String(ActionType(clause.action)).EndObject();
    }
    return json.EndArray().Take();
  };
  return {{"predicate", PredicateList(FoldConstants(engine, merge.condition), columns, command.condition)},
          {"matchedPredicates", predicates(merge.matched)},
          {"notMatchedPredicates", predicates(merge.not_matched)},
          {"notMatchedBySourcePredicates", predicates(merge.not_matched_by_source)}};
}

Metrics MetricsOf(const MergeCounts& counts, const DmlWrite& write, int64_t elapsed_ms) {
  const auto& written = write.written();
  const std::pair<const char*, int64_t> values[] = {
      {"numSourceRows", counts.source_rows},
      {"numTargetRowsInserted", counts.inserted},
      {"numTargetRowsUpdated", counts.updated()},
      {"numTargetRowsMatchedUpdated", counts.matched_updated},
      {"numTargetRowsNotMatchedBySourceUpdated", counts.by_source_updated},
      {"numTargetRowsDeleted", counts.deleted()},
      {"numTargetRowsMatchedDeleted", counts.matched_deleted},
      {"numTargetRowsNotMatchedBySourceDeleted", counts.by_source_deleted},
      {"numTargetRowsCopied", counts.copied},
      {"numTargetBytesAdded", written.bytes},
      {"numTargetBytesRemoved", counts.bytes_removed},
      {"numOutputRows", counts.inserted + counts.updated() + counts.copied},
      {"numTargetFilesAdded", written.files},
      {"numTargetFilesRemoved", counts.files_removed},
      {"numTargetChangeFilesAdded", written.change_files},
      {"executionTimeMs", elapsed_ms},
      {"materializeSourceTimeMs", counts.materialize_ms},
      {"scanTimeMs", counts.scan_ms},
      {"rewriteTimeMs", counts.rewrite_ms},
      {"numTargetDeletionVectorsAdded", counts.vectors_added},
      {"numTargetDeletionVectorsRemoved", counts.vectors_removed},
      {"numTargetDeletionVectorsUpdated", counts.vectors_updated},
  };
  Metrics out;
  for (const auto& [name, value] : values) out.emplace_back(name, std::to_string(value));
  return out;
}

// A store assignment that overflows is reported as delta-spark reports it for UPDATE and MERGE.
Status AsTableWrite(const Status& status) {
  if (!status.Is("CAST_OVERFLOW_IN_TABLE_INSERT")) return status;
  ErrorParams params = status.params();
  params.emplace_back("storeAssignmentPolicyFlag", "spark.sql.storeAssignmentPolicy");
  params.emplace_back("updateAndMergeCastingFollowsAnsiEnabledFlag",
                      "spark.databricks.delta.updateAndMergeCastingFollowsAnsiEnabledFlag");
  params.emplace_back("ansiEnabledFlag", "spark.sql.ansi.enabled");
  return Error("DELTA_CAST_OVERFLOW_IN_TABLE_WRITE", std::move(params));
}

// The metadata after the evolution that the MERGE asks for.
Result<delta::Metadata> EvolvedMetadata(const ResolvedMerge& merge, const delta::Snapshot& snapshot) {
  delta::Metadata metadata = snapshot.metadata();
  const bool widen = delta::TypeWideningEnabled(snapshot.protocol(), metadata);
  ASSIGN_OR_RETURN(const types::DataType merged, MergeSchema(snapshot.schema(), types::DataType::Struct(merge.schema),
                                                             {.merge = true, .widen = widen}, metadata.id));
  const auto version = delta::RecordedVersion(snapshot.protocol(), snapshot.version() + 1);
  metadata.schema = delta::RecordTypeChanges(snapshot.schema(), merged, version);
  RETURN_IF_ERROR(CheckNewTable(metadata.schema.fields(), metadata.partition_columns,
                                delta::MappingModeOf(metadata) != delta::ColumnMappingMode::kNone));
  metadata.schema_string = metadata.schema.Json();
  return metadata;
}

// Rows that stay in the table keep their ids; an updated one is of this version.
void CarryRowIds(const catalog::SnapshotScan& scan, ResolvedMerge* merge) {
  const auto& row_ids = scan.row_id_columns();
  if (row_ids.empty() || merge->IsInsertOnly()) return;
  for (const engine::Column& column : row_ids) {
    merge->schema.push_back({column.name, column.type, true, "{}"});
    merge->unchanged.push_back(Ref(column));
  }
  const engine::ExprPtr none = engine::MakeNull(TypeId::kLong);
  for (auto* clauses : {&merge->matched, &merge->not_matched, &merge->not_matched_by_source}) {
    for (ResolvedMergeClause& clause : *clauses) {
      if (clause.action == ResolvedMergeClause::Action::kDelete) continue;
      clause.values.push_back(clause.action == ResolvedMergeClause::Action::kUpdate ? Ref(row_ids[0]) : none);
      clause.values.push_back(none);
    }
  }
}

}  // namespace

Result<RelPtr> RunMerge(const CommandContext& context, const plan::MergeInto& command) {
  if (context.analyze_only) return MergeResult({});
  session::Session* session = context.session;
  const int64_t started = session->server()->clock->NowMillis();
  ASSIGN_OR_RETURN(const DmlTable table, OpenDmlTable(context, command.target, "MERGE"));
  QueryCatalog catalog(session);
  const resolve::ResolveOptions options = session->MakeResolveOptions();
  resolve::Resolver resolver(&catalog, session->server()->engine, session->views(), options, false);
  ASSIGN_OR_RETURN(const auto scan, catalog::SnapshotScan::Make(session, table.snapshot, table.qualifier, &resolver));
  MergeSides sides;
  sides.target = scan.Empty();
  sides.table_id = table.snapshot->metadata().id;
  sides.widen = delta::TypeWideningEnabled(table.snapshot->protocol(), table.snapshot->metadata());
  ASSIGN_OR_RETURN(sides.source, resolver.Resolve(command.source));
  ASSIGN_OR_RETURN(StoreRules rules, MakeStoreRules(session->conf(), options.functions));
  rules.evolve = command.with_schema_evolution || session->conf().GetBool(kAutoMerge, false);
  TableExpressions expressions(session);
  const ComputedColumns computed(&table.snapshot->metadata(), &expressions, &rules);
  ASSIGN_OR_RETURN(ResolvedMerge merge, ResolveMerge(command, sides, rules, computed, &resolver));

  DmlWrite write(context, table.io, table.snapshot, {});
  ASSIGN_OR_RETURN(const bool applied, write.AlreadyApplied());
  if (applied) return MergeResult({});
  if (merge.schema_changed) {
    RETURN_IF_ERROR(CheckDependentTypes(session, *table.snapshot, types::DataType::Struct(merge.schema)));
    ASSIGN_OR_RETURN(auto metadata, EvolvedMetadata(merge, *table.snapshot));
    RETURN_IF_ERROR(write.ChangeMetadata(std::move(metadata)));
  }
  RETURN_IF_ERROR(write.txn().CheckWritable());
  const auto own_reads = TableReads::Find(sides.source, table.snapshot->table_path());
  RETURN_IF_ERROR(own_reads.Declare(write.engine(), &write.txn()));
  CarryRowIds(scan, &merge);
  MergeExecution execution(&write, &scan, &merge, sides.source);
  auto counts = execution.Run();
  if (!counts.ok()) return AsTableWrite(counts.status());
  const int64_t elapsed = session->server()->clock->NowMillis() - started;
  RETURN_IF_ERROR(
      write.Commit("MERGE", Parameters(command, merge, sides, write.engine()), MetricsOf(*counts, write, elapsed))
          .status());
  return MergeResult(*counts);
}

}  // namespace deltic::spark::command
