#include <algorithm>
#include <charconv>
#include <functional>
#include <set>

#include "engine/functions/datetime_pattern.h"
#include "engine/functions/throw.h"
#include "engine/text/csv_tokenizer.h"
#include "engine/text/infer.h"
#include "engine/text/record_reader.h"
#include "engine/text/sampling.h"
#include "engine/text/scalar_text.h"

namespace deltic::engine::text {
namespace {

using std::string;
using std::string_view;

constexpr int kMaxPrecision = 38;
constexpr const char* kDatePattern = "yyyy-MM-dd";

template <typename T>
bool IsInteger(string_view text) {
  T value{};
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return false;
  }
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && end.ec == std::errc() && end.ptr == text.data() + text.size();
}

bool Matches(const string& format, string_view text) {
  return functions::CachedPattern(format, true).Parse(text).has_value();
}

// A whole number as BigDecimal reads it, without exponent: decimals with digits behind the point are doubles.
std::optional<DataType> WholeDecimal(string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty() || text.find_first_not_of("0123456789") != string_view::npos) return std::nullopt;
  const size_t zeros = std::min(text.find_first_not_of('0'), text.size() - 1);
  const auto digits = static_cast<int>(text.size() - zeros);
  if (digits > kMaxPrecision) return std::nullopt;
  return DataType::Decimal(digits, 0);
}

class ColumnTypes {
 public:
  explicit ColumnTypes(const Options& options) : o_(options) {}

  DataType Merge(const DataType& so_far, string_view cell) const {
    if (cell.empty() || cell == o_.null_value || so_far.Is(TypeId::kString)) return so_far;
    return Compatible(so_far, TypeOf(so_far, cell));
  }

 private:
  // The first type of the ladder that fits, from the one of the column so far on.
  DataType TypeOf(const DataType& so_far, string_view cell) const {
    const int start = StepOf(so_far);
    for (int step = start;; ++step) {
      switch (step) {
        case 0:
          if (IsInteger<int32_t>(cell)) return TypeId::kInteger;
          break;
        case 1:
          if (IsInteger<int64_t>(cell)) return TypeId::kLong;
          break;
        case 2:
          if (const auto decimal = WholeDecimal(cell)) return *decimal;
          break;
        case 3:
          if (ReadJavaDouble(cell) || cell == o_.nan_value || cell == o_.positive_inf || cell == o_.negative_inf) {
            return TypeId::kDouble;
          }
          break;
        case 4:
          if ((o_.prefer_date || start == 4) && Matches(o_.date_format.value_or(kDatePattern), cell))
            return TypeId::kDate;
          break;
        case 5:
          if (IsNtz(cell)) return TypeId::kTimestampNtz;
          break;
        case 6:
          if (IsTimestamp(cell)) return TypeId::kTimestamp;
          break;
        case 7:
          if (types::EqualsIgnoreCase(cell, "true") || types::EqualsIgnoreCase(cell, "false")) return TypeId::kBoolean;
          break;
        default: return TypeId::kString;
      }
    }
  }

  static int StepOf(const DataType& type) {
    switch (type.id()) {
      case TypeId::kLong: return 1;
      case TypeId::kDecimal: return 2;
      case TypeId::kDouble: return 3;
      case TypeId::kDate: return 4;
      case TypeId::kTimestampNtz: return 5;
      case TypeId::kTimestamp: return 6;
      case TypeId::kBoolean: return 7;
      default: return 0;
    }
  }

  // A time without zone may be either kind: it is looked for only when the session wants it.
  bool IsNtz(string_view cell) const {
    if (!o_.timestamp_ntz) return false;
    if (o_.timestamp_ntz_format) return Matches(*o_.timestamp_ntz_format, cell);
    Options plain;
    return ReadTimestampNtz(cell, plain).has_value();
  }
  bool IsTimestamp(string_view cell) const {
    if (o_.timestamp_format) return Matches(*o_.timestamp_format, cell);
    return ReadTimestamp(cell, o_).has_value();
  }

  // Dates of this format are read as times too.
  bool DatesAreTimes(const DataType& time) const {
    const bool own_format =
        time.Is(TypeId::kTimestamp) ? o_.timestamp_format.has_value() : o_.timestamp_ntz_format.has_value();
    static const std::set<string> kLenient = {"yyyy-MM-dd", "yyyy-M-d", "yyyy-M-dd", "yyyy-MM-d",
                                              "yyyy-MM",    "yyyy-M",   "yyyy"};
    return !own_format && kLenient.contains(o_.date_format.value_or(kDatePattern));
  }

  DataType Compatible(const DataType& a, const DataType& b) const {
    if (a.Is(TypeId::kNull) || a == b) return b;
    const auto is_time = [](const DataType& t) { return t.Is(TypeId::kTimestamp) || t.Is(TypeId::kTimestampNtz); };
    if (a.Is(TypeId::kDate) && is_time(b)) return DatesAreTimes(b) ? b : TypeId::kString;
    if (b.Is(TypeId::kDate) && is_time(a)) return DatesAreTimes(a) ? a : TypeId::kString;
    if (is_time(a) && is_time(b)) return TypeId::kTimestamp;
    if (!a.IsNumeric() || !b.IsNumeric()) return TypeId::kString;
    if (a.Is(TypeId::kDouble) || b.Is(TypeId::kDouble)) return TypeId::kDouble;
    if (!a.Is(TypeId::kDecimal) && !b.Is(TypeId::kDecimal)) return TypeId::kLong;
    const int digits = std::max(DigitsOf(a), DigitsOf(b));
    return DataType::Decimal(digits, 0);
  }
  static int DigitsOf(const DataType& type) {
    return type.Is(TypeId::kDecimal) ? type.precision() : type.Is(TypeId::kInteger) ? 10 : 20;
  }

