// CSV, JSON lines and text files as FROM items: DuckDB's readers produce text or typed columns, Spark's casts
// do the rest. Per-file columns come from a join on the file name.
#include <map>

#include "duckdb/parser/tableref/list.hpp"
#include "engine/file_scan.h"
#include "engine/functions/throw.h"
#include "engine/text_lines.h"
#include "engine/text_options.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

using duckdb::make_uniq;
using DuckValue = duckdb::Value;
using functions::ThrowStatus;
using Source = FileColumn::Source;

constexpr char kFileNameColumn[] = "deltic_file";

DuckExpr FileList(const FilesRel& rel) {
  duckdb::vector<DuckValue> paths;
  for (const auto& f : *rel.files) paths.emplace_back(f.path);
  return Constant(DuckValue::LIST(duckdb::LogicalType::VARCHAR, std::move(paths)));
}

// `name := value` of a table function.
void Named(duckdb::vector<DuckExpr>* args, const std::string& name, DuckValue value) {
  args->push_back(Compare(duckdb::ExpressionType::COMPARE_EQUAL, ColumnByName(name), Constant(std::move(value))));
}

bool HasPerFileColumns(const FilesRel& rel) {
  for (const auto& c : rel.columns) {
    if (c.source == Source::kRowIndex) ThrowStatus(Unsupported("row index of text files"));
    if (c.source != Source::kData) return true;
  }
  return false;
}

// Joins the scan with one row of constants per file.
void AddPerFileColumns(const FilesRel& rel, FileScan* scan) {
  auto constants = make_uniq<duckdb::ExpressionListRef>();
  constants->alias = "deltic_constants";
  constants->expected_names.push_back("deltic_constant_file");
  for (size_t i = 0; i < rel.columns.size(); ++i) {
    if (rel.columns[i].source != Source::kData) constants->expected_names.push_back(ColumnName(rel.output[i].id));
  }
  for (const auto& file : *rel.files) {
    duckdb::vector<DuckExpr> row;
    row.push_back(Constant(DuckValue(file.path)));
    for (size_t i = 0; i < rel.columns.size(); ++i) {
      if (rel.columns[i].source == Source::kData) continue;
      row.push_back(
          CastTo(Constant(PerFileValue(rel.columns[i], rel.output[i].type, file)), ToDuckType(rel.output[i].type)));
    }
    constants->values.push_back(std::move(row));
  }
  auto join = make_uniq<duckdb::JoinRef>();
  join->left = std::move(scan->ref);
  join->right = std::move(constants);
  join->condition = Compare(duckdb::ExpressionType::COMPARE_EQUAL, ColumnByName(kFileNameColumn),
                            ColumnByName("deltic_constant_file"));
  scan->ref = std::move(join);
}

FileScan Finish(const FilesRel& rel, duckdb::vector<DuckExpr> args, const std::string& function,
                std::vector<std::string> names, std::vector<DuckExpr> columns) {
  FileScan scan;
  bool per_file = HasPerFileColumns(rel);
  if (per_file) {
    Named(&args, "filename", DuckValue(kFileNameColumn));
    names.push_back(kFileNameColumn);
  }
  auto ref = make_uniq<duckdb::TableFunctionRef>();
  ref->function = Function(function, std::move(args));
  ref->alias = "deltic_rows";
  scan.columns = std::move(columns);
  if (per_file) {
    for (auto& name : names) ref->column_name_alias.push_back(name);
    scan.ref = std::move(ref);
    AddPerFileColumns(rel, &scan);
  } else {
    scan.ref = std::move(ref);
    scan.column_names = std::move(names);
  }
  return scan;
}

}  // namespace

