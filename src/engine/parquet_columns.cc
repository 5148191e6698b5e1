#include "engine/parquet_columns.h"

#include <algorithm>

#include "duckdb/main/prepared_statement.hpp"
#include "duckdb/parser/expression/case_expression.hpp"
#include "duckdb/parser/expression/operator_expression.hpp"
#include "duckdb/parser/expression/star_expression.hpp"
#include "engine/engine_impl.h"
#include "engine/errors.h"
#include "engine/run_query.h"

namespace deltic::engine {
namespace {

constexpr duckdb::idx_t kReadAheadBytes = duckdb::idx_t{16} << 20;

using delta::ParquetColumn;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::make_uniq;
using duckdb::unique_ptr;
using Kind = ParquetColumn::Kind;

unique_ptr<duckdb::SelectStatement> SelectFrom(const std::string& path, duckdb::vector<DuckExpr> list) {
  auto source = make_uniq<duckdb::TableFunctionRef>();
  source->function = MakeFunction("read_parquet", Constant(duckdb::Value(path)));
  auto node = make_uniq<duckdb::SelectNode>();
  node->select_list = std::move(list);
  node->from_table = std::move(source);
  auto statement = make_uniq<duckdb::SelectStatement>();
  statement->node = std::move(node);
  return statement;
}

// The columns of a file: names and types.
duckdb::child_list_t<LogicalType> SchemaOf(duckdb::Connection& connection, const std::string& path) {
  duckdb::vector<DuckExpr> star;
  star.push_back(make_uniq<duckdb::StarExpression>());
  auto prepared = connection.context->Prepare(SelectFrom(path, std::move(star)));
  if (prepared->HasError()) prepared->error.Throw();
  duckdb::child_list_t<LogicalType> out;
  for (size_t i = 0; i < prepared->GetNames().size(); i++) {
    out.emplace_back(prepared->GetNames()[i], prepared->GetTypes()[i]);
  }
  return out;
}

// The leaf that `path` leads to, and its type; null when the file has none.
DuckExpr LeafOf(const duckdb::child_list_t<LogicalType>& schema, std::string_view path, LogicalType* type) {
  DuckExpr out;
  const duckdb::child_list_t<LogicalType>* fields = &schema;
  while (true) {
    const size_t dot = std::min(path.find('.'), path.size());
    const std::string name(path.substr(0, dot));
    const auto found = std::find_if(fields->begin(), fields->end(), [&](const auto& f) { return f.first == name; });
    if (found == fields->end()) return nullptr;
    out = out == nullptr ? ColumnByName(name)
                         : MakeFunction("struct_extract", std::move(out), Constant(duckdb::Value(name)));
    *type = found->second;
    if (dot == path.size()) return out;
    if (type->id() != LogicalTypeId::STRUCT) return nullptr;
    fields = &duckdb::StructType::GetChildTypes(*type);
    path.remove_prefix(dot + 1);
  }
}

bool Fits(Kind kind, const LogicalType& type) {
  switch (kind) {
    case Kind::kInt: return type.IsIntegral() || type.id() == LogicalTypeId::BOOLEAN;
    case Kind::kText: return type.id() == LogicalTypeId::VARCHAR;
    case Kind::kMap:
      return type.id() == LogicalTypeId::MAP && duckdb::MapType::KeyType(type).id() == LogicalTypeId::VARCHAR &&
             duckdb::MapType::ValueType(type).id() == LogicalTypeId::VARCHAR;
    case Kind::kJson: return true;
  }
  return false;
}

DuckExpr Converted(Kind kind, DuckExpr leaf) {
  switch (kind) {
    case Kind::kInt: return CastTo(std::move(leaf), LogicalType::BIGINT);
    case Kind::kJson: {
      // Most rows of a checkpoint have only one action: no text is made for the others.
      auto present = make_uniq<duckdb::OperatorExpression>(duckdb::ExpressionType::OPERATOR_IS_NOT_NULL, leaf->Copy());
      auto text = make_uniq<duckdb::CaseExpression>();
      text->case_checks.push_back(
          {std::move(present), CastTo(MakeFunction("to_json", std::move(leaf)), LogicalType::VARCHAR)});
      text->else_expr = Constant(duckdb::Value(LogicalType::VARCHAR));
      return text;
    }
    default: return leaf;
  }
}

std::string_view View(const duckdb::string_t& text) { return {text.GetData(), text.GetSize()}; }

class ChunkRows : public delta::ParquetRows {
 public:
  // positions[i]: the chunk's column for the i-th asked for, -1 when the file has none.
  ChunkRows(const std::vector<int>& positions, const std::vector<ParquetColumn>& columns)
      : positions_(positions), columns_(columns) {}

