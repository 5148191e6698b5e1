// The rows that a statement changes, by file and position, collected while the query that finds them runs
// (engine::RecordRow). Add may be called from several threads; everything else afterwards, from one.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "delta/deletion_vector/deletion_vector_writer.h"
#include "engine/plan/row_sink.h"

namespace deltic::spark::command {

struct TouchedFile {
  size_t file = 0;                                    // index into Snapshot::files()
  std::shared_ptr<const delta::DeletionVector> rows;  // live before the statement, never empty
};

class TouchedRows : public engine::RowSink {
 public:
  void Add(const int64_t* files, const int64_t* rows, uint64_t count) override;

  // Distinct rows so far.
  uint64_t Count() const;
  // The files in order; nothing is left.
  std::vector<TouchedFile> Take();

 private:
  std::mutex mutex_;
  std::map<int64_t, delta::DeletionVectorBuilder> files_;
};

}  // namespace deltic::spark::command
