#include "engine/text/writer.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>

#include "engine/functions/throw.h"
#include "engine/text/csv_tokenizer.h"
#include "engine/text/options.h"
#include "engine/text/output_file.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;
using functions::ThrowStatus;

constexpr int64_t kNoRowLimit = INT64_MAX;

// Values that leave CSV by their formats; all others as the text that CAST gives.
bool HasFormat(const DataType& type) {
  return type.Is(TypeId::kDate) || type.Is(TypeId::kTimestamp) || type.Is(TypeId::kTimestampNtz);
}

class Writer {
 public:
  Writer(const RelPtr& plan, const WriteSpec& spec) : plan_(plan), spec_(spec) {
    option_map_ = spec.options;
    option_map_.emplace(text::kSessionZoneOption, spec.time_zone);
    options_ = text::ParseOptions(spec.format, option_map_, text::Use::kWrite);
    for (size_t i = 0; i < plan->output.size(); ++i) {
      bool partition = std::find(spec.partition_columns.begin(), spec.partition_columns.end(), static_cast<int>(i)) !=
                       spec.partition_columns.end();
      if (!partition) data_.push_back(i);
    }
    if (spec.format == FileFormat::kText && (data_.size() != 1 || !plan->output[data_[0]].type.IsString())) {
      ThrowStatus(Error("_LEGACY_ERROR_TEMP_1290", {{"schemaSize", std::to_string(data_.size())}}));
    }
  }
  ~Writer() {
    std::error_code ignored;
    for (auto& path : created_) fs::remove(path, ignored);
  }

  // The rows to write: the partition values as text, then the record.
  RelPtr Prepared() const {
    std::vector<Column> output;
    std::vector<ExprPtr> exprs;
    for (int p : spec_.partition_columns) {
      const Column& c = plan_->output[static_cast<size_t>(p)];
      output.push_back(Column{FreshColumnId(), c.name, TypeId::kString, true});
      exprs.push_back(AsText(c));
    }
    output.push_back(Column{FreshColumnId(), "record", TypeId::kString, true});
    exprs.push_back(Record());
    return std::make_shared<const ProjectRel>(plan_, std::move(output), std::move(exprs));
  }

  void Row(const std::vector<Value>& row) {
    Target& target = TargetOf(row);
    const std::string record = row.back().IsNull() ? "" : std::get<std::string>(row.back().v);
    // The CSV writer leaves out lines that are empty.
    if (!record.empty() || spec_.format != FileFormat::kCsv) target.file->Append(record + options_.LineEnd());
    if (++target.rows >= (spec_.max_records_per_file > 0 ? spec_.max_records_per_file : kNoRowLimit)) {
      Finish(&target);
      targets_.erase(target.directory);
    }
  }

  std::vector<WrittenFile> Done() {
    if (written_.empty() && targets_.empty() && spec_.write_empty_file && spec_.partition_columns.empty()) {
      TargetOf({Value{}});
    }
    for (auto& [directory, target] : targets_) Finish(&target);
    created_.clear();
    return std::move(written_);
  }

 private:
  struct Target {
    std::string directory;
    std::vector<Value> partition_values;
    std::unique_ptr<text::OutputFile> file;
    int64_t rows = 0;
  };

  ExprPtr AsText(const Column& c) const {
    ExprPtr value = std::make_shared<ColumnExpr>(c.id, c.type, c.nullable);
    if (c.type.IsString()) return value;
    return std::make_shared<Cast>(value, TypeId::kString, c.nullable, CastMode::kLegacy, spec_.time_zone);
  }

  // One expression for the whole record.
  ExprPtr Record() const {
    if (spec_.format == FileFormat::kText) return AsText(plan_->output[data_[0]]);
    std::vector<ExprPtr> args;
    std::vector<types::StructField> fields;
    for (size_t i : data_) {
      const Column& c = plan_->output[i];
      ExprPtr value = std::make_shared<ColumnExpr>(c.id, c.type, c.nullable);
      if (spec_.format == FileFormat::kCsv) {
        if (c.type.IsNested() || c.type.Is(TypeId::kBinary) || c.type.Is(TypeId::kCalendarInterval)) {
          ThrowStatus(Error("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", {{"columnName", types::QuoteIdentifier(c.name)},
                                                                     {"columnType", "\"" + c.type.Sql() + "\""},
                                                                     {"format", "CSV"}}));
        }
        if (!HasFormat(c.type)) value = AsText(c);
      }
      fields.push_back({c.name, value->type, true, "{}"});
      args.push_back(MakeString(c.name));
      args.push_back(std::move(value));
    }
    const DataType type = DataType::Struct(std::move(fields));
    ExprPtr row = MakeCall("named_struct", std::move(args), type, false);
    const char* kernel = spec_.format == FileFormat::kCsv ? "spark_to_csv" : "spark_to_json";
    return MakeCall(kernel, {row, MakeString(type.Json()), MakeString(text::EncodeOptions(option_map_))},
                    TypeId::kString, false);
  }

