// Checkpoints: Parquet rows as JSON and back, through DuckDB's JSON functions.
#include "base/json_writer.h"
#include "duckdb/common/file_system.hpp"
#include "duckdb/common/types/column/column_data_collection.hpp"
#include "duckdb/main/prepared_statement.hpp"
#include "duckdb/parser/expression/star_expression.hpp"
#include "duckdb/parser/parsed_data/copy_info.hpp"
#include "duckdb/parser/statement/copy_statement.hpp"
#include "duckdb/parser/tableref/column_data_ref.hpp"
#include "engine/engine_impl.h"
#include "engine/errors.h"
#include "engine/functions/throw.h"
#include "engine/run_query.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

using duckdb::make_uniq;
using duckdb::unique_ptr;

unique_ptr<duckdb::TableRef> ReadParquet(const std::string& path) {
  auto ref = make_uniq<duckdb::TableFunctionRef>();
  ref->function = MakeFunction("read_parquet", Constant(duckdb::Value(path)));
  return ref;
}

unique_ptr<duckdb::SelectStatement> Select(duckdb::vector<DuckExpr> list, unique_ptr<duckdb::TableRef> from) {
  auto node = make_uniq<duckdb::SelectNode>();
  node->select_list = std::move(list);
  node->from_table = std::move(from);
  auto statement = make_uniq<duckdb::SelectStatement>();
  statement->node = std::move(node);
  return statement;
}

// The `structure` argument of json_transform.
void AppendStructure(std::string* out, const DataType& type) {
  switch (type.id()) {
    case TypeId::kStruct: {
      *out += '{';
      bool first = true;
      for (const auto& f : type.fields()) {
        if (!first) *out += ',';
        first = false;
        AppendJsonString(out, f.name);
        *out += ':';
        AppendStructure(out, f.type);
      }
      *out += '}';
      return;
    }
    case TypeId::kArray:
      *out += '[';
      AppendStructure(out, type.element());
      *out += ']';
      return;
    default: AppendJsonString(out, ToDuckType(type).ToString());
  }
}

}  // namespace

Status EngineImpl::ReadParquetAsJson(const std::string& path, const std::vector<std::string>& columns,
                                     const std::function<Status(std::string_view json)>& row) {
  return Guard([&]() -> Status {
    auto connection = Connect();
    duckdb::vector<DuckExpr> star;
    star.push_back(make_uniq<duckdb::StarExpression>());
    auto prepared = connection->context->Prepare(Select(std::move(star), ReadParquet(path)));
    if (prepared->HasError()) NamingFile(path, [&] { prepared->error.Throw(); });
    std::vector<std::string> keys;
    duckdb::vector<DuckExpr> list;
    for (const auto& wanted : columns) {
      for (const auto& name : prepared->GetNames()) {
        if (name != wanted) continue;
        keys.push_back(JsonQuote(name));
        list.push_back(CastTo(MakeFunction("to_json", ColumnByName(name)), duckdb::LogicalType::VARCHAR));
        break;
      }
    }
    prepared.reset();
    if (list.empty()) return Status::Ok();
    auto result = NamingFile(path, [&] {
      return RunStatement(*connection, Select(std::move(list), ReadParquet(path)),
                          duckdb::QueryResultOutputType::ALLOW_STREAMING);
    });
    std::string json;
    while (true) {
      auto chunk = NamingFile(path, [&] { return FetchChunk(*result); });
      if (!chunk) return Status::Ok();
      chunk->Flatten();
      for (duckdb::idx_t r = 0; r < chunk->size(); ++r) {
        json = "{";
        for (size_t c = 0; c < keys.size(); ++c) {
          auto& vector = chunk->data[c];
          if (duckdb::FlatVector::IsNull(vector, r)) continue;
          const auto& text = duckdb::FlatVector::GetData<duckdb::string_t>(vector)[r];
          std::string_view view(text.GetData(), text.GetSize());
          if (view == "null") continue;
          if (json.size() > 1) json += ',';
          json += keys[c];
          json += ':';
          json += view;
        }
        json += '}';
        RETURN_IF_ERROR(row(json));
      }
    }
  });
}

Result<int64_t> EngineImpl::WriteParquetFromJson(const std::string& path, const DataType& schema,
                                                 const std::vector<std::string>& json_rows) {
  return Guard([&]() -> Result<int64_t> {
    auto connection = Connect();
    duckdb::ColumnDataCollection rows(*connection->context, {duckdb::LogicalType::VARCHAR});
    duckdb::DataChunk chunk;
    chunk.Initialize(*connection->context, {duckdb::LogicalType::VARCHAR});
    for (size_t at = 0; at < json_rows.size();) {
      chunk.Reset();
      duckdb::idx_t n = 0;
      auto data = duckdb::FlatVector::GetData<duckdb::string_t>(chunk.data[0]);
      for (; n < STANDARD_VECTOR_SIZE && at < json_rows.size(); ++n, ++at) {
        data[n] = duckdb::StringVector::AddString(chunk.data[0], json_rows[at]);
      }
      chunk.SetCardinality(n);
      rows.Append(chunk);
    }
    auto source = make_uniq<duckdb::ColumnDataRef>(duckdb::optionally_owned_ptr<duckdb::ColumnDataCollection>(rows),
                                                   duckdb::vector<duckdb::string>{"j"});
    source->alias = "rows";
    std::string structure;
    AppendStructure(&structure, schema);
    duckdb::vector<DuckExpr> parsed;
    parsed.push_back(MakeFunction("json_transform", CastTo(ColumnByName("j"), duckdb::LogicalType::JSON()),
                                  Constant(duckdb::Value(structure))));
    parsed[0]->SetAlias("row");
    auto inner = make_uniq<duckdb::SubqueryRef>(Select(std::move(parsed), std::move(source)), "parsed");
    duckdb::vector<DuckExpr> fields;
    for (size_t i = 0; i < schema.fields().size(); ++i) {
      auto field = MakeFunction("struct_extract_at", ColumnByName("row"),
                                Constant(duckdb::Value::BIGINT(static_cast<int64_t>(i) + 1)));
      field = CastTo(std::move(field), ToDuckType(schema.fields()[i].type));
      field->SetAlias(schema.fields()[i].name);
      fields.push_back(std::move(field));
    }
    auto statement = make_uniq<duckdb::CopyStatement>();
    auto info = make_uniq<duckdb::CopyInfo>();
    info->is_from = false;
    info->format = "parquet";
    info->file_path = path;
    info->select_statement = std::move(Select(std::move(fields), std::move(inner))->node);
    info->options["compression"].push_back(duckdb::Value("snappy"));
    info->options["use_tmp_file"].push_back(duckdb::Value::BOOLEAN(false));
    statement->info = std::move(info);
    RunStatement(*connection, std::move(statement), duckdb::QueryParameters());
    auto& files = duckdb::FileSystem::GetFileSystem(*db_->instance);
    return static_cast<int64_t>(files.OpenFile(path, duckdb::FileFlags::FILE_FLAGS_READ)->GetFileSize());
  });
}

}  // namespace deltic::engine
