#include "spark/command/merge_execute.h"

#include <algorithm>
#include <map>
#include <set>

#include "delta/skipping/file_stats.h"
#include "spark/functions/coercion.h"
#include "spark/resolve/python_functions.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::command {
namespace {

using catalog::FileRows;
using engine::Column;
using engine::ExprPtr;
using engine::JoinType;
using engine::RelPtr;
using types::TypeId;
using Action = ResolvedMergeClause::Action;
using Clauses = MergeClauses;

RelPtr Typed(const RelPtr& rows, const char* change_type) {
  return rows == nullptr ? nullptr : WithChangeType(rows, change_type);
}

// False for Python functions, too: neither partitions nor statistics nor extremes are asked with them.
bool UsesOnly(const ExprPtr& expr, const std::set<engine::ColumnId>& ids) {
  if (resolve::CallsPython(expr)) return false;
  std::set<engine::ColumnId> used;
  resolve::CollectColumnIds(expr, &used);
  return std::includes(ids.begin(), ids.end(), used.begin(), used.end());
}

std::set<engine::ColumnId> IdsOf(const std::vector<Column>& columns) {
  std::set<engine::ColumnId> ids;
  for (const Column& column : columns) ids.insert(column.id);
  return ids;
}

}  // namespace

MergeExecution::MergeExecution(DmlWrite* write, const catalog::SnapshotScan* scan, const ResolvedMerge* merge,
                               RelPtr source)
    : write_(write),
      scan_(scan),
      merge_(merge),
      source_(std::move(source)),
      source_row_(LongColumn("__source_row")),
      match_file_(LongColumn("__match_file")),
      match_row_(LongColumn("__match_row")),
      match_source_(LongColumn("__match_source")),
      match_action_(LongColumn("__match_action")) {}

Result<MergeCounts> MergeExecution::Run() {
  if (merge_->IsInsertOnly()) {
    RETURN_IF_ERROR(InsertOnly());
    return counts_;
  }
  if (IsSmall()) {
    RETURN_IF_ERROR(OnePass());
    return counts_;
  }
  const int64_t started = NowMillis();
  RETURN_IF_ERROR(PrepareSource());
  const int64_t prepared = NowMillis();
  RETURN_IF_ERROR(FindMatches());
  RETURN_IF_ERROR(FindUnmatchedTargets());
  const int64_t found = NowMillis();
  RETURN_IF_ERROR(WriteChangedRows());
  counts_.materialize_ms = prepared - started;
  counts_.scan_ms = found - prepared;
  counts_.rewrite_ms = NowMillis() - found;
  return counts_;
}

// Numbers the rows of the source and keeps them: it is read several times, and may be neither cheap nor deterministic.
Status MergeExecution::PrepareSource() {
  std::set<engine::ColumnId> used;
  const auto use = [&](const ExprPtr& expr) {
    if (expr != nullptr) resolve::CollectColumnIds(expr, &used);
  };
  use(merge_->condition);
  for (const Clauses* clauses : {&merge_->matched, &merge_->not_matched}) {
    for (const ResolvedMergeClause& clause : *clauses) {
      use(clause.condition);
      for (const ExprPtr& value : clause.values) use(value);
    }
  }
  std::vector<Column> output;
  std::vector<ExprPtr> exprs;
  for (const Column& column : source_->output) {
    if (!used.contains(column.id)) continue;
    output.push_back(column);
    exprs.push_back(Ref(column));
  }
  auto number = std::make_shared<engine::WindowExpr>("row_number", std::vector<ExprPtr>(), TypeId::kLong, false);
  number->frame.unit = engine::WindowFrame::Unit::kRows;
  const Column numbered = LongColumn("__number");
  output.push_back(numbered);
  exprs.push_back(number);
  const RelPtr rows = ProjectAs(source_, output, std::move(exprs));
  RowCount count;
  std::vector<ExprPtr> counted;
  for (size_t i = 0; i + 1 < output.size(); i++) counted.push_back(Ref(output[i]));
  counted.push_back(engine::RecordRow(engine::MakeLong(0), Ref(numbered), &count));
  output.back() = source_row_;
  const RelPtr all = ProjectAs(rows, std::move(output), std::move(counted));
  ASSIGN_OR_RETURN(source_, Materialize(all));
  counts_.source_rows = count.count();
  return Status::Ok();
}

