#include "engine/parquet_merge/chunk.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "engine/parquet_merge/cannot_merge.h"
#include "engine/parquet_merge/chunk_statistics.h"
#include "engine/parquet_merge/index_runs.h"
#include "engine/parquet_merge/thrift_bytes.h"
#include "engine/parquet_merge/value_dictionary.h"

namespace deltic::engine::merge {
namespace {

using duckdb_parquet::Encoding;
using duckdb_parquet::PageType;
using duckdb_parquet::Type;

// Writers give up dictionaries that are larger (parquet.dictionary.page.size).
constexpr size_t kMostDictionaryBytes = size_t{1} << 20;

// A plain page of strings whose values have been numbered.
struct NumberedPage {
  PageParts parts;
  std::vector<uint32_t> numbers;
};

class ChunkMerge {
 public:
  ChunkMerge(const std::vector<InputChunk>& inputs, const Leaf& leaf, const Codec& codec)
      : inputs_(inputs), leaf_(leaf), codec_(codec), dictionary_(leaf.value_bytes()) {
    for (const InputChunk& input : inputs) {
      Input& in = in_.emplace_back();
      in.pages = ReadPages(input, leaf, codec);
      has_dictionary_ = has_dictionary_ || in.pages.dictionary.has_value();
    }
  }

  OutputChunk Run() {
    if (in_.size() == 1) {
      CopyAll();
    } else {
      MergeDictionaries();
      if (!given_up_) NumberStrings();
      if (has_dictionary_ && !given_up_) WriteDictionary();
      for (size_t i = 0; i < in_.size(); i++) WritePages(i);
    }
    Describe();
    return std::move(out_);
  }

 private:
  struct Input {
    ChunkPages pages;
    std::vector<uint32_t> numbers;  // of its dictionary's values in the merged one; empty: the same
    size_t dictionary_values = 0;
    std::string plain;                              // of its dictionary, if that is given up
    std::map<size_t, NumberedPage> numbered_pages;  // by their place
  };

  void CopyAll() {
    const ChunkPages& pages = in_[0].pages;
    if (pages.dictionary.has_value()) {
      dictionary_values_ = static_cast<size_t>(pages.dictionary->header.dictionary_page_header.num_values);
      Copy(*pages.dictionary);
    }
    for (const Page& page : pages.data) Copy(page);
  }

  void MergeDictionaries() {
    size_t largest = 0;
    for (Input& in : in_) {
      if (!in.pages.dictionary.has_value()) continue;
      Require(leaf_.physical != Type::BOOLEAN && leaf_.physical != Type::INT96, "a dictionary of such a type");
      const Page& page = *in.pages.dictionary;
      const auto size = static_cast<size_t>(page.header.uncompressed_page_size);
      if (size > 0 || !page.body.empty()) codec_.Decompress(page.body, size, &in.plain);
      in.dictionary_values = static_cast<size_t>(page.header.dictionary_page_header.num_values);
      largest = std::max(largest, in.plain.size());
      if (given_up_) continue;
      in.numbers = dictionary_.AddAll(in.plain, in.dictionary_values);
      given_up_ = dictionary_.plain().size() > std::max(kMostDictionaryBytes, largest);
    }
    dictionary_values_ = dictionary_.size();
  }

  // Strings that come plain, as those of small files do: numbered, if few of them are distinct.
  void NumberStrings() {
    if (leaf_.physical != Type::BYTE_ARRAY) return;
    const size_t kept = dictionary_.size();
    size_t values = 0;
    size_t plain_bytes = 0;
    bool any = false;
    for (Input& in : in_) {
      for (size_t p = 0; p < in.pages.data.size(); p++) {
        const Page& page = in.pages.data[p];
        if (page.encoding() != Encoding::PLAIN) {
          if (!page.is_indexed()) return Forget(kept);
          continue;
        }
        NumberedPage numbered;
        numbered.parts = TakeApart(page, leaf_, codec_);
        numbered.numbers = dictionary_.AddStrings(numbered.parts.values(), numbered.parts.present);
        values += numbered.numbers.size();
        plain_bytes += numbered.parts.values().size();
        numbered.parts.bytes.resize(numbered.parts.level_bytes);
        in.numbered_pages.emplace(p, std::move(numbered));
        any = true;
        // Half of the values at most, and half of the bytes.
        if ((dictionary_.size() - kept) * 2 > values || dictionary_.plain().size() > kMostDictionaryBytes) {
          return Forget(kept);
        }
      }
    }
    const size_t index_bytes = values * static_cast<size_t>(WidthFor(dictionary_.size())) / 8;
    if (!any || dictionary_.plain().size() + index_bytes > plain_bytes / 2) return Forget(kept);
    dictionary_values_ = dictionary_.size();
    has_dictionary_ = true;
  }

