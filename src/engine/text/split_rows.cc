#include "engine/text/split_rows.h"

#include "engine/errors.h"
#include "engine/file_scan.h"
#include "engine/functions/throw.h"
#include "engine/text/scalar_text.h"
#include "engine/type_map.h"

namespace deltic::engine::text {
namespace {

using duckdb::idx_t;
using functions::ThrowStatus;
using Source = FileColumn::Source;
using Fields = std::vector<types::StructField>;

types::StructField FieldOf(const SourceSpec& spec, size_t i) {
  const std::string& physical = spec.columns[i].physical_name;
  return {physical.empty() ? spec.output[i].name : physical, spec.output[i].type, true, "{}"};
}

Fields WantedFields(const SourceSpec& spec, const std::vector<idx_t>& columns) {
  Fields out;
  for (const idx_t c : columns) {
    if (c < spec.columns.size() && spec.columns[c].source == Source::kData) out.push_back(FieldOf(spec, c));
  }
  return out;
}

Fields FileFields(const SourceSpec& spec) {
  Fields out;
  for (size_t i = 0; i < spec.columns.size(); ++i) {
    if (spec.columns[i].source != Source::kData) continue;
    if (spec.output[i].name != spec.options.corrupt_column) out.push_back(FieldOf(spec, i));
  }
  return out;
}

bool IsComment(std::string_view line, const Options& options) {
  return !options.comment.empty() && line.starts_with(options.comment);
}

}  // namespace

void CheckWanted(const SourceSpec& spec, const std::vector<idx_t>& columns) {
  if (spec.format == FileFormat::kText) {
    if (WantedFields(spec, columns).size() <= 1) return;
    ThrowStatus(InternalError("Text data source only produces a single data column named \"value\"."));
  }
  Fields all;
  for (size_t i = 0; i < spec.columns.size(); ++i) {
    if (spec.columns[i].source == Source::kData) all.push_back(FieldOf(spec, i));
  }
  FindCorruptField(all, spec.options);
  const Fields wanted = WantedFields(spec, columns);
  if (spec.format == FileFormat::kJson && wanted.size() == 1 && wanted[0].name == spec.options.corrupt_column) {
    ThrowStatus(Error("_LEGACY_ERROR_TEMP_1285", {}));
  }
}

SplitRows::SplitRows(const SourceSpec& spec, const std::vector<idx_t>& columns)
    : spec_(spec),
      columns_(columns),
      reader_(spec.format, spec.options),
      tokenizer_(spec.options, spec.options.multi_line ? CsvTokenizer::Source::kFile : CsvTokenizer::Source::kLine) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] < spec.columns.size() && spec.columns[columns[i]].source == Source::kData) wanted_.push_back(i);
  }
  const Fields wanted = WantedFields(spec, columns);
  if (spec.format == FileFormat::kCsv) {
    file_columns_ = FileFields(spec);
    csv_ = std::make_unique<CsvRows>(spec.options, file_columns_, wanted);
  } else if (spec.format == FileFormat::kJson) {
    json_ = std::make_unique<JsonRows>(spec.options, wanted, true);
  }
}

std::string SplitRows::Uri() const {
  FileColumn path;
  path.source = Source::kFilePath;
  return duckdb::StringValue::Get(PerFileValue(path, TypeId::kString, *file_));
}

void SplitRows::Open(duckdb::FileSystem& fs, const Split& split) {
  file_ = &(*spec_.files)[split.file];
  pending_ = 0;
  reader_.Open(fs, file_->path, split.start, split.end);
  if (spec_.format != FileFormat::kCsv) return;
  if (spec_.options.multi_line) {
    std::string_view text;
    tokenizer_.Reset(reader_.Next(&text) ? text : std::string_view());
  }
  if (spec_.options.header && split.start == 0) SkipHeader();
}

void SplitRows::SkipHeader() {
  if (!spec_.options.multi_line) {
    std::string_view line;
    do {
      if (!reader_.Next(&line)) return;
    } while (IsBlankLine(line) || IsComment(line, spec_.options));
    tokenizer_.Reset(line);
  }
  if (tokenizer_.Next() && !spec_.options.enforce_schema) CheckHeader(tokenizer_.tokens());
}

