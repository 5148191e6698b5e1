// What DELETE, UPDATE and MERGE build their plans from: small relations and expressions, and the sinks that note rows
// while a plan runs. Functions are pure; sinks are filled from several threads and read when the run is over.
#pragma once

#include <atomic>
#include <vector>

#include "engine/plan/relation.h"
#include "spark/command/touched_rows.h"

namespace deltic::spark::command {

// Positions noted, and how often any was.
class CountedRows : public TouchedRows {
 public:
  void Add(const int64_t* files, const int64_t* rows, uint64_t count) override;
  uint64_t added() const { return added_; }

 private:
  std::atomic<uint64_t> added_{0};
};

// The number of rows that pass.
class RowCount : public engine::RowSink {
 public:
  void Add(const int64_t*, const int64_t*, uint64_t count) override { count_ += static_cast<int64_t>(count); }
  int64_t count() const { return count_; }

 private:
  std::atomic<int64_t> count_{0};
};

engine::ExprPtr Ref(const engine::Column& column);
engine::Column LongColumn(const char* name);  // a fresh bigint column
engine::ExprPtr Compare(const char* op, engine::ExprPtr a, engine::ExprPtr b);
engine::ExprPtr Both(engine::ExprPtr a, engine::ExprPtr b);  // a AND b
engine::ExprPtr IsNull(engine::ExprPtr value);
engine::RelPtr JoinOn(engine::JoinType type, const engine::RelPtr& left, const engine::RelPtr& right,
                      engine::ExprPtr condition);
engine::RelPtr FilterBy(const engine::RelPtr& rows, engine::ExprPtr condition);
// The rows whose bigint column is one of `numbers`, which are some.
engine::RelPtr Listed(const engine::RelPtr& rows, const engine::Column& column, const std::vector<int64_t>& numbers);
engine::RelPtr ProjectAs(const engine::RelPtr& rows, std::vector<engine::Column> output,
                         std::vector<engine::ExprPtr> exprs);
// Rows of both; either may be null.
engine::RelPtr Together(const engine::RelPtr& first, const engine::RelPtr& second);

// The rows of several lists, each file once.
std::vector<TouchedFile> UnionOf(const std::vector<const std::vector<TouchedFile>*>& parts);
int64_t CountOf(const std::vector<TouchedFile>& touched);
std::vector<size_t> FilesOf(const std::vector<TouchedFile>& touched);

}  // namespace deltic::spark::command
