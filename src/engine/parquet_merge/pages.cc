#include "engine/parquet_merge/pages.h"

#include <bit>
#include <cstring>
#include <limits>

#include "engine/parquet_merge/cannot_merge.h"
#include "engine/parquet_merge/index_runs.h"
#include "engine/parquet_merge/thrift_bytes.h"

namespace deltic::engine::merge {
namespace {

using duckdb_parquet::Encoding;
using duckdb_parquet::PageType;

constexpr size_t kMostPageValues = size_t{1} << 24;
constexpr char kCounts[] = "pages that do not have the footer's number of values";
constexpr char kLevels[] = "damaged levels";

bool IsKnown(Encoding::type encoding) {
  switch (encoding) {
    case Encoding::PLAIN:
    case Encoding::PLAIN_DICTIONARY:
    case Encoding::RLE:
    case Encoding::DELTA_BINARY_PACKED:
    case Encoding::DELTA_LENGTH_BYTE_ARRAY:
    case Encoding::DELTA_BYTE_ARRAY:
    case Encoding::RLE_DICTIONARY:
    case Encoding::BYTE_STREAM_SPLIT: return true;
    default: return false;
  }
}

size_t V2LevelBytes(const Page& page) {
  const auto& header = page.header.data_page_header_v2;
  const int64_t bytes = int64_t{header.repetition_levels_byte_length} + int64_t{header.definition_levels_byte_length};
  Require(header.repetition_levels_byte_length >= 0 && header.definition_levels_byte_length >= 0 &&
              bytes <= page.header.compressed_page_size && bytes <= page.header.uncompressed_page_size,
          kLevels);
  return static_cast<size_t>(bytes);
}

bool IsCompressed(const Page& page) {
  const auto& header = page.header.data_page_header_v2;
  return !page.is_v2() || !header.__isset.is_compressed || header.is_compressed;
}

void CheckDataPage(const Page& page, const Leaf& leaf, bool has_dictionary) {
  Require(page.values() <= kMostPageValues, "a page of too many values");
  Require(IsKnown(page.encoding()), "an encoding that is not known");
  Require(!page.is_indexed() || has_dictionary, "indices without a dictionary");
  if (page.is_v2()) {
    const auto& header = page.header.data_page_header_v2;
    Require(leaf.max_repetition > 0 || header.num_rows == header.num_values, kCounts);
    return;
  }
  const auto& header = page.header.data_page_header;
  Require(leaf.max_definition == 0 || header.definition_level_encoding == Encoding::RLE, "levels of an old encoding");
  Require(leaf.max_repetition == 0 || header.repetition_level_encoding == Encoding::RLE, "levels of an old encoding");
}

int LevelWidth(int max_level) { return static_cast<int>(std::bit_width(static_cast<unsigned>(max_level))); }

// Where the levels of a decompressed page are: V1 pages tell their lengths before them, V2 pages in the header.
struct Span {
  size_t at = 0;
  size_t size = 0;
  std::string_view of(const std::string& bytes) const { return std::string_view(bytes).substr(at, size); }
};
struct Opened {
  PageParts parts;
  Span repetition, definition;
};

void FindLevelsOfV1(const Leaf& leaf, Opened* page) {
  const std::string& bytes = page->parts.bytes;
  size_t at = 0;
  const auto take = [&]() {
    uint32_t length = 0;
    Require(bytes.size() - at >= sizeof length, kLevels);
    std::memcpy(&length, bytes.data() + at, sizeof length);
    at += sizeof length;
    Require(length <= bytes.size() - at, kLevels);
    const Span levels{at, length};
    at += length;
    return levels;
  };
  if (leaf.max_repetition > 0) page->repetition = take();
  if (leaf.max_definition > 0) page->definition = take();
  page->parts.level_bytes = at;
}

Opened Open(const Page& page, const Leaf& leaf, const Codec& codec) {
  Opened out;
  std::string& bytes = out.parts.bytes;
  const size_t size = static_cast<size_t>(page.header.uncompressed_page_size);
  if (!page.is_v2()) {
    if (size > 0 || !page.body.empty()) codec.Decompress(page.body, size, &bytes);
    FindLevelsOfV1(leaf, &out);
    return out;
  }
  const size_t levels = V2LevelBytes(page);
  const auto repetition = static_cast<size_t>(page.header.data_page_header_v2.repetition_levels_byte_length);
  bytes.assign(page.body.substr(0, levels));
  const auto values = page.body.substr(levels);
  if (!IsCompressed(page)) {
    Require(values.size() == size - levels, "a page of another length than it says");
    bytes.append(values);
  } else if (size > levels || !values.empty()) {
    codec.Decompress(values, size - levels, &bytes);
  }
  out.repetition = {0, repetition};
  out.definition = {repetition, levels - repetition};
  out.parts.level_bytes = levels;
  return out;
}

// Rows that begin in a page of a repeated column.
size_t RowsOf(const Page& page, const Leaf& leaf, const Codec& codec, bool first) {
  const Opened opened = Open(page, leaf, codec);
  const int width = LevelWidth(leaf.max_repetition);
  const auto levels = opened.repetition.of(opened.parts.bytes);
  if (first && page.values() > 0) {
    Require(DecodeRuns(levels, width, 1)[0] == 0, "a row that begins before its file");
  }
  return CountInRuns(levels, width, page.values(), 0);
}

Page NextPage(std::string_view bytes) {
  Page page;
  const size_t header = ReadPageHeader(bytes, &page.header);
  const int32_t compressed = page.header.compressed_page_size;
  Require(compressed >= 0 && page.header.uncompressed_page_size >= 0, "a page of negative size");
  Require(static_cast<size_t>(compressed) <= bytes.size() - header, "a page that ends after its column");
  page.whole = bytes.substr(0, header + static_cast<size_t>(compressed));
  page.body = page.whole.substr(header);
  return page;
}

bool IsDictionary(const Page& page) {
  if (page.header.type != PageType::DICTIONARY_PAGE) return false;
  const auto encoding = page.header.dictionary_page_header.encoding;
  Require(page.header.__isset.dictionary_page_header && page.header.dictionary_page_header.num_values >= 0 &&
              (encoding == Encoding::PLAIN || encoding == Encoding::PLAIN_DICTIONARY),
          "a damaged dictionary");
  return true;
}

bool IsData(const Page& page) {
  const auto& header = page.header;
  if (header.type == PageType::DATA_PAGE)
    return header.__isset.data_page_header && header.data_page_header.num_values >= 0;
  return header.type == PageType::DATA_PAGE_V2 && header.__isset.data_page_header_v2 &&
         header.data_page_header_v2.num_values >= 0;
}

}  // namespace

size_t Page::values() const {
  return static_cast<size_t>(is_v2() ? header.data_page_header_v2.num_values : header.data_page_header.num_values);
}

Encoding::type Page::encoding() const {
  return is_v2() ? header.data_page_header_v2.encoding : header.data_page_header.encoding;
}

bool Page::is_indexed() const {
  return encoding() == Encoding::PLAIN_DICTIONARY || encoding() == Encoding::RLE_DICTIONARY;
}

ChunkPages ReadPages(const InputChunk& chunk, const Leaf& leaf, const Codec& codec) {
  ChunkPages out;
  size_t values = 0;
  size_t rows = 0;
  for (size_t at = 0; at < chunk.bytes.size();) {
    Page page = NextPage(chunk.bytes.substr(at));
    at += page.whole.size();
    if (IsDictionary(page)) {
      Require(!out.dictionary.has_value() && out.data.empty(), "a dictionary that is not first");
      out.dictionary = std::move(page);
      continue;
    }
    Require(IsData(page), "a page that is neither data nor dictionary");
    CheckDataPage(page, leaf, out.dictionary.has_value());
    values += page.values();
    if (leaf.max_repetition > 0) rows += RowsOf(page, leaf, codec, out.data.empty());
    out.data.push_back(std::move(page));
  }
  Require(chunk.meta->num_values >= 0 && values == static_cast<size_t>(chunk.meta->num_values), kCounts);
  Require((leaf.max_repetition > 0 ? rows : values) == static_cast<size_t>(chunk.rows), kCounts);
  return out;
}

void VerifyPage(const Page& page, const Codec& codec) {
  const size_t levels = page.is_v2() ? V2LevelBytes(page) : 0;
  const auto body = page.body.substr(levels);
  const size_t size = static_cast<size_t>(page.header.uncompressed_page_size) - levels;
  if (size == 0 && body.empty()) return;
  if (IsCompressed(page)) return codec.Verify(body, size);
  Require(body.size() == size, "a page of another length than it says");
}

PageParts TakeApart(const Page& page, const Leaf& leaf, const Codec& codec) {
  Opened opened = Open(page, leaf, codec);
  const size_t values = page.values();
  opened.parts.present = values;
  if (leaf.max_definition > 0) {
    opened.parts.present = CountInRuns(opened.definition.of(opened.parts.bytes), LevelWidth(leaf.max_definition),
                                       values, static_cast<uint32_t>(leaf.max_definition));
  }
  return std::move(opened.parts);
}

std::string PutTogether(const Page& page, std::string_view levels, std::string_view values, Encoding::type encoding,
                        const Codec& codec, duckdb_parquet::PageHeader* header) {
  constexpr size_t kMost = std::numeric_limits<int32_t>::max();
  std::string body;
  *header = page.header;
  header->crc = 0;
  header->__isset.crc = false;
  if (page.is_v2()) {
    body = levels;
    header->data_page_header_v2.encoding = encoding;
    header->data_page_header_v2.__set_is_compressed(true);
    if (!values.empty()) codec.Compress(values, &body);
  } else {
    header->data_page_header.encoding = encoding;
    std::string both(levels);
    both.append(values);
    codec.Compress(both, &body);
  }
  Require(levels.size() + values.size() < kMost && body.size() < kMost, "a page that is too large");
  header->uncompressed_page_size = static_cast<int32_t>(levels.size() + values.size());
  header->compressed_page_size = static_cast<int32_t>(body.size());
  return ToBytes(*header) + body;
}

}  // namespace deltic::engine::merge