  void Forget(size_t kept) {
    dictionary_.Truncate(kept);
    for (Input& in : in_) in.numbered_pages.clear();
  }

  void WriteDictionary() {
    duckdb_parquet::PageHeader header;
    std::string body;
    codec_.Compress(dictionary_.plain(), &body);
    header.type = PageType::DICTIONARY_PAGE;
    header.uncompressed_page_size = static_cast<int32_t>(dictionary_.plain().size());
    header.compressed_page_size = static_cast<int32_t>(body.size());
    header.dictionary_page_header.num_values = static_cast<int32_t>(dictionary_.size());
    header.dictionary_page_header.encoding = Encoding::PLAIN_DICTIONARY;
    for (const Input& in : in_) {
      if (in.pages.dictionary.has_value())
        header.dictionary_page_header.encoding = in.pages.dictionary->header.dictionary_page_header.encoding;
    }
    header.__isset.dictionary_page_header = true;
    const auto bytes = out_.Keep(ToBytes(header) + body);
    Count(header, bytes.size());
    out_.meta.__set_dictionary_page_offset(0);
    out_.Add(bytes);
    Used(PageType::DICTIONARY_PAGE, header.dictionary_page_header.encoding);
  }

  void WritePages(size_t i) {
    Input& in = in_[i];
    for (size_t p = 0; p < in.pages.data.size(); p++) {
      const Page& page = in.pages.data[p];
      if (const auto numbered = in.numbered_pages.find(p); numbered != in.numbered_pages.end()) {
        WriteIndices(page, numbered->second.parts.levels(), numbered->second.numbers);
        in.numbered_pages.erase(numbered);
      } else if (!page.is_indexed() || IsSameDictionary(in)) {
        Copy(page);
      } else {
        WriteRenumbered(in, page);
      }
    }
  }

  // An index that is out of range must stay so.
  bool IsSameDictionary(const Input& in) const {
    return !given_up_ && in.numbers.empty() && in.dictionary_values == dictionary_.size();
  }

  void WriteRenumbered(const Input& in, const Page& page) {
    const PageParts parts = TakeApart(page, leaf_, codec_);
    std::vector<uint32_t> indices;
    if (parts.present > 0) {
      Require(!parts.values().empty(), "a page without its indices");
      const int width = static_cast<uint8_t>(parts.values().front());
      indices = DecodeRuns(parts.values().substr(1), width, parts.present);
    }
    const auto largest = std::max_element(indices.begin(), indices.end());
    Require(largest == indices.end() || *largest < in.dictionary_values, "an index beyond its dictionary");
    if (given_up_) return WritePlain(in, page, parts, indices);
    if (in.numbers.empty()) return Copy(page);
    for (uint32_t& index : indices) index = in.numbers[index];
    WriteIndices(page, parts.levels(), indices);
  }

  void WriteIndices(const Page& page, std::string_view levels, const std::vector<uint32_t>& indices) {
    const int width = WidthFor(dictionary_.size());
    std::string values(1, static_cast<char>(width));
    EncodeRuns(indices, width, &values);
    const auto encoding = page.is_v2() ? Encoding::RLE_DICTIONARY : Encoding::PLAIN_DICTIONARY;
    Write(page, levels, values, encoding);
  }

  void WritePlain(const Input& in, const Page& page, const PageParts& parts, const std::vector<uint32_t>& indices) {
    const auto dictionary = ValueDictionary::Split(in.plain, leaf_.value_bytes(), in.dictionary_values);
    std::string values;
    for (const uint32_t index : indices) values.append(dictionary[index]);
    Write(page, parts.levels(), values, Encoding::PLAIN);
  }

  void Write(const Page& page, std::string_view levels, std::string_view values, Encoding::type encoding) {
    duckdb_parquet::PageHeader header;
    std::string bytes = PutTogether(page, levels, values, encoding, codec_, &header);
    AddData(header, out_.Keep(std::move(bytes)), encoding);
  }

