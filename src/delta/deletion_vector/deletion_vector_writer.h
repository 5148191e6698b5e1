// Writing deletion vectors (PROTOCOL.md › Deletion Vector Format, Deletion Vector File Storage Format): sets of rows
// under construction, their serialised form, and the one file that holds all vectors of a commit.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/random.h"
#include "delta/deletion_vector/deletion_vector.h"

namespace deltic::delta {

class RoaringRows;

// Collects rows in any order; duplicates count once.
class DeletionVectorBuilder {
 public:
  DeletionVectorBuilder();
  ~DeletionVectorBuilder();
  DeletionVectorBuilder(DeletionVectorBuilder&&) noexcept;
  DeletionVectorBuilder& operator=(DeletionVectorBuilder&&) noexcept;

  void Add(uint64_t row);
  // Rows first … first + count - 1.
  void AddRun(uint64_t first, uint64_t count);
  uint64_t Cardinality() const;
  // The rows so far; the builder is empty afterwards.
  std::shared_ptr<const DeletionVector> Build();

 private:
  std::shared_ptr<RoaringRows> rows_;
};

// Rows of either; null sets are empty.
std::shared_ptr<const DeletionVector> UniteDeletionVectors(const DeletionVector* a, const DeletionVector* b);

// Magic and portable bitmaps: what DecodeDeletionVector reads.
std::string EncodeDeletionVector(const DeletionVector& rows);

// Vectors of one commit, kept in memory until they are written as deletion_vector_<uuid>.bin.
class DeletionVectorFile {
 public:
  explicit DeletionVectorFile(Random* random);

  // Frames the rows (size, bitmap, checksum); the descriptor is valid once Write has returned Ok.
  DeletionVectorDescriptor Add(const DeletionVector& rows);
  bool empty() const { return bytes_.size() <= 1; }
  // Nothing is written when no vector was added.
  Status Write(storage::ObjectStore* store, const std::string& table_path) const;
  // Removes the file, best effort: the commit failed.
  void Discard(storage::ObjectStore* store, const std::string& table_path) const;

 private:
  std::string uuid_;
  std::string encoded_uuid_;
  std::string bytes_;
};

}  // namespace deltic::delta
