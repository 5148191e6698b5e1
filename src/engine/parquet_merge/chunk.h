// Several chunks of one column as one chunk. Pages are copied compressed as they are; where dictionaries differ their
// indices are numbered anew over one dictionary, and strings that come plain are given one if that makes them smaller.
// Dictionaries that together grow too large are given up for plain values. Statistics are merged when they can be told
// exactly (chunk_statistics.h); page indexes and Bloom filters are left out. Pure, thread-safe; throws CannotMerge.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/parquet_merge/pages.h"

namespace deltic::engine::merge {

struct OutputChunk {
  std::vector<std::string_view> pieces;  // its bytes in order; of the inputs or of `made`
  std::vector<std::unique_ptr<std::string>> made;
  duckdb_parquet::ColumnMetaData meta;  // offsets from the chunk's begin

  void Add(std::string_view piece);
  // Keeps the bytes; a piece of it is still to be added.
  std::string_view Keep(std::string bytes);
};

OutputChunk MergeChunks(const std::vector<InputChunk>& inputs, const Leaf& leaf, const Codec& codec);

}  // namespace deltic::engine::merge
