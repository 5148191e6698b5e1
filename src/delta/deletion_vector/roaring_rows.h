// The one implementation of DeletionVector: 64-bit rows as 32-bit roaring bitmaps by their high half (PROTOCOL.md ›
// Deletion Vector Format). Inside this folder only. Not thread-safe while rows are added; immutable once shared.
#pragma once

#include <roaring/roaring.h>

#include <map>
#include <memory>
#include <vector>

#include "delta/deletion_vector/deletion_vector.h"

namespace deltic::delta {

// First bytes of a serialised bitmap (little endian).
inline constexpr uint32_t kDeletionVectorMagic = 1681511377;

struct BitmapDeleter {
  void operator()(roaring_bitmap_t* bitmap) const { roaring_bitmap_free(bitmap); }
};
using Bitmap = std::unique_ptr<roaring_bitmap_t, BitmapDeleter>;

class RoaringRows : public DeletionVector {
 public:
  bool Contains(uint64_t row) const override;
  uint64_t Cardinality() const override { return cardinality_; }
  std::vector<uint64_t> ToVector() const override;
  void ContainsRange(uint64_t start, uint64_t count, bool* contained) const override;

  // False: there is a bitmap for `high` already.
  bool AddPart(uint32_t high, Bitmap bitmap);
  void Add(uint64_t row);
  // Rows first … first + count - 1.
  void AddRun(uint64_t first, uint64_t count);
  // Every row of `other`.
  void Unite(const RoaringRows& other);
  // Compresses runs: what writing wants.
  void Optimize();
  std::shared_ptr<RoaringRows> Copy() const;

  const std::map<uint32_t, Bitmap>& parts() const { return parts_; }

 private:
  roaring_bitmap_t* Part(uint32_t high);

  std::map<uint32_t, Bitmap> parts_;
  uint64_t cardinality_ = 0;
};

// CRC-32 as Java's, which frames bitmaps in files.
uint32_t DeletionVectorChecksum(std::string_view bytes);

}  // namespace deltic::delta
