// Overwrites of the rows for which a condition is true, in one commit: option replaceWhere, INSERT … REPLACE WHERE,
// writeTo().overwrite(condition), INSERT OVERWRITE … PARTITION (p = v) (delta-spark WriteIntoDelta with replaceWhere).
// Free functions; thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "delta/snapshot/snapshot.h"
#include "spark/command/delta_write.h"

namespace deltic::spark::command {

// The condition that a write replaces by: write.replace_where, or the option replaceWhere parsed
// (DELTA_FAILED_RECOGNIZE_PREDICATE); nullopt: none.
struct ReplaceCondition {
  plan::ExpressionPtr condition;
  std::string text;  // for the history and messages
};
Result<std::optional<ReplaceCondition>> ReplaceConditionOf(session::Session* session, const DeltaWrite& write);

// Of a write with dataChange=false, whose rows are only arranged anew: it may choose them by partition, not by their
// values (DELTA_REPLACE_WHERE_WITH_FILTER_DATA_CHANGE_UNSET).
Status CheckRearranges(session::Session* session, const ReplaceCondition& condition, const delta::Metadata& metadata);

// Deletes the rows for which the condition is true and writes `data`, aligned to `metadata`, every row of which must
// satisfy it (DELTA_REPLACE_WHERE_MISMATCH). nullopt: nothing to delete and nothing to write.
Result<std::optional<int64_t>> ReplaceRows(session::Session* session, const DeltaWrite& write,
                                           const ReplaceCondition& condition,
                                           std::shared_ptr<const delta::Snapshot> snapshot,
                                           const delta::Metadata& metadata, const engine::RelPtr& data,
                                           const std::function<bool()>& interrupted);

}  // namespace deltic::spark::command
