#include "engine/text/kernels.h"

#include <map>

#include "engine/functions/kernel.h"
#include "engine/functions/throw.h"
#include "engine/text/csv_rows.h"
#include "engine/text/infer.h"
#include "engine/text/json_rows.h"
#include "engine/text/scalar_text.h"
#include "engine/text/value_writer.h"

namespace deltic::engine::text {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::Vector;
using std::string;
using std::string_view;

string ConstantText(duckdb::DataChunk& args, idx_t column) {
  return duckdb::StringValue::Get(args.data[column].GetValue(0));
}

const DataType& CachedType(const string& json) {
  constexpr size_t kMost = 32;
  thread_local std::map<string, DataType> cache;
  const auto known = cache.find(json);
  if (known != cache.end()) return known->second;
  if (cache.size() >= kMost) cache.clear();
  auto type = DataType::FromJson(json);
  if (!type.ok()) functions::ThrowStatus(type.status());
  return cache.emplace(json, *std::move(type)).first->second;
}

// Calls f(text, row) for every text that is not NULL; NULL texts give NULL.
template <typename F>
void ForEachText(duckdb::DataChunk& args, Vector& result, const F& f) {
  duckdb::UnifiedVectorFormat texts;
  args.data[0].ToUnifiedFormat(args.size(), texts);
  const auto* data = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(texts);
  for (idx_t row = 0; row < args.size(); ++row) {
    const auto at = texts.sel->get_index(row);
    if (!texts.validity.RowIsValid(at)) {
      SetNull(result, row);
      continue;
    }
    f(string_view(data[at].GetData(), data[at].GetSize()), row);
  }
}

void PointAt(Vector& row, RowTarget* target) {
  size_t i = 0;
  for (auto& child : duckdb::StructVector::GetEntries(row)) target->vectors[i++] = child.get();
}

// spark_from_csv(text, typed NULL, type, options).
void FromCsv(duckdb::DataChunk& args, Vector& result) {
  if (args.size() == 0) return;
  const Options& options = CachedOptions(FileFormat::kCsv, ConstantText(args, 3), Use::kRead);
  const DataType& type = CachedType(ConstantText(args, 2));
  std::vector<types::StructField> columns;
  for (const auto& field : type.fields()) {
    if (field.name != options.corrupt_column) columns.push_back(field);
  }
  CsvRows rows(options, columns, type.fields());
  PointAt(result, &rows.target());
  CsvTokenizer tokenizer(options, CsvTokenizer::Source::kLine);
  ForEachText(args, result, [&](string_view text, idx_t row) {
    tokenizer.Reset(text);
    rows.Store(tokenizer.Next() ? &tokenizer.tokens() : nullptr, text, row);
  });
}

// spark_from_json(text, typed NULL, type, options): a malformed document gives a struct of NULLs, or NULL for other
// types.
void FromJson(duckdb::DataChunk& args, Vector& result) {
  if (args.size() == 0) return;
  const Options& options = CachedOptions(FileFormat::kJson, ConstantText(args, 3), Use::kRead);
  const DataType& type = CachedType(ConstantText(args, 2));
  const bool is_struct = type.Is(TypeId::kStruct);
  JsonRows rows(options, is_struct ? type.fields() : std::vector<types::StructField>(), false);
  if (is_struct) PointAt(result, &rows.target());
  ForEachText(args, result, [&](string_view text, idx_t row) {
    if (is_struct) {
      if (rows.Begin(text, text) == 0)
        SetNull(result, row);
      else
        rows.Store(row);
    } else if (!rows.StoreValue(text, type, result, row)) {
      SetNull(result, row);
    }
  });
}

// spark_parse_rows(text, typed NULL of a list of rows, "csv" or "json", type, options): what a reader makes of a line.
void ParseRows(duckdb::DataChunk& args, Vector& result) {
  if (args.size() == 0) return;
  const bool csv = ConstantText(args, 2) == "csv";
  const Options& options = CachedOptions(csv ? FileFormat::kCsv : FileFormat::kJson, ConstantText(args, 4), Use::kRead);
  const DataType& type = CachedType(ConstantText(args, 3));
  std::vector<types::StructField> columns;
  for (const auto& field : type.fields()) {
    if (field.name != options.corrupt_column) columns.push_back(field);
  }
  CsvRows csv_rows(options, columns, type.fields());
  JsonRows json_rows(options, type.fields(), true);
  CsvTokenizer tokenizer(options, CsvTokenizer::Source::kLine);
  ForEachText(args, result, [&](string_view text, idx_t row) {
    const idx_t offset = duckdb::ListVector::GetListSize(result);
    const bool skipped = csv && (IsBlankLine(text) || (!options.comment.empty() && text.starts_with(options.comment)));
    size_t count = csv ? (skipped ? 0 : 1) : json_rows.Begin(text, text);
    duckdb::ListVector::Reserve(result, offset + count);
    duckdb::ListVector::SetListSize(result, offset + count);
    Vector& list = duckdb::ListVector::GetEntry(result);
    idx_t kept = 0;
    for (; count > 0; --count) {
      SetValid(list, offset + kept);
      bool keep = false;
      if (csv) {
        PointAt(list, &csv_rows.target());
        tokenizer.Reset(text);
        keep = csv_rows.Store(tokenizer.Next() ? &tokenizer.tokens() : nullptr, text, offset + kept);
      } else {
        PointAt(list, &json_rows.target());
        keep = json_rows.Store(offset + kept);
      }
      kept += keep ? 1 : 0;
    }
    FlatVector::GetData<duckdb::list_entry_t>(result)[row] = {offset, kept};
  });
}

// spark_infer_rows(list of texts, "csv" or "json", options): the JSON of their schema.
void InferRows(duckdb::DataChunk& args, Vector& result) {
  for (idx_t row = 0; row < args.size(); ++row) {
    const auto list = args.data[0].GetValue(row);
    std::vector<string> texts;
    if (!list.IsNull()) {
      for (const auto& item : duckdb::ListValue::GetChildren(list)) {
        if (!item.IsNull()) texts.push_back(duckdb::StringValue::Get(item));
      }
    }
    const std::vector<string_view> lines(texts.begin(), texts.end());
    const bool csv = ConstantText(args, 1) == "csv";
    const Options& options =
        CachedOptions(csv ? FileFormat::kCsv : FileFormat::kJson, ConstantText(args, 2), Use::kRead);
    const string json = DataType::Struct(csv ? InferCsvLines(lines, options) : InferJsonLines(lines, options)).Json();
    StoreText(json, result, row);
  }
}

// spark_to_json(value, type, options).
void ToJson(duckdb::DataChunk& args, Vector& result) {
  if (args.size() == 0) return;
  const Options& options = CachedOptions(FileFormat::kJson, ConstantText(args, 2), Use::kWrite);
  const DataType& type = CachedType(ConstantText(args, 1));
  duckdb::RecursiveUnifiedVectorFormat format;
  Vector::RecursiveToUnifiedFormat(args.data[0], args.size(), format);
  JsonValueWriter writer(options);
  string out;
  for (idx_t row = 0; row < args.size(); ++row) {
    if (IsNullAt(format, row)) {
      SetNull(result, row);
      continue;
    }
    out.clear();
    writer.Write(format, type, row, &out);
    StoreText(out, result, row);
  }
}

// spark_to_csv(struct of text and time fields, type, options): one record.
void ToCsv(duckdb::DataChunk& args, Vector& result) {
  if (args.size() == 0) return;
  const Options& options = CachedOptions(FileFormat::kCsv, ConstantText(args, 2), Use::kWrite);
  const DataType& type = CachedType(ConstantText(args, 1));
  duckdb::RecursiveUnifiedVectorFormat format;
  Vector::RecursiveToUnifiedFormat(args.data[0], args.size(), format);
  string out;
  for (idx_t row = 0; row < args.size(); ++row) {
    if (IsNullAt(format, row)) {
      SetNull(result, row);
      continue;
    }
    const idx_t at = format.unified.sel->get_index(row);
    out.clear();
    for (size_t i = 0; i < type.fields().size(); ++i) {
      const auto& field = format.children[i];
      const DataType& field_type = type.fields()[i].type;
      if (i > 0) out += options.separator;
      if (IsNullAt(field, at)) {
        AppendCsvNull(options, &out);
        continue;
      }
      const bool time =
          field_type.Is(TypeId::kDate) || field_type.Is(TypeId::kTimestamp) || field_type.Is(TypeId::kTimestampNtz);
      const string text = time ? TimeText(field, field_type, at, options) : PlainText(field, field_type, at);
      AppendCsvValue(text, i == 0, options, &out);
    }
    StoreText(out, result, row);
  }
}

}  // namespace

void RegisterTextKernels(duckdb::DatabaseInstance& db) {
  duckdb::ExtensionLoader sink(db, "deltic");
  using functions::AddGeneric;
  const auto second = [](const auto& types) { return types[1]; };
  const auto text = [](const auto&) { return LogicalType::VARCHAR; };
  AddGeneric(sink, "spark_from_csv", 4, second, FromCsv);
  AddGeneric(sink, "spark_from_json", 4, second, FromJson);
  AddGeneric(sink, "spark_parse_rows", 5, second, ParseRows);
  AddGeneric(sink, "spark_infer_rows", 3, text, InferRows);
  AddGeneric(sink, "spark_to_json", 3, text, ToJson);
  AddGeneric(sink, "spark_to_csv", 3, text, ToCsv);
  functions::Add(sink, "spark_schema_of_csv", [](string_view csv, string_view options) -> string {
    return TypeOfCsv(csv, CachedOptions(FileFormat::kCsv, options, Use::kRead)).Sql();
  });
  functions::Add(sink, "spark_schema_of_json", [](string_view json, string_view options) -> string {
    return TypeOfJson(json, CachedOptions(FileFormat::kJson, options, Use::kRead)).Sql();
  });
}

}  // namespace deltic::engine::text