  void Copy(const Page& page) {
    VerifyPage(page, codec_);
    if (page.header.type == PageType::DICTIONARY_PAGE) {
      Count(page.header, page.whole.size());
      out_.meta.__set_dictionary_page_offset(0);
      out_.Add(page.whole);
      Used(PageType::DICTIONARY_PAGE, page.header.dictionary_page_header.encoding);
      return;
    }
    AddData(page.header, page.whole, page.encoding());
  }

  void AddData(const duckdb_parquet::PageHeader& header, std::string_view bytes, Encoding::type encoding) {
    if (!has_data_) out_.meta.data_page_offset = out_.meta.total_compressed_size;
    has_data_ = true;
    Count(header, bytes.size());
    out_.Add(bytes);
    Used(header.type, encoding);
  }

  void Count(const duckdb_parquet::PageHeader& header, size_t bytes) {
    out_.meta.total_compressed_size += static_cast<int64_t>(bytes);
    out_.meta.total_uncompressed_size +=
        static_cast<int64_t>(bytes) - header.compressed_page_size + header.uncompressed_page_size;
  }

  void Used(PageType::type type, Encoding::type encoding) { pages_[{type, encoding}]++; }

  void Describe() {
    duckdb_parquet::ColumnMetaData& meta = out_.meta;
    const duckdb_parquet::ColumnMetaData& first = *inputs_[0].meta;
    meta.type = first.type;
    meta.path_in_schema = first.path_in_schema;
    meta.codec = codec_.type();
    std::vector<const duckdb_parquet::ColumnMetaData*> metas;
    for (const InputChunk& input : inputs_) {
      meta.num_values += input.meta->num_values;
      metas.push_back(input.meta);
    }
    if (!has_data_) meta.data_page_offset = meta.total_compressed_size;
    std::set<Encoding::type> encodings;
    if (leaf_.max_definition > 0 || leaf_.max_repetition > 0) encodings.insert(Encoding::RLE);
    for (const auto& [kind, count] : pages_) {
      encodings.insert(kind.second);
      duckdb_parquet::PageEncodingStats stats;
      stats.page_type = kind.first;
      stats.encoding = kind.second;
      stats.count = count;
      meta.encoding_stats.push_back(stats);
    }
    meta.__isset.encoding_stats = true;
    meta.encodings.assign(encodings.begin(), encodings.end());
    if (auto statistics = MergeStatistics(metas, leaf_)) {
      // Each input's dictionary had what the column has and nothing else: so has the merged one.
      if (has_dictionary_ && !given_up_ && DictionariesAreExact()) {
        statistics->__set_distinct_count(static_cast<int64_t>(dictionary_values_));
      }
      meta.__set_statistics(*statistics);
    }
  }

  bool DictionariesAreExact() const {
    for (size_t i = 0; i < in_.size(); i++) {
      const auto& meta = *inputs_[i].meta;
      const auto& pages = in_[i].pages;
      if (!pages.dictionary.has_value()) return false;
      if (!std::all_of(pages.data.begin(), pages.data.end(), [](const Page& p) { return p.is_indexed(); }))
        return false;
      if (!meta.__isset.statistics || !meta.statistics.__isset.distinct_count) return false;
      if (meta.statistics.distinct_count != pages.dictionary->header.dictionary_page_header.num_values) return false;
    }
    return true;
  }

  const std::vector<InputChunk>& inputs_;
  const Leaf& leaf_;
  const Codec& codec_;
  std::vector<Input> in_;
  ValueDictionary dictionary_;
  size_t dictionary_values_ = 0;
  bool has_dictionary_ = false;
  bool given_up_ = false;  // dictionaries become plain values
  bool has_data_ = false;
  std::map<std::pair<PageType::type, Encoding::type>, int32_t> pages_;
  OutputChunk out_;
};

}  // namespace

void OutputChunk::Add(std::string_view piece) {
  // Pages that follow one another in an input are one piece.
  if (!pieces.empty() && pieces.back().data() + pieces.back().size() == piece.data()) {
    pieces.back() = {pieces.back().data(), pieces.back().size() + piece.size()};
  } else {
    pieces.push_back(piece);
  }
}

std::string_view OutputChunk::Keep(std::string bytes) {
  return *made.emplace_back(std::make_unique<std::string>(std::move(bytes)));
}

OutputChunk MergeChunks(const std::vector<InputChunk>& inputs, const Leaf& leaf, const Codec& codec) {
  return ChunkMerge(inputs, leaf, codec).Run();
}

}  // namespace deltic::engine::merge