  void Take(duckdb::DataChunk* chunk) {
    chunk->Flatten();
    chunk_ = chunk;
  }
  size_t size() const override { return chunk_->size(); }
  bool IsNull(size_t column, size_t row) const override {
    if (positions_[column] < 0 || duckdb::FlatVector::IsNull(At(column), row)) return true;
    return columns_[column].kind == Kind::kJson && Text(column, row) == "null";
  }
  int64_t Int(size_t column, size_t row) const override {
    return duckdb::FlatVector::GetData<int64_t>(At(column))[row];
  }
  std::string_view Text(size_t column, size_t row) const override {
    return View(duckdb::FlatVector::GetData<duckdb::string_t>(At(column))[row]);
  }
  void ForEachEntry(size_t column, size_t row,
                    const std::function<void(std::string_view, std::optional<std::string_view>)>& each) const override {
    auto& map = At(column);
    const auto entry = duckdb::FlatVector::GetData<duckdb::list_entry_t>(map)[row];
    auto& keys = duckdb::MapVector::GetKeys(map);
    auto& values = duckdb::MapVector::GetValues(map);
    keys.Flatten(duckdb::ListVector::GetListSize(map));
    values.Flatten(duckdb::ListVector::GetListSize(map));
    for (size_t i = entry.offset; i < entry.offset + entry.length; i++) {
      const auto key = View(duckdb::FlatVector::GetData<duckdb::string_t>(keys)[i]);
      const bool null = duckdb::FlatVector::IsNull(values, i);
      each(key, null ? std::nullopt : std::optional(View(duckdb::FlatVector::GetData<duckdb::string_t>(values)[i])));
    }
  }

 private:
  duckdb::Vector& At(size_t column) const { return chunk_->data[static_cast<size_t>(positions_[column])]; }

  const std::vector<int>& positions_;
  const std::vector<ParquetColumn>& columns_;
  duckdb::DataChunk* chunk_ = nullptr;
};

}  // namespace

Status ReadParquetColumns(Engine* engine, const std::string& path, const std::vector<ParquetColumn>& columns,
                          const std::function<Status(const delta::ParquetRows&)>& rows) {
  return Guard([&]() -> Status {
    auto connection = static_cast<EngineImpl*>(engine)->Connect();
    // Room for several chunks of statistics text, so that reading goes on while rows are taken.
    duckdb::ClientConfig::GetConfig(*connection->context).streaming_buffer_size = kReadAheadBytes;
    const auto schema = SchemaOf(*connection, path);
    std::vector<int> positions;
    duckdb::vector<DuckExpr> list;
    for (const auto& column : columns) {
      LogicalType type;
      auto leaf = LeafOf(schema, column.path, &type);
      LogicalType other;
      if (leaf == nullptr || (!column.unless.empty() && LeafOf(schema, column.unless, &other) != nullptr)) {
        positions.push_back(-1);
        continue;
      }
      if (!Fits(column.kind, type)) {
        return IoError(path, "the column " + column.path + " has the type " + type.ToString());
      }
      positions.push_back(static_cast<int>(list.size()));
      list.push_back(Converted(column.kind, std::move(leaf)));
    }
    if (list.empty()) return Status::Ok();
    auto result =
        RunStatement(*connection, SelectFrom(path, std::move(list)), duckdb::QueryResultOutputType::ALLOW_STREAMING);
    ChunkRows batch(positions, columns);
    while (auto chunk = FetchChunk(*result)) {
      batch.Take(chunk.get());
      RETURN_IF_ERROR(rows(batch));
    }
    return Status::Ok();
  });
}

}  // namespace deltic::engine
