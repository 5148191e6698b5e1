// DELETE FROM.
#include "spark/command/dml_condition.h"
#include "spark/command/handlers.h"
#include "spark/command/query_catalog.h"
#include "spark/command/result_rows.h"
#include "spark/command/row_deletion.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::command {
namespace {

using engine::RelPtr;

Metrics MetricsOf(const DeletionCounts& counts, int64_t elapsed_ms) {
  const auto text = [](int64_t n) { return std::to_string(n); };
  const bool rows_known = counts.rows.value_or(0) != 0 || counts.removed_files == 0;
  Metrics out = {{"numRemovedFiles", text(counts.removed_files)},
                 {"numRemovedBytes", text(counts.removed_bytes)},
                 {"numAddedBytes", text(counts.added_bytes)},
                 {"numAddedChangeFiles", text(counts.change_files)},
                 {"executionTimeMs", text(elapsed_ms)},
                 {"scanTimeMs", text(counts.scan_ms)},
                 {"rewriteTimeMs", text(counts.rewrite_ms)},
                 // An updated vector counts as one added and one removed, as delta-spark shows it.
                 {"numDeletionVectorsAdded", text(counts.vectors_added + counts.vectors_updated)},
                 {"numDeletionVectorsRemoved", text(counts.vectors_removed + counts.vectors_updated)},
                 {"numDeletionVectorsUpdated", text(counts.vectors_updated)}};
  if (rows_known) {
    out.emplace_back("numDeletedRows", text(counts.rows.value_or(0)));
    out.emplace_back("numCopiedRows", text(counts.copied_rows));
    out.emplace_back("numAddedFiles", text(counts.added_files));
  }
  return out;
}

}  // namespace

RelPtr AffectedRows(std::optional<int64_t> rows) {
  ResultRows out;
  out.Column("num_affected_rows", types::TypeId::kLong);
  if (rows.has_value()) out.Add({engine::Value{*rows}});
  return out.Build();
}

Result<RelPtr> RunDelete(const CommandContext& context, const plan::DeleteFrom& command) {
  ASSIGN_OR_RETURN(const DmlTable table, OpenDmlTable(context, command.target, "DELETE"));
  QueryCatalog catalog(context.session);
  resolve::Resolver resolver(&catalog, context.session->server()->engine, context.session->views(),
                             context.session->MakeResolveOptions(), false);
  ASSIGN_OR_RETURN(const auto scan,
                   catalog::SnapshotScan::Make(context.session, table.snapshot, table.qualifier, &resolver));
  const RelPtr columns = table.VisibleColumns(scan);
  ASSIGN_OR_RETURN(const auto shown, BindCondition(&resolver, command.condition, columns, "DELETE"));
  if (HasRandom(shown)) return RandomExpressions({sql::PrettySql(*command.condition)});
  const auto condition = table.view == nullptr ? shown : OverTable(shown, *columns);
  DmlWrite write(context, table.io, table.snapshot, {});
  RETURN_IF_ERROR(write.CheckRemovable());
  ASSIGN_OR_RETURN(const bool applied, write.AlreadyApplied());
  if (applied) return AffectedRows(std::nullopt);
  const int64_t started = context.session->server()->clock->NowMillis();
  ASSIGN_OR_RETURN(const DeletionCounts counts, DeleteRows(&write, scan, condition));
  const int64_t elapsed = context.session->server()->clock->NowMillis() - started;
  const std::string predicate =
      condition == nullptr ? "[\"true\"]"
                           : PredicateList(FoldConstants(write.engine(), shown), columns->output, command.condition);
  RETURN_IF_ERROR(write.Commit("DELETE", {{"predicate", predicate}}, MetricsOf(counts, elapsed)).status());
  const bool unknown = counts.removed_files > 0 && counts.rows.value_or(0) == 0;
  return AffectedRows(unknown ? -1 : counts.rows.value_or(0));
}

}  // namespace deltic::spark::command
