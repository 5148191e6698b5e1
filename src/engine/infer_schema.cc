// Engine::InferSchema: Parquet footers (Spark's own schema when the file carries it), CSV and JSON by reading.
#include "duckdb/common/file_system.hpp"
#include "duckdb/main/prepared_statement.hpp"
#include "duckdb/parser/expression/star_expression.hpp"
#include "engine/engine_impl.h"
#include "engine/errors.h"
#include "engine/run_query.h"
#include "engine/text/infer.h"
#include "engine/type_map.h"
#include "storage/object_store.h"

namespace deltic::engine {
namespace {

using duckdb::make_uniq;
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

}  // namespace

Result<Fields> EngineImpl::InferSchema(FileFormat format, const std::vector<std::string>& paths,
                                       const std::map<std::string, std::string>& options) {
  return Guard([&]() -> Result<Fields> {
    if (format == FileFormat::kText) return Fields{{"value", TypeId::kString}};
    if (paths.empty()) return Error("UNABLE_TO_INFER_SCHEMA", {{"format", "files"}}, "There is no file to read.");
    if (format != FileFormat::kParquet) {
      auto& files = duckdb::FileSystem::GetFileSystem(*db_->instance);
      const auto parsed = text::ParseOptions(format, options, text::Use::kRead);
      return format == FileFormat::kCsv ? text::InferCsvFiles(files, paths, parsed)
                                        : text::InferJsonFiles(files, paths, parsed);
    }
    auto connection = Connect();
    const std::string& path = paths[0];
    auto fields =
        Guard([&] { return Result<Fields>(NamingFile(path, [&] { return ParquetFields(*connection, path); })); });
    if (fields.ok() || !fields.status().Is("_LEGACY_ERROR_TEMP_2064")) return fields;
    const std::string file = (path.starts_with("/") ? "file:" : "") + storage::DisplayOfNative(path);
    return Error("CANNOT_READ_FILE_FOOTER", {{"file", file}}, fields.status().detail());
  });
}

}  // namespace deltic::engine
