// Deletion vectors: inline, relative and absolute (PROTOCOL.md › Deletion Vector Format). Immutable once loaded.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delta/spec/actions.h"
#include "storage/object_store.h"

namespace deltic::delta {

class DeletionVector {
 public:
  virtual ~DeletionVector() = default;
  virtual bool Contains(uint64_t row) const = 0;
  virtual uint64_t Cardinality() const = 0;
  virtual std::vector<uint64_t> ToVector() const = 0;
  // contained[i] = Contains(start + i) for i < count.
  virtual void ContainsRange(uint64_t start, uint64_t count, bool* contained) const = 0;
};

// A set of rows made here (change feed differences, tests).
std::shared_ptr<const DeletionVector> MakeDeletionVector(const std::vector<uint64_t>& rows);
// Rows of `a` that are not in `b`; a null set is empty.
std::shared_ptr<const DeletionVector> SubtractDeletionVectors(const DeletionVector* a, const DeletionVector* b);

// The serialised bitmap (magic and portable bitmaps), as inline vectors hold it and files frame it.
Result<std::shared_ptr<const DeletionVector>> DecodeDeletionVector(std::string_view bytes);
// Z85 text of `bytes` (a multiple of 4) and back; nullopt when malformed.
std::optional<std::string> Z85Decode(std::string_view text);
std::string Z85Encode(std::string_view bytes);
// Absolute path of the file of a "u" or "p" vector.
Result<std::string> DeletionVectorPath(const std::string& table_path, const DeletionVectorDescriptor& descriptor);

// Loads and verifies (magic, CRC, cardinality); corrupt: an error naming table and file.
Result<std::shared_ptr<const DeletionVector>> LoadDeletionVector(storage::ObjectStore* store,
                                                                 const std::string& table_path,
                                                                 const DeletionVectorDescriptor& descriptor);

}  // namespace deltic::delta
