// Engine::WriteFiles for CSV, JSON lines and text: Spark's formatting and options, one pass over the rows.
// Throws duckdb exceptions for option errors. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace deltic::engine {

// Runs a plan and hands over its rows one by one; stops at the first error.
using RowSource = std::function<Status(const RelPtr&, const std::function<Status(const std::vector<Value>&)>&)>;

Result<std::vector<WrittenFile>> WriteTextFiles(const RowSource& rows, const RelPtr& plan, const WriteSpec& spec,
                                                const std::function<bool()>& interrupted);

// A name as it stands in a Hive partition directory.
std::string EscapePathName(const std::string& name);

}  // namespace deltic::engine
