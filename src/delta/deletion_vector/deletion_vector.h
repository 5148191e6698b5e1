// Deletion vectors: inline, relative and absolute (PROTOCOL.md › Deletion Vector Format). Immutable once loaded.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
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
};

// Loads and verifies (magic, CRC, cardinality); corrupt: an error naming table and file.
Result<std::shared_ptr<const DeletionVector>> LoadDeletionVector(storage::ObjectStore* store, const std::string& table_path,
                                                                 const DeletionVectorDescriptor& descriptor);

}  // namespace deltic::delta
