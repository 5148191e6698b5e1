// Liquid clustering's metadata: the domain delta.clustering and its rules (PROTOCOL.md › Clustered Table). Pure;
// thread-safe.
#pragma once

#include <string>
#include <vector>

#include "delta/snapshot/snapshot.h"
#include "spark/plan/table_ddl.h"

namespace deltic::spark::command {

inline constexpr const char* kClusteringDomain = "delta.clustering";

// The clustering columns by logical names, one path each; empty: not clustered.
std::vector<plan::NameParts> ClusteringPaths(const delta::Snapshot& snapshot);
// The same with dots between a path's parts.
std::vector<std::string> ClusteringColumns(const delta::Snapshot& snapshot);
bool HasClusteringDomain(const delta::Snapshot& snapshot);

// Columns of CLUSTER BY as the schema spells them. DELTA_CLUSTER_BY_INVALID_NUM_COLUMNS (at most 4),
// DELTA_COLUMN_NOT_FOUND_IN_SCHEMA, DELTA_CLUSTERING_COLUMNS_DATATYPE_NOT_SUPPORTED,
// DELTA_CLUSTERING_COLUMN_MISSING_STATS.
Result<std::vector<plan::NameParts>> CheckClusteringColumns(const std::vector<plan::NameParts>& columns,
                                                            const delta::Metadata& metadata);
// The domain that says so, by physical names.
delta::DomainMetadata ClusteringDomain(const std::vector<plan::NameParts>& columns, const delta::Metadata& metadata);
// "id,s.x" and ["id","s.x"], as the history shows them.
std::string ClusteringList(const std::vector<plan::NameParts>& columns);
std::string ClusteringJson(const std::vector<plan::NameParts>& columns);

}  // namespace deltic::spark::command
