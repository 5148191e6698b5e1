// Parquet files rewritten as fewer ones without reading their rows: pages are copied compressed, dictionaries merged
// (parquet_merge/chunk.h). What compaction is when nothing else changes. Free function, thread-safe.
//
// Only for rows that are files as they stand: a bare scan of Parquet files, all columns theirs or partition values, no
// deleted rows, no row ids; stored as Engine::WriteFiles would store them now (types, field ids, codec), by no writer
// whose dates or statistics need care; row groups not tiny. Otherwise, and when a file is damaged, nothing is written
// and the caller writes the rows, which gives the usual error.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/engine.h"

namespace deltic::engine {

// As Engine::WriteFiles(rows, spec): a file for each value of the partition columns and of kFileGroup, its row groups
// of about the size that DuckDB writes, or larger where an input's are. Delta statistics come from the inputs' when
// these tell all (parquet_merge/delta_stats.h), else from the new file's rows. Nullopt: not possible, the reason is
// logged.
Result<std::optional<std::vector<WrittenFile>>> MergeFiles(Engine* engine, const RelPtr& rows, const WriteSpec& spec,
                                                           const std::function<bool()>& interrupted);

}  // namespace deltic::engine
