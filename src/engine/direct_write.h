// Parquet files of rows that are at hand (rows_at_hand.h), by DuckDB's Parquet writer and without a COPY statement: for
// a few rows planning and scheduling one would take longer than writing them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "engine/write_plan.h"

namespace deltic::engine {

// The files of a plan, a file per partition; nothing: its rows want a query. Throws what the writer throws; `cleanup`
// knows what was written.
std::optional<std::vector<WrittenFile>> WriteAtHand(duckdb::ClientContext& context, const Rel& plan, WritePlan* write,
                                                    const WriteSpec& spec, const CopyTarget& target,
                                                    const std::string& codec, Cleanup* cleanup);

}  // namespace deltic::engine