void SplitRows::CheckHeader(const std::vector<std::string_view>& names) {
  std::string header, schema;
  for (const auto name : names) header += (header.empty() ? "" : ", ") + std::string(name);
  for (const auto& field : file_columns_) schema += (schema.empty() ? "" : ", ") + field.name;
  std::string problem;
  if (names.size() != file_columns_.size()) {
    problem = "Number of column in CSV header is not equal to number of fields in the schema:\n Header length: " +
              std::to_string(names.size()) + ", schema size: " + std::to_string(file_columns_.size());
  }
  for (size_t i = 0; problem.empty() && i < names.size(); ++i) {
    const std::string& name = file_columns_[i].name;
    const bool same = spec_.options.case_sensitive ? names[i] == name : types::EqualsIgnoreCase(names[i], name);
    if (same) continue;
    problem = "CSV header does not conform to the schema.\n Header: " + header + "\n Schema: " + schema +
              "\nExpected: " + name + " but found: " + std::string(names[i]);
  }
  if (!problem.empty())
    ThrowStatus(Error("INVALID_OPTION", {{"option", "enforceSchema"}}, problem + "\nCSV file: " + Uri()));
}

void SplitRows::Point(RowTarget* target, duckdb::DataChunk& chunk) {
  for (size_t i = 0; i < wanted_.size(); ++i) target->vectors[i] = &chunk.data[wanted_[i]];
}

bool SplitRows::NextCsvRecord() {
  tokens_ = nullptr;
  if (spec_.options.multi_line) {
    if (!tokenizer_.Next()) return false;
    record_ = tokenizer_.record();
    tokens_ = &tokenizer_.tokens();
    return true;
  }
  do {
    if (!reader_.Next(&record_)) return false;
  } while (IsBlankLine(record_) || IsComment(record_, spec_.options));
  if (csv_->CountsOnly()) return true;
  tokenizer_.Reset(record_);
  if (tokenizer_.Next()) tokens_ = &tokenizer_.tokens();
  return true;
}

idx_t SplitRows::FillCsv() {
  idx_t rows = 0;
  const bool counts_only = csv_->CountsOnly() || (csv_->target().fields.size() == 1 && csv_->target().corrupt == 0);
  while (rows < STANDARD_VECTOR_SIZE && NextCsvRecord()) {
    if (counts_only) {
      SetAllNull(csv_->target(), rows++);
      continue;
    }
    if (csv_->Store(tokens_, record_, rows)) ++rows;
  }
  return rows;
}

idx_t SplitRows::FillJson() {
  idx_t rows = 0;
  while (rows < STANDARD_VECTOR_SIZE) {
    if (pending_ == 0) {
      if (!reader_.Next(&record_)) break;
      // What is not UTF-8 is no JSON.
      const bool valid = reader_.raw().data() == record_.data() || spec_.options.encoding != Encoding::kUtf8 ||
                         spec_.options.multi_line;
      pending_ = json_->Begin(valid ? record_ : std::string_view("\x01"), record_);
      continue;
    }
    --pending_;
    if (json_->Store(rows)) ++rows;
  }
  return rows;
}

idx_t SplitRows::FillText(duckdb::DataChunk& chunk) {
  idx_t rows = 0;
  while (rows < STANDARD_VECTOR_SIZE && reader_.Next(&record_)) {
    for (const size_t i : wanted_) StoreText(record_, chunk.data[i], rows);
    ++rows;
  }
  return rows;
}

idx_t SplitRows::Fill(duckdb::DataChunk& chunk) {
  idx_t rows = 0;
  try {
    if (spec_.format == FileFormat::kCsv) {
      Point(&csv_->target(), chunk);
      rows = FillCsv();
    } else if (spec_.format == FileFormat::kJson) {
      Point(&json_->target(), chunk);
      rows = FillJson();
    } else {
      rows = FillText(chunk);
    }
  } catch (const std::exception& e) {
    const Status status = StatusFromException(e);
    if (status.condition() != "CSV_PARSING") throw;
    ThrowStatus(Error("_LEGACY_ERROR_TEMP_2064", {{"path", Uri()}, {"details", status.detail()}},
                      "Encountered error while reading file " + Uri() + ". Details: " + status.detail()));
  }
  for (size_t i = 0; i < columns_.size() && rows > 0; ++i) {
    const idx_t c = columns_[i];
    if (c < spec_.columns.size() && spec_.columns[c].source != Source::kData) {
      chunk.data[i].Reference(PerFileValue(spec_.columns[c], spec_.output[c].type, *file_));
    } else if (c >= spec_.columns.size()) {
      chunk.data[i].Reference(duckdb::Value(chunk.data[i].GetType()));
    }
  }
  chunk.SetCardinality(rows);
  return rows;
}

}  // namespace deltic::engine::text
