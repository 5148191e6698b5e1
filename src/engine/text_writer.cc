#include "engine/text_writer.h"

#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>

#include "base/json_writer.h"
#include "engine/functions/throw.h"
#include "engine/text_options.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;
using functions::ThrowStatus;

constexpr int64_t kNoRowLimit = INT64_MAX;

// One output file, plain or gzip; buffered.
class TextFile {
 public:
  TextFile(std::string path, bool gzip) : path_(std::move(path)) {
    if (gzip)
      zip_ = gzopen(path_.c_str(), "wb");
    else
      plain_ = std::fopen(path_.c_str(), "wb");
    if (zip_ == nullptr && plain_ == nullptr) ThrowStatus(IoError(path_, "cannot be created"));
  }
  ~TextFile() {
    if (zip_ != nullptr) gzclose(zip_);
    if (plain_ != nullptr) std::fclose(plain_);
  }
  void Append(const std::string& text) {
    buffer_ += text;
    if (buffer_.size() > (1 << 20)) Flush();
  }
  void Close() {
    Flush();
    bool ok = zip_ != nullptr ? gzclose(zip_) == Z_OK : std::fclose(plain_) == 0;
    zip_ = nullptr;
    plain_ = nullptr;
    if (!ok) ThrowStatus(IoError(path_, "cannot be written"));
  }
  const std::string& path() const { return path_; }

 private:
  void Flush() {
    bool ok = true;
    if (!buffer_.empty()) {
      ok = zip_ != nullptr ? gzwrite(zip_, buffer_.data(), static_cast<unsigned>(buffer_.size())) > 0
                           : std::fwrite(buffer_.data(), 1, buffer_.size(), plain_) == buffer_.size();
    }
    buffer_.clear();
    if (!ok) ThrowStatus(IoError(path_, "cannot be written"));
  }
  std::string path_, buffer_;
  gzFile zip_ = nullptr;
  std::FILE* plain_ = nullptr;
};

std::string Trim(std::string text, const TextOptions& options) {
  auto space = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  if (options.ignore_trailing_space) {
    while (!text.empty() && space(text.back())) text.pop_back();
  }
  if (options.ignore_leading_space) {
    text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), space));
  }
  return text;
}

std::string CsvCell(const Value& value, const TextOptions& options) {
  if (value.IsNull()) return options.null_value;
  std::string text = Trim(std::get<std::string>(value.v), options);
  if (text.empty()) return options.empty_value;
  bool quote = options.quote_all;
  for (const std::string& special : {options.separator, options.quote, std::string("\n"), std::string("\r")}) {
    quote = quote || (!special.empty() && text.find(special) != std::string::npos);
  }
  if (!quote || options.quote.empty()) return text;
  std::string out = options.quote;
  for (char c : text) {
    if (c == options.quote[0] || (!options.escape.empty() && c == options.escape[0])) out += options.escape;
    out += c;
  }
  return out + options.quote;
}

// A Spark value as JSON; strings are what the plan's casts made of dates, timestamps and decimals.
void AppendJson(std::string* out, const Value& value, const DataType& type, bool ignore_nulls) {
  if (value.IsNull()) {
    *out += "null";
    return;
  }
  switch (type.id()) {
    case TypeId::kBoolean: *out += std::get<bool>(value.v) ? "true" : "false"; return;
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong: *out += std::to_string(std::get<int64_t>(value.v)); return;
    case TypeId::kFloat:
    case TypeId::kDouble: {
      double d = std::get<double>(value.v);
      std::string text = type.Is(TypeId::kFloat) ? JavaFloatToString(static_cast<float>(d)) : JavaDoubleToString(d);
      *out += text.find_first_of("NI") == std::string::npos ? text : JsonQuote(text);
      return;
    }
    case TypeId::kString: AppendJsonString(out, std::get<std::string>(value.v)); return;
    default: break;
  }
  const auto& items = *std::get<std::shared_ptr<const ValueList>>(value.v);
  bool first = true;
  auto comma = [&] {
    if (!first) *out += ',';
    first = false;
  };
  if (type.Is(TypeId::kArray)) {
    *out += '[';
    for (const auto& item : items) {
      comma();
      AppendJson(out, item, type.element(), ignore_nulls);
    }
    *out += ']';
    return;
  }
  *out += '{';
  for (size_t i = 0; i < items.size(); ++i) {
    if (type.Is(TypeId::kMap)) {
      const auto& pair = *std::get<std::shared_ptr<const ValueList>>(items[i].v);
      comma();
      std::string key;
      AppendJson(&key, pair[0], type.key(), ignore_nulls);
      *out += key.starts_with('"') ? key : JsonQuote(key);
      *out += ':';
      AppendJson(out, pair[1], type.value(), ignore_nulls);
    } else {
      if (items[i].IsNull() && ignore_nulls) continue;
      comma();
      AppendJsonString(out, type.fields()[i].name);
      *out += ':';
      AppendJson(out, items[i], type.fields()[i].type, ignore_nulls);
    }
  }
  *out += '}';
}

