// Rewriting files of a Delta table without changing its rows (delta-spark's OptimizeExecutor): bins of files become new
// files, in one commit with dataChange=false. What OPTIMIZE, REORG and auto compaction share. Free functions,
// thread-safe; the commit decides races.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "delta/snapshot/snapshot.h"
#include "delta/transaction/transaction.h"
#include "spark/command/handlers.h"

namespace deltic::spark::command {

// Files of one partition that are rewritten together. They point into a snapshot.
struct Bin {
  delta::PartitionValues partition;
  std::vector<const delta::AddFile*> files;
  // How many files to make of it; with more than one the rows are ordered along a curve.
  int64_t output_files = 1;
  // What the new files are marked with (clustered tables).
  std::map<std::string, std::string> tags;
  std::optional<std::string> clustering_provider;

  int64_t bytes() const;
};

// Splits each partition's files, in the order given within it, into bins of at most `max_bytes` (a larger file is a bin
// of its own).
std::vector<Bin> PackBins(const std::vector<const delta::AddFile*>& files, int64_t max_bytes);

struct Rewrite {
  std::shared_ptr<const delta::Snapshot> snapshot;
  std::vector<Bin> bins;
  std::vector<std::string> curve_columns;  // logical names, dotted; for bins with several output files
  bool hilbert = false;                    // else Z-order
  delta::CommitOptions commit;             // metrics are added
};

struct RewriteResult {
  std::vector<delta::AddFile> added;
  std::vector<delta::AddFile> removed;
};

// Nothing to rewrite: no commit. A concurrent change of a rewritten file is a conflict; other changes are not.
Result<RewriteResult> RunRewrite(const CommandContext& context, const Rewrite& rewrite);

}  // namespace deltic::spark::command
