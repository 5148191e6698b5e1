// Where a running query leaves the positions of the rows that pass a point of its plan: DML finds the rows it changes
// and keeps (or writes) them in one pass. The plan carries the sink's address, so the sink outlives the run.
#pragma once

#include <cstdint>

#include "engine/plan/expression.h"

namespace deltic::engine {

class RowSink {
 public:
  virtual ~RowSink() = default;
  // `count` rows: of file files[i], at physical position rows[i]. Called from any thread, several at once.
  virtual void Add(const int64_t* files, const int64_t* rows, uint64_t count) = 0;
};

// A bigint expression equal to `row` that hands every (file, row) it is evaluated for to `sink`, exactly once as long
// as its value is used. Both arguments are bigint and never NULL.
ExprPtr RecordRow(ExprPtr file, ExprPtr row, RowSink* sink);
inline constexpr char kRecordRowFunction[] = "deltic_record_row";

}  // namespace deltic::engine
