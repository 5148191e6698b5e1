// The rows of one split of a text source, chunk by chunk. One per thread; not thread-safe. Failures throw and name the
// file.
#pragma once

#include <memory>
#include <vector>

#include "engine/text/csv_rows.h"
#include "engine/text/json_rows.h"
#include "engine/text/record_reader.h"

namespace deltic::engine::text {

// What a scan reads; outlives it.
struct SourceSpec {
  FileFormat format = FileFormat::kText;
  Options options;
  std::shared_ptr<const std::vector<ScanFile>> files;
  std::vector<FileColumn> columns;
  std::vector<Column> output;  // parallel to columns
};

struct Split {
  size_t file = 0;
  duckdb::idx_t start = 0;
  duckdb::idx_t end = 0;
};

// May these columns be read without others? Throws.
void CheckWanted(const SourceSpec& spec, const std::vector<duckdb::idx_t>& columns);

class SplitRows {
 public:
  // `columns`: per vector of a chunk its place in the spec, or past the end.
  SplitRows(const SourceSpec& spec, const std::vector<duckdb::idx_t>& columns);
  void Open(duckdb::FileSystem& fs, const Split& split);
  // Fills the chunk; fewer rows than fit: the split is read.
  duckdb::idx_t Fill(duckdb::DataChunk& chunk);

 private:
  duckdb::idx_t FillCsv();
  duckdb::idx_t FillJson();
  duckdb::idx_t FillText(duckdb::DataChunk& chunk);
  bool StoreCsv(duckdb::idx_t at);
  void SkipHeader();
  void CheckHeader(const std::vector<std::string_view>& names);
  bool NextCsvRecord();
  void Point(RowTarget* target, duckdb::DataChunk& chunk);
  std::string Uri() const;

  const SourceSpec& spec_;
  const std::vector<duckdb::idx_t> columns_;
  std::vector<size_t> wanted_;  // places in a chunk of the fields of the row target
  RecordReader reader_;
  CsvTokenizer tokenizer_;
  std::unique_ptr<CsvRows> csv_;
  std::unique_ptr<JsonRows> json_;
  std::vector<types::StructField> file_columns_;
  const ScanFile* file_ = nullptr;
  std::string_view record_;
  const std::vector<std::string_view>* tokens_ = nullptr;
  size_t pending_ = 0;  // rows of the current JSON document
};

}  // namespace deltic::engine::text