// Bounds that the source's values set for the target's side of `column = value` conjuncts; null: none.
Result<ExprPtr> MergeExecution::SourceKeyBounds(const std::vector<ExprPtr>& conjuncts) const {
  const auto target = IdsOf(scan_->columns());
  const auto source = IdsOf(source_->output);
  std::vector<ExprPtr> keys;
  std::vector<ExprPtr> extremes;
  std::vector<Column> output;
  for (const ExprPtr& conjunct : conjuncts) {
    if (conjunct->kind != engine::ExprKind::kCall || conjunct->As<engine::Call>().function != "=") continue;
    const auto& args = conjunct->As<engine::Call>().args;
    for (size_t side = 0; side < 2; side++) {
      const ExprPtr& key = args[side];
      const ExprPtr& value = args[1 - side];
      if (key->kind != engine::ExprKind::kColumn || !UsesOnly(key, target) || !UsesOnly(value, source)) continue;
      // NaN has no place in statistics.
      if (value->type.IsNested() || value->type.IsFractional() || !functions::IsOrderable(value->type)) continue;
      keys.push_back(key);
      for (const char* function : {"min", "max"}) {
        extremes.push_back(
            std::make_shared<engine::Aggregate>(function, std::vector<ExprPtr>{value}, value->type, true));
        output.push_back({engine::FreshColumnId(), function, value->type, true});
      }
      break;
    }
  }
  if (keys.empty()) return ExprPtr();
  auto plan = std::make_shared<engine::AggregateRel>(source_, output);
  plan->aggregates = std::move(extremes);
  ASSIGN_OR_RETURN(const auto rows, write_->engine()->Collect(plan, Options(), 1));
  ExprPtr bounds;
  for (size_t i = 0; i < keys.size(); i++) {
    ExprPtr both = engine::MakeBool(false);  // no value equals NULL
    if (!rows[0][2 * i].IsNull()) {
      const auto bound = [&](const char* op, size_t at) {
        return Compare(op, keys[i], std::make_shared<engine::Literal>(rows[0][at], output[at].type));
      };
      both = Both(bound(">=", 2 * i), bound("<=", 2 * i + 1));
    }
    bounds = bounds == nullptr ? both : Both(bounds, both);
  }
  return bounds;
}

// The files that may hold matching rows: by the conjuncts of the condition that only the target decides and by the
// range of the source's keys. All files when rows without a match count too.
Result<FileSelection> MergeExecution::SelectCandidates(bool source_kept) {
  if (!merge_->not_matched_by_source.empty()) {
    return SelectFiles(write_->engine(), *scan_, nullptr, &write_->txn());
  }
  const auto target = IdsOf(scan_->columns());
  const std::set<engine::ColumnId> partitions(scan_->partition_ids().begin(), scan_->partition_ids().end());
  std::vector<ExprPtr> conjuncts = Conjuncts(merge_->condition);
  if (source_kept && scan_->snapshot().files().size() > 1) {
    ASSIGN_OR_RETURN(const ExprPtr bounds, SourceKeyBounds(conjuncts));
    for (const ExprPtr& bound : Conjuncts(bounds)) conjuncts.push_back(bound);
  }
  ExprPtr condition;
  bool by_partition = false;
  for (const ExprPtr& conjunct : conjuncts) {
    if (!UsesOnly(conjunct, target)) continue;
    condition = condition == nullptr ? conjunct : Both(condition, conjunct);
    std::set<engine::ColumnId> used;
    resolve::CollectColumnIds(conjunct, &used);
    by_partition = by_partition || (!used.empty() && UsesOnly(conjunct, partitions));
  }
  // Wherever a match could be added meanwhile, the outcome would be another.
  if (!by_partition) write_->txn().ReadPartitions([](const delta::PartitionValues&) { return true; });
  return SelectFiles(write_->engine(), *scan_, condition, &write_->txn());
}

// The source with source_row_, which is always 0: testing it makes every row pass here, and be counted, once.
RelPtr MergeExecution::CountedSource(RowCount* count) const {
  std::vector<Column> output = source_->output;
  std::vector<ExprPtr> exprs;
  for (const Column& column : output) exprs.push_back(Ref(column));
  output.push_back(source_row_);
  exprs.push_back(engine::RecordRow(engine::MakeLong(0), engine::MakeLong(0), count));
  return FilterBy(ProjectAs(source_, std::move(output), std::move(exprs)),
                  Compare("=", Ref(source_row_), engine::MakeLong(0)));
}

