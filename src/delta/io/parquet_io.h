// The Parquet seam of the Delta core: checkpoints are read and written through it. Implemented over engine/;
// a memory implementation serves tests (delta/io/testing). Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "types/data_type.h"

namespace deltic::delta {

// A leaf of a file's schema, by its path through structs ("add.size").
struct ParquetColumn {
  enum class Kind : uint8_t {
    kInt,   // any integer type, or boolean as 0 and 1
    kText,  // a string
    kMap,   // string to string
    kJson,  // anything, as JSON text; null is null
  };
  std::string path;
  Kind kind = Kind::kText;
  std::string unless = {};  // null throughout in a file that has this other column
};

// A batch of rows of the columns asked for; borrowed for the call. A column that the file does not have is null.
class ParquetRows {
 public:
  virtual ~ParquetRows() = default;
  virtual size_t size() const = 0;
  virtual bool IsNull(size_t column, size_t row) const = 0;
  virtual int64_t Int(size_t column, size_t row) const = 0;            // kInt
  virtual std::string_view Text(size_t column, size_t row) const = 0;  // kText, kJson
  virtual void ForEachEntry(
      size_t column, size_t row,  // kMap
      const std::function<void(std::string_view, std::optional<std::string_view>)>& each) const = 0;
};

class ParquetIo {
 public:
  virtual ~ParquetIo() = default;
  // All rows of the file in batches, in file order. A column of another type than its kind says is an error.
  virtual Status ReadColumns(const std::string& path, const std::vector<ParquetColumn>& columns,
                             const std::function<Status(const ParquetRows&)>& rows) = 0;
  // Writes one Parquet file with this struct schema from JSON rows; returns its size in bytes.
  virtual Result<int64_t> WriteFromJson(const std::string& path, const types::DataType& schema,
                                        const std::vector<std::string>& json_rows) = 0;
};

}  // namespace deltic::delta
