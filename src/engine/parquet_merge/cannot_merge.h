// Why Parquet files are not merged by their pages: something about them is not as the merge wants it, damage included.
// Thrown and caught inside this folder; the caller then reads and writes the rows, and gets the usual error if there is
// one. Immutable.
#pragma once

#include <string>
#include <utility>

namespace deltic::engine::merge {

struct CannotMerge {
  explicit CannotMerge(std::string reason) : why(std::move(reason)) {}
  std::string why;
};

inline void Require(bool condition, const char* otherwise) {
  if (!condition) throw CannotMerge(otherwise);
}

}  // namespace deltic::engine::merge