Status MergeExecution::InsertOnly() {
  const int64_t started = NowMillis();
  RowCount count;
  RelPtr counted = CountedSource(&count);
  const Clauses& clauses = merge_->not_matched;
  // Kept first, lest the clauses' conditions are moved below the counting.
  if (!IsUnconditional(clauses)) {
    ASSIGN_OR_RETURN(counted, Materialize(counted));
  }
  ASSIGN_OR_RETURN(const FileSelection selection, SelectCandidates(/*source_kept=*/false));
  ASSIGN_OR_RETURN(const RelPtr target, scan_->Over(selection.Rows(), false));
  const RelPtr unmatched =
      selection.files.empty() ? counted : JoinOn(JoinType::kLeftAnti, counted, target, merge_->condition);
  const ExprPtr which = FirstClause(clauses);
  RelPtr rows = unmatched;
  if (!IsUnconditional(clauses)) rows = FilterBy(rows, Compare(">=", which, engine::MakeLong(0)));
  // Identity columns are absent from the rows: they are numbered as they are written.
  write_->files().NumberIdentityColumns(&write_->txn());
  RETURN_IF_ERROR(write_->AddRows(InSchema(rows, ValuesOf(clauses, Action::kInsert, which), merge_->numbered)));
  counts_.source_rows = count.count();
  counts_.inserted = write_->written().rows;
  counts_.rewrite_ms = NowMillis() - started;
  return Status::Ok();
}

// Phase 1: pairs of target row and source row, and the clause that applies to each.
Status MergeExecution::FindMatches() {
  ASSIGN_OR_RETURN(const FileSelection selection, SelectCandidates(/*source_kept=*/true));
  candidates_ = selection.files;
  if (selection.files.empty() || counts_.source_rows == 0) return Status::Ok();
  ASSIGN_OR_RETURN(const RelPtr target, scan_->Over(selection.Rows(), true));
  const RelPtr joined = JoinOn(JoinType::kInner, target, source_, merge_->condition);
  const RelPtr decided =
      ProjectAs(joined, std::vector<Column>{scan_->file_column(), scan_->row_column(), source_row_, match_action_},
                std::vector<ExprPtr>{Ref(scan_->file_column()), Ref(scan_->row_column()), Ref(source_row_),
                                     FirstClause(merge_->matched)});
  CountedRows all;
  TouchedRows updated, deleted;
  ExprPtr row = engine::RecordRow(Ref(scan_->file_column()), Ref(scan_->row_column()), &all);
  const bool same = IsUnconditional(merge_->matched);  // every match does the same
  const Column counted = LongColumn("__counted_row");
  RelPtr pairs = ProjectAs(decided, std::vector<Column>{match_file_, counted, match_source_, match_action_},
                           std::vector<ExprPtr>{Ref(scan_->file_column()), row, Ref(source_row_), Ref(match_action_)});
  if (!same && !merge_->matched.empty()) {
    std::vector<std::pair<ExprPtr, ExprPtr>> branches;
    branches.emplace_back(DoesAction(merge_->matched, Action::kUpdate, Ref(match_action_)),
                          engine::RecordRow(Ref(match_file_), Ref(counted), &updated));
    branches.emplace_back(DoesAction(merge_->matched, Action::kDelete, Ref(match_action_)),
                          engine::RecordRow(Ref(match_file_), Ref(counted), &deleted));
    row = std::make_shared<engine::Case>(std::move(branches), Ref(counted), TypeId::kLong, true);
  } else {
    row = Ref(counted);
  }
  pairs = ProjectAs(pairs, std::vector<Column>{match_file_, match_row_, match_source_, match_action_},
                    std::vector<ExprPtr>{Ref(match_file_), row, Ref(match_source_), Ref(match_action_)});
  ASSIGN_OR_RETURN(pairs, Materialize(pairs));
  RETURN_IF_ERROR(CheckSingleMatches(all));
  if (all.added() == 0) return Status::Ok();
  matches_ = pairs;
  matched_rows_ = all.Take();
  if (same) {
    (merge_->matched[0].action == Action::kUpdate ? matched_.updated : matched_.deleted) = matched_rows_;
  } else {
    matched_.updated = updated.Take();
    matched_.deleted = deleted.Take();
  }
  CountChanged();
  return Status::Ok();
}

