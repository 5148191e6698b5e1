// Which version of a table VERSION AS OF and TIMESTAMP AS OF mean in RESTORE and CLONE. Free functions, thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "delta/snapshot/snapshot.h"
#include "spark/plan/expression.h"
#include "spark/session/session.h"

namespace deltic::spark::command {

struct TravelTime {
  int64_t millis = 0;
  std::string text;  // "2024-01-01 00:00:00.123", as java.sql.Timestamp prints it in the session's zone
};

// A timestamp expression without columns; DELTA_TIMESTAMP_INVALID.
Result<TravelTime> EvaluateTravelTime(session::Session* session, const plan::ExpressionPtr& timestamp);

// The snapshot at a version or a time of `latest`'s table; exactly one is given. Errors of time travel.
Result<std::shared_ptr<const delta::Snapshot>> SnapshotAt(session::Session* session,
                                                          const std::shared_ptr<const delta::Snapshot>& latest,
                                                          std::optional<int64_t> version,
                                                          std::optional<int64_t> timestamp_ms);

}  // namespace deltic::spark::command
