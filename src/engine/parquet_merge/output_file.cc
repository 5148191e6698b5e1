#include "engine/parquet_merge/output_file.h"

#include <limits>

#include "engine/parquet_merge/thrift_bytes.h"

namespace deltic::engine::merge {
namespace {

constexpr std::string_view kMagic = "PAR1";
// The form that readers take apart; without a version they would suspect old defects.
constexpr char kCreatedBy[] = "Deltic version 1";

}  // namespace

OutputFile::OutputFile(duckdb::FileSystem& fs, std::string path, const duckdb_parquet::FileMetaData& like,
                       bool has_orders)
    : fs_(fs), path_(std::move(path)) {
  footer_.version = like.version;
  footer_.schema = like.schema;
  footer_.__set_created_by(kCreatedBy);
  // Without its version in the footer Spark would suspect old calendars in dates and timestamps.
  duckdb_parquet::KeyValue spark;
  spark.key = "org.apache.spark.version";
  spark.__set_value("3.5.5");
  footer_.key_value_metadata.push_back(spark);
  footer_.__isset.key_value_metadata = true;
  if (has_orders) {
    footer_.column_orders = like.column_orders;
    footer_.__isset.column_orders = true;
  }
}

bool OutputFile::Append(size_t number, const OutputGroup& group) {
  std::unique_lock lock(mutex_);
  turned_.wait(lock, [&] { return stopped_ || next_ == number; });
  if (stopped_) return false;
  if (writer_ == nullptr) {
    writer_ = duckdb::make_uniq<duckdb::BufferedFileWriter>(
        fs_, path_, duckdb::FileFlags::FILE_FLAGS_WRITE | duckdb::FileFlags::FILE_FLAGS_FILE_CREATE_NEW);
    Write(kMagic);
  }
  auto& row_group = footer_.row_groups.emplace_back();
  row_group.num_rows = group.rows;
  row_group.__set_file_offset(written_);
  if (number <= std::numeric_limits<int16_t>::max()) row_group.__set_ordinal(static_cast<int16_t>(number));
  int64_t compressed = 0;
  for (const OutputChunk& chunk : group.chunks) {
    auto& column = row_group.columns.emplace_back();
    column.file_offset = 0;
    column.__set_meta_data(chunk.meta);
    column.meta_data.data_page_offset += written_;
    if (column.meta_data.__isset.dictionary_page_offset) column.meta_data.dictionary_page_offset += written_;
    row_group.total_byte_size += chunk.meta.total_uncompressed_size;
    compressed += chunk.meta.total_compressed_size;
    for (const auto piece : chunk.pieces) Write(piece);
  }
  row_group.__set_total_compressed_size(compressed);
  footer_.num_rows += group.rows;
  next_++;
  turned_.notify_all();
  return true;
}

int64_t OutputFile::Finish() {
  const std::string footer = ToBytes(footer_);
  const auto length = static_cast<uint32_t>(footer.size());
  Write(footer);
  Write({reinterpret_cast<const char*>(&length), sizeof length});
  Write(kMagic);
  writer_->Close();
  return written_;
}

void OutputFile::Stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  turned_.notify_all();
}

void OutputFile::Write(std::string_view bytes) {
  writer_->WriteData(reinterpret_cast<duckdb::const_data_ptr_t>(bytes.data()), bytes.size());
  written_ += static_cast<int64_t>(bytes.size());
}

}  // namespace deltic::engine::merge