void MergeExecution::CountChanged() {
  counts_.matched_updated = CountOf(matched_.updated);
  counts_.matched_deleted = CountOf(matched_.deleted);
  counts_.by_source_updated = CountOf(by_source_.updated);
  counts_.by_source_deleted = CountOf(by_source_.deleted);
}

Status MergeExecution::CheckSingleMatches(const CountedRows& matches) const {
  if (matches.added() == matches.Count() || merge_->IsOneUnconditionalDelete()) return Status::Ok();
  return Error("DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE",
               {{"usageReference", "https://docs.delta.io/latest/delta-update.html#upsert-into-a-table-using-merge"}});
}

// Rows of the target that no source row matches and that a NOT MATCHED BY SOURCE clause changes.
Status MergeExecution::FindUnmatchedTargets() {
  const Clauses& clauses = merge_->not_matched_by_source;
  if (clauses.empty() || candidates_.empty()) return Status::Ok();
  std::map<size_t, std::shared_ptr<const delta::DeletionVector>> matched;
  for (const TouchedFile& touched : matched_rows_) matched[touched.file] = touched.rows;
  std::vector<FileRows> files;
  for (const size_t file : candidates_) {
    const auto found = matched.find(file);
    if (found == matched.end()) {
      files.push_back({file, FileRows::Which::kLive, nullptr});
    } else {
      files.push_back({file, FileRows::Which::kWithout, found->second});
    }
  }
  ASSIGN_OR_RETURN(const RelPtr rows, scan_->Over(files, true));
  const ExprPtr which = FirstClause(clauses);
  for (const Action action : {Action::kUpdate, Action::kDelete}) {
    if (!HasAction(clauses, action)) continue;
    const RelPtr kept = IsUnconditional(clauses) ? rows : FilterBy(rows, DoesAction(clauses, action, which));
    ASSIGN_OR_RETURN(auto found, write_->FindRows(*scan_, kept));
    (action == Action::kUpdate ? by_source_.updated : by_source_.deleted) = std::move(found);
  }
  CountChanged();
  return Status::Ok();
}

// Phase 2: the changed rows are fetched and written anew, with their changes; what they replace is removed.
Status MergeExecution::WriteChangedRows() {
  const std::vector<TouchedFile> changed =
      UnionOf({&matched_.updated, &matched_.deleted, &by_source_.updated, &by_source_.deleted});
  // Without an update or a delete the commit is an append, whose changes are its files.
  records_changes_ = write_->change_feed() && !changed.empty();
  ASSIGN_OR_RETURN(const Images matched, MatchedUpdates());
  ASSIGN_OR_RETURN(const Images by_source, UnmatchedUpdates());
  ASSIGN_OR_RETURN(const RelPtr inserted, Inserted());
  RelPtr rows = Together(Together(matched.after, by_source.after), inserted);
  const bool vectors = changed.empty() || UsesVectors();
  if (!vectors) {
    ASSIGN_OR_RETURN(const RelPtr copied, Copied(changed));
    rows = Together(copied, rows);
  }
  if (rows != nullptr) RETURN_IF_ERROR(write_->AddRows(rows));
  counts_.inserted = write_->written().rows - counts_.updated() - counts_.copied;
  if (!numbered_.empty() && counts_.inserted > 0) {
    RETURN_IF_ERROR(
        write_->txn().UpdateIdentityMarks(WithHighWaterMarks(write_->txn().metadata(), numbered_, counts_.inserted)));
  }
  if (records_changes_) {
    ASSIGN_OR_RETURN(const RelPtr deleted, Deleted());
    RelPtr changes = Together(Typed(matched.before, "update_preimage"), Typed(matched.after, "update_postimage"));
    changes = Together(
        changes, Together(Typed(by_source.before, "update_preimage"), Typed(by_source.after, "update_postimage")));
    changes = Together(Together(changes, Typed(deleted, "delete")), Typed(inserted, "insert"));
    RETURN_IF_ERROR(write_->AddChanges(changes));
  }
  return RemoveChangedRows(changed, vectors);
}

