// Engine::InferSchema: Parquet footers (Spark's own schema when the file carries it), CSV and JSON by reading.
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "duckdb/common/file_system.hpp"
#include "duckdb/main/prepared_statement.hpp"
#include "duckdb/parser/expression/star_expression.hpp"
#include "engine/engine_impl.h"
#include "engine/errors.h"
#include "engine/functions/throw.h"
#include "engine/run_query.h"
#include "engine/text_options.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

using duckdb::make_uniq;
using functions::ThrowStatus;
using Fields = std::vector<types::StructField>;

duckdb::unique_ptr<duckdb::SelectStatement> SelectStar(DuckExpr call) {
  auto node = make_uniq<duckdb::SelectNode>();
  node->select_list.push_back(make_uniq<duckdb::StarExpression>());
  auto ref = make_uniq<duckdb::TableFunctionRef>();
  ref->function = std::move(call);
  node->from_table = std::move(ref);
  auto statement = make_uniq<duckdb::SelectStatement>();
  statement->node = std::move(node);
  return statement;
}

Fields ParquetFields(duckdb::Connection& connection, const std::string& path) {
  auto metadata =
      RunStatement(connection, SelectStar(MakeFunction("parquet_kv_metadata", Constant(duckdb::Value(path)))), {});
  for (auto chunk = metadata->Fetch(); chunk && chunk->size() > 0; chunk = metadata->Fetch()) {
    for (duckdb::idx_t r = 0; r < chunk->size(); ++r) {
      if (duckdb::StringValue::Get(chunk->GetValue(1, r)) != "org.apache.spark.sql.parquet.row.metadata") continue;
      auto schema = DataType::FromJson(duckdb::StringValue::Get(chunk->GetValue(2, r)));
      if (schema.ok() && schema->Is(TypeId::kStruct)) return schema->fields();
    }
  }
  // name=value directories are no columns of the file.
  auto no_partitions = Compare(duckdb::ExpressionType::COMPARE_EQUAL, ColumnByName("hive_partitioning"),
                               Constant(duckdb::Value::BOOLEAN(false)));
  auto prepared = connection.context->Prepare(
      SelectStar(MakeFunction("read_parquet", Constant(duckdb::Value(path)), std::move(no_partitions))));
  if (prepared->HasError()) prepared->error.Throw();
  Fields out;
  const auto& names = prepared->GetNames();
  const auto& types = prepared->GetTypes();
  for (size_t i = 0; i < names.size(); ++i) out.push_back({names[i], FromDuckType(types[i])});
  return out;
}

// --- CSV ------------------------------------------------------------------------------------------
// Spark's order of preference: integer, long, decimal beyond long, double, timestamp, boolean, string.
bool IsTimestamp(const std::string& text) {
  // yyyy-MM-dd[THH:mm[:ss[.f]][zone]] as Spark's default formatter accepts
  if (text.size() < 8 || text.size() > 40 || text.find('-') == std::string::npos) return false;
  duckdb::Value out;
  std::string error;
  return std::isdigit(static_cast<unsigned char>(text[0])) != 0 && text.size() >= 10 && text[4] == '-' &&
         duckdb::Value(text).DefaultTryCastAs(duckdb::LogicalType::TIMESTAMP_TZ, out, &error) && !out.IsNull();
}

