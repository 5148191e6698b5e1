// A predicate on partition columns, as OPTIMIZE … WHERE and REORG … WHERE take it: which files of a snapshot it is
// about. Immutable; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "delta/snapshot/snapshot.h"
#include "spark/plan/expression.h"
#include "spark/session/session.h"

namespace deltic::spark::command {

class PartitionPredicate {
 public:
  // Empty text: every file. DELTA_FAILED_RECOGNIZE_PREDICATE when it does not parse,
  // DELTA_NON_PARTITION_COLUMN_REFERENCE, DELTA_UNSUPPORTED_SUBQUERY_IN_PARTITION_PREDICATES.
  static Result<PartitionPredicate> Parse(session::Session* session, const delta::Snapshot& snapshot,
                                          const std::string& text);

  // Files of the snapshot whose partition satisfies the predicate (it is TRUE, not NULL), in the snapshot's order. They
  // point into the snapshot.
  Result<std::vector<const delta::AddFile*>> Select(session::Session* session, const delta::Snapshot& snapshot) const;
  // As the table's history shows it: ["('p = 1)"], or [].
  std::string HistoryText() const;

 private:
  plan::ExpressionPtr expression_;  // null: none
};

}  // namespace deltic::spark::command
