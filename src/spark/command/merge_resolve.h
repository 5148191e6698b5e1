// A MERGE with its names and types resolved: what delta-spark's ResolveDeltaMergeInto and PreprocessTableMerge do.
// Clauses see the target, the source or both, as their kind allows; stars are expanded, assignments are aligned with
// the table's columns and cast, and the schema is evolved when that is asked for. No I/O; free function.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "engine/plan/relation.h"
#include "spark/command/computed_columns.h"
#include "spark/command/update_expressions.h"
#include "spark/plan/dml.h"
#include "spark/resolve/resolver.h"

namespace deltic::spark::command {

struct ResolvedMergeClause {
  enum class Action : uint8_t { kUpdate, kDelete, kInsert };
  Action action = Action::kUpdate;
  engine::ExprPtr condition;            // null: always
  std::vector<engine::ExprPtr> values;  // update, insert: one per field of ResolvedMerge::schema, with its type
};

struct ResolvedMerge {
  engine::ExprPtr condition;                               // over target and source
  std::vector<ResolvedMergeClause> matched;                // over target and source
  std::vector<ResolvedMergeClause> not_matched;            // over the source
  std::vector<ResolvedMergeClause> not_matched_by_source;  // over the target
  std::vector<types::StructField> schema;                  // the table's columns as readers will see them
  bool schema_changed = false;
  std::vector<size_t> numbered;  // columns of the schema that inserted rows are numbered in (identity columns)
  std::vector<engine::ExprPtr> unchanged;  // over the target: a row as it is, in `schema`

  bool IsInsertOnly() const { return matched.empty() && not_matched_by_source.empty() && !not_matched.empty(); }
  bool IsMatchedOnly() const { return !matched.empty() && not_matched.empty() && not_matched_by_source.empty(); }
  // Several source rows may match one target row: all that can happen is that it is deleted.
  bool IsOneUnconditionalDelete() const;
};

struct MergeSides {
  engine::RelPtr target;  // the table's columns, qualified
  engine::RelPtr source;
  std::string table_id;  // for messages
  bool widen = false;    // the table's types may be widened by a schema evolution
};

// `rules`: evolve says whether the schema may change. DELTA_MERGE_UNRESOLVED_EXPRESSION and the other conditions of
// delta-spark, which see ResolveDeltaMergeInto.
Result<ResolvedMerge> ResolveMerge(const plan::MergeInto& merge, const MergeSides& sides, const StoreRules& rules,
                                   const ComputedColumns& computed, resolve::Resolver* resolver);

}  // namespace deltic::spark::command