// Which type a column has when it reaches the JSON formatter; kNull: unchanged.
DataType JsonCarrier(const DataType& type) {
  switch (type.id()) {
    case TypeId::kDecimal:
    case TypeId::kDate:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kBinary:
    case TypeId::kChar:
    case TypeId::kVarchar: return TypeId::kString;
    default: return type;
  }
}

class Writer {
 public:
  Writer(const RelPtr& plan, const WriteSpec& spec) : plan_(plan), spec_(spec) {
    options_ = ParseTextOptions(spec.format, spec.options, true);
    for (size_t i = 0; i < plan->output.size(); ++i) {
      bool partition = std::find(spec.partition_columns.begin(), spec.partition_columns.end(), static_cast<int>(i)) !=
                       spec.partition_columns.end();
      if (!partition) data_.push_back(i);
    }
    if (spec.format == FileFormat::kText && (data_.size() != 1 || !plan->output[data_[0]].type.IsString())) {
      ThrowStatus(Error("_LEGACY_ERROR_TEMP_1290", {{"schemaSize", std::to_string(data_.size())}},
                        "Text data source supports only a single string column."));
    }
  }
  ~Writer() {
    std::error_code ignored;
    for (auto& path : created_) fs::remove(path, ignored);
  }

  // The rows to write: every cell a string (CSV, text) or a JSON-ready value.
  RelPtr Prepared() {
    std::vector<Column> output;
    std::vector<ExprPtr> exprs;
    ColumnId next = 0;
    for (const auto& c : plan_->output) next = std::max(next, c.id + 1);
    for (size_t i = 0; i < plan_->output.size(); ++i) {
      const Column& c = plan_->output[i];
      ExprPtr e = std::make_shared<ColumnExpr>(c.id, c.type, c.nullable);
      bool is_data = std::find(data_.begin(), data_.end(), i) != data_.end();
      DataType carrier = is_data ? Carrier(c) : DataType(TypeId::kString);
      if (!(carrier == c.type)) e = std::make_shared<Cast>(e, carrier, c.nullable, CastMode::kLegacy, spec_.time_zone);
      output.push_back(Column{next++, c.name, carrier, c.nullable});
      exprs.push_back(std::move(e));
    }
    prepared_ = std::make_shared<const ProjectRel>(plan_, std::move(output), std::move(exprs));
    return prepared_;
  }

  void Row(const std::vector<Value>& row) {
    Target& target = TargetOf(row);
    std::string line;
    switch (spec_.format) {
      case FileFormat::kCsv:
        for (size_t i = 0; i < data_.size(); ++i) {
          if (i > 0) line += options_.separator;
          line += CsvCell(row[data_[i]], options_);
        }
        break;
      case FileFormat::kJson: {
        line = "{";
        for (size_t i : data_) {
          if (row[i].IsNull() && options_.ignore_null_fields) continue;
          if (line.size() > 1) line += ',';
          AppendJsonString(&line, plan_->output[i].name);
          line += ':';
          if (NeedsIsoTime(plan_->output[i].type) && !row[i].IsNull()) {
            line += JsonQuote(IsoTime(std::get<std::string>(row[i].v), plan_->output[i].type));
          } else if (plan_->output[i].type.Is(TypeId::kDecimal) && !row[i].IsNull()) {
            line += std::get<std::string>(row[i].v);
          } else {
            AppendJson(&line, row[i], prepared_->output[i].type, options_.ignore_null_fields);
          }
        }
        line += '}';
        break;
      }
      default:
        if (!row[data_[0]].IsNull()) line = std::get<std::string>(row[data_[0]].v);
    }
    target.file->Append(line + options_.line_separator);
    if (++target.rows >= (spec_.max_records_per_file > 0 ? spec_.max_records_per_file : kNoRowLimit)) {
      Finish(&target);
      targets_.erase(target.directory);
    }
  }

