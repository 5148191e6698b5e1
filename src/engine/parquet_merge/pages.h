// The pages of a column chunk, as bytes that are not read further than they must be (parquet-format › Data Pages).
// Every length and count is checked against the others and the footer's. Pure functions, thread-safe; they throw
// CannotMerge.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/parquet_merge/codec.h"
#include "engine/parquet_merge/schema.h"

namespace deltic::engine::merge {

struct Page {
  duckdb_parquet::PageHeader header;
  std::string_view whole;  // header and body
  std::string_view body;

  bool is_v2() const { return header.type == duckdb_parquet::PageType::DATA_PAGE_V2; }
  size_t values() const;  // NULLs included
  duckdb_parquet::Encoding::type encoding() const;
  bool is_indexed() const;  // values are indices into the dictionary
};

// A column chunk of an input: the bytes of its pages and what the footer says of them.
struct InputChunk {
  std::string_view bytes;
  const duckdb_parquet::ColumnMetaData* meta = nullptr;
  int64_t rows = 0;
};

struct ChunkPages {
  std::optional<Page> dictionary;
  std::vector<Page> data;
};

// The pages of a chunk; they are not decompressed. Only those of a repeated column are, to read its levels: its rows
// are as many as the footer says, so that rows cannot move into those of another column.
ChunkPages ReadPages(const InputChunk& chunk, const Leaf& leaf, const Codec& codec);

// A page that is to be copied can be decompressed to the length it says.
void VerifyPage(const Page& page, const Codec& codec);

// A data page taken apart.
struct PageParts {
  std::string bytes;       // levels, then values; decompressed
  size_t level_bytes = 0;  // with their lengths where the page has them
  size_t present = 0;      // values that are there
  std::string_view levels() const { return std::string_view(bytes).substr(0, level_bytes); }
  std::string_view values() const { return std::string_view(bytes).substr(level_bytes); }
};
PageParts TakeApart(const Page& page, const Leaf& leaf, const Codec& codec);
// The page with other values of another encoding, its header included and told in *header.
std::string PutTogether(const Page& page, std::string_view levels, std::string_view values,
                        duckdb_parquet::Encoding::type encoding, const Codec& codec,
                        duckdb_parquet::PageHeader* header);

}  // namespace deltic::engine::merge