  const Options& o_;
};

// Spark's names for header cells: empty ones are _c<i>, repeated ones get their position appended.
std::vector<string> HeaderNames(const std::vector<string_view>& cells, const Options& options) {
  const auto key = [&](string_view name) {
    return options.case_sensitive ? string(name) : types::ToLower(string(name));
  };
  std::multiset<string> seen;
  for (const auto cell : cells) seen.insert(key(cell));
  std::vector<string> out;
  for (size_t i = 0; i < cells.size(); ++i) {
    const bool unnamed = !options.header || cells[i].empty() || cells[i] == options.null_value;
    if (unnamed)
      out.push_back("_c" + std::to_string(i));
    else
      out.push_back(string(cells[i]) + (seen.count(key(cells[i])) > 1 ? std::to_string(i) : ""));
  }
  return out;
}

class CsvSchema {
 public:
  explicit CsvSchema(const Options& options) : o_(options), types_(options), sample_(options.sampling_ratio) {}

  // False: nothing further is needed.
  bool Add(const std::vector<string_view>& tokens, string_view record, bool first_of_file) {
    if (!started_) {
      started_ = true;
      names_ = HeaderNames(tokens, o_);
      found_.assign(tokens.size(), TypeId::kNull);
      header_ = record;
      if (!o_.infer_schema) return false;
    }
    // Any line like the header is taken for one; in files of multi-line records only the first.
    const bool is_header = o_.header && (o_.multi_line ? first_of_file : record == header_);
    if (is_header || !sample_.Take()) return true;
    for (size_t i = 0; i < std::min(found_.size(), tokens.size()); ++i) found_[i] = types_.Merge(found_[i], tokens[i]);
    return true;
  }

  Fields Finish() const {
    Fields out;
    for (size_t i = 0; i < names_.size(); ++i) {
      const bool text = !o_.infer_schema || found_[i].Is(TypeId::kNull);
      out.push_back({names_[i], text ? DataType(TypeId::kString) : found_[i], true, "{}"});
    }
    return out;
  }

 private:
  const Options& o_;
  ColumnTypes types_;
  RecordSample sample_;
  bool started_ = false;
  string header_;
  std::vector<string> names_;
  std::vector<DataType> found_;
};

bool IsComment(string_view line, const Options& options) {
  return !options.comment.empty() && line.starts_with(options.comment);
}

// False: enough is known.
bool AddLine(string_view line, const Options& options, CsvTokenizer* tokenizer, CsvSchema* schema) {
  if (IsBlankLine(line) || IsComment(line, options)) return true;
  tokenizer->Reset(line);
  return !tokenizer->Next() || schema->Add(tokenizer->tokens(), line, false);
}

}  // namespace

void CheckSamplingRatio(const Options& options) {
  if (options.sampling_ratio > 0) return;
  string shown = std::to_string(options.sampling_ratio);
  shown.resize(shown.find_last_not_of('0') + 1);
  if (shown.ends_with('.')) shown += '0';
  functions::ThrowStatus(Error("INVALID_OPTION", {{"option", "samplingRatio"}},
                               "requirement failed: samplingRatio (" + shown + ") should be greater than 0"));
}

Fields InferCsvFiles(duckdb::FileSystem& fs, const std::vector<string>& paths, const Options& options) {
  CheckSamplingRatio(options);
  CsvSchema schema(options);
  RecordReader reader(FileFormat::kCsv, options);
  CsvTokenizer tokenizer(options, options.multi_line ? CsvTokenizer::Source::kFile : CsvTokenizer::Source::kLine);
  for (const auto& path : paths) {
    reader.Open(fs, path, 0, duckdb::NumericLimits<duckdb::idx_t>::Maximum());
    string_view text;
    if (options.multi_line) {
      if (!reader.Next(&text)) continue;
      tokenizer.Reset(text);
      for (bool first = true; tokenizer.Next(); first = false) {
        if (!schema.Add(tokenizer.tokens(), tokenizer.record(), first)) return schema.Finish();
      }
      continue;
    }
    while (reader.Next(&text)) {
      if (!AddLine(text, options, &tokenizer, &schema)) return schema.Finish();
    }
  }
  return schema.Finish();
}

Fields InferCsvLines(const std::vector<string_view>& lines, const Options& options) {
  CheckSamplingRatio(options);
  CsvSchema schema(options);
  CsvTokenizer tokenizer(options, CsvTokenizer::Source::kLine);
  for (const auto line : lines) {
    if (!AddLine(line, options, &tokenizer, &schema)) break;
  }
  return schema.Finish();
}

DataType TypeOfCsv(string_view text, const Options& options) {
  Options o = options;
  o.line_separator = "\xEF\xBF\xBF";  // nothing ends the record
  CsvTokenizer tokenizer(o, CsvTokenizer::Source::kLine);
  tokenizer.Reset(text);
  Fields out;
  if (!tokenizer.Next()) return DataType::Struct(out);
  const ColumnTypes types(o);
  for (size_t i = 0; i < tokenizer.tokens().size(); ++i) {
    const DataType found = types.Merge(TypeId::kNull, tokenizer.tokens()[i]);
    out.push_back({"_c" + std::to_string(i), found.Is(TypeId::kNull) ? DataType(TypeId::kString) : found, true, "{}"});
  }
  return DataType::Struct(std::move(out));
}

}  // namespace deltic::engine::text