  Target& TargetOf(const std::vector<Value>& row) {
    fs::path directory(spec_.directory);
    std::vector<Value> values;
    for (size_t i = 0; i < spec_.partition_columns.size(); ++i) {
      const Value& v = row[i];
      bool none = v.IsNull() || std::get<std::string>(v.v).empty();
      directory /= EscapePathName(plan_->output[static_cast<size_t>(spec_.partition_columns[i])].name) + "=" +
                   (none ? "__HIVE_DEFAULT_PARTITION__" : EscapePathName(std::get<std::string>(v.v)));
      values.push_back(v);
    }
    auto [it, fresh] = targets_.try_emplace(directory.string());
    Target& target = it->second;
    if (!fresh) return target;
    target.directory = directory.string();
    target.partition_values = std::move(values);
    std::error_code ec;
    fs::create_directories(directory, ec);
    if (ec) ThrowStatus(IoError(directory.string(), ec.message()));
    const std::string path = (directory / FileName()).string();
    target.file = std::make_unique<text::OutputFile>(path, options_);
    created_.push_back(path);
    if (spec_.format == FileFormat::kCsv && options_.header) {
      std::string line;
      for (size_t i = 0; i < data_.size(); ++i) {
        if (i > 0) line += options_.separator;
        text::AppendCsvValue(plan_->output[data_[i]].name, i == 0, options_, &line);
      }
      target.file->Append(line + options_.LineEnd());
    }
    return target;
  }

  // part-00000-<uuid>-c000.csv[.gz]; below partition directories the last part follows a point.
  std::string FileName() const {
    const char* extension = spec_.format == FileFormat::kCsv    ? ".csv"
                            : spec_.format == FileFormat::kJson ? ".json"
                                                                : ".txt";
    char digits[24];
    std::snprintf(digits, sizeof digits, "%05zu", created_.size());
    const char* tail = spec_.partition_columns.empty() ? "-c000" : ".c000";
    const std::string suffix = options_.compression.empty() ? "" : "." + options_.compression;
    return spec_.file_prefix + "-" + digits + "-" + spec_.uuid + tail + extension + suffix;
  }

  void Finish(Target* target) {
    target->file->Close();
    WrittenFile file;
    file.path = target->file->path();
    std::error_code ec;
    file.size_bytes = static_cast<int64_t>(fs::file_size(file.path, ec));
    file.record_count = target->rows;
    file.partition_values = std::move(target->partition_values);
    written_.push_back(std::move(file));
  }

  RelPtr plan_;
  const WriteSpec& spec_;
  text::OptionMap option_map_;
  text::Options options_;
  std::vector<size_t> data_;
  std::map<std::string, Target> targets_;
  std::vector<std::string> created_;
  std::vector<WrittenFile> written_;
};

}  // namespace

Result<std::vector<WrittenFile>> WriteTextFiles(const RowSource& rows, const RelPtr& plan, const WriteSpec& spec,
                                                const std::function<bool()>& interrupted) {
  std::error_code ec;
  fs::create_directories(spec.directory, ec);
  if (ec) return IoError(spec.directory, ec.message());
  Writer writer(plan, spec);
  int64_t seen = 0;
  Status status = rows(writer.Prepared(), [&](const std::vector<Value>& row) -> Status {
    if (++seen % 1024 == 0 && interrupted && interrupted()) {
      return Error("OPERATION_CANCELED", {}, "The operation was cancelled.");
    }
    writer.Row(row);
    return Status::Ok();
  });
  RETURN_IF_ERROR(status);
  return writer.Done();
}

}  // namespace deltic::engine
