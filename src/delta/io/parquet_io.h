// The Parquet seam of the Delta core: checkpoints are read and written through it. Implemented over engine/;
// a memory implementation serves tests (delta/io/testing). Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
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
  virtual bool IsAbsent(size_t column) const = 0;  // null in all rows of the batch
  virtual bool IsNull(size_t column, size_t row) const = 0;
  virtual int64_t Int(size_t column, size_t row) const = 0;            // kInt
  virtual std::string_view Text(size_t column, size_t row) const = 0;  // kText, kJson
  virtual void ForEachEntry(
      size_t column, size_t row,  // kMap
      const std::function<void(std::string_view, std::optional<std::string_view>)>& each) const = 0;
};

// A text column of one part of a file that is read when somebody asks for it. A local file is then read again, and must
// not have changed; of a remote one the bytes were kept, compressed as it has them. Immutable, thread-safe.
class KeptText {
 public:
  virtual ~KeptText() = default;
  virtual size_t rows() const = 0;
  virtual size_t text_bytes() const = 0;  // about what it takes when it is read
  // Every row in order; null is empty. An error: the file is gone or another one.
  virtual Status Read(const std::function<void(std::string_view)>& each) const = 0;
};

struct ParquetRequest {
  std::vector<std::string> paths;
  std::vector<ParquetColumn> columns;
  // One of the kText columns that is kept to be read later, where a file has at least so much of it; it is then null
  // in all batches. Empty: none.
  std::string keep = {};
  size_t keep_from_bytes = 0;
};

// What is read goes here. A part is some rows of a file that are next to each other; different parts come at the same
// time from several threads, the batches of one in order from one thread.
class ParquetConsumer {
 public:
  virtual ~ParquetConsumer() = default;
  // Called once, first. Parts are numbered in the order of the files and of their rows.
  virtual void Begin(size_t parts) = 0;
  // Before the first batch of a part. `file`: in `paths`; `first_row`: in the file. `kept` is null where nothing is
  // kept.
  virtual void BeginPart(size_t part, size_t file, int64_t first_row, std::shared_ptr<const KeptText> kept) = 0;
  // An error ends the reading.
  virtual Status Take(size_t part, const ParquetRows& rows) = 0;
  // After the last batch of a part.
  virtual void EndPart(size_t /*part*/) {}
};

class ParquetIo {
 public:
  virtual ~ParquetIo() = default;
  // All rows of the files. A column of another type than its kind says is an error.
  virtual Status Read(const ParquetRequest& request, ParquetConsumer* consumer) = 0;
  // Writes one Parquet file with this struct schema from JSON rows; returns its size in bytes.
  virtual Result<int64_t> WriteFromJson(const std::string& path, const types::DataType& schema,
                                        const std::vector<std::string>& json_rows) = 0;
};

}  // namespace deltic::delta
