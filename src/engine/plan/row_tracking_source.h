// Where the rows of a Delta table with row tracking have their ids (engine/plan/row_tracking.h). A value.
#pragma once

#include <string>

namespace deltic::engine {

struct RowTrackingSource {
  std::string row_id, row_commit_version;                 // physical names in files that store them
  int base_row_id = -1, default_row_commit_version = -1;  // constant_index
};

}  // namespace deltic::engine