  std::vector<WrittenFile> Done() {
    if (written_.empty() && targets_.empty() && spec_.write_empty_file && spec_.partition_columns.empty()) {
      TargetOf(std::vector<Value>(plan_->output.size()));
    }
    for (auto& [directory, target] : targets_) Finish(&target);
    created_.clear();
    return std::move(written_);
  }

 private:
  struct Target {
    std::string directory;
    std::vector<Value> partition_values;
    std::unique_ptr<TextFile> file;
    int64_t rows = 0;
  };

  static bool NeedsIsoTime(const DataType& type) {
    return type.Is(TypeId::kTimestamp) || type.Is(TypeId::kTimestampNtz);
  }

  // "2020-01-01 00:00:00.5" (session zone) → Spark's yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]
  std::string IsoTime(std::string text, const DataType& type) const {
    auto space = text.find(' ');
    if (space != std::string::npos) text[space] = 'T';
    auto dot = text.find('.');
    std::string fraction = dot == std::string::npos ? "" : text.substr(dot + 1);
    if (dot != std::string::npos) text.resize(dot);
    fraction.resize(3, '0');
    text += "." + fraction;
    if (type.Is(TypeId::kTimestamp)) {
      if (spec_.time_zone != "UTC" && spec_.time_zone != "Etc/UTC" && spec_.time_zone != "Z") {
        ThrowStatus(Unsupported("writing timestamps as text in a session time zone other than UTC"));
      }
      text += "Z";
    }
    return text;
  }

  DataType Carrier(const Column& c) const {
    if (spec_.format != FileFormat::kJson) {
      if (c.type.IsNested() || c.type.Is(TypeId::kBinary)) {
        ThrowStatus(Error("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
                          {{"columnName", "`" + c.name + "`"},
                           {"columnType", "\"" + c.type.Sql() + "\""},
                           {"format", spec_.format == FileFormat::kCsv ? "CSV" : "Text"}}));
      }
      return TypeId::kString;
    }
    return JsonCarrier(c.type);
  }

  Target& TargetOf(const std::vector<Value>& row) {
    fs::path directory(spec_.directory);
    std::vector<Value> values;
    for (int p : spec_.partition_columns) {
      const Value& v = row[static_cast<size_t>(p)];
      bool none = v.IsNull() || std::get<std::string>(v.v).empty();
      directory /= EscapePathName(plan_->output[static_cast<size_t>(p)].name) + "=" +
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
    bool gzip = options_.compression == "gzip";
    const char* extension = spec_.format == FileFormat::kCsv    ? ".csv"
                            : spec_.format == FileFormat::kJson ? ".json"
                                                                : ".txt";
    char digits[24];
    std::snprintf(digits, sizeof digits, "%05zu", created_.size());
    auto path =
        (directory / (spec_.file_prefix + "-" + digits + "-" + spec_.uuid + "-c000" + extension + (gzip ? ".gz" : "")))
            .string();
    target.file = std::make_unique<TextFile>(path, gzip);
    created_.push_back(path);
    if (spec_.format == FileFormat::kCsv && options_.header) {
      std::string line;
      for (size_t i = 0; i < data_.size(); ++i) {
        if (i > 0) line += options_.separator;
        line += CsvCell(Value{plan_->output[data_[i]].name}, options_);
      }
      target.file->Append(line + options_.line_separator);
    }
    return target;
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

  RelPtr plan_, prepared_;
  const WriteSpec& spec_;
  TextOptions options_;
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
