// Which files of a clustered table OPTIMIZE rewrites: those not clustered yet and those of small cubes (delta-spark's
// ClusteringStrategy, ZCube). A cube is what one run of OPTIMIZE wrote together; its id and columns are tags of the
// files. Pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "delta/spec/actions.h"
#include "spark/command/optimize_metrics.h"

namespace deltic::spark::command {

inline constexpr const char* kClusteringProvider = "liquid";

struct CubeSelection {
  std::vector<const delta::AddFile*> files;  // in the order in which they are to be packed
  ClusteringCounts counts;                   // but the output cubes
};

// `columns`: the table's clustering columns. Cubes of at least `min_cube_bytes` stay. `full`: files clustered by other
// columns are rewritten as well.
CubeSelection SelectForClustering(std::vector<const delta::AddFile*> files, const std::vector<std::string>& columns,
                                  int64_t min_cube_bytes, bool full);

// Tags of the files of a new cube.
std::map<std::string, std::string> NewCubeTags(const std::vector<std::string>& columns);

}  // namespace deltic::spark::command
