#include "engine/literal_rows.h"

#include <algorithm>

#include "duckdb/common/types/column/column_data_collection.hpp"
#include "duckdb/main/materialized_query_result.hpp"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

bool IsLiterals(const Rel& rel) {
  if (rel.kind != RelKind::kValues || rel.output.empty()) return false;
  const auto& rows = rel.As<ValuesRel>().rows;
  return std::all_of(rows.begin(), rows.end(), [](const std::vector<ExprPtr>& row) {
    return std::all_of(row.begin(), row.end(), [](const ExprPtr& e) { return e->kind == ExprKind::kLiteral; });
  });
}

}  // namespace

duckdb::unique_ptr<duckdb::QueryResult> LiteralRows(duckdb::ClientContext& context, const Rel& rel) {
  if (!IsLiterals(rel)) return nullptr;
  duckdb::vector<duckdb::LogicalType> types;
  duckdb::vector<duckdb::string> names;
  for (const Column& column : rel.output) {
    types.push_back(ToDuckType(column.type));
    names.push_back(column.name);
  }
  auto collection = duckdb::make_uniq<duckdb::ColumnDataCollection>(duckdb::Allocator::DefaultAllocator(), types);
  duckdb::DataChunk chunk;
  chunk.Initialize(duckdb::Allocator::DefaultAllocator(), types);
  for (const auto& row : rel.As<ValuesRel>().rows) {
    if (chunk.size() == STANDARD_VECTOR_SIZE) {
      collection->Append(chunk);
      chunk.Reset();
    }
    const duckdb::idx_t at = chunk.size();
    chunk.SetCardinality(at + 1);
    for (size_t i = 0; i < row.size(); i++) {
      chunk.SetValue(i, at, ToDuckValue(static_cast<const Literal&>(*row[i]).value, rel.output[i].type));
    }
  }
  if (chunk.size() > 0) collection->Append(chunk);
  return duckdb::make_uniq<duckdb::MaterializedQueryResult>(duckdb::StatementType::SELECT_STATEMENT,
                                                            duckdb::StatementProperties(), std::move(names),
                                                            std::move(collection), context.GetClientProperties());
}

}  // namespace deltic::engine