FileScan MakeCsvScan(const FilesRel& rel) {
  TextOptions options = ParseTextOptions(FileFormat::kCsv, rel.options, false);
  duckdb::vector<DuckExpr> args;
  args.push_back(FileList(rel));
  duckdb::child_list_t<DuckValue> schema;
  std::vector<std::string> names;
  std::vector<DuckExpr> columns(rel.output.size());
  for (size_t i = 0; i < rel.output.size(); ++i) {
    if (rel.columns[i].source != Source::kData) continue;
    const Column& column = rel.output[i];
    if (column.type.IsNested()) {
      ThrowStatus(Error("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", {{"columnName", "`" + column.name + "`"},
                                                                 {"columnType", "\"" + column.type.Sql() + "\""},
                                                                 {"format", "CSV"}}));
    }
    names.push_back("v" + std::to_string(i));
    schema.emplace_back(names.back(), DuckValue("VARCHAR"));
    DuckExpr text = ColumnByName(names.back());
    if (options.ignore_leading_space) text = MakeFunction("ltrim", std::move(text));
    if (options.ignore_trailing_space) text = MakeFunction("rtrim", std::move(text));
    auto mode = options.mode == MalformedMode::kFailFast ? CastMode::kAnsi : CastMode::kTry;
    columns[i] = column.type.IsString() ? std::move(text)
                                        : SparkCast(std::move(text), TypeId::kString, column.type, mode, rel.time_zone);
  }
  if (names.empty()) {
    names.push_back("v");
    schema.emplace_back("v", DuckValue("VARCHAR"));
  }
  if (options.mode == MalformedMode::kDropMalformed) ThrowStatus(Unsupported("CSV option mode = DROPMALFORMED"));
  if (options.line_separator != "\n" && options.line_separator != "\r\n")
    ThrowStatus(Unsupported("CSV option lineSep"));
  Named(&args, "columns", DuckValue::STRUCT(std::move(schema)));
  Named(&args, "auto_detect", DuckValue::BOOLEAN(false));
  Named(&args, "header", DuckValue::BOOLEAN(options.header));
  Named(&args, "delim", DuckValue(options.separator));
  Named(&args, "quote", DuckValue(options.quote));
  Named(&args, "escape", DuckValue(options.quote.empty() ? "" : options.escape));
  Named(&args, "nullstr", DuckValue(options.null_value));
  if (!options.comment.empty()) Named(&args, "comment", DuckValue(options.comment));
  Named(&args, "null_padding", DuckValue::BOOLEAN(true));
  Named(&args, "strict_mode", DuckValue::BOOLEAN(options.mode == MalformedMode::kFailFast));
  Named(&args, "max_line_size", DuckValue::BIGINT(64 << 20));
  Named(&args, "parallel", DuckValue::BOOLEAN(!options.multi_line && rel.files->size() > 1));
  return Finish(rel, std::move(args), "read_csv", std::move(names), std::move(columns));
}

FileScan MakeJsonScan(const FilesRel& rel) {
  TextOptions options = ParseTextOptions(FileFormat::kJson, rel.options, false);
  if (options.mode == MalformedMode::kDropMalformed) ThrowStatus(Unsupported("JSON option mode = DROPMALFORMED"));
  duckdb::vector<DuckExpr> args;
  args.push_back(FileList(rel));
  duckdb::child_list_t<DuckValue> schema;
  std::vector<std::string> names;
  std::vector<DuckExpr> columns(rel.output.size());
  for (size_t i = 0; i < rel.output.size(); ++i) {
    if (rel.columns[i].source != Source::kData) continue;
    const Column& column = rel.output[i];
    // Scalars are read as text so that Spark's own parsing rules apply.
    bool as_text = !column.type.IsNested() && !column.type.Is(TypeId::kBoolean) && !column.type.IsNumeric();
    names.push_back("v" + std::to_string(i));
    schema.emplace_back(rel.columns[i].physical_name.empty() ? column.name : rel.columns[i].physical_name,
                        DuckValue(as_text ? "VARCHAR" : ToDuckType(column.type).ToString()));
    columns[i] = ColumnByName(names.back());
    if (as_text && !column.type.IsString()) {
      auto mode = options.mode == MalformedMode::kFailFast ? CastMode::kAnsi : CastMode::kTry;
      columns[i] = SparkCast(std::move(columns[i]), TypeId::kString, column.type, mode, rel.time_zone);
    }
  }
  if (names.empty()) {
    names.push_back("v");
    schema.emplace_back("deltic_no_columns", DuckValue("VARCHAR"));
  }
  Named(&args, "columns", DuckValue::STRUCT(std::move(schema)));
  Named(&args, "format", DuckValue(options.multi_line ? "auto" : "newline_delimited"));
  Named(&args, "ignore_errors", DuckValue::BOOLEAN(options.mode == MalformedMode::kPermissive && !options.multi_line));
  Named(&args, "maximum_object_size", DuckValue::UINTEGER(64 << 20));
  return Finish(rel, std::move(args), "read_json", std::move(names), std::move(columns));
}

FileScan MakeTextScan(const FilesRel& rel) {
  TextOptions options = ParseTextOptions(FileFormat::kText, rel.options, false);
  FileScan scan;
  scan.columns.resize(rel.output.size());
  for (size_t i = 0; i < rel.output.size(); ++i) {
    if (rel.columns[i].source == Source::kData) scan.columns[i] = ColumnByName("v");
  }
  auto ref = make_uniq<duckdb::TableFunctionRef>();
  ref->function = MakeFunction(kTextLinesFunction, FileList(rel),
                               Constant(DuckValue(options.whole_text ? "" : options.line_separator)));
  ref->alias = "deltic_rows";
  scan.column_names = {kFileNameColumn, "v"};
  if (HasPerFileColumns(rel)) {
    for (auto& name : scan.column_names) ref->column_name_alias.push_back(name);
    scan.ref = std::move(ref);
    AddPerFileColumns(rel, &scan);
  } else {
    scan.ref = std::move(ref);
  }
  return scan;
}

}  // namespace deltic::engine
