// Clauses of one kind of a resolved MERGE as expressions: which of them applies to a row, and what it does there.
// Pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "spark/command/merge_resolve.h"

namespace deltic::spark::command {

using MergeClauses = std::vector<ResolvedMergeClause>;

// One clause that always applies (it is the first then).
bool IsUnconditional(const MergeClauses& clauses);
bool HasAction(const MergeClauses& clauses, ResolvedMergeClause::Action action);
// `first` + the index of the first clause that applies; -1 when none does. bigint, never NULL.
engine::ExprPtr FirstClause(const MergeClauses& clauses, int64_t first = 0);
// Whether the clause numbered `which` does `action`.
engine::ExprPtr DoesAction(const MergeClauses& clauses, ResolvedMergeClause::Action action,
                           const engine::ExprPtr& which, int64_t first = 0);
// The values of the clause numbered `which`, which is one that does `action` (there is one).
std::vector<engine::ExprPtr> ValuesOf(const MergeClauses& clauses, ResolvedMergeClause::Action action,
                                      const engine::ExprPtr& which);

}  // namespace deltic::spark::command