// Takes the changed rows out of the table: by deletion vectors, or with their files.
Status MergeExecution::RemoveChangedRows(const std::vector<TouchedFile>& changed, bool vectors) {
  if (changed.empty()) return Status::Ok();
  if (!vectors) {
    std::vector<size_t> files;
    for (const TouchedFile& touched : changed) files.push_back(touched.file);
    counts_.files_removed = static_cast<int64_t>(files.size());
    counts_.bytes_removed = write_->RemoveFiles(files);
    return Status::Ok();
  }
  for (const TouchedFile& touched : changed) {
    const delta::AddFile& file = scan_->snapshot().files()[touched.file];
    if (delta::LiveRows(file) == static_cast<int64_t>(touched.rows->Cardinality())) {
      counts_.bytes_removed += file.size_bytes;
    }
  }
  ASSIGN_OR_RETURN(const auto hidden, write_->HideRows(changed));
  counts_.files_removed = hidden.removed_files;
  counts_.vectors_added = hidden.added + hidden.updated;
  counts_.vectors_removed = hidden.removed + hidden.updated;
  counts_.vectors_updated = hidden.updated;
  return Status::Ok();
}

bool MergeExecution::UsesVectors() const {
  return write_->UsesVectors("spark.databricks.delta.merge.deletionVectors.persistent");
}

Result<MergeExecution::Images> MergeExecution::MatchedUpdates() {
  if (matched_.updated.empty()) return Images();
  ASSIGN_OR_RETURN(const RelPtr target, Only(matched_.updated, true));
  const ExprPtr same_row = Both(Compare("=", Ref(scan_->file_column()), Ref(match_file_)),
                                Compare("=", Ref(scan_->row_column()), Ref(match_row_)));
  RelPtr joined = JoinOn(JoinType::kInner, target, matches_, same_row);
  joined = JoinOn(JoinType::kInner, joined, source_, Compare("=", Ref(match_source_), Ref(source_row_)));
  return ImagesOf(joined, ValuesOf(merge_->matched, Action::kUpdate, Ref(match_action_)));
}

Result<MergeExecution::Images> MergeExecution::UnmatchedUpdates() {
  if (by_source_.updated.empty()) return Images();
  ASSIGN_OR_RETURN(RelPtr target, Only(by_source_.updated, false));
  const Clauses& clauses = merge_->not_matched_by_source;
  const Column which = LongColumn("__clause");
  std::vector<Column> output = target->output;
  std::vector<ExprPtr> exprs;
  for (const Column& column : output) exprs.push_back(Ref(column));
  output.push_back(which);
  exprs.push_back(FirstClause(clauses));
  target = ProjectAs(target, std::move(output), std::move(exprs));
  return ImagesOf(target, ValuesOf(clauses, Action::kUpdate, Ref(which)));
}

// The rows before and after an update. With a change feed both are written twice: they are computed once.
Result<MergeExecution::Images> MergeExecution::ImagesOf(const RelPtr& joined, const std::vector<ExprPtr>& values) {
  if (!records_changes_) return Images{nullptr, InSchema(joined, values)};
  std::vector<ExprPtr> exprs = merge_->unchanged;
  exprs.insert(exprs.end(), values.begin(), values.end());
  std::vector<Column> before, after;
  for (auto* side : {&before, &after}) {
    for (const auto& field : merge_->schema) {
      side->push_back({engine::FreshColumnId(), field.name, field.type, true, "{}", {}});
    }
  }
  std::vector<Column> output = before;
  output.insert(output.end(), after.begin(), after.end());
  ASSIGN_OR_RETURN(const RelPtr rows, Materialize(ProjectAs(joined, std::move(output), std::move(exprs))));
  return Images{SelectColumns(rows, before), SelectColumns(rows, after)};
}

Result<RelPtr> MergeExecution::Deleted() {
  const std::vector<TouchedFile> rows = UnionOf({&matched_.deleted, &by_source_.deleted});
  if (rows.empty()) return RelPtr();
  ASSIGN_OR_RETURN(const RelPtr deleted, Only(rows, false));
  return InSchema(deleted, merge_->unchanged);
}

