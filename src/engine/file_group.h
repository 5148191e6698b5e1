// Which rows share a file. A relation given to Engine::WriteFiles may end with a column of this name (any integer
// type): rows of one value go to one file, rows of two values never do. The column is not stored. Not together with
// WriteSpec::max_records_per_file. At most a few dozen values: the writer keeps a file open for each.
#pragma once

namespace deltic::engine {

inline constexpr const char* kFileGroup = "__deltic_file_group";

}  // namespace deltic::engine
