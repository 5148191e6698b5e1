#include "delta/deletion_vector/roaring_rows.h"

#include <algorithm>
#include <array>

namespace deltic::delta {

bool RoaringRows::Contains(uint64_t row) const {
  const auto it = parts_.find(static_cast<uint32_t>(row >> 32));
  return it != parts_.end() && roaring_bitmap_contains(it->second.get(), static_cast<uint32_t>(row));
}

std::vector<uint64_t> RoaringRows::ToVector() const {
  std::vector<uint64_t> rows;
  rows.reserve(cardinality_);
  for (const auto& [high, bitmap] : parts_) {
    std::vector<uint32_t> low(roaring_bitmap_get_cardinality(bitmap.get()));
    roaring_bitmap_to_uint32_array(bitmap.get(), low.data());
    for (const uint32_t value : low) rows.push_back((static_cast<uint64_t>(high) << 32) | value);
  }
  return rows;
}

void RoaringRows::ContainsRange(uint64_t start, uint64_t count, bool* contained) const {
  std::fill(contained, contained + count, false);
  const uint64_t end = start + count;
  for (auto it = parts_.lower_bound(static_cast<uint32_t>(start >> 32)); it != parts_.end(); ++it) {
    const uint64_t base = static_cast<uint64_t>(it->first) << 32;
    if (base >= end) return;
    roaring_uint32_iterator_t rows;
    roaring_init_iterator(it->second.get(), &rows);
    if (start > base && !roaring_move_uint32_iterator_equalorlarger(&rows, static_cast<uint32_t>(start - base))) {
      continue;
    }
    while (rows.has_value && base + rows.current_value < end) {
      contained[base + rows.current_value - start] = true;
      roaring_advance_uint32_iterator(&rows);
    }
  }
}

roaring_bitmap_t* RoaringRows::Part(uint32_t high) {
  auto& part = parts_[high];
  if (part == nullptr) part.reset(roaring_bitmap_create());
  return part.get();
}

bool RoaringRows::AddPart(uint32_t high, Bitmap bitmap) {
  const uint64_t rows = roaring_bitmap_get_cardinality(bitmap.get());
  if (!parts_.emplace(high, std::move(bitmap)).second) return false;
  cardinality_ += rows;
  return true;
}

void RoaringRows::Add(uint64_t row) {
  if (roaring_bitmap_add_checked(Part(static_cast<uint32_t>(row >> 32)), static_cast<uint32_t>(row))) cardinality_++;
}

void RoaringRows::AddRun(uint64_t first, uint64_t count) {
  while (count > 0) {
    const uint64_t low = first & 0xFFFFFFFFULL;
    const uint64_t here = std::min<uint64_t>(count, (1ULL << 32) - low);
    roaring_bitmap_t* part = Part(static_cast<uint32_t>(first >> 32));
    const uint64_t before = roaring_bitmap_get_cardinality(part);
    roaring_bitmap_add_range(part, low, low + here);
    cardinality_ += roaring_bitmap_get_cardinality(part) - before;
    first += here;
    count -= here;
  }
}

void RoaringRows::Unite(const RoaringRows& other) {
  for (const auto& [high, bitmap] : other.parts()) {
    roaring_bitmap_t* part = Part(high);
    const uint64_t before = roaring_bitmap_get_cardinality(part);
    roaring_bitmap_or_inplace(part, bitmap.get());
    cardinality_ += roaring_bitmap_get_cardinality(part) - before;
  }
}

void RoaringRows::Optimize() {
  for (auto& [high, bitmap] : parts_) roaring_bitmap_run_optimize(bitmap.get());
}

std::shared_ptr<RoaringRows> RoaringRows::Copy() const {
  auto out = std::make_shared<RoaringRows>();
  for (const auto& [high, bitmap] : parts_) out->AddPart(high, Bitmap(roaring_bitmap_copy(bitmap.get())));
  return out;
}

uint32_t DeletionVectorChecksum(std::string_view bytes) {
  static const std::array<uint32_t, 256> table = [] {
    std::array<uint32_t, 256> out{};
    for (uint32_t i = 0; i < 256; i++) {
      uint32_t c = i;
      for (int k = 0; k < 8; k++) c = (c & 1) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
      out[i] = c;
    }
    return out;
  }();
  uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (crc >> 8);
  return crc ^ 0xFFFFFFFFU;
}

}  // namespace deltic::delta