DataType CsvCellType(const std::string& text) {
  int64_t n = 0;
  auto* end = text.data() + text.size();
  const char* begin = text.data() + (text[0] == '+' ? 1 : 0);
  auto [at, code] = std::from_chars(begin, end, n);
  if (at == end && code == std::errc()) {
    return n >= INT32_MIN && n <= INT32_MAX ? DataType(TypeId::kInteger) : DataType(TypeId::kLong);
  }
  if (at == end && code == std::errc::result_out_of_range && text.size() <= 38) {
    return DataType::Decimal(static_cast<int>(text.size() - (text[0] == '-' ? 1 : 0)), 0);
  }
  double d = 0;
  auto [dat, dcode] = std::from_chars(begin, end, d);
  bool word = text.find_first_of("nN") != std::string::npos;
  if ((dat == end && dcode == std::errc() && !word) || text == "NaN" || text == "Inf" || text == "-Inf") {
    return TypeId::kDouble;
  }
  if (text.size() == 10 && IsTimestamp(text)) return TypeId::kDate;
  if (IsTimestamp(text)) return TypeId::kTimestamp;
  auto lower = types::ToLower(text);
  if (lower == "true" || lower == "false") return TypeId::kBoolean;
  return TypeId::kString;
}

DataType MergeCsv(const DataType& a, const DataType& b) {
  if (a.Is(TypeId::kNull) || a == b) return b;
  if (b.Is(TypeId::kNull)) return a;
  auto numeric = [](const DataType& t) { return t.IsNumeric(); };
  if (numeric(a) && numeric(b)) {
    if (a.Is(TypeId::kDouble) || b.Is(TypeId::kDouble)) return TypeId::kDouble;
    if (a.Is(TypeId::kDecimal) || b.Is(TypeId::kDecimal)) {
      int digits = std::max({a.Is(TypeId::kDecimal) ? a.precision() : 20, b.Is(TypeId::kDecimal) ? b.precision() : 20});
      return DataType::Decimal(digits, 0);
    }
    return TypeId::kLong;
  }
  bool dates = (a.Is(TypeId::kDate) || a.Is(TypeId::kTimestamp)) && (b.Is(TypeId::kDate) || b.Is(TypeId::kTimestamp));
  return dates ? DataType(TypeId::kTimestamp) : DataType(TypeId::kString);
}

DuckExpr CsvSniff(const std::vector<std::string>& paths, const TextOptions& options) {
  duckdb::vector<DuckExpr> args;
  duckdb::vector<duckdb::Value> files;
  for (const auto& p : paths) files.emplace_back(p);
  args.push_back(Constant(duckdb::Value::LIST(duckdb::LogicalType::VARCHAR, std::move(files))));
  auto named = [&](const char* name, duckdb::Value value) {
    args.push_back(Compare(duckdb::ExpressionType::COMPARE_EQUAL, ColumnByName(name), Constant(std::move(value))));
  };
  named("all_varchar", duckdb::Value::BOOLEAN(true));
  named("header", duckdb::Value::BOOLEAN(false));
  named("delim", duckdb::Value(options.separator));
  named("quote", duckdb::Value(options.quote));
  named("escape", duckdb::Value(options.quote.empty() ? "" : options.escape));
  named("nullstr", duckdb::Value(options.null_value));
  named("null_padding", duckdb::Value::BOOLEAN(true));
  named("strict_mode", duckdb::Value::BOOLEAN(false));
  named("parallel", duckdb::Value::BOOLEAN(false));
  if (!options.comment.empty()) named("comment", duckdb::Value(options.comment));
  return Function("read_csv", std::move(args));
}

// Spark's names for header cells: empty ones are _c<i>, duplicates get their position appended.
std::vector<std::string> HeaderNames(std::vector<std::string> cells) {
  std::map<std::string, int> seen;
  for (const auto& c : cells) ++seen[types::ToLower(c)];
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty())
      cells[i] = "_c" + std::to_string(i);
    else if (seen[types::ToLower(cells[i])] > 1)
      cells[i] += std::to_string(i);
  }
  return cells;
}

