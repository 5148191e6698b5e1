// The Parquet seam of the Delta core: checkpoints are read and written through it. Implemented over engine/;
// a memory implementation serves tests. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "types/data_type.h"

namespace deltic::delta {

class ParquetIo {
 public:
  virtual ~ParquetIo() = default;
  // Each row of the file as a JSON object holding the non-null ones of `columns` that the file has.
  virtual Status ReadAsJson(const std::string& path, const std::vector<std::string>& columns,
                            const std::function<Status(std::string_view json)>& row) = 0;
  // Writes one Parquet file with this struct schema from JSON rows; returns its size in bytes.
  virtual Result<int64_t> WriteFromJson(const std::string& path, const types::DataType& schema,
                                        const std::vector<std::string>& json_rows) = 0;
};

}  // namespace deltic::delta
