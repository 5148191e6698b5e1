// A MERGE into a small table: one outer join of all columns, kept, from which everything is written. What the second
// phase saves in reading would not pay for its queries.
#include "spark/command/dml_relations.h"
#include "spark/command/kept_rows.h"
#include "spark/command/merge_execute.h"
#include "spark/resolve/python_functions.h"

namespace deltic::spark::command {
namespace {

using engine::Column;
using engine::ExprPtr;
using engine::JoinType;
using engine::RelPtr;
using types::TypeId;
using Action = ResolvedMergeClause::Action;

// Clauses are numbered through: matched ones from 0, then not matched ones, then those not matched by source.
constexpr int64_t kNotMatched = 1000000;
constexpr int64_t kBySource = 2000000;

// What becomes of a joined row.
constexpr int64_t kUnchanged = 0;
constexpr int64_t kUpdated = 1;
constexpr int64_t kDeleted = 2;
constexpr int64_t kInserted = 3;

ExprPtr CaseOf(std::vector<std::pair<ExprPtr, ExprPtr>> branches, ExprPtr otherwise, const types::DataType& type) {
  return std::make_shared<engine::Case>(std::move(branches), std::move(otherwise), type, true);
}

// The number of the clause that applies; -1 when none does.
ExprPtr ClauseOf(const ResolvedMerge& merge, const ExprPtr& no_source, const ExprPtr& no_target) {
  return CaseOf({{no_source, FirstClause(merge.not_matched_by_source, kBySource)},
                 {no_target, FirstClause(merge.not_matched, kNotMatched)}},
                FirstClause(merge.matched), TypeId::kLong);
}

ExprPtr OutcomeOf(const ResolvedMerge& merge, const ExprPtr& clause) {
  std::vector<std::pair<ExprPtr, ExprPtr>> branches;
  const auto add = [&](const MergeClauses& clauses, int64_t first) {
    for (const auto& [action, outcome] : {std::pair{Action::kUpdate, kUpdated}, std::pair{Action::kDelete, kDeleted},
                                          std::pair{Action::kInsert, kInserted}}) {
      if (!HasAction(clauses, action)) continue;
      branches.emplace_back(DoesAction(clauses, action, clause, first), engine::MakeLong(outcome));
    }
  };
  add(merge.matched, 0);
  add(merge.not_matched, kNotMatched);
  add(merge.not_matched_by_source, kBySource);
  return CaseOf(std::move(branches), engine::MakeLong(kUnchanged), TypeId::kLong);
}

// The new values of updated and inserted rows; NULL in others.
std::vector<ExprPtr> NewValues(const ResolvedMerge& merge, const ExprPtr& clause) {
  std::vector<ExprPtr> out;
  for (size_t column = 0; column < merge.schema.size(); column++) {
    std::vector<std::pair<ExprPtr, ExprPtr>> branches;
    const auto add = [&](const MergeClauses& clauses, int64_t first) {
      for (size_t i = 0; i < clauses.size(); i++) {
        if (clauses[i].action == Action::kDelete) continue;
        branches.emplace_back(Compare("=", clause, engine::MakeLong(first + static_cast<int64_t>(i))),
                              clauses[i].values[column]);
      }
    };
    add(merge.matched, 0);
    add(merge.not_matched, kNotMatched);
    add(merge.not_matched_by_source, kBySource);
    const types::DataType& type = merge.schema[column].type;
    out.push_back(branches.empty() ? engine::MakeNull(type)
                                   : CaseOf(std::move(branches), engine::MakeNull(type), type));
  }
  return out;
}

// Python functions want rows that have their arguments: the outer join brings others, and two sides' functions as its
// condition it does not take.
bool CallsPython(const ResolvedMerge& merge) {
  bool found = resolve::CallsPython(merge.condition);
  for (const MergeClauses* clauses : {&merge.matched, &merge.not_matched, &merge.not_matched_by_source}) {
    for (const ResolvedMergeClause& clause : *clauses) {
      found = found || resolve::CallsPython(clause.condition);
      for (const ExprPtr& value : clause.values) found = found || resolve::CallsPython(value);
    }
  }
  return found;
}

// Every source row is kept whether its inserts are wanted or not: it has to be counted. Files that are rewritten need
// the other rows, too.
JoinType JoinFor(const ResolvedMerge& merge, bool rewrites) {
  return merge.not_matched_by_source.empty() && !rewrites ? JoinType::kRightOuter : JoinType::kFullOuter;
}

}  // namespace

bool MergeExecution::IsSmall() const {
  int64_t bytes = 0;
  for (const auto& file : scan_->snapshot().files()) {
    bytes += file.size_bytes;
    if (bytes > kSmallBytes) return false;
  }
  // Outer joins want a key to join by; without files there is nothing to join.
  if (scan_->snapshot().files().empty() || !merge_->numbered.empty()) return false;
  if (CallsPython(*merge_)) return false;
  for (const ExprPtr& conjunct : Conjuncts(merge_->condition)) {
    const bool equality = conjunct->kind == engine::ExprKind::kCall && (conjunct->As<engine::Call>().function == "=" ||
                                                                        conjunct->As<engine::Call>().function == "<=>");
    if (equality) return true;
  }
  return false;
}

Status MergeExecution::OnePass() {
  const int64_t started = NowMillis();
  ASSIGN_OR_RETURN(const FileSelection selection, SelectCandidates(/*source_kept=*/false));
  ASSIGN_OR_RETURN(const RelPtr target, scan_->Over(selection.Rows(), true, true));
  RowCount sources;
  const RelPtr joined = JoinOn(JoinFor(*merge_, !UsesVectors()), target, CountedSource(&sources), merge_->condition);

  // First what becomes of a row, then its values: conditions are computed once.
  CountedRows matches;
  TouchedRows updated, deleted, by_source_updated, by_source_deleted;
  const ExprPtr no_source = IsNull(Ref(source_row_));
  Column file = scan_->file_column();
  file.nullable = true;  // behind the join
  const ExprPtr no_target = IsNull(Ref(file));
  const Column clause = LongColumn("__clause");
  std::vector<Column> output = joined->output;
  std::vector<ExprPtr> exprs;
  for (const Column& column : output) exprs.push_back(Ref(column));
  output.push_back(clause);
  exprs.push_back(ClauseOf(*merge_, no_source, no_target));
  const RelPtr decided = ProjectAs(joined, std::move(output), std::move(exprs));

  const auto record = [&](engine::RowSink* sink, const ExprPtr& row) {
    return engine::RecordRow(Ref(scan_->file_column()), row, sink);
  };
  std::vector<Column> before, after;
  for (auto* side : {&before, &after}) {
    for (const auto& field : merge_->schema) {
      side->push_back({engine::FreshColumnId(), field.name, field.type, true, "{}", {}});
    }
  }
  const Column outcome = LongColumn("__outcome");
  const Column matched = LongColumn("__matched_row");
  const Column noted = LongColumn("__noted_row");
  output = before;
  exprs = merge_->unchanged;
  output.insert(output.end(), after.begin(), after.end());
  for (ExprPtr& value : NewValues(*merge_, Ref(clause))) exprs.push_back(std::move(value));
  output.push_back(outcome);
  exprs.push_back(OutcomeOf(*merge_, Ref(clause)));
  output.push_back(matched);
  exprs.push_back(CaseOf({{no_source, engine::MakeLong(-1)}, {no_target, engine::MakeLong(-1)}},
                         record(&matches, Ref(scan_->row_column())), TypeId::kLong));
  std::vector<std::pair<ExprPtr, ExprPtr>> notes;
  const auto note = [&](const MergeClauses& clauses, Action action, int64_t first, TouchedRows* sink) {
    if (!HasAction(clauses, action)) return;
    notes.emplace_back(DoesAction(clauses, action, Ref(clause), first), record(sink, Ref(scan_->row_column())));
  };
  note(merge_->matched, Action::kUpdate, 0, &updated);
  note(merge_->matched, Action::kDelete, 0, &deleted);
  note(merge_->not_matched_by_source, Action::kUpdate, kBySource, &by_source_updated);
  note(merge_->not_matched_by_source, Action::kDelete, kBySource, &by_source_deleted);
  output.push_back(noted);
  exprs.push_back(notes.empty() ? engine::MakeLong(-1) : CaseOf(std::move(notes), engine::MakeLong(-1), TypeId::kLong));
  output.push_back(file);
  exprs.push_back(Ref(file));
  ASSIGN_OR_RETURN(const RelPtr rows, Materialize(ProjectAs(decided, std::move(output), std::move(exprs))));

  RETURN_IF_ERROR(CheckSingleMatches(matches));
  const bool repeated = matches.added() > matches.Count();
  counts_.source_rows = sources.count();
  matched_ = {updated.Take(), deleted.Take()};
  by_source_ = {by_source_updated.Take(), by_source_deleted.Take()};
  CountChanged();
  const int64_t found = NowMillis();
  counts_.scan_ms = found - started;
  RETURN_IF_ERROR(WriteOnePass(rows, before, after, outcome, repeated));
  counts_.rewrite_ms = NowMillis() - found;
  return Status::Ok();
}

Status MergeExecution::WriteOnePass(const RelPtr& rows, const std::vector<Column>& before,
                                    const std::vector<Column>& after, const Column& outcome, bool repeated) {
  const auto changed = UnionOf({&matched_.updated, &matched_.deleted, &by_source_.updated, &by_source_.deleted});
  const auto with = [&](const std::vector<int64_t>& outcomes) { return Listed(rows, outcome, outcomes); };
  const bool vectors = changed.empty() || UsesVectors();
  const bool updates = counts_.updated() > 0;
  RelPtr added;
  if (updates || !merge_->not_matched.empty()) added = SelectColumns(with({kUpdated, kInserted}), after);
  if (!vectors) {
    const auto files = FilesOf(changed);
    const RelPtr others = Listed(with({kUnchanged}), scan_->file_column(), {files.begin(), files.end()});
    ASSIGN_OR_RETURN(counts_.copied, CountCopied(changed, others));
    if (counts_.copied > 0) added = Together(SelectColumns(others, before), added);
  }
  if (added != nullptr) RETURN_IF_ERROR(write_->AddRows(added));
  counts_.inserted = write_->written().rows - counts_.updated() - counts_.copied;
  if (write_->change_feed() && !changed.empty()) {
    RelPtr changes;
    if (updates) {
      changes = WithChangeType(SelectColumns(with({kUpdated}), before), "update_preimage");
      changes = Together(changes, WithChangeType(SelectColumns(with({kUpdated}), after), "update_postimage"));
    }
    if (counts_.inserted > 0) {
      changes = Together(changes, WithChangeType(SelectColumns(with({kInserted}), after), "insert"));
    }
    if (repeated) {  // a row that several source rows match is deleted once
      ASSIGN_OR_RETURN(const RelPtr deleted, Deleted());
      changes = Together(changes, WithChangeType(deleted, "delete"));
    } else if (counts_.deleted() > 0) {
      changes = Together(changes, WithChangeType(SelectColumns(with({kDeleted}), before), "delete"));
    }
    RETURN_IF_ERROR(write_->AddChanges(changes));
  }
  return RemoveChangedRows(changed, vectors);
}

}  // namespace deltic::spark::command
