// Parquet's RLE/bit-packing hybrid: levels and dictionary indices (Encodings.md › RLE). Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deltic::engine::merge {

// Exactly `count` values of `width` bits (0…32) from the runs that `bytes` begin with; throws CannotMerge when there
// are fewer. The last run may be longer.
std::vector<uint32_t> DecodeRuns(std::string_view bytes, int width, size_t count);
// How many of `count` values equal `value`: without making them.
size_t CountInRuns(std::string_view bytes, int width, size_t count, uint32_t value);
// Appends the values, each below 2^width, to *out.
void EncodeRuns(const std::vector<uint32_t>& values, int width, std::string* out);
// Bits that values below `count` need; at least 1.
int WidthFor(size_t count);

}  // namespace deltic::engine::merge