Fields CsvFields(duckdb::Connection& connection, const std::vector<std::string>& paths, const TextOptions& options) {
  auto result =
      RunStatement(connection, SelectStar(CsvSniff(paths, options)), duckdb::QueryResultOutputType::ALLOW_STREAMING);
  size_t width = result->names.size();
  std::vector<std::string> names(width);
  std::vector<DataType> merged(width, TypeId::kNull);
  for (size_t i = 0; i < width; ++i) names[i] = "_c" + std::to_string(i);
  bool first = true;
  std::vector<std::string> header;
  for (auto chunk = FetchChunk(*result); chunk; chunk = FetchChunk(*result)) {
    for (duckdb::idx_t r = 0; r < chunk->size(); ++r) {
      std::vector<std::string> cells(width);
      for (size_t c = 0; c < width; ++c) {
        auto value = chunk->GetValue(c, r);
        if (!value.IsNull()) cells[c] = duckdb::StringValue::Get(value);
      }
      if (options.header && first) {
        header = cells;
        first = false;
        continue;
      }
      first = false;
      if (options.header && cells == header) continue;  // the header of another file
      for (size_t c = 0; options.infer_schema && c < width; ++c) {
        if (!cells[c].empty() && !merged[c].Is(TypeId::kString)) merged[c] = MergeCsv(merged[c], CsvCellType(cells[c]));
      }
    }
    if (!options.infer_schema && !first) break;
  }
  if (options.header && !header.empty()) names = HeaderNames(header);
  Fields out;
  for (size_t i = 0; i < width; ++i) {
    bool text = !options.infer_schema || merged[i].Is(TypeId::kNull);
    out.push_back({names[i], text ? DataType(TypeId::kString) : merged[i]});
  }
  return out;
}

// --- JSON -----------------------------------------------------------------------------------------
constexpr int kMaxJsonDepth = 200;

DataType MergeJson(const DataType& a, const DataType& b, int depth) {
  if (depth > kMaxJsonDepth) return TypeId::kString;
  if (a.Is(TypeId::kNull)) return b;
  if (b.Is(TypeId::kNull) || a == b) return a;
  if (a.Is(TypeId::kStruct) && b.Is(TypeId::kStruct)) {
    std::map<std::string, DataType> fields;
    for (const auto& f : a.fields()) fields[f.name] = f.type;
    for (const auto& f : b.fields()) {
      auto [it, fresh] = fields.emplace(f.name, f.type);
      if (!fresh) it->second = MergeJson(it->second, f.type, depth + 1);
    }
    Fields out;
    for (auto& [name, type] : fields) out.push_back({name, type});
    return DataType::Struct(std::move(out));
  }
  if (a.Is(TypeId::kArray) && b.Is(TypeId::kArray)) {
    return DataType::Array(MergeJson(a.element(), b.element(), depth + 1));
  }
  if (a.IsNumeric() && b.IsNumeric()) return TypeId::kDouble;
  return TypeId::kString;
}

DataType JsonType(simdjson::dom::element e, const TextOptions& options, int depth) {
  if (depth > kMaxJsonDepth) return TypeId::kString;
  using Type = simdjson::dom::element_type;
  switch (e.type()) {
    case Type::OBJECT: {
      std::map<std::string, DataType> fields;  // Spark sorts the fields by name
      simdjson::dom::object object = e.get_object().value_unsafe();
      for (auto field : object) {
        fields[std::string(field.key)] = JsonType(field.value, options, depth + 1);
      }
      Fields out;
      for (auto& [name, type] : fields) out.push_back({name, type});
      return DataType::Struct(std::move(out));
    }
    case Type::ARRAY: {
      DataType element = TypeId::kNull;
      simdjson::dom::array array = e.get_array().value_unsafe();
      for (auto item : array) element = MergeJson(element, JsonType(item, options, depth + 1), depth);
      return DataType::Array(element);
    }
    case Type::NULL_VALUE: return TypeId::kNull;
    case Type::STRING: return TypeId::kString;
    default: break;
  }
  if (options.primitives_as_string) return TypeId::kString;
  switch (e.type()) {
    case Type::INT64: return TypeId::kLong;
    case Type::UINT64: return DataType::Decimal(20, 0);
    case Type::BOOL: return TypeId::kBoolean;
    default: return TypeId::kDouble;
  }
}