Result<RelPtr> MergeExecution::Inserted() {
  const Clauses& clauses = merge_->not_matched;
  if (clauses.empty() || counts_.source_rows == 0) return RelPtr();
  RelPtr rows = source_;
  if (matches_ != nullptr) {
    const Column matched = LongColumn("__matched");
    const RelPtr keys = ProjectAs(matches_, std::vector<Column>{matched}, std::vector<ExprPtr>{Ref(match_source_)});
    rows = JoinOn(JoinType::kLeftAnti, source_, keys, Compare("=", Ref(source_row_), Ref(matched)));
  }
  const ExprPtr which = FirstClause(clauses);
  if (!IsUnconditional(clauses)) {
    rows = FilterBy(rows, Compare(">=", which, engine::MakeLong(0)));
  }
  RelPtr inserted = InSchema(rows, ValuesOf(clauses, Action::kInsert, which), merge_->numbered);
  if (!merge_->numbered.empty()) {
    ASSIGN_OR_RETURN(inserted, Number(inserted));
  }
  return records_changes_ ? Materialize(inserted) : inserted;
}

// Inserted rows with their identity columns, which they lack.
Result<RelPtr> MergeExecution::Number(const RelPtr& rows) {
  TableExpressions expressions(write_->context().session);
  ASSIGN_OR_RETURN(const CompletedRows completed, CompleteRows(rows, write_->txn().metadata(), &expressions));
  numbered_ = completed.numbered;
  std::vector<ExprPtr> values;
  for (const auto& field : merge_->schema) {
    for (const Column& column : completed.rows->output) {
      if (types::EqualsIgnoreCase(column.name, field.name)) values.push_back(Ref(column));
    }
  }
  return InSchema(completed.rows, values);
}

// The rows of the files about to be removed that stay as they are.
Result<RelPtr> MergeExecution::Copied(const std::vector<TouchedFile>& changed) {
  std::vector<FileRows> files;
  for (const TouchedFile& touched : changed) {
    files.push_back({touched.file, FileRows::Which::kWithout, touched.rows});
  }
  ASSIGN_OR_RETURN(const RelPtr rows, scan_->Over(files, false, true));
  ASSIGN_OR_RETURN(counts_.copied, CountCopied(changed, rows));
  return counts_.copied == 0 ? RelPtr() : InSchema(rows, merge_->unchanged);
}

// The number of rows in `others`: what `changed` files have beside their changed rows.
Result<int64_t> MergeExecution::CountCopied(const std::vector<TouchedFile>& changed, const RelPtr& others) const {
  int64_t copied = 0;
  for (const TouchedFile& touched : changed) {
    const auto live = delta::LiveRows(scan_->snapshot().files()[touched.file]);
    if (!live.has_value()) {
      auto count = std::make_shared<engine::AggregateRel>(others, std::vector<Column>{LongColumn("rows")});
      count->aggregates.push_back(
          std::make_shared<engine::Aggregate>("count_star", std::vector<ExprPtr>(), TypeId::kLong, false));
      ASSIGN_OR_RETURN(const auto counted, write_->engine()->Collect(count, Options(), 1));
      return std::get<int64_t>(counted[0][0].v);
    }
    copied += *live - static_cast<int64_t>(touched.rows->Cardinality());
  }
  return copied;
}

Result<RelPtr> MergeExecution::Only(const std::vector<TouchedFile>& rows, bool with_positions) const {
  std::vector<FileRows> files;
  for (const TouchedFile& touched : rows) files.push_back({touched.file, FileRows::Which::kOnly, touched.rows});
  return scan_->Over(files, with_positions, true);
}

RelPtr MergeExecution::InSchema(const RelPtr& rows, std::vector<ExprPtr> values,
                                const std::vector<size_t>& lacking) const {
  std::vector<Column> output;
  for (const auto& field : merge_->schema) {
    output.push_back({engine::FreshColumnId(), field.name, field.type, true, "{}", {}});
  }
  for (auto at = lacking.rbegin(); at != lacking.rend(); ++at) {
    output.erase(output.begin() + static_cast<ptrdiff_t>(*at));
    values.erase(values.begin() + static_cast<ptrdiff_t>(*at));
  }
  return ProjectAs(rows, std::move(output), std::move(values));
}

Result<RelPtr> MergeExecution::Materialize(const RelPtr& rows) const {
  ASSIGN_OR_RETURN(const RelPtr runnable, write_->Runnable(rows));
  return write_->engine()->Materialize(runnable, Options());
}

engine::QueryOptions MergeExecution::Options() const {
  engine::QueryOptions options;
  options.time_zone = write_->context().session->conf().GetString("spark.sql.session.timeZone", "UTC");
  return options;
}

int64_t MergeExecution::NowMillis() const { return write_->context().session->server()->clock->NowMillis(); }

}  // namespace deltic::spark::command
