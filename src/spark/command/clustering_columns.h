// The columns of a clustered table (PROTOCOL.md › Clustered Table): the delta.clustering metadata domain. Pure.
#pragma once

#include <string>
#include <vector>

#include "delta/snapshot/snapshot.h"

namespace deltic::spark::command {

inline constexpr const char* kClusteringDomain = "delta.clustering";

// Logical names, dotted for nested fields; the domain holds physical ones. Empty: none.
std::vector<std::string> ClusteringColumns(const delta::Snapshot& snapshot);

}  // namespace deltic::spark::command
