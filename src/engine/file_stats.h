// Delta statistics of Parquet files that exist already, told as the writer tells them. Free function, thread-safe.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"

namespace deltic::engine {

// One stats object per file of `files`, in their order; `spec` says which columns count and how they are named
// (physical_names, physical_types, stats_columns, stats_column_limit). Constant columns have none.
Result<std::vector<std::string>> FileStats(Engine* engine, const FilesRel& files, const WriteSpec& spec);

}  // namespace deltic::engine
