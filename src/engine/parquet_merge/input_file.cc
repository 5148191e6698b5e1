#include "engine/parquet_merge/input_file.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "engine/object_file_system.h"
#include "engine/parquet_merge/cannot_merge.h"
#include "engine/parquet_merge/thrift_bytes.h"
#include "storage/object_store.h"

namespace deltic::engine::merge {
namespace {

using duckdb_parquet::ColumnChunk;
using duckdb_parquet::ColumnMetaData;
using duckdb_parquet::RowGroup;

constexpr std::string_view kMagic = "PAR1";
constexpr size_t kTailBytes = 64 << 10;
constexpr int64_t kMostRows = int64_t{1} << 40;  // of a row group
constexpr char kDamaged[] = "a damaged footer";

uint32_t LoadLength(const char* at) {
  uint32_t length = 0;
  std::memcpy(&length, at, sizeof length);
  return length;
}

// Pages and statistics by parquet-mr before 1.10 had defects that readers know by its name (PARQUET-246, PARQUET-251).
bool IsOldWriter(std::string_view created_by) {
  constexpr std::string_view kName = "parquet-mr version 1.";
  if (!created_by.starts_with("parquet-mr")) return false;
  if (!created_by.starts_with(kName)) return true;
  int minor = 0;
  const auto digits = created_by.substr(kName.size());
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), minor);
  return end.ec != std::errc() || minor < 10;
}

// Spark's notes that dates or timestamps are of the old calendar.
bool HasOldCalendar(const duckdb_parquet::FileMetaData& footer) {
  return std::any_of(footer.key_value_metadata.begin(), footer.key_value_metadata.end(), [](const auto& entry) {
    return entry.key == "org.apache.spark.legacyDateTime" || entry.key == "org.apache.spark.legacyINT96";
  });
}

}  // namespace

InputFile::InputFile(duckdb::FileSystem& fs, const ScanFile& file, const std::vector<WantedColumn>& wanted,
                     const Codec& codec)
    : file_(file) {
  ReadFooterOf(fs);
  Require(!footer_.__isset.encryption_algorithm, "an encrypted file");
  Require(!IsOldWriter(footer_.created_by), "a file by an old writer");
  Require(!HasOldCalendar(footer_), "a file of the old calendar");
  leaves_ = MatchSchema(footer_, wanted);
  CheckGroups(codec);
}

duckdb::unique_ptr<duckdb::FileHandle> InputFile::Open(duckdb::FileSystem& fs) const {
  duckdb::OpenFileInfo info(file_.path);
  if (storage::IsRemoteNative(file_.path) && file_.size_bytes > 0) {
    info.extended_info = duckdb::make_shared_ptr<duckdb::ExtendedOpenFileInfo>();
    info.extended_info->options[kFileSizeOption] = duckdb::Value::BIGINT(file_.size_bytes);
    info.extended_info->options[kLastModifiedOption] =
        duckdb::Value::TIMESTAMP(duckdb::timestamp_t(std::max<int64_t>(file_.modified_ms, 1) * 1000));
  }
  return fs.OpenFile(info, duckdb::FileFlags::FILE_FLAGS_READ);
}

void InputFile::ReadFooterOf(duckdb::FileSystem& fs) {
  const auto handle = Open(fs);
  constexpr size_t kEnd = sizeof(uint32_t) + kMagic.size();
  size_ = handle->GetFileSize();
  Require(size_ >= kMagic.size() + kEnd, kDamaged);
  const bool keep = size_ <= static_cast<size_t>(kKeptBytes);
  size_t tail = keep ? size_ : std::min(size_, kTailBytes);
  auto bytes = std::make_unique_for_overwrite<char[]>(tail);
  handle->Read(bytes.get(), tail, size_ - tail);
  Require(std::string_view(bytes.get() + tail - kMagic.size(), kMagic.size()) == kMagic, kDamaged);
  const size_t length = LoadLength(bytes.get() + tail - kEnd);
  Require(length <= size_ - kEnd - kMagic.size(), kDamaged);
  if (length + kEnd > tail) {
    tail = length + kEnd;
    bytes = std::make_unique_for_overwrite<char[]>(tail);
    handle->Read(bytes.get(), tail, size_ - tail);
  }
  data_end_ = size_ - kEnd - length;
  footer_ = ReadFooter({bytes.get() + tail - kEnd - length, length});
  if (keep) kept_ = std::move(bytes);
}

GroupRange InputFile::RangeOf(const ColumnMetaData& column) const {
  int64_t begin = column.data_page_offset;
  if (column.__isset.dictionary_page_offset && column.dictionary_page_offset > 0) {
    begin = std::min(begin, column.dictionary_page_offset);
  }
  const auto end = static_cast<int64_t>(data_end_);
  Require(begin >= static_cast<int64_t>(kMagic.size()) && begin <= end && column.total_compressed_size >= 0 &&
              column.total_compressed_size <= end - begin,
          kDamaged);
  return {static_cast<size_t>(begin), static_cast<size_t>(begin + column.total_compressed_size)};
}

void InputFile::CheckGroups(const Codec& codec) {
  int64_t rows = 0;
  for (const RowGroup& group : footer_.row_groups) {
    Require(group.columns.size() == leaves_.size() && group.num_rows >= 0 && group.num_rows <= kMostRows, kDamaged);
    rows += group.num_rows;
    if (group.num_rows == 0) {  // writers place the pages of such a group nowhere
      ranges_.emplace_back();
      continue;
    }
    GroupRange all{std::numeric_limits<size_t>::max(), 0};
    for (size_t i = 0; i < leaves_.size(); i++) {
      const ColumnChunk& chunk = group.columns[i];
      Require(!chunk.__isset.file_path && !chunk.__isset.crypto_metadata && chunk.__isset.meta_data,
              "a column in another file, or encrypted");
      Require(chunk.meta_data.codec == codec.type(), "another compression codec than is to be written");
      Require(chunk.meta_data.type == leaves_[i].physical, kDamaged);
      const GroupRange range = RangeOf(chunk.meta_data);
      all = {std::min(all.begin, range.begin), std::max(all.end, range.end)};
    }
    ranges_.push_back(all);
  }
  Require(rows == footer_.num_rows, kDamaged);
}

std::string_view InputFile::Group(duckdb::FileSystem& fs, size_t group, std::unique_ptr<char[]>* buffer) const {
  const GroupRange& range = ranges_[group];
  if (kept_ != nullptr) return {kept_.get() + range.begin, range.size()};
  *buffer = std::make_unique_for_overwrite<char[]>(range.size());
  Open(fs)->Read(buffer->get(), range.size(), range.begin);
  return {buffer->get(), range.size()};
}

std::string_view InputFile::Chunk(std::string_view group_bytes, size_t group, size_t column) const {
  const GroupRange range = RangeOf(footer_.row_groups[group].columns[column].meta_data);
  return group_bytes.substr(range.begin - ranges_[group].begin, range.size());
}

}  // namespace deltic::engine::merge