// Types that were never seen are strings; structs without fields disappear.
DataType FinishJson(const DataType& type) {
  switch (type.id()) {
    case TypeId::kNull: return TypeId::kString;
    case TypeId::kArray: return DataType::Array(FinishJson(type.element()));
    case TypeId::kStruct: {
      Fields out;
      for (const auto& f : type.fields()) {
        if (f.type.Is(TypeId::kStruct) && f.type.fields().empty()) continue;
        out.push_back({f.name, FinishJson(f.type)});
      }
      return DataType::Struct(std::move(out));
    }
    default: return type;
  }
}

// The lines of a file, or all of it as one text.
void ForEachText(duckdb::FileSystem& files, const std::string& path, bool whole,
                 const std::function<void(std::string_view)>& each) {
  constexpr size_t kChunkBytes = 1 << 20;
  auto handle = files.OpenFile(path, duckdb::FileFlags::FILE_FLAGS_READ | duckdb::FileCompressionType::AUTO_DETECT);
  std::string buffer;
  while (true) {
    const size_t before = buffer.size();
    buffer.resize(before + kChunkBytes);
    const auto got = handle->Read(buffer.data() + before, kChunkBytes);
    buffer.resize(before + static_cast<size_t>(got));
    if (got == 0) break;
    if (whole) continue;
    size_t at = 0;
    for (size_t end = buffer.find('\n', before); end != std::string::npos; end = buffer.find('\n', at)) {
      each(std::string_view(buffer).substr(at, end - at));
      at = end + 1;
    }
    buffer.erase(0, at);
  }
  if (!buffer.empty()) each(buffer);
}

Fields JsonFields(duckdb::FileSystem& files, const std::vector<std::string>& paths, const TextOptions& options) {
  DataType merged = TypeId::kNull;
  simdjson::dom::parser parser;
  bool corrupt = false;
  auto add = [&](std::string_view text) {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return;
    simdjson::dom::element e;
    if (parser.parse(text.data(), text.size()).get(e) != simdjson::SUCCESS) {
      if (options.mode == MalformedMode::kFailFast) {
        ThrowStatus(Error("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                          {{"badRecord", std::string(text)}, {"failFastMode", "FAILFAST"}}));
      }
      corrupt = true;
      return;
    }
    if (e.is_array()) {
      simdjson::dom::array array = e.get_array().value_unsafe();
      for (auto item : array) merged = MergeJson(merged, JsonType(item, options, 0), 0);
    } else {
      merged = MergeJson(merged, JsonType(e, options, 0), 0);
    }
  };
  for (const auto& path : paths) {
    ForEachText(files, path, options.multi_line, add);
  }
  merged = FinishJson(merged.Is(TypeId::kStruct) ? merged : DataType::Struct({}));
  Fields out = merged.fields();
  if (corrupt && options.mode == MalformedMode::kPermissive)
    out.insert(out.begin(), {"_corrupt_record", TypeId::kString});
  return out;
}

}  // namespace

Result<Fields> EngineImpl::InferSchema(FileFormat format, const std::vector<std::string>& paths,
                                       const std::map<std::string, std::string>& options) {
  return Guard([&]() -> Result<Fields> {
    if (format == FileFormat::kText) return Fields{{"value", TypeId::kString}};
    if (paths.empty()) return Error("UNABLE_TO_INFER_SCHEMA", {{"format", "files"}}, "There is no file to read.");
    if (format == FileFormat::kJson) {
      auto& files = duckdb::FileSystem::GetFileSystem(*db_->instance);
      return JsonFields(files, paths, ParseTextOptions(format, options, false));
    }
    auto connection = Connect();
    if (format == FileFormat::kParquet) return ParquetFields(*connection, paths[0]);
    return CsvFields(*connection, paths, ParseTextOptions(format, options, false));
  });
}

}  // namespace deltic::engine
