// Handlers of the commands that rearrange, clean, restore or copy Delta tables, one file each, and what auto compaction
// shares with OPTIMIZE. Free functions, thread-safe; commits decide races.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "spark/command/compaction.h"
#include "spark/command/handlers.h"

namespace deltic::spark::command {

Result<engine::RelPtr> RunOptimize(const CommandContext& context, const plan::Optimize& command);  // optimize.cc
// optimize.cc: a REORG of the files that hold other types than the table's (before type widening is dropped).
Status RewriteFilesOfOtherTypes(const CommandContext& context, const std::shared_ptr<const delta::Snapshot>& snapshot);
Result<engine::RelPtr> RunVacuum(const CommandContext& context, const plan::Vacuum& command);           // vacuum.cc
Result<engine::RelPtr> RunRestore(const CommandContext& context, const plan::RestoreTable& command);    // restore.cc
Result<engine::RelPtr> RunClone(const CommandContext& context, const plan::CloneTable& command);        // clone.cc
Result<engine::RelPtr> RunConvert(const CommandContext& context, const plan::ConvertToDelta& command);  // convert.cc
Result<engine::RelPtr> RunGenerate(const CommandContext& context, const plan::Generate& command);       // generate.cc

struct OptimizeSizes {
  int64_t min_file_size = 0;  // smaller files are rewritten
  int64_t max_file_size = 0;  // size to aim at
  double max_deleted_rows_ratio = 0;

  static OptimizeSizes Of(session::Session* session);  // spark.databricks.delta.optimize.*
};

// Bins of two and more small files, or files with many deleted rows.
std::vector<Bin> BinsToCompact(const std::vector<const delta::AddFile*>& candidates, const OptimizeSizes& sizes);
delta::CommitOptions OptimizeCommit(const std::string& predicate, const std::vector<std::string>& zorder_by,
                                    bool automatic);

// Rewrites the symlink manifests after a commit when delta.compatibility.symlinkFormatManifest.enabled asks for it;
// DELTA_POST_COMMIT_HOOK_FAILED (the commit stands). `metadata` is the table's.
Status UpdateManifests(const CommandContext& context, const std::string& table_path, const delta::Metadata& metadata);
// What delta-spark runs after a commit that may have added files; for every command that writes rows: the manifests,
// and auto compaction when the table's properties or spark.databricks.delta.autoCompact.enabled ask for it and a
// partition that got files has enough small ones. Compaction is best effort, as in delta-spark: a failure is logged.
Status RunCommitHooks(const CommandContext& context, const std::string& table_path, const delta::Metadata& metadata,
                      const std::set<delta::PartitionValues>& partitions_with_new_files);

}  // namespace deltic::spark::command
